/*
 * import.h - what an import of history is made of: the rows, where they go, what came of them.
 *
 * A ledger file takes them in one transaction, a node in batches that are atomic by themselves; both
 * ways make the same writes under the same uids.
 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "door.h"
#include "history.h"
#include "progress.h"

#include "ledger/account.h"

#define IMPORT_SOURCE_MAX 256

struct import;

/* Where the rows go. Each fills in->problem when it does not return LEDGER_OK. */
struct import_target {
    /* Run any operation of the table, as part of the import. */
    enum ledger_status (*call)(struct import *in, struct api_call *call, json_t **out);
    /* Find the rows that were imported before: sets `known`. */
    enum ledger_status (*look)(struct import *in);
    /* Post what is not rejected: counts posted and known, first and last. */
    enum ledger_status (*post)(struct import *in);
};

extern const struct import_target import_file;
extern const struct import_target import_node;

enum import_limits { IMPORT_CHECKED, IMPORT_OBSERVED, IMPORT_UNLIMITED };

struct import {
    const struct import_target *target;
    struct door *door;
    struct ledger *l; /* with import_file: a write transaction is open on it */
    const char *user; /* who works on the file */
    struct api_problem *problem;
    struct history history;
    const char *currency;
    char source[IMPORT_SOURCE_MAX]; /* the file's name, when no other was given */
    int scale;
    bool create_members;
    bool dry_run;
    enum import_limits limits;
    struct progress bar;
    int64_t posted;
    int64_t known;
    int64_t members_added;
    int64_t limits_set;
    int64_t first; /* transfers; 0 for none */
    int64_t last;
};

/* Count a row that is in the ledger now, as transfer `id`. */
void import_count(struct import *in, int64_t id, bool known);

/* A call of the operation called `name` with `args` (taken over); the caller releases `*out`. */
LEDGER_CHECKED enum ledger_status import_ask(struct import *in, const char *name, json_t *args,
                                             json_t **out);

/* Every item of the list `name`, page by page; `currency` may be NULL. */
LEDGER_CHECKED enum ledger_status import_each(struct import *in, const char *name,
                                              const char *currency,
                                              void (*read)(const json_t *item, void *ctx),
                                              void *ctx);

/* The index in `h` of the member that `item` is about, or -1. */
int import_member(const struct history *h, const json_t *item);

/*
 * Find who stands in the file. Whoever the ledger does not have is taken in with in->create_members, which counts
 * members_added; else the row is refused as history_refuse says.
 */
LEDGER_CHECKED enum ledger_status import_meet_members(struct import *in);

/* Widen the limits of the accounts whose new rows would leave them; counts limits_set. */
LEDGER_CHECKED enum ledger_status import_make_room(struct import *in);

#endif
