/*
 * test_certificate.c - what is certified is signed, kept, revoked and erased; what is false is told from it.
 */
#include "support/region.h"

#include "api/args.h"
#include "api/jwt.h"
#include "api/run.h"
#include "ledger/address.h"
#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/member.h"
#include "ledger/multibase.h"
#include "ledger/verify.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URL "https://ledger.example.org"

static const uint8_t seed[LEDGER_SEED] = {7};
static const uint8_t other_seed[LEDGER_SEED] = {8};

/* Run an operation inside the region's transaction; `*out` may be NULL. */
static enum ledger_status run(struct region *r, const char *name, json_t *args, json_t **out)
{
    struct api_call call;
    json_t *answer = NULL;

    api_call_init(&call, api_operation_named(name));
    json_decref(call.args);
    call.args = args;
    api_call_as_local(&call, "test");
    enum ledger_status st = call.op->mode == API_WRITE ? api_run_write(r->l, &call, &answer)
                                                       : api_run_read(r->l, &call, &answer);
    if (out)
        *out = answer;
    else
        json_decref(answer);
    api_call_clear(&call);
    return st;
}

static json_t *asked(const char *provider, const char *expires_on)
{
    json_t *args = json_pack("{s:s, s:s, s:s, s:s}", "provider", provider, "member", "riverside",
                             "name", "Ana Ruiz", "title", "First aid at work");

    if (expires_on)
        json_object_set_new(args, "expires_on", json_string(expires_on));
    return args;
}

/* The text of a new certificate of mill for one of riverside's; the caller frees it. */
static char *issue(struct region *r, const char *expires_on)
{
    json_t *answer;
    char *jwt;

    OK(r, run(r, "certificate.issue", asked("mill", expires_on), &answer));
    jwt = strdup(json_string_value(json_object_get(answer, "jwt")));
    json_decref(answer);
    return jwt;
}

static enum ledger_status judge(struct region *r, const char *jwt)
{
    return run(r, "certificate.verify", json_pack("{s:s}", "jwt", jwt), NULL);
}

static void record_key(struct region *r, const uint8_t key_seed[static LEDGER_SEED])
{
    uint8_t public_key[32];
    int64_t id;

    ledger_key_public(key_seed, public_key);
    OK(r, ledger_key_record(r->l, public_key, &region_why, &id));
    ledger_key_use(r->l, key_seed);
}

static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_member(&r, "mill");
    region_member(&r, "riverside");
    record_key(&r, seed);
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static void a_certificate_is_good(void **state)
{
    struct region *r = *state;
    char *jwt = issue(r, NULL);
    json_t *answer;

    OK(r, run(r, "certificate.verify", json_pack("{s:s}", "jwt", jwt), &answer));
    assert_string_equal(json_string_value(json_object_get(answer, "name")), "Ana Ruiz");
    assert_string_equal(json_string_value(json_object_get(answer, "title")), "First aid at work");
    assert_string_equal(json_string_value(json_object_get(answer, "provider")), "The mill");
    assert_memory_equal(json_string_value(json_object_get(answer, "issuer")), "did:key:z6Mk", 12);
    json_decref(answer);
    free(jwt);
}

static const struct refused {
    const char *what;
    const char *provider;
    const char *field; /* set to `value`, or taken away where that is NULL */
    const char *value;
    enum ledger_status status;
} refused[] = {
    {"its own people", "riverside", "provider", "riverside", LEDGER_CERTIFIES_ITSELF},
    {"a provider that is not there", "mill", "provider", "nobody", LEDGER_NO_SUCH_MEMBER},
    {"a member that is not there", "mill", "member", "nobody", LEDGER_NO_SUCH_MEMBER},
    {"no name", "mill", "name", "", LEDGER_MISSING_PARAMETER},
    {"no title", "mill", "title", "", LEDGER_MISSING_PARAMETER},
    {"an end that is over", "mill", "expires_on", "2026-03-01", LEDGER_DATE_MALFORMED},
    {"an end today", "mill", "expires_on", "2026-03-02", LEDGER_DATE_MALFORMED},
    {"a course to come", "mill", "held_on", "2026-03-03", LEDGER_DATE_IN_FUTURE},
};

static void what_cannot_be_certified(void **state)
{
    struct region *r = *state;
    struct ledger_certificate c;

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        json_t *args = asked(refused[i].provider, NULL);

        json_object_set_new(args, refused[i].field, json_string(refused[i].value));
        enum ledger_status st = run(r, "certificate.issue", args, NULL);
        if (st != refused[i].status)
            print_error("%s: %s\n", refused[i].what, ledger_status_facts(st)->code);
        assert_int_equal(st, refused[i].status);
    }
    OK(r, ledger_member_change_state(r->l, 1, LEDGER_SUSPENDED, &region_why));
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, run(r, "certificate.issue", asked("mill", NULL), NULL));
    EXPECT(r, LEDGER_NO_SUCH_CERTIFICATE, ledger_certificate_get(r->l, 1, &c));
}

static char *encode(const char *json)
{
    return jwt_base64(json, strlen(json));
}

/* Another header before the same payload and signature, or signed anew by `by`. */
static char *with_header(const char *jwt, const char *header, const uint8_t *by)
{
    const char *body = strchr(jwt, '.');
    const char *tail = strrchr(jwt, '.');
    char *head = encode(header);
    uint8_t public_key[32], secret_key[64], signature[64];
    char *text, *whole;

    assert_true(asprintf(&whole, "%s%.*s", head, (int)(tail - body), body) > 0);
    if (by) {
        crypto_sign_seed_keypair(public_key, secret_key, by);
        crypto_sign_detached(signature, NULL, (unsigned char *)whole, strlen(whole), secret_key);
        char *end = jwt_base64(signature, sizeof signature);
        assert_true(asprintf(&text, "%s.%s", whole, end) > 0);
        free(end);
    } else {
        assert_true(asprintf(&text, "%s%s", whole, tail) > 0);
    }
    free(whole);
    free(head);
    return text;
}

static void expect_header(struct region *r, const char *jwt, enum ledger_status want,
                          const char *header, const uint8_t *by)
{
    char *text = with_header(jwt, header, by);

    EXPECT(r, want, judge(r, text));
    free(text);
}

static void whatever_is_false_has_its_own_code(void **state)
{
    struct region *r = *state;
    char *jwt = issue(r, NULL);
    char header[400], did[LEDGER_DID_TEXT], other_did[LEDGER_DID_TEXT];
    uint8_t key[32];
    char *changed = strdup(jwt);
    char *cut = strdup(jwt);

    ledger_key_public(seed, key);
    ledger_did_write(key, did);
    ledger_key_public(other_seed, key);
    ledger_did_write(key, other_did);

    char *payload = strchr(changed, '.') + 40;
    *payload = *payload == 'A' ? 'B' : 'A';
    enum ledger_status st = judge(r, changed);
    assert_true(st == LEDGER_CERTIFICATE_TAMPERED || st == LEDGER_CERTIFICATE_MALFORMED);
    strcpy(changed, jwt);
    char *end = strrchr(changed, '.') + 10;
    *end = *end == 'A' ? 'B' : 'A';
    EXPECT(r, LEDGER_CERTIFICATE_TAMPERED, judge(r, changed));
    *strrchr(cut, '.') = '\0';
    EXPECT(r, LEDGER_CERTIFICATE_MALFORMED, judge(r, cut));
    EXPECT(r, LEDGER_CERTIFICATE_MALFORMED, judge(r, "a.b.c"));
    EXPECT(r, LEDGER_CERTIFICATE_MALFORMED, judge(r, "..."));

    expect_header(r, jwt, LEDGER_CERTIFICATE_UNSIGNED, "{\"alg\":\"none\"}", NULL);
    expect_header(r, jwt, LEDGER_CERTIFICATE_UNSIGNED, "{\"alg\":\"NONE\",\"kid\":\"x\"}", NULL);
    expect_header(r, jwt, LEDGER_CERTIFICATE_UNSIGNED, "{\"alg\":\"HS256\",\"kid\":\"x\"}", NULL);
    expect_header(r, jwt, LEDGER_CERTIFICATE_MALFORMED, "{\"typ\":\"JWT\"}", NULL);
    expect_header(r, jwt, LEDGER_CERTIFICATE_MALFORMED, "{\"alg\":\"EdDSA\"}", NULL);
    expect_header(r, jwt, LEDGER_CERTIFICATE_MALFORMED,
                  "{\"alg\":\"EdDSA\",\"kid\":\"x\",\"crit\":[\"exp\"]}", NULL);
    expect_header(r, jwt, LEDGER_CERTIFICATE_MALFORMED,
                  "{\"alg\":\"EdDSA\",\"kid\":\"x\",\"typ\":\"JWE\"}", NULL);
    snprintf(header, sizeof header, "{\"alg\":\"EdDSA\",\"kid\":\"%s#%s\"}", other_did,
             other_did + 8);
    expect_header(r, jwt, LEDGER_CERTIFICATE_WRONG_KEY, header, other_seed);
    /* A key that comes with the text is not believed. */
    char *x = jwt_base64(key, sizeof key);
    snprintf(header, sizeof header,
             "{\"alg\":\"EdDSA\",\"kid\":\"%s#%s\",\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
             "\"x\":\"%s\"}}",
             did, did + 8, x);
    expect_header(r, jwt, LEDGER_CERTIFICATE_TAMPERED, header, other_seed);
    /* Our own key, and nothing that we issued. */
    expect_header(r, jwt, LEDGER_CERTIFICATE_UNKNOWN, header, seed);
    free(x);
    free(cut);
    free(changed);
    free(jwt);
}

/* Another node's: its key, its name. */
static void another_issuers_is_not_ours(void **state)
{
    struct region *r = *state;
    struct region other;
    char *jwt;

    region_start(&other);
    region_member(&other, "mill");
    region_member(&other, "riverside");
    record_key(&other, other_seed);
    jwt = issue(&other, NULL);
    OK(&other, judge(&other, jwt));
    EXPECT(r, LEDGER_CERTIFICATE_NOT_OURS, judge(r, jwt));
    free(jwt);
    region_end(&other);
}

static void it_is_good_through_its_last_day(void **state)
{
    struct region *r = *state;
    char *jwt = issue(r, "2026-03-10");

    region_set_day(r, "2026-03-10");
    r->clock.now_us += 12 * REGION_HOUR_US - 1000000;
    OK(r, judge(r, jwt));
    r->clock.now_us += 1000000;
    EXPECT(r, LEDGER_CERTIFICATE_EXPIRED, judge(r, jwt));
    free(jwt);
}

static void a_revoked_one_stays_listed(void **state)
{
    struct region *r = *state;
    char *jwt = issue(r, NULL);
    json_t *answer;

    EXPECT(r, LEDGER_REASON_MISSING,
           run(r, "certificate.revoke", json_pack("{s:i, s:s}", "id", 1, "reason", ""), NULL));
    OK(r,
       run(r, "certificate.revoke", json_pack("{s:i, s:s}", "id", 1, "reason", "mistaken"), NULL));
    EXPECT(r, LEDGER_CERTIFICATE_REVOKED, judge(r, jwt));
    EXPECT(r, LEDGER_ALREADY_REVOKED,
           run(r, "certificate.revoke", json_pack("{s:i, s:s}", "id", 1, "reason", "again"), NULL));
    OK(r, run(r, "certificate.revoked", json_object(), &answer));
    assert_int_equal(json_array_size(json_object_get(answer, "items")), 1);
    json_t *item = json_array_get(json_object_get(answer, "items"), 0);
    assert_string_equal(json_string_value(json_object_get(item, "reason")), "mistaken");
    assert_null(json_object_get(item, "name"));
    json_decref(answer);
    free(jwt);
}

static void an_old_key_still_verifies(void **state)
{
    struct region *r = *state;
    char *before = issue(r, NULL);
    char *after;
    struct ledger_key k;

    record_key(r, other_seed);
    after = issue(r, NULL);
    OK(r, judge(r, before));
    OK(r, judge(r, after));
    OK(r, ledger_key_get(r->l, 1, &k));
    assert_true(k.replaced_at_us > k.at_us);
    ledger_key_use(r->l, seed);
    EXPECT(r, LEDGER_KEY_MISMATCH, run(r, "certificate.issue", asked("mill", NULL), NULL));
    EXPECT(r, LEDGER_EXISTS, ledger_key_record(r->l, k.public_key, &region_why, &k.id));
    free(before);
    free(after);
}

static void an_address_names_the_issuer(void **state)
{
    static const char *const wrong[] = {
        "ledger.example.org", "https://",    "https://x/", "ftp://x",
        "https://x?y",        "https://x y", "https://a@x"};
    struct region *r = *state;
    char *first = issue(r, NULL);
    json_t *answer;
    int64_t id;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        EXPECT(r, LEDGER_ADDRESS_MALFORMED, ledger_address_set(r->l, wrong[i], &region_why, &id));
    OK(r, ledger_address_set(r->l, URL, &region_why, &id));
    char *second = issue(r, NULL);
    OK(r, run(r, "certificate.verify", json_pack("{s:s}", "jwt", second), &answer));
    assert_string_equal(json_string_value(json_object_get(answer, "issuer")), URL);
    assert_string_equal(json_string_value(json_object_get(answer, "key")), URL "/api/v1/key?id=1");
    json_decref(answer);
    OK(r, ledger_address_set(r->l, "https://elsewhere.example.org:8443/node", &region_why, &id));
    OK(r, judge(r, first));
    OK(r, judge(r, second));
    free(first);
    free(second);
}

/* Nothing of the person is left in the file, and who holds the certificate can still show it. */
static void words_are_erased_and_the_proof_stays(void **state)
{
    struct region *r = *state;
    char *first = issue(r, NULL);
    char *second = issue(r, NULL);
    struct ledger_verification v;
    struct ledger_certificate c;

    OK(r, ledger_erase_certificate_text(r->l, 1, &region_why));
    EXPECT(r, LEDGER_ALREADY_ERASED, ledger_erase_certificate_text(r->l, 1, &region_why));
    OK(r, judge(r, first));
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
    assert_int_equal(v.erased, 1);
    OK(r, ledger_member_leave(r->l, 2, &region_why));
    OK(r, ledger_erase_member(r->l, 2, &region_why));
    OK(r, ledger_certificate_get(r->l, 2, &c));
    assert_true(c.erased);
    assert_string_equal(c.jwt, "");
    OK(r, judge(r, second));
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
    free(first);
    free(second);
}

static const struct damage {
    const char *what;
    const char *sql;
    const char *problem;
} damages[] = {
    {"a text", "UPDATE certificate_text SET jwt = jwt || 'A'", "its text is not the one"},
    {"a hash", "UPDATE certificate SET hash = randomblob(32)", "its text is not the one"},
    {"a key", "UPDATE node_key SET public_key = randomblob(32)", "has not signed it"},
    {"no key", "DELETE FROM node_key", "the key that signed it is not there"},
    {"no words", "DELETE FROM certificate_text", "no erasure is on record"},
    {"its own", "UPDATE certificate SET member_id = 1", "are one"},
    {"whose", "UPDATE certificate SET member_id = 9", "not there"},
    {"words of none", "INSERT INTO certificate_text VALUES (9, '', '', '')", "stand without it"},
    {"a revocation of none", "INSERT INTO certificate_revocation VALUES (9, 1, '', '')",
     "a revocation stands without it"},
};

static void damage_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        struct region r;
        struct ledger_verification v;

        region_start_file(&r);
        region_member(&r, "mill");
        region_member(&r, "riverside");
        record_key(&r, seed);
        free(issue(&r, NULL));
        region_close(&r);
        region_damage(r.path, damages[i].sql);
        region_open(&r, false);
        EXPECT(&r, LEDGER_INTEGRITY, ledger_verify(r.l, NULL, NULL, &v));
        if (!strstr(ledger_message(r.l), damages[i].problem))
            fail_msg("%s: %s", damages[i].what, ledger_message(r.l));
        region_end(&r);
    }
}

static const struct {
    const char *sql;
    const char *refusal;
} guarded[] = {
    {"UPDATE node_key SET at_us = 1", "append-only"},
    {"DELETE FROM node_key", "append-only"},
    {"INSERT OR REPLACE INTO node_key SELECT 9, public_key, at_us, '', '' FROM node_key", "taken"},
    {"INSERT OR REPLACE INTO node_key SELECT id, randomblob(32), at_us, '', '' FROM node_key",
     "taken"},
    {"UPDATE node_address SET url = 'x'", "append-only"},
    {"DELETE FROM node_address", "append-only"},
    {"INSERT OR REPLACE INTO node_address SELECT * FROM node_address", "taken"},
    {"UPDATE certificate SET key_id = 1", "append-only"},
    {"DELETE FROM certificate", "append-only"},
    {"INSERT OR REPLACE INTO certificate SELECT 9, uid, 1, 2, 1, 1, NULL, randomblob(32), '' FROM "
     "certificate WHERE id = 1",
     "taken"},
    {"INSERT OR REPLACE INTO certificate SELECT 9, randomblob(16), 1, 2, 1, 1, NULL, hash, '' FROM "
     "certificate WHERE id = 1",
     "taken"},
    {"INSERT OR REPLACE INTO certificate SELECT 1, randomblob(16), 1, 2, 1, 1, NULL, "
     "randomblob(32), ''",
     "taken"},
    {"UPDATE certificate_text SET name = 'x'", "never edited"},
    {"DELETE FROM certificate_text", "record the erasure first"},
    {"INSERT OR REPLACE INTO certificate_text SELECT * FROM certificate_text", "taken"},
    {"UPDATE certificate_revocation SET reason = 'x'", "append-only"},
    {"DELETE FROM certificate_revocation", "append-only"},
    {"INSERT OR REPLACE INTO certificate_revocation SELECT * FROM certificate_revocation", "taken"},
};

static void the_file_refuses(void **state)
{
    struct region *r = *state;
    int64_t id;

    free(issue(r, NULL));
    OK(r, ledger_address_set(r->l, URL, &region_why, &id));
    OK(r, ledger_certificate_revoke(r->l, 1, &region_why));
    region_close(r);
    for (size_t i = 0; i < sizeof guarded / sizeof guarded[0]; i++) {
        const char *message = region_raw(r->path, guarded[i].sql);

        if (!message || !strstr(message, guarded[i].refusal))
            fail_msg("%s: %s", guarded[i].sql, message ? message : "went through");
    }
    region_open(r, true);
}

static void a_key_is_one_text(void **state)
{
    uint8_t key[32];
    uint8_t again[32];
    char text[LEDGER_DID_TEXT];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        randombytes_buf(key, sizeof key);
        memset(key, i < 3 ? 0x00 : key[0], i < 2 ? sizeof key : 1);
        assert_int_equal(ledger_multibase_read(ledger_did_write(key, text), again), LEDGER_OK);
        assert_memory_equal(key, again, sizeof key);
    }
    /* The example of the did:key method, section 2.1. */
    assert_int_equal(ledger_multibase_read("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", key),
                     LEDGER_OK);
    assert_string_equal(ledger_did_write(key, text),
                        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
    assert_int_equal(ledger_multibase_read("", key), LEDGER_KEY_MALFORMED);
    assert_int_equal(ledger_multibase_read("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do0", key),
                     LEDGER_KEY_MALFORMED);
    assert_int_equal(ledger_multibase_read("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", key),
                     LEDGER_KEY_MALFORMED);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(a_certificate_is_good),
        EACH(what_cannot_be_certified),
        EACH(whatever_is_false_has_its_own_code),
        EACH(another_issuers_is_not_ours),
        EACH(it_is_good_through_its_last_day),
        EACH(a_revoked_one_stays_listed),
        EACH(an_old_key_still_verifies),
        EACH(an_address_names_the_issuer),
        EACH(words_are_erased_and_the_proof_stays),
        EACH(the_file_refuses),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(a_key_is_one_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
