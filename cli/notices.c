#include "notices.h"

#include "api/courier.h"
#include "api/run.h"
#include "ledger/mailbox.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

const struct option command_notice_send_options[] = {
    [NOTICES_COMMAND] = NOTICES_OPTION_COMMAND,
    [NOTICES_FROM] = NOTICES_OPTION_FROM,
    [NOTICES_TIMEOUT] = NOTICES_OPTION_TIMEOUT,
    [NOTICES_ALLOW_PRIVATE] = NOTICES_OPTION_ALLOW_PRIVATE,
    [NOTICES_OPTIONS] = {NULL, NULL, NULL, false},
};

/* 0 where it is none from 1 to NOTICES_TIMEOUT_MAX. */
static int seconds_of(const char *text)
{
    char *end;
    long n;

    if (!text)
        return HANDOVER_SECONDS;
    errno = 0;
    n = strtol(text, &end, 10);
    return errno || *end || end == text || n < 1 || n > NOTICES_TIMEOUT_MAX ? 0 : (int)n;
}

static int read_command(const struct command *c, const char *command, struct notices_settings *s)
{
    const char *wrong = handover_read(&s->handover, command);

    if (wrong)
        return command_refused(c, LEDGER_USAGE, "--notice-command %s", wrong);
    if (!s->from)
        return command_refused(c, LEDGER_USAGE,
                               "--notice-command needs --notice-from, whom the mails are from");
    s->command = &s->handover;
    return 0;
}

bool notices_read(const struct command *c, const char *const values[static NOTICES_OPTIONS],
                  struct notices_settings *s, int *exit_code)
{
    *s = (struct notices_settings){.from = values[NOTICES_FROM],
                                   .private_webhooks = values[NOTICES_ALLOW_PRIVATE] != NULL};
    s->handover.seconds = seconds_of(values[NOTICES_TIMEOUT]);
    *exit_code = 0;
    if (s->from && ledger_mail_address_check(s->from) != LEDGER_OK)
        *exit_code = command_refused(c, LEDGER_MAIL_ADDRESS_MALFORMED,
                                     "--notice-from is one address, ledger@place.example");
    else if (!s->handover.seconds)
        *exit_code = command_refused(c, LEDGER_NUMBER_MALFORMED,
                                     "--notice-timeout is a number of seconds from 1 to %d",
                                     NOTICES_TIMEOUT_MAX);
    else if (values[NOTICES_COMMAND])
        *exit_code = read_command(c, values[NOTICES_COMMAND], s);
    return *exit_code == 0;
}

/* As a node does it, on a ledger at hand. */
static enum ledger_status do_deed(void *ctx, enum api_mode mode, job_deed *deed, void *arg)
{
    struct ledger *l = ctx;
    enum ledger_status st = mode == API_WRITE ? ledger_begin_write(l) : ledger_begin_read(l);

    if (st == LEDGER_OK)
        st = deed(l, arg);
    if (st == LEDGER_OK && mode == API_WRITE)
        st = ledger_commit(l);
    if (st != LEDGER_OK || mode == API_READ)
        ledger_rollback(l);
    return st;
}

static enum ledger_status send_all(struct ledger *l, const struct notices_settings *s,
                                   struct courier_tally *tally)
{
    const struct courier_options options = {.do_deed = do_deed,
                                            .ctx = l,
                                            .command = s->command,
                                            .from = s->from,
                                            .private_webhooks = s->private_webhooks};

    signal(SIGPIPE, SIG_IGN); /* a command may stop reading */
    return courier_once(&options, tally);
}

static int send_notices(struct command *c, const struct notices_settings *s)
{
    static const struct api_column fields[] = {{"told", "Handed over", true},
                                               {"failed", "Failed", true},
                                               {"given_up", "Given up", true},
                                               {0}};
    struct courier_tally tally;
    struct api_problem problem;
    struct door door = {0};
    struct ledger *l;
    int exit_code = 0;
    enum ledger_status st = door_open(&door, &c->where, &problem);

    if (st == LEDGER_OK)
        st = door_ledger(&door, true, &l, &problem);
    if (st == LEDGER_OK) {
        st = send_all(l, s, &tally);
        if (st != LEDGER_OK)
            door_refuse(&problem, st, "%s", ledger_message(l));
    }
    if (st == LEDGER_OK)
        command_show(c, fields,
                     json_pack("{s:I, s:I, s:I}", "told", (json_int_t)tally.told, "failed",
                               (json_int_t)tally.failed, "given_up", (json_int_t)tally.given_up));
    else
        exit_code = command_problem(c, &problem);
    door_close(&door);
    return exit_code;
}

int command_notice_send(struct command *c)
{
    const char *values[NOTICES_OPTIONS];
    struct notices_settings settings;
    enum ledger_status st = command_line(c, values, NULL, 0, 0);
    int exit_code;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    if (!notices_read(c, values, &settings, &exit_code))
        return exit_code;
    return send_notices(c, &settings);
}
