/*
 * rows.h - what the pieces of the operations table are written with.
 *
 * Only operations_<subject>.c include it.
 */
#ifndef API_ROWS_H
#define API_ROWS_H

#include "ops.h"
#include "shape.h"

/* Parameters that many operations share. */
#define MEMBER                                                                                     \
    {                                                                                              \
        .name = "member", .type = API_HANDLE, .flags = API_REQUIRED | API_POSITIONAL,              \
        .help = "whose"                                                                            \
    }
#define OWN_MEMBER                                                                                 \
    {                                                                                              \
        .name = "member", .type = API_HANDLE, .flags = API_REQUIRED | API_POSITIONAL | API_OWN,    \
        .help = "whose"                                                                            \
    }
#define MEMBER_IF                                                                                  \
    {                                                                                              \
        .name = "member", .type = API_HANDLE, .flags = API_POSITIONAL | API_OWN,                   \
        .help = "only this member's"                                                               \
    }
#define CURRENCY                                                                                   \
    {                                                                                              \
        .name = "currency", .type = API_CURRENCY, .flags = API_REQUIRED | API_POSITIONAL,          \
        .help = "in which currency"                                                                \
    }
#define CURRENCY_OPTION                                                                            \
    {                                                                                              \
        .name = "currency", .type = API_CURRENCY, .flags = API_REQUIRED,                           \
        .help = "in which currency"                                                                \
    }
#define CURRENCY_IF                                                                                \
    {                                                                                              \
        .name = "currency", .type = API_CURRENCY, .help = "only in this currency"                  \
    }
#define ID(of)                                                                                     \
    {                                                                                              \
        .name = "id", .type = API_INTEGER, .flags = API_REQUIRED | API_POSITIONAL,                 \
        .help = "the number of the " of                                                            \
    }
#define REASON                                                                                     \
    {                                                                                              \
        .name = "reason", .type = API_TEXT, .flags = API_REQUIRED, .help = "why; kept for ever",   \
        .max = LEDGER_REASON_MAX                                                                   \
    }
#define MEMO                                                                                       \
    {                                                                                              \
        .name = "memo", .type = API_TEXT, .help = "what it is for; the parties see it",            \
        .max = LEDGER_MEMO_MAX                                                                     \
    }
#define REFERENCE                                                                                  \
    {                                                                                              \
        .name = "reference", .type = API_TEXT, .help = "an invoice or order number",               \
        .max = LEDGER_REFERENCE_MAX                                                                \
    }
#define EFFECTIVE                                                                                  \
    {                                                                                              \
        .name = "effective_on", .type = API_DATE,                                                  \
        .help = "the day the parties mean, today unless told"                                      \
    }
#define BY                                                                                         \
    {                                                                                              \
        .name = "by", .type = API_CHOICE, .help = "in order of posting or of effective date",      \
        .choices = "posted|effective"                                                              \
    }
#define FLOOR                                                                                      \
    {                                                                                              \
        .name = "floor", .type = API_AMOUNT, .help = "the lowest balance, zero or below"           \
    }
#define CEILING                                                                                    \
    {                                                                                              \
        .name = "ceiling", .type = API_AMOUNT, .help = "the highest balance, zero or above"        \
    }
#define ATTRIBUTE(what, of)                                                                        \
    {                                                                                              \
        .name = what, .type = API_TEXT, .help = of, .max = LEDGER_ATTRIBUTE_MAX                    \
    }
#define ATTRIBUTES                                                                                 \
    ATTRIBUTE("class", "its class of membership"), ATTRIBUTE("constituency", "workers, users …"),  \
        ATTRIBUTE("sector", "its trade"), ATTRIBUTE("locality", "where it is")
#define ATTRIBUTES_FROM                                                                            \
    {                                                                                              \
        .name = "from", .type = API_DATE, .help = "from when on, today unless told"                \
    }
#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }
#define PARAMS(name, ...) static const struct api_param name[] = {__VA_ARGS__, END}
#define COLUMNS(name, ...) static const struct api_column name[] = {__VA_ARGS__, {.key = NULL}}

#define STEWARDS LEDGER_STEWARD
#define MANAGERS (LEDGER_STEWARD | LEDGER_MANAGER)

#endif
