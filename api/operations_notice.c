#include "rows.h"

const struct api_operation api_operations_notice[] = {
    {.name = NULL, .next = api_operations_fund},
};
