#include "rows.h"

const struct api_operation api_operations_fund[] = {
    {.name = NULL},
};
