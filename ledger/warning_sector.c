#include "fold.h"
#include "handle.h"
#include "journal.h"
#include "warning.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An account whose member has a sector. */
struct trader {
    int64_t account_id;
    int64_t balance_minor;
    int scale;
    int cell; /* of its sector and currency */
    char code[LEDGER_CODE_MAX + 1];
    char sector[LEDGER_ATTRIBUTE_MAX + 1];
    char key[LEDGER_FOLD_WORD_MAX + 1];
};

struct gathering {
    struct ledger *l;
    struct trader *traders;
    size_t count;
    size_t room;
    struct ledger_sector_flow *cells;
    int cell_count;
    int64_t transfer_id; /* at hand, and what it did to cells */
    int touched;
    int cell[LEDGER_LEGS_MAX];
    int64_t net_minor[LEDGER_LEGS_MAX];
};

static enum ledger_status add_trader(void *into, const struct store_row *row)
{
    struct gathering *g = into;
    struct trader t = {.account_id = store_row_int(row, 0),
                       .balance_minor = store_row_int(row, 1),
                       .scale = (int)store_row_int(row, 2)};

    store_row_copy(row, 3, t.code, sizeof t.code);
    store_row_copy(row, 4, t.sector, sizeof t.sector);
    ledger_fold(t.sector, t.key, sizeof t.key);
    if (!t.key[0])
        return LEDGER_OK;
    if (g->count == g->room) {
        size_t room = g->room ? 2 * g->room : 256;
        struct trader *more = realloc(g->traders, room * sizeof *more);
        if (!more)
            return LEDGER_NO_MEMORY;
        g->traders = more;
        g->room = room;
    }
    g->traders[g->count++] = t;
    return LEDGER_OK;
}

/* Beyond what is counted, it stays at the most that is. */
static void add(int64_t *sum_minor, int64_t more_minor)
{
    if (__builtin_add_overflow(*sum_minor, more_minor, sum_minor))
        *sum_minor = more_minor < 0 ? INT64_MIN + 1 : INT64_MAX;
}

static int by_cell(const void *left, const void *right)
{
    const struct trader *a = left;
    const struct trader *b = right;
    int order = strcmp(a->key, b->key);

    order = order ? order : strcmp(a->code, b->code);
    return order ? order : (a->account_id > b->account_id) - (a->account_id < b->account_id);
}

static int by_account(const void *left, const void *right)
{
    const struct trader *a = left;
    const struct trader *b = right;

    return (a->account_id > b->account_id) - (a->account_id < b->account_id);
}

/* Count the sectors' cells, and leave the traders in order of account. */
static enum ledger_status make_cells(struct gathering *g)
{
    g->cells = calloc(g->count, sizeof *g->cells);
    if (!g->cells)
        return LEDGER_NO_MEMORY;
    qsort(g->traders, g->count, sizeof *g->traders, by_cell);
    for (size_t i = 0; i < g->count; i++) {
        struct trader *t = &g->traders[i];
        bool is_new = i == 0 || strcmp(t->key, t[-1].key) != 0 || strcmp(t->code, t[-1].code) != 0;
        struct ledger_sector_flow *cell = &g->cells[g->cell_count - !is_new];
        g->cell_count += is_new;
        t->cell = g->cell_count - 1;
        if (is_new) {
            cell->scale = t->scale;
            memcpy(cell->code, t->code, sizeof cell->code);
            memcpy(cell->sector, t->sector, sizeof cell->sector);
        }
        cell->accounts++;
        add(&cell->balance_minor, t->balance_minor);
    }
    qsort(g->traders, g->count, sizeof *g->traders, by_account);
    return LEDGER_OK;
}

/* What went across a sector's border in the transfer at hand. */
static void settle(struct gathering *g)
{
    for (int i = 0; i < g->touched; i++) {
        struct ledger_sector_flow *cell = &g->cells[g->cell[i]];
        if (g->net_minor[i] > 0)
            add(&cell->in_minor, g->net_minor[i]);
        else
            add(&cell->out_minor, -g->net_minor[i]);
    }
    g->touched = 0;
}

static enum ledger_status add_entry(void *into, const struct store_row *row)
{
    struct gathering *g = into;
    const struct trader wanted = {.account_id = store_row_int(row, 1)};
    const struct trader *t = bsearch(&wanted, g->traders, g->count, sizeof *g->traders, by_account);
    int i = 0;

    if (store_row_int(row, 0) != g->transfer_id)
        settle(g);
    g->transfer_id = store_row_int(row, 0);
    if (!t)
        return LEDGER_OK;
    while (i < g->touched && g->cell[i] != t->cell)
        i++;
    if (i == g->touched) {
        g->cell[g->touched] = t->cell;
        g->net_minor[g->touched++] = 0;
    }
    g->net_minor[i] += store_row_int(row, 2);
    return LEDGER_OK;
}

static enum ledger_status gather(struct gathering *g, int days)
{
    int32_t today = ledger_today(g->l);
    int64_t before;

    LEDGER_TRY(ledger_each(
        g->l,
        "SELECT a.id, a.balance_minor, c.scale, c.code, (SELECT s.value FROM "
        "member_attribute s WHERE s.member_id = a.member_id AND s.name = 'sector' AND s.from_on <= "
        "$1 ORDER BY s.from_on DESC, s.id DESC LIMIT 1) AS sector FROM account a JOIN currency c "
        "ON c.id = a.currency_id JOIN member m ON m.id = a.member_id WHERE c.kind <> 'training' "
        "AND m.state <> 'left'",
        STORE_ARGS(store_int(today)), add_trader, g));
    if (g->count == 0)
        return LEDGER_OK;
    LEDGER_TRY(make_cells(g));
    LEDGER_TRY(ledger_journal_last_on(g->l, today - days, &before));
    LEDGER_TRY(ledger_each(g->l,
                           "SELECT t.id, e.account_id, e.amount_minor FROM transfer t CROSS JOIN "
                           "entry e WHERE e.transfer_id = t.id AND t.id > $1 AND t.kind IN "
                           "('exchange', 'capture') ORDER BY t.id, e.leg",
                           STORE_ARGS(store_int(before)), add_entry, g));
    settle(g);
    return LEDGER_OK;
}

enum ledger_status ledger_sector_each(struct ledger *l, int days, ledger_sector_reader *read,
                                      void *ctx)
{
    struct gathering g = {.l = l};
    enum ledger_status status = gather(&g, days);

    for (int i = 0; i < g.cell_count && status == LEDGER_OK; i++)
        status = read(ctx, &g.cells[i]);
    free(g.traders);
    free(g.cells);
    return status;
}
