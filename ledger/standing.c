#include "standing.h"

#include "date.h"
#include "handle.h"
#include "notice.h"
#include "period.h"
#include "standing_step.h"

#include <string.h>

static const char *const state_names[] = {"running", "paused", "done", "ended"};

const char *ledger_standing_state_name(enum ledger_standing_state state)
{
    return state_names[state];
}

int64_t ledger_standing_part(const struct ledger_standing *s, int64_t number)
{
    if (!s->request_id)
        return s->amount_minor;
    return s->amount_minor / s->count + (number <= s->amount_minor % s->count);
}

static enum ledger_status check_amount(struct ledger *l, const struct ledger_standing *s)
{
    if (s->payer_id == s->payee_id)
        return ledger_refuse_field(l, LEDGER_SAME_ACCOUNT, "payee", "nobody pays itself");
    if (s->amount_minor < 1)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "amount",
                                   "a standing payment pays more than zero");
    if (s->amount_minor > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, "amount",
                                   "that amount is beyond what the ledger counts");
    return LEDGER_OK;
}

static enum ledger_status check_end(struct ledger *l, const struct ledger_standing *s,
                                    bool until_ended)
{
    int ends = (s->until_on != 0) + (s->count != 0) + until_ended;

    if (ends > 1)
        return ledger_refuse_field(l, LEDGER_TWO_ENDS, s->count ? "count" : "until",
                                   "say one end: a last day, a count, or until it is ended");
    if (ends == 0)
        return ledger_refuse_field(l, LEDGER_NO_END, "until",
                                   "say when it ends: a last day, a count, or until it is ended");
    if (s->count < 0 || s->count > LEDGER_STANDING_COUNT_MAX)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "count",
                                   "a count of due dates is 1 to %d", LEDGER_STANDING_COUNT_MAX);
    return LEDGER_OK;
}

/* What both agreed before it was entered here is caught up with; not what is long ago, or closed. */
static enum ledger_status check_start(struct ledger *l, const struct ledger_standing *s)
{
    char day[LEDGER_DATE_TEXT];

    if (s->first_on >= ledger_today(l))
        return LEDGER_OK;
    if (s->first_on < ledger_today(l) - LEDGER_STANDING_BACK_DAYS)
        return ledger_refuse_field(
            l, LEDGER_BACKDATED, "starts", "a standing payment starts on %s at the earliest",
            ledger_date_format(ledger_today(l) - LEDGER_STANDING_BACK_DAYS, day));
    return ledger_period_need_open(l, s->first_on, "starts", "start it later");
}

/* The day from which on it may fall due becomes its first due date. */
static enum ledger_status find_first(struct ledger *l, struct ledger_standing *s)
{
    char day[LEDGER_DATE_TEXT];

    LEDGER_TRY(check_start(l, s));
    s->first_on = ledger_cadence_first(&s->cadence, s->first_on);
    if (s->first_on > LEDGER_DAY_MAX)
        return ledger_refuse_field(l, LEDGER_NEVER_DUE, "starts", "no due date comes after that");
    if (ledger_standing_is_over(s, 1, s->first_on))
        return ledger_refuse_field(l, LEDGER_NEVER_DUE, "until",
                                   "it would first be due on %s, after its last day",
                                   ledger_date_format(s->first_on, day));
    return LEDGER_OK;
}

/* As posting would say it today: who pays is active, who is paid may receive. */
static enum ledger_status check_parties(struct ledger *l, const struct ledger_standing *s)
{
    struct ledger_account payer;
    struct ledger_account payee;

    LEDGER_TRY(ledger_account_get(l, s->payer_id, &payer));
    LEDGER_TRY(ledger_account_get(l, s->payee_id, &payee));
    if (payer.currency_id != payee.currency_id)
        return ledger_refuse(l, LEDGER_UNBALANCED, "%s and %s are accounts of two currencies",
                             payer.handle, payee.handle);
    if (payer.member_state != LEDGER_ACTIVE)
        return ledger_refuse_field(l, LEDGER_MEMBER_NOT_ACTIVE, "from", "%s is %s", payer.handle,
                                   ledger_member_state_name(payer.member_state));
    if (payee.member_state != LEDGER_ACTIVE && payee.member_state != LEDGER_SUSPENDED)
        return ledger_refuse_field(l, LEDGER_MEMBER_NOT_ACTIVE, "payee", "%s is %s", payee.handle,
                                   ledger_member_state_name(payee.member_state));
    return LEDGER_OK;
}

static enum ledger_status check_room(struct ledger *l, const struct ledger_standing *s)
{
    int64_t live;

    LEDGER_TRY(ledger_first(l,
                            "SELECT count(*) FROM standing s JOIN standing_next n ON "
                            "n.standing_id = s.id WHERE s.payer_id = $1",
                            STORE_ARGS(store_int(s->payer_id)), ledger_read_int, &live));
    if (live < LEDGER_STANDING_LIVE_MAX)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_TOO_MANY_STANDING,
                         "an account has at most %d standing payments at a time: end one first",
                         LEDGER_STANDING_LIVE_MAX);
}

static enum ledger_status check(struct ledger *l, struct ledger_standing *s, bool until_ended)
{
    LEDGER_TRY(ledger_check_text(l, "memo", s->memo, LEDGER_MEMO_MAX));
    LEDGER_TRY(check_amount(l, s));
    LEDGER_TRY(ledger_cadence_check(l, &s->cadence));
    LEDGER_TRY(check_end(l, s, until_ended));
    LEDGER_TRY(find_first(l, s));
    LEDGER_TRY(check_parties(l, s));
    return check_room(l, s);
}

static enum ledger_status write(struct ledger *l, const struct ledger_standing *s,
                                const char *actor)
{
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO standing (id, payer_id, payee_id, amount_minor, unit, every, day, first_on, "
        "until_on, count, ordered_at_us, actor, terms_id, request_id) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        STORE_ARGS(store_int(s->id), store_int(s->payer_id), store_int(s->payee_id),
                   store_int(s->amount_minor),
                   store_text(ledger_cadence_unit_name(s->cadence.unit)),
                   store_int(s->cadence.every), store_int(s->cadence.day), store_int(s->first_on),
                   store_int_or_null(s->until_on != 0, s->until_on),
                   store_int_or_null(s->count != 0, s->count), store_int(s->ordered_at_us),
                   store_text(actor), store_int_or_null(s->terms_id != 0, s->terms_id),
                   store_int_or_null(s->request_id != 0, s->request_id))));
    LEDGER_TRY(ledger_exec(l, "INSERT INTO standing_text (standing_id, memo) VALUES ($1, $2)",
                           STORE_ARGS(store_int(s->id), store_text(s->memo))));
    return ledger_exec(l,
                       "INSERT INTO standing_next (standing_id, number, due_on, paused) "
                       "VALUES ($1, 1, $2, 0)",
                       STORE_ARGS(store_int(s->id), store_int(s->first_on)));
}

enum ledger_status ledger_standing_order(struct ledger *l, struct ledger_standing *s,
                                         bool until_ended, const char *actor)
{
    LEDGER_TRY(check(l, s, until_ended));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM standing", &s->id));
    LEDGER_TRY(ledger_tick(l, &s->ordered_at_us));
    return write(l, s, actor);
}

#define UNPAID                                                                                     \
    "standing_occurrence o WHERE o.standing_id = s.id AND o.skipped = 0 AND NOT EXISTS "           \
    "(SELECT 1 FROM standing_attempt t WHERE t.standing_id = o.standing_id AND "                   \
    "t.due_on = o.due_on AND " STANDING_PAYS                                                       \
    ") AND (s.request_id IS NULL OR EXISTS (SELECT 1 FROM request_open q WHERE q.request_id = "    \
    "s.request_id AND q.ledger_minor > 0))"

#define STANDING                                                                                   \
    "SELECT s.id, s.payer_id, s.payee_id, a.member_id, b.member_id, s.amount_minor, s.unit, "      \
    "s.every, s.day, s.first_on, s.until_on, s.count, s.ordered_at_us, n.due_on, n.paused, "       \
    "coalesce(n.number, 1 + (SELECT max(o.number) FROM standing_occurrence o WHERE "               \
    "o.standing_id = s.id), 1), (SELECT count(*) FROM " UNPAID "), e.at_us, e.reason, x.memo, "    \
    "coalesce(i.handle, 'erased-' || a.member_id), coalesce(j.handle, 'erased-' || b.member_id), " \
    "c.code, c.scale, s.terms_id, k.charge_id, CASE WHEN w.charge_id IS NULL THEN (SELECT "        \
    "m.amount_minor FROM charge_terms m WHERE m.charge_id = k.charge_id AND m.id > k.id "          \
    "ORDER BY m.id DESC LIMIT 1) END, s.request_id FROM standing s JOIN account a ON a.id = "      \
    "s.payer_id "                                                                                  \
    "JOIN account b ON b.id = s.payee_id JOIN currency c ON c.id = a.currency_id "                 \
    "LEFT JOIN standing_next n ON n.standing_id = s.id "                                           \
    "LEFT JOIN standing_change e ON e.standing_id = s.id AND e.what = 'ended' "                    \
    "LEFT JOIN standing_text x ON x.standing_id = s.id "                                           \
    "LEFT JOIN charge_terms k ON k.id = s.terms_id "                                               \
    "LEFT JOIN charge_withdrawal w ON w.charge_id = k.charge_id "                                  \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "                                    \
    "LEFT JOIN member_identity j ON j.member_id = b.member_id "

static void read_state(struct ledger_standing *s, const struct store_row *row)
{
    s->next = store_row_int(row, 15);
    s->next_on = (int32_t)store_row_int(row, 13);
    s->unpaid = store_row_int(row, 16);
    s->ended_at_us = store_row_int(row, 17);
    if (!store_row_null(row, 13))
        s->state = store_row_int(row, 14) ? LEDGER_STANDING_PAUSED : LEDGER_STANDING_RUNNING;
    else
        s->state = s->ended_at_us ? LEDGER_STANDING_ENDED : LEDGER_STANDING_DONE;
}

static enum ledger_status read_standing(void *into, const struct store_row *row)
{
    struct ledger_standing *s = into;

    *s = (struct ledger_standing){.id = store_row_int(row, 0),
                                  .payer_id = store_row_int(row, 1),
                                  .payee_id = store_row_int(row, 2),
                                  .payer_member_id = store_row_int(row, 3),
                                  .payee_member_id = store_row_int(row, 4),
                                  .amount_minor = store_row_int(row, 5),
                                  .cadence.every = (int)store_row_int(row, 7),
                                  .cadence.day = (int)store_row_int(row, 8),
                                  .first_on = (int32_t)store_row_int(row, 9),
                                  .until_on = (int32_t)store_row_int(row, 10),
                                  .count = (int)store_row_int(row, 11),
                                  .ordered_at_us = store_row_int(row, 12),
                                  .erased = store_row_null(row, 19),
                                  .scale = (int)store_row_int(row, 23),
                                  .terms_id = store_row_int(row, 24),
                                  .charge_id = store_row_int(row, 25),
                                  .proposed_minor = store_row_int(row, 26),
                                  .request_id = store_row_int(row, 27)};
    if (s->proposed_minor == s->amount_minor)
        s->proposed_minor = 0;
    read_state(s, row);
    store_row_copy(row, 18, s->reason, sizeof s->reason);
    store_row_copy(row, 19, s->memo, sizeof s->memo);
    store_row_copy(row, 20, s->payer, sizeof s->payer);
    store_row_copy(row, 21, s->payee, sizeof s->payee);
    store_row_copy(row, 22, s->code, sizeof s->code);
    return ledger_cadence_unit_parse(store_row_text(row, 6), &s->cadence.unit);
}

enum ledger_status ledger_standing_get(struct ledger *l, int64_t id, struct ledger_standing *s)
{
    enum ledger_status status =
        ledger_first(l, STANDING "WHERE s.id = $1", STORE_ARGS(store_int(id)), read_standing, s);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_STANDING, "there is no standing payment %lld",
                             (long long)id);
    return status;
}

struct each {
    ledger_standing_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_standing s;

    LEDGER_TRY(read_standing(&s, row));
    return each->read(each->ctx, &s);
}

enum ledger_status ledger_standing_each(struct ledger *l, const struct ledger_standing_filter *f,
                                        ledger_standing_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(
        l,
        STANDING "WHERE s.id > $1 AND ($2 = 0 OR a.member_id = $2 OR b.member_id = $2) AND "
                 "($3 = 0 OR n.due_on IS NOT NULL) AND ($4 = 0 OR EXISTS (SELECT 1 FROM " UNPAID
                 ")) AND ($6 = 0 OR k.charge_id = $6) ORDER BY s.id LIMIT $5",
        STORE_ARGS(store_int(f->after_id), store_int(f->member_id), store_int(f->live_only),
                   store_int(f->unpaid_only), store_int(f->limit), store_int(f->charge_id)),
        pass_on, &each);
}

static enum ledger_status record(struct ledger *l, int64_t id, const char *what,
                                 const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(l,
                       "INSERT INTO standing_change (standing_id, sequence, what, at_us, actor, "
                       "reason) SELECT $1, 1 + coalesce(max(sequence), 0), $2, $3, $4, $5 FROM "
                       "standing_change WHERE standing_id = $1",
                       STORE_ARGS(store_int(id), store_text(what), store_int(at_us),
                                  store_text(why->actor), store_text(why->reason)));
}

static enum ledger_status stop_retries(struct ledger *l, int64_t id)
{
    return ledger_exec(l, "DELETE FROM standing_retry WHERE standing_id = $1",
                       STORE_ARGS(store_int(id)));
}

static enum ledger_status refuse_state(struct ledger *l, const struct ledger_standing *s,
                                       const char *verb)
{
    return ledger_refuse(l, LEDGER_STANDING_STATE, "standing payment %lld is %s: it cannot be %s",
                         (long long)s->id, state_names[s->state], verb);
}

enum ledger_status ledger_standing_pause(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    struct ledger_standing s;

    LEDGER_TRY(ledger_check_text(l, "reason", why->reason, LEDGER_REASON_MAX));
    LEDGER_TRY(ledger_standing_get(l, id, &s));
    if (s.state != LEDGER_STANDING_RUNNING)
        return refuse_state(l, &s, "paused");
    LEDGER_TRY(record(l, id, "paused", why));
    LEDGER_TRY(stop_retries(l, id));
    return ledger_exec(l, "UPDATE standing_next SET paused = 1 WHERE standing_id = $1",
                       STORE_ARGS(store_int(id)));
}

enum ledger_status ledger_standing_resume(struct ledger *l, int64_t id,
                                          const struct ledger_why *why)
{
    struct ledger_standing s;

    LEDGER_TRY(ledger_check_text(l, "reason", why->reason, LEDGER_REASON_MAX));
    LEDGER_TRY(ledger_standing_get(l, id, &s));
    if (s.state != LEDGER_STANDING_PAUSED)
        return refuse_state(l, &s, "resumed");
    LEDGER_TRY(record(l, id, "resumed", why));
    LEDGER_TRY(ledger_exec(l, "UPDATE standing_next SET paused = 0 WHERE standing_id = $1",
                           STORE_ARGS(store_int(id))));
    return ledger_standing_pass_over(l, id, ledger_today(l));
}

static enum ledger_status is_tried_again(struct ledger *l, int64_t id, bool *again)
{
    int64_t count;

    LEDGER_TRY(ledger_first(l, "SELECT count(*) FROM standing_retry WHERE standing_id = $1",
                            STORE_ARGS(store_int(id)), ledger_read_int, &count));
    *again = count > 0;
    return LEDGER_OK;
}

enum ledger_status ledger_standing_stop(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    LEDGER_TRY(record(l, id, "ended", why));
    LEDGER_TRY(stop_retries(l, id));
    return ledger_exec(l, "DELETE FROM standing_next WHERE standing_id = $1",
                       STORE_ARGS(store_int(id)));
}

static enum ledger_status end(struct ledger *l, const struct ledger_standing *s,
                              const struct ledger_why *why)
{
    LEDGER_TRY(ledger_standing_stop(l, s->id, why));
    LEDGER_TRY(ledger_notice_put(l, LEDGER_NOTICE_STANDING_ENDED, s->payer_member_id, s->id));
    return ledger_notice_put(l, LEDGER_NOTICE_STANDING_ENDED, s->payee_member_id, s->id);
}

enum ledger_status ledger_standing_end(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    struct ledger_standing s;
    bool again;

    LEDGER_TRY(ledger_check_text(l, "reason", why->reason, LEDGER_REASON_MAX));
    LEDGER_TRY(ledger_standing_get(l, id, &s));
    LEDGER_TRY(is_tried_again(l, id, &again));
    if (s.state == LEDGER_STANDING_ENDED || (s.state == LEDGER_STANDING_DONE && !again))
        return refuse_state(l, &s, "ended");
    return end(l, &s, why);
}

/* Of a member's: the first that is not over, or still tried again. */
static enum ledger_status find_live(struct ledger *l, int64_t member_id, int64_t *id)
{
    return ledger_first(l,
                        "SELECT s.id FROM account a JOIN standing s ON a.id IN (s.payer_id, "
                        "s.payee_id) WHERE a.member_id = $1 AND (EXISTS (SELECT 1 FROM "
                        "standing_next n WHERE n.standing_id = s.id) OR EXISTS (SELECT 1 FROM "
                        "standing_retry r WHERE r.standing_id = s.id)) ORDER BY s.id LIMIT 1",
                        STORE_ARGS(store_int(member_id)), ledger_read_int, id);
}

enum ledger_status ledger_standing_end_of_member(struct ledger *l, int64_t member_id,
                                                 const struct ledger_why *why)
{
    int64_t id;
    struct ledger_standing s;
    enum ledger_status status;

    while ((status = find_live(l, member_id, &id)) == LEDGER_OK) {
        LEDGER_TRY(ledger_standing_get(l, id, &s));
        LEDGER_TRY(end(l, &s, why));
    }
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}
