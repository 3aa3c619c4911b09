/*
 * operation.h - what can be asked of a node, once for all doors.
 *
 * A row of the table gives an operation's name, its HTTP route, its words on the command line, its
 * parameters, who may ask, what is shown, and its handler. HTTP routing, command line, help,
 * completion, man page, OpenAPI and docs/API.md are made from these rows and nothing else.
 */
#ifndef API_OPERATION_H
#define API_OPERATION_H

#include "ledger/ledger.h"
#include "ledger/token.h"
#include "ledger/uid.h"

#include <jansson.h>

enum api_type {
    API_TEXT,     /* checked UTF-8, at most `max` bytes */
    API_HANDLE,   /* a member's handle */
    API_CURRENCY, /* a currency's code */
    API_AMOUNT,   /* a decimal string; read in its currency's scale by the handler */
    API_DATE,     /* YYYY-MM-DD */
    API_TIME,     /* RFC 3339 */
    API_LOCAL,    /* 2026-11-24T09:30, on the clock of a place named elsewhere */
    API_DURATION, /* 30m, 24h, 90d */
    API_INTEGER,  /* 0 or more */
    API_FLAG,     /* true or false; on the command line its presence */
    API_CHOICE,   /* one of `choices`, separated by | */
    API_CURSOR,   /* `next` of the page before */
    API_LEGS, /* list of {"account": "riverside:CALD", "amount": "-12.50"}; each --leg riverside:CALD=-12.50 */
    API_PAYEES, /* list of {"payee": "mill", "amount": "5.00"}; each --to mill=5.00 */
    API_ITEMS   /* list of objects, read by the handler; a JSON file on the command line */
};

/* What a parameter is besides its type. */
enum {
    API_REQUIRED = 1,
    API_POSITIONAL = 2, /* on the command line it stands by itself, in the table's order */
    /* A handle that must be the caller's own member for a member's roles, and is that when left out. */
    API_OWN = 4,
    API_FROM_FILE = 8 /* a text; on the command line the name of a file that it stands in */
};

struct api_param {
    /* snake_case in JSON and query, --with-dashes on the command line; NULL ends the list. */
    const char *name;
    enum api_type type;
    unsigned flags;
    const char *help;    /* lower case, no full stop: "who is paid" */
    const char *choices; /* API_CHOICE */
    int max;             /* API_TEXT: bytes; API_INTEGER: the largest; a list: its items */
};

/* A field of the answer, and its place on a terminal. */
struct api_column {
    const char *key; /* NULL ends the list */
    const char *title;
    bool right; /* amounts and numbers */
    bool spare; /* first to go where a terminal is too narrow for the table */
};

enum api_mode { API_READ, API_WRITE };

#define API_NODE_ROLES (LEDGER_STEWARD | LEDGER_TREASURER | LEDGER_AUDITOR)
#define API_MEMBER_ROLES (LEDGER_MANAGER | LEDGER_TRADER | LEDGER_VIEWER)
#define API_EVERYBODY (API_NODE_ROLES | API_MEMBER_ROLES)
#define API_NOBODY 0x100u /* who shows no token; only for reads of what is public anyway */
#define API_PAYERS (LEDGER_STEWARD | LEDGER_TREASURER | LEDGER_MANAGER | LEDGER_TRADER)
#define API_KEEPERS (LEDGER_STEWARD | LEDGER_TREASURER)

struct api_call;

/*
 * Do it, inside the caller's transaction or savepoint, whatever door it came through.
 * A write sets call->subject; it may leave *out NULL only when the operation has an `answer`.
 */
typedef enum ledger_status api_handler(struct ledger *l, struct api_call *call, json_t **out);

struct api_operation {
    const char *name;    /* "transfer.pay": stable, stands in the register */
    const char *method;  /* "POST" */
    const char *path;    /* "/members/{member}/leave", below /api/v1 */
    const char *words;   /* "transfer pay" */
    const char *alias;   /* the short everyday form, "pay", or NULL */
    const char *summary; /* one line, capital first, no full stop */
    unsigned access;     /* mask of enum ledger_role */
    enum api_mode mode;
    const struct api_param *params;
    const struct api_column *head;    /* fields of the answer shown before its items, or NULL */
    const struct api_column *columns; /* of each of its "items"; NULL when it has none */
    const struct api_column *foot;    /* fields shown after them, or NULL */
    api_handler *handle;
    /*
     * Of a write whose answer is a transfer, a hold as placed or released or a certificate as issued: read it again
     * from call->subject. NULL: it is kept (kept.h).
     */
    api_handler *answer;
    /* In the row that ends a table: the table after it, or NULL. */
    const struct api_operation *next;
    /* Of a write: what must be looked at outside the ledger before, or NULL. */
    enum ledger_status (*prepare)(struct api_call *call);
};

/*
 * The table, in pieces by subject (operations_<subject>.c). A row without a name ends a piece and
 * says where the next one begins. Walk it with api_operation_next, which gives NULL after the last.
 */
extern const struct api_operation api_operations[];
extern const struct api_operation api_operations_course[];
extern const struct api_operation api_operations_credits[];
extern const struct api_operation api_operations_certificate[];
extern const struct api_operation api_operations_pool[];
extern const struct api_operation api_operations_series[];
extern const struct api_operation api_operations_placement[];
extern const struct api_operation api_operations_request[];
extern const struct api_operation api_operations_standing[];
extern const struct api_operation api_operations_offer[];
extern const struct api_operation api_operations_warning[];
extern const struct api_operation api_operations_notice[];
extern const struct api_operation api_operations_fund[];

const struct api_operation *api_operation_next(const struct api_operation *op);
const struct api_operation *api_operation_named(const char *name);
/* Its place in the whole table, from 0; and what stands there. */
int api_operation_place(const struct api_operation *op);
const struct api_operation *api_operation_at(int place);
const struct api_param *api_param_named(const struct api_operation *op, const char *name);

/* Why not: what the caller is told. */
struct api_problem {
    enum ledger_status status;
    char detail[LEDGER_MESSAGE_MAX]; /* one sentence */
    char field[64];                  /* "" when none */
    int leg;                         /* -1 when none */
    char room[32];                   /* only for those who may know (rule 8), else "" */
};

struct api_call {
    const struct api_operation *op;
    char actor[LEDGER_ACTOR_MAX + 1]; /* local:ann, token:3 */
    unsigned roles;                   /* mask of enum ledger_role */
    int64_t member_id;                /* whose people ask, 0 for the node's */
    char handle[LEDGER_HANDLE_MAX + 1];
    bool has_uid;
    struct ledger_uid uid; /* made by the runner when not given */
    bool dry_run;
    bool private_webhooks; /* the operator lets webhooks go to private addresses */
    json_t *args;          /* object, as given, checked by args.h; owned by the call */
    bool prints; /* the door sends answers as they are, so a list's items may come as text */
    /* set on the way */
    const char *note;     /* what `prepare` has to say in the answer, or NULL; not the call's */
    int64_t subject;      /* what a write made or changed */
    const char *tells_of; /* whose words a kept answer holds (api/kept.h), NULL for nobody's */
    int64_t tells_of_id;
    json_t *names; /* members whose words it holds besides, or NULL; owned by the call */
    bool replayed; /* the uid was known: this is the first answer again */
    char *items;   /* JSON text of the answer's "items", which is empty then; owned by the call */
    bool erased;   /* words were erased: the edge truncates the write-ahead log after commit */
    struct api_problem problem;
};

#endif
