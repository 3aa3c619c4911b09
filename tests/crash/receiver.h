/*
 * receiver.h - a webhook's other end, that sometimes fails: before it has taken an event, or after.
 */
#ifndef TESTS_CRASH_RECEIVER_H
#define TESTS_CRASH_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct receiver;

/* On a free port of 127.0.0.1, with a thread of its own; one connection after the other. */
struct receiver *receiver_start(uint64_t seed);
int receiver_port(const struct receiver *r);
/* From now on it takes all, or fails at times. */
void receiver_be_well(struct receiver *r, bool well);
/* Wait until all that was sent before is dealt with. */
void receiver_drain(const struct receiver *r);
/* The numbers of the notices that it took, in order. Before: it was drained, and nobody sends to it. */
size_t receiver_taken(const struct receiver *r, const int64_t **notice_ids);
void receiver_forget(struct receiver *r);
void receiver_stop(struct receiver *r);

#endif
