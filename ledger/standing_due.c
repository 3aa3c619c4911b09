#include "date.h"
#include "handle.h"
#include "instalment.h"
#include "notice.h"
#include "standing.h"
#include "standing_step.h"

#include <string.h>

#define BY_ITSELF "node"

static const char *const state_names[] = {"paid", "waiting", "refused", "skipped", "reversed"};

const char *ledger_occurrence_state_name(enum ledger_occurrence_state state)
{
    return state_names[state];
}

/* What of a standing payment its payments need. */
static enum ledger_status read_plan(void *into, const struct store_row *row)
{
    struct ledger_standing *s = into;

    *s = (struct ledger_standing){.id = store_row_int(row, 0),
                                  .payer_id = store_row_int(row, 1),
                                  .payee_id = store_row_int(row, 2),
                                  .amount_minor = store_row_int(row, 3),
                                  .cadence.every = (int)store_row_int(row, 5),
                                  .cadence.day = (int)store_row_int(row, 6),
                                  .first_on = (int32_t)store_row_int(row, 7),
                                  .until_on = (int32_t)store_row_int(row, 8),
                                  .count = (int)store_row_int(row, 9),
                                  .payer_member_id = store_row_int(row, 11),
                                  .payee_member_id = store_row_int(row, 12),
                                  .next = store_row_int(row, 13),
                                  .next_on = (int32_t)store_row_int(row, 14),
                                  .request_id = store_row_int(row, 15)};
    store_row_copy(row, 10, s->memo, sizeof s->memo);
    return ledger_cadence_unit_parse(store_row_text(row, 4), &s->cadence.unit);
}

#define PLAN                                                                                       \
    "SELECT s.id, s.payer_id, s.payee_id, s.amount_minor, s.unit, s.every, s.day, s.first_on, "    \
    "s.until_on, s.count, x.memo, a.member_id, b.member_id, n.number, n.due_on, s.request_id "     \
    "FROM standing s JOIN account a ON a.id = s.payer_id JOIN account b ON b.id = s.payee_id "     \
    "LEFT JOIN standing_text x ON x.standing_id = s.id "

static enum ledger_status load_plan(struct ledger *l, int64_t id, struct ledger_standing *s)
{
    return ledger_first(l, PLAN "LEFT JOIN standing_next n ON n.standing_id = s.id WHERE s.id = $1",
                        STORE_ARGS(store_int(id)), read_plan, s);
}

static enum ledger_status advance(struct ledger *l, const struct ledger_standing *s, int64_t number)
{
    int32_t due_on = ledger_cadence_date(&s->cadence, s->first_on, number);

    if (ledger_standing_is_over(s, number, due_on))
        return ledger_exec(l, "DELETE FROM standing_next WHERE standing_id = $1",
                           STORE_ARGS(store_int(s->id)));
    return ledger_exec(l,
                       "UPDATE standing_next SET number = $2, due_on = $3 WHERE standing_id = $1",
                       STORE_ARGS(store_int(s->id), store_int(number), store_int(due_on)));
}

enum ledger_status ledger_standing_pass_over(struct ledger *l, int64_t id, int32_t through_on)
{
    struct ledger_standing s;

    LEDGER_TRY(load_plan(l, id, &s));
    while (s.next && s.next_on <= through_on) {
        struct ledger_occurrence o = {.standing_id = id,
                                      .number = s.next,
                                      .due_on = s.next_on,
                                      .amount_minor = ledger_standing_part(&s, s.next)};
        LEDGER_TRY(ledger_standing_write_met(l, &o, true));
        LEDGER_TRY(advance(l, &s, s.next + 1));
        LEDGER_TRY(load_plan(l, id, &s));
    }
    return LEDGER_OK;
}

static enum ledger_status keep_trying(struct ledger *l, const struct ledger_occurrence *o)
{
    int32_t today = ledger_today(l);

    return ledger_exec(l,
                       "INSERT INTO standing_retry (standing_id, due_on, at_us, last_on) "
                       "VALUES ($1, $2, $3, $4)",
                       STORE_ARGS(store_int(o->standing_id), store_int(o->due_on),
                                  store_int(ledger_day_start_us(l, today + 1)),
                                  store_int(today + LEDGER_STANDING_RETRY_DAYS)));
}

/* A clock behind the journal refuses every write: nothing was tried, and the run is over. */
static bool stops_run(enum ledger_status status)
{
    return ledger_status_is_fault(status) || status == LEDGER_CLOCK_BEHIND;
}

static enum ledger_status tell(struct ledger *l, const struct ledger_standing *s)
{
    LEDGER_TRY(ledger_notice_put(l, LEDGER_NOTICE_STANDING_REFUSED, s->payer_member_id, s->id));
    return ledger_notice_put(l, LEDGER_NOTICE_STANDING_REFUSED, s->payee_member_id, s->id);
}

/* An instalment may have paid all that was left, before the last due date. */
static enum ledger_status end_with_request(struct ledger *l, const struct ledger_standing *s,
                                           const char *actor)
{
    return s->request_id ? ledger_instalments_end(l, s->request_id, 0, actor) : LEDGER_OK;
}

static enum ledger_status meet(struct ledger *l, const struct ledger_standing *s)
{
    struct ledger_occurrence o = {.standing_id = s->id,
                                  .number = s->next,
                                  .due_on = s->next_on,
                                  .amount_minor = ledger_standing_part(s, s->next)};

    LEDGER_TRY(ledger_standing_effective(l, o.due_on, &o.effective_on));
    enum ledger_status status = ledger_standing_pay(l, s, &o, BY_ITSELF);
    if (stops_run(status))
        return status;
    LEDGER_TRY(ledger_standing_write_met(l, &o, false));
    LEDGER_TRY(ledger_standing_write_attempt(l, &o, status, BY_ITSELF));
    LEDGER_TRY(advance(l, s, s->next + 1));
    if (status == LEDGER_OK)
        return end_with_request(l, s, BY_ITSELF);
    LEDGER_TRY(keep_trying(l, &o));
    return tell(l, s);
}

enum ledger_status ledger_standing_catch_up(struct ledger *l, int64_t id)
{
    struct ledger_standing s;
    int32_t today = ledger_today(l);

    LEDGER_TRY(ledger_standing_get(l, id, &s));
    if (s.state == LEDGER_STANDING_PAUSED)
        return ledger_standing_pass_over(l, id, today);
    LEDGER_TRY(load_plan(l, id, &s));
    while (s.next && s.next_on <= today) {
        LEDGER_TRY(meet(l, &s));
        LEDGER_TRY(load_plan(l, id, &s));
    }
    return LEDGER_OK;
}

static enum ledger_status give_up(struct ledger *l, const struct ledger_occurrence *o)
{
    return ledger_exec(l, "DELETE FROM standing_retry WHERE standing_id = $1 AND due_on = $2",
                       STORE_ARGS(store_int(o->standing_id), store_int(o->due_on)));
}

struct again {
    struct ledger_occurrence occurrence;
    int32_t last_on;
};

static enum ledger_status read_again(void *into, const struct store_row *row)
{
    struct again *a = into;

    a->occurrence = (struct ledger_occurrence){.standing_id = store_row_int(row, 0),
                                               .due_on = (int32_t)store_row_int(row, 1),
                                               .amount_minor = store_row_int(row, 2),
                                               .number = store_row_int(row, 3)};
    a->last_on = (int32_t)store_row_int(row, 4);
    return LEDGER_OK;
}

static enum ledger_status try_again(struct ledger *l, struct again *a)
{
    struct ledger_occurrence *o = &a->occurrence;
    struct ledger_standing s;
    int32_t today = ledger_today(l);

    LEDGER_TRY(load_plan(l, o->standing_id, &s));
    o->effective_on = today;
    enum ledger_status status = ledger_standing_pay(l, &s, o, BY_ITSELF);
    if (stops_run(status))
        return status;
    LEDGER_TRY(ledger_standing_write_attempt(l, o, status, BY_ITSELF));
    if (status == LEDGER_OK) {
        LEDGER_TRY(give_up(l, o));
        return end_with_request(l, &s, BY_ITSELF);
    }
    if (today >= a->last_on)
        return give_up(l, o);
    return ledger_exec(l,
                       "UPDATE standing_retry SET at_us = $3 WHERE standing_id = $1 AND "
                       "due_on = $2",
                       STORE_ARGS(store_int(o->standing_id), store_int(o->due_on),
                                  store_int(ledger_day_start_us(l, today + 1))));
}

/* What was refused before comes first: it was due before. */
static enum ledger_status do_next(struct ledger *l, int64_t now_us)
{
    struct again again;
    struct ledger_standing s;
    enum ledger_status status =
        ledger_first(l,
                     "SELECT r.standing_id, r.due_on, o.amount_minor, o.number, r.last_on FROM "
                     "standing_retry r JOIN standing_occurrence o ON o.standing_id = "
                     "r.standing_id AND o.due_on = r.due_on WHERE r.at_us <= $1 "
                     "ORDER BY r.at_us, r.due_on, r.standing_id LIMIT 1",
                     STORE_ARGS(store_int(now_us)), read_again, &again);

    if (status == LEDGER_OK)
        return try_again(l, &again);
    if (status != LEDGER_NO_ROW)
        return status;
    LEDGER_TRY(ledger_first(l,
                            PLAN "JOIN standing_next n ON n.standing_id = s.id WHERE n.paused = 0 "
                                 "AND n.due_on <= $1 ORDER BY n.due_on, n.standing_id LIMIT 1",
                            STORE_ARGS(store_int(ledger_day_of(l, now_us))), read_plan, &s));
    return meet(l, &s);
}

enum ledger_status ledger_standing_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    for (*count = 0; *count < LEDGER_STANDING_DUE_MAX; (*count)++) {
        enum ledger_status status = do_next(l, now_us);
        if (status == LEDGER_NO_ROW || status == LEDGER_CLOCK_BEHIND)
            return LEDGER_OK;
        LEDGER_TRY(status);
    }
    return LEDGER_OK;
}

#define OCCURRENCE                                                                                 \
    "SELECT o.standing_id, o.number, o.due_on, coalesce((SELECT max(n.amount_minor) FROM entry n " \
    "WHERE n.transfer_id = p.transfer_id), o.amount_minor), o.uid, o.skipped, o.at_us, "           \
    "(SELECT count(*) FROM standing_attempt t WHERE t.standing_id = o.standing_id AND "            \
    "t.due_on = o.due_on), l.at_us, p.transfer_id, f.effective_on, r.at_us, "                      \
    "(SELECT t.code FROM standing_attempt t WHERE t.standing_id = o.standing_id AND "              \
    "t.due_on = o.due_on AND t.code <> '' ORDER BY t.id DESC LIMIT 1), "                           \
    "(SELECT count(*) FROM standing_attempt t WHERE t.standing_id = o.standing_id AND t.due_on = " \
    "o.due_on AND t.code = '') "                                                                   \
    "FROM standing_occurrence o JOIN standing s ON s.id = o.standing_id "                          \
    "LEFT JOIN standing_attempt l ON l.id = (SELECT max(t.id) FROM "                               \
    "standing_attempt t WHERE t.standing_id = o.standing_id AND t.due_on = o.due_on) "             \
    "LEFT JOIN standing_attempt p ON p.id = (SELECT t.id FROM standing_attempt t WHERE "           \
    "t.standing_id = o.standing_id AND t.due_on = o.due_on AND " STANDING_PAYS                     \
    ") LEFT JOIN transfer f ON f.id = p.transfer_id "                                              \
    "LEFT JOIN standing_retry r ON r.standing_id = o.standing_id AND r.due_on = o.due_on "

static enum ledger_occurrence_state state_of(const struct store_row *row)
{
    if (store_row_int(row, 5))
        return LEDGER_OCCURRENCE_SKIPPED;
    if (!store_row_null(row, 9))
        return LEDGER_OCCURRENCE_PAID;
    if (!store_row_null(row, 11))
        return LEDGER_OCCURRENCE_WAITING;
    return store_row_int(row, 13) ? LEDGER_OCCURRENCE_REVERSED : LEDGER_OCCURRENCE_REFUSED;
}

static enum ledger_status read_occurrence(void *into, const struct store_row *row)
{
    struct ledger_occurrence *o = into;
    size_t size;
    const void *uid = store_row_blob(row, 4, &size);

    *o = (struct ledger_occurrence){.standing_id = store_row_int(row, 0),
                                    .number = store_row_int(row, 1),
                                    .due_on = (int32_t)store_row_int(row, 2),
                                    .amount_minor = store_row_int(row, 3),
                                    .state = state_of(row),
                                    .attempts = store_row_int(row, 7),
                                    .at_us = store_row_int(row, store_row_null(row, 8) ? 6 : 8),
                                    .transfer_id = store_row_int(row, 9),
                                    .effective_on = (int32_t)store_row_int(row, 10),
                                    .again_us = store_row_int(row, 11),
                                    .payments = store_row_int(row, 13)};
    if (size == sizeof o->uid.bytes)
        memcpy(o->uid.bytes, uid, size);
    store_row_copy(row, 12, o->code, sizeof o->code);
    return LEDGER_OK;
}

struct each {
    const struct ledger *l;
    ledger_occurrence_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_occurrence o;

    LEDGER_TRY(read_occurrence(&o, row));
    if (o.payments > 1)
        o.uid = ledger_standing_uid(each->l, &o, o.payments - 1);
    return each->read(each->ctx, &o);
}

enum ledger_status ledger_standing_occurrences(struct ledger *l, int64_t id, int32_t after_on,
                                               bool unpaid_only, int limit,
                                               ledger_occurrence_reader *read, void *ctx)
{
    struct each each = {l, read, ctx};

    return ledger_each(
        l,
        OCCURRENCE "WHERE o.standing_id = $1 AND o.due_on > $2 AND ($3 = 0 OR "
                   "(o.skipped = 0 AND p.transfer_id IS NULL)) "
                   "ORDER BY o.due_on LIMIT $4",
        STORE_ARGS(store_int(id), store_int(after_on), store_int(unpaid_only), store_int(limit)),
        pass_on, &each);
}

static enum ledger_status find_unpaid(struct ledger *l, int64_t id, int32_t due_on,
                                      struct ledger_occurrence *o)
{
    char day[LEDGER_DATE_TEXT];
    enum ledger_status status =
        ledger_first(l,
                     OCCURRENCE "WHERE o.standing_id = $1 AND ($2 = 0 OR o.due_on = $2) AND "
                                "o.skipped = 0 AND p.transfer_id IS NULL ORDER BY o.due_on LIMIT 1",
                     STORE_ARGS(store_int(id), store_int(due_on)), read_occurrence, o);

    if (status != LEDGER_NO_ROW)
        return status;
    if (due_on)
        return ledger_refuse_field(l, LEDGER_NOTHING_UNPAID, "due",
                                   "standing payment %lld has no unpaid due date %s", (long long)id,
                                   ledger_date_format(due_on, day));
    return ledger_refuse(l, LEDGER_NOTHING_UNPAID, "no due date of standing payment %lld is unpaid",
                         (long long)id);
}

enum ledger_status ledger_standing_retry(struct ledger *l, int64_t id, int32_t due_on,
                                         const char *actor)
{
    struct ledger_standing s;
    struct ledger_occurrence o;

    LEDGER_TRY(ledger_standing_get(l, id, &s));
    LEDGER_TRY(find_unpaid(l, id, due_on, &o));
    o.effective_on = ledger_today(l);
    LEDGER_TRY(ledger_standing_pay(l, &s, &o, actor));
    LEDGER_TRY(ledger_standing_write_attempt(l, &o, LEDGER_OK, actor));
    LEDGER_TRY(give_up(l, &o));
    return end_with_request(l, &s, actor);
}
