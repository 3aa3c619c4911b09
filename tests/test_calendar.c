/* What a calendar address shows as days go by, and when it ends: by the engine, where days can pass. */
#include "support/region.h"

#include "ledger/departure.h"
#include "ledger/feed.h"
#include "ledger/token.h"

#include <stdio.h>
#include <string.h>

#define DAY_US LEDGER_US_PER_DAY

struct place {
    struct region r;
    struct ledger_resource room;
    int64_t ana;
    int64_t ben;
};

static int64_t member_of(struct region *r, const char *handle)
{
    struct ledger_member m;

    OK(r, ledger_member_find(r->l, handle, &m));
    return m.id;
}

/* ana's room, which costs nothing. It is noon on 2026-03-02. */
static void start(struct place *p)
{
    struct region *r = &p->r;

    region_start(r);
    region_member(r, "ana");
    region_member(r, "ben");
    p->ana = member_of(r, "ana");
    p->ben = member_of(r, "ben");
    p->room = (struct ledger_resource){.member_id = p->ana,
                                       .kind = LEDGER_ROOM,
                                       .name = "blue",
                                       .host = "ana",
                                       .zone = "UTC",
                                       .terms = ledger_terms_default()};
    snprintf(p->room.terms.title, sizeof p->room.terms.title, "Blue room");
    p->room.terms.horizon_days = LEDGER_HORIZON_DAYS_MAX;
    OK(r, ledger_resource_add(r->l, &p->room, &region_why));
}

static int64_t book(struct place *p, const char *day, int hour)
{
    struct ledger_booking_draft b = {.resource_id = p->room.id,
                                     .member_id = p->ana,
                                     .from_us = region_day(day) * DAY_US + hour * REGION_HOUR_US};
    int64_t id;

    b.to_us = b.from_us + REGION_HOUR_US;
    OK(&p->r, ledger_booking_make(p->r.l, &b, &region_why, &id));
    return id;
}

struct seen {
    char text[200];
};

static enum ledger_status note(void *ctx, const struct ledger_event *e)
{
    struct seen *seen = ctx;
    size_t size = strlen(seen->text);

    snprintf(seen->text + size, sizeof seen->text - size, "%s%lld %s", size ? ", " : "",
             (long long)e->booking_id, ledger_booking_state_name(e->state));
    return LEDGER_OK;
}

static void what_is_called_off_is_shown_for_thirty_days(void **state)
{
    /* clang-format off */
    static const struct {
        const char *what;
        int64_t after_us; /* the cancellation, and the first booking's beginning, at noon on 2026-03-03 */
        const char *shows;
    } rows[] = {
        {"at once",              0,                                         "1 confirmed, 2 cancelled, 3 confirmed"},
        {"thirty days later",    LEDGER_FEED_CANCELLED_DAYS * DAY_US,       "1 confirmed, 2 cancelled, 3 confirmed"},
        {"and then no longer",   LEDGER_FEED_CANCELLED_DAYS * DAY_US + 1,   "1 confirmed, 3 confirmed"},
        {"ninety days after it", LEDGER_FEED_BACK_DAYS * DAY_US,            "1 confirmed, 3 confirmed"},
        {"and then no longer",   LEDGER_FEED_BACK_DAYS * DAY_US + 1,        "3 confirmed"},
    };
    /* clang-format on */
    struct place p;

    (void)state;
    start(&p);
    const struct ledger_feed feeds[] = {{.resource_id = p.room.id}, {.member_id = p.ana}};
    book(&p, "2026-03-03", 12);
    int64_t off = book(&p, "2026-06-20", 9);
    book(&p, "2026-06-21", 9);
    region_set_day(&p.r, "2026-03-03");
    OK(&p.r, ledger_booking_cancel(p.r.l, off, false, &region_why));
    int64_t at_us = p.r.clock.now_us;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t k = 0; k < sizeof feeds / sizeof feeds[0]; k++) {
            struct seen seen = {""};
            p.r.clock.now_us = at_us + rows[i].after_us;
            OK(&p.r, ledger_feed_events(p.r.l, &feeds[k], note, &seen));
            if (strcmp(seen.text, rows[i].shows) != 0)
                fail_msg("%s: %s", rows[i].what, seen.text);
        }
    region_end(&p.r);
}

static void it_ends_with_the_role_of_who_made_it(void **state)
{
    struct place p;
    struct ledger_token token = {.role = LEDGER_VIEWER};
    struct ledger_feed by_token, by_member;
    char secret[LEDGER_TOKEN_SECRET], token_feed[LEDGER_FEED_SECRET],
        member_feed[LEDGER_FEED_SECRET];

    (void)state;
    start(&p);
    token.member_id = p.ben;
    token.expires_at_us = p.r.clock.now_us + DAY_US;
    OK(&p.r, ledger_token_create(p.r.l, &token, secret));
    by_token = (struct ledger_feed){.member_id = p.ben, .token_id = token.id};
    by_member = (struct ledger_feed){.member_id = p.ben, .resource_id = p.room.id};
    OK(&p.r, ledger_feed_create(p.r.l, &by_token, token_feed));
    OK(&p.r, ledger_feed_create(p.r.l, &by_member, member_feed));
    OK(&p.r, ledger_feed_check(p.r.l, token_feed, &by_token));
    p.r.clock.now_us = token.expires_at_us;
    EXPECT(&p.r, LEDGER_FEED_REVOKED, ledger_feed_check(p.r.l, token_feed, &by_token));
    OK(&p.r, ledger_feed_check(p.r.l, member_feed, &by_member));
    OK(&p.r, ledger_member_leave(p.r.l, p.ben, &region_why));
    EXPECT(&p.r, LEDGER_FEED_REVOKED, ledger_feed_check(p.r.l, member_feed, &by_member));
    region_end(&p.r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_called_off_is_shown_for_thirty_days),
        cmocka_unit_test(it_ends_with_the_role_of_who_made_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
