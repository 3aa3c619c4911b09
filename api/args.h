/*
 * args.h - from words, queries and bodies to checked arguments.
 */
#ifndef API_ARGS_H
#define API_ARGS_H

#include "operation.h"

#include "ledger/wall.h"

#define API_ARGS_DEPTH_MAX 16

/*
 * Take argument `name` with the text `value` (command line, query, path) into call->args.
 * A list parameter is appended to. Refusals (call->problem is filled): LEDGER_UNKNOWN_PARAMETER,
 * LEDGER_USAGE (given twice), and the refusal of its type.
 */
LEDGER_CHECKED enum ledger_status api_args_text(struct api_call *call, const char *name,
                                                const char *value);
/* Take every member of the JSON object `body`. Refusals: LEDGER_MALFORMED_REQUEST, as above. */
LEDGER_CHECKED enum ledger_status api_args_body(struct api_call *call, const json_t *body);
/* Read JSON text: depth at most API_ARGS_DEPTH_MAX (looked at before parsing), no duplicate keys, one value, no NUL. */
LEDGER_CHECKED enum ledger_status api_args_parse(struct api_call *call, const char *text,
                                                 size_t size, json_t **body);
/* After all were taken: LEDGER_MISSING_PARAMETER names the first that is required and absent. */
LEDGER_CHECKED enum ledger_status api_args_complete(struct api_call *call);

/* For handlers. NULL, `otherwise`, false when not given. */
const char *api_text(const struct api_call *call, const char *name);
int64_t api_integer(const struct api_call *call, const char *name, int64_t otherwise);
bool api_flag(const struct api_call *call, const char *name);
bool api_date(const struct api_call *call, const char *name, int32_t *day);
bool api_local(const struct api_call *call, const char *name, struct ledger_wall *wall);
const json_t *api_items(const struct api_call *call, const char *name);
bool api_given(const struct api_call *call, const char *name);

/* Fill call->problem and return `s`. An empty sentence is the status's title. */
enum ledger_status api_refuse(struct api_call *call, enum ledger_status s, const char *field,
                              const char *format, ...) __attribute__((format(printf, 4, 5)));
/* RFC 9457: the problem as a new JSON object. */
json_t *api_problem_json(const struct api_problem *problem);

#endif
