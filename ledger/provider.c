#include "provider.h"

#include "date.h"
#include "handle.h"

static enum ledger_status read_flag(void *into, const struct store_row *row)
{
    bool *flag = into;

    *flag = store_row_int(row, 0);
    return LEDGER_OK;
}

static enum ledger_status none_is_no(enum ledger_status status)
{
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

enum ledger_status ledger_provider_listed(struct ledger *l, int64_t member_id, int32_t day,
                                          bool *listed)
{
    *listed = false;
    return none_is_no(
        ledger_first(l,
                     "SELECT listed FROM provider WHERE member_id = $1 AND from_on <= $2 "
                     "ORDER BY from_on DESC, id DESC LIMIT 1",
                     STORE_ARGS(store_int(member_id), store_int(day)), read_flag, listed));
}

enum ledger_status ledger_provider_known(struct ledger *l, int64_t member_id, int32_t day,
                                         bool *known)
{
    *known = false;
    return none_is_no(ledger_first(
        l, "SELECT 1 FROM provider WHERE member_id = $1 AND from_on <= $2 AND listed = 1 LIMIT 1",
        STORE_ARGS(store_int(member_id), store_int(day)), read_flag, known));
}

static enum ledger_status check(struct ledger *l, const struct ledger_provider *p,
                                const struct ledger_why *why)
{
    struct ledger_member m;
    bool listed;
    char date[LEDGER_DATE_TEXT];

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_member_get(l, p->member_id, &m));
    if (m.kind == LEDGER_FUND)
        return ledger_refuse(l, LEDGER_MEMBER_STATE,
                             "%s is a fund: it grants training credits and does not earn them",
                             m.handle);
    if (m.state == LEDGER_LEFT)
        return ledger_refuse(l, LEDGER_MEMBER_STATE, "%s has left", m.handle);
    if (p->from_on < ledger_today(l))
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from",
                                   "the list of providers changes today or later");
    LEDGER_TRY(ledger_provider_listed(l, p->member_id, p->from_on, &listed));
    if (listed == p->listed)
        return ledger_refuse(l, LEDGER_EXISTS, "on %s %s is %s the list of providers already",
                             ledger_date_format(p->from_on, date), m.handle,
                             listed ? "on" : "not on");
    return LEDGER_OK;
}

enum ledger_status ledger_provider_set(struct ledger *l, struct ledger_provider *p,
                                       const struct ledger_why *why)
{
    LEDGER_TRY(check(l, p, why));
    LEDGER_TRY(ledger_tick(l, &p->at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM provider", &p->id));
    return ledger_exec(
        l,
        "INSERT INTO provider (id, member_id, listed, from_on, at_us, actor, reason, authority) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        STORE_ARGS(store_int(p->id), store_int(p->member_id), store_int(p->listed),
                   store_int(p->from_on), store_int(p->at_us), store_text(why->actor),
                   store_text(why->reason), store_text(why->authority)));
}

struct each {
    ledger_provider_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_provider p = {.id = store_row_int(row, 0),
                                .member_id = store_row_int(row, 1),
                                .listed = store_row_int(row, 2),
                                .from_on = (int32_t)store_row_int(row, 3),
                                .at_us = store_row_int(row, 4)};

    store_row_copy(row, 5, p.handle, sizeof p.handle);
    store_row_copy(row, 6, p.actor, sizeof p.actor);
    store_row_copy(row, 7, p.reason, sizeof p.reason);
    return each->read(each->ctx, &p);
}

enum ledger_status ledger_provider_each(struct ledger *l, int64_t after_id, int limit,
                                        ledger_provider_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       "SELECT p.id, p.member_id, p.listed, p.from_on, p.at_us, "
                       "coalesce(i.handle, 'erased-' || p.member_id), p.actor, p.reason "
                       "FROM provider p LEFT JOIN member_identity i ON i.member_id = p.member_id "
                       "WHERE p.id > $1 ORDER BY p.id LIMIT $2",
                       STORE_ARGS(store_int(after_id), store_int(limit)), pass_on, &each);
}
