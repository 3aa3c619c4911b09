#include "load_courses.h"

#include "ledger/attendance.h"
#include "ledger/credit.h"
#include "ledger/date.h"
#include "ledger/provider.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOUR_US (3600 * LEDGER_US_PER_SECOND)
#define GRANTED_MINOR 50000
#define FUND_MINOR INT64_C(100000000)
#define PARTY 2
#define NEWEST 6
#define LEARNER(i) (2 + (i) % LOAD_LEARNERS)

static const struct ledger_why because = {
    .actor = "local:test", .reason = "crash loop", .authority = ""};

static void must(struct ledger *l, enum ledger_status status)
{
    if (status == LEDGER_OK)
        return;
    fprintf(stderr, "the courses: %s\n", ledger_message(l));
    abort();
}

static int64_t real_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * LEDGER_US_PER_SECOND + now.tv_nsec / 1000;
}

/* So that sessions can be entered which are over by now. */
static int64_t hours_ago_us(void *arg)
{
    (void)arg;
    return real_now_us() - 3 * HOUR_US;
}

static void fill(void *arg, void *buf, size_t size)
{
    uint64_t *state = arg;

    for (size_t i = 0; i < size; i++)
        ((unsigned char *)buf)[i] = (unsigned char)load_random(state);
}

static int64_t member_of(struct ledger *l, int number)
{
    struct ledger_member m;
    char handle[8];

    snprintf(handle, sizeof handle, "m%d", number);
    must(l, ledger_member_find(l, handle, &m));
    return m.id;
}

static int64_t account_of(struct ledger *l, const char *handle)
{
    struct ledger_account a;

    must(l, ledger_account_need(l, handle, "TRAIN", &because, &a));
    return a.id;
}

static void add_currency(struct ledger *l)
{
    struct ledger_currency c = {.code = "TRAIN",
                                .name = "Training",
                                .scale = 2,
                                .kind = LEDGER_TRAINING,
                                .floor_minor = -FUND_MINOR,
                                .ceiling_minor = FUND_MINOR};
    struct ledger_member fund = {
        .handle = "fund", .name = "Fund", .kind = LEDGER_FUND, .state = LEDGER_ACTIVE};
    struct ledger_provider p = {
        .member_id = member_of(l, 1), .listed = true, .from_on = ledger_today(l)};

    must(l, ledger_currency_add(l, &c, &because));
    must(l, ledger_member_add(l, &fund, &because));
    must(l, ledger_provider_set(l, &p, &because));
}

static void grant_all(struct ledger *l, struct tally *t)
{
    for (int m = 2; m <= TALLY_MEMBERS; m++) {
        char handle[8];
        int64_t id;
        snprintf(handle, sizeof handle, "m%d", m);
        const struct ledger_grant g = {.fund_account_id = account_of(l, "fund"),
                                       .account_id = account_of(l, handle),
                                       .amount_minor = GRANTED_MINOR,
                                       .expires_on = ledger_today(l) + 300,
                                       .purpose = "crash loop"};
        must(l, ledger_credit_grant(l, &g, &id));
        t->credit_minor[m] += GRANTED_MINOR;
        t->credit_minor[0] -= GRANTED_MINOR;
        t->transfers++;
    }
}

static int64_t add_session(struct ledger *l, int64_t course_id, int64_t starts_us, int capacity)
{
    struct ledger_currency money, credits;
    int64_t id;

    must(l, ledger_currency_find(l, "CALD", &money));
    must(l, ledger_currency_find(l, "TRAIN", &credits));
    const struct ledger_session_price prices[] = {
        {.currency_id = money.id, .amount_minor = LOAD_PLACE_MINOR},
        {.currency_id = credits.id, .amount_minor = LOAD_PLACE_CREDITS}};
    const struct ledger_session_draft d = {.course_id = course_id,
                                           .zone = "Etc/UTC",
                                           .tzdata = "",
                                           .starts = "2026-01-01T09:00",
                                           .ends = "2026-01-01T10:00",
                                           .starts_at_us = starts_us,
                                           .ends_at_us = starts_us + HOUR_US,
                                           .offer_us = 24 * HOUR_US,
                                           .capacity = capacity,
                                           .prices = prices,
                                           .price_count = 2};
    must(l, ledger_session_add(l, &d, &because, &id));
    return id;
}

/* Enrolments are numbered as load_draft_attend counts them. */
static void enrol_all(struct ledger *l, int64_t session_id, struct tally *t)
{
    for (int i = 0; i < LOAD_LEARNERS; i++) {
        const struct ledger_enrolment_draft d = {
            .session_id = session_id, .member_id = member_of(l, LEARNER(i)), .places = PARTY};
        int64_t id;
        must(l, ledger_enrolment_add(l, &d, &because, &id));
        t->held_minor[LEARNER(i)] += PARTY * LOAD_PLACE_MINOR;
        t->credit_held_minor[LEARNER(i)] += PARTY * LOAD_PLACE_CREDITS;
    }
}

static void furnish(struct ledger *l, struct tally *t)
{
    const struct ledger_course_draft draft = {
        .title = "Accounts", .language = "en", .threshold_percent = 75};
    const int64_t now_us = ledger_now_us(l);
    int64_t course_id;

    must(l, ledger_clock_accept(l, &because));
    add_currency(l);
    grant_all(l, t);
    must(l, ledger_course_add(l, member_of(l, 1), &draft, &because, &course_id));
    for (int i = 0; i < LOAD_OVER; i++)
        enrol_all(l, add_session(l, course_id, now_us + HOUR_US + i, LEDGER_SESSION_PLACES_MAX), t);
    for (int i = 0; i < LOAD_TO_COME; i++)
        add_session(l, course_id, now_us + (48 + i) * HOUR_US, LEDGER_SESSION_PLACES_MAX);
    for (int i = 0; i < LOAD_SMALL; i++)
        add_session(l, course_id, now_us + (96 + i) * HOUR_US, LOAD_SMALL_CAPACITY);
}

void load_offer_courses(const struct web_node *node, struct tally *t)
{
    const struct ledger_options options = {.write = true, .wait_ms = 5000, .holder = "test"};
    uint64_t state = (uint64_t)real_now_us();
    const struct ledger_env env = {hours_ago_us, fill, &state};
    struct ledger *l;
    enum ledger_status status = ledger_open(node->path, &options, &env, &l);

    assert(status == LEDGER_OK);
    must(l, ledger_begin_write(l));
    furnish(l, t);
    must(l, ledger_commit(l));
    ledger_close(l);
}

static void __attribute__((format(printf, 2, 3))) say(struct write *w, const char *format, ...)
{
    char body[256];
    va_list args;

    va_start(args, format);
    vsnprintf(body, sizeof body, format, args);
    va_end(args);
    w->body = strdup(body);
}

void load_draft_enrol(struct client *c, struct write *w)
{
    int places = 1 + load_draw(&c->random, 3);

    w->member = LEARNER(load_draw(&c->random, LOAD_LEARNERS));
    w->held_minor = places * LOAD_PLACE_MINOR;
    strcpy(w->path, "/api/v1/enrolments");
    say(w, "{\"session\":%d,\"member\":\"m%d\",\"places\":%d}",
        LOAD_OVER + 1 + load_draw(&c->random, LOAD_TO_COME), w->member, places);
}

void load_draft_queue(struct client *c, struct write *w)
{
    int places = 1 + load_draw(&c->random, 2);

    w->member = LEARNER(load_draw(&c->random, LOAD_LEARNERS));
    w->held_minor = places * LOAD_PLACE_MINOR;
    strcpy(w->path, "/api/v1/enrolments");
    say(w, "{\"session\":%d,\"member\":\"m%d\",\"places\":%d,\"wait\":true}",
        LOAD_OVER + LOAD_TO_COME + 1 + load_draw(&c->random, LOAD_SMALL), w->member, places);
}

void load_draft_take(struct client *c, struct write *w)
{
    const struct open_hold *queued = &c->queued[load_draw(&c->random, c->queued_count)];

    w->member = queued->member;
    w->held_minor = queued->held_minor;
    snprintf(w->path, sizeof w->path, "/api/v1/enrolments/%" PRId64 "/acceptance", queued->id);
    w->body = strdup("{}");
}

/* Often one of the newest, so that small sessions change hands. Whoever waits has nothing on hold. */
void load_draft_drop(struct client *c, struct write *w)
{
    bool waits = c->enrolment_count == 0 || (c->queued_count > 0 && load_draw(&c->random, 6) == 0);
    struct open_hold *list = waits ? c->queued : c->enrolments;
    int *count = waits ? &c->queued_count : &c->enrolment_count;
    int newest = *count > NEWEST && load_draw(&c->random, 2) == 0 ? NEWEST : *count;
    int at = *count - 1 - load_draw(&c->random, newest);

    const struct open_hold enrolment = list[at];
    list[at] = list[--*count];
    w->member = enrolment.member;
    w->held_minor = waits ? 0 : enrolment.held_minor;
    snprintf(w->path, sizeof w->path, "/api/v1/enrolments/%" PRId64 "/cancellation", enrolment.id);
    say(w, "{\"reason\":\"crash loop\"}");
}

bool load_can_attend(const struct client *c)
{
    return c->number + c->confirmed * LOAD_THREADS <= LOAD_UNCONFIRMED;
}

/* Both came, one, or nobody. */
void load_draft_attend(struct client *c, struct write *w)
{
    static const char *const bodies[] = {"{}", "{\"places\":1}", "{\"absent\":true}"};
    int id = c->number + c->confirmed++ * LOAD_THREADS;

    w->member = LEARNER(id - 1);
    w->held_minor = PARTY * LOAD_PLACE_MINOR;
    snprintf(w->path, sizeof w->path, "/api/v1/enrolments/%d/attendance", id);
    w->body = strdup(bodies[load_draw(&c->random, 3)]);
}

void load_draft_grant(struct client *c, struct write *w)
{
    char day[16];
    time_t at = time(NULL) + (10 + load_draw(&c->random, 300)) * 86400;
    struct tm tm;

    w->member = LEARNER(load_draw(&c->random, LOAD_LEARNERS));
    strftime(day, sizeof day, "%F", gmtime_r(&at, &tm));
    strcpy(w->path, "/api/v1/credits/grants");
    say(w,
        "{\"member\":\"m%d\",\"amount\":\"%d.%02d\",\"fund\":\"fund\",\"currency\":\"TRAIN\","
        "\"expires\":\"%s\",\"purpose\":\"crash loop\"}",
        w->member, load_draw(&c->random, 9), 1 + load_draw(&c->random, 99), day);
}

void load_draft_learn(struct client *c, struct write *w)
{
    strcpy(w->path, "/api/v1/payments");
    say(w, "{\"from\":\"m%d\",\"payee\":\"m1\",\"amount\":\"%d.%02d\",\"currency\":\"TRAIN\"}",
        LEARNER(load_draw(&c->random, LOAD_LEARNERS)), load_draw(&c->random, 4),
        1 + load_draw(&c->random, 99));
}
