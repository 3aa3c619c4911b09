/*
 * The history of another system: the first two bytes say how the file is to be read, the next line which
 * column is what ("" for those that are called so), the rest is the file.
 */
#include "fuzz.h"

#include "cli/delimited.h"
#include "cli/history.h"
#include "cli/rejects.h"

#include "ledger/amount.h"
#include "ledger/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX 20000

static void check_words(const char *text, size_t max)
{
    if (text)
        assert(*text && strlen(text) <= max && fuzz_is_plain(text, strlen(text)));
}

static void check_row(const struct history *h, const struct history_row *row)
{
    assert(row->raw >= h->text && row->raw + row->raw_size <= h->text + h->size);
    if (row->status != LEDGER_OK) {
        assert(h->settings.each && row->why && fuzz_is_plain(row->why, strlen(row->why)));
        return;
    }
    assert(row->payer >= 0 && row->payer < h->member_count);
    assert(row->payee >= 0 && row->payee < h->member_count && row->payee != row->payer);
    assert(row->amount_minor > 0 && row->amount_minor <= LEDGER_AMOUNT_MAX);
    assert(row->effective_on >= LEDGER_DAY_MIN - 1 && row->effective_on <= LEDGER_DAY_MAX + 1);
    check_words(row->memo, LEDGER_MEMO_MAX);
    check_words(row->reference, LEDGER_REFERENCE_MAX);
}

static int by_uid(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct ledger_uid));
}

/* Two rows never share a uid, however alike. */
static void check_uids(const struct history *h)
{
    struct ledger_uid *uids = calloc(h->count + 1, sizeof *uids);
    size_t n = 0;

    assert(uids);
    for (size_t i = 0; i < h->count; i++)
        if (h->rows[i].status == LEDGER_OK)
            uids[n++] = h->rows[i].uid;
    qsort(uids, n, sizeof *uids, by_uid);
    for (size_t i = 1; i < n; i++)
        assert(!ledger_uid_equal(&uids[i - 1], &uids[i]));
    free(uids);
}

static void check_members(const struct history *h)
{
    for (int i = 0; i < h->member_count; i++)
        assert(ledger_handle_check(h->members[i]) == LEDGER_OK);
}

static enum ledger_status count_row(void *ctx, const struct delimited_row *row)
{
    (void)row;
    ++*(size_t *)ctx;
    return LEDGER_OK;
}

/* The rejects are a file that can be read, with a row for each. */
static void check_rejects(const struct history *h)
{
    const char *path = fuzz_file(".rejects", (const uint8_t *)"", 0);
    char *text = NULL;
    size_t size, line, rows = 0;
    const char *why;

    unlink(path);
    assert(rejects_may_write(path));
    assert(rejects_write(h, path) == 0);
    assert(rejects_may_write(path));
    FILE *f = fopen(path, "re");
    assert(f);
    size_t room = h->size + h->rejected * (HISTORY_WHY_MAX * 2 + 200) + 200;
    text = malloc(room);
    assert(text);
    size = fread(text, 1, room, f);
    assert(size < room);
    fclose(f);
    assert(delimited_each(text, size, h->settings.delimiter, count_row, &rows, &line, &why) ==
           LEDGER_OK);
    assert(rows == h->rejected + 1);
    free(text);
}

static void check_history(const struct history *h)
{
    size_t rejected = 0;

    assert(h->count > 0);
    for (size_t i = 0; i < h->count; i++) {
        check_row(h, &h->rows[i]);
        rejected += h->rows[i].status != LEDGER_OK;
    }
    assert(rejected == h->rejected);
    check_uids(h);
    check_members(h);
    if (rejected)
        check_rejects(h);
}

static void check_refusal(const struct api_problem *problem, enum ledger_status st)
{
    struct api_call call = {.problem = *problem};

    call.problem.leg = -1;
    fuzz_check_problem(&call, st);
}

static struct history_settings settings_of(const uint8_t *data)
{
    static const char delimiters[] = {',', ';', '\t'};
    static struct ledger_zone *zone;

    if (!zone)
        assert(ledger_zone_open("Europe/London", &zone) == LEDGER_OK);
    return (struct history_settings){.source = "before",
                                     .delimiter = delimiters[data[1] / 7 % 3],
                                     .decimal_mark = data[0] & 4 ? ',' : '.',
                                     .round_half_even = data[0] & 8,
                                     .each = data[0] & 16,
                                     .has_effective = data[0] & 32,
                                     .hours = data[0] & 64,
                                     .effective_on = 20000,
                                     .scale = data[1] % 7,
                                     .zone = zone};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = size > 2 ? memchr(data + 2, '\n', size - 2) : NULL;
    struct api_problem problem = {0};
    struct history h;

    if (!line || size > INPUT_MAX)
        return 0;
    struct history_settings s = settings_of(data);
    char *map = fuzz_text(data + 2, (size_t)(line - data) - 2);
    s.map = *map ? map : NULL;
    s.path = fuzz_file(".history", line + 1, size - (size_t)(line + 1 - data));
    enum ledger_status st = history_read(&h, &s, &problem);
    if (st == LEDGER_OK)
        check_history(&h);
    else
        check_refusal(&problem, st);
    history_free(&h);
    free(map);
    return 0;
}
