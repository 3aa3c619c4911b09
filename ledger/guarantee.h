/*
 * guarantee.h - in which order a member's default is paid, and by whom: the rules, set by those who govern.
 *
 * An order has steps. A fund pays what it has above zero, or down to its floor where the step says so; the members
 * share the rest pro rata, each up to a cap a year. Each step pays a share of the whole loss at most. The newest
 * order of a currency is in force.
 */
#ifndef LEDGER_GUARANTEE_H
#define LEDGER_GUARANTEE_H

#include "account.h"

#define LEDGER_GUARANTEE_STEPS_MAX 8
#define LEDGER_GUARANTEE_POINTS 10000 /* basis points of the whole loss */
#define LEDGER_GUARANTEE_ORDER_MAX 400

/* Pro rata of what members share: heads, credit balances, or how far each may go below zero. */
enum ledger_guarantee_weight { LEDGER_BY_EQUAL, LEDGER_BY_BALANCE, LEDGER_BY_LIMIT };

struct ledger_guarantee_step {
    int64_t account_id; /* a fund's; 0: the members */
    int points;
    bool to_limit; /* down to its floor, not to zero */
    char fund[LEDGER_HANDLE_MAX + 1];
};

struct ledger_guarantee {
    int64_t id;
    int64_t currency_id;
    enum ledger_guarantee_weight weight;
    int64_t cap_minor; /* of a member in a year of the node; 0: none */
    int64_t at_us;
    int scale;
    int step_count;
    struct ledger_guarantee_step steps[LEDGER_GUARANTEE_STEPS_MAX];
    char code[LEDGER_CODE_MAX + 1];
    char actor[LEDGER_ACTOR_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1];
    char authority[LEDGER_NAME_MAX + 1];
};

typedef enum ledger_status ledger_guarantee_reader(void *ctx, const struct ledger_guarantee *g);

/*
 * Read an order such as "guarantee:8000,commons:limit,members" into steps[] and step_count; accounts are the
 * caller's to find. A step is a fund's handle or `members`, then, each after a colon, basis points of the loss and
 * `limit`. Refusal: LEDGER_ORDER_MALFORMED (also one step twice, members to a limit, no fund, more than there may be).
 */
LEDGER_CHECKED enum ledger_status ledger_guarantee_parse(const char *text,
                                                         struct ledger_guarantee *g);
/* As it is written; NUL-terminated, cut where `size` ends. */
char *ledger_guarantee_format(const struct ledger_guarantee *g, char *buf, size_t size);

/*
 * Set the order of a currency from now on. `id` and `at_us` are set.
 * Refusals, in order: LEDGER_NO_SUCH_CURRENCY, LEDGER_EARMARKED (training credits), LEDGER_ORDER_MALFORMED (steps),
 * LEDGER_NO_SUCH_ACCOUNT, LEDGER_UNBALANCED (another currency), LEDGER_MEMBER_STATE (no fund), LEDGER_AMOUNT_TOO_LARGE,
 * LEDGER_REASON_MISSING, LEDGER_TEXT_*.
 */
LEDGER_CHECKED enum ledger_status ledger_guarantee_set(struct ledger *l, struct ledger_guarantee *g,
                                                       const struct ledger_why *why);
/* In force. Refusal: LEDGER_NO_GUARANTEE. */
LEDGER_CHECKED enum ledger_status ledger_guarantee_now(struct ledger *l, int64_t currency_id,
                                                       struct ledger_guarantee *g);
/* All of a currency, oldest first. */
LEDGER_CHECKED enum ledger_status ledger_guarantee_each(struct ledger *l, int64_t currency_id,
                                                        ledger_guarantee_reader *read, void *ctx);

/*
 * In which currency the newest levy or order names an account of fund `member_id`; LEDGER_NO_ROW for none.
 */
LEDGER_CHECKED enum ledger_status ledger_guarantee_relies_on(struct ledger *l, int64_t member_id,
                                                             char code[LEDGER_CODE_MAX + 1]);

bool ledger_guarantee_is_members(const struct ledger_guarantee_step *step);
const char *ledger_guarantee_weight_name(enum ledger_guarantee_weight weight);
/* LEDGER_CHOICE_UNKNOWN. */
LEDGER_CHECKED enum ledger_status
ledger_guarantee_weight_parse(const char *text, enum ledger_guarantee_weight *weight);

#endif
