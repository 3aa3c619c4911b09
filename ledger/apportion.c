#include "apportion.h"

#include <assert.h>
#include <stdlib.h>

static uint64_t open_weight(struct ledger_portion *p, size_t n)
{
    uint64_t sum = 0; /* 10,000 of at most 10^15 fit */

    for (size_t i = 0; i < n; i++)
        if (p[i].open)
            sum += (uint64_t)p[i].weight;
    return sum;
}

/* Who cannot bear its part bears what it can, and is done. Returns how much went. */
static int64_t fill(int64_t total_minor, uint64_t weight, struct ledger_portion *p, size_t n)
{
    int64_t went_minor = 0;

    for (size_t i = 0; i < n; i++) {
        if (!p[i].open || (unsigned __int128)total_minor * (uint64_t)p[i].weight <
                              (unsigned __int128)p[i].most_minor * weight)
            continue;
        p[i].part_minor = p[i].most_minor;
        p[i].open = false;
        went_minor += p[i].most_minor;
    }
    return went_minor;
}

static int by_remainder(const void *a, const void *b)
{
    const struct ledger_portion *p = a;
    const struct ledger_portion *q = b;

    if (p->remainder != q->remainder)
        return p->remainder > q->remainder ? -1 : 1;
    return p->place < q->place ? -1 : 1;
}

static int by_place(const void *a, const void *b)
{
    const struct ledger_portion *p = a;
    const struct ledger_portion *q = b;

    return p->place < q->place ? -1 : 1;
}

/* Nobody that is open is at what it can bear, so one more unit each fits. */
static void share(int64_t total_minor, uint64_t weight, struct ledger_portion *p, size_t n)
{
    int64_t left_minor = total_minor;

    for (size_t i = 0; i < n; i++) {
        unsigned __int128 whole = (unsigned __int128)total_minor * (uint64_t)p[i].weight;
        p[i].remainder = 0;
        if (!p[i].open)
            continue;
        p[i].part_minor = (int64_t)(whole / weight);
        p[i].remainder = (uint64_t)(whole % weight);
        left_minor -= p[i].part_minor;
    }
    qsort(p, n, sizeof *p, by_remainder);
    for (size_t i = 0; i < n && left_minor > 0; i++, left_minor--)
        p[i].part_minor++;
    qsort(p, n, sizeof *p, by_place);
}

int64_t ledger_apportion(int64_t total_minor, struct ledger_portion *p, size_t n)
{
    uint64_t weight;
    int64_t went_minor;

    assert(total_minor >= 0 && n <= LEDGER_PORTIONS_MAX);
    for (size_t i = 0; i < n; i++) {
        p[i].part_minor = 0;
        p[i].place = i;
        p[i].open = p[i].weight > 0 && p[i].most_minor > 0;
    }
    do {
        weight = open_weight(p, n);
        went_minor = weight ? fill(total_minor, weight, p, n) : 0;
        total_minor -= went_minor;
    } while (went_minor);
    if (weight == 0)
        return total_minor;
    share(total_minor, weight, p, n);
    return 0;
}
