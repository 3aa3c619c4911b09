/*
 * warning_rule.h - from when on an account deserves a look: soft limits, and how long is long.
 *
 * They stop nothing. Each is a number that a steward sets from a day on; until then it is what stands here.
 */
#ifndef LEDGER_WARNING_RULE_H
#define LEDGER_WARNING_RULE_H

#include "account.h"

enum ledger_warning_rule_name {
    LEDGER_FLOOR_PERCENT,   /* 80: that much of the floor is used */
    LEDGER_CEILING_PERCENT, /* 80: likewise of the ceiling */
    LEDGER_DAYS_AHEAD,      /* 30: at the recent pace a limit is reached within so many days */
    LEDGER_IDLE_DAYS,       /* 90: no trade for so long */
    LEDGER_ONE_WAY_DAYS,    /* 90: trade went one way only for so long */
    LEDGER_WARNING_RULES
};

/* In force on a day; 0: no such warning. */
struct ledger_warning_rules {
    int value[LEDGER_WARNING_RULES];
};

struct ledger_warning_rule {
    int64_t id;
    enum ledger_warning_rule_name name;
    int value;
    int32_t from_on;
    int64_t at_us;
    char actor[LEDGER_ACTOR_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1];
    char authority[LEDGER_NAME_MAX + 1];
};

typedef enum ledger_status ledger_warning_rule_reader(void *ctx,
                                                      const struct ledger_warning_rule *rule);

/* "floor-percent" …; LEDGER_WARNING_RULES when there is none of that name. */
const char *ledger_warning_rule_name(enum ledger_warning_rule_name name);
enum ledger_warning_rule_name ledger_warning_rule_named(const char *name);
/* What it may be at most: 100 per cent, 400 days. */
int ledger_warning_rule_most(enum ledger_warning_rule_name name);

/*
 * Name, value and day are `rule`'s; its id is set.
 * Refusals: LEDGER_NUMBER_MALFORMED, LEDGER_BACKDATED (before today), LEDGER_REASON_MISSING, LEDGER_TEXT_*,
 * LEDGER_CLOCK_BEHIND.
 */
LEDGER_CHECKED enum ledger_status ledger_warning_rule_set(struct ledger *l,
                                                          struct ledger_warning_rule *rule,
                                                          const struct ledger_why *why);
/* Those in force on `day`. */
LEDGER_CHECKED enum ledger_status ledger_warning_rules_on(struct ledger *l, int32_t day,
                                                          struct ledger_warning_rules *rules);
/* All that were ever set, in order of id. */
LEDGER_CHECKED enum ledger_status ledger_warning_rule_each(struct ledger *l, int64_t after_id,
                                                           int limit,
                                                           ledger_warning_rule_reader *read,
                                                           void *ctx);

/* How much of a limit is used, in per cent, 0 to LEDGER_PERCENT_MAX. */
#define LEDGER_PERCENT_MAX 1000000
int ledger_floor_used(const struct ledger_account *a);
int ledger_ceiling_used(const struct ledger_account *a);

/* Which soft limits an account is beyond. */
struct ledger_soft_limits {
    bool floor;
    bool ceiling;
};
struct ledger_soft_limits ledger_soft_limits(const struct ledger_warning_rules *rules,
                                             const struct ledger_account *a);

#endif
