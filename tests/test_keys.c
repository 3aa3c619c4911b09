/* Tokens as the node treats them: kept as hashes, good only for whom and for as long as they are. */
#include "support/region.h"
#include "support/web.h"

#include "api/auth.h"
#include "api/run.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define PAY "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"1.00\",\"currency\":\"CALD\"}"
#define MILL_PAYS                                                                                  \
    "{\"from\":\"mill\",\"payee\":\"riverside\",\"amount\":\"1.00\",\"currency\":\"CALD\"}"
#define UID "0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1a01"
#define SECRETS 64

static struct web_node node;

static int start(void **state)
{
    (void)state;
    web_ledger(&node, 0);
    web_start(&node, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

/* Ask on a connection of its own; the answer is to be cleared. */
static struct web_response ask(const char *method, const char *path, const char *token,
                               const char *body)
{
    struct web_response r = {0};
    int fd = web_connect(&node);

    assert_true(web_ask(fd, &(struct web_request){method, path, token, NULL, body}, &r));
    close(fd);
    return r;
}

static void expect(const char *method, const char *path, const char *token, const char *body,
                   int status)
{
    struct web_response r = ask(method, path, token, body);

    if (r.status != status)
        print_error("%s %s: %s\n", method, path, r.body);
    assert_int_equal(r.status, status);
    assert_null(strstr(r.body, token));
    web_clear(&r);
}

/* Make one over HTTP. Returns its number. */
static int make(const char *body, char secret[static LEDGER_TOKEN_SECRET])
{
    struct web_response r = ask("POST", "/api/v1/tokens", node.tokens[STEWARD], body);
    json_t *made = web_json(&r);
    int id = (int)json_integer_value(json_object_get(made, "token"));

    assert_int_equal(r.status, 200);
    snprintf(secret, LEDGER_TOKEN_SECRET, "%s", json_string_value(json_object_get(made, "secret")));
    json_decref(made);
    web_clear(&r);
    return id;
}

static void take_back(int id)
{
    char path[64];

    snprintf(path, sizeof path, "/api/v1/tokens/%d/revocation", id);
    expect("POST", path, node.tokens[STEWARD], "{}", 200);
}

/* The bytes of the ledger and all that lies beside it, one after the other. */
static char *all_bytes(size_t *size)
{
    static const char *const tails[] = {"", "-wal", "-shm", ".lock"};
    char path[160];
    char *bytes = NULL;

    *size = 0;
    for (size_t i = 0; i < COUNT(tails); i++) {
        struct stat st;
        FILE *f;

        snprintf(path, sizeof path, "%s%s", node.path, tails[i]);
        if (stat(path, &st) != 0)
            continue;
        bytes = realloc(bytes, *size + (size_t)st.st_size + 1);
        f = fopen(path, "r");
        assert_non_null(f);
        *size += fread(bytes + *size, 1, (size_t)st.st_size, f);
        fclose(f);
    }
    return bytes;
}

struct haystack {
    const char *bytes;
    size_t size;
};

static bool has(const struct haystack *h, const void *needle, size_t size)
{
    return memmem(h->bytes, h->size, needle, size) != NULL;
}

static void upper(char *text)
{
    for (; *text; text++)
        if (*text >= 'a' && *text <= 'f')
            *text = (char)(*text - 'a' + 'A');
}

static bool has_hex(const struct haystack *h, const void *bytes, size_t size)
{
    char hex[2 * LEDGER_TOKEN_SECRET + 1];

    sodium_bin2hex(hex, sizeof hex, bytes, size);
    if (has(h, hex, strlen(hex)))
        return true;
    upper(hex);
    return has(h, hex, strlen(hex));
}

static bool has_base64(const struct haystack *h, const void *bytes, size_t size)
{
    char text[2 * LEDGER_TOKEN_SECRET];

    sodium_bin2base64(text, sizeof text, bytes, size, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    if (has(h, text, strlen(text)))
        return true;
    sodium_bin2base64(text, sizeof text, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return has(h, text, strlen(text));
}

/* The secret as it is shown, its 32 bytes, and both in hexadecimal and base64: none is there. */
static void is_nowhere(const struct haystack *h, const char *secret)
{
    size_t size = strlen(secret);
    unsigned char raw[32], hash[32];

    assert_int_equal(sodium_base642bin(raw, sizeof raw, secret + 4, size - 4, NULL, NULL, NULL,
                                       sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                     0);
    assert_false(has(h, secret, size));
    assert_false(has(h, secret + 4, size - 4));
    assert_false(has(h, raw, sizeof raw));
    assert_false(has_hex(h, raw, sizeof raw));
    assert_false(has_hex(h, secret, size));
    assert_false(has_base64(h, raw, sizeof raw));
    assert_false(has_base64(h, secret, size));
    /* Its hash is: the scan would have seen it. */
    crypto_hash_sha256(hash, (const unsigned char *)secret, size);
    assert_true(has(h, hash, sizeof hash));
}

static void no_secret_is_in_the_file(void **state)
{
    static char secrets[SECRETS][LEDGER_TOKEN_SECRET];
    struct haystack h;

    (void)state;
    for (int i = 0; i < SECRETS; i++) {
        int id = make(i % 2 ? "{\"role\":\"auditor\",\"label\":\"office\"}"
                            : "{\"role\":\"trader\",\"member\":\"riverside\"}",
                      secrets[i]);

        expect("GET", "/api/v1/members", secrets[i], NULL, 200);
        if (i % 3 == 0)
            take_back(id);
    }
    for (int stopped = 0; stopped < 2; stopped++) {
        if (stopped)
            web_stop(&node);
        h.bytes = all_bytes(&h.size);
        for (int i = 0; i < SECRETS; i++)
            is_nowhere(&h, secrets[i]);
        for (int i = 0; i < WEB_ROLES; i++)
            is_nowhere(&h, node.tokens[i]);
        free((char *)h.bytes);
    }
    web_start(&node, 0);
}

/* The secret is shown once: a replay of the same request answers without it. */
static void shown_once(void **state)
{
    const struct web_request q = {"POST", "/api/v1/tokens", node.tokens[STEWARD], UID,
                                  "{\"role\":\"auditor\"}"};
    struct web_response r = {0};
    int fd = web_connect(&node);

    (void)state;
    assert_true(web_ask(fd, &q, &r));
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(r.body, "\"secret\":\"clt_"));
    assert_true(web_ask(fd, &q, &r));
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(r.head, "Idempotent-Replay: true"));
    assert_null(strstr(r.body, "clt_"));
    web_clear(&r);
    close(fd);
}

/* What a caller sends wrong is not said back to it with its token. */
static void not_in_what_is_refused(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        const char *body;
        int status;
    } rows[] = {
        {"GET", "/nothing", NULL, 404},
        {"PUT", "/api/v1/members", NULL, 405},
        {"GET", "/api/v1/members?limit=x", NULL, 400},
        {"GET", "/api/v1/members/nobody", NULL, 404},
        {"POST", "/api/v1/payments", "{", 400},
        {"POST", "/api/v1/payments", "{}", 400},
        {"POST", "/api/v1/currencies", "{}", 403},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        expect(rows[i].method, rows[i].path, node.tokens[TRADER], rows[i].body, rows[i].status);
}

/* Also on a connection that was good a moment ago. */
static void revoked_at_once(void **state)
{
    char secret[LEDGER_TOKEN_SECRET];
    int id = make("{\"role\":\"trader\",\"member\":\"riverside\"}", secret);
    const struct web_request read = {"GET", "/api/v1/balances", secret, NULL, NULL};
    const struct web_request write = {"POST", "/api/v1/payments", secret, NULL, PAY};
    struct web_response r = {0};
    int fd = web_connect(&node);

    (void)state;
    assert_true(web_ask(fd, &read, &r));
    assert_int_equal(r.status, 200);
    assert_true(web_ask(fd, &write, &r));
    assert_int_equal(r.status, 200);
    take_back(id);
    assert_true(web_ask(fd, &write, &r));
    assert_int_equal(r.status, 401);
    assert_true(web_ask(fd, &read, &r));
    assert_int_equal(r.status, 401);
    web_clear(&r);
    close(fd);
}

static void expired(void **state)
{
    char secret[LEDGER_TOKEN_SECRET], sql[128];
    int id = make("{\"role\":\"trader\",\"member\":\"riverside\"}", secret);

    (void)state;
    expect("GET", "/api/v1/balances", secret, NULL, 200);
    web_stop(&node);
    snprintf(sql, sizeof sql, "UPDATE token SET expires_at_us = created_at_us + 1 WHERE id = %d",
             id);
    region_damage(node.path, sql);
    web_start(&node, 0);
    expect("GET", "/api/v1/balances", secret, NULL, 401);
    expect("POST", "/api/v1/payments", secret, PAY, 401);
}

/* What mill's people may do for riverside: nothing, and they do not see what is only its own. */
static void of_another_member(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        const char *body;
        int status;
    } rows[] = {
        {"POST", "/api/v1/payments", PAY, 403},
        {"POST", "/api/v1/payments", MILL_PAYS, 200},
        {"GET", "/api/v1/balances?member=riverside", NULL, 403},
        {"GET", "/api/v1/balances", NULL, 200},
        {"GET", "/api/v1/members/riverside/accounts/CALD/statement", NULL, 403},
        {"GET", "/api/v1/members/mill/accounts/CALD/statement", NULL, 200},
        {"GET", "/api/v1/tokens?member=riverside", NULL, 403},
        {"POST", "/api/v1/tokens", "{\"role\":\"trader\",\"member\":\"riverside\"}", 403},
        {"POST", "/api/v1/tokens", "{\"role\":\"steward\"}", 403},
        {"POST", "/api/v1/tokens/4/revocation", "{}", 404},
        {"POST", "/api/v1/tokens/1/revocation", "{}", 404},
    };
    char secret[LEDGER_TOKEN_SECRET];

    (void)state;
    make("{\"role\":\"manager\",\"member\":\"mill\"}", secret);
    for (size_t i = 0; i < COUNT(rows); i++)
        expect(rows[i].method, rows[i].path, secret, rows[i].body, rows[i].status);
}

/* A suspended member may look and be paid; one who has left has no key any more. */
static void of_a_suspended_member_and_one_that_left(void **state)
{
    char secret[LEDGER_TOKEN_SECRET];
    struct web_response r;

    (void)state;
    expect("POST", "/api/v1/members", node.tokens[STEWARD],
           "{\"handle\":\"dora\",\"name\":\"Dora\"}", 200);
    make("{\"role\":\"manager\",\"member\":\"dora\"}", secret);
    expect("POST", "/api/v1/members/dora/suspension", node.tokens[STEWARD],
           "{\"reason\":\"decided\"}", 200);
    expect("GET", "/api/v1/balances", secret, NULL, 200);
    r = ask("POST", "/api/v1/payments", secret,
            "{\"from\":\"dora\",\"payee\":\"mill\",\"amount\":\"1.00\",\"currency\":\"CALD\"}");
    assert_int_equal(r.status, 409);
    assert_non_null(strstr(r.body, "member_not_active"));
    web_clear(&r);
    expect("POST", "/api/v1/members/dora/departure", node.tokens[STEWARD], "{\"reason\":\"moved\"}",
           200);
    expect("GET", "/api/v1/balances", secret, NULL, 401);
    expect("POST", "/api/v1/payments", secret, PAY, 401);
}

/* Rule 8: a member that makes itself many tokens has no more dry runs, and can still pay. */
static void dry_runs_are_counted_by_member(void **state)
{
    char secrets[4][LEDGER_TOKEN_SECRET];
    struct web_response r;

    (void)state;
    for (size_t i = 0; i < COUNT(secrets); i++)
        make("{\"role\":\"trader\",\"member\":\"mill\"}", secrets[i]);
    for (int i = 0; i < AUTH_ATTEMPTS_MAX; i++)
        expect("POST", "/api/v1/payments?dry_run=true", secrets[i % 2], MILL_PAYS, 200);
    for (size_t i = 0; i < COUNT(secrets); i++) {
        r = ask("POST", "/api/v1/payments?dry_run=true", secrets[i], MILL_PAYS);
        assert_int_equal(r.status, 429);
        assert_non_null(strstr(r.head, "Retry-After: "));
        web_clear(&r);
        expect("POST", "/api/v1/payments", secrets[i], MILL_PAYS, 200);
    }
    expect("POST", "/api/v1/payments?dry_run=true", node.tokens[TRADER], PAY, 200);
}

/* A use is kept in memory, and written at most once a minute. */
static void uses_are_written_now_and_then(void **state)
{
    struct region r;
    struct ledger_token t = {.role = LEDGER_STEWARD};
    struct ledger_token known;
    char secret[LEDGER_TOKEN_SECRET];
    struct auth *auth = auth_new();
    struct api_call call;
    struct job job;
    int64_t first_us;

    (void)state;
    region_start(&r);
    t.expires_at_us = r.clock.now_us + REGION_HOUR_US;
    OK(&r, ledger_token_create(r.l, &t, secret));
    api_call_init(&call, api_operation_named("node.show"));
    job_init(&job, &call, secret);
    first_us = r.clock.now_us;
    for (int i = 0; i < 3; i++) {
        OK(&r, auth_sign_in(auth, r.l, &job));
        OK(&r, ledger_token_get(r.l, t.id, &known));
        assert_int_equal(known.last_used_at_us, i == 0 ? 0 : first_us);
        OK(&r, auth_write_uses(auth, r.l));
        OK(&r, ledger_token_get(r.l, t.id, &known));
        assert_int_equal(known.last_used_at_us, first_us);
        r.clock.now_us += 1000;
    }
    job_clear(&job);
    api_call_clear(&call);
    auth_free(auth);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_secret_is_in_the_file),
        cmocka_unit_test(shown_once),
        cmocka_unit_test(not_in_what_is_refused),
        cmocka_unit_test(revoked_at_once),
        cmocka_unit_test(expired),
        cmocka_unit_test(of_another_member),
        cmocka_unit_test(of_a_suspended_member_and_one_that_left),
        cmocka_unit_test(dry_runs_are_counted_by_member),
        cmocka_unit_test(uses_are_written_now_and_then),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
