/*
 * committer.h - the one thread that writes.
 *
 * It takes what waits, runs each call in a savepoint of one transaction, commits once and only
 * then answers: durability is never given up, and throughput grows with the load. It is also the
 * only one that expires holds, writes the last use of tokens, and checkpoints.
 */
#ifndef API_COMMITTER_H
#define API_COMMITTER_H

#include "alarm.h"
#include "auth.h"
#include "log.h"
#include "metrics.h"
#include "queue.h"

#define COMMITTER_GROUP_MAX 256
#define COMMITTER_CHORES_S 60
#define COMMITTER_ROOM_S 1 /* between two tries to give room back to a full disk */
#define COMMITTER_WAL_LARGE (INT64_C(200) << 20) /* more than two checkpoints' worth */
#define COMMITTER_STUCK_S 30                     /* one group longer than this is not healthy */

struct committer_options {
    struct ledger *l; /* open for writing; the committer's own until committer_join */
    struct queue *queue;
    struct auth *auth;
    struct alarm alarm;
    struct metrics *metrics; /* or NULL */
    struct log *log;         /* or NULL */
};

struct committer;

/* NULL when there is no memory or no thread. */
struct committer *committer_start(const struct committer_options *options);
/* Before: the queue is closed. Waits until it is empty and the thread has ended; NULL is taken. */
void committer_join(struct committer *c);

/* Neither stuck in a group nor done with a broken store; from any thread. */
bool committer_is_alive(const struct committer *c);
/*
 * LEDGER_OK while it is alive, its last transaction was written and the clock is not behind the
 * journal: it takes writes. From any thread.
 */
enum ledger_status committer_health(const struct committer *c);

#endif
