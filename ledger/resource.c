#include "resource.h"

#include "handle.h"

#include <string.h>

static const char *const kind_names[] = {"room", "desk", "equipment"};

const char *ledger_resource_kind_name(enum ledger_resource_kind kind)
{
    return kind_names[kind];
}

enum ledger_status ledger_resource_kind_parse(const char *text, enum ledger_resource_kind *kind)
{
    for (int k = LEDGER_ROOM; k <= LEDGER_EQUIPMENT; k++)
        if (strcmp(text, kind_names[k]) == 0) {
            *kind = (enum ledger_resource_kind)k;
            return LEDGER_OK;
        }
    return LEDGER_CHOICE_UNKNOWN;
}

struct ledger_terms ledger_terms_default(void)
{
    return (struct ledger_terms){.opening = "always",
                                 .capacity = 1,
                                 .slot_min = 15,
                                 .shortest_min = 60,
                                 .longest_min = LEDGER_DAY_MINUTES,
                                 .half_day_min = 240,
                                 .horizon_days = 90,
                                 .answer_hours = 48,
                                 .no_show_percent = 100};
}

static enum ledger_status check_number(struct ledger *l, const char *field, int value, int least,
                                       int most)
{
    if (value >= least && value <= most)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, field, "%s is %d to %d", field, least,
                               most);
}

static enum ledger_status check_rules(struct ledger *l, const struct ledger_terms *t)
{
    struct ledger_opening opening;
    struct ledger_bands bands;

    if (ledger_opening_parse(t->opening, &opening) != LEDGER_OK || t->opening[0] == '\0')
        return ledger_refuse_field(l, LEDGER_OPENING_MALFORMED, "opening",
                                   "write the opening hours as \"mon-fri 08:00-18:00, sat "
                                   "09:00-13:00\", in steps of five minutes, or \"always\"");
    if (ledger_opening_parse(t->peak, &opening) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_OPENING_MALFORMED, "peak",
                                   "write the peak hours as \"mon-fri 09:00-17:00\", in "
                                   "steps of five minutes");
    if (ledger_bands_parse(t->bands, &bands) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_BANDS_MALFORMED, "bands",
                                   "write what a cancellation gives back as \"48h 100%%, "
                                   "12h 50%%\", the earliest and highest first");
    return LEDGER_OK;
}

static enum ledger_status check_numbers(struct ledger *l, const struct ledger_terms *t)
{
    LEDGER_TRY(check_number(l, "capacity", t->capacity, 1, LEDGER_CAPACITY_MAX));
    LEDGER_TRY(check_number(l, "slot", t->slot_min, LEDGER_OPENING_STEP_MIN, LEDGER_DAY_MINUTES));
    if (t->slot_min % LEDGER_OPENING_STEP_MIN != 0 || LEDGER_DAY_MINUTES % t->slot_min != 0)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "slot",
                                   "slot is in minutes: a multiple of 5 that divides the "
                                   "day, such as 15, 30 or 60");
    LEDGER_TRY(check_number(l, "shortest", t->shortest_min, LEDGER_OPENING_STEP_MIN,
                            31 * LEDGER_DAY_MINUTES));
    LEDGER_TRY(
        check_number(l, "longest", t->longest_min, t->shortest_min, 31 * LEDGER_DAY_MINUTES));
    LEDGER_TRY(check_number(l, "before", t->before_min, 0, LEDGER_DAY_MINUTES));
    LEDGER_TRY(check_number(l, "after_each", t->after_min, 0, LEDGER_DAY_MINUTES));
    LEDGER_TRY(check_number(l, "half_day", t->half_day_min, 60, LEDGER_DAY_MINUTES));
    LEDGER_TRY(check_number(l, "horizon", t->horizon_days, 1, LEDGER_HORIZON_DAYS_MAX));
    LEDGER_TRY(check_number(l, "series_horizon", t->series_days, 0, LEDGER_SERIES_DAYS_MAX));
    LEDGER_TRY(check_number(l, "answer", t->answer_hours, 1, 720));
    LEDGER_TRY(check_number(l, "grace", t->grace_min, 0, LEDGER_DAY_MINUTES));
    return check_number(l, "no_show", t->no_show_percent, 0, 100);
}

static enum ledger_status check_terms(struct ledger *l, const struct ledger_terms *t,
                                      const struct ledger_why *why)
{
    if (t->title[0] == '\0')
        return ledger_refuse_field(l, LEDGER_TEXT_MALFORMED, "title", "a title says what it is");
    LEDGER_TRY(ledger_check_text(l, "title", t->title, LEDGER_NAME_MAX));
    LEDGER_TRY(ledger_check_text(l, "description", t->description, LEDGER_RESOURCE_TEXT_MAX));
    LEDGER_TRY(ledger_check_text(l, "accessibility", t->accessibility, LEDGER_RESOURCE_TEXT_MAX));
    LEDGER_TRY(check_rules(l, t));
    LEDGER_TRY(check_numbers(l, t));
    return ledger_check_reason(l, why->reason);
}

static enum ledger_status write_terms(struct ledger *l, struct ledger_resource *r,
                                      const struct ledger_why *why)
{
    struct ledger_terms *t = &r->terms;

    LEDGER_TRY(ledger_tick(l, &t->at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM resource_terms", &t->id));
    return ledger_exec(
        l,
        "INSERT INTO resource_terms (id, resource_id, title, description, accessibility, opening, "
        "peak, bands, capacity, slot_min, shortest_min, longest_min, before_min, after_min, "
        "half_day_min, horizon_days, series_days, answer_hours, grace_min, no_show_percent, "
        "host_word, retired, at_us, actor, reason, authority) VALUES ($1, $2, $3, $4, $5, $6, $7, "
        "$8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, "
        "$26)",
        STORE_ARGS(store_int(t->id), store_int(r->id), store_text(t->title),
                   store_text(t->description), store_text(t->accessibility), store_text(t->opening),
                   store_text(t->peak), store_text(t->bands), store_int(t->capacity),
                   store_int(t->slot_min), store_int(t->shortest_min), store_int(t->longest_min),
                   store_int(t->before_min), store_int(t->after_min), store_int(t->half_day_min),
                   store_int(t->horizon_days), store_int(t->series_days),
                   store_int(t->answer_hours), store_int(t->grace_min),
                   store_int(t->no_show_percent), store_int(t->host_word), store_int(t->retired),
                   store_int(t->at_us), store_text(why->actor), store_text(why->reason),
                   store_text(why->authority)));
}

static enum ledger_status check_new(struct ledger *l, struct ledger_resource *r)
{
    const struct ledger_zone *zone;
    struct ledger_member host;
    int64_t taken;

    if (ledger_handle_check(r->name) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_HANDLE_MALFORMED, "resource",
                                   "\"%.60s\" cannot name a resource: 2 to 32 of a-z, 0-9 "
                                   "and -, not - first",
                                   r->name);
    if (ledger_zone_need(l, r->zone, &zone) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_ZONE_UNKNOWN, "zone",
                                   "there is no time zone \"%.64s\": write it as "
                                   "Europe/London",
                                   r->zone);
    LEDGER_TRY(ledger_member_find(l, r->host, &host));
    if (host.state != LEDGER_ACTIVE)
        return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s is %s and cannot offer anything",
                             host.handle, ledger_member_state_name(host.state));
    r->member_id = host.id;
    LEDGER_TRY(ledger_first(l, "SELECT EXISTS (SELECT 1 FROM resource WHERE name = $1)",
                            STORE_ARGS(store_text(r->name)), ledger_read_int, &taken));
    return taken ? ledger_refuse(l, LEDGER_EXISTS, "there is a resource %s already", r->name)
                 : LEDGER_OK;
}

enum ledger_status ledger_resource_add(struct ledger *l, struct ledger_resource *r,
                                       const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(check_new(l, r));
    LEDGER_TRY(check_terms(l, &r->terms, why));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM resource", &r->id));
    LEDGER_TRY(ledger_exec(l,
                           "INSERT INTO resource (id, member_id, name, kind, zone, created_at_us) "
                           "VALUES ($1, $2, $3, $4, $5, $6)",
                           STORE_ARGS(store_int(r->id), store_int(r->member_id),
                                      store_text(r->name), store_text(kind_names[r->kind]),
                                      store_text(r->zone), store_int(at_us))));
    return write_terms(l, r, why);
}

static enum ledger_status refuse_booked(struct ledger *l, const struct ledger_resource *r,
                                        int64_t count, const char *where)
{
    if (count == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_RESOURCE_BOOKED, "%s has %lld booking%s %s: cancel %s first",
                         r->name, (long long)count, count == 1 ? "" : "s", where,
                         count == 1 ? "it" : "them");
}

enum ledger_status ledger_resource_set(struct ledger *l, struct ledger_resource *r,
                                       const struct ledger_why *why)
{
    int64_t count;

    LEDGER_TRY(check_terms(l, &r->terms, why));
    LEDGER_TRY(ledger_first(l,
                            "SELECT count(*) FROM booking WHERE live = 1 AND resource_id = $1 AND "
                            "unit >= $2",
                            STORE_ARGS(store_int(r->id), store_int(r->terms.capacity)),
                            ledger_read_int, &count));
    LEDGER_TRY(refuse_booked(l, r, count, "beyond that capacity"));
    return write_terms(l, r, why);
}

#define TERMS                                                                                      \
    "t.id, t.title, t.description, t.accessibility, t.opening, t.peak, t.bands, t.capacity, "      \
    "t.slot_min, t.shortest_min, t.longest_min, t.before_min, t.after_min, t.half_day_min, "       \
    "t.horizon_days, t.answer_hours, t.grace_min, t.no_show_percent, t.host_word, t.retired, "     \
    "t.series_days, t.at_us"
#define TERMS_COLUMNS 22
#define RESOURCE                                                                                   \
    "SELECT " TERMS ", r.id, r.member_id, r.name, r.kind, r.zone, "                                \
    "coalesce(i.handle, 'erased-' || r.member_id) FROM resource r "                                \
    "JOIN resource_terms t ON t.id = "                                                             \
    "(SELECT max(id) FROM resource_terms WHERE resource_id = r.id) "                               \
    "LEFT JOIN member_identity i ON i.member_id = r.member_id "

static enum ledger_status read_terms(void *into, const struct store_row *row)
{
    struct ledger_terms *t = into;

    t->id = store_row_int(row, 0);
    store_row_copy(row, 1, t->title, sizeof t->title);
    store_row_copy(row, 2, t->description, sizeof t->description);
    store_row_copy(row, 3, t->accessibility, sizeof t->accessibility);
    store_row_copy(row, 4, t->opening, sizeof t->opening);
    store_row_copy(row, 5, t->peak, sizeof t->peak);
    store_row_copy(row, 6, t->bands, sizeof t->bands);
    t->capacity = (int)store_row_int(row, 7);
    t->slot_min = (int)store_row_int(row, 8);
    t->shortest_min = (int)store_row_int(row, 9);
    t->longest_min = (int)store_row_int(row, 10);
    t->before_min = (int)store_row_int(row, 11);
    t->after_min = (int)store_row_int(row, 12);
    t->half_day_min = (int)store_row_int(row, 13);
    t->horizon_days = (int)store_row_int(row, 14);
    t->answer_hours = (int)store_row_int(row, 15);
    t->grace_min = (int)store_row_int(row, 16);
    t->no_show_percent = (int)store_row_int(row, 17);
    t->host_word = store_row_int(row, 18);
    t->retired = store_row_int(row, 19);
    t->series_days = (int)store_row_int(row, 20);
    t->at_us = store_row_int(row, 21);
    return LEDGER_OK;
}

static enum ledger_status read_resource(void *into, const struct store_row *row)
{
    struct ledger_resource *r = into;

    LEDGER_TRY(read_terms(&r->terms, row));
    r->id = store_row_int(row, TERMS_COLUMNS);
    r->member_id = store_row_int(row, TERMS_COLUMNS + 1);
    store_row_copy(row, TERMS_COLUMNS + 2, r->name, sizeof r->name);
    store_row_copy(row, TERMS_COLUMNS + 4, r->zone, sizeof r->zone);
    store_row_copy(row, TERMS_COLUMNS + 5, r->host, sizeof r->host);
    return ledger_resource_kind_parse(store_row_text(row, TERMS_COLUMNS + 3), &r->kind);
}

enum ledger_status ledger_resource_find(struct ledger *l, const char *name,
                                        struct ledger_resource *r)
{
    enum ledger_status status = ledger_first(l, RESOURCE "WHERE r.name = $1",
                                             STORE_ARGS(store_text(name)), read_resource, r);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse_field(l, LEDGER_NO_SUCH_RESOURCE, "resource",
                                   "there is no resource %.60s", name);
    return status;
}

enum ledger_status ledger_resource_get(struct ledger *l, int64_t id, struct ledger_resource *r)
{
    enum ledger_status status =
        ledger_first(l, RESOURCE "WHERE r.id = $1", STORE_ARGS(store_int(id)), read_resource, r);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_RESOURCE, "there is no resource %lld",
                             (long long)id);
    return status;
}

enum ledger_status ledger_terms_get(struct ledger *l, int64_t id, struct ledger_terms *terms)
{
    return ledger_first(l, "SELECT " TERMS " FROM resource_terms t WHERE t.id = $1",
                        STORE_ARGS(store_int(id)), read_terms, terms);
}

struct each {
    ledger_resource_reader *read;
    ledger_terms_reader *read_terms;
    ledger_closure_reader *read_closure;
    void *ctx;
};

static enum ledger_status pass_resource(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_resource r;

    LEDGER_TRY(read_resource(&r, row));
    return each->read(each->ctx, &r);
}

enum ledger_status ledger_resource_each(struct ledger *l, int64_t member_id, int64_t after_id,
                                        ledger_resource_reader *read, void *ctx)
{
    struct each each = {.read = read, .ctx = ctx};

    return ledger_each(l, RESOURCE "WHERE r.id > $1 AND ($2 = 0 OR r.member_id = $2) ORDER BY r.id",
                       STORE_ARGS(store_int(after_id), store_int(member_id)), pass_resource, &each);
}

static enum ledger_status pass_terms(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_terms t;

    LEDGER_TRY(read_terms(&t, row));
    return each->read_terms(each->ctx, &t);
}

enum ledger_status ledger_terms_each(struct ledger *l, int64_t resource_id, int64_t until_us,
                                     ledger_terms_reader *read, void *ctx)
{
    struct each each = {.read_terms = read, .ctx = ctx};

    return ledger_each(l,
                       "SELECT " TERMS " FROM resource_terms t WHERE t.resource_id = $1 AND "
                       "t.at_us < $2 ORDER BY t.id DESC",
                       STORE_ARGS(store_int(resource_id), store_int(until_us)), pass_terms, &each);
}

static enum ledger_status check_closure(struct ledger *l, const struct ledger_resource *r,
                                        const struct ledger_closure *c)
{
    const struct ledger_zone *zone;
    int64_t count;

    if (c->to_on < c->from_on || c->to_on - c->from_on > LEDGER_CLOSED_DAYS_MAX)
        return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "to",
                                   "the last closed day is not before the first, and at "
                                   "most %d days after",
                                   LEDGER_CLOSED_DAYS_MAX);
    LEDGER_TRY(ledger_zone_need(l, r->zone, &zone));
    if (c->from_on < ledger_zone_day(zone, ledger_now_us(l)))
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from",
                                   "a resource is closed from today or a later day on");
    LEDGER_TRY(ledger_first(l,
                            "SELECT count(*) FROM booking WHERE live = 1 AND resource_id = $1 AND "
                            "from_us < $2 AND to_us > $3",
                            STORE_ARGS(store_int(r->id),
                                       store_int(ledger_zone_day_start_us(zone, c->to_on + 1)),
                                       store_int(ledger_zone_day_start_us(zone, c->from_on))),
                            ledger_read_int, &count));
    return refuse_booked(l, r, count, "on those days");
}

enum ledger_status ledger_resource_close(struct ledger *l, struct ledger_closure *c,
                                         const struct ledger_why *why)
{
    struct ledger_resource r;
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_resource_get(l, c->resource_id, &r));
    LEDGER_TRY(check_closure(l, &r, c));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM resource_closure", &c->id));
    return ledger_exec(l,
                       "INSERT INTO resource_closure (id, resource_id, from_on, to_on, at_us, "
                       "actor, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       STORE_ARGS(store_int(c->id), store_int(c->resource_id),
                                  store_int(c->from_on), store_int(c->to_on), store_int(at_us),
                                  store_text(why->actor), store_text(why->reason)));
}

enum ledger_status ledger_resource_reopen(struct ledger *l, int64_t resource_id, int64_t closure_id,
                                          const struct ledger_why *why)
{
    int64_t stands;
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_first(l,
                            "SELECT EXISTS (SELECT 1 FROM resource_closure c WHERE c.id = $1 AND "
                            "c.resource_id = $2 AND NOT EXISTS "
                            "(SELECT 1 FROM resource_reopening WHERE closure_id = c.id))",
                            STORE_ARGS(store_int(closure_id), store_int(resource_id)),
                            ledger_read_int, &stands));
    if (!stands)
        return ledger_refuse(l, LEDGER_NO_SUCH_CLOSURE,
                             "there is no closure %lld here, or it is taken back already",
                             (long long)closure_id);
    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(l,
                       "INSERT INTO resource_reopening (closure_id, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4)",
                       STORE_ARGS(store_int(closure_id), store_int(at_us), store_text(why->actor),
                                  store_text(why->reason)));
}

static enum ledger_status pass_closure(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_closure c = {.id = store_row_int(row, 0),
                               .resource_id = store_row_int(row, 1),
                               .from_on = (int32_t)store_row_int(row, 2),
                               .to_on = (int32_t)store_row_int(row, 3)};

    store_row_copy(row, 4, c.reason, sizeof c.reason);
    return each->read_closure(each->ctx, &c);
}

enum ledger_status ledger_closure_each(struct ledger *l, int64_t resource_id, int32_t from_on,
                                       int32_t to_on, ledger_closure_reader *read, void *ctx)
{
    struct each each = {.read_closure = read, .ctx = ctx};

    return ledger_each(l,
                       "SELECT c.id, c.resource_id, c.from_on, c.to_on, c.reason FROM "
                       "resource_closure c WHERE c.resource_id = $1 AND c.to_on >= $2 AND "
                       "c.from_on <= $3 AND NOT "
                       "EXISTS (SELECT 1 FROM resource_reopening WHERE closure_id = c.id) "
                       "ORDER BY c.to_on, c.id",
                       STORE_ARGS(store_int(resource_id), store_int(from_on), store_int(to_on)),
                       pass_closure, &each);
}
