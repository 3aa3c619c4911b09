/*
 * handle.h - what is inside struct ledger. Only the engine's .c files include it.
 */
#ifndef LEDGER_HANDLE_H
#define LEDGER_HANDLE_H

#include "ledger.h"
#include "store/store.h"
#include "wall.h"
#include "whose.h"

struct ledger {
    struct store *store;
    struct ledger_env env;
    struct ledger_zone *zone;
    struct ledger_zone *zones[LEDGER_ZONES_KEPT]; /* of places, see ledger_zone_need */
    int zone_next;                                /* which gives way to another */
    char name[LEDGER_NAME_MAX + 1];
    char zone_name[LEDGER_ZONE_MAX + 1];
    uint8_t handle_salt[32];
    bool has_key; /* the node's own, to sign with */
    uint8_t secret_key[64];
    int64_t created_at_us;
    bool writing;
    enum ledger_status fault; /* the store's last bad news that nobody took, LEDGER_OK for none */
    /* What every posting needs: read anew in each write transaction, and after a savepoint is rolled
     * back; others may write between two transactions. */
    struct {
        bool known;
        int64_t transfer_id;
        int64_t seq;
        int64_t at_us;          /* of the last posting or accepted write, whichever is later */
        int32_t closed_through; /* the last closed day, LEDGER_DAY_MIN - 1 when none is */
    } last;
    struct ledger_whose_memory *whose; /* of a handle that reads, once it was asked */
    struct ledger_whose whose_last;    /* where there is none */
    char message[LEDGER_MESSAGE_MAX];
    struct ledger_facts facts;
};

/* A read transaction begins: what is remembered must be looked at anew. */
void ledger_whose_begin(struct ledger *l);

/* A handle without a store. */
LEDGER_CHECKED enum ledger_status ledger_new(const struct ledger_env *env, struct ledger **out);

/* Turn bad news of the store into ours: the store's sentence becomes the ledger's message. */
enum ledger_status ledger_store_status(struct ledger *l, enum ledger_status s);

/* Inside a write transaction, after it `l->last` is known. */
LEDGER_CHECKED enum ledger_status ledger_know_last(struct ledger *l);

/* The common readers: one integer column, one or none. */
enum ledger_status ledger_read_int(void *into, const struct store_row *row);
/* The next explicit id of an append-only table: `sql` selects max(id). */
LEDGER_CHECKED enum ledger_status ledger_next_id(struct ledger *l, const char *sql, int64_t *id);

/* The store's calls with the ledger's message set on bad news. LEDGER_NO_ROW and reader results pass unchanged. */
LEDGER_CHECKED enum ledger_status ledger_exec(struct ledger *l, const char *sql,
                                              const struct store_arg *args, size_t n);
LEDGER_CHECKED enum ledger_status ledger_first(struct ledger *l, const char *sql,
                                               const struct store_arg *args, size_t n,
                                               store_reader *read, void *into);
LEDGER_CHECKED enum ledger_status ledger_each(struct ledger *l, const char *sql,
                                              const struct store_arg *args, size_t n,
                                              store_reader *read, void *into);

/* SHA-256(salt || text || 0 || text2), what an erasable text leaves behind. */
void ledger_text_hash(const uint8_t salt[16], const char *memo, const char *reference,
                      uint8_t hash[32]);

#endif
