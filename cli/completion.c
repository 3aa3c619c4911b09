/*
 * completion.c - what could stand next on a line, and the scripts that make shells ask.
 *
 * The scripts only pass the line on to `coledger complete`, which reads the tables of this very
 * program and the members and currencies of the ledger at hand: nothing in them goes stale.
 */
#include "commands.h"

#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES ":files" /* a line by itself: the shell completes names of files */

static const char bash_script[] =
    "_coledger() {\n"
    "    local word line\n"
    "    COMPREPLY=()\n"
    "    word=\"${COMP_WORDS[COMP_CWORD]}\"\n"
    "    while IFS=$'\\t' read -r line _; do\n"
    "        if [ \"$line\" = " FILES " ]; then\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
    "        else\n"
    "            COMPREPLY+=(\"$line\")\n"
    "        fi\n"
    "    done < <(coledger complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
    "}\n"
    "complete -F _coledger coledger\n";

static const char zsh_script[] =
    "#compdef coledger\n"
    "_coledger() {\n"
    "    local line\n"
    "    local -a found\n"
    "    while IFS= read -r line; do\n"
    "        if [[ \"$line\" == " FILES " ]]; then\n"
    "            _files\n"
    "        else\n"
    "            line=\"${line//:/\\\\:}\"\n"
    "            found+=(\"${line/$'\\t'/:}\")\n"
    "        fi\n"
    "    done < <(coledger complete \"${(@)words[2,CURRENT]}\" 2>/dev/null)\n"
    "    (( ${#found} )) && _describe coledger found\n"
    "}\n"
    "if [ \"${funcstack[1]}\" = _coledger ]; then\n"
    "    _coledger \"$@\"\n"
    "else\n"
    "    compdef _coledger coledger\n"
    "fi\n";

static const char fish_script[] = "function __coledger_complete\n"
                                  "    set -l line (commandline -opc) (commandline -ct)\n"
                                  "    for found in (coledger complete $line[2..-1] 2>/dev/null)\n"
                                  "        if test \"$found\" = " FILES "\n"
                                  "            __fish_complete_path (commandline -ct)\n"
                                  "        else\n"
                                  "            printf '%s\\n' $found\n"
                                  "        end\n"
                                  "    end\n"
                                  "end\n"
                                  "complete -c coledger -f -a '(__coledger_complete)'\n";

int command_completion(struct command *c)
{
    static const struct {
        const char *shell;
        const char *script;
    } scripts[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};
    const char *shell;
    enum ledger_status st = command_line(c, NULL, &shell, 1, 1);

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        if (strcmp(shell, scripts[i].shell) == 0) {
            fputs(scripts[i].script, stdout);
            return 0;
        }
    return command_refused(c, LEDGER_CHOICE_UNKNOWN, "there is no script for %s: bash, zsh or fish",
                           shell);
}

/* The line so far: whole words, and the one being typed. */
struct typed {
    int argc;
    char **argv;
    const char *word;
    struct door_settings where;
};

static void offer(const struct typed *t, const char *text, const char *meaning)
{
    if (strncmp(text, t->word, strlen(t->word)) != 0)
        return;
    fputs(text, stdout);
    if (meaning && *meaning)
        printf("\t%s", meaning);
    putchar('\n');
}

/* The next word of `words` after those that are typed already. */
static void offer_next_word(const struct typed *t, const char *words, const char *summary)
{
    char next[64];
    int n = 0;

    for (; n < t->argc && words; n++) {
        if (strncmp(words, t->argv[n], strcspn(words, " ")) != 0 ||
            strlen(t->argv[n]) != strcspn(words, " "))
            return;
        words = strchr(words, ' ');
        words = words ? words + 1 : NULL;
    }
    if (!words)
        return;
    snprintf(next, sizeof next, "%.*s", (int)strcspn(words, " "), words);
    offer(t, next, strchr(words, ' ') ? "" : summary);
}

static bool begins_before(const struct api_operation *op)
{
    for (const struct api_operation *other = api_operations; other != op;
         other = api_operation_next(other))
        if (strcspn(other->words, " ") == strcspn(op->words, " ") &&
            strncmp(other->words, op->words, strcspn(op->words, " ")) == 0)
            return true;
    return false;
}

static void offer_words(const struct typed *t)
{
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op)) {
        if (t->argc || !begins_before(op))
            offer_next_word(t, op->words, op->summary);
        if (op->alias)
            offer_next_word(t, op->alias, op->summary);
    }
    for (const struct command_row *c = commands; c->words; c++)
        if (!c->hidden && !api_operation_named(c->words))
            offer_next_word(t, c->words, c->summary);
}

static void offer_options(const struct typed *t, const struct option *list)
{
    char name[OPTIONS_NAME_MAX + 2];

    for (; list && list->name; list++) {
        snprintf(name, sizeof name, "--%s", list->name);
        offer(t, name, list->help);
    }
}

static void offer_choices(const struct typed *t, const char *choices)
{
    char choice[64];

    for (const char *at = choices; at && *at;) {
        size_t length = strcspn(at, "|");

        snprintf(choice, sizeof choice, "%.*s", (int)length, at);
        offer(t, choice, "");
        at += length + (at[length] == '|');
    }
}

/* One field of every item of a list. */
struct offering {
    const struct typed *t;
    const char *key;
    const char *after;
};

static void offer_item(void *ctx, const json_t *item)
{
    const struct offering *o = ctx;
    const char *name = json_string_value(json_object_get(item, o->key));
    char text[LEDGER_NAME_MAX + 2];

    snprintf(text, sizeof text, "%s%s", name ? name : "", o->after);
    offer(o->t, text, json_string_value(json_object_get(item, "name")));
}

/* Nothing when the ledger cannot be asked. */
static void offer_items(const struct typed *t, const char *list, const char *key, const char *after)
{
    struct offering o = {t, key, after};
    struct api_problem problem;
    struct door door;

    if (door_open(&door, &t->where, &problem) == LEDGER_OK)
        (void)!door_each(&door, list, json_object(), offer_item, &o, &problem);
    door_close(&door);
}

static void offer_values(const struct typed *t, const struct api_param *p)
{
    switch (p->type) {
    case API_HANDLE:
        offer_items(t, "member.list", "member", "");
        break;
    case API_PAYEES:
        offer_items(t, "member.list", "member", "=");
        break;
    case API_LEGS:
        offer_items(t, "member.list", "member", ":");
        break;
    case API_CURRENCY:
        offer_items(t, "currency.list", "code", "");
        break;
    case API_CHOICE:
        offer_choices(t, p->choices);
        break;
    case API_ITEMS:
        puts(FILES);
        break;
    case API_TEXT:
        if (p->flags & API_FROM_FILE)
            puts(FILES);
        break;
    case API_AMOUNT:
    case API_DATE:
    case API_TIME:
    case API_LOCAL:
    case API_DURATION:
    case API_INTEGER:
    case API_FLAG:
    case API_CURSOR:
        break;
    }
}

/* Where the cursor stands on a line of options and words. */
struct place {
    const struct option *pending; /* whose value is being typed, or NULL */
    int words;
};

static struct place find_place(struct typed *t, const struct option *known)
{
    struct options o = {.argc = t->argc, .argv = t->argv, .known = known, .also = options_global};
    struct place place = {0};
    enum options_what what;

    while ((what = options_next(&o)) != OPTIONS_END) {
        if (what == OPTIONS_WORD)
            place.words++;
        if (what == OPTIONS_OPTION && strcmp(o.option->name, "ledger") == 0)
            t->where.ledger = o.value;
        if (what == OPTIONS_OPTION && strcmp(o.option->name, "node") == 0)
            t->where.node = o.value;
        if (what == OPTIONS_WRONG && o.option && o.option->value && o.at == o.argc)
            place.pending = o.option;
    }
    return place;
}

static void offer_for_operation(struct typed *t, const struct api_operation *op)
{
    struct options_of_operation of;
    const struct api_param *p;
    struct place place;

    options_of(op, &of);
    place = find_place(t, of.list);
    p = options_positional(op, place.words);
    if (place.pending >= of.list && place.pending < of.list + OPTIONS_MAX) {
        if (of.params[place.pending - of.list])
            offer_values(t, of.params[place.pending - of.list]);
    } else if (place.pending) {
        puts(FILES);
    } else if (t->word[0] == '-' || !p) {
        offer_options(t, of.list);
        offer_options(t, options_global);
    } else {
        offer_values(t, p);
    }
}

/* What a command calls a value says what may stand there: MEMBER, CODE, FILE, a|b, or the word itself. */
static void offer_called(const struct typed *t, const char *name)
{
    if (strchr(name, '|'))
        offer_choices(t, name);
    else if (strcmp(name, "MEMBER") == 0)
        offer_items(t, "member.list", "member", "");
    else if (strcmp(name, "CODE") == 0)
        offer_items(t, "currency.list", "code", "");
    else if (strcmp(name, "FILE") == 0)
        puts(FILES);
    else if (name[0] >= 'a' && name[0] <= 'z')
        offer(t, name, "");
}

static void offer_for_command(struct typed *t, const struct command_row *c)
{
    struct place place = find_place(t, c->options);
    const char *operand = c->operands + (c->operands[0] == '[');
    char name[64];

    for (int n = 0; n < place.words && *operand; n++)
        operand += strcspn(operand, " ") + (strchr(operand, ' ') != NULL);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(operand, " ]"), operand);
    if (place.pending) {
        offer_called(t, place.pending->value);
    } else if (t->word[0] == '-' || !*name) {
        offer_options(t, c->options);
        offer_options(t, options_global);
    } else {
        offer_called(t, name);
    }
}

/* Options of every command may stand before the words. */
static void skip_globals(struct typed *t)
{
    struct options o = {.argc = t->argc, .argv = t->argv, .also = options_global};
    int at = 0;

    while (options_next(&o) == OPTIONS_OPTION) {
        if (strcmp(o.option->name, "ledger") == 0)
            t->where.ledger = o.value;
        if (strcmp(o.option->name, "node") == 0)
            t->where.node = o.value;
        at = o.at;
    }
    t->argc -= at;
    t->argv += at;
}

int command_complete(struct command *c)
{
    struct typed t = {.argc = c->argc, .argv = c->argv, .word = ""};
    struct words_found found;

    if (t.argc > 0)
        t.word = t.argv[--t.argc];
    skip_globals(&t);
    if (!words_find(t.argc, t.argv, &found)) {
        if (t.argc == 0 && t.word[0] == '-')
            offer_options(&t, options_global);
        else
            offer_words(&t);
        return 0;
    }
    t.argc -= found.used;
    t.argv += found.used;
    if (found.op)
        offer_for_operation(&t, found.op);
    else if (strcmp(found.command->words, "help") == 0)
        offer_words(&t);
    else
        offer_for_command(&t, found.command);
    return 0;
}
