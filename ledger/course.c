#include "course.h"

#include "handle.h"
#include "member.h"

#include <ctype.h>
#include <string.h>

/* Letters first, then letters, digits and hyphens: enough of RFC 5646 to keep prose out. */
static bool is_language(const char *text)
{
    size_t size = strlen(text);
    size_t letters = 0;

    while (letters < size && isalpha((unsigned char)text[letters]))
        letters++;
    if (letters < 2 || letters > 8 || size > LEDGER_LANGUAGE_MAX || text[size - 1] == '-')
        return false;
    for (size_t i = letters; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '-')
            return false;
    return letters == size || text[letters] == '-';
}

static enum ledger_status check_draft(struct ledger *l, const struct ledger_course_draft *d)
{
    LEDGER_TRY(ledger_check_text(l, "title", d->title, LEDGER_NAME_MAX));
    LEDGER_TRY(ledger_check_text(l, "description", d->description, LEDGER_DESCRIPTION_MAX));
    if (!d->title || d->title[0] == '\0')
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "title", "a course needs a title");
    if (!is_language(d->language))
        return ledger_refuse_field(l, LEDGER_LANGUAGE_MALFORMED, "language",
                                   "name the language by its short code, such as en or de");
    if (d->threshold_percent < 1 || d->threshold_percent > 100)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "threshold",
                                   "the threshold is a share of the session, 1 to 100 percent");
    return LEDGER_OK;
}

static enum ledger_status check_provider(struct ledger *l, int64_t provider_id)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_member_get(l, provider_id, &m));
    if (m.state == LEDGER_ACTIVE)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_MEMBER_NOT_ACTIVE, "provider",
                               "%s is %s and cannot offer a course", m.handle,
                               ledger_member_state_name(m.state));
}

static enum ledger_status write_version(struct ledger *l, int64_t id, int64_t version,
                                        const struct ledger_course_draft *d,
                                        const struct ledger_why *why, int64_t at_us)
{
    LEDGER_TRY(
        ledger_exec(l,
                    "INSERT INTO course_version (course_id, version, threshold_percent, "
                    "at_us, actor) VALUES ($1, $2, $3, $4, $5)",
                    STORE_ARGS(store_int(id), store_int(version), store_int(d->threshold_percent),
                               store_int(at_us), store_text(why->actor))));
    return ledger_exec(l,
                       "INSERT INTO course_text (course_id, version, title, description, language) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(id), store_int(version), store_text(d->title),
                                  store_text(d->description ? d->description : ""),
                                  store_text(d->language)));
}

enum ledger_status ledger_course_add(struct ledger *l, int64_t provider_id,
                                     const struct ledger_course_draft *draft,
                                     const struct ledger_why *why, int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(check_draft(l, draft));
    LEDGER_TRY(check_provider(l, provider_id));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM course", id));
    LEDGER_TRY(ledger_exec(
        l, "INSERT INTO course (id, provider_id, created_at_us, actor) VALUES ($1, $2, $3, $4)",
        STORE_ARGS(store_int(*id), store_int(provider_id), store_int(at_us),
                   store_text(why->actor))));
    return write_version(l, *id, 1, draft, why, at_us);
}

enum ledger_status ledger_course_edit(struct ledger *l, int64_t id,
                                      const struct ledger_course_draft *draft,
                                      const struct ledger_why *why)
{
    struct ledger_course c;
    int64_t at_us;

    LEDGER_TRY(check_draft(l, draft));
    LEDGER_TRY(ledger_course_get(l, id, &c));
    LEDGER_TRY(check_provider(l, c.provider_id));
    LEDGER_TRY(ledger_tick(l, &at_us));
    return write_version(l, id, c.version + 1, draft, why, at_us);
}

#define COURSE                                                                                     \
    "SELECT c.id, c.provider_id, v.version, v.at_us, v.threshold_percent, "                        \
    "coalesce(i.handle, 'erased-' || c.provider_id), x.title, x.description, x.language "          \
    "FROM course c JOIN course_version v ON v.course_id = c.id "                                   \
    "LEFT JOIN course_text x ON x.course_id = c.id AND x.version = v.version "                     \
    "LEFT JOIN member_identity i ON i.member_id = c.provider_id "

#define NEWEST "v.version = (SELECT max(version) FROM course_version WHERE course_id = c.id) "

static enum ledger_status read_course(void *into, const struct store_row *row)
{
    struct ledger_course *c = into;

    c->id = store_row_int(row, 0);
    c->provider_id = store_row_int(row, 1);
    c->version = store_row_int(row, 2);
    c->at_us = store_row_int(row, 3);
    c->threshold_percent = (int)store_row_int(row, 4);
    store_row_copy(row, 5, c->provider, sizeof c->provider);
    store_row_copy(row, 6, c->title, sizeof c->title);
    store_row_copy(row, 7, c->description, sizeof c->description);
    store_row_copy(row, 8, c->language, sizeof c->language);
    return LEDGER_OK;
}

enum ledger_status ledger_course_get(struct ledger *l, int64_t id, struct ledger_course *c)
{
    enum ledger_status status = ledger_first(l, COURSE "WHERE c.id = $1 AND " NEWEST,
                                             STORE_ARGS(store_int(id)), read_course, c);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_COURSE, "there is no course %lld", (long long)id);
    return status;
}

struct each {
    ledger_course_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_course c;

    LEDGER_TRY(read_course(&c, row));
    return each->read(each->ctx, &c);
}

enum ledger_status ledger_course_each(struct ledger *l, const struct ledger_course_filter *filter,
                                      ledger_course_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    if (filter->provider_id)
        return ledger_each(
            l, COURSE "WHERE c.provider_id = $1 AND c.id > $2 AND " NEWEST "ORDER BY c.id LIMIT $3",
            STORE_ARGS(store_int(filter->provider_id), store_int(filter->after_id),
                       store_int(filter->limit)),
            pass_on, &each);
    return ledger_each(l, COURSE "WHERE c.id > $1 AND " NEWEST "ORDER BY c.id LIMIT $2",
                       STORE_ARGS(store_int(filter->after_id), store_int(filter->limit)), pass_on,
                       &each);
}

enum ledger_status ledger_course_versions(struct ledger *l, int64_t id, ledger_course_reader *read,
                                          void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l, COURSE "WHERE c.id = $1 ORDER BY v.version", STORE_ARGS(store_int(id)),
                       pass_on, &each);
}
