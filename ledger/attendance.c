#include "attendance.h"

#include "enrolment_step.h"
#include "handle.h"
#include "waitlist.h"

#define MINUTE_US INT64_C(60000000)

static enum ledger_status check_who(struct ledger *l, const struct ledger_session *s,
                                    int64_t by_member_id)
{
    bool paid = by_member_id == s->provider_id;

    for (int i = 0; i < s->trainer_count && by_member_id; i++)
        paid = paid || s->trainer_ids[i] == by_member_id;
    if (!paid || s->price_count == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_SELF_CONFIRMATION,
                         "who is paid for session %lld does not confirm who attended it: the "
                         "learner does, or the node's treasurer",
                         (long long)s->id);
}

static enum ledger_status check_state(struct ledger *l, const struct ledger_session *s,
                                      const struct ledger_enrolment *e)
{
    if (s->cancelled_at_us)
        return ledger_refuse(l, LEDGER_SESSION_CANCELLED, "session %lld is cancelled",
                             (long long)s->id);
    if (e->state == LEDGER_ENROLMENT_TAKEN)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_ENROLMENT_OVER, "enrolment %lld is %s, not enrolled",
                         (long long)e->id, ledger_enrolment_state_name(e->state));
}

static enum ledger_status check_minutes(struct ledger *l, const struct ledger_session *s,
                                        int64_t minutes)
{
    int64_t now_us = ledger_now_us(l);
    int64_t whole = ledger_session_minutes(s);
    enum ledger_status status = LEDGER_OK;

    if (now_us < s->starts_at_us)
        status = ledger_refuse(l, LEDGER_ATTENDANCE_EARLY, "session %lld has not begun yet",
                               (long long)s->id);
    else if (minutes > whole)
        status = ledger_refuse(l, LEDGER_ATTENDANCE_TOO_LONG, "session %lld lasts %lld minutes",
                               (long long)s->id, (long long)whole);
    else if (minutes * MINUTE_US > now_us - s->starts_at_us)
        status = ledger_refuse(l, LEDGER_ATTENDANCE_EARLY,
                               "session %lld has lasted %lld minutes until now", (long long)s->id,
                               (long long)((now_us - s->starts_at_us) / MINUTE_US));
    return status == LEDGER_OK ? status : ledger_blame(l, status, "minutes", -1);
}

static enum ledger_status check_places(struct ledger *l, const struct ledger_enrolment *e,
                                       int places)
{
    if (places >= 0 && places <= e->places)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "places",
                               "enrolment %lld is for %d: no more than that came", (long long)e->id,
                               e->places);
}

static enum ledger_status confirm(struct ledger *l, const struct ledger_session *s,
                                  const struct ledger_enrolment *e, struct enrolment_step *step)
{
    bool long_enough =
        (int64_t)step->minutes * 100 >= ledger_session_minutes(s) * (int64_t)s->threshold_percent;

    step->to = LEDGER_ENROLMENT_ABSENT;
    if (!long_enough || step->attended == 0 || step->minutes == 0)
        LEDGER_TRY(enrolment_release(l, e->id, ""));
    else {
        step->to = LEDGER_ENROLMENT_ATTENDED;
        LEDGER_TRY(enrolment_capture(l, e, s, step->attended));
    }
    return enrolment_step(l, e, step);
}

enum ledger_status ledger_attendance_confirm(struct ledger *l,
                                             const struct ledger_attendance *attendance,
                                             const struct ledger_why *why)
{
    struct enrolment_step step = {.actor = why->actor, .reason = why->reason};
    struct ledger_enrolment e;
    struct ledger_session s;

    LEDGER_TRY(ledger_enrolment_get(l, attendance->enrolment_id, &e));
    LEDGER_TRY(ledger_waitlist_settle(l, e.session_id, ledger_now_us(l)));
    LEDGER_TRY(ledger_enrolment_get(l, e.id, &e));
    LEDGER_TRY(ledger_session_get(l, e.session_id, &s));
    LEDGER_TRY(check_who(l, &s, attendance->by_member_id));
    LEDGER_TRY(check_state(l, &s, &e));
    step.minutes = attendance->minutes < 0 ? (int)ledger_session_minutes(&s) : attendance->minutes;
    step.attended = attendance->places < 0 ? e.places : attendance->places;
    LEDGER_TRY(check_minutes(l, &s, step.minutes));
    LEDGER_TRY(check_places(l, &e, step.attended));
    return confirm(l, &s, &e, &step);
}

struct each {
    struct ledger *l;
    ledger_unconfirmed_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_unconfirmed u = {.ended_at_us = store_row_int(row, 1),
                                   .held_until_us = store_row_int(row, 2)};

    store_row_copy(row, 3, u.refused, sizeof u.refused);
    LEDGER_TRY(ledger_enrolment_get(each->l, store_row_int(row, 0), &u.enrolment));
    return each->read(each->ctx, &u);
}

enum ledger_status ledger_attendance_pending(struct ledger *l,
                                             const struct ledger_unconfirmed_filter *filter,
                                             ledger_unconfirmed_reader *read, void *ctx)
{
    struct each each = {l, read, ctx};

    return ledger_each(l,
                       "SELECT p.enrolment_id, s.ends_at_us, "
                       "(SELECT max(h.expires_at_us) FROM hold_owner w "
                       "JOIN hold h ON h.id = w.hold_id "
                       "WHERE w.kind = 'enrolment' AND w.subject_id = p.enrolment_id), d.refused "
                       "FROM place p JOIN session s ON s.id = p.session_id "
                       "JOIN course c ON c.id = s.course_id "
                       "LEFT JOIN course_due d ON d.kind = 'renew' AND "
                       "d.subject_id = p.enrolment_id "
                       "WHERE p.state = 'enrolled' AND s.ends_at_us <= $1 AND "
                       "p.enrolment_id > $3 AND "
                       "($2 IS NULL OR p.member_id = $2 OR c.provider_id = $2) "
                       "ORDER BY p.enrolment_id LIMIT $4",
                       STORE_ARGS(store_int(filter->ended_by_us),
                                  store_int_or_null(filter->party_id, filter->party_id),
                                  store_int(filter->after_id), store_int(filter->limit)),
                       pass_on, &each);
}
