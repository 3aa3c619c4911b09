#include "args.h"
#include "ops.h"
#include "shape.h"
#include "training.h"

#include "ledger/course.h"
#include "ledger/member.h"

#define THRESHOLD_DEFAULT 80
#define LANGUAGE_DEFAULT "en"

static json_t *shape(const struct ledger_course *c)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:i, s:I, s:o}", "course", (json_int_t)c->id,
                     "provider", c->provider, "title", c->title, "description", c->description,
                     "language", c->language, "threshold", c->threshold_percent, "version",
                     (json_int_t)c->version, "since", api_json_time(c->at_us));
}

/* What is not given stays as `before` has it. */
static struct ledger_course_draft read_draft(const struct api_call *call,
                                             const struct ledger_course *before)
{
    struct ledger_course_draft d = {
        .title = api_text(call, "title"),
        .description = api_text(call, "description"),
        .language = api_text(call, "language"),
        .threshold_percent = (int)api_integer(call, "threshold", before->threshold_percent)};

    d.title = d.title ? d.title : before->title;
    d.description = d.description ? d.description : before->description;
    d.language = d.language ? d.language : before->language;
    return d;
}

static enum ledger_status show(struct ledger *l, int64_t id, json_t **out)
{
    struct ledger_course c;

    LEDGER_TRY(ledger_course_get(l, id, &c));
    *out = shape(&c);
    return LEDGER_OK;
}

enum ledger_status op_course_add(struct ledger *l, struct api_call *call, json_t **out)
{
    static const struct ledger_course nothing = {.threshold_percent = THRESHOLD_DEFAULT,
                                                 .language = LANGUAGE_DEFAULT};
    const struct ledger_why why = api_why(call, NULL);
    const struct ledger_course_draft draft = read_draft(call, &nothing);
    struct ledger_member provider;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "provider"), &provider));
    LEDGER_TRY(ledger_course_add(l, provider.id, &draft, &why, &call->subject));
    return show(l, call->subject, out);
}

enum ledger_status op_course_edit(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_course c;

    LEDGER_TRY(ledger_course_get(l, api_integer(call, "id", 0), &c));
    LEDGER_TRY(api_check_provider(l, call, c.provider_id));
    const struct ledger_course_draft draft = read_draft(call, &c);
    LEDGER_TRY(ledger_course_edit(l, c.id, &draft, &why));
    call->subject = c.id;
    return show(l, c.id, out);
}

static enum ledger_status add_version(void *ctx, const struct ledger_course *c)
{
    json_t *v = json_pack("{s:I, s:o, s:s, s:s, s:i}", "version", (json_int_t)c->version, "since",
                          api_json_time(c->at_us), "title", c->title, "language", c->language,
                          "threshold", c->threshold_percent);

    return json_array_append_new(ctx, v) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_course_show(struct ledger *l, struct api_call *call, json_t **out)
{
    int64_t id = api_integer(call, "id", 0);
    json_t *versions = json_array();

    enum ledger_status status = show(l, id, out);
    if (status == LEDGER_OK)
        status = ledger_course_versions(l, id, add_version, versions);
    if (status == LEDGER_OK)
        json_object_set(*out, "items", versions);
    json_decref(versions);
    return status;
}

static enum ledger_status add(void *ctx, const struct ledger_course *c)
{
    return api_page_add(ctx, shape(c), c->id, 0);
}

enum ledger_status op_course_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_course_filter filter = {0};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "provider", &filter.provider_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_course_each(l, &filter, add, &page), out);
}
