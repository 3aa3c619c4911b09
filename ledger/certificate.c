#include "certificate.h"

#include "attended.h"
#include "handle.h"
#include "member.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum ledger_status ledger_certificate_allow(struct ledger *l, int64_t provider_id,
                                            int64_t member_id)
{
    struct ledger_member provider;
    struct ledger_member member;

    LEDGER_TRY(ledger_member_get(l, provider_id, &provider));
    LEDGER_TRY(ledger_member_get(l, member_id, &member));
    if (provider.state != LEDGER_ACTIVE)
        return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s is %s and certifies nothing",
                             provider.handle, ledger_member_state_name(provider.state));
    if (provider_id == member_id)
        return ledger_refuse_field(l, LEDGER_CERTIFIES_ITSELF, "member",
                                   "%s cannot certify its own people: another member does",
                                   provider.handle);
    return LEDGER_OK;
}

static enum ledger_status need_text(struct ledger *l, const char *field, const char *text)
{
    if (!text || !text[0])
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, field, "a certificate needs a %s",
                                   field);
    return ledger_check_text(l, field, text, LEDGER_NAME_MAX);
}

static enum ledger_status check_enrolment(struct ledger *l,
                                          const struct ledger_certificate_draft *d)
{
    struct ledger_attended a;

    LEDGER_TRY(ledger_attended_get(l, d->enrolment_id, &a));
    assert(a.enrolment.provider_id == d->provider_id && a.enrolment.member_id == d->member_id);
    return ledger_attended_allow(l, &a);
}

static enum ledger_status check(struct ledger *l, const struct ledger_certificate_draft *d)
{
    LEDGER_TRY(ledger_certificate_allow(l, d->provider_id, d->member_id));
    LEDGER_TRY(need_text(l, "name", d->name));
    LEDGER_TRY(need_text(l, "title", d->title));
    LEDGER_TRY(ledger_check_text(l, "jwt", d->jwt, LEDGER_JWT_MAX));
    if (d->expires_at_us <= d->issued_at_us)
        return ledger_refuse_field(l, LEDGER_DATE_MALFORMED, "expires_on",
                                   "a certificate expires after the day it is issued");
    return d->enrolment_id ? check_enrolment(l, d) : LEDGER_OK;
}

static void hash_jwt(const char *jwt, uint8_t hash[32])
{
    crypto_hash_sha256(hash, (const unsigned char *)jwt, strlen(jwt));
}

static enum ledger_status write(struct ledger *l, const struct ledger_certificate_draft *d,
                                int64_t id)
{
    uint8_t hash[32];

    hash_jwt(d->jwt, hash);
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO certificate (id, uid, provider_id, member_id, key_id, issued_at_us, "
        "expires_at_us, hash, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        STORE_ARGS(store_int(id), store_blob(d->uid.bytes, 16), store_int(d->provider_id),
                   store_int(d->member_id), store_int(d->key_id), store_int(d->issued_at_us),
                   store_int_or_null(d->expires_at_us != INT64_MAX, d->expires_at_us),
                   store_blob(hash, 32), store_text(d->actor))));
    return ledger_exec(
        l,
        "INSERT INTO certificate_text (certificate_id, name, title, jwt) "
        "VALUES ($1, $2, $3, $4)",
        STORE_ARGS(store_int(id), store_text(d->name), store_text(d->title), store_text(d->jwt)));
}

enum ledger_status ledger_certificate_issue(struct ledger *l,
                                            const struct ledger_certificate_draft *d, int64_t *id)
{
    LEDGER_TRY(check(l, d));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM certificate", id));
    LEDGER_TRY(write(l, d, *id));
    if (d->enrolment_id == 0)
        return LEDGER_OK;
    return ledger_exec(
        l, "INSERT INTO certificate_enrolment (certificate_id, enrolment_id) VALUES ($1, $2)",
        STORE_ARGS(store_int(*id), store_int(d->enrolment_id)));
}

enum ledger_status ledger_certificate_revoke(struct ledger *l, int64_t id,
                                             const struct ledger_why *why)
{
    struct ledger_certificate c;
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_certificate_get(l, id, &c));
    if (c.revoked_at_us)
        return ledger_refuse(l, LEDGER_ALREADY_REVOKED, "certificate %lld is revoked already",
                             (long long)id);
    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(l,
                       "INSERT INTO certificate_revocation (certificate_id, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4)",
                       STORE_ARGS(store_int(id), store_int(at_us), store_text(why->actor),
                                  store_text(why->reason)));
}

#define CERTIFICATE                                                                                \
    "SELECT c.id, c.uid, c.provider_id, c.member_id, c.key_id, c.issued_at_us, c.expires_at_us, "  \
    "c.hash, r.at_us, r.reason, x.name, x.title, x.jwt, "                                          \
    "coalesce(p.handle, 'erased-' || c.provider_id), coalesce(m.handle, 'erased-' || "             \
    "c.member_id), y.enrolment_id, EXISTS (SELECT 1 FROM enrolment e JOIN enrolment_text n "       \
    "ON n.enrolment_id = e.id AND n.name <> '' WHERE e.id = y.enrolment_id AND NOT EXISTS "        \
    "(SELECT 1 FROM session_price q WHERE q.session_id = e.session_id)) FROM certificate c "       \
    "LEFT JOIN certificate_enrolment y ON y.certificate_id = c.id "                                \
    "LEFT JOIN member_identity p ON p.member_id = c.provider_id "                                  \
    "LEFT JOIN member_identity m ON m.member_id = c.member_id "                                    \
    "LEFT JOIN certificate_text x ON x.certificate_id = c.id "                                     \
    "LEFT JOIN certificate_revocation r ON r.certificate_id = c.id "

static bool copy_blob(const struct store_row *row, int column, void *into, size_t want)
{
    size_t size;
    const void *bytes = store_row_blob(row, column, &size);

    if (!bytes || size != want)
        return false;
    memcpy(into, bytes, size);
    return true;
}

static enum ledger_status read_certificate(void *into, const struct store_row *row)
{
    struct ledger_certificate *c = into;

    if (!copy_blob(row, 1, c->uid.bytes, 16) || !copy_blob(row, 7, c->hash, 32))
        return LEDGER_STORE_BROKEN;
    c->id = store_row_int(row, 0);
    c->provider_id = store_row_int(row, 2);
    c->member_id = store_row_int(row, 3);
    c->key_id = store_row_int(row, 4);
    c->issued_at_us = store_row_int(row, 5);
    c->expires_at_us = store_row_null(row, 6) ? INT64_MAX : store_row_int(row, 6);
    c->revoked_at_us = store_row_int(row, 8);
    store_row_copy(row, 9, c->reason, sizeof c->reason);
    c->enrolment_id = store_row_int(row, 15);
    c->assumed = store_row_int(row, 16);
    c->erased = store_row_null(row, 12);
    store_row_copy(row, 10, c->name, sizeof c->name);
    store_row_copy(row, 11, c->title, sizeof c->title);
    store_row_copy(row, 12, c->jwt, sizeof c->jwt);
    store_row_copy(row, 13, c->provider, sizeof c->provider);
    store_row_copy(row, 14, c->member, sizeof c->member);
    return LEDGER_OK;
}

enum ledger_status ledger_certificate_get(struct ledger *l, int64_t id,
                                          struct ledger_certificate *c)
{
    enum ledger_status status = ledger_first(l, CERTIFICATE "WHERE c.id = $1",
                                             STORE_ARGS(store_int(id)), read_certificate, c);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_CERTIFICATE, "there is no certificate %lld",
                             (long long)id);
    return status;
}

enum ledger_status ledger_certificate_of_uid(struct ledger *l, const struct ledger_uid *uid,
                                             struct ledger_certificate *c)
{
    enum ledger_status status =
        ledger_first(l, CERTIFICATE "WHERE c.uid = $1", STORE_ARGS(store_blob(uid->bytes, 16)),
                     read_certificate, c);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_CERTIFICATE,
                             "there is no certificate with that uid");
    return status;
}

enum ledger_status ledger_certificate_of_jwt(struct ledger *l, const char *jwt,
                                             struct ledger_certificate *c)
{
    uint8_t hash[32];

    hash_jwt(jwt, hash);
    enum ledger_status status = ledger_first(l, CERTIFICATE "WHERE c.hash = $1",
                                             STORE_ARGS(store_blob(hash, 32)), read_certificate, c);
    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_CERTIFICATE,
                             "this ledger has issued no such certificate");
    return status;
}

struct each {
    ledger_certificate_reader *read;
    void *ctx;
    int left;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_certificate c;

    LEDGER_TRY(read_certificate(&c, row));
    LEDGER_TRY(each->read(each->ctx, &c));
    return --each->left > 0 ? LEDGER_OK : LEDGER_STOP;
}

enum ledger_status ledger_certificate_each(struct ledger *l,
                                           const struct ledger_certificate_filter *filter,
                                           ledger_certificate_reader *read, void *ctx)
{
    struct each each = {read, ctx, filter->limit};

    if (filter->member_id)
        return ledger_each(l,
                           CERTIFICATE "WHERE (c.member_id = $1 OR c.provider_id = $1) AND "
                                       "c.id > $2 AND ($3 = 0 OR r.at_us IS NOT NULL) "
                                       "ORDER BY c.id",
                           STORE_ARGS(store_int(filter->member_id), store_int(filter->after_id),
                                      store_int(filter->revoked_only)),
                           pass_on, &each);
    return ledger_each(l,
                       CERTIFICATE "WHERE c.id > $1 AND ($2 = 0 OR r.at_us IS NOT NULL) "
                                   "ORDER BY c.id",
                       STORE_ARGS(store_int(filter->after_id), store_int(filter->revoked_only)),
                       pass_on, &each);
}

const char *ledger_certificate_state(const struct ledger_certificate *c, int64_t now_us)
{
    if (c->revoked_at_us)
        return "revoked";
    return c->expires_at_us <= now_us ? "expired" : "valid";
}
