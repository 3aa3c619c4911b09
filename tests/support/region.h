/*
 * region.h - a small region for the tests: a real ledger whose clock and random are ours.
 *
 * What must succeed does, or the test fails with the ledger's own sentence. A region has a
 * write transaction open from its start; region_commit ends it and opens the next.
 */
#ifndef TESTS_REGION_H
#define TESTS_REGION_H

#include "ledger/account.h"
#include "ledger/date.h"
#include "ledger/hold.h"
#include "ledger/transfer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define REGION_HOUR_US INT64_C(3600000000)

struct test_clock {
    int64_t now_us;
    uint64_t seed;
};

/* Time stands still until the test moves it; the same seed gives the same random bytes. */
struct ledger_env test_env(struct test_clock *clock);

struct region {
    struct test_clock clock;
    struct ledger *l;
    char path[200];
};

extern const struct ledger_why region_why;

/* A new ledger in memory, or in a new file below /tmp; its days are those of Europe/London. It is noon on 2026-03-02. */
void region_start(struct region *r);
void region_start_file(struct region *r);
/* Closes, and removes the file with what lies beside it. */
void region_end(struct region *r);
/* Commit and close; the file stays. */
void region_close(struct region *r);
/* Open the file again, for reading in a read transaction or for writing. */
void region_open(struct region *r, bool write);
void region_commit(struct region *r);

/* Noon of that day. */
void region_set_day(struct region *r, const char *date);
int32_t region_day(const char *date);

/* Ids. Currencies have scale 2 and limits of -100.00 and 100.00, unless the test sets others. */
int64_t region_currency(struct region *r, const char *code);
int64_t region_member(struct region *r, const char *handle);
int64_t region_fund(struct region *r, const char *handle);
int64_t region_account(struct region *r, const char *handle, const char *code);
int64_t region_balance(struct region *r, int64_t account_id);

/* A payment today; or on an effective day, with a memo (either may be NULL). */
int64_t region_pay(struct region *r, int64_t payer, int64_t payee, int64_t amount_minor);
int64_t region_pay_on(struct region *r, int64_t payer, int64_t payee, int64_t amount_minor,
                      const char *effective_on, const char *memo);
enum ledger_status region_try_pay(struct region *r, int64_t payer, int64_t payee,
                                  int64_t amount_minor);
int64_t region_hold(struct region *r, int64_t payer, int64_t payee, int64_t amount_minor,
                    int hours);

/* The status must be `want`; the ledger's sentence is printed where it is not. */
#define EXPECT(r, want, call) region_expect((r), (want), (call), #call, __FILE__, __LINE__)
#define OK(r, call) EXPECT(r, LEDGER_OK, call)
void region_expect(struct region *r, enum ledger_status want, enum ledger_status got,
                   const char *call, const char *file, int line);

/* verify finds nothing wrong. */
void region_sound(struct region *r);

/*
 * Run `sql` on the file by another connection as another tool has it (no foreign keys, no recursive
 * triggers). NULL when it went through, else
 * SQLite's words, good until the next call.
 */
const char *region_raw(const char *path, const char *sql);
/* The same by the file's owner: without guards, checks and foreign keys; the guards stand again afterwards. */
void region_damage(const char *path, const char *sql);

#endif
