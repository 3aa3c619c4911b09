/* A uid is one UUID, however it is written. */
#include "support/region.h"

#include "ledger/uid.h"

#include <string.h>

#define V7 "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"

/* clang-format off */
static const struct row {
    const char *what;
    const char *text;
    enum ledger_status outcome;
    const char *written;
} rows[] = {
    /* what it shows         text                                      outcome               written */
    {"version 7",            V7,                                       LEDGER_OK,            V7},
    {"version 4",            "919108f7-52d1-4320-9bac-f847db4148a8",   LEDGER_OK,            "919108f7-52d1-4320-9bac-f847db4148a8"},
    {"version 1",            "c232ab00-9414-11ec-b3c8-9f6bdeced846",   LEDGER_OK,            "c232ab00-9414-11ec-b3c8-9f6bdeced846"},
    {"version 8",            "2489e9ad-2ee2-8e00-8ec9-32d5f69181c0",   LEDGER_OK,            "2489e9ad-2ee2-8e00-8ec9-32d5f69181c0"},
    {"no version at all",    "00000000-0000-0000-0000-000000000001",   LEDGER_OK,            "00000000-0000-0000-0000-000000000001"},
    {"the largest",          "ffffffff-ffff-ffff-ffff-ffffffffffff",   LEDGER_OK,            "ffffffff-ffff-ffff-ffff-ffffffffffff"},
    {"capitals",             "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",   LEDGER_OK,            V7},
    {"each of the letters",  "ABCDEFab-cdef-7ABC-8def-0123456789aF",   LEDGER_OK,            "abcdefab-cdef-7abc-8def-0123456789af"},
    {"both",                 "017f22E2-79b0-7cC3-98c4-dC0c0c07398F",   LEDGER_OK,            V7},
    {"nil",                  "00000000-0000-0000-0000-000000000000",   LEDGER_UID_MALFORMED, NULL},
    {"nothing",              "",                                       LEDGER_UID_MALFORMED, NULL},
    {"one short",            "017f22e2-79b0-7cc3-98c4-dc0c0c07398",    LEDGER_UID_MALFORMED, NULL},
    {"one long",             "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",  LEDGER_UID_MALFORMED, NULL},
    {"no dashes",            "017f22e279b07cc398c4dc0c0c07398f",       LEDGER_UID_MALFORMED, NULL},
    {"no dashes, 36 digits", "017f22e279b07cc398c4dc0c0c07398f0000",   LEDGER_UID_MALFORMED, NULL},
    {"dashes elsewhere",     "017f22e27-9b0-7cc3-98c4-dc0c0c07398f",   LEDGER_UID_MALFORMED, NULL},
    {"dashes only",          "------------------------------------",   LEDGER_UID_MALFORMED, NULL},
    {"braces",               "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}", LEDGER_UID_MALFORMED, NULL},
    {"a name space",         "urn:uuid:" V7,                           LEDGER_UID_MALFORMED, NULL},
    {"a blank in front",     " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f",   LEDGER_UID_MALFORMED, NULL},
    {"a line end behind",    V7 "\n",                                  LEDGER_UID_MALFORMED, NULL},
    {"words",                "order 17 of the mill",                   LEDGER_UID_MALFORMED, NULL},
};
/* clang-format on */

static void either_case_is_read_and_lower_case_written(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct ledger_uid uid;
        char text[LEDGER_UID_TEXT];
        enum ledger_status got = ledger_uid_parse(row->text, &uid);
        if (got != row->outcome ||
            (row->written && strcmp(ledger_uid_format(&uid, text), row->written) != 0))
            fail_msg("%s: %s", row->what, ledger_status_facts(got)->code);
    }
}

static void a_wrong_character_anywhere_is_refused(void **state)
{
    (void)state;
    static const char wrong[] = "gG/:@`x .\x80";

    for (size_t at = 0; at < strlen(V7); at++) {
        for (size_t i = 0; i <= strlen(wrong); i++) {
            char text[] = V7;
            struct ledger_uid uid = {{7}};
            text[at] = i < strlen(wrong) ? wrong[i] : text[at] == '-' ? '0' : '-';
            if (ledger_uid_parse(text, &uid) != LEDGER_UID_MALFORMED || uid.bytes[0] != 7)
                fail_msg("%s is taken", text);
        }
    }
}

static void the_bytes_stand_in_the_order_of_the_digits(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x01, 0x7f, 0x22, 0xe2, 0x79, 0xb0, 0x7c, 0xc3,
                                    0x98, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f};
    struct ledger_uid uid;

    assert_int_equal(ledger_uid_parse(V7, &uid), LEDGER_OK);
    assert_memory_equal(uid.bytes, bytes, sizeof bytes);
}

/* RFC 9562, appendix A.6; where version and variant go, the random bits give way. */
static void version_7_is_the_clock_and_what_is_random(void **state)
{
    (void)state;
    static const uint8_t random[][10] = {
        {0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f},
        {0xfc, 0xc3, 0xd8, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f},
    };
    const int64_t at_us = INT64_C(0x017F22E279B0) * 1000;
    char text[LEDGER_UID_TEXT];

    for (size_t i = 0; i < 2; i++) {
        struct ledger_uid uid = ledger_uid_v7(at_us, random[i]);
        assert_string_equal(ledger_uid_format(&uid, text), V7);
        uid = ledger_uid_v7(at_us + 999, random[i]);
        assert_string_equal(ledger_uid_format(&uid, text), V7);
    }
}

static void version_7_sorts_by_the_millisecond(void **state)
{
    (void)state;
    static const uint8_t least[10] = {0};
    static const uint8_t most[10] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

    for (int64_t at_us = 1; at_us < INT64_C(8000000000000000); at_us = at_us * 3 + 1000) {
        struct ledger_uid now = ledger_uid_v7(at_us, most);
        struct ledger_uid next = ledger_uid_v7(at_us + 1000, least);
        assert_true(memcmp(now.bytes, next.bytes, sizeof now.bytes) < 0);
    }
}

/* FIPS 180-2: the hashes of nothing, of "abc" and of 56 letters. */
static void version_8_is_the_beginning_of_sha_256(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *uid;
    } known[] = {
        {"", "e3b0c442-98fc-8c14-9afb-f4c8996fb924"},
        {"abc", "ba7816bf-8f01-8fea-8141-40de5dae2223"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61-d206-88b8-a5c0-26930c3e6039"},
    };
    char text[LEDGER_UID_TEXT];

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct ledger_uid uid = ledger_uid_from_bytes(known[i].text, strlen(known[i].text));
        assert_string_equal(ledger_uid_format(&uid, text), known[i].uid);
    }
}

static void what_is_made_has_its_version_and_variant_and_is_read_back(void **state)
{
    (void)state;
    struct test_clock clock = {.seed = 4};
    struct ledger_env env = test_env(&clock);

    for (int i = 0; i < 10000; i++) {
        uint8_t random[16];
        env.random(env.arg, random, sizeof random);
        struct ledger_uid made[] = {ledger_uid_v7(i * 1000, random),
                                    ledger_uid_from_bytes(random, sizeof random)};
        for (int k = 0; k < 2; k++) {
            char text[LEDGER_UID_TEXT];
            struct ledger_uid read;
            ledger_uid_format(&made[k], text);
            assert_int_equal(text[14], k ? '8' : '7');
            assert_non_null(strchr("89ab", text[19]));
            assert_int_equal(ledger_uid_parse(text, &read), LEDGER_OK);
            assert_true(ledger_uid_equal(&read, &made[k]));
        }
    }
}

static void a_bit_makes_another_uid(void **state)
{
    (void)state;
    struct ledger_uid uid;

    assert_int_equal(ledger_uid_parse(V7, &uid), LEDGER_OK);
    for (size_t bit = 0; bit < 128; bit++) {
        struct ledger_uid other = uid;
        assert_true(ledger_uid_equal(&uid, &other));
        other.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(ledger_uid_equal(&uid, &other));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(either_case_is_read_and_lower_case_written),
        cmocka_unit_test(a_wrong_character_anywhere_is_refused),
        cmocka_unit_test(the_bytes_stand_in_the_order_of_the_digits),
        cmocka_unit_test(version_7_is_the_clock_and_what_is_random),
        cmocka_unit_test(version_7_sorts_by_the_millisecond),
        cmocka_unit_test(version_8_is_the_beginning_of_sha_256),
        cmocka_unit_test(what_is_made_has_its_version_and_variant_and_is_read_back),
        cmocka_unit_test(a_bit_makes_another_uid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
