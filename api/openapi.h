/*
 * openapi.h - the API described for machines: OpenAPI 3.1, made from the table.
 */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include <jansson.h>

/* A new document, or NULL when there is no memory. */
json_t *api_openapi(void);

#endif
