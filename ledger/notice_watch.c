#include "notice.h"

#include "date.h"
#include "handle.h"
#include "warning_rule.h"

struct watch {
    struct ledger *l;
    struct ledger_warning_rules rules;
    int64_t last_id; /* the last account looked at */
    int looked_at;
    int64_t told;
};

static enum ledger_status was_told(struct watch *w, int64_t account_id, const char *side,
                                   bool *told)
{
    int64_t one;
    enum ledger_status st =
        ledger_first(w->l, "SELECT 1 FROM notice_near WHERE account_id = $1 AND side = $2",
                     STORE_ARGS(store_int(account_id), store_text(side)), ledger_read_int, &one);

    *told = st == LEDGER_OK;
    return st == LEDGER_NO_ROW ? LEDGER_OK : st;
}

static enum ledger_status look_at_side(struct watch *w, const struct ledger_account *a,
                                       const char *side, bool near)
{
    bool told;

    LEDGER_TRY(was_told(w, a->id, side, &told));
    if (near == told)
        return LEDGER_OK;
    if (!near)
        return ledger_exec(w->l, "DELETE FROM notice_near WHERE account_id = $1 AND side = $2",
                           STORE_ARGS(store_int(a->id), store_text(side)));
    w->told++;
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
    LEDGER_TRY(look_at_side(w, a, "floor", near.floor));
    return look_at_side(w, a, "ceiling", near.ceiling);
}

enum ledger_status ledger_notice_near_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    struct ledger_account_filter filter = {.limit = LEDGER_NOTICE_NEAR_MAX};
    struct watch w = {.l = l};

    *count = 0;
    LEDGER_TRY(ledger_warning_rules_on(l, ledger_day_of(l, now_us), &w.rules));
    LEDGER_TRY(ledger_first(l, "SELECT account_id FROM notice_follow WHERE id = 1", STORE_NO_ARGS,
                            ledger_read_int, &filter.after_id));
    LEDGER_TRY(ledger_account_each(l, &filter, look_at_account, &w));
    *count = w.told;
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
    if (told_on >= today)
        return LEDGER_OK;
    LEDGER_TRY(tell_of_lots(l, (int32_t)told_on, today, LEDGER_NOTICE_LOT_DAYS));
    *count = store_changed(l->store);
    LEDGER_TRY(tell_of_lots(l, (int32_t)told_on, today, LEDGER_NOTICE_LOT_LAST_DAYS));
    *count += store_changed(l->store);
    return ledger_exec(l, "UPDATE notice_follow SET lots_on = $1 WHERE id = 1",
                       STORE_ARGS(store_int(today)));
}
