#include "reference.h"

#include "http.h"
#include "operation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum ledger_role all_roles[] = {LEDGER_STEWARD, LEDGER_TREASURER, LEDGER_AUDITOR,
                                             LEDGER_MANAGER, LEDGER_TRADER,    LEDGER_VIEWER};

#define ROLES (sizeof all_roles / sizeof all_roles[0])

static const char *type_words(enum api_type type)
{
    switch (type) {
    case API_TEXT:
        return "text";
    case API_HANDLE:
        return "handle";
    case API_CURRENCY:
        return "currency code";
    case API_AMOUNT:
        return "amount";
    case API_DATE:
        return "date";
    case API_TIME:
        return "time";
    case API_LOCAL:
        return "local time";
    case API_DURATION:
        return "length of time";
    case API_INTEGER:
        return "whole number";
    case API_FLAG:
        return "true or false";
    case API_CHOICE:
        return "choice";
    case API_CURSOR:
        return "cursor";
    case API_LEGS:
        return "list of account, amount";
    case API_PAYEES:
        return "list of payee, amount";
    case API_ITEMS:
        return "list of objects";
    }
    return "";
}

static void write_intro(FILE *f)
{
    fputs("# The API\n"
          "\n"
          "This page is made from the table of operations, as are the command line, the routes\n"
          "below and `" HTTP_ROOT "/openapi.json`. Change the table, not the page.\n"
          "\n"
          "- Every address below stands under `" HTTP_ROOT
          "` and needs `Authorization: Bearer clt_…`.\n"
          "- GET takes its parameters in the query, everything else in a JSON object as the body.\n"
          "- Amounts are strings, `\"12.50\"`; times are RFC 3339 in UTC; dates are `2026-11-23`.\n"
          "- Every write takes `?dry_run=true` and an `Idempotency-Key` header, a UUID. The same\n"
          "  key with the same request answers the same again, with `Idempotent-Replay: true`;\n"
          "  with another request it is refused.\n"
          "- Lists answer `items` and `next`; give `next` as `after` for the following page.\n"
          "- A refusal is `application/problem+json` (RFC 9457) with a stable `code`.\n"
          "- Every answer has an `X-Request-Id`: the one that came with the request (1 to 64 of\n"
          "  `A-Z a-z 0-9 . _ -`), or the node's own. Its log has it too, and so has the body of a "
          "5xx\n"
          "  as `request_id`.\n"
          "- Without a token: `GET /healthz`, `GET /livez`, `GET " HTTP_ROOT
          "/openapi.json`, and what is\n"
          "  said to be for everybody.\n",
          f);
}

static void write_roles(FILE *f, unsigned access)
{
    const char *comma = "";

    for (size_t i = 0; i < ROLES; i++) {
        if (!(access & all_roles[i]))
            continue;
        fprintf(f, "%s%s", comma, ledger_role_name(all_roles[i]));
        comma = ", ";
    }
}

/* A bar would end the table's cell. */
static void write_choices(FILE *f, const char *choices)
{
    fputs(": ", f);
    for (; *choices; choices++)
        fputs(*choices == '|' ? ", " : (char[]){*choices, '\0'}, f);
}

static void write_params(FILE *f, const struct api_param *p)
{
    if (!p || !p->name)
        return;
    fputs("\n| parameter | type | |\n|---|---|---|\n", f);
    for (; p->name; p++) {
        fprintf(f, "| `%s` | %s", p->name, type_words(p->type));
        if (p->choices)
            write_choices(f, p->choices);
        if (p->type == API_TEXT && p->max)
            fprintf(f, ", at most %d bytes", p->max);
        if (p->type == API_INTEGER && p->max)
            fprintf(f, ", at most %d", p->max);
        fprintf(f, " | %s%s%s |\n", p->flags & API_REQUIRED ? "**required**, " : "", p->help,
                p->flags & API_OWN ? " (a member's own token: that member)" : "");
    }
}

static void write_columns(FILE *f, const char *words, const struct api_column *c)
{
    if (!c || !c->key)
        return;
    fprintf(f, "\n%s: ", words);
    for (; c->key; c++)
        fprintf(f, "`%s`%s", c->key, c[1].key ? ", " : ".\n");
}

static void write_operation(FILE *f, const struct api_operation *op)
{
    fprintf(f, "\n### %s\n\n%s.\n\n", op->name, op->summary);
    fprintf(f, "`%s " HTTP_ROOT "%s`  \n", op->method, op->path);
    fprintf(f, "`coledger %s`", op->words);
    if (op->alias)
        fprintf(f, ", `coledger %s`", op->alias);
    fputs("  \nFor: ", f);
    if (op->access & API_NOBODY)
        fputs("everybody, without a token too", f);
    else
        write_roles(f, op->access);
    fputs(".\n", f);
    write_params(f, op->params);
    write_columns(f, "Answer", op->head);
    write_columns(f, "Each of `items`", op->columns);
    write_columns(f, "And", op->foot);
}

static void write_operations(FILE *f)
{
    fputs("\n## Operations\n", f);
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        write_operation(f, op);
}

static void write_matrix(FILE *f)
{
    fputs("\n## Who may do what\n\nA manager, trader or viewer asks for its own member only.\n\n"
          "| operation |",
          f);
    for (size_t i = 0; i < ROLES; i++)
        fprintf(f, " %s |", ledger_role_name(all_roles[i]));
    fputs("\n|---|", f);
    for (size_t i = 0; i < ROLES; i++)
        fputs(":-:|", f);
    fputc('\n', f);
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op)) {
        fprintf(f, "| %s |", op->name);
        for (size_t i = 0; i < ROLES; i++)
            fputs(op->access & all_roles[i] ? " yes |" : " |", f);
        fputc('\n', f);
    }
}

static void write_codes(FILE *f)
{
    fputs("\n## Codes\n\n| code | HTTP | exit | ask again | |\n|---|---|---|---|---|\n", f);
    for (int s = LEDGER_OK + 1; s < LEDGER_STOP; s++) {
        const struct ledger_status_facts *facts = ledger_status_facts((enum ledger_status)s);

        fprintf(f, "| `%s` | %d | %d | %s | %s |\n", facts->code, facts->http, facts->exit_code,
                facts->retryable ? "yes" : "", facts->title);
    }
}

char *api_reference(void)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    bool failed;

    if (!f)
        return NULL;
    write_intro(f);
    write_operations(f);
    write_matrix(f);
    write_codes(f);
    failed = ferror(f);
    if (fclose(f) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}
