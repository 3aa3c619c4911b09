#include "note.h"

#include "ledger/date.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool name_it(const char *ledger, const char *suffix, char name[static PATH_MAX])
{
    char *real =
        realpath(ledger, NULL); /* as the lock: a symlink is another name of the same file */
    int size = snprintf(name, PATH_MAX, "%s.backup%s", real ? real : ledger, suffix);

    free(real);
    return size < PATH_MAX;
}

/* What root writes beside another's ledger is the other's, as SQLite has it with its own files. */
static void give_to_owner(int fd, const char *ledger)
{
    struct stat st;

    if (geteuid() == 0 && stat(ledger, &st) == 0 && fchown(fd, st.st_uid, st.st_gid) != 0)
        return; /* a courtesy */
}

bool note_write(const char *ledger, int64_t at_us, const char *backup)
{
    char name[PATH_MAX];
    char beside[PATH_MAX];
    char at[LEDGER_TIME_TEXT];
    char *whole = realpath(backup, NULL);
    int fd = -1;
    bool done = false;

    if (whole && name_it(ledger, "", name) && name_it(ledger, ".new", beside))
        fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0) {
        give_to_owner(fd, ledger);
        done = dprintf(fd, "%s %s\n", ledger_time_format(at_us, at), whole) > 0;
        done = close(fd) == 0 && done && rename(beside, name) == 0;
    }
    free(whole);
    return done;
}

bool note_read(const char *ledger, struct note *note)
{
    char name[PATH_MAX];
    char line[PATH_MAX + LEDGER_TIME_TEXT + 2];
    FILE *in = name_it(ledger, "", name) ? fopen(name, "re") : NULL;
    char *blank = NULL;

    if (in && fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        blank = strchr(line, ' ');
    }
    if (in)
        fclose(in);
    if (!blank)
        return false;
    *blank = '\0';
    snprintf(note->backup, sizeof note->backup, "%s", blank + 1);
    return ledger_time_parse(line, &note->at_us) == LEDGER_OK;
}
