/*
 * damage.h - what the owner of a file does to it, and the sentence by which verify finds it.
 */
#ifndef TESTS_DAMAGE_H
#define TESTS_DAMAGE_H

#include "region.h"

#include "ledger/verify.h"

struct damage {
    const char *what;
    const char *sql;     /* without guards */
    const char *problem; /* part of the sentence; "" for none */
};

void damage_copy(const char *from, const char *to);
/* Verify the file; a problem is also the ledger's message. */
void damage_verify(const struct region *whole, const char *path, struct ledger_verification *v);
/* Do each to a copy of the closed `whole`; fails with those that verify does not name. */
void damage_each(const struct region *whole, const struct damage *rows, size_t count);

/* What another tool tries, and part of the words with which the file refuses it. */
struct damage_refusal {
    const char *sql;
    const char *refusal;
};

/* Try each on the closed `r`; fails with the first that goes through, or is refused in other words. */
void damage_refused(const struct region *r, const struct damage_refusal *rows, size_t count);

#endif
