#include "auth.h"

#include "args.h"
#include "monotonic.h"
#include "run.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* What is remembered of one token while the node runs. */
struct bearer {
    int64_t used_at_us;    /* of the ledger's clock, 0: not since it was written */
    int64_t written_at_us; /* monotonic */
    int64_t window_until_us;
    int attempts;
};

/* Token ids are dense from 1, so an array by id is exact and no larger than the tokens made. */
struct auth {
    pthread_mutex_t lock;
    struct bearer *bearers;
    int64_t room;
    int64_t highest;
};

struct auth *auth_new(void)
{
    struct auth *auth = calloc(1, sizeof *auth);

    if (auth)
        pthread_mutex_init(&auth->lock, NULL);
    return auth;
}

void auth_free(struct auth *auth)
{
    if (!auth)
        return;
    pthread_mutex_destroy(&auth->lock);
    free(auth->bearers);
    free(auth);
}

bool auth_well_formed(const char *secret)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    return strlen(secret) == LEDGER_TOKEN_SECRET - 1 && strncmp(secret, "clt_", 4) == 0 &&
           strspn(secret + 4, alphabet) == LEDGER_TOKEN_SECRET - 5;
}

/* The bearer with this id, or NULL when there is no memory. The lock is held. */
static struct bearer *bearer(struct auth *auth, int64_t id)
{
    struct bearer *grown;
    int64_t room = auth->room ? auth->room : 64;

    if (id <= 0 || id >= AUTH_TOKENS_MAX)
        return NULL;
    while (room <= id)
        room *= 2;
    if (room > auth->room) {
        grown = realloc(auth->bearers, (size_t)room * sizeof *grown);
        if (!grown)
            return NULL;
        memset(grown + auth->room, 0, (size_t)(room - auth->room) * sizeof *grown);
        auth->bearers = grown;
        auth->room = room;
    }
    if (id > auth->highest)
        auth->highest = id;
    return &auth->bearers[id];
}

enum ledger_status auth_sign_in(struct auth *auth, struct ledger *l, struct job *job)
{
    struct ledger_token token;
    struct bearer *b;
    enum ledger_status st = ledger_token_check(l, job->secret, &token);

    if (st != LEDGER_OK)
        return job_refuse(job, st, ledger_message(l));
    api_call_as_token(job->call, &token);
    job->token_id = token.id;
    pthread_mutex_lock(&auth->lock);
    b = bearer(auth, token.id);
    if (b)
        b->used_at_us = ledger_now_us(l);
    pthread_mutex_unlock(&auth->lock);
    return LEDGER_OK;
}

/* Who sees every room anyway learns nothing by trying. */
static bool counted(const struct job *job)
{
    return job->token_id != 0 && !(job->call->roles & API_KEEPERS);
}

enum ledger_status auth_admit(struct auth *auth, struct job *job)
{
    int64_t now_us = monotonic_us();
    int64_t until_us = 0;
    const struct bearer *b;

    if (!counted(job))
        return LEDGER_OK;
    pthread_mutex_lock(&auth->lock);
    b = bearer(auth, job->token_id);
    if (b && b->attempts >= AUTH_ATTEMPTS_MAX && b->window_until_us > now_us)
        until_us = b->window_until_us;
    pthread_mutex_unlock(&auth->lock);
    if (until_us == 0)
        return LEDGER_OK;
    job->retry_after_s = (int)((until_us - now_us) / MONOTONIC_SECOND_US) + 1;
    return job_refuse(job, LEDGER_TOO_MANY_ATTEMPTS,
                      "too many refused or dry-run writes with this token in a minute");
}

void auth_count(struct auth *auth, const struct job *job)
{
    int64_t now_us;
    struct bearer *b;

    if (!counted(job) || (job->status == LEDGER_OK && !job->call->dry_run) ||
        job->status == LEDGER_TOO_MANY_ATTEMPTS || ledger_status_is_fault(job->status))
        return;
    now_us = monotonic_us();
    pthread_mutex_lock(&auth->lock);
    b = bearer(auth, job->token_id);
    if (b && b->window_until_us <= now_us) {
        b->window_until_us = now_us + AUTH_WINDOW_S * MONOTONIC_SECOND_US;
        b->attempts = 0;
    }
    if (b)
        b->attempts++;
    pthread_mutex_unlock(&auth->lock);
}

/* The next token after `id` whose use is due to be written, or 0. Marks it written. */
static int64_t next_due(struct auth *auth, int64_t id, int64_t now_us, int64_t *used_at_us)
{
    int64_t found = 0;

    pthread_mutex_lock(&auth->lock);
    while (found == 0 && ++id <= auth->highest) {
        struct bearer *b = &auth->bearers[id];

        if (b->used_at_us == 0 ||
            (b->written_at_us != 0 &&
             now_us - b->written_at_us < AUTH_USED_EVERY_S * MONOTONIC_SECOND_US))
            continue;
        found = id;
        *used_at_us = b->used_at_us;
        b->used_at_us = 0;
        b->written_at_us = now_us;
    }
    pthread_mutex_unlock(&auth->lock);
    return found;
}

enum ledger_status auth_write_uses(struct auth *auth, struct ledger *l)
{
    int64_t now_us = monotonic_us();
    int64_t used_at_us;
    int64_t id = 0;

    while ((id = next_due(auth, id, now_us, &used_at_us)) != 0)
        LEDGER_TRY(ledger_token_used(l, id, used_at_us));
    return LEDGER_OK;
}
