/*
 * commands.h - the commands that are not operations of the table.
 *
 * An operation is asked of a ledger or a node; these make, keep, carry or describe one. Each is a
 * row of `commands`; help, completion and the man page read the same rows.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "door.h"
#include "options.h"
#include "render.h"

struct command_row;

/* One command as typed. Everything is owned by the caller of `run`. */
struct command {
    const struct command_row *row;
    int argc; /* what stands after the command's words, options of every command taken out */
    char **argv;
    struct door_settings where;
    enum render_form form;
};

struct command_row {
    const char *words;    /* "restore"; NULL ends the table */
    const char *operands; /* "FILE"; "" when it takes none */
    const char *summary;  /* one line, capital first, no full stop */
    const struct option *options;
    int (*run)(struct command *c); /* returns the exit code */
    bool hidden;                   /* left out of lists: only scripts call it */
};

extern const struct command_row commands[];

extern const struct option command_init_options[];
extern const struct option command_backup_options[];
extern const struct option command_doctor_options[];
extern const struct option command_restore_options[];
extern const struct option command_serve_options[];
extern const struct option command_import_options[];
extern const struct option command_export_options[];
extern const struct option command_key_rotate_options[];
extern const struct option command_notice_send_options[];
extern const struct option command_certificate_options[];

int command_init(struct command *c);
int command_serve(struct command *c);
int command_import(struct command *c);
int command_export(struct command *c);
int command_verify(struct command *c);
int command_backup(struct command *c);
int command_restore(struct command *c);
int command_doctor(struct command *c);
int command_migrate(struct command *c);
int command_completion(struct command *c);
int command_complete(struct command *c);
int command_man(struct command *c);
int command_reference(struct command *c);
int command_notice_send(struct command *c);
int command_key_make(struct command *c);
int command_key_rotate(struct command *c);
int command_certificate_verify(struct command *c);
int command_help(struct command *c);

/*
 * Read the command's line: options into `values`, in the order of row->options (NULL when not
 * given; a flag's value is ""), words into `words`, from `least` to `most` of them.
 * LEDGER_USAGE: said on stderr; return its exit code.
 */
LEDGER_CHECKED enum ledger_status command_line(const struct command *c, const char **values,
                                               const char **words, int least, int most);

/* Say on stderr what stood in the way, in the command's form, and give the exit code. */
int command_refused(const struct command *c, enum ledger_status s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int command_problem(const struct command *c, const struct api_problem *problem);

/*
 * The path of the ledger file, for a command that works on one of this machine; the caller frees
 * it. NULL: refused, `*exit_code` is set.
 */
char *command_file(const struct command *c, int *exit_code);

/* Show an answer of these fields in the command's form; takes `answer` over. */
void command_show(const struct command *c, const struct api_column *fields, json_t *answer);

#endif
