/*
 * The Nth read, write, sync … and the Nth malloc fails, for every N until a story runs clean: each time
 * it is said, nothing is half, and what is asked again ends where the story without faults ends.
 *
 * COLEDGER_FAULTS_STEP=1 tries each of those that are too many for every day;
 * COLEDGER_FAULTS_KIND tries one kind.
 */
#include "support/bytes.h"
#include "support/disk.h"
#include "support/faults.h"
#include "support/shim.h"
#include "support/tale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS 3
#define TRIES_MAX 8
#define TALE 3

static char folder[64];
static struct bytes young;
static unsigned char rows[GROUPS + 1][TALE_DIGEST];
static unsigned char answers[GROUPS + 1][TALE_DIGEST];

struct story {
    const struct trouble *trouble;
    int64_t nth;
    struct tale t;
};

/* clang-format off */
static const struct trouble {
    enum fault_kind kind;
    bool lasting;
    bool reads_go_on;
    int step;                    /* each so many-th */
    enum ledger_status says[3];  /* what it may be called; LEDGER_OK ends it */
} troubles[] = {
    {FAULT_OPEN,     false, false,  1, {LEDGER_READ_ONLY, LEDGER_STORE_BROKEN, LEDGER_ZONE_UNKNOWN}},
    {FAULT_READ,     false, false,  2, {LEDGER_STORE_BROKEN}},
    {FAULT_WRITE,    false, false,  2, {LEDGER_STORE_BROKEN}},
    {FAULT_WRITE,    true,  false,  5, {LEDGER_STORE_BROKEN}},
    {FAULT_FULL,     false, true,   5, {LEDGER_STORE_FULL}},
    {FAULT_FULL,     true,  true,   2, {LEDGER_STORE_FULL}},
    {FAULT_SYNC,     false, false,  1, {LEDGER_STORE_BROKEN}},
    {FAULT_SYNC,     true,  false,  1, {LEDGER_STORE_BROKEN}},
    {FAULT_TRUNCATE, false, false,  1, {LEDGER_STORE_BROKEN}},
    {FAULT_REMOVE,   false, false,  1, {LEDGER_STORE_BROKEN}},
    {FAULT_LOCK,     false, false,  1, {LEDGER_STORE_BROKEN}},
    {FAULT_MAP,      false, false,  1, {LEDGER_STORE_BROKEN}},
    {FAULT_MEMORY,   false, false, 97, {LEDGER_NO_MEMORY}},
};
/* clang-format on */

static void wrong(const struct story *s, const char *what, enum ledger_status st)
{
    fail_msg("%s %lld%s: %s (%s: %s)", fault_names[s->trouble->kind], (long long)s->nth,
             s->trouble->lasting ? " and on" : "", what, ledger_status_facts(st)->code,
             s->t.l ? ledger_message(s->t.l) : "");
}

static void expect(const struct story *s, const char *what, enum ledger_status st)
{
    if (!fault_happened())
        wrong(s, "failed without a fault", st);
    for (size_t i = 0; i < 3 && s->trouble->says[i] != LEDGER_OK; i++)
        if (s->trouble->says[i] == st)
            return;
    wrong(s, what, st);
}

/* The trouble is over. */
static void recover(struct story *s, enum ledger_status st)
{
    fault_disarm();
    if (s->t.l && st != LEDGER_STORE_BROKEN)
        return;
    tale_close(&s->t);
}

static void open_again(struct story *s)
{
    for (int i = 0; i < TRIES_MAX && !s->t.l; i++) {
        enum ledger_status st = tale_open(&s->t);
        if (st == LEDGER_OK)
            return;
        expect(s, "opening", st);
        tale_close(&s->t);
        fault_disarm();
    }
}

static void ask(struct story *s, int g, bool must)
{
    unsigned char got[TALE_DIGEST];

    if (!s->t.l)
        return;
    enum ledger_status st = tale_ask(&s->t, g, got);
    if (st == LEDGER_OK && memcmp(got, answers[g], TALE_DIGEST) != 0)
        wrong(s, "an answer is wrong", st);
    if (st == LEDGER_OK)
        return;
    if (must)
        wrong(s, "a read did not go on", st);
    expect(s, "asking", st);
    recover(s, st);
}

/* After bad news: is the group there? Whole or not at all; and not, when that was said. */
static bool is_there(struct story *s, int g, enum ledger_status said)
{
    unsigned char got[TALE_DIGEST];

    open_again(s);
    if (!s->t.l || !tale_digest(&s->t, got))
        wrong(s, "the rows cannot be read", said);
    if (memcmp(got, rows[g], TALE_DIGEST) == 0)
        return false;
    if (memcmp(got, rows[g + 1], TALE_DIGEST) != 0)
        wrong(s, "a group is there in part", said);
    if (said == LEDGER_STORE_FULL)
        wrong(s, "it was said that nothing was written", said);
    return true;
}

static void tell(struct story *s, int g)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        open_again(s);
        enum ledger_status st = tale_group(&s->t, g);
        if (s->t.broken)
            recover(s, LEDGER_STORE_BROKEN);
        if (st == LEDGER_OK)
            return;
        expect(s, "a group", st);
        if (s->trouble->reads_go_on)
            ask(s, g, true);
        recover(s, st);
        if (is_there(s, g, st))
            return;
    }
    wrong(s, "it is never done", LEDGER_OK);
}

static void begin(struct story *s)
{
    disk_empty_folder(folder);
    snprintf(s->t.path, sizeof s->t.path, "%s/ledger.db", folder);
    bytes_write(s->t.path, young.data, young.size);
    s->t.seed = TALE;
    s->t.log_pages = 20;
}

/* Whether the fault happened at all. */
static bool run(const struct trouble *trouble, int64_t nth)
{
    struct story s = {.trouble = trouble, .nth = nth};
    char what[80];

    begin(&s);
    fault_arm(trouble->kind, nth, trouble->lasting);
    for (int g = 0; g < GROUPS; g++) {
        tell(&s, g);
        ask(&s, g + 1, false);
    }
    tale_close(&s.t);
    bool happened = fault_disarm();
    snprintf(what, sizeof what, "%s %lld", fault_names[trouble->kind], (long long)nth);
    tale_must_be_sound(s.t.path, what);
    if (!is_there(&s, GROUPS - 1, LEDGER_OK))
        wrong(&s, "the end is missing", LEDGER_OK);
    tale_close(&s.t);
    return happened;
}

static void every_one(void **state)
{
    const char *text = getenv("COLEDGER_FAULTS_STEP");
    const char *only = getenv("COLEDGER_FAULTS_KIND");
    int64_t step = text ? strtoll(text, NULL, 10) : 0;

    (void)state;
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        if (only && strcmp(only, fault_names[troubles[i].kind]) != 0)
            continue;
        int64_t by = step ? step : troubles[i].step;
        int64_t n = 1;
        while (run(&troubles[i], n))
            n += by;
        print_message("%s%s: %lld places%s\n", fault_names[troubles[i].kind],
                      troubles[i].lasting ? " from here on" : "", (long long)n - 1,
                      by > 1 ? ", not each tried" : "");
    }
}

/* An end that found no memory is made up for when the next transaction begins. */
static void what_could_not_be_ended_is_ended(void **state)
{
    struct story s = {0};

    (void)state;
    snprintf(s.t.path, sizeof s.t.path, "%s/ledger.db", folder);
    begin(&s);
    assert_int_equal(tale_open(&s.t), LEDGER_OK);
    assert_int_equal(ledger_begin_write(s.t.l), LEDGER_OK);
    fault_arm(FAULT_MEMORY, 1, true);
    ledger_rollback(s.t.l);
    assert_true(fault_disarm());
    assert_true(ledger_in_transaction(s.t.l));
    assert_int_equal(ledger_begin_write(s.t.l), LEDGER_OK);
    ledger_rollback(s.t.l);
    assert_false(ledger_in_transaction(s.t.l));
    assert_int_equal(ledger_begin_read(s.t.l), LEDGER_OK);
    ledger_rollback(s.t.l);
    tale_close(&s.t);
}

static int set_up(void **state)
{
    struct story s = {0};

    (void)state;
    disk_make_folder(folder);
    shim_install();
    snprintf(s.t.path, sizeof s.t.path, "%s/ledger.db", folder);
    tale_make(s.t.path);
    young = bytes_read(s.t.path);
    begin(&s);
    assert_int_equal(tale_open(&s.t), LEDGER_OK);
    for (int g = 0; g <= GROUPS; g++) {
        assert_true(tale_digest(&s.t, rows[g]));
        assert_int_equal(tale_ask(&s.t, g, answers[g]), LEDGER_OK);
        if (g < GROUPS)
            assert_int_equal(tale_group(&s.t, g), LEDGER_OK);
    }
    tale_close(&s.t);
    return 0;
}

static int clear_up(void **state)
{
    (void)state;
    disk_remove_folder(folder);
    bytes_free(&young);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_one),
        cmocka_unit_test(what_could_not_be_ended_is_ended),
    };

    return cmocka_run_group_tests(tests, set_up, clear_up);
}
