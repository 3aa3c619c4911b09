#include "model.h"

#include "model_courses.h"

#include "ledger/date.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOLERANCE_US LEDGER_CLOCK_TOLERANCE_US

static void *rows(int64_t count, size_t size)
{
    void *memory = calloc((size_t)count, size);

    assert(memory);
    return memory;
}

void model_use_zone(const char *zone)
{
    static const char *used = "";

    if (!zone)
        zone = "Europe/London";
    if (strcmp(zone, used) == 0)
        return;
    used = zone;
    setenv("TZ", zone, 1);
    tzset();
}

void model_start(struct model *m, int64_t steps)
{
    int64_t max = steps + 2 * MODEL_ACCOUNTS_MAX;

    model_use_zone(NULL);
    *m = (struct model){.closed_through = LEDGER_DAY_MIN - 1, .rows_max = max};
    m->limits = rows(max, sizeof *m->limits);
    m->transfers = rows(max, sizeof *m->transfers);
    m->legs = rows(4 * max, sizeof *m->legs);
    m->holds = rows(max, sizeof *m->holds);
    m->open = rows(max, sizeof *m->open);
    m->lots = rows(4 * max, sizeof *m->lots);
    m->moves = rows(8 * max, sizeof *m->moves);
    m->pins = rows(8 * max, sizeof *m->pins);
    m->providers = rows(max, sizeof *m->providers);
    m->terms = rows(max, sizeof *m->terms);
    m->bookings = rows(max, sizeof *m->bookings);
    m->live = rows(max, sizeof *m->live);
    m->quotas = rows(max, sizeof *m->quotas);
    m->closures = rows(max, sizeof *m->closures);
    m->series = rows(max, sizeof *m->series);
    m->dates = rows(4 * max, sizeof *m->dates);
    m->notices = rows(max, sizeof *m->notices);
    m->sessions = rows(max, sizeof *m->sessions);
    m->enrolments = rows(max, sizeof *m->enrolments);
    m->requests = rows(max, sizeof *m->requests);
    m->payments = rows(max, sizeof *m->payments);
    m->events = rows(4 * max, sizeof *m->events);
    m->counted = rows(max, sizeof *m->counted);
    m->preapprovals = rows(max, sizeof *m->preapprovals);
    m->collections = rows(max, sizeof *m->collections);
    m->standings = rows(max, sizeof *m->standings);
    m->occurrences = rows(4 * max, sizeof *m->occurrences);
    m->charges = rows(max, sizeof *m->charges);
    m->levies = rows(max, sizeof *m->levies);
    m->levy_dues = rows(4 * max, sizeof *m->levy_dues);
    m->levy_charges = rows(4 * max, sizeof *m->levy_charges);
    m->orders = rows(max, sizeof *m->orders);
    m->defaults = rows(max, sizeof *m->defaults);
    m->shares = rows(max, sizeof *m->shares);
    m->backs_minor = rows(max, sizeof *m->backs_minor);
    m->words = rows(8 * max, sizeof *m->words);
    m->writes = rows(max, sizeof *m->writes);
    m->write_of_uid = rows(max, sizeof *m->write_of_uid);
}

void model_end(struct model *m)
{
    free(m->limits);
    free(m->transfers);
    free(m->legs);
    free(m->holds);
    free(m->open);
    free(m->lots);
    free(m->moves);
    free(m->pins);
    free(m->providers);
    free(m->terms);
    free(m->bookings);
    free(m->live);
    free(m->quotas);
    free(m->closures);
    free(m->series);
    free(m->dates);
    free(m->notices);
    free(m->sessions);
    free(m->enrolments);
    free(m->requests);
    free(m->payments);
    free(m->events);
    free(m->counted);
    free(m->preapprovals);
    free(m->collections);
    free(m->standings);
    free(m->occurrences);
    free(m->charges);
    free(m->levies);
    free(m->levy_dues);
    free(m->levy_charges);
    free(m->orders);
    free(m->defaults);
    free(m->shares);
    free(m->backs_minor);
    while (m->word_count > 0)
        free(m->words[--m->word_count]);
    free(m->words);
    free(m->writes);
    free(m->write_of_uid);
    free(m->changes);
}

void model_put(struct model *m, int64_t *where, int64_t value)
{
    if (m->change_count == m->change_room) {
        m->change_room = 2 * m->change_room + 1000;
        m->changes = realloc(m->changes, (size_t)m->change_room * sizeof *m->changes);
        assert(m->changes);
    }
    m->changes[m->change_count++] = (struct model_change){where, *where};
    *where = value;
}

int64_t model_mark(const struct model *m)
{
    return m->change_count;
}

void model_undo(struct model *m, int64_t mark)
{
    while (m->change_count > mark) {
        const struct model_change *c = &m->changes[--m->change_count];
        *c->where = c->was;
    }
}

void model_commit(struct model *m)
{
    model_read_last(m);
    m->change_count = 0;
}

void model_read_last(struct model *m)
{
    model_put(m, &m->last_us, m->kept_us);
}

const char *model_words(struct model *m, const char *format, ...)
{
    char text[LEDGER_MEMO_MAX + 1];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert(m->word_count < 8 * m->rows_max);
    m->words[m->word_count] = strdup(text);
    return m->words[m->word_count++];
}

static struct tm local_time(int64_t at_us)
{
    time_t at_s = (time_t)(at_us / LEDGER_US_PER_SECOND);
    struct tm local;

    localtime_r(&at_s, &local);
    return local;
}

int64_t model_day(int64_t at_us)
{
    struct tm local = local_time(at_us);

    local.tm_isdst = 0;
    return timegm(&local) / (24 * 60 * 60);
}

int64_t model_minute(int64_t at_us, int64_t *weekday)
{
    const struct tm local = local_time(at_us);

    *weekday = local.tm_wday ? local.tm_wday : 7;
    return local.tm_hour * 60 + local.tm_min;
}

static struct tm midnight_of(int64_t day)
{
    time_t midnight_s = (time_t)(day * 24 * 60 * 60);
    struct tm local;

    gmtime_r(&midnight_s, &local);
    local.tm_isdst = -1;
    return local;
}

int64_t model_instant(int64_t day, int64_t minute)
{
    struct tm local = midnight_of(day);

    local.tm_hour = (int)(minute / 60);
    local.tm_min = (int)(minute % 60);
    return mktime(&local) * LEDGER_US_PER_SECOND;
}

int64_t model_after_month(int64_t day)
{
    struct tm local = midnight_of(day);

    local.tm_mday = 1;
    local.tm_mon++;
    return mktime(&local) * LEDGER_US_PER_SECOND;
}

int64_t model_today(const struct model *m)
{
    return model_day(m->now_us);
}

enum ledger_status model_tick(struct model *m, int64_t *at_us)
{
    if (m->last_us > m->now_us + TOLERANCE_US && m->last_us > m->accepted_us + TOLERANCE_US)
        return LEDGER_CLOCK_BEHIND;
    model_put(m, &m->last_us, m->now_us > m->last_us ? m->now_us : m->last_us + 1);
    *at_us = m->last_us;
    return LEDGER_OK;
}

enum ledger_status model_clock_accept(struct model *m, const char *reason)
{
    LEDGER_TRY(model_reason(reason));
    model_put(m, &m->accepted_us, m->last_us);
    return LEDGER_OK;
}

enum ledger_status model_text(const char *text, size_t max)
{
    for (const char *c = text; c && *c; c++)
        if ((unsigned char)*c < ' ')
            return LEDGER_TEXT_MALFORMED;
    return text && strlen(text) > max ? LEDGER_TEXT_TOO_LONG : LEDGER_OK;
}

enum ledger_status model_reason(const char *reason)
{
    const char *c = reason ? reason : "";

    while (*c == ' ')
        c++;
    return *c ? model_text(reason, LEDGER_REASON_MAX) : LEDGER_REASON_MISSING;
}

enum ledger_status model_find(const struct model *m, int64_t uid, int64_t content, int64_t *seq)
{
    *seq = m->write_of_uid[uid];
    if (*seq == 0)
        return LEDGER_NO_ROW;
    return m->writes[*seq - 1].content == content ? LEDGER_OK : LEDGER_UID_TAKEN;
}

enum ledger_status model_append(struct model *m, const struct model_write *write)
{
    struct model_write *w = &m->writes[m->write_count];

    assert(m->write_count < m->rows_max);
    *w = *write;
    LEDGER_TRY(model_tick(m, &w->at_us));
    model_put(m, &m->kept_us, w->at_us);
    model_put(m, &m->write_count, m->write_count + 1);
    model_put(m, &m->write_of_uid[w->uid], m->write_count);
    return LEDGER_OK;
}

/* The order of handles is not that of ids. */
char *model_handle(int64_t member_id, char buf[static LEDGER_HANDLE_MAX + 1])
{
    snprintf(buf, LEDGER_HANDLE_MAX + 1, "%c%c-%lld", (char)('a' + (member_id * 11 + 26) % 26),
             (char)('a' + (member_id * 5 + 26) % 26), (long long)member_id);
    return buf;
}

enum ledger_status model_member_add(struct model *m, int64_t member_id,
                                    enum ledger_member_kind kind, enum ledger_member_state state)
{
    int64_t at_us;

    if (member_id <= m->member_count)
        return LEDGER_EXISTS;
    assert(m->member_count < MODEL_MEMBERS_MAX);
    LEDGER_TRY(model_tick(m, &at_us));
    m->members[m->member_count] = (struct model_member){kind, state};
    model_put(m, &m->member_count, m->member_count + 1);
    return LEDGER_OK;
}

bool model_has_member(const struct model *m, int64_t id)
{
    return id >= 1 && id <= m->member_count;
}

static enum ledger_status record_state(struct model *m, int64_t id, enum ledger_member_state to)
{
    int64_t at_us;

    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &m->members[id - 1].state, to);
    return LEDGER_OK;
}

enum ledger_status model_member_change_state(struct model *m, int64_t id,
                                             enum ledger_member_state to, const char *reason)
{
    LEDGER_TRY(model_reason(reason));
    if (!model_has_member(m, id))
        return LEDGER_NO_SUCH_MEMBER;
    int64_t from = m->members[id - 1].state;
    bool activates = to == LEDGER_ACTIVE && (from == LEDGER_APPLIED || from == LEDGER_SUSPENDED);
    bool suspends = to == LEDGER_SUSPENDED && from == LEDGER_ACTIVE;
    if (!activates && !suspends)
        return LEDGER_MEMBER_STATE;
    return record_state(m, id, to);
}

enum ledger_status model_member_leave(struct model *m, int64_t id, const char *reason)
{
    LEDGER_TRY(model_reason(reason));
    if (!model_has_member(m, id))
        return LEDGER_NO_SUCH_MEMBER;
    if (m->members[id - 1].state == LEDGER_LEFT)
        return LEDGER_MEMBER_STATE;
    for (int64_t a = 1; a <= m->account_count; a++) {
        const struct model_figures f = model_figures(m, a);
        if (m->accounts[a - 1].member_id == id &&
            (f.balance_minor || f.reserved_in_minor || f.reserved_out_minor))
            return LEDGER_NOT_SETTLED;
    }
    if (model_has_granted(m, id) || model_pool_needs(m, id) || model_courses_need(m, id) ||
        model_has_open_requests(m, id) || model_relies_on(m, id))
        return LEDGER_NOT_SETTLED;
    LEDGER_TRY(model_charge_leave(m, id));
    LEDGER_TRY(model_standing_leave(m, id));
    return record_state(m, id, LEDGER_LEFT);
}

bool model_has_account(const struct model *m, int64_t id)
{
    return id >= 1 && id <= m->account_count;
}

struct model_account *model_account(struct model *m, int64_t id)
{
    assert(model_has_account(m, id));
    return &m->accounts[id - 1];
}

struct model_member *model_owner(struct model *m, int64_t account_id)
{
    return &m->members[model_account(m, account_id)->member_id - 1];
}

struct model_figures model_figures(const struct model *m, int64_t account_id)
{
    const struct model_account *a = &m->accounts[account_id - 1];
    struct model_figures f = {.balance_minor = a->balance_minor};

    for (int64_t i = 0; i < m->open_count; i++) {
        const struct model_hold *h = &m->holds[m->open[i] - 1];
        if (h->expires_at_us <= m->now_us)
            continue;
        if (h->account_id == account_id)
            f.reserved_out_minor += h->amount_minor;
        for (int64_t p = 0; p < h->payee_count; p++)
            if (h->payees[p].account_id == account_id)
                f.reserved_in_minor += h->payees[p].amount_minor;
    }
    f.available_minor = f.balance_minor - f.reserved_out_minor - a->floor_minor;
    f.room_in_minor = a->ceiling_minor - f.balance_minor - f.reserved_in_minor;
    return f;
}

static void append_limit(struct model *m, const struct model_limit *limit)
{
    assert(m->limit_count < m->rows_max);
    m->limits[m->limit_count] = *limit;
    model_put(m, &m->limit_count, m->limit_count + 1);
}

enum ledger_status model_account_open(struct model *m, int64_t member_id, int64_t currency_id,
                                      int64_t *id)
{
    int64_t at_us;

    if (!model_has_member(m, member_id))
        return LEDGER_NO_SUCH_MEMBER;
    if (currency_id < 1 || currency_id > MODEL_CURRENCIES)
        return LEDGER_NO_SUCH_CURRENCY;
    if (m->members[member_id - 1].state == LEDGER_LEFT)
        return LEDGER_MEMBER_NOT_ACTIVE;
    for (int64_t a = 0; a < m->account_count; a++)
        if (m->accounts[a].member_id == member_id && m->accounts[a].currency_id == currency_id)
            return LEDGER_EXISTS;
    LEDGER_TRY(model_tick(m, &at_us));
    const struct model_currency *c = &m->currencies[currency_id - 1];
    bool lots = currency_id == MODEL_TRAINING && m->members[member_id - 1].kind != LEDGER_FUND;
    int64_t floor_minor = lots ? 0 : c->floor_minor;
    m->accounts[m->account_count] = (struct model_account){.member_id = member_id,
                                                           .currency_id = currency_id,
                                                           .floor_minor = floor_minor,
                                                           .ceiling_minor = c->ceiling_minor,
                                                           .opened_on = model_day(at_us)};
    model_put(m, &m->account_count, m->account_count + 1);
    *id = m->account_count;
    append_limit(m, &(struct model_limit){*id, floor_minor, c->ceiling_minor, at_us});
    return LEDGER_OK;
}

enum ledger_status model_account_need(struct model *m, int64_t member_id, int64_t currency_id,
                                      int64_t *id)
{
    for (int64_t a = 0; a < m->account_count; a++)
        if (m->accounts[a].member_id == member_id && m->accounts[a].currency_id == currency_id) {
            *id = a + 1;
            return LEDGER_OK;
        }
    return model_account_open(m, member_id, currency_id, id);
}

static enum ledger_status check_limits(int64_t floor_minor, int64_t ceiling_minor)
{
    bool fine = floor_minor <= 0 && floor_minor >= -LEDGER_AMOUNT_MAX && ceiling_minor >= 0 &&
                ceiling_minor <= LEDGER_AMOUNT_MAX;

    return fine ? LEDGER_OK : LEDGER_LIMIT_MALFORMED;
}

enum ledger_status model_currency_limit(struct model *m, int64_t currency_id, int64_t floor_minor,
                                        int64_t ceiling_minor, const char *reason)
{
    int64_t at_us;

    LEDGER_TRY(check_limits(floor_minor, ceiling_minor));
    LEDGER_TRY(model_reason(reason));
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &m->currencies[currency_id - 1].floor_minor, floor_minor);
    model_put(m, &m->currencies[currency_id - 1].ceiling_minor, ceiling_minor);
    return LEDGER_OK;
}

enum ledger_status model_limit_set(struct model *m, const struct model_limit *limit,
                                   int64_t review_on, const char *reason, int64_t *id)
{
    struct model_limit set = *limit;

    LEDGER_TRY(check_limits(limit->floor_minor, limit->ceiling_minor));
    if (limit->floor_minor && model_keeps_lots(m, limit->account_id))
        return LEDGER_LIMIT_MALFORMED;
    LEDGER_TRY(model_reason(reason));
    if (review_on && review_on < model_today(m))
        return LEDGER_DATE_MALFORMED;
    LEDGER_TRY(model_tick(m, &set.from_us));
    append_limit(m, &set);
    model_put(m, &model_account(m, limit->account_id)->floor_minor, limit->floor_minor);
    model_put(m, &model_account(m, limit->account_id)->ceiling_minor, limit->ceiling_minor);
    model_touch(m, limit->account_id);
    *id = m->limit_count;
    return LEDGER_OK;
}

enum ledger_status model_period_close(struct model *m, int64_t through_on, const char *reason,
                                      int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(model_reason(reason));
    if (through_on >= model_today(m))
        return LEDGER_DATE_IN_FUTURE;
    if (through_on <= m->closed_through)
        return LEDGER_PERIOD_CLOSED;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &m->closed_through, through_on);
    model_put(m, &m->period_count, m->period_count + 1);
    *id = m->period_count;
    return LEDGER_OK;
}

void model_touch(struct model *m, int64_t account_id)
{
    if (model_has_account(m, account_id) && m->touched_count <= LEDGER_LEGS_MAX)
        m->touched[m->touched_count++] = account_id;
}

static void touch(int64_t *ids, int *count, int64_t id)
{
    for (int i = 0; i < *count; i++)
        if (ids[i] == id)
            return;
    assert(*count < MODEL_CHANGED_MAX);
    ids[(*count)++] = id;
}

void model_touch_booking(struct model *m, int64_t id)
{
    touch(m->changed_bookings, &m->changed_booking_count, id);
}

void model_touch_session(struct model *m, int64_t id)
{
    touch(m->changed_sessions, &m->changed_session_count, id);
}

void model_touch_series(struct model *m, int64_t id)
{
    touch(m->changed_series, &m->changed_series_count, id);
}

void model_touch_request(struct model *m, int64_t id)
{
    touch(m->changed_requests, &m->changed_request_count, id);
}

void model_touch_standing(struct model *m, int64_t id)
{
    touch(m->changed_standings, &m->changed_standing_count, id);
}
