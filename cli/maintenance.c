/*
 * maintenance.c - keep a ledger file: check it, bring a backup back, bring it up to date.
 */
#include "commands.h"

#include "api/run.h"
#include "ledger/backup.h"
#include "ledger/migrate.h"
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOCK_WAIT_MS 5000

enum { REPLACE, RESTORE_OPTIONS };

const struct option command_restore_options[] = {
    [REPLACE] = {"replace", NULL, "put it in the place of the ledger that is there", false},
    [RESTORE_OPTIONS] = {NULL, NULL, NULL, false},
};

static enum ledger_status verify(struct ledger *l, struct ledger_verification *v)
{
    struct progress bar;
    enum ledger_status st = ledger_begin_read(l);

    if (st != LEDGER_OK)
        return st;
    progress_begin(&bar, "verifying");
    st = ledger_verify(l, progress_step, &bar, v);
    progress_end(&bar);
    ledger_rollback(l);
    return st;
}

/* As the operation answers: the same words through both doors. */
static json_t *say_sound(const struct ledger_verification *v)
{
    return json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I}", "sound", true, "transfers",
                     (json_int_t)v->transfers, "entries", (json_int_t)v->entries, "accounts",
                     (json_int_t)v->accounts, "holds", (json_int_t)v->holds, "writes",
                     (json_int_t)v->writes, "erased", (json_int_t)v->erased);
}

int command_verify(struct command *c)
{
    const struct api_operation *op = api_operation_named("verify");
    struct ledger_verification v;
    struct api_problem problem;
    struct door door = {0};
    struct ledger *l;
    enum ledger_status st = command_line(c, NULL, NULL, 0, 0);
    int exit_code = 0;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    st = door_open(&door, &c->where, &problem);
    if (st == LEDGER_OK)
        st = door_ledger(&door, false, &l, &problem);
    if (st == LEDGER_OK) {
        st = verify(l, &v);
        if (st != LEDGER_OK)
            door_refuse(&problem, st, "%s", ledger_message(l));
    }
    if (st == LEDGER_OK)
        command_show(c, op->head, say_sound(&v));
    else
        exit_code = command_problem(c, &problem);
    door_close(&door);
    return exit_code;
}

/* `erased`: how many erasures were applied again, -1 when nobody can know of which. */
static void say_restored(const struct command *c, const char *path,
                         const struct ledger_verification *v, int64_t erased)
{
    static const struct api_column fields[] = {{"ledger", "Ledger", false},
                                               {"transfers", "Transfers", true},
                                               {"accounts", "Accounts", true},
                                               {"erased_again", "Erased again", true},
                                               {0}};

    command_show(c, fields,
                 json_pack("{s:s, s:I, s:I, s:o}", "ledger", path, "transfers",
                           (json_int_t)v->transfers, "accounts", (json_int_t)v->accounts,
                           "erased_again", erased < 0 ? json_null() : json_integer(erased)));
    if (erased < 0 && c->form != RENDER_JSON) {
        fflush(stdout);
        fputs("The ledger that was there could not be read: whatever had been erased in it since "
              "the backup is back, and must be erased again.\n",
              stderr);
    }
}

int command_restore(struct command *c)
{
    struct ledger_verification v;
    char message[LEDGER_MESSAGE_MAX];
    const char *values[RESTORE_OPTIONS];
    const char *from;
    int64_t erased = 0;
    enum ledger_status st = command_line(c, values, &from, 1, 1);
    int exit_code = 0;
    char *path;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    path = command_file(c, &exit_code);
    if (!path)
        return exit_code;
    st = ledger_restore(from, path, values[REPLACE] != NULL, &api_env, &erased, &v, message);
    if (st == LEDGER_OK)
        say_restored(c, path, &v, erased);
    else
        exit_code =
            command_refused(c, st, "%s%s", message, st == LEDGER_EXISTS ? " (--replace)" : "");
    free(path);
    return exit_code;
}

int command_migrate(struct command *c)
{
    static const struct api_column fields[] = {
        {"from", "Schema was", true}, {"to", "Schema is", true}, {"backup", "Backup", false}, {0}};
    struct ledger_migration m;
    enum ledger_status st = command_line(c, NULL, NULL, 0, 0);
    int exit_code = 0;
    char *path;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    path = command_file(c, &exit_code);
    if (!path)
        return exit_code;
    st = ledger_migrate(path, LOCK_WAIT_MS, &m);
    free(path);
    if (st != LEDGER_OK)
        return command_refused(c, st, "%s", m.message);
    command_show(c, fields,
                 json_pack("{s:i, s:i, s:s?}", "from", m.from, "to", m.to, "backup",
                           m.backup[0] ? m.backup : NULL));
    return 0;
}
