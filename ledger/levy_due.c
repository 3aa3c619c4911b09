#include "levy_trade.h"

#include "date.h"
#include "handle.h"
#include "period.h"

#include <stdio.h>

/* A month that is over, as its row says. */
struct month {
    int64_t id;
    int64_t currency_id;
    int64_t levy_id;
    int32_t month_on;
    int64_t to_us;
    int64_t after_id;
    int64_t through_id;
    int64_t read_id; /* of the month that is being read: how far */
};

/* The currency whose next month is the oldest of all. */
struct next_month {
    int64_t currency_id; /* 0: none has one */
    int32_t month_on;
};

static enum ledger_status pick_oldest(void *into, const struct store_row *row)
{
    struct next_month *next = into;
    int32_t month_on = (int32_t)store_row_int(row, 1);

    if (!store_row_null(row, 2))
        month_on = ledger_date_month_end((int32_t)store_row_int(row, 2)) + 1;
    if (next->currency_id == 0 || month_on < next->month_on)
        *next = (struct next_month){store_row_int(row, 0), month_on};
    return LEDGER_OK;
}

static enum ledger_status write_month(struct ledger *l, const struct month *m, int64_t from_us)
{
    return ledger_exec(
        l,
        "INSERT INTO levy_month (id, currency_id, levy_id, month_on, from_us, to_us, after_id, "
        "through_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        STORE_ARGS(store_int(m->id), store_int(m->currency_id), store_int(m->levy_id),
                   store_int(m->month_on), store_int(from_us), store_int(m->to_us),
                   store_int(m->after_id), store_int(m->through_id)));
}

/* Which part of the journal it has is settled once: later postings are of later months. */
static enum ledger_status begin(struct ledger *l, const struct next_month *next)
{
    struct month m = {.currency_id = next->currency_id, .month_on = next->month_on};
    struct ledger_levy levy;
    int64_t from_us = ledger_day_start_us(l, m.month_on);

    LEDGER_TRY(ledger_levy_on(l, m.currency_id, m.month_on, &levy));
    m.levy_id = levy.id;
    m.to_us = ledger_day_start_us(l, ledger_date_month_end(m.month_on) + 1);
    LEDGER_TRY(ledger_journal_last_at(l, from_us - 1, &m.after_id));
    LEDGER_TRY(ledger_journal_last_at(l, m.to_us - 1, &m.through_id));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM levy_month", &m.id));
    LEDGER_TRY(write_month(l, &m, from_us));
    if (levy.points == 0 && levy.flat_minor == 0)
        return LEDGER_OK;
    return ledger_exec(l, "INSERT INTO levy_reading (month_id, read_id) VALUES ($1, $2)",
                       STORE_ARGS(store_int(m.id), store_int(levy.points ? m.after_id : 0)));
}

/* `*begun` says that a month was over and is begun. */
static enum ledger_status begin_next(struct ledger *l, int64_t now_us, bool *begun)
{
    struct next_month next = {.currency_id = 0};

    *begun = false;
    LEDGER_TRY(ledger_each(l,
                           "SELECT v.currency_id, min(v.from_on), (SELECT max(m.month_on) FROM "
                           "levy_month m WHERE m.currency_id = v.currency_id) FROM levy v "
                           "GROUP BY v.currency_id ORDER BY v.currency_id",
                           STORE_NO_ARGS, pick_oldest, &next));
    if (next.currency_id == 0 || ledger_date_month_end(next.month_on) >= ledger_day_of(l, now_us))
        return LEDGER_OK;
    *begun = true;
    return begin(l, &next);
}

static enum ledger_status read_month(void *into, const struct store_row *row)
{
    struct month *m = into;

    m->id = store_row_int(row, 0);
    m->currency_id = store_row_int(row, 1);
    m->levy_id = store_row_int(row, 2);
    m->month_on = (int32_t)store_row_int(row, 3);
    m->to_us = store_row_int(row, 4);
    m->after_id = store_row_int(row, 5);
    m->through_id = store_row_int(row, 6);
    m->read_id = store_row_int(row, 7);
    return LEDGER_OK;
}

/* A sum of so many amounts fits; beyond the bound nothing is added, and counts as the largest amount. */
static enum ledger_status read_trade(struct ledger *l, const struct month *m, int64_t to_id)
{
    return ledger_exec(
        l,
        "INSERT INTO levy_due (account_id, month_id, base_minor, at_us) "
        "SELECT e.account_id, $1, sum(e.amount_minor), 0 FROM entry e "
        "JOIN account a ON a.id = e.account_id AND a.currency_id = $2 "
        "JOIN member p ON p.id = a.member_id AND p.kind IN ('coop', 'person') " LEVY_TRADE
        "AND e.transfer_id > $3 AND e.transfer_id <= $4 GROUP BY e.account_id "
        "ON CONFLICT (account_id, month_id) DO UPDATE SET "
        "base_minor = levy_due.base_minor + excluded.base_minor "
        "WHERE levy_due.base_minor < 4000000000000000000",
        STORE_ARGS(store_int(m->id), store_int(m->currency_id), store_int(m->read_id),
                   store_int(to_id)));
}

static enum ledger_status read_accounts(struct ledger *l, const struct month *m, int64_t to_id)
{
    return ledger_exec(
        l,
        "INSERT INTO levy_due (account_id, month_id, base_minor, at_us) "
        "SELECT a.id, $1, 0, 0 FROM account a "
        "JOIN member p ON p.id = a.member_id AND p.kind IN ('coop', 'person') "
        "WHERE a.id > $3 AND a.id <= $4 AND a.currency_id = $2 AND a.opened_at_us < $5 AND "
        "p.state IN ('active', 'suspended')",
        STORE_ARGS(store_int(m->id), store_int(m->currency_id), store_int(m->read_id),
                   store_int(to_id), store_int(m->to_us)));
}

static enum ledger_status last_of(struct ledger *l, const struct month *m,
                                  const struct ledger_levy *levy, int64_t *last)
{
    *last = m->through_id;
    if (levy->points)
        return LEDGER_OK;
    return ledger_first(l, "SELECT max(id) FROM account", STORE_NO_ARGS, ledger_read_int, last);
}

/* Read a part of the month that is being read; `*whole` says that this was the last. */
static enum ledger_status read_on(struct ledger *l, const struct month *m, bool *whole)
{
    struct ledger_levy levy;
    int64_t last, to_id;

    LEDGER_TRY(ledger_levy_get(l, m->levy_id, &levy));
    LEDGER_TRY(last_of(l, m, &levy, &last));
    *whole = last - m->read_id <= LEDGER_LEVY_READ_MAX;
    to_id = *whole ? last : m->read_id + LEDGER_LEVY_READ_MAX;
    LEDGER_TRY(levy.points ? read_trade(l, m, to_id) : read_accounts(l, m, to_id));
    if (*whole)
        return ledger_exec(l, "DELETE FROM levy_reading WHERE month_id = $1",
                           STORE_ARGS(store_int(m->id)));
    return ledger_exec(l, "UPDATE levy_reading SET read_id = $2 WHERE month_id = $1",
                       STORE_ARGS(store_int(m->id), store_int(to_id)));
}

struct due {
    int64_t account_id;
    int64_t month_id;
    int64_t base_minor;
};

static enum ledger_status forget(struct ledger *l, const struct due *d)
{
    return ledger_exec(l, "DELETE FROM levy_due WHERE account_id = $1 AND month_id = $2",
                       STORE_ARGS(store_int(d->account_id), store_int(d->month_id)));
}

static enum ledger_status record(struct ledger *l, const struct due *d, int64_t amount_minor,
                                 int64_t transfer_id, const char *waived)
{
    int64_t id, at_us;

    LEDGER_TRY(ledger_latest_us(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM levy_charge", &id));
    LEDGER_TRY(
        ledger_exec(l,
                    "INSERT INTO levy_charge (id, month_id, account_id, base_minor, amount_minor, "
                    "transfer_id, at_us, waived) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    STORE_ARGS(store_int(id), store_int(d->month_id), store_int(d->account_id),
                               store_int(ledger_levy_base(d->base_minor)), store_int(amount_minor),
                               store_int_or_null(transfer_id, transfer_id), store_int(at_us),
                               store_text(waived))));
    return forget(l, d);
}

static enum ledger_status put_off(struct ledger *l, const struct due *d, enum ledger_status why,
                                  int64_t at_us)
{
    return ledger_exec(l,
                       "UPDATE levy_due SET at_us = $3, code = $4 WHERE account_id = $1 AND "
                       "month_id = $2",
                       STORE_ARGS(store_int(d->account_id), store_int(d->month_id),
                                  store_int(at_us), store_text(ledger_status_facts(why)->code)));
}

/* Dated on the month's last day; where that is closed, today, and the memo says so. */
static enum ledger_status take(struct ledger *l, const struct month *m, const struct due *d,
                               int64_t fund_account_id, int64_t amount_minor, int64_t *id)
{
    const struct ledger_leg legs[] = {{d->account_id, -amount_minor},
                                      {fund_account_id, amount_minor}};
    char day[LEDGER_DATE_TEXT];
    char memo[LEDGER_MEMO_MAX + 1];
    struct ledger_transfer_draft draft = {
        .kind = LEDGER_LEVY, .memo = memo, .legs = legs, .leg_count = 2};
    int32_t closed;

    LEDGER_TRY(ledger_period_closed_through(l, &closed));
    draft.effective_on = ledger_date_month_end(m->month_on);
    draft.has_effective = draft.effective_on > closed;
    snprintf(memo, sizeof memo, "levy of %.7s%s", ledger_date_format(m->month_on, day),
             draft.has_effective ? "" : ", whose books are closed");
    return ledger_transfer_post(l, &draft, id);
}

static enum ledger_status charge(struct ledger *l, const struct month *m, const struct due *d,
                                 int64_t now_us)
{
    struct ledger_levy levy, today;
    struct ledger_account a;
    int64_t transfer_id;

    LEDGER_TRY(ledger_levy_get(l, m->levy_id, &levy));
    int64_t amount_minor = ledger_levy_amount(&levy, d->base_minor);
    if (amount_minor == 0)
        return forget(l, d);
    LEDGER_TRY(ledger_account_load(l, d->account_id, &a));
    if (a.member_state == LEDGER_LEFT)
        return record(l, d, 0, 0, "it has left");
    LEDGER_TRY(ledger_levy_on(l, m->currency_id, ledger_day_of(l, now_us), &today));
    enum ledger_status status = take(l, m, d, today.fund_account_id, amount_minor, &transfer_id);
    if (ledger_status_is_fault(status) || status == LEDGER_CLOCK_BEHIND)
        return status;
    if (status != LEDGER_OK)
        return put_off(l, d, status, now_us + LEDGER_US_PER_DAY);
    return record(l, d, amount_minor, transfer_id, "");
}

struct dues {
    struct {
        struct month month;
        struct due due;
    } of[LEDGER_LEVY_DUE_MAX];
    int count;
};

static enum ledger_status read_due(void *into, const struct store_row *row)
{
    struct dues *all = into;

    LEDGER_TRY(read_month(&all->of[all->count].month, row));
    all->of[all->count].due = (struct due){.account_id = store_row_int(row, 8),
                                           .month_id = store_row_int(row, 0),
                                           .base_minor = store_row_int(row, 9)};
    all->count++;
    return LEDGER_OK;
}

/* Ask who is due, at most `most`; `*count` says how many were. */
static enum ledger_status charge_some(struct ledger *l, int64_t now_us, int most, int *count)
{
    struct dues all = {.count = 0};

    *count = 0;
    LEDGER_TRY(ledger_each(l,
                           "SELECT m.id, m.currency_id, m.levy_id, m.month_on, m.to_us, "
                           "m.after_id, m.through_id, 0, d.account_id, d.base_minor "
                           "FROM levy_due d JOIN levy_month m ON m.id = d.month_id "
                           "WHERE d.at_us <= $1 ORDER BY d.at_us, d.month_id, d.account_id "
                           "LIMIT $2",
                           STORE_ARGS(store_int(now_us), store_int(most)), read_due, &all));
    for (; *count < all.count; ++*count)
        LEDGER_TRY(charge(l, &all.of[*count].month, &all.of[*count].due, now_us));
    return LEDGER_OK;
}

/* What one run has done so far. */
struct run {
    int64_t now_us;
    int read; /* parts of months */
    int charged;
    int begun;
    bool over; /* it has done enough, or there is nothing more */
};

static enum ledger_status step(struct ledger *l, struct run *run)
{
    struct month m;
    bool whole, begun;
    int charged;

    enum ledger_status status =
        ledger_first(l,
                     "SELECT m.id, m.currency_id, m.levy_id, m.month_on, m.to_us, m.after_id, "
                     "m.through_id, r.read_id FROM levy_reading r "
                     "JOIN levy_month m ON m.id = r.month_id ORDER BY m.id LIMIT 1",
                     STORE_NO_ARGS, read_month, &m);
    if (status == LEDGER_OK) {
        LEDGER_TRY(read_on(l, &m, &whole));
        run->read++;
        run->over = !whole;
        return LEDGER_OK;
    }
    if (status != LEDGER_NO_ROW)
        return status;
    LEDGER_TRY(charge_some(l, run->now_us, LEDGER_LEVY_DUE_MAX - run->charged, &charged));
    run->charged += charged;
    run->over = run->charged == LEDGER_LEVY_DUE_MAX || run->begun == LEDGER_LEVY_MONTHS_MAX;
    if (run->over)
        return LEDGER_OK;
    LEDGER_TRY(begin_next(l, run->now_us, &begun));
    run->begun += begun;
    run->over = !begun;
    return LEDGER_OK;
}

enum ledger_status ledger_levy_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    struct run run = {.now_us = now_us};
    enum ledger_status status = LEDGER_OK;

    while (status == LEDGER_OK && !run.over)
        status = step(l, &run);
    *count = run.read + run.charged + run.begun;
    /* The clock stands behind the journal: what is due stays due. */
    return status == LEDGER_CLOCK_BEHIND ? LEDGER_OK : status;
}

static enum ledger_status read_open(void *into, const struct store_row *row)
{
    struct dues *all = into;

    LEDGER_TRY(read_due(all, row));
    return all->count == LEDGER_LEVY_DUE_MAX ? LEDGER_STOP : LEDGER_OK;
}

enum ledger_status ledger_levy_waive(struct ledger *l, int64_t account_id, const char *reason)
{
    struct dues all;

    do {
        all.count = 0;
        LEDGER_TRY(ledger_each(l,
                               "SELECT m.id, m.currency_id, m.levy_id, m.month_on, m.to_us, "
                               "m.after_id, m.through_id, 0, d.account_id, d.base_minor "
                               "FROM levy_due d JOIN levy_month m ON m.id = d.month_id "
                               "WHERE d.account_id = $1 AND d.code IS NOT NULL "
                               "ORDER BY d.month_id",
                               STORE_ARGS(store_int(account_id)), read_open, &all));
        for (int i = 0; i < all.count; i++)
            LEDGER_TRY(record(l, &all.of[i].due, 0, 0, reason));
    } while (all.count == LEDGER_LEVY_DUE_MAX);
    return LEDGER_OK;
}
