#include "statement.h"

#include "date.h"
#include "handle.h"
#include "journal.h"

#include <assert.h>

/* The period of a query as transfer ids: those posted in it are after `before` and up to `last`. */
struct period {
    int64_t account_id;
    int64_t currency_id;
    int32_t from_on;
    int32_t to_on;
    int64_t before;
    int64_t last;
};

struct lines {
    enum ledger_order by;
    int64_t balance_minor; /* before the next line */
    ledger_statement_reader *read;
    void *ctx;
};

static enum ledger_status read_line(void *into, const struct store_row *row)
{
    struct lines *lines = into;
    struct ledger_statement_line line = {
        .transfer_id = store_row_int(row, 0),
        .posted_at_us = store_row_int(row, 1),
        .effective_on = (int32_t)store_row_int(row, 2),
        .late = !store_row_null(row, 3),
        .corrects = store_row_int(row, 5),
        .amount_minor = store_row_int(row, 6),
        .balance_minor = store_row_int(row, 7),
        .counterparties = (int)store_row_int(row, 8),
        .has_text = !store_row_null(row, 10),
    };

    LEDGER_TRY(ledger_transfer_kind_parse(store_row_text(row, 4), &line.kind));
    store_row_copy(row, 9, line.counterparty, sizeof line.counterparty);
    store_row_copy(row, 11, line.memo, sizeof line.memo);
    store_row_copy(row, 12, line.reference, sizeof line.reference);
    lines->balance_minor += line.amount_minor;
    if (lines->by == LEDGER_BY_EFFECTIVE)
        line.balance_minor = lines->balance_minor;
    return lines->read(lines->ctx, &line);
}

/* With whom: somebody in this currency on the other side, since the legs sum to zero in it. */
#define LINE                                                                                       \
    "t.id, t.posted_at_us, t.effective_on, e.late_on, t.kind, t.corrects, e.amount_minor, "        \
    "e.balance_minor, (SELECT count(*) - 1 FROM entry o WHERE o.transfer_id = t.id), "             \
    "(SELECT coalesce(i.handle, 'erased-' || a.member_id) FROM entry o "                           \
    "JOIN account a ON a.id = o.account_id "                                                       \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "                                    \
    "WHERE o.transfer_id = t.id AND a.currency_id = $2 AND "                                       \
    "(o.amount_minor < 0) <> (e.amount_minor < 0) ORDER BY o.leg LIMIT 1), "                       \
    "t.text_hash, x.memo, x.reference "

#define ENTRY "transfer_id, leg, amount_minor, balance_minor, late_on "

#define ITS_TRANSFER                                                                               \
    "JOIN transfer t ON t.id = e.transfer_id LEFT JOIN transfer_text x ON x.transfer_id = t.id "

static enum ledger_status page_posted(struct ledger *l, const struct period *p, int64_t after,
                                      int64_t limit, struct lines *lines)
{
    return ledger_each(
        l,
        JOURNAL_WALK("$1", "$3", "$4",
                     "$6") "SELECT " LINE "FROM (SELECT * FROM walk WHERE transfer_id <= $4 "
                           "ORDER BY transfer_id LIMIT $5) AS e " ITS_TRANSFER "ORDER BY t.id",
        STORE_ARGS(store_int(p->account_id), store_int(p->currency_id),
                   store_int(after > p->before ? after : p->before), store_int(p->last),
                   store_int(limit), store_int(JOURNAL_SKIP(limit))),
        read_line, lines);
}

/* What was posted on its day is in order already; what was late has an index of its own. */
static enum ledger_status page_effective(struct ledger *l, const struct period *p,
                                         const struct ledger_statement_query *q, int64_t limit,
                                         struct lines *lines)
{
    int32_t after_on = q->after_transfer_id ? q->after_effective_on : LEDGER_DAY_MIN - 1;

    return ledger_each(
        l,
        JOURNAL_WALK("$1", "$3", "$4",
                     "$10") "SELECT " LINE "FROM (SELECT * FROM (SELECT " ENTRY "FROM walk WHERE "
                            "transfer_id <= $4 AND late_on IS NULL ORDER BY transfer_id LIMIT $9) "
                            "AS on_time UNION ALL "
                            "SELECT * FROM (SELECT " ENTRY "FROM entry WHERE account_id = $1 AND "
                            "late_on BETWEEN $5 AND $6 AND (late_on, transfer_id) > ($7, $8) "
                            "ORDER BY late_on, transfer_id LIMIT $9) AS late) AS e " ITS_TRANSFER
                            "ORDER BY t.effective_on, t.id LIMIT $9",
        STORE_ARGS(store_int(p->account_id), store_int(p->currency_id), store_int(p->before),
                   store_int(p->last), store_int(p->from_on), store_int(p->to_on),
                   store_int(after_on), store_int(q->after_transfer_id), store_int(limit),
                   store_int(JOURNAL_SKIP_NONE)),
        read_line, lines);
}

static enum ledger_status balance_before(struct ledger *l, const struct period *p,
                                         enum ledger_order by, int64_t *balance_minor)
{
    if (by == LEDGER_BY_POSTED)
        return ledger_journal_balance_at(l, p->account_id, p->before, balance_minor);
    return ledger_journal_balance_effective(l, p->account_id, p->from_on - 1, balance_minor);
}

static enum ledger_status balance_after(struct ledger *l, const struct period *p,
                                        enum ledger_order by, int64_t *balance_minor)
{
    if (by == LEDGER_BY_POSTED)
        return ledger_journal_balance_at(l, p->account_id, p->last, balance_minor);
    return ledger_journal_balance_effective(l, p->account_id, p->to_on, balance_minor);
}

static enum ledger_status read_totals(void *into, const struct store_row *row)
{
    struct ledger_statement *s = into;

    s->in_minor = store_row_int(row, 0);
    s->out_minor = store_row_int(row, 1);
    s->lines = store_row_int(row, 2);
    return LEDGER_OK;
}

#define TOTALS                                                                                     \
    "SELECT coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0), "                      \
    "-coalesce(sum(amount_minor) FILTER (WHERE amount_minor < 0), 0), count(*) "

static enum ledger_status add_up(struct ledger *l, const struct period *p, enum ledger_order by,
                                 struct ledger_statement *s)
{
    switch (by) {
    case LEDGER_BY_POSTED:
        return ledger_first(
            l, JOURNAL_WALK("$1", "$2", "$3", "$4") TOTALS "FROM walk WHERE transfer_id <= $3",
            STORE_ARGS(store_int(p->account_id), store_int(p->before), store_int(p->last),
                       store_int(JOURNAL_SKIP_NONE)),
            read_totals, s);
    case LEDGER_BY_EFFECTIVE:
        return ledger_first(
            l,
            JOURNAL_WALK("$1", "$2", "$3", "$6") TOTALS
            "FROM (SELECT amount_minor FROM walk WHERE transfer_id <= $3 AND late_on IS NULL "
            "UNION ALL SELECT amount_minor FROM entry WHERE account_id = $1 AND "
            "late_on BETWEEN $4 AND $5) AS lines",
            STORE_ARGS(store_int(p->account_id), store_int(p->before), store_int(p->last),
                       store_int(p->from_on), store_int(p->to_on), store_int(JOURNAL_SKIP_NONE)),
            read_totals, s);
    }
    return LEDGER_OK;
}

static enum ledger_status fill_header(struct ledger *l, const struct period *p,
                                      enum ledger_order by, bool first_page,
                                      struct ledger_statement *s)
{
    *s = (struct ledger_statement){0};
    LEDGER_TRY(balance_before(l, p, by, &s->opening_minor));
    LEDGER_TRY(balance_after(l, p, by, &s->closing_minor));
    if (!first_page)
        return LEDGER_OK;
    LEDGER_TRY(add_up(l, p, by, s));
    if (s->opening_minor + s->in_minor - s->out_minor != s->closing_minor)
        return ledger_refuse(l, LEDGER_INTEGRITY,
                             "the statement does not foot: run `coledger verify`");
    return LEDGER_OK;
}

/*
 * Where a later page by effective date starts: after a line of some day, which may have been late.
 * Those of the day that were not late, and of later days, come after the lower of two transfers.
 */
static enum ledger_status turn_page(struct ledger *l, struct period *p,
                                    const struct ledger_statement_query *q, int64_t *balance_minor)
{
    int64_t day_last;
    int64_t same_day_minor;

    if (q->after_effective_on < q->from_on || q->after_effective_on > q->to_on)
        return ledger_refuse(l, LEDGER_CURSOR_MALFORMED,
                             "that page belongs to another statement: begin with the first");
    p->from_on = q->after_effective_on;
    LEDGER_TRY(ledger_journal_last_on(l, p->from_on - 1, &p->before));
    LEDGER_TRY(ledger_journal_last_on(l, p->from_on, &day_last));
    LEDGER_TRY(balance_before(l, p, LEDGER_BY_EFFECTIVE, balance_minor));
    if (day_last > q->after_transfer_id)
        day_last = q->after_transfer_id;
    if (day_last < p->before)
        day_last = p->before;
    LEDGER_TRY(ledger_first(
        l,
        JOURNAL_WALK(
            "$1", "$2", "$3",
            "$6") "SELECT coalesce(sum(amount_minor), 0) FROM (SELECT amount_minor FROM walk WHERE "
                  "transfer_id <= $3 AND late_on IS NULL "
                  "UNION ALL SELECT amount_minor FROM entry WHERE account_id = $1 AND late_on = $4 "
                  "AND "
                  "transfer_id <= $5) AS same_day",
        STORE_ARGS(store_int(p->account_id), store_int(p->before), store_int(day_last),
                   store_int(p->from_on), store_int(q->after_transfer_id),
                   store_int(JOURNAL_SKIP_NONE)),
        ledger_read_int, &same_day_minor));
    *balance_minor += same_day_minor;
    p->before = day_last;
    return LEDGER_OK;
}

static enum ledger_status find_period(struct ledger *l, const struct ledger_statement_query *q,
                                      struct period *p)
{
    struct ledger_account a;

    LEDGER_TRY(ledger_account_get(l, q->account_id, &a));
    *p = (struct period){
        .account_id = a.id, .currency_id = a.currency_id, .from_on = q->from_on, .to_on = q->to_on};
    LEDGER_TRY(ledger_journal_last_on(l, q->from_on - 1, &p->before));
    return ledger_journal_last_on(l, q->to_on, &p->last);
}

enum ledger_status ledger_statement_read(struct ledger *l, const struct ledger_statement_query *q,
                                         struct ledger_statement *s, ledger_statement_reader *read,
                                         void *ctx)
{
    struct period p;
    struct lines lines = {.by = q->by, .read = read, .ctx = ctx};
    bool first_page = q->after_transfer_id == 0;
    int64_t limit = q->limit ? q->limit : INT64_MAX;

    assert(ledger_in_transaction(l));
    if (q->from_on > q->to_on)
        return ledger_blame(
            l, ledger_refuse(l, LEDGER_PERIOD_MALFORMED, "the period ends before it begins"), "to",
            -1);
    LEDGER_TRY(find_period(l, q, &p));
    LEDGER_TRY(fill_header(l, &p, q->by, first_page, s));
    if (q->by == LEDGER_BY_POSTED)
        return page_posted(l, &p, q->after_transfer_id, limit, &lines);
    lines.balance_minor = s->opening_minor;
    if (!first_page)
        LEDGER_TRY(turn_page(l, &p, q, &lines.balance_minor));
    return page_effective(l, &p, q, limit, &lines);
}
