/*
 * migrate.h - bring an older ledger file to the schema of this program.
 */
#ifndef LEDGER_MIGRATE_H
#define LEDGER_MIGRATE_H

#include "ledger.h"

#define LEDGER_PATH_MAX 4096

struct ledger_migration {
    int from;                     /* the schema that the file had */
    int to;                       /* and has now */
    char backup[LEDGER_PATH_MAX]; /* the copy made before, "" when nothing was to be done */
    char message[LEDGER_MESSAGE_MAX];
};

/*
 * Before: nobody has the ledger open for writing (its lock is waited for). After: the file has this
 * program's schema, and a copy of it as it was lies beside it as PATH.schema-N. On bad news
 * the file is as it was (the copy stays, if it was made) and `m->message` says why.
 * Refusals: as ledger_open, LEDGER_EXISTS (the copy's name is taken), the faults.
 */
LEDGER_CHECKED enum ledger_status ledger_migrate(const char *path, int wait_ms,
                                                 struct ledger_migration *m);

#endif
