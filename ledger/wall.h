/*
 * wall.h - local date and time as people write it: 2026-11-24T09:30.
 */
#ifndef LEDGER_WALL_H
#define LEDGER_WALL_H

#include "ledger.h"
#include "zone.h"

#define LEDGER_WALL_TEXT 20 /* YYYY-MM-DDThh:mm:ss and its NUL */

/*
 * YYYY-MM-DDThh:mm[:ss], a day that exists, without any offset or Z: it is the clock of a place, named
 * elsewhere. A blank for 'T' is taken too; hour 24 and second 60 are not. Refusal: LEDGER_TIME_MALFORMED.
 */
LEDGER_CHECKED enum ledger_status ledger_wall_parse(const char *text, struct ledger_wall *wall);
/* YYYY-MM-DDThh:mm, with the seconds only where there are any. */
char *ledger_wall_format(struct ledger_wall wall, char buf[static LEDGER_WALL_TEXT]);

/* "earlier", "later"; NULL and "" are not said. Refusal: LEDGER_CHOICE_UNKNOWN. */
LEDGER_CHECKED enum ledger_status ledger_fold_parse(const char *text, enum ledger_fold *fold);
/* "" when not said. */
const char *ledger_fold_name(enum ledger_fold fold);

/*
 * The zone called `name`, kept by the ledger: `*zone` is good until LEDGER_ZONES_KEPT others were asked for.
 * Refusals: LEDGER_NO_MEMORY, LEDGER_ZONE_UNKNOWN.
 */
#define LEDGER_ZONES_KEPT 8
LEDGER_CHECKED enum ledger_status ledger_zone_need(struct ledger *l, const char *name,
                                                   const struct ledger_zone **zone);

/*
 * ledger_zone_instant with a sentence that names `field`: the neighbours of a time that does not
 * exist, or both instants of one that comes twice. Refusals: LEDGER_TIME_SKIPPED, LEDGER_TIME_TWICE.
 */
LEDGER_CHECKED enum ledger_status ledger_wall_instant(struct ledger *l, const char *field,
                                                      const struct ledger_zone *zone,
                                                      struct ledger_wall wall,
                                                      enum ledger_fold fold, int64_t *at_us);

#endif
