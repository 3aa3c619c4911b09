/*
 * usage.h - how a command is written, in parts that a line may break between.
 */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

#include "commands.h"

#define USAGE_PARTS_MAX 64
#define USAGE_PART_MAX 120

struct usage {
    int count;
    char parts[USAGE_PARTS_MAX][USAGE_PART_MAX]; /* "PAYEE", "--from MEMBER", "[--memo TEXT]" */
};

void usage_of_operation(const struct api_operation *op, struct usage *u);
void usage_of_command(const struct command_row *c, struct usage *u);

/* The name of a word of the line in help: PAYEE. */
void usage_positional(const struct api_param *p, char name[static OPTIONS_NAME_MAX]);

/* Who may call it: "steward, treasurer", or "everybody". */
void usage_access(unsigned access, char *text, size_t size);

#endif
