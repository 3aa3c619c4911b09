/*
 * provider.h - the node's list of providers: whom training credits may be paid to.
 */
#ifndef LEDGER_PROVIDER_H
#define LEDGER_PROVIDER_H

#include "member.h"

/* One fact: from `from_on` on the member is listed, or is no more. */
struct ledger_provider {
    int64_t id;
    int64_t member_id;
    bool listed;
    int32_t from_on;
    int64_t at_us;
    char handle[LEDGER_HANDLE_MAX + 1];
    char actor[LEDGER_ACTOR_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1];
};

typedef enum ledger_status ledger_provider_reader(void *ctx, const struct ledger_provider *p);

/*
 * Record `p->listed` from `p->from_on` on; `p->id` is set. What was paid before stays paid, and a
 * hold that was placed before is captured.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_NO_SUCH_MEMBER, LEDGER_MEMBER_STATE (a fund; has left),
 * LEDGER_BACKDATED, LEDGER_EXISTS (it is so on that day already), LEDGER_CLOCK_BEHIND.
 */
LEDGER_CHECKED enum ledger_status ledger_provider_set(struct ledger *l, struct ledger_provider *p,
                                                      const struct ledger_why *why);
/* Is the member on the list on `day`? */
LEDGER_CHECKED enum ledger_status ledger_provider_listed(struct ledger *l, int64_t member_id,
                                                         int32_t day, bool *listed);
/* Was it ever, up to `day`? */
LEDGER_CHECKED enum ledger_status ledger_provider_known(struct ledger *l, int64_t member_id,
                                                        int32_t day, bool *known);
/* Every fact in the order they were recorded, after id `after_id`. */
LEDGER_CHECKED enum ledger_status ledger_provider_each(struct ledger *l, int64_t after_id,
                                                       int limit, ledger_provider_reader *read,
                                                       void *ctx);
#endif
