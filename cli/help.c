#include "help.h"

#include "usage.h"
#include "words.h"

#include <string.h>

#define LINE 80
#define INDENT 2
#define WIDEST 30 /* a longer term stands on a line of its own */

static void write_term(const char *term, const char *meaning, int width, FILE *out)
{
    int length = (int)strlen(term);

    if (length > width)
        fprintf(out, "%*s%s\n%*s%s\n", INDENT, "", term, INDENT + width + 2, "", meaning);
    else
        fprintf(out, "%*s%-*s  %s\n", INDENT, "", width, term, meaning);
}

static int wider(int width, const char *term)
{
    int length = (int)strlen(term);

    return length > width && length <= WIDEST ? length : width;
}

static int words_width(void)
{
    int width = 0;

    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        width = wider(width, op->words);
    return width;
}

static bool has_alias(const struct api_operation *op)
{
    return op->alias && strcmp(op->alias, op->words) != 0;
}

static bool is_command(const char *words)
{
    for (const struct command_row *c = commands; c->words; c++)
        if (strcmp(c->words, words) == 0)
            return true;
    return false;
}

static void write_everyday(int width, FILE *out)
{
    fputs("\nEvery day\n", out);
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        if (op->alias || (!strchr(op->words, ' ') && !is_command(op->words)))
            write_term(op->alias ? op->alias : op->words, op->summary, width, out);
}

static bool seen_before(const struct api_operation *op)
{
    char noun[64];

    snprintf(noun, sizeof noun, "%.*s", (int)strcspn(op->words, " "), op->words);
    for (const struct api_operation *other = api_operations; other != op;
         other = api_operation_next(other))
        if (words_begin(other->words, noun))
            return true;
    return false;
}

static void write_noun(const char *noun, int width, FILE *out)
{
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        if (words_begin(op->words, noun))
            write_term(op->words, op->summary, width, out);
}

static void write_nouns(int width, FILE *out)
{
    char noun[64];

    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op)) {
        if (seen_before(op) || !strchr(op->words, ' '))
            continue;
        snprintf(noun, sizeof noun, "%.*s", (int)strcspn(op->words, " "), op->words);
        fprintf(out, "\n%s\n", noun);
        write_noun(noun, width, out);
    }
}

static void write_commands(int width, FILE *out)
{
    fputs("\nThe ledger and this program\n", out);
    for (const struct command_row *c = commands; c->words; c++)
        if (!c->hidden)
            write_term(c->words, c->summary, width, out);
}

static void write_options(const char *title, const struct option *list, FILE *out)
{
    char term[OPTIONS_NAME_MAX + USAGE_PART_MAX];
    int width = 0;

    for (int pass = 0; pass < 2; pass++)
        for (const struct option *o = list; o && o->name; o++) {
            snprintf(term, sizeof term, "--%s%s%s", o->name, o->value ? " " : "",
                     o->value ? o->value : "");
            if (pass == 0) {
                width = wider(width, term);
                continue;
            }
            if (o == list)
                fprintf(out, "\n%s\n", title);
            write_term(term, o->help, width, out);
        }
}

void help_overview(FILE *out)
{
    int width = words_width();

    fputs("coledger: a double-entry ledger for co-operatives that trade in mutual credit\n\n"
          "Usage: coledger [--ledger FILE | --node URL] COMMAND [WORD ...] [--OPTION ...]\n",
          out);
    write_everyday(width, out);
    write_nouns(width, out);
    write_commands(width, out);
    write_options("With every command", options_global, out);
    fputs("\n\"coledger help COMMAND\" says more about one of them.\n", out);
}

void help_noun(const char *noun, FILE *out)
{
    write_noun(noun, words_width(), out);
    fprintf(out, "\n\"coledger help %s VERB\" says more about one of them.\n", noun);
}

static void write_usage(const char *words, const struct usage *u, FILE *out)
{
    int begin = fprintf(out, "Usage: coledger %s", words);
    int indent = begin < LINE / 2 ? begin : 11;
    int at = begin;

    for (int n = 0; n < u->count; n++) {
        int length = (int)strlen(u->parts[n]);

        if (at + 1 + length > LINE && at > indent)
            at = fprintf(out, "\n%*s", indent, "") - 1;
        at += fprintf(out, " %s", u->parts[n]);
    }
    fputc('\n', out);
}

void help_usage(const struct api_operation *op, FILE *out)
{
    struct usage u;

    usage_of_operation(op, &u);
    write_usage(op->alias ? op->alias : op->words, &u, out);
}

static void write_positionals(const struct api_operation *op, FILE *out)
{
    char name[OPTIONS_NAME_MAX];
    const struct api_param *p;
    int width = 0;

    for (int n = 0; (p = options_positional(op, n)); n++) {
        usage_positional(p, name);
        width = wider(width, name);
    }
    for (int n = 0; (p = options_positional(op, n)); n++) {
        usage_positional(p, name);
        if (n == 0)
            fputs("\nWords\n", out);
        write_term(name, p->help, width, out);
    }
}

void help_operation(const struct api_operation *op, FILE *out)
{
    struct options_of_operation of;
    char access[160];

    fprintf(out, "%s.\n\n", op->summary);
    help_usage(op, out);
    if (has_alias(op))
        fprintf(out, "In full: coledger %s\n", op->words);
    write_positionals(op, out);
    options_of(op, &of);
    write_options("Options", of.list, out);
    usage_access(op->access, access, sizeof access);
    fprintf(out, "\nWho may: %s\n", access);
}

void help_command(const struct command_row *c, FILE *out)
{
    struct usage u;

    usage_of_command(c, &u);
    fprintf(out, "%s.\n\n", c->summary);
    write_usage(c->words, &u, out);
    write_options("Options", c->options, out);
}
