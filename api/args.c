#include "args.h"

#include "ledger/amount.h"
#include "ledger/date.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WORD_MAX 64 /* bytes of a handle, code, amount, date before its own check */
#define INTEGER_DIGITS 15
#define ITEMS_MAX 1000 /* in a list whose row says nothing else */

enum ledger_status api_refuse(struct api_call *call, enum ledger_status s, const char *field,
                              const char *format, ...)
{
    struct api_problem *p = &call->problem;
    va_list args;

    *p = (struct api_problem){.status = s, .leg = -1};
    snprintf(p->field, sizeof p->field, "%s", field ? field : "");
    va_start(args, format);
    vsnprintf(p->detail, sizeof p->detail, format, args);
    va_end(args);
    if (p->detail[0] == '\0')
        snprintf(p->detail, sizeof p->detail, "%s", ledger_status_facts(s)->title);
    ledger_text_mend(p->field);
    ledger_text_mend(p->detail);
    return s;
}

json_t *api_problem_json(const struct api_problem *p)
{
    const struct ledger_status_facts *facts = ledger_status_facts(p->status);
    json_t *o = json_object();

    json_object_set_new(o, "type", json_sprintf("urn:coledger:problem:%s", facts->code));
    json_object_set_new(o, "title", json_string(facts->title));
    json_object_set_new(o, "status", json_integer(facts->http));
    json_object_set_new(o, "detail", json_string(p->detail[0] ? p->detail : facts->title));
    json_object_set_new(o, "code", json_string(facts->code));
    json_object_set_new(o, "retryable", json_boolean(facts->retryable));
    if (p->field[0])
        json_object_set_new(o, "field", json_string(p->field));
    if (p->leg >= 0)
        json_object_set_new(o, "index", json_integer(p->leg));
    if (p->room[0])
        json_object_set_new(o, "room", json_string(p->room));
    return o;
}

static enum ledger_status check_text(struct api_call *call, const char *field, const char *text,
                                     size_t size, size_t max)
{
    enum ledger_status status = ledger_text_check(text, size, max);

    if (status == LEDGER_TEXT_TOO_LONG)
        return api_refuse(call, status, field, "%s has %zu bytes: at most %zu fit", field, size,
                          max);
    if (status != LEDGER_OK)
        return api_refuse(call, status, field,
                          "%s must be plain UTF-8 text without control characters or line breaks",
                          field);
    return LEDGER_OK;
}

static enum ledger_status refuse_choice(struct api_call *call, const struct api_param *p)
{
    return api_refuse(call, LEDGER_CHOICE_UNKNOWN, p->name, "%s must be one of %s", p->name,
                      p->choices);
}

static bool is_choice(const char *choices, const char *text)
{
    size_t size = strlen(text);

    for (const char *c = choices; c; c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL)
        if (size > 0 && strcspn(c, "|") == size && memcmp(c, text, size) == 0)
            return true;
    return false;
}

static enum ledger_status check_string(struct api_call *call, const struct api_param *p,
                                       const char *text, size_t size)
{
    struct ledger_wall wall;
    int32_t day;
    int64_t us;

    LEDGER_TRY(check_text(call, p->name, text, size,
                          p->type == API_TEXT && p->max ? (size_t)p->max : WORD_MAX));
    switch (p->type) {
    case API_DATE:
        if (ledger_date_parse(text, &day) != LEDGER_OK)
            return api_refuse(
                call, LEDGER_DATE_MALFORMED, p->name,
                "%s is not a day: write it as 2026-11-23, a day that exists, 1900 to 2229",
                p->name);
        return LEDGER_OK;
    case API_TIME:
        if (ledger_time_parse(text, &us) != LEDGER_OK)
            return api_refuse(call, LEDGER_TIME_MALFORMED, p->name,
                              "%s is not a time: write it as 2026-11-23T14:05:00Z", p->name);
        return LEDGER_OK;
    case API_LOCAL:
        if (ledger_wall_parse(text, &wall) != LEDGER_OK)
            return api_refuse(call, LEDGER_TIME_MALFORMED, p->name,
                              "%s is not a local time: write it as 2026-11-23T14:05", p->name);
        return LEDGER_OK;
    case API_DURATION:
        if (ledger_duration_parse(text, &us) != LEDGER_OK)
            return api_refuse(call, LEDGER_TIME_MALFORMED, p->name,
                              "%s is not a length of time: write 30m, 24h or 90d, at most 400d",
                              p->name);
        return LEDGER_OK;
    case API_CHOICE:
        return is_choice(p->choices, text) ? LEDGER_OK : refuse_choice(call, p);
    case API_TEXT:
    case API_HANDLE:
    case API_CURRENCY:
    case API_AMOUNT:
    case API_CURSOR:
    case API_INTEGER:
    case API_FLAG:
    case API_LEGS:
    case API_PAYEES:
    case API_ITEMS:
        break;
    }
    return LEDGER_OK;
}

static enum ledger_status check_integer(struct api_call *call, const struct api_param *p,
                                        json_int_t value)
{
    if (value >= 0 && (p->max == 0 || value <= p->max))
        return LEDGER_OK;
    if (p->max)
        return api_refuse(call, LEDGER_NUMBER_MALFORMED, p->name,
                          "%s is a whole number from 0 to %d", p->name, p->max);
    return api_refuse(call, LEDGER_NUMBER_MALFORMED, p->name, "%s is a whole number", p->name);
}

static enum ledger_status integer_from_text(struct api_call *call, const struct api_param *p,
                                            const char *text, json_t **out)
{
    json_int_t value = 0;
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > INTEGER_DIGITS || text[digits] != '\0')
        return check_integer(call, p, -1);
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (text[i] - '0');
    LEDGER_TRY(check_integer(call, p, value));
    *out = json_integer(value);
    return LEDGER_OK;
}

/* "riverside:CALD=-12.50", "mill=5.00" */
static enum ledger_status pair_from_text(struct api_call *call, const struct api_param *p,
                                         const char *text, json_t **out)
{
    const char *equals = strrchr(text, '=');
    const char *key = p->type == API_LEGS ? "account" : "payee";

    LEDGER_TRY(check_text(call, p->name, text, strlen(text), 2 * WORD_MAX));
    if (!equals || equals == text || equals[1] == '\0')
        return api_refuse(call, LEDGER_USAGE, p->name, "write it as %s",
                          p->type == API_LEGS ? "riverside:CALD=-12.50" : "mill=5.00");
    *out = json_pack("{s:s%, s:s}", key, text, (size_t)(equals - text), "amount", equals + 1);
    return LEDGER_OK;
}

/* One more is taken: the engine names its own bound. */
static size_t items_max(const struct api_param *p)
{
    return p->max ? (size_t)p->max : ITEMS_MAX;
}

static bool is_list(const struct api_param *p)
{
    return p->type == API_LEGS || p->type == API_PAYEES || p->type == API_ITEMS;
}

static enum ledger_status value_from_text(struct api_call *call, const struct api_param *p,
                                          const char *text, json_t **out)
{
    switch (p->type) {
    case API_INTEGER:
        return integer_from_text(call, p, text, out);
    case API_FLAG:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            return api_refuse(call, LEDGER_CHOICE_UNKNOWN, p->name, "%s is true or false", p->name);
        *out = json_boolean(text[0] == 't');
        return LEDGER_OK;
    case API_LEGS:
    case API_PAYEES:
        return pair_from_text(call, p, text, out);
    case API_ITEMS:
        return api_refuse(call, LEDGER_USAGE, p->name, "%s is a JSON list", p->name);
    case API_TEXT:
    case API_HANDLE:
    case API_CURRENCY:
    case API_AMOUNT:
    case API_DATE:
    case API_TIME:
    case API_LOCAL:
    case API_DURATION:
    case API_CHOICE:
    case API_CURSOR:
        break;
    }
    LEDGER_TRY(check_string(call, p, text, strlen(text)));
    *out = json_string(text);
    return LEDGER_OK;
}

static enum ledger_status param_of(struct api_call *call, const char *name,
                                   const struct api_param **p)
{
    *p = api_param_named(call->op, name);
    if (*p)
        return LEDGER_OK;
    if (ledger_text_check(name, strlen(name), WORD_MAX) != LEDGER_OK)
        name = "that";
    return api_refuse(call, LEDGER_UNKNOWN_PARAMETER, name, "%s has no parameter %s",
                      call->op->words, name);
}

enum ledger_status api_args_text(struct api_call *call, const char *name, const char *value)
{
    const struct api_param *p;
    json_t *made = NULL;

    LEDGER_TRY(param_of(call, name, &p));
    json_t *there = json_object_get(call->args, name);
    if (there && !is_list(p))
        return api_refuse(call, LEDGER_USAGE, name, "%s is given twice", name);
    LEDGER_TRY(value_from_text(call, p, value, &made));
    if (!made)
        return api_refuse(call, LEDGER_NO_MEMORY, name, "out of memory");
    if (!is_list(p)) {
        json_object_set_new(call->args, name, made);
        return LEDGER_OK;
    }
    if (!there) {
        there = json_array();
        json_object_set_new(call->args, name, there);
    }
    json_array_append_new(there, made);
    return json_array_size(there) <= items_max(p) + 1
               ? LEDGER_OK
               : api_refuse(call, LEDGER_TOO_MANY_LEGS, name, "%s has too many items", name);
}

/* Legs and payees are objects of exactly two strings; items are the handler's to read. */
static enum ledger_status check_list(struct api_call *call, const struct api_param *p,
                                     const json_t *list)
{
    const char *key = p->type == API_LEGS ? "account" : "payee";
    size_t i;
    json_t *item;

    if (!json_is_array(list) || json_array_size(list) > items_max(p) + 1)
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, p->name,
                          "%s is a list of at most %zu objects", p->name, items_max(p));
    json_array_foreach(list, i, item)
    {
        const char *amount = json_string_value(json_object_get(item, "amount"));
        const char *who = json_string_value(json_object_get(item, key));
        bool fine = json_is_object(item);
        if (fine && p->type != API_ITEMS)
            fine = amount && who && json_object_size(item) == 2;
        if (!fine) {
            api_refuse(call, LEDGER_MALFORMED_REQUEST, p->name,
                       p->type == API_ITEMS
                           ? "%s: each item is an object"
                           : "%s: each item has two strings, \"%s\" and \"amount\"",
                       p->name, key);
            call->problem.leg = (int)i;
            return LEDGER_MALFORMED_REQUEST;
        }
        if (p->type == API_ITEMS)
            continue;
        LEDGER_TRY(check_text(call, p->name, who, strlen(who), 2 * WORD_MAX));
        LEDGER_TRY(check_text(call, p->name, amount, strlen(amount), WORD_MAX));
    }
    return LEDGER_OK;
}

static enum ledger_status check_value(struct api_call *call, const struct api_param *p,
                                      const json_t *value)
{
    switch (p->type) {
    case API_INTEGER:
        if (!json_is_integer(value))
            return check_integer(call, p, -1);
        return check_integer(call, p, json_integer_value(value));
    case API_FLAG:
        if (!json_is_boolean(value))
            return api_refuse(call, LEDGER_CHOICE_UNKNOWN, p->name, "%s is true or false", p->name);
        return LEDGER_OK;
    case API_LEGS:
    case API_PAYEES:
    case API_ITEMS:
        return check_list(call, p, value);
    case API_AMOUNT:
        if (!json_is_string(value))
            return api_refuse(call, LEDGER_AMOUNT_MALFORMED, p->name,
                              "%s is a decimal in quotes, such as \"12.50\"", p->name);
        break;
    case API_TEXT:
    case API_HANDLE:
    case API_CURRENCY:
    case API_DATE:
    case API_TIME:
    case API_LOCAL:
    case API_DURATION:
    case API_CHOICE:
    case API_CURSOR:
        if (!json_is_string(value))
            return api_refuse(call, LEDGER_MALFORMED_REQUEST, p->name, "%s is a string", p->name);
        break;
    }
    return check_string(call, p, json_string_value(value), json_string_length(value));
}

enum ledger_status api_args_body(struct api_call *call, const json_t *body)
{
    const char *name;
    json_t *value;

    if (!json_is_object(body))
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL, "the body must be a JSON object");
    json_object_foreach((json_t *)body, name, value)
    {
        const struct api_param *p;
        LEDGER_TRY(param_of(call, name, &p));
        if (json_object_get(call->args, name))
            return api_refuse(call, LEDGER_USAGE, name, "%s is given twice", name);
        LEDGER_TRY(check_value(call, p, value));
        json_object_set(call->args, name, value);
    }
    return LEDGER_OK;
}

/* jansson recurses: a deep document would run off a small stack. */
static bool too_deep(const char *text, size_t size)
{
    int depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '{' || c == '['))
            depth++;
        else if (!in_string && (c == '}' || c == ']'))
            depth--;
        if (depth > API_ARGS_DEPTH_MAX)
            return true;
    }
    return false;
}

enum ledger_status api_args_parse(struct api_call *call, const char *text, size_t size,
                                  json_t **body)
{
    json_error_t error;

    *body = NULL;
    if (too_deep(text, size))
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL,
                          "the JSON is nested deeper than %d levels", API_ARGS_DEPTH_MAX);
    *body = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!*body)
        return api_refuse(
            call, LEDGER_MALFORMED_REQUEST, NULL,
            "this is not the JSON it should be (line %d, column %d)%s", error.line, error.column,
            json_error_code(&error) == json_error_duplicate_key ? ": a key stands twice" : "");
    return LEDGER_OK;
}

enum ledger_status api_args_complete(struct api_call *call)
{
    for (const struct api_param *p = call->op->params; p && p->name; p++)
        if ((p->flags & API_REQUIRED) && !json_object_get(call->args, p->name) &&
            !((p->flags & API_OWN) && call->roles == 0)) /* the node may know whose */
            return api_refuse(call, LEDGER_MISSING_PARAMETER, p->name, "%s is missing: %s", p->name,
                              p->help);
    return LEDGER_OK;
}

bool api_given(const struct api_call *call, const char *name)
{
    return json_object_get(call->args, name) != NULL;
}

const char *api_text(const struct api_call *call, const char *name)
{
    assert(api_param_named(call->op, name));
    return json_string_value(json_object_get(call->args, name));
}

int64_t api_integer(const struct api_call *call, const char *name, int64_t otherwise)
{
    const json_t *value = json_object_get(call->args, name);

    assert(api_param_named(call->op, name));
    return value ? json_integer_value(value) : otherwise;
}

bool api_flag(const struct api_call *call, const char *name)
{
    assert(api_param_named(call->op, name));
    return json_is_true(json_object_get(call->args, name));
}

bool api_date(const struct api_call *call, const char *name, int32_t *day)
{
    const char *text = api_text(call, name);

    return text && ledger_date_parse(text, day) == LEDGER_OK;
}

bool api_local(const struct api_call *call, const char *name, struct ledger_wall *wall)
{
    const char *text = api_text(call, name);

    return text && ledger_wall_parse(text, wall) == LEDGER_OK;
}

const json_t *api_items(const struct api_call *call, const char *name)
{
    assert(api_param_named(call->op, name));
    return json_object_get(call->args, name);
}
