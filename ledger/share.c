#include "share.h"

#include "handle.h"

#include <stdio.h>

static enum ledger_status check(struct ledger *l, struct ledger_share *s,
                                const struct ledger_why *why)
{
    struct ledger_member pool;
    struct ledger_resource r;
    int32_t today;

    LEDGER_TRY(ledger_member_find(l, s->pool, &pool));
    s->member_id = pool.id;
    if (s->points < 0 || s->points > LEDGER_POINTS)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "points",
                                   "points are 0 to %d: 1500 is 15 %%", LEDGER_POINTS);
    LEDGER_TRY(ledger_resource_get(l, s->resource_id, &r));
    if (r.member_id == pool.id)
        return ledger_refuse(l, LEDGER_SAME_ACCOUNT,
                             "%s is the host of %s and has its share already", pool.handle, r.name);
    LEDGER_TRY(ledger_resource_today(l, &r, &today));
    if (s->from_on < today)
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from",
                                   "a share holds from today or a later day of use on");
    return ledger_check_reason(l, why->reason);
}

enum ledger_status ledger_share_set(struct ledger *l, struct ledger_share *s,
                                    const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(check(l, s, why));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM resource_share", &s->id));
    return ledger_exec(
        l,
        "INSERT INTO resource_share (id, resource_id, member_id, points, from_on, at_us, actor, "
        "reason, authority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        STORE_ARGS(store_int(s->id), store_int(s->resource_id), store_int(s->member_id),
                   store_int(s->points), store_int(s->from_on), store_int(at_us),
                   store_text(why->actor), store_text(why->reason), store_text(why->authority)));
}

#define SHARE                                                                                      \
    "SELECT s.id, s.resource_id, s.member_id, s.points, s.from_on, "                               \
    "coalesce(i.handle, 'erased-' || s.member_id) FROM resource_share s "                          \
    "LEFT JOIN member_identity i ON i.member_id = s.member_id "

static enum ledger_status read_share(void *into, const struct store_row *row)
{
    struct ledger_share *s = into;

    s->id = store_row_int(row, 0);
    s->resource_id = store_row_int(row, 1);
    s->member_id = store_row_int(row, 2);
    s->points = (int)store_row_int(row, 3);
    s->from_on = (int32_t)store_row_int(row, 4);
    store_row_copy(row, 5, s->pool, sizeof s->pool);
    return LEDGER_OK;
}

enum ledger_status ledger_share_on(struct ledger *l, int64_t resource_id, int32_t day,
                                   struct ledger_share *s)
{
    *s = (struct ledger_share){.id = 0};
    enum ledger_status status =
        ledger_first(l,
                     SHARE "WHERE s.resource_id = $1 AND s.from_on <= $2 "
                           "ORDER BY s.from_on DESC, s.id DESC LIMIT 1",
                     STORE_ARGS(store_int(resource_id), store_int(day)), read_share, s);
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

enum ledger_status ledger_share_get(struct ledger *l, int64_t id, struct ledger_share *s)
{
    *s = (struct ledger_share){.id = 0};
    if (id == 0)
        return LEDGER_OK;
    return ledger_first(l, SHARE "WHERE s.id = $1", STORE_ARGS(store_int(id)), read_share, s);
}

void ledger_share_split(const struct ledger_share *s, int64_t amount_minor,
                        int64_t parts_minor[static 2])
{
    const int64_t weights[2] = {s->points, LEDGER_POINTS - s->points};

    ledger_amount_split(amount_minor, weights, 2, parts_minor);
}
