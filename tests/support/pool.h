/*
 * pool.h - a studio of the mill's for the tests, with all its prices, and who books it.
 */
#ifndef TESTS_POOL_H
#define TESTS_POOL_H

#include "region.h"

#include "ledger/booking.h"

/* Members by id, and the fund that has 15 % of each payment. */
enum { MILL = 1, ANA, BEN, POOL };

struct pool {
    struct region r;
    struct ledger_resource studio;
};

/*
 * It is noon on Monday 2026-03-02 in London. The studio is open mon-fri 08:00-18:00 and sat 09:00-13:00, dear mon-fri
 * 09:00-12:00; on the quarter hour, 60 to 600 minutes, 15 free after each, 90 days ahead. CALD: a member's hour is
 * 12.00, 15.00 in peak hours, half a day 40.00, a day 60.00; a guest's hour 20.00. Cancelled: 48h 100%, 12h 50%.
 */
void pool_start(struct pool *p);
/* Everything is sound, or the test fails. */
void pool_verify(struct pool *p);
void pool_end(struct pool *p);

/* New terms for the studio as they stand in p->studio. */
void pool_set(struct pool *p);
/* "2026-03-10T09:00" by the studio's clock. */
int64_t pool_at(struct pool *p, const char *wall);
struct ledger_booking_draft pool_draft(struct pool *p, int64_t member_id, const char *from,
                                       const char *to);
/* Must go well. */
int64_t pool_book(struct pool *p, int64_t member_id, const char *from, const char *to);
struct ledger_booking pool_booking(struct pool *p, int64_t id);
/* Of a member in CALD, 0 when it has no account yet. */
int64_t pool_balance(struct pool *p, const char *handle);
int64_t pool_count(struct pool *p, const char *sql);
void pool_quota(struct pool *p, enum ledger_quota_kind kind, int amount);

#endif
