#include "enrolment_step.h"
#include "handle.h"
#include "hold.h"
#include "notice.h"
#include "waitlist.h"

#include <stdio.h>
#include <string.h>

#define LAST_DAY_US INT64_C(86400000000)
#define TRY_AGAIN_US INT64_C(3600000000)

static const struct ledger_why node_why = {.actor = "node", .reason = "", .authority = ""};

struct due {
    char kind[12];
    int64_t subject_id;
};

static enum ledger_status read_due(void *into, const struct store_row *row)
{
    struct due *d = into;

    store_row_copy(row, 0, d->kind, sizeof d->kind);
    d->subject_id = store_row_int(row, 1);
    return LEDGER_OK;
}

static enum ledger_status renew_holds(struct ledger *l, const struct ledger_enrolment *e,
                                      const struct ledger_session *s)
{
    LEDGER_TRY(enrolment_release(l, e->id, "renewed"));
    return enrolment_hold(l, e, s, &node_why);
}

/* When its holds end: they were placed together. */
static enum ledger_status holds_until(struct ledger *l, int64_t enrolment_id, int64_t *at_us)
{
    return ledger_first(l,
                        "SELECT max(h.expires_at_us) FROM hold_owner w "
                        "JOIN hold h ON h.id = w.hold_id "
                        "WHERE w.kind = 'enrolment' AND w.subject_id = $1",
                        STORE_ARGS(store_int(enrolment_id)), ledger_read_int, at_us);
}

static enum ledger_status renew(struct ledger *l, int64_t enrolment_id)
{
    struct ledger_enrolment e;
    struct ledger_session s;

    LEDGER_TRY(ledger_enrolment_get(l, enrolment_id, &e));
    LEDGER_TRY(ledger_session_get(l, e.session_id, &s));
    return renew_holds(l, &e, &s);
}

/* The last day has come: it ends with a sentence, not with a hold that is silently gone. */
static enum ledger_status give_up(struct ledger *l, int64_t enrolment_id)
{
    struct ledger_enrolment e;

    LEDGER_TRY(ledger_enrolment_get(l, enrolment_id, &e));
    LEDGER_TRY(enrolment_end(l, &e, node_why.actor,
                             "its hold was about to run out and could not be renewed"));
    LEDGER_TRY(ledger_notice_put(l, LEDGER_NOTICE_PLACE_LOST, e.member_id, e.id));
    return ledger_waitlist_settle(l, e.session_id, ledger_now_us(l));
}

/* The first time that its hold is not renewed, both hear of it while there is time to confirm. */
static enum ledger_status tell_unconfirmed(struct ledger *l, int64_t enrolment_id)
{
    struct ledger_enrolment e;
    int64_t told;

    LEDGER_TRY(ledger_first(l,
                            "SELECT refused <> '' FROM course_due WHERE kind = 'renew' AND "
                            "subject_id = $1",
                            STORE_ARGS(store_int(enrolment_id)), ledger_read_int, &told));
    if (told)
        return LEDGER_OK;
    LEDGER_TRY(ledger_enrolment_get(l, enrolment_id, &e));
    LEDGER_TRY(ledger_notice_put(l, LEDGER_NOTICE_UNCONFIRMED, e.member_id, e.id));
    return ledger_notice_put(l, LEDGER_NOTICE_UNCONFIRMED, e.provider_id, e.id);
}

static enum ledger_status try_again(struct ledger *l, const struct due *d, int64_t now_us,
                                    enum ledger_status refusal)
{
    const bool is_hold = strcmp(d->kind, "renew") == 0;
    int64_t until_us = INT64_MAX;

    if (is_hold)
        LEDGER_TRY(holds_until(l, d->subject_id, &until_us));
    if (until_us - now_us <= LAST_DAY_US)
        return give_up(l, d->subject_id);
    if (is_hold)
        LEDGER_TRY(tell_unconfirmed(l, d->subject_id));
    return ledger_exec(
        l, "UPDATE course_due SET at_us = $3, refused = $4 WHERE kind = $1 AND subject_id = $2",
        STORE_ARGS(store_text(d->kind), store_int(d->subject_id), store_int(now_us + TRY_AGAIN_US),
                   store_text(ledger_status_facts(refusal)->code)));
}

static enum ledger_status do_it(struct ledger *l, const struct due *d, int64_t now_us)
{
    struct ledger_enrolment e;

    if (strcmp(d->kind, "renew") == 0)
        return renew(l, d->subject_id);
    if (strcmp(d->kind, "offer") != 0)
        return ledger_waitlist_settle(l, d->subject_id, now_us);
    LEDGER_TRY(ledger_enrolment_get(l, d->subject_id, &e));
    return ledger_waitlist_settle(l, e.session_id, now_us);
}

/* What the rules refuse leaves nothing behind, and waits. */
static enum ledger_status do_one(struct ledger *l, const struct due *d, int64_t now_us)
{
    LEDGER_TRY(ledger_savepoint(l));
    enum ledger_status status = do_it(l, d, now_us);
    if (status == LEDGER_OK)
        return ledger_release(l);
    if (ledger_status_is_fault(status))
        return status;
    LEDGER_TRY(ledger_rollback_to(l));
    return try_again(l, d, now_us, status);
}

enum ledger_status ledger_courses_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    for (*count = 0; *count < LEDGER_COURSES_DUE_MAX; (*count)++) {
        struct due d;
        enum ledger_status status =
            ledger_first(l,
                         "SELECT kind, subject_id FROM course_due WHERE at_us <= $1 "
                         "ORDER BY at_us, kind, subject_id LIMIT 1",
                         STORE_ARGS(store_int(now_us)), read_due, &d);
        if (status == LEDGER_NO_ROW)
            return LEDGER_OK;
        LEDGER_TRY(status);
        LEDGER_TRY(do_one(l, &d, now_us));
    }
    return LEDGER_OK;
}
