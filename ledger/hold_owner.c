#include "hold_owner.h"

#include "handle.h"

#include <assert.h>
#include <string.h>

enum ledger_status ledger_hold_own(struct ledger *l, int64_t hold_id, const char *kind,
                                   int64_t subject_id)
{
    assert(kind[0] && strlen(kind) <= LEDGER_HOLD_OWNER_MAX);
    return ledger_exec(l, "INSERT INTO hold_owner (hold_id, kind, subject_id) VALUES ($1, $2, $3)",
                       STORE_ARGS(store_int(hold_id), store_text(kind), store_int(subject_id)));
}

static enum ledger_status read_owner(void *into, const struct store_row *row)
{
    struct ledger_hold_owner *owner = into;

    store_row_copy(row, 0, owner->kind, sizeof owner->kind);
    owner->subject_id = store_row_int(row, 1);
    return LEDGER_OK;
}

enum ledger_status ledger_hold_owner(struct ledger *l, int64_t hold_id,
                                     struct ledger_hold_owner *owner)
{
    *owner = (struct ledger_hold_owner){.kind = ""};
    enum ledger_status status =
        ledger_first(l, "SELECT kind, subject_id FROM hold_owner WHERE hold_id = $1",
                     STORE_ARGS(store_int(hold_id)), read_owner, owner);
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

enum ledger_status ledger_hold_check_free(struct ledger *l, int64_t hold_id)
{
    struct ledger_hold_owner owner;

    LEDGER_TRY(ledger_hold_owner(l, hold_id, &owner));
    if (owner.kind[0] == '\0')
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_HOLD_OWNED, "hold %lld belongs to %s %lld and ends with it",
                         (long long)hold_id, owner.kind, (long long)owner.subject_id);
}
