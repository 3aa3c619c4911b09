#include "fuzz.h"

#include "api/args.h"
#include "ledger/amount.h"
#include "ledger/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES 4
#define WORD_MAX 64
#define ITEMS_MAX 1000

char *fuzz_text(const uint8_t *data, size_t size)
{
    size_t length = size ? strnlen((const char *)data, size) : 0;
    char *text = malloc(length + 1);

    assert(text);
    if (length)
        memcpy(text, data, length);
    text[length] = '\0';
    return text;
}

static struct {
    char name[64];
    const char *suffix;
} files[NAMES];

static void remove_files(void)
{
    for (int i = 0; i < NAMES && files[i].suffix; i++)
        unlink(files[i].name);
}

const char *fuzz_file(const char *suffix, const uint8_t *data, size_t size)
{
    int i = 0;

    while (files[i].suffix && strcmp(files[i].suffix, suffix) != 0)
        assert(++i < NAMES);
    if (!files[i].suffix) {
        if (i == 0)
            atexit(remove_files);
        files[i].suffix = suffix;
        snprintf(files[i].name, sizeof files[i].name, "/tmp/coledger-fuzz-%d%s", (int)getpid(),
                 suffix);
    }
    FILE *f = fopen(files[i].name, "we");
    assert(f && fwrite(data, 1, size, f) == size);
    assert(fclose(f) == 0);
    return files[i].name;
}

static bool is_barred(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

/* jansson knows UTF-8 by its own; only then the bytes are read as points, without a doubt. */
bool fuzz_is_plain(const char *text, size_t size)
{
    json_t *string = json_stringn(text, size);
    bool plain = string != NULL;

    json_decref(string);
    for (size_t i = 0; plain && i < size;) {
        unsigned char lead = (unsigned char)text[i++];
        uint32_t point = lead < 0x80   ? lead
                         : lead < 0xE0 ? lead & 31u
                         : lead < 0xF0 ? lead & 15u
                                       : lead & 7u;

        while (i < size && ((unsigned char)text[i] & 0xC0) == 0x80)
            point = point << 6 | ((unsigned char)text[i++] & 63u);
        plain = !is_barred(point);
    }
    return plain;
}

void fuzz_check_problem(const struct api_call *call, enum ledger_status s)
{
    static const char *const members[] = {"type", "title", "detail", "code"};

    if (s == LEDGER_OK)
        return;
    assert(call->problem.status == s);
    json_t *problem = api_problem_json(&call->problem);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        assert(json_string_length(json_object_get(problem, members[i])) > 0);
    assert(json_is_integer(json_object_get(problem, "status")));
    assert(json_is_boolean(json_object_get(problem, "retryable")));
    assert((call->problem.field[0] != '\0') == (json_object_get(problem, "field") != NULL));
    char *text = json_dumps(problem, JSON_COMPACT);
    assert(text);
    free(text);
    json_decref(problem);
}

static bool is_one_of(const char *choices, const char *text)
{
    size_t size = strlen(text);
    bool found = false;

    for (const char *at = choices; *at; at += strspn(at, "|")) {
        size_t length = strcspn(at, "|");
        found = found || (length == size && memcmp(at, text, size) == 0);
        at += length;
    }
    return found;
}

static void check_text(const json_t *value, size_t max)
{
    assert(json_is_string(value));
    assert(json_string_length(value) <= max);
    assert(fuzz_is_plain(json_string_value(value), json_string_length(value)));
}

static void check_pairs(const json_t *list, const char *key)
{
    size_t i;
    json_t *item;

    json_array_foreach(list, i, item)
    {
        assert(json_object_size(item) == 2);
        check_text(json_object_get(item, key), 2 * WORD_MAX);
        check_text(json_object_get(item, "amount"), 2 * WORD_MAX);
    }
}

static void check_list(const struct api_param *p, const json_t *list)
{
    size_t i;
    json_t *item;

    assert(json_is_array(list) &&
           json_array_size(list) <= (size_t)(p->max ? p->max : ITEMS_MAX) + 1);
    if (p->type != API_ITEMS)
        check_pairs(list, p->type == API_LEGS ? "account" : "payee");
    json_array_foreach(list, i, item)
    {
        assert(json_is_object(item));
    }
}

static void check_arg(const struct api_param *p, const json_t *value)
{
    int32_t day;
    struct ledger_wall wall;
    int64_t us;

    switch (p->type) {
    case API_TEXT:
        check_text(value, p->max ? (size_t)p->max : WORD_MAX);
        break;
    case API_DATE:
        assert(ledger_date_parse(json_string_value(value), &day) == LEDGER_OK);
        break;
    case API_TIME:
        assert(ledger_time_parse(json_string_value(value), &us) == LEDGER_OK);
        break;
    case API_LOCAL:
        assert(ledger_wall_parse(json_string_value(value), &wall) == LEDGER_OK);
        break;
    case API_DURATION:
        assert(ledger_duration_parse(json_string_value(value), &us) == LEDGER_OK);
        break;
    case API_CHOICE:
        assert(is_one_of(p->choices, json_string_value(value)));
        break;
    case API_INTEGER:
        assert(json_is_integer(value) && json_integer_value(value) >= 0);
        assert(p->max == 0 || json_integer_value(value) <= p->max);
        break;
    case API_FLAG:
        assert(json_is_boolean(value));
        break;
    case API_HANDLE:
    case API_CURRENCY:
    case API_AMOUNT:
    case API_CURSOR:
        check_text(value, WORD_MAX);
        break;
    case API_LEGS:
    case API_PAYEES:
    case API_ITEMS:
        check_list(p, value);
        break;
    }
}

void fuzz_check_args(const struct api_call *call)
{
    const char *name;
    json_t *value;

    json_object_foreach(call->args, name, value)
    {
        const struct api_param *p = api_param_named(call->op, name);

        assert(p);
        check_arg(p, value);
    }
}

const struct api_operation *fuzz_operation(const uint8_t *data, size_t size, const uint8_t **rest)
{
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;

    if (!end)
        return NULL;
    char *name = fuzz_text(data, (size_t)(end - data));
    const struct api_operation *op = api_operation_named(name);
    free(name);
    *rest = end + 1;
    return op;
}
