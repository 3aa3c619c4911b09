#include "request_event.h"

#include "handle.h"
#include "instalment.h"

enum ledger_status ledger_request_open_refresh(struct ledger *l, int64_t request_id)
{
    LEDGER_TRY(ledger_exec(l, "DELETE FROM request_open WHERE request_id = $1",
                           STORE_ARGS(store_int(request_id))));
    return ledger_exec(
        l,
        "INSERT INTO request_open (request_id, payee_id, payer_id, due_on, ledger_minor, "
        "outside_minor, disputed) SELECT id, payee_id, payer_id, due_on, ledger_minor, "
        "outside_minor, disputed FROM (SELECT r.id, r.payee_id, r.payer_id, r.due_on, "
        "r.ledger_minor + coalesce((SELECT sum(e.ledger_minor) FROM request_event e WHERE "
        "e.request_id = r.id), 0) AS ledger_minor, "
        "r.outside_minor + coalesce((SELECT sum(e.outside_minor) FROM request_event e WHERE "
        "e.request_id = r.id), 0) AS outside_minor, "
        "coalesce((SELECT e.kind = 'disputed' FROM request_event e WHERE e.request_id = r.id AND "
        "e.kind IN ('disputed', 'resolved') ORDER BY e.id DESC LIMIT 1), 0) AS disputed "
        "FROM request r WHERE r.id = $1 AND r.kind = 'invoice') AS now "
        "WHERE ledger_minor + outside_minor > 0",
        STORE_ARGS(store_int(request_id)));
}

enum ledger_status ledger_request_event_write(struct ledger *l, struct ledger_request_event *e)
{
    if (e->at_us == 0)
        LEDGER_TRY(ledger_tick(l, &e->at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM request_event", &e->id));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO request_event (id, request_id, kind, ledger_minor, outside_minor, "
        "transfer_id, credit_id, at_us, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        STORE_ARGS(store_int(e->id), store_int(e->request_id), store_text(e->kind),
                   store_int(e->ledger_minor), store_int(e->outside_minor),
                   store_int_or_null(e->transfer_id, e->transfer_id),
                   store_int_or_null(e->credit_id, e->credit_id), store_int(e->at_us),
                   store_text(e->actor))));
    if (e->words[0])
        LEDGER_TRY(ledger_exec(l,
                               "INSERT INTO request_event_text (event_id, words) VALUES ($1, $2)",
                               STORE_ARGS(store_int(e->id), store_text(e->words))));
    LEDGER_TRY(ledger_request_open_refresh(l, e->request_id));
    return ledger_instalments_end(l, e->request_id, e->standing_id, e->actor);
}

struct each {
    ledger_request_event_reader *read;
    void *ctx;
};

static enum ledger_status read_event(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_request_event e = {.id = store_row_int(row, 0),
                                     .request_id = store_row_int(row, 1),
                                     .ledger_minor = store_row_int(row, 3),
                                     .outside_minor = store_row_int(row, 4),
                                     .transfer_id = store_row_int(row, 5),
                                     .credit_id = store_row_int(row, 6),
                                     .at_us = store_row_int(row, 7)};

    store_row_copy(row, 2, e.kind, sizeof e.kind);
    store_row_copy(row, 8, e.actor, sizeof e.actor);
    store_row_copy(row, 9, e.words, sizeof e.words);
    return each->read(each->ctx, &e);
}

enum ledger_status ledger_request_events(struct ledger *l, int64_t request_id, int64_t after,
                                         int limit, ledger_request_event_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       "SELECT e.id, e.request_id, e.kind, e.ledger_minor, e.outside_minor, "
                       "e.transfer_id, e.credit_id, e.at_us, e.actor, x.words "
                       "FROM request_event e LEFT JOIN request_event_text x ON x.event_id = e.id "
                       "WHERE e.request_id = $1 AND e.id > $2 ORDER BY e.id LIMIT $3",
                       STORE_ARGS(store_int(request_id), store_int(after), store_int(limit)),
                       read_event, &each);
}
