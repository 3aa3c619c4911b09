/* Whatever is erased is nowhere in the file: not in its own rows, and not in the answers that were kept. */
#include "support/web.h"
#include "support/words.h"

#include "api/run.h"
#include "ledger/date.h"
#include "ledger/uid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define DEEDS_MAX 12
#define WORDS_MAX 6
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define QUINCE                                                                                     \
    {                                                                                              \
        "member.add", "{\"handle\":\"quince\",\"name\":\"House of Sloe\"}"                         \
    }
#define QUINCE_GOES                                                                                \
    {"member.leave", "{\"member\":\"quince\",\"reason\":\"moved\"}"},                              \
    {                                                                                              \
        "member.erase", "{\"member\":\"quince\",\"reason\":\"asked\"}"                             \
    }

/* The last deed is what erases; # stands for today, @ for three days later. */
static const struct tale {
    const char *what;
    struct {
        const char *operation;
        const char *args;
    } deeds[DEEDS_MAX];
    const char *words[WORDS_MAX];
} tales[] = {
    {"a request",
     {{"request.create", "{\"payee\":\"mill\",\"payer\":\"riverside\",\"currency\":\"CALD\","
                         "\"text\":\"text of sloe\",\"amount\":\"5\",\"note\":\"note of sloe\","
                         "\"reference\":\"reference of sloe\"}"},
      {"request.dispute", "{\"id\":1,\"reason\":\"objection of sloe\"}"},
      {"request.resolve", "{\"id\":1,\"reason\":\"peace of sloe\"}"},
      {"request.pay", "{\"id\":1,\"amount\":\"2\"}"},
      {"request.accept", "{\"id\":1}"},
      {"request.erase", "{\"id\":1,\"reason\":\"asked\"}"}},
     {"text of sloe", "note of sloe", "reference of sloe", "objection of sloe", "peace of sloe"}},
    {"a credit note",
     {{"request.create", "{\"payee\":\"mill\",\"payer\":\"riverside\",\"currency\":\"CALD\","
                         "\"text\":\"bread\",\"amount\":\"5\"}"},
      {"request.credit", "{\"id\":1,\"text\":\"text of sloe\",\"amount\":\"1\",\"note\":\"note of "
                         "sloe\",\"reference\":\"reference of sloe\"}"},
      {"request.erase", "{\"id\":2,\"reason\":\"asked\"}"}},
     {"text of sloe", "note of sloe", "reference of sloe"}},
    {"who was asked to pay",
     {QUINCE,
      {"request.create", "{\"payee\":\"mill\",\"payer\":\"quince\",\"currency\":\"CALD\","
                         "\"text\":\"text of sloe\",\"amount\":\"5\",\"note\":\"note of sloe\"}"},
      {"request.decline", "{\"id\":1,\"reason\":\"refusal of sloe\"}"},
      QUINCE_GOES},
     {"text of sloe", "note of sloe", "refusal of sloe", "quince", "House of Sloe"}},
    {"who asked",
     {QUINCE,
      {"request.create", "{\"payee\":\"quince\",\"payer\":\"mill\",\"currency\":\"CALD\","
                         "\"text\":\"text of sloe\",\"amount\":\"5\",\"note\":\"note of sloe\"}"},
      {"request.withdraw", "{\"id\":1,\"reason\":\"mistake of sloe\"}"},
      QUINCE_GOES},
     {"text of sloe", "note of sloe", "mistake of sloe", "quince", "House of Sloe"}},
    {"a placement",
     {{"placement.agree", "{\"host\":\"riverside\",\"member\":\"mill\",\"person\":\"Ana of Sloe\","
                          "\"mentor\":\"Ben of Sloe\",\"hours\":\"8\",\"rate\":\"1\",\"currency\":"
                          "\"CALD\",\"starts\":\"#\",\"ends\":\"@\"}"},
      {"placement.sign", "{\"id\":1,\"week\":\"#\",\"hours\":\"8\",\"side\":\"host\"}"},
      {"placement.end", "{\"id\":1,\"reason\":\"trouble of sloe\"}"},
      {"placement.erase", "{\"id\":1,\"reason\":\"asked\"}"}},
     {"Ana of Sloe", "Ben of Sloe", "trouble of sloe"}},
    {"who lent somebody",
     {QUINCE,
      {"placement.agree", "{\"host\":\"riverside\",\"member\":\"quince\",\"person\":\"Ana of "
                          "Sloe\",\"hours\":\"8\",\"rate\":\"1\",\"currency\":\"CALD\","
                          "\"starts\":\"@\",\"ends\":\"@\"}"},
      {"placement.end", "{\"id\":1,\"reason\":\"trouble of sloe\"}"},
      QUINCE_GOES},
     {"Ana of Sloe", "trouble of sloe", "quince", "House of Sloe"}},
    {"who sought somebody, and had them",
     {QUINCE,
      {"vacancy.post", "{\"member\":\"quince\",\"kind\":\"relief\",\"title\":\"title of sloe\","
                       "\"skills\":\"skills of sloe\",\"description\":\"story of sloe\","
                       "\"hours\":\"8\"}"},
      {"placement.agree", "{\"host\":\"quince\",\"member\":\"mill\",\"person\":\"Ana\","
                          "\"hours\":\"8\",\"rate\":\"1\",\"currency\":\"CALD\",\"starts\":\"@\","
                          "\"ends\":\"@\"}"},
      {"placement.end", "{\"id\":1,\"reason\":\"done\"}"},
      {"vacancy.close", "{\"id\":1,\"reason\":\"filled\"}"},
      QUINCE_GOES},
     {"title of sloe", "skills of sloe", "story of sloe", "quince", "House of Sloe"}},
    {"the title of a booking",
     {{"resource.add", "{\"resource\":\"hall\",\"host\":\"mill\",\"title\":\"Hall\"}"},
      {"booking.make", "{\"resource\":\"hall\",\"from\":\"@T09:00\",\"for\":\"2h\",\"member\":"
                       "\"riverside\",\"title\":\"title of sloe\"}"},
      {"booking.move", "{\"id\":1,\"from\":\"@T10:00\",\"reason\":\"late\"}"},
      {"booking.cancel", "{\"id\":1,\"reason\":\"ill\"}"},
      {"booking.erase", "{\"id\":1,\"reason\":\"asked\"}"}},
     {"title of sloe"}},
    {"who booked",
     {QUINCE,
      {"resource.add", "{\"resource\":\"hall\",\"host\":\"mill\",\"title\":\"Hall\"}"},
      {"booking.make", "{\"resource\":\"hall\",\"from\":\"@T09:00\",\"for\":\"2h\",\"member\":"
                       "\"quince\",\"title\":\"title of sloe\"}"},
      {"booking.cancel", "{\"id\":1,\"reason\":\"ill\"}"},
      {"series.make", "{\"resource\":\"hall\",\"rule\":\"FREQ=DAILY;COUNT=1\",\"member\":"
                      "\"quince\",\"start\":\"@T14:00\",\"end\":\"@T16:00\",\"title\":\"series of "
                      "sloe\"}"},
      {"series.cancel", "{\"id\":1,\"reason\":\"ill\"}"},
      {"feed.create", "{\"member\":\"quince\"}"},
      QUINCE_GOES},
     {"title of sloe", "series of sloe", "quince", "House of Sloe"}},
    {"whose room was booked",
     {QUINCE,
      {"resource.add", "{\"resource\":\"hall\",\"host\":\"quince\",\"title\":\"Hall\"}"},
      {"extra.add", "{\"extra\":\"lunch\",\"host\":\"quince\",\"title\":\"Lunch\"}"},
      {"resource.quota", "{\"resource\":\"hall\",\"kind\":\"live\",\"amount\":3,\"member\":"
                         "\"quince\",\"reason\":\"agreed\"}"},
      {"booking.make", "{\"resource\":\"hall\",\"from\":\"@T09:00\",\"for\":\"2h\",\"member\":"
                       "\"mill\",\"title\":\"choir\"}"},
      {"booking.cancel", "{\"id\":1,\"reason\":\"ill\",\"by\":\"host\"}"},
      {"resource.set", "{\"resource\":\"hall\",\"retired\":true,\"reason\":\"left\"}"},
      QUINCE_GOES},
     {"quince", "House of Sloe"}},
    {"who offered",
     {QUINCE,
      {"offer.post", "{\"member\":\"quince\",\"category\":\"food\",\"title\":\"title of sloe\","
                     "\"words\":\"words of sloe\",\"locality\":\"place of sloe\"}"},
      {"offer.edit", "{\"id\":1,\"words\":\"more of sloe\"}"},
      {"offer.answer", "{\"id\":1,\"member\":\"mill\",\"words\":\"how much?\"}"},
      {"offer.close", "{\"id\":1,\"reason\":\"sold\"}"},
      QUINCE_GOES},
     {"title of sloe", "words of sloe", "place of sloe", "more of sloe", "quince",
      "House of Sloe"}},
    {"who answered an offer",
     {QUINCE,
      {"want.post", "{\"member\":\"mill\",\"category\":\"food\",\"title\":\"Rye\"}"},
      {"offer.answer", "{\"id\":1,\"member\":\"quince\",\"words\":\"answer of sloe\"}"},
      QUINCE_GOES},
     {"answer of sloe", "quince", "House of Sloe"}},
    {"who paid again and again",
     {QUINCE,
      {"standing.order", "{\"from\":\"quince\",\"payee\":\"mill\",\"amount\":\"1\",\"currency\":"
                         "\"CALD\",\"every\":\"month\",\"until_ended\":true,\"starts\":\"@\","
                         "\"memo\":\"memo of sloe\"}"},
      {"standing.pause", "{\"id\":1}"},
      {"standing.resume", "{\"id\":1}"},
      {"standing.end", "{\"id\":1}"},
      {"preapproval.set", "{\"from\":\"quince\",\"payee\":\"mill\",\"currency\":\"CALD\","
                          "\"each\":\"1\",\"month\":\"2\"}"},
      {"preapproval.revoke", "{\"id\":1}"},
      QUINCE_GOES},
     {"memo of sloe", "quince", "House of Sloe"}},
    {"who was paid again and again",
     {QUINCE,
      {"standing.order", "{\"from\":\"mill\",\"payee\":\"quince\",\"amount\":\"1\",\"currency\":"
                         "\"CALD\",\"every\":\"month\",\"until_ended\":true,\"starts\":\"@\","
                         "\"memo\":\"memo of sloe\"}"},
      {"charge.offer", "{\"member\":\"quince\",\"title\":\"title of sloe\",\"words\":\"words of "
                       "sloe\",\"amount\":\"2\",\"currency\":\"CALD\",\"every\":\"month\"}"},
      {"charge.agree", "{\"id\":1,\"from\":\"mill\",\"amount\":\"2\",\"starts\":\"@\"}"},
      {"charge.price", "{\"id\":1,\"amount\":\"3\"}"},
      {"standing.end", "{\"id\":1}"},
      {"standing.end", "{\"id\":2}"},
      {"charge.withdraw", "{\"id\":1}"},
      QUINCE_GOES},
     {"memo of sloe", "title of sloe", "words of sloe", "quince", "House of Sloe"}},
    {"who learned under another name",
     {QUINCE,
      {"course.add", "{\"provider\":\"riverside\",\"title\":\"Reading accounts\"}"},
      {"session.add", "{\"course\":1,\"starts\":\"2036-05-05T18:00\",\"ends\":"
                      "\"2036-05-05T20:00\",\"capacity\":3,\"trainers\":\"riverside,quince\"}"},
      {"enrolment.add", "{\"session\":1,\"member\":\"quince\",\"name\":\"Ana of Sloe\",\"note\":"
                        "\"note of sloe\"}"},
      {"enrolment.cancel", "{\"id\":1,\"reason\":\"ill\"}"},
      QUINCE_GOES},
     {"Ana of Sloe", "note of sloe", "quince", "House of Sloe"}},
    {"who taught",
     {QUINCE,
      {"provider.add", "{\"member\":\"quince\",\"reason\":\"teaches\"}"},
      {"course.add", "{\"provider\":\"quince\",\"title\":\"title of sloe\",\"description\":"
                     "\"story of sloe\"}"},
      {"session.add", "{\"course\":1,\"starts\":\"2036-05-05T18:00\",\"ends\":"
                      "\"2036-05-05T20:00\",\"capacity\":3,\"place\":\"place of sloe\",\"link\":"
                      "\"https://sloe.example\"}"},
      {"enrolment.add", "{\"session\":1,\"member\":\"mill\"}"},
      {"session.notes", "{\"id\":1,\"link\":\"https://notes.example\"}"},
      {"session.cancel", "{\"id\":1,\"reason\":\"ill\"}"},
      {"provider.end", "{\"member\":\"quince\",\"reason\":\"left\"}"},
      QUINCE_GOES},
     {"title of sloe", "story of sloe", "place of sloe", "https://sloe.example",
      "https://notes.example", "quince"}},
    {"an address that gave way to another",
     {{"notice.set", "{\"member\":\"mill\",\"mode\":\"each\",\"address\":\"mill@sloe.example\"}"},
      {"notice.set", "{\"member\":\"mill\",\"mode\":\"daily\"}"},
      {"notice.set", "{\"member\":\"mill\",\"mode\":\"each\",\"address\":\"mill@x.example\"}"}},
     {"mill@sloe.example"}},
    {"an address that is not wanted any more",
     {{"notice.set", "{\"member\":\"mill\",\"mode\":\"each\",\"address\":\"mill@sloe.example\"}"},
      {"notice.set", "{\"member\":\"mill\",\"mode\":\"none\"}"}},
     {"mill@sloe.example"}},
    {"a webhook",
     {{"webhook.add", "{\"member\":\"mill\",\"url\":\"https://sloe.example/hook\"}"},
      {"webhook.test", "{\"id\":1}"},
      {"webhook.remove", "{\"id\":1}"}},
     {"https://sloe.example/hook"}},
    {"who was told",
     {QUINCE,
      {"notice.set",
       "{\"member\":\"quince\",\"mode\":\"each\",\"address\":\"quince@sloe.example\"}"},
      {"webhook.add", "{\"member\":\"quince\",\"url\":\"https://sloe.example/hook\"}"},
      QUINCE_GOES},
     {"quince", "https://sloe.example/hook", "House of Sloe"}},
    {"a payment's memo",
     {{"transfer.pay", "{\"from\":\"mill\",\"payee\":\"riverside\",\"amount\":\"1\",\"currency\":"
                       "\"CALD\",\"memo\":\"memo of sloe\",\"reference\":\"reference of sloe\"}"},
      {"transfer.memo", "{\"id\":1,\"reason\":\"audit\"}"},
      {"transfer.erase", "{\"id\":1,\"reason\":\"asked\"}"}},
     {"memo of sloe", "reference of sloe"}},
    {"a hold's memo",
     {{"hold.place", "{\"from\":\"mill\",\"payees\":[{\"payee\":\"riverside\",\"amount\":\"1\"}],"
                     "\"currency\":\"CALD\",\"memo\":\"memo of sloe\"}"},
      {"hold.release", "{\"id\":1}"},
      {"hold.erase", "{\"id\":1,\"reason\":\"asked\"}"}},
     {"memo of sloe"}},
    {"a certificate",
     {{"certificate.issue", "{\"provider\":\"riverside\",\"member\":\"mill\",\"name\":\"Ana of "
                            "Sloe\",\"title\":\"title of sloe\"}"},
      {"certificate.revoke", "{\"id\":1,\"reason\":\"mistake\"}"},
      {"certificate.erase", "{\"id\":1,\"reason\":\"asked\"}"}},
     {"Ana of Sloe", "title of sloe", "eyJ"}},
    {"who could not pay",
     {QUINCE,
      {"member.add", "{\"handle\":\"commons\",\"name\":\"Commons\",\"kind\":\"fund\"}"},
      {"guarantee.set", "{\"currency\":\"CALD\",\"order\":\"commons:limit,members\",\"reason\":"
                        "\"decided\"}"},
      {"transfer.pay", "{\"from\":\"quince\",\"payee\":\"mill\",\"amount\":\"9\",\"currency\":"
                       "\"CALD\"}"},
      {"default.declare", "{\"member\":\"quince\",\"currency\":\"CALD\",\"reason\":\"closed\"}"},
      {"default.cover", "{\"id\":1}"},
      QUINCE_GOES},
     {"quince", "House of Sloe"}},
    {"a fund that stood for others",
     {{"member.add", "{\"handle\":\"quince\",\"name\":\"House of Sloe\",\"kind\":\"fund\"}"},
      {"member.add", "{\"handle\":\"commons\",\"name\":\"Commons\",\"kind\":\"fund\"}"},
      {"guarantee.set", "{\"currency\":\"CALD\",\"order\":\"commons,quince:limit,members\","
                        "\"reason\":\"decided\"}"},
      {"guarantee.set", "{\"currency\":\"CALD\",\"order\":\"commons,members\",\"reason\":"
                        "\"decided\"}"},
      QUINCE_GOES},
     {"quince", "House of Sloe"}},
    {"who is refused in a batch",
     {QUINCE,
      {"member.suspend", "{\"member\":\"quince\",\"reason\":\"decided\"}"},
      {"transfer.batch", "{\"each\":true,\"items\":[{\"from\":\"quince\",\"to\":\"mill\","
                         "\"amount\":\"1.00\",\"currency\":\"CALD\"}]}"},
      QUINCE_GOES},
     {"quince", "House of Sloe"}},
    {"who did what members do",
     {QUINCE,
      {"member.set", "{\"member\":\"quince\",\"sector\":\"sector of sloe\"}"},
      {"account.open", "{\"member\":\"quince\",\"currency\":\"CALD\"}"},
      {"account.limit", "{\"member\":\"quince\",\"currency\":\"CALD\",\"floor\":\"-9\","
                        "\"reason\":\"decided\"}"},
      {"token.create", "{\"role\":\"viewer\",\"member\":\"quince\"}"},
      {"hold.place", "{\"from\":\"quince\",\"payees\":[{\"payee\":\"mill\",\"amount\":\"1\"}],"
                     "\"currency\":\"CALD\",\"memo\":\"seats\"}"},
      {"hold.release", "{\"id\":1}"},
      {"hold.erase", "{\"id\":1,\"reason\":\"asked\"}"},
      {"member.suspend", "{\"member\":\"quince\",\"reason\":\"decided\"}"},
      QUINCE_GOES},
     {"sector of sloe", "quince", "House of Sloe"}},
};

/* Do it in a transaction of its own, under the uid that its place in the tale gives. */
static json_t *act(struct ledger *l, const struct tale *t, int place, bool *replayed)
{
    struct ledger_uid uid = {.bytes = {(uint8_t)(place + 1)}};
    json_t *answer;

    assert_int_equal(ledger_begin_write(l), LEDGER_OK);
    answer =
        web_write(l, t->deeds[place].operation, web_args(t->deeds[place].args), &uid, replayed);
    if (!answer)
        fail_msg("%s: %s: %s", t->what, t->deeds[place].operation, ledger_message(l));
    assert_int_equal(ledger_commit(l), LEDGER_OK);
    return answer;
}

static int length(const struct tale *t)
{
    int n = 0;

    while (n < DEEDS_MAX && t->deeds[n].operation)
        n++;
    return n;
}

static void expect_words(const struct web_node *node, const struct tale *t, bool left)
{
    for (int i = 0; i < WORDS_MAX && t->words[i]; i++) {
        const char *where = words_left(node->path, t->words[i]);

        if (!left && where)
            fail_msg("%s: \"%s\" is left in %s", t->what, t->words[i], where);
        if (left && !where)
            fail_msg("%s: \"%s\" was never there", t->what, t->words[i]);
    }
}

/* Asked again, none of the answers has them. */
static void expect_untold(struct ledger *l, const struct tale *t)
{
    for (int place = 0; place + 1 < length(t); place++) {
        bool replayed;
        json_t *answer = act(l, t, place, &replayed);
        char *text = json_dumps(answer, 0);

        assert_true(replayed);
        for (int i = 0; i < WORDS_MAX && t->words[i]; i++)
            if (strstr(text, t->words[i]))
                fail_msg("%s: %s tells \"%s\": %s", t->what, t->deeds[place].operation, t->words[i],
                         text);
        free(text);
        json_decref(answer);
    }
}

static void tell(const struct tale *t)
{
    struct web_node node;
    struct ledger *l;
    bool replayed;

    web_ledger(&node, 0);
    l = web_open(&node);
    for (int place = 0; place < length(t); place++) {
        if (place + 1 == length(t))
            expect_words(&node, t, true);
        json_decref(act(l, t, place, &replayed));
    }
    expect_words(&node, t, false);
    expect_untold(l, t);
    ledger_close(l);
    json_decref(web_local(&node, "verify", json_object()));
    web_remove(&node);
}

static void what_is_erased_is_nowhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tales); i++)
        tell(&tales[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_erased_is_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
