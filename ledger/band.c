#include "band.h"

#include "date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_MAX 8

/* "48h 100%": up to the blank a length of time, then a percentage */
static bool read_band(const char **text, int64_t *before_us, int *back_percent)
{
    char length[LENGTH_MAX];
    size_t size = strcspn(*text, " ");
    size_t digits;

    if (size == 0 || size >= sizeof length || (*text)[size] != ' ')
        return false;
    snprintf(length, sizeof length, "%.*s", (int)size, *text);
    if (ledger_duration_parse(length, before_us) != LEDGER_OK)
        return false;
    *text += size + 1;
    digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 3 || (*text)[digits] != '%')
        return false;
    *back_percent = (int)strtol(*text, NULL, 10);
    *text += digits + 1;
    return *back_percent <= 100;
}

static bool falls(const struct ledger_bands *b, int i)
{
    return i == 0 || (b->bands[i].before_us < b->bands[i - 1].before_us &&
                      b->bands[i].back_percent < b->bands[i - 1].back_percent);
}

enum ledger_status ledger_bands_parse(const char *text, struct ledger_bands *bands)
{
    *bands = (struct ledger_bands){.count = 0};
    while (*text) {
        int i = bands->count++;

        if (i == LEDGER_BANDS_MAX ||
            !read_band(&text, &bands->bands[i].before_us, &bands->bands[i].back_percent) ||
            !falls(bands, i))
            return LEDGER_BANDS_MALFORMED;
        if (*text && (strncmp(text, ", ", 2) != 0 || text[2] == '\0'))
            return LEDGER_BANDS_MALFORMED;
        text += *text ? 2 : 0;
    }
    return LEDGER_OK;
}

int ledger_bands_back(const struct ledger_bands *bands, int64_t left_us)
{
    for (int i = 0; i < bands->count; i++)
        if (left_us >= bands->bands[i].before_us)
            return bands->bands[i].back_percent;
    return 0;
}
