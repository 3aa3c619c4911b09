#include "placement.h"

#include "date.h"
#include "handle.h"
#include "hold.h"
#include "hold_owner.h"
#include "member.h"
#include "placement_hold.h"

#include <string.h>

int64_t ledger_placement_due(const struct ledger_placement *p, int64_t minutes)
{
    return p->rate_minor * minutes / 60;
}

static enum ledger_status check_words(struct ledger *l, const struct ledger_placement *p)
{
    if (!p->person[0])
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "person",
                                   "a placement needs the person's name");
    LEDGER_TRY(ledger_check_text(l, "person", p->person, LEDGER_NAME_MAX));
    return ledger_check_text(l, "mentor", p->mentor, LEDGER_NAME_MAX);
}

static enum ledger_status check_time(struct ledger *l, const struct ledger_placement *p)
{
    int64_t days = (int64_t)p->ends_on - p->starts_on + 1;

    if (days < 1 || days > LEDGER_PLACEMENT_DAYS_MAX)
        return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "ends_on",
                                   "a placement ends on the day it starts or later, within "
                                   "%d days",
                                   LEDGER_PLACEMENT_DAYS_MAX);
    if (p->ends_on < ledger_today(l) - LEDGER_PLACEMENT_GRACE_DAYS)
        return ledger_refuse_field(l, LEDGER_BACKDATED, "ends_on",
                                   "a placement that was over %d days ago is not agreed now",
                                   LEDGER_PLACEMENT_GRACE_DAYS);
    if (p->minutes < 1 || p->minutes > LEDGER_PLACEMENT_MINUTES_MAX || p->minutes > days * 1440)
        return ledger_refuse_field(l, LEDGER_HOURS_MALFORMED, "hours",
                                   "the hours agreed are more than none, and no more than "
                                   "its days have");
    return LEDGER_OK;
}

static enum ledger_status check_active(struct ledger *l, int64_t member_id)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_member_get(l, member_id, &m));
    if (m.state == LEDGER_ACTIVE)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s is %s", m.handle,
                         ledger_member_state_name(m.state));
}

static enum ledger_status check_vacancy(struct ledger *l, const struct ledger_placement *p)
{
    struct ledger_vacancy v;

    if (!p->vacancy_id)
        return LEDGER_OK;
    LEDGER_TRY(ledger_vacancy_get(l, p->vacancy_id, &v));
    if (v.member_id != p->host_id)
        return ledger_refuse_field(l, LEDGER_NO_SUCH_VACANCY, "vacancy",
                                   "vacancy %lld is another member's than the host's",
                                   (long long)v.id);
    if (strcmp(ledger_vacancy_state(l, &v), "open") != 0)
        return ledger_refuse(l, LEDGER_VACANCY_CLOSED, "vacancy %lld is %s", (long long)v.id,
                             ledger_vacancy_state(l, &v));
    return LEDGER_OK;
}

static enum ledger_status check(struct ledger *l, const struct ledger_placement *p)
{
    LEDGER_TRY(check_words(l, p));
    if (p->host_id == p->member_id || p->payer_id == p->payee_id)
        return ledger_refuse_field(l, LEDGER_PLACED_AT_HOME,
                                   p->host_id == p->member_id ? "member" : "payer",
                                   "a placement is with another member, who or whose fund "
                                   "pays: nobody pays itself");
    LEDGER_TRY(check_time(l, p));
    LEDGER_TRY(check_vacancy(l, p));
    LEDGER_TRY(check_active(l, p->host_id));
    LEDGER_TRY(check_active(l, p->member_id));
    if (p->rate_minor > LEDGER_AMOUNT_MAX / 1000 ||
        ledger_placement_due(p, p->minutes) > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, "rate",
                                   "the rate times the hours is beyond what the ledger "
                                   "counts");
    if (p->rate_minor < 1 || ledger_placement_due(p, p->minutes) < 1)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "rate",
                                   "the rate times the hours must be more than zero");
    return LEDGER_OK;
}

static enum ledger_status write(struct ledger *l, const struct ledger_placement *p,
                                const char *actor)
{
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO placement (id, vacancy_id, host_id, member_id, mentor_id, payer_id, payee_id, "
        "rate_minor, minutes, starts_on, ends_on, agreed_at_us, actor) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        STORE_ARGS(store_int(p->id), store_int_or_null(p->vacancy_id, p->vacancy_id),
                   store_int(p->host_id), store_int(p->member_id),
                   store_int_or_null(p->mentor_id, p->mentor_id), store_int(p->payer_id),
                   store_int(p->payee_id), store_int(p->rate_minor), store_int(p->minutes),
                   store_int(p->starts_on), store_int(p->ends_on), store_int(p->agreed_at_us),
                   store_text(actor))));
    return ledger_exec(l,
                       "INSERT INTO placement_text (placement_id, person, mentor) "
                       "VALUES ($1, $2, $3)",
                       STORE_ARGS(store_int(p->id), store_text(p->person), store_text(p->mentor)));
}

enum ledger_status ledger_placement_agree(struct ledger *l, struct ledger_placement *p,
                                          const char *actor)
{
    LEDGER_TRY(check(l, p));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM placement", &p->id));
    LEDGER_TRY(ledger_placement_hold(l, p));
    LEDGER_TRY(ledger_tick(l, &p->agreed_at_us));
    return write(l, p, actor);
}

#define PLACEMENT                                                                                  \
    "SELECT p.id, p.vacancy_id, p.host_id, p.member_id, p.mentor_id, p.payer_id, p.payee_id, "     \
    "p.rate_minor, coalesce(e.minutes, p.minutes), p.starts_on, coalesce(e.ended_on, p.ends_on), " \
    "p.agreed_at_us, e.at_us, f.reason, x.person, x.mentor, "                                      \
    "coalesce(h.handle, 'erased-' || p.host_id), coalesce(m.handle, 'erased-' || p.member_id), "   \
    "t.handle, y.handle, c.code, c.scale, a.member_id, "                                           \
    "coalesce((SELECT sum(w.minutes) FROM placement_week w WHERE w.placement_id = p.id), 0), "     \
    "coalesce((SELECT sum(w.amount_minor) FROM placement_week w WHERE w.placement_id = p.id), "    \
    "0), "                                                                                         \
    "coalesce((SELECT o.hold_id FROM hold_owner o JOIN hold d ON d.id = o.hold_id WHERE "          \
    "o.kind = 'placement' AND o.subject_id = p.id AND d.expires_at_us > $1 AND NOT EXISTS "        \
    "(SELECT 1 FROM hold_resolution r WHERE r.hold_id = o.hold_id)), 0) FROM placement p "         \
    "JOIN account a ON a.id = p.payer_id JOIN currency c ON c.id = a.currency_id "                 \
    "LEFT JOIN placement_end e ON e.placement_id = p.id "                                          \
    "LEFT JOIN placement_end_text f ON f.placement_id = p.id "                                     \
    "LEFT JOIN placement_text x ON x.placement_id = p.id "                                         \
    "LEFT JOIN member_identity h ON h.member_id = p.host_id "                                      \
    "LEFT JOIN member_identity m ON m.member_id = p.member_id "                                    \
    "LEFT JOIN member_identity t ON t.member_id = p.mentor_id "                                    \
    "LEFT JOIN member_identity y ON y.member_id = a.member_id "

static void read_numbers(struct ledger_placement *p, const struct store_row *row)
{
    p->id = store_row_int(row, 0);
    p->vacancy_id = store_row_int(row, 1);
    p->host_id = store_row_int(row, 2);
    p->member_id = store_row_int(row, 3);
    p->mentor_id = store_row_int(row, 4);
    p->payer_id = store_row_int(row, 5);
    p->payee_id = store_row_int(row, 6);
    p->rate_minor = store_row_int(row, 7);
    p->minutes = (int)store_row_int(row, 8);
    p->starts_on = (int32_t)store_row_int(row, 9);
    p->ends_on = (int32_t)store_row_int(row, 10);
    p->agreed_at_us = store_row_int(row, 11);
    p->ended_at_us = store_row_int(row, 12);
    p->scale = (int)store_row_int(row, 21);
    p->payer_member_id = store_row_int(row, 22);
    p->paid_minutes = (int)store_row_int(row, 23);
    p->paid_minor = store_row_int(row, 24);
    p->hold_id = store_row_int(row, 25);
}

static enum ledger_status read_placement(void *into, const struct store_row *row)
{
    struct ledger_placement *p = into;

    read_numbers(p, row);
    p->erased = store_row_null(row, 14);
    store_row_copy(row, 13, p->reason, sizeof p->reason);
    store_row_copy(row, 14, p->person, sizeof p->person);
    store_row_copy(row, 15, p->mentor, sizeof p->mentor);
    store_row_copy(row, 16, p->host, sizeof p->host);
    store_row_copy(row, 17, p->member, sizeof p->member);
    store_row_copy(row, 18, p->mentor_member, sizeof p->mentor_member);
    store_row_copy(row, 19, p->payer, sizeof p->payer);
    store_row_copy(row, 20, p->code, sizeof p->code);
    return LEDGER_OK;
}

enum ledger_status ledger_placement_get(struct ledger *l, int64_t id, struct ledger_placement *p)
{
    enum ledger_status status =
        ledger_first(l, PLACEMENT "WHERE p.id = $2",
                     STORE_ARGS(store_int(ledger_now_us(l)), store_int(id)), read_placement, p);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_PLACEMENT, "there is no placement %lld",
                             (long long)id);
    return status;
}

struct each {
    ledger_placement_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_placement p;

    LEDGER_TRY(read_placement(&p, row));
    return each->read(each->ctx, &p);
}

enum ledger_status ledger_placement_each(struct ledger *l, const struct ledger_placement_filter *f,
                                         ledger_placement_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       PLACEMENT "WHERE p.id > $2 AND ($3 = 0 OR p.host_id = $3 OR p.member_id = "
                                 "$3 OR p.mentor_id = $3 OR a.member_id = $3) "
                                 "ORDER BY p.id LIMIT $4",
                       STORE_ARGS(store_int(ledger_now_us(l)), store_int(f->after_id),
                                  store_int(f->member_id), store_int(f->limit)),
                       pass_on, &each);
}

const char *ledger_placement_state(const struct ledger *l, const struct ledger_placement *p)
{
    int32_t today = ledger_today(l);

    if (p->ended_at_us)
        return "ended";
    if (today < p->starts_on)
        return "agreed";
    return today <= p->ends_on ? "running" : "signing";
}
