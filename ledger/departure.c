#include "departure.h"

#include "charge.h"
#include "default.h"
#include "guarantee.h"
#include "handle.h"
#include "lot.h"
#include "offer.h"
#include "write_off.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define OPEN_TEXT 240 /* of the sentence: what stands in the way */
#define USES_NAMED 4

struct open_business {
    char text[OPEN_TEXT];
    int accounts;
};

static enum ledger_status note_balance(void *ctx, const struct ledger_account *a)
{
    struct open_business *open = ctx;
    size_t used = strlen(open->text);
    char amount[LEDGER_AMOUNT_TEXT];
    char name[LEDGER_ACCOUNT_NAME];

    if (a->balance_minor == 0)
        return LEDGER_OK;
    const char *before = open->accounts++ ? ", " : "";
    if (used + sizeof amount + sizeof name + 8 > sizeof open->text)
        return LEDGER_OK;
    snprintf(open->text + used, sizeof open->text - used, "%s%s is at %s", before,
             ledger_account_name(a, name),
             ledger_amount_format(a->balance_minor, a->scale, amount));
    return LEDGER_OK;
}

/* A hold whose time is over holds nobody back, swept or not. */
static enum ledger_status count_holds(struct ledger *l, int64_t member_id, int64_t *holds)
{
    return ledger_first(l,
                        "SELECT count(DISTINCT o.hold_id) FROM account a "
                        "JOIN hold_open o ON o.account_id = a.id "
                        "WHERE a.member_id = $1 AND o.expires_at_us > $2",
                        STORE_ARGS(store_int(member_id), store_int(ledger_now_us(l))),
                        ledger_read_int, holds);
}

static enum ledger_status check_settled(struct ledger *l, const struct ledger_member *m)
{
    const struct ledger_account_filter filter = {.member_id = m->id, .limit = INT_MAX};
    struct open_business open = {0};
    char held[60] = "";
    int64_t holds;

    LEDGER_TRY(ledger_account_each(l, &filter, note_balance, &open));
    LEDGER_TRY(count_holds(l, m->id, &holds));
    if (open.accounts == 0 && holds == 0)
        return LEDGER_OK;
    if (holds)
        snprintf(held, sizeof held, "%s%lld %s open", open.accounts ? "; " : "", (long long)holds,
                 holds == 1 ? "hold is" : "holds are");
    return ledger_refuse(l, LEDGER_NOT_SETTLED,
                         "%s cannot leave yet: %s%s. Trade back to zero, settle what was paid "
                         "outside, or let a fund write it off",
                         m->handle, open.text, held);
}

static enum ledger_status read_granted(void *into, const struct store_row *row)
{
    struct ledger_lot *lot = into;

    lot->left_minor = store_row_int(row, 0);
    lot->scale = (int)store_row_int(row, 1);
    store_row_copy(row, 2, lot->code, sizeof lot->code);
    return LEDGER_OK;
}

/* A fund takes back what expires: it stays as long as something may. */
static enum ledger_status check_granted(struct ledger *l, const struct ledger_member *m)
{
    struct ledger_lot lot;
    char left[LEDGER_AMOUNT_TEXT];

    if (m->kind != LEDGER_FUND)
        return LEDGER_OK;
    enum ledger_status status = ledger_first(
        l,
        "SELECT sum(t.left_minor), c.scale, c.code FROM lot t JOIN account a ON "
        "a.id = t.fund_account_id JOIN currency c ON c.id = a.currency_id WHERE t.left_minor > 0 "
        "AND t.expires_on < 95026 AND a.member_id = $1 GROUP BY c.id ORDER BY c.id LIMIT 1",
        STORE_ARGS(store_int(m->id)), read_granted, &lot);
    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    return ledger_refuse(l, LEDGER_NOT_SETTLED,
                         "%s cannot leave yet: %s %s that it granted may still expire back to it",
                         m->handle, ledger_amount_format(lot.left_minor, lot.scale, left),
                         lot.code);
}

/* Levies go to it, or defaults are paid by it, until another fund is named. */
static enum ledger_status check_relied_on(struct ledger *l, const struct ledger_member *m)
{
    char code[LEDGER_CODE_MAX + 1];

    if (m->kind != LEDGER_FUND)
        return LEDGER_OK;
    enum ledger_status status = ledger_guarantee_relies_on(l, m->id, code);
    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    return ledger_refuse(l, LEDGER_NOT_SETTLED,
                         "%s cannot leave yet: the levy in %s goes to it, or it pays for defaults. "
                         "Name another fund first",
                         m->handle, code);
}

struct in_use {
    int count;
    char text[OPEN_TEXT];
};

static enum ledger_status note_use(void *into, const struct store_row *row)
{
    struct in_use *use = into;
    const char *text = store_row_text(row, 2);
    size_t used = strlen(use->text);

    if (use->count++ < USES_NAMED)
        snprintf(use->text + used, sizeof use->text - used, "%s%s", used ? ", " : "", text);
    return LEDGER_OK;
}

/* Refused where anything is open; `advice` says how to end it. */
static enum ledger_status check_none(struct ledger *l, const struct ledger_member *m,
                                     const struct in_use *use, const char *advice)
{
    char more[40] = "";

    if (use->count == 0)
        return LEDGER_OK;
    if (use->count > USES_NAMED)
        snprintf(more, sizeof more, " and %d more", use->count - USES_NAMED);
    return ledger_refuse(l, LEDGER_NOT_SETTLED, "%s cannot leave yet: there is %s%s. %s", m->handle,
                         use->text, more, advice);
}

/* Of the pool: what it offers, and bookings, free or not, on either side; one that nobody confirmed in time is over. */
static enum ledger_status check_pool(struct ledger *l, const struct ledger_member *m)
{
    struct in_use use = {0};

    LEDGER_TRY(ledger_each(
        l,
        "SELECT 0 AS kind, r.id AS id, 'the offer of ' || r.name FROM resource r JOIN "
        "resource_terms t "
        "ON t.id = (SELECT max(id) FROM resource_terms WHERE resource_id = r.id) "
        "WHERE r.member_id = $1 AND NOT t.retired UNION "
        "SELECT 1, b.id, 'booking ' || b.id || ' of ' || r.name FROM booking b "
        "JOIN resource r ON r.id = b.resource_id WHERE b.member_id = $1 AND b.live = 1 AND NOT "
        "(b.state IN ('planned', 'held') AND coalesce(b.due_us, $2 + 1) <= $2) UNION "
        "SELECT 1, b.id, 'booking ' || b.id || ' of ' || r.name FROM resource r "
        "JOIN booking b ON b.resource_id = r.id WHERE r.member_id = $1 AND b.live = 1 AND NOT "
        "(b.state IN ('planned', 'held') AND coalesce(b.due_us, $2 + 1) <= $2) ORDER BY kind, id",
        STORE_ARGS(store_int(m->id), store_int(ledger_now_us(l))), note_use, &use));
    return check_none(l, m, &use, "Retire what is offered, and cancel or complete what is booked");
}

/* Sessions to come, free or not: what it gives, and where it has a place or waits for one. */
static enum ledger_status check_courses(struct ledger *l, const struct ledger_member *m)
{
    struct in_use use = {0};

    LEDGER_TRY(ledger_each(
        l,
        "SELECT 0 AS kind, s.id AS id, 'session ' || s.id || ' to come' FROM session s "
        "JOIN course c ON c.id = s.course_id WHERE s.starts_at_us > $2 AND c.provider_id = $1 "
        "AND NOT EXISTS (SELECT 1 FROM session_cancellation x WHERE x.session_id = s.id) UNION "
        "SELECT 1, p.enrolment_id, 'enrolment ' || p.enrolment_id FROM session s "
        "JOIN place p ON p.session_id = s.id AND p.member_id = $1 WHERE s.starts_at_us > $2 AND "
        "(p.state IN ('waiting', 'enrolled') OR (p.state = 'offered' AND p.until_us > $2)) "
        "ORDER BY kind, id",
        STORE_ARGS(store_int(m->id), store_int(ledger_now_us(l))), note_use, &use));
    return check_none(l, m, &use, "Cancel the sessions, and give the places up");
}

/* Who has left can neither pay nor be paid. */
static enum ledger_status check_requests(struct ledger *l, const struct ledger_member *m)
{
    struct in_use open = {0};

    LEDGER_TRY(ledger_each(l,
                           "SELECT 0 AS side, request_id AS id, 'request ' || request_id || ' to "
                           "pay' FROM request_open WHERE payer_id = $1 UNION ALL "
                           "SELECT 1, request_id, 'request ' || request_id || ' to be paid' "
                           "FROM request_open WHERE payee_id = $1 ORDER BY side, id",
                           STORE_ARGS(store_int(m->id)), note_use, &open));
    return check_none(l, m, &open, "Pay, decline, credit or withdraw what is asked for");
}

enum ledger_status ledger_member_leave(struct ledger *l, int64_t member_id,
                                       const struct ledger_why *why)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_member_get(l, member_id, &m));
    if (m.state == LEDGER_LEFT)
        return ledger_refuse(l, LEDGER_MEMBER_STATE, "%s has left already", m.handle);
    LEDGER_TRY(check_pool(l, &m));
    LEDGER_TRY(check_courses(l, &m));
    LEDGER_TRY(check_requests(l, &m));
    LEDGER_TRY(check_settled(l, &m));
    LEDGER_TRY(check_granted(l, &m));
    LEDGER_TRY(check_relied_on(l, &m));
    LEDGER_TRY(ledger_offer_leave(l, member_id, why));
    LEDGER_TRY(ledger_charge_leave(l, member_id, why));
    LEDGER_TRY(ledger_standing_end_of_member(l, member_id, why));
    return ledger_member_record_state(l, member_id, LEDGER_LEFT, why);
}

/* Bring `a` to zero; `other_id` takes over its balance. */
static enum ledger_status take_over(struct ledger *l, const struct ledger_account *a,
                                    int64_t other_id, struct ledger_transfer_draft *draft,
                                    int64_t *id)
{
    const struct ledger_leg legs[] = {{a->id, -a->balance_minor}, {other_id, a->balance_minor}};

    draft->legs = legs;
    draft->leg_count = 2;
    enum ledger_status status = ledger_transfer_post(l, draft, id);
    draft->legs = NULL;
    return status;
}

enum ledger_status ledger_member_settle(struct ledger *l, int64_t account_id, int64_t other_id,
                                        const char *reference, const struct ledger_why *why,
                                        int64_t *id)
{
    struct ledger_account a;
    struct ledger_transfer_draft draft = {
        .kind = LEDGER_SETTLEMENT, .memo = why->reason, .reference = reference};

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    if (!reference || reference[0] == '\0')
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "reference",
                                   "say where it was paid: a settlement needs a reference, "
                                   "such as a bank receipt's number");
    LEDGER_TRY(ledger_account_get(l, account_id, &a));
    if (a.balance_minor == 0)
        return ledger_refuse(l, LEDGER_AMOUNT_NOT_POSITIVE,
                             "the %s account of %s is at zero already", a.code, a.handle);
    return take_over(l, &a, other_id, &draft, id);
}

static enum ledger_status check_write_off(struct ledger *l, const struct ledger_account *a,
                                          int64_t fund_account_id)
{
    struct ledger_account fund;

    LEDGER_TRY(ledger_account_get(l, fund_account_id, &fund));
    if (fund.member_kind != LEDGER_FUND)
        return ledger_refuse(l, LEDGER_MEMBER_STATE,
                             "%s is a %s: only a fund may pay what will not come in", fund.handle,
                             ledger_member_kind_name(fund.member_kind));
    if (a->balance_minor >= 0)
        return ledger_refuse(l, LEDGER_AMOUNT_NOT_POSITIVE,
                             "the %s account of %s is not below zero: there is nothing to write "
                             "off",
                             a->code, a->handle);
    return LEDGER_OK;
}

static enum ledger_status check_two(struct ledger *l, const struct ledger_account *a,
                                    int64_t default_id, const char *actor)
{
    struct ledger_default d = {.id = 0};

    if (default_id)
        LEDGER_TRY(ledger_default_get(l, default_id, &d));
    if (default_id && strcmp(d.actor, actor) != 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_SECOND_PERSON,
                         "a write-off takes two persons: one declares that %s is in default, by "
                         "coledger default declare, and another writes it off",
                         a->handle);
}

static enum ledger_status end_default(struct ledger *l, int64_t default_id, int64_t transfer_id,
                                      const struct ledger_why *why)
{
    char reason[60];
    const struct ledger_why ended = {why->actor, reason, why->authority};

    if (default_id == 0)
        return LEDGER_OK;
    snprintf(reason, sizeof reason, "a fund wrote it off, transfer %lld", (long long)transfer_id);
    return ledger_default_withdraw(l, default_id, &ended);
}

enum ledger_status ledger_member_write_off(struct ledger *l, int64_t account_id,
                                           int64_t fund_account_id, bool on_paper,
                                           const struct ledger_why *why, int64_t *id)
{
    struct ledger_account a;
    int64_t default_id;
    struct ledger_transfer_draft draft = {.kind = LEDGER_WRITE_OFF, .memo = why->reason};

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_account_get(l, account_id, &a));
    LEDGER_TRY(check_write_off(l, &a, fund_account_id));
    LEDGER_TRY(ledger_default_declared(l, a.id, &default_id));
    if (!on_paper)
        LEDGER_TRY(check_two(l, &a, default_id, why->actor));
    LEDGER_TRY(take_over(l, &a, fund_account_id, &draft, id));
    LEDGER_TRY(ledger_write_off_record(l, *id, a.id, -a.balance_minor));
    return end_default(l, default_id, *id, why);
}
