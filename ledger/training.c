#include "training.h"

#include "handle.h"

struct each {
    ledger_hours_reader *hours;
    ledger_filled_reader *filled;
    void *ctx;
};

/* $1 and $2 are the first instant and the one after the last. */
#define HELD                                                                                       \
    "WITH held AS (SELECT s.id, c.provider_id, (s.ends_at_us - s.starts_at_us) / 60000000 AS "     \
    "minutes FROM session s JOIN course c ON c.id = s.course_id "                                  \
    "WHERE s.starts_at_us >= $1 AND s.starts_at_us < $2 AND EXISTS "                               \
    "(SELECT 1 FROM place p WHERE p.session_id = s.id AND p.state = 'attended')), "
#define TAUGHT                                                                                     \
    "taught AS (SELECT t.member_id, h.minutes FROM held h "                                        \
    "JOIN session_trainer t ON t.session_id = h.id UNION ALL "                                     \
    "SELECT h.provider_id, h.minutes FROM held h WHERE NOT EXISTS "                                \
    "(SELECT 1 FROM session_trainer WHERE session_id = h.id)), "
#define LEARNED                                                                                    \
    "learned AS (SELECT p.member_id, v.minutes * v.places AS minutes, v.places AS people "         \
    "FROM held h JOIN place p ON p.session_id = h.id AND p.state = 'attended' "                    \
    "JOIN enrolment_event v ON v.id = (SELECT max(id) FROM enrolment_event "                       \
    "WHERE enrolment_id = p.enrolment_id)) "

static enum ledger_status read_hours(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_hours h = {.member_id = store_row_int(row, 0),
                             .taught_minutes = store_row_int(row, 2),
                             .learned_minutes = store_row_int(row, 3),
                             .sessions_taught = store_row_int(row, 4),
                             .people = store_row_int(row, 5)};

    store_row_copy(row, 1, h.member, sizeof h.member);
    return each->hours(each->ctx, &h);
}

enum ledger_status ledger_training_hours(struct ledger *l,
                                         const struct ledger_training_filter *filter,
                                         ledger_hours_reader *read, void *ctx)
{
    struct each each = {.hours = read, .ctx = ctx};

    return ledger_each(
        l,
        HELD TAUGHT LEARNED
        "SELECT b.member_id, coalesce(i.handle, 'erased-' || b.member_id), sum(b.taught), "
        "sum(b.learned), sum(b.sessions), sum(b.people) FROM "
        "(SELECT member_id, minutes AS taught, 0 AS learned, 1 AS sessions, 0 AS people FROM "
        "taught "
        "UNION ALL SELECT member_id, 0, minutes, 0, people FROM learned) AS b "
        "LEFT JOIN member_identity i ON i.member_id = b.member_id "
        "WHERE b.member_id > $4 AND ($3 IS NULL OR b.member_id = $3) "
        "GROUP BY b.member_id, i.handle ORDER BY b.member_id LIMIT $5",
        STORE_ARGS(store_int(filter->from_us), store_int(filter->to_us),
                   store_int_or_null(filter->member_id, filter->member_id),
                   store_int(filter->after_id), store_int(filter->limit)),
        read_hours, &each);
}

static enum ledger_status read_filled(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_filled f = {.provider_id = store_row_int(row, 0),
                              .sessions = store_row_int(row, 2),
                              .cancelled = store_row_int(row, 3),
                              .capacity = store_row_int(row, 4),
                              .taken = store_row_int(row, 5),
                              .came = store_row_int(row, 6)};

    store_row_copy(row, 1, f.provider, sizeof f.provider);
    return each->filled(each->ctx, &f);
}

#define FIGURES                                                                                    \
    "WITH figures AS (SELECT c.provider_id, k.session_id IS NOT NULL AS cancelled, "               \
    "(SELECT capacity FROM session_capacity WHERE session_id = s.id ORDER BY id DESC LIMIT 1) "    \
    "AS capacity, (SELECT sum(places) FROM place WHERE session_id = s.id AND state IN "            \
    "('enrolled', 'attended', 'absent')) AS taken, "                                               \
    "(SELECT sum(v.places) FROM place p JOIN enrolment_event v ON v.id = "                         \
    "(SELECT max(id) FROM enrolment_event WHERE enrolment_id = p.enrolment_id) "                   \
    "WHERE p.session_id = s.id AND p.state = 'attended') AS came "                                 \
    "FROM session s JOIN course c ON c.id = s.course_id "                                          \
    "LEFT JOIN session_cancellation k ON k.session_id = s.id "                                     \
    "WHERE s.starts_at_us >= $1 AND s.starts_at_us < $2) "

enum ledger_status ledger_training_places(struct ledger *l,
                                          const struct ledger_training_filter *filter,
                                          ledger_filled_reader *read, void *ctx)
{
    struct each each = {.filled = read, .ctx = ctx};

    return ledger_each(
        l,
        FIGURES "SELECT f.provider_id, coalesce(i.handle, 'erased-' || f.provider_id), "
                "sum(CASE WHEN f.cancelled THEN 0 ELSE 1 END), sum(CASE WHEN f.cancelled THEN 1 "
                "ELSE 0 END), "
                "sum(CASE WHEN f.cancelled THEN 0 ELSE f.capacity END), sum(coalesce(f.taken, 0)), "
                "sum(coalesce(f.came, 0)) FROM figures f "
                "LEFT JOIN member_identity i ON i.member_id = f.provider_id "
                "WHERE f.provider_id > $4 AND ($3 IS NULL OR f.provider_id = $3) "
                "GROUP BY f.provider_id, i.handle ORDER BY f.provider_id LIMIT $5",
        STORE_ARGS(store_int(filter->from_us), store_int(filter->to_us),
                   store_int_or_null(filter->member_id, filter->member_id),
                   store_int(filter->after_id), store_int(filter->limit)),
        read_filled, &each);
}
