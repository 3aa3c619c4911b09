#include "auth.h"

#include "args.h"
#include "monotonic.h"
#include "run.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* So many attempts until then, on the monotonic clock. */
struct window {
    int64_t until_us;
    int attempts;
};

/* What is remembered of one token while the node runs. */
struct bearer {
    int64_t used_at_us;    /* of the ledger's clock, 0: not since it was written */
    int64_t written_at_us; /* monotonic */
    struct window attempts;
};

/* Ids are dense from 1, so an array by id is exact and no larger than what was made. */
struct auth {
    pthread_mutex_t lock;
    struct bearer *bearers;
    int64_t room;
    int64_t highest;
    struct window *dry_runs; /* by member */
    int64_t members;         /* room for so many */
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
    free(auth->dry_runs);
    free(auth);
}

/* `rows` with room for `id`, new ones zero; NULL when there is no memory: the old ones stay. */
static void *with_room(void *rows, int64_t *room, int64_t id, size_t size)
{
    int64_t more = *room ? *room : 64;
    char *grown;

    while (more <= id)
        more *= 2;
    if (more == *room)
        return rows;
    grown = realloc(rows, (size_t)more * size);
    if (!grown)
        return NULL;
    memset(grown + (size_t)*room * size, 0, (size_t)(more - *room) * size);
    *room = more;
    return grown;
}

/* The bearer with this id, or NULL when there is no memory. The lock is held. */
static struct bearer *bearer(struct auth *auth, int64_t id)
{
    struct bearer *rows;

    if (id <= 0 || id >= AUTH_TOKENS_MAX)
        return NULL;
    rows = with_room(auth->bearers, &auth->room, id, sizeof *rows);
    if (!rows)
        return NULL;
    auth->bearers = rows;
    if (id > auth->highest)
        auth->highest = id;
    return &rows[id];
}

/* The dry runs of this member's people, or NULL when there is no memory. The lock is held. */
static struct window *dry_runs(struct auth *auth, int64_t member_id)
{
    struct window *rows;

    if (member_id <= 0 || member_id >= AUTH_TOKENS_MAX)
        return NULL;
    rows = with_room(auth->dry_runs, &auth->members, member_id, sizeof *rows);
    if (!rows)
        return NULL;
    auth->dry_runs = rows;
    return &rows[member_id];
}

enum ledger_status auth_sign_in(struct auth *auth, struct ledger *l, struct job *job)
{
    struct ledger_token token;
    struct bearer *b;
    enum ledger_status st;

    if (!job->secret)
        return LEDGER_OK; /* nobody: the runner knows what is for them */
    st = ledger_token_check(l, job->secret, &token);
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

/* Until when this job's window is full, or 0. The lock is held. */
static int64_t full_until_us(struct auth *auth, const struct job *job, int64_t now_us)
{
    const struct bearer *b = bearer(auth, job->token_id);
    const struct window *w = b ? &b->attempts : NULL;

    if (w && w->attempts >= AUTH_ATTEMPTS_MAX && w->until_us > now_us)
        return w->until_us;
    w = job->call->dry_run ? dry_runs(auth, job->call->member_id) : NULL;
    return w && w->attempts >= AUTH_ATTEMPTS_MAX && w->until_us > now_us ? w->until_us : 0;
}

enum ledger_status auth_admit(struct auth *auth, struct job *job)
{
    int64_t now_us = monotonic_us();
    int64_t until_us;

    if (!counted(job))
        return LEDGER_OK;
    pthread_mutex_lock(&auth->lock);
    until_us = full_until_us(auth, job, now_us);
    pthread_mutex_unlock(&auth->lock);
    if (until_us == 0)
        return LEDGER_OK;
    job->retry_after_s = (int)((until_us - now_us) / MONOTONIC_SECOND_US) + 1;
    return job_refuse(job, LEDGER_TOO_MANY_ATTEMPTS,
                      "too many refused or dry-run writes in a minute");
}

static void count_in(struct window *w, int64_t now_us)
{
    if (!w)
        return;
    if (w->until_us <= now_us)
        *w = (struct window){.until_us = now_us + AUTH_WINDOW_S * MONOTONIC_SECOND_US};
    w->attempts++;
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
    count_in(b ? &b->attempts : NULL, now_us);
    if (job->call->dry_run)
        count_in(dry_runs(auth, job->call->member_id), now_us);
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
