/*
 * manual.c - what the tables say, for readers: coledger(1) in roff, help on a terminal, docs/API.md.
 */
#include "commands.h"

#include "help.h"
#include "page.h"
#include "usage.h"
#include "version.h"
#include "words.h"

#include "api/reference.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One character beyond ASCII, by its number; the number of its bytes. */
static int put_wide(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    int bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    unsigned code = first & (0xFFu >> (bytes + 1));

    for (int n = 1; n < bytes; n++)
        code = code << 6 | ((unsigned char)text[n] & 0x3Fu);
    printf("\\[u%04X]", code);
    return bytes;
}

/* Text as roff takes it: dashes that can be copied, no line that reads as a request. */
static void put(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    while (*text) {
        if ((unsigned char)*text >= 0xC0) {
            text += put_wide(text);
            continue;
        }
        if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '\\')
            fputs("\\e", stdout);
        else
            putchar(*text);
        text++;
    }
}

static void put_line(const char *text)
{
    put(text);
    putchar('\n');
}

static void put_section(const char *title)
{
    printf(".SH ");
    for (; *title; title++)
        putchar(toupper((unsigned char)*title));
    putchar('\n');
}

static void put_usage(const char *words, const struct usage *u)
{
    fputs(".TP\n.B coledger ", stdout);
    put_line(words);
    if (!u->count)
        return;
    fputs("\\&", stdout);
    for (int n = 0; n < u->count; n++) {
        put(u->parts[n]);
        putchar(n + 1 < u->count ? ' ' : '\n');
    }
    fputs(".br\n", stdout);
}

static void put_option(const char *name, const char *value, const char *help)
{
    fputs(".IP \"\\fB", stdout);
    put(name);
    fputs("\\fR", stdout);
    if (value) {
        fputs(" \\fI", stdout);
        put(value);
        fputs("\\fR", stdout);
    }
    fputs("\"\n", stdout);
    put_line(help);
}

static void put_named(const struct option *o)
{
    char name[OPTIONS_NAME_MAX + 2];

    snprintf(name, sizeof name, "--%s", o->name);
    put_option(name, o->value, o->help);
}

static void put_options(const struct option *list)
{
    for (; list && list->name; list++)
        put_named(list);
}

static void put_operation(const struct api_operation *op)
{
    struct options_of_operation of;
    struct usage u;
    const struct api_param *p;
    char text[256];

    usage_of_operation(op, &u);
    put_usage(op->words, &u);
    put(op->summary);
    puts(".");
    if (op->alias) {
        snprintf(text, sizeof text, " In short: coledger %s.", op->alias);
        put_line(text + 1);
    }
    usage_access(op->access, text, sizeof text);
    printf("Who may: %s.\n.RS\n", text);
    for (int n = 0; (p = options_positional(op, n)); n++) {
        usage_positional(p, text);
        put_option(text, NULL, p->help);
    }
    options_of(op, &of);
    for (int n = 0; of.params[n]; n++)
        put_named(of.list + n);
    puts(".RE");
}

static void put_command(const struct command_row *c)
{
    struct usage u;

    usage_of_command(c, &u);
    put_usage(c->words, &u);
    put(c->summary);
    puts(".");
    puts(".RS");
    put_options(c->options);
    puts(".RE");
}

static void put_exit_codes(void)
{
    static const char *const meanings[] = {"done",
                                           "refused by a rule",
                                           "wrong usage",
                                           "not found",
                                           "conflict",
                                           "integrity broken",
                                           "node or store not available",
                                           "not allowed"};

    put_section("Exit status");
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        printf(".IP %zu\n%s\n", i, meanings[i]);
}

static void put_environment(void)
{
    static const char *const rows[][2] = {
        {"COLEDGER_LEDGER", "The ledger file, when \\-\\-ledger is not given; else "
                            "$XDG_DATA_HOME/coledger/ledger.db."},
        {"COLEDGER_NODE", "The node to ask, when neither \\-\\-node nor \\-\\-ledger is given."},
        {"COLEDGER_TOKEN", "The token for the node; else the first line of "
                           "$XDG_CONFIG_HOME/coledger/token, which nobody else may read."},
        {"PAGER", "What shows an answer that is longer than the screen; less unless set."},
        {"NO_COLOR", "When set, no colours."},
        {"COLUMNS", "How wide the terminal is, when it does not say so itself."},
    };

    put_section("Environment");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        printf(".IP %s\n%s\n", rows[i][0], rows[i][1]);
}

int command_man(struct command *c)
{
    enum ledger_status st = command_line(c, NULL, NULL, 0, 0);

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    puts(".TH COLEDGER 1 \"\" \"coledger " COLEDGER_VERSION "\" \"User Commands\"\n.nh\n.ad l");
    puts(".SH NAME\ncoledger \\- a double\\-entry ledger for co\\-operatives that trade in mutual "
         "credit");
    puts(".SH SYNOPSIS\n.B coledger\n[\\fB\\-\\-ledger\\fR \\fIFILE\\fR | \\fB\\-\\-node\\fR "
         "\\fIURL\\fR] \\fICOMMAND\\fR [\\fIWORD\\fR ...] [\\fB\\-\\-OPTION\\fR ...]");
    puts(".SH DESCRIPTION\nMembers of a co\\-operative economy trade in a currency of their own. A "
         "payment moves the payer's balance down, below zero as far as its credit limit goes, and "
         "the payee's up; over all accounts the sum is always zero.\n.PP\nThe same commands work "
         "on a ledger file and, with \\fB\\-\\-node\\fR, on a node that serves one.");
    put_section("Options of every command");
    put_options(options_global);
    put_section("Options of every write");
    put_options(options_of_writes);
    put_section("Commands");
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        put_operation(op);
    put_section("The ledger and this program");
    for (const struct command_row *row = commands; row->words; row++)
        if (!row->hidden)
            put_command(row);
    put_exit_codes();
    put_environment();
    return 0;
}

struct topic {
    struct words_found found;
    const char *noun;
};

static void write_topic(const void *what, FILE *out)
{
    const struct topic *topic = what;

    if (topic->found.op)
        help_operation(topic->found.op, out);
    else if (topic->found.command)
        help_command(topic->found.command, out);
    else if (topic->noun)
        help_noun(topic->noun, out);
    else
        help_overview(out);
}

int command_help(struct command *c)
{
    struct topic topic = {.found = {0}};
    const char *near;

    if (c->argc > 0 &&
        (!words_find(c->argc, c->argv, &topic.found) || topic.found.used < c->argc)) {
        topic.found = (struct words_found){0};
        topic.noun = c->argc == 1 && words_is_noun(c->argv[0]) ? c->argv[0] : NULL;
        near = words_nearest(c->argc, c->argv);
        if (!topic.noun)
            return command_refused(c, LEDGER_NO_SUCH_OPERATION,
                                   near ? "there is no \"%s\" to help with; did you mean \"%s\"?"
                                        : "there is no \"%s\" to help with",
                                   c->argv[0], near);
    }
    page_text(write_topic, &topic);
    return 0;
}

int command_reference(struct command *c)
{
    char *page = api_reference();

    if (!page)
        return command_refused(c, LEDGER_NO_MEMORY, "out of memory");
    fputs(page, stdout);
    free(page);
    return 0;
}
