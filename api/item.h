/*
 * item.h - one item of a list argument: an object that has some of a few keys, each with a text.
 */
#ifndef API_ITEM_H
#define API_ITEM_H

#include "operation.h"

struct api_item_form {
    const char *noun;        /* in sentences: "an item" */
    const char *const *keys; /* at least two, then NULL */
    size_t value_max;        /* bytes of each value; 0: whoever reads it says */
};

/*
 * Refusals, of the first key that is wrong: LEDGER_UNKNOWN_PARAMETER, LEDGER_MALFORMED_REQUEST (its value is no string,
 * or longer than value_max).
 */
LEDGER_CHECKED enum ledger_status api_item_check(struct ledger *l, const json_t *item,
                                                 const struct api_item_form *form);

#endif
