/*
 * doctor.c - look at everything that a ledger or a node needs, and say what to do.
 */
#include "doctor.h"

#include "commands.h"
#include "files.h"
#include "ledger/date.h"
#include "page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FULL, OPTIONS };

const struct option command_doctor_options[] = {
    [FULL] = {"full", NULL, "replay the whole journal, as verify does", false},
    [OPTIONS] = {NULL, NULL, NULL, false},
};

static const char *level_name(enum doctor_level level)
{
    static const char *const names[] = {"ok", "look", "wrong", "wrong"};

    return names[level];
}

void doctor_say(struct doctor *d, const char *check, enum doctor_level level, const char *format,
                ...)
{
    char *sentence = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&sentence, format, args) < 0)
        sentence = NULL;
    va_end(args);
    json_array_append_new(d->items, json_pack("{s:s, s:s, s:s}", "check", check, "level",
                                              level_name(level), "says", sentence ? sentence : ""));
    free(sentence);
    if (level > d->worst)
        d->worst = level;
}

char *doctor_span(int64_t us, char text[static DOCTOR_SPAN_TEXT])
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {{"day", LEDGER_US_PER_DAY},
                 {"hour", 3600 * LEDGER_US_PER_SECOND},
                 {"minute", 60 * LEDGER_US_PER_SECOND},
                 {"second", LEDGER_US_PER_SECOND}};
    size_t n = 0;
    int64_t count;

    while (n < 3 && us < units[n].us)
        n++;
    count = us / units[n].us;
    snprintf(text, DOCTOR_SPAN_TEXT, "%" PRId64 " %s%s", count, units[n].name,
             count == 1 ? "" : "s");
    return text;
}

static void show(const struct command *c, const struct doctor *d)
{
    static const struct api_column columns[] = {
        {"level", "Level", false}, {"check", "What", false}, {"says", "Finding", false}, {0}};
    const struct api_operation shape = {.columns = columns};
    json_t *answer = json_pack("{s:s, s:O}", "level", level_name(d->worst), "items", d->items);

    page_answer(c->form, &shape, answer);
    json_decref(answer);
}

/* Not the codes of single refusals: a finding is an answer. */
static int exit_code_of(enum doctor_level worst)
{
    static const int codes[] = {0, 0, 1, 5};

    return codes[worst];
}

static void examine_file(struct doctor *d)
{
    doctor_file(d);
    doctor_ledger(d);
    doctor_backup(d);
    doctor_machine(d);
}

int command_doctor(struct command *c)
{
    const char *values[OPTIONS];
    struct doctor d = {0};
    enum ledger_status st = command_line(c, values, NULL, 0, 0);
    char *path = NULL;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    if (c->where.node && c->where.ledger)
        return command_refused(c, LEDGER_USAGE,
                               "--ledger and --node exclude each other: a file or a node");
    d.full = values[FULL] != NULL;
    if (!door_is_remote(&c->where)) {
        path = files_ledger(c->where.ledger);
        if (!path)
            return command_refused(c, LEDGER_USAGE, "say where the ledger is: --ledger FILE");
    }
    d.items = json_array();
    d.path = path;
    if (path)
        examine_file(&d);
    else
        doctor_node(&d, c->where.node ? c->where.node : files_node());
    show(c, &d);
    json_decref(d.items);
    free(path);
    return exit_code_of(d.worst);
}
