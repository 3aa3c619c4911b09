#include "erasure.h"

#include "booking.h"
#include "certificate.h"
#include "handle.h"
#include "member.h"
#include "offer.h"
#include "placement.h"
#include "register.h"
#include "request.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static enum ledger_status record(struct ledger *l, const struct ledger_erased *e)
{
    int64_t id;

    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM erasure", &id));
    return ledger_exec(l,
                       "INSERT INTO erasure (id, kind, subject, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4, $5, $6)",
                       STORE_ARGS(store_int(id), store_text(e->kind), store_int(e->subject),
                                  store_int(e->at_us), store_text(e->actor),
                                  store_text(e->reason)));
}

/* What it taught under, where it met, and the names it took part under. */
static enum ledger_status delete_course_words(struct ledger *l, int64_t id)
{
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM enrolment_text WHERE enrolment_id IN "
                           "(SELECT id FROM enrolment WHERE member_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM session_text WHERE session_id IN (SELECT s.id FROM "
                           "session s JOIN course c ON c.id = s.course_id "
                           "WHERE c.provider_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM session_notes WHERE session_id IN (SELECT s.id FROM "
                           "session s JOIN course c ON c.id = s.course_id "
                           "WHERE c.provider_id = $1)",
                           STORE_ARGS(store_int(id))));
    return ledger_exec(
        l,
        "DELETE FROM course_text WHERE course_id IN (SELECT id FROM course WHERE provider_id = $1)",
        STORE_ARGS(store_int(id)));
}

static enum ledger_status delete_request(struct ledger *l, int64_t id)
{
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM request_event_text WHERE event_id IN "
                           "(SELECT id FROM request_event WHERE request_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l, "DELETE FROM request_line_text WHERE request_id = $1",
                           STORE_ARGS(store_int(id))));
    return ledger_exec(l, "DELETE FROM request_text WHERE request_id = $1",
                       STORE_ARGS(store_int(id)));
}

/* What it asked for and was asked for. */
static enum ledger_status delete_request_words(struct ledger *l, int64_t id)
{
    LEDGER_TRY(ledger_exec(
        l,
        "DELETE FROM request_event_text WHERE event_id IN (SELECT e.id FROM request_event e "
        "JOIN request r ON r.id = e.request_id WHERE r.payee_id = $1 OR r.payer_id = $1)",
        STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM request_line_text WHERE request_id IN "
                           "(SELECT id FROM request WHERE payee_id = $1 OR payer_id = $1)",
                           STORE_ARGS(store_int(id))));
    return ledger_exec(l,
                       "DELETE FROM request_text WHERE request_id IN "
                       "(SELECT id FROM request WHERE payee_id = $1 OR payer_id = $1)",
                       STORE_ARGS(store_int(id)));
}

static enum ledger_status delete_member(struct ledger *l, int64_t id)
{
    LEDGER_TRY(delete_course_words(l, id));
    LEDGER_TRY(delete_request_words(l, id));
    LEDGER_TRY(ledger_exec(l, "DELETE FROM member_identity WHERE member_id = $1",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l, "DELETE FROM member_attribute WHERE member_id = $1",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM certificate_text WHERE certificate_id IN "
                           "(SELECT id FROM certificate WHERE member_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM booking_text WHERE booking_id IN "
                           "(SELECT id FROM booking WHERE member_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM vacancy_text WHERE vacancy_id IN "
                           "(SELECT id FROM vacancy WHERE member_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM placement_text WHERE placement_id IN "
                           "(SELECT id FROM placement WHERE member_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM placement_end_text WHERE placement_id IN "
                           "(SELECT id FROM placement WHERE member_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_offer_forget(l, id));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM standing_text WHERE standing_id IN (SELECT s.id FROM "
                           "account a JOIN standing s ON a.id IN (s.payer_id, s.payee_id) "
                           "WHERE a.member_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM charge_text WHERE charge_id IN (SELECT c.id FROM account a "
                           "JOIN charge c ON c.payee_id = a.id WHERE a.member_id = $1)",
                           STORE_ARGS(store_int(id))));
    LEDGER_TRY(ledger_exec(l, "UPDATE outbox SET mode = 'none' WHERE member_id = $1",
                           STORE_ARGS(store_int(id))));
    return ledger_exec(l,
                       "DELETE FROM outbox_text WHERE outbox_id IN "
                       "(SELECT id FROM outbox WHERE member_id = $1)",
                       STORE_ARGS(store_int(id)));
}

static enum ledger_status delete_transfer(struct ledger *l, int64_t id)
{
    return ledger_exec(l, "DELETE FROM transfer_text WHERE transfer_id = $1",
                       STORE_ARGS(store_int(id)));
}

static enum ledger_status delete_hold(struct ledger *l, int64_t id)
{
    return ledger_exec(l, "DELETE FROM hold_text WHERE hold_id = $1", STORE_ARGS(store_int(id)));
}

static enum ledger_status delete_certificate(struct ledger *l, int64_t id)
{
    return ledger_exec(l, "DELETE FROM certificate_text WHERE certificate_id = $1",
                       STORE_ARGS(store_int(id)));
}

static enum ledger_status delete_placement(struct ledger *l, int64_t id)
{
    LEDGER_TRY(ledger_exec(l, "DELETE FROM placement_end_text WHERE placement_id = $1",
                           STORE_ARGS(store_int(id))));
    return ledger_exec(l, "DELETE FROM placement_text WHERE placement_id = $1",
                       STORE_ARGS(store_int(id)));
}

static enum ledger_status delete_booking(struct ledger *l, int64_t id)
{
    return ledger_exec(l, "DELETE FROM booking_text WHERE booking_id = $1",
                       STORE_ARGS(store_int(id)));
}

/*
 * `mark` is what stays when the words are gone, the same in every copy of one ledger: a member's
 * random number, a text's salted hash, the instant of an agreement, a request or a booking. `holder` finds the row with that mark ($1; $2 is its id) while
 * it has its words.
 */
static const struct kind {
    const char *name;
    const char *mark;
    const char *holder;
    enum ledger_status (*remove)(struct ledger *l, int64_t id);
} kinds[] = {
    {"member", "SELECT number FROM member WHERE id = $1",
     "SELECT m.id FROM member m JOIN member_identity i ON i.member_id = m.id "
     "WHERE m.number = $1",
     delete_member},
    {"transfer", "SELECT text_hash FROM transfer WHERE id = $1",
     "SELECT t.id FROM transfer t JOIN transfer_text x ON x.transfer_id = t.id "
     "WHERE t.id = $2 AND t.text_hash = $1",
     delete_transfer},
    {"hold", "SELECT text_hash FROM hold WHERE id = $1",
     "SELECT h.id FROM hold h JOIN hold_text x ON x.hold_id = h.id "
     "WHERE h.id = $2 AND h.text_hash = $1",
     delete_hold},
    {"certificate", "SELECT hash FROM certificate WHERE id = $1",
     "SELECT c.id FROM certificate c JOIN certificate_text x ON x.certificate_id = c.id "
     "WHERE c.id = $2 AND c.hash = $1",
     delete_certificate},
    {"placement", "SELECT CAST(agreed_at_us AS BLOB) FROM placement WHERE id = $1",
     "SELECT p.id FROM placement p JOIN placement_text x ON x.placement_id = p.id "
     "WHERE p.id = $2 AND CAST(p.agreed_at_us AS BLOB) = $1",
     delete_placement},
    {"request", "SELECT CAST(asked_at_us AS BLOB) FROM request WHERE id = $1",
     "SELECT r.id FROM request r JOIN request_text x ON x.request_id = r.id "
     "WHERE r.id = $2 AND CAST(r.asked_at_us AS BLOB) = $1",
     delete_request},
    {"booking", "SELECT CAST(made_at_us AS BLOB) FROM booking WHERE id = $1",
     "SELECT b.id FROM booking b JOIN booking_text x ON x.booking_id = b.id "
     "WHERE b.id = $2 AND CAST(b.made_at_us AS BLOB) = $1",
     delete_booking},
};

enum { MEMBER, TRANSFER, HOLD, CERTIFICATE, PLACEMENT, REQUEST, BOOKING, KINDS };

/* The record goes first: the file lets nothing be deleted without it. */
static enum ledger_status erase(struct ledger *l, const struct kind *kind,
                                const struct ledger_erased *e)
{
    LEDGER_TRY(record(l, e));
    LEDGER_TRY(kind->remove(l, e->subject));
    return ledger_register_forget(l, kind->name, e->subject);
}

static enum ledger_status erase_now(struct ledger *l, const struct kind *kind, int64_t subject,
                                    const struct ledger_why *why)
{
    struct ledger_erased e = {.subject = subject};

    LEDGER_TRY(ledger_tick(l, &e.at_us));
    snprintf(e.kind, sizeof e.kind, "%s", kind->name);
    snprintf(e.actor, sizeof e.actor, "%s", why->actor);
    snprintf(e.reason, sizeof e.reason, "%s", why->reason);
    return erase(l, kind, &e);
}

enum ledger_status ledger_erase_member(struct ledger *l, int64_t member_id,
                                       const struct ledger_why *why)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_member_get(l, member_id, &m));
    if (m.state != LEDGER_LEFT)
        return ledger_refuse(l, LEDGER_MEMBER_STATE,
                             "%s is %s: a member leaves before its name is erased", m.handle,
                             ledger_member_state_name(m.state));
    if (m.erased)
        return ledger_refuse(l, LEDGER_ALREADY_ERASED, "member %lld is erased already",
                             (long long)member_id);
    return erase_now(l, &kinds[MEMBER], member_id, why);
}

static enum ledger_status erase_text(struct ledger *l, const struct kind *kind, int64_t id,
                                     bool has_words, const struct ledger_why *why)
{
    if (!has_words)
        return ledger_refuse(l, LEDGER_ALREADY_ERASED,
                             "%s %lld has no memo and no reference, or they are erased already",
                             kind->name, (long long)id);
    return erase_now(l, kind, id, why);
}

enum ledger_status ledger_erase_transfer_text(struct ledger *l, int64_t id,
                                              const struct ledger_why *why)
{
    int64_t has_words;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    enum ledger_status status =
        ledger_first(l,
                     "SELECT EXISTS (SELECT 1 FROM transfer_text WHERE transfer_id = t.id) "
                     "FROM transfer t WHERE id = $1",
                     STORE_ARGS(store_int(id)), ledger_read_int, &has_words);
    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_TRANSFER, "there is no transfer %lld",
                             (long long)id);
    LEDGER_TRY(status);
    return erase_text(l, &kinds[TRANSFER], id, has_words, why);
}

enum ledger_status ledger_erase_hold_text(struct ledger *l, int64_t id,
                                          const struct ledger_why *why)
{
    int64_t has_words;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    enum ledger_status status =
        ledger_first(l,
                     "SELECT EXISTS (SELECT 1 FROM hold_text WHERE hold_id = h.id) "
                     "FROM hold h WHERE id = $1",
                     STORE_ARGS(store_int(id)), ledger_read_int, &has_words);
    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_HOLD, "there is no hold %lld", (long long)id);
    LEDGER_TRY(status);
    return erase_text(l, &kinds[HOLD], id, has_words, why);
}

enum ledger_status ledger_erase_certificate_text(struct ledger *l, int64_t id,
                                                 const struct ledger_why *why)
{
    struct ledger_certificate c;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_certificate_get(l, id, &c));
    if (c.erased)
        return ledger_refuse(l, LEDGER_ALREADY_ERASED, "certificate %lld is erased already",
                             (long long)id);
    return erase_now(l, &kinds[CERTIFICATE], id, why);
}

enum ledger_status ledger_erase_placement_text(struct ledger *l, int64_t id,
                                               const struct ledger_why *why)
{
    struct ledger_placement p;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_placement_get(l, id, &p));
    if (p.erased)
        return ledger_refuse(l, LEDGER_ALREADY_ERASED, "placement %lld is erased already",
                             (long long)id);
    return erase_now(l, &kinds[PLACEMENT], id, why);
}

enum ledger_status ledger_erase_request_text(struct ledger *l, int64_t id,
                                             const struct ledger_why *why)
{
    struct ledger_request r;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_request_get(l, id, &r));
    if (r.erased)
        return ledger_refuse(l, LEDGER_ALREADY_ERASED,
                             "the words of request %lld are erased already", (long long)id);
    return erase_now(l, &kinds[REQUEST], id, why);
}

enum ledger_status ledger_erase_booking_text(struct ledger *l, int64_t id,
                                             const struct ledger_why *why)
{
    struct ledger_booking b;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_booking_get(l, id, &b));
    if (!b.title[0])
        return ledger_refuse(l, LEDGER_ALREADY_ERASED,
                             "booking %lld has no title, or it is erased already", (long long)id);
    return erase_now(l, &kinds[BOOKING], id, why);
}

struct each {
    ledger_erased_reader *read;
    void *ctx;
};

static enum ledger_status read_erased(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_erased e = {.id = store_row_int(row, 0),
                              .subject = store_row_int(row, 2),
                              .at_us = store_row_int(row, 3)};

    store_row_copy(row, 1, e.kind, sizeof e.kind);
    store_row_copy(row, 4, e.actor, sizeof e.actor);
    store_row_copy(row, 5, e.reason, sizeof e.reason);
    return each->read(each->ctx, &e);
}

enum ledger_status ledger_erasure_each(struct ledger *l, int64_t after_id, int limit,
                                       ledger_erased_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       "SELECT id, kind, subject, at_us, actor, reason FROM erasure "
                       "WHERE id > $1 ORDER BY id LIMIT $2",
                       STORE_ARGS(store_int(after_id), store_int(limit)), read_erased, &each);
}

struct mark {
    uint8_t bytes[32];
    size_t size;
};

static enum ledger_status read_mark(void *into, const struct store_row *row)
{
    struct mark *mark = into;
    const void *bytes = store_row_blob(row, 0, &mark->size);

    if (mark->size > sizeof mark->bytes)
        mark->size = 0;
    memcpy(mark->bytes, bytes ? bytes : "", mark->size);
    return LEDGER_OK;
}

struct repeat {
    struct ledger *l;
    struct ledger *from;
    int64_t *count;
};

static const struct kind *kind_named(const char *name)
{
    for (int k = 0; k < KINDS; k++)
        if (strcmp(kinds[k].name, name) == 0)
            return &kinds[k];
    return NULL;
}

/*
 * A backup from before the member left: without a name it must not go on trading. Suspended it can
 * still be settled with, and leave.
 */
static enum ledger_status stop_member(struct ledger *l, const struct ledger_erased *e)
{
    const struct ledger_why why = {
        .actor = e->actor, .reason = "erased after the backup was made", .authority = ""};
    struct ledger_member m;

    LEDGER_TRY(ledger_member_get(l, e->subject, &m));
    if (m.state == LEDGER_LEFT || m.state == LEDGER_SUSPENDED)
        return LEDGER_OK;
    return ledger_member_record_state(l, m.id, LEDGER_SUSPENDED, &why);
}

/* The two may have gone different ways since the backup: a row is the same only by its mark. */
static enum ledger_status repeat_one(void *ctx, const struct ledger_erased *e)
{
    struct repeat *r = ctx;
    const struct kind *kind = kind_named(e->kind);
    struct ledger_erased again = *e;
    struct mark mark = {.size = 0};

    if (!kind)
        return LEDGER_OK;
    enum ledger_status status =
        ledger_first(r->from, kind->mark, STORE_ARGS(store_int(e->subject)), read_mark, &mark);
    if (status == LEDGER_NO_ROW || (status == LEDGER_OK && mark.size == 0))
        return LEDGER_OK;
    LEDGER_TRY(status);
    status = ledger_first(r->l, kind->holder,
                          STORE_ARGS(store_blob(mark.bytes, mark.size), store_int(e->subject)),
                          ledger_read_int, &again.subject);
    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    (*r->count)++;
    if (kind == &kinds[MEMBER])
        LEDGER_TRY(stop_member(r->l, &again));
    return erase(r->l, kind, &again);
}

enum ledger_status ledger_erasure_repeat(struct ledger *l, struct ledger *from, int64_t *count)
{
    struct repeat r = {l, from, count};

    *count = 0;
    return ledger_erasure_each(from, 0, INT_MAX, repeat_one, &r);
}
