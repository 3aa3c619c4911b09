/*
 * words.h - which command the first words of a line name.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "commands.h"

struct words_found {
    const struct api_operation *op;    /* or NULL */
    const struct command_row *command; /* or NULL; both are set when both go by these words */
    int used;                          /* how many words named it */
};

/* The longest match of an operation's words or alias, or of a command's words. */
bool words_find(int argc, char **argv, struct words_found *found);

/* Do some commands begin with `noun` and go on? */
bool words_is_noun(const char *noun);

/* The command that was probably meant, or NULL. */
const char *words_nearest(int argc, char **argv);

/* Is `word` the first word of `words`? */
bool words_begin(const char *words, const char *word);

#endif
