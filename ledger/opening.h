/*
 * opening.h - the hours of a week: when a room is open, when it is dear.
 *
 * Written "mon-fri 08:00-18:00, sat 09:00-13:00", or "always". Times are those of the clock on the wall, in
 * steps of five minutes; 24:00 is a day's end.
 */
#ifndef LEDGER_OPENING_H
#define LEDGER_OPENING_H

#include "status.h"

#include <stdint.h>

#define LEDGER_OPENING_MAX 200 /* bytes of its text */
#define LEDGER_OPENING_STEP_MIN 5
#define LEDGER_DAY_MINUTES 1440
#define LEDGER_OPENING_STEPS (LEDGER_DAY_MINUTES / LEDGER_OPENING_STEP_MIN)

struct ledger_opening {
    bool open[7][LEDGER_OPENING_STEPS]; /* Monday first */
};

/* "" is never. Refusal: LEDGER_OPENING_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_opening_parse(const char *text,
                                                       struct ledger_opening *opening);
/* Is all of [from_min, to_min) of that weekday (1 to 7, Monday first) in it? */
bool ledger_opening_covers(const struct ledger_opening *opening, int weekday, int from_min,
                           int to_min);
/* How many minutes of that weekday are in it. */
int ledger_opening_minutes(const struct ledger_opening *opening, int weekday);

#endif
