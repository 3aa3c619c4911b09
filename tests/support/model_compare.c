#include "model_compare.h"

#include "ledger/correction.h"
#include "ledger/register.h"
#include "ledger/verify.h"
#include "region.h"

#include <stdio.h>
#include <string.h>

void compare_same(const struct compare *c, int64_t want, int64_t got, const char *format, ...)
{
    char what[200];
    va_list args;

    if (want == got)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    print_error("%s\n  expected %lld\n  got      %lld\n", what, (long long)want, (long long)got);
    c->explain(c->ctx);
    fail();
}

void compare_text(const struct compare *c, const char *want, const char *got, const char *what)
{
    if (strcmp(want, got) == 0)
        return;
    print_error("%s\n  expected \"%s\"\n  got      \"%s\"\n", what, want, got);
    c->explain(c->ctx);
    fail();
}

void compare_ok(const struct compare *c, enum ledger_status status, const char *what)
{
    if (status == LEDGER_OK)
        return;
    print_error("%s\n  got %s: %s\n", what, ledger_status_facts(status)->code,
                ledger_message(c->l));
    c->explain(c->ctx);
    fail();
}

static void same_figures(const struct compare *c, int64_t id, const struct ledger_account *a)
{
    const struct model_figures f = model_figures(c->m, id);

    compare_same(c, f.balance_minor, a->balance_minor, "balance of account %lld", (long long)id);
    compare_same(c, f.reserved_in_minor, a->reserved_in_minor, "reserved in of account %lld",
                 (long long)id);
    compare_same(c, f.reserved_out_minor, a->reserved_out_minor, "reserved out of account %lld",
                 (long long)id);
    compare_same(c, f.available_minor, ledger_account_available(a), "available of account %lld",
                 (long long)id);
    compare_same(c, f.room_in_minor, ledger_account_room_in(a), "room in of account %lld",
                 (long long)id);
}

struct lot_list {
    const struct compare *c;
    int64_t account_id;
    int64_t last_id; /* the lot before, 0 for none */
    int64_t sum_minor;
};

/* The next to be spent: the model's after the one before, by expiry and number. */
static int64_t next_lot(const struct model *m, int64_t account_id, int64_t after)
{
    int64_t next = 0;

    for (int64_t id = 1; id <= m->lot_count; id++) {
        const struct model_lot *lot = &m->lots[id - 1];
        if (lot->account_id != account_id || lot->left_minor == 0)
            continue;
        int64_t after_on = after ? m->lots[after - 1].expires_on : INT64_MIN;
        bool follows = lot->expires_on > after_on || (lot->expires_on == after_on && id > after);
        if (follows && (!next || lot->expires_on < m->lots[next - 1].expires_on))
            next = id;
    }
    return next;
}

static enum ledger_status take_lot(void *ctx, const struct ledger_lot *lot)
{
    struct lot_list *list = ctx;
    const struct compare *c = list->c;

    list->last_id = next_lot(c->m, list->account_id, list->last_id);
    compare_same(c, list->last_id, lot->id, "the next lot of account %lld",
                 (long long)list->account_id);
    const struct model_lot *want = &c->m->lots[lot->id - 1];
    compare_same(c, want->left_minor, lot->left_minor, "what lot %lld has left",
                 (long long)lot->id);
    /* What was refused may have let holds lapse that were due, until its savepoint is undone. */
    if (model_pinned(c->m, lot->id, true) != lot->pinned_minor)
        compare_same(c, model_pinned(c->m, lot->id, false), lot->pinned_minor,
                     "what is pinned of lot %lld", (long long)lot->id);
    compare_same(c, want->amount_minor, lot->amount_minor, "amount of lot %lld",
                 (long long)lot->id);
    compare_same(c, want->expires_on, lot->expires_on, "end of lot %lld", (long long)lot->id);
    compare_same(c, want->fund_account_id, lot->fund_account_id, "who granted lot %lld",
                 (long long)lot->id);
    list->sum_minor += lot->left_minor;
    return LEDGER_OK;
}

/* At every step: the lots are the model's, and add up to the balance. */
static void compare_lots(const struct compare *c, const struct ledger_account *a)
{
    struct lot_list list = {c, a->id, 0, 0};
    const struct ledger_lot_filter filter = {.member_id = a->member_id,
                                             .currency_id = a->currency_id,
                                             .expires_by = LEDGER_LOT_NEVER,
                                             .limit = INT32_MAX};

    if (!model_has_account(c->m, a->id) || !model_keeps_lots(c->m, a->id))
        return;
    compare_ok(c, ledger_lot_each(c->l, &filter, take_lot, &list), "the lots of an account");
    compare_same(c, 0, next_lot(c->m, a->id, list.last_id),
                 "a lot of account %lld that is not there", (long long)a->id);
    compare_same(c, a->balance_minor, list.sum_minor,
                 "the lots of account %lld against its balance", (long long)a->id);
}

void compare_account(const struct compare *c, int64_t id)
{
    struct ledger_account a;

    compare_ok(c, ledger_account_get(c->l, id, &a), "an account");
    compare_ok(c, ledger_account_refresh(c->l, &a), "an account's holds");
    same_figures(c, id, &a);
    compare_lots(c, &a);
}

static void whole_account(const struct compare *c, int64_t id, const struct ledger_account *a)
{
    const struct model_account *want = model_account(c->m, id);
    const struct model_currency *currency = &c->m->currencies[want->currency_id - 1];
    char handle[LEDGER_HANDLE_MAX + 1];

    same_figures(c, id, a);
    compare_same(c, want->member_id, a->member_id, "member of account %lld", (long long)id);
    compare_same(c, want->currency_id, a->currency_id, "currency of account %lld", (long long)id);
    compare_same(c, want->floor_minor, a->floor_minor, "floor of account %lld", (long long)id);
    compare_same(c, want->ceiling_minor, a->ceiling_minor, "ceiling of account %lld",
                 (long long)id);
    compare_same(c, model_hold_expiry(c->m, id), a->hold_expiry_us,
                 "next hold expiry of account %lld", (long long)id);
    compare_same(c, model_owner(c->m, id)->state, a->member_state, "state of account %lld",
                 (long long)id);
    compare_same(c, model_owner(c->m, id)->kind, a->member_kind, "kind of account %lld",
                 (long long)id);
    compare_same(c, currency->scale, a->scale, "scale of account %lld", (long long)id);
    compare_text(c, currency->code, a->code, "an account's currency");
    compare_text(c, model_handle(want->member_id, handle), a->handle, "an account's handle");
}

static int64_t next_account(const struct model *m, int64_t after,
                            const struct ledger_account_filter *f)
{
    for (int64_t id = after + 1; id <= m->account_count; id++) {
        const struct model_account *a = &m->accounts[id - 1];
        if ((f->member_id == 0 || a->member_id == f->member_id) &&
            (f->currency_id == 0 || a->currency_id == f->currency_id))
            return id;
    }
    return 0;
}

struct account_page {
    const struct compare *c;
    struct ledger_account_filter filter;
    int64_t count;
};

static enum ledger_status take_account(void *ctx, const struct ledger_account *a)
{
    struct account_page *page = ctx;
    int64_t id = next_account(page->c->m, page->filter.after_id, &page->filter);

    compare_same(page->c, id, a->id, "the next account of a page");
    whole_account(page->c, id, a);
    page->filter.after_id = id;
    page->count++;
    return LEDGER_OK;
}

/* A page that is not full is the last one. */
static void account_page(const struct compare *c, const struct ledger_account_filter *filter)
{
    struct account_page page = {c, *filter, 0};

    compare_ok(c, ledger_account_each(c->l, filter, take_account, &page), "a page of accounts");
    if (page.count < filter->limit)
        compare_same(c, 0, next_account(c->m, page.filter.after_id, &page.filter),
                     "an account that a page left out");
}

void compare_all_accounts(const struct compare *c)
{
    account_page(c, &(struct ledger_account_filter){.limit = MODEL_ACCOUNTS_MAX + 1});
}

void compare_account_page(const struct compare *c)
{
    account_page(
        c,
        &(struct ledger_account_filter){
            .member_id = draw_one_in(c->draw, 3) ? 1 + draw_below(c->draw, c->m->member_count) : 0,
            .currency_id = draw_one_in(c->draw, 2) ? draw_between(c->draw, 1, MODEL_CURRENCIES) : 0,
            .after_id = draw_one_in(c->draw, 2) ? draw_below(c->draw, c->m->account_count) : 0,
            .limit = (int)draw_between(c->draw, 1, 30)});
}

struct member_page {
    const struct compare *c;
    int64_t after_id;
    int64_t state;
    int64_t count;
};

static int64_t next_member(const struct model *m, int64_t after, int64_t state)
{
    for (int64_t id = after + 1; id <= m->member_count; id++)
        if (m->members[id - 1].state == state)
            return id;
    return 0;
}

static enum ledger_status take_member(void *ctx, const struct ledger_member *m)
{
    struct member_page *page = ctx;
    char handle[LEDGER_HANDLE_MAX + 1];

    page->after_id = next_member(page->c->m, page->after_id, page->state);
    compare_same(page->c, page->after_id, m->id, "the next member of a page");
    compare_same(page->c, page->c->m->members[m->id - 1].kind, m->kind, "a member's kind");
    compare_text(page->c, model_handle(m->id, handle), m->handle, "a member's handle");
    page->count++;
    return LEDGER_OK;
}

void compare_member_page(const struct compare *c)
{
    struct member_page page = {.c = c,
                               .after_id = draw_below(c->draw, c->m->member_count),
                               .state = draw_between(c->draw, LEDGER_APPLIED, LEDGER_LEFT)};
    const struct ledger_member_filter filter = {
        .state = ledger_member_state_name((enum ledger_member_state)page.state),
        .after_id = page.after_id,
        .limit = (int)draw_between(c->draw, 1, 30)};

    compare_ok(c, ledger_member_each(c->l, &filter, take_member, &page), "a page of members");
    if (page.count < filter.limit)
        compare_same(c, 0, next_member(c->m, page.after_id, page.state),
                     "a member that a page left out");
}

static void whole_entry(const struct compare *c, const struct model_leg *want,
                        const struct ledger_entry *e)
{
    const struct model_account *a = model_account(c->m, want->account_id);
    char handle[LEDGER_HANDLE_MAX + 1];

    compare_same(c, want->account_id, e->account_id, "an entry's account");
    compare_same(c, want->amount_minor, e->amount_minor, "an entry's amount");
    compare_same(c, want->balance_minor, e->balance_minor, "the balance after an entry");
    compare_text(c, model_handle(a->member_id, handle), e->handle, "an entry's handle");
    compare_text(c, c->m->currencies[a->currency_id - 1].code, e->code, "an entry's currency");
}

static void whole_transfer(const struct compare *c, int64_t id, const struct ledger_transfer *t)
{
    const struct model_transfer *want = model_transfer(c->m, id);

    compare_same(c, id, t->id, "the next transfer of a page");
    compare_same(c, want->kind, t->kind, "kind of transfer %lld", (long long)id);
    compare_same(c, want->posted_at_us, t->posted_at_us, "time of transfer %lld", (long long)id);
    compare_same(c, want->effective_on, t->effective_on, "day of transfer %lld", (long long)id);
    compare_same(c, want->corrects, t->corrects, "what transfer %lld corrects", (long long)id);
    compare_text(c, want->memo, t->memo, "a transfer's memo");
    compare_text(c, want->reference, t->reference, "a transfer's reference");
    compare_same(c, want->memo[0] || want->reference[0], t->has_text, "text of transfer %lld",
                 (long long)id);
    compare_same(c, want->leg_count, t->leg_count, "legs of transfer %lld", (long long)id);
    for (int i = 0; i < t->leg_count; i++)
        whole_entry(c, &c->m->legs[want->first_leg + i], &t->entries[i]);
}

static bool has_leg(const struct model *m, int64_t id, int64_t account_id)
{
    const struct model_transfer *t = &m->transfers[id - 1];

    for (int64_t i = t->first_leg; i < t->first_leg + t->leg_count; i++)
        if (m->legs[i].account_id == account_id)
            return true;
    return false;
}

static int64_t next_transfer(const struct model *m, const struct ledger_transfer_filter *f,
                             int64_t after)
{
    int64_t to = f->to_id && f->to_id < m->transfer_count ? f->to_id : m->transfer_count;

    for (int64_t id = after + 1; id <= to; id++)
        if (id >= f->from_id && (f->account_id == 0 || has_leg(m, id, f->account_id)))
            return id;
    return 0;
}

struct transfer_page {
    const struct compare *c;
    const struct ledger_transfer_filter *filter;
    int64_t after_id;
    int64_t count;
};

static enum ledger_status take_transfer(void *ctx, const struct ledger_transfer *t)
{
    struct transfer_page *page = ctx;
    int64_t id = next_transfer(page->c->m, page->filter, page->after_id);

    compare_same(page->c, id, t->id, "the next transfer of a page");
    whole_transfer(page->c, id, t);
    page->after_id = id;
    page->count++;
    return LEDGER_OK;
}

void compare_transfer_page(const struct compare *c)
{
    int64_t count = c->m->transfer_count;
    const struct ledger_transfer_filter filter = {
        .account_id = draw_one_in(c->draw, 2) ? draw_account(c->draw) : 0,
        .after_id = draw_below(c->draw, count),
        .from_id = draw_one_in(c->draw, 2) ? draw_below(c->draw, count) : 0,
        .to_id = draw_one_in(c->draw, 2) ? draw_below(c->draw, count + 1) : 0,
        .limit = (int)draw_between(c->draw, 1, 40)};
    struct transfer_page page = {c, &filter, filter.after_id, 0};

    compare_ok(c, ledger_transfer_each(c->l, &filter, take_transfer, &page), "a page of transfers");
    if (page.count < filter.limit)
        compare_same(c, 0, next_transfer(c->m, &filter, page.after_id),
                     "a transfer that a page left out");
}

static void whole_hold(const struct compare *c, int64_t id, const struct ledger_hold *h)
{
    const struct model_hold *want = model_hold(c->m, id);
    bool lapsed_unwritten =
        want->state == LEDGER_HOLD_OPEN && model_hold_state(c->m, want) == LEDGER_HOLD_LAPSED;

    compare_same(c, want->account_id, h->account_id, "payer of hold %lld", (long long)id);
    compare_same(c, want->amount_minor, h->amount_minor, "amount of hold %lld", (long long)id);
    compare_same(c, want->placed_at_us, h->placed_at_us, "time of hold %lld", (long long)id);
    compare_same(c, want->expires_at_us, h->expires_at_us, "end of hold %lld", (long long)id);
    compare_same(c, model_hold_state(c->m, want), h->state, "state of hold %lld", (long long)id);
    compare_same(c, lapsed_unwritten ? want->expires_at_us : want->resolved_at_us,
                 h->resolved_at_us, "resolution of hold %lld", (long long)id);
    compare_same(c, want->captured_minor, h->captured_minor, "captured of hold %lld",
                 (long long)id);
    compare_same(c, want->transfer_id, h->transfer_id, "capture of hold %lld", (long long)id);
    compare_text(c, want->memo, h->memo, "a hold's memo");
    compare_text(c, want->reference, h->reference, "a hold's reference");
    compare_same(c, want->payee_count, h->payee_count, "payees of hold %lld", (long long)id);
    for (int i = 0; i < h->payee_count; i++) {
        compare_same(c, want->payees[i].account_id, h->payees[i].account_id, "payee of hold %lld",
                     (long long)id);
        compare_same(c, want->payees[i].amount_minor, h->payees[i].amount_minor,
                     "payee's amount in hold %lld", (long long)id);
    }
}

static int64_t next_hold(const struct model *m, const struct ledger_hold_filter *f, int64_t after)
{
    for (int64_t id = after + 1; id <= m->hold_count; id++) {
        const struct model_hold *h = &m->holds[id - 1];
        if ((f->account_id == 0 || model_hold_names(h, f->account_id)) &&
            (!f->open_only || model_hold_state(m, h) == LEDGER_HOLD_OPEN))
            return id;
    }
    return 0;
}

struct hold_page {
    const struct compare *c;
    const struct ledger_hold_filter *filter;
    int64_t after_id;
    int64_t count;
};

static enum ledger_status take_hold(void *ctx, const struct ledger_hold *h)
{
    struct hold_page *page = ctx;
    int64_t id = next_hold(page->c->m, page->filter, page->after_id);

    compare_same(page->c, id, h->id, "the next hold of a page");
    whole_hold(page->c, id, h);
    page->after_id = id;
    page->count++;
    return LEDGER_OK;
}

void compare_hold_page(const struct compare *c)
{
    const struct ledger_hold_filter filter = {
        .account_id = draw_one_in(c->draw, 2) ? draw_account(c->draw) : 0,
        .open_only = draw_one_in(c->draw, 2),
        .after_id = draw_one_in(c->draw, 2) ? draw_below(c->draw, c->m->hold_count) : 0,
        .limit = (int)draw_between(c->draw, 1, 40)};
    struct hold_page page = {c, &filter, filter.after_id, 0};

    compare_ok(c, ledger_hold_each(c->l, &filter, take_hold, &page), "a page of holds");
    if (page.count < filter.limit)
        compare_same(c, 0, next_hold(c->m, &filter, page.after_id), "a hold that a page left out");
}

struct record_page {
    const struct compare *c;
    int64_t at;
    int64_t count;
};

static enum ledger_status take_record(void *ctx, const struct ledger_record *r)
{
    struct record_page *page = ctx;
    const struct model_write *want = &page->c->m->writes[page->at++];

    compare_same(page->c, page->at, r->seq, "the next write of the register");
    compare_same(page->c, want->at_us, r->at_us, "time of write %lld", (long long)page->at);
    compare_same(page->c, want->subject, r->subject, "subject of write %lld", (long long)page->at);
    page->count++;
    return LEDGER_OK;
}

void compare_register_page(const struct compare *c)
{
    struct record_page page = {.c = c, .at = draw_below(c->draw, c->m->write_count)};
    int64_t left = c->m->write_count - page.at;
    int limit = (int)draw_between(c->draw, 1, 40);

    compare_ok(c, ledger_register_each(c->l, page.at, limit, take_record, &page), "the register");
    compare_same(c, left < limit ? left : limit, page.count, "writes in a page");
}

void compare_corrections(const struct compare *c)
{
    int64_t id = c->m->transfer_count - draw_below(c->draw, c->m->transfer_count);
    int64_t refunded_minor;
    int64_t reversal_id;

    if (id == 0)
        return;
    compare_ok(c, ledger_transfer_corrections(c->l, id, &refunded_minor, &reversal_id),
               "a transfer's corrections");
    compare_same(c, model_refunded(c->m, id), refunded_minor, "refunded of transfer %lld",
                 (long long)id);
    compare_same(c, model_reversal_of(c->m, id), reversal_id, "reversal of transfer %lld",
                 (long long)id);
}

void compare_verify(const struct compare *c)
{
    struct ledger_verification v;

    compare_ok(c, ledger_verify(c->l, NULL, NULL, &v), "verify");
    compare_same(c, c->m->transfer_count, v.transfers, "transfers that were verified");
    compare_same(c, c->m->leg_count, v.entries, "entries that were verified");
    compare_same(c, c->m->account_count, v.accounts, "accounts that were verified");
    compare_same(c, c->m->hold_count, v.holds, "holds that were verified");
    compare_same(c, c->m->write_count, v.writes, "writes that were verified");
}
