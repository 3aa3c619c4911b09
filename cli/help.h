/*
 * help.h - what there is, and how each is used; made from the tables.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "commands.h"

#include <stdio.h>

/* All commands, grouped by noun. */
void help_overview(FILE *out);
/* The commands of one noun. */
void help_noun(const char *noun, FILE *out);
/* How it is written, in a line or two. */
void help_usage(const struct api_operation *op, FILE *out);
void help_operation(const struct api_operation *op, FILE *out);
void help_command(const struct command_row *c, FILE *out);

#endif
