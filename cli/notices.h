/*
 * notices.h - how notices leave: what `serve` and `notice send` are told of it.
 */
#ifndef CLI_NOTICES_H
#define CLI_NOTICES_H

#include "commands.h"

#include "api/handover.h"

/* Options of a command, in this order. */
enum { NOTICES_COMMAND, NOTICES_FROM, NOTICES_TIMEOUT, NOTICES_ALLOW_PRIVATE, NOTICES_OPTIONS };

#define NOTICES_OPTION_COMMAND                                                                     \
    {                                                                                              \
        "notice-command", "COMMAND",                                                               \
            "what takes mails, such as \"/usr/sbin/sendmail -t\"; they wait unless told", false    \
    }
#define NOTICES_OPTION_FROM                                                                        \
    {                                                                                              \
        "notice-from", "ADDRESS", "whom mails are from; needed with a command", false              \
    }
#define NOTICES_OPTION_TIMEOUT                                                                     \
    {                                                                                              \
        "notice-timeout", "SECONDS", "when a command that does not end is killed; 30 unless told", \
            false                                                                                  \
    }
#define NOTICES_OPTION_ALLOW_PRIVATE                                                               \
    {                                                                                              \
        "webhook-allow-private", NULL, "let webhooks go to private and local addresses", false     \
    }

#define NOTICES_TIMEOUT_MAX 600

struct notices_settings {
    struct handover handover;
    const struct handover *command; /* into the struct itself, or NULL; so it is not to be copied */
    const char *from;
    bool private_webhooks;
};

/* `values` as above, NULL where not given. False: said on stderr, and `*exit_code` is set. */
bool notices_read(const struct command *c, const char *const values[static NOTICES_OPTIONS],
                  struct notices_settings *s, int *exit_code);

#endif
