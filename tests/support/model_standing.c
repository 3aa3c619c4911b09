#include "model.h"

#include "ledger/date.h"
#include "ledger/standing.h"

#include <assert.h>
#include <time.h>

#define NEVER (LEDGER_DAY_MAX + 1)
#define DAY_S INT64_C(86400)

struct model_standing *model_standing(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->standing_count ? &m->standings[id - 1] : NULL;
}

static struct tm calendar(int64_t day)
{
    time_t at_s = (time_t)(day * DAY_S);
    struct tm tm;

    gmtime_r(&at_s, &tm);
    return tm;
}

static int64_t day_of(struct tm tm)
{
    return timegm(&tm) / DAY_S;
}

/* Its day in the month that is so many after that of `day`, or the last one. */
static int64_t in_month(int64_t day, int64_t months, int64_t on)
{
    struct tm tm = calendar(day);
    struct tm end = tm;

    tm.tm_mon += (int)months;
    end.tm_mon = tm.tm_mon + 1;
    tm.tm_mday = (int)on;
    end.tm_mday = 0;
    return on == LEDGER_CADENCE_LAST || day_of(tm) > day_of(end) ? day_of(end) : day_of(tm);
}

static int64_t due_date(const struct model_standing *s, int64_t number)
{
    int64_t steps = (number - 1) * s->every;
    int64_t day =
        s->unit == LEDGER_WEEKLY ? s->first_on + 7 * steps : in_month(s->first_on, steps, s->day);

    return day > LEDGER_DAY_MAX ? NEVER : day;
}

static bool is_over(const struct model_standing *s, int64_t number, int64_t due_on)
{
    return due_on == NEVER || (s->count && number > s->count) ||
           (s->until_on && due_on > s->until_on);
}

/* Day by day, until one is right. */
static void find_first(struct model_standing *s)
{
    struct tm tm = calendar(s->first_on);

    if (s->day == LEDGER_CADENCE_UNSAID)
        s->day = s->unit == LEDGER_MONTHLY ? tm.tm_mday : tm.tm_wday ? tm.tm_wday : 7;
    for (;; s->first_on++) {
        tm = calendar(s->first_on);
        if (s->unit == LEDGER_WEEKLY ? (tm.tm_wday ? tm.tm_wday : 7) == s->day
                                     : in_month(s->first_on, 0, s->day) == s->first_on)
            return;
    }
}

enum ledger_status model_cadence_check(const struct model_standing *s)
{
    bool weekly = s->unit == LEDGER_WEEKLY;

    if (s->every < 1 || s->every > (weekly ? LEDGER_CADENCE_WEEKS_MAX : LEDGER_CADENCE_MONTHS_MAX))
        return LEDGER_INTERVAL_MALFORMED;
    if (s->day == LEDGER_CADENCE_UNSAID)
        return LEDGER_OK;
    return s->day >= (weekly ? 1 : 0) && s->day <= (weekly ? 7 : 31) ? LEDGER_OK
                                                                     : LEDGER_DUE_DAY_MALFORMED;
}

static enum ledger_status check_order(struct model *m, struct model_standing *s, bool until_ended)
{
    int ends = (s->until_on != 0) + (s->count != 0) + until_ended;

    LEDGER_TRY(model_text(s->memo, LEDGER_MEMO_MAX));
    if (s->payer_id == s->payee_id)
        return LEDGER_SAME_ACCOUNT;
    if (s->amount_minor < 1)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    if (s->amount_minor > LEDGER_AMOUNT_MAX)
        return LEDGER_AMOUNT_TOO_LARGE;
    LEDGER_TRY(model_cadence_check(s));
    if (ends != 1)
        return ends ? LEDGER_TWO_ENDS : LEDGER_NO_END;
    if (s->count > LEDGER_STANDING_COUNT_MAX)
        return LEDGER_NUMBER_MALFORMED;
    if (s->first_on < model_today(m) - LEDGER_STANDING_BACK_DAYS)
        return LEDGER_BACKDATED;
    if (s->first_on < model_today(m) && s->first_on <= m->closed_through)
        return LEDGER_PERIOD_CLOSED;
    find_first(s);
    if (is_over(s, 1, s->first_on))
        return LEDGER_NEVER_DUE;
    if (!model_has_account(m, s->payer_id) || !model_has_account(m, s->payee_id))
        return LEDGER_NO_SUCH_ACCOUNT;
    if (model_account(m, s->payer_id)->currency_id != model_account(m, s->payee_id)->currency_id)
        return LEDGER_UNBALANCED;
    int64_t payee_state = model_owner(m, s->payee_id)->state;
    if (model_owner(m, s->payer_id)->state != LEDGER_ACTIVE ||
        (payee_state != LEDGER_ACTIVE && payee_state != LEDGER_SUSPENDED))
        return LEDGER_MEMBER_NOT_ACTIVE;
    return LEDGER_OK;
}

enum ledger_status model_standing_order(struct model *m, const struct model_standing *ordered,
                                        bool until_ended, int64_t *id)
{
    struct model_standing s = *ordered;
    int64_t at_us;

    LEDGER_TRY(check_order(m, &s, until_ended));
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->standing_count < m->rows_max);
    s.next = 1;
    s.next_on = s.first_on;
    m->standings[m->standing_count] = s;
    model_put(m, &m->standing_count, m->standing_count + 1);
    *id = m->standing_count;
    model_touch_standing(m, *id);
    return LEDGER_OK;
}

enum ledger_status model_instalments(struct model *m, const struct ledger_instalments *i,
                                     int64_t *id)
{
    const struct model_request *r = model_request(m, i->request_id);
    struct model_standing s = {.request_id = i->request_id,
                               .unit = i->cadence.unit,
                               .every = i->cadence.every,
                               .day = i->cadence.day,
                               .first_on = i->starts_on,
                               .count = i->count};

    if (!r)
        return LEDGER_NO_SUCH_REQUEST;
    if (r->corrects)
        return LEDGER_NOT_AN_INVOICE;
    if (r->over)
        return LEDGER_REQUEST_OVER;
    if (!r->open_minor)
        return LEDGER_REQUEST_PAID;
    if (r->disputed)
        return LEDGER_REQUEST_DISPUTED;
    for (int64_t n = 0; n < m->standing_count; n++)
        if (m->standings[n].request_id == i->request_id && m->standings[n].next_on)
            return LEDGER_IN_INSTALMENTS;
    if (i->count < 1 || i->count > LEDGER_STANDING_COUNT_MAX || i->count > r->open_minor)
        return LEDGER_NUMBER_MALFORMED;
    LEDGER_TRY(model_account_need(m, r->payer_id, r->currency_id, &s.payer_id));
    LEDGER_TRY(model_account_need(m, r->payee_id, r->currency_id, &s.payee_id));
    s.amount_minor = r->open_minor;
    s.memo = model_words(m, "invoice %lld", (long long)r->number);
    return model_standing_order(m, &s, false, id);
}

int64_t model_standing_part(const struct model_standing *s, int64_t number)
{
    if (!s->request_id)
        return s->amount_minor;
    int64_t larger = s->amount_minor % s->count;
    return s->amount_minor / s->count + (number <= larger ? 1 : 0);
}

static void stop_retries(struct model *m, int64_t id)
{
    for (int64_t i = 0; i < m->occurrence_count; i++)
        if (m->occurrences[i].standing_id == id && m->occurrences[i].again_us)
            model_put(m, &m->occurrences[i].again_us, 0);
}

static bool is_tried_again(const struct model *m, int64_t id)
{
    for (int64_t i = 0; i < m->occurrence_count; i++)
        if (m->occurrences[i].standing_id == id && m->occurrences[i].again_us)
            return true;
    return false;
}

enum ledger_status model_standing_pause(struct model *m, int64_t id, const char *reason)
{
    struct model_standing *s = model_standing(m, id);
    int64_t at_us;

    LEDGER_TRY(model_text(reason, LEDGER_REASON_MAX));
    if (!s)
        return LEDGER_NO_SUCH_STANDING;
    if (!s->next_on || s->paused)
        return LEDGER_STANDING_STATE;
    LEDGER_TRY(model_tick(m, &at_us));
    stop_retries(m, id);
    model_put(m, &s->paused, true);
    model_touch_standing(m, id);
    return LEDGER_OK;
}

void model_standing_advance(struct model *m, struct model_standing *s)
{
    int64_t due_on = due_date(s, s->next + 1);

    model_put(m, &s->next, s->next + 1);
    model_put(m, &s->next_on, is_over(s, s->next, due_on) ? 0 : due_on);
}

struct model_occurrence *model_standing_met(struct model *m, struct model_standing *s,
                                            int64_t amount_minor)
{
    struct model_occurrence *o = &m->occurrences[m->occurrence_count];

    assert(m->occurrence_count < 4 * m->rows_max);
    *o = (struct model_occurrence){.standing_id = s - m->standings + 1,
                                   .number = s->next,
                                   .due_on = s->next_on,
                                   .amount_minor = amount_minor,
                                   .due_minor = amount_minor};
    model_put(m, &m->occurrence_count, m->occurrence_count + 1);
    return o;
}

void model_standing_pass_over(struct model *m, struct model_standing *s)
{
    while (s->next_on && s->next_on <= model_today(m)) {
        model_standing_met(m, s, model_standing_part(s, s->next))->attempts = MODEL_PASSED_ON;
        model_standing_advance(m, s);
    }
}

enum ledger_status model_standing_resume(struct model *m, int64_t id, const char *reason)
{
    struct model_standing *s = model_standing(m, id);
    int64_t at_us;

    LEDGER_TRY(model_text(reason, LEDGER_REASON_MAX));
    if (!s)
        return LEDGER_NO_SUCH_STANDING;
    if (!s->next_on || !s->paused)
        return LEDGER_STANDING_STATE;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &s->paused, false);
    model_touch_standing(m, id);
    model_standing_pass_over(m, s);
    return LEDGER_OK;
}

enum ledger_status model_standing_stop(struct model *m, int64_t id)
{
    struct model_standing *s = model_standing(m, id);
    int64_t at_us;

    LEDGER_TRY(model_tick(m, &at_us));
    stop_retries(m, id);
    model_put(m, &s->ended, true);
    model_put(m, &s->next_on, 0);
    model_touch_standing(m, id);
    return LEDGER_OK;
}

enum ledger_status model_standing_end(struct model *m, int64_t id, const char *reason)
{
    const struct model_standing *s = model_standing(m, id);

    LEDGER_TRY(model_text(reason, LEDGER_REASON_MAX));
    if (!s)
        return LEDGER_NO_SUCH_STANDING;
    if (s->ended || (!s->next_on && !is_tried_again(m, id)))
        return LEDGER_STANDING_STATE;
    return model_standing_stop(m, id);
}

enum ledger_status model_standing_leave(struct model *m, int64_t member_id)
{
    for (int64_t id = 1; id <= m->standing_count; id++) {
        const struct model_standing *s = model_standing(m, id);
        bool has_part = model_account(m, s->payer_id)->member_id == member_id ||
                        model_account(m, s->payee_id)->member_id == member_id;
        if (has_part && (s->next_on || is_tried_again(m, id)))
            LEDGER_TRY(model_standing_stop(m, id));
    }
    return LEDGER_OK;
}

void model_instalments_end(struct model *m, int64_t request_id, int64_t but_id)
{
    if (model_request(m, request_id)->open_minor)
        return;
    for (int64_t id = 1; id <= m->standing_count; id++) {
        const struct model_standing *s = model_standing(m, id);
        if (s->request_id == request_id && id != but_id && (s->next_on || is_tried_again(m, id)))
            assert(model_standing_stop(m, id) == LEDGER_OK);
    }
}

void model_instalment_reopen(struct model *m, int64_t id)
{
    for (int64_t i = 0; i < m->occurrence_count; i++) {
        struct model_occurrence *o = &m->occurrences[i];
        if (o->transfer_id != id || !model_standing(m, o->standing_id)->request_id)
            continue;
        model_put(m, &o->transfer_id, 0);
        model_put(m, &o->amount_minor, o->due_minor);
        model_touch_standing(m, o->standing_id);
    }
}
