#include "walk.h"

#include "handle.h"

/* Eight links of the chain at once: what a statement costs by itself is as much as several of them. */
#define LINK(n)                                                                                    \
    ", e" #n ".transfer_id, e" #n ".leg, e" #n ".amount_minor, e" #n ".balance_minor, e" #n        \
    ".late_on, e" #n ".previous"
#define FOLLOW(n, before)                                                                          \
    "LEFT JOIN entry e" #n " ON e" #n ".transfer_id = e" #before ".previous AND e" #n              \
    ".account_id = $2 AND e" #n ".transfer_id > $3 "
#define LINK_COLUMNS 6

static enum ledger_status read_links(void *into, const struct store_row *row)
{
    struct ledger_walk *walk = into;

    for (int c = 1; walk->count < LEDGER_WALK_STRIDE && !store_row_null(row, c);
         c += LINK_COLUMNS) {
        walk->entries[walk->count++] =
            (struct ledger_walk_entry){.transfer_id = store_row_int(row, c),
                                       .leg = (int)store_row_int(row, c + 1),
                                       .amount_minor = store_row_int(row, c + 2),
                                       .balance_minor = store_row_int(row, c + 3),
                                       .late = !store_row_null(row, c + 4)};
        walk->previous = store_row_int(row, c + 5);
    }
    return LEDGER_OK;
}

static enum ledger_status read_on(struct ledger_walk *walk)
{
    walk->at = 0;
    walk->count = 0;
    if (walk->previous <= walk->after)
        return LEDGER_NO_ROW;
    return ledger_first(
        walk->l,
        "SELECT 0" LINK(1) LINK(2) LINK(3) LINK(4) LINK(5) LINK(6) LINK(7)
            LINK(8) " FROM entry e1 " FOLLOW(2, 1) FOLLOW(3, 2) FOLLOW(4, 3) FOLLOW(5, 4)
                FOLLOW(6, 5) FOLLOW(7, 6)
                    FOLLOW(8, 7) "WHERE e1.transfer_id = $1 AND e1.account_id = $2",
        STORE_ARGS(store_int(walk->previous), store_int(walk->account_id), store_int(walk->after)),
        read_links, walk);
}

enum ledger_status ledger_walk_begin(struct ledger *l, int64_t account_id, int64_t after,
                                     int64_t to, int64_t skip, struct ledger_walk *walk)
{
    *walk = (struct ledger_walk){.l = l, .account_id = account_id, .after = after};
    LEDGER_TRY(ledger_first(
        l, "SELECT " JOURNAL_WALK_START("$1", "$2", "$3", "$4"),
        STORE_ARGS(store_int(account_id), store_int(after), store_int(to), store_int(skip)),
        ledger_read_int, &walk->previous));
    enum ledger_status status = LEDGER_OK;
    do {
        while (walk->at < walk->count && walk->entries[walk->at].transfer_id > to)
            walk->at++;
        if (walk->at < walk->count)
            return LEDGER_OK;
        status = read_on(walk);
    } while (status == LEDGER_OK);
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

enum ledger_status ledger_walk_next(struct ledger_walk *walk,
                                    const struct ledger_walk_entry **entry)
{
    if (walk->at == walk->count)
        LEDGER_TRY(read_on(walk));
    *entry = &walk->entries[walk->at++];
    return LEDGER_OK;
}
