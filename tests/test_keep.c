/* Backups in a folder: which stay, which go, and that nothing else does. */
#include "support/furnished.h"

#include "cli/keep.h"
#include "ledger/backup.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct shelf {
    struct region r;
    struct ledger_env env;
    char into[64];
    char stem[64];
    struct keep k;
    struct keep_result *result;
};

static void start(struct shelf *s)
{
    *s = (struct shelf){0};
    region_start_file(&s->r);
    s->env = test_env(&s->r.clock);
    furnish(&s->r);
    OK(&s->r, ledger_commit(s->r.l));
    strcpy(s->into, "/tmp/coledger-keep-XXXXXX");
    assert_non_null(mkdtemp(s->into));
    snprintf(s->stem, sizeof s->stem, "%.60s", strrchr(s->r.path, '/') + 1);
    s->k =
        (struct keep){.path = s->r.path, .into = s->into, .daily = 2, .monthly = 2, .env = &s->env};
    s->result = calloc(1, sizeof *s->result);
}

static void end(struct shelf *s)
{
    char command[200];

    OK(&s->r, ledger_begin_write(s->r.l));
    region_end(&s->r);
    snprintf(command, sizeof command, "rm -rf %s", s->into);
    assert_int_equal(system(command), 0);
    free(s->result);
}

static enum ledger_status on(struct shelf *s, const char *date)
{
    region_set_day(&s->r, date);
    return keep_backup(&s->k, s->result);
}

#define MUST(s, want, call)                                                                        \
    do {                                                                                           \
        enum ledger_status got_ = (call);                                                          \
        if (got_ != (want))                                                                        \
            fail_msg("%s: %s, %s", #call, ledger_status_facts(got_)->code, (s)->result->message);  \
    } while (0)

static const char *path_of(struct shelf *s, const char *rest, char path[static 300])
{
    snprintf(path, 300, "%s/%s%s", s->into, s->stem, rest);
    return path;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What lies in the folder, without the ledger's name and the list, in order: "-2026-03-02.db ". */
static const char *in_folder(struct shelf *s)
{
    static char all[2000];
    char *names[50];
    int count = 0;
    DIR *folder = opendir(s->into);
    const struct dirent *e;

    while ((e = readdir(folder)))
        if (e->d_name[0] != '.' && !strstr(e->d_name, ".sha256"))
            names[count++] = strdup(strncmp(e->d_name, s->stem, strlen(s->stem)) == 0
                                        ? e->d_name + strlen(s->stem)
                                        : e->d_name);
    closedir(folder);
    qsort(names, (size_t)count, sizeof *names, by_name);
    all[0] = '\0';
    for (int i = 0; i < count; i++) {
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? " " : "", names[i]);
        free(names[i]);
    }
    return all;
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

struct decision {
    const char *shows;
    int daily, monthly;
    const char *files; /* a day each; ! damaged, - gone */
    const char *fates; /* d m b . for each; ! and - stay */
};

static const struct decision decisions[] = {
    {"the first of all is both", 2, 2, "2026-03-02", "b"},
    {"the newest days", 2, 0, "2026-03-02 2026-03-03 2026-03-04", ".dd"},
    {"and the first of each month", 1, 2, "2026-01-31 2026-02-01 2026-02-02 2026-03-01 2026-03-02",
     ".m.md"},
    {"of the newest months only", 1, 1, "2026-01-01 2026-02-01 2026-03-01 2026-03-02", "..md"},
    {"a month without backups counts for nothing", 1, 2, "2025-06-10 2026-03-01 2026-03-02", "mmd"},
    {"the same month of another year is another", 1, 2, "2025-03-01 2026-03-01", "mb"},
    {"a damaged one leaves its place to the next", 2, 0,
     "2026-03-02 2026-03-03 !2026-03-04 2026-03-05", ".d!d"},
    {"nor is it the first of its month", 1, 1, "!2026-03-01 2026-03-02 2026-03-03", "!md"},
    {"one that is gone neither", 1, 1, "-2026-03-01 2026-03-02 2026-03-03", "-md"},
    {"days that nobody came count for nothing", 2, 0, "2025-01-01 2026-03-02", "dd"},
};

static void which_stay(void **state)
{
    static const char letters[] = ".dmb!-";

    (void)state;
    for (size_t n = 0; n < sizeof decisions / sizeof decisions[0]; n++) {
        const struct decision *d = &decisions[n];
        struct keep_file files[10] = {0};
        char fates[11] = "";
        char days[200];
        char *rest = days;
        char *word;
        int count = 0;

        snprintf(days, sizeof days, "%s", d->files);
        while ((word = strsep(&rest, " "))) {
            files[count].fate = *word == '!' ? KEEP_DAMAGED : *word == '-' ? KEEP_GONE : KEEP_DAILY;
            files[count++].day = region_day(word + (*word == '!' || *word == '-'));
        }
        keep_decide(files, count, d->daily, d->monthly);
        for (int i = 0; i < count; i++)
            fates[i] = letters[files[i].fate];
        if (strcmp(fates, d->fates) != 0)
            fail_msg("%s: %s, not %s", d->shows, fates, d->fates);
    }
}

/* Half a year of nights beside an open writer. */
static void half_a_year(void **state)
{
    struct shelf s;
    char command[400];

    (void)state;
    start(&s);
    for (int32_t day = region_day("2026-03-10"); day <= region_day("2026-05-03"); day++) {
        char date[LEDGER_DATE_TEXT];

        MUST(&s, LEDGER_OK, on(&s, ledger_date_format(day, date)));
        assert_int_equal(s.result->v.transfers, 7);
    }
    assert_string_equal(in_folder(&s),
                        "-2026-04-01.db -2026-05-01.db -2026-05-02.db -2026-05-03.db");
    snprintf(command, sizeof command, "cd %s && sha256sum --quiet --strict -c %s.sha256", s.into,
             s.stem);
    assert_int_equal(system(command), 0);
    end(&s);
}

static void nothing_else_is_touched(void **state)
{
    static const char *const others[] = {"-2026-03-01.db", "-2026-03-01.db.old", "-notes.db",
                                         "2-2026-03-01.db", "-2026-13-01.db"};
    struct shelf s;
    char path[300];

    (void)state;
    start(&s);
    s.k.daily = 1;
    s.k.monthly = 0;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        write_text(path_of(&s, others[i], path), "not ours");
    MUST(&s, LEDGER_OK, on(&s, "2026-03-10"));
    MUST(&s, LEDGER_OK, on(&s, "2026-03-11"));
    assert_string_equal(in_folder(&s), "-2026-03-01.db -2026-03-01.db.old -2026-03-11.db "
                                       "-2026-13-01.db -notes.db 2-2026-03-01.db");
    write_text(path_of(&s, "-2026-03-12.db", path), "not ours");
    MUST(&s, LEDGER_EXISTS, on(&s, "2026-03-12"));
    assert_non_null(strstr(s.result->message, "-2026-03-12.db is there and not listed"));
    assert_non_null(strstr(in_folder(&s), "-2026-03-11.db"));
    end(&s);
}

static void twice_a_day(void **state)
{
    struct shelf s;
    struct ledger_verification v;
    char path[300];
    char copy[310];

    (void)state;
    start(&s);
    MUST(&s, LEDGER_OK, on(&s, "2026-03-10"));
    OK(&s.r, ledger_begin_write(s.r.l));
    region_pay(&s.r, 1, 2, 1);
    OK(&s.r, ledger_commit(s.r.l));
    MUST(&s, LEDGER_OK, on(&s, "2026-03-10"));
    assert_string_equal(in_folder(&s), "-2026-03-10.db");
    snprintf(copy, sizeof copy, "%s.copy", path_of(&s, "-2026-03-10.db", path));
    MUST(&s, LEDGER_OK, ledger_backup(path, copy, &s.env, &v, s.result->message));
    assert_int_equal(v.transfers, 8);
    end(&s);
}

static void a_damaged_one_is_named_and_stays(void **state)
{
    struct shelf s;
    char path[300];
    int fd;

    (void)state;
    start(&s);
    s.k.daily = 1;
    s.k.monthly = 0;
    MUST(&s, LEDGER_OK, on(&s, "2026-03-10"));
    fd = open(path_of(&s, "-2026-03-10.db", path), O_WRONLY);
    assert_int_equal(pwrite(fd, "x", 1, 5000), 1);
    close(fd);
    for (int again = 0; again < 2; again++) {
        MUST(&s, LEDGER_INTEGRITY, on(&s, again ? "2026-03-12" : "2026-03-11"));
        assert_non_null(strstr(s.result->message, "-2026-03-10.db is not what was written"));
    }
    assert_string_equal(in_folder(&s), "-2026-03-10.db -2026-03-12.db");
    assert_int_equal(unlink(path), 0);
    MUST(&s, LEDGER_OK, on(&s, "2026-03-13"));
    assert_int_equal(s.result->count, 3);
    assert_int_equal(s.result->files[0].fate, KEEP_GONE);
    MUST(&s, LEDGER_OK, on(&s, "2026-03-14"));
    assert_int_equal(s.result->count, 2); /* gone from the list too */
    end(&s);
}

/* When today's does not verify, nothing goes. */
static void a_broken_ledger_costs_no_backup(void **state)
{
    struct shelf s;

    (void)state;
    start(&s);
    s.k.daily = 1;
    s.k.monthly = 0;
    MUST(&s, LEDGER_OK, on(&s, "2026-03-10"));
    region_damage(s.r.path, "UPDATE account SET balance_minor = balance_minor + 1 WHERE id = 1");
    MUST(&s, LEDGER_INTEGRITY, on(&s, "2026-03-11"));
    assert_string_equal(in_folder(&s), "-2026-03-10.db");
    end(&s);
}

/* A clock that goes back does not cost the backup that was made just now. */
static void a_clock_that_goes_back(void **state)
{
    struct shelf s;

    (void)state;
    start(&s);
    s.k.daily = 1;
    s.k.monthly = 0;
    MUST(&s, LEDGER_OK, on(&s, "2026-03-10"));
    MUST(&s, LEDGER_OK, on(&s, "2026-03-04"));
    assert_string_equal(in_folder(&s), "-2026-03-04.db -2026-03-10.db");
    end(&s);
}

/* A run that was killed: before the list, its work goes; after it, its work is finished. */
static void what_a_kill_leaves(void **state)
{
    struct shelf s;
    char path[300];
    char other[300];

    (void)state;
    start(&s);
    MUST(&s, LEDGER_OK, on(&s, "2026-03-10"));
    MUST(&s, LEDGER_OK, on(&s, "2026-03-11"));
    path_of(&s, "-2026-03-11.db", path);
    assert_int_equal(rename(path, path_of(&s, "-2026-03-11.db.new", other)), 0);
    write_text(path_of(&s, "-2026-03-09.db.new", other), "half");
    write_text(path_of(&s, "-2026-03-09.db.new.AbCdEf", other), "half");
    write_text(path_of(&s, "-2026-03-09.db.new-wal", other), "half");
    MUST(&s, LEDGER_OK, on(&s, "2026-03-12"));
    assert_string_equal(in_folder(&s), "-2026-03-10.db -2026-03-11.db -2026-03-12.db");
    end(&s);
}

static void whose_folder_it_is(void **state)
{
    struct shelf s;
    char path[300];
    char saved[300];
    int fd;

    (void)state;
    start(&s);
    MUST(&s, LEDGER_OK, on(&s, "2026-03-10"));
    fd = open(s.into, O_RDONLY);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    MUST(&s, LEDGER_LOCKED, on(&s, "2026-03-11"));
    close(fd);
    path_of(&s, ".sha256", path);
    assert_int_equal(rename(path, path_of(&s, ".sha256-kept", saved)), 0);
    write_text(path, "# backups of \"Elsewhere\", a ledger since 2026-01-01T00:00:00.000000Z\n");
    MUST(&s, LEDGER_EXISTS, on(&s, "2026-03-11"));
    assert_non_null(strstr(s.result->message, "another ledger"));
    write_text(path, "my shopping\n");
    MUST(&s, LEDGER_FILE_MALFORMED, on(&s, "2026-03-11"));
    assert_string_equal(in_folder(&s), "-2026-03-10.db");
    s.k.into = "/nowhere/at/all";
    MUST(&s, LEDGER_NO_SUCH_FILE, on(&s, "2026-03-11"));
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_stay),
        cmocka_unit_test(half_a_year),
        cmocka_unit_test(nothing_else_is_touched),
        cmocka_unit_test(twice_a_day),
        cmocka_unit_test(a_damaged_one_is_named_and_stays),
        cmocka_unit_test(a_broken_ledger_costs_no_backup),
        cmocka_unit_test(a_clock_that_goes_back),
        cmocka_unit_test(what_a_kill_leaves),
        cmocka_unit_test(whose_folder_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
