#include "item.h"

#include <stdio.h>
#include <string.h>

#define NAMES_MAX 200

/* "from, to and amount" */
static const char *names_of(const struct api_item_form *form, char names[static NAMES_MAX])
{
    size_t used = 0;

    names[0] = '\0';
    for (int i = 0; form->keys[i] && used < NAMES_MAX; i++) {
        const char *before = i == 0 ? "" : form->keys[i + 1] ? ", " : " and ";
        used += (size_t)snprintf(names + used, NAMES_MAX - used, "%s%s", before, form->keys[i]);
    }
    return names;
}

/* As it stands in the form, which outlives the item; NULL when it does not. */
static const char *known_key(const struct api_item_form *form, const char *key)
{
    for (int i = 0; form->keys[i]; i++)
        if (strcmp(key, form->keys[i]) == 0)
            return form->keys[i];
    return NULL;
}

static enum ledger_status check_value(struct ledger *l, const struct api_item_form *form,
                                      const char *key, const json_t *value)
{
    if (form->value_max == 0)
        return json_is_string(value)
                   ? LEDGER_OK
                   : ledger_refuse_field(l, LEDGER_MALFORMED_REQUEST, key,
                                         "each value of %s is a string", form->noun);
    if (json_is_string(value) && json_string_length(value) <= form->value_max)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_MALFORMED_REQUEST, key,
                               "each value of %s is a string of at most %zu bytes", form->noun,
                               form->value_max);
}

enum ledger_status api_item_check(struct ledger *l, const json_t *item,
                                  const struct api_item_form *form)
{
    char names[NAMES_MAX];
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)item, key, value)
    {
        const char *known = known_key(form, key);
        if (!known)
            return ledger_refuse(l, LEDGER_UNKNOWN_PARAMETER, "%s has %s, nothing else", form->noun,
                                 names_of(form, names));
        LEDGER_TRY(check_value(l, form, known, value));
    }
    return LEDGER_OK;
}
