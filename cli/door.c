#include "door.h"

#include "api/run.h"
#include "files.h"
#include "key.h"
#include "remote.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOCK_WAIT_MS 5000
#define PAGE_MAX 500

enum ledger_status door_refuse(struct api_problem *problem, enum ledger_status s,
                               const char *format, ...)
{
    va_list args;

    *problem = (struct api_problem){.status = s, .leg = -1};
    va_start(args, format);
    vsnprintf(problem->detail, sizeof problem->detail, format, args);
    va_end(args);
    ledger_text_mend(problem->detail);
    return s;
}

bool door_is_remote(const struct door_settings *where)
{
    return where->node || (!where->ledger && files_node());
}

static enum ledger_status open_remote(struct door *d, const char *url, struct api_problem *problem)
{
    char message[LEDGER_MESSAGE_MAX];
    char *token = NULL;
    enum ledger_status st = files_token(&token, message, sizeof message);

    /* What is public needs none; the rest is refused once it is known what is asked. */
    if (st != LEDGER_OK && st != LEDGER_NOT_SIGNED_IN)
        return door_refuse(problem, st, "%s", message);
    d->remote = remote_new(url, token, message);
    free(token);
    if (!d->remote)
        return door_refuse(problem, LEDGER_UNREACHABLE, "asking a node needs libcurl (libcurl4)");
    return LEDGER_OK;
}

enum ledger_status door_open(struct door *d, const struct door_settings *where,
                             struct api_problem *problem)
{
    *d = (struct door){0};
    if (where->node && where->ledger)
        return door_refuse(problem, LEDGER_USAGE,
                           "--ledger and --node exclude each other: a file or a node");
    if (door_is_remote(where))
        return open_remote(d, where->node ? where->node : files_node(), problem);
    d->path = files_ledger(where->ledger);
    if (!d->path)
        return door_refuse(problem, LEDGER_USAGE, "say where the ledger is: --ledger FILE");
    return LEDGER_OK;
}

void door_close(struct door *d)
{
    ledger_close(d->ledger);
    remote_free(d->remote);
    free(d->path);
    *d = (struct door){0};
}

enum ledger_status door_ledger(struct door *d, bool write, struct ledger **l,
                               struct api_problem *problem)
{
    struct ledger_options options = {.write = write, .wait_ms = LOCK_WAIT_MS, .holder = "coledger"};
    enum ledger_status st = LEDGER_OK;

    if (d->remote)
        return door_refuse(problem, LEDGER_USAGE, "this works on a ledger file: use --ledger");
    if (d->ledger && write && !d->write) {
        ledger_close(d->ledger);
        d->ledger = NULL;
    }
    if (!d->ledger) {
        st = ledger_open(d->path, &options, &api_env, &d->ledger);
        d->write = write;
        if (st == LEDGER_OK && write)
            key_load(d->ledger, d->path);
    }
    if (st != LEDGER_OK) {
        door_refuse(problem, st, "%s", d->ledger ? ledger_message(d->ledger) : "");
        ledger_close(d->ledger);
        d->ledger = NULL;
    }
    *l = d->ledger;
    return st;
}

enum ledger_status door_call(struct door *d, struct api_call *call, json_t **out)
{
    struct ledger *l;

    *out = NULL;
    if (d->remote)
        return remote_call(d->remote, call, out);
    LEDGER_TRY(door_ledger(d, call->op->mode == API_WRITE, &l, &call->problem));
    api_call_as_local(call, files_user());
    return api_run(l, call, out);
}

enum ledger_status door_ask(struct door *d, const char *name, json_t *args, json_t **out,
                            struct api_problem *problem)
{
    struct api_call call;
    enum ledger_status st;

    api_call_init(&call, api_operation_named(name));
    json_object_update(call.args, args);
    json_decref(args);
    st = door_call(d, &call, out);
    if (st != LEDGER_OK)
        *problem = call.problem;
    api_call_clear(&call);
    return st;
}

enum ledger_status door_each(struct door *d, const char *name, json_t *args, door_reader *read,
                             void *ctx, struct api_problem *problem)
{
    bool paged = api_param_named(api_operation_named(name), "limit") != NULL;
    json_t *page = NULL;
    const char *next;
    enum ledger_status st;
    size_t i;
    json_t *item;

    if (paged)
        json_object_set_new(args, "limit", json_integer(PAGE_MAX));
    do {
        json_decref(page);
        st = door_ask(d, name, json_copy(args), &page, problem);
        json_array_foreach(json_object_get(page, "items"), i, item)
        {
            read(ctx, item);
        }
        next = json_string_value(json_object_get(page, "next"));
        if (next)
            json_object_set_new(args, "after", json_string(next));
    } while (st == LEDGER_OK && next);
    json_decref(page);
    json_decref(args);
    return st;
}
