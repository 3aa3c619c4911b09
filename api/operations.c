#include "operation.h"

#include <string.h>

const struct api_operation *api_operation_next(const struct api_operation *op)
{
    for (op++; op && !op->name;)
        op = op->next;
    return op;
}

int api_operation_place(const struct api_operation *op)
{
    int place = 0;

    for (const struct api_operation *o = api_operations; o != op; o = api_operation_next(o))
        place++;
    return place;
}

const struct api_operation *api_operation_at(int place)
{
    const struct api_operation *op = api_operations;

    while (place-- > 0)
        op = api_operation_next(op);
    return op;
}

const struct api_operation *api_operation_named(const char *name)
{
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        if (strcmp(op->name, name) == 0)
            return op;
    return NULL;
}

const struct api_param *api_param_named(const struct api_operation *op, const char *name)
{
    for (const struct api_param *p = op->params; p && p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}
