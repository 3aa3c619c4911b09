#include "warning.h"

#include "handle.h"
#include "journal.h"
#include "walk.h"

#include <limits.h>
#include <string.h>

static const int pace_days[] = {LEDGER_PACE_SHORT_DAYS, LEDGER_PACE_LONG_DAYS};
#define PACES (sizeof pace_days / sizeof pace_days[0])

/* What is the same for all accounts. */
struct look {
    struct ledger *l;
    ledger_warning_reader *read;
    void *ctx;
    int32_t today;
    struct ledger_warning_rules rules;
    int64_t before_pace[PACES]; /* the last transfer before those days began */
    int64_t before_idle;
    int64_t before_one_way;
};

/* One account of it. */
struct subject {
    struct look *look;
    const struct ledger_account *a;
    int32_t opened_on;
    int64_t net_minor[PACES];
};

const char *ledger_warning_kind_name(enum ledger_warning_kind kind)
{
    static const char *const names[LEDGER_WARNING_KINDS] = {
        [LEDGER_NEAR_FLOOR] = "near-floor",
        [LEDGER_NEAR_CEILING] = "near-ceiling",
        [LEDGER_FLOOR_AHEAD] = "floor-ahead",
        [LEDGER_CEILING_AHEAD] = "ceiling-ahead",
        [LEDGER_IDLE] = "idle",
        [LEDGER_ONLY_PAYS] = "only-pays",
        [LEDGER_ONLY_RECEIVES] = "only-receives"};

    return names[kind];
}

static enum ledger_status tell(const struct subject *s, struct ledger_warning *w)
{
    w->account = *s->a;
    return s->look->read(s->look->ctx, w);
}

static enum ledger_status look_at_limits(const struct subject *s)
{
    struct ledger_soft_limits near = ledger_soft_limits(&s->look->rules, s->a);
    struct ledger_warning w = {.kind = LEDGER_NEAR_FLOOR,
                               .percent = ledger_floor_used(s->a),
                               .amount_minor = ledger_account_available(s->a)};

    if (near.floor)
        LEDGER_TRY(tell(s, &w));
    if (!near.ceiling)
        return LEDGER_OK;
    w = (struct ledger_warning){.kind = LEDGER_NEAR_CEILING,
                                .percent = ledger_ceiling_used(s->a),
                                .amount_minor = ledger_account_room_in(s->a)};
    return tell(s, &w);
}

static enum ledger_status read_kind(void *into, const struct store_row *row)
{
    return ledger_transfer_kind_parse(store_row_text(row, 0), into);
}

static enum ledger_status kind_of(struct ledger *l, int64_t transfer_id,
                                  enum ledger_transfer_kind *kind)
{
    return ledger_first(l, "SELECT kind FROM transfer WHERE id = $1",
                        STORE_ARGS(store_int(transfer_id)), read_kind, kind);
}

/* What opening balances and imports were among what came after `before`. */
static enum ledger_status sum_history(const struct subject *s, int64_t before, int64_t *sum_minor)
{
    struct ledger_walk walk;
    const struct ledger_walk_entry *e;
    enum ledger_status status;

    *sum_minor = 0;
    LEDGER_TRY(
        ledger_walk_begin(s->look->l, s->a->id, before, INT64_MAX, JOURNAL_SKIP_NONE, &walk));
    while ((status = ledger_walk_next(&walk, &e)) == LEDGER_OK) {
        enum ledger_transfer_kind kind;
        LEDGER_TRY(kind_of(s->look->l, e->transfer_id, &kind));
        if (kind == LEDGER_OPENING || kind == LEDGER_IMPORT)
            *sum_minor += e->amount_minor;
    }
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

/* Days until `room_minor` is used up by `net_minor` in so many days, -1 for never or not so soon. */
static int64_t days_left(const struct look *k, int64_t room_minor, int64_t net_minor, int days)
{
    if (room_minor <= 0 || net_minor <= 0 || !k->rules.value[LEDGER_DAYS_AHEAD])
        return -1;
    int64_t left = room_minor * days / net_minor; /* 2 * 10^15 * 90 fits */
    return left <= k->rules.value[LEDGER_DAYS_AHEAD] ? left : -1;
}

/* What moved the account since a pace's days began; nothing where it is younger than that. */
static enum ledger_status read_net(struct subject *s)
{
    const struct look *k = s->look;
    int64_t then_minor;

    if (!k->rules.value[LEDGER_DAYS_AHEAD])
        return LEDGER_OK;
    for (size_t pace = 0; pace < PACES; pace++) {
        if (s->opened_on > k->today - pace_days[pace] ||
            s->a->last_transfer_id <= k->before_pace[pace])
            continue;
        LEDGER_TRY(ledger_journal_balance_at(k->l, s->a->id, k->before_pace[pace], &then_minor));
        s->net_minor[pace] = s->a->balance_minor - then_minor;
    }
    return LEDGER_OK;
}

/* Fill in `w` where that pace leads to a limit soon, and sooner than what stands there. */
static enum ledger_status look_at_pace(const struct subject *s, size_t pace,
                                       struct ledger_warning *w)
{
    const struct look *k = s->look;
    int days = pace_days[pace];
    bool down = w->kind == LEDGER_FLOOR_AHEAD;
    int64_t room_minor = down ? ledger_account_available(s->a) : ledger_account_room_in(s->a);
    int64_t net_minor = down ? -s->net_minor[pace] : s->net_minor[pace];
    int64_t history_minor;

    if (days_left(k, room_minor, net_minor, days) < 0)
        return LEDGER_OK;
    LEDGER_TRY(sum_history(s, k->before_pace[pace], &history_minor));
    net_minor += down ? history_minor : -history_minor;
    int64_t left = days_left(k, room_minor, net_minor, days);
    if (left < 0 || (w->days && left >= w->left_days))
        return LEDGER_OK;
    w->days = days;
    w->left_days = left;
    w->amount_minor = net_minor;
    return LEDGER_OK;
}

static enum ledger_status look_ahead(const struct subject *s, enum ledger_warning_kind kind)
{
    struct ledger_warning w = {.kind = kind};

    if (kind == LEDGER_CEILING_AHEAD && s->a->ceiling_minor == LEDGER_AMOUNT_MAX)
        return LEDGER_OK;
    for (size_t pace = 0; pace < PACES; pace++)
        LEDGER_TRY(look_at_pace(s, pace, &w));
    return w.days ? tell(s, &w) : LEDGER_OK;
}

struct trade {
    int64_t last_id; /* the newest transfer that was trade, 0 for none */
    bool paid;       /* in the days looked at */
    bool received;
};

/* From the newest entry back, as far as anything can still change. */
static enum ledger_status read_trade(const struct subject *s, struct trade *t)
{
    const struct look *k = s->look;
    struct ledger_walk walk;
    const struct ledger_walk_entry *e;
    enum ledger_status status = LEDGER_OK;

    LEDGER_TRY(ledger_walk_begin(k->l, s->a->id, 0, INT64_MAX, JOURNAL_SKIP_NONE, &walk));
    for (int n = 0; n < LEDGER_WARNING_WALK_MAX; n++) {
        enum ledger_transfer_kind kind;
        status = ledger_walk_next(&walk, &e);
        if (status != LEDGER_OK || (t->last_id && e->transfer_id <= k->before_one_way))
            break;
        LEDGER_TRY(kind_of(k->l, e->transfer_id, &kind));
        if (kind != LEDGER_EXCHANGE && kind != LEDGER_CAPTURE)
            continue;
        t->last_id = t->last_id ? t->last_id : e->transfer_id;
        if (e->transfer_id <= k->before_one_way)
            break;
        t->paid = t->paid || e->amount_minor < 0;
        t->received = t->received || e->amount_minor > 0;
        if (t->paid && t->received)
            break;
    }
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

static enum ledger_status look_at_idle(const struct subject *s, const struct trade *t)
{
    const struct look *k = s->look;
    struct ledger_warning w = {.kind = LEDGER_IDLE, .never_traded = t->last_id == 0};
    int32_t since = s->opened_on;
    int64_t at_us;

    if (!k->rules.value[LEDGER_IDLE_DAYS] || t->last_id > k->before_idle)
        return LEDGER_OK;
    if (t->last_id) {
        LEDGER_TRY(ledger_first(k->l, "SELECT posted_at_us FROM transfer WHERE id = $1",
                                STORE_ARGS(store_int(t->last_id)), ledger_read_int, &at_us));
        since = ledger_day_of(k->l, at_us);
    }
    w.days = k->today - since;
    return w.days >= k->rules.value[LEDGER_IDLE_DAYS] ? tell(s, &w) : LEDGER_OK;
}

static enum ledger_status look_at_one_way(const struct subject *s, const struct trade *t)
{
    const struct look *k = s->look;
    struct ledger_warning w = {.kind = t->paid ? LEDGER_ONLY_PAYS : LEDGER_ONLY_RECEIVES,
                               .days = k->rules.value[LEDGER_ONE_WAY_DAYS]};

    if (!w.days || t->paid == t->received || s->opened_on > k->today - w.days)
        return LEDGER_OK;
    return tell(s, &w);
}

static enum ledger_status read_opened(struct subject *s)
{
    int64_t at_us;

    LEDGER_TRY(ledger_first(s->look->l, "SELECT opened_at_us FROM account WHERE id = $1",
                            STORE_ARGS(store_int(s->a->id)), ledger_read_int, &at_us));
    s->opened_on = ledger_day_of(s->look->l, at_us);
    return LEDGER_OK;
}

static enum ledger_status look_at(void *ctx, const struct ledger_account *a)
{
    struct subject s = {.look = ctx, .a = a};
    struct trade t = {0};

    if (a->training || a->member_state == LEDGER_LEFT)
        return LEDGER_OK;
    LEDGER_TRY(look_at_limits(&s));
    LEDGER_TRY(read_opened(&s));
    LEDGER_TRY(read_net(&s));
    LEDGER_TRY(look_ahead(&s, LEDGER_FLOOR_AHEAD));
    LEDGER_TRY(look_ahead(&s, LEDGER_CEILING_AHEAD));
    if (a->member_kind != LEDGER_COOP && a->member_kind != LEDGER_PERSON)
        return LEDGER_OK;
    LEDGER_TRY(read_trade(&s, &t));
    LEDGER_TRY(look_at_idle(&s, &t));
    return look_at_one_way(&s, &t);
}

static enum ledger_status prepare(struct look *k)
{
    LEDGER_TRY(ledger_warning_rules_on(k->l, k->today, &k->rules));
    for (size_t pace = 0; pace < PACES; pace++)
        LEDGER_TRY(ledger_journal_last_on(k->l, k->today - pace_days[pace], &k->before_pace[pace]));
    LEDGER_TRY(
        ledger_journal_last_on(k->l, k->today - k->rules.value[LEDGER_IDLE_DAYS], &k->before_idle));
    return ledger_journal_last_on(k->l, k->today - k->rules.value[LEDGER_ONE_WAY_DAYS],
                                  &k->before_one_way);
}

enum ledger_status ledger_warning_each(struct ledger *l, const struct ledger_warning_filter *f,
                                       ledger_warning_reader *read, void *ctx)
{
    const struct ledger_account_filter accounts = {.member_id = f->member_id,
                                                   .currency_id = f->currency_id,
                                                   .after_id = f->after_account_id,
                                                   .limit = INT_MAX};
    struct look k = {.l = l, .read = read, .ctx = ctx, .today = ledger_today(l)};

    LEDGER_TRY(prepare(&k));
    return ledger_account_each(l, &accounts, look_at, &k);
}
