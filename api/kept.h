/*
 * kept.h - the first answer of a write, for whoever asks it again.
 *
 * Kept is the answer of every write that has no `answer` in its row of the table: word for word, but for a
 * secret, which is shown once. It goes with each member that it names by handle, and with what its
 * handler says it tells of.
 */
#ifndef API_KEPT_H
#define API_KEPT_H

#include "operation.h"

struct ledger_record;

/* The answer holds words of that: `kind` is an erasure's, or outbox for an address. */
void api_tells_of(struct api_call *call, const char *kind, int64_t id);
/* It holds words of that member without naming it, or names it within a sentence. */
void api_names(struct api_call *call, const char *handle);

/* Keep `out` as the answer of the write `seq`. */
LEDGER_CHECKED enum ledger_status api_keep(struct ledger *l, const struct api_call *call,
                                           int64_t seq, const json_t *out);
/*
 * What was kept of the write `r`; {"erased": true} where it is gone. Refusal: LEDGER_NOT_ALLOWED, where a steward was
 * told, who reads words that other roles of the node do not.
 */
LEDGER_CHECKED enum ledger_status api_kept(struct ledger *l, const struct api_call *call,
                                           const struct ledger_record *r, json_t **out);

#endif
