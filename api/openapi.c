#include "openapi.h"

#include "http.h"
#include "operation.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define AMOUNT_DIGITS "([0-9]{1,16}([.][0-9]{1,6})?|[0-9]{1,16}:[0-5][0-9])"
#define ITEMS_MAX 1000

static json_t *ref(const char *name)
{
    return json_pack("{s:s+}", "$ref", "#/components/schemas/", name);
}

static json_t *pattern(const char *regex, const char *example, const char *words)
{
    return json_pack("{s:s, s:s, s:[s], s:s}", "type", "string", "pattern", regex, "examples",
                     example, "description", words);
}

static json_t *pair_schema(const char *key, const char *key_example, const char *amount_example)
{
    return json_pack("{s:s, s:b, s:[s, s], s:{s:{s:s, s:[s]}, s:{s:s, s:[s]}}}", "type", "object",
                     "additionalProperties", 0, "required", key, "amount", "properties", key,
                     "type", "string", "examples", key_example, "amount", "$ref",
                     "#/components/schemas/Amount", "examples", amount_example);
}

static json_t *problem_schema(void)
{
    json_t *codes = json_array();

    for (int s = LEDGER_OK + 1; s < LEDGER_STOP; s++)
        json_array_append_new(codes, json_string(ledger_status_facts((enum ledger_status)s)->code));
    return json_pack(
        "{s:s, s:s, s:[s, s, s, s, s], s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s, s:o}, "
        "s:{s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}}}",
        "type", "object", "description", "why not (RFC 9457)", "required", "type", "title",
        "status", "code", "retryable", "properties", "type", "type", "string", "title", "type",
        "string", "status", "type", "integer", "detail", "type", "string", "code", "type", "string",
        "enum", codes, "retryable", "type", "boolean", "field", "type", "string", "description",
        "the parameter at fault", "index", "type", "integer", "description",
        "its place in a list, from 0", "room", "type", "string", "description",
        "what was left, for those who may know", "request_id", "type", "string", "description",
        "of a failure of the node's own: what its log calls this request");
}

static json_t *schemas(void)
{
    json_t *all = json_object();

    json_object_set_new(all, "Handle",
                        pattern("^[a-z0-9][a-z0-9-]{1,31}$", "riverside", "a member's handle"));
    json_object_set_new(all, "Currency", pattern("^[A-Z]{2,10}$", "CALD", "a currency's code"));
    json_object_set_new(all, "Amount",
                        pattern("^-?" AMOUNT_DIGITS "$", "12.50",
                                "a decimal in the currency's scale; h:mm for time currencies"));
    json_object_set_new(all, "Duration",
                        pattern("^[0-9]{1,9}[mhd]$", "24h", "minutes, hours or days"));
    json_object_set_new(all, "Date",
                        json_pack("{s:s, s:s, s:[s]}", "type", "string", "format", "date",
                                  "examples", "2026-11-23"));
    json_object_set_new(all, "Time",
                        json_pack("{s:s, s:s, s:[s]}", "type", "string", "format", "date-time",
                                  "examples", "2026-11-23T09:30:00.000000Z"));
    json_object_set_new(all, "LocalTime",
                        json_pack("{s:s, s:s, s:[s]}", "type", "string", "pattern",
                                  "^\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d)?$", "examples",
                                  "2026-11-23T09:30"));
    json_object_set_new(all, "Leg", pair_schema("account", "riverside:CALD", "-12.50"));
    json_object_set_new(all, "Payee", pair_schema("payee", "mill", "5.00"));
    json_object_set_new(all, "Problem", problem_schema());
    return all;
}

static json_t *choices_schema(const char *choices)
{
    json_t *all = json_array();
    size_t size;

    for (; *choices; choices += size + (choices[size] == '|')) {
        size = strcspn(choices, "|");
        json_array_append_new(all, json_stringn(choices, size));
    }
    return json_pack("{s:s, s:o}", "type", "string", "enum", all);
}

static json_t *bounded(const char *type, const char *bound, int max)
{
    json_t *schema = json_pack("{s:s}", "type", type);

    if (max > 0)
        json_object_set_new(schema, bound, json_integer(max));
    if (strcmp(type, "integer") == 0)
        json_object_set_new(schema, "minimum", json_integer(0));
    return schema;
}

static json_t *list_of(json_t *item, int max)
{
    return json_pack("{s:s, s:o, s:i}", "type", "array", "items", item, "maxItems",
                     max ? max : ITEMS_MAX);
}

static json_t *type_schema(const struct api_param *p)
{
    switch (p->type) {
    case API_TEXT:
        return bounded("string", "maxLength", p->max);
    case API_HANDLE:
        return ref("Handle");
    case API_CURRENCY:
        return ref("Currency");
    case API_AMOUNT:
        return ref("Amount");
    case API_DATE:
        return ref("Date");
    case API_TIME:
        return ref("Time");
    case API_LOCAL:
        return ref("LocalTime");
    case API_DURATION:
        return ref("Duration");
    case API_INTEGER:
        return bounded("integer", "maximum", p->max);
    case API_FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case API_CHOICE:
        return choices_schema(p->choices);
    case API_CURSOR:
        return bounded("string", "maxLength", 0);
    case API_LEGS:
        return list_of(ref("Leg"), p->max);
    case API_PAYEES:
        return list_of(ref("Payee"), p->max);
    case API_ITEMS:
        return list_of(json_pack("{s:s}", "type", "object"), p->max);
    }
    return NULL;
}

static bool in_path(const struct api_operation *op, const struct api_param *p)
{
    char piece[72];

    snprintf(piece, sizeof piece, "{%s}", p->name);
    return strstr(op->path, piece) != NULL;
}

static json_t *parameter(const char *name, const char *in, bool required, const char *help,
                         json_t *schema)
{
    return json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", name, "in", in, "required", required,
                     "description", help, "schema", schema);
}

static json_t *parameters(const struct api_operation *op)
{
    json_t *all = json_array();
    bool in_query = strcmp(op->method, "GET") == 0;

    for (const struct api_param *p = op->params; p && p->name; p++) {
        if (in_path(op, p))
            json_array_append_new(all, parameter(p->name, "path", true, p->help, type_schema(p)));
        else if (in_query)
            json_array_append_new(
                all, parameter(p->name, "query", p->flags & API_REQUIRED, p->help, type_schema(p)));
    }
    if (op->mode == API_READ)
        return all;
    json_array_append_new(all,
                          parameter("dry_run", "query", false, "do everything but keep nothing",
                                    json_pack("{s:s}", "type", "boolean")));
    json_array_append_new(
        all, parameter("Idempotency-Key", "header", false,
                       "a UUID for this write; the same again answers the same and writes nothing",
                       json_pack("{s:s, s:s}", "type", "string", "format", "uuid")));
    return all;
}

/* The body's schema, or NULL when the operation has nothing to say there. */
static json_t *body(const struct api_operation *op)
{
    json_t *properties = json_object();
    json_t *required = json_array();
    json_t *schema;

    for (const struct api_param *p = op->params; p && p->name; p++) {
        if (in_path(op, p))
            continue;
        schema = type_schema(p);
        json_object_set_new(schema, "description", json_string(p->help));
        json_object_set_new(properties, p->name, schema);
        if ((p->flags & API_REQUIRED) && !(p->flags & API_OWN))
            json_array_append_new(required, json_string(p->name));
    }
    if (strcmp(op->method, "GET") == 0 || json_object_size(properties) == 0) {
        json_decref(properties);
        json_decref(required);
        return NULL;
    }
    return json_pack("{s:b, s:{s:{s:{s:s, s:b, s:o, s:o}}}}", "required",
                     json_array_size(required) > 0, "content", "application/json", "schema", "type",
                     "object", "additionalProperties", 0, "required", required, "properties",
                     properties);
}

static void add_columns(json_t *properties, const struct api_column *columns)
{
    for (; columns && columns->key; columns++)
        json_object_set_new(properties, columns->key,
                            json_pack("{s:s}", "description", columns->title));
}

static json_t *answer_schema(const struct api_operation *op)
{
    json_t *properties = json_object();
    json_t *item;

    add_columns(properties, op->head);
    if (op->columns) {
        item = json_object();
        add_columns(item, op->columns);
        json_object_set_new(properties, "items",
                            json_pack("{s:s, s:{s:s, s:o}}", "type", "array", "items", "type",
                                      "object", "properties", item));
        json_object_set_new(properties, "next",
                            json_pack("{s:[s, s], s:s}", "type", "string", "null", "description",
                                      "give it as `after` for the next page"));
    }
    add_columns(properties, op->foot);
    return json_pack("{s:s, s:o}", "type", "object", "properties", properties);
}

static json_t *responses(const struct api_operation *op)
{
    json_t *ok = json_pack("{s:s, s:{s:{s:o}}}", "description", "done", "content",
                           "application/json", "schema", answer_schema(op));

    if (op->mode == API_WRITE)
        json_object_set_new(ok, "headers",
                            json_pack("{s:{s:s, s:{s:s}}}", "Idempotent-Replay", "description",
                                      "true when the key was known and nothing was written anew",
                                      "schema", "type", "boolean"));
    return json_pack("{s:o, s:{s:s}}", "200", ok, "default", "$ref",
                     "#/components/responses/Problem");
}

static json_t *roles(unsigned access)
{
    json_t *all = json_array();

    for (unsigned role = LEDGER_STEWARD; role <= LEDGER_VIEWER; role <<= 1)
        if (access & role)
            json_array_append_new(all, json_string(ledger_role_name((enum ledger_role)role)));
    return all;
}

static json_t *operation(const struct api_operation *op)
{
    json_t *o =
        json_pack("{s:s, s:s, s:[s%], s:o, s:o, s:o}", "operationId", op->name, "summary",
                  op->summary, "tags", op->name, strcspn(op->name, "."), "x-roles",
                  roles(op->access), "parameters", parameters(op), "responses", responses(op));
    json_t *request = body(op);

    if (request)
        json_object_set_new(o, "requestBody", request);
    if (op->access & API_NOBODY)
        json_object_set_new(o, "security", json_array());
    return o;
}

static json_t *paths(void)
{
    json_t *all = json_object();
    json_t *path;
    char method[16];

    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op)) {
        path = json_object_get(all, op->path);
        if (!path) {
            path = json_object();
            json_object_set_new(all, op->path, path);
        }
        snprintf(method, sizeof method, "%s", op->method);
        for (char *c = method; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        json_object_set_new(path, method, operation(op));
    }
    return all;
}

json_t *api_openapi(void)
{
    return json_pack("{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], s:[{s:[]}], s:o, "
                     "s:{s:o, s:{s:{s:s, s:{s:{s:{s:s}}}}}, s:{s:{s:s, s:s, s:s}}}}",
                     "openapi", "3.1.0", "info", "title", "coledger", "version", "1", "description",
                     "A double-entry ledger for co-operatives that trade in mutual credit.",
                     "license", "name", "AGPL-3.0-or-later", "identifier", "AGPL-3.0-or-later",
                     "servers", "url", HTTP_ROOT, "security", "token", "paths", paths(),
                     "components", "schemas", schemas(), "responses", "Problem", "description",
                     "why not", "content", "application/problem+json", "schema", "$ref",
                     "#/components/schemas/Problem", "securitySchemes", "token", "type", "http",
                     "scheme", "bearer", "description", "a token: coledger token create");
}
