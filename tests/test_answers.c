/*
 * The same write under the same uid gets its first answer again, whatever became of its noun since: every write of
 * the table is done once, then all the others, then it is asked again.
 */
#include "support/access.h"

#include "api/http.h"
#include "api/run.h"
#include "ledger/date.h"
#include "ledger/register.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define BEFORE_MAX 4
#define HOURS(n) ((n)*INT64_C(3600000000))
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* In its arguments # stands for today and @ for the day after the day after tomorrow. */
struct deed {
    const char *operation;
    const char *args;
};

static struct web_node node;
static struct access_row rows[ACCESS_ROWS_MAX];
static int row_count;
static struct ledger *l;
static uint64_t uids;
static int64_t later_us; /* than the real time */

static int64_t now_us(void *arg)
{
    (void)arg;
    return api_env.now_us(NULL) + later_us;
}

static struct ledger_env env;

static int start(void **state)
{
    char token[LEDGER_TOKEN_SECRET];

    (void)state;
    access_ledger(&node, token);
    row_count = access_read(rows);
    env = api_env;
    env.now_us = now_us;
    node.env = &env;
    l = web_open(&node);
    return ledger_begin_write(l) == LEDGER_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    ledger_rollback(l);
    ledger_close(l);
    web_remove(&node);
    return 0;
}

/* The arguments that the row's path and body are. */
static json_t *args_of(const struct access_row *row)
{
    const struct http_header headers[] = {{"Host", "test"}, {"Content-Type", "application/json"}};
    const bool has_body = row->body[0] != '-';
    char path[256];
    struct http_request q = {.method = api_operation_named(row->operation)->method,
                             .path = path,
                             .headers = headers,
                             .header_count = 2,
                             .body = has_body ? row->body : NULL,
                             .body_size = has_body ? strlen(row->body) : 0};
    struct http_response response = {0};
    struct api_call call;
    json_t *args;

    snprintf(path, sizeof path, HTTP_ROOT "%s", row->path);
    api_call_init(&call, NULL);
    assert_int_equal(http_route(&q, &call, &response), LEDGER_OK);
    assert_int_equal(http_take(&q, &call), LEDGER_OK);
    args = json_incref(call.args);
    api_call_clear(&call);
    return args;
}

static struct ledger_uid new_uid(void)
{
    struct ledger_uid uid = {.bytes = {0}};

    uids++;
    memcpy(uid.bytes, &uids, sizeof uids);
    return uid;
}

static void prepare(const struct deed *d)
{
    struct ledger_uid uid = new_uid();
    bool replayed;
    json_t *answer = web_write(l, d->operation, web_args(d->args), &uid, &replayed);

    if (!answer)
        fail_msg("%s %s: %s", d->operation, d->args, ledger_message(l));
    json_decref(answer);
}

/* What takes answers away is tests/test_forgotten.c's. */
static bool takes_words(const struct access_row *row)
{
    static const char *const taking[] = {".erase", "notice.set", "webhook.remove"};

    for (size_t i = 0; i < COUNT(taking); i++)
        if (strstr(row->operation, taking[i]))
            return true;
    return false;
}

static bool is_write(const struct access_row *row)
{
    return api_operation_named(row->operation)->mode == API_WRITE;
}

/* All that can still be done is done. */
static void move_on(void)
{
    for (int i = 0; i < row_count; i++) {
        struct ledger_uid uid = new_uid();
        bool replayed;

        if (is_write(&rows[i]) && !takes_words(&rows[i]))
            json_decref(web_write(l, rows[i].operation, args_of(&rows[i]), &uid, &replayed));
    }
}

/* As text, for the order of its members too; a secret is shown once. */
static char *text_of(json_t *answer)
{
    char *text;

    assert_non_null(answer);
    json_object_del(answer, "secret");
    text = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    return text;
}

/* `args` is taken over. */
static void expect_again(const char *operation, json_t *args, const struct deed *then)
{
    struct ledger_uid uid = new_uid();
    bool replayed;
    char *first, *again;
    json_t *answer = web_write(l, operation, json_deep_copy(args), &uid, &replayed);

    if (!answer)
        fail_msg("%s: %s", operation, ledger_message(l));
    assert_false(replayed);
    first = text_of(answer);
    if (then)
        prepare(then);
    move_on();
    again = text_of(web_write(l, operation, args, &uid, &replayed));
    assert_true(replayed);
    if (strcmp(first, again) != 0)
        print_error("%s\n%s\n%s\n", operation, first, again);
    assert_string_equal(first, again);
    free(first);
    free(again);
}

/* What a row of access.txt cannot do at once, or no caller there may. */
static const struct prepared {
    struct deed deed;
    int64_t later_us;
    struct deed before[BEFORE_MAX];
} prepared[] = {
    {{"attendance.confirm", "{\"id\":4}"},
     HOURS(5 * 24),
     {{"session.add", "{\"course\":2,\"starts\":\"@T18:00\",\"ends\":\"@T20:00\",\"capacity\":2}"},
      {"enrolment.add", "{\"session\":4,\"member\":\"mill\",\"name\":\"Ana\"}"}}},
    {{"placement.agree",
      "{\"host\":\"riverside\",\"member\":\"mill\",\"person\":\"Ana\",\"hours\":\"8\","
      "\"rate\":\"1.00\",\"currency\":\"CALD\",\"starts\":\"#\",\"ends\":\"@\"}"},
     0,
     {{0}}},
    {{"placement.sign", "{\"id\":1,\"week\":\"#\",\"hours\":\"8\",\"side\":\"host\"}"}, 0, {{0}}},
    {{"booking.make", "{\"resource\":\"hall\",\"from\":\"@T09:00\",\"for\":\"2h\","
                      "\"member\":\"mill\",\"title\":\"choir\"}"},
     0,
     {{0}}},
    {{"booking.confirm", "{\"id\":4}"},
     0,
     {{"booking.make", "{\"resource\":\"hall\",\"from\":\"@T09:00\",\"for\":\"2h\","
                       "\"member\":\"mill\",\"hold\":\"2h\"}"}}},
    {{"booking.reject", "{\"id\":4,\"reason\":\"full\"}"},
     0,
     {{"resource.set", "{\"resource\":\"hall\",\"host_word\":true,\"reason\":\"asked\"}"},
      {"booking.make", "{\"resource\":\"hall\",\"from\":\"@T09:00\",\"for\":\"2h\","
                       "\"member\":\"mill\"}"}}},
    {{"booking.check-in", "{\"id\":1}"}, HOURS(48), {{0}}},
    {{"booking.complete", "{\"id\":1}"}, HOURS(48), {{0}}},
    {{"booking.no-show", "{\"id\":1}"}, HOURS(48), {{0}}},
    {{"series.make", "{\"resource\":\"hall\",\"rule\":\"FREQ=DAILY;COUNT=1\",\"member\":\"mill\","
                     "\"start\":\"@T14:00\",\"end\":\"@T16:00\"}"},
     0,
     {{0}}},
    {{"request.resolve", "{\"id\":1,\"reason\":\"fresh\"}"},
     0,
     {{"request.dispute", "{\"id\":1,\"reason\":\"stale\"}"}}},
    {{"standing.resume", "{\"id\":1}"}, 0, {{"standing.pause", "{\"id\":1}"}}},
    {{"standing.retry", "{\"id\":4}"},
     0,
     {{"standing.order", "{\"from\":\"idle\",\"payee\":\"mill\",\"amount\":\"5000.00\","
                         "\"currency\":\"CALD\",\"every\":\"month\",\"until_ended\":true}"},
      {"chores.run", "{}"},
      {"account.limit", "{\"member\":\"idle\",\"currency\":\"CALD\",\"floor\":\"-9000.00\","
                        "\"reason\":\"trusted\"}"}}},
    {{"charge.agree", "{\"id\":1,\"from\":\"idle\",\"amount\":\"2.00\"}"}, 0, {{0}}},
    {{"default.declare", "{\"member\":\"mill\",\"currency\":\"CALD\",\"reason\":\"closed\"}"},
     0,
     {{"transfer.pay",
       "{\"from\":\"mill\",\"payee\":\"idle\",\"amount\":\"90\",\"currency\":\"CALD\"}"}}},
    {{"default.recover", "{\"id\":1,\"amount\":\"1.00\",\"reason\":\"paid\"}"},
     0,
     {{"default.cover", "{\"id\":1}"}}},
};

static void expect_prepared(const struct prepared *p)
{
    for (int i = 0; i < BEFORE_MAX && p->before[i].operation; i++)
        prepare(&p->before[i]);
    later_us = p->later_us;
    expect_again(p->deed.operation, web_args(p->deed.args), NULL);
    later_us = 0;
}

static void undo(void)
{
    assert_int_equal(ledger_rollback_to(l), LEDGER_OK);
    assert_int_equal(ledger_savepoint(l), LEDGER_OK);
}

/* Postings, and what else is read again from rows that never change: nothing of them is kept. */
static const char *const read_again[] = {
    "member.settle",    "member.write-off", "transfer.pay",   "transfer.post",    "transfer.memo",
    "transfer.reverse", "transfer.refund",  "transfer.erase", "hold.place",       "hold.capture",
    "hold.release",     "extra.charge",     "credits.grant",  "certificate.issue"};

static bool is_read_again(const char *operation)
{
    for (size_t i = 0; i < COUNT(read_again); i++)
        if (strcmp(read_again[i], operation) == 0)
            return true;
    return false;
}

static enum ledger_status note_last(void *ctx, const struct ledger_record *r)
{
    *(struct ledger_record *)ctx = *r;
    return LEDGER_OK;
}

static void the_others_are_kept(void **state)
{
    (void)state;
    struct ledger_record last = {.seq = 0};
    char *answer;

    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        if (op->mode == API_WRITE)
            assert_int_equal(op->answer != NULL, is_read_again(op->name));
    assert_int_equal(ledger_savepoint(l), LEDGER_OK);
    prepare(&(struct deed){
        "transfer.pay",
        "{\"from\":\"idle\",\"payee\":\"mill\",\"amount\":\"5\",\"currency\":\"CALD\"}"});
    assert_int_equal(ledger_register_each(l, 0, INT32_MAX, note_last, &last), LEDGER_OK);
    assert_string_equal(last.operation, "transfer.pay");
    assert_int_equal(ledger_register_answer(l, last.seq, &answer), LEDGER_NO_ROW);
    prepare(&(struct deed){"request.withdraw", "{\"id\":1,\"reason\":\"sent twice\"}"});
    assert_int_equal(ledger_register_answer(l, last.seq + 1, &answer), LEDGER_OK);
    free(answer);
    assert_int_equal(ledger_rollback_to(l), LEDGER_OK);
}

static int drive(const struct api_operation *op)
{
    int driven = 0;

    for (int i = 0; i < row_count; i++)
        if (strcmp(rows[i].operation, op->name) == 0 &&
            (rows[i].status[STEWARD] == 200 || rows[i].status[TREASURER] == 200)) {
            expect_again(op->name, args_of(&rows[i]), NULL);
            undo();
            driven++;
        }
    for (size_t i = 0; i < COUNT(prepared); i++)
        if (strcmp(prepared[i].deed.operation, op->name) == 0) {
            expect_prepared(&prepared[i]);
            undo();
            driven++;
        }
    return driven;
}

static void every_write_is_answered_again(void **state)
{
    (void)state;
    assert_int_equal(ledger_savepoint(l), LEDGER_OK);
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        if (op->mode == API_WRITE && drive(op) == 0)
            fail_msg("%s: no row is accepted", op->name);
    assert_int_equal(ledger_rollback_to(l), LEDGER_OK);
}

/* The noun moves on, and says so where it is shown; the first answer says what it said. */
static const struct move {
    struct deed deed;
    struct deed then;
    struct deed show;
    const char *key;
    const char *first;
    const char *later;
} moves[] = {
    {{"request.create", "{\"payee\":\"mill\",\"payer\":\"riverside\",\"currency\":\"CALD\","
                        "\"text\":\"rye\",\"amount\":\"2.00\"}"},
     {"request.withdraw", "{\"id\":4,\"reason\":\"sent twice\"}"},
     {"request.show", "{\"id\":4}"},
     "state",
     "open",
     "withdrawn"},
    {{"request.pay", "{\"id\":1,\"amount\":\"1.00\"}"},
     {"request.pay", "{\"id\":1,\"amount\":\"2.00\"}"},
     {"request.show", "{\"id\":1}"},
     "open",
     "3.00",
     "1.00"},
    {{"offer.post", "{\"member\":\"mill\",\"category\":\"food\",\"title\":\"Rye\"}"},
     {"offer.close", "{\"id\":3,\"reason\":\"sold\"}"},
     {"offer.show", "{\"id\":3}"},
     "state",
     "open",
     "closed"},
    {{"placement.agree",
      "{\"host\":\"riverside\",\"member\":\"mill\",\"person\":\"Ana\",\"hours\":\"8\","
      "\"rate\":\"1.00\",\"currency\":\"CALD\",\"starts\":\"#\",\"ends\":\"@\"}"},
     {"placement.end", "{\"id\":2,\"reason\":\"moved\"}"},
     {"placement.show", "{\"id\":2}"},
     "state",
     "running",
     "ended"},
    {{"standing.order", "{\"from\":\"mill\",\"payee\":\"riverside\",\"amount\":\"1.00\","
                        "\"currency\":\"CALD\",\"every\":\"month\",\"until_ended\":true}"},
     {"standing.pause", "{\"id\":4}"},
     {"standing.show", "{\"id\":4}"},
     "state",
     "running",
     "paused"},
    {{"charge.offer", "{\"member\":\"mill\",\"title\":\"Ovens\",\"amount\":\"2.00\","
                      "\"currency\":\"CALD\",\"every\":\"month\"}"},
     {"charge.price", "{\"id\":2,\"amount\":\"3.00\"}"},
     {"charge.show", "{\"id\":2}"},
     "amount",
     "2.00",
     "3.00"},
    {{"preapproval.set", "{\"from\":\"mill\",\"payee\":\"riverside\",\"currency\":\"CALD\","
                         "\"each\":\"1.00\",\"month\":\"2.00\"}"},
     {"preapproval.revoke", "{\"id\":2}"},
     {"preapproval.show", "{\"id\":2}"},
     "state",
     "live",
     "revoked"},
    {{"default.declare", "{\"member\":\"idle\",\"currency\":\"CALD\",\"reason\":\"closed\"}"},
     {"default.cover", "{\"id\":2}"},
     {"default.show", "{\"id\":2}"},
     "state",
     "declared",
     "covered"},
    {{"enrolment.add", "{\"session\":1,\"member\":\"idle\"}"},
     {"enrolment.cancel", "{\"id\":4,\"reason\":\"ill\"}"},
     {"enrolment.show", "{\"id\":4}"},
     "state",
     "enrolled",
     "cancelled"},
    {{"booking.make", "{\"resource\":\"hall\",\"from\":\"@T09:00\",\"for\":\"2h\","
                      "\"member\":\"mill\",\"title\":\"choir\"}"},
     {"booking.cancel", "{\"id\":4,\"reason\":\"ill\"}"},
     {"booking.show", "{\"id\":4}"},
     "state",
     "confirmed",
     "cancelled"},
    {{"hold.place", "{\"from\":\"riverside\",\"payees\":[{\"payee\":\"mill\",\"amount\":\"1.00\"}],"
                    "\"currency\":\"CALD\",\"memo\":\"seats\"}"},
     {"hold.capture", "{\"id\":6}"},
     {"hold.show", "{\"id\":6}"},
     "state",
     "open",
     "captured"},
};

static void expect_shown(const struct move *m, const char *value)
{
    const struct api_operation *op = api_operation_named(m->show.operation);
    struct api_call call;
    json_t *out;

    api_call_init(&call, op);
    json_decref(call.args);
    call.args = web_args(m->show.args);
    api_call_as_local(&call, "test");
    if (api_run_read(l, &call, &out) != LEDGER_OK)
        fail_msg("%s: %s", op->name, call.problem.detail);
    assert_string_equal(json_string_value(json_object_get(out, m->key)), value);
    json_decref(out);
    api_call_clear(&call);
}

static void a_noun_that_moved_on_changes_no_answer(void **state)
{
    (void)state;
    assert_int_equal(ledger_savepoint(l), LEDGER_OK);
    prepare(&(struct deed){
        "transfer.pay",
        "{\"from\":\"idle\",\"payee\":\"mill\",\"amount\":\"5\",\"currency\":\"CALD\"}"});
    for (size_t i = 0; i < COUNT(moves); i++) {
        const struct move *m = &moves[i];

        assert_int_equal(ledger_savepoint(l), LEDGER_OK);
        prepare(&m->deed);
        expect_shown(m, m->first);
        prepare(&m->then);
        expect_shown(m, m->later);
        assert_int_equal(ledger_rollback_to(l), LEDGER_OK);
        assert_int_equal(ledger_savepoint(l), LEDGER_OK);
        expect_again(m->deed.operation, web_args(m->deed.args), &m->then);
        assert_int_equal(ledger_rollback_to(l), LEDGER_OK);
    }
    assert_int_equal(ledger_rollback_to(l), LEDGER_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_others_are_kept),
        cmocka_unit_test(every_write_is_answered_again),
        cmocka_unit_test(a_noun_that_moved_on_changes_no_answer),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
