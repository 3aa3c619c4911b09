#include "usage.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void add(struct usage *u, bool required, const char *name, const char *value)
{
    if (u->count < USAGE_PARTS_MAX)
        snprintf(u->parts[u->count++], USAGE_PART_MAX, "%s%s%s%s%s", required ? "" : "[", name,
                 *value ? " " : "", value, required ? "" : "]");
}

static void add_option(struct usage *u, const struct option *o, bool again)
{
    char name[OPTIONS_NAME_MAX + 2];

    snprintf(name, sizeof name, "--%s", o->name);
    add(u, o->required, name, o->value ? o->value : "");
    if (again)
        add(u, false, name, "...");
}

void usage_positional(const struct api_param *p, char name[static OPTIONS_NAME_MAX])
{
    snprintf(name, OPTIONS_NAME_MAX, "%s",
             p->type == API_ITEMS || p->flags & API_FROM_FILE ? "file" : p->name);
    for (char *c = name; *c; c++)
        *c = (char)toupper((unsigned char)*c);
}

static bool is_list(const struct api_param *p)
{
    return p && (p->type == API_LEGS || p->type == API_PAYEES);
}

void usage_of_operation(const struct api_operation *op, struct usage *u)
{
    struct options_of_operation of;
    char name[OPTIONS_NAME_MAX];
    const struct api_param *p;

    u->count = 0;
    for (int n = 0; (p = options_positional(op, n)); n++) {
        usage_positional(p, name);
        add(u, (p->flags & API_REQUIRED) != 0, name, "");
    }
    options_of(op, &of);
    for (int n = 0; of.list[n].name; n++)
        if (of.list[n].required)
            add_option(u, of.list + n, is_list(of.params[n]));
    for (int n = 0; of.list[n].name; n++)
        if (!of.list[n].required)
            add_option(u, of.list + n, is_list(of.params[n]));
}

void usage_of_command(const struct command_row *c, struct usage *u)
{
    u->count = 0;
    if (*c->operands)
        add(u, true, c->operands, ""); /* brackets of its own say what may be left out */
    for (const struct option *o = c->options; o && o->name; o++)
        if (o->required)
            add_option(u, o, false);
    for (const struct option *o = c->options; o && o->name; o++)
        if (!o->required)
            add_option(u, o, false);
}

void usage_access(unsigned access, char *text, size_t size)
{
    size_t length = 0;

    snprintf(text, size, "everybody");
    if ((access & API_EVERYBODY) == API_EVERYBODY)
        return;
    text[0] = '\0';
    for (unsigned role = 1; role <= LEDGER_VIEWER; role <<= 1)
        if ((access & role) && length < size)
            length += (size_t)snprintf(text + length, size - length, "%s%s", length ? ", " : "",
                                       ledger_role_name((enum ledger_role)role));
}
