#include "attended.h"

#include "handle.h"

/* A revoked certificate frees its place again. */
#define STANDING                                                                                   \
    "FROM certificate_enrolment y WHERE y.enrolment_id = e.id AND NOT EXISTS "                     \
    "(SELECT 1 FROM certificate_revocation r WHERE r.certificate_id = y.certificate_id)"

static enum ledger_status read_course(void *into, const struct store_row *row)
{
    struct ledger_attended *a = into;

    store_row_copy(row, 0, a->title, sizeof a->title);
    store_row_copy(row, 1, a->description, sizeof a->description);
    store_row_copy(row, 2, a->language, sizeof a->language);
    a->certified = (int)store_row_int(row, 3);
    a->certificate_id = store_row_int(row, 4);
    return LEDGER_OK;
}

enum ledger_status ledger_attended_get(struct ledger *l, int64_t enrolment_id,
                                       struct ledger_attended *a)
{
    LEDGER_TRY(ledger_enrolment_get(l, enrolment_id, &a->enrolment));
    LEDGER_TRY(ledger_session_get(l, a->enrolment.session_id, &a->session));
    a->confirmed = a->enrolment.state == LEDGER_ENROLMENT_ATTENDED;
    return ledger_first(l,
                        "SELECT t.title, t.description, t.language, (SELECT count(*) " STANDING
                        "), (SELECT min(y.certificate_id) " STANDING ") FROM enrolment e "
                        "JOIN session s ON s.id = e.session_id LEFT JOIN course_text t "
                        "ON t.course_id = s.course_id AND t.version = s.version WHERE e.id = $1",
                        STORE_ARGS(store_int(enrolment_id)), read_course, a);
}

static enum ledger_status refuse_unattended(struct ledger *l, const struct ledger_attended *a)
{
    const struct ledger_enrolment *e = &a->enrolment;

    if (e->state == LEDGER_ENROLMENT_ABSENT)
        return ledger_refuse_field(l, LEDGER_NOT_ATTENDED, "enrolment",
                                   "%d of %lld minutes are confirmed for enrolment %lld, and the "
                                   "course asks for %d %% of them",
                                   e->minutes, (long long)ledger_session_minutes(&a->session),
                                   (long long)e->id, a->session.threshold_percent);
    return ledger_refuse_field(l, LEDGER_NOT_ATTENDED, "enrolment",
                               "nobody has confirmed that enrolment %lld attended: it is %s",
                               (long long)e->id, ledger_enrolment_state_name(e->state));
}

enum ledger_status ledger_attended_allow(struct ledger *l, const struct ledger_attended *a)
{
    if (!a->confirmed)
        return refuse_unattended(l, a);
    if (a->certified < a->enrolment.attended)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_ALREADY_CERTIFIED, "enrolment",
                               "enrolment %lld is certified already, for all %d that came: "
                               "certificate %lld is the first",
                               (long long)a->enrolment.id, a->enrolment.attended,
                               (long long)a->certificate_id);
}
