#include "items.h"

#include "api/args.h"
#include "delimited.h"
#include "files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 20) /* as a node takes */

struct table {
    struct api_call *call;
    const struct api_param *param;
    const char *path;
    char *names[DELIMITED_FIELDS_MAX]; /* of the columns */
    int count;
    json_t *items;
};

static bool is_named(const struct table *t, const char *name)
{
    for (int i = 0; i < t->count; i++)
        if (strcmp(t->names[i], name) == 0)
            return true;
    return false;
}

static enum ledger_status take_names(struct table *t, const struct delimited_row *row)
{
    for (int i = 0; i < row->count; i++) {
        if (is_named(t, row->fields[i]))
            return api_refuse(t->call, LEDGER_FILE_MALFORMED, t->param->name,
                              "%s:%zu: column %d is called as one before it", t->path, row->line,
                              i + 1);
        t->names[i] = strdup(row->fields[i]);
        if (!t->names[i])
            return LEDGER_NO_MEMORY;
        t->count++;
    }
    return LEDGER_OK;
}

static enum ledger_status take_row(void *ctx, const struct delimited_row *row)
{
    struct table *t = ctx;
    json_t *item;

    if (!t->count)
        return take_names(t, row);
    if (row->count != t->count)
        return api_refuse(t->call, LEDGER_FILE_MALFORMED, t->param->name,
                          "%s:%zu: %d fields, and the first line has %d", t->path, row->line,
                          row->count, t->count);
    item = json_object();
    json_array_append_new(t->items, item);
    for (int i = 0; i < row->count; i++)
        if (row->fields[i][0] &&
            json_object_set_new(item, t->names[i], json_string(row->fields[i])) != 0)
            return api_refuse(t->call, LEDGER_TEXT_MALFORMED, t->param->name,
                              "%s:%zu: column %d is not UTF-8", t->path, row->line, i + 1);
    return LEDGER_OK;
}

static enum ledger_status read_csv(struct table *t, const char *text, size_t size)
{
    const char *why;
    size_t line;
    enum ledger_status st;

    t->items = json_array();
    st = delimited_each(text, size, ',', take_row, t, &line, &why);
    if (st != LEDGER_OK && t->call->problem.status != st)
        st = api_refuse(t->call, st, t->param->name, "%s:%zu: %s", t->path, line,
                        why ? why : "out of memory");
    if (st == LEDGER_OK && json_array_size(t->items) == 0)
        st = api_refuse(t->call, LEDGER_FILE_MALFORMED, t->param->name, "%s: there is no row in it",
                        t->path);
    for (int i = 0; i < t->count; i++)
        free(t->names[i]);
    return st;
}

static bool is_csv(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot && strcmp(dot, ".csv") == 0;
}

enum ledger_status items_read(struct api_call *call, const struct api_param *p, const char *path)
{
    struct table table = {.call = call, .param = p, .path = path};
    json_t *body = NULL;
    char *text = NULL;
    size_t size = 0;
    enum ledger_status st;
    int error = files_read(path, FILE_MAX, &text, &size);

    if (error == EFBIG)
        return api_refuse(call, LEDGER_BODY_TOO_LARGE, p->name, "%s has more than %zu bytes", path,
                          FILE_MAX);
    if (error)
        return api_refuse(call, LEDGER_NO_SUCH_FILE, p->name, "%s: %s", path, strerror(error));
    st = is_csv(path) ? read_csv(&table, text, size)
                      : api_args_parse(call, text, size, &table.items);
    if (st == LEDGER_OK) {
        body = json_pack("{s:O}", p->name, table.items);
        st = body ? api_args_body(call, body)
                  : api_refuse(call, LEDGER_NO_MEMORY, p->name, "not enough memory for %s", path);
    }
    json_decref(body);
    json_decref(table.items);
    free(text);
    return st;
}
