#include "load_courses.h"

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

void load_offer_desk(const struct web_node *node)
{
    static const char *const deeds[][2] = {
        {"resource.add",
         "{\"resource\":\"desk\",\"host\":\"m1\",\"title\":\"Desk\",\"kind\":\"desk\","
         "\"opening\":\"always\",\"capacity\":20,\"bands\":\"1h 100%\"}"},
        {"resource.price", "{\"resource\":\"desk\",\"amount\":\"1.10\",\"currency\":\"CALD\","
                           "\"unit\":\"hour\",\"reason\":\"crash loop\"}"},
    };

    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
        json_decref(web_local(node, deeds[i][0], json_loads(deeds[i][1], 0, NULL)));
}

/* Two to eighty days ahead, so that slots run short and a cancellation gives all back. */
static void draft_book(struct client *c, struct write *w)
{
    char body[TEXT_MAX];
    char day[16];
    time_t at = time(NULL) + (2 + load_draw(&c->random, 79)) * 86400;
    struct tm tm;

    w->member = 2 + load_draw(&c->random, TALLY_MEMBERS - 1);
    strftime(day, sizeof day, "%F", gmtime_r(&at, &tm));
    snprintf(body, sizeof body,
             "{\"member\":\"m%d\",\"from\":\"%sT%02d:%02d\",\"for\":\"%dm\",\"title\":\"work\"}",
             w->member, day, load_draw(&c->random, 24), 15 * load_draw(&c->random, 4),
             60 + 15 * load_draw(&c->random, 16));
    strcpy(w->path, "/api/v1/resources/desk/bookings");
    w->body = strdup(body);
}

static void draft_cancel(struct client *c, struct write *w)
{
    int at = load_draw(&c->random, c->booking_count);
    const struct open_hold booking = c->bookings[at];

    c->bookings[at] = c->bookings[--c->booking_count];
    w->member = booking.member;
    w->held_minor = booking.held_minor;
    snprintf(w->path, sizeof w->path, "/api/v1/bookings/%" PRId64 "/cancellation", booking.id);
    w->body = strdup("{\"reason\":\"crash loop\"}");
}

static enum write_kind draw_kind(struct client *c)
{
    static const struct {
        enum write_kind kind;
        int share;
    } shares[] = {{WRITE_HOLD, 12}, {WRITE_CAPTURE, 8}, {WRITE_RELEASE, 4}, {WRITE_BATCH, 10},
                  {WRITE_LIMIT, 4}, {WRITE_BOOK, 10},   {WRITE_CANCEL, 4},  {WRITE_ENROL, 9},
                  {WRITE_DROP, 4},  {WRITE_ATTEND, 4},  {WRITE_GRANT, 3},   {WRITE_LEARN, 4},
                  {WRITE_PAY, 24}};
    int drawn = load_draw(&c->random, 100);
    size_t i = 0;

    while (drawn >= shares[i].share)
        drawn -= shares[i++].share;
    if ((shares[i].kind == WRITE_CAPTURE || shares[i].kind == WRITE_RELEASE) && c->hold_count == 0)
        return WRITE_PAY;
    if (shares[i].kind == WRITE_HOLD && c->hold_count == LOAD_HOLDS_MAX)
        return WRITE_PAY;
    if (shares[i].kind == WRITE_BOOK && (!c->books || c->booking_count == LOAD_HOLDS_MAX))
        return WRITE_PAY;
    if (shares[i].kind == WRITE_CANCEL && c->booking_count == 0)
        return WRITE_PAY;
    if (shares[i].kind >= WRITE_ENROL && !c->learns)
        return WRITE_PAY;
    if (shares[i].kind == WRITE_ENROL && c->enrolment_count == LOAD_HOLDS_MAX)
        return WRITE_PAY;
    if (shares[i].kind == WRITE_DROP && c->enrolment_count == 0)
        return WRITE_PAY;
    if (shares[i].kind == WRITE_ATTEND && !load_can_attend(c))
        return WRITE_PAY;
    return shares[i].kind;
}

static struct write *draft(struct client *c)
{
    static void (*const drafts[WRITE_KINDS])(struct client *, struct write *) = {
        draft_pay,         draft_hold,       draft_resolution, draft_resolution, draft_batch,
        draft_limit,       draft_book,       draft_cancel,     load_draft_enrol, load_draft_drop,
        load_draft_attend, load_draft_grant, load_draft_learn};
    struct write *w = load_new_write(c, draw_kind(c));

    drafts[w->kind](c, w);
    return w;
}

bool load_send(struct client *c, struct write *w, bool *replayed)
{
    const struct web_request q = {"POST", w->path, c->node->tokens[1], w->uid, w->body};
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

static void remember(struct open_hold *list, int *count, const struct write *w, const char *key)
{
    json_t *answer = json_loads(w->answer, 0, NULL);
    int64_t held_minor = w->kind == WRITE_BOOK ? tally_booked(answer) : w->held_minor;

    if (*count < LOAD_HOLDS_MAX)
        list[(*count)++] = (struct open_hold){json_integer_value(json_object_get(answer, key)),
                                              w->member, held_minor};
    json_decref(answer);
}

void load_follow(struct client *c, const struct write *w)
{
    if (w->state != WRITE_ACCEPTED)
        return;
    if (w->kind == WRITE_HOLD)
        remember(c->holds, &c->hold_count, w, "hold");
    if (w->kind == WRITE_BOOK)
        remember(c->bookings, &c->booking_count, w, "booking");
    if (w->kind == WRITE_ENROL)
        remember(c->enrolments, &c->enrolment_count, w, "enrolment");
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
    c->hold_count = c->booking_count = c->enrolment_count = c->confirmed = 0;
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
