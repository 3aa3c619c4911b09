#include "limit.h"

#include "date.h"
#include "handle.h"

static enum ledger_status check_limits(struct ledger *l, const struct ledger_limit *limit)
{
    if (limit->floor_minor > 0 || limit->floor_minor < -LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_LIMIT_MALFORMED, "floor",
                                   "a floor is zero or below zero, such as -100");
    if (limit->ceiling_minor < 0 || limit->ceiling_minor > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_LIMIT_MALFORMED, "ceiling",
                                   "a ceiling is zero or above zero");
    return LEDGER_OK;
}

static enum ledger_status check_review(struct ledger *l, const struct ledger_limit *limit)
{
    if (!limit->has_review || limit->review_on >= ledger_today(l))
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_DATE_MALFORMED, "review_on",
                               "the review must lie ahead, not in the past");
}

/* A member's training credits are what its lots have left. */
static enum ledger_status check_training(struct ledger *l, const struct ledger_limit *limit)
{
    struct ledger_account a;

    if (limit->floor_minor == 0)
        return LEDGER_OK;
    LEDGER_TRY(ledger_account_get(l, limit->account_id, &a));
    if (!a.training || a.member_kind == LEDGER_FUND)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_LIMIT_MALFORMED, "floor",
                               "training credits have a floor of zero: only a fund's "
                               "account goes below it");
}

enum ledger_status ledger_limit_set(struct ledger *l, struct ledger_limit *limit,
                                    const struct ledger_why *why)
{
    LEDGER_TRY(check_limits(l, limit));
    LEDGER_TRY(check_training(l, limit));
    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(check_review(l, limit));
    LEDGER_TRY(ledger_tick(l, &limit->from_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM account_limit", &limit->id));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO account_limit (id, account_id, floor_minor, ceiling_minor, from_us, "
        "review_on, actor, reason, authority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        STORE_ARGS(store_int(limit->id), store_int(limit->account_id),
                   store_int(limit->floor_minor), store_int(limit->ceiling_minor),
                   store_int(limit->from_us),
                   store_int_or_null(limit->has_review, limit->review_on), store_text(why->actor),
                   store_text(why->reason), store_text(why->authority))));
    return ledger_exec(l, "UPDATE account SET floor_minor = $2, ceiling_minor = $3 WHERE id = $1",
                       STORE_ARGS(store_int(limit->account_id), store_int(limit->floor_minor),
                                  store_int(limit->ceiling_minor)));
}

#define LIMIT                                                                                      \
    "SELECT id, account_id, floor_minor, ceiling_minor, from_us, review_on, actor, reason, "       \
    "authority FROM account_limit "

static enum ledger_status read_limit(void *into, const struct store_row *row)
{
    struct ledger_limit *limit = into;

    limit->id = store_row_int(row, 0);
    limit->account_id = store_row_int(row, 1);
    limit->floor_minor = store_row_int(row, 2);
    limit->ceiling_minor = store_row_int(row, 3);
    limit->from_us = store_row_int(row, 4);
    limit->has_review = !store_row_null(row, 5);
    limit->review_on = (int32_t)store_row_int(row, 5);
    store_row_copy(row, 6, limit->actor, sizeof limit->actor);
    store_row_copy(row, 7, limit->reason, sizeof limit->reason);
    store_row_copy(row, 8, limit->authority, sizeof limit->authority);
    return LEDGER_OK;
}

enum ledger_status ledger_limit_at(struct ledger *l, int64_t account_id, int64_t at_us,
                                   struct ledger_limit *limit)
{
    return ledger_first(l, LIMIT "WHERE account_id = $1 AND from_us <= $2 ORDER BY id DESC LIMIT 1",
                        STORE_ARGS(store_int(account_id), store_int(at_us)), read_limit, limit);
}

struct each {
    ledger_limit_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_limit limit;

    LEDGER_TRY(read_limit(&limit, row));
    return each->read(each->ctx, &limit);
}

enum ledger_status ledger_limit_each(struct ledger *l, int64_t account_id, int64_t after_id,
                                     int max, ledger_limit_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l, LIMIT "WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                       STORE_ARGS(store_int(account_id), store_int(after_id), store_int(max)),
                       pass_on, &each);
}
