#include "chores.h"

#include "booking.h"
#include "credit.h"
#include "hold.h"
#include "levy.h"
#include "notice.h"
#include "offer.h"
#include "series.h"
#include "standing.h"
#include "waitlist.h"

typedef enum ledger_status chore(struct ledger *l, int64_t now_us, int64_t *count);

/*
 * Series before bookings: one that cannot be paid is told of before its time comes. Bookings and courses
 * before holds: what they hold is paid, given back or renewed, and does not lapse. Holds before credits: what they let go of may be due itself.
 * Standing payments after them: what holds let go of may pay them.
 */
static chore *const chores[] = {ledger_series_due, ledger_booking_due, ledger_courses_due,
                                ledger_hold_sweep, ledger_credit_due,  ledger_levy_due,
                                ledger_offer_due,  ledger_standing_due};

/* Last, since it is of all that; who is told changes nothing else, and does not count. */
static enum ledger_status tell(struct ledger *l, int64_t now_us)
{
    int64_t told;

    LEDGER_TRY(ledger_notice_lots_due(l, now_us, &told));
    LEDGER_TRY(ledger_notice_near_due(l, now_us, &told));
    return ledger_notice_due(l, &told);
}

enum ledger_status ledger_chores_run(struct ledger *l, int64_t now_us, int64_t *count)
{
    int64_t done;

    *count = 0;
    for (size_t i = 0; i < sizeof chores / sizeof chores[0]; i++) {
        LEDGER_TRY(chores[i](l, now_us, &done));
        *count += done;
    }
    return tell(l, now_us);
}
