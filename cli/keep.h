/*
 * keep.h - backups of a ledger in a folder of their own: the newest days stay, and the first of each
 * of the newest months.
 *
 * A backup is called NAME-2026-11-24.db, after the ledger's file and its day. NAME.sha256 beside
 * them lists each with its checksum, as `sha256sum -c` reads it; what is not listed is not ours.
 */
#ifndef CLI_KEEP_H
#define CLI_KEEP_H

#include "ledger/verify.h"

#define KEEP_FILES_MAX 1000
#define KEEP_NAME_MAX 256
#define KEEP_SUM_TEXT 65
#define KEEP_ROOM_LEFT ((int64_t)16 << 20) /* bytes that a backup leaves free */

/* What became of a backup. */
enum keep_fate {
    KEEP_REMOVED,
    KEEP_DAILY,
    KEEP_MONTHLY,
    KEEP_BOTH,    /* one of the newest days, and the first of its month */
    KEEP_DAMAGED, /* not the bytes that were written: left alone, and counted for nothing */
    KEEP_GONE     /* somebody took it away */
};

struct keep_file {
    char name[KEEP_NAME_MAX];
    char sum[KEEP_SUM_TEXT];
    int32_t day;
    enum keep_fate fate;
};

struct keep {
    const char *path; /* of the ledger */
    const char *into; /* the folder */
    int daily;        /* how many of the newest days stay, 1 or more */
    int monthly;      /* of how many of the newest months the first stays, 0 or more */
    const struct ledger_env *env;
};

struct keep_result {
    char name[KEEP_NAME_MAX]; /* of the new backup */
    struct ledger_verification v;
    struct keep_file files[KEEP_FILES_MAX]; /* in order of day */
    int count;
    char message[LEDGER_MESSAGE_MAX];
};

/*
 * Make today's backup and keep what `k` says. A second one on a day takes the place of the first.
 * After: the new one was replayed, every older one compared with its checksum, and only then were
 * those removed that nobody wants. After bad news nothing was removed, and `r->message` says why.
 * Refusals: as ledger_open; LEDGER_NO_SUCH_FILE, LEDGER_READ_ONLY (the folder), LEDGER_LOCKED
 * (another backup is being made there), LEDGER_FILE_MALFORMED (the list), LEDGER_EXISTS (another
 * ledger's backups, or a file of that name that is not listed), LEDGER_STORE_FULL (the disk would
 * be), then as ledger_backup; LEDGER_INTEGRITY when an older one is damaged, with all else done.
 */
LEDGER_CHECKED enum ledger_status keep_backup(const struct keep *k, struct keep_result *r);

/* Set the fate of each sound one; `files` are in order of day and the last is the newest. */
void keep_decide(struct keep_file *files, int count, int daily, int monthly);

const char *keep_fate_name(enum keep_fate fate);

#endif
