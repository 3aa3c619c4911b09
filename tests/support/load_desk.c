#include "load_desk.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define TEXT_MAX 256
#define SERIES_DAYS 40 /* ahead they begin, so that nothing is held for them yet */

void load_offer_desk(const struct web_node *node)
{
    static const char *const deeds[][2] = {
        {"resource.add",
         "{\"resource\":\"desk\",\"host\":\"m1\",\"title\":\"Desk\",\"kind\":\"desk\","
         "\"opening\":\"always\",\"capacity\":20,\"bands\":\"1h 100%\",\"series_horizon\":366}"},
        {"resource.price", "{\"resource\":\"desk\",\"amount\":\"1.10\",\"currency\":\"CALD\","
                           "\"unit\":\"hour\",\"reason\":\"crash loop\"}"},
    };

    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
        json_decref(web_local(node, deeds[i][0], json_loads(deeds[i][1], 0, NULL)));
}

/* Two to eighty days ahead, so that slots run short and a cancellation gives all back. */
void load_draft_book(struct client *c, struct write *w)
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

void load_draft_cancel(struct client *c, struct write *w)
{
    int at = load_draw(&c->random, c->booking_count);
    const struct open_hold booking = c->bookings[at];

    c->bookings[at] = c->bookings[--c->booking_count];
    w->member = booking.member;
    w->held_minor = booking.held_minor;
    snprintf(w->path, sizeof w->path, "/api/v1/bookings/%" PRId64 "/cancellation", booking.id);
    w->body = strdup("{\"reason\":\"crash loop\"}");
}

/* Two to five weeks, an hour a week: all of it or nothing. */
void load_draft_series(struct client *c, struct write *w)
{
    char body[TEXT_MAX];
    char day[16];
    time_t at = time(NULL) + (SERIES_DAYS + load_draw(&c->random, 40)) * 86400;
    int hour = load_draw(&c->random, 23);
    struct tm tm;

    strftime(day, sizeof day, "%F", gmtime_r(&at, &tm));
    snprintf(body, sizeof body,
             "{\"member\":\"m%d\",\"rule\":\"FREQ=WEEKLY;COUNT=%d\",\"start\":\"%sT%02d:15\","
             "\"end\":\"%sT%02d:15\"}",
             2 + load_draw(&c->random, TALLY_MEMBERS - 1), 2 + load_draw(&c->random, 4), day, hour,
             day, hour + 1);
    strcpy(w->path, "/api/v1/resources/desk/series");
    w->body = strdup(body);
}

void load_draft_stop(struct client *c, struct write *w)
{
    snprintf(w->path, sizeof w->path, "/api/v1/series/%" PRId64 "/cancellation", c->series);
    c->series = 0;
    w->body = strdup("{\"reason\":\"crash loop\"}");
}
