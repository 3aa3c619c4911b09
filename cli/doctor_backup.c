#include "doctor.h"

#include "api/run.h"
#include "ledger/date.h"
#include "note.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OLD_US (2 * LEDGER_US_PER_DAY)

static bool same_disk(const char *a, const char *b)
{
    struct stat one;
    struct stat other;

    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev;
}

void doctor_backup(struct doctor *d)
{
    static const char how[] = "coledger backup --into FOLDER";
    char span[DOCTOR_SPAN_TEXT];
    struct note note;
    int64_t age_us;

    if (access(d->path, F_OK) != 0)
        return;
    if (!note_read(d->path, &note)) {
        doctor_say(d, "backup", DOCTOR_LOOK, "no backup is known: make one every night (%s)", how);
        return;
    }
    age_us = api_env.now_us(api_env.arg) - note.at_us;
    doctor_span(age_us > 0 ? age_us : 0, span);
    if (age_us > OLD_US)
        doctor_say(d, "backup", DOCTOR_LOOK,
                   "the last one is %s old, %s: make one (%s), and see why the nightly one failed "
                   "(systemctl status coledger-backup)",
                   span, note.backup, how);
    else if (access(note.backup, F_OK) != 0)
        doctor_say(d, "backup", DOCTOR_LOOK,
                   "the last one, %s, is no longer there: make another (%s)", note.backup, how);
    else if (same_disk(note.backup, d->path))
        doctor_say(
            d, "backup", DOCTOR_OK,
            "the last one is %s old and was verified: %s; it is on the ledger's own disk, so "
            "let another machine fetch it",
            span, note.backup);
    else
        doctor_say(d, "backup", DOCTOR_OK, "the last one is %s old and was verified: %s", span,
                   note.backup);
}
