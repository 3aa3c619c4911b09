#include "damage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void damage_copy(const char *from, const char *to)
{
    char command[500];

    snprintf(command, sizeof command, "cp '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

void damage_verify(const struct region *whole, const char *path, struct ledger_verification *v)
{
    struct region r = {.clock = whole->clock};

    snprintf(r.path, sizeof r.path, "%s", path);
    region_open(&r, false);
    enum ledger_status status = ledger_verify(r.l, NULL, NULL, v);
    EXPECT(&r, v->problem[0] ? LEDGER_INTEGRITY : LEDGER_OK, status);
    if (status == LEDGER_INTEGRITY)
        assert_string_equal(ledger_message(r.l), v->problem);
    region_end(&r);
}

void damage_each(const struct region *whole, const struct damage *rows, size_t count)
{
    int wrong = 0;

    for (size_t i = 0; i < count; i++) {
        struct ledger_verification v;
        char path[240];
        snprintf(path, sizeof path, "%s-damaged", whole->path);
        damage_copy(whole->path, path);
        region_damage(path, rows[i].sql);
        damage_verify(whole, path, &v);
        if (rows[i].problem[0] ? strstr(v.problem, rows[i].problem) != NULL : !v.problem[0])
            continue;
        print_error("%s: %s\n  not: %s\n", rows[i].what, v.problem, rows[i].problem);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

void damage_refused(const struct region *r, const struct damage_refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *message = region_raw(r->path, rows[i].sql);
        if (!message || !strstr(message, rows[i].refusal))
            fail_msg("%s: %s", rows[i].sql, message ? message : "went through");
    }
}
