/* What the store tells whoever measures it: every sync and every checkpoint, in order, and no more. */
#include "ledger/journal.h"
#include "support/region.h"

#include <string.h>

#define EVENTS_MAX 64

struct seen {
    char letters[EVENTS_MAX];
    size_t count;
};

/* One letter an event: a log's sync is Ll, a file's Ff, a checkpoint's copying is Cc. */
static void note(void *ctx, enum ledger_watch_event event)
{
    static const char letters[] = {
        [LEDGER_LOG_SYNC] = 'L',    [LEDGER_LOG_SYNCED] = 'l', [LEDGER_FILE_SYNC] = 'F',
        [LEDGER_FILE_SYNCED] = 'f', [LEDGER_CHECKPOINT] = 'C', [LEDGER_CHECKPOINT_COPIED] = 'c',
    };
    struct seen *seen = ctx;

    assert_true(seen->count + 1 < EVENTS_MAX);
    seen->letters[seen->count++] = letters[event];
    seen->letters[seen->count] = '\0';
}

static void expect(struct seen *seen, const char *letters)
{
    assert_string_equal(seen->letters, letters);
    *seen = (struct seen){0};
}

static void open_watched(struct region *r, struct seen *seen)
{
    const struct ledger_watch watch = {note, seen};
    const struct ledger_options options = {.write = true, .wait_ms = 0, .watch = &watch};
    const struct ledger_env env = test_env(&r->clock);

    assert_int_equal(ledger_open(r->path, &options, &env, &r->l), LEDGER_OK);
}

static void syncs_and_checkpoints(void **state)
{
    struct region r;
    struct seen seen = {0};

    (void)state;
    region_start_file(&r);
    region_currency(&r, "CALD");
    region_close(&r);
    open_watched(&r, &seen);
    seen = (struct seen){0};

    OK(&r, ledger_begin_write(r.l));
    ledger_rollback(r.l);
    OK(&r, ledger_begin_read(r.l));
    ledger_rollback(r.l);
    expect(&seen, "");
    OK(&r, ledger_begin_write(r.l));
    region_member(&r, "ana");
    OK(&r, ledger_commit(r.l));
    /* The first commit after a checkpoint syncs the log's new header too. */
    expect(&seen, "LlLl");
    OK(&r, ledger_begin_write(r.l));
    region_member(&r, "ben");
    OK(&r, ledger_commit(r.l));
    expect(&seen, "Ll");
    OK(&r, ledger_checkpoint(r.l, false));
    expect(&seen, "LlCcFf");
    OK(&r, ledger_checkpoint(r.l, false));
    expect(&seen, "");
    ledger_close(r.l);
    r.l = NULL;
    region_open(&r, true);
    region_end(&r);
}

/* A reader that stands in the way of the last pages: the file is not synced then. */
static void a_checkpoint_that_is_not_whole(void **state)
{
    const struct ledger_options reading = {.write = false};
    struct region r;
    struct seen seen = {0};
    struct ledger *reader;
    int64_t transfers;

    (void)state;
    region_start_file(&r);
    region_close(&r);
    open_watched(&r, &seen);
    OK(&r, ledger_begin_write(r.l));
    region_member(&r, "ana");
    OK(&r, ledger_commit(r.l));
    const struct ledger_env env = test_env(&r.clock);
    assert_int_equal(ledger_open(r.path, &reading, &env, &reader), LEDGER_OK);
    assert_int_equal(ledger_begin_read(reader), LEDGER_OK);
    assert_int_equal(ledger_journal_length(reader, &transfers), LEDGER_OK);
    OK(&r, ledger_begin_write(r.l));
    region_member(&r, "ben");
    OK(&r, ledger_commit(r.l));
    seen = (struct seen){0};
    OK(&r, ledger_checkpoint(r.l, false));
    expect(&seen, "LlCc");
    ledger_close(reader);
    OK(&r, ledger_checkpoint(r.l, false));
    expect(&seen, "LlCcFf");
    ledger_close(r.l);
    r.l = NULL;
    region_open(&r, true);
    region_end(&r);
}

/* What cannot be opened leaves nothing of the watcher behind: the next one opens as ever. */
static void a_file_that_is_not_there(void **state)
{
    const struct ledger_watch watch = {note, NULL};
    const struct ledger_options options = {.write = true, .wait_ms = 0, .watch = &watch};
    struct test_clock clock = {0};
    const struct ledger_env env = test_env(&clock);
    struct region r;
    struct ledger *l;

    (void)state;
    assert_int_equal(ledger_open("/nowhere/at/all.db", &options, &env, &l), LEDGER_NO_SUCH_FILE);
    ledger_close(l);
    region_start_file(&r);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(syncs_and_checkpoints),
        cmocka_unit_test(a_checkpoint_that_is_not_whole),
        cmocka_unit_test(a_file_that_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
