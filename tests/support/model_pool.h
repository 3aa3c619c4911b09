/*
 * model_pool.h - the part of model.h about rooms and desks, and who booked them.
 *
 * There are three resources, whose terms, closed days and quotas change: a desk that is always open, by the hour; a studio with
 * opening and peak hours, half days, days, prices for guests and a share for a fund; a van whose price rounds, by the clock
 * of another place. Each host has an extra; a booking has at most one.
 */
#ifndef TESTS_MODEL_POOL_H
#define TESTS_MODEL_POOL_H

#include "ledger/resource.h"
#include "ledger/series.h"

#define MODEL_RESOURCES 3
#define MODEL_STUDIO 2
#define MODEL_EXTRAS 3
#define MODEL_CHANGED_MAX 256 /* bookings, sessions or series that one request changes */

struct model;

struct model_extra {
    const char *name;
    int64_t host_id;
    int64_t currency_id;
    int64_t each_minor;
};

extern const struct model_extra model_extras[MODEL_EXTRAS];

struct model_resource {
    const char *name;
    const char *zone;
    int64_t host_id; /* members */
    int64_t pool_id; /* or 0 */
    int64_t points;
    int64_t currency_id;
    int64_t hour_minor;
    int64_t peak_minor;     /* an hour, mon-fri 09:00 to 12:00; 0: as any */
    int64_t half_day_minor; /* of 240 minutes; or 0 */
    int64_t day_minor;
    int64_t guest_minor;   /* an hour; 0: as a member */
    int64_t weekdays_only; /* mon-fri 08:00-18:00; else always open */
    int64_t shortest_min;
    int64_t longest_min;
    int64_t horizon_days;
    int64_t series_days; /* 0: as horizon_days */
    int64_t at_once;     /* live bookings of one member; 0: any number */
    int64_t terms;       /* the newest, from 0 */
};

/* For everybody, or for one member instead. */
struct model_quota {
    int64_t resource_id;
    int64_t member_id;
    int64_t kind;
    int64_t amount; /* LEDGER_NO_QUOTA: none from then on */
    int64_t from_on;
};

struct model_closure {
    int64_t resource_id;
    int64_t from_on;
    int64_t to_on;
    int64_t reopened;
};

/* What a booking keeps as it was. */
struct model_terms {
    int64_t capacity;
    int64_t before_min;
    int64_t after_min;
    int64_t bands; /* of model_bands */
    int64_t answer_hours;
    int64_t grace_min;
    int64_t no_show_percent;
    int64_t host_word;
    int64_t retired;
};

#define MODEL_BANDS 3
extern const char *const model_bands[MODEL_BANDS];

struct model_booking {
    int64_t resource_id;
    int64_t member_id;
    int64_t guest;
    int64_t terms;
    int64_t currency_id; /* 0: it is free */
    int64_t sequence;
    /* as written: one whose time to be confirmed is over stays held until it is seen to */
    int64_t state;
    int64_t unit;
    int64_t from_us;
    int64_t to_us;
    int64_t busy_from_us;
    int64_t busy_to_us;
    int64_t amount_minor;
    int64_t kept_minor; /* what moves have kept of it */
    int64_t included_min;
    int64_t extra_id; /* or 0 */
    int64_t quantity;
    int64_t hold_id;
    int64_t due_us; /* 0: never */
    int64_t series_id;
    int64_t arrears;
    int64_t series_at_us;    /* when its hold or payment is looked at; INT64_MAX: it is not */
    int64_t series_until_us; /* after a refusal: so long its time is kept */
};

/* A rule that gives every `every_days`th day, `count` times, at these minutes of the day. */
struct model_series {
    int64_t resource_id;
    int64_t member_id;
    int64_t guest;
    int64_t skips;
    int64_t arrears;
    int64_t first_on;
    int64_t from_min;
    int64_t to_min;
    int64_t every_days;
    int64_t count;
    int64_t first_date; /* of what became of its dates, and so many */
    int64_t date_count;
};

struct model_date {
    int64_t day;
    int64_t booking_id; /* 0: left out, by this refusal */
    int64_t status;
};

struct model_notice {
    int64_t series_id;
    int64_t booking_id;
    int64_t kind;
    int64_t why;
    int64_t at_us;
    int64_t until_us;
};

enum ledger_status model_terms_set(struct model *m, int64_t resource_id,
                                   const struct model_terms *terms, const char *reason);
struct model_booking *model_booking(struct model *m, int64_t id);
enum ledger_booking_state model_booking_state(const struct model *m, const struct model_booking *b);
bool model_booking_is_live(int64_t state);
/*
 * Can `wish` be had, besides a booking that it takes the place of (or 0), and at what price as if it were new? `began`:
 * only its end is new. After: its unit, its time with the buffers, its price.
 */
enum ledger_status model_booking_plan(struct model *m, struct model_booking *wish, int64_t besides,
                                      bool began);
/* What its time and its extra cost as if it were new, and what is included; `besides` as above. */
enum ledger_status model_booking_price(struct model *m, struct model_booking *b, int64_t besides);
/* What of it goes to the pool; and what a cancellation so long before the beginning gives back. */
int64_t model_pool_part(const struct model_resource *r, int64_t amount_minor);
int64_t model_percent_back(int64_t bands, int64_t left_us);
/* Only what a plain draft has, and at most one extra: no title. */
enum ledger_status model_booking_make(struct model *m, const struct ledger_booking_draft *d,
                                      int64_t *id);
enum ledger_status model_booking_fund(struct model *m, int64_t id);
enum ledger_status model_booking_confirm(struct model *m, int64_t id);
enum ledger_status model_booking_reject(struct model *m, int64_t id, const char *reason);
enum ledger_status model_booking_check_in(struct model *m, int64_t id);
enum ledger_status model_booking_complete(struct model *m, int64_t id);
enum ledger_status model_booking_no_show(struct model *m, int64_t id);
enum ledger_status model_booking_cancel(struct model *m, int64_t id, bool by_host,
                                        const char *reason);
enum ledger_status model_booking_move(struct model *m, int64_t id, int64_t from_us, int64_t to_us);
enum ledger_status model_booking_due(struct model *m, int64_t *count);
/* After a refusal some of its dates may stand: undo to a mark. */
enum ledger_status model_series_make(struct model *m, const struct model_series *series,
                                     int64_t *id);
enum ledger_status model_series_cancel(struct model *m, int64_t id, bool by_host,
                                       const char *reason, int64_t *count);
enum ledger_status model_series_due(struct model *m, int64_t *count);
/* Days and minutes are those of this zone from now on; NULL: of the node's. */
void model_use_zone(const char *zone);
enum ledger_status model_quota_set(struct model *m, const struct model_quota *quota,
                                   const char *reason, int64_t *id);
/* LEDGER_OVER_QUOTA where a booking goes beyond one; what is included for it. */
enum ledger_status model_quota_check(const struct model *m, const struct model_booking *b,
                                     int64_t besides);
int64_t model_quota_included(const struct model *m, const struct model_booking *b, int64_t besides);
enum ledger_status model_resource_close(struct model *m, const struct model_closure *closure,
                                        const char *reason, int64_t *id);
enum ledger_status model_resource_reopen(struct model *m, int64_t resource_id, int64_t id,
                                         const char *reason);
bool model_is_closed(const struct model *m, int64_t resource_id, int64_t from_us, int64_t to_us);
enum ledger_status model_extra_pay(struct model *m, int64_t extra_id, int64_t currency_id,
                                   int64_t quantity, int64_t payer_id, int64_t *transfer_id);
/* It offers something, or has something to come on either side. */
bool model_pool_needs(const struct model *m, int64_t member_id);

#endif
