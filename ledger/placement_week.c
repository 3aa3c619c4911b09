#include "date.h"
#include "handle.h"
#include "hold.h"
#include "placement.h"
#include "placement_hold.h"
#include "transfer.h"

#include <stdio.h>
#include <string.h>

static const char *const sides[] = {"", "host", "person"};

/* What stands of one week so far. */
struct week {
    int32_t on;
    int days; /* of it that the placement has */
    bool paid;
    int minutes[3]; /* by side, as last signed, -1 for not yet */
    char actors[3][LEDGER_ACTOR_MAX + 1];
};

static enum ledger_status read_sign(void *into, const struct store_row *row)
{
    struct week *w = into;
    int side =
        strcmp(store_row_text(row, 0), sides[1]) == 0 ? LEDGER_SIDE_HOST : LEDGER_SIDE_PERSON;

    w->minutes[side] = (int)store_row_int(row, 1);
    store_row_copy(row, 2, w->actors[side], sizeof w->actors[side]);
    return LEDGER_OK;
}

static enum ledger_status load(struct ledger *l, int64_t placement_id, struct week *w)
{
    int64_t paid;

    w->minutes[LEDGER_SIDE_HOST] = w->minutes[LEDGER_SIDE_PERSON] = -1;
    LEDGER_TRY(ledger_first(l,
                            "SELECT count(*) FROM placement_week WHERE placement_id = $1 AND "
                            "week_on = $2",
                            STORE_ARGS(store_int(placement_id), store_int(w->on)), ledger_read_int,
                            &paid));
    w->paid = paid > 0;
    return ledger_each(l,
                       "SELECT side, minutes, actor FROM placement_sign WHERE placement_id = $1 "
                       "AND week_on = $2 ORDER BY id",
                       STORE_ARGS(store_int(placement_id), store_int(w->on)), read_sign, w);
}

static enum ledger_status find_week(struct ledger *l, const struct ledger_placement *p, int32_t day,
                                    struct week *w)
{
    int32_t first;
    int32_t last;
    char text[LEDGER_DATE_TEXT];

    w->on = day - (ledger_date_weekday(day) - 1);
    first = w->on > p->starts_on ? w->on : p->starts_on;
    last = w->on + 6 < p->ends_on ? w->on + 6 : p->ends_on;
    w->days = last - first + 1;
    if (w->days < 1)
        return ledger_refuse_field(l, LEDGER_OUTSIDE_PLACEMENT, "week",
                                   "the week of %s is not one of the placement",
                                   ledger_date_format(w->on, text));
    if (first > ledger_today(l))
        return ledger_refuse_field(l, LEDGER_WEEK_TO_COME, "week",
                                   "its days in the week of %s have not begun",
                                   ledger_date_format(w->on, text));
    return LEDGER_OK;
}

static enum ledger_status check_hours(struct ledger *l, const struct ledger_placement *p,
                                      const struct week *w, int minutes)
{
    char left[LEDGER_HOURS_TEXT];

    if (minutes < 0 || minutes > w->days * 1440)
        return ledger_refuse_field(l, LEDGER_HOURS_MALFORMED, "hours",
                                   "the placement has %d days of that week, and no more "
                                   "hours than they have",
                                   w->days);
    if (minutes > p->minutes - p->paid_minutes)
        return ledger_refuse_field(l, LEDGER_OVER_AGREED, "hours",
                                   "%s hours are left of those agreed",
                                   ledger_hours_format(p->minutes - p->paid_minutes, left));
    return LEDGER_OK;
}

static enum ledger_status check(struct ledger *l, const struct ledger_placement *p,
                                const struct ledger_placement_signature *s, const struct week *w)
{
    int other = s->side == LEDGER_SIDE_HOST ? LEDGER_SIDE_PERSON : LEDGER_SIDE_HOST;

    if (w->paid)
        return ledger_refuse(l, LEDGER_WEEK_PAID, "that week is signed by both and paid");
    if (!s->for_both && strcmp(w->actors[other], s->actor) == 0)
        return ledger_refuse(l, LEDGER_SIGNED_BY_ONE,
                             "who signed for the %s cannot sign for the %s too", sides[other],
                             sides[s->side]);
    return check_hours(l, p, w, s->minutes);
}

static enum ledger_status post(struct ledger *l, const struct ledger_placement *p,
                               int64_t amount_minor, int64_t *transfer_id)
{
    struct ledger_leg legs[] = {{p->payer_id, -amount_minor}, {p->payee_id, amount_minor}};
    char memo[64];
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXCHANGE, .memo = memo, .legs = legs, .leg_count = 2};

    snprintf(memo, sizeof memo, "placement %lld", (long long)p->id);
    return ledger_transfer_post(l, &draft, transfer_id);
}

/* Out of what is held while it is; a part capture lets the rest go, so that is held anew. */
static enum ledger_status pay(struct ledger *l, struct ledger_placement *p, int64_t amount_minor,
                              int64_t *transfer_id)
{
    *transfer_id = 0;
    if (amount_minor == 0)
        return LEDGER_OK;
    if (!p->hold_id)
        return post(l, p, amount_minor, transfer_id);
    LEDGER_TRY(ledger_hold_capture(l, p->hold_id, amount_minor, transfer_id));
    p->paid_minor += amount_minor;
    return ledger_placement_hold_again(l, p);
}

static enum ledger_status settle(struct ledger *l, struct ledger_placement *p, const struct week *w,
                                 int minutes)
{
    int64_t amount_minor = ledger_placement_due(p, p->paid_minutes + minutes) - p->paid_minor;
    int64_t transfer_id;
    int64_t at_us;

    LEDGER_TRY(pay(l, p, amount_minor, &transfer_id));
    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(l,
                       "INSERT INTO placement_week (placement_id, week_on, minutes, amount_minor, "
                       "transfer_id, at_us) VALUES ($1, $2, $3, $4, $5, $6)",
                       STORE_ARGS(store_int(p->id), store_int(w->on), store_int(minutes),
                                  store_int(amount_minor),
                                  store_int_or_null(transfer_id, transfer_id), store_int(at_us)));
}

static enum ledger_status write_sign(struct ledger *l, const struct ledger_placement_signature *s,
                                     const struct week *w)
{
    int64_t id;
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM placement_sign", &id));
    return ledger_exec(l,
                       "INSERT INTO placement_sign (id, placement_id, week_on, side, minutes, "
                       "at_us, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       STORE_ARGS(store_int(id), store_int(s->placement_id), store_int(w->on),
                                  store_text(sides[s->side]), store_int(s->minutes),
                                  store_int(at_us), store_text(s->actor)));
}

enum ledger_status ledger_placement_sign(struct ledger *l,
                                         const struct ledger_placement_signature *s)
{
    struct ledger_placement p;
    struct week w = {.paid = false};

    LEDGER_TRY(ledger_placement_get(l, s->placement_id, &p));
    LEDGER_TRY(find_week(l, &p, s->day, &w));
    LEDGER_TRY(load(l, p.id, &w));
    LEDGER_TRY(check(l, &p, s, &w));
    LEDGER_TRY(write_sign(l, s, &w));
    w.minutes[s->side] = s->minutes;
    if (w.minutes[LEDGER_SIDE_HOST] != w.minutes[LEDGER_SIDE_PERSON])
        return LEDGER_OK;
    return settle(l, &p, &w, s->minutes);
}

/* Of the hours agreed as large a part as of the days were; never less than what is paid. */
static int pro_rata(const struct ledger_placement *p, int32_t today)
{
    int64_t days = (int64_t)p->ends_on - p->starts_on + 1;
    int64_t gone = today < p->starts_on ? 0 : today > p->ends_on ? days : today - p->starts_on + 1;
    int64_t minutes = p->minutes * gone / days;

    return (int)(minutes > p->paid_minutes ? minutes : p->paid_minutes);
}

static enum ledger_status write_end(struct ledger *l, const struct ledger_placement *p,
                                    const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO placement_end (placement_id, ended_on, minutes, at_us, actor, reason) "
        "VALUES ($1, $2, $3, $4, $5, '')",
        STORE_ARGS(store_int(p->id), store_int(p->ends_on), store_int(p->minutes), store_int(at_us),
                   store_text(why->actor))));
    if (p->erased) /* and nobody could erase it once more */
        return LEDGER_OK;
    return ledger_exec(l, "INSERT INTO placement_end_text (placement_id, reason) VALUES ($1, $2)",
                       STORE_ARGS(store_int(p->id), store_text(why->reason)));
}

enum ledger_status ledger_placement_finish(struct ledger *l, int64_t id,
                                           const struct ledger_why *why)
{
    struct ledger_placement p;
    int32_t today = ledger_today(l);

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_placement_get(l, id, &p));
    if (p.ended_at_us || p.ends_on < today)
        return ledger_refuse(l, LEDGER_PLACEMENT_ENDED, "placement %lld has ended already",
                             (long long)id);
    p.minutes = pro_rata(&p, today);
    p.ends_on = today;
    if (p.hold_id) {
        LEDGER_TRY(ledger_hold_release(l, p.hold_id, "ended early"));
        LEDGER_TRY(ledger_placement_hold_again(l, &p));
    }
    return write_end(l, &p, why);
}

struct weeks {
    ledger_placement_week_reader *read;
    void *ctx;
};

static enum ledger_status read_week(void *into, const struct store_row *row)
{
    const struct weeks *weeks = into;
    struct ledger_placement_week w = {.week_on = (int32_t)store_row_int(row, 0),
                                      .host_minutes = (int)store_row_int(row, 1),
                                      .person_minutes = (int)store_row_int(row, 2),
                                      .paid = !store_row_null(row, 3),
                                      .amount_minor = store_row_int(row, 3),
                                      .transfer_id = store_row_int(row, 4)};

    return weeks->read(weeks->ctx, &w);
}

#define LAST_SIGN(side)                                                                            \
    "coalesce((SELECT z.minutes FROM placement_sign z WHERE z.placement_id = s.placement_id AND "  \
    "z.week_on = s.week_on AND z.side = '" side "' ORDER BY z.id DESC LIMIT 1), -1)"

enum ledger_status ledger_placement_weeks(struct ledger *l, int64_t id,
                                          ledger_placement_week_reader *read, void *ctx)
{
    struct weeks weeks = {read, ctx};

    return ledger_each(l,
                       "SELECT s.week_on, " LAST_SIGN("host") ", " LAST_SIGN(
                           "person") ", w.amount_minor, w.transfer_id FROM placement_sign s "
                                     "LEFT JOIN placement_week w ON w.placement_id = "
                                     "s.placement_id AND w.week_on = s.week_on "
                                     "WHERE s.placement_id = $1 GROUP BY s.placement_id, "
                                     "s.week_on, w.amount_minor, w.transfer_id ORDER BY s.week_on",
                       STORE_ARGS(store_int(id)), read_week, &weeks);
}

struct hours {
    ledger_placement_hours_reader *read;
    void *ctx;
};

static enum ledger_status read_hours(void *into, const struct store_row *row)
{
    const struct hours *hours = into;
    struct ledger_placement_hours h = {.host_id = store_row_int(row, 0),
                                       .member_id = store_row_int(row, 1),
                                       .placements = store_row_int(row, 2),
                                       .minutes = store_row_int(row, 3),
                                       .amount_minor = store_row_int(row, 4),
                                       .scale = (int)store_row_int(row, 6)};

    store_row_copy(row, 5, h.code, sizeof h.code);
    store_row_copy(row, 7, h.host, sizeof h.host);
    store_row_copy(row, 8, h.member, sizeof h.member);
    return hours->read(hours->ctx, &h);
}

enum ledger_status ledger_placement_hours(struct ledger *l, int64_t member_id, int32_t from,
                                          int32_t to, ledger_placement_hours_reader *read,
                                          void *ctx)
{
    struct hours hours = {read, ctx};

    return ledger_each(
        l,
        "SELECT p.host_id, p.member_id, count(DISTINCT p.id), sum(w.minutes), sum(w.amount_minor), "
        "c.code, c.scale, coalesce(h.handle, 'erased-' || p.host_id), "
        "coalesce(m.handle, 'erased-' || p.member_id) FROM placement_week w "
        "JOIN placement p ON p.id = w.placement_id JOIN account a ON a.id = p.payer_id "
        "JOIN currency c ON c.id = a.currency_id "
        "LEFT JOIN member_identity h ON h.member_id = p.host_id "
        "LEFT JOIN member_identity m ON m.member_id = p.member_id "
        "WHERE w.week_on BETWEEN $1 AND $2 AND ($3 = 0 OR p.host_id = $3 OR p.member_id = $3) "
        "GROUP BY p.host_id, p.member_id, c.id, c.code, c.scale, h.handle, m.handle "
        "ORDER BY p.host_id, p.member_id, c.id",
        STORE_ARGS(store_int(from), store_int(to), store_int(member_id)), read_hours, &hours);
}
