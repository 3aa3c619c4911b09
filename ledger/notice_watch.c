#include "notice.h"

#include "date.h"
#include "handle.h"
#include "warning_rule.h"

/* A side of an account's limits beyond which its member was told that it is. */
struct told {
    int64_t account_id;
    bool ceiling;
};

struct watch {
    struct ledger *l;
    struct ledger_warning_rules rules;
    int64_t last_id; /* the last account looked at */
    int looked_at;
    int64_t count;
    int told_count;
    int next; /* of told: none before it is of the account looked at, or of a later one */
    struct told told[2 * LEDGER_NOTICE_NEAR_MAX]; /* in order of account */
};

static enum ledger_status add_told(void *into, const struct store_row *row)
{
    struct watch *w = into;

    w->told[w->told_count++] = (struct told){store_row_int(row, 0), store_row_int(row, 1) != 0};
    return LEDGER_OK;
}

/* Of the accounts that are looked at now, which have at most two rows each. */
static enum ledger_status read_told(struct watch *w, int64_t after_id)
{
    return ledger_each(w->l,
                       "SELECT account_id, side = 'ceiling' FROM notice_near "
                       "WHERE account_id > $1 ORDER BY account_id LIMIT $2",
                       STORE_ARGS(store_int(after_id), store_int(2 * LEDGER_NOTICE_NEAR_MAX)),
                       add_told, w);
}

static bool was_told(struct watch *w, int64_t account_id, bool ceiling)
{
    while (w->next < w->told_count && w->told[w->next].account_id < account_id)
        w->next++;
    for (int i = w->next; i < w->told_count && w->told[i].account_id == account_id; i++)
        if (w->told[i].ceiling == ceiling)
            return true;
    return false;
}

static enum ledger_status look_at_side(struct watch *w, const struct ledger_account *a,
                                       bool ceiling, bool near)
{
    const char *side = ceiling ? "ceiling" : "floor";

    if (near == was_told(w, a->id, ceiling))
        return LEDGER_OK;
    if (!near)
        return ledger_exec(w->l, "DELETE FROM notice_near WHERE account_id = $1 AND side = $2",
                           STORE_ARGS(store_int(a->id), store_text(side)));
    w->count++;
    LEDGER_TRY(ledger_exec(w->l, "INSERT INTO notice_near (account_id, side) VALUES ($1, $2)",
                           STORE_ARGS(store_int(a->id), store_text(side))));
    return ledger_notice_put(w->l, LEDGER_NOTICE_NEAR_LIMIT, a->member_id, a->id);
}

/* As the warnings: training credits have their own, and who has left has none. */
static enum ledger_status look_at_account(void *ctx, const struct ledger_account *a)
{
    struct watch *w = ctx;
    struct ledger_soft_limits near = {false, false};

    w->last_id = a->id;
    w->looked_at++;
    if (!a->training && a->member_state != LEDGER_LEFT)
        near = ledger_soft_limits(&w->rules, a);
    LEDGER_TRY(look_at_side(w, a, false, near.floor));
    return look_at_side(w, a, true, near.ceiling);
}

enum ledger_status ledger_notice_near_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    struct ledger_account_filter filter = {.limit = LEDGER_NOTICE_NEAR_MAX};
    struct watch w = {.l = l};

    *count = 0;
    LEDGER_TRY(ledger_warning_rules_on(l, ledger_day_of(l, now_us), &w.rules));
    LEDGER_TRY(ledger_first(l, "SELECT account_id FROM notice_follow WHERE id = 1", STORE_NO_ARGS,
                            ledger_read_int, &filter.after_id));
    LEDGER_TRY(read_told(&w, filter.after_id));
    LEDGER_TRY(ledger_account_each(l, &filter, look_at_account, &w));
    *count = w.count;
    if (w.looked_at < LEDGER_NOTICE_NEAR_MAX)
        w.last_id = 0;
    if (w.last_id == filter.after_id)
        return LEDGER_OK;
    return ledger_exec(l, "UPDATE notice_follow SET account_id = $1 WHERE id = 1",
                       STORE_ARGS(store_int(w.last_id)));
}

/* Of lots that end `days` after a day that was not told yet. */
static enum ledger_status tell_of_lots(struct ledger *l, int32_t after_on, int32_t through_on,
                                       int days)
{
    int64_t at_us;

    LEDGER_TRY(ledger_latest_us(l, &at_us));
    return ledger_exec(
        l,
        "INSERT INTO notice (id, member_id, kind, subject_id, at_us) "
        "SELECT (SELECT coalesce(max(id), 0) FROM notice) + row_number() OVER (ORDER BY n.id), "
        "a.member_id, 'credits-expiring', n.id, $3 FROM lot n JOIN account a "
        "ON a.id = n.account_id WHERE n.left_minor > 0 AND n.expires_on < 95026 AND "
        "n.expires_on > $1 AND n.expires_on <= $2 ORDER BY n.id",
        STORE_ARGS(store_int(after_on + days), store_int(through_on + days), store_int(at_us)));
}

enum ledger_status ledger_notice_lots_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    int32_t today = ledger_day_of(l, now_us);
    int64_t told_on;

    *count = 0;
    LEDGER_TRY(ledger_first(l, "SELECT coalesce(lots_on, $1) FROM notice_follow WHERE id = 1",
                            STORE_ARGS(store_int(today - 1)), ledger_read_int, &told_on));
    if (told_on == today)
        return LEDGER_OK;
    if (told_on > today) /* by a clock that was ahead: told twice is better than never */
        told_on = today - 1;
    LEDGER_TRY(tell_of_lots(l, (int32_t)told_on, today, LEDGER_NOTICE_LOT_DAYS));
    *count = store_changed(l->store);
    LEDGER_TRY(tell_of_lots(l, (int32_t)told_on, today, LEDGER_NOTICE_LOT_LAST_DAYS));
    *count += store_changed(l->store);
    return ledger_exec(l, "UPDATE notice_follow SET lots_on = $1 WHERE id = 1",
                       STORE_ARGS(store_int(today)));
}
