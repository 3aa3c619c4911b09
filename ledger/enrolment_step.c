#include "enrolment_step.h"

#include "handle.h"
#include "hold.h"
#include "hold_owner.h"
#include "member.h"

#include <stdio.h>
#include <string.h>

static enum ledger_status write_event(struct ledger *l, int64_t enrolment_id,
                                      const struct enrolment_step *step)
{
    bool confirmed = step->to == LEDGER_ENROLMENT_ATTENDED || step->to == LEDGER_ENROLMENT_ABSENT;
    int64_t id;
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM enrolment_event", &id));
    return ledger_exec(
        l,
        "INSERT INTO enrolment_event (id, enrolment_id, state, at_us, until_us, minutes, places, "
        "actor, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        STORE_ARGS(store_int(id), store_int(enrolment_id),
                   store_text(ledger_enrolment_state_name(step->to)), store_int(at_us),
                   store_int_or_null(step->to == LEDGER_ENROLMENT_OFFERED, step->until_us),
                   store_int_or_null(confirmed, step->minutes),
                   store_int_or_null(confirmed, step->attended), store_text(step->actor),
                   store_text(step->reason ? step->reason : "")));
}

enum ledger_status enrolment_step(struct ledger *l, const struct ledger_enrolment *e,
                                  const struct enrolment_step *step)
{
    LEDGER_TRY(write_event(l, e->id, step));
    if (step->to == LEDGER_ENROLMENT_CANCELLED)
        return ledger_exec(l, "DELETE FROM place WHERE enrolment_id = $1",
                           STORE_ARGS(store_int(e->id)));
    return ledger_exec(
        l, "UPDATE place SET state = $2, until_us = $3 WHERE enrolment_id = $1",
        STORE_ARGS(store_int(e->id), store_text(ledger_enrolment_state_name(step->to)),
                   store_int_or_null(step->to == LEDGER_ENROLMENT_OFFERED, step->until_us)));
}

static enum ledger_status hold_one(struct ledger *l, const struct ledger_enrolment *e,
                                   const struct ledger_session *s, int price,
                                   const struct ledger_why *why)
{
    struct ledger_member member;
    struct ledger_account payer;
    struct ledger_account payee;
    char reference[LEDGER_REFERENCE_MAX + 1];
    int64_t hold_id;
    struct ledger_leg leg;

    LEDGER_TRY(ledger_member_get(l, e->member_id, &member));
    LEDGER_TRY(ledger_account_need(l, member.handle, s->prices[price].code, why, &payer));
    LEDGER_TRY(ledger_account_need(l, s->provider, s->prices[price].code, why, &payee));
    leg = (struct ledger_leg){payee.id, s->prices[price].amount_minor};
    if (__builtin_mul_overflow(leg.amount_minor, e->places, &leg.amount_minor))
        leg.amount_minor = INT64_MAX; /* which the hold refuses */
    snprintf(reference, sizeof reference, "enrolment %lld", (long long)e->id);
    struct ledger_hold_draft draft = {
        .account_id = payer.id, .reference = reference, .payees = &leg, .payee_count = 1};
    LEDGER_TRY(ledger_latest_us(l, &draft.expires_at_us));
    draft.expires_at_us += LEDGER_HOLD_US_MAX;
    LEDGER_TRY(ledger_hold_place(l, &draft, &hold_id));
    LEDGER_TRY(course_due_set(l, "renew", e->id, draft.expires_at_us - LEDGER_HOLD_RENEW_US));
    return ledger_hold_own(l, hold_id, "enrolment", e->id);
}

enum ledger_status enrolment_hold(struct ledger *l, const struct ledger_enrolment *e,
                                  const struct ledger_session *s, const struct ledger_why *why)
{
    for (int i = 0; i < s->price_count; i++)
        LEDGER_TRY(hold_one(l, e, s, i, why));
    return LEDGER_OK;
}

/* The first that is not resolved; 0 when none is. */
static enum ledger_status next_open(struct ledger *l, int64_t enrolment_id, int64_t *hold_id)
{
    return ledger_first(l,
                        "SELECT min(w.hold_id) FROM hold_owner w "
                        "WHERE w.kind = 'enrolment' AND w.subject_id = $1 AND NOT EXISTS "
                        "(SELECT 1 FROM hold_resolution r WHERE r.hold_id = w.hold_id)",
                        STORE_ARGS(store_int(enrolment_id)), ledger_read_int, hold_id);
}

static enum ledger_status next_hold(struct ledger *l, int64_t enrolment_id, struct ledger_hold *h)
{
    int64_t id;

    LEDGER_TRY(next_open(l, enrolment_id, &id));
    if (id == 0)
        return LEDGER_NO_ROW;
    return ledger_hold_get(l, id, h);
}

/* One whose time is over is as good as released: it reserves nothing. */
static enum ledger_status let_go(struct ledger *l, const struct ledger_hold *h, const char *reason)
{
    if (h->state == LEDGER_HOLD_LAPSED)
        return ledger_hold_expire(l, h->account_id, ledger_now_us(l));
    return ledger_hold_release(l, h->id, reason);
}

enum ledger_status enrolment_release(struct ledger *l, int64_t id, const char *reason)
{
    struct ledger_hold h;
    enum ledger_status status;

    while ((status = next_hold(l, id, &h)) == LEDGER_OK)
        LEDGER_TRY(let_go(l, &h, reason));
    return status == LEDGER_NO_ROW ? course_due_clear(l, "renew", id) : status;
}

static int64_t price_in(const struct ledger_session *s, const char *code)
{
    for (int i = 0; i < s->price_count; i++)
        if (strcmp(s->prices[i].code, code) == 0)
            return s->prices[i].amount_minor;
    return 0;
}

enum ledger_status enrolment_capture(struct ledger *l, const struct ledger_enrolment *e,
                                     const struct ledger_session *s, int places)
{
    struct ledger_hold h;
    int64_t transfer_id;
    enum ledger_status status;

    while ((status = next_hold(l, e->id, &h)) == LEDGER_OK)
        LEDGER_TRY(ledger_hold_capture(l, h.id, price_in(s, h.code) * places, &transfer_id));
    return status == LEDGER_NO_ROW ? course_due_clear(l, "renew", e->id) : status;
}

enum ledger_status enrolment_end(struct ledger *l, const struct ledger_enrolment *e,
                                 const char *actor, const char *reason)
{
    const struct enrolment_step step = {
        .to = LEDGER_ENROLMENT_CANCELLED, .actor = actor, .reason = reason};

    LEDGER_TRY(course_due_clear(l, "offer", e->id));
    LEDGER_TRY(enrolment_release(l, e->id, ""));
    return enrolment_step(l, e, &step);
}

enum ledger_status course_due_set(struct ledger *l, const char *kind, int64_t subject_id,
                                  int64_t at_us)
{
    return ledger_exec(l,
                       "INSERT INTO course_due (kind, subject_id, at_us, refused) "
                       "VALUES ($1, $2, $3, '') ON CONFLICT (kind, subject_id) "
                       "DO UPDATE SET at_us = excluded.at_us, refused = ''",
                       STORE_ARGS(store_text(kind), store_int(subject_id), store_int(at_us)));
}

enum ledger_status course_due_clear(struct ledger *l, const char *kind, int64_t subject_id)
{
    return ledger_exec(l, "DELETE FROM course_due WHERE kind = $1 AND subject_id = $2",
                       STORE_ARGS(store_text(kind), store_int(subject_id)));
}
