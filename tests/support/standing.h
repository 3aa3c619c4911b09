/*
 * standing.h - standing payments in a region: ordered, run, and what came of each due date.
 */
#ifndef TESTS_STANDING_H
#define TESTS_STANDING_H

#include "region.h"

#include "ledger/standing.h"

#define STANDING_MET_MAX 1500

/*
 * A region in a file, `*state`: mill, riverside and joiners are members 1 to 3 with accounts 1 to 3 in CALD,
 * riverside's goes down to -100.00; there is HOUR too. standing_tear_down ends it.
 */
int standing_set_up(void **state);
int standing_tear_down(void **state);

/* The ceiling is 100 000.00. */
void standing_set_floor(struct region *r, int64_t account_id, int64_t floor_minor);

/* Member 1 pays member 2 10.00 for "rent" each week from today on; a region begins on a Monday. */
struct ledger_standing standing_draft(struct region *r);
/* Until it is ended, where it has neither count nor last day. Its id. */
int64_t standing_order(struct region *r, struct ledger_standing s);

/* Pay what is due by now; how many due dates were met. */
int64_t standing_run(struct region *r);
/* The same at noon of `day`. */
void standing_run_on(struct region *r, const char *day);

struct ledger_standing standing_get(struct region *r, int64_t id);

/* Every due date that was met, the first one first. */
struct standing_met {
    struct ledger_occurrence all[STANDING_MET_MAX];
    int count;
};

/* Good until the next call. */
const struct standing_met *standing_met(struct region *r, int64_t id);
/* "2026-03-02 paid 2026-03-02, 2026-03-09 refused": due date, state, and the day of what was paid. */
void standing_expect(struct region *r, int64_t id, const char *want);

#endif
