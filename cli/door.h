/*
 * door.h - where a call goes: a ledger file in this process, or a node over HTTP.
 *
 * Both doors take the same call and give the same answer and the same refusals.
 */
#ifndef CLI_DOOR_H
#define CLI_DOOR_H

#include "api/operation.h"

struct remote;

struct door_settings {
    const char *ledger; /* --ledger, or NULL */
    const char *node;   /* --node, or NULL */
};

struct door {
    char *path;            /* of the ledger file; NULL for a node */
    struct ledger *ledger; /* open once a call needed it */
    bool write;
    struct remote *remote; /* NULL for a ledger file */
};

/* Do calls go to a node? --node or --ledger decide, else $COLEDGER_NODE. */
bool door_is_remote(const struct door_settings *where);

/*
 * Prepare; no ledger is opened and no node asked before the first call. Call door_close in every
 * case.
 * Refusals, `problem` filled: LEDGER_USAGE (both --node and --ledger, or no place for a ledger),
 * LEDGER_NOT_ALLOWED (others can read the token). Without a token for a node only what is public can be
 * asked; the rest is refused by door_call: LEDGER_NOT_SIGNED_IN.
 */
LEDGER_CHECKED enum ledger_status door_open(struct door *d, const struct door_settings *where,
                                            struct api_problem *problem);
void door_close(struct door *d);

/*
 * Ask. After LEDGER_OK `*out` is the answer, owned by the caller; else NULL, and call->problem
 * says why. An answer that gets lost is asked for again with the same uid.
 */
LEDGER_CHECKED enum ledger_status door_call(struct door *d, struct api_call *call, json_t **out);

/* The file itself, for what only works on one. LEDGER_USAGE for a node; then as ledger_open. */
LEDGER_CHECKED enum ledger_status door_ledger(struct door *d, bool write, struct ledger **l,
                                              struct api_problem *problem);

/*
 * Call the operation called `name` with `args` (taken over). The caller releases `*out`; on refusal
 * `problem` is filled.
 */
LEDGER_CHECKED enum ledger_status door_ask(struct door *d, const char *name, json_t *args,
                                           json_t **out, struct api_problem *problem);

/* Every item of the list `name`, page by page, with the filters in `args` (taken over). */
typedef void door_reader(void *ctx, const json_t *item);
LEDGER_CHECKED enum ledger_status door_each(struct door *d, const char *name, json_t *args,
                                            door_reader *read, void *ctx,
                                            struct api_problem *problem);

/* Fill a problem with a sentence; returns `s`. */
enum ledger_status door_refuse(struct api_problem *problem, enum ledger_status s,
                               const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
