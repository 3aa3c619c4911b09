#include "offer_cite.h"

#include "handle.h"

#include <string.h>

/* An answer is given only while it stands open: whoever has given one has dealt in time. */
static enum ledger_status check_in_time(struct ledger *l, const struct ledger_offer *o,
                                        const char *other)
{
    int64_t answers = 0;

    if (strcmp(ledger_offer_state(l, o), "open") == 0)
        return LEDGER_OK;
    LEDGER_TRY(ledger_first(l,
                            "SELECT count(*) FROM member_identity i JOIN offer_answer a ON "
                            "a.offer_id = $1 AND a.member_id = i.member_id WHERE i.handle = $2",
                            STORE_ARGS(store_int(o->id), store_text(other)), ledger_read_int,
                            &answers));
    if (answers)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_OFFER_CLOSED, "offer",
                               "%s %lld is %s, and %s did not answer it while it was open",
                               o->is_want ? "want" : "offer", (long long)o->id,
                               ledger_offer_state(l, o), other);
}

enum ledger_status ledger_offer_check_cite(struct ledger *l, int64_t offer_id, const char *payer,
                                           const char *payee)
{
    struct ledger_offer o;

    LEDGER_TRY(ledger_offer_get(l, offer_id, &o));
    if (strcmp(o.handle, o.is_want ? payer : payee) != 0)
        return ledger_refuse_field(l, LEDGER_OFFER_OF_ANOTHER, "offer",
                                   o.is_want ? "want %lld is of %s, who does not pay here"
                                             : "offer %lld is of %s, who is not paid here",
                                   (long long)o.id, o.handle);
    return check_in_time(l, &o, o.is_want ? payee : payer);
}

enum ledger_status ledger_offer_cite(struct ledger *l, int64_t offer_id, const char *kind,
                                     int64_t subject)
{
    return ledger_exec(l, "INSERT INTO offer_cite (kind, subject, offer_id) VALUES ($1, $2, $3)",
                       STORE_ARGS(store_text(kind), store_int(subject), store_int(offer_id)));
}

enum ledger_status ledger_offer_cited(struct ledger *l, const char *kind, int64_t subject,
                                      int64_t *offer_id)
{
    enum ledger_status status =
        ledger_first(l, "SELECT offer_id FROM offer_cite WHERE kind = $1 AND subject = $2",
                     STORE_ARGS(store_text(kind), store_int(subject)), ledger_read_int, offer_id);

    if (status != LEDGER_NO_ROW)
        return status;
    *offer_id = 0;
    return LEDGER_OK;
}
