/*
 * outbox.h - how far each mailbox and webhook has been told, and what it is told next.
 *
 * Each has a mark in the member's notices. Who hands over reads what comes after it, hands it over, and only then moves
 * the mark: a crash between the two hands the same over again, and nothing is passed over. What cannot be handed over is
 * tried again after growing waits and given up when it is a week old; until then what comes later waits behind it.
 */
#ifndef LEDGER_OUTBOX_H
#define LEDGER_OUTBOX_H

#include "notice.h"

#define LEDGER_OUTBOX_ADDRESS_MAX 500
#define LEDGER_OUTBOX_CODE_MAX 40
#define LEDGER_OUTBOX_DAYS 7 /* what is older is given up, once it was tried for a day */
#define LEDGER_OUTBOX_TRIES                                                                        \
    12 /* and so often: a node that was off, or whose clock jumps, tried nothing */
#define LEDGER_OUTBOX_DUE_MAX 64     /* that one look gives */
#define LEDGER_OUTBOX_DIGEST_MAX 200 /* notices told one by one in a digest */

enum ledger_channel { LEDGER_MAIL, LEDGER_WEBHOOK };
enum ledger_outbox_mode { LEDGER_OUTBOX_EACH, LEDGER_OUTBOX_DAILY, LEDGER_OUTBOX_NONE };

struct ledger_outbox {
    int64_t id;
    int64_t member_id;
    enum ledger_channel channel;
    enum ledger_outbox_mode mode;
    int64_t notice_id; /* told up to here, or given up */
    int64_t waiting;   /* notices after that, of the kinds wanted; 0 in a parcel */
    int tries;         /* in vain, of what comes next */
    int64_t first_try_us;
    int64_t next_us; /* not before; 0: at once */
    uint8_t salt[32];
    uint8_t mask[32];
    uint8_t hash[32];
    char code[LEDGER_OUTBOX_CODE_MAX + 1]; /* what the last try met */
    char member[LEDGER_HANDLE_MAX + 1];
    char address[LEDGER_OUTBOX_ADDRESS_MAX + 1]; /* "" once it is not wanted or erased */
};

/* What is handed over in one piece: a notice, or those of one day. */
struct ledger_parcel {
    struct ledger_outbox box;
    int64_t through_id; /* the mark when it was handed over */
    int32_t day;        /* of a digest */
    int64_t total;      /* notices in it */
    int count;          /* of them these */
    struct ledger_notice notices[LEDGER_OUTBOX_DIGEST_MAX];
};

struct ledger_undelivered {
    int64_t id;
    struct ledger_outbox box; /* id, member and channel */
    int64_t after_id;
    int64_t notice_id;
    int tries;
    int64_t at_us;
    char code[LEDGER_OUTBOX_CODE_MAX + 1];
};

/* Of all of them, for whoever keeps the node. */
struct ledger_outbox_state {
    int64_t wanted;           /* mailboxes and webhooks that are told */
    int64_t failing;          /* whose last try was in vain */
    int64_t failing_since_us; /* the first such try of the oldest, 0 for none */
    int64_t given_up;         /* ever */
    int64_t given_up_at_us;   /* the last time, 0 for never */
};

struct ledger_outbox_filter {
    int64_t member_id; /* or 0 */
    int64_t after_id;
    int limit;
    bool of_channel; /* only of `channel` */
    enum ledger_channel channel;
};

/* Which are looked at: of a channel, every `of`th of them, so that several may work side by side. */
struct ledger_outbox_share {
    enum ledger_channel channel;
    int at;
    int of;
    int64_t after_id; /* those after it come first: the one that was looked at last, or 0 */
};

typedef enum ledger_status ledger_outbox_reader(void *ctx, const struct ledger_outbox *o);
typedef enum ledger_status ledger_undelivered_reader(void *ctx, const struct ledger_undelivered *u);

/*
 * Make `o` (member, channel, mode, address, of a webhook salt, mask and hash; its id is set), which is told what comes from
 * now on, of `kinds` (bit 1 << kind). For mailbox.c and webhook.c.
 */
LEDGER_CHECKED enum ledger_status ledger_outbox_make(struct ledger *l, struct ledger_outbox *o,
                                                     uint64_t kinds);
/* Another mode, address or kinds; what is tried again is tried at once. Where it was told nothing, it is told from now on. */
LEDGER_CHECKED enum ledger_status
ledger_outbox_change(struct ledger *l, const struct ledger_outbox *o, uint64_t kinds);
/* LEDGER_NO_ROW when there is none. */
LEDGER_CHECKED enum ledger_status ledger_outbox_get(struct ledger *l, int64_t id,
                                                    struct ledger_outbox *o);
/* In order of id; those that are told something. */
LEDGER_CHECKED enum ledger_status ledger_outbox_each(struct ledger *l,
                                                     const struct ledger_outbox_filter *filter,
                                                     ledger_outbox_reader *read, void *ctx);
LEDGER_CHECKED enum ledger_status ledger_outbox_kinds(struct ledger *l, int64_t id,
                                                      uint64_t *kinds);

/* Those of `share` that have something to try now, in turn; at most LEDGER_OUTBOX_DUE_MAX. */
LEDGER_CHECKED enum ledger_status
ledger_outbox_due(struct ledger *l, const struct ledger_outbox_share *share, int64_t now_us,
                  int64_t ids[static LEDGER_OUTBOX_DUE_MAX], int *count);
/* What outbox `id` is told next; LEDGER_NO_ROW when that is nothing, or not yet. */
LEDGER_CHECKED enum ledger_status ledger_outbox_next(struct ledger *l, int64_t id, int64_t now_us,
                                                     struct ledger_parcel *parcel);
/* It was handed over. Harmless where that is known already. */
LEDGER_CHECKED enum ledger_status ledger_outbox_done(struct ledger *l,
                                                     const struct ledger_parcel *parcel);
/*
 * It was not, because of `code`: it waits 1, 5, 15, then 60 minutes. `*given_up`: it was tried LEDGER_OUTBOX_TRIES times,
 * for a day, and is older than LEDGER_OUTBOX_DAYS; with all that is as old it is put on record as undelivered, and what
 * comes later is tried.
 */
LEDGER_CHECKED enum ledger_status ledger_outbox_failed(struct ledger *l,
                                                       const struct ledger_parcel *parcel,
                                                       const char *code, int64_t now_us,
                                                       bool *given_up);
/* What waits for another try is tried at once; `*count` says how many. `member_id` 0: everybody's. */
LEDGER_CHECKED enum ledger_status ledger_outbox_retry(struct ledger *l, int64_t member_id,
                                                      int64_t *count);
LEDGER_CHECKED enum ledger_status ledger_outbox_look(struct ledger *l,
                                                     struct ledger_outbox_state *state);
/* In order of id. `member_id` 0: everybody's. */
LEDGER_CHECKED enum ledger_status ledger_undelivered_each(struct ledger *l, int64_t member_id,
                                                          int64_t after_id, int limit,
                                                          ledger_undelivered_reader *read,
                                                          void *ctx);

const char *ledger_channel_name(enum ledger_channel channel);
const char *ledger_outbox_mode_name(enum ledger_outbox_mode mode);

#endif
