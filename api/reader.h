/*
 * reader.h - the threads that answer reads, each with a handle of its own.
 *
 * A read sees one moment and never waits for a commit. A long one (verify) keeps its thread busy
 * until it is done: with two readers or more the others go on.
 */
#ifndef API_READER_H
#define API_READER_H

#include "alarm.h"
#include "auth.h"
#include "queue.h"

#define READER_MAX 16

struct reader;

/*
 * `l` is open for reading and the reader's own until reader_join.
 * NULL when there is no memory or no thread.
 */
struct reader *reader_start(struct ledger *l, struct queue *queue, struct auth *auth,
                            struct alarm alarm);
/* Before: the queue is closed. Waits until it is empty and the thread has ended; NULL is taken. */
void reader_join(struct reader *r);

#endif
