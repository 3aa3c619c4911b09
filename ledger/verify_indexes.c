#include "verify_replay.h"

/*
 * Statements and balances step in by entry_mark and entry_late. Both are read whole, in
 * their own order, and must add up to the fingerprints of the entries that the replay saw.
 */
static enum ledger_status wrong(struct replay *r, int64_t account_id, const char *index)
{
    char name[LEDGER_ACCOUNT_NAME];

    replay_account_name(r, account_id, name);
    return ledger_refuse(r->l, LEDGER_INTEGRITY,
                         "%s: the index %s does not agree with its entries: take a backup, then "
                         "rebuild the index",
                         name, index);
}

struct walk {
    struct replay *r;
    int64_t account_id;
    int64_t key; /* the row's before, within the account */
};

/* Is the row in its place? Afterwards the walk stands on it. */
static bool in_order(struct walk *w, int64_t account_id, int64_t key)
{
    bool fine = account_id > w->account_id || (account_id == w->account_id && key >= w->key);

    w->account_id = account_id;
    w->key = key;
    return fine && account_id >= 1 && account_id <= w->r->account_count;
}

static enum ledger_status read_mark(void *into, const struct store_row *row)
{
    struct walk *w = into;
    int64_t account_id = store_row_int(row, 0);
    int64_t transfer_id = store_row_int(row, 1);

    if (!in_order(w, account_id, transfer_id))
        return wrong(w->r, account_id, "entry_mark");
    w->r->accounts[account_id].marks -= replay_print(transfer_id, 0, 0);
    return LEDGER_OK;
}

static enum ledger_status read_late_entry(void *into, const struct store_row *row)
{
    struct walk *w = into;
    int64_t account_id = store_row_int(row, 0);
    int64_t late_on = store_row_int(row, 1);

    if (!in_order(w, account_id, late_on))
        return wrong(w->r, account_id, "entry_late");
    w->r->accounts[account_id].late_entries -=
        replay_print(store_row_int(row, 2), store_row_int(row, 3), late_on);
    return LEDGER_OK;
}

static enum ledger_status read_correction(void *into, const struct store_row *row)
{
    struct replay *r = into;

    r->corrections -= replay_print(store_row_int(row, 0), store_row_int(row, 1), 0);
    return LEDGER_OK;
}

/* Whether a transfer was reversed is asked of the index by what it puts right. */
static enum ledger_status check_corrections(struct replay *r)
{
    LEDGER_TRY(ledger_each(r->l,
                           "SELECT id, corrects FROM transfer WHERE corrects IS NOT NULL "
                           "ORDER BY corrects, kind",
                           STORE_NO_ARGS, read_correction, r));
    if (r->corrections)
        return ledger_refuse(r->l, LEDGER_INTEGRITY,
                             "the index transfer_corrects does not agree with the reversals and "
                             "refunds: take a backup, then rebuild the index");
    return LEDGER_OK;
}

enum ledger_status replay_indexes(struct replay *r)
{
    struct walk marks = {.r = r};
    struct walk late = {.r = r};

    LEDGER_TRY(ledger_each(r->l,
                           "SELECT account_id, transfer_id FROM entry_mark "
                           "ORDER BY account_id, transfer_id",
                           STORE_NO_ARGS, read_mark, &marks));
    LEDGER_TRY(ledger_each(r->l,
                           "SELECT account_id, late_on, transfer_id, amount_minor FROM entry "
                           "WHERE late_on IS NOT NULL ORDER BY account_id, late_on, transfer_id",
                           STORE_NO_ARGS, read_late_entry, &late));
    for (int64_t id = 1; id <= r->account_count; id++) {
        if (r->accounts[id].marks)
            return wrong(r, id, "entry_mark");
        if (r->accounts[id].late_entries)
            return wrong(r, id, "entry_late");
    }
    return check_corrections(r);
}
