#include "warning_rule.h"

#include "handle.h"

#include <string.h>

#define DAYS_MAX 400

static const struct {
    const char *name;
    int most;
    int otherwise;
} facts[LEDGER_WARNING_RULES] = {
    [LEDGER_FLOOR_PERCENT] = {"floor-percent", 100, 80},
    [LEDGER_CEILING_PERCENT] = {"ceiling-percent", 100, 80},
    [LEDGER_DAYS_AHEAD] = {"days-ahead", DAYS_MAX, 30},
    [LEDGER_IDLE_DAYS] = {"idle-days", DAYS_MAX, 90},
    [LEDGER_ONE_WAY_DAYS] = {"one-way-days", DAYS_MAX, 90},
};

const char *ledger_warning_rule_name(enum ledger_warning_rule_name name)
{
    return facts[name].name;
}

enum ledger_warning_rule_name ledger_warning_rule_named(const char *name)
{
    int i = 0;

    while (i < LEDGER_WARNING_RULES && strcmp(facts[i].name, name) != 0)
        i++;
    return (enum ledger_warning_rule_name)i;
}

int ledger_warning_rule_most(enum ledger_warning_rule_name name)
{
    return facts[name].most;
}

static enum ledger_status check(struct ledger *l, const struct ledger_warning_rule *rule,
                                const struct ledger_why *why)
{
    int most = ledger_warning_rule_most(rule->name);

    if (rule->value < 0 || rule->value > most)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "value",
                                   "%s is 1 to %d, or 0 for no such warning",
                                   facts[rule->name].name, most);
    if (rule->from_on < ledger_today(l))
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from", "it holds from today on or later");
    return ledger_check_reason(l, why->reason);
}

enum ledger_status ledger_warning_rule_set(struct ledger *l, struct ledger_warning_rule *rule,
                                           const struct ledger_why *why)
{
    LEDGER_TRY(check(l, rule, why));
    LEDGER_TRY(ledger_tick(l, &rule->at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM warning_rule", &rule->id));
    return ledger_exec(l,
                       "INSERT INTO warning_rule (id, name, value, from_on, at_us, actor, reason, "
                       "authority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                       STORE_ARGS(store_int(rule->id), store_text(facts[rule->name].name),
                                  store_int(rule->value), store_int(rule->from_on),
                                  store_int(rule->at_us), store_text(why->actor),
                                  store_text(why->reason), store_text(why->authority)));
}

enum ledger_status ledger_warning_rules_on(struct ledger *l, int32_t day,
                                           struct ledger_warning_rules *rules)
{
    for (int i = 0; i < LEDGER_WARNING_RULES; i++) {
        int64_t value = facts[i].otherwise;
        enum ledger_status status = ledger_first(
            l,
            "SELECT value FROM warning_rule WHERE name = $1 AND from_on <= $2 "
            "ORDER BY from_on DESC, id DESC LIMIT 1",
            STORE_ARGS(store_text(facts[i].name), store_int(day)), ledger_read_int, &value);
        if (status != LEDGER_OK && status != LEDGER_NO_ROW)
            return status;
        rules->value[i] = (int)value;
    }
    return LEDGER_OK;
}

struct each {
    ledger_warning_rule_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_warning_rule rule = {.id = store_row_int(row, 0),
                                       .name = ledger_warning_rule_named(store_row_text(row, 1)),
                                       .value = (int)store_row_int(row, 2),
                                       .from_on = (int32_t)store_row_int(row, 3),
                                       .at_us = store_row_int(row, 4)};

    store_row_copy(row, 5, rule.actor, sizeof rule.actor);
    store_row_copy(row, 6, rule.reason, sizeof rule.reason);
    store_row_copy(row, 7, rule.authority, sizeof rule.authority);
    return each->read(each->ctx, &rule);
}

enum ledger_status ledger_warning_rule_each(struct ledger *l, int64_t after_id, int limit,
                                            ledger_warning_rule_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       "SELECT id, name, value, from_on, at_us, actor, reason, authority FROM "
                       "warning_rule WHERE id > $1 ORDER BY id LIMIT $2",
                       STORE_ARGS(store_int(after_id), store_int(limit)), pass_on, &each);
}

/* Amounts stay below 10^15, twice that with reserves: a hundred times that fits. */
static int used(int64_t out_minor, int64_t limit_minor)
{
    if (out_minor <= 0)
        return 0;
    if (limit_minor == 0 || out_minor * 100 / limit_minor > LEDGER_PERCENT_MAX)
        return LEDGER_PERCENT_MAX;
    return (int)(out_minor * 100 / limit_minor);
}

int ledger_floor_used(const struct ledger_account *a)
{
    return used(a->reserved_out_minor - a->balance_minor, -a->floor_minor);
}

int ledger_ceiling_used(const struct ledger_account *a)
{
    return a->ceiling_minor == LEDGER_AMOUNT_MAX
               ? 0
               : used(a->balance_minor + a->reserved_in_minor, a->ceiling_minor);
}

struct ledger_soft_limits ledger_soft_limits(const struct ledger_warning_rules *rules,
                                             const struct ledger_account *a)
{
    int floor_percent = rules->value[LEDGER_FLOOR_PERCENT];
    int ceiling_percent = rules->value[LEDGER_CEILING_PERCENT];

    return (struct ledger_soft_limits){
        .floor = floor_percent && ledger_floor_used(a) >= floor_percent,
        .ceiling = ceiling_percent && ledger_ceiling_used(a) >= ceiling_percent};
}
