#include "hold.h"

#include "date.h"
#include "handle.h"
#include "lot.h"

#define PARTIES_MAX (LEDGER_HOLD_PAYEES_MAX + 1)

/* The payer first, then the payees. */
struct parties {
    struct ledger_account accounts[PARTIES_MAX];
    int64_t amounts_minor[PARTIES_MAX];
    int count;
};

static enum ledger_status check_shape(struct ledger *l, const struct ledger_hold_draft *d,
                                      struct parties *p)
{
    if (d->payee_count < 1)
        return ledger_refuse(l, LEDGER_TOO_FEW_LEGS, "a hold needs somebody to be paid");
    if (d->payee_count > LEDGER_HOLD_PAYEES_MAX)
        return ledger_refuse(l, LEDGER_TOO_MANY_LEGS, "a hold has at most %d payees",
                             LEDGER_HOLD_PAYEES_MAX);
    *p = (struct parties){.count = d->payee_count + 1};
    for (int i = 0; i < d->payee_count; i++)
        if (d->payees[i].amount_minor <= 0)
            return ledger_blame(l,
                                ledger_refuse(l, LEDGER_AMOUNT_NOT_POSITIVE,
                                              "the amount held must be more than zero"),
                                "amount", i);
    for (int i = 0; i < d->payee_count; i++) {
        int64_t amount_minor = d->payees[i].amount_minor;
        if (ledger_amount_add(p->amounts_minor[0], amount_minor, &p->amounts_minor[0]) != LEDGER_OK)
            return ledger_blame(l,
                                ledger_refuse(l, LEDGER_AMOUNT_TOO_LARGE,
                                              "that amount is beyond what the ledger counts"),
                                "amount", i);
        p->amounts_minor[i + 1] = amount_minor;
    }
    return LEDGER_OK;
}

static enum ledger_status check_distinct(struct ledger *l, const struct ledger_hold_draft *d)
{
    for (int i = 0; i < d->payee_count; i++) {
        bool twice = d->payees[i].account_id == d->account_id;
        for (int j = 0; j < i; j++)
            twice = twice || d->payees[i].account_id == d->payees[j].account_id;
        if (twice)
            return ledger_blame(
                l,
                ledger_refuse(l, LEDGER_SAME_ACCOUNT, "the same account stands in the hold twice"),
                "payees", i);
    }
    LEDGER_TRY(ledger_check_text(l, "memo", d->memo, LEDGER_MEMO_MAX));
    return ledger_check_text(l, "reference", d->reference, LEDGER_REFERENCE_MAX);
}

/* After: what was due on these accounts is expired, and they are loaded. */
static enum ledger_status load_parties(struct ledger *l, int64_t payer_id,
                                       const struct ledger_leg *payees, struct parties *p)
{
    int64_t now_us = ledger_now_us(l);

    for (int i = 0; i < p->count; i++)
        LEDGER_TRY(ledger_hold_expire(l, i == 0 ? payer_id : payees[i - 1].account_id, now_us));
    for (int i = 0; i < p->count; i++)
        LEDGER_TRY(
            ledger_account_get(l, i == 0 ? payer_id : payees[i - 1].account_id, &p->accounts[i]));
    return LEDGER_OK;
}

static enum ledger_status check_parties(struct ledger *l, const struct parties *p)
{
    for (int i = 0; i < p->count; i++)
        if (p->accounts[i].currency_id != p->accounts[0].currency_id)
            return ledger_blame(l,
                                ledger_refuse(l, LEDGER_UNBALANCED,
                                              "a hold is in one currency: %s is in %s, %s in %s",
                                              p->accounts[0].handle, p->accounts[0].code,
                                              p->accounts[i].handle, p->accounts[i].code),
                                "payees", i - 1);
    return LEDGER_OK;
}

static enum ledger_status check_states(struct ledger *l, const struct parties *p)
{
    for (int i = 0; i < p->count; i++) {
        enum ledger_member_state state = p->accounts[i].member_state;
        if (state == LEDGER_ACTIVE || (state == LEDGER_SUSPENDED && i > 0))
            continue;
        return ledger_blame(l,
                            ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE,
                                          "%s is %s and cannot stand in a hold",
                                          p->accounts[i].handle, ledger_member_state_name(state)),
                            "payees", i - 1);
    }
    return LEDGER_OK;
}

static enum ledger_status check_reserves(struct ledger *l, const struct parties *p)
{
    for (int i = 0; i < p->count; i++) {
        const struct ledger_account *a = &p->accounts[i];
        int64_t reserved_minor = i == 0 ? a->reserved_out_minor : a->reserved_in_minor;
        if (ledger_amount_add(reserved_minor, p->amounts_minor[i], &reserved_minor) != LEDGER_OK)
            return ledger_blame(l,
                                ledger_refuse(l, LEDGER_AMOUNT_OVERFLOW,
                                              "what is held for or by %s would pass what the "
                                              "ledger counts",
                                              a->handle),
                                "payees", i - 1);
    }
    return LEDGER_OK;
}

static enum ledger_status check_room(struct ledger *l, const struct parties *p)
{
    int64_t available_minor = ledger_account_available(&p->accounts[0]);

    if (p->amounts_minor[0] > available_minor) {
        const struct ledger_account *payer = &p->accounts[0];
        char room[LEDGER_AMOUNT_TEXT];
        char need[LEDGER_AMOUNT_TEXT];
        ledger_refuse(
            l, LEDGER_OVER_LIMIT, "%s can hold %s %s more, and this is %s", payer->handle,
            ledger_amount_format(available_minor > 0 ? available_minor : 0, payer->scale, room),
            payer->code, ledger_amount_format(p->amounts_minor[0], payer->scale, need));
        return ledger_blame_room(l, LEDGER_OVER_LIMIT, payer->id, available_minor);
    }
    for (int i = 1; i < p->count; i++) {
        int64_t room_minor = ledger_account_room_in(&p->accounts[i]);
        if (p->amounts_minor[i] <= room_minor)
            continue;
        ledger_refuse(l, LEDGER_PAYEE_CANNOT_TAKE, "%s cannot take this amount",
                      p->accounts[i].handle);
        ledger_blame_room(l, LEDGER_PAYEE_CANNOT_TAKE, p->accounts[i].id, room_minor);
        return ledger_blame(l, LEDGER_PAYEE_CANNOT_TAKE, "payees", i - 1);
    }
    return LEDGER_OK;
}

static enum ledger_status check_expiry(struct ledger *l, int64_t placed_at_us,
                                       int64_t expires_at_us)
{
    if (expires_at_us > placed_at_us && expires_at_us - placed_at_us <= LEDGER_HOLD_US_MAX)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_HOLD_TOO_LONG, "expires",
                               "a hold ends after now and within %d days", LEDGER_HOLD_DAYS_MAX);
}

static enum ledger_status write_party(struct ledger *l, int64_t hold_id, int64_t expires_at_us,
                                      const struct ledger_account *a)
{
    LEDGER_TRY(ledger_exec(l, "INSERT INTO hold_account (account_id, hold_id) VALUES ($1, $2)",
                           STORE_ARGS(store_int(a->id), store_int(hold_id))));
    LEDGER_TRY(ledger_exec(
        l, "INSERT INTO hold_open (account_id, expires_at_us, hold_id) VALUES ($1, $2, $3)",
        STORE_ARGS(store_int(a->id), store_int(expires_at_us), store_int(hold_id))));
    return ledger_account_save(l, a);
}

static enum ledger_status write_words(struct ledger *l, const struct ledger_hold_draft *d,
                                      const struct parties *p, int64_t id, int64_t placed_at_us)
{
    const char *memo = d->memo ? d->memo : "";
    const char *reference = d->reference ? d->reference : "";
    bool has_text = memo[0] || reference[0];
    uint8_t salt[16];
    uint8_t hash[32];

    ledger_random(l, salt, sizeof salt);
    ledger_text_hash(salt, memo, reference, hash);
    LEDGER_TRY(ledger_exec(l,
                           "INSERT INTO hold (id, account_id, amount_minor, placed_at_us, "
                           "expires_at_us, text_hash) VALUES ($1, $2, $3, $4, $5, $6)",
                           STORE_ARGS(store_int(id), store_int(d->account_id),
                                      store_int(p->amounts_minor[0]), store_int(placed_at_us),
                                      store_int(d->expires_at_us),
                                      has_text ? store_blob(hash, 32) : store_null())));
    if (!has_text)
        return LEDGER_OK;
    return ledger_exec(
        l, "INSERT INTO hold_text (hold_id, salt, memo, reference) VALUES ($1, $2, $3, $4)",
        STORE_ARGS(store_int(id), store_blob(salt, 16), store_text(memo), store_text(reference)));
}

static enum ledger_status write_hold(struct ledger *l, const struct ledger_hold_draft *d,
                                     struct parties *p, int64_t placed_at_us, int64_t *id)
{
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM hold", id));
    for (int i = 1; i < p->count; i++)
        LEDGER_TRY(
            ledger_exec(l,
                        "INSERT INTO hold_payee (hold_id, leg, account_id, amount_minor) "
                        "VALUES ($1, $2, $3, $4)",
                        STORE_ARGS(store_int(*id), store_int(i - 1), store_int(p->accounts[i].id),
                                   store_int(p->amounts_minor[i]))));
    LEDGER_TRY(write_words(l, d, p, *id, placed_at_us));
    for (int i = 0; i < p->count; i++) {
        struct ledger_account *a = &p->accounts[i];
        *(i == 0 ? &a->reserved_out_minor : &a->reserved_in_minor) += p->amounts_minor[i];
        if (d->expires_at_us < a->hold_expiry_us)
            a->hold_expiry_us = d->expires_at_us;
        LEDGER_TRY(write_party(l, *id, d->expires_at_us, a));
    }
    return LEDGER_OK;
}

static enum ledger_status write_with_lots(struct ledger *l, const struct ledger_hold_draft *d,
                                          struct parties *p, int64_t placed_at_us, int64_t *id)
{
    int32_t day = ledger_day_of(l, placed_at_us);

    LEDGER_TRY(ledger_lot_check_hold(l, p->accounts, p->count, p->amounts_minor[0], day));
    LEDGER_TRY(write_hold(l, d, p, placed_at_us, id));
    return ledger_lot_pin(l, *id, &p->accounts[0], p->amounts_minor[0], day);
}

enum ledger_status ledger_hold_place(struct ledger *l, const struct ledger_hold_draft *draft,
                                     int64_t *id)
{
    struct parties p;
    int64_t placed_at_us;

    LEDGER_TRY(check_shape(l, draft, &p));
    LEDGER_TRY(check_distinct(l, draft));
    LEDGER_TRY(load_parties(l, draft->account_id, draft->payees, &p));
    LEDGER_TRY(check_parties(l, &p));
    LEDGER_TRY(ledger_tick(l, &placed_at_us));
    LEDGER_TRY(check_expiry(l, placed_at_us, draft->expires_at_us));
    LEDGER_TRY(check_states(l, &p));
    LEDGER_TRY(check_reserves(l, &p));
    LEDGER_TRY(check_room(l, &p));
    if (p.accounts[0].training)
        return write_with_lots(l, draft, &p, placed_at_us, id);
    return write_hold(l, draft, &p, placed_at_us, id);
}
