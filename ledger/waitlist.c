#include "waitlist.h"

#include "date.h"
#include "enrolment_step.h"
#include "handle.h"
#include "notice.h"

#include <stdio.h>

#define NODE "node"

/* Is that due by now? Then it is done once, and its row goes. */
static enum ledger_status take_due(struct ledger *l, const char *kind, int64_t id, int64_t now_us,
                                   bool *due)
{
    int64_t found;
    enum ledger_status status = ledger_first(
        l, "SELECT 1 FROM course_due WHERE kind = $1 AND subject_id = $2 AND at_us <= $3",
        STORE_ARGS(store_text(kind), store_int(id), store_int(now_us)), ledger_read_int, &found);

    *due = status == LEDGER_OK;
    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    return course_due_clear(l, kind, id);
}

static enum ledger_status check_minimum(struct ledger *l, const struct ledger_session *s,
                                        int64_t now_us)
{
    char reason[LEDGER_REASON_MAX + 1];
    const struct ledger_why why = {.actor = NODE, .reason = reason, .authority = ""};
    bool due;

    LEDGER_TRY(take_due(l, "minimum", s->id, now_us, &due));
    if (!due || s->enrolled >= s->minimum)
        return LEDGER_OK;
    snprintf(reason, sizeof reason, "signing up ended with %d enrolled of %d needed", s->enrolled,
             s->minimum);
    return ledger_session_cancel(l, s->id, &why);
}

static enum ledger_status end_first(struct ledger *l, int64_t enrolment_id, const char *reason)
{
    struct ledger_enrolment e;

    LEDGER_TRY(ledger_enrolment_get(l, enrolment_id, &e));
    LEDGER_TRY(enrolment_end(l, &e, NODE, reason));
    return ledger_notice_put(l, LEDGER_NOTICE_PLACE_LOST, e.member_id, e.id);
}

static enum ledger_status end_offers(struct ledger *l, int64_t session_id, int64_t now_us)
{
    for (;;) {
        int64_t id;
        LEDGER_TRY(ledger_first(l,
                                "SELECT min(enrolment_id) FROM place WHERE session_id = $1 AND "
                                "state = 'offered' AND until_us <= $2",
                                STORE_ARGS(store_int(session_id), store_int(now_us)),
                                ledger_read_int, &id));
        if (id == 0)
            return LEDGER_OK;
        LEDGER_TRY(end_first(l, id, "the offer ran out"));
    }
}

static enum ledger_status end_queue(struct ledger *l, int64_t session_id)
{
    for (;;) {
        int64_t id;
        LEDGER_TRY(ledger_first(l,
                                "SELECT min(enrolment_id) FROM place WHERE session_id = $1 AND "
                                "state IN ('waiting', 'offered')",
                                STORE_ARGS(store_int(session_id)), ledger_read_int, &id));
        if (id == 0)
            return LEDGER_OK;
        LEDGER_TRY(end_first(l, id, "the session began before a place was free"));
    }
}

static enum ledger_status offer_one(struct ledger *l, const struct ledger_session *s, int64_t id,
                                    int64_t now_us)
{
    struct enrolment_step step = {.to = LEDGER_ENROLMENT_OFFERED, .actor = NODE, .reason = ""};
    struct ledger_enrolment e;

    LEDGER_TRY(ledger_enrolment_get(l, id, &e));
    step.until_us = now_us + s->offer_us < s->starts_at_us ? now_us + s->offer_us : s->starts_at_us;
    LEDGER_TRY(course_due_set(l, "offer", id, step.until_us));
    LEDGER_TRY(enrolment_step(l, &e, &step));
    return ledger_notice_put(l, LEDGER_NOTICE_PLACE_OFFERED, e.member_id, id);
}

/* To the first who fits, again and again, until nobody does. */
static enum ledger_status offer(struct ledger *l, int64_t session_id, int64_t now_us)
{
    for (;;) {
        struct ledger_session s;
        int64_t id;
        LEDGER_TRY(ledger_session_get(l, session_id, &s));
        LEDGER_TRY(
            ledger_first(l,
                         "SELECT min(enrolment_id) FROM place WHERE session_id = $1 AND "
                         "state = 'waiting' AND places <= $2",
                         STORE_ARGS(store_int(session_id), store_int(ledger_session_free(&s))),
                         ledger_read_int, &id));
        if (id == 0)
            return LEDGER_OK;
        LEDGER_TRY(offer_one(l, &s, id, now_us));
    }
}

enum ledger_status ledger_waitlist_settle(struct ledger *l, int64_t session_id, int64_t now_us)
{
    struct ledger_session s;

    LEDGER_TRY(ledger_session_get(l, session_id, &s));
    if (s.cancelled_at_us)
        return LEDGER_OK;
    LEDGER_TRY(check_minimum(l, &s, now_us));
    LEDGER_TRY(ledger_session_get(l, session_id, &s));
    if (s.cancelled_at_us)
        return LEDGER_OK;
    LEDGER_TRY(end_offers(l, session_id, now_us));
    if (now_us < s.starts_at_us)
        return offer(l, session_id, now_us);
    LEDGER_TRY(course_due_clear(l, "begin", session_id));
    return end_queue(l, session_id);
}

static enum ledger_status read_ahead(void *into, const struct store_row *row)
{
    struct ledger_waitlist_place *p = into;

    p->position = (int)store_row_int(row, 0) + 1;
    p->ahead_places = (int)store_row_int(row, 1);
    return LEDGER_OK;
}

static void tell_waiting(struct ledger_waitlist_place *p, const struct ledger_session *s)
{
    const struct ledger_enrolment *e = &p->enrolment;

    if (p->free >= e->places)
        snprintf(p->why, sizeof p->why, "of %d free it is offered %d at once", p->free, e->places);
    else if (p->free > 0)
        snprintf(p->why, sizeof p->why,
                 "%d free and it needs %d: whoever needs fewer is offered them, and it "
                 "keeps number %d in the queue",
                 p->free, e->places, p->position);
    else if (p->position == 1)
        snprintf(p->why, sizeof p->why,
                 "it is next: all %d places are taken or offered, and it is offered the first %d "
                 "that come free",
                 s->capacity, e->places);
    else
        snprintf(p->why, sizeof p->why,
                 "it is number %d: all %d places are taken or offered, and %d are asked for before "
                 "it",
                 p->position, s->capacity, p->ahead_places);
}

static void tell_other(struct ledger_waitlist_place *p)
{
    const struct ledger_enrolment *e = &p->enrolment;
    char until[LEDGER_TIME_TEXT];

    switch (e->state) {
    case LEDGER_ENROLMENT_OFFERED:
        snprintf(p->why, sizeof p->why, "a place is offered to it until %.19sZ: accept it by then",
                 ledger_time_format(e->until_us, until));
        break;
    case LEDGER_ENROLMENT_CANCELLED:
        snprintf(p->why, sizeof p->why, "it is cancelled and waits no longer%s%s",
                 e->reason[0] ? ": " : "", e->reason);
        break;
    case LEDGER_ENROLMENT_WAITING:
    case LEDGER_ENROLMENT_TAKEN:
    case LEDGER_ENROLMENT_ATTENDED:
    case LEDGER_ENROLMENT_ABSENT:
        snprintf(p->why, sizeof p->why, "it has its place and waits no longer");
        break;
    }
}

enum ledger_status ledger_waitlist_explain(struct ledger *l, int64_t enrolment_id,
                                           struct ledger_waitlist_place *p)
{
    struct ledger_session s;

    *p = (struct ledger_waitlist_place){0};
    LEDGER_TRY(ledger_enrolment_get(l, enrolment_id, &p->enrolment));
    LEDGER_TRY(ledger_session_get(l, p->enrolment.session_id, &s));
    p->free = ledger_session_free(&s);
    if (p->enrolment.state != LEDGER_ENROLMENT_WAITING) {
        tell_other(p);
        return LEDGER_OK;
    }
    LEDGER_TRY(ledger_first(l,
                            "SELECT count(*), sum(places) FROM place WHERE session_id = $1 AND "
                            "state = 'waiting' AND enrolment_id < $2",
                            STORE_ARGS(store_int(s.id), store_int(enrolment_id)), read_ahead, p));
    p->next = p->position == 1 || p->free >= p->enrolment.places;
    tell_waiting(p, &s);
    return LEDGER_OK;
}

struct each {
    struct ledger *l;
    ledger_enrolment_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_enrolment e;

    LEDGER_TRY(ledger_enrolment_get(each->l, store_row_int(row, 0), &e));
    return each->read(each->ctx, &e);
}

enum ledger_status ledger_waitlist_each(struct ledger *l, int64_t session_id,
                                        ledger_enrolment_reader *read, void *ctx)
{
    struct ledger_session s;
    struct each each = {l, read, ctx};

    LEDGER_TRY(ledger_session_get(l, session_id, &s));
    return ledger_each(l,
                       "SELECT enrolment_id FROM place WHERE session_id = $1 AND "
                       "(state = 'waiting' OR (state = 'offered' AND until_us > $2)) "
                       "ORDER BY enrolment_id",
                       STORE_ARGS(store_int(session_id), store_int(ledger_now_us(l))), pass_on,
                       &each);
}
