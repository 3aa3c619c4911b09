#include "history.h"

#include "delimited.h"
#include "door.h"
#include "files.h"
#include "ledger/amount.h"
#include "ledger/date.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BRIEF 40

static const char *const field_names[HISTORY_FIELDS] = {"time", "from", "to",       "amount",
                                                        "kind", "memo", "reference"};

/* A row while it is read. */
struct reading {
    struct history *h;
    struct api_problem *problem;
    const struct delimited_row *from;
    struct history_row row;
    bool rounded;
    enum history_field at;
    char sentence[HISTORY_WHY_MAX];
};

static enum ledger_status say(struct reading *r, enum ledger_status s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum ledger_status say(struct reading *r, enum ledger_status s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(r->sentence, sizeof r->sentence, format, args);
    va_end(args);
    return s;
}

/* The beginning of what stands in the file, no character of it cut in two. */
static const char *brief(const char *text, char buf[static BRIEF + 1])
{
    size_t size = strnlen(text, BRIEF);

    if (size == BRIEF)
        while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
            size--;
    memcpy(buf, text, size);
    buf[size] = '\0';
    return buf;
}

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

/* The members of a list are found by their handles. */
static int member_of(struct history *h, const char *handle)
{
    json_t *index = json_object_get(h->member_index, handle);
    char **grown;

    if (index)
        return (int)json_integer_value(index);
    if ((h->member_count & (h->member_count + 1)) == 0) { /* room for 1, 3, 7, 15 … more */
        grown = realloc(h->members, ((size_t)h->member_count * 2 + 1) * sizeof *grown);
        if (!grown)
            return -1;
        h->members = grown;
    }
    h->members[h->member_count] = strdup(handle);
    if (!h->members[h->member_count] ||
        json_object_set_new(h->member_index, handle, json_integer(h->member_count)) != 0)
        return -1;
    return h->member_count++;
}

static enum ledger_status take_time(struct reading *r, const char *text)
{
    char some[BRIEF + 1];
    int64_t at_us;

    if (ledger_date_parse(text, &r->row.effective_on) == LEDGER_OK)
        return LEDGER_OK;
    if (ledger_time_parse(text, &at_us) != LEDGER_OK)
        return say(r, LEDGER_TIME_MALFORMED,
                   "\"%s\" is no time: 2026-11-23, or 2026-11-23T09:30:00Z", brief(text, some));
    r->row.effective_on = ledger_zone_day(r->h->settings.zone, at_us);
    return LEDGER_OK;
}

static enum ledger_status take_party(struct reading *r, const char *text, int *party)
{
    char some[BRIEF + 1];

    if (ledger_handle_check(text) != LEDGER_OK)
        return say(r, LEDGER_HANDLE_MALFORMED,
                   "\"%s\" cannot be a member's handle: 2 to 32 of a-z, 0-9 and -",
                   brief(text, some));
    *party = member_of(r->h, text);
    return *party >= 0 ? LEDGER_OK : say(r, LEDGER_NO_MEMORY, "out of memory");
}

static enum ledger_status take_from(struct reading *r, const char *text)
{
    return take_party(r, text, &r->row.payer);
}

static enum ledger_status take_to(struct reading *r, const char *text)
{
    LEDGER_TRY(take_party(r, text, &r->row.payee));
    return r->row.payer != r->row.payee
               ? LEDGER_OK
               : say(r, LEDGER_SAME_ACCOUNT, "%s pays itself: a transfer has two accounts", text);
}

/* With a decimal comma a point has no place in it: 1.234 would be another amount there. */
static bool to_point(const struct reading *r, const char *text, char *plain, size_t size)
{
    char mark = r->h->settings.decimal_mark;
    char *comma;

    if (snprintf(plain, size, "%s", text) >= (int)size || (mark == ',' && strchr(text, '.')))
        return false;
    comma = mark == ',' ? strchr(plain, ',') : NULL;
    if (comma)
        *comma = '.';
    return true;
}

static enum ledger_status take_amount(struct reading *r, const char *text)
{
    const struct history_settings *s = &r->h->settings;
    char plain[128];
    char why[200];
    char some[BRIEF + 1];
    bool exact = true;
    enum ledger_status st;

    if (!to_point(r, text, plain, sizeof plain))
        return say(r, LEDGER_AMOUNT_MALFORMED, "\"%s\" is no amount with the decimal mark \"%c\"",
                   brief(text, some), s->decimal_mark);
    st = ledger_amount_parse(plain, s->scale, s->hours, LEDGER_AMOUNT_POSITIVE,
                             &r->row.amount_minor, why, sizeof why);
    if (st == LEDGER_AMOUNT_TOO_PRECISE && s->round_half_even) {
        st = ledger_amount_round(plain, s->scale, &r->row.amount_minor, &exact);
        if (st == LEDGER_OK && r->row.amount_minor <= 0)
            return say(r, LEDGER_AMOUNT_NOT_POSITIVE, "%s rounds to nothing", brief(text, some));
        if (st != LEDGER_OK)
            return say(r, st, "\"%s\" is no amount that can be rounded", brief(text, some));
    } else if (st == LEDGER_AMOUNT_TOO_PRECISE) {
        return say(r, st, "%s (or round: --round half-even)", why);
    } else if (st != LEDGER_OK) {
        return say(r, st, "%s", why);
    }
    r->rounded = !exact;
    return LEDGER_OK;
}

static enum ledger_status check_words(struct reading *r, const char *text, size_t max)
{
    enum ledger_status st = ledger_text_check(text, strlen(text), max);

    if (st == LEDGER_TEXT_MALFORMED)
        return say(r, st, "the text is not UTF-8, or has control characters in it");
    return st == LEDGER_OK ? st : say(r, st, "the text is longer than %zu bytes", max);
}

static enum ledger_status take_kind(struct reading *r, const char *text)
{
    LEDGER_TRY(check_words(r, text, LEDGER_ATTRIBUTE_MAX));
    r->row.memo = text[0] ? strdup(text) : NULL;
    return LEDGER_OK;
}

/* Our kind of such a payment is "import": what the source called it goes before its memo. */
static enum ledger_status take_memo(struct reading *r, const char *text)
{
    char *kind = r->row.memo;
    char *both = NULL;

    if (!text[0])
        return LEDGER_OK;
    if (asprintf(&both, "%s%s%s", kind ? kind : "", kind ? ": " : "", text) < 0)
        return say(r, LEDGER_NO_MEMORY, "out of memory");
    free(kind);
    r->row.memo = both;
    return check_words(r, both, LEDGER_MEMO_MAX);
}

static enum ledger_status take_reference(struct reading *r, const char *text)
{
    LEDGER_TRY(check_words(r, text, LEDGER_REFERENCE_MAX));
    r->row.reference = text[0] ? strdup(text) : NULL;
    return LEDGER_OK;
}

static enum ledger_status (*const take[HISTORY_FIELDS])(struct reading *r, const char *text) = {
    take_time, take_from, take_to, take_amount, take_kind, take_memo, take_reference};

static enum ledger_status take_fields(struct reading *r)
{
    if (r->from->count != r->h->column_count) {
        r->at = HISTORY_FIELDS;
        return say(r, LEDGER_FILE_MALFORMED, "%d fields, and the header has %d", r->from->count,
                   r->h->column_count);
    }
    r->row.effective_on = r->h->settings.effective_on;
    for (int f = 0; f < HISTORY_FIELDS; f++) {
        if (r->h->columns[f] < 0)
            continue;
        const char *text = r->from->fields[r->h->columns[f]];
        r->at = (enum history_field)f;
        LEDGER_TRY(check_words(r, text, LEDGER_MEMO_MAX));
        LEDGER_TRY(take[f](r, text));
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
    r->rounded = false;
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
        h->rounded += r->rounded && r->row.status == LEDGER_OK;
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

static void write_quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

bool history_may_write(const char *path)
{
    static const char ours[] = "line";
    char begins[sizeof ours] = "";
    FILE *there = fopen(path, "re");
    bool is_ours = false;

    if (!there)
        return errno == ENOENT;
    if (fread(begins, 1, sizeof ours, there) == sizeof ours)
        is_ours = memcmp(begins, ours, sizeof ours - 1) == 0 && strchr(",;\t", begins[4]);
    fclose(there);
    return is_ours;
}

int history_write_rejects(const struct history *h, const char *path)
{
    char mark = h->settings.delimiter;
    FILE *out = fopen(path, "we");
    int error;

    if (!out)
        return errno;
    fprintf(out, "line%ccode%creason%c", mark, mark, mark);
    fwrite(h->header, 1, h->header_size, out);
    fputs("\r\n", out);
    for (size_t i = 0; i < h->count; i++) {
        const struct history_row *row = &h->rows[i];

        if (row->status == LEDGER_OK)
            continue;
        fprintf(out, "%zu%c%s%c", row->line, mark, ledger_status_facts(row->status)->code, mark);
        write_quoted(row->why, out);
        fputc(mark, out);
        fwrite(row->raw, 1, row->raw_size, out);
        fputs("\r\n", out);
    }
    error = ferror(out) ? EIO : 0;
    return fclose(out) != 0 && !error ? errno : error;
}
