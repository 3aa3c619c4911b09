#include "rows.h"

const struct api_operation api_operations_offer[] = {
    {.name = NULL, .next = api_operations_notice},
};
