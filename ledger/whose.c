#include "whose.h"

#include "handle.h"

#include <stdlib.h>
#include <string.h>

#define WHOSE_PLACES 16384 /* 0.9 MiB for each handle that reads; accounts have dense ids */

struct ledger_whose_memory {
    int64_t erasures; /* how far they were when this was read */
    bool current;     /* looked at in this transaction */
    struct ledger_whose places[WHOSE_PLACES];
};

void ledger_whose_begin(struct ledger *l)
{
    if (l->whose)
        l->whose->current = false;
}

static enum ledger_status bring_up_to_date(struct ledger *l)
{
    struct ledger_whose_memory *memory = l->whose;
    int64_t erasures = 0;

    if (memory->current)
        return LEDGER_OK;
    LEDGER_TRY(
        ledger_first(l, "SELECT max(id) FROM erasure", STORE_NO_ARGS, ledger_read_int, &erasures));
    if (erasures != memory->erasures)
        memset(memory->places, 0, sizeof memory->places);
    memory->erasures = erasures;
    memory->current = true;
    return LEDGER_OK;
}

static enum ledger_status read_whose(void *into, const struct store_row *row)
{
    struct ledger_whose *whose = into;

    whose->account_id = store_row_int(row, 0);
    whose->currency_id = store_row_int(row, 1);
    store_row_copy(row, 2, whose->handle, sizeof whose->handle);
    return LEDGER_OK;
}

/* Where it is kept: what a writer has read, a rolled back savepoint may make untrue. */
static struct ledger_whose *place_of(struct ledger *l, int64_t account_id)
{
    if (!l->writing && !l->whose)
        l->whose = calloc(1, sizeof *l->whose);
    return l->whose ? &l->whose->places[account_id % WHOSE_PLACES] : &l->whose_last;
}

enum ledger_status ledger_whose(struct ledger *l, int64_t account_id,
                                const struct ledger_whose **whose)
{
    struct ledger_whose *place = place_of(l, account_id);

    *whose = place;
    if (l->whose) {
        LEDGER_TRY(bring_up_to_date(l));
        if (place->account_id == account_id && account_id > 0)
            return LEDGER_OK;
    }
    place->account_id = 0;
    enum ledger_status status =
        ledger_first(l,
                     "SELECT a.id, a.currency_id, coalesce(i.handle, 'erased-' || a.member_id) "
                     "FROM account a LEFT JOIN member_identity i ON i.member_id = a.member_id "
                     "WHERE a.id = $1",
                     STORE_ARGS(store_int(account_id)), read_whose, place);
    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_ACCOUNT, "there is no account %lld",
                             (long long)account_id);
    return status;
}
