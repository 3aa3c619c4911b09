/*
 * taught.h - a school with courses in every state, and what it certified.
 *
 *   members     1 school, who teaches   2 mill   3 cleo   4 ana, a person   (accounts of CALD by the same numbers)
 *   course      1 "Reading a balance sheet", then "Reading accounts"; two hours, 75 % are enough
 *   sessions    1 at 5.00 on 4 March    2 the same, free     3 at 5.00, to come, of 2 places     4 to come, called off
 *   enrolments  1 mill in 1: three, of whom two came         2 cleo in 1: 89 minutes, so absent
 *               3 ana in 1: nobody has said                  4 ana in 2, as "A friend": came
 *               5 mill in 3: has its place                   6 cleo in 3: a place is offered
 *   holds       those of 1, 2, 3, 5, and beside them 5 ana->mill 1.00, open, 6 ana->mill 1.00, captured
 *   certificates of the school, none by itself; taught_certify makes 1 and 2 of enrolment 1, 3 of mill by hand
 *
 * It is 5 March 2026, noon.
 */
#ifndef TESTS_TAUGHT_H
#define TESTS_TAUGHT_H

#include "region.h"

#include <jansson.h>

enum { SCHOOL = 1, MILL, CLEO, ANA };

/* In a new file, with a key. */
void taught_start(struct region *r);
void taught_certify(struct region *r);
/*
 * Run an operation inside the region's transaction, as `member_id`'s trader or, with 0, as the ledger's owner.
 * `args` are taken over; `*out` may be NULL. `message` is good until the next call.
 */
enum ledger_status taught_run(struct region *r, int64_t member_id, const char *operation,
                              json_t *args, json_t **out);
const char *taught_message(void);

#endif
