/*
 * course.h - what a member teaches.
 */
#ifndef LEDGER_COURSE_H
#define LEDGER_COURSE_H

#include "ledger.h"

#include <stdint.h>

#define LEDGER_DESCRIPTION_MAX 2000 /* bytes */
#define LEDGER_LANGUAGE_MAX 35      /* RFC 5646, section 4.4.1 */

struct ledger_course {
    int64_t id;
    int64_t provider_id; /* a member */
    int64_t version;
    int64_t at_us;                        /* of this version */
    int threshold_percent;                /* of a session's length, to have attended it */
    char provider[LEDGER_HANDLE_MAX + 1]; /* its handle */
    char title[LEDGER_NAME_MAX + 1];      /* "" when its words are erased */
    char description[LEDGER_DESCRIPTION_MAX + 1];
    char language[LEDGER_LANGUAGE_MAX + 1]; /* BCP 47: en, de-AT */
};

/* What a version says; the strings stay the caller's. */
struct ledger_course_draft {
    const char *title;
    const char *description;
    const char *language;
    int threshold_percent;
};

struct ledger_course_filter {
    int64_t provider_id; /* or 0 */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_course_reader(void *ctx, const struct ledger_course *c);

/*
 * Version 1 of a new course. After: `*id` is its number.
 * Refusals, in order: LEDGER_TEXT_* (title, description), LEDGER_MISSING_PARAMETER (no title),
 * LEDGER_LANGUAGE_MALFORMED, LEDGER_NUMBER_MALFORMED (threshold, 1 to 100), LEDGER_NO_SUCH_MEMBER,
 * LEDGER_MEMBER_NOT_ACTIVE.
 */
LEDGER_CHECKED enum ledger_status ledger_course_add(struct ledger *l, int64_t provider_id,
                                                    const struct ledger_course_draft *draft,
                                                    const struct ledger_why *why, int64_t *id);
/* One more version; sessions there are keep the threshold they were added under. Refusals: as above, LEDGER_NO_SUCH_COURSE. */
LEDGER_CHECKED enum ledger_status ledger_course_edit(struct ledger *l, int64_t id,
                                                     const struct ledger_course_draft *draft,
                                                     const struct ledger_why *why);
/* The version in force. Refusal: LEDGER_NO_SUCH_COURSE. */
LEDGER_CHECKED enum ledger_status ledger_course_get(struct ledger *l, int64_t id,
                                                    struct ledger_course *c);
/* In order of id. */
LEDGER_CHECKED enum ledger_status ledger_course_each(struct ledger *l,
                                                     const struct ledger_course_filter *filter,
                                                     ledger_course_reader *read, void *ctx);
/* Every version of one course, in order. */
LEDGER_CHECKED enum ledger_status ledger_course_versions(struct ledger *l, int64_t id,
                                                         ledger_course_reader *read, void *ctx);

#endif
