#include "standing.h"

#include "ledger/limit.h"

#include <stdio.h>

void standing_set_floor(struct region *r, int64_t account_id, int64_t floor_minor)
{
    struct ledger_limit limit = {
        .account_id = account_id, .floor_minor = floor_minor, .ceiling_minor = 10000000};

    OK(r, ledger_limit_set(r->l, &limit, &region_why));
}

int standing_set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_currency(&r, "HOUR");
    region_member(&r, "mill");
    region_member(&r, "riverside");
    region_member(&r, "joiners");
    region_account(&r, "mill", "CALD");
    region_account(&r, "riverside", "CALD");
    region_account(&r, "joiners", "CALD");
    standing_set_floor(&r, 2, -10000);
    *state = &r;
    return 0;
}

int standing_tear_down(void **state)
{
    region_end(*state);
    return 0;
}

struct ledger_standing standing_draft(struct region *r)
{
    return (struct ledger_standing){.payer_id = 1,
                                    .payee_id = 2,
                                    .amount_minor = 1000,
                                    .cadence = {LEDGER_WEEKLY, 1, LEDGER_CADENCE_UNSAID},
                                    .first_on = ledger_today(r->l),
                                    .memo = "rent"};
}

int64_t standing_order(struct region *r, struct ledger_standing s)
{
    OK(r, ledger_standing_order(r->l, &s, !s.count && !s.until_on, "local:test"));
    return s.id;
}

int64_t standing_run(struct region *r)
{
    int64_t count;

    OK(r, ledger_standing_due(r->l, r->clock.now_us, &count));
    return count;
}

void standing_run_on(struct region *r, const char *day)
{
    region_set_day(r, day);
    standing_run(r);
}

struct ledger_standing standing_get(struct region *r, int64_t id)
{
    struct ledger_standing s;

    OK(r, ledger_standing_get(r->l, id, &s));
    return s;
}

static enum ledger_status collect(void *ctx, const struct ledger_occurrence *o)
{
    struct standing_met *met = ctx;

    assert_in_range(met->count, 0, STANDING_MET_MAX - 1);
    met->all[met->count++] = *o;
    return LEDGER_OK;
}

const struct standing_met *standing_met(struct region *r, int64_t id)
{
    static struct standing_met m;

    m.count = 0;
    OK(r, ledger_standing_occurrences(r->l, id, 0, false, STANDING_MET_MAX, collect, &m));
    return &m;
}

void standing_expect(struct region *r, int64_t id, const char *want)
{
    static char text[4000];
    const struct standing_met *m = standing_met(r, id);
    char due[LEDGER_DATE_TEXT], on[LEDGER_DATE_TEXT];
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < m->count; i++) {
        const struct ledger_occurrence *o = &m->all[i];

        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %s", i ? ", " : "",
                                 ledger_date_format(o->due_on, due),
                                 ledger_occurrence_state_name(o->state));
        if (o->transfer_id)
            used += (size_t)snprintf(text + used, sizeof text - used, " %s",
                                     ledger_date_format(o->effective_on, on));
    }
    assert_string_equal(text, want);
}
