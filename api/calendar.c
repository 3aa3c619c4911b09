#include "calendar.h"

#include "args.h"
#include "ical.h"
#include "monotonic.h"
#include "run.h"

#include "ledger/feed.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ETAG_BYTES 16

struct writing {
    struct ledger *l;
    struct ical text;
};

/* Two ledgers are not made in the same microsecond, and a copy of one is the same ledger. */
static void write_uid(struct writing *w, int64_t booking_id)
{
    char uid[80];

    snprintf(uid, sizeof uid, "booking-%lld-%llx@coledger", (long long)booking_id,
             (long long)ledger_created_at_us(w->l));
    ical_line(&w->text, "UID", uid);
}

static const char *status_of(enum ledger_booking_state state)
{
    switch (state) {
    case LEDGER_PLANNED:
    case LEDGER_CONFIRMED:
    case LEDGER_CHECKED_IN:
    case LEDGER_COMPLETED:
    case LEDGER_NO_SHOW:
        return "CONFIRMED";
    case LEDGER_HELD:
        return "TENTATIVE";
    case LEDGER_CANCELLED:
    case LEDGER_EXPIRED:
    case LEDGER_REJECTED:
        return "CANCELLED";
    }
    return "CONFIRMED";
}

/* Who is no party learns that the time is taken. */
static void write_summary(struct writing *w, const struct ledger_event *e)
{
    char words[LEDGER_HANDLE_MAX * 2 + LEDGER_BOOKING_TITLE_MAX + 8];

    if (!e->is_named)
        snprintf(words, sizeof words, "%s: taken", e->resource);
    else if (e->title[0])
        snprintf(words, sizeof words, "%s: %s (%s)", e->resource, e->title, e->member);
    else
        snprintf(words, sizeof words, "%s: %s", e->resource, e->member);
    ical_words(&w->text, "SUMMARY", words);
}

static enum ledger_status write_event(void *ctx, const struct ledger_event *e)
{
    struct writing *w = ctx;
    char place[LEDGER_HANDLE_MAX * 2 + 8];

    ical_line(&w->text, "BEGIN", "VEVENT");
    write_uid(w, e->booking_id);
    ical_time(&w->text, "DTSTAMP", e->changed_at_us);
    ical_time(&w->text, "CREATED", e->made_at_us);
    ical_time(&w->text, "LAST-MODIFIED", e->changed_at_us);
    ical_number(&w->text, "SEQUENCE", e->sequence);
    ical_time(&w->text, "DTSTART", e->from_us);
    ical_time(&w->text, "DTEND", e->to_us);
    ical_line(&w->text, "STATUS", status_of(e->state));
    write_summary(w, e);
    snprintf(place, sizeof place, "%s, %s", e->resource, e->host);
    ical_words(&w->text, "LOCATION", place);
    ical_line(&w->text, "END", "VEVENT");
    return w->text.failed ? LEDGER_NO_MEMORY : LEDGER_OK;
}

static void write_head(struct writing *w, const struct ledger_feed *f)
{
    char name[LEDGER_HANDLE_MAX + LEDGER_NAME_MAX + 8];

    snprintf(name, sizeof name, "%s (%s)", f->resource_id ? f->resource : f->member,
             ledger_name(w->l));
    ical_line(&w->text, "BEGIN", "VCALENDAR");
    ical_line(&w->text, "VERSION", "2.0");
    ical_line(&w->text, "PRODID", "-//coledger//feed//EN");
    ical_line(&w->text, "CALSCALE", "GREGORIAN");
    ical_line(&w->text, "METHOD", "PUBLISH");
    ical_words(&w->text, "X-WR-CALNAME", name);
    ical_line(&w->text, "REFRESH-INTERVAL;VALUE=DURATION", "PT15M");
    ical_line(&w->text, "X-PUBLISHED-TTL", "PT15M");
}

/* Nothing in the text depends on when it is asked, so the same bookings are the same text. */
static json_t *shape(const struct ical *text)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    char etag[2 * ETAG_BYTES + 1];

    crypto_hash_sha256(hash, (const unsigned char *)text->text, text->size);
    sodium_bin2hex(etag, sizeof etag, hash, ETAG_BYTES);
    return json_pack("{s:s%, s:s}", "text", text->text, text->size, "etag", etag);
}

static enum ledger_status read_calendar(struct ledger *l, struct api_call *call, json_t **out)
{
    struct writing w = {.l = l};
    struct ledger_feed f;

    LEDGER_TRY(ledger_feed_check(l, api_text(call, "secret"), &f));
    write_head(&w, &f);
    enum ledger_status status = ledger_feed_events(l, &f, write_event, &w);
    ical_line(&w.text, "END", "VCALENDAR");
    if (status == LEDGER_OK && w.text.failed)
        status = LEDGER_NO_MEMORY;
    if (status == LEDGER_OK)
        *out = shape(&w.text);
    free(w.text.text);
    return status == LEDGER_OK && !*out ? LEDGER_NO_MEMORY : status;
}

static const struct api_param params[] = {
    {.name = "secret", .type = API_TEXT, .flags = API_REQUIRED, .help = "of the feed", .max = 64},
    {.name = NULL},
};

/* It stands in no table: who asks it has no role, and it answers no JSON. */
static const struct api_operation reading = {.name = "calendar.read",
                                             .method = "GET",
                                             .path = "",
                                             .words = "calendar",
                                             .summary = "",
                                             .access = LEDGER_VIEWER,
                                             .mode = API_READ,
                                             .params = params,
                                             .handle = read_calendar};

/* RFC 9110, 13.1.2: a list of tags, weak ones too, or a star. */
static bool has_newest(const struct http_request *r, const char *etag)
{
    const char *asked = http_header(r, "If-None-Match");

    return asked && (strcmp(asked, "*") == 0 || strstr(asked, etag));
}

static void take_text(const struct http_request *r, const json_t *out,
                      struct http_response *response)
{
    const char *etag = json_string_value(json_object_get(out, "etag"));

    snprintf(response->etag, sizeof response->etag, "\"%s\"", etag);
    response->status = 200;
    response->content_type = "text/calendar; charset=utf-8";
    response->owned = strdup(json_string_value(json_object_get(out, "text")));
    response->text = response->owned ? response->owned : "";
    if (has_newest(r, response->etag)) {
        response->status = 304;
        response->head_only = true;
    }
}

static void run(struct node *node, const struct http_request *r, struct api_call *call,
                struct http_response *response)
{
    struct job job;

    snprintf(call->actor, sizeof call->actor, "feed");
    call->roles = LEDGER_VIEWER;
    job_init(&job, call, NULL);
    node_run(node, &job);
    response->retry_after_s = job.retry_after_s;
    http_answer(call, job.status, NULL, response);
    if (job.status == LEDGER_OK) {
        json_decref(response->json);
        response->json = NULL;
        take_text(r, job.out, response);
    }
    json_decref(job.out);
    job.out = NULL;
    job_clear(&job);
}

/* The secret in "/calendar/SECRET.ics", "" where there is none. */
static void secret_in(const char *path, char secret[static LEDGER_FEED_SECRET])
{
    const char *name = path + strlen(CALENDAR_ROOT);
    size_t size = LEDGER_FEED_SECRET - 1;

    secret[0] = '\0';
    if (strlen(name) != size + 4 || strcmp(name + size, ".ics") != 0)
        return;
    memcpy(secret, name, size);
    secret[size] = '\0';
    if (!ledger_secret_well_formed(secret, LEDGER_FEED_PREFIX))
        secret[0] = '\0';
}

static enum ledger_status check(struct calendar_gate *gate, const struct http_request *r,
                                struct api_call *call, struct http_response *response)
{
    char secret[LEDGER_FEED_SECRET];

    secret_in(r->path, secret);
    if (strcmp(r->method, "GET") != 0) {
        snprintf(response->allow, sizeof response->allow, "GET");
        return api_refuse(call, LEDGER_METHOD_NOT_ALLOWED, NULL, "this address takes GET only");
    }
    if (!secret[0])
        return api_refuse(call, LEDGER_NO_SUCH_FEED, NULL, "there is no such calendar");
    if (!calendar_gate_admit(gate, secret, monotonic_us())) {
        response->retry_after_s = 60;
        return api_refuse(call, LEDGER_TOO_MANY_ATTEMPTS, NULL,
                          "a calendar is asked at most %d times a minute", CALENDAR_ASKS_MAX);
    }
    json_object_set_new(call->args, "secret", json_string(secret));
    sodium_memzero(secret, sizeof secret);
    return LEDGER_OK;
}

bool calendar_answer(struct node *node, struct calendar_gate *gate, const struct http_request *r,
                     struct http_response *response)
{
    struct api_call call;

    if (strncmp(r->path, CALENDAR_ROOT, strlen(CALENDAR_ROOT)) != 0)
        return false;
    api_call_init(&call, &reading);
    enum ledger_status status = check(gate, r, &call, response);
    if (status == LEDGER_OK)
        run(node, r, &call, response);
    else
        http_answer(&call, status, NULL, response);
    response->op = NULL; /* what is noted is a page, and never its address */
    response->page = "/calendar";
    api_call_clear(&call);
    return true;
}
