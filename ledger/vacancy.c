#include "vacancy.h"

#include "date.h"
#include "handle.h"
#include "member.h"

#include <string.h>

static enum ledger_status check_words(struct ledger *l, const struct ledger_vacancy *v)
{
    if (!v->title[0])
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "title", "a vacancy needs a title");
    LEDGER_TRY(ledger_check_text(l, "title", v->title, LEDGER_NAME_MAX));
    LEDGER_TRY(ledger_check_text(l, "skills", v->skills, LEDGER_MEMO_MAX));
    return ledger_check_text(l, "description", v->description, LEDGER_MEMO_MAX);
}

static enum ledger_status check(struct ledger *l, const struct ledger_vacancy *v)
{
    int32_t today = ledger_today(l);
    struct ledger_member m;

    LEDGER_TRY(check_words(l, v));
    if (v->minutes_a_week < 1 || v->minutes_a_week > LEDGER_WEEK_MINUTES)
        return ledger_refuse_field(l, LEDGER_HOURS_MALFORMED, "hours",
                                   "a week has between 0:01 and 168:00 hours");
    if (v->until_on < today || v->until_on > today + LEDGER_VACANCY_DAYS_MAX)
        return ledger_refuse_field(l, LEDGER_DATE_MALFORMED, "until",
                                   "a vacancy stands until today or later, at most %d days",
                                   LEDGER_VACANCY_DAYS_MAX);
    LEDGER_TRY(ledger_member_get(l, v->member_id, &m));
    if (m.state != LEDGER_ACTIVE)
        return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s is %s and seeks nobody", m.handle,
                             ledger_member_state_name(m.state));
    return LEDGER_OK;
}

enum ledger_status ledger_vacancy_post(struct ledger *l, struct ledger_vacancy *v,
                                       const char *actor)
{
    LEDGER_TRY(check(l, v));
    LEDGER_TRY(ledger_tick(l, &v->posted_at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM vacancy", &v->id));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO vacancy (id, member_id, kind, minutes_a_week, posted_at_us, until_on, actor) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        STORE_ARGS(store_int(v->id), store_int(v->member_id), store_text(v->kind),
                   store_int(v->minutes_a_week), store_int(v->posted_at_us), store_int(v->until_on),
                   store_text(actor))));
    return ledger_exec(l,
                       "INSERT INTO vacancy_text (vacancy_id, title, skills, description) "
                       "VALUES ($1, $2, $3, $4)",
                       STORE_ARGS(store_int(v->id), store_text(v->title), store_text(v->skills),
                                  store_text(v->description)));
}

enum ledger_status ledger_vacancy_close(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    struct ledger_vacancy v;
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_vacancy_get(l, id, &v));
    if (strcmp(ledger_vacancy_state(l, &v), "open") != 0)
        return ledger_refuse(l, LEDGER_VACANCY_CLOSED, "vacancy %lld is %s already", (long long)id,
                             ledger_vacancy_state(l, &v));
    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(l,
                       "INSERT INTO vacancy_close (vacancy_id, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4)",
                       STORE_ARGS(store_int(id), store_int(at_us), store_text(why->actor),
                                  store_text(why->reason)));
}

#define VACANCY                                                                                    \
    "SELECT v.id, v.member_id, v.kind, v.minutes_a_week, v.posted_at_us, v.until_on, c.at_us, "    \
    "c.reason, x.title, x.skills, x.description, coalesce(i.handle, 'erased-' || v.member_id), "   \
    "(SELECT count(*) FROM placement p WHERE p.vacancy_id = v.id) FROM vacancy v "                 \
    "LEFT JOIN member_identity i ON i.member_id = v.member_id "                                    \
    "LEFT JOIN vacancy_text x ON x.vacancy_id = v.id "                                             \
    "LEFT JOIN vacancy_close c ON c.vacancy_id = v.id "

static enum ledger_status read_vacancy(void *into, const struct store_row *row)
{
    struct ledger_vacancy *v = into;

    v->id = store_row_int(row, 0);
    v->member_id = store_row_int(row, 1);
    store_row_copy(row, 2, v->kind, sizeof v->kind);
    v->minutes_a_week = (int)store_row_int(row, 3);
    v->posted_at_us = store_row_int(row, 4);
    v->until_on = (int32_t)store_row_int(row, 5);
    v->closed_at_us = store_row_int(row, 6);
    store_row_copy(row, 7, v->reason, sizeof v->reason);
    v->erased = store_row_null(row, 8);
    store_row_copy(row, 8, v->title, sizeof v->title);
    store_row_copy(row, 9, v->skills, sizeof v->skills);
    store_row_copy(row, 10, v->description, sizeof v->description);
    store_row_copy(row, 11, v->handle, sizeof v->handle);
    v->placements = store_row_int(row, 12);
    return LEDGER_OK;
}

enum ledger_status ledger_vacancy_get(struct ledger *l, int64_t id, struct ledger_vacancy *v)
{
    enum ledger_status status =
        ledger_first(l, VACANCY "WHERE v.id = $1", STORE_ARGS(store_int(id)), read_vacancy, v);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_VACANCY, "there is no vacancy %lld", (long long)id);
    return status;
}

struct each {
    ledger_vacancy_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_vacancy v;

    LEDGER_TRY(read_vacancy(&v, row));
    return each->read(each->ctx, &v);
}

enum ledger_status ledger_vacancy_each(struct ledger *l, const struct ledger_vacancy_filter *f,
                                       ledger_vacancy_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       VACANCY "WHERE v.id > $1 AND ($2 = 0 OR v.member_id = $2) AND "
                               "($3 = 0 OR (c.at_us IS NULL AND v.until_on >= $4)) "
                               "ORDER BY v.id LIMIT $5",
                       STORE_ARGS(store_int(f->after_id), store_int(f->member_id),
                                  store_int(f->open_only), store_int(ledger_today(l)),
                                  store_int(f->limit)),
                       pass_on, &each);
}

const char *ledger_vacancy_state(const struct ledger *l, const struct ledger_vacancy *v)
{
    if (v->closed_at_us)
        return "closed";
    return v->until_on < ledger_today(l) ? "over" : "open";
}
