#include "guarantee.h"

#include "handle.h"

#include <stdio.h>
#include <string.h>

#define MEMBERS "members"

static const char *const weight_names[] = {"equal", "balance", "limit"};

const char *ledger_guarantee_weight_name(enum ledger_guarantee_weight weight)
{
    return weight_names[weight];
}

enum ledger_status ledger_guarantee_weight_parse(const char *text,
                                                 enum ledger_guarantee_weight *weight)
{
    for (int w = LEDGER_BY_EQUAL; w <= LEDGER_BY_LIMIT; w++) {
        if (strcmp(text, weight_names[w]) == 0) {
            *weight = (enum ledger_guarantee_weight)w;
            return LEDGER_OK;
        }
    }
    return LEDGER_CHOICE_UNKNOWN;
}

bool ledger_guarantee_is_members(const struct ledger_guarantee_step *s)
{
    return strcmp(s->fund, MEMBERS) == 0;
}

/* "limit", or basis points of the loss; each once. */
static bool read_word(const char *word, size_t size, struct ledger_guarantee_step *s)
{
    int points = 0;

    if (size == 5 && strncmp(word, "limit", 5) == 0) {
        if (s->to_limit)
            return false;
        s->to_limit = true;
        return true;
    }
    if (s->points || size < 1 || size > 5)
        return false;
    for (size_t i = 0; i < size; i++) {
        if (word[i] < '0' || word[i] > '9')
            return false;
        points = points * 10 + (word[i] - '0');
    }
    s->points = points;
    return points >= 1 && points <= LEDGER_GUARANTEE_POINTS;
}

static bool read_step(const char *text, size_t size, struct ledger_guarantee_step *s)
{
    const char *end = text + size;
    const char *colon = memchr(text, ':', size);
    size_t name = colon ? (size_t)(colon - text) : size;

    *s = (struct ledger_guarantee_step){.account_id = 0};
    if (name < 1 || name > LEDGER_HANDLE_MAX)
        return false;
    memcpy(s->fund, text, name);
    while (colon) {
        const char *word = colon + 1;
        colon = memchr(word, ':', (size_t)(end - word));
        if (!read_word(word, (size_t)((colon ? colon : end) - word), s))
            return false;
    }
    if (!s->points)
        s->points = LEDGER_GUARANTEE_POINTS;
    return !(s->to_limit && ledger_guarantee_is_members(s));
}

static bool is_order(const struct ledger_guarantee *g)
{
    int funds = 0;

    for (int i = 0; i < g->step_count; i++) {
        funds += !ledger_guarantee_is_members(&g->steps[i]);
        for (int j = 0; j < i; j++)
            if (strcmp(g->steps[i].fund, g->steps[j].fund) == 0)
                return false;
    }
    return funds > 0;
}

enum ledger_status ledger_guarantee_parse(const char *text, struct ledger_guarantee *g)
{
    const char *comma;

    g->step_count = 0;
    do {
        size_t size = strcspn(text, ",");
        comma = text[size] ? text + size : NULL;
        if (g->step_count == LEDGER_GUARANTEE_STEPS_MAX ||
            !read_step(text, size, &g->steps[g->step_count]))
            return LEDGER_ORDER_MALFORMED;
        g->step_count++;
        text = comma ? comma + 1 : NULL;
    } while (comma);
    return is_order(g) ? LEDGER_OK : LEDGER_ORDER_MALFORMED;
}

char *ledger_guarantee_format(const struct ledger_guarantee *g, char *buf, size_t size)
{
    size_t used = 0;

    buf[0] = '\0';
    for (int i = 0; i < g->step_count && used < size; i++) {
        const struct ledger_guarantee_step *s = &g->steps[i];
        char points[16] = "";
        if (s->points != LEDGER_GUARANTEE_POINTS)
            snprintf(points, sizeof points, ":%d", s->points);
        used += (size_t)snprintf(buf + used, size - used, "%s%s%s%s", i ? "," : "", s->fund, points,
                                 s->to_limit ? ":limit" : "");
    }
    return buf;
}

static enum ledger_status check_step(struct ledger *l, const struct ledger_guarantee *g,
                                     const struct ledger_guarantee_step *s)
{
    struct ledger_account fund;

    if (ledger_guarantee_is_members(s))
        return LEDGER_OK;
    LEDGER_TRY(ledger_account_get(l, s->account_id, &fund));
    if (fund.currency_id != g->currency_id)
        return ledger_refuse(l, LEDGER_UNBALANCED, "the account of %s is in %s", fund.handle,
                             fund.code);
    if (fund.member_kind != LEDGER_FUND)
        return ledger_refuse_field(l, LEDGER_MEMBER_STATE, "order",
                                   "%s is a %s: only a fund or the members pay for a default",
                                   fund.handle, ledger_member_kind_name(fund.member_kind));
    return LEDGER_OK;
}

static enum ledger_status check(struct ledger *l, const struct ledger_guarantee *g,
                                const struct ledger_why *why)
{
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_get(l, g->currency_id, &c));
    if (c.kind == LEDGER_TRAINING)
        return ledger_refuse(l, LEDGER_EARMARKED,
                             "%s is for training: nobody owes training credits", c.code);
    if (g->step_count < 1 || g->step_count > LEDGER_GUARANTEE_STEPS_MAX || !is_order(g))
        return ledger_refuse_field(l, LEDGER_ORDER_MALFORMED, "order",
                                   "an order has 1 to %d steps, each once, and a fund among them",
                                   LEDGER_GUARANTEE_STEPS_MAX);
    for (int i = 0; i < g->step_count; i++)
        LEDGER_TRY(check_step(l, g, &g->steps[i]));
    if (g->cap_minor < 0 || g->cap_minor > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, "cap",
                                   "that cap is beyond what the ledger counts");
    return ledger_check_reason(l, why->reason);
}

static enum ledger_status write_steps(struct ledger *l, const struct ledger_guarantee *g)
{
    for (int i = 0; i < g->step_count; i++) {
        const struct ledger_guarantee_step *s = &g->steps[i];
        LEDGER_TRY(ledger_exec(
            l,
            "INSERT INTO guarantee_step (guarantee_id, step, account_id, points, to_limit) "
            "VALUES ($1, $2, $3, $4, $5)",
            STORE_ARGS(store_int(g->id), store_int(i + 1),
                       store_int_or_null(!ledger_guarantee_is_members(s), s->account_id),
                       store_int(s->points), store_int(s->to_limit))));
    }
    return LEDGER_OK;
}

enum ledger_status ledger_guarantee_set(struct ledger *l, struct ledger_guarantee *g,
                                        const struct ledger_why *why)
{
    LEDGER_TRY(check(l, g, why));
    LEDGER_TRY(ledger_tick(l, &g->at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM guarantee", &g->id));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO guarantee (id, currency_id, weight, cap_minor, at_us, actor, reason, "
        "authority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        STORE_ARGS(store_int(g->id), store_int(g->currency_id), store_text(weight_names[g->weight]),
                   store_int(g->cap_minor), store_int(g->at_us), store_text(why->actor),
                   store_text(why->reason), store_text(why->authority))));
    return write_steps(l, g);
}

static enum ledger_status read_step_row(void *into, const struct store_row *row)
{
    struct ledger_guarantee *g = into;
    struct ledger_guarantee_step *s = &g->steps[g->step_count++];

    *s = (struct ledger_guarantee_step){.account_id = store_row_int(row, 0),
                                        .points = (int)store_row_int(row, 1),
                                        .to_limit = store_row_int(row, 2) != 0};
    store_row_copy(row, 3, s->fund, sizeof s->fund);
    return g->step_count == LEDGER_GUARANTEE_STEPS_MAX ? LEDGER_STOP : LEDGER_OK;
}

static enum ledger_status read_steps(struct ledger *l, struct ledger_guarantee *g)
{
    g->step_count = 0;
    return ledger_each(l,
                       "SELECT s.account_id, s.points, s.to_limit, CASE WHEN s.account_id IS NULL "
                       "THEN '" MEMBERS "' ELSE coalesce(i.handle, 'erased-' || a.member_id) END "
                       "FROM guarantee_step s LEFT JOIN account a ON a.id = s.account_id "
                       "LEFT JOIN member_identity i ON i.member_id = a.member_id "
                       "WHERE s.guarantee_id = $1 ORDER BY s.step",
                       STORE_ARGS(store_int(g->id)), read_step_row, g);
}

#define GUARANTEE                                                                                  \
    "SELECT g.id, g.currency_id, g.weight, g.cap_minor, g.at_us, g.actor, g.reason, g.authority, " \
    "c.code, c.scale FROM guarantee g JOIN currency c ON c.id = g.currency_id "

static enum ledger_status read_guarantee(void *into, const struct store_row *row)
{
    struct ledger_guarantee *g = into;

    g->id = store_row_int(row, 0);
    g->currency_id = store_row_int(row, 1);
    g->cap_minor = store_row_int(row, 3);
    g->at_us = store_row_int(row, 4);
    store_row_copy(row, 5, g->actor, sizeof g->actor);
    store_row_copy(row, 6, g->reason, sizeof g->reason);
    store_row_copy(row, 7, g->authority, sizeof g->authority);
    store_row_copy(row, 8, g->code, sizeof g->code);
    g->scale = (int)store_row_int(row, 9);
    return ledger_guarantee_weight_parse(store_row_text(row, 2), &g->weight);
}

enum ledger_status ledger_guarantee_now(struct ledger *l, int64_t currency_id,
                                        struct ledger_guarantee *g)
{
    enum ledger_status status =
        ledger_first(l, GUARANTEE "WHERE g.currency_id = $1 ORDER BY g.id DESC LIMIT 1",
                     STORE_ARGS(store_int(currency_id)), read_guarantee, g);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_GUARANTEE,
                             "nobody has set who pays a default in that currency: `guarantee set`");
    LEDGER_TRY(status);
    return read_steps(l, g);
}

struct each {
    struct ledger *l;
    ledger_guarantee_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_guarantee g;

    LEDGER_TRY(read_guarantee(&g, row));
    LEDGER_TRY(read_steps(each->l, &g));
    return each->read(each->ctx, &g);
}

enum ledger_status ledger_guarantee_each(struct ledger *l, int64_t currency_id,
                                         ledger_guarantee_reader *read, void *ctx)
{
    struct each each = {l, read, ctx};

    return ledger_each(l, GUARANTEE "WHERE g.currency_id = $1 ORDER BY g.id",
                       STORE_ARGS(store_int(currency_id)), pass_on, &each);
}

static enum ledger_status read_code(void *into, const struct store_row *row)
{
    store_row_copy(row, 0, into, LEDGER_CODE_MAX + 1);
    return LEDGER_OK;
}

enum ledger_status ledger_guarantee_relies_on(struct ledger *l, int64_t member_id,
                                              char code[LEDGER_CODE_MAX + 1])
{
    return ledger_first(
        l,
        "SELECT c.code FROM account a JOIN currency c ON c.id = a.currency_id "
        "WHERE a.member_id = $1 AND (EXISTS (SELECT 1 FROM levy v WHERE v.fund_account_id = a.id "
        "AND v.points + v.flat_minor > 0 AND v.id = (SELECT n.id FROM levy n WHERE n.currency_id = "
        "c.id ORDER BY n.from_on DESC, n.id DESC LIMIT 1)) OR EXISTS (SELECT 1 FROM guarantee_step "
        "s WHERE s.account_id = a.id AND s.guarantee_id = (SELECT max(g.id) FROM guarantee g WHERE "
        "g.currency_id = c.id))) ORDER BY a.id LIMIT 1",
        STORE_ARGS(store_int(member_id)), read_code, code);
}
