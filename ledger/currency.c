#include "currency.h"

#include "handle.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {"money", "time", "training"};

const char *ledger_currency_kind_name(enum ledger_currency_kind kind)
{
    return kind_names[kind];
}

enum ledger_status ledger_currency_kind_parse(const char *text, enum ledger_currency_kind *kind)
{
    for (int k = LEDGER_MONEY; k <= LEDGER_TRAINING; k++) {
        if (strcmp(text, kind_names[k]) == 0) {
            *kind = (enum ledger_currency_kind)k;
            return LEDGER_OK;
        }
    }
    return LEDGER_CHOICE_UNKNOWN;
}

static enum ledger_status check_limits(struct ledger *l, int64_t floor_minor, int64_t ceiling_minor)
{
    if (floor_minor > 0 || floor_minor < -LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_LIMIT_MALFORMED, "floor",
                                   "a floor is zero or below zero, such as -100");
    if (ceiling_minor < 0 || ceiling_minor > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_LIMIT_MALFORMED, "ceiling",
                                   "a ceiling is zero or above zero");
    return LEDGER_OK;
}

static enum ledger_status check_new(struct ledger *l, const struct ledger_currency *c)
{
    if (ledger_code_check(c->code) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_CODE_MALFORMED, "code",
                                   "a currency code is 2 to 10 capital letters, such as "
                                   "CALD");
    LEDGER_TRY(ledger_check_text(l, "name", c->name, LEDGER_NAME_MAX));
    if (c->scale < 0 || c->scale > LEDGER_SCALE_MAX)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "scale",
                                   "a currency has 0 to %d decimals", LEDGER_SCALE_MAX);
    return check_limits(l, c->floor_minor, c->ceiling_minor);
}

static enum ledger_status insert_limit(struct ledger *l, int64_t currency_id, int64_t floor_minor,
                                       int64_t ceiling_minor, const struct ledger_why *why)
{
    int64_t id;
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM currency_limit", &id));
    return ledger_exec(l,
                       "INSERT INTO currency_limit (id, currency_id, floor_minor, ceiling_minor, "
                       "from_us, actor, reason, authority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                       STORE_ARGS(store_int(id), store_int(currency_id), store_int(floor_minor),
                                  store_int(ceiling_minor), store_int(at_us),
                                  store_text(why->actor), store_text(why->reason),
                                  store_text(why->authority)));
}

enum ledger_status ledger_currency_add(struct ledger *l, struct ledger_currency *c,
                                       const struct ledger_why *why)
{
    struct ledger_currency other;
    int64_t at_us;

    LEDGER_TRY(check_new(l, c));
    if (ledger_currency_find(l, c->code, &other) == LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_EXISTS, "code", "currency %s is there already",
                                   c->code);
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM currency", &c->id));
    LEDGER_TRY(ledger_exec(l,
                           "INSERT INTO currency (id, code, name, scale, kind, created_at_us) "
                           "VALUES ($1, $2, $3, $4, $5, $6)",
                           STORE_ARGS(store_int(c->id), store_text(c->code), store_text(c->name),
                                      store_int(c->scale), store_text(kind_names[c->kind]),
                                      store_int(at_us))));
    return insert_limit(l, c->id, c->floor_minor, c->ceiling_minor, why);
}

static enum ledger_status read_currency(void *into, const struct store_row *row)
{
    struct ledger_currency *c = into;

    *c = (struct ledger_currency){
        .id = store_row_int(row, 0),
        .scale = (int)store_row_int(row, 3),
        .floor_minor = store_row_int(row, 5),
        .ceiling_minor = store_row_int(row, 6),
    };
    store_row_copy(row, 1, c->code, sizeof c->code);
    store_row_copy(row, 2, c->name, sizeof c->name);
    return ledger_currency_kind_parse(store_row_text(row, 4), &c->kind);
}

#define CURRENCY                                                                                   \
    "SELECT c.id, c.code, c.name, c.scale, c.kind, t.floor_minor, t.ceiling_minor "                \
    "FROM currency c JOIN currency_limit t ON t.id = "                                             \
    "(SELECT max(id) FROM currency_limit WHERE currency_id = c.id) "

enum ledger_status ledger_currency_find(struct ledger *l, const char *code,
                                        struct ledger_currency *c)
{
    enum ledger_status status = ledger_first(l, CURRENCY "WHERE c.code = $1",
                                             STORE_ARGS(store_text(code)), read_currency, c);

    if (status != LEDGER_NO_ROW)
        return status;
    if (ledger_code_check(code) != LEDGER_OK)
        ledger_refuse(l, LEDGER_NO_SUCH_CURRENCY,
                      "there is no such currency: a code is 2 to 10 capital letters");
    else
        ledger_refuse(l, LEDGER_NO_SUCH_CURRENCY, "there is no currency %s here", code);
    return ledger_blame(l, LEDGER_NO_SUCH_CURRENCY, "currency", -1);
}

enum ledger_status ledger_currency_get(struct ledger *l, int64_t id, struct ledger_currency *c)
{
    enum ledger_status status =
        ledger_first(l, CURRENCY "WHERE c.id = $1", STORE_ARGS(store_int(id)), read_currency, c);

    if (status != LEDGER_NO_ROW)
        return status;
    return ledger_refuse(l, LEDGER_NO_SUCH_CURRENCY, "there is no currency number %lld",
                         (long long)id);
}

struct each {
    ledger_currency_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_currency c;

    LEDGER_TRY(read_currency(&c, row));
    return each->read(each->ctx, &c);
}

enum ledger_status ledger_currency_each(struct ledger *l, ledger_currency_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l, CURRENCY "ORDER BY c.code", STORE_NO_ARGS, pass_on, &each);
}

enum ledger_status ledger_currency_limit(struct ledger *l, int64_t id, int64_t floor_minor,
                                         int64_t ceiling_minor, const struct ledger_why *why)
{
    LEDGER_TRY(check_limits(l, floor_minor, ceiling_minor));
    LEDGER_TRY(ledger_check_reason(l, why->reason));
    return insert_limit(l, id, floor_minor, ceiling_minor, why);
}

enum ledger_status ledger_currency_amount(struct ledger *l, const struct ledger_currency *c,
                                          const char *field, const char *text,
                                          enum ledger_amount_sign sign, int64_t *minor)
{
    char why[200];
    enum ledger_status status =
        ledger_amount_parse(text, c->scale, c->kind == LEDGER_TIME, sign, minor, why, sizeof why);

    if (status == LEDGER_OK)
        return LEDGER_OK;
    return ledger_refuse_field(l, status, field, "%s", why);
}
