/* A certificate as somebody shows it. Whatever is taken is what its bytes say, and nothing false is believed. */
#include "fuzz.h"

#include "api/credential.h"
#include "api/run.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t seed[LEDGER_SEED] = {5};

/* What was read, written again by a key of ours, is read as the same and is good by that key. */
static void check_again(const struct jwt *jwt, struct ledger *l)
{
    uint8_t public_key[32];
    struct api_call call;
    struct jwt again;
    char *text = jwt_write(l, jwt->header, jwt->payload);

    assert(text);
    ledger_key_public(seed, public_key);
    api_call_init(&call, api_operation_named("certificate.verify"));
    enum ledger_status st = jwt_read(&call, text, &again);
    if (strlen(text) <= LEDGER_JWT_MAX) {
        assert(st == LEDGER_OK);
        assert(json_equal(jwt->header, again.header) && json_equal(jwt->payload, again.payload));
        assert(ledger_key_verify(public_key, text, again.signed_size, again.signature));
        jwt_clear(&again);
    }
    api_call_clear(&call);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ledger *l;
    char *text = fuzz_text(data, size);
    uint8_t public_key[32];
    struct api_call call;
    struct jwt jwt;
    json_t *out = NULL;

    if (!l) {
        assert(ledger_create(":memory:", "Fuzz", "UTC", &api_env, &l) == LEDGER_OK);
        ledger_key_use(l, seed);
    }
    api_call_init(&call, api_operation_named("certificate.verify"));
    enum ledger_status st = jwt_read(&call, text, &jwt);
    fuzz_check_problem(&call, st);
    if (st == LEDGER_OK) {
        assert(jwt.signed_size < strlen(text));
        check_again(&jwt, l);
        jwt_clear(&jwt);
    } else {
        assert(st == LEDGER_CERTIFICATE_MALFORMED || st == LEDGER_CERTIFICATE_UNSIGNED);
    }
    /* Signed by nobody whose key this is. */
    ledger_key_public(seed, public_key);
    public_key[0] ^= 1;
    assert(credential_check_key(&call, text, public_key, 0, &out) != LEDGER_OK && !out);
    assert(ledger_begin_read(l) == LEDGER_OK);
    assert(credential_check(l, &call, text, &out) != LEDGER_OK && !out);
    ledger_rollback(l);
    api_call_clear(&call);
    free(text);
    return 0;
}
