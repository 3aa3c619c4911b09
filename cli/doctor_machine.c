#include "doctor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timex.h>

#define MEMORY_NEEDED_KIB (96 * 1024) /* what a node takes at most without sign-ins */
#define FILES_NEEDED 256              /* a connection each, and the ledger's own */

static void look_at_time(struct doctor *d)
{
    struct timex t = {0};
    int state = adjtimex(&t);

    if (state < 0)
        return;
    if (state == TIME_ERROR || (t.status & STA_UNSYNC))
        doctor_say(d, "time", DOCTOR_LOOK,
                   "nothing keeps this machine's clock right: timedatectl set-ntp true, or install "
                   "systemd-timesyncd");
    else
        doctor_say(d, "time", DOCTOR_OK, "the machine's clock is kept right");
}

static int64_t available_kib(void)
{
    FILE *in = fopen("/proc/meminfo", "re");
    char line[128];
    int64_t kib = -1;

    while (in && kib < 0 && fgets(line, sizeof line, in))
        if (sscanf(line, "MemAvailable: %" SCNd64, &kib) != 1)
            kib = -1;
    if (in)
        fclose(in);
    return kib;
}

static void look_at_memory(struct doctor *d)
{
    int64_t kib = available_kib();

    if (kib < 0)
        return;
    doctor_say(d, "memory", kib < MEMORY_NEEDED_KIB ? DOCTOR_LOOK : DOCTOR_OK,
               kib < MEMORY_NEEDED_KIB
                   ? "%" PRId64 " MiB are left, and a node may take 96: stop something else"
                   : "%" PRId64 " MiB are left",
               kib / 1024);
}

static void look_at_limits(struct doctor *d)
{
    struct rlimit files;
    struct rlimit size;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < FILES_NEEDED)
        doctor_say(d, "limits", DOCTOR_LOOK,
                   "whoever runs this may open %" PRIu64 " files, and a node wants %d: ulimit -n",
                   (uint64_t)files.rlim_cur, FILES_NEEDED);
    if (getrlimit(RLIMIT_FSIZE, &size) == 0 && size.rlim_cur != RLIM_INFINITY)
        doctor_say(d, "limits", DOCTOR_LOOK,
                   "whoever runs this may write files of %" PRIu64 " MiB at most: ulimit -f",
                   (uint64_t)size.rlim_cur >> 20);
}

void doctor_machine(struct doctor *d)
{
    look_at_time(d);
    look_at_memory(d);
    look_at_limits(d);
}
