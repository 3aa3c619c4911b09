/*
 * reference.h - the API described for people: docs/API.md, made from the table.
 */
#ifndef API_REFERENCE_H
#define API_REFERENCE_H

/* The whole of docs/API.md, malloc'd, or NULL when there is no memory. */
char *api_reference(void);

#endif
