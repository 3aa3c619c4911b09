/*
 * test_outbox.c - mailboxes and webhooks: what each is told next, how it is tried again, when it is given up.
 */
#include "support/region.h"

#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/key.h"
#include "ledger/mailbox.h"
#include "ledger/verify.h"
#include "ledger/webhook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct region region;
static struct region *const r = &region;
static struct ledger_parcel parcel;
static int64_t ana, ben, ana_cald, ben_cald;

static int set_up(void **state)
{
    static const uint8_t seed[LEDGER_SEED] = {7};

    (void)state;
    region_start_file(r);
    ledger_key_use(r->l, seed);
    region_currency(r, "CALD");
    ana = region_member(r, "ana");
    ben = region_member(r, "ben");
    ana_cald = region_account(r, "ana", "CALD");
    ben_cald = region_account(r, "ben", "CALD");
    return 0;
}

static int tear_down(void **state)
{
    struct ledger_verification v;

    (void)state;
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
    region_end(r);
    return 0;
}

static int64_t mailbox(int64_t member_id, enum ledger_outbox_mode mode, const char *kinds)
{
    struct ledger_mailbox m = {
        .member_id = member_id, .mode = mode, .address = "somebody@mill.example"};
    int64_t id;

    if (kinds)
        OK(r, ledger_notice_kinds_parse(r->l, kinds, &m.kinds));
    OK(r, ledger_mailbox_set(r->l, &m, &id));
    return id;
}

static int64_t webhook(int64_t member_id)
{
    char secret[LEDGER_WEBHOOK_SECRET];
    struct ledger_outbox o;

    OK(r, ledger_webhook_add(r->l, member_id, "https://ana.example/hook", &o, secret));
    return o.id;
}

static void put(enum ledger_notice_kind kind, int64_t member_id, int64_t subject_id)
{
    OK(r, ledger_notice_put(r->l, kind, member_id, subject_id));
}

/* "asked 7, asked 8, " is what the outbox is told next; "" for nothing. */
static void expect_next(int64_t id, const char *want)
{
    char told[2000] = "";
    enum ledger_status st = ledger_outbox_next(r->l, id, r->clock.now_us, &parcel);

    if (st != LEDGER_NO_ROW)
        OK(r, st);
    for (int i = 0; st == LEDGER_OK && i < parcel.count; i++) {
        size_t length = strlen(told);

        snprintf(told + length, sizeof told - length, "%s %lld, ",
                 ledger_notice_kind_facts(parcel.notices[i].kind)->name,
                 (long long)parcel.notices[i].subject_id);
    }
    assert_string_equal(told, want);
}

static void expect_due(enum ledger_channel channel, const char *want)
{
    const struct ledger_outbox_share all = {.channel = channel, .of = 1};
    int64_t ids[LEDGER_OUTBOX_DUE_MAX];
    char text[200] = "";
    int count;

    OK(r, ledger_outbox_due(r->l, &all, r->clock.now_us, ids, &count));
    for (int i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%lld ", (long long)ids[i]);
    assert_string_equal(text, want);
}

static void done(void)
{
    OK(r, ledger_outbox_done(r->l, &parcel));
}

static bool failed(const char *code)
{
    bool given_up;

    OK(r, ledger_outbox_failed(r->l, &parcel, code, r->clock.now_us, &given_up));
    return given_up;
}

static void what_is_an_address(void **state)
{
    static const struct {
        const char *address;
        bool good;
    } rows[] = {
        {"ana@mill.example", true},
        {"ana.ruiz+ledger@post.mill.example", true},
        {"o'brien@mill-2.example", true},
        {"ana", false},
        {"@mill.example", false},
        {"ana@", false},
        {"", false},
        {"ana@@mill.example", false},
        {"ana@mill@example", false},
        {"ana@mill.example,ben@mill.example", false},
        {"ana@mill.example ben@mill.example", false},
        {"Ana <ana@mill.example>", false},
        {"ana@mill.example\nBcc: ben@mill.example", false},
        {"ana\r@mill.example", false},
        {"ana@mill.example\x7f", false},
        {"\"ana\"@mill.example", false},
        {"ana(work)@mill.example", false},
        {".ana@mill.example", false},
        {"ana.@mill.example", false},
        {"ana..b@mill.example", false},
        {"ana@mill..example", false},
        {"ana@mill.example.", false},
        {"ana@[127.0.0.1]", false},
        {"an\xc3\xa4@mill.example", false},
    };
    char longest[LEDGER_MAIL_ADDRESS_MAX + 2];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((ledger_mail_address_check(rows[i].address) == LEDGER_OK) != rows[i].good)
            fail_msg("\"%s\"", rows[i].address);
    memset(longest, 'a', sizeof longest);
    longest[100] = '@';
    longest[LEDGER_MAIL_ADDRESS_MAX] = '\0';
    assert_int_equal(ledger_mail_address_check(longest), LEDGER_OK);
    longest[LEDGER_MAIL_ADDRESS_MAX] = 'a';
    longest[LEDGER_MAIL_ADDRESS_MAX + 1] = '\0';
    assert_int_equal(ledger_mail_address_check(longest), LEDGER_MAIL_ADDRESS_MALFORMED);
}

static void what_is_a_webhooks_address(void **state)
{
    static const struct {
        const char *url;
        bool good;
    } rows[] = {
        {"https://mill.example", true},
        {"http://mill.example:8080/hook?from=ledger", true},
        {"https://[2001:db8::1]/hook", true},
        {"https://[2001:db8::1]:8443/hook", true},
        {"https://mill.example:65535", true},
        {"https://mill.example:65536", false},
        {"https://mill.example:655360", false},
        {"https://mill.example:0/", false},
        {"https://mill.example:/", false},
        {"https://mill.example:https/", false},
        {"https://mill.example:80:80/", false},
        {"", false},
        {"mill.example", false},
        {"ftp://mill.example", false},
        {"file:///etc/passwd", false},
        {"HTTPS://mill.example", false},
        {"https://", false},
        {"https:///hook", false},
        {"https://ana:secret@mill.example", false},
        {"https://mill.example/@ana", true},
        {"https://mill.example/#top", false},
        {"https://mill.example\\@127.0.0.1/", false},
        {"https://mill.example/a b", false},
        {"https://mill.example/\r\nHost: x", false},
        {"https://m\xc3\xbchle.example", false},
    };
    char longest[LEDGER_URL_MAX + 2] = "https://";

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((ledger_url_check(rows[i].url) == LEDGER_OK) != rows[i].good)
            fail_msg("\"%s\"", rows[i].url);
    memset(longest + 8, 'a', LEDGER_URL_MAX - 8);
    assert_int_equal(ledger_url_check(longest), LEDGER_OK);
    longest[LEDGER_URL_MAX] = 'a';
    assert_int_equal(ledger_url_check(longest), LEDGER_URL_MALFORMED);
}

static void kinds_are_read(void **state)
{
    static const struct {
        const char *text;
        uint64_t kinds;
    } rows[] = {
        {"paid", 1 << LEDGER_NOTICE_PAID},
        {"paid,asked", 1 << LEDGER_NOTICE_PAID | 1 << LEDGER_NOTICE_ASKED},
        {"", 0},
        {"paid,", 0},
        {",paid", 0},
        {"paid, asked", 0},
        {"gossip", 0},
        {"paidpaidpaidpaidpaidpaidpaid", 0},
    };
    uint64_t kinds;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum ledger_status st = ledger_notice_kinds_parse(r->l, rows[i].text, &kinds);

        EXPECT(r, rows[i].kinds ? LEDGER_OK : LEDGER_CHOICE_UNKNOWN, st);
        if (rows[i].kinds)
            assert_true(kinds == rows[i].kinds);
    }
}

static void a_mailbox_is_set_and_forgotten(void **state)
{
    struct ledger_mailbox m = {.member_id = ana, .mode = LEDGER_OUTBOX_EACH};
    struct ledger_outbox o;
    int64_t id;

    (void)state;
    EXPECT(r, LEDGER_NO_ROW, ledger_mailbox_get(r->l, ana, &o));
    EXPECT(r, LEDGER_MISSING_PARAMETER, ledger_mailbox_set(r->l, &m, &id));
    m.address = "nobody";
    EXPECT(r, LEDGER_MAIL_ADDRESS_MALFORMED, ledger_mailbox_set(r->l, &m, &id));
    m.address = "ana@mill.example";
    OK(r, ledger_mailbox_set(r->l, &m, &id));
    m = (struct ledger_mailbox){.member_id = ana, .mode = LEDGER_OUTBOX_DAILY};
    OK(r, ledger_mailbox_set(r->l, &m, &id));
    OK(r, ledger_mailbox_get(r->l, ana, &o));
    assert_int_equal(o.mode, LEDGER_OUTBOX_DAILY);
    assert_string_equal(o.address, "ana@mill.example");
    m.mode = LEDGER_OUTBOX_NONE;
    OK(r, ledger_mailbox_set(r->l, &m, &id));
    OK(r, ledger_mailbox_get(r->l, ana, &o));
    assert_string_equal(o.address, "");
    m.mode = LEDGER_OUTBOX_EACH;
    EXPECT(r, LEDGER_MISSING_PARAMETER, ledger_mailbox_set(r->l, &m, &id));
    OK(r, ledger_member_leave(r->l, ana, &region_why));
    m.address = "ana@mill.example";
    EXPECT(r, LEDGER_MEMBER_STATE, ledger_mailbox_set(r->l, &m, &id));
    m.mode = LEDGER_OUTBOX_NONE;
    OK(r, ledger_mailbox_set(r->l, &m, &id));
}

static void only_what_comes_after_is_told(void **state)
{
    int64_t id;

    (void)state;
    put(LEDGER_NOTICE_ASKED, ana, 1);
    id = mailbox(ana, LEDGER_OUTBOX_EACH, NULL);
    expect_next(id, "");
    put(LEDGER_NOTICE_ASKED, ana, 2);
    put(LEDGER_NOTICE_ASKED, ben, 3);
    put(LEDGER_NOTICE_SPENT, ana, region_pay(r, ana_cald, ben_cald, 1));
    put(LEDGER_NOTICE_WEBHOOK_TEST, ana, id);
    put(LEDGER_NOTICE_REQUEST_PAID, ana, 4);
    expect_due(LEDGER_MAIL, "1 ");
    expect_due(LEDGER_WEBHOOK, "");
    expect_next(id, "asked 2, ");
    expect_next(id, "asked 2, "); /* until it is said that it was handed over */
    done();
    expect_next(id, "request-paid 4, ");
    done();
    done(); /* harmless */
    expect_next(id, "");
    expect_due(LEDGER_MAIL, "");
    /* what came while nothing was wanted is not told later */
    mailbox(ana, LEDGER_OUTBOX_NONE, NULL);
    put(LEDGER_NOTICE_ASKED, ana, 5);
    expect_next(id, "");
    mailbox(ana, LEDGER_OUTBOX_EACH, "asked");
    expect_next(id, "");
    put(LEDGER_NOTICE_REQUEST_PAID, ana, 6);
    expect_next(id, "");
    put(LEDGER_NOTICE_ASKED, ana, 7);
    expect_next(id, "asked 7, ");
}

/* 2026-03-29 has 23 hours in London: it ends at 23:00 UTC. */
static void a_digest_is_of_a_day_that_is_over(void **state)
{
    int64_t id = mailbox(ana, LEDGER_OUTBOX_DAILY, NULL);

    (void)state;
    region_set_day(r, "2026-03-28");
    put(LEDGER_NOTICE_ASKED, ana, 1);
    put(LEDGER_NOTICE_ASKED, ana, 2);
    expect_next(id, "");
    expect_due(LEDGER_MAIL, "");
    region_set_day(r, "2026-03-29");
    put(LEDGER_NOTICE_ASKED, ana, 3);
    expect_due(LEDGER_MAIL, "1 ");
    expect_next(id, "asked 1, asked 2, ");
    assert_int_equal(parcel.day, region_day("2026-03-28"));
    done();
    expect_next(id, "");
    r->clock.now_us = ledger_day_start_us(r->l, region_day("2026-03-30")) - 1;
    put(LEDGER_NOTICE_ASKED, ana, 4);
    expect_next(id, "");
    r->clock.now_us++;
    put(LEDGER_NOTICE_ASKED, ana, 5);
    expect_next(id, "asked 3, asked 4, ");
    done();
    expect_due(LEDGER_MAIL, "");
}

static void a_long_digest_is_counted(void **state)
{
    int64_t id = mailbox(ana, LEDGER_OUTBOX_DAILY, NULL);

    (void)state;
    for (int i = 1; i <= LEDGER_OUTBOX_DIGEST_MAX; i++)
        put(LEDGER_NOTICE_ASKED, ana, i);
    region_set_day(r, "2026-03-03");
    OK(r, ledger_outbox_next(r->l, id, r->clock.now_us, &parcel));
    assert_int_equal(parcel.count, LEDGER_OUTBOX_DIGEST_MAX);
    assert_int_equal(parcel.total, LEDGER_OUTBOX_DIGEST_MAX);
    region_set_day(r, "2026-03-02");
    put(LEDGER_NOTICE_ASKED, ana, 999);
    region_set_day(r, "2026-03-03");
    OK(r, ledger_outbox_next(r->l, id, r->clock.now_us, &parcel));
    assert_int_equal(parcel.count, LEDGER_OUTBOX_DIGEST_MAX);
    assert_int_equal(parcel.total, LEDGER_OUTBOX_DIGEST_MAX + 1);
    done();
    expect_next(id, "");
}

static void waits_grow(void **state)
{
    static const int minutes[] = {1, 5, 15, 60, 60, 60};
    int64_t id = mailbox(ana, LEDGER_OUTBOX_EACH, NULL);
    struct ledger_outbox o;
    int64_t count;

    (void)state;
    put(LEDGER_NOTICE_ASKED, ana, 1);
    for (size_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++) {
        expect_due(LEDGER_MAIL, "1 ");
        expect_next(id, "asked 1, ");
        assert_false(failed("exit-75"));
        OK(r, ledger_outbox_get(r->l, id, &o));
        assert_int_equal(o.tries, i + 1);
        assert_string_equal(o.code, "exit-75");
        r->clock.now_us += minutes[i] * REGION_HOUR_US / 60 - 1;
        expect_due(LEDGER_MAIL, "");
        r->clock.now_us++;
    }
    /* a clock that is set back does not keep it waiting */
    expect_next(id, "asked 1, ");
    failed("exit-75");
    r->clock.now_us -= 48 * REGION_HOUR_US;
    expect_due(LEDGER_MAIL, "1 ");
    r->clock.now_us += 48 * REGION_HOUR_US;
    expect_due(LEDGER_MAIL, "");
    OK(r, ledger_outbox_retry(r->l, ben, &count));
    assert_int_equal(count, 0);
    OK(r, ledger_outbox_retry(r->l, 0, &count));
    assert_int_equal(count, 1);
    expect_due(LEDGER_MAIL, "1 ");
    done();
    OK(r, ledger_outbox_get(r->l, id, &o));
    assert_int_equal(o.tries, 0);
    assert_string_equal(o.code, "");
}

static enum ledger_status keep_last(void *ctx, const struct ledger_undelivered *u)
{
    struct ledger_undelivered *last = ctx;

    *last = *u;
    return LEDGER_OK;
}

/* What was waited is in the file: a node that starts anew between two tries keeps to the same times. */
static void waits_go_on_over_a_restart(void **state)
{
    static const int minutes[] = {1, 5, 15, 60, 60, 60};
    int64_t id = mailbox(ana, LEDGER_OUTBOX_EACH, NULL);
    struct ledger_outbox o;

    (void)state;
    put(LEDGER_NOTICE_ASKED, ana, 1);
    for (int i = 0; i < (int)(sizeof minutes / sizeof minutes[0]); i++) {
        expect_next(id, "asked 1, ");
        assert_false(failed("exit-75"));
        region_close(r);
        r->clock.now_us += minutes[i] * REGION_HOUR_US / 60 - 1;
        region_open(r, true);
        expect_due(LEDGER_MAIL, "");
        region_close(r);
        r->clock.now_us++;
        region_open(r, true);
        expect_due(LEDGER_MAIL, "1 ");
        OK(r, ledger_outbox_get(r->l, id, &o));
        assert_int_equal(o.tries, i + 1);
        assert_int_equal(o.next_us, r->clock.now_us);
    }
}

/* 1, 5, 15 and then every 60 minutes, for a week, each after a restart; then it is on record, and the next is tried. */
static void in_the_end_it_is_given_up(void **state)
{
    int64_t id = mailbox(ana, LEDGER_OUTBOX_EACH, NULL);
    const int64_t from_us = r->clock.now_us;
    struct ledger_undelivered last = {0};
    struct ledger_outbox o;
    int tries = 0;

    (void)state;
    put(LEDGER_NOTICE_ASKED, ana, 1);
    put(LEDGER_NOTICE_ASKED, ana, 2);
    for (bool over = false; !over; tries++) {
        expect_next(id, "asked 1, ");
        over = failed("exit-75");
        OK(r, ledger_outbox_get(r->l, id, &o));
        if (!over)
            r->clock.now_us = o.next_us;
        region_close(r);
        region_open(r, true);
    }
    /* 21 minutes after the first, and from then on each hour until more than a week is over */
    assert_int_equal(r->clock.now_us - from_us, 168 * REGION_HOUR_US + 21 * REGION_HOUR_US / 60);
    assert_int_equal(tries, 3 + 1 + 168);
    OK(r, ledger_undelivered_each(r->l, ana, 0, 10, keep_last, &last));
    assert_int_equal(last.id, 1);
    assert_int_equal(last.after_id, 0);
    assert_int_equal(last.notice_id, 2); /* it was as old */
    assert_int_equal(last.tries, tries);
    assert_string_equal(last.code, "exit-75");
    OK(r, ledger_outbox_get(r->l, id, &o));
    assert_int_equal(o.tries, 0);
    expect_next(id, "");
    put(LEDGER_NOTICE_ASKED, ana, 3);
    expect_due(LEDGER_MAIL, "1 ");
    expect_next(id, "asked 3, ");
    done();
    expect_next(id, "");
}

/* A node that was off tried nothing: it begins anew to try, and gives up after as many tries as any other. */
static void who_was_off_tries_first(void **state)
{
    int64_t id = mailbox(ana, LEDGER_OUTBOX_EACH, NULL);

    (void)state;
    put(LEDGER_NOTICE_ASKED, ana, 1);
    expect_next(id, "asked 1, ");
    assert_false(failed("unresolved"));
    r->clock.now_us += 30 * 24 * REGION_HOUR_US; /* off, or a clock that jumps ahead */
    for (int tries = 2; tries < LEDGER_OUTBOX_TRIES; tries++) {
        expect_next(id, "asked 1, ");
        assert_false(failed("unresolved"));
        r->clock.now_us += REGION_HOUR_US;
    }
    expect_next(id, "asked 1, ");
    assert_true(failed("unresolved"));
}

/* Neither a failure nor a notice of a time that is not yet come is kept until then. */
static void a_clock_that_was_ahead_keeps_nothing_back(void **state)
{
    int64_t id = mailbox(ana, LEDGER_OUTBOX_EACH, NULL);
    int64_t day;
    struct ledger_outbox o;

    (void)state;
    r->clock.now_us += 365 * 24 * REGION_HOUR_US;
    put(LEDGER_NOTICE_ASKED, ana, 1);
    expect_next(id, "asked 1, ");
    assert_false(failed("exit-75"));
    r->clock.now_us -= 365 * 24 * REGION_HOUR_US;
    expect_due(LEDGER_MAIL, "1 ");
    expect_next(id, "asked 1, ");
    assert_false(failed("exit-75"));
    OK(r, ledger_outbox_get(r->l, id, &o));
    assert_int_equal(o.first_try_us, r->clock.now_us);
    for (int hours = 0; hours < 7 * 24; hours++) {
        r->clock.now_us += REGION_HOUR_US;
        expect_next(id, "asked 1, ");
        assert_false(failed("exit-75"));
    }
    r->clock.now_us++;
    expect_next(id, "asked 1, ");
    assert_true(failed("exit-75"));

    day = mailbox(ben, LEDGER_OUTBOX_DAILY, NULL);
    r->clock.now_us += 24 * REGION_HOUR_US;
    put(LEDGER_NOTICE_ASKED, ben, 2);
    expect_next(day, "");
    r->clock.now_us -= 24 * REGION_HOUR_US;
    expect_due(LEDGER_MAIL, "2 ");
    expect_next(day, "asked 2, ");
}

static enum ledger_status add_lost(void *ctx, const struct ledger_undelivered *u)
{
    char one[200];

    snprintf(one, sizeof one, "%s %s %lld-%lld %d %s, ", u->box.member,
             ledger_channel_name(u->box.channel), (long long)u->after_id + 1,
             (long long)u->notice_id, u->tries, u->code);
    strcat(ctx, one);
    return LEDGER_OK;
}

/* A week old, and tried for a day: then all that is as old goes with it, and the rest is tried. */
static void a_receiver_that_is_gone_is_given_up(void **state)
{
    struct ledger_outbox_state look;
    int64_t id = webhook(ana);
    char lost[300] = "";

    (void)state;
    put(LEDGER_NOTICE_ASKED, ana, 1);
    put(LEDGER_NOTICE_ASKED, ana, 2);
    region_set_day(r, "2026-03-09"); /* the node was off for a week */
    put(LEDGER_NOTICE_ASKED, ana, 3);
    r->clock.now_us++;
    expect_next(id, "asked 1, ");
    assert_false(failed("timeout"));
    OK(r, ledger_outbox_look(r->l, &look));
    assert_int_equal(look.wanted, 1);
    assert_int_equal(look.failing, 1);
    assert_int_equal(look.failing_since_us, r->clock.now_us);
    assert_int_equal(look.given_up, 0);
    r->clock.now_us += 24 * REGION_HOUR_US - 1;
    for (int tries = 2; tries <= LEDGER_OUTBOX_TRIES; tries++) {
        expect_next(id, "asked 1, ");
        assert_false(failed("timeout"));
    }
    r->clock.now_us++;
    expect_next(id, "asked 1, ");
    assert_true(failed("http-500"));
    OK(r, ledger_undelivered_each(r->l, 0, 0, 10, add_lost, lost));
    assert_string_equal(lost, "ana webhook 1-2 13 http-500, ");
    lost[0] = '\0';
    OK(r, ledger_undelivered_each(r->l, ben, 0, 10, add_lost, lost));
    assert_string_equal(lost, "");
    OK(r, ledger_outbox_look(r->l, &look));
    assert_int_equal(look.failing, 0);
    assert_int_equal(look.given_up, 1);
    assert_int_equal(look.given_up_at_us, r->clock.now_us);
    expect_due(LEDGER_WEBHOOK, "1 ");
    expect_next(id, "asked 3, ");
    assert_false(failed("http-500"));
}

/* A mark that was moved meanwhile is left alone. */
static void an_outcome_that_comes_late_changes_nothing(void **state)
{
    int64_t id = mailbox(ana, LEDGER_OUTBOX_EACH, NULL);
    struct ledger_parcel first;
    struct ledger_outbox o;
    bool given_up;

    (void)state;
    put(LEDGER_NOTICE_ASKED, ana, 1);
    put(LEDGER_NOTICE_ASKED, ana, 2);
    expect_next(id, "asked 1, ");
    first = parcel;
    done();
    OK(r, ledger_outbox_failed(r->l, &first, "exit-1", r->clock.now_us, &given_up));
    OK(r, ledger_outbox_done(r->l, &first));
    OK(r, ledger_outbox_get(r->l, id, &o));
    assert_int_equal(o.tries, 0);
    expect_next(id, "asked 2, ");
    mailbox(ana, LEDGER_OUTBOX_NONE, NULL);
    OK(r, ledger_outbox_failed(r->l, &parcel, "exit-1", r->clock.now_us, &given_up));
    OK(r, ledger_outbox_get(r->l, id, &o));
    assert_int_equal(o.tries, 0);
}

static void follow(int64_t want)
{
    int64_t count, behind;

    OK(r, ledger_notice_due(r->l, &count));
    assert_int_equal(count, want);
    OK(r, ledger_notice_behind(r->l, &behind));
    assert_int_equal(behind, 0);
}

/* Nobody pays for it but who wants it. */
static void payments_are_told_to_who_wants_them(void **state)
{
    const struct ledger_leg legs[] = {{ana_cald, -1}, {ben_cald, 1}};
    const struct ledger_transfer_draft history = {
        .kind = LEDGER_IMPORT, .without_limits = true, .legs = legs, .leg_count = 2};
    int64_t mail, hook, id;

    (void)state;
    region_pay(r, ana_cald, ben_cald, 100);
    follow(0);
    mail = mailbox(ben, LEDGER_OUTBOX_EACH, NULL);
    follow(0);
    region_pay(r, ana_cald, ben_cald, 100); /* 2 */
    region_pay(r, ben_cald, ana_cald, 50);  /* 3: ben paid, and does not want to hear of it */
    follow(1);
    expect_next(mail, "paid 2, ");
    done();
    hook = webhook(ben);
    region_pay(r, ana_cald, ben_cald, 100);           /* 4 */
    region_pay(r, ben_cald, ana_cald, 50);            /* 5 */
    OK(r, ledger_transfer_post(r->l, &history, &id)); /* 6 */
    follow(2);
    follow(0);
    expect_next(mail, "paid 4, ");
    done();
    expect_next(mail, "");
    expect_next(hook, "paid 4, ");
    done();
    expect_next(hook, "spent 5, ");
    mailbox(ben, LEDGER_OUTBOX_NONE, NULL);
    OK(r, ledger_webhook_remove(r->l, hook));
    region_pay(r, ana_cald, ben_cald, 100);
    follow(0);
}

/* Two accounts of one member in one transfer are told once; many entries are all told, in order. */
static void each_payment_is_told_once(void **state)
{
    int64_t hour = region_currency(r, "HOUR") ? region_account(r, "ben", "HOUR") : 0;
    const struct ledger_leg legs[] = {
        {ana_cald, -100}, {ben_cald, 100}, {region_account(r, "ana", "HOUR"), -200}, {hour, 200}};
    const struct ledger_transfer_draft both = {
        .kind = LEDGER_EXCHANGE, .legs = legs, .leg_count = 4};
    int64_t hook = webhook(ben);
    int64_t id;

    (void)state;
    OK(r, ledger_transfer_post(r->l, &both, &id));
    follow(1);
    expect_next(hook, "paid 1, ");
    done();
    for (int i = 0; i < 100; i++) {
        region_pay(r, ana_cald, ben_cald, 10);
        region_pay(r, ben_cald, ana_cald, 10);
    }
    follow(200);
    for (int64_t i = 2; i < 202; i++) {
        OK(r, ledger_outbox_next(r->l, hook, r->clock.now_us, &parcel));
        assert_int_equal(parcel.notices[0].subject_id, i);
        assert_int_equal(parcel.notices[0].kind, i % 2 ? LEDGER_NOTICE_SPENT : LEDGER_NOTICE_PAID);
        done();
    }
    expect_next(hook, "");
}

static void a_long_way_behind_is_caught_up_with(void **state)
{
    int64_t hook = webhook(ben);
    int64_t count, behind;

    (void)state;
    for (int i = 0; i < LEDGER_NOTICE_FOLLOW_MAX + 1; i++)
        region_pay(r, i % 2 ? ana_cald : ben_cald, i % 2 ? ben_cald : ana_cald, 1);
    OK(r, ledger_notice_due(r->l, &count));
    assert_int_equal(count, LEDGER_NOTICE_FOLLOW_MAX);
    OK(r, ledger_notice_behind(r->l, &behind));
    assert_int_equal(behind, 1);
    follow(1);
    expect_next(hook, "spent 1, ");
}

static void a_webhook_has_a_secret_that_is_nowhere(void **state)
{
    static const uint8_t other[LEDGER_SEED] = {8};
    char secret[LEDGER_WEBHOOK_SECRET], again[LEDGER_WEBHOOK_SECRET];
    struct ledger_outbox o, p;

    (void)state;
    EXPECT(r, LEDGER_URL_MALFORMED, ledger_webhook_add(r->l, ana, "mill.example", &o, secret));
    OK(r, ledger_webhook_add(r->l, ana, "https://mill.example/", &o, secret));
    assert_true(ledger_secret_well_formed(secret, LEDGER_WEBHOOK_PREFIX));
    OK(r, ledger_webhook_get(r->l, o.id, &p));
    assert_string_equal(p.address, "https://mill.example/");
    OK(r, ledger_webhook_secret(r->l, &p, again));
    assert_string_equal(secret, again);
    OK(r, ledger_webhook_add(r->l, ana, "https://mill.example/", &o, again));
    assert_string_not_equal(secret, again);
    region_commit(r);
    char command[600];
    snprintf(command, sizeof command, "! grep -aqF '%s' %s %s-wal", secret, r->path, r->path);
    assert_int_equal(system(command), 0);
    ledger_key_use(r->l, other);
    EXPECT(r, LEDGER_KEY_MISMATCH, ledger_webhook_secret(r->l, &p, again));
    OK(r, ledger_webhook_remove(r->l, p.id));
    EXPECT(r, LEDGER_NO_SUCH_WEBHOOK, ledger_webhook_remove(r->l, p.id));
    EXPECT(r, LEDGER_NO_SUCH_WEBHOOK, ledger_webhook_get(r->l, 99, &p));
    EXPECT(r, LEDGER_NO_SUCH_WEBHOOK,
           ledger_webhook_get(r->l, mailbox(ana, LEDGER_OUTBOX_EACH, NULL), &p));
}

static void expect_secret(int64_t id, const char *want)
{
    char secret[LEDGER_WEBHOOK_SECRET];
    struct ledger_outbox o;

    OK(r, ledger_webhook_get(r->l, id, &o));
    EXPECT(r, want ? LEDGER_OK : LEDGER_KEY_MISMATCH, ledger_webhook_secret(r->l, &o, secret));
    if (want)
        assert_string_equal(secret, want);
}

/* The node's key is changed once and again: a secret that was shown stays good, and no other key opens it. */
static void a_secret_outlives_the_key(void **state)
{
    static const uint8_t seeds[][LEDGER_SEED] = {{7}, {8}, {9}};
    char first[LEDGER_WEBHOOK_SECRET], second[LEDGER_WEBHOOK_SECRET];
    struct ledger_outbox a, b, removed;

    (void)state;
    OK(r, ledger_webhook_add(r->l, ana, "https://ana.example/", &a, first));
    OK(r, ledger_webhook_add(r->l, ben, "https://ben.example/", &removed, second));
    OK(r, ledger_webhook_remove(r->l, removed.id));
    for (int i = 1; i < 3; i++) {
        OK(r, ledger_webhooks_reseal(r->l, seeds[i]));
        expect_secret(a.id, NULL); /* the key is not changed yet */
        ledger_key_use(r->l, seeds[i]);
        expect_secret(a.id, first);
        ledger_key_use(r->l, seeds[i - 1]);
        expect_secret(a.id, NULL);
        ledger_key_use(r->l, seeds[i]);
    }
    OK(r, ledger_webhook_add(r->l, ben, "https://ben.example/", &b, second));
    expect_secret(b.id, second);
    expect_secret(a.id, first);
    region_commit(r);
    char command[600];
    snprintf(command, sizeof command, "! grep -aqF -e '%s' -e '%s' %s %s-wal", first, second,
             r->path, r->path);
    assert_int_equal(system(command), 0);
}

/* What a lost key sealed stays shut, and nothing else with it. */
static void what_a_lost_key_sealed_stays_shut(void **state)
{
    static const uint8_t seeds[][LEDGER_SEED] = {{7}, {8}, {9}};
    char lost[LEDGER_WEBHOOK_SECRET], kept[LEDGER_WEBHOOK_SECRET];
    struct ledger_outbox a, b;

    (void)state;
    OK(r, ledger_webhook_add(r->l, ana, "https://ana.example/", &a, lost));
    region_close(r);
    region_open(r, true);
    OK(r, ledger_webhooks_reseal(r->l, seeds[1])); /* without any key */
    ledger_key_use(r->l, seeds[1]);
    expect_secret(a.id, NULL);
    OK(r, ledger_webhook_add(r->l, ben, "https://ben.example/", &b, kept));
    OK(r, ledger_webhooks_reseal(r->l, seeds[2]));
    ledger_key_use(r->l, seeds[2]);
    expect_secret(a.id, NULL);
    expect_secret(b.id, kept);
    ledger_key_use(r->l, seeds[0]); /* it was found again */
    expect_secret(a.id, lost);
}

static void no_key_no_webhook(void **state)
{
    char secret[LEDGER_WEBHOOK_SECRET];
    struct ledger_outbox o;

    (void)state;
    region_close(r);
    region_open(r, true);
    EXPECT(r, LEDGER_KEY_MISSING,
           ledger_webhook_add(r->l, ana, "https://mill.example/", &o, secret));
}

static void so_many_webhooks_and_no_more(void **state)
{
    char secret[LEDGER_WEBHOOK_SECRET];
    struct ledger_outbox o;

    (void)state;
    for (int i = 0; i < LEDGER_WEBHOOKS_MAX; i++)
        webhook(ana);
    EXPECT(r, LEDGER_TOO_MANY_WEBHOOKS,
           ledger_webhook_add(r->l, ana, "https://mill.example/", &o, secret));
    webhook(ben);
    OK(r, ledger_webhook_remove(r->l, 1));
    assert_int_equal(webhook(ana), LEDGER_WEBHOOKS_MAX + 2); /* its number is new */
    OK(r, ledger_member_leave(r->l, ben, &region_why));
    EXPECT(r, LEDGER_MEMBER_STATE,
           ledger_webhook_add(r->l, ben, "https://mill.example/", &o, secret));
}

/* A test is heard by the webhook that it is of. */
static void a_test_is_one_webhooks(void **state)
{
    int64_t one = webhook(ana);
    int64_t two = webhook(ana);

    (void)state;
    put(LEDGER_NOTICE_WEBHOOK_TEST, ana, two);
    expect_next(one, "");
    expect_next(two, "webhook-test 2, ");
    expect_due(LEDGER_WEBHOOK, "2 ");
}

static void addresses_go_with_the_member(void **state)
{
    struct ledger_outbox o;
    int64_t mail = mailbox(ana, LEDGER_OUTBOX_EACH, NULL);
    int64_t hook = webhook(ana);

    (void)state;
    put(LEDGER_NOTICE_ASKED, ana, 1);
    OK(r, ledger_member_leave(r->l, ana, &region_why));
    expect_due(LEDGER_MAIL, "1 ");
    OK(r, ledger_erase_member(r->l, ana, &region_why));
    expect_due(LEDGER_MAIL, "");
    expect_due(LEDGER_WEBHOOK, "");
    for (int64_t id = mail; id <= hook; id++) {
        OK(r, ledger_outbox_get(r->l, id, &o));
        assert_string_equal(o.address, "");
        assert_int_equal(o.mode, LEDGER_OUTBOX_NONE);
    }
}

static void shares_are_of_all(void **state)
{
    int64_t ids[LEDGER_OUTBOX_DUE_MAX];
    int sum = 0;
    int count;

    (void)state;
    for (int i = 0; i < LEDGER_WEBHOOKS_MAX; i++)
        webhook(ana);
    put(LEDGER_NOTICE_ASKED, ana, 1);
    for (int at = 0; at < 2; at++) {
        const struct ledger_outbox_share share = {.channel = LEDGER_WEBHOOK, .at = at, .of = 2};

        OK(r, ledger_outbox_due(r->l, &share, r->clock.now_us, ids, &count));
        for (int i = 0; i < count; i++)
            assert_int_equal(ids[i] % 2, at);
        sum += count;
    }
    assert_int_equal(sum, LEDGER_WEBHOOKS_MAX);
}

/* One more than one look gives: whoever comes last is first in the next, however much the others have. */
static void each_has_its_turn(void **state)
{
    struct ledger_outbox_share share = {.channel = LEDGER_MAIL, .of = 1};
    int64_t ids[LEDGER_OUTBOX_DUE_MAX];
    char handle[20];
    int count;

    (void)state;
    for (int i = 1; i <= LEDGER_OUTBOX_DUE_MAX + 1; i++) {
        snprintf(handle, sizeof handle, "m%d", i);
        int64_t member_id = region_member(r, handle);
        mailbox(member_id, LEDGER_OUTBOX_EACH, NULL);
        put(LEDGER_NOTICE_ASKED, member_id, i);
    }
    OK(r, ledger_outbox_due(r->l, &share, r->clock.now_us, ids, &count));
    assert_int_equal(count, LEDGER_OUTBOX_DUE_MAX);
    assert_int_equal(ids[0], 1);
    share.after_id = ids[count - 1];
    OK(r, ledger_outbox_due(r->l, &share, r->clock.now_us, ids, &count));
    assert_int_equal(count, LEDGER_OUTBOX_DUE_MAX);
    assert_int_equal(ids[0], LEDGER_OUTBOX_DUE_MAX + 1);
    assert_int_equal(ids[1], 1);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(what_is_an_address),
        EACH(what_is_a_webhooks_address),
        EACH(kinds_are_read),
        EACH(a_mailbox_is_set_and_forgotten),
        EACH(only_what_comes_after_is_told),
        EACH(a_digest_is_of_a_day_that_is_over),
        EACH(a_long_digest_is_counted),
        EACH(waits_grow),
        EACH(waits_go_on_over_a_restart),
        EACH(in_the_end_it_is_given_up),
        EACH(who_was_off_tries_first),
        EACH(a_clock_that_was_ahead_keeps_nothing_back),
        EACH(a_receiver_that_is_gone_is_given_up),
        EACH(an_outcome_that_comes_late_changes_nothing),
        EACH(payments_are_told_to_who_wants_them),
        EACH(each_payment_is_told_once),
        EACH(a_long_way_behind_is_caught_up_with),
        EACH(a_webhook_has_a_secret_that_is_nowhere),
        EACH(a_secret_outlives_the_key),
        EACH(what_a_lost_key_sealed_stays_shut),
        EACH(no_key_no_webhook),
        EACH(so_many_webhooks_and_no_more),
        EACH(a_test_is_one_webhooks),
        EACH(addresses_go_with_the_member),
        EACH(shares_are_of_all),
        EACH(each_has_its_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
