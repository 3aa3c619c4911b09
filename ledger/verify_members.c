#include "member.h"
#include "verify_replay.h"

#include <string.h>

struct members {
    struct replay *r;
    int64_t last;
};

/* Who is not named any more was erased, on record; who is named was always called so. */
static enum ledger_status check_member(void *into, const struct store_row *row)
{
    struct members *m = into;
    struct replay *r = m->r;
    int64_t id = store_row_int(row, 0);
    uint8_t hash[32];
    size_t size;

    if (id != ++m->last)
        return ledger_refuse(r->l, LEDGER_INTEGRITY, "member %lld is missing", (long long)m->last);
    if (store_row_null(row, 2))
        return replay_check_erased(r, "member", id);
    ledger_handle_hash(r->l, store_row_text(row, 2), hash);
    const void *given = store_row_blob(row, 1, &size);
    if (!given || size != sizeof hash || memcmp(given, hash, sizeof hash) != 0)
        return ledger_refuse(r->l, LEDGER_INTEGRITY,
                             "member %lld: its handle is not the one it was taken in with",
                             (long long)id);
    return LEDGER_OK;
}

enum ledger_status replay_members(struct replay *r)
{
    struct members m = {.r = r};

    return ledger_each(r->l,
                       "SELECT m.id, m.handle_hash, i.handle FROM member m "
                       "LEFT JOIN member_identity i ON i.member_id = m.id ORDER BY m.id",
                       STORE_NO_ARGS, check_member, &m);
}
