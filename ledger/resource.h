/*
 * resource.h - a room, a desk or a piece of equipment that a member offers to all.
 */
#ifndef LEDGER_RESOURCE_H
#define LEDGER_RESOURCE_H

#include "band.h"
#include "member.h"
#include "opening.h"

#define LEDGER_RESOURCE_TEXT_MAX 500
#define LEDGER_CAPACITY_MAX 200
#define LEDGER_HORIZON_DAYS_MAX 360 /* a hold goes on for 30 days after it, and 400 in all */
#define LEDGER_SERIES_DAYS_MAX 731  /* its later dates have no hold yet: two years */
#define LEDGER_CLOSED_DAYS_MAX 400

enum ledger_resource_kind { LEDGER_ROOM, LEDGER_DESK, LEDGER_EQUIPMENT };

/* Under which it is offered. The newest are in force; a booking keeps those it was made under. */
struct ledger_terms {
    int64_t id;
    char title[LEDGER_NAME_MAX + 1];
    char description[LEDGER_RESOURCE_TEXT_MAX + 1];
    char accessibility[LEDGER_RESOURCE_TEXT_MAX + 1];
    char opening[LEDGER_OPENING_MAX + 1]; /* see opening.h */
    char peak[LEDGER_OPENING_MAX + 1];
    char bands[LEDGER_BANDS_TEXT_MAX + 1]; /* see band.h */
    int capacity;                          /* so many alike */
    int slot_min;                          /* bookings begin and end on this grid of the day */
    int shortest_min;
    int longest_min;
    int before_min; /* kept free around a booking */
    int after_min;
    int half_day_min;    /* as long as the price of half a day covers */
    int horizon_days;    /* so far ahead */
    int series_days;     /* the dates of a series; 0: as far as any booking */
    int answer_hours;    /* for the host's word */
    int grace_min;       /* to check in after the beginning; 0: nobody need */
    int no_show_percent; /* what is paid by who does not come */
    bool host_word;      /* a booking by others waits for it */
    bool retired;        /* it is offered no more */
    int64_t at_us;       /* since when they are in force */
};

struct ledger_resource {
    int64_t id;
    int64_t member_id; /* the host's */
    char host[LEDGER_HANDLE_MAX + 1];
    char name[LEDGER_HANDLE_MAX + 1];
    enum ledger_resource_kind kind;
    char zone[LEDGER_ZONE_MAX + 1];
    struct ledger_terms terms;
};

struct ledger_closure {
    int64_t id;
    int64_t resource_id;
    int32_t from_on; /* whole days of the resource's clock, both included */
    int32_t to_on;
    char reason[LEDGER_REASON_MAX + 1];
};

typedef enum ledger_status ledger_resource_reader(void *ctx, const struct ledger_resource *r);
typedef enum ledger_status ledger_terms_reader(void *ctx, const struct ledger_terms *t);
typedef enum ledger_status ledger_closure_reader(void *ctx, const struct ledger_closure *c);

/* What a new resource is offered under unless told: open always, an hour to a day, 90 days ahead. */
struct ledger_terms ledger_terms_default(void);
/*
 * Offer it; `r->id` and `r->terms.id` are set. Refusals, in order: LEDGER_HANDLE_MALFORMED, LEDGER_ZONE_UNKNOWN,
 * LEDGER_NO_SUCH_MEMBER, LEDGER_MEMBER_NOT_ACTIVE, LEDGER_EXISTS (the name is or was another's), then as ledger_resource_set.
 */
LEDGER_CHECKED enum ledger_status ledger_resource_add(struct ledger *l, struct ledger_resource *r,
                                                      const struct ledger_why *why);
/*
 * New terms from now on; bookings keep theirs. Refusals, in order: LEDGER_TEXT_*, LEDGER_OPENING_MALFORMED,
 * LEDGER_BANDS_MALFORMED, LEDGER_NUMBER_MALFORMED (naming the field), LEDGER_REASON_MISSING,
 * LEDGER_RESOURCE_BOOKED (live bookings on units that would go).
 */
LEDGER_CHECKED enum ledger_status ledger_resource_set(struct ledger *l, struct ledger_resource *r,
                                                      const struct ledger_why *why);
/* Refusal: LEDGER_NO_SUCH_RESOURCE. */
LEDGER_CHECKED enum ledger_status ledger_resource_find(struct ledger *l, const char *name,
                                                       struct ledger_resource *r);
LEDGER_CHECKED enum ledger_status ledger_resource_get(struct ledger *l, int64_t id,
                                                      struct ledger_resource *r);
/* The terms called `id`, as when a booking was made. */
LEDGER_CHECKED enum ledger_status ledger_terms_get(struct ledger *l, int64_t id,
                                                   struct ledger_terms *terms);
/* All that were in force before `until_us`, the newest first. The reader returns LEDGER_STOP when it has enough. */
LEDGER_CHECKED enum ledger_status ledger_terms_each(struct ledger *l, int64_t resource_id,
                                                    int64_t until_us, ledger_terms_reader *read,
                                                    void *ctx);
/* In order of id; of one host, or of all where member_id is 0. */
LEDGER_CHECKED enum ledger_status ledger_resource_each(struct ledger *l, int64_t member_id,
                                                       int64_t after_id,
                                                       ledger_resource_reader *read, void *ctx);

/*
 * Close it on these days; `c->id` is set. Refusals: LEDGER_REASON_MISSING, LEDGER_PERIOD_MALFORMED, LEDGER_BACKDATED,
 * LEDGER_RESOURCE_BOOKED: so many live bookings stand there; the host cancels them first.
 */
LEDGER_CHECKED enum ledger_status ledger_resource_close(struct ledger *l, struct ledger_closure *c,
                                                        const struct ledger_why *why);
/* Take a closure back. Refusals: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_CLOSURE (or taken back already). */
LEDGER_CHECKED enum ledger_status ledger_resource_reopen(struct ledger *l, int64_t resource_id,
                                                         int64_t closure_id,
                                                         const struct ledger_why *why);
/* Those in force that touch [from_on, to_on], in order of their last day. */
LEDGER_CHECKED enum ledger_status ledger_closure_each(struct ledger *l, int64_t resource_id,
                                                      int32_t from_on, int32_t to_on,
                                                      ledger_closure_reader *read, void *ctx);

const char *ledger_resource_kind_name(enum ledger_resource_kind kind);
/* LEDGER_CHOICE_UNKNOWN. */
LEDGER_CHECKED enum ledger_status ledger_resource_kind_parse(const char *text,
                                                             enum ledger_resource_kind *kind);

#endif
