#include "commands.h"

#include "files.h"
#include "page.h"
#include "usage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct command_row commands[] = {
    {"init", "", "Make a new ledger", command_init_options, command_init, false},
    {"serve", "", "Serve the ledger over HTTP", command_serve_options, command_serve, false},
    {"import", "transfers FILE", "Take in the history of another system", command_import_options,
     command_import, false},
    {"export", "", "Write the journal for another program", command_export_options, command_export,
     false},
    {"verify", "", "Replay the whole journal and compare every figure", NULL, command_verify,
     false},
    {"backup", "[FILE]", "Copy the ledger while it is in use, and check the copy",
     command_backup_options, command_backup, false},
    {"restore", "FILE", "Put a backup in the ledger's place", command_restore_options,
     command_restore, false},
    {"doctor", "", "Look at everything the ledger needs, and say what to do",
     command_doctor_options, command_doctor, false},
    {"migrate", "", "Bring an older ledger file to what this program needs", NULL, command_migrate,
     false},
    {"notice send", "", "Hand over what members are told, where no node does it",
     command_notice_send_options, command_notice_send, false},
    {"key make", "", "Give a ledger the key it signs with, where it has none", NULL,
     command_key_make, false},
    {"key rotate", "", "Sign with a new key from now on; the old one still verifies",
     command_key_rotate_options, command_key_rotate, false},
    {"certificate verify", "FILE", "Say whether a certificate is true, by a ledger or by a key",
     command_certificate_options, command_certificate_verify, false},
    {"completion", "bash|zsh|fish", "Print what makes a shell complete commands", NULL,
     command_completion, false},
    {"man", "", "Print the manual page coledger(1)", NULL, command_man, false},
    {"reference", "", "Print docs/API.md", NULL, command_reference, true},
    {"help", "[COMMAND]", "Say how a command is used", NULL, command_help, false},
    {"complete", "WORD ...", "What could stand next, for a shell", NULL, command_complete, true},
    {NULL, NULL, NULL, NULL, NULL, false},
};

int command_problem(const struct command *c, const struct api_problem *problem)
{
    fflush(stdout);
    render_problem(c->form, problem, stderr);
    return ledger_status_facts(problem->status)->exit_code;
}

int command_refused(const struct command *c, enum ledger_status s, const char *format, ...)
{
    struct api_problem problem = {.status = s, .leg = -1};
    va_list args;

    va_start(args, format);
    vsnprintf(problem.detail, sizeof problem.detail, format, args);
    va_end(args);
    return command_problem(c, &problem);
}

char *command_file(const struct command *c, int *exit_code)
{
    char *path;

    if (c->where.node || (!c->where.ledger && files_node() && !files_names_ledger())) {
        *exit_code = command_refused(
            c, LEDGER_USAGE, "coledger %s works on a file of this machine: say --ledger FILE%s",
            c->row->words, c->where.node ? " and no --node" : ", since COLEDGER_NODE is set");
        return NULL;
    }
    path = files_ledger(c->where.ledger);
    if (!path)
        *exit_code = command_refused(c, LEDGER_USAGE, "say where the ledger is: --ledger FILE");
    return path;
}

void command_show(const struct command *c, const struct api_column *fields, json_t *answer)
{
    const struct api_operation shape = {.head = fields};

    page_answer(c->form, &shape, answer);
    json_decref(answer);
}

static enum ledger_status wrong(const struct command *c, const char *sentence)
{
    command_refused(c, LEDGER_USAGE, "%s: see coledger help %s", sentence, c->row->words);
    return LEDGER_USAGE;
}

static enum ledger_status check(const struct command *c, const char **values, int words, int least)
{
    char sentence[LEDGER_MESSAGE_MAX];

    if (words < least) {
        snprintf(sentence, sizeof sentence, "coledger %s needs %s", c->row->words,
                 c->row->operands);
        return wrong(c, sentence);
    }
    for (int n = 0; c->row->options && c->row->options[n].name; n++)
        if (c->row->options[n].required && !values[n]) {
            snprintf(sentence, sizeof sentence, "--%s %s is missing", c->row->options[n].name,
                     c->row->options[n].value);
            return wrong(c, sentence);
        }
    return LEDGER_OK;
}

enum ledger_status command_line(const struct command *c, const char **values, const char **words,
                                int least, int most)
{
    struct options o = {.argc = c->argc, .argv = c->argv, .known = c->row->options};
    char sentence[LEDGER_MESSAGE_MAX];
    enum options_what what;
    int count = 0;

    for (int n = 0; c->row->options && c->row->options[n].name; n++)
        values[n] = NULL;
    for (int n = 0; n < most; n++)
        words[n] = NULL;
    while ((what = options_next(&o)) != OPTIONS_END) {
        if (what == OPTIONS_WRONG)
            return wrong(c, o.problem);
        if (what == OPTIONS_OPTION) {
            values[o.option - c->row->options] = o.value ? o.value : "";
        } else if (count < most) {
            words[count++] = o.value;
        } else {
            snprintf(sentence, sizeof sentence, "\"%s\" is one word too many", o.value);
            return wrong(c, sentence);
        }
    }
    return check(c, values, count, least);
}
