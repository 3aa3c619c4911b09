/*
 * tale.h - a random story of a region, told to a ledger in groups as the committer does it.
 *
 * The same seed tells the same story: call `i` has the same arguments, the same uid, the same clock and
 * the same random bytes whenever it is asked, so that after any trouble it can be asked again,
 * and what the ledger then holds is known to the last byte of every row.
 */
#ifndef TESTS_TALE_H
#define TESTS_TALE_H

#include "region.h"

#include <jansson.h>

#define TALE_GROUPS 24
#define TALE_DIGEST 32

struct tale {
    uint64_t seed;
    struct test_clock clock;
    struct ledger *l; /* NULL while it is closed */
    char path[200];
    int log_pages; /* checkpoint when the log has so many */
    bool broken;   /* the last group is committed, and the disk failed after it: close it */
    int known;     /* how many answers of the last group were replays */
};

/* A new ledger at `path` with a currency and members, closed again. */
void tale_make(const char *path);
/* Open it for writing. */
LEDGER_CHECKED enum ledger_status tale_open(struct tale *t);
/* NULL is taken for the ledger. */
void tale_close(struct tale *t);
/*
 * Group `g`, 0 to TALE_GROUPS - 1, of one to eight calls, in one transaction. LEDGER_OK: it is
 * committed, refusals included; else the fault, and the transaction is rolled back.
 */
LEDGER_CHECKED enum ledger_status tale_group(struct tale *t, int g);
/* A few questions after `g` groups; a digest of what they answer, or the fault. */
LEDGER_CHECKED enum ledger_status tale_ask(struct tale *t, int g,
                                           unsigned char answers[TALE_DIGEST]);

/* What every row of the ledger holds. False, when it cannot be read. */
bool tale_digest(struct tale *t, unsigned char digest[TALE_DIGEST]);
/* The test fails unless `path`, read without shim, is sound by the engine's own and SQLite's account. */
void tale_must_be_sound(const char *path, const char *what);

#endif
