#include "period.h"

#include "date.h"
#include "handle.h"

enum ledger_status ledger_period_closed_through(struct ledger *l, int32_t *day)
{
    int64_t through_on = LEDGER_DAY_MIN - 1;
    enum ledger_status status =
        ledger_first(l, "SELECT through_on FROM period_close ORDER BY id DESC LIMIT 1",
                     STORE_NO_ARGS, ledger_read_int, &through_on);

    if (status != LEDGER_OK && status != LEDGER_NO_ROW)
        return status;
    *day = (int32_t)through_on;
    return LEDGER_OK;
}

static enum ledger_status refuse_day(struct ledger *l, enum ledger_status s, const char *field,
                                     const char *format, int32_t day)
{
    char text[LEDGER_DATE_TEXT];

    return ledger_refuse_field(l, s, field, format, ledger_date_format(day, text));
}

static enum ledger_status check_close(struct ledger *l, int32_t through_on)
{
    int32_t today = ledger_today(l);
    int32_t closed;

    if (through_on >= today)
        return refuse_day(l, LEDGER_DATE_IN_FUTURE, "through_on",
                          "only days that are over can be closed: at the latest %s", today - 1);
    LEDGER_TRY(ledger_period_closed_through(l, &closed));
    if (through_on <= closed)
        return refuse_day(l, LEDGER_PERIOD_CLOSED, "through_on",
                          "the days through %s are closed already", closed);
    return LEDGER_OK;
}

enum ledger_status ledger_period_close(struct ledger *l, int32_t through_on,
                                       const struct ledger_why *why, int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(check_close(l, through_on));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM period_close", id));
    l->last.closed_through = through_on;
    return ledger_exec(l,
                       "INSERT INTO period_close (id, through_on, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(*id), store_int(through_on), store_int(at_us),
                                  store_text(why->actor), store_text(why->reason)));
}

enum ledger_status ledger_period_need_open(struct ledger *l, int32_t day, const char *field,
                                           const char *remedy)
{
    char text[LEDGER_DATE_TEXT];

    LEDGER_TRY(ledger_know_last(l));
    if (day > l->last.closed_through)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_PERIOD_CLOSED, field, "the days through %s are closed: %s",
                               ledger_date_format(l->last.closed_through, text), remedy);
}

enum ledger_status ledger_period_check(struct ledger *l, int32_t effective_on)
{
    int32_t today = ledger_today(l);

    if (effective_on > today)
        return refuse_day(l, LEDGER_DATE_IN_FUTURE, "effective_on",
                          "the effective date is in the future: today is %s", today);
    return ledger_period_need_open(l, effective_on, "effective_on", "date it later");
}
