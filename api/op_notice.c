#include "args.h"
#include "kept.h"
#include "ops.h"
#include "outbox.h"
#include "shape.h"

#include "ledger/mailbox.h"
#include "ledger/member.h"

#include <stdio.h>
#include <string.h>

static enum ledger_status take_kind(struct api_call *call, struct ledger_notice_filter *filter)
{
    const char *name = api_text(call, "kind");

    filter->of_kind = name != NULL;
    if (!name)
        return LEDGER_OK;
    filter->kind = ledger_notice_kind_named(name);
    if (filter->kind != LEDGER_NOTICE_KINDS)
        return LEDGER_OK;
    return api_refuse(call, LEDGER_CHOICE_UNKNOWN, "kind", "there is no kind of notice \"%s\"",
                      name);
}

static enum ledger_status add(void *ctx, const struct ledger_notice *n)
{
    const struct ledger_notice_kind_facts *kind = ledger_notice_kind_facts(n->kind);
    json_t *o = json_pack("{s:I, s:o, s:s, s:s, s:s, s:I}", "notice", (json_int_t)n->id, "at",
                          api_json_time(n->at_us), "member", n->member, "kind", kind->name, "about",
                          kind->about, "subject", (json_int_t)n->subject_id);

    return api_page_add(ctx, o, n->id, 0);
}

enum ledger_status op_notice_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_notice_filter filter = {0};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(take_kind(call, &filter));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_notice_each(l, &filter, add, &page), out);
}

bool outbox_shows_address(const struct api_call *call, const struct ledger_outbox *o)
{
    return (call->roles & LEDGER_STEWARD) || call->member_id == o->member_id;
}

void outbox_put_state(json_t *into, const struct ledger_outbox *o)
{
    if (o->mode == LEDGER_OUTBOX_NONE)
        return;
    json_object_set_new(into, "waiting", json_integer(o->waiting));
    json_object_set_new(into, "tries", json_integer(o->tries));
    json_object_set_new(into, "next_try", o->tries ? api_json_time(o->next_us) : json_null());
    json_object_set_new(into, "code", o->code[0] ? json_string(o->code) : json_null());
}

static json_t *list_kinds(uint64_t kinds)
{
    char text[LEDGER_NOTICE_KINDS * (LEDGER_NOTICE_NAME_MAX + 1) + 1] = "";
    size_t length = 0;

    for (int k = 0; k < LEDGER_NOTICE_KINDS; k++)
        if (kinds & UINT64_C(1) << k)
            length +=
                (size_t)snprintf(text + length, sizeof text - length, "%s%s", length ? "," : "",
                                 ledger_notice_kind_facts((enum ledger_notice_kind)k)->name);
    return json_string(text);
}

static enum ledger_status answer_mailbox(struct ledger *l, struct api_call *call,
                                         const struct ledger_outbox *o, json_t **out)
{
    uint64_t kinds;

    LEDGER_TRY(ledger_outbox_kinds(l, o->id, &kinds));
    *out = json_pack("{s:s, s:s}", "member", o->member, "mode", ledger_outbox_mode_name(o->mode));
    if (!*out)
        return LEDGER_NO_MEMORY;
    if (outbox_shows_address(call, o) && o->address[0]) {
        json_object_set_new(*out, "address", json_string(o->address));
        api_tells_of(call, "outbox", o->id);
    }
    json_object_set_new(*out, "kinds", list_kinds(kinds));
    outbox_put_state(*out, o);
    return LEDGER_OK;
}

static enum ledger_outbox_mode mode_of(const char *name)
{
    return strcmp(name, "each") == 0    ? LEDGER_OUTBOX_EACH
           : strcmp(name, "daily") == 0 ? LEDGER_OUTBOX_DAILY
                                        : LEDGER_OUTBOX_NONE;
}

/* An address that gave way to another must not stay behind in the write-ahead log. */
enum ledger_status op_notice_set(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_mailbox mailbox = {.address = api_text(call, "address"),
                                     .mode = mode_of(api_text(call, "mode"))};
    struct ledger_outbox old = {.id = 0};
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    mailbox.member_id = m.id;
    if (api_given(call, "kinds"))
        LEDGER_TRY(ledger_notice_kinds_parse(l, api_text(call, "kinds"), &mailbox.kinds));
    enum ledger_status st = ledger_mailbox_get(l, m.id, &old);
    if (st != LEDGER_OK && st != LEDGER_NO_ROW)
        return st;
    call->erased = old.address[0] != '\0';
    LEDGER_TRY(ledger_mailbox_set(l, &mailbox, &call->subject));
    LEDGER_TRY(ledger_outbox_get(l, call->subject, &old));
    return answer_mailbox(l, call, &old, out);
}

enum ledger_status op_notice_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_outbox o;
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    enum ledger_status st = ledger_mailbox_get(l, m.id, &o);
    if (st != LEDGER_NO_ROW)
        return st == LEDGER_OK ? answer_mailbox(l, call, &o, out) : st;
    *out = json_pack("{s:s, s:s}", "member", m.handle, "mode",
                     ledger_outbox_mode_name(LEDGER_OUTBOX_NONE));
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status add_box(void *ctx, const struct ledger_outbox *o)
{
    struct api_page *page = ctx;
    json_t *json = json_pack("{s:I, s:s, s:s, s:s}", "outbox", (json_int_t)o->id, "member",
                             o->member, "channel", ledger_channel_name(o->channel), "mode",
                             ledger_outbox_mode_name(o->mode));
    if (json && outbox_shows_address(page->call, o))
        json_object_set_new(json, "address", json_string(o->address));
    outbox_put_state(json, o);
    return api_page_add(page, json, o->id, 0);
}

enum ledger_status op_notice_outbox(struct ledger *l, struct api_call *call, json_t **out)
{
    const char *channel = api_text(call, "channel");
    struct ledger_outbox_filter filter = {.of_channel = channel != NULL};
    struct api_page page;

    if (channel)
        filter.channel = strcmp(channel, "mail") == 0 ? LEDGER_MAIL : LEDGER_WEBHOOK;
    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_outbox_each(l, &filter, add_box, &page), out);
}

static enum ledger_status add_lost(void *ctx, const struct ledger_undelivered *u)
{
    json_t *json =
        json_pack("{s:I, s:s, s:s, s:I, s:I, s:i, s:o, s:s}", "undelivered", (json_int_t)u->id,
                  "member", u->box.member, "channel", ledger_channel_name(u->box.channel), "first",
                  (json_int_t)u->after_id + 1, "last", (json_int_t)u->notice_id, "tries", u->tries,
                  "at", api_json_time(u->at_us), "code", u->code);

    return api_page_add(ctx, json, u->id, 0);
}

enum ledger_status op_notice_undelivered(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;
    int64_t member_id;

    LEDGER_TRY(api_member_id(l, call, "member", &member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(
        &page,
        ledger_undelivered_each(l, member_id, page.after[0], api_page_ask(&page), add_lost, &page),
        out);
}

enum ledger_status op_notice_retry(struct ledger *l, struct api_call *call, json_t **out)
{
    int64_t member_id, count;

    LEDGER_TRY(api_member_id(l, call, "member", &member_id));
    LEDGER_TRY(ledger_outbox_retry(l, member_id, &count));
    call->subject = member_id;
    *out = json_pack("{s:I}", "tried", (json_int_t)count);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}
