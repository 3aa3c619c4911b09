/*
 * currency.h - the units a node keeps accounts in.
 */
#ifndef LEDGER_CURRENCY_H
#define LEDGER_CURRENCY_H

#include "amount.h"
#include "ledger.h"

enum ledger_currency_kind { LEDGER_MONEY, LEDGER_TIME, LEDGER_TRAINING };

struct ledger_currency {
    int64_t id;
    char code[LEDGER_CODE_MAX + 1];
    char name[LEDGER_NAME_MAX + 1];
    int scale;
    enum ledger_currency_kind kind;
    int64_t floor_minor; /* what an account opens with */
    int64_t ceiling_minor;
};

typedef enum ledger_status ledger_currency_reader(void *ctx, const struct ledger_currency *c);

/*
 * Add a currency; `c->id` is set.
 * Refusals: LEDGER_CODE_MALFORMED, LEDGER_TEXT_*, LEDGER_NUMBER_MALFORMED (scale),
 * LEDGER_LIMIT_MALFORMED (floor <= 0 <= ceiling), LEDGER_EXISTS.
 */
LEDGER_CHECKED enum ledger_status ledger_currency_add(struct ledger *l, struct ledger_currency *c,
                                                      const struct ledger_why *why);
/* Refusal: LEDGER_NO_SUCH_CURRENCY. */
LEDGER_CHECKED enum ledger_status ledger_currency_find(struct ledger *l, const char *code,
                                                       struct ledger_currency *c);
LEDGER_CHECKED enum ledger_status ledger_currency_get(struct ledger *l, int64_t id,
                                                      struct ledger_currency *c);
/* All, by code. */
LEDGER_CHECKED enum ledger_status ledger_currency_each(struct ledger *l,
                                                       ledger_currency_reader *read, void *ctx);
/* New limits for accounts that will be opened. Refusals: LEDGER_LIMIT_MALFORMED, LEDGER_REASON_MISSING. */
LEDGER_CHECKED enum ledger_status ledger_currency_limit(struct ledger *l, int64_t id,
                                                        int64_t floor_minor, int64_t ceiling_minor,
                                                        const struct ledger_why *why);

const char *ledger_currency_kind_name(enum ledger_currency_kind kind);
/* LEDGER_CHOICE_UNKNOWN. */
LEDGER_CHECKED enum ledger_status ledger_currency_kind_parse(const char *text,
                                                             enum ledger_currency_kind *kind);

/* Read an amount in `c`'s scale; the sentence and the blamed `field` are set on refusal. */
LEDGER_CHECKED enum ledger_status
ledger_currency_amount(struct ledger *l, const struct ledger_currency *c, const char *field,
                       const char *text, enum ledger_amount_sign sign, int64_t *minor);
#endif
