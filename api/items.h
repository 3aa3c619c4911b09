/*
 * items.h - the items of a list written straight as JSON text (RFC 8259), for a list that is read all day.
 *
 * Making, printing and freeing a json_t of every field was half of a statement's page
 * (docs/decisions/0039). What is written reads the same as what jansson prints.
 */
#ifndef API_ITEMS_H
#define API_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct api_items {
    char *text; /* "[{…},{…}", not ended by NUL; NULL while there is none */
    size_t size;
    size_t room;
    bool failed; /* there was no memory: nothing more is written */
};

/* An item is begun, its fields are written in order, and it is ended. Keys are plain words of ours. */
void api_items_begin(struct api_items *items);
void api_items_end(struct api_items *items);

/* null for NULL and for what ledger_text_check would refuse, which stands in no sound ledger. */
void api_items_text(struct api_items *items, const char *key, const char *text);
void api_items_integer(struct api_items *items, const char *key, int64_t number);
void api_items_flag(struct api_items *items, const char *key, bool flag);
void api_items_null(struct api_items *items, const char *key);
void api_items_amount(struct api_items *items, const char *key, int64_t minor, int scale);
void api_items_time(struct api_items *items, const char *key, int64_t at_us);
void api_items_day(struct api_items *items, const char *key, int32_t day);

/* End the list. The text, ended by NUL, is the caller's to free; NULL when there was no memory. */
char *api_items_take(struct api_items *items);
void api_items_drop(struct api_items *items);

#endif
