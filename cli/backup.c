/*
 * backup.c - copy a ledger into a file, or into a folder where the older copies are kept or go.
 */
#include "commands.h"

#include "api/run.h"
#include "keep.h"
#include "ledger/backup.h"
#include "ledger/date.h"
#include "note.h"
#include "page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define DAILY 7
#define MONTHLY 12

enum { INTO, DAYS, MONTHS, OPTIONS };

const struct option command_backup_options[] = {
    [INTO] = {"into", "FOLDER", "write FOLDER/NAME-2026-11-24.db, and keep only what is wanted",
              false},
    [DAYS] = {"daily", "N", "of the newest days, 7 unless told", false},
    [MONTHS] = {"monthly", "N", "and the first of each of the newest months, 12 unless told",
                false},
    [OPTIONS] = {NULL, NULL, NULL, false},
};

/* For the doctor; a backup without it is one all the same. */
static void leave_note(const char *path, const char *backup)
{
    if (!note_write(path, api_env.now_us(api_env.arg), backup)) {
        fflush(stdout);
        fprintf(stderr, "%s.backup cannot be written: coledger doctor will not know of this one.\n",
                path);
    }
}

static int into_file(const struct command *c, const char *path, const char *to)
{
    static const struct api_column fields[] = {{"backup", "Backup", false},
                                               {"transfers", "Transfers", true},
                                               {"accounts", "Accounts", true},
                                               {0}};
    struct ledger_verification v;
    char message[LEDGER_MESSAGE_MAX];
    enum ledger_status st = ledger_backup(path, to, &api_env, &v, message);

    if (st != LEDGER_OK)
        return command_refused(c, st, "%s", message);
    command_show(c, fields,
                 json_pack("{s:s, s:I, s:I}", "backup", to, "transfers", (json_int_t)v.transfers,
                           "accounts", (json_int_t)v.accounts));
    leave_note(path, to);
    return 0;
}

static json_t *say_kept(const char *to, const struct keep_result *r)
{
    json_t *items = json_array();
    char day[LEDGER_DATE_TEXT];

    for (int i = r->count; i-- > 0;)
        json_array_append_new(items, json_pack("{s:s, s:s, s:s}", "file", r->files[i].name, "day",
                                               ledger_date_format(r->files[i].day, day), "kept",
                                               keep_fate_name(r->files[i].fate)));
    return json_pack("{s:s, s:I, s:I, s:o}", "backup", to, "transfers", (json_int_t)r->v.transfers,
                     "accounts", (json_int_t)r->v.accounts, "items", items);
}

static void show_kept(const struct command *c, const char *to, const struct keep_result *r)
{
    static const struct api_column head[] = {{"backup", "Backup", false},
                                             {"transfers", "Transfers", true},
                                             {"accounts", "Accounts", true},
                                             {0}};
    static const struct api_column columns[] = {
        {"file", "File", false}, {"kept", "Kept as", false}, {0}};
    const struct api_operation shape = {.head = head, .columns = columns};
    json_t *answer = say_kept(to, r);

    page_answer(c->form, &shape, answer);
    json_decref(answer);
}

static int into_folder(const struct command *c, const char *path, const struct keep *k)
{
    struct keep_result *r = calloc(1, sizeof *r);
    enum ledger_status st = r ? keep_backup(k, r) : LEDGER_NO_MEMORY;
    int exit_code = 0;
    char *to = NULL;

    if (r && (st == LEDGER_OK || st == LEDGER_INTEGRITY) && r->name[0] && r->count &&
        asprintf(&to, "%s/%s", k->into, r->name) >= 0) {
        show_kept(c, to, r);
        leave_note(path, to);
    }
    if (st != LEDGER_OK)
        exit_code = command_refused(c, st, "%s", r ? r->message : "");
    free(to);
    free(r);
    return exit_code;
}

/* `least` or more; -1 when it is no number. */
static int number(const char *text, int otherwise, int least)
{
    char *end;
    long n;

    if (!text)
        return otherwise;
    errno = 0;
    n = strtol(text, &end, 10);
    return errno || *end || end == text || n < least || n > KEEP_FILES_MAX / 2 ? -1 : (int)n;
}

static int backup(const struct command *c, const char *path, const char *to,
                  const char *const *values)
{
    const struct keep k = {.path = path,
                           .into = values[INTO],
                           .daily = number(values[DAYS], DAILY, 1),
                           .monthly = number(values[MONTHS], MONTHLY, 0),
                           .env = &api_env};

    if (!to == !k.into || (to && (values[DAYS] || values[MONTHS])))
        return command_refused(c, LEDGER_USAGE,
                               "say a file, or --into FOLDER with how many to keep: see coledger "
                               "help backup");
    if (to)
        return into_file(c, path, to);
    if (k.daily < 0 || k.monthly < 0)
        return command_refused(c, LEDGER_NUMBER_MALFORMED,
                               k.daily < 0 ? "--daily is a number from 1 to %d"
                                           : "--monthly is a number from 0 to %d",
                               KEEP_FILES_MAX / 2);
    return into_folder(c, path, &k);
}

int command_backup(struct command *c)
{
    const char *values[OPTIONS];
    const char *to;
    enum ledger_status st = command_line(c, values, &to, 0, 1);
    int exit_code = 0;
    char *path;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    path = command_file(c, &exit_code);
    if (!path)
        return exit_code;
    exit_code = backup(c, path, to, values);
    free(path);
    return exit_code;
}
