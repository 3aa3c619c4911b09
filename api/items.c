#include "items.h"

#include "ledger/amount.h"
#include "ledger/date.h"
#include "ledger/text.h"

#include <stdlib.h>
#include <string.h>

#define ITEMS_ROOM 8192

static bool grow(struct api_items *items, size_t size)
{
    size_t room = items->room ? items->room : ITEMS_ROOM;
    char *grown;

    while (room - items->size < size)
        room *= 2;
    grown = realloc(items->text, room);
    if (!grown) {
        items->failed = true;
        return false;
    }
    items->text = grown;
    items->room = room;
    return true;
}

static void add(struct api_items *items, const char *text, size_t size)
{
    if (items->failed || (items->room - items->size < size && !grow(items, size)))
        return;
    memcpy(items->text + items->size, text, size);
    items->size += size;
}

static void add_key(struct api_items *items, const char *key)
{
    if (items->size > 0 && items->text[items->size - 1] != '{')
        add(items, ",", 1);
    add(items, "\"", 1);
    add(items, key, strlen(key));
    add(items, "\":", 2);
}

static void add_string(struct api_items *items, const char *text, size_t size)
{
    size_t from = 0;

    add(items, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '"' && text[i] != '\\')
            continue;
        add(items, text + from, i - from);
        add(items, "\\", 1);
        from = i;
    }
    add(items, text + from, size - from);
    add(items, "\"", 1);
}

void api_items_begin(struct api_items *items)
{
    if (items->size == 0)
        add(items, "[{", 2);
    else
        add(items, ",{", 2);
}

void api_items_end(struct api_items *items)
{
    add(items, "}", 1);
}

void api_items_text(struct api_items *items, const char *key, const char *text)
{
    size_t size = text ? strlen(text) : 0;

    add_key(items, key);
    if (text && ledger_text_check(text, size, size) == LEDGER_OK)
        add_string(items, text, size);
    else
        add(items, "null", 4);
}

void api_items_integer(struct api_items *items, const char *key, int64_t number)
{
    char text[LEDGER_AMOUNT_TEXT];

    add_key(items, key);
    ledger_amount_format(number, 0, text);
    add(items, text, strlen(text));
}

void api_items_flag(struct api_items *items, const char *key, bool flag)
{
    add_key(items, key);
    if (flag)
        add(items, "true", 4);
    else
        add(items, "false", 5);
}

void api_items_null(struct api_items *items, const char *key)
{
    add_key(items, key);
    add(items, "null", 4);
}

void api_items_amount(struct api_items *items, const char *key, int64_t minor, int scale)
{
    char text[LEDGER_AMOUNT_TEXT];

    add_key(items, key);
    ledger_amount_format(minor, scale, text);
    add_string(items, text, strlen(text));
}

void api_items_time(struct api_items *items, const char *key, int64_t at_us)
{
    char text[LEDGER_TIME_TEXT];

    add_key(items, key);
    ledger_time_format(at_us, text);
    add_string(items, text, strlen(text));
}

void api_items_day(struct api_items *items, const char *key, int32_t day)
{
    char text[LEDGER_DATE_TEXT];

    add_key(items, key);
    ledger_date_format(day, text);
    add_string(items, text, strlen(text));
}

char *api_items_take(struct api_items *items)
{
    char *text = NULL;

    add(items, "]", 2); /* with its NUL */
    if (!items->failed) {
        text = items->text;
        items->text = NULL;
    }
    api_items_drop(items);
    return text;
}

void api_items_drop(struct api_items *items)
{
    free(items->text);
    *items = (struct api_items){0};
}
