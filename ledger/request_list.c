#include "request_list.h"

#include "date.h"
#include "request_row.h"

/* Overdue is never a secondary filter of all: what is overdue is open. */
#define OPEN                                                                                       \
    REQUEST_COLUMNS "FROM request_open o JOIN request r ON r.id = o.request_id " REQUEST_JOINS
#define ALL                                                                                        \
    REQUEST_COLUMNS "FROM request r " REQUEST_JOINS                                                \
                    "LEFT JOIN request_open o ON o.request_id = r.id "
#define OPEN_PAGE                                                                                  \
    "o.request_id > $2 AND ($3 = 0 OR r.currency_id = $3) AND o.due_on < $4 "                      \
    "ORDER BY o.request_id LIMIT $5"
#define ALL_PAGE                                                                                   \
    "r.id > $2 AND ($3 = 0 OR r.currency_id = $3) AND r.due_on < $4 ORDER BY r.id LIMIT $5"

/* Both sides of one member: two scans in order, merged; an OR would sort all that it ever asked. */
#define OPEN_OF(side)                                                                              \
    "SELECT n.request_id AS id FROM request_open n JOIN request q ON q.id = n.request_id WHERE "   \
    "n." side " = $1 AND n.request_id > $2 AND ($3 = 0 OR q.currency_id = $3) AND n.due_on < $4 "
#define ALL_OF(side)                                                                               \
    "SELECT q.id FROM request q WHERE q." side " = $1 AND q.id > $2 AND ($3 = 0 OR "               \
    "q.currency_id = $3) AND q.due_on < $4 "
#define EITHER_OF(of)                                                                              \
    REQUEST_COLUMNS "FROM (" of("payer_id") "UNION ALL " of(                                       \
        "payee_id") "ORDER BY 1 LIMIT $5) "                                                        \
                    "AS mine JOIN request r ON r.id = mine.id " REQUEST_JOINS                      \
                    "LEFT JOIN request_open o ON o.request_id = r.id ORDER BY r.id"

enum { PAYER, PAYEE, EITHER, ANYBODY, SIDES };

static const char *const open_sql[SIDES] = {
    OPEN "WHERE o.payer_id = $1 AND " OPEN_PAGE,
    OPEN "WHERE o.payee_id = $1 AND " OPEN_PAGE,
    EITHER_OF(OPEN_OF),
    OPEN "WHERE $1 = 0 AND " OPEN_PAGE,
};
static const char *const all_sql[SIDES] = {
    ALL "WHERE r.payer_id = $1 AND " ALL_PAGE,
    ALL "WHERE r.payee_id = $1 AND " ALL_PAGE,
    EITHER_OF(ALL_OF),
    ALL "WHERE $1 = 0 AND " ALL_PAGE,
};

struct each {
    ledger_request_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_request r;

    LEDGER_TRY(ledger_request_read(&r, row));
    return each->read(each->ctx, &r);
}

static int side_of(const struct ledger_request_filter *f)
{
    if (!f->member_id)
        return ANYBODY;
    if (f->to_pay == f->to_be_paid)
        return EITHER;
    return f->to_pay ? PAYER : PAYEE;
}

enum ledger_status ledger_request_each(struct ledger *l, const struct ledger_request_filter *f,
                                       ledger_request_reader *read, void *ctx)
{
    struct each each = {read, ctx};
    bool all = f->all && !f->overdue;
    int32_t due_before = f->overdue ? ledger_today(l) : INT32_MAX;

    return ledger_each(l, all ? all_sql[side_of(f)] : open_sql[side_of(f)],
                       STORE_ARGS(store_int(f->member_id), store_int(f->after_id),
                                  store_int(f->currency_id), store_int(due_before),
                                  store_int(f->limit)),
                       pass_on, &each);
}

/*
 * What of an event counts: by when it was written, or by the day of its credit note or transfer, the later one of a
 * refund that a credit note counts. A payment that is counted when its day is closed counts from then on only.
 */
#define WRITTEN "request_event e WHERE e.at_us < $3"
#define DAY                                                                                        \
    "CASE WHEN e.kind = 'matched' AND EXISTS (SELECT 1 FROM period_close p WHERE p.through_on >= " \
    "t.effective_on AND p.at_us <= e.at_us) THEN NULL WHEN t.effective_on IS NULL OR "             \
    "n.issued_on > t.effective_on THEN n.issued_on ELSE t.effective_on END"
#define DATED                                                                                      \
    "request_event e LEFT JOIN transfer t ON t.id = e.transfer_id LEFT JOIN request n ON n.id = "  \
    "e.credit_id WHERE coalesce(" DAY " <= $2, e.at_us < $3)"

/* `by` is the member that a row is for, `whose` picks the requests; `asked` those that were there, `counts` their events. */
#define AGED(by, whose, asked, counts)                                                             \
    "SELECT who, coalesce(i.handle, 'erased-' || who), late, open FROM (SELECT " by                \
    " AS who, $2 - r.due_on AS late, CASE WHEN $4 IS NULL THEN r.ledger_minor + "                  \
    "coalesce((SELECT sum(e.ledger_minor) FROM " counts " AND e.request_id = r.id), 0) ELSE "      \
    "r.outside_minor + coalesce((SELECT sum(e.outside_minor) FROM " counts                         \
    " AND e.request_id = r.id), 0) END AS open FROM request r WHERE " whose                        \
    " AND r.kind = 'invoice' AND r.currency_id = $5 AND " asked                                    \
    " AND ($4 IS NULL OR r.outside_unit = $4)) AS then_open "                                      \
    "LEFT JOIN member_identity i ON i.member_id = who WHERE open > 0 ORDER BY who"

#define EACH_WAY(by, whose)                                                                        \
    {                                                                                              \
        AGED(by, whose, "r.issued_on <= $2", DATED),                                               \
            AGED(by, whose, "r.asked_at_us < $3", WRITTEN)                                         \
    }

static const char *const aged_sql[2][2][2] = {
    {EACH_WAY("r.payee_id", "$1 = 0"), EACH_WAY("r.payer_id", "$1 = 0")},
    {EACH_WAY("r.payer_id", "r.payee_id = $1"), EACH_WAY("r.payee_id", "r.payer_id = $1")},
};

/* Added up here: a sum in SQL that overflows is an error of the store, and no refusal. */
struct each_aged {
    struct ledger *l;
    ledger_request_aged_reader *read;
    void *ctx;
    struct ledger_request_aged
        row; /* of the member at hand; nobody's while nothing is open in it */
};

static enum ledger_status tell_aged(const struct each_aged *each)
{
    return each->row.open_minor ? each->read(each->ctx, &each->row) : LEDGER_OK;
}

static int bucket_of(int64_t late_days)
{
    if (late_days < 1)
        return 0;
    return late_days > 90 ? LEDGER_AGED_BUCKETS - 1 : 1 + (int)(late_days - 1) / 30;
}

static enum ledger_status add_aged(void *into, const struct store_row *row)
{
    struct each_aged *each = into;
    struct ledger_request_aged *aged = &each->row;
    int64_t open_minor = store_row_int(row, 3);

    if (aged->member_id != store_row_int(row, 0)) {
        LEDGER_TRY(tell_aged(each));
        *aged = (struct ledger_request_aged){.member_id = store_row_int(row, 0)};
        store_row_copy(row, 1, aged->handle, sizeof aged->handle);
    }
    if (__builtin_add_overflow(aged->open_minor, open_minor, &aged->open_minor))
        return ledger_refuse(each->l, LEDGER_AMOUNT_OVERFLOW,
                             "what is open of %s is more than the ledger counts", aged->handle);
    aged->buckets_minor[bucket_of(store_row_int(row, 2))] += open_minor;
    return LEDGER_OK;
}

static enum ledger_status check_unit(struct ledger *l, const struct ledger_aged_filter *f)
{
    int64_t stated;

    if (!f->unit)
        return LEDGER_OK;
    LEDGER_TRY(ledger_first(
        l, "SELECT count(*) FROM equivalent WHERE currency_id = $1 AND unit = $2",
        STORE_ARGS(store_int(f->currency_id), store_text(f->unit)), ledger_read_int, &stated));
    return stated ? LEDGER_OK
                  : ledger_refuse_field(l, LEDGER_NO_EQUIVALENT, "unit",
                                        "what this currency is worth in %s was never stated, so "
                                        "nothing is payable in that",
                                        f->unit);
}

enum ledger_status ledger_request_aged(struct ledger *l, const struct ledger_aged_filter *f,
                                       ledger_request_aged_reader *read, void *ctx)
{
    struct each_aged each = {.l = l, .read = read, .ctx = ctx};

    if (f->as_of > ledger_today(l))
        return ledger_refuse_field(l, LEDGER_DATE_IN_FUTURE, "as_of",
                                   "what is open is known through today");
    LEDGER_TRY(check_unit(l, f));
    LEDGER_TRY(ledger_each(l, aged_sql[f->member_id != 0][f->to_pay][f->by_posted],
                           STORE_ARGS(store_int(f->member_id), store_int(f->as_of),
                                      store_int(ledger_day_start_us(l, f->as_of + 1)),
                                      store_text(f->unit), store_int(f->currency_id)),
                           add_aged, &each));
    return tell_aged(&each);
}
