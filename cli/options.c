#include "options.h"

#include "api/args.h"
#include "api/run.h"
#include "certificate.h"
#include "items.h"
#include "nearest.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option options_global[] = {
    {"ledger", "FILE", "the ledger file", false},
    {"node", "URL", "ask a node instead of a file", false},
    {"json", NULL, "answer in JSON", false},
    {"csv", NULL, "answer in CSV", false},
    {"help", NULL, "say how a command is used", false},
    {"version", NULL, "say which version this is", false},
    {NULL, NULL, NULL, false},
};

const struct option options_of_writes[] = {
    {"uid", "UUID", "the write's own identity: the same one again changes nothing", false},
    {"dry-run", NULL, "do it all, then keep nothing", false},
    {NULL, NULL, NULL, false},
};

static bool is_number(const char *text)
{
    return text[0] == '-' && (isdigit((unsigned char)text[1]) || text[1] == '.');
}

static bool is_option(const struct options *o, const char *text)
{
    return !o->ended && text[0] == '-' && text[1] && !is_number(text);
}

static const struct option *named(const struct option *list, const char *name, size_t length)
{
    for (; list && list->name; list++)
        if (strlen(list->name) == length && memcmp(list->name, name, length) == 0)
            return list;
    return NULL;
}

static void try_names(struct nearest *near, const struct option *list, const char *name)
{
    for (; list && list->name; list++)
        nearest_try(near, name, list->name);
}

static enum options_what unknown(struct options *o, const char *text, size_t length)
{
    struct nearest near = {0};
    char name[OPTIONS_NAME_MAX];

    if (text[1] == '-' && length > 2 && length - 2 < sizeof name) {
        snprintf(name, sizeof name, "%.*s", (int)(length - 2), text + 2);
        try_names(&near, o->known, name);
        try_names(&near, o->also, name);
    }
    if (near.name)
        snprintf(o->problem, sizeof o->problem, "there is no option %.*s here; did you mean --%s?",
                 (int)length, text, near.name);
    else
        snprintf(o->problem, sizeof o->problem, "there is no option %.*s here", (int)length, text);
    return OPTIONS_WRONG;
}

static enum options_what take_value(struct options *o, const char *equals)
{
    if (!o->option->value) {
        if (!equals)
            return OPTIONS_OPTION;
        snprintf(o->problem, sizeof o->problem, "--%s takes no value", o->option->name);
        return OPTIONS_WRONG;
    }
    if (!equals && o->at >= o->argc) {
        snprintf(o->problem, sizeof o->problem, "--%s needs a value: --%s %s", o->option->name,
                 o->option->name, o->option->value);
        return OPTIONS_WRONG;
    }
    o->value = equals ? equals + 1 : o->argv[o->at++];
    return OPTIONS_OPTION;
}

static enum options_what take_option(struct options *o, const char *text)
{
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);

    if (strcmp(text, "-h") == 0) {
        text = "--help";
        length = strlen(text);
    }
    if (text[1] == '-') {
        o->option = named(o->known, text + 2, length - 2);
        if (!o->option)
            o->option = named(o->also, text + 2, length - 2);
    }
    return o->option ? take_value(o, equals) : unknown(o, text, length);
}

enum options_what options_next(struct options *o)
{
    const char *text;

    o->option = NULL;
    o->value = NULL;
    if (!o->ended && o->at < o->argc && strcmp(o->argv[o->at], "--") == 0) {
        o->ended = true;
        o->at++;
    }
    if (o->at >= o->argc)
        return OPTIONS_END;
    text = o->argv[o->at++];
    if (is_option(o, text))
        return take_option(o, text);
    o->value = text;
    return OPTIONS_WORD;
}

const char *options_value_name(const struct api_param *p)
{
    switch (p->type) {
    case API_TEXT:
        return "TEXT";
    case API_HANDLE:
        return "MEMBER";
    case API_CURRENCY:
        return "CODE";
    case API_AMOUNT:
        return "AMOUNT";
    case API_DATE:
        return "DATE";
    case API_TIME:
        return "TIME";
    case API_LOCAL:
        return "LOCAL";
    case API_DURATION:
        return "DURATION";
    case API_INTEGER:
        return "N";
    case API_FLAG:
        return NULL;
    case API_CHOICE:
        return p->choices;
    case API_CURSOR:
        return "CURSOR";
    case API_LEGS:
        return "ACCOUNT=AMOUNT";
    case API_PAYEES:
        return "MEMBER=AMOUNT";
    case API_ITEMS:
        return "FILE";
    }
    return "VALUE";
}

/* A list is given one element at a time, and is called by what one of them is. */
static void name_of(const struct api_param *p, char name[static OPTIONS_NAME_MAX])
{
    const char *from = p->type == API_LEGS ? "leg" : p->type == API_PAYEES ? "to" : p->name;

    snprintf(name, OPTIONS_NAME_MAX, "%s", from);
    for (char *c = name; *c; c++)
        if (*c == '_')
            *c = '-';
}

void options_of(const struct api_operation *op, struct options_of_operation *of)
{
    int n = 0;

    memset(of, 0, sizeof *of);
    for (const struct api_param *p = op->params; p && p->name && n < OPTIONS_MAX - 3; p++) {
        if (p->flags & API_POSITIONAL)
            continue;
        name_of(p, of->names[n]);
        of->list[n] = (struct option){of->names[n], options_value_name(p), p->help,
                                      (p->flags & API_REQUIRED) != 0};
        of->params[n++] = p;
    }
    if (op->mode == API_WRITE)
        memcpy(of->list + n, options_of_writes, sizeof options_of_writes);
}

const struct api_param *options_positional(const struct api_operation *op, int n)
{
    for (const struct api_param *p = op->params; p && p->name; p++)
        if ((p->flags & API_POSITIONAL) && n-- == 0)
            return p;
    return NULL;
}

static enum ledger_status take_param(struct api_call *call, const struct api_param *p,
                                     const char *value)
{
    if (p->type == API_ITEMS)
        return items_read(call, p, value);
    if (p->flags & API_FROM_FILE)
        return certificate_read(call, p, value);
    return api_args_text(call, p->name, p->type == API_FLAG ? "true" : value);
}

static enum ledger_status take_uid(struct api_call *call, const char *text)
{
    if (call->has_uid)
        return api_refuse(call, LEDGER_USAGE, "uid", "--uid is given twice");
    if (ledger_uid_parse(text, &call->uid) != LEDGER_OK)
        return api_refuse(call, LEDGER_UID_MALFORMED, "uid",
                          "\"%s\" is not a UUID such as 018f3e1c-7a52-7c1d-9b3e-2f6a1c0d4e5f",
                          text);
    call->has_uid = true;
    return LEDGER_OK;
}

static enum ledger_status take(struct api_call *call, const struct options_of_operation *of,
                               const struct options *o)
{
    const struct api_param *p = of->params[o->option - of->list];

    if (p)
        return take_param(call, p, o->value);
    if (o->value)
        return take_uid(call, o->value);
    call->dry_run = true;
    return LEDGER_OK;
}

static enum ledger_status take_word(struct api_call *call, int n, const char *word)
{
    const struct api_param *p = options_positional(call->op, n);

    if (!p)
        return api_refuse(call, LEDGER_USAGE, "", "\"%s\" is one word too many for coledger %s",
                          word, call->op->words);
    return take_param(call, p, word);
}

enum ledger_status options_read(struct api_call *call, int argc, char **argv)
{
    struct options_of_operation of;
    struct options o = {.argc = argc, .argv = argv, .known = of.list};
    enum options_what what;
    int words = 0;

    options_of(call->op, &of);
    while ((what = options_next(&o)) != OPTIONS_END) {
        if (what == OPTIONS_WRONG)
            return api_refuse(call, LEDGER_USAGE, "", "%s", o.problem);
        if (what == OPTIONS_OPTION)
            LEDGER_TRY(take(call, &of, &o));
        else
            LEDGER_TRY(take_word(call, words++, o.value));
    }
    return api_args_complete(call);
}
