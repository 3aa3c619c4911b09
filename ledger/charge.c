#include "charge.h"

#include "date.h"
#include "handle.h"
#include "notice.h"
#include "standing_step.h"

#include <stdio.h>
#include <string.h>

static enum ledger_status check_amount(struct ledger *l, int64_t amount_minor)
{
    if (amount_minor < 1)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "amount",
                                   "a charge is more than zero");
    if (amount_minor > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, "amount",
                                   "that amount is beyond what the ledger counts");
    return LEDGER_OK;
}

/* Who may not ask for payment neither offers anything nor says another price. */
static enum ledger_status check_payee(struct ledger *l, int64_t payee_id)
{
    struct ledger_account payee;

    LEDGER_TRY(ledger_account_get(l, payee_id, &payee));
    if (payee.member_state != LEDGER_ACTIVE)
        return ledger_refuse_field(l, LEDGER_MEMBER_NOT_ACTIVE, "member", "%s is %s", payee.handle,
                                   ledger_member_state_name(payee.member_state));
    return LEDGER_OK;
}

static enum ledger_status check(struct ledger *l, const struct ledger_charge *c)
{
    if (!c->title[0])
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "title", "a charge needs a title");
    LEDGER_TRY(ledger_check_text(l, "title", c->title, LEDGER_NAME_MAX));
    LEDGER_TRY(ledger_check_text(l, "words", c->words, LEDGER_MEMO_MAX));
    LEDGER_TRY(check_amount(l, c->amount_minor));
    LEDGER_TRY(ledger_cadence_check(l, &c->cadence));
    return check_payee(l, c->payee_id);
}

static enum ledger_status write_terms(struct ledger *l, int64_t charge_id, int64_t amount_minor,
                                      const char *actor)
{
    int64_t id, at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM charge_terms", &id));
    return ledger_exec(l,
                       "INSERT INTO charge_terms (id, charge_id, amount_minor, at_us, actor) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(id), store_int(charge_id), store_int(amount_minor),
                                  store_int(at_us), store_text(actor)));
}

static enum ledger_status write(struct ledger *l, const struct ledger_charge *c, const char *actor)
{
    bool said = c->cadence.day != LEDGER_CADENCE_UNSAID;

    LEDGER_TRY(
        ledger_exec(l,
                    "INSERT INTO charge (id, payee_id, unit, every, day, offered_at_us, "
                    "actor) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    STORE_ARGS(store_int(c->id), store_int(c->payee_id),
                               store_text(ledger_cadence_unit_name(c->cadence.unit)),
                               store_int(c->cadence.every), store_int_or_null(said, c->cadence.day),
                               store_int(c->offered_at_us), store_text(actor))));
    LEDGER_TRY(
        ledger_exec(l, "INSERT INTO charge_text (charge_id, title, words) VALUES ($1, $2, $3)",
                    STORE_ARGS(store_int(c->id), store_text(c->title), store_text(c->words))));
    return write_terms(l, c->id, c->amount_minor, actor);
}

enum ledger_status ledger_charge_offer(struct ledger *l, struct ledger_charge *c, const char *actor)
{
    LEDGER_TRY(check(l, c));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM charge", &c->id));
    LEDGER_TRY(ledger_tick(l, &c->offered_at_us));
    return write(l, c, actor);
}

#define CHARGE                                                                                     \
    "SELECT c.id, c.payee_id, a.member_id, c.unit, c.every, c.day, t.id, t.amount_minor, "         \
    "c.offered_at_us, w.at_us, w.reason, (SELECT count(*) FROM charge_terms k JOIN standing s "    \
    "ON s.terms_id = k.id JOIN standing_next n ON n.standing_id = s.id WHERE k.charge_id = c.id)," \
    " x.title, x.words, coalesce(i.handle, 'erased-' || a.member_id), u.code, u.scale "            \
    "FROM charge c JOIN account a ON a.id = c.payee_id JOIN currency u ON u.id = a.currency_id "   \
    "JOIN charge_terms t ON t.id = (SELECT max(k.id) FROM charge_terms k WHERE k.charge_id = "     \
    "c.id) LEFT JOIN charge_withdrawal w ON w.charge_id = c.id "                                   \
    "LEFT JOIN charge_text x ON x.charge_id = c.id "                                               \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "

static enum ledger_status read_charge(void *into, const struct store_row *row)
{
    struct ledger_charge *c = into;

    *c = (struct ledger_charge){.id = store_row_int(row, 0),
                                .payee_id = store_row_int(row, 1),
                                .payee_member_id = store_row_int(row, 2),
                                .cadence.every = (int)store_row_int(row, 4),
                                .cadence.day = store_row_null(row, 5) ? LEDGER_CADENCE_UNSAID
                                                                      : (int)store_row_int(row, 5),
                                .terms_id = store_row_int(row, 6),
                                .amount_minor = store_row_int(row, 7),
                                .offered_at_us = store_row_int(row, 8),
                                .withdrawn_at_us = store_row_int(row, 9),
                                .agreements = store_row_int(row, 11),
                                .erased = store_row_null(row, 12),
                                .scale = (int)store_row_int(row, 16)};
    store_row_copy(row, 10, c->reason, sizeof c->reason);
    store_row_copy(row, 12, c->title, sizeof c->title);
    store_row_copy(row, 13, c->words, sizeof c->words);
    store_row_copy(row, 14, c->payee, sizeof c->payee);
    store_row_copy(row, 15, c->code, sizeof c->code);
    return ledger_cadence_unit_parse(store_row_text(row, 3), &c->cadence.unit);
}

enum ledger_status ledger_charge_get(struct ledger *l, int64_t id, struct ledger_charge *c)
{
    enum ledger_status status =
        ledger_first(l, CHARGE "WHERE c.id = $1", STORE_ARGS(store_int(id)), read_charge, c);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_CHARGE, "there is no charge %lld", (long long)id);
    return status;
}

struct each {
    ledger_charge_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_charge c;

    LEDGER_TRY(read_charge(&c, row));
    return each->read(each->ctx, &c);
}

enum ledger_status ledger_charge_each(struct ledger *l, const struct ledger_charge_filter *f,
                                      ledger_charge_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       CHARGE "WHERE c.id > $1 AND ($2 = 0 OR a.member_id = $2) AND "
                              "($3 = 0 OR w.charge_id IS NULL) ORDER BY c.id LIMIT $4",
                       STORE_ARGS(store_int(f->after_id), store_int(f->member_id),
                                  store_int(f->open_only), store_int(f->limit)),
                       pass_on, &each);
}

static enum ledger_status get_open(struct ledger *l, int64_t id, struct ledger_charge *c)
{
    LEDGER_TRY(ledger_charge_get(l, id, c));
    if (c->withdrawn_at_us)
        return ledger_refuse(l, LEDGER_CHARGE_WITHDRAWN, "charge %lld is offered no more",
                             (long long)id);
    return LEDGER_OK;
}

struct told {
    struct ledger *l;
    int64_t charge_id;
};

static enum ledger_status tell_payer(void *into, const struct store_row *row)
{
    const struct told *told = into;

    return ledger_notice_put(told->l, LEDGER_NOTICE_PRICE_PROPOSED, store_row_int(row, 0),
                             told->charge_id);
}

static enum ledger_status tell_payers(struct ledger *l, int64_t charge_id)
{
    struct told told = {l, charge_id};

    return ledger_each(l,
                       "SELECT DISTINCT a.member_id FROM charge_terms k JOIN standing s ON "
                       "s.terms_id = k.id JOIN standing_next n ON n.standing_id = s.id "
                       "JOIN account a ON a.id = s.payer_id WHERE k.charge_id = $1 "
                       "ORDER BY a.member_id",
                       STORE_ARGS(store_int(charge_id)), tell_payer, &told);
}

enum ledger_status ledger_charge_price(struct ledger *l, int64_t id, int64_t amount_minor,
                                       const char *actor)
{
    struct ledger_charge c;

    LEDGER_TRY(get_open(l, id, &c));
    LEDGER_TRY(check_amount(l, amount_minor));
    if (amount_minor == c.amount_minor)
        return ledger_refuse_field(l, LEDGER_SAME_PRICE, "amount",
                                   "charge %lld has that price already", (long long)id);
    LEDGER_TRY(check_payee(l, c.payee_id));
    LEDGER_TRY(write_terms(l, id, amount_minor, actor));
    return tell_payers(l, id);
}

static enum ledger_status withdraw(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(l,
                       "INSERT INTO charge_withdrawal (charge_id, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4)",
                       STORE_ARGS(store_int(id), store_int(at_us), store_text(why->actor),
                                  store_text(why->reason)));
}

enum ledger_status ledger_charge_withdraw(struct ledger *l, int64_t id,
                                          const struct ledger_why *why)
{
    struct ledger_charge c;

    LEDGER_TRY(ledger_check_text(l, "reason", why->reason, LEDGER_REASON_MAX));
    LEDGER_TRY(get_open(l, id, &c));
    return withdraw(l, id, why);
}

enum ledger_status ledger_charge_leave(struct ledger *l, int64_t member_id,
                                       const struct ledger_why *why)
{
    int64_t id;
    enum ledger_status status;

    while ((status = ledger_first(l,
                                  "SELECT c.id FROM account a JOIN charge c ON c.payee_id = a.id "
                                  "WHERE a.member_id = $1 AND NOT EXISTS (SELECT 1 FROM "
                                  "charge_withdrawal w WHERE w.charge_id = c.id) "
                                  "ORDER BY c.id LIMIT 1",
                                  STORE_ARGS(store_int(member_id)), ledger_read_int, &id)) ==
           LEDGER_OK)
        LEDGER_TRY(withdraw(l, id, why));
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

/* The payer's agreement that is not over, 0 for none. */
static enum ledger_status find_older(struct ledger *l, const struct ledger_agreement *a,
                                     int64_t *id)
{
    enum ledger_status status = ledger_first(
        l,
        "SELECT s.id FROM charge_terms k JOIN standing s ON s.terms_id = k.id "
        "JOIN standing_next n ON n.standing_id = s.id "
        "WHERE k.charge_id = $1 AND s.payer_id = $2",
        STORE_ARGS(store_int(a->charge_id), store_int(a->payer_id)), ledger_read_int, id);

    if (status != LEDGER_NO_ROW)
        return status;
    *id = 0;
    return LEDGER_OK;
}

/* What is due at the old price is met at the old price; the new one begins after it. */
static enum ledger_status replace(struct ledger *l, const struct ledger_charge *c, int64_t older_id,
                                  const struct ledger_agreement *a, struct ledger_standing *s)
{
    const struct ledger_why why = {a->actor, "agreed anew", ""};
    struct ledger_standing older;

    LEDGER_TRY(ledger_standing_get(l, older_id, &older));
    if (older.amount_minor == c->amount_minor || a->starts_on)
        return ledger_refuse(l, LEDGER_CHARGE_AGREED,
                             a->starts_on ? "standing payment %lld pays charge %lld already: a new "
                                            "price counts from its next due date, so say no start"
                                          : "standing payment %lld pays charge %lld at that price "
                                            "already",
                             (long long)older_id, (long long)c->id);
    LEDGER_TRY(ledger_standing_catch_up(l, older_id));
    LEDGER_TRY(ledger_standing_get(l, older_id, &older));
    if (!older.next_on)
        return LEDGER_OK;
    s->cadence = older.cadence;
    s->first_on = older.next_on;
    if (!a->until_on && !a->count) { /* it ends when the older one would have */
        s->until_on = older.until_on;
        s->count = older.count ? older.count - (int)(older.next - 1) : 0;
    }
    return ledger_standing_stop(l, older_id, &why);
}

enum ledger_status ledger_charge_agree(struct ledger *l, const struct ledger_agreement *a,
                                       int64_t *standing_id)
{
    struct ledger_charge c;
    int64_t older_id;
    struct ledger_standing s;

    LEDGER_TRY(get_open(l, a->charge_id, &c));
    if (a->amount_minor != c.amount_minor)
        return ledger_refuse_field(l, LEDGER_PRICE_CHANGED, "amount",
                                   "that is not the price of charge %lld: read it again",
                                   (long long)c.id);
    s = (struct ledger_standing){.payer_id = a->payer_id,
                                 .payee_id = c.payee_id,
                                 .terms_id = c.terms_id,
                                 .amount_minor = c.amount_minor,
                                 .cadence = c.cadence,
                                 .first_on = a->starts_on ? a->starts_on : ledger_today(l),
                                 .until_on = a->until_on,
                                 .count = a->count};
    snprintf(s.memo, sizeof s.memo, "%s", c.title);
    LEDGER_TRY(find_older(l, a, &older_id));
    if (older_id)
        LEDGER_TRY(replace(l, &c, older_id, a, &s));
    LEDGER_TRY(ledger_standing_order(l, &s, !s.until_on && !s.count, a->actor));
    *standing_id = s.id;
    return ledger_notice_put(l, LEDGER_NOTICE_STANDING_AGREED, c.payee_member_id, s.id);
}
