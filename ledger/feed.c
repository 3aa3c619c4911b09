#include "feed.h"

#include "date.h"
#include "handle.h"

#include <string.h>

enum ledger_status ledger_feed_create(struct ledger *l, struct ledger_feed *f,
                                      char secret[static LEDGER_FEED_SECRET])
{
    uint8_t hash[32];

    if (!f->member_id && !f->resource_id)
        return ledger_refuse(l, LEDGER_USAGE, "say whose bookings, or of which resource");
    LEDGER_TRY(ledger_tick(l, &f->created_at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM feed", &f->id));
    f->revoked_at_us = 0;
    ledger_secret_make(l, LEDGER_FEED_PREFIX, secret);
    ledger_secret_hash(secret, hash);
    return ledger_exec(l,
                       "INSERT INTO feed (id, hash, member_id, resource_id, token_id, "
                       "created_at_us) VALUES ($1, $2, $3, $4, $5, $6)",
                       STORE_ARGS(store_int(f->id), store_blob(hash, sizeof hash),
                                  store_int_or_null(f->member_id != 0, f->member_id),
                                  store_int_or_null(f->resource_id != 0, f->resource_id),
                                  store_int_or_null(f->token_id != 0, f->token_id),
                                  store_int(f->created_at_us)));
}

/* The last column: is what it rests on still there at $2? */
#define FEED                                                                                       \
    "SELECT f.id, f.member_id, f.resource_id, f.token_id, f.created_at_us, f.revoked_at_us, "      \
    "CASE WHEN f.member_id IS NULL THEN '' ELSE coalesce(i.handle, 'erased-' || f.member_id) "     \
    "END, r.name, "                                                                                \
    "(f.token_id IS NULL OR (t.revoked_at_us IS NULL AND t.expires_at_us > $2)) AND "              \
    "(f.member_id IS NULL OR m.state <> 'left') "                                                  \
    "FROM feed f LEFT JOIN token t ON t.id = f.token_id "                                          \
    "LEFT JOIN member m ON m.id = f.member_id "                                                    \
    "LEFT JOIN member_identity i ON i.member_id = f.member_id "                                    \
    "LEFT JOIN resource r ON r.id = f.resource_id "

struct found {
    struct ledger_feed *feed;
    bool rests;
    ledger_feed_reader *read;
    void *ctx;
};

static enum ledger_status read_feed(void *into, const struct store_row *row)
{
    struct found *found = into;
    struct ledger_feed f = {.id = store_row_int(row, 0),
                            .member_id = store_row_int(row, 1),
                            .resource_id = store_row_int(row, 2),
                            .token_id = store_row_int(row, 3),
                            .created_at_us = store_row_int(row, 4),
                            .revoked_at_us = store_row_int(row, 5)};

    store_row_copy(row, 6, f.member, sizeof f.member);
    store_row_copy(row, 7, f.resource, sizeof f.resource);
    found->rests = store_row_int(row, 8) != 0;
    if (found->read)
        return found->read(found->ctx, &f);
    *found->feed = f;
    return LEDGER_OK;
}

enum ledger_status ledger_feed_check(struct ledger *l, const char *secret, struct ledger_feed *f)
{
    struct found found = {.feed = f};
    uint8_t hash[32];

    ledger_secret_hash(secret, hash);
    enum ledger_status status = ledger_first(
        l, FEED "WHERE f.hash = $1",
        STORE_ARGS(store_blob(hash, sizeof hash), store_int(ledger_now_us(l))), read_feed, &found);
    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_FEED, "there is no such calendar");
    LEDGER_TRY(status);
    if (f->revoked_at_us || !found.rests)
        return ledger_refuse(l, LEDGER_FEED_REVOKED,
                             "this calendar was taken back, or who made it has the role no more: "
                             "make a new one");
    return LEDGER_OK;
}

enum ledger_status ledger_feed_get(struct ledger *l, int64_t id, struct ledger_feed *f)
{
    struct found found = {.feed = f};
    enum ledger_status status =
        ledger_first(l, FEED "WHERE f.id = $1",
                     STORE_ARGS(store_int(id), store_int(ledger_now_us(l))), read_feed, &found);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_FEED, "there is no calendar number %lld",
                             (long long)id);
    return status;
}

enum ledger_status ledger_feed_each(struct ledger *l, int64_t member_id, int64_t after_id,
                                    ledger_feed_reader *read, void *ctx)
{
    struct found found = {.read = read, .ctx = ctx};

    return ledger_each(
        l, FEED "WHERE f.id > $1 AND ($3 = 0 OR f.member_id = $3) ORDER BY f.id",
        STORE_ARGS(store_int(after_id), store_int(ledger_now_us(l)), store_int(member_id)),
        read_feed, &found);
}

enum ledger_status ledger_feed_revoke(struct ledger *l, int64_t id)
{
    struct ledger_feed f;
    int64_t at_us;

    LEDGER_TRY(ledger_feed_get(l, id, &f));
    if (f.revoked_at_us)
        return LEDGER_OK;
    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(l, "UPDATE feed SET revoked_at_us = $2 WHERE id = $1",
                       STORE_ARGS(store_int(id), store_int(at_us)));
}

#define EVENT                                                                                      \
    "SELECT b.id, b.sequence, c.at_us, b.made_at_us, b.from_us, b.to_us, b.state, b.member_id, "   \
    "r.member_id, r.name, coalesce(h.handle, 'erased-' || r.member_id), "                          \
    "coalesce(i.handle, 'erased-' || b.member_id), x.title "                                       \
    "FROM booking b JOIN resource r ON r.id = b.resource_id "                                      \
    "JOIN booking_change c ON c.booking_id = b.id AND c.sequence = b.sequence "                    \
    "LEFT JOIN member_identity h ON h.member_id = r.member_id "                                    \
    "LEFT JOIN member_identity i ON i.member_id = b.member_id "                                    \
    "LEFT JOIN booking_text x ON x.booking_id = b.id "
/* What is over without having been is shown for some days after it was called off. */
#define SHOWN                                                                                      \
    "AND b.from_us >= $2 AND (b.state NOT IN ('cancelled', 'rejected', 'expired') OR "             \
    "c.at_us >= $3) ORDER BY b.from_us, b.id LIMIT 2000"

struct event_pass {
    const struct ledger_feed *feed;
    ledger_event_reader *read;
    void *ctx;
};

static enum ledger_booking_state state_of(const char *name)
{
    int state = LEDGER_PLANNED;

    while (strcmp(ledger_booking_state_name((enum ledger_booking_state)state), name) != 0)
        state++;
    return (enum ledger_booking_state)state;
}

static enum ledger_status pass_event(void *into, const struct store_row *row)
{
    const struct event_pass *p = into;
    int64_t reader_id = p->feed->member_id;
    struct ledger_event e = {.booking_id = store_row_int(row, 0),
                             .sequence = store_row_int(row, 1),
                             .changed_at_us = store_row_int(row, 2),
                             .made_at_us = store_row_int(row, 3),
                             .from_us = store_row_int(row, 4),
                             .to_us = store_row_int(row, 5),
                             .state = state_of(store_row_text(row, 6))};

    e.is_party =
        reader_id && (reader_id == store_row_int(row, 7) || reader_id == store_row_int(row, 8));
    e.is_named = e.is_party || !reader_id;
    store_row_copy(row, 9, e.resource, sizeof e.resource);
    store_row_copy(row, 10, e.host, sizeof e.host);
    if (e.is_named)
        store_row_copy(row, 11, e.member, sizeof e.member);
    if (e.is_party)
        store_row_copy(row, 12, e.title, sizeof e.title);
    return p->read(p->ctx, &e);
}

enum ledger_status ledger_feed_events(struct ledger *l, const struct ledger_feed *f,
                                      ledger_event_reader *read, void *ctx)
{
    struct event_pass p = {f, read, ctx};
    int64_t now_us = ledger_now_us(l);
    int64_t back_us = now_us - LEDGER_FEED_BACK_DAYS * LEDGER_US_PER_DAY;
    int64_t gone_us = now_us - LEDGER_FEED_CANCELLED_DAYS * LEDGER_US_PER_DAY;

    if (f->resource_id)
        return ledger_each(
            l, EVENT "WHERE b.resource_id = $1 " SHOWN,
            STORE_ARGS(store_int(f->resource_id), store_int(back_us), store_int(gone_us)),
            pass_event, &p);
    return ledger_each(l, EVENT "WHERE b.member_id = $1 " SHOWN,
                       STORE_ARGS(store_int(f->member_id), store_int(back_us), store_int(gone_us)),
                       pass_event, &p);
}
