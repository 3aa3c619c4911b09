#include "nearest.h"

#include "ledger/text.h"

#include <string.h>

void nearest_try(struct nearest *n, const char *word, const char *name)
{
    size_t reach = 1 + strlen(word) / 4;
    size_t distance = ledger_text_distance(word, name);

    if (distance > reach || distance >= strlen(name) || (n->name && distance >= n->distance))
        return;
    n->name = name;
    n->distance = distance;
}
