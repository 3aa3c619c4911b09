/* What a credit note gives back of what was paid. */
#include "model.h"

#include <assert.h>

static int64_t counted(const struct model *m, int64_t transfer_id)
{
    int64_t sum_minor = 0;

    for (int64_t i = 0; i < m->counted_count; i++)
        if (m->counted[i].transfer_id == transfer_id)
            sum_minor += m->counted[i].amount_minor;
    return sum_minor;
}

bool model_refund_counts(const struct model *m, int64_t transfer_id)
{
    return counted(m, transfer_id) > 0;
}

static int64_t less(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What refunds gave back of its payments, whether it counts or not. */
static int64_t given_back(const struct model *m, int64_t request_id)
{
    int64_t sum_minor = 0;

    for (int64_t i = 0; i < m->payment_count; i++)
        if (m->payments[i].request_id == request_id)
            sum_minor += model_refunded(m, m->payments[i].transfer_id);
    return sum_minor;
}

/* Of the latest payments first. */
static enum ledger_status refund(struct model *m, int64_t request_id, int64_t amount_minor,
                                 const char *memo)
{
    for (int64_t i = m->payment_count - 1; i >= 0 && amount_minor > 0; i--) {
        const struct model_payment *p = &m->payments[i];
        if (p->request_id != request_id || model_reversal_of(m, p->transfer_id))
            continue;
        int64_t part_minor =
            less(amount_minor, p->amount_minor - model_refunded(m, p->transfer_id));
        int64_t made;
        if (part_minor == 0)
            continue;
        LEDGER_TRY(model_refund(m, p->transfer_id, part_minor, memo, &made));
        amount_minor -= part_minor;
    }
    assert(amount_minor <= 0);
    return LEDGER_OK;
}

/* It counts from the day of its credit note on, or from its own where that is later. */
static enum ledger_status count(struct model *m, const struct model_request *note,
                                int64_t transfer_id, int64_t amount_minor)
{
    struct model_request *r = model_request(m, note->corrects);
    struct model_event e = {.request_id = note->corrects,
                            .day = model_transfer(m, transfer_id)->effective_on,
                            .ledger_minor = amount_minor};

    if (e.day < note->issued_on)
        e.day = note->issued_on;
    LEDGER_TRY(model_tick(m, &e.at_us));
    assert(m->counted_count < m->rows_max);
    m->counted[m->counted_count] = (struct model_counted){transfer_id, amount_minor};
    model_put(m, &m->counted_count, m->counted_count + 1);
    model_put(m, &r->refunded_minor, r->refunded_minor + amount_minor);
    model_request_change(m, &e);
    return LEDGER_OK;
}

/* What stands of refund `id` and does not count yet; 0 where it is none of that transfer. */
static int64_t uncounted(const struct model *m, int64_t id, int64_t transfer_id)
{
    const struct model_transfer *t = &m->transfers[id - 1];
    int64_t back_minor = 0;

    if (t->kind != LEDGER_REFUND || t->corrects != transfer_id || model_reversal_of(m, id))
        return 0;
    for (int64_t i = t->first_leg; i < t->first_leg + t->leg_count; i++)
        if (m->legs[i].amount_minor > 0)
            back_minor += m->legs[i].amount_minor;
    return back_minor - counted(m, id);
}

/* Refunds of the latest payments first, of one in their order. */
static enum ledger_status count_refunds(struct model *m, const struct model_request *note,
                                        int64_t amount_minor)
{
    for (int64_t i = m->payment_count - 1; i >= 0; i--) {
        const struct model_payment *p = &m->payments[i];
        if (p->request_id != note->corrects)
            continue;
        for (int64_t id = p->transfer_id + 1; id <= m->transfer_count && amount_minor > 0; id++) {
            int64_t part_minor = less(amount_minor, uncounted(m, id, p->transfer_id));
            if (part_minor > 0)
                LEDGER_TRY(count(m, note, id, part_minor));
            amount_minor -= part_minor;
        }
    }
    assert(amount_minor <= 0);
    return LEDGER_OK;
}

enum ledger_status model_give_back(struct model *m, int64_t id)
{
    struct model_request *r = model_request(m, id);
    const struct model_request *of = model_request(m, r->corrects);
    int64_t back_minor = r->ledger_minor - of->open_minor;

    if (back_minor <= 0)
        return LEDGER_OK;
    int64_t before_minor = given_back(m, r->corrects) - of->refunded_minor;
    LEDGER_TRY(refund(m, r->corrects, back_minor - before_minor,
                      model_words(m, "credit note %lld", (long long)r->number)));
    LEDGER_TRY(count_refunds(m, r, back_minor));
    model_put(m, &r->refunded_minor, back_minor);
    return LEDGER_OK;
}
