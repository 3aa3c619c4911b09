/*
 * run.h - the one way an operation is run: role, uid, handler, register.
 */
#ifndef API_RUN_H
#define API_RUN_H

#include "operation.h"

/* A new call of `op` by nobody yet; release it with api_call_clear. */
void api_call_init(struct api_call *call, const struct api_operation *op);
void api_call_clear(struct api_call *call);

/*
 * Run a write inside the open write transaction, in a savepoint of its own: role, own member,
 * uid, handler, register row. A replay answers what was answered first, whatever became of it since: read again
 * from rows that never change (the operation's `answer`), else as it was kept (kept.h). A dry run is
 * rolled back. After a refusal nothing is written and call->problem is filled; after a fault
 * (ledger_status_is_fault) the caller must roll the whole transaction back.
 */
LEDGER_CHECKED enum ledger_status api_run_write(struct ledger *l, struct api_call *call,
                                                json_t **out);
/* Run a read; opens and ends a read transaction of its own unless one is open. */
LEDGER_CHECKED enum ledger_status api_run_read(struct ledger *l, struct api_call *call,
                                               json_t **out);
/* Either, with the transaction: begin, run, commit. For a ledger file at hand. */
LEDGER_CHECKED enum ledger_status api_run(struct ledger *l, struct api_call *call, json_t **out);

/*
 * What the operation looks at outside the ledger, such as what a name resolves to, before its write is run: on no thread
 * that others wait for, and in no transaction. Role and arguments are checked before; what was filled in must be taken
 * back (job_rewind). LEDGER_OK when it looks at nothing.
 */
LEDGER_CHECKED enum ledger_status api_prepare(struct api_call *call);
/* Who the operating system says we are, as steward and treasurer: whoever can write the file. */
void api_call_as_local(struct api_call *call, const char *user);
/* Whoever showed a token. */
void api_call_as_token(struct api_call *call, const struct ledger_token *token);

/* The real clock and the real random numbers. */
extern const struct ledger_env api_env;

#endif
