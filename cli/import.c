/*
 * import.c - take in the history of another system.
 */
#include "import.h"

#include "api/run.h"
#include "commands.h"
#include "files.h"
#include "rejects.h"

#include "ledger/date.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_MAX 500
#define REJECTS_SUFFIX ".rejects"

enum {
    CURRENCY,
    COLUMNS,
    EFFECTIVE_ON,
    SOURCE,
    DELIMITER,
    DECIMAL,
    CREATE_MEMBERS,
    ROUND,
    LIMITS,
    EACH,
    REJECTS,
    DRY_RUN,
    OPTIONS
};

const struct option command_import_options[] = {
    [CURRENCY] = {"currency", "CODE", "in which currency", true},
    [COLUMNS] = {"columns", "FIELD=NAME,…",
                 "which column holds time, from, to, amount, kind, memo, reference; those that are "
                 "called so unless told",
                 false},
    [EFFECTIVE_ON] = {"effective-on", "DATE", "the day of all rows, where the file has no time",
                      false},
    [SOURCE] = {"source", "NAME",
                "where it is from, FILE's name unless told; the same rows of one source are "
                "imported once",
                false},
    [DELIMITER] = {"delimiter", "comma|semicolon|tab", "what parts the fields, comma unless told",
                   false},
    [DECIMAL] = {"decimal", "point|comma", "the decimal mark of amounts, point unless told", false},
    [CREATE_MEMBERS] = {"create-members", NULL, "take in the members that are not there yet",
                        false},
    [ROUND] = {"round", "half-even", "round what has more decimals than the currency", false},
    [LIMITS] = {"limits", "checked|observed|none",
                "check them; or give each account the room that its history needs; or not at all",
                false},
    [EACH] = {"each", NULL, "post each row that can be, and write the others to a file", false},
    [REJECTS] = {"rejects", "FILE", "that file, FILE.rejects unless told", false},
    [DRY_RUN] = {"dry-run", NULL, "do it all, then keep nothing", false},
    [OPTIONS] = {NULL, NULL, NULL, false},
};

void import_count(struct import *in, int64_t id, bool known)
{
    if (known)
        in->known++;
    else
        in->posted++;
    if (!in->first)
        in->first = id;
    in->last = id;
}

enum ledger_status import_ask(struct import *in, const char *name, json_t *args, json_t **out)
{
    struct api_call call;
    enum ledger_status st;

    *out = NULL;
    api_call_init(&call, api_operation_named(name));
    json_object_update(call.args, args);
    json_decref(args);
    st = in->target->call(in, &call, out);
    api_call_clear(&call);
    return st;
}

enum ledger_status import_each(struct import *in, const char *name, const char *currency,
                               void (*read)(const json_t *item, void *ctx), void *ctx)
{
    json_t *page = NULL;
    const char *next = NULL;
    enum ledger_status st;
    size_t i;
    json_t *item;

    do {
        json_t *args =
            json_pack("{s:i, s:s*, s:s*}", "limit", PAGE_MAX, "after", next, "currency", currency);

        json_decref(page);
        st = import_ask(in, name, args, &page);
        json_array_foreach(json_object_get(page, "items"), i, item)
        {
            read(item, ctx);
        }
        next = json_string_value(json_object_get(page, "next"));
    } while (st == LEDGER_OK && next);
    json_decref(page);
    return st;
}

int import_member(const struct history *h, const json_t *item)
{
    const char *handle = json_string_value(json_object_get(item, "member"));
    json_t *index = handle ? json_object_get(h->member_index, handle) : NULL;

    return index ? (int)json_integer_value(index) : -1;
}

static enum ledger_status take_in(struct import *in)
{
    enum ledger_status st;

    LEDGER_TRY(import_meet_members(in));
    if (in->limits == IMPORT_OBSERVED && !(in->dry_run && in->target == &import_node))
        LEDGER_TRY(import_make_room(in));
    progress_begin(&in->bar, in->dry_run ? "trying" : "importing");
    st = in->target->post(in);
    progress_end(&in->bar);
    return st;
}

/* One transaction for all of it, or for none of it. */
static enum ledger_status take_into_file(struct import *in)
{
    enum ledger_status st = ledger_begin_write(in->l);

    if (st == LEDGER_OK) {
        st = take_in(in);
        if (st == LEDGER_OK && !in->dry_run)
            st = ledger_commit(in->l);
        ledger_rollback(in->l);
    }
    if (st != LEDGER_OK && in->problem->status != st)
        door_refuse(in->problem, st, "%s", ledger_message(in->l));
    return st;
}

/* An option's value as its place in `choices`, parted by |; -1: none of them. */
static int choice(const char *value, const char *choices)
{
    size_t size = strlen(value);

    for (int n = 0;; n++) {
        size_t length = strcspn(choices, "|");

        if (length == size && memcmp(choices, value, size) == 0)
            return n;
        if (!choices[length])
            return -1;
        choices += length + 1;
    }
}

/* `value` is one of the option's, or it is refused in the option's own words. */
static enum ledger_status choose(const char *const *values, int option, int *chosen,
                                 struct api_problem *problem)
{
    const struct option *o = &command_import_options[option];

    *chosen = 0;
    if (!values[option])
        return LEDGER_OK;
    *chosen = choice(values[option], o->value);
    return *chosen >= 0 ? LEDGER_OK
                        : door_refuse(problem, LEDGER_CHOICE_UNKNOWN, "--%s is one of %s", o->name,
                                      o->value);
}

/* A file's name is where its rows are from; its rejects are from there too. */
static const char *source_of(const char *path, char *buf, size_t size)
{
    const char *slash = strrchr(path, '/');
    char *end;

    snprintf(buf, size, "%s", slash ? slash + 1 : path);
    end = strrchr(buf, '.');
    if (end && strcmp(end, REJECTS_SUFFIX) == 0)
        *end = '\0';
    return buf;
}

static enum ledger_status read_settings(struct import *in, const char *path,
                                        const char *const *values, struct history_settings *s)
{
    static const char delimiters[] = {',', ';', '\t'};
    int delimiter;
    int decimal;
    int rounding;
    int limits;

    LEDGER_TRY(choose(values, DELIMITER, &delimiter, in->problem));
    LEDGER_TRY(choose(values, DECIMAL, &decimal, in->problem));
    LEDGER_TRY(choose(values, ROUND, &rounding, in->problem));
    LEDGER_TRY(choose(values, LIMITS, &limits, in->problem));
    *s = (struct history_settings){
        .path = path,
        .source = values[SOURCE] ? values[SOURCE] : source_of(path, in->source, sizeof in->source),
        .map = values[COLUMNS],
        .delimiter = delimiters[delimiter],
        .decimal_mark = decimal ? ',' : '.',
        .round_half_even = values[ROUND] != NULL,
        .each = values[EACH] != NULL,
        .has_effective = values[EFFECTIVE_ON] != NULL};
    in->limits = (enum import_limits)limits;
    if (s->delimiter == ',' && s->decimal_mark == ',')
        return door_refuse(in->problem, LEDGER_USAGE,
                           "the comma parts the fields: with --decimal comma say --delimiter too");
    if (strcmp(path, "-") == 0 && !values[SOURCE])
        return door_refuse(in->problem, LEDGER_USAGE,
                           "standard input has no name: say where it is from with --source NAME");
    if (s->has_effective && ledger_date_parse(values[EFFECTIVE_ON], &s->effective_on) != LEDGER_OK)
        return door_refuse(in->problem, LEDGER_DATE_MALFORMED,
                           "--effective-on is not a day: write it as 2026-11-23");
    return LEDGER_OK;
}

/* What the ledger says of its currency and its days; `*zone` is the caller's. */
static enum ledger_status ask_ledger(struct import *in, struct history_settings *s,
                                     struct ledger_zone **zone)
{
    json_t *answer;
    enum ledger_status st;

    LEDGER_TRY(
        import_ask(in, "currency.show", json_pack("{s:s}", "currency", in->currency), &answer));
    in->scale = s->scale = (int)json_integer_value(json_object_get(answer, "scale"));
    s->hours = strcmp(json_string_value(json_object_get(answer, "kind")), "time") == 0;
    json_decref(answer);
    LEDGER_TRY(import_ask(in, "node.show", json_object(), &answer));
    st = ledger_zone_open(json_string_value(json_object_get(answer, "zone")), zone);
    if (st != LEDGER_OK)
        door_refuse(in->problem, st, "this machine does not know the ledger's time zone");
    json_decref(answer);
    s->zone = *zone;
    return st;
}

static enum ledger_status import_history(struct import *in, const char *path,
                                         const char *const *values)
{
    struct history_settings s;
    struct ledger_zone *zone = NULL;
    enum ledger_status st = read_settings(in, path, values, &s);

    if (st == LEDGER_OK && !in->door->remote)
        st = door_ledger(in->door, true, &in->l, in->problem);
    if (st == LEDGER_OK)
        st = ask_ledger(in, &s, &zone);
    if (st == LEDGER_OK)
        st = history_read(&in->history, &s, in->problem);
    if (st == LEDGER_OK)
        st = in->l ? take_into_file(in) : take_in(in);
    ledger_zone_close(zone);
    return st;
}

static json_t *report(const struct import *in, const char *rejects)
{
    json_t *o =
        json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "source", in->history.settings.source,
                  "rows", (json_int_t)in->history.count, "posted", (json_int_t)in->posted, "known",
                  (json_int_t)in->known, "rejected", (json_int_t)in->history.rejected, "rounded",
                  (json_int_t)in->history.rounded, "members_added", (json_int_t)in->members_added,
                  "limits_set", (json_int_t)in->limits_set);

    json_object_set_new(o, "first", in->first ? json_integer(in->first) : json_null());
    json_object_set_new(o, "last", in->last ? json_integer(in->last) : json_null());
    if (rejects)
        json_object_set_new(o, "rejects", json_string(rejects));
    return o;
}

/* What the figures do not say, for people. */
static void add_notes(const struct command *c, const struct import *in)
{
    if (c->form == RENDER_JSON)
        return;
    fflush(stdout);
    if (in->known > 0 && in->posted == 0 && in->history.rejected == 0)
        fputs("All of it was imported before: nothing was added.\n", stderr);
    if (!in->l && !in->dry_run && in->history.settings.each == false)
        fputs("Sent in batches of 1,000, all or nothing each: after a break the same command goes "
              "on where it was.\n",
              stderr);
    if (in->dry_run)
        fputs(in->l ? "A dry run: nothing was kept.\n"
                    : "A dry run, each batch of 1,000 tried by itself and without limits to be "
                      "observed: nothing was kept.\n",
              stderr);
}

static int say_done(const struct command *c, const struct import *in, const char *rejects)
{
    static const struct api_column fields[] = {{"source", "Source", false},
                                               {"rows", "Rows", true},
                                               {"posted", "Posted", true},
                                               {"known", "Known before", true},
                                               {"rejected", "Rejected", true},
                                               {"rounded", "Rounded", true},
                                               {"members_added", "Members added", true},
                                               {"limits_set", "Limits set", true},
                                               {"first", "First", true},
                                               {"last", "Last", true},
                                               {"rejects", "Rejects in", false},
                                               {0}};
    int error;

    if (!in->history.rejected)
        rejects = NULL;
    error = rejects ? rejects_write(&in->history, rejects) : 0;
    command_show(c, fields, report(in, rejects));
    add_notes(c, in);
    if (error)
        return command_refused(c, LEDGER_READ_ONLY, "the rejects cannot be written to %s: %s",
                               rejects, strerror(error));
    return rejects ? ledger_status_facts(LEDGER_BATCH_REFUSED)->exit_code : 0;
}

static int import(const struct command *c, const char *path, const char *const *values,
                  const char *rejects)
{
    struct door door = {0};
    struct api_problem problem = {0};
    struct import in = {.door = &door,
                        .problem = &problem,
                        .user = files_user(),
                        .currency = values[CURRENCY],
                        .create_members = values[CREATE_MEMBERS] != NULL,
                        .dry_run = values[DRY_RUN] != NULL};
    enum ledger_status st = door_open(&door, &c->where, &problem);
    int exit_code;

    in.target = door.remote ? &import_node : &import_file;
    if (st == LEDGER_OK)
        st = import_history(&in, path, values);
    exit_code = st == LEDGER_OK ? say_done(c, &in, rejects) : command_problem(c, &problem);
    history_free(&in.history);
    door_close(&door);
    return exit_code;
}

int command_import(struct command *c)
{
    const char *values[OPTIONS];
    const char *words[2];
    enum ledger_status st = command_line(c, values, words, 2, 2);
    const char *rejects;
    char *beside = NULL;
    int exit_code;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    if (strcmp(words[0], "transfers") != 0)
        return command_refused(c, LEDGER_USAGE,
                               "coledger imports transfers: coledger import transfers FILE");
    if (values[EACH] && !values[REJECTS] && asprintf(&beside, "%s" REJECTS_SUFFIX, words[1]) < 0)
        return command_refused(c, LEDGER_NO_MEMORY, "out of memory");
    rejects = values[REJECTS] ? values[REJECTS] : beside;
    if (values[EACH] && !rejects_may_write(rejects))
        exit_code = command_refused(c, LEDGER_EXISTS,
                                    "%s is there and holds no rejects: name another file with "
                                    "--rejects",
                                    rejects);
    else
        exit_code = import(c, words[1], values, rejects);
    free(beside);
    return exit_code;
}
