/*
 * band.h - what a cancellation gives back, by how early it comes: "48h 100%, 12h 50%".
 *
 * So: until 48 hours before the beginning all of it, until 12 hours before half, and nothing later.
 */
#ifndef LEDGER_BAND_H
#define LEDGER_BAND_H

#include "status.h"

#include <stdint.h>

#define LEDGER_BANDS_MAX 6
#define LEDGER_BANDS_TEXT_MAX 100

struct ledger_bands {
    int count;
    struct {
        int64_t before_us;
        int back_percent;
    } bands[LEDGER_BANDS_MAX]; /* the earliest first; each gives back less than the one before */
};

/* "" gives nothing back. 30m, 12h, 7d. Refusal: LEDGER_BANDS_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_bands_parse(const char *text, struct ledger_bands *bands);
/* Percent that is given back with `left_us` to go. */
int ledger_bands_back(const struct ledger_bands *bands, int64_t left_us);

#endif
