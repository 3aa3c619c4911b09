#include "outbox.h"

#include "date.h"
#include "handle.h"
#include "register.h"

#include <assert.h>
#include <string.h>

#define MINUTE_US (60 * LEDGER_US_PER_SECOND)

static const int64_t waits_us[] = {MINUTE_US, 5 * MINUTE_US, 15 * MINUTE_US, 60 * MINUTE_US};
#define WAITS (int)(sizeof waits_us / sizeof waits_us[0])

static const char *const channel_names[] = {"mail", "webhook"};
static const char *const mode_names[] = {"each", "daily", "none"};

const char *ledger_channel_name(enum ledger_channel channel)
{
    return channel_names[channel];
}

const char *ledger_outbox_mode_name(enum ledger_outbox_mode mode)
{
    return mode_names[mode];
}

/* The notices of outbox `o` after its mark, of the kinds it wants; a webhook's test is its own. */
#define WANTED(what)                                                                               \
    "(SELECT " what " FROM outbox_kind k CROSS JOIN notice n ON n.member_id = o.member_id "        \
    "AND n.kind = k.kind AND n.id > o.notice_id AND "                                              \
    "(n.kind <> 'webhook-test' OR n.subject_id = o.id) WHERE k.outbox_id = o.id"

#define OUTBOX(waiting)                                                                            \
    "SELECT o.id, o.member_id, o.channel, o.mode, o.notice_id, o.tries, o.first_try_us, "          \
    "o.next_us, o.code, o.salt, o.hash, o.mask, coalesce(i.handle, 'erased-' || o.member_id), "    \
    "x.address, " waiting " FROM outbox o "                                                        \
    "LEFT JOIN member_identity i ON i.member_id = o.member_id "                                    \
    "LEFT JOIN outbox_text x ON x.outbox_id = o.id "

static void copy_32(const struct store_row *row, int column, uint8_t to[32])
{
    size_t size;
    const void *bytes = store_row_blob(row, column, &size);

    memset(to, 0, 32);
    if (bytes && size == 32)
        memcpy(to, bytes, 32);
}

static enum ledger_outbox_mode mode_of(const char *name)
{
    int mode = LEDGER_OUTBOX_EACH;

    while (strcmp(mode_names[mode], name) != 0)
        mode++;
    return (enum ledger_outbox_mode)mode;
}

struct pass {
    ledger_outbox_reader *read; /* or NULL, and then into: */
    void *ctx;
    struct ledger_outbox *box;
};

static enum ledger_status pass_box(void *into, const struct store_row *row)
{
    const struct pass *p = into;
    struct ledger_outbox o = {.id = store_row_int(row, 0),
                              .member_id = store_row_int(row, 1),
                              .mode = mode_of(store_row_text(row, 3)),
                              .notice_id = store_row_int(row, 4),
                              .tries = (int)store_row_int(row, 5),
                              .first_try_us = store_row_int(row, 6),
                              .next_us = store_row_int(row, 7),
                              .waiting = store_row_int(row, 14)};

    o.channel = strcmp(store_row_text(row, 2), "mail") == 0 ? LEDGER_MAIL : LEDGER_WEBHOOK;
    store_row_copy(row, 8, o.code, sizeof o.code);
    copy_32(row, 9, o.salt);
    copy_32(row, 10, o.hash);
    copy_32(row, 11, o.mask);
    store_row_copy(row, 12, o.member, sizeof o.member);
    store_row_copy(row, 13, o.address, sizeof o.address);
    if (p->read)
        return p->read(p->ctx, &o);
    *p->box = o;
    return LEDGER_OK;
}

enum ledger_status ledger_outbox_get(struct ledger *l, int64_t id, struct ledger_outbox *o)
{
    struct pass p = {.box = o};

    return ledger_first(l, OUTBOX(WANTED("count(*)") ")") "WHERE o.id = $1",
                        STORE_ARGS(store_int(id)), pass_box, &p);
}

/* The same without a count of all that waits, for whoever works it off one by one. */
static enum ledger_status find(struct ledger *l, int64_t id, struct ledger_outbox *o)
{
    struct pass p = {.box = o};

    return ledger_first(l, OUTBOX("0") "WHERE o.id = $1", STORE_ARGS(store_int(id)), pass_box, &p);
}

enum ledger_status ledger_outbox_each(struct ledger *l, const struct ledger_outbox_filter *filter,
                                      ledger_outbox_reader *read, void *ctx)
{
    const char *channel = filter->of_channel ? channel_names[filter->channel] : NULL;
    struct pass p = {.read = read, .ctx = ctx};

    return ledger_each(
        l,
        OUTBOX(WANTED("count(*)") ")") "WHERE o.id > $1 AND o.mode <> 'none' AND ($3 = 0 OR "
                                       "o.member_id = $3) AND "
                                       "($4 IS NULL OR o.channel = $4) ORDER BY o.id LIMIT $2",
        STORE_ARGS(store_int(filter->after_id), store_int(filter->limit),
                   store_int(filter->member_id), store_text(channel)),
        pass_box, &p);
}

static enum ledger_status write_kinds(struct ledger *l, int64_t id, uint64_t kinds)
{
    LEDGER_TRY(
        ledger_exec(l, "DELETE FROM outbox_kind WHERE outbox_id = $1", STORE_ARGS(store_int(id))));
    for (int k = 0; k < LEDGER_NOTICE_KINDS; k++) {
        const char *name = ledger_notice_kind_facts((enum ledger_notice_kind)k)->name;

        if (kinds & UINT64_C(1) << k)
            LEDGER_TRY(ledger_exec(l, "INSERT INTO outbox_kind (outbox_id, kind) VALUES ($1, $2)",
                                   STORE_ARGS(store_int(id), store_text(name))));
    }
    return LEDGER_OK;
}

/* An address that gave way to another goes from the answers that were kept, too. */
static enum ledger_status write_address(struct ledger *l, const struct ledger_outbox *o)
{
    int64_t same;

    LEDGER_TRY(ledger_first(
        l, "SELECT EXISTS (SELECT 1 FROM outbox_text WHERE outbox_id = $1 AND address = $2)",
        STORE_ARGS(store_int(o->id), store_text(o->address)), ledger_read_int, &same));
    if (same)
        return LEDGER_OK;
    LEDGER_TRY(ledger_exec(l, "DELETE FROM outbox_text WHERE outbox_id = $1",
                           STORE_ARGS(store_int(o->id))));
    LEDGER_TRY(ledger_register_forget(l, "outbox", o->id));
    if (!o->address[0])
        return LEDGER_OK;
    return ledger_exec(l, "INSERT INTO outbox_text (outbox_id, address) VALUES ($1, $2)",
                       STORE_ARGS(store_int(o->id), store_text(o->address)));
}

enum ledger_status ledger_outbox_make(struct ledger *l, struct ledger_outbox *o, uint64_t kinds)
{
    bool signs = o->channel == LEDGER_WEBHOOK;
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM outbox", &o->id));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO outbox (id, member_id, channel, mode, since_us, salt, hash, mask, notice_id, "
        "tries, next_us, code) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
        "(SELECT coalesce(max(id), 0) FROM notice), 0, 0, '')",
        STORE_ARGS(store_int(o->id), store_int(o->member_id), store_text(channel_names[o->channel]),
                   store_text(mode_names[o->mode]), store_int(at_us),
                   signs ? store_blob(o->salt, sizeof o->salt) : store_null(),
                   signs ? store_blob(o->hash, sizeof o->hash) : store_null(),
                   signs ? store_blob(o->mask, sizeof o->mask) : store_null())));
    LEDGER_TRY(write_address(l, o));
    return write_kinds(l, o->id, kinds);
}

enum ledger_status ledger_outbox_change(struct ledger *l, const struct ledger_outbox *o,
                                        uint64_t kinds)
{
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_exec(
        l,
        "UPDATE outbox SET mode = $2, tries = 0, first_try_us = NULL, next_us = 0, code = '', "
        "since_us = CASE WHEN mode = 'none' THEN $3 ELSE since_us END, "
        "notice_id = CASE WHEN mode = 'none' THEN (SELECT coalesce(max(id), 0) FROM notice) "
        "ELSE notice_id END WHERE id = $1",
        STORE_ARGS(store_int(o->id), store_text(mode_names[o->mode]), store_int(at_us))));
    LEDGER_TRY(write_address(l, o));
    return write_kinds(l, o->id, kinds);
}

static enum ledger_status add_kind(void *into, const struct store_row *row)
{
    uint64_t *kinds = into;
    enum ledger_notice_kind kind = ledger_notice_kind_named(store_row_text(row, 0));

    if (kind != LEDGER_NOTICE_KINDS)
        *kinds |= UINT64_C(1) << kind;
    return LEDGER_OK;
}

enum ledger_status ledger_outbox_kinds(struct ledger *l, int64_t id, uint64_t *kinds)
{
    *kinds = 0;
    return ledger_each(l, "SELECT kind FROM outbox_kind WHERE outbox_id = $1",
                       STORE_ARGS(store_int(id)), add_kind, kinds);
}

struct ids {
    int64_t *ids;
    int count;
};

static enum ledger_status add_id(void *into, const struct store_row *row)
{
    struct ids *all = into;

    all->ids[all->count++] = store_row_int(row, 0);
    return LEDGER_OK;
}

/*
 * A clock that was set back must not leave a mailbox waiting for the hour it was ahead, nor a digest for a day that is
 * not yet come.
 */
enum ledger_status ledger_outbox_due(struct ledger *l, const struct ledger_outbox_share *share,
                                     int64_t now_us, int64_t ids[static LEDGER_OUTBOX_DUE_MAX],
                                     int *count)
{
    int32_t today = ledger_day_of(l, now_us);
    struct ids all = {ids, 0};
    enum ledger_status st = ledger_each(
        l,
        "SELECT o.id FROM outbox o WHERE o.channel = $1 AND o.mode <> 'none' AND o.id % $2 = $3 "
        "AND (o.next_us <= $4 OR o.next_us > $4 + $5) AND EXISTS " WANTED(
            "1") " AND (o.mode = 'each' OR n.at_us < $6 OR n.at_us >= $7)) "
                 "ORDER BY o.id <= $8, o.id LIMIT $9",
        STORE_ARGS(store_text(channel_names[share->channel]), store_int(share->of),
                   store_int(share->at), store_int(now_us), store_int(waits_us[WAITS - 1]),
                   store_int(ledger_day_start_us(l, today)),
                   store_int(ledger_day_start_us(l, today + 1)), store_int(share->after_id),
                   store_int(LEDGER_OUTBOX_DUE_MAX)),
        add_id, &all);

    *count = all.count;
    return st;
}

struct first {
    int64_t id;
    int64_t at_us;
};

static enum ledger_status read_first(void *into, const struct store_row *row)
{
    struct first *first = into;

    *first = (struct first){store_row_int(row, 0), store_row_int(row, 1)};
    return first->id ? LEDGER_OK : LEDGER_NO_ROW;
}

static enum ledger_status add_notice(void *ctx, const struct store_row *row)
{
    struct ledger_parcel *p = ctx;
    struct ledger_notice *n = &p->notices[p->count];

    p->total++;
    p->through_id = store_row_int(row, 0);
    if (p->count == LEDGER_OUTBOX_DIGEST_MAX)
        return LEDGER_OK;
    *n = (struct ledger_notice){.id = store_row_int(row, 0),
                                .member_id = p->box.member_id,
                                .kind = ledger_notice_kind_named(store_row_text(row, 1)),
                                .subject_id = store_row_int(row, 2),
                                .at_us = store_row_int(row, 3)};
    memcpy(n->member, p->box.member, sizeof n->member);
    p->count += n->kind != LEDGER_NOTICE_KINDS;
    return LEDGER_OK;
}

/* Those of the first one's day, which is over; or that one alone. */
static enum ledger_status fill(struct ledger *l, struct ledger_parcel *p, const struct first *first)
{
    bool daily = p->box.mode == LEDGER_OUTBOX_DAILY;
    int64_t until_us = daily ? ledger_day_start_us(l, p->day + 1) : INT64_MAX;

    return ledger_each(
        l,
        "SELECT n.id, n.kind, n.subject_id, n.at_us FROM notice n WHERE n.member_id = $1 AND "
        "n.id >= $2 AND n.id <= $3 AND n.at_us < $4 AND n.kind IN "
        "(SELECT kind FROM outbox_kind WHERE outbox_id = $5) ORDER BY n.id",
        STORE_ARGS(store_int(p->box.member_id), store_int(first->id),
                   store_int(daily ? INT64_MAX : first->id), store_int(until_us),
                   store_int(p->box.id)),
        add_notice, p);
}

enum ledger_status ledger_outbox_next(struct ledger *l, int64_t id, int64_t now_us,
                                      struct ledger_parcel *p)
{
    struct first first;

    *p = (struct ledger_parcel){.count = 0};
    LEDGER_TRY(find(l, id, &p->box));
    if (p->box.mode == LEDGER_OUTBOX_NONE)
        return LEDGER_NO_ROW;
    LEDGER_TRY(ledger_first(
        l,
        "SELECT n.id, n.at_us FROM notice n WHERE n.id = (SELECT min(first) FROM (SELECT "
        "(SELECT m.id FROM notice m WHERE m.member_id = o.member_id AND m.kind = k.kind AND "
        "m.id > o.notice_id AND (m.kind <> 'webhook-test' OR m.subject_id = o.id) "
        "ORDER BY m.id LIMIT 1) AS first FROM outbox o JOIN outbox_kind k ON k.outbox_id = o.id "
        "WHERE o.id = $1) AS firsts)",
        STORE_ARGS(store_int(id)), read_first, &first));
    p->day = ledger_day_of(l, first.at_us);
    if (p->box.mode == LEDGER_OUTBOX_DAILY && p->day == ledger_day_of(l, now_us))
        return LEDGER_NO_ROW;
    LEDGER_TRY(fill(l, p, &first));
    return p->count ? LEDGER_OK : LEDGER_NO_ROW;
}

/* Only where the mark still stands where it did: what was changed meanwhile is not undone. */
static enum ledger_status move_on(struct ledger *l, const struct ledger_parcel *p)
{
    return ledger_exec(
        l,
        "UPDATE outbox SET notice_id = $3, tries = 0, first_try_us = NULL, next_us = 0, code = '' "
        "WHERE id = $1 AND notice_id = $2",
        STORE_ARGS(store_int(p->box.id), store_int(p->box.notice_id), store_int(p->through_id)));
}

enum ledger_status ledger_outbox_done(struct ledger *l, const struct ledger_parcel *p)
{
    assert(p->through_id > p->box.notice_id);
    return move_on(l, p);
}

/* With it goes all that is as old: a receiver that is gone must not keep what comes later for weeks. */
static enum ledger_status give_up(struct ledger *l, struct ledger_parcel *p, const char *code,
                                  int64_t before_us)
{
    int64_t id, at_us;
    int64_t old_id = 0;
    enum ledger_status st = ledger_first(
        l,
        "SELECT id FROM notice WHERE member_id = $1 AND at_us < $2 "
        "ORDER BY id DESC LIMIT 1",
        STORE_ARGS(store_int(p->box.member_id), store_int(before_us)), ledger_read_int, &old_id);

    if (st != LEDGER_OK && st != LEDGER_NO_ROW)
        return st;
    if (old_id > p->through_id)
        p->through_id = old_id;

    LEDGER_TRY(ledger_latest_us(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM undelivered", &id));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO undelivered (id, outbox_id, after_id, notice_id, tries, at_us, code) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        STORE_ARGS(store_int(id), store_int(p->box.id), store_int(p->box.notice_id),
                   store_int(p->through_id), store_int(p->box.tries + 1), store_int(at_us),
                   store_text(code))));
    return move_on(l, p);
}

/* Of a time that a clock ahead gave it nobody knows how old it is, so as long as it is tried. */
static bool is_over(const struct ledger_parcel *p, const struct ledger_outbox *o, int64_t now_us)
{
    const int64_t before_us = now_us - LEDGER_OUTBOX_DAYS * LEDGER_US_PER_DAY;

    return o->tries + 1 >= LEDGER_OUTBOX_TRIES && o->first_try_us <= now_us - LEDGER_US_PER_DAY &&
           (p->notices[0].at_us < before_us || o->first_try_us < before_us);
}

enum ledger_status ledger_outbox_failed(struct ledger *l, const struct ledger_parcel *p,
                                        const char *code, int64_t now_us, bool *given_up)
{
    int64_t before_us = now_us - LEDGER_OUTBOX_DAYS * LEDGER_US_PER_DAY;
    struct ledger_parcel now = {.through_id = p->through_id};
    const struct ledger_outbox *o = &now.box;

    *given_up = false;
    LEDGER_TRY(find(l, p->box.id, &now.box));
    if (o->notice_id != p->box.notice_id || o->mode == LEDGER_OUTBOX_NONE)
        return LEDGER_OK;
    if (is_over(p, o, now_us)) {
        *given_up = true;
        return give_up(l, &now, code, before_us);
    }
    return ledger_exec(
        l,
        "UPDATE outbox SET tries = tries + 1, first_try_us = CASE WHEN first_try_us <= $2 THEN "
        "first_try_us ELSE $2 END, next_us = $3, code = $4 WHERE id = $1",
        STORE_ARGS(store_int(o->id), store_int(now_us),
                   store_int(now_us + waits_us[o->tries < WAITS ? o->tries : WAITS - 1]),
                   store_text(code)));
}

enum ledger_status ledger_outbox_retry(struct ledger *l, int64_t member_id, int64_t *count)
{
    LEDGER_TRY(ledger_exec(
        l, "UPDATE outbox SET next_us = 0 WHERE next_us > 0 AND ($1 = 0 OR member_id = $1)",
        STORE_ARGS(store_int(member_id))));
    *count = store_changed(l->store);
    return LEDGER_OK;
}

static enum ledger_status read_state(void *into, const struct store_row *row)
{
    struct ledger_outbox_state *state = into;

    *state = (struct ledger_outbox_state){.wanted = store_row_int(row, 0),
                                          .failing = store_row_int(row, 1),
                                          .failing_since_us = store_row_int(row, 2),
                                          .given_up = store_row_int(row, 3),
                                          .given_up_at_us = store_row_int(row, 4)};
    return LEDGER_OK;
}

enum ledger_status ledger_outbox_look(struct ledger *l, struct ledger_outbox_state *state)
{
    return ledger_first(
        l,
        "SELECT count(*), count(CASE WHEN tries > 0 THEN 1 END), min(first_try_us), "
        "(SELECT count(*) FROM undelivered), (SELECT max(at_us) FROM undelivered) "
        "FROM outbox WHERE mode <> 'none'",
        STORE_NO_ARGS, read_state, state);
}

struct pass_undelivered {
    ledger_undelivered_reader *read;
    void *ctx;
};

static enum ledger_status pass_lost(void *into, const struct store_row *row)
{
    const struct pass_undelivered *p = into;
    struct ledger_undelivered u = {.id = store_row_int(row, 0),
                                   .box.id = store_row_int(row, 1),
                                   .after_id = store_row_int(row, 2),
                                   .notice_id = store_row_int(row, 3),
                                   .tries = (int)store_row_int(row, 4),
                                   .at_us = store_row_int(row, 5)};

    store_row_copy(row, 6, u.code, sizeof u.code);
    u.box.channel = strcmp(store_row_text(row, 7), "mail") == 0 ? LEDGER_MAIL : LEDGER_WEBHOOK;
    store_row_copy(row, 8, u.box.member, sizeof u.box.member);
    return p->read(p->ctx, &u);
}

enum ledger_status ledger_undelivered_each(struct ledger *l, int64_t member_id, int64_t after_id,
                                           int limit, ledger_undelivered_reader *read, void *ctx)
{
    struct pass_undelivered p = {read, ctx};

    return ledger_each(
        l,
        "SELECT u.id, u.outbox_id, u.after_id, u.notice_id, u.tries, u.at_us, u.code, o.channel, "
        "coalesce(i.handle, 'erased-' || o.member_id) FROM undelivered u "
        "JOIN outbox o ON o.id = u.outbox_id "
        "LEFT JOIN member_identity i ON i.member_id = o.member_id "
        "WHERE u.id > $1 AND ($3 = 0 OR o.member_id = $3) ORDER BY u.id LIMIT $2",
        STORE_ARGS(store_int(after_id), store_int(limit), store_int(member_id)), pass_lost, &p);
}
