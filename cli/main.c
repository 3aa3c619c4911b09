/*
 * main.c - find what a line asks for, have it done, and leave with its exit code.
 */
#include "help.h"
#include "page.h"
#include "version.h"
#include "words.h"

#include "api/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line, taken apart. */
struct line {
    struct door_settings where;
    enum render_form form;
    bool help;
    bool version;
    int argc; /* what is left to read */
    char **argv;
};

static int fail(const struct line *line, const struct api_problem *problem)
{
    fflush(stdout);
    render_problem(line->form, problem, stderr);
    return ledger_status_facts(problem->status)->exit_code;
}

static void take_global(struct line *line, const struct option *o, const char *value)
{
    switch (o->name[0]) {
    case 'l':
        line->where.ledger = value;
        break;
    case 'n':
        line->where.node = value;
        break;
    case 'j':
        line->form = RENDER_JSON;
        break;
    case 'c':
        line->form = RENDER_CSV;
        break;
    case 'h':
        line->help = true;
        break;
    case 'v':
        line->version = true;
        break;
    }
}

static bool is_global(const struct option *o)
{
    for (const struct option *g = options_global; g->name; g++)
        if (g == o)
            return true;
    return false;
}

/*
 * Take the options of every command out of the line, which keeps the others; `known` are the
 * command's own. Before its words are known, stop at the first.
 */
static bool take_globals(struct line *line, const struct option *known, bool to_first_word,
                         struct api_problem *problem)
{
    struct options o = {
        .argc = line->argc, .argv = line->argv, .known = known, .also = options_global};
    enum options_what what;
    int kept = 0;
    int from = 0;

    for (; (what = options_next(&o)) != OPTIONS_END; from = o.at) {
        if (what == OPTIONS_WRONG) {
            door_refuse(problem, LEDGER_USAGE, "%s", o.problem);
            return false;
        }
        if (what == OPTIONS_WORD && to_first_word)
            break;
        if (what == OPTIONS_OPTION && is_global(o.option)) {
            take_global(line, o.option, o.value);
            continue;
        }
        while (from < o.at)
            line->argv[kept++] = line->argv[from++];
    }
    if (to_first_word) {
        line->argv += from;
        line->argc -= from;
    } else {
        line->argc = kept;
    }
    return true;
}

/* What an answer cannot say of itself, for people. */
static void add_notes(const struct line *line, const struct api_call *call, const json_t *answer)
{
    const char *next = json_string_value(json_object_get(answer, "next"));

    if (line->form == RENDER_JSON)
        return;
    fflush(stdout);
    if (next && *next)
        fprintf(stderr, "more: --after %s\n", next);
    if (call->replayed)
        fputs("This was done before, under the same uid; nothing was written again.\n", stderr);
    if (call->dry_run)
        fputs("A dry run: nothing was kept.\n", stderr);
}

/* Whoever left a word out wants to see them all. */
static void add_usage(const struct line *line, const struct api_operation *op,
                      enum ledger_status st)
{
    if (line->form != RENDER_JSON && (st == LEDGER_USAGE || st == LEDGER_MISSING_PARAMETER))
        help_usage(op, stderr);
}

static int ask(const struct line *line, const struct api_operation *op)
{
    struct door door = {0};
    struct api_call call;
    json_t *answer = NULL;
    enum ledger_status st;
    enum ledger_status read;
    int exit_code = 0;

    api_call_init(&call, op);
    st = read = options_read(&call, line->argc, line->argv);
    if (st == LEDGER_OK)
        st = door_open(&door, &line->where, &call.problem);
    if (st == LEDGER_OK)
        st = door_call(&door, &call, &answer);
    if (st == LEDGER_OK) {
        page_answer(line->form, op, answer);
        add_notes(line, &call, answer);
    } else {
        exit_code = fail(line, &call.problem);
        add_usage(line, op, read);
    }
    json_decref(answer);
    api_call_clear(&call);
    door_close(&door);
    return exit_code;
}

static void write_operation(const void *what, FILE *out)
{
    help_operation(what, out);
}

static void write_command(const void *what, FILE *out)
{
    help_command(what, out);
}

static void write_noun(const void *what, FILE *out)
{
    help_noun(what, out);
}

static void write_overview(const void *what, FILE *out)
{
    (void)what;
    help_overview(out);
}

static int unknown(const struct line *line)
{
    const char *near = words_nearest(line->argc, line->argv);
    bool noun = words_is_noun(line->argv[0]) && line->argc > 1 && line->argv[1][0] != '-';
    struct api_problem problem;

    door_refuse(&problem, LEDGER_NO_SUCH_OPERATION,
                near ? "there is no \"%s%s%s\"; did you mean \"coledger %s\"?"
                     : "there is no \"%s%s%s\"; \"coledger help\" lists what there is",
                line->argv[0], noun ? " " : "", noun ? line->argv[1] : "", near);
    return fail(line, &problem);
}

/* An operation that is a command too: the command does it better on a file of this machine. */
static bool takes_operation(const struct line *line, const struct words_found *found)
{
    return found->op && (!found->command || door_is_remote(&line->where));
}

static int run_operation(struct line *line, const struct api_operation *op)
{
    struct options_of_operation of;
    struct api_problem problem;

    options_of(op, &of);
    if (!take_globals(line, of.list, false, &problem)) {
        int exit_code = fail(line, &problem);

        add_usage(line, op, problem.status);
        return exit_code;
    }
    if (line->help) {
        page_text(write_operation, op);
        return 0;
    }
    return ask(line, op);
}

static int run_command(struct line *line, const struct command_row *row)
{
    struct command c = {.row = row};
    struct api_problem problem;

    if (!row->hidden && !take_globals(line, row->options, false, &problem))
        return fail(line, &problem);
    if (line->help) {
        page_text(write_command, row);
        return 0;
    }
    c.argc = line->argc;
    c.argv = line->argv;
    c.where = line->where;
    c.form = line->form;
    return row->run(&c);
}

static int run(struct line *line)
{
    struct words_found found;
    struct api_problem problem;

    if (!take_globals(line, NULL, true, &problem))
        return fail(line, &problem);
    if (line->version) {
        puts("coledger " COLEDGER_VERSION);
        return 0;
    }
    if (line->argc == 0) {
        page_text(write_overview, NULL);
        return 0;
    }
    if (words_find(line->argc, line->argv, &found)) {
        line->argc -= found.used;
        line->argv += found.used;
        /* --node may stand after the words too, and decides which of the two it is */
        if (found.op && found.command &&
            !take_globals(line, found.command->options, false, &problem))
            return fail(line, &problem);
        return takes_operation(line, &found) ? run_operation(line, found.op)
                                             : run_command(line, found.command);
    }
    if (words_is_noun(line->argv[0]) && (line->argc == 1 || strcmp(line->argv[1], "--help") == 0)) {
        page_text(write_noun, line->argv[0]);
        return 0;
    }
    return unknown(line);
}

/* A stream that was closed would be the next file opened: the ledger, or its lock. */
static void open_streams(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    struct line line = {.argc = argc - 1, .argv = argv + 1};
    int exit_code;

    open_streams();
    exit_code = run(&line);

    if ((fflush(stdout) != 0 || ferror(stdout)) && exit_code == 0) {
        fprintf(stderr,
                "coledger: what was asked is done, but its answer could not be written: %s\n",
                strerror(errno));
        exit_code = ledger_status_facts(LEDGER_STORE_FULL)->exit_code;
    }
    return exit_code;
}
