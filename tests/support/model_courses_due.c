#include "model.h"

#define DAY_US INT64_C(86400000000)
#define HOUR_US INT64_C(3600000000)

/* What falls due by itself, in the order of its time; of what falls together, in this one. */
enum due_kind { BEGIN, MINIMUM, OFFER, RENEW };

struct due {
    enum due_kind kind;
    int64_t id; /* of a session or an enrolment */
    int64_t *at_us;
};

static void consider(struct due *first, enum due_kind kind, int64_t id, int64_t *at_us)
{
    if (!first->at_us || *at_us < *first->at_us || (*at_us == *first->at_us && kind < first->kind))
        *first = (struct due){kind, id, at_us};
}

static struct due next_due(struct model *m)
{
    struct due first = {0};

    for (int64_t i = 0; i < m->session_count; i++) {
        consider(&first, BEGIN, i + 1, &m->sessions[i].begin_due_us);
        consider(&first, MINIMUM, i + 1, &m->sessions[i].minimum_due_us);
    }
    for (int64_t i = 0; i < m->enrolment_count; i++) {
        consider(&first, OFFER, i + 1, &m->enrolments[i].offer_due_us);
        consider(&first, RENEW, i + 1, &m->enrolments[i].renew_due_us);
    }
    return first;
}

static enum ledger_status do_due(struct model *m, const struct due *d)
{
    if (d->kind == OFFER)
        return model_session_settle(m, m->enrolments[d->id - 1].session_id);
    if (d->kind != RENEW)
        return model_session_settle(m, d->id);
    LEDGER_TRY(model_enrolment_release(m, d->id));
    return model_enrolment_hold(m, d->id);
}

/* When the last of its holds ends. */
static int64_t held_until_us(const struct model *m, int64_t id)
{
    int64_t until_us = 0;

    for (int64_t i = 0; i < m->hold_count; i++)
        if (m->holds[i].enrolment_id == id && m->holds[i].expires_at_us > until_us)
            until_us = m->holds[i].expires_at_us;
    return until_us;
}

/* In an hour; but a hold on its last day is given up. */
static enum ledger_status try_again(struct model *m, const struct due *d)
{
    if (d->kind == RENEW && held_until_us(m, d->id) - m->now_us <= DAY_US) {
        LEDGER_TRY(model_enrolment_end(m, d->id));
        return model_session_settle(m, m->enrolments[d->id - 1].session_id);
    }
    model_put(m, d->at_us, m->now_us + HOUR_US);
    return LEDGER_OK;
}

enum ledger_status model_courses_due(struct model *m, int64_t *count)
{
    for (*count = 0; *count < LEDGER_COURSES_DUE_MAX; ++*count) {
        const struct due d = next_due(m);
        int64_t mark = model_mark(m);
        if (!d.at_us || *d.at_us > m->now_us)
            break;
        if (do_due(m, &d) == LEDGER_OK)
            continue;
        model_undo(m, mark);
        model_read_last(m);
        LEDGER_TRY(try_again(m, &d));
    }
    return LEDGER_OK;
}
