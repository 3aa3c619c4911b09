#include "picture.h"

#include "ledger/register.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct picture {
    struct region *r;
    char *text;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct picture *p, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    p->used += (size_t)vsnprintf(p->text + p->used, PICTURE_MAX - p->used, format, args);
    va_end(args);
    assert_true(p->used < PICTURE_MAX);
}

/* What the file has: ledger_account_each would subtract the holds that are over. */
static enum ledger_status add_account(void *ctx, const struct ledger_account *seen)
{
    struct picture *p = ctx;
    struct ledger_account a;

    LEDGER_TRY(ledger_account_get(p->r->l, seen->id, &a));
    add(p, "account %lld: %lld, in %lld, out %lld, from %lld to %lld, next %lld, %d\n",
        (long long)a.id, (long long)a.balance_minor, (long long)a.reserved_in_minor,
        (long long)a.reserved_out_minor, (long long)a.floor_minor, (long long)a.ceiling_minor,
        (long long)a.hold_expiry_us, a.member_state);
    return LEDGER_OK;
}

static enum ledger_status add_transfer(void *ctx, const struct ledger_transfer *t)
{
    struct picture *p = ctx;

    add(p, "transfer %lld: %s at %lld for %d, corrects %lld, \"%s\" \"%s\":", (long long)t->id,
        ledger_transfer_kind_name(t->kind), (long long)t->posted_at_us, t->effective_on,
        (long long)t->corrects, t->memo, t->reference);
    for (int i = 0; i < t->leg_count; i++)
        add(p, " %lld %lld=%lld", (long long)t->entries[i].account_id,
            (long long)t->entries[i].amount_minor, (long long)t->entries[i].balance_minor);
    add(p, "\n");
    return LEDGER_OK;
}

static enum ledger_status add_hold(void *ctx, const struct ledger_hold *h)
{
    struct picture *p = ctx;

    add(p, "hold %lld: %lld from %lld to %d until %lld, %s at %lld, %lld by %lld, \"%s\" \"%s\"\n",
        (long long)h->id, (long long)h->amount_minor, (long long)h->account_id, h->payee_count,
        (long long)h->expires_at_us, ledger_hold_state_name(h->state), (long long)h->resolved_at_us,
        (long long)h->captured_minor, (long long)h->transfer_id, h->memo, h->reason);
    return LEDGER_OK;
}

static enum ledger_status add_record(void *ctx, const struct ledger_record *record)
{
    struct picture *p = ctx;

    add(p, "write %lld: %s by %s at %lld\n", (long long)record->seq, record->operation,
        record->actor, (long long)record->at_us);
    return LEDGER_OK;
}

void picture_take(struct region *r, char text[static PICTURE_MAX])
{
    const struct ledger_account_filter accounts = {.limit = INT_MAX};
    const struct ledger_transfer_filter transfers = {.limit = INT_MAX};
    const struct ledger_hold_filter holds = {.limit = INT_MAX};
    struct picture p = {r, text, 0};

    text[0] = '\0';
    OK(r, ledger_account_each(r->l, &accounts, add_account, &p));
    OK(r, ledger_transfer_each(r->l, &transfers, add_transfer, &p));
    OK(r, ledger_hold_each(r->l, &holds, add_hold, &p));
    OK(r, ledger_register_each(r->l, 0, INT_MAX, add_record, &p));
}
