#include "load_courses.h"
#include "load_desk.h"
#include "load_requests.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ASKED_MAX 100 /* then the node closes */
#define BATCH_MAX 30
#define TEXT_MAX 256

uint64_t load_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

int load_draw(uint64_t *state, int n)
{
    return (int)(load_random(state) % (uint64_t)n);
}

void load_uid(uint64_t *state, char uid[static 40])
{
    uint64_t a = load_random(state);
    uint64_t b = load_random(state);

    snprintf(uid, 40, "%08x-%04x-4%03x-8%03x-%012" PRIx64, (unsigned)(a >> 32),
             (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff), (unsigned)(b >> 52),
             b & UINT64_C(0xffffffffffff));
}

void load_hang_up(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    c->asked = 0;
}

bool load_ask(struct client *c, const struct web_request *q, struct web_response *r)
{
    if (c->asked == ASKED_MAX)
        load_hang_up(c);
    if (c->fd < 0)
        c->fd = web_try_connect(c->node);
    if (c->fd < 0)
        return false;
    c->asked++;
    if (!web_ask(c->fd, q, r)) {
        load_hang_up(c);
        return false;
    }
    if (strstr(r->head, "Connection: close"))
        load_hang_up(c);
    return true;
}

struct write *load_new_write(struct client *c, enum write_kind kind)
{
    struct write *w;

    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 256;
        c->writes = realloc(c->writes, c->room * sizeof *c->writes);
        if (!c->writes)
            abort();
    }
    w = &c->writes[c->count++];
    *w = (struct write){.kind = kind};
    load_uid(&c->random, w->uid);
    return w;
}

static void two_members(struct client *c, int *payer, int *payee)
{
    *payer = 1 + load_draw(&c->random, TALLY_MEMBERS);
    *payee = 1 + load_draw(&c->random, TALLY_MEMBERS - 1);
    *payee += *payee >= *payer;
}

static void draft_pay(struct client *c, struct write *w)
{
    char body[TEXT_MAX];
    int payer, payee;

    two_members(c, &payer, &payee);
    snprintf(body, sizeof body,
             "{\"from\":\"m%d\",\"payee\":\"m%d\",\"amount\":\"%d.%02d\",\"currency\":\"CALD\"}",
             payer, payee, load_draw(&c->random, 20), 1 + load_draw(&c->random, 99));
    strcpy(w->path, "/api/v1/payments");
    w->body = strdup(body);
}

static void draft_hold(struct client *c, struct write *w)
{
    char body[TEXT_MAX];
    int payee;
    int units = 1 + load_draw(&c->random, 20);

    two_members(c, &w->member, &payee);
    w->held_minor = units * 100;
    snprintf(body, sizeof body,
             "{\"from\":\"m%d\",\"payees\":[{\"payee\":\"m%d\",\"amount\":\"%d.00\"}],"
             "\"currency\":\"CALD\",\"expires_in\":\"90d\"}",
             w->member, payee, units);
    strcpy(w->path, "/api/v1/holds");
    w->body = strdup(body);
}

/* Takes the hold off the list: whatever becomes of it, it is not tried twice. */
static void draft_resolution(struct client *c, struct write *w)
{
    int at = load_draw(&c->random, c->hold_count);
    const struct open_hold hold = c->holds[at];
    bool part = w->kind == WRITE_CAPTURE && load_draw(&c->random, 2) == 0;

    c->holds[at] = c->holds[--c->hold_count];
    w->member = hold.member;
    w->held_minor = hold.held_minor;
    snprintf(w->path, sizeof w->path, "/api/v1/holds/%" PRId64 "/%s", hold.id,
             w->kind == WRITE_CAPTURE ? "capture" : "release");
    w->body = strdup(part ? "{\"amount\":\"0.77\"}" : "{}");
}

static void draft_batch(struct client *c, struct write *w)
{
    json_t *items = json_array();
    json_t *body = json_pack("{s:s, s:o}", "currency", "CALD", "items", items);
    int count = 1 + load_draw(&c->random, BATCH_MAX);

    for (int i = 0; i < count; i++) {
        char from[8], to[8], amount[16];
        int payer, payee;

        two_members(c, &payer, &payee);
        snprintf(from, sizeof from, "m%d", payer);
        snprintf(to, sizeof to, "m%d", payee);
        snprintf(amount, sizeof amount, "%d.%02d", load_draw(&c->random, 5),
                 1 + load_draw(&c->random, 99));
        json_array_append_new(
            items, json_pack("{s:s, s:s, s:s}", "from", from, "to", to, "amount", amount));
    }
    if (load_draw(&c->random, 2) == 0)
        json_object_set_new(body, "each", json_true());
    strcpy(w->path, "/api/v1/transfers/batch");
    w->body = json_dumps(body, JSON_COMPACT);
    json_decref(body);
}

static void draft_limit(struct client *c, struct write *w)
{
    char body[TEXT_MAX];

    w->member = c->number;
    snprintf(body, sizeof body,
             "{\"floor\":\"-%d.00\",\"ceiling\":\"1000000.00\",\"reason\":\"crash loop\"}",
             500 + load_draw(&c->random, 500));
    snprintf(w->path, sizeof w->path, "/api/v1/members/m%d/accounts/CALD/limits", w->member);
    w->body = strdup(body);
}

/* Is there something of that kind to do, and room to remember what it makes? */
static bool may(struct client *c, enum write_kind kind)
{
    switch (kind) {
    case WRITE_PAY:
    case WRITE_BATCH:
    case WRITE_LIMIT:
        return true;
    case WRITE_HOLD:
        return c->hold_count < LOAD_HOLDS_MAX;
    case WRITE_CAPTURE:
    case WRITE_RELEASE:
        return c->hold_count > 0;
    case WRITE_BOOK:
        return c->books && c->booking_count < LOAD_HOLDS_MAX;
    case WRITE_CANCEL:
        return c->booking_count > 0;
    case WRITE_ENROL:
        return c->learns && c->enrolment_count < LOAD_HOLDS_MAX;
    case WRITE_DROP:
        return c->enrolment_count + c->queued_count > 0;
    case WRITE_ATTEND:
        return c->learns && load_can_attend(c);
    case WRITE_GRANT:
    case WRITE_LEARN:
        return c->learns;
    case WRITE_QUEUE:
        return c->learns && c->enrolment_count < LOAD_HOLDS_MAX && c->queued_count < LOAD_HOLDS_MAX;
    case WRITE_TAKE:
        return c->queued_count > 0 && c->enrolment_count < LOAD_HOLDS_MAX;
    case WRITE_ASK:
        return c->asks;
    case WRITE_ACCEPT:
    case WRITE_PART:
    case WRITE_CREDIT:
    case WRITE_DECLINE:
    case WRITE_WITHDRAW:
        return load_choose_request(c);
    case WRITE_SERIES:
        return c->books;
    case WRITE_STOP:
        return c->series > 0;
    case WRITE_KINDS:
        break;
    }
    return false;
}

static enum write_kind draw_kind(struct client *c)
{
    static const int shares[WRITE_KINDS] = {
        [WRITE_PAY] = 3,      [WRITE_HOLD] = 10,  [WRITE_CAPTURE] = 7, [WRITE_RELEASE] = 3,
        [WRITE_BATCH] = 10,   [WRITE_LIMIT] = 4,  [WRITE_BOOK] = 8,    [WRITE_CANCEL] = 3,
        [WRITE_ENROL] = 6,    [WRITE_DROP] = 5,   [WRITE_ATTEND] = 4,  [WRITE_GRANT] = 3,
        [WRITE_LEARN] = 3,    [WRITE_QUEUE] = 5,  [WRITE_TAKE] = 5,    [WRITE_ASK] = 7,
        [WRITE_ACCEPT] = 4,   [WRITE_PART] = 3,   [WRITE_CREDIT] = 1,  [WRITE_DECLINE] = 1,
        [WRITE_WITHDRAW] = 1, [WRITE_SERIES] = 3, [WRITE_STOP] = 1};
    int drawn = load_draw(&c->random, 100);
    enum write_kind kind = WRITE_PAY;

    while (drawn >= shares[kind])
        drawn -= shares[kind++];
    return may(c, kind) ? kind : WRITE_PAY;
}

static struct write *draft(struct client *c)
{
    static void (*const drafts[WRITE_KINDS])(struct client *, struct write *) = {
        [WRITE_PAY] = draft_pay,
        [WRITE_HOLD] = draft_hold,
        [WRITE_CAPTURE] = draft_resolution,
        [WRITE_RELEASE] = draft_resolution,
        [WRITE_BATCH] = draft_batch,
        [WRITE_LIMIT] = draft_limit,
        [WRITE_BOOK] = load_draft_book,
        [WRITE_CANCEL] = load_draft_cancel,
        [WRITE_ENROL] = load_draft_enrol,
        [WRITE_DROP] = load_draft_drop,
        [WRITE_ATTEND] = load_draft_attend,
        [WRITE_GRANT] = load_draft_grant,
        [WRITE_LEARN] = load_draft_learn,
        [WRITE_QUEUE] = load_draft_queue,
        [WRITE_TAKE] = load_draft_take,
        [WRITE_ASK] = load_draft_ask,
        [WRITE_ACCEPT] = load_draft_accept,
        [WRITE_PART] = load_draft_part,
        [WRITE_CREDIT] = load_draft_credit,
        [WRITE_DECLINE] = load_draft_end,
        [WRITE_WITHDRAW] = load_draft_end,
        [WRITE_SERIES] = load_draft_series,
        [WRITE_STOP] = load_draft_stop,
    };
    struct write *w = load_new_write(c, draw_kind(c));

    drafts[w->kind](c, w);
    return w;
}

bool load_send(struct client *c, struct write *w, bool *replayed)
{
    const struct web_request q = {"POST", w->path, c->node->tokens[0], w->uid, w->body};
    struct web_response r = {0};

    if (!load_ask(c, &q, &r)) {
        web_clear(&r);
        return false;
    }
    web_code(&r, w->code);
    if (replayed)
        *replayed = strstr(r.head, "\r\nIdempotent-Replay: true\r\n") != NULL;
    if (r.status == 200) {
        w->state = WRITE_ACCEPTED;
        free(w->answer);
        w->answer = strdup(r.body);
    } else if (strcmp(w->code, "outcome_unknown") != 0) {
        w->state = WRITE_REFUSED;
    }
    web_clear(&r);
    return true;
}

static void remember(struct open_hold *list, int *count, const struct write *w,
                     const json_t *answer, const char *key)
{
    int64_t held_minor = w->kind == WRITE_BOOK ? tally_booked(answer) : w->held_minor;

    if (*count < LOAD_HOLDS_MAX)
        list[(*count)++] = (struct open_hold){json_integer_value(json_object_get(answer, key)),
                                              w->member, held_minor};
}

static void forget_queued(struct client *c, int64_t id)
{
    for (int i = 0; i < c->queued_count; i++)
        if (c->queued[i].id == id)
            c->queued[i--] = c->queued[--c->queued_count];
}

static void follow_place(struct client *c, const struct write *w, const json_t *answer)
{
    if (w->kind == WRITE_TAKE)
        forget_queued(c, json_integer_value(json_object_get(answer, "enrolment")));
    if (tally_enrolled(answer))
        remember(c->enrolments, &c->enrolment_count, w, answer, "enrolment");
    else
        remember(c->queued, &c->queued_count, w, answer, "enrolment");
}

void load_follow(struct client *c, const struct write *w)
{
    if (w->state != WRITE_ACCEPTED)
        return;
    json_t *answer = json_loads(w->answer, 0, NULL);

    if (w->kind == WRITE_HOLD)
        remember(c->holds, &c->hold_count, w, answer, "hold");
    if (w->kind == WRITE_BOOK)
        remember(c->bookings, &c->booking_count, w, answer, "booking");
    if (w->kind == WRITE_ENROL || w->kind == WRITE_QUEUE || w->kind == WRITE_TAKE)
        follow_place(c, w, answer);
    if (w->kind == WRITE_SERIES)
        c->series = json_integer_value(json_object_get(answer, "series"));
    load_follow_request(c, w, answer);
    json_decref(answer);
}

void load_forget(struct client *c)
{
    for (size_t i = 0; i < c->count; i++) {
        free(c->writes[i].body);
        free(c->writes[i].answer);
    }
    free(c->writes);
    c->writes = NULL;
    c->count = c->room = 0;
    c->hold_count = c->booking_count = c->enrolment_count = c->queued_count = c->confirmed = 0;
    c->request_count = 0;
    c->series = 0;
}

static void forget_last(struct client *c)
{
    struct write *w = &c->writes[--c->count];

    free(w->body);
    free(w->answer);
}

static void look(struct client *c)
{
    const struct web_request q = {"GET", "/api/v1/balances", c->node->tokens[1], NULL, NULL};
    struct web_response r = {0};

    load_ask(c, &q, &r);
    web_clear(&r);
}

static void *run(void *arg)
{
    struct client *c = arg;

    while (!atomic_load(c->over)) {
        struct write *w;
        bool sent;

        if (load_draw(&c->random, 20) == 0)
            look(c);
        w = draft(c);
        sent = load_send(c, w, NULL);
        if (sent && c->answered)
            c->answered(w);
        if (!sent)
            break;
        load_follow(c, w);
        if (c->forgets)
            forget_last(c);
    }
    load_hang_up(c);
    return NULL;
}

void load_start(struct client *c)
{
    pthread_create(&c->thread, NULL, run, c);
}

void load_join(struct client *c)
{
    pthread_join(c->thread, NULL);
}
