#include "preapproval.h"

#include "account.h"
#include "date.h"
#include "handle.h"
#include "notice.h"
#include "request_pay.h"

/* What still stands of what was collected between the two in the currency, in the month that begins on `month`. */
#define COLLECTED(payer, payee, currency, month)                                                   \
    "coalesce((SELECT sum(u.amount_minor) FROM preapproval b JOIN preapproval_use u ON "           \
    "u.preapproval_id = b.id AND u.month_on = " month " WHERE b.payer_id = " payer                 \
    " AND b.payee_id = " payee " AND b.currency_id = " currency                                    \
    " AND NOT EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = u.transfer_id AND v.kind = "     \
    "'reversal')), 0)"

#define LEFT_BY_ONE                                                                                \
    "EXISTS (SELECT 1 FROM member g WHERE g.id IN (p.payer_id, p.payee_id) AND g.state = 'left')"

#define PREAPPROVAL                                                                                \
    "SELECT p.id, p.payer_id, p.payee_id, p.currency_id, p.each_minor, p.month_minor, "            \
    "p.until_on, p.at_us, e.at_us, "                                                               \
    "" COLLECTED(                                                                                  \
        "p.payer_id", "p.payee_id", "p.currency_id",                                               \
        "$1") ", "                                                                                 \
              "(SELECT count(*) FROM preapproval_use n WHERE n.preapproval_id = p.id), c.scale, "  \
              "coalesce(i.handle, 'erased-' || p.payer_id), coalesce(k.handle, 'erased-' || "      \
              "p.payee_id), "                                                                      \
              "c.code, " LEFT_BY_ONE                                                               \
              " FROM preapproval p JOIN currency c ON c.id = p.currency_id "                       \
              "LEFT JOIN preapproval_end e ON e.preapproval_id = p.id "                            \
              "LEFT JOIN member_identity i ON i.member_id = p.payer_id "                           \
              "LEFT JOIN member_identity k ON k.member_id = p.payee_id "

static enum ledger_status read_preapproval(void *into, const struct store_row *row)
{
    struct ledger_preapproval *p = into;

    *p = (struct ledger_preapproval){
        .id = store_row_int(row, 0),
        .payer_id = store_row_int(row, 1),
        .payee_id = store_row_int(row, 2),
        .currency_id = store_row_int(row, 3),
        .each_minor = store_row_int(row, 4),
        .month_minor = store_row_int(row, 5),
        .until_on = store_row_null(row, 6) ? INT32_MAX : (int32_t)store_row_int(row, 6),
        .at_us = store_row_int(row, 7),
        .revoked_at_us = store_row_int(row, 8),
        .collected_minor = store_row_int(row, 9),
        .uses = store_row_int(row, 10),
        .scale = (int)store_row_int(row, 11),
        .left = store_row_int(row, 15) != 0};
    store_row_copy(row, 12, p->payer, sizeof p->payer);
    store_row_copy(row, 13, p->payee, sizeof p->payee);
    store_row_copy(row, 14, p->code, sizeof p->code);
    return LEDGER_OK;
}

/* The one that is in force between the two. LEDGER_NO_ROW where none is. */
static enum ledger_status find_live(struct ledger *l, int64_t payer_id, int64_t payee_id,
                                    int64_t currency_id, struct ledger_preapproval *p)
{
    int32_t today = ledger_today(l);

    return ledger_first(l,
                        PREAPPROVAL
                        "WHERE p.payer_id = $2 AND p.payee_id = $3 AND p.currency_id = $4 AND "
                        "e.at_us IS NULL AND (p.until_on IS NULL OR p.until_on >= $5) "
                        "ORDER BY p.id DESC LIMIT 1",
                        STORE_ARGS(store_int(ledger_date_month_start(today)), store_int(payer_id),
                                   store_int(payee_id), store_int(currency_id), store_int(today)),
                        read_preapproval, p);
}

static enum ledger_status check_stays(struct ledger *l, const struct ledger_member *m, bool pays)
{
    if (m->state != LEDGER_LEFT)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_PREAPPROVAL_LEFT, pays ? "payer" : "payee",
                               "%s has left: nothing is collected %s it", m->handle,
                               pays ? "from" : "by");
}

static enum ledger_status check_active(struct ledger *l, const struct ledger_member *m, bool pays)
{
    if (m->state == LEDGER_ACTIVE || (m->state == LEDGER_SUSPENDED && !pays))
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_MEMBER_NOT_ACTIVE, pays ? "payer" : "payee", "%s is %s",
                               m->handle, ledger_member_state_name(m->state));
}

static enum ledger_status check_bounds(struct ledger *l, const struct ledger_preapproval *p)
{
    if (p->each_minor < 1 || p->month_minor < 1)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE,
                                   p->each_minor < 1 ? "each" : "month",
                                   "what may be collected is more than zero");
    if (p->each_minor > LEDGER_AMOUNT_MAX || p->month_minor > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE,
                                   p->each_minor > LEDGER_AMOUNT_MAX ? "each" : "month",
                                   "that amount is beyond what the ledger counts");
    if (p->month_minor < p->each_minor)
        return ledger_refuse_field(l, LEDGER_PREAPPROVAL_MALFORMED, "month",
                                   "so much a month is no less than so much a request");
    if (p->until_on < ledger_today(l))
        return ledger_refuse_field(l, LEDGER_BACKDATED, "until",
                                   "the last day to collect on is today or later");
    return LEDGER_OK;
}

static enum ledger_status check_none(struct ledger *l, const struct ledger_preapproval *p)
{
    struct ledger_preapproval other;
    enum ledger_status status = find_live(l, p->payer_id, p->payee_id, p->currency_id, &other);

    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    return ledger_refuse(l, LEDGER_PREAPPROVED,
                         "pre-approval %lld is in force between the two in %s: revoke it first",
                         (long long)other.id, other.code);
}

static enum ledger_status check(struct ledger *l, const struct ledger_preapproval *p,
                                const struct ledger_why *why)
{
    struct ledger_member payer, payee;
    struct ledger_currency c;
    int64_t id;

    if (p->payer_id == p->payee_id)
        return ledger_refuse_field(l, LEDGER_REQUEST_TO_ONESELF, "payee",
                                   "nobody collects from itself: the payee is another member");
    LEDGER_TRY(ledger_member_get(l, p->payer_id, &payer));
    LEDGER_TRY(ledger_member_get(l, p->payee_id, &payee));
    LEDGER_TRY(ledger_currency_get(l, p->currency_id, &c));
    LEDGER_TRY(check_stays(l, &payer, true));
    LEDGER_TRY(check_stays(l, &payee, false));
    LEDGER_TRY(check_active(l, &payer, true));
    LEDGER_TRY(check_active(l, &payee, false));
    LEDGER_TRY(check_bounds(l, p));
    LEDGER_TRY(check_none(l, p));
    LEDGER_TRY(ledger_account_number(l, payer.handle, &c, why, &id));
    return ledger_account_number(l, payee.handle, &c, why, &id);
}

enum ledger_status ledger_preapproval_set(struct ledger *l, struct ledger_preapproval *p,
                                          const struct ledger_why *why)
{
    LEDGER_TRY(check(l, p, why));
    LEDGER_TRY(ledger_tick(l, &p->at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM preapproval", &p->id));
    return ledger_exec(
        l,
        "INSERT INTO preapproval (id, payer_id, payee_id, currency_id, each_minor, month_minor, "
        "until_on, at_us, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        STORE_ARGS(store_int(p->id), store_int(p->payer_id), store_int(p->payee_id),
                   store_int(p->currency_id), store_int(p->each_minor), store_int(p->month_minor),
                   store_int_or_null(p->until_on != INT32_MAX, p->until_on), store_int(p->at_us),
                   store_text(why->actor)));
}

enum ledger_status ledger_preapproval_get(struct ledger *l, int64_t id,
                                          struct ledger_preapproval *p)
{
    enum ledger_status status =
        ledger_first(l, PREAPPROVAL "WHERE p.id = $2",
                     STORE_ARGS(store_int(ledger_date_month_start(ledger_today(l))), store_int(id)),
                     read_preapproval, p);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_PREAPPROVAL, "there is no pre-approval %lld",
                             (long long)id);
    return status;
}

const char *ledger_preapproval_state(const struct ledger *l, const struct ledger_preapproval *p)
{
    if (p->revoked_at_us)
        return "revoked";
    return p->left || p->until_on < ledger_today(l) ? "over" : "live";
}

enum ledger_status ledger_preapproval_revoke(struct ledger *l, int64_t id, const char *actor)
{
    struct ledger_preapproval p;
    int64_t at_us;

    LEDGER_TRY(ledger_preapproval_get(l, id, &p));
    if (p.revoked_at_us || p.left || p.until_on < ledger_today(l))
        return ledger_refuse(l, LEDGER_PREAPPROVAL_OVER, "pre-approval %lld is %s already",
                             (long long)id, ledger_preapproval_state(l, &p));
    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(
        l, "INSERT INTO preapproval_end (preapproval_id, at_us, actor) VALUES ($1, $2, $3)",
        STORE_ARGS(store_int(id), store_int(at_us), store_text(actor)));
}

static enum ledger_status record(struct ledger *l, const struct ledger_preapproval *p,
                                 const struct ledger_request *r, int64_t transfer_id)
{
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO preapproval_use (request_id, preapproval_id, transfer_id, month_on, "
        "amount_minor) VALUES ($1, $2, $3, $4, $5)",
        STORE_ARGS(store_int(r->id), store_int(p->id), store_int(transfer_id),
                   store_int(ledger_date_month_start(ledger_today(l))), store_int(r->open_minor))));
    return ledger_notice_put(l, LEDGER_NOTICE_PREAPPROVED, p->payer_id, r->id);
}

struct parties {
    int64_t payer_id;
    int64_t payee_id;
    int64_t currency_id;
};

static enum ledger_status read_parties(void *into, const struct store_row *row)
{
    struct parties *of = into;

    *of = (struct parties){store_row_int(row, 0), store_row_int(row, 1), store_row_int(row, 2)};
    return LEDGER_OK;
}

/* The agreement that is in force between the parties of a request. LEDGER_NO_ROW where none is. */
static enum ledger_status find_for(struct ledger *l, int64_t request_id,
                                   struct ledger_preapproval *p)
{
    struct parties of;

    LEDGER_TRY(ledger_first(l, "SELECT payer_id, payee_id, currency_id FROM request WHERE id = $1",
                            STORE_ARGS(store_int(request_id)), read_parties, &of));
    return find_live(l, of.payer_id, of.payee_id, of.currency_id, p);
}

static bool is_within(const struct ledger_preapproval *p, int64_t amount_minor)
{
    return amount_minor > 0 && amount_minor <= p->each_minor &&
           amount_minor <= p->month_minor - p->collected_minor;
}

/* What is refused stays open: how much room the payer has is not for who asks. */
static enum ledger_status try_accept(struct ledger *l, int64_t request_id, int64_t *transfer_id)
{
    static const struct ledger_why agreed = {
        .actor = "node", .reason = "agreed to beforehand", .authority = ""};
    const struct ledger_request_payment payment = {.request_id = request_id, .why = &agreed};
    enum ledger_status status = ledger_request_accept(l, &payment, transfer_id);

    if (status == LEDGER_OK || ledger_status_is_fault(status))
        return status;
    ledger_forget(l);
    *transfer_id = 0;
    return LEDGER_OK;
}

enum ledger_status ledger_preapproval_collect(struct ledger *l, int64_t request_id, bool *collected)
{
    struct ledger_preapproval p;
    struct ledger_request r;
    int64_t transfer_id;
    enum ledger_status status = find_for(l, request_id, &p);

    *collected = false;
    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    LEDGER_TRY(ledger_request_get(l, request_id, &r));
    if (!is_within(&p, r.open_minor))
        return LEDGER_OK;
    LEDGER_TRY(try_accept(l, request_id, &transfer_id));
    *collected = transfer_id != 0;
    return *collected ? record(l, &p, &r, transfer_id) : LEDGER_OK;
}

struct each {
    ledger_preapproval_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_preapproval p;

    LEDGER_TRY(read_preapproval(&p, row));
    return each->read(each->ctx, &p);
}

enum ledger_status ledger_preapproval_each(struct ledger *l,
                                           const struct ledger_preapproval_filter *f,
                                           ledger_preapproval_reader *read, void *ctx)
{
    struct each each = {read, ctx};
    int32_t today = ledger_today(l);

    return ledger_each(
        l,
        PREAPPROVAL "WHERE p.id > $2 AND ($3 = 0 OR p.payer_id = $3 OR p.payee_id = $3) AND "
                    "($4 = 1 OR (e.at_us IS NULL AND (p.until_on IS NULL OR p.until_on >= $5) AND "
                    "NOT " LEFT_BY_ONE ")) "
                    "ORDER BY p.id LIMIT $6",
        STORE_ARGS(store_int(ledger_date_month_start(today)), store_int(f->after_id),
                   store_int(f->member_id), store_int(f->all), store_int(today),
                   store_int(f->limit)),
        pass_on, &each);
}

struct each_use {
    ledger_preapproval_use_reader *read;
    void *ctx;
};

static enum ledger_status pass_use(void *into, const struct store_row *row)
{
    const struct each_use *each = into;
    const struct ledger_preapproval_use u = {.request_id = store_row_int(row, 0),
                                             .number = store_row_int(row, 1),
                                             .transfer_id = store_row_int(row, 2),
                                             .posted_at_us = store_row_int(row, 3),
                                             .amount_minor = store_row_int(row, 4),
                                             .month_on = (int32_t)store_row_int(row, 5),
                                             .reversed = store_row_int(row, 6) != 0};

    return each->read(each->ctx, &u);
}

enum ledger_status ledger_preapproval_uses(struct ledger *l, int64_t id, int64_t after_id,
                                           int limit, ledger_preapproval_use_reader *read,
                                           void *ctx)
{
    struct each_use each = {read, ctx};

    return ledger_each(l,
                       "SELECT u.request_id, r.number, u.transfer_id, t.posted_at_us, "
                       "u.amount_minor, u.month_on, EXISTS (SELECT 1 FROM transfer v WHERE "
                       "v.corrects = u.transfer_id AND v.kind = 'reversal') "
                       "FROM preapproval_use u JOIN request r ON r.id = u.request_id "
                       "JOIN transfer t ON t.id = u.transfer_id "
                       "WHERE u.preapproval_id = $1 AND u.request_id > $2 "
                       "ORDER BY u.request_id LIMIT $3",
                       STORE_ARGS(store_int(id), store_int(after_id), store_int(limit)), pass_use,
                       &each);
}
