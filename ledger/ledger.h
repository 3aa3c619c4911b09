/*
 * ledger.h - the handle: one open ledger, its transaction, its bad news.
 *
 * The engine prints nothing and reads no clock, environment or random: they come in by
 * struct ledger_env. A handle belongs to one thread. Transactions are opened at the edge;
 * whatever writes asserts that one is open.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "status.h"
#include "text.h"
#include "watch.h"

#include <stddef.h>
#include <stdint.h>

struct ledger;
struct ledger_uid;

#define LEDGER_MESSAGE_MAX 512
#define LEDGER_ACTOR_MAX 64
#define LEDGER_ZONE_MAX 64
/* How far the journal may be ahead of the clock. */
#define LEDGER_CLOCK_TOLERANCE_US INT64_C(600000000)

/* Time and randomness. `now_us` need not increase; `random` fills `buf` and cannot fail. */
struct ledger_env {
    int64_t (*now_us)(void *arg);
    void (*random)(void *arg, void *buf, size_t size);
    void *arg;
};

/* Who does something, why, and on what authority; kept with every fact. Not NULL, may be "". */
struct ledger_why {
    const char *actor;
    const char *reason;
    const char *authority;
};

struct ledger_options {
    bool write;
    bool any_version;   /* an older schema too: for migrate and backup */
    int wait_ms;        /* for another writer's lock */
    int log_pages;      /* so long may the write-ahead log be before it is moved; 0: 40,000 */
    const char *holder; /* who we are, for whoever waits for us */
    const struct ledger_watch *watch; /* told what the store does, or NULL; copied */
};

/*
 * Make a new ledger at `path` (":memory:" is taken) named `name`, whose days are those of `zone`. It is
 * made beside as PATH.making and renamed when it is whole, so a crash leaves nothing under its name.
 * After: `*l` is open for writing; set in every case but LEDGER_NO_MEMORY so that
 * ledger_message can be read; the caller closes it.
 * Refusals: LEDGER_MISSING_PARAMETER (no name), LEDGER_TEXT_MALFORMED, LEDGER_TEXT_TOO_LONG,
 * LEDGER_ZONE_UNKNOWN, then as store_open.
 */
LEDGER_CHECKED enum ledger_status ledger_create(const char *path, const char *name,
                                                const char *zone, const struct ledger_env *env,
                                                struct ledger **l);
/* Open an existing ledger. After and refusals as above. */
LEDGER_CHECKED enum ledger_status ledger_open(const char *path,
                                              const struct ledger_options *options,
                                              const struct ledger_env *env, struct ledger **l);
void ledger_close(struct ledger *l);

const char *ledger_name(const struct ledger *l);
const char *ledger_zone_name(const struct ledger *l);
const char *ledger_path(const struct ledger *l);
int64_t ledger_created_at_us(const struct ledger *l);

/* The clock as it is, and the ledger's calendar day now, of an instant, and the first instant of a day. */
int64_t ledger_now_us(const struct ledger *l);
int32_t ledger_today(const struct ledger *l);
int32_t ledger_day_of(const struct ledger *l, int64_t at_us);
int64_t ledger_day_start_us(const struct ledger *l, int32_t day);
void ledger_random(const struct ledger *l, void *buf, size_t size);
void ledger_new_uid(const struct ledger *l, struct ledger_uid *uid);

/*
 * Transactions. A write sees and changes; a read sees one moment.
 * After a fault roll back; ledger_rollback is safe in any state.
 */
LEDGER_CHECKED enum ledger_status ledger_begin_write(struct ledger *l);
LEDGER_CHECKED enum ledger_status ledger_begin_read(struct ledger *l);
LEDGER_CHECKED enum ledger_status ledger_commit(struct ledger *l);
void ledger_rollback(struct ledger *l);
bool ledger_in_transaction(const struct ledger *l);

/* One savepoint inside a write transaction: release keeps, rollback_to undoes. */
LEDGER_CHECKED enum ledger_status ledger_savepoint(struct ledger *l);
LEDGER_CHECKED enum ledger_status ledger_release(struct ledger *l);
LEDGER_CHECKED enum ledger_status ledger_rollback_to(struct ledger *l);

LEDGER_CHECKED enum ledger_status ledger_checkpoint(struct ledger *l, bool truncate);

/*
 * The time of the next accepted write: max(clock, last + 1 us). Needs a write transaction.
 * Refusal: LEDGER_CLOCK_BEHIND when the last one is more than LEDGER_CLOCK_TOLERANCE_US ahead of the
 * clock and no steward has accepted that.
 */
LEDGER_CHECKED enum ledger_status ledger_tick(struct ledger *l, int64_t *at_us);
/* The clock against the journal. */
struct ledger_clock {
    int64_t last_at_us; /* of the last posting or accepted write, 0 when there is none */
    /* Before this reading of the clock ledger_tick refuses; INT64_MIN: never. */
    int64_t writes_from_us;
};
/* Needs a transaction. */
LEDGER_CHECKED enum ledger_status ledger_clock_look(struct ledger *l, struct ledger_clock *clock);
/* The later of the clock and the last write: now, as the journal counts. Needs a write transaction. */
LEDGER_CHECKED enum ledger_status ledger_latest_us(struct ledger *l, int64_t *at_us);
/* A steward accepts that the journal is ahead of the clock; posting goes on from there. */
LEDGER_CHECKED enum ledger_status ledger_clock_accept(struct ledger *l,
                                                      const struct ledger_why *why);

/*
 * Say no: keep the sentence and return `s`. The sentence says what is wrong and what would be
 * right, and names no figure that the caller may not see, such as another's room: such facts go
 * into ledger_facts, and the edge decides who sees them.
 */
enum ledger_status ledger_refuse(struct ledger *l, enum ledger_status s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct ledger_facts {
    const char *field;  /* the parameter at fault, or NULL */
    int leg;            /* its index in a list, or -1 */
    int64_t account_id; /* whose room stopped it, or 0 */
    int64_t room_minor; /* and how much room there was */
};

/*
 * The store's last fault since this was asked, LEDGER_OK when there was none: what was put together
 * meanwhile may lack something, even where a caller took a row that could not be read for one that is
 * not there.
 */
enum ledger_status ledger_take_fault(struct ledger *l);

/* "" when nothing was said since the last begin or savepoint, as when memory runs out. */
const char *ledger_message(const struct ledger *l);
/*
 * What was said before belongs to somebody else, who may see more: each begin and savepoint forgets
 * it, and so does whoever begins another's call by neither.
 */
void ledger_forget(struct ledger *l);
const struct ledger_facts *ledger_last_facts(const struct ledger *l);
/* The same, and name the field. */
enum ledger_status ledger_refuse_field(struct ledger *l, enum ledger_status s, const char *field,
                                       const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Name the field, the leg or the room of the refusal being returned; they return `s`. */
enum ledger_status ledger_blame(struct ledger *l, enum ledger_status s, const char *field, int leg);
enum ledger_status ledger_blame_room(struct ledger *l, enum ledger_status s, int64_t account_id,
                                     int64_t room_minor);

/* ledger_text_check with a sentence that names `field`. NULL reads as "". */
LEDGER_CHECKED enum ledger_status ledger_check_text(struct ledger *l, const char *field,
                                                    const char *text, size_t max);
/* LEDGER_REASON_MISSING when there is none, then as above. */
LEDGER_CHECKED enum ledger_status ledger_check_reason(struct ledger *l, const char *reason);

#endif
