/* A resource's opening hours, and what its cancellations give back; the first byte says which of the two. */
#include "fuzz.h"

#include "ledger/band.h"
#include "ledger/date.h"
#include "ledger/opening.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each span of a day by itself is longer than what a person writes. */
#define SPANS_TEXT (7 * (LEDGER_OPENING_STEPS / 2 + 1) * 17)

static int end_of_span(const struct ledger_opening *o, int day, int step)
{
    bool open = o->open[day][step];

    while (step < LEDGER_OPENING_STEPS && o->open[day][step] == open)
        step++;
    return step;
}

static void write_span(char *text, int day, int from, int to)
{
    static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    size_t at = strlen(text);

    from *= LEDGER_OPENING_STEP_MIN;
    to *= LEDGER_OPENING_STEP_MIN;
    snprintf(text + at, SPANS_TEXT - at, "%s%s %02d:%02d-%02d:%02d", at ? ", " : "", names[day],
             from / 60, from % 60, to / 60, to % 60);
}

/* What was read, written day by day, reads the same. */
static void check_again(const struct ledger_opening *o)
{
    static char text[SPANS_TEXT];
    struct ledger_opening again;

    text[0] = '\0';
    for (int day = 0; day < 7; day++)
        for (int step = 0, end; step < LEDGER_OPENING_STEPS; step = end) {
            end = end_of_span(o, day, step);
            if (o->open[day][step])
                write_span(text, day, step, end);
        }
    if (strlen(text) > LEDGER_OPENING_MAX)
        return;
    assert(ledger_opening_parse(text, &again) == LEDGER_OK);
    assert(memcmp(o, &again, sizeof again) == 0);
}

static void check_opening(const char *text)
{
    struct ledger_opening o;
    enum ledger_status status = ledger_opening_parse(text, &o);

    assert(status == LEDGER_OK || status == LEDGER_OPENING_MALFORMED);
    if (status != LEDGER_OK)
        return;
    assert(strlen(text) <= LEDGER_OPENING_MAX);
    for (int day = 1; day <= 7; day++) {
        int minutes = 0;
        for (int at = 0; at < LEDGER_DAY_MINUTES; at += LEDGER_OPENING_STEP_MIN)
            if (ledger_opening_covers(&o, day, at, at + LEDGER_OPENING_STEP_MIN))
                minutes += LEDGER_OPENING_STEP_MIN;
        assert(ledger_opening_minutes(&o, day) == minutes);
        assert(ledger_opening_covers(&o, day, 0, LEDGER_DAY_MINUTES) ==
               (minutes == LEDGER_DAY_MINUTES));
        assert(!ledger_opening_covers(&o, day, 0, LEDGER_DAY_MINUTES + 1));
    }
    check_again(&o);
}

/* Who cancels later gets no more. */
static void check_falls(const struct ledger_bands *b)
{
    int before = 100;

    for (int i = 0; i < b->count; i++) {
        int percent = b->bands[i].back_percent;
        int64_t at_us = b->bands[i].before_us;
        assert(percent >= 0 && percent <= before && at_us >= 0);
        assert(ledger_bands_back(b, at_us) == percent);
        assert(ledger_bands_back(b, at_us - 1) ==
               (i + 1 < b->count && b->bands[i + 1].before_us <= at_us - 1
                    ? b->bands[i + 1].back_percent
                    : 0));
        before = percent;
    }
    assert(ledger_bands_back(b, INT64_MAX) == (b->count ? b->bands[0].back_percent : 0));
    assert(ledger_bands_back(b, -1) == 0);
}

static void check_bands(const char *text)
{
    struct ledger_bands b;
    enum ledger_status status = ledger_bands_parse(text, &b);

    assert(status == LEDGER_OK || status == LEDGER_BANDS_MALFORMED);
    if (status != LEDGER_OK)
        return;
    assert(strlen(text) <= LEDGER_BANDS_TEXT_MAX);
    assert(b.count >= 0 && b.count <= LEDGER_BANDS_MAX);
    check_falls(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = size ? fuzz_text(data + 1, size - 1) : NULL;

    if (!text)
        return 0;
    if (data[0] == 'b')
        check_bands(text);
    else
        check_opening(text);
    free(text);
    return 0;
}
