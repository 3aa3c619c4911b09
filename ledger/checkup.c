#include "checkup.h"

#include "handle.h"
#include "journal.h"
#include "store/lock.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum ledger_status ledger_checkup_writer(const char *path, char *who, size_t size)
{
    return lock_look(path, who, size);
}

enum ledger_status ledger_checkup_schema(struct ledger *l)
{
    char problem[STORE_MESSAGE];
    enum ledger_status status = store_check_objects(l->store, problem);

    if (status == LEDGER_INTEGRITY)
        return ledger_refuse(l, status, "%s", problem);
    return status == LEDGER_OK ? LEDGER_OK : ledger_store_status(l, status);
}

/* What the sample has seen of an account. */
struct seen {
    bool entry;
    int64_t balance_minor; /* after its newest entry */
};

struct look {
    struct ledger *l;
    struct ledger_sample *sample;
    struct seen *accounts; /* by id */
    int64_t account_count;
};

static enum ledger_status check_sum(struct look *k, const struct ledger_transfer *t)
{
    for (int i = 0; i < t->leg_count; i++) {
        int64_t sum_minor = 0;

        for (int j = 0; j < t->leg_count; j++)
            if (strcmp(t->entries[i].code, t->entries[j].code) == 0)
                sum_minor += t->entries[j].amount_minor;
        if (sum_minor != 0)
            return ledger_refuse(k->l, LEDGER_INTEGRITY,
                                 "transfer %" PRId64 ": it does not sum to zero in %s", t->id,
                                 t->entries[i].code);
    }
    return LEDGER_OK;
}

static enum ledger_status look_at_entry(struct look *k, const struct ledger_transfer *t,
                                        const struct ledger_entry *e)
{
    struct seen *a;

    if (e->account_id < 1 || e->account_id > k->account_count)
        return ledger_refuse(k->l, LEDGER_INTEGRITY, "transfer %" PRId64 ": no such account",
                             t->id);
    a = &k->accounts[e->account_id];
    if (a->entry && a->balance_minor + e->amount_minor != e->balance_minor)
        return ledger_refuse(k->l, LEDGER_INTEGRITY,
                             "transfer %" PRId64
                             ": the balance after it of %s:%s does not follow from the one before",
                             t->id, e->handle, e->code);
    *a = (struct seen){true, e->balance_minor};
    return LEDGER_OK;
}

static enum ledger_status look_at_transfer(void *ctx, const struct ledger_transfer *t)
{
    struct look *k = ctx;

    LEDGER_TRY(check_sum(k, t));
    for (int i = 0; i < t->leg_count; i++)
        LEDGER_TRY(look_at_entry(k, t, &t->entries[i]));
    k->sample->transfers++;
    return LEDGER_OK;
}

static enum ledger_status compare_account(void *into, const struct store_row *row)
{
    struct look *k = into;
    int64_t id = store_row_int(row, 0);
    struct ledger_account a;
    char name[LEDGER_ACCOUNT_NAME];

    if (id < 1 || id > k->account_count || !k->accounts[id].entry)
        return LEDGER_OK;
    k->sample->accounts++;
    if (k->accounts[id].balance_minor == store_row_int(row, 1))
        return LEDGER_OK;
    LEDGER_TRY(ledger_account_get(k->l, id, &a));
    return ledger_refuse(k->l, LEDGER_INTEGRITY,
                         "%s: its balance is not the one after its newest entry",
                         ledger_account_name(&a, name));
}

static enum ledger_status check_currency(void *into, const struct store_row *row)
{
    struct look *k = into;

    if (store_row_int(row, 1) == 0)
        return LEDGER_OK;
    return ledger_refuse(k->l, LEDGER_INTEGRITY, "the balances in %s do not sum to zero",
                         store_row_text(row, 0));
}

static enum ledger_status look(struct look *k)
{
    struct ledger_transfer_filter filter = {.limit = LEDGER_SAMPLE_TRANSFERS};

    LEDGER_TRY(ledger_journal_length(k->l, &k->sample->of));
    if (k->sample->of > LEDGER_SAMPLE_TRANSFERS)
        filter.after_id = k->sample->of - LEDGER_SAMPLE_TRANSFERS;
    LEDGER_TRY(ledger_transfer_each(k->l, &filter, look_at_transfer, k));
    LEDGER_TRY(ledger_each(k->l, "SELECT id, balance_minor FROM account ORDER BY id", STORE_NO_ARGS,
                           compare_account, k));
    return ledger_each(k->l,
                       "SELECT c.code, sum(a.balance_minor) FROM account a "
                       "JOIN currency c ON c.id = a.currency_id GROUP BY c.code ORDER BY c.code",
                       STORE_NO_ARGS, check_currency, k);
}

enum ledger_status ledger_checkup_sample(struct ledger *l, struct ledger_sample *s)
{
    struct look k = {.l = l, .sample = s};

    *s = (struct ledger_sample){0};
    LEDGER_TRY(ledger_first(l, "SELECT coalesce(max(id), 0) FROM account", STORE_NO_ARGS,
                            ledger_read_int, &k.account_count));
    k.accounts = calloc((size_t)k.account_count + 1, sizeof *k.accounts);
    if (!k.accounts)
        return ledger_refuse(l, LEDGER_NO_MEMORY, "no memory for %" PRId64 " accounts",
                             k.account_count);
    enum ledger_status status = look(&k);
    free(k.accounts);
    return status;
}
