#include "settle.h"

#include "../support/load_requests.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define OLD_ASKED 20 /* of the earlier answers, after each kill; all of them at a ledger's end */
#define TRIES 3

bool crash_failed(const struct crash *c, const char *what)
{
    printf("FAILED after %" PRId64 " kills: %s; see %s\n", c->count.kills, what, c->node.dir);
    return false;
}

/* What could not be answered the first time, a kept connection that had ended, is asked again. */
static bool send_patiently(struct crash *c, struct write *w, bool *replayed)
{
    for (int i = 0; i < TRIES; i++)
        if (load_send(&c->asker, w, replayed))
            return true;
    return false;
}

static json_t *get(struct crash *c, const char *path)
{
    const struct web_request q = {"GET", path, c->node.tokens[1], NULL, NULL};
    struct web_response r = {0};
    json_t *json = NULL;

    for (int i = 0; i < TRIES && !json; i++)
        if (load_ask(&c->asker, &q, &r) && r.status == 200)
            json = web_json(&r);
    web_clear(&r);
    return json ? json : json_object();
}

/* The first answer again, and said to be that. */
static bool is_there_once(struct crash *c, const struct write *w)
{
    struct write again = *w;
    bool replayed = false;

    again.answer = strdup("");
    bool sent = send_patiently(c, &again, &replayed);
    bool same =
        sent && replayed && again.state == WRITE_ACCEPTED && strcmp(w->answer, again.answer) == 0;
    if (!same)
        printf("%s %s %s\n first %s\n again %s\n", w->uid, w->path, w->body, w->answer,
               again.answer);
    free(again.answer);
    return same || crash_failed(c, "an accepted write is not there as it was answered");
}

static bool settle_unanswered(struct crash *c, struct write *w)
{
    bool replayed = false;

    if (!send_patiently(c, w, &replayed))
        return crash_failed(c, "the node does not answer");
    if (w->state == WRITE_UNANSWERED)
        return crash_failed(c, "the outcome stays unknown");
    if (w->state == WRITE_REFUSED || !replayed)
        c->count.absent++;
    else
        c->count.whole++;
    return w->state == WRITE_REFUSED || is_there_once(c, w);
}

/* All of one client since the last kill; first what was answered, for that came first. */
static bool settle_client(struct crash *c, int i)
{
    struct client *client = &c->clients[i];

    for (size_t n = c->settled[i]; n < client->count; n++) {
        struct write *w = &client->writes[n];

        c->count.accepted += w->state == WRITE_ACCEPTED;
        c->count.refused += w->state == WRITE_REFUSED;
        if (w->state == WRITE_ACCEPTED && !is_there_once(c, w))
            return false;
    }
    for (size_t n = c->settled[i]; n < client->count; n++) {
        struct write *w = &client->writes[n];
        bool open = w->state == WRITE_UNANSWERED;

        if (open && !settle_unanswered(c, w))
            return false;
        if (open)
            load_follow(client, w);
        if (w->state == WRITE_ACCEPTED)
            tally_add(&c->tally, w);
    }
    c->settled[i] = client->count;
    return true;
}

bool settle_old(struct crash *c, bool all)
{
    for (int i = 0; i < LOAD_THREADS; i++) {
        const struct client *client = &c->clients[i];
        size_t count = all ? client->count : OLD_ASKED / LOAD_THREADS;

        for (size_t n = 0; n < count && client->count > 0; n++) {
            size_t at = all ? n : (size_t)load_draw(&c->random, (int)client->count);

            if (client->writes[at].state == WRITE_ACCEPTED &&
                !is_there_once(c, &client->writes[at]))
                return false;
        }
    }
    return true;
}

/* Before a write is asked again: nothing that was answered is missing, and nothing is there that was not sent. */
static bool count_before(struct crash *c)
{
    json_t *node = get(c, "/api/v1/node");
    int64_t there = json_integer_value(json_object_get(node, "transfers"));
    struct tally answered = c->tally;
    int64_t unanswered = 0;

    json_decref(node);
    for (int i = 0; i < LOAD_THREADS; i++)
        for (size_t n = c->settled[i]; n < c->clients[i].count; n++) {
            const struct write *w = &c->clients[i].writes[n];

            if (w->state == WRITE_ACCEPTED)
                tally_add(&answered, w);
            else if (w->state == WRITE_UNANSWERED)
                unanswered += w->kind == WRITE_BATCH ? 30 : w->kind == WRITE_ATTEND ? 2 : 1;
        }
    if (c->import_due)
        unanswered += IMPORT_ROWS;
    if (there >= answered.transfers && there <= answered.transfers + unanswered)
        return true;
    printf("%" PRId64 " transfers are there, %" PRId64 " were answered and %" PRId64 " were not\n",
           there, answered.transfers, unanswered);
    return crash_failed(c, "writes are missing or too many");
}

bool settle_answered(struct crash *c)
{
    if (!count_before(c))
        return false;
    for (int i = 0; i < LOAD_THREADS; i++)
        if (!settle_client(c, i))
            return false;
    return true;
}

static bool sums_agree(struct crash *c)
{
    json_t *verification = get(c, "/api/v1/verification");
    json_t *node = get(c, "/api/v1/node");
    json_t *balances = get(c, "/api/v1/balances?limit=500");
    bool sound = json_is_true(json_object_get(verification, "sound"));
    bool same = tally_agrees(&c->tally, node, balances);

    json_decref(verification);
    json_decref(node);
    json_decref(balances);
    return (sound || crash_failed(c, "the node's own verification finds something")) &&
           (same || crash_failed(c, "the ledger is not the sum of its answers"));
}

static bool requests_agree(struct crash *c)
{
    struct requests_seen seen = {.clients = c->clients, .client_count = LOAD_THREADS};
    char path[200] = "/api/v1/requests?all=true&limit=500";
    bool more = true;
    bool good = true;

    while (good && more) {
        json_t *page = get(c, path);
        const char *next = json_string_value(json_object_get(page, "next"));

        good = load_requests_agree(&seen, page);
        more = next != NULL;
        snprintf(path, sizeof path, "/api/v1/requests?all=true&limit=500&after=%s",
                 more ? next : "");
        json_decref(page);
    }
    return (good && load_requests_complete(&seen)) ||
           crash_failed(c, "the requests are not those that were answered");
}

bool settle_agrees(struct crash *c)
{
    return sums_agree(c) && requests_agree(c);
}
