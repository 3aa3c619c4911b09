#include "date.h"
#include "journal.h"
#include "transfer.h"
#include "verify_replay.h"

#include <stdio.h>
#include <string.h>

#define PROGRESS_EVERY 4096

/* The journal is read once, front to back: three scans side by side, no query for a transfer. */
struct journal {
    struct replay *r;
    struct replay_cursor transfers;
    struct replay_cursor entries;
    struct replay_cursor texts;
    int64_t posted_at_us; /* of the transfer before */
    int32_t day;          /* the ledger's day of posting, good until ... */
    int64_t day_end_us;
};

/* The transfer at hand. */
struct posting {
    int64_t id;
    int32_t effective_on;
    bool late;
    int legs;
    int32_t currencies[LEDGER_LEGS_MAX];
    int currency_count;
};

static enum ledger_status wrong(struct journal *j, const struct posting *p, const char *what)
{
    return ledger_refuse(j->r->l, LEDGER_INTEGRITY, "transfer %lld: %s", (long long)p->id, what);
}

static enum ledger_status wrong_leg(struct journal *j, const struct posting *p, const char *what)
{
    char name[LEDGER_ACCOUNT_NAME];

    replay_account_name(j->r, store_row_int(j->entries.row, 2), name);
    return ledger_refuse(j->r->l, LEDGER_INTEGRITY, "transfer %lld, leg %d (%s): %s",
                         (long long)p->id, p->legs, name, what);
}

static enum ledger_status wrong_balance(struct journal *j, const struct posting *p,
                                        int64_t stored_minor, int64_t replayed_minor)
{
    const struct replay_account *a = &j->r->accounts[store_row_int(j->entries.row, 2)];
    int scale = j->r->currencies[a->currency].scale;
    char stored[LEDGER_AMOUNT_TEXT];
    char replayed[LEDGER_AMOUNT_TEXT];
    char what[120];

    snprintf(what, sizeof what, "the balance after it is %s, the replay gives %s",
             ledger_amount_format(stored_minor, scale, stored),
             ledger_amount_format(replayed_minor, scale, replayed));
    return wrong_leg(j, p, what);
}

static void add_to_sum(struct journal *j, struct posting *p, int32_t currency, int64_t amount_minor)
{
    struct replay_currency *c = &j->r->currencies[currency];
    int i = 0;

    while (i < p->currency_count && p->currencies[i] != currency)
        i++;
    if (i == p->currency_count) {
        p->currencies[p->currency_count++] = currency;
        c->sum_minor = 0;
    }
    c->sum_minor += amount_minor; /* 64 legs of at most 10^15 fit */
}

static enum ledger_status check_late(struct journal *j, const struct posting *p)
{
    const struct store_row *row = j->entries.row;

    if (store_row_null(row, 5) == p->late)
        return wrong_leg(j, p,
                         p->late ? "it was posted after its day, and is not marked late"
                                 : "it is marked late, and was posted on its day");
    if (p->late && store_row_int(row, 5) != p->effective_on)
        return wrong_leg(j, p, "its late day is not the transfer's effective day");
    return LEDGER_OK;
}

/* Columns: transfer_id, leg, account_id, amount_minor, balance_minor, late_on, previous. */
static enum ledger_status replay_leg(struct journal *j, struct posting *p)
{
    const struct store_row *row = j->entries.row;
    int64_t account_id = store_row_int(row, 2);
    int64_t amount_minor = store_row_int(row, 3);
    int64_t balance_minor = store_row_int(row, 4);

    if (store_row_int(row, 1) != p->legs || p->legs == LEDGER_LEGS_MAX)
        return wrong(j, p, "its legs are not numbered 0, 1, 2 and so on");
    if (account_id < 1 || account_id > j->r->account_count)
        return wrong_leg(j, p, "there is no such account");
    struct replay_account *a = &j->r->accounts[account_id];
    if (a->last_transfer == p->id)
        return wrong_leg(j, p, "that account has a leg already");
    if (amount_minor == 0 || amount_minor < -LEDGER_AMOUNT_MAX || amount_minor > LEDGER_AMOUNT_MAX)
        return wrong_leg(j, p, "its amount is zero, or beyond what the ledger counts");
    add_to_sum(j, p, a->currency, amount_minor);
    LEDGER_TRY(check_late(j, p));
    if (ledger_amount_add(a->balance_minor, amount_minor, &a->balance_minor) != LEDGER_OK)
        return wrong_leg(j, p, "the balance after it is beyond what the ledger counts");
    if (a->balance_minor != balance_minor)
        return wrong_balance(j, p, balance_minor, a->balance_minor);
    if (store_row_int(row, 6) != a->last_transfer)
        return wrong_leg(j, p, "it does not name the account's entry before it");
    a->last_transfer = p->id;
    if (++a->entry_count % JOURNAL_MARK_EVERY == 0)
        a->marks += replay_print(p->id, 0, 0);
    if (p->late)
        a->late_entries += replay_print(p->id, amount_minor, p->effective_on);
    p->legs++;
    return LEDGER_OK;
}

static enum ledger_status check_sums(struct journal *j, const struct posting *p)
{
    for (int i = 0; i < p->currency_count; i++) {
        const struct replay_currency *c = &j->r->currencies[p->currencies[i]];
        char sum[LEDGER_AMOUNT_TEXT];
        if (c->sum_minor != 0)
            return ledger_refuse(
                j->r->l, LEDGER_INTEGRITY, "transfer %lld: its legs in %s sum to %s, not to zero",
                (long long)p->id, c->code, ledger_amount_format(c->sum_minor, c->scale, sum));
    }
    return LEDGER_OK;
}

static enum ledger_status replay_legs(struct journal *j, struct posting *p)
{
    while (j->entries.key == p->id) {
        LEDGER_TRY(replay_leg(j, p));
        LEDGER_TRY(replay_next(j->r, &j->entries));
    }
    if (p->legs < 2)
        return wrong(j, p, "it has fewer than two legs");
    j->r->v->entries += p->legs;
    return check_sums(j, p);
}

/* Posting times only increase, so the zone is asked once a day. */
static int32_t day_of(struct journal *j, int64_t at_us)
{
    if (at_us >= j->day_end_us) {
        j->day = ledger_day_of(j->r->l, at_us);
        j->day_end_us = ledger_day_start_us(j->r->l, j->day + 1);
    }
    return j->day;
}

/* Columns: id, kind, posted_at_us, effective_on, corrects, text_hash. */
static enum ledger_status check_transfer(struct journal *j, struct posting *p)
{
    const struct store_row *row = j->transfers.row;
    int64_t posted_at_us = store_row_int(row, 2);
    int64_t corrects = store_row_int(row, 4);
    enum ledger_transfer_kind kind;

    if (p->id != j->r->v->transfers + 1)
        return ledger_refuse(j->r->l, LEDGER_INTEGRITY, "transfer %lld is missing",
                             (long long)j->r->v->transfers + 1);
    if (posted_at_us <= j->posted_at_us)
        return wrong(j, p, "it was posted no later than the one before it");
    if (p->effective_on > day_of(j, posted_at_us))
        return wrong(j, p, "its effective day is after the day it was posted");
    if (ledger_transfer_kind_parse(store_row_text(row, 1), &kind) != LEDGER_OK)
        return wrong(j, p, "it is of no known kind");
    if ((kind == LEDGER_REVERSAL || kind == LEDGER_REFUND) && store_row_null(row, 4))
        return wrong(j, p, "it does not say which transfer it puts right");
    if (!store_row_null(row, 4) && (corrects < 1 || corrects >= p->id))
        return wrong(j, p, "it puts right a transfer that is not before it");
    if (corrects)
        j->r->corrections += replay_print(p->id, corrects, 0);
    p->late = p->effective_on < j->day;
    j->posted_at_us = posted_at_us;
    return LEDGER_OK;
}

static enum ledger_status check_words(struct journal *j, const struct posting *p)
{
    size_t size;
    const void *hash = store_row_blob(j->transfers.row, 5, &size);

    if (hash && size != 32)
        return wrong(j, p, "the hash of its words is not whole");
    if (j->texts.key != p->id)
        return hash ? replay_check_erased(j->r, "transfer", p->id) : LEDGER_OK;
    if (!hash)
        return wrong(j, p, "it has a memo or reference now, and had none when it was posted");
    LEDGER_TRY(replay_check_text(j->r, "transfer", p->id, hash, j->texts.row, 1));
    return replay_next(j->r, &j->texts);
}

static enum ledger_status replay_transfer(struct journal *j)
{
    struct posting p = {.id = j->transfers.key,
                        .effective_on = (int32_t)store_row_int(j->transfers.row, 3)};
    struct replay *r = j->r;

    LEDGER_TRY(check_transfer(j, &p));
    if (j->entries.key < p.id)
        return ledger_refuse(r->l, LEDGER_INTEGRITY, "entries stand without their transfer %lld",
                             (long long)j->entries.key);
    LEDGER_TRY(replay_legs(j, &p));
    LEDGER_TRY(check_words(j, &p));
    r->v->transfers++;
    if (r->progress && r->v->transfers % PROGRESS_EVERY == 0 &&
        !r->progress(r->ctx, r->v->transfers, r->of))
        return LEDGER_STOP;
    return replay_next(r, &j->transfers);
}

static enum ledger_status check_nothing_left(struct journal *j)
{
    if (j->entries.row)
        return ledger_refuse(j->r->l, LEDGER_INTEGRITY, "entries stand without their transfer %lld",
                             (long long)j->entries.key);
    if (j->texts.row)
        return ledger_refuse(j->r->l, LEDGER_INTEGRITY,
                             "a memo or reference stands without its transfer %lld",
                             (long long)j->texts.key);
    return LEDGER_OK;
}

enum ledger_status replay_journal(struct replay *r)
{
    struct journal j = {.r = r, .posted_at_us = INT64_MIN, .day_end_us = INT64_MIN};
    enum ledger_status status =
        replay_open(r,
                    "SELECT id, kind, posted_at_us, effective_on, corrects, text_hash "
                    "FROM transfer ORDER BY id",
                    &j.transfers);

    if (status == LEDGER_OK)
        status = replay_open(r,
                             "SELECT transfer_id, leg, account_id, amount_minor, balance_minor, "
                             "late_on, previous FROM entry ORDER BY transfer_id, leg",
                             &j.entries);
    if (status == LEDGER_OK)
        status = replay_open(r,
                             "SELECT transfer_id, salt, memo, reference FROM transfer_text "
                             "ORDER BY transfer_id",
                             &j.texts);
    while (status == LEDGER_OK && j.transfers.row)
        status = replay_transfer(&j);
    if (status == LEDGER_OK)
        status = check_nothing_left(&j);
    replay_close(&j.transfers);
    replay_close(&j.entries);
    replay_close(&j.texts);
    return status;
}
