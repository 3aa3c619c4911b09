/*
 * verify_replay.h - what the parts of a verification share. Only verify*.c include it.
 *
 * Each part returns LEDGER_INTEGRITY with the sentence already in the ledger's message, LEDGER_STOP
 * when the caller's progress said so, or a fault.
 */
#ifndef LEDGER_VERIFY_REPLAY_H
#define LEDGER_VERIFY_REPLAY_H

#include "account.h"
#include "handle.h"
#include "verify.h"

struct replay_account {
    int64_t balance_minor; /* as replayed so far */
    int64_t stored_minor;  /* as its row says */
    int64_t last_transfer; /* the last one with an entry of it */
    int64_t entry_count;
    int64_t stored_last; /* as its row says */
    int64_t stored_count;
    uint64_t marks; /* fingerprints of the entries that have a mark, and of the late ones */
    uint64_t late_entries;
    int32_t currency; /* an index into currencies */
};

struct replay_currency {
    int64_t sum_minor; /* of the transfer at hand */
    int scale;
    char code[LEDGER_CODE_MAX + 1];
};

struct replay {
    struct ledger *l;
    struct ledger_verification *v;
    ledger_verify_progress *progress; /* or NULL */
    void *ctx;
    int64_t of;                         /* transfers there should be */
    struct replay_account *accounts;    /* by id, from 1 */
    struct replay_currency *currencies; /* by id, from 1 */
    int64_t account_count;
    int64_t currency_count;
    uint64_t corrections; /* fingerprints of the transfers that put another right */
};

/* A scan whose first column is the key it is merged by; INT64_MAX after the last row. */
struct replay_cursor {
    struct store_scan *scan;
    const struct store_row *row;
    int64_t key;
};

/* Open at the first row. `sql` is a literal without arguments. */
LEDGER_CHECKED enum ledger_status replay_open(struct replay *r, const char *sql,
                                              struct replay_cursor *c);
LEDGER_CHECKED enum ledger_status replay_next(struct replay *r, struct replay_cursor *c);
void replay_close(struct replay_cursor *c);

/* A number that two scans of the same rows, in whatever order, both add up to. */
static inline uint64_t replay_print(int64_t a, int64_t b, int64_t c)
{
    uint64_t x = (uint64_t)a * UINT64_C(0x9E3779B97F4A7C15) ^
                 (uint64_t)b * UINT64_C(0xC2B2AE3D27D4EB4F) ^
                 (uint64_t)c * UINT64_C(0x165667B19E3779F9);

    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* "riverside:CALD", or "account 12" where even that is wrong. */
char *replay_account_name(struct replay *r, int64_t id, char buf[static LEDGER_ACCOUNT_NAME]);

/* Does the text of row `id` (`noun` transfer or hold) give its hash? Columns: hash, salt, memo, reference from `column` on. */
LEDGER_CHECKED enum ledger_status replay_check_text(struct replay *r, const char *noun, int64_t id,
                                                    const uint8_t hash[32],
                                                    const struct store_row *text, int column);
/* The words of `noun` `id` are gone: is that on record? Counted in v->erased. */
LEDGER_CHECKED enum ledger_status replay_check_erased(struct replay *r, const char *noun,
                                                      int64_t id);

/*
 * Each query gives the first row that breaks a rule, by its id; or nothing. Where `have` is set it
 * also gives a scale and two amounts: what stands there, and what the other rows give.
 */
struct replay_rule {
    const char *noun; /* NULL: the id is an account's, which has a name */
    const char *what;
    const char *have;
    const char *sql;
};

LEDGER_CHECKED enum ledger_status replay_rules(struct replay *r, const struct replay_rule *rules,
                                               size_t count);

LEDGER_CHECKED enum ledger_status replay_journal(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_indexes(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_members(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_holds(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_rows(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_lots(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_courses(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_register(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_certificates(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_pool(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_requests(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_notices(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_fund(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_offers(struct replay *r);
LEDGER_CHECKED enum ledger_status replay_standing(struct replay *r);

#endif
