#include "migrate.h"

#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Its name says what it is. */
static enum ledger_status copy_aside(struct store *s, const char *path, struct ledger_migration *m)
{
    if (snprintf(m->backup, sizeof m->backup, "%s.schema-%d", path, m->from) >=
        (int)sizeof m->backup)
        return LEDGER_NO_SUCH_FILE;
    return store_backup(s, m->backup);
}

static enum ledger_status migrate(struct store *s, const char *path, struct ledger_migration *m)
{
    m->from = store_file_version(s);
    m->to = store_schema_version();
    if (m->from == m->to)
        return LEDGER_OK;
    LEDGER_TRY(copy_aside(s, path, m));
    enum ledger_status status = store_migrate(s);
    /* The file is as it was: the copy would only stand in the way of the next try. */
    if (status != LEDGER_OK)
        unlink(m->backup);
    return status;
}

enum ledger_status ledger_migrate(const char *path, int wait_ms, struct ledger_migration *m)
{
    const struct store_options options = {
        .mode = STORE_WRITE, .wait_ms = wait_ms, .holder = "migrate", .any_version = true};
    struct store *s;

    *m = (struct ledger_migration){0};
    enum ledger_status status = store_open(path, &options, &s);
    if (status == LEDGER_OK)
        status = migrate(s, path, m);
    if (status != LEDGER_OK && s)
        snprintf(m->message, sizeof m->message, "%s", store_message(s));
    store_close(s);
    return status;
}
