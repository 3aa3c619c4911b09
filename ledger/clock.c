#include "date.h"
#include "handle.h"
#include "period.h"

#include <assert.h>

static enum ledger_status read_last_transfer(void *into, const struct store_row *row)
{
    struct ledger *l = into;

    l->last.transfer_id = store_row_int(row, 0);
    l->last.at_us = store_row_int(row, 1);
    return LEDGER_OK;
}

static enum ledger_status read_last_write(void *into, const struct store_row *row)
{
    struct ledger *l = into;
    int64_t at_us = store_row_int(row, 1);

    l->last.seq = store_row_int(row, 0);
    if (at_us > l->last.at_us)
        l->last.at_us = at_us;
    return LEDGER_OK;
}

static enum ledger_status read_last_hold(void *into, const struct store_row *row)
{
    struct ledger *l = into;
    int64_t at_us = store_row_int(row, 0);

    if (at_us > l->last.at_us)
        l->last.at_us = at_us;
    return LEDGER_OK;
}

static enum ledger_status first_or_none(struct ledger *l, const char *sql, store_reader *read)
{
    enum ledger_status status = ledger_first(l, sql, STORE_NO_ARGS, read, l);

    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

static enum ledger_status read_last(struct ledger *l)
{
    l->last.transfer_id = l->last.seq = l->last.at_us = 0;
    LEDGER_TRY(first_or_none(l, "SELECT id, posted_at_us FROM transfer ORDER BY id DESC LIMIT 1",
                             read_last_transfer));
    LEDGER_TRY(first_or_none(l, "SELECT seq, at_us FROM register ORDER BY seq DESC LIMIT 1",
                             read_last_write));
    /* The chores place holds without a row of the register. */
    return first_or_none(l, "SELECT placed_at_us FROM hold ORDER BY id DESC LIMIT 1",
                         read_last_hold);
}

enum ledger_status ledger_know_last(struct ledger *l)
{
    assert(l->writing && ledger_in_transaction(l));
    if (l->last.known)
        return LEDGER_OK;
    LEDGER_TRY(read_last(l));
    LEDGER_TRY(ledger_period_closed_through(l, &l->last.closed_through));
    l->last.known = true;
    return LEDGER_OK;
}

/* What was accepted covers the writes that follow it, each a microsecond on. */
static enum ledger_status read_accepted(struct ledger *l, bool *accepted)
{
    int64_t ahead_us = 0;
    enum ledger_status status =
        ledger_first(l, "SELECT ahead_us FROM clock_acceptance ORDER BY id DESC LIMIT 1",
                     STORE_NO_ARGS, ledger_read_int, &ahead_us);

    *accepted = l->last.at_us <= ahead_us + LEDGER_CLOCK_TOLERANCE_US;
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

enum ledger_status ledger_clock_look(struct ledger *l, struct ledger_clock *clock)
{
    bool accepted;

    assert(ledger_in_transaction(l));
    LEDGER_TRY(l->writing ? ledger_know_last(l) : read_last(l));
    LEDGER_TRY(read_accepted(l, &accepted));
    clock->last_at_us = l->last.at_us;
    clock->writes_from_us = accepted ? INT64_MIN : l->last.at_us - LEDGER_CLOCK_TOLERANCE_US;
    return LEDGER_OK;
}

static enum ledger_status check_clock(struct ledger *l, int64_t now_us)
{
    bool accepted;

    if (l->last.at_us - now_us <= LEDGER_CLOCK_TOLERANCE_US)
        return LEDGER_OK;
    LEDGER_TRY(read_accepted(l, &accepted));
    if (accepted)
        return LEDGER_OK;
    char ahead[LEDGER_TIME_TEXT];
    return ledger_refuse(l, LEDGER_CLOCK_BEHIND,
                         "the last write is dated %s, more than ten minutes ahead of this "
                         "machine's clock: set the clock right, or let a steward accept it "
                         "(`coledger clock accept`)",
                         ledger_time_format(l->last.at_us, ahead));
}

enum ledger_status ledger_tick(struct ledger *l, int64_t *at_us)
{
    int64_t now_us = ledger_now_us(l);

    LEDGER_TRY(ledger_know_last(l));
    LEDGER_TRY(check_clock(l, now_us));
    l->last.at_us = now_us > l->last.at_us ? now_us : l->last.at_us + 1;
    *at_us = l->last.at_us;
    return LEDGER_OK;
}

enum ledger_status ledger_latest_us(struct ledger *l, int64_t *at_us)
{
    int64_t now_us = ledger_now_us(l);

    LEDGER_TRY(ledger_know_last(l));
    *at_us = now_us > l->last.at_us ? now_us : l->last.at_us;
    return LEDGER_OK;
}

enum ledger_status ledger_clock_accept(struct ledger *l, const struct ledger_why *why)
{
    int64_t id;
    int64_t now_us = ledger_now_us(l);

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_know_last(l));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM clock_acceptance", &id));
    return ledger_exec(l,
                       "INSERT INTO clock_acceptance (id, ahead_us, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(id), store_int(l->last.at_us), store_int(now_us),
                                  store_text(why->actor), store_text(why->reason)));
}
