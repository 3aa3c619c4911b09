#include "load_requests.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NEWEST 32
#define TRIES 4
#define TEXT_MAX 256

static int64_t open_minor(const struct asked *r)
{
    return r->over || r->is_credit ? 0 : r->asked_minor - r->paid_minor - r->credited_minor;
}

bool load_choose_request(struct client *c)
{
    size_t newest = c->request_count < NEWEST ? c->request_count : NEWEST;

    for (int i = 0; i < TRIES && newest > 0; i++) {
        c->chosen = c->request_count - 1 - (size_t)load_draw(&c->random, (int)newest);
        if (open_minor(&c->requests[c->chosen]) > 0)
            return true;
    }
    return false;
}

static void __attribute__((format(printf, 3, 4)))
draft(struct client *c, struct write *w, const char *format, ...)
{
    static const char *const deeds[WRITE_KINDS] = {
        [WRITE_ACCEPT] = "acceptance",   [WRITE_PART] = "payments",
        [WRITE_CREDIT] = "credit-notes", [WRITE_DECLINE] = "refusal",
        [WRITE_WITHDRAW] = "withdrawal",
    };
    const struct asked *r = &c->requests[c->chosen];
    char body[TEXT_MAX];
    va_list args;

    w->request = c->chosen;
    w->member = r->payer;
    w->payee = r->payee;
    snprintf(w->path, sizeof w->path, "/api/v1/requests/%" PRId64 "/%s", r->id, deeds[w->kind]);
    va_start(args, format);
    vsnprintf(body, sizeof body, format, args);
    va_end(args);
    w->body = strdup(body);
}

void load_draft_ask(struct client *c, struct write *w)
{
    char body[TEXT_MAX];

    w->member = 1 + load_draw(&c->random, TALLY_MEMBERS);
    w->payee = 1 + load_draw(&c->random, TALLY_MEMBERS - 1);
    w->payee += w->payee >= w->member;
    snprintf(body, sizeof body,
             "{\"payee\":\"m%d\",\"payer\":\"m%d\",\"currency\":\"CALD\",\"text\":\"bread\","
             "\"amount\":\"%d.%02d\",\"tax\":\"%d\"}",
             w->payee, w->member, load_draw(&c->random, 9), 1 + load_draw(&c->random, 99),
             20 * load_draw(&c->random, 2));
    strcpy(w->path, "/api/v1/requests");
    w->body = strdup(body);
}

void load_draft_accept(struct client *c, struct write *w)
{
    w->amount_minor = open_minor(&c->requests[c->chosen]);
    draft(c, w, "{}");
}

/* Now and then a cent more than is left, which is refused. */
static int64_t draw_part(struct client *c)
{
    return 1 + load_draw(&c->random, (int)open_minor(&c->requests[c->chosen]) + 1);
}

void load_draft_part(struct client *c, struct write *w)
{
    w->amount_minor = draw_part(c);
    draft(c, w, "{\"amount\":\"%" PRId64 ".%02" PRId64 "\"}", w->amount_minor / 100,
          w->amount_minor % 100);
}

void load_draft_credit(struct client *c, struct write *w)
{
    w->amount_minor = draw_part(c);
    draft(c, w, "{\"text\":\"stale\",\"amount\":\"%" PRId64 ".%02" PRId64 "\"}",
          w->amount_minor / 100, w->amount_minor % 100);
}

void load_draft_end(struct client *c, struct write *w)
{
    draft(c, w, "{\"reason\":\"crash loop\"}");
}

static int64_t minor_in(const json_t *o, const char *key)
{
    const char *amount = json_string_value(json_object_get(o, key));

    return amount ? tally_minor(amount) : -1;
}

static void add(struct client *c, const struct write *w, const json_t *answer)
{
    if (c->request_count == c->request_room) {
        c->request_room = c->request_room ? 2 * c->request_room : 64;
        c->requests = realloc(c->requests, c->request_room * sizeof *c->requests);
        if (!c->requests)
            abort();
    }
    c->requests[c->request_count++] =
        (struct asked){.id = json_integer_value(json_object_get(answer, "request")),
                       .number = json_integer_value(json_object_get(answer, "number")),
                       .payer = w->member,
                       .payee = w->payee,
                       .is_credit = w->kind == WRITE_CREDIT,
                       .asked_minor = minor_in(answer, "gross")};
}

void load_follow_request(struct client *c, const struct write *w, const json_t *answer)
{
    if (w->kind == WRITE_ACCEPT || w->kind == WRITE_PART)
        c->requests[w->request].paid_minor += w->amount_minor;
    if (w->kind == WRITE_CREDIT)
        c->requests[w->request].credited_minor += w->amount_minor;
    if (w->kind == WRITE_DECLINE || w->kind == WRITE_WITHDRAW)
        c->requests[w->request].over = true;
    if (w->kind == WRITE_ASK || w->kind == WRITE_CREDIT)
        add(c, w, answer);
}

/* A client's are in order of id. */
static const struct asked *find(const struct requests_seen *seen, int64_t id)
{
    for (int i = 0; i < seen->client_count; i++) {
        const struct client *c = &seen->clients[i];
        size_t from = 0, to = c->request_count;

        while (from < to) {
            size_t middle = (from + to) / 2;

            if (c->requests[middle].id < id)
                from = middle + 1;
            else
                to = middle;
        }
        if (from < c->request_count && c->requests[from].id == id)
            return &c->requests[from];
    }
    return NULL;
}

static int member_in(const json_t *o, const char *key)
{
    const char *handle = json_string_value(json_object_get(o, key));

    return handle && handle[0] == 'm' ? atoi(handle + 1) : 0;
}

static bool same(const struct asked *r, const json_t *o, int64_t number)
{
    return r && member_in(o, "payer") == r->payer && member_in(o, "payee") == r->payee &&
           json_integer_value(json_object_get(o, "number")) == r->number && r->number == number &&
           minor_in(o, "gross") == r->asked_minor &&
           (r->is_credit ||
            (minor_in(o, "paid") == r->paid_minor && minor_in(o, "credited") == r->credited_minor &&
             minor_in(o, "open") == open_minor(r)));
}

bool load_requests_agree(struct requests_seen *seen, const json_t *page)
{
    size_t i;
    json_t *o;

    json_array_foreach(json_object_get(page, "items"), i, o)
    {
        const struct asked *r = find(seen, json_integer_value(json_object_get(o, "request")));
        char *text;

        if (same(r, o, r ? ++seen->numbers[r->payee] : 0)) {
            seen->count++;
            continue;
        }
        text = json_dumps(o, JSON_COMPACT);
        printf("FAILED %s\n", text);
        if (r)
            printf("  wanted %" PRId64 " asked, %" PRId64 " paid, %" PRId64 " credited, number "
                   "%" PRId64 " after %" PRId64 "\n",
                   r->asked_minor, r->paid_minor, r->credited_minor, r->number,
                   seen->numbers[r->payee] - 1);
        free(text);
        return false;
    }
    return true;
}

bool load_requests_complete(const struct requests_seen *seen)
{
    size_t known = 0;

    for (int i = 0; i < seen->client_count; i++)
        known += seen->clients[i].request_count;
    if (known != seen->count)
        printf("FAILED %zu requests are there, %zu were answered\n", seen->count, known);
    return known == seen->count;
}
