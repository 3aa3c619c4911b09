/*
 * certificate.c - a certificate in a file: read it, and have it verified with or without a ledger.
 */
#include "certificate.h"

#include "commands.h"

#include "api/args.h"
#include "api/credential.h"
#include "api/run.h"
#include "files.h"
#include "ledger/multibase.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)64 << 10)

enum { KEY, OPTIONS };

const struct option command_certificate_options[] = {
    [KEY] = {"key", "KEY", "verify by this public key, z6Mk… or did:key:z6Mk…, without any ledger",
             false},
    [OPTIONS] = {NULL, NULL, NULL, false},
};

static char *trim(char *text)
{
    size_t size = strlen(text);

    while (size && isspace((unsigned char)text[size - 1]))
        text[--size] = '\0';
    return text + strspn(text, " \t\r\n");
}

/* What `certificate show --json` wrote has the text in "jwt". */
static enum ledger_status take_json(struct api_call *call, const struct api_param *p,
                                    const char *text)
{
    json_t *json = NULL;
    enum ledger_status st = api_args_parse(call, text, strlen(text), &json);
    const char *jwt = json_string_value(json_object_get(json, p->name));

    if (st == LEDGER_OK && !jwt)
        st = api_refuse(call, LEDGER_CERTIFICATE_MALFORMED, p->name,
                        "there is no \"%s\" in that file", p->name);
    if (st == LEDGER_OK)
        st = api_args_text(call, p->name, jwt);
    json_decref(json);
    return st;
}

enum ledger_status certificate_read(struct api_call *call, const struct api_param *p,
                                    const char *path)
{
    char *text;
    size_t size;
    int error = files_read(path, FILE_MAX, &text, &size);

    if (error)
        return api_refuse(call, error == ENOENT ? LEDGER_NO_SUCH_FILE : LEDGER_FILE_MALFORMED,
                          p->name, "%s cannot be read: %s", path, strerror(error));
    bool is_cut = strlen(text) < size;
    char *jwt = trim(text);
    enum ledger_status st;
    if (is_cut)
        st = api_refuse(call, LEDGER_CERTIFICATE_MALFORMED, p->name, "%s is not text", path);
    else
        st = jwt[0] == '{' ? take_json(call, p, jwt) : api_args_text(call, p->name, jwt);
    free(text);
    return st;
}

static enum ledger_status verify(const struct command *c, struct api_call *call, const char *key,
                                 json_t **out)
{
    struct door door = {0};
    uint8_t public_key[32];
    enum ledger_status st;

    if (key) {
        if (ledger_multibase_read(key, public_key) != LEDGER_OK)
            return api_refuse(call, LEDGER_KEY_MALFORMED, "key",
                              "a public key is written z6Mk… or did:key:z6Mk…: coledger key show");
        return credential_check_key(call, api_text(call, "jwt"), public_key,
                                    api_env.now_us(api_env.arg), out);
    }
    st = door_open(&door, &c->where, &call->problem);
    if (st == LEDGER_OK)
        st = door_call(&door, call, out);
    door_close(&door);
    return st;
}

int command_certificate_verify(struct command *c)
{
    const struct api_operation *op = api_operation_named("certificate.verify");
    const char *values[OPTIONS];
    const char *words[1];
    struct api_call call;
    json_t *answer = NULL;
    enum ledger_status st = command_line(c, values, words, 1, 1);

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    api_call_init(&call, op);
    st = certificate_read(&call, api_param_named(op, "jwt"), words[0]);
    if (st == LEDGER_OK)
        st = verify(c, &call, values[KEY], &answer);
    if (st == LEDGER_OK)
        command_show(c, op->head, answer);
    int exit_code = st == LEDGER_OK ? 0 : command_problem(c, &call.problem);
    api_call_clear(&call);
    return exit_code;
}
