#include "doctor.h"

#include "api/run.h"
#include "files.h"
#include "ledger/date.h"
#include "remote.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLOCK_APART_US (30 * LEDGER_US_PER_SECOND)
#define SLOW_US (2 * LEDGER_US_PER_SECOND)

static void look_at_way(struct doctor *d, const char *url)
{
    static const char *const near[] = {"http://127.", "http://localhost", "https://"};

    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++)
        if (strncmp(url, near[i], strlen(near[i])) == 0)
            return;
    doctor_say(d, "way", DOCTOR_WRONG,
               "tokens go to %s in the clear: use https, with a proxy in front of the node", url);
}

static void look_at_health(struct doctor *d, const struct remote_page *page)
{
    const char *code = json_string_value(json_object_get(page->json, "status"));
    enum ledger_status st = code ? ledger_status_from_code(code) : LEDGER_STATUS_COUNT;

    if (st == LEDGER_OK)
        doctor_say(d, "writes", DOCTOR_OK, "it takes writes");
    else if (st != LEDGER_STATUS_COUNT)
        doctor_say(d, "writes", DOCTOR_WRONG,
                   "it refuses writes, reads go on: %s [%s]; see \"What to do when\" in "
                   "docs/OPERATING.md",
                   ledger_status_facts(st)->title, code);
    else
        doctor_say(d, "writes", DOCTOR_WRONG,
                   "/healthz answers %ld, and not as a coledger node does", page->http);
}

static void look_at_clocks(struct doctor *d, const struct remote_page *page)
{
    const char *now = json_string_value(json_object_get(page->json, "now"));
    int64_t theirs_us = page->date_s * LEDGER_US_PER_SECOND;
    int64_t apart_us;
    char span[DOCTOR_SPAN_TEXT];

    if ((!now || ledger_time_parse(now, &theirs_us) != LEDGER_OK) && page->date_s < 0)
        return;
    apart_us = theirs_us - api_env.now_us(api_env.arg);
    if (llabs(apart_us) <= CLOCK_APART_US + page->took_us)
        doctor_say(d, "clock", DOCTOR_OK, "its clock and this machine's agree");
    else
        doctor_say(d, "clock", DOCTOR_LOOK,
                   "its clock is %s %s this machine's: set the wrong one right",
                   doctor_span(llabs(apart_us), span), apart_us < 0 ? "behind" : "ahead of");
}

/* `*answer` is the caller's, NULL where it was refused. */
static enum ledger_status ask(const char *url, const char *operation, json_t **answer,
                              struct api_problem *problem)
{
    const struct door_settings where = {.node = url};
    struct door door = {0};
    enum ledger_status st = door_open(&door, &where, problem);

    *answer = NULL;
    if (st == LEDGER_OK)
        st = door_ask(&door, operation, json_object(), answer, problem);
    door_close(&door);
    return st;
}

/* With a token at hand, what the node says of itself. */
static void look_inside(struct doctor *d, const char *url)
{
    struct api_problem problem;
    json_t *answer;
    enum ledger_status st = ask(url, "node.show", &answer, &problem);

    if (st == LEDGER_OK)
        doctor_say(d, "ledger", DOCTOR_OK,
                   "%s, %" JSON_INTEGER_FORMAT " transfers; the token is good",
                   json_string_value(json_object_get(answer, "name")),
                   json_integer_value(json_object_get(answer, "transfers")));
    else
        doctor_say(d, "ledger", DOCTOR_LOOK, "nothing more can be seen: %s [%s]", problem.detail,
                   ledger_status_facts(st)->code);
    json_decref(answer);
}

/* What a whole replay on the node says; a token that may ask for it is needed. */
static void replay(struct doctor *d, const char *url)
{
    struct api_problem problem;
    json_t *answer;
    enum ledger_status st = ask(url, "verify", &answer, &problem);

    if (st == LEDGER_OK)
        doctor_say(d, "figures", DOCTOR_OK,
                   "all %" JSON_INTEGER_FORMAT " transfers, replayed, give the balances",
                   json_integer_value(json_object_get(answer, "transfers")));
    else
        doctor_say(d, "figures", st == LEDGER_INTEGRITY ? DOCTOR_BROKEN : DOCTOR_LOOK, "%s%s [%s]",
                   st == LEDGER_INTEGRITY ? "" : "they were not replayed: ", problem.detail,
                   ledger_status_facts(st)->code);
    json_decref(answer);
}

void doctor_node(struct doctor *d, const char *url)
{
    struct remote *remote = remote_new(url, NULL, "");
    struct remote_page page = {0};
    struct api_problem problem = {0};
    char span[DOCTOR_SPAN_TEXT];

    if (!remote || remote_look(remote, "/healthz", &page, &problem) != LEDGER_OK) {
        doctor_say(d, "node", DOCTOR_WRONG, "%s: is it running (systemctl status coledger)?",
                   remote ? problem.detail : "asking a node needs libcurl (libcurl4)");
        goto done;
    }
    doctor_say(d, "node", page.took_us > SLOW_US ? DOCTOR_LOOK : DOCTOR_OK, "%s answers%s%s", url,
               page.took_us > SLOW_US ? ", after " : "",
               page.took_us > SLOW_US ? doctor_span(page.took_us, span) : "");
    look_at_way(d, url);
    look_at_health(d, &page);
    look_at_clocks(d, &page);
    look_inside(d, url);
    if (d->full)
        replay(d, url);
done:
    json_decref(page.json);
    remote_free(remote);
}
