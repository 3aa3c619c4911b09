/*
 * picture.h - all that posting and holds can change, as text, so that two moments compare.
 */
#ifndef TESTS_PICTURE_H
#define TESTS_PICTURE_H

#include "region.h"

#define PICTURE_MAX 100000

/* Accounts, transfers, holds and the register as they are written. */
void picture_take(struct region *r, char text[static PICTURE_MAX]);

/* As EXPECT, and nothing was written. The message is that of the call; a row gives its name. */
#define REFUSED(r, want, call) REFUSED_ROW(r, want, #call, call)
#define REFUSED_ROW(r, want, what, call)                                                           \
    do {                                                                                           \
        static char picture_before_[PICTURE_MAX];                                                  \
        static char picture_after_[PICTURE_MAX];                                                   \
        picture_take((r), picture_before_);                                                        \
        region_expect((r), (want), (call), (what), __FILE__, __LINE__);                            \
        picture_take((r), picture_after_);                                                         \
        assert_string_equal(picture_after_, picture_before_);                                      \
    } while (0)
#define EXPECT_ROW(r, want, what, call)                                                            \
    region_expect((r), (want), (call), (what), __FILE__, __LINE__)

#endif
