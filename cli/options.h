/*
 * options.h - what a command line says: options, their values, and the words between them.
 *
 * --name VALUE, --name=VALUE, --flag, and -- before words that begin with a dash. A number with
 * a minus is a word or a value, never an option.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "api/operation.h"

#define OPTIONS_MAX 48
#define OPTIONS_NAME_MAX 40

struct option {
    const char *name;  /* without dashes; NULL ends a list */
    const char *value; /* the name of its value, FILE; NULL: a flag */
    const char *help;  /* lower case, no full stop */
    bool required;
};

/* Taken by every command: --ledger --node --json --csv --help --version. */
extern const struct option options_global[];
/* Taken by every operation that writes. */
extern const struct option options_of_writes[];

/* A walk over a line. Start with { .argc, .argv, .known, .also }. */
struct options {
    int argc;
    char **argv;
    const struct option *known; /* this command's, or NULL */
    const struct option *also;  /* looked at after them, or NULL */
    int at;
    bool ended; /* -- was passed */
    const struct option *option;
    const char *value; /* the option's value or the word; NULL for a flag */
    char problem[LEDGER_MESSAGE_MAX];
};

enum options_what { OPTIONS_END, OPTIONS_WORD, OPTIONS_OPTION, OPTIONS_WRONG };

/* The next thing on the line. OPTIONS_WRONG: `problem` is the sentence. */
enum options_what options_next(struct options *o);

/* The options of one operation, made from its parameters. */
struct options_of_operation {
    struct option list[OPTIONS_MAX];
    char names[OPTIONS_MAX][OPTIONS_NAME_MAX];
    const struct api_param *params[OPTIONS_MAX]; /* NULL for --uid and --dry-run */
};

void options_of(const struct api_operation *op, struct options_of_operation *of);

/* What stands for a value in help: AMOUNT, MEMBER, choices. */
const char *options_value_name(const struct api_param *p);

/* The n-th positional parameter of `op`, or NULL. */
const struct api_param *options_positional(const struct api_operation *op, int n);

/*
 * Fill `call` from the line after the operation's words.
 * Refusals, call->problem filled: LEDGER_USAGE, LEDGER_UID_MALFORMED, LEDGER_NO_SUCH_FILE,
 * LEDGER_BODY_TOO_LARGE, those of api_args_text, _parse, _body, then of api_args_complete.
 */
LEDGER_CHECKED enum ledger_status options_read(struct api_call *call, int argc, char **argv);

#endif
