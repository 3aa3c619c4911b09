#include "write_off.h"

#include "date.h"
#include "handle.h"

enum ledger_status ledger_write_off_record(struct ledger *l, int64_t transfer_id,
                                           int64_t account_id, int64_t amount_minor)
{
    return ledger_exec(
        l, "INSERT INTO write_off (transfer_id, account_id, amount_minor) VALUES ($1, $2, $3)",
        STORE_ARGS(store_int(transfer_id), store_int(account_id), store_int(amount_minor)));
}

/* What was given back of a plain one: refunds of its transfer that stand. */
#define REFUNDED                                                                                   \
    "coalesce((SELECT sum(f.amount_minor) FROM transfer u JOIN entry f ON f.transfer_id = u.id "   \
    "AND f.amount_minor > 0 WHERE u.corrects = w.transfer_id AND u.kind = 'refund' AND NOT "       \
    "EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = u.id AND v.kind = 'reversal')), 0)"

struct each {
    ledger_write_off_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_write_off w = {.transfer_id = store_row_int(row, 0),
                                 .member_id = store_row_int(row, 1),
                                 .posted_at_us = store_row_int(row, 2),
                                 .amount_minor = store_row_int(row, 3),
                                 .default_id = store_row_int(row, 4),
                                 .reversal_id = store_row_int(row, 5),
                                 .recovered_minor = store_row_int(row, 6),
                                 .scale = (int)store_row_int(row, 7)};

    store_row_copy(row, 8, w.handle, sizeof w.handle);
    store_row_copy(row, 9, w.code, sizeof w.code);
    return each->read(each->ctx, &w);
}

enum ledger_status ledger_write_off_each(struct ledger *l, const struct ledger_write_off_filter *f,
                                         ledger_write_off_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(
        l,
        "SELECT w.transfer_id, a.member_id, t.posted_at_us, w.amount_minor, w.default_id, "
        "(SELECT v.id FROM transfer v WHERE v.corrects = w.transfer_id AND v.kind = 'reversal'), "
        "CASE WHEN w.default_id IS NULL THEN " REFUNDED
        " ELSE coalesce((SELECT sum(r.amount_minor) "
        "FROM default_recovery r WHERE r.default_id = w.default_id), 0) END, c.scale, "
        "coalesce(i.handle, 'erased-' || a.member_id), c.code "
        "FROM write_off w JOIN transfer t ON t.id = w.transfer_id "
        "JOIN account a ON a.id = w.account_id JOIN currency c ON c.id = a.currency_id "
        "LEFT JOIN member_identity i ON i.member_id = a.member_id "
        "WHERE w.transfer_id > $1 AND t.posted_at_us >= $2 AND t.posted_at_us < $3 "
        "ORDER BY w.transfer_id LIMIT $4",
        STORE_ARGS(store_int(f->after_id), store_int(f->from_us), store_int(f->to_us),
                   store_int(f->limit)),
        pass_on, &each);
}

struct each_sum {
    ledger_write_off_sum_reader *read;
    void *ctx;
};

static enum ledger_status pass_sum(void *into, const struct store_row *row)
{
    const struct each_sum *each = into;
    struct ledger_write_off_sum s = {.scale = (int)store_row_int(row, 1),
                                     .write_offs = store_row_int(row, 3),
                                     .amount_minor = store_row_int(row, 4),
                                     .recovered_minor = store_row_int(row, 5)};

    store_row_copy(row, 0, s.code, sizeof s.code);
    store_row_copy(row, 2, s.bearer, sizeof s.bearer);
    return each->read(each->ctx, &s);
}

/* A plain one is borne by whoever paid; one of a default by its shares. */
enum ledger_status ledger_write_off_year(struct ledger *l, int year,
                                         ledger_write_off_sum_reader *read, void *ctx)
{
    struct each_sum each = {read, ctx};
    int64_t from_us = ledger_day_start_us(l, ledger_date_from_civil(year, 1, 1));
    int64_t to_us = ledger_day_start_us(l, ledger_date_from_civil(year + 1, 1, 1));

    return ledger_each(
        l,
        "SELECT c.code, c.scale, CASE WHEN m.kind = 'fund' THEN coalesce(i.handle, 'erased-' || "
        "m.id) ELSE 'members' END AS bearer, count(DISTINCT b.transfer_id), sum(b.amount_minor), "
        "sum(b.recovered_minor) FROM (SELECT w.transfer_id, e.account_id, -e.amount_minor AS "
        "amount_minor, " REFUNDED
        " AS recovered_minor FROM write_off w JOIN entry e ON e.transfer_id = "
        "w.transfer_id AND e.amount_minor < 0 WHERE w.default_id IS NULL AND NOT EXISTS (SELECT 1 "
        "FROM transfer v WHERE v.corrects = w.transfer_id AND v.kind = 'reversal') UNION ALL "
        "SELECT w.transfer_id, s.account_id, s.amount_minor, coalesce((SELECT sum(x.amount_minor) "
        "FROM default_recovery r JOIN default_recovery_share x ON x.recovery_id = r.id AND "
        "x.account_id = s.account_id WHERE r.default_id = s.default_id), 0) FROM write_off w JOIN "
        "default_share s ON s.default_id = w.default_id) AS b "
        "JOIN transfer t ON t.id = b.transfer_id JOIN account a ON a.id = b.account_id "
        "JOIN member m ON m.id = a.member_id JOIN currency c ON c.id = a.currency_id "
        "LEFT JOIN member_identity i ON i.member_id = m.id "
        "WHERE t.posted_at_us >= $1 AND t.posted_at_us < $2 "
        "GROUP BY c.code, c.scale, bearer ORDER BY c.code, bearer",
        STORE_ARGS(store_int(from_us), store_int(to_us)), pass_sum, &each);
}
