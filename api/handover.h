/*
 * handover.h - give a text to another program on its standard input, and learn what became of it.
 *
 * No shell: the command is split at its blanks. The program has a bare environment, no file of ours, and a process group
 * of its own, which is killed when the time is over.
 */
#ifndef API_HANDOVER_H
#define API_HANDOVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define HANDOVER_WORDS_MAX 32
#define HANDOVER_COMMAND_MAX 1000
#define HANDOVER_SECONDS 30 /* unless told */
#define HANDOVER_CODE_MAX 40
#define HANDOVER_SAID_MAX 4096 /* bytes of what it says are passed on */

struct handover {
    char line[HANDOVER_COMMAND_MAX + 1];
    char *words[HANDOVER_WORDS_MAX + 1];
    int seconds;
};

/* What is wrong with the command, in a clause; NULL: nothing. `h` is not to be copied. */
const char *handover_read(struct handover *h, const char *command);

enum handover_result { HANDOVER_TAKEN, HANDOVER_FAILED, HANDOVER_STOPPED };

/*
 * Run it with `text` on its standard input. TAKEN: it read all and ended with 0. FAILED: `code` says exit-75, signal-9,
 * timeout, not-read, no-program. STOPPED: `stop` was set, a moment passed, and whether it took it is not known.
 * What it says on its standard error goes to ours, up to HANDOVER_SAID_MAX bytes; on its standard output, nowhere.
 * Before: SIGPIPE is ignored, and nobody else waits for children.
 */
enum handover_result handover_run(const struct handover *h, const atomic_bool *stop,
                                  const char *text, size_t size,
                                  char code[static HANDOVER_CODE_MAX]);

#endif
