#include "whole.h"

#include "api/run.h"
#include "ledger/account.h"
#include "ledger/booking.h"
#include "ledger/enrolment.h"
#include "ledger/hold.h"
#include "ledger/hold_owner.h"
#include "ledger/lot.h"
#include "ledger/series.h"
#include "ledger/waitlist.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DESK 1
#define HELD_MAX 100000 /* bookings and enrolments */

struct whole {
    struct ledger *l;
    bool good;
    unsigned char bookings[HELD_MAX]; /* open holds of each */
    unsigned char enrolments[HELD_MAX];
    int64_t lots_minor;
    int64_t pinned_minor;
    int planned, cancelled; /* dates of a series */
    int free;               /* places of a session */
};

static void check(struct whole *w, bool good, const char *what, int64_t id)
{
    if (!good && w->good)
        printf("%s %" PRId64 "\n", what, id);
    w->good = w->good && good;
}

static enum ledger_status check_booked(struct whole *w, const struct ledger_hold *h, int64_t id)
{
    struct ledger_booking b;

    LEDGER_TRY(ledger_booking_get(w->l, id, &b));
    check(w, ledger_booking_is_live(b.state) && b.hold_id == h->id, "no booking has hold", h->id);
    check(w, b.amount_minor == h->amount_minor, "not for its booking's price is hold", h->id);
    w->bookings[id]++;
    return LEDGER_OK;
}

static int64_t price_of(const struct ledger_session *s, const char *code)
{
    for (int i = 0; i < s->price_count; i++)
        if (strcmp(s->prices[i].code, code) == 0)
            return s->prices[i].amount_minor;
    return 0;
}

static enum ledger_status check_enrolled(struct whole *w, const struct ledger_hold *h, int64_t id)
{
    struct ledger_enrolment e;
    struct ledger_session s;

    LEDGER_TRY(ledger_enrolment_get(w->l, id, &e));
    LEDGER_TRY(ledger_session_get(w->l, e.session_id, &s));
    check(w, e.state == LEDGER_ENROLMENT_TAKEN, "no enrolment has hold", h->id);
    check(w, price_of(&s, h->code) * e.places == h->amount_minor,
          "not for its enrolment's price is hold", h->id);
    w->enrolments[id]++;
    return LEDGER_OK;
}

static enum ledger_status take_hold(void *ctx, const struct ledger_hold *h)
{
    struct whole *w = ctx;
    struct ledger_hold_owner owner;

    LEDGER_TRY(ledger_hold_owner(w->l, h->id, &owner));
    if (owner.kind[0] == '\0' || owner.subject_id >= HELD_MAX)
        return LEDGER_OK;
    return strcmp(owner.kind, "booking") == 0 ? check_booked(w, h, owner.subject_id)
                                              : check_enrolled(w, h, owner.subject_id);
}

static enum ledger_status take_booking(void *ctx, const struct ledger_booking *b)
{
    struct whole *w = ctx;

    check(w, w->bookings[b->id] == (b->amount_minor > 0 && b->state != LEDGER_PLANNED),
          "without its hold stands booking", b->id);
    return LEDGER_OK;
}

static enum ledger_status take_enrolment(void *ctx, const struct ledger_enrolment *e)
{
    struct whole *w = ctx;
    struct ledger_session s;

    if (e->state != LEDGER_ENROLMENT_TAKEN)
        return LEDGER_OK;
    LEDGER_TRY(ledger_session_get(w->l, e->session_id, &s));
    check(w, w->enrolments[e->id] == s.price_count, "without its holds stands enrolment", e->id);
    return LEDGER_OK;
}

static enum ledger_status take_date(void *ctx, const struct ledger_series_date *d)
{
    struct whole *w = ctx;

    w->planned += d->state == LEDGER_PLANNED;
    w->cancelled += d->state == LEDGER_CANCELLED;
    check(w, d->booking_id > 0, "without its booking is a date of day", d->day);
    return LEDGER_OK;
}

static enum ledger_status take_series(void *ctx, const struct ledger_series *s)
{
    struct whole *w = ctx;
    const char *count = strstr(s->rule, "COUNT=");
    int all = count ? atoi(count + strlen("COUNT=")) : 0;

    w->planned = w->cancelled = 0;
    LEDGER_TRY(ledger_series_dates(w->l, s->id, take_date, w));
    check(w, all > 0 && (w->planned == all || w->cancelled == all),
          "neither whole nor ended is series", s->id);
    return LEDGER_OK;
}

static enum ledger_status take_waiting(void *ctx, const struct ledger_enrolment *e)
{
    struct whole *w = ctx;

    check(w, e->state != LEDGER_ENROLMENT_WAITING || e->places > w->free,
          "waits for nothing: enrolment", e->id);
    return LEDGER_OK;
}

static enum ledger_status take_session(void *ctx, const struct ledger_session *s)
{
    struct whole *w = ctx;

    w->free = ledger_session_free(s);
    check(w, s->enrolled + s->offered <= s->capacity, "fuller than it is large is session", s->id);
    return ledger_waitlist_each(w->l, s->id, take_waiting, w);
}

static enum ledger_status take_lot(void *ctx, const struct ledger_lot *lot)
{
    struct whole *w = ctx;

    w->lots_minor += lot->left_minor;
    w->pinned_minor += lot->pinned_minor;
    return LEDGER_OK;
}

static enum ledger_status take_account(void *ctx, const struct ledger_account *a)
{
    struct whole *w = ctx;
    const struct ledger_lot_filter filter = {.member_id = a->member_id,
                                             .currency_id = a->currency_id,
                                             .expires_by = LEDGER_LOT_NEVER,
                                             .limit = INT_MAX};

    if (!a->training || a->member_kind == LEDGER_FUND)
        return LEDGER_OK;
    w->lots_minor = w->pinned_minor = 0;
    LEDGER_TRY(ledger_lot_each(w->l, &filter, take_lot, w));
    check(w, w->lots_minor == a->balance_minor, "not the sum of its lots is account", a->id);
    check(w, w->pinned_minor == a->reserved_out_minor, "not pinned is what is held of account",
          a->id);
    return LEDGER_OK;
}

static enum ledger_status look(struct whole *w)
{
    const struct ledger_hold_filter holds = {.open_only = true, .limit = INT_MAX};
    const struct ledger_booking_filter bookings = {
        .resource_id = DESK, .from_us = 0, .to_us = INT64_MAX, .live_only = true};
    const struct ledger_enrolment_filter enrolments = {.limit = INT_MAX};
    const struct ledger_session_filter sessions = {.limit = INT_MAX};
    const struct ledger_account_filter accounts = {.limit = INT_MAX};

    LEDGER_TRY(ledger_hold_each(w->l, &holds, take_hold, w));
    LEDGER_TRY(ledger_booking_each(w->l, &bookings, take_booking, w));
    LEDGER_TRY(ledger_enrolment_each(w->l, &enrolments, take_enrolment, w));
    LEDGER_TRY(ledger_series_each(w->l, 0, 0, take_series, w));
    LEDGER_TRY(ledger_session_each(w->l, &sessions, take_session, w));
    return ledger_account_each(w->l, &accounts, take_account, w);
}

bool whole_file(const char *path)
{
    static struct whole w;
    const struct ledger_options options = {.holder = "test"};
    enum ledger_status status;

    w = (struct whole){.good = true};
    status = ledger_open(path, &options, &api_env, &w.l);
    if (status == LEDGER_OK)
        status = ledger_begin_read(w.l);
    if (status == LEDGER_OK)
        status = look(&w);
    if (status != LEDGER_OK)
        printf("%s\n", w.l ? ledger_message(w.l) : ledger_status_facts(status)->code);
    ledger_close(w.l);
    return w.good && status == LEDGER_OK;
}
