#include "words.h"

#include "nearest.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 128

/* How many of the line's words `words` takes, 0 when they are others. */
static int match(const char *words, int argc, char **argv)
{
    int n = 0;

    while (words && *words) {
        size_t length = strcspn(words, " ");

        if (n >= argc || strlen(argv[n]) != length || strncmp(words, argv[n], length) != 0)
            return 0;
        words += length + strspn(words + length, " ");
        n++;
    }
    return n;
}

static int match_operation(const struct api_operation *op, int argc, char **argv)
{
    int by_words = match(op->words, argc, argv);
    int by_alias = match(op->alias, argc, argv);

    return by_words > by_alias ? by_words : by_alias;
}

bool words_find(int argc, char **argv, struct words_found *found)
{
    *found = (struct words_found){0};
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op)) {
        int used = match_operation(op, argc, argv);

        if (used > found->used)
            *found = (struct words_found){.op = op, .used = used};
    }
    for (const struct command_row *c = commands; c->words; c++) {
        int used = match(c->words, argc, argv);

        if (used > found->used)
            *found = (struct words_found){.command = c, .used = used};
        else if (used && used == found->used)
            found->command = c;
    }
    return found->used > 0;
}

bool words_begin(const char *words, const char *word)
{
    size_t length = strcspn(words, " ");

    return strlen(word) == length && strncmp(words, word, length) == 0;
}

bool words_is_noun(const char *noun)
{
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        if (words_begin(op->words, noun) && strchr(op->words, ' '))
            return true;
    return false;
}

/* As many words of the line as `name` has. */
static void join(const char *name, int argc, char **argv, char line[static LINE_MAX_BYTES])
{
    size_t length = 0;

    line[0] = '\0';
    for (int n = 0; n < argc && name && length < LINE_MAX_BYTES - 1; n++) {
        length +=
            (size_t)snprintf(line + length, LINE_MAX_BYTES - length, "%s%s", n ? " " : "", argv[n]);
        name = strchr(name, ' ');
        name = name ? name + 1 : NULL;
    }
}

static void try_name(struct nearest *near, const char *name, int argc, char **argv)
{
    char line[LINE_MAX_BYTES];

    if (!name)
        return;
    join(name, argc, argv, line);
    nearest_try(near, line, name);
}

const char *words_nearest(int argc, char **argv)
{
    struct nearest near = {0};

    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op)) {
        try_name(&near, op->words, argc, argv);
        try_name(&near, op->alias, argc, argv);
    }
    for (const struct command_row *c = commands; c->words; c++)
        if (!c->hidden)
            try_name(&near, c->words, argc, argv);
    return near.name;
}
