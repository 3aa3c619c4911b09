/* The office pool with 200,000 bookings in the file: what one more costs, and what a month looks like. */
#include "bench.h"

#include "ledger/booking.h"
#include "ledger/currency.h"
#include "ledger/date.h"

#include "api/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RESOURCES 40
#define CAPACITY 2
#define MEMBERS 400
#define FULL 200000
#define TRIED 2000
#define MONTHS 200
#define BOOK_MS_MAX 2.0   /* what we promise of one more, quoted and booked, */
#define MONTH_MS_MAX 20.0 /* and of a month's view */
#define HOUR_US INT64_C(3600000000)

static const struct ledger_why why = {.actor = "bench", .reason = "bench", .authority = ""};

static void must(struct ledger *l, enum ledger_status status)
{
    if (status == LEDGER_OK)
        return;
    fprintf(stderr, "bench: %s\n", ledger_message(l));
    exit(1);
}

static void furnish_resource(struct ledger *l, int number, int64_t currency_id)
{
    struct ledger_resource r = {.terms = ledger_terms_default(), .host = "host", .zone = "UTC"};
    struct ledger_price p = {.currency_id = currency_id,
                             .booker = LEDGER_BY_MEMBER,
                             .amount_minor = 1200,
                             .from_on = ledger_today(l)};
    struct ledger_share s = {.pool = "pool", .points = 1500, .from_on = ledger_today(l)};

    snprintf(r.name, sizeof r.name, "room-%d", number);
    snprintf(r.terms.title, sizeof r.terms.title, "Room %d", number);
    r.terms.capacity = CAPACITY;
    r.terms.horizon_days = LEDGER_HORIZON_DAYS_MAX;
    must(l, ledger_resource_add(l, &r, &why));
    p.resource_id = s.resource_id = r.id;
    must(l, ledger_price_set(l, &p, &why));
    must(l, ledger_share_set(l, &s, &why));
}

static void add_member(struct ledger *l, const char *handle)
{
    struct ledger_member m = {.kind = LEDGER_COOP, .state = LEDGER_ACTIVE};

    snprintf(m.handle, sizeof m.handle, "%s", handle);
    snprintf(m.name, sizeof m.name, "%s", handle);
    must(l, ledger_member_add(l, &m, &why));
}

/* host, pool, then those who book */
static void furnish(struct ledger *l)
{
    struct ledger_currency c = {.code = "CALD",
                                .name = "Calder",
                                .scale = 2,
                                .floor_minor = -LEDGER_AMOUNT_MAX / 10,
                                .ceiling_minor = LEDGER_AMOUNT_MAX};
    char handle[LEDGER_HANDLE_MAX + 1];

    must(l, ledger_currency_add(l, &c, &why));
    add_member(l, "host");
    add_member(l, "pool");
    for (int i = 1; i <= MEMBERS; i++) {
        snprintf(handle, sizeof handle, "m%d", i);
        add_member(l, handle);
    }
    for (int i = 1; i <= RESOURCES; i++)
        furnish_resource(l, i, c.id);
}

/* The nth booking: two hours somewhere in the next 355 days, free as they are dealt out in order. */
static struct ledger_booking_draft draft(struct ledger *l, int n)
{
    int64_t place = n / RESOURCES / CAPACITY;
    int64_t from_us = ledger_day_start_us(l, ledger_today(l) + 1) + place * 2 * HOUR_US;

    return (struct ledger_booking_draft){.resource_id = 1 + n % RESOURCES,
                                         .member_id = 3 + n * 7 % MEMBERS,
                                         .from_us = from_us,
                                         .to_us = from_us + 2 * HOUR_US};
}

static void book(struct ledger *l, int n)
{
    struct ledger_booking_draft d = draft(l, n);
    struct ledger_quote q;
    int64_t id;

    must(l, ledger_booking_quote(l, &d, &q));
    must(l, ledger_booking_make(l, &d, &why, &id));
}

static enum ledger_status count(void *ctx, const struct ledger_booking *b)
{
    (void)b;
    ++*(int *)ctx;
    return LEDGER_OK;
}

static double look_at_months(struct ledger *l)
{
    double before_s = bench_now_s();
    int seen = 0;

    for (int i = 0; i < MONTHS; i++) {
        const struct ledger_booking_filter f = {
            .resource_id = 1 + i % RESOURCES,
            .from_us = ledger_day_start_us(l, ledger_today(l) + 3),
            .to_us = ledger_day_start_us(l, ledger_today(l) + 33)};
        must(l, ledger_booking_each(l, &f, count, &seen));
    }
    double each_ms = (bench_now_s() - before_s) * 1e3 / MONTHS;
    printf("month view: %.2f ms, %d bookings each\n", each_ms, seen / MONTHS);
    return each_ms;
}

static int keep_promise(const char *what, double ms, double most_ms)
{
    if (ms < most_ms)
        return 0;
    printf("%s: %.2f ms is not below %.0f ms\n", what, ms, most_ms);
    return 1;
}

int bench_pool(const char *folder)
{
    char path[512];
    struct ledger *l;
    double before_s;

    snprintf(path, sizeof path, "%s/pool.db", folder);
    if (ledger_create(path, "Bench", "UTC", &api_env, &l) != LEDGER_OK)
        must(l, LEDGER_STORE_BROKEN);
    must(l, ledger_begin_write(l));
    furnish(l);
    before_s = bench_now_s();
    for (int n = 0; n < FULL; n++) {
        book(l, n);
        if (n % 1000 == 999) {
            must(l, ledger_commit(l));
            must(l, ledger_begin_write(l));
        }
    }
    printf("pool: %d bookings, each quoted and booked in %.3f ms on the way\n", FULL,
           (bench_now_s() - before_s) * 1e3 / FULL);
    before_s = bench_now_s();
    for (int n = 0; n < TRIED; n++)
        book(l, FULL + n);
    double book_ms = (bench_now_s() - before_s) * 1e3 / TRIED;
    printf("quote and book, with %d there: %.3f ms\n", FULL, book_ms);
    double month_ms = look_at_months(l);
    must(l, ledger_commit(l));
    ledger_close(l);
    unlink(path);
    return keep_promise("quote and book", book_ms, BOOK_MS_MAX) |
           keep_promise("month view", month_ms, MONTH_MS_MAX);
}
