#include "shape.h"

#include "args.h"

#include "ledger/amount.h"
#include "ledger/date.h"
#include "ledger/member.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURSOR_ROOM 64 /* a mark, two numbers of up to 20 characters, two points */

json_t *api_json_amount(int64_t minor, int scale)
{
    char text[LEDGER_AMOUNT_TEXT];

    return json_string_nocheck(ledger_amount_format(minor, scale, text));
}

json_t *api_json_ceiling(int64_t minor, int scale)
{
    return minor == LEDGER_AMOUNT_MAX ? json_null() : api_json_amount(minor, scale);
}

json_t *api_json_time(int64_t at_us)
{
    char text[LEDGER_TIME_TEXT];

    return at_us ? json_string_nocheck(ledger_time_format(at_us, text)) : json_null();
}

json_t *api_json_day(int32_t day)
{
    char text[LEDGER_DATE_TEXT];

    return json_string_nocheck(ledger_date_format(day, text));
}

json_t *api_json_hours(int64_t minutes)
{
    char text[LEDGER_HOURS_TEXT];

    return minutes < 0 ? json_null() : json_string(ledger_hours_format(minutes, text));
}

json_t *api_json_id(int64_t id)
{
    return id ? json_integer(id) : json_null();
}

/* The operation and what was asked of it, but for where the page begins and how long it is. */
static void query_mark(const struct api_call *call, char mark[17])
{
    unsigned char hash[32];
    json_t *query = json_copy(call->args);
    char *text;

    json_object_del(query, "after");
    json_object_del(query, "limit");
    json_object_set_new(query, "", json_string(call->op->name));
    text = json_dumps(query, JSON_COMPACT | JSON_SORT_KEYS);
    crypto_hash_sha256(hash, (const unsigned char *)(text ? text : ""), text ? strlen(text) : 0);
    sodium_bin2hex(mark, 17, hash, 8);
    free(text);
    json_decref(query);
}

static void write_cursor(const char *mark, const int64_t at[2], char cursor[static CURSOR_ROOM])
{
    snprintf(cursor, CURSOR_ROOM, "%s.%lld.%lld", mark, (long long)at[0], (long long)at[1]);
}

/* Only what write_cursor writes: sscanf would take blanks, plus signs and zeros in front too. */
static bool read_cursor(const char *text, const char *mark, int64_t after[2])
{
    long long a, b;
    char same[CURSOR_ROOM];

    if (strncmp(text, mark, 16) != 0 || sscanf(text + 16, ".%18lld.%18lld", &a, &b) != 2)
        return false;
    after[0] = a;
    after[1] = b;
    write_cursor(mark, after, same);
    return strcmp(text, same) == 0;
}

enum ledger_status api_page_begin(struct api_page *page, struct ledger *l, struct api_call *call)
{
    const char *cursor = api_text(call, "after");
    char mark[17];

    *page = (struct api_page){
        .call = call, .l = l, .limit = (int)api_integer(call, "limit", API_PAGE_DEFAULT)};
    if (page->limit < 1)
        return api_refuse(call, LEDGER_NUMBER_MALFORMED, "limit", "limit is 1 to %d", API_PAGE_MAX);
    if (cursor) {
        query_mark(call, mark);
        if (!read_cursor(cursor, mark, page->after))
            return api_refuse(
                call, LEDGER_CURSOR_MALFORMED, "after",
                "this cursor is not from this list: take \"next\" of the page before, "
                "with the same filters");
    }
    page->items = json_array();
    return page->items ? LEDGER_OK : LEDGER_NO_MEMORY;
}

int api_page_ask(const struct api_page *page)
{
    return page->limit + 1;
}

enum ledger_status api_page_take(struct api_page *page, int64_t key, int64_t key2)
{
    if (page->count == page->limit) {
        page->more = true;
        return LEDGER_STOP;
    }
    page->count++;
    page->last[0] = key;
    page->last[1] = key2;
    return LEDGER_OK;
}

enum ledger_status api_page_add(struct api_page *page, json_t *item, int64_t key, int64_t key2)
{
    enum ledger_status status = api_page_take(page, key, key2);

    if (status != LEDGER_OK) {
        json_decref(item);
        return status;
    }
    return json_array_append_new(page->items, item) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status read_text(struct api_page *page)
{
    char *text = api_items_take(&page->text);

    if (!text)
        return LEDGER_NO_MEMORY;
    if (page->call->prints) {
        page->call->items = text;
        return LEDGER_OK;
    }
    json_decref(page->items);
    page->items = json_loads(text, 0, NULL);
    free(text);
    return page->items ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status api_page_end(struct api_page *page, json_t **into)
{
    char mark[17], next[CURSOR_ROOM];

    if (page->text.size > 0)
        LEDGER_TRY(read_text(page));
    if (!*into)
        *into = json_object();
    json_object_set_new(*into, "items", page->items);
    page->items = NULL;
    if (!page->more) {
        json_object_set_new(*into, "next", json_null());
        return LEDGER_OK;
    }
    query_mark(page->call, mark);
    write_cursor(mark, page->last, next);
    json_object_set_new(*into, "next", json_string(next));
    return LEDGER_OK;
}

void api_page_drop(struct api_page *page)
{
    json_decref(page->items);
    page->items = NULL;
    api_items_drop(&page->text);
}

enum ledger_status api_page_finish(struct api_page *page, enum ledger_status status, json_t **into)
{
    if (status == LEDGER_OK)
        status = api_page_end(page, into);
    api_page_drop(page);
    return status;
}

enum ledger_status api_member_id(struct ledger *l, const struct api_call *call, const char *name,
                                 int64_t *member_id)
{
    struct ledger_member m;

    *member_id = 0;
    if (!api_given(call, name))
        return LEDGER_OK;
    LEDGER_TRY(ledger_member_find(l, api_text(call, name), &m));
    *member_id = m.id;
    return LEDGER_OK;
}

bool api_may_see(const struct api_call *call, int64_t member_id)
{
    return (call->roles & API_NODE_ROLES) || (call->member_id && call->member_id == member_id);
}

struct ledger_why api_why(const struct api_call *call, const char *reason)
{
    bool steward = call->roles & LEDGER_STEWARD;

    return (struct ledger_why){.actor = call->actor,
                               .reason = reason ? reason : "",
                               .authority = steward ? "steward" : "treasurer"};
}

bool api_on_paper(const struct api_call *call)
{
    return strncmp(call->actor, "local:", 6) == 0;
}
