#include "rows.h"

const struct api_operation api_operations_request[] = {
    {.name = NULL, .next = api_operations_standing},
};
