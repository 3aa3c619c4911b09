#include "statement.h"

#include "date.h"
#include "handle.h"
#include "walk.h"

#include <assert.h>
#include <string.h>

#define STATEMENT_LINES_AT_ONCE 512

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
    struct ledger *l;
    enum ledger_order by;
    int64_t currency_id;
    int64_t balance_minor; /* before the next line */
    ledger_statement_reader *read;
    void *ctx;
};

struct other_side {
    struct ledger *l;
    struct ledger_statement_line *line;
    int64_t currency_id;
};

static enum ledger_status read_facts(struct ledger_statement_line *line,
                                     const struct store_row *row)
{
    line->posted_at_us = store_row_int(row, 0);
    line->effective_on = (int32_t)store_row_int(row, 1);
    line->corrects = store_row_int(row, 3);
    line->has_text = !store_row_null(row, 4);
    store_row_copy(row, 5, line->memo, sizeof line->memo);
    store_row_copy(row, 6, line->reference, sizeof line->reference);
    return ledger_transfer_kind_parse(store_row_text(row, 2), &line->kind);
}

/* With whom: somebody in this currency on the other side, since the legs sum to zero in it. */
static enum ledger_status read_other(void *into, const struct store_row *row)
{
    const struct other_side *other = into;
    struct ledger_statement_line *line = other->line;
    bool pays = store_row_int(row, 7) < 0;
    const struct ledger_whose *whose;

    if (line->counterparties++ == 0)
        LEDGER_TRY(read_facts(line, row));
    if (line->counterparty[0] != '\0' || pays == (line->amount_minor < 0))
        return LEDGER_OK;
    LEDGER_TRY(ledger_whose(other->l, store_row_int(row, 8), &whose));
    if (whose->currency_id == other->currency_id)
        memcpy(line->counterparty, whose->handle, sizeof line->counterparty);
    return LEDGER_OK;
}

static enum ledger_status tell_line(struct lines *lines, const struct ledger_walk_entry *e)
{
    struct ledger_statement_line line = {.transfer_id = e->transfer_id,
                                         .late = e->late,
                                         .amount_minor = e->amount_minor,
                                         .balance_minor = e->balance_minor};
    struct other_side other = {lines->l, &line, lines->currency_id};

    LEDGER_TRY(ledger_each(
        lines->l,
        "SELECT t.posted_at_us, t.effective_on, t.kind, t.corrects, t.text_hash, x.memo, "
        "x.reference, o.amount_minor, o.account_id FROM transfer t "
        "LEFT JOIN transfer_text x ON x.transfer_id = t.id "
        "JOIN entry o ON o.transfer_id = t.id WHERE t.id = $1 AND o.leg <> $2 ORDER BY o.leg",
        STORE_ARGS(store_int(e->transfer_id), store_int(e->leg)), read_other, &other));
    lines->balance_minor += line.amount_minor;
    if (lines->by == LEDGER_BY_EFFECTIVE)
        line.balance_minor = lines->balance_minor;
    return lines->read(lines->ctx, &line);
}

/* What was posted on its day is in order already; what was late has an index of its own. */
static enum ledger_status read_entry(void *into, const struct store_row *row)
{
    const struct ledger_walk_entry e = {.transfer_id = store_row_int(row, 0),
                                        .leg = (int)store_row_int(row, 1),
                                        .amount_minor = store_row_int(row, 2),
                                        .late = !store_row_null(row, 3)};

    return tell_line(into, &e);
}

#define ENTRY "transfer_id, leg, amount_minor, late_on "

static enum ledger_status page_effective(struct ledger *l, const struct period *p,
                                         const struct ledger_statement_query *q, int64_t limit,
                                         struct lines *lines)
{
    int32_t after_on = q->after_transfer_id ? q->after_effective_on : LEDGER_DAY_MIN - 1;

    return ledger_each(
        l,
        JOURNAL_WALK(
            "$1", "$2", "$3",
            "$9") "SELECT e.transfer_id, e.leg, e.amount_minor, e.late_on FROM ("
                  "SELECT * FROM (SELECT " ENTRY
                  "FROM walk WHERE transfer_id <= $3 AND late_on IS NULL "
                  "ORDER BY transfer_id LIMIT $8) AS on_time UNION ALL "
                  "SELECT * FROM (SELECT " ENTRY "FROM entry WHERE account_id = $1 AND "
                  "late_on BETWEEN $4 AND $5 AND (late_on, transfer_id) > ($6, $7) "
                  "ORDER BY late_on, transfer_id LIMIT $8) AS late) AS e "
                  "JOIN transfer t ON t.id = e.transfer_id ORDER BY t.effective_on, t.id LIMIT $8",
        STORE_ARGS(store_int(p->account_id), store_int(p->before), store_int(p->last),
                   store_int(p->from_on), store_int(p->to_on), store_int(after_on),
                   store_int(q->after_transfer_id), store_int(limit), store_int(JOURNAL_SKIP_NONE)),
        read_entry, lines);
}

static enum ledger_status balance_before(struct ledger *l, const struct period *p,
                                         int64_t *balance_minor)
{
    return ledger_journal_balance_effective(l, p->account_id, p->from_on - 1, balance_minor);
}

static enum ledger_status read_totals(void *into, const struct store_row *row)
{
    struct ledger_statement *s = into;

    s->in_minor = store_row_int(row, 0);
    s->out_minor = store_row_int(row, 1);
    s->lines = store_row_int(row, 2);
    return LEDGER_OK;
}

static enum ledger_status add_up_effective(struct ledger *l, const struct period *p,
                                           struct ledger_statement *s)
{
    return ledger_first(
        l,
        JOURNAL_WALK(
            "$1", "$2", "$3",
            "$6") "SELECT coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0), "
                  "-coalesce(sum(amount_minor) FILTER (WHERE amount_minor < 0), 0), count(*) "
                  "FROM (SELECT amount_minor FROM walk WHERE transfer_id <= $3 AND late_on IS NULL "
                  "UNION ALL SELECT amount_minor FROM entry WHERE account_id = $1 AND "
                  "late_on BETWEEN $4 AND $5) AS lines",
        STORE_ARGS(store_int(p->account_id), store_int(p->before), store_int(p->last),
                   store_int(p->from_on), store_int(p->to_on), store_int(JOURNAL_SKIP_NONE)),
        read_totals, s);
}

static enum ledger_status check_footing(struct ledger *l, const struct ledger_statement *s)
{
    if (s->opening_minor + s->in_minor - s->out_minor == s->closing_minor)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_INTEGRITY, "the statement does not foot: run `coledger verify`");
}

/* The oldest `limit` entries of a walk, which come last. */
struct oldest {
    int limit;
    int64_t seen;
    struct ledger_walk_entry entries[STATEMENT_LINES_AT_ONCE];
};

static enum ledger_status tell_oldest(struct lines *lines, const struct oldest *oldest)
{
    int64_t from = oldest->seen > oldest->limit ? oldest->seen - oldest->limit : 0;

    for (int64_t n = oldest->seen; n-- > from;)
        LEDGER_TRY(tell_line(lines, &oldest->entries[n % oldest->limit]));
    return LEDGER_OK;
}

static void add_entry(struct ledger_statement *s, const struct ledger_walk_entry *e)
{
    if (s->lines++ == 0)
        s->closing_minor = e->balance_minor;
    if (e->amount_minor > 0)
        s->in_minor += e->amount_minor;
    else
        s->out_minor -= e->amount_minor;
    s->opening_minor = e->balance_minor - e->amount_minor;
}

/* One walk over the period for its header and its first lines. */
static enum ledger_status first_posted(struct ledger *l, const struct period *p,
                                       struct ledger_statement *s, struct oldest *oldest)
{
    struct ledger_walk walk;
    const struct ledger_walk_entry *e;
    enum ledger_status status;

    LEDGER_TRY(ledger_walk_begin(l, p->account_id, p->before, p->last, JOURNAL_SKIP_NONE, &walk));
    while ((status = ledger_walk_next(&walk, &e)) == LEDGER_OK) {
        add_entry(s, e);
        oldest->entries[oldest->seen++ % oldest->limit] = *e;
    }
    if (status != LEDGER_NO_ROW)
        return status;
    if (s->lines > 0)
        return check_footing(l, s);
    LEDGER_TRY(ledger_journal_balance_at(l, p->account_id, p->last, &s->closing_minor));
    s->opening_minor = s->closing_minor;
    return LEDGER_OK;
}

static enum ledger_status later_posted(struct ledger *l, const struct period *p, int64_t after,
                                       struct oldest *oldest)
{
    struct ledger_walk walk;
    const struct ledger_walk_entry *e;
    enum ledger_status status;

    oldest->seen = 0;
    LEDGER_TRY(ledger_walk_begin(l, p->account_id, after > p->before ? after : p->before, p->last,
                                 JOURNAL_SKIP(oldest->limit), &walk));
    while ((status = ledger_walk_next(&walk, &e)) == LEDGER_OK)
        oldest->entries[oldest->seen++ % oldest->limit] = *e;
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

static enum ledger_status read_posted(struct ledger *l, const struct period *p,
                                      const struct ledger_statement_query *q,
                                      struct ledger_statement *s, struct lines *lines)
{
    int64_t after = q->after_transfer_id;
    struct oldest oldest = {.limit = STATEMENT_LINES_AT_ONCE};

    if (q->limit && q->limit < oldest.limit)
        oldest.limit = q->limit;
    if (after == 0) {
        LEDGER_TRY(first_posted(l, p, s, &oldest));
    } else {
        LEDGER_TRY(ledger_journal_balance_at(l, p->account_id, p->before, &s->opening_minor));
        LEDGER_TRY(ledger_journal_balance_at(l, p->account_id, p->last, &s->closing_minor));
        LEDGER_TRY(later_posted(l, p, after, &oldest));
    }
    LEDGER_TRY(tell_oldest(lines, &oldest));
    while (!q->limit && oldest.seen >= oldest.limit) {
        after = oldest.entries[(oldest.seen - oldest.limit) % oldest.limit].transfer_id;
        LEDGER_TRY(later_posted(l, p, after, &oldest));
        LEDGER_TRY(tell_oldest(lines, &oldest));
    }
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
    LEDGER_TRY(balance_before(l, p, balance_minor));
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

static enum ledger_status read_effective(struct ledger *l, struct period *p,
                                         const struct ledger_statement_query *q,
                                         struct ledger_statement *s, struct lines *lines)
{
    LEDGER_TRY(balance_before(l, p, &s->opening_minor));
    LEDGER_TRY(ledger_journal_balance_effective(l, p->account_id, p->to_on, &s->closing_minor));
    lines->balance_minor = s->opening_minor;
    if (q->after_transfer_id == 0) {
        LEDGER_TRY(add_up_effective(l, p, s));
        LEDGER_TRY(check_footing(l, s));
    } else {
        LEDGER_TRY(turn_page(l, p, q, &lines->balance_minor));
    }
    return page_effective(l, p, q, q->limit ? q->limit : INT64_MAX, lines);
}

enum ledger_status ledger_statement_read(struct ledger *l, const struct ledger_statement_query *q,
                                         struct ledger_statement *s, ledger_statement_reader *read,
                                         void *ctx)
{
    struct period p;
    struct lines lines = {.l = l, .by = q->by, .read = read, .ctx = ctx};

    assert(ledger_in_transaction(l));
    if (q->from_on > q->to_on)
        return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "to",
                                   "the period ends before it begins");
    LEDGER_TRY(find_period(l, q, &p));
    *s = (struct ledger_statement){0};
    lines.currency_id = p.currency_id;
    switch (q->by) {
    case LEDGER_BY_POSTED: {
        enum ledger_status status = read_posted(l, &p, q, s, &lines);
        return status == LEDGER_STOP ? LEDGER_OK : status;
    }
    case LEDGER_BY_EFFECTIVE:
        return read_effective(l, &p, q, s, &lines);
    }
    return LEDGER_OK;
}
