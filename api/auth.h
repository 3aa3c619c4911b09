/*
 * auth.h - who asks: the bearer of a token, how often it was used, how often it guessed.
 *
 * A secret is looked up in the transaction that runs the operation, so a revocation holds at
 * once. What is kept here is only counts, shared by all threads.
 */
#ifndef API_AUTH_H
#define API_AUTH_H

#include "operation.h"
#include "queue.h"

/*
 * Refused writes and dry runs tell something about other members' figures: so
 * many a minute and token; and so many dry runs, accepted or not, a minute and member, however
 * many tokens it makes itself. The treasurer sees every figure anyway and is not counted.
 */
#define AUTH_ATTEMPTS_MAX 60
#define AUTH_WINDOW_S 60
#define AUTH_USED_EVERY_S 60 /* the last use of a token is written at most so often */
#define AUTH_TOKENS_MAX 1000000

struct auth;

/* NULL when there is no memory. */
struct auth *auth_new(void);
void auth_free(struct auth *auth);

/*
 * Make the job's call the bearer's, and note the use.
 * Before: a transaction is open on `l`. Refusal: LEDGER_NOT_SIGNED_IN.
 */
LEDGER_CHECKED enum ledger_status auth_sign_in(struct auth *auth, struct ledger *l,
                                               struct job *job);
/* May this write still be tried? Refusal: LEDGER_TOO_MANY_ATTEMPTS, with job->retry_after_s. */
LEDGER_CHECKED enum ledger_status auth_admit(struct auth *auth, struct job *job);
/* A write of a signed-in bearer ended: count it when it was refused or a dry run. */
void auth_count(struct auth *auth, const struct job *job);

/* Write the last uses that are due. Before: a write transaction is open on `l`. */
LEDGER_CHECKED enum ledger_status auth_write_uses(struct auth *auth, struct ledger *l);

#endif
