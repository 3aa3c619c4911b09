/* A disk that fills in the middle of load: writes are refused, reads go on, and room is all that it takes. */
#include "support/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS 4
#define DISK "size=48m" /* the log of all that is accepted fits */
#define SMALL_DISK "size=8m"
#define MUCH 4000   /* whose log is several times the small disk */
#define REFUSALS 40 /* of each round, before there is room again */
#define ACCEPTED 200
#define PATIENCE_MS 20000

static struct web_node node;
static char disk[100];
static atomic_int accepted, full, strange;

/* Beside the disk's refusals there are those of the rules. */
static void note(const struct write *w)
{
    if (w->state == WRITE_ACCEPTED)
        atomic_fetch_add(&accepted, 1);
    else if (strcmp(w->code, "store_full") == 0)
        atomic_fetch_add(&full, 1);
    else if (strcmp(w->code, "over_limit") != 0 && strcmp(w->code, "payee_cannot_take") != 0) {
        print_error("%s %s: %s\n", w->path, w->body, w->code);
        atomic_fetch_add(&strange, 1);
    }
}

static void await(atomic_int *counter, int more)
{
    int until = atomic_load(counter) + more;

    for (int ms = 0; ms < PATIENCE_MS && atomic_load(counter) < until; ms++)
        usleep(1000);
    if (atomic_load(counter) < until)
        fail_msg("it goes on no more: %d accepted, %d refused for the disk, %d of what is wanted "
                 "missing",
                 accepted, full, until - atomic_load(counter));
}

static void fill(const char *path)
{
    static const char zeros[4096];
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    for (size_t size = sizeof zeros; size > 0;)
        if (write(fd, zeros, size) != (ssize_t)size)
            size /= 2;
    close(fd);
}

static json_t *get(const char *path)
{
    struct client c = {.node = &node, .fd = -1};
    struct web_response r = {0};
    json_t *json;

    assert_true(load_ask(&c, &(struct web_request){"GET", path, node.tokens[1], NULL, NULL}, &r));
    if (r.status != 200)
        fail_msg("%s: %s", path, r.body);
    json = web_json(&r);
    web_clear(&r);
    load_hang_up(&c);
    return json;
}

/* What was answered is what is there: nothing of what was refused, all of what was accepted. */
static void expect_all(struct client clients[LOAD_THREADS])
{
    json_t *transfers = get("/api/v1/node");
    json_t *balances = get("/api/v1/balances");
    json_t *verified = get("/api/v1/verification");
    struct tally tally = {0};

    for (int m = 1; m <= TALLY_MEMBERS; m++)
        tally.floor_minor[m] = -100000;
    for (int i = 0; i < LOAD_THREADS; i++)
        for (size_t n = 0; n < clients[i].count; n++)
            if (clients[i].writes[n].state == WRITE_ACCEPTED)
                tally_add(&tally, &clients[i].writes[n]);
    assert_true(tally_agrees(&tally, transfers, balances));
    assert_true(json_is_true(json_object_get(verified, "sound")));
    json_decref(transfers);
    json_decref(balances);
    json_decref(verified);
}

static bool make_small_disk(const char *size)
{
    char moved[128];

    web_ledger(&node, TALLY_MEMBERS);
    snprintf(disk, sizeof disk, "%s/disk", node.dir);
    if (mkdir(disk, 0700) != 0 || mount("tmpfs", disk, "tmpfs", 0, size) != 0) {
        print_message("skipped: no small disk can be mounted here: %s\n", strerror(errno));
        rmdir(disk);
        web_remove(&node);
        disk[0] = '\0';
        return false;
    }
    snprintf(moved, sizeof moved, "cp '%.40s' '%.40s/'", node.path, disk);
    assert_int_equal(system(moved), 0);
    snprintf(node.path, sizeof node.path, "%.90s/ledger.db", disk);
    return true;
}

/* A node of a test that failed may still be there. */
static int remove_small_disk(void **state)
{
    char command[100];

    (void)state;
    if (disk[0] == '\0')
        return 0;
    umount2(disk, MNT_DETACH);
    snprintf(command, sizeof command, "rm -rf '%s'", node.dir);
    return system(command);
}

static struct client clients[LOAD_THREADS];
static atomic_bool over;

static void begin_load(void)
{
    atomic_store(&over, false);
    accepted = full = strange = 0;
    web_start(&node, 0);
    for (int i = 0; i < LOAD_THREADS; i++) {
        clients[i] = (struct client){.node = &node,
                                     .number = i + 1,
                                     .random = (uint64_t)i,
                                     .fd = -1,
                                     .over = &over,
                                     .answered = note};
        load_start(&clients[i]);
    }
}

static void end_load(void)
{
    atomic_store(&over, true);
    for (int i = 0; i < LOAD_THREADS; i++)
        load_join(&clients[i]);
    print_message("%d accepted, %d refused for the full disk\n", accepted, full);
    assert_int_equal(strange, 0);
    expect_all(clients);
    web_stop(&node);
    assert_int_equal(node.outcome, LEDGER_OK);
    for (int i = 0; i < LOAD_THREADS; i++)
        load_forget(&clients[i]);
}

static void it_fills_and_there_is_room_again(void **state)
{
    char filler[128];

    (void)state;
    if (!make_small_disk(DISK))
        skip();
    snprintf(filler, sizeof filler, "%.90s/fill", disk);
    begin_load();
    for (int round = 0; round < ROUNDS; round++) {
        await(&accepted, ACCEPTED);
        fill(filler);
        await(&full, REFUSALS);
        json_decref(get("/api/v1/balances"));
        unlink(filler);
    }
    await(&accepted, ACCEPTED);
    end_load();
}

/* The log of a node would be let grow to more than this disk holds. */
static void its_own_log_fills_it(void **state)
{
    (void)state;
    if (!make_small_disk(SMALL_DISK))
        skip();
    begin_load();
    await(&accepted, MUCH);
    end_load();
    assert_int_equal(full, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(it_fills_and_there_is_room_again, remove_small_disk),
        cmocka_unit_test_teardown(its_own_log_fills_it, remove_small_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
