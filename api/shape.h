/*
 * shape.h - the forms answers are made of: amounts, times, pages.
 */
#ifndef API_SHAPE_H
#define API_SHAPE_H

#include "items.h"
#include "operation.h"

#define API_PAGE_DEFAULT 50
#define API_PAGE_MAX 500

json_t *api_json_amount(int64_t minor, int scale);
/* NULL for the largest amount: no limit was set. */
json_t *api_json_ceiling(int64_t minor, int scale);
json_t *api_json_time(int64_t at_us);
json_t *api_json_day(int32_t day);
json_t *api_json_hours(int64_t minutes); /* "7:30"; null below zero */
json_t *api_json_id(int64_t id);         /* null for 0 */

/*
 * A page of a list: read the cursor, append items until it is full, close with "items" and "next".
 * A cursor carries a hash of the operation and its filters, so one from another query is refused.
 */
struct api_page {
    struct api_call *call;
    struct ledger *l;
    json_t *items;         /* either these, */
    struct api_items text; /* or these, where a list writes them as text */
    int count;
    int limit;
    int64_t after[2]; /* where the page before ended */
    int64_t last[2];  /* where this one ends */
    bool more;
};

/* Refusal: LEDGER_CURSOR_MALFORMED. */
LEDGER_CHECKED enum ledger_status api_page_begin(struct api_page *page, struct ledger *l,
                                                 struct api_call *call);
/* Ask for this many rows: one more than fit, to know whether there is a next page. */
int api_page_ask(const struct api_page *page);
/* May an item stand at (key, key2) here? LEDGER_STOP when the page is full. */
LEDGER_CHECKED enum ledger_status api_page_take(struct api_page *page, int64_t key, int64_t key2);
/* Append `item` (taken over) that stands at (key, key2). LEDGER_STOP when the page is full. */
LEDGER_CHECKED enum ledger_status api_page_add(struct api_page *page, json_t *item, int64_t key,
                                               int64_t key2);
/*
 * Put "items" and "next" into object `into`, a new one where *into is NULL. Frees the page. Items that
 * were written as text are left to a door that prints (call->items), and read for any other.
 */
LEDGER_CHECKED enum ledger_status api_page_end(struct api_page *page, json_t **into);
/* Free a page that was not ended. */
void api_page_drop(struct api_page *page);
/* As a list ends: with LEDGER_OK the page goes into `*into`, else it is freed. Returns `status`. */
LEDGER_CHECKED enum ledger_status api_page_finish(struct api_page *page, enum ledger_status status,
                                                  json_t **into);

/* The parameters every list has. */
#define API_PAGE_PARAMS                                                                            \
    {.name = "after", .type = API_CURSOR, .help = "\"next\" of the page before"},                  \
    {                                                                                              \
        .name = "limit", .type = API_INTEGER, .help = "how many a page, 50 unless told",           \
        .max = API_PAGE_MAX                                                                        \
    }

/* Whom the handle of parameter `name` names; 0 where it is not given. Refusal: LEDGER_NO_SUCH_MEMBER. */
LEDGER_CHECKED enum ledger_status api_member_id(struct ledger *l, const struct api_call *call,
                                                const char *name, int64_t *member_id);

/* May the caller see this member's figures? The member's own people, and the node's. */
bool api_may_see(const struct api_call *call, int64_t member_id);
/* Who, why, on what authority: for engine calls. `reason` may be NULL. */
struct ledger_why api_why(const struct api_call *call, const char *reason);
/* Who has the file in hand writes down what two have decided. */
bool api_on_paper(const struct api_call *call);

#endif
