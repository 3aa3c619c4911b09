#include "chance.h"

uint64_t chance_next(struct chance *c)
{
    uint64_t x = c->state += UINT64_C(0x9E3779B97F4A7C15);

    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

int64_t chance_below(struct chance *c, int64_t n)
{
    return (int64_t)(chance_next(c) % (uint64_t)n);
}

bool chance_one_in(struct chance *c, int64_t n)
{
    return chance_below(c, n) == 0;
}

void chance_fill(struct chance *c, void *bytes, size_t size)
{
    unsigned char *at = bytes;

    for (size_t i = 0; i < size; i++)
        at[i] = (unsigned char)chance_next(c);
}
