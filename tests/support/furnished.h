/*
 * furnished.h - a region in which every table has rows, with ids that tests can name.
 *
 *   currency 1 CALD; accounts 1 ana, 2 ben, 3 cleo, 4 commons (a fund), 5 dora (left, erased)
 *   transfers  1 ana->ben 60.00 "bread"   2 ben->cleo 25.00        3 cleo->ana 5.00, late
 *              4 ana->ben 10.00, erased   5 refund of 1: 10.00     6 reversal of 2
 *              7 capture of hold 2: 4.00
 *   holds      1 ana->ben 8.00, open      2 ana->cleo 10.00, captured
 *              3 ben->cleo 3.00, released, erased                  4 ana->ben 1.00, expired
 *   requests   1 ben asks ana, disputed; 2 credits a part of it; 3 cleo asks ana, declined
 *   balances   ana -59.00, ben 60.00, cleo -1.00, commons 0, dora 0
 */
#ifndef TESTS_FURNISHED_H
#define TESTS_FURNISHED_H

#include "region.h"

void furnish(struct region *r);

#endif
