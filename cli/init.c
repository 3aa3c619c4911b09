/*
 * init.c - make a new ledger.
 */
#include "commands.h"

#include "api/run.h"
#include "files.h"
#include "key.h"
#include "keyfile.h"
#include "ledger/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME, ZONE, PUBLIC_URL, OPTIONS };

const struct option command_init_options[] = {
    [NAME] = {"name", "TEXT", "what the ledger is called: Calder Valley", true},
    [ZONE] = {"zone", "ZONE", "whose days are its days: Europe/London; UTC unless told", false},
    [PUBLIC_URL] = {"public-url", "URL", "where others find the node: https://ledger.example.org",
                    false},
    [OPTIONS] = {NULL, NULL, NULL, false},
};

static void say_what_is_next(const char *given)
{
    const char *option = given ? " --ledger " : "";
    const char *path = given ? given : "";

    printf("Next: coledger%s%s currency add CALD --name \"Calder\" --kind money --floor -100\n"
           "      coledger%s%s member add riverside --name \"Riverside Bakery\"\n",
           option, path, option, path);
}

static void say_made(const struct command *c, const struct ledger *l)
{
    static const struct api_column fields[] = {
        {"name", "Ledger", false}, {"zone", "Days of", false}, {"file", "File", false}, {0}};
    json_t *answer = json_pack("{s:s, s:s, s:s}", "name", ledger_name(l), "zone",
                               ledger_zone_name(l), "file", ledger_path(l));

    command_show(c, fields, answer);
    if (c->form == RENDER_TABLE)
        say_what_is_next(c->where.ledger);
}

static enum ledger_status set_address(struct ledger *l, const char *url, char *message, size_t size)
{
    char actor[LEDGER_ACTOR_MAX + 1];
    const struct ledger_why why = {.actor = actor, .reason = "made so", .authority = ""};
    int64_t id;
    enum ledger_status st = ledger_begin_write(l);

    snprintf(actor, sizeof actor, "local:%.50s", files_user());
    if (st == LEDGER_OK)
        st = ledger_address_set(l, url, &why, &id);
    if (st == LEDGER_OK)
        st = ledger_commit(l);
    if (st != LEDGER_OK)
        snprintf(message, size, "the ledger is made, and has no public address: %s",
                 ledger_message(l));
    return st;
}

/* The key of another ledger that lay here must not become this one's, nor be lost. */
static bool is_key_in_the_way(const char *path)
{
    char *name = keyfile_name(path);
    struct stat st;
    bool is_there = name && lstat(path, &st) != 0 && lstat(name, &st) == 0;

    free(name);
    return is_there;
}

static int make(const struct command *c, const char *path, const char *const *values)
{
    char message[LEDGER_MESSAGE_MAX] = "";
    struct ledger *l = NULL;
    enum ledger_status st;
    int error = files_make_folder(path);
    int exit_code = 0;

    if (error)
        return command_refused(c, LEDGER_READ_ONLY, "the folder of %s cannot be made: %s", path,
                               strerror(error));
    if (values[PUBLIC_URL] && !ledger_address_is_one(values[PUBLIC_URL]))
        return command_refused(c, LEDGER_ADDRESS_MALFORMED,
                               "--public-url is written https://ledger.example.org, without a "
                               "slash at its end");
    if (is_key_in_the_way(path))
        return command_refused(c, LEDGER_EXISTS,
                               "%s.key is there already, the key of a ledger: move it away first",
                               path);
    st = ledger_create(path, values[NAME], values[ZONE] ? values[ZONE] : "UTC", &api_env, &l);
    if (st != LEDGER_OK)
        snprintf(message, sizeof message, "%s", l ? ledger_message(l) : "");
    if (st == LEDGER_OK)
        st = key_begin(l, path, "made with the ledger", message, sizeof message);
    if (st == LEDGER_OK && values[PUBLIC_URL])
        st = set_address(l, values[PUBLIC_URL], message, sizeof message);
    if (st == LEDGER_OK)
        say_made(c, l);
    else
        exit_code = command_refused(c, st, "%s", message);
    ledger_close(l);
    return exit_code;
}

int command_init(struct command *c)
{
    const char *values[OPTIONS];
    enum ledger_status st = command_line(c, values, NULL, 0, 0);
    char *path;
    int exit_code;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    path = command_file(c, &exit_code);
    if (!path)
        return exit_code;
    exit_code = make(c, path, values);
    free(path);
    return exit_code;
}
