/*
 * register.h - every accepted write, once: idempotency, order, who did what.
 */
#ifndef LEDGER_REGISTER_H
#define LEDGER_REGISTER_H

#include "ledger.h"
#include "uid.h"

#define LEDGER_OPERATION_MAX 40

struct ledger_record {
    int64_t seq;
    int64_t at_us;
    char actor[LEDGER_ACTOR_MAX + 1];
    char operation[LEDGER_OPERATION_MAX + 1];
    struct ledger_uid uid;
    uint8_t content_hash[32];
    int64_t subject; /* the id of what was made or changed, 0 for none */
};

typedef enum ledger_status ledger_record_reader(void *ctx, const struct ledger_record *r);

/*
 * Is this write known? LEDGER_OK: `*r` is its record, the content is the same.
 * LEDGER_NO_ROW: it is new. LEDGER_UID_TAKEN: the uid belongs to other content.
 */
LEDGER_CHECKED enum ledger_status ledger_register_find(struct ledger *l,
                                                       const struct ledger_uid *uid,
                                                       const uint8_t content_hash[32],
                                                       struct ledger_record *r);
/* Append; `seq` and `at_us` are set. `at_us` is a new tick. Refusal: LEDGER_CLOCK_BEHIND. */
LEDGER_CHECKED enum ledger_status ledger_register_append(struct ledger *l, struct ledger_record *r);
/* Keep the answer of a write, once. */
LEDGER_CHECKED enum ledger_status ledger_register_keep(struct ledger *l, int64_t seq,
                                                       const char *answer);
/* It holds words of that: `kind` is an erasure's (ledger/erasure.c), or outbox for an address. Said twice it is said once. */
LEDGER_CHECKED enum ledger_status ledger_register_tells_of(struct ledger *l, int64_t seq,
                                                           const char *kind, int64_t subject);
/* It names that member, if there is one with that handle. */
LEDGER_CHECKED enum ledger_status ledger_register_names(struct ledger *l, int64_t seq,
                                                        const char *handle);
/* Delete the answers that hold its words; the erasure is on record already, or the address is gone. */
LEDGER_CHECKED enum ledger_status ledger_register_forget(struct ledger *l, const char *kind,
                                                         int64_t subject);
/* The kept answer, malloc'd for the caller; LEDGER_NO_ROW when none is (or it was erased). */
LEDGER_CHECKED enum ledger_status ledger_register_answer(struct ledger *l, int64_t seq,
                                                         char **answer);
/* seq after `after`, oldest first. */
LEDGER_CHECKED enum ledger_status ledger_register_each(struct ledger *l, int64_t after, int limit,
                                                       ledger_record_reader *read, void *ctx);
#endif
