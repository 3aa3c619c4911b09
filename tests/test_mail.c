/*
 * test_mail.c - a notice as a whole mail and as a webhook's event: its head, its words, and what never stands in it.
 */
#include "support/region.h"

#include "api/mail.h"
#include "api/notice_text.h"
#include "ledger/charge.h"
#include "ledger/instalment.h"
#include "ledger/mailbox.h"
#include "ledger/request.h"

#include <stdlib.h>
#include <string.h>

#define FROM "ledger@calder.example"

static struct region region;
static struct region *const r = &region;
static struct ledger_parcel parcel;
static int64_t ana, ben, ana_cald, ben_cald;

static void begin(const char *name)
{
    struct ledger_env env = test_env(&r->clock);

    r->clock = (struct test_clock){.now_us = 1772452800000000, .seed = 1}; /* 2026-03-02T12:00Z */
    assert_int_equal(ledger_create(":memory:", name, "Europe/London", &env, &r->l), LEDGER_OK);
    assert_int_equal(ledger_begin_write(r->l), LEDGER_OK);
    region_currency(r, "CALD");
    ana = region_member(r, "ana");
    ben = region_member(r, "ben");
    ana_cald = region_account(r, "ana", "CALD");
    ben_cald = region_account(r, "ben", "CALD");
}

static void end(void)
{
    ledger_rollback(r->l);
    ledger_close(r->l);
}

static void address_to(int64_t member_id, enum ledger_outbox_mode mode)
{
    const struct ledger_mailbox m = {
        .member_id = member_id, .mode = mode, .address = "ben@mill.example"};
    int64_t id;

    OK(r, ledger_mailbox_set(r->l, &m, &id));
}

static char *write_mail(void)
{
    char *text;
    size_t size;

    OK(r, ledger_outbox_next(r->l, 1, r->clock.now_us, &parcel));
    OK(r, mail_write(r->l, &parcel, FROM, &text, &size));
    assert_int_equal(strlen(text), size);
    return text;
}

static void pay_ben(const char *memo)
{
    int64_t count;

    region_pay_on(r, ana_cald, ben_cald, 1250, NULL, memo);
    OK(r, ledger_notice_due(r->l, &count));
    assert_int_equal(count, 1);
}

static void a_whole_mail(void **state)
{
    char *text, *again;

    (void)state;
    begin("Calder Valley");
    address_to(ben, LEDGER_OUTBOX_EACH);
    pay_ben("a secret");
    text = write_mail();
    assert_string_equal(
        text, "From: ledger@calder.example\n"
              "To: ben@mill.example\n"
              "Subject: Calder Valley: you were paid\n"
              "Date: Mon, 2 Mar 2026 12:00:00 +0000\n"
              "Message-ID: <notice.1.1772452800000007.1772452800000000@calder.example>\n"
              "Auto-Submitted: auto-generated\n"
              "MIME-Version: 1.0\n"
              "Content-Type: text/plain; charset=utf-8\n"
              "Content-Transfer-Encoding: 8bit\n"
              "\n"
              "Hello ben,\n"
              "\n"
              "You were paid 12.50 CALD by ana (transfer 1).\n"
              "\n"
              "All of them: coledger notice list ben\n"
              "Fewer mails, or none: coledger notice set ben --mode daily, or --mode none\n");
    r->clock.now_us += REGION_HOUR_US;
    again = write_mail(); /* as when nobody knows whether it was taken */
    assert_string_equal(text, again);
    free(again);
    free(text);
    end();
}

static void a_digest(void **state)
{
    char *text;

    (void)state;
    begin("Calder Valley");
    address_to(ben, LEDGER_OUTBOX_DAILY);
    for (int i = 1; i <= LEDGER_OUTBOX_DIGEST_MAX + 3; i++)
        OK(r, ledger_notice_put(r->l, LEDGER_NOTICE_ASKED, ben, i));
    r->clock.now_us += 24 * REGION_HOUR_US;
    text = write_mail();
    assert_non_null(strstr(text, "\nSubject: Calder Valley: 203 notices of 2026-03-02\n"));
    assert_non_null(strstr(text, "\nMessage-ID: <day.200."));
    assert_non_null(strstr(text, "\nYou are asked to pay (request 1).\n"
                                 "You are asked to pay (request 2).\n"));
    assert_non_null(strstr(text, "\nYou are asked to pay (request 200).\nAnd 3 more.\n"));
    free(text);
    end();
}

/* RFC 2047: words of at most 75 characters, of whole characters, and nothing that only looks like one. */
static void names_that_are_not_ascii(void **state)
{
    static const char *const names[] = {
        "C\xc3\xa4lder Valley",
        "\xe6\xb2\xb3\xe8\xb0\xb7\xe6\xb2\xb3\xe8\xb0\xb7\xe6\xb2\xb3\xe8\xb0\xb7\xe6\xb2\xb3\xe8"
        "\xb0\xb7"
        "\xe6\xb2\xb3\xe8\xb0\xb7\xe6\xb2\xb3\xe8\xb0\xb7\xe6\xb2\xb3\xe8\xb0\xb7\xe6\xb2\xb3\xe8"
        "\xb0\xb7",
        "=?UTF-8?B?aGE=?=",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        begin(names[i]);
        address_to(ben, LEDGER_OUTBOX_EACH);
        pay_ben("");
        char *text = write_mail();
        char *line = strstr(text, "Subject: ") + strlen("Subject: ");
        char *last = strstr(line, "\nDate:");

        *last = '\0';
        for (char *next; line; line = next) {
            next = strchr(line, '\n');
            if (next)
                *next++ = '\0';
            assert_int_equal(strncmp(line + (*line == ' '), "=?UTF-8?B?", 10), 0);
            assert_true(strlen(line) <= 76 && strstr(line, "?=") == line + strlen(line) - 2);
            for (const char *c = line; *c; c++)
                assert_true(*c >= ' ' && *c < 127);
        }
        free(text);
        end();
    }
}

static const struct sentence {
    const char *what;
    enum ledger_notice_kind kind;
    int64_t subject_id;
    const char *text;
} sentences[] = {
    {"two currencies at once, from two", LEDGER_NOTICE_PAID, 1,
     "You were paid 1.00 CALD and 2.00 HOUR by ana and 1 more (transfer 1)."},
    {"one's own part only", LEDGER_NOTICE_SPENT, 1, "You paid (transfer 1)."},
    {"a refund says so", LEDGER_NOTICE_PAID, 3,
     "You were paid 0.50 CALD by ana (transfer 3, refund)."},
    {"what one paid", LEDGER_NOTICE_SPENT, 2, "You paid 0.50 CALD to ana (transfer 2)."},
    {"what is not there", LEDGER_NOTICE_PAID, 99, "You were paid (transfer 99)."},
    {"who is asked", LEDGER_NOTICE_ASKED, 1,
     "You are asked to pay 17.00 CALD and 3.00 GBP by ana (request 1, due 2026-04-01)."},
    {"what is open", LEDGER_NOTICE_REQUEST_DECLINED, 2,
     "A request of yours was declined by ana "
     "(request 2, open: 20.00 CALD)."},
    {"what is open both ways", LEDGER_NOTICE_REQUEST_WITHDRAWN, 1,
     "A request to you was withdrawn by ana (request 1, open: 17.00 CALD and 3.00 GBP)."},
    {"what was agreed before", LEDGER_NOTICE_PREAPPROVED, 1,
     "A request was paid as you agreed before: 17.00 CALD to ana (request 1)."},
    {"to a payer", LEDGER_NOTICE_STANDING_REFUSED, 1,
     "A standing payment was refused: 5.00 CALD to ana (standing payment 1)."},
    {"to a payee", LEDGER_NOTICE_STANDING_ENDED, 2,
     "A standing payment has ended: 5.00 CALD from ana (standing payment 2)."},
    {"a part of three", LEDGER_NOTICE_STANDING_REFUSED, 3,
     "A standing payment was refused: 5.67 CALD to ana (standing payment 3)."},
    {"another price", LEDGER_NOTICE_PRICE_PROPOSED, 1,
     "A charge that you agreed to has a new price: 6.00 CALD by ana (charge 1)."},
    {"a limit", LEDGER_NOTICE_NEAR_LIMIT, 2,
     "An account is near its limit (account 2, balance 1.00 CALD)."},
    {"a lot that is not there", LEDGER_NOTICE_CREDITS_EXPIRING, 9,
     "Training credits end soon (lot 9)."},
    {"a request that is not there", LEDGER_NOTICE_ASKED, 9, "You are asked to pay (request 9)."},
    {"a booking that is not there", LEDGER_NOTICE_BOOKING_FREED, 9,
     "A booking was given up (booking 9)."},
};

static void ask(int64_t payee_id, int64_t payer_id, int64_t outside_minor)
{
    struct ledger_request_line line = {
        .words = "a secret", .quantity_milli = 1000, .price_minor = 2000};
    struct ledger_request_draft d = {.payee_id = payee_id,
                                     .payer_id = payer_id,
                                     .currency_id = 1,
                                     .outside_minor = outside_minor,
                                     .note = "a secret",
                                     .reference = "a secret",
                                     .lines = &line,
                                     .line_count = 1};
    int64_t id;

    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
}

static void order(int64_t payer_id, int64_t payee_id)
{
    struct ledger_standing s = {.payer_id = payer_id,
                                .payee_id = payee_id,
                                .amount_minor = 500,
                                .cadence = {LEDGER_WEEKLY, 1, 1},
                                .first_on = ledger_today(r->l),
                                .count = 3,
                                .memo = "a secret"};

    OK(r, ledger_standing_order(r->l, &s, false, "local:test"));
}

static void order_parts(int64_t request_id)
{
    const struct ledger_instalments i = {.request_id = request_id,
                                         .cadence = {LEDGER_WEEKLY, 1, 1},
                                         .starts_on = ledger_today(r->l),
                                         .count = 3,
                                         .why = &region_why};
    int64_t id;

    OK(r, ledger_instalments_order(r->l, &i, &id));
}

static void offer(int64_t payee_id)
{
    struct ledger_charge c = {.payee_id = payee_id,
                              .amount_minor = 600,
                              .cadence = {LEDGER_WEEKLY, 1, 1},
                              .title = "a secret"};

    OK(r, ledger_charge_offer(r->l, &c, "local:test"));
}

static void words(void **state)
{
    char text[NOTICE_SENTENCE_MAX];
    struct ledger_notice n = {.id = 1};
    int64_t id;
    int wrong = 0;

    (void)state;
    begin("N");
    region_currency(r, "HOUR");
    region_member(r, "cleo");
    const struct ledger_leg legs[] = {{ana_cald, -100},
                                      {ben_cald, 100},
                                      {region_account(r, "cleo", "HOUR"), -200},
                                      {region_account(r, "ben", "HOUR"), 200}};
    const struct ledger_transfer_draft both = {
        .kind = LEDGER_EXCHANGE, .memo = "a secret", .legs = legs, .leg_count = 4};
    struct ledger_equivalent worth = {
        .currency_id = 1, .from_on = ledger_today(r->l), .unit = "GBP", .value_micro = 1000000};
    const struct ledger_leg back[] = {{ana_cald, -50}, {ben_cald, 50}};
    const struct ledger_transfer_draft refund = {
        .kind = LEDGER_REFUND, .corrects = 2, .memo = "a secret", .legs = back, .leg_count = 2};
    OK(r, ledger_transfer_post(r->l, &both, &id));
    region_pay_on(r, ben_cald, ana_cald, 50, NULL, "a secret");
    OK(r, ledger_transfer_post(r->l, &refund, &id));
    OK(r, ledger_equivalent_set(r->l, &worth, &region_why));
    ask(ana, ben, 300);
    ask(ben, ana, 0);
    order(ben_cald, ana_cald);
    order(ana_cald, ben_cald);
    order_parts(1);
    offer(ana_cald);
    n.member_id = ben;
    strcpy(n.member, "ben");
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        n.kind = sentences[i].kind;
        n.subject_id = sentences[i].subject_id;
        OK(r, notice_sentence(r->l, &n, text));
        assert_null(strstr(text, "secret"));
        if (strcmp(text, sentences[i].text) != 0) {
            print_error("%s: %s\n", sentences[i].what, text);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    end();
}

static void an_event(void **state)
{
    struct ledger_notice n = {.id = 4, .kind = LEDGER_NOTICE_PAID, .subject_id = 1};
    json_t *json;
    char *text;

    (void)state;
    begin("N");
    region_pay_on(r, ana_cald, ben_cald, 1250, NULL, "a secret");
    n.member_id = ben;
    n.at_us = r->clock.now_us;
    strcpy(n.member, "ben");
    OK(r, notice_json(r->l, &n, &json));
    text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(
        text, "{\"notice\":4,\"kind\":\"paid\",\"member\":\"ben\",\"about\":\"transfer\","
              "\"subject\":1,\"at\":\"2026-03-02T12:00:00.000000Z\",\"amounts\":[{\"amount\":"
              "\"12.50\",\"currency\":\"CALD\"}],\"with\":\"ana\",\"text\":\"You were paid 12.50 "
              "CALD by ana (transfer 1).\"}");
    free(text);
    json_decref(json);
    end();
}

/* Each kind has a sentence, also where what it is of is not there. */
static void every_kind_has_words(void **state)
{
    char text[NOTICE_SENTENCE_MAX];
    struct ledger_notice n = {.id = 1, .subject_id = 12345};

    (void)state;
    begin("N");
    n.member_id = ana;
    strcpy(n.member, "ana");
    for (int k = 0; k < LEDGER_NOTICE_KINDS; k++) {
        n.kind = (enum ledger_notice_kind)k;
        OK(r, notice_sentence(r->l, &n, text));
        assert_true(text[0] >= 'A' && text[0] <= 'Z');
        assert_non_null(strstr(text, " 12345)."));
    }
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_mail),
        cmocka_unit_test(a_digest),
        cmocka_unit_test(names_that_are_not_ascii),
        cmocka_unit_test(words),
        cmocka_unit_test(an_event),
        cmocka_unit_test(every_kind_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
