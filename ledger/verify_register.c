#include "verify_replay.h"

#include <string.h>

struct writes {
    struct replay *r;
    int64_t at_us; /* of the row before */
    uint8_t uid[16];
    uint64_t print; /* of the table, less that of the index by uid */
};

static uint64_t print(int64_t seq, const uint8_t uid[16])
{
    int64_t half[2];

    memcpy(half, uid, sizeof half);
    return replay_print(seq, half[0], half[1]);
}

static const uint8_t *uid_of(const struct store_row *row, int column)
{
    static const uint8_t none[16];
    size_t size;
    const uint8_t *uid = store_row_blob(row, column, &size);

    return uid && size == sizeof none ? uid : none;
}

static enum ledger_status check_write(void *into, const struct store_row *row)
{
    struct writes *w = into;
    struct replay *r = w->r;
    int64_t seq = store_row_int(row, 0);
    int64_t at_us = store_row_int(row, 1);
    size_t uid_size;
    size_t hash_size;

    store_row_blob(row, 2, &uid_size);
    store_row_blob(row, 3, &hash_size);
    if (seq != r->v->writes + 1)
        return ledger_refuse(r->l, LEDGER_INTEGRITY, "register: write %lld is missing",
                             (long long)r->v->writes + 1);
    if (at_us <= w->at_us)
        return ledger_refuse(r->l, LEDGER_INTEGRITY,
                             "register: write %lld was no later than the one before it",
                             (long long)seq);
    if (uid_size != 16 || hash_size != 32)
        return ledger_refuse(r->l, LEDGER_INTEGRITY,
                             "register: write %lld has no whole uid and content hash",
                             (long long)seq);
    w->at_us = at_us;
    w->print += print(seq, uid_of(row, 2));
    r->v->writes++;
    return LEDGER_OK;
}

static enum ledger_status check_uid(void *into, const struct store_row *row)
{
    struct writes *w = into;
    const uint8_t *uid = uid_of(row, 1);

    if (memcmp(uid, w->uid, sizeof w->uid) <= 0)
        return ledger_refuse(w->r->l, LEDGER_INTEGRITY,
                             "register: the uid of write %lld stands twice, or out of its place",
                             (long long)store_row_int(row, 0));
    memcpy(w->uid, uid, sizeof w->uid);
    w->print -= print(store_row_int(row, 0), uid);
    return LEDGER_OK;
}

/* Whether a write is known is asked of the index by uid, so that must agree too. */
enum ledger_status replay_register(struct replay *r)
{
    struct writes w = {.r = r, .at_us = INT64_MIN};

    LEDGER_TRY(ledger_each(r->l, "SELECT seq, at_us, uid, content_hash FROM register ORDER BY seq",
                           STORE_NO_ARGS, check_write, &w));
    LEDGER_TRY(ledger_each(r->l, "SELECT seq, uid FROM register ORDER BY uid", STORE_NO_ARGS,
                           check_uid, &w));
    if (w.print)
        return ledger_refuse(r->l, LEDGER_INTEGRITY,
                             "register: its index by uid does not agree with its rows");
    return LEDGER_OK;
}
