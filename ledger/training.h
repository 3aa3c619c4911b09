/*
 * training.h - what was taught, learned and filled over some time, added up from attendance.
 */
#ifndef LEDGER_TRAINING_H
#define LEDGER_TRAINING_H

#include "ledger.h"

#include <stdint.h>

struct ledger_training_filter {
    int64_t from_us; /* sessions that begin in [from_us, to_us) */
    int64_t to_us;
    int64_t member_id; /* or 0 */
    int64_t after_id;  /* in order of members */
    int limit;
};

/* A session counts as taught when somebody attended it; who learned counts with its whole party. */
struct ledger_hours {
    int64_t member_id;
    int64_t taught_minutes;
    int64_t learned_minutes; /* of each person, added up */
    int64_t sessions_taught;
    int64_t people; /* who learned */
    char member[LEDGER_HANDLE_MAX + 1];
};

typedef enum ledger_status ledger_hours_reader(void *ctx, const struct ledger_hours *h);

LEDGER_CHECKED enum ledger_status ledger_training_hours(struct ledger *l,
                                                        const struct ledger_training_filter *filter,
                                                        ledger_hours_reader *read, void *ctx);

/* A provider's sessions: what was called off counts for nothing else. */
struct ledger_filled {
    int64_t provider_id;
    int64_t sessions;
    int64_t cancelled;
    int64_t capacity;
    int64_t taken; /* places: enrolled, attended, absent */
    int64_t came;  /* people, as confirmed */
    char provider[LEDGER_HANDLE_MAX + 1];
};

typedef enum ledger_status ledger_filled_reader(void *ctx, const struct ledger_filled *f);

LEDGER_CHECKED enum ledger_status
ledger_training_places(struct ledger *l, const struct ledger_training_filter *filter,
                       ledger_filled_reader *read, void *ctx);

#endif
