/* A command line, its words parted by line ends. */
#include "fuzz.h"

#include "api/args.h"
#include "api/run.h"
#include "cli/options.h"
#include "cli/words.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 40

static int split(char *text, char **words)
{
    int n = 0;

    while (n < WORDS_MAX) {
        words[n++] = text;
        text = strchr(text, '\n');
        if (!text)
            break;
        *text++ = '\0';
    }
    return n;
}

/* Items come from files, and what files the fuzzer may name is not for it to choose. */
static bool reads_files(const struct api_operation *op)
{
    for (const struct api_param *p = op->params; p && p->name; p++)
        if (p->type == API_ITEMS)
            return true;
    return false;
}

static void check_call(const struct api_operation *op, int argc, char **argv)
{
    struct api_call call;

    api_call_init(&call, op);
    enum ledger_status st = options_read(&call, argc, argv);
    fuzz_check_problem(&call, st);
    if (st == LEDGER_OK) {
        fuzz_check_args(&call);
        assert(api_args_complete(&call) == LEDGER_OK);
    }
    api_call_clear(&call);
}

/* The options of every command, as main.c walks over them: each step goes on, and there is an end. */
static void check_walk(int argc, char **argv)
{
    struct options o = {.argc = argc, .argv = argv, .known = options_global};
    enum options_what what;
    int steps = 0;

    while ((what = options_next(&o)) != OPTIONS_END) {
        assert(++steps <= argc && o.at <= argc);
        assert(what != OPTIONS_WORD || o.value);
        assert(what != OPTIONS_OPTION || o.option);
        assert(what != OPTIONS_WRONG || o.problem[0]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    char *words[WORDS_MAX + 1] = {0};
    int n = split(text, words);
    struct words_found found = {0};

    check_walk(n, words);
    if (words_find(n, words, &found)) {
        assert(found.used >= 1 && found.used <= n && (found.op || found.command));
        if (found.op && !reads_files(found.op))
            check_call(found.op, n - found.used, words + found.used);
    } else {
        words_nearest(n, words);
    }
    free(text);
    return 0;
}
