/* An amount shared out pro rata, each up to what it can bear; the parts always add up. */
#include "ledger/apportion.h"

#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define PARTS 4
#define MOST LEDGER_AMOUNT_MAX

static const struct row {
    const char *what;
    int64_t total_minor;
    int64_t weights[PARTS];
    int64_t most_minor[PARTS];
    int64_t parts_minor[PARTS];
    int64_t left_minor;
} rows[] = {
    {"pro rata", 100, {1, 2, 3, 4}, {MOST, MOST, MOST, MOST}, {10, 20, 30, 40}, 0},
    {"largest remainder", 100, {1, 1, 1, 0}, {MOST, MOST, MOST, MOST}, {34, 33, 33, 0}, 0},
    {"two remainders", 101, {1, 1, 1, 0}, {MOST, MOST, MOST, MOST}, {34, 34, 33, 0}, 0},
    {"the larger remainder first", 10, {2, 5, 1, 3}, {MOST, MOST, MOST, MOST}, {2, 4, 1, 3}, 0},
    {"one is full", 100, {1, 1, 1, 1}, {10, MOST, MOST, MOST}, {10, 30, 30, 30}, 0},
    {"and that fills another", 100, {1, 1, 1, 1}, {10, 28, MOST, MOST}, {10, 28, 31, 31}, 0},
    {"just full", 100, {1, 1, 1, 1}, {25, 25, 25, 25}, {25, 25, 25, 25}, 0},
    {"all are full", 100, {1, 1, 1, 1}, {24, 24, 24, 24}, {24, 24, 24, 24}, 4},
    {"nothing to bear it", 100, {0, 0, 0, 0}, {9, 9, 9, 9}, {0, 0, 0, 0}, 100},
    {"nobody can bear it", 100, {1, 1, 1, 1}, {0, -5, 0, 0}, {0, 0, 0, 0}, 100},
    {"nothing", 0, {1, 1, 1, 1}, {9, 9, 9, 9}, {0, 0, 0, 0}, 0},
    {"the largest there is",
     MOST,
     {MOST, MOST, MOST, MOST},
     {MOST, MOST, MOST, 1},
     {333333333333333, 333333333333333, 333333333333333, 1},
     0},
};

static void each_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ledger_portion p[PARTS];
        for (int k = 0; k < PARTS; k++)
            p[k] = (struct ledger_portion){.weight = rows[i].weights[k],
                                           .most_minor = rows[i].most_minor[k]};
        int64_t left_minor = ledger_apportion(rows[i].total_minor, p, PARTS);
        for (int k = 0; k < PARTS; k++)
            if (p[k].part_minor != rows[i].parts_minor[k])
                fail_msg("%s: part %d is %lld", rows[i].what, k, (long long)p[k].part_minor);
        if (left_minor != rows[i].left_minor)
            fail_msg("%s: %lld is left", rows[i].what, (long long)left_minor);
    }
}

/* Exact in sum, nobody over what it can bear, and something is left only when all are full. */
static void the_parts_add_up(void **state)
{
    struct chance c = {.state = 7};
    struct ledger_portion *p = calloc(LEDGER_PORTIONS_MAX, sizeof *p);

    (void)state;
    assert_non_null(p);
    for (int round = 0; round < 300; round++) {
        size_t n = round == 0 ? LEDGER_PORTIONS_MAX : (size_t)chance_below(&c, 60);
        int64_t total_minor = chance_below(&c, 100000);
        int64_t sum_minor = 0, full_minor = 0;
        for (size_t i = 0; i < n; i++) {
            p[i].weight = chance_below(&c, 40);
            p[i].most_minor = chance_below(&c, 9000);
            if (p[i].weight)
                full_minor += p[i].most_minor;
        }
        int64_t left_minor = ledger_apportion(total_minor, p, n);
        for (size_t i = 0; i < n; i++) {
            assert_true(p[i].part_minor >= 0 && p[i].part_minor <= p[i].most_minor);
            assert_true(p[i].weight > 0 || p[i].part_minor == 0);
            sum_minor += p[i].part_minor;
        }
        assert_int_equal(sum_minor + left_minor, total_minor);
        assert_int_equal(left_minor, total_minor > full_minor ? total_minor - full_minor : 0);
    }
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),
        cmocka_unit_test(the_parts_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
