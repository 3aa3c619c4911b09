#include "history.h"

#include "delimited.h"
#include "door.h"
#include "files.h"
#include "history_field.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const field_names[HISTORY_FIELDS] = {"time", "from", "to",       "amount",
                                                        "kind", "memo", "reference"};

/* A row while it is read. */
struct reading {
    struct history *h;
    struct api_problem *problem;
    const struct delimited_row *from;
    struct history_row row;
    enum history_field at;
    char sentence[HISTORY_WHY_MAX];
};

enum ledger_status history_refuse(struct history *h, struct history_row *row,
                                  enum history_field field, enum ledger_status s,
                                  const char *sentence, struct api_problem *problem)
{
    char where[96] = "";

    if (s == LEDGER_UID_TAKEN)
        sentence = "this row was imported before, and not as it is now: ask for the same "
                   "--effective-on, --round and --currency as then, or give another --source";
    if (field < HISTORY_FIELDS)
        snprintf(where, sizeof where, "column %d (%s): ", h->columns[field] + 1,
                 field_names[field]);
    if (h->settings.each) {
        row->status = s;
        h->rejected++;
        return asprintf(&row->why, "%s%s", where, sentence) < 0 ? LEDGER_NO_MEMORY : LEDGER_OK;
    }
    return door_refuse(problem, s, "%s:%zu: %s%s", h->settings.path, row->line, where, sentence);
}

static enum ledger_status take_fields(struct reading *r)
{
    if (r->from->count != r->h->column_count) {
        r->at = HISTORY_FIELDS;
        snprintf(r->sentence, sizeof r->sentence, "%d fields, and the header has %d",
                 r->from->count, r->h->column_count);
        return LEDGER_FILE_MALFORMED;
    }
    r->row.effective_on = r->h->settings.effective_on;
    for (int f = 0; f < HISTORY_FIELDS; f++) {
        if (r->h->columns[f] < 0)
            continue;
        const char *text = r->from->fields[r->h->columns[f]];
        r->at = (enum history_field)f;
        LEDGER_TRY(history_field_take(r->h, &r->row, r->at, text, r->sentence));
    }
    return LEDGER_OK;
}

static void mix(crypto_hash_sha256_state *state, const char *text)
{
    crypto_hash_sha256_update(state, (const unsigned char *)text, strlen(text) + 1);
}

static enum ledger_status name_row(struct reading *r)
{
    struct history *h = r->h;
    crypto_hash_sha256_state state;
    uint8_t bytes[crypto_hash_sha256_BYTES + 8];
    char hex[33];
    int64_t before;

    crypto_hash_sha256_init(&state);
    mix(&state, h->settings.source);
    for (int f = 0; f < HISTORY_FIELDS; f++)
        if (h->columns[f] >= 0) {
            mix(&state, field_names[f]);
            mix(&state, r->from->fields[h->columns[f]]);
        }
    crypto_hash_sha256_final(&state, bytes);
    sodium_bin2hex(hex, sizeof hex, bytes, 16);
    before = json_integer_value(json_object_get(h->seen, hex));
    if (json_object_set_new(h->seen, hex, json_integer(before + 1)) != 0)
        return LEDGER_NO_MEMORY;
    for (int i = 0; i < 8; i++)
        bytes[crypto_hash_sha256_BYTES + i] = (uint8_t)(before >> (8 * i));
    r->row.uid = ledger_uid_from_bytes(bytes, sizeof bytes);
    return LEDGER_OK;
}

static enum ledger_status keep(struct history *h, const struct history_row *row)
{
    struct history_row *grown;

    if ((h->count & (h->count + 1)) == 0) {
        grown = realloc(h->rows, (h->count * 2 + 1) * sizeof *grown);
        if (!grown)
            return LEDGER_NO_MEMORY;
        h->rows = grown;
    }
    h->rows[h->count++] = *row;
    return LEDGER_OK;
}

static void drop_row(struct history_row *row)
{
    free(row->memo);
    free(row->reference);
    free(row->why);
}

static enum ledger_status take_row(struct reading *r)
{
    struct history *h = r->h;
    enum ledger_status st;

    r->row = (struct history_row){.line = r->from->line,
                                  .raw = r->from->raw,
                                  .raw_size = r->from->raw_size,
                                  .payer = -1,
                                  .payee = -1};
    if (h->count == HISTORY_ROWS_MAX)
        return door_refuse(r->problem, LEDGER_BODY_TOO_LARGE,
                           "%s has more than %d rows: import it in parts", h->settings.path,
                           HISTORY_ROWS_MAX);
    st = take_fields(r);
    if (st == LEDGER_OK)
        st = name_row(r);
    else if (st != LEDGER_NO_MEMORY)
        st = history_refuse(h, &r->row, r->at, st, r->sentence, r->problem);
    if (st == LEDGER_OK)
        st = keep(h, &r->row);
    if (st == LEDGER_OK)
        h->rounded += r->row.rounded && r->row.status == LEDGER_OK;
    else
        drop_row(&r->row);
    return st;
}

static int column_named(const struct delimited_row *header, const char *name, size_t size)
{
    int found = -1;

    for (int i = 0; i < header->count; i++)
        if (strlen(header->fields[i]) == size && memcmp(header->fields[i], name, size) == 0)
            found = found < 0 ? i : -2;
    return found;
}

static enum history_field field_named(const char *name, size_t size)
{
    int f = 0;

    while (f < HISTORY_FIELDS &&
           (strlen(field_names[f]) != size || memcmp(field_names[f], name, size) != 0))
        f++;
    return (enum history_field)f;
}

static enum ledger_status map_pair(struct reading *r, const char *pair, size_t size)
{
    const char *equals = memchr(pair, '=', size);
    size_t name_size = equals ? (size_t)(equals - pair) : 0;
    enum history_field f = field_named(pair, name_size);
    int column;

    if (!equals || f == HISTORY_FIELDS)
        return door_refuse(r->problem, LEDGER_USAGE,
                           "--columns says which column holds what: time=…,from=…,to=…,amount=…,"
                           "kind=…,memo=…,reference=…, not \"%.*s\"",
                           (int)(size < 40 ? size : 40), pair);
    if (r->h->columns[f] >= 0)
        return door_refuse(r->problem, LEDGER_USAGE, "--columns names %s twice", field_names[f]);
    column = column_named(r->from, equals + 1, size - name_size - 1);
    if (column < 0)
        return door_refuse(r->problem, LEDGER_FILE_MALFORMED, "%s:%zu: %s column called \"%.*s\"",
                           r->h->settings.path, r->from->line,
                           column == -2 ? "there is more than one" : "there is no",
                           (int)(size - name_size - 1), equals + 1);
    r->h->columns[f] = column;
    return LEDGER_OK;
}

static enum ledger_status map_columns(struct reading *r)
{
    const char *map = r->h->settings.map;

    for (int f = 0; f < HISTORY_FIELDS; f++)
        r->h->columns[f] = map ? -1 : column_named(r->from, field_names[f], strlen(field_names[f]));
    for (int f = 0; f < HISTORY_FIELDS; f++)
        if (r->h->columns[f] == -2)
            return door_refuse(r->problem, LEDGER_FILE_MALFORMED,
                               "%s:%zu: there is more than one column called \"%s\"",
                               r->h->settings.path, r->from->line, field_names[f]);
    for (const char *pair = map; pair; pair = strchr(pair, ',') ? strchr(pair, ',') + 1 : NULL)
        LEDGER_TRY(map_pair(r, pair, strcspn(pair, ",")));
    for (int f = HISTORY_FROM; f <= HISTORY_AMOUNT; f++)
        if (r->h->columns[f] < 0)
            return door_refuse(r->problem, LEDGER_FILE_MALFORMED,
                               "%s:%zu: which column is %s? Say it with --columns %s=…",
                               r->h->settings.path, r->from->line, field_names[f], field_names[f]);
    if (r->h->columns[HISTORY_TIME] < 0 && !r->h->settings.has_effective)
        return door_refuse(r->problem, LEDGER_USAGE,
                           "when was it? Name the column with --columns time=…, or the day of all "
                           "of it with --effective-on");
    if (r->h->columns[HISTORY_TIME] >= 0 && r->h->settings.has_effective)
        return door_refuse(r->problem, LEDGER_USAGE,
                           "the time is in the file: --effective-on is for a file without");
    return LEDGER_OK;
}

static enum ledger_status take_line(void *ctx, const struct delimited_row *row)
{
    struct reading *r = ctx;

    if (row->count > HISTORY_COLUMNS_MAX)
        return door_refuse(r->problem, LEDGER_FILE_MALFORMED, "%s:%zu: it has more than %d fields",
                           r->h->settings.path, row->line, HISTORY_COLUMNS_MAX);
    r->from = row;
    if (r->h->header)
        return take_row(r);
    r->h->header = row->raw;
    r->h->header_size = row->raw_size;
    r->h->column_count = row->count;
    return map_columns(r);
}

static enum ledger_status load(struct history *h, struct api_problem *problem)
{
    const char *path = h->settings.path;
    int error = files_read(path, HISTORY_FILE_MAX, &h->text, &h->size);

    if (error == EFBIG)
        return door_refuse(problem, LEDGER_BODY_TOO_LARGE, "%s is larger than %zu MiB", path,
                           HISTORY_FILE_MAX >> 20);
    if (error)
        return door_refuse(problem, LEDGER_NO_SUCH_FILE, "%s cannot be read: %s", path,
                           strerror(error));
    if (memchr(h->text, '\0', h->size))
        return door_refuse(problem, LEDGER_FILE_MALFORMED,
                           "%s is not a text file: it has zero bytes in it", path);
    return LEDGER_OK;
}

enum ledger_status history_read(struct history *h, const struct history_settings *settings,
                                struct api_problem *problem)
{
    struct reading r = {.h = h, .problem = problem};
    const char *why;
    size_t line;

    *h = (struct history){.settings = *settings};
    h->member_index = json_object();
    h->seen = json_object();
    LEDGER_TRY(load(h, problem));
    problem->status = LEDGER_OK;
    enum ledger_status st =
        delimited_each(h->text, h->size, settings->delimiter, take_line, &r, &line, &why);
    if (st != LEDGER_OK && problem->status != st)
        return door_refuse(problem, st, "%s:%zu: %s", settings->path, line,
                           why ? why : "out of memory");
    if (st == LEDGER_OK && h->count == 0)
        return door_refuse(problem, LEDGER_FILE_MALFORMED, "%s: there is no row in it%s",
                           settings->path, h->header ? " below its header" : "");
    return st;
}

void history_free(struct history *h)
{
    for (size_t i = 0; i < h->count; i++)
        drop_row(&h->rows[i]);
    for (int i = 0; i < h->member_count; i++)
        free(h->members[i]);
    free(h->rows);
    free(h->members);
    free(h->text);
    json_decref(h->member_index);
    json_decref(h->seen);
    *h = (struct history){0};
}
