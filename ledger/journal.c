#include "journal.h"

#include "date.h"
#include "handle.h"
#include "walk.h"

#include <assert.h>

static enum ledger_status write_leg(struct ledger *l, int64_t transfer_id, int leg,
                                    const struct ledger_account *a, int64_t amount_minor,
                                    struct store_arg late_on)
{
    int64_t count = a->entry_count + 1;

    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO entry (transfer_id, leg, account_id, amount_minor, balance_minor, late_on, "
        "previous) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        STORE_ARGS(store_int(transfer_id), store_int(leg), store_int(a->id),
                   store_int(amount_minor), store_int(a->balance_minor), late_on,
                   store_int_or_null(a->last_transfer_id != 0, a->last_transfer_id))));
    LEDGER_TRY(ledger_exec(l,
                           "UPDATE account SET balance_minor = $2, entry_count = $3, "
                           "last_transfer_id = $4 WHERE id = $1",
                           STORE_ARGS(store_int(a->id), store_int(a->balance_minor),
                                      store_int(count), store_int(transfer_id))));
    if (count % JOURNAL_MARK_EVERY != 0)
        return LEDGER_OK;
    return ledger_exec(l, "INSERT INTO entry_mark (account_id, transfer_id) VALUES ($1, $2)",
                       STORE_ARGS(store_int(a->id), store_int(transfer_id)));
}

static enum ledger_status write_text(struct ledger *l, int64_t transfer_id, const uint8_t salt[16],
                                     const struct ledger_transfer_draft *draft)
{
    return ledger_exec(
        l, "INSERT INTO transfer_text (transfer_id, salt, memo, reference) VALUES ($1, $2, $3, $4)",
        STORE_ARGS(store_int(transfer_id), store_blob(salt, 16),
                   store_text(draft->memo ? draft->memo : ""),
                   store_text(draft->reference ? draft->reference : "")));
}

static enum ledger_status write_transfer(struct ledger *l, int64_t id,
                                         const struct ledger_transfer_draft *draft,
                                         int64_t posted_at_us, int32_t effective_on)
{
    uint8_t salt[16];
    uint8_t hash[32];
    const char *memo = draft->memo ? draft->memo : "";
    const char *reference = draft->reference ? draft->reference : "";
    bool has_text = memo[0] || reference[0];

    if (has_text) {
        ledger_random(l, salt, sizeof salt);
        ledger_text_hash(salt, memo, reference, hash);
    }
    LEDGER_TRY(
        ledger_exec(l,
                    "INSERT INTO transfer (id, kind, posted_at_us, effective_on, corrects, "
                    "text_hash) VALUES ($1, $2, $3, $4, $5, $6)",
                    STORE_ARGS(store_int(id), store_text(ledger_transfer_kind_name(draft->kind)),
                               store_int(posted_at_us), store_int(effective_on),
                               store_int_or_null(draft->corrects, draft->corrects),
                               has_text ? store_blob(hash, 32) : store_null())));
    return has_text ? write_text(l, id, salt, draft) : LEDGER_OK;
}

enum ledger_status ledger_journal_write(struct ledger *l, const struct ledger_transfer_draft *draft,
                                        const struct ledger_account *accounts, int64_t posted_at_us,
                                        int32_t effective_on, int64_t *id)
{
    bool late = effective_on < ledger_day_of(l, posted_at_us);

    LEDGER_TRY(ledger_know_last(l));
    *id = l->last.transfer_id + 1;
    for (int i = 0; i < draft->leg_count; i++)
        LEDGER_TRY(write_leg(l, *id, i, &accounts[i], draft->legs[i].amount_minor,
                             store_int_or_null(late, effective_on)));
    LEDGER_TRY(write_transfer(l, *id, draft, posted_at_us, effective_on));
    l->last.transfer_id = *id;
    return LEDGER_OK;
}

enum ledger_status ledger_journal_length(struct ledger *l, int64_t *transfers)
{
    *transfers = 0;
    return ledger_first(l, "SELECT max(id) FROM transfer", STORE_NO_ARGS, ledger_read_int,
                        transfers);
}

static enum ledger_status read_posted(struct ledger *l, int64_t id, int64_t *posted_at_us)
{
    return ledger_first(l, "SELECT posted_at_us FROM transfer WHERE id = $1",
                        STORE_ARGS(store_int(id)), ledger_read_int, posted_at_us);
}

/* The last posted at or before, and the first posted after, with their times. */
struct bracket {
    int64_t low;
    int64_t low_us;
    int64_t high;
    int64_t high_us;
};

/*
 * Where the time would stand if they were posted evenly, which mostly is near; every other time the
 * middle, so that it is never far.
 */
static int64_t guess(const struct bracket *b, int64_t at_us, bool middle)
{
    int64_t span = b->high - b->low;
    int64_t step = span / 2;

    if (!middle)
        step = (int64_t)((__int128)span * (at_us - b->low_us) / (b->high_us - b->low_us));
    if (step < 1)
        step = 1;
    return b->low + (step < span ? step : span - 1);
}

static enum ledger_status narrow(struct ledger *l, struct bracket *b, int64_t at_us)
{
    for (bool middle = false; b->high - b->low > 1; middle = !middle) {
        int64_t id = guess(b, at_us, middle);
        int64_t posted_at_us;
        LEDGER_TRY(read_posted(l, id, &posted_at_us));
        if (posted_at_us <= at_us) {
            b->low = id;
            b->low_us = posted_at_us;
        } else {
            b->high = id;
            b->high_us = posted_at_us;
        }
    }
    return LEDGER_OK;
}

enum ledger_status ledger_journal_last_at(struct ledger *l, int64_t at_us, int64_t *transfer_id)
{
    struct bracket b = {.low = 1};

    *transfer_id = 0;
    LEDGER_TRY(ledger_journal_length(l, &b.high));
    if (b.high == 0)
        return LEDGER_OK;
    LEDGER_TRY(read_posted(l, b.high, &b.high_us));
    if (b.high_us <= at_us) {
        *transfer_id = b.high;
        return LEDGER_OK;
    }
    LEDGER_TRY(read_posted(l, b.low, &b.low_us));
    if (b.low_us > at_us)
        return LEDGER_OK;
    LEDGER_TRY(narrow(l, &b, at_us));
    *transfer_id = b.low;
    return LEDGER_OK;
}

enum ledger_status ledger_journal_last_on(struct ledger *l, int32_t day, int64_t *transfer_id)
{
    return ledger_journal_last_at(l, ledger_day_start_us(l, day + 1) - 1, transfer_id);
}

enum ledger_status ledger_journal_balance_at(struct ledger *l, int64_t account_id,
                                             int64_t transfer_id, int64_t *balance_minor)
{
    struct ledger_walk walk;
    const struct ledger_walk_entry *entry;

    *balance_minor = 0;
    LEDGER_TRY(ledger_walk_begin(l, account_id, 0, transfer_id, JOURNAL_SKIP_NONE, &walk));
    enum ledger_status status = ledger_walk_next(&walk, &entry);
    if (status == LEDGER_OK)
        *balance_minor = entry->balance_minor;
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

enum ledger_status ledger_journal_balance_effective(struct ledger *l, int64_t account_id,
                                                    int32_t day, int64_t *balance_minor)
{
    int64_t last;
    int64_t late_minor;

    LEDGER_TRY(ledger_journal_last_on(l, day, &last));
    LEDGER_TRY(ledger_journal_balance_at(l, account_id, last, balance_minor));
    LEDGER_TRY(ledger_first(l,
                            "SELECT coalesce(sum(amount_minor), 0) FROM entry "
                            "WHERE account_id = $1 AND late_on <= $2 AND transfer_id > $3",
                            STORE_ARGS(store_int(account_id), store_int(day), store_int(last)),
                            ledger_read_int, &late_minor));
    *balance_minor += late_minor;
    return LEDGER_OK;
}
