#include "model_reach.h"

#include "region.h"

/* What a run must have met, or it proves less than it says. */
static const struct reach {
    const char *kind;
    enum ledger_status status;
} reaches[] = {
    {"pay", LEDGER_OK},
    {"pay", LEDGER_TOO_FEW_LEGS},
    {"pay", LEDGER_AMOUNT_NOT_POSITIVE},
    {"pay", LEDGER_AMOUNT_TOO_LARGE},
    {"pay", LEDGER_SAME_ACCOUNT},
    {"pay", LEDGER_TEXT_MALFORMED},
    {"pay", LEDGER_TEXT_TOO_LONG},
    {"pay", LEDGER_NO_SUCH_ACCOUNT},
    {"pay", LEDGER_UNBALANCED},
    {"pay", LEDGER_DATE_IN_FUTURE},
    {"pay", LEDGER_PERIOD_CLOSED},
    {"pay", LEDGER_MEMBER_NOT_ACTIVE},
    {"pay", LEDGER_CLOCK_BEHIND},
    {"pay", LEDGER_AMOUNT_OVERFLOW},
    {"pay", LEDGER_OVER_LIMIT},
    {"pay", LEDGER_PAYEE_CANNOT_TAKE},
    {"pay", LEDGER_UID_TAKEN},
    {"split", LEDGER_OK},
    {"split", LEDGER_TOO_MANY_LEGS},
    {"split", LEDGER_UNBALANCED},
    {"split", LEDGER_OVER_LIMIT},
    {"split", LEDGER_PAYEE_CANNOT_TAKE},
    {"import", LEDGER_OK},
    {"reverse", LEDGER_OK},
    {"reverse", LEDGER_REASON_MISSING},
    {"reverse", LEDGER_NO_SUCH_TRANSFER},
    {"reverse", LEDGER_NOT_REVERSIBLE},
    {"reverse", LEDGER_ALREADY_REVERSED},
    {"reverse", LEDGER_OVER_LIMIT},
    {"refund", LEDGER_OK},
    {"refund", LEDGER_NO_SUCH_TRANSFER},
    {"refund", LEDGER_NOT_REVERSIBLE},
    {"refund", LEDGER_ALREADY_REVERSED},
    {"refund", LEDGER_OVER_REFUND},
    {"settle", LEDGER_OK},
    {"settle", LEDGER_MISSING_PARAMETER},
    {"write off", LEDGER_OK},
    {"write off", LEDGER_MEMBER_STATE},
    {"write off", LEDGER_AMOUNT_NOT_POSITIVE},
    {"hold", LEDGER_OK},
    {"hold", LEDGER_TOO_FEW_LEGS},
    {"hold", LEDGER_TOO_MANY_LEGS},
    {"hold", LEDGER_AMOUNT_NOT_POSITIVE},
    {"hold", LEDGER_AMOUNT_TOO_LARGE},
    {"hold", LEDGER_HOLD_TOO_LONG},
    {"hold", LEDGER_MEMBER_NOT_ACTIVE},
    {"hold", LEDGER_AMOUNT_OVERFLOW},
    {"hold", LEDGER_OVER_LIMIT},
    {"hold", LEDGER_PAYEE_CANNOT_TAKE},
    {"capture", LEDGER_OK},
    {"capture", LEDGER_NO_SUCH_HOLD},
    {"capture", LEDGER_ALREADY_RESOLVED},
    {"capture", LEDGER_HOLD_EXPIRED},
    {"capture", LEDGER_OVER_CAPTURE},
    {"capture", LEDGER_CLOCK_BEHIND},
    {"release", LEDGER_OK},
    {"release", LEDGER_ALREADY_RESOLVED},
    {"release", LEDGER_HOLD_EXPIRED},
    {"sweep", LEDGER_OK},
    {"add member", LEDGER_OK},
    {"add member", LEDGER_EXISTS},
    {"change state", LEDGER_OK},
    {"change state", LEDGER_NO_SUCH_MEMBER},
    {"change state", LEDGER_MEMBER_STATE},
    {"leave", LEDGER_OK},
    {"leave", LEDGER_NOT_SETTLED},
    {"open account", LEDGER_OK},
    {"open account", LEDGER_NO_SUCH_CURRENCY},
    {"open account", LEDGER_EXISTS},
    {"limit", LEDGER_OK},
    {"limit", LEDGER_LIMIT_MALFORMED},
    {"limit", LEDGER_DATE_MALFORMED},
    {"close period", LEDGER_OK},
    {"close period", LEDGER_DATE_IN_FUTURE},
    {"close period", LEDGER_PERIOD_CLOSED},
    {"accept clock", LEDGER_OK},
    {"grant", LEDGER_OK},
    {"grant", LEDGER_MEMBER_STATE},
    {"grant", LEDGER_EXPIRY_MALFORMED},
    {"grant", LEDGER_OVER_LIMIT},
    {"learn", LEDGER_OK},
    {"learn", LEDGER_NOT_A_PROVIDER},
    {"learn", LEDGER_EARMARKED},
    {"learn", LEDGER_LOT_EXPIRED},
    {"learn", LEDGER_OVER_LIMIT},
    {"reserve", LEDGER_OK},
    {"reserve", LEDGER_NOT_A_PROVIDER},
    {"reserve", LEDGER_LOT_EXPIRED},
    {"reverse", LEDGER_LOT_SPENT},
    {"refund", LEDGER_LOT_SPENT},
    {"redeem", LEDGER_OK},
    {"redeem", LEDGER_OVER_REDEMPTION},
    {"redeem", LEDGER_NOT_A_PROVIDER},
    {"settle", LEDGER_EARMARKED},
    {"provider", LEDGER_OK},
    {"provider", LEDGER_EXISTS},
    {"credits due", LEDGER_OK},
    {"capture", LEDGER_HOLD_OWNED},
    {"release", LEDGER_HOLD_OWNED},
    {"book", LEDGER_OK},
    {"book", LEDGER_NO_SUCH_RESOURCE},
    {"book", LEDGER_MEMBER_NOT_ACTIVE},
    {"book", LEDGER_RESOURCE_GONE},
    {"book", LEDGER_BOOKING_BACKWARDS},
    {"book", LEDGER_BOOKING_OFF_GRID},
    {"book", LEDGER_BOOKING_TOO_SHORT},
    {"book", LEDGER_BOOKING_TOO_LONG},
    {"book", LEDGER_BOOKING_IN_PAST},
    {"book", LEDGER_BOOKING_TOO_FAR},
    {"book", LEDGER_BOOKING_CLOSED},
    {"book", LEDGER_OVER_QUOTA},
    {"book", LEDGER_BOOKING_TAKEN},
    {"book", LEDGER_NO_PRICE},
    {"book", LEDGER_OVER_LIMIT},
    {"book", LEDGER_PAYEE_CANNOT_TAKE},
    {"move booking", LEDGER_OK},
    {"move booking", LEDGER_BOOKING_STATE},
    {"move booking", LEDGER_BOOKING_IN_PAST},
    {"fund booking", LEDGER_OK},
    {"fund booking", LEDGER_BOOKING_STATE},
    {"confirm", LEDGER_OK},
    {"confirm", LEDGER_BOOKING_STATE},
    {"reject", LEDGER_OK},
    {"check in", LEDGER_OK},
    {"check in", LEDGER_BOOKING_NOT_YET},
    {"complete", LEDGER_OK},
    {"complete", LEDGER_BOOKING_NOT_YET},
    {"no-show", LEDGER_OK},
    {"no-show", LEDGER_BOOKING_NOT_YET},
    {"cancel booking", LEDGER_OK},
    {"cancel booking", LEDGER_BOOKING_STATE},
    {"terms", LEDGER_OK},
    {"terms", LEDGER_RESOURCE_BOOKED},
    {"series", LEDGER_OK},
    {"series", LEDGER_BOOKING_TAKEN},
    {"series", LEDGER_BOOKING_TOO_FAR},
    {"series", LEDGER_BOOKING_CLOSED},
    {"series due", LEDGER_OK},
    {"cancel series", LEDGER_OK},
    {"bookings due", LEDGER_OK},
    {"session", LEDGER_OK},
    {"session", LEDGER_NUMBER_MALFORMED},
    {"enrol", LEDGER_OK},
    {"enrol", LEDGER_NO_SUCH_SESSION},
    {"enrol", LEDGER_MEMBER_NOT_ACTIVE},
    {"enrol", LEDGER_SESSION_CANCELLED},
    {"enrol", LEDGER_SIGN_UP_CLOSED},
    {"enrol", LEDGER_OWN_SESSION},
    {"enrol", LEDGER_ALREADY_ENROLLED},
    {"enrol", LEDGER_PARTY_TOO_LARGE},
    {"enrol", LEDGER_SESSION_FULL},
    {"enrol", LEDGER_OVER_LIMIT},
    {"accept", LEDGER_OK},
    {"accept", LEDGER_NO_OFFER},
    {"drop", LEDGER_OK},
    {"drop", LEDGER_ENROLMENT_OVER},
    {"drop", LEDGER_SESSION_BEGUN},
    {"capacity", LEDGER_OK},
    {"capacity", LEDGER_CAPACITY_BELOW_ENROLLED},
    {"call off", LEDGER_OK},
    {"call off", LEDGER_SESSION_HELD},
    {"attend", LEDGER_OK},
    {"attend", LEDGER_ENROLMENT_OVER},
    {"attend", LEDGER_ATTENDANCE_EARLY},
    {"attend", LEDGER_ATTENDANCE_TOO_LONG},
    {"attend", LEDGER_SELF_CONFIRMATION},
    {"courses due", LEDGER_OK},
    {"chores", LEDGER_OK},
    {"ask", LEDGER_OK},
    {"ask", LEDGER_REQUEST_TO_ONESELF},
    {"ask", LEDGER_NO_LINES},
    {"ask", LEDGER_QUANTITY_MALFORMED},
    {"ask", LEDGER_AMOUNT_NOT_POSITIVE},
    {"ask", LEDGER_AMOUNT_TOO_LARGE},
    {"ask", LEDGER_TOTAL_DIFFERS},
    {"ask", LEDGER_DUE_BEFORE_SUPPLIED},
    {"ask", LEDGER_BACKDATED},
    {"ask", LEDGER_MEMBER_NOT_ACTIVE},
    {"ask", LEDGER_NO_EQUIVALENT},
    {"ask", LEDGER_OUTSIDE_TOO_MUCH},
    {"credit", LEDGER_OK},
    {"credit", LEDGER_NOT_AN_INVOICE},
    {"credit", LEDGER_REQUEST_OVER},
    {"credit", LEDGER_REQUEST_PAID},
    {"credit", LEDGER_NO_EQUIVALENT},
    {"credit", LEDGER_OVER_CREDIT},
    {"match", LEDGER_OK},
    {"match", LEDGER_NO_SUCH_TRANSFER},
    {"match", LEDGER_NOT_THAT_PAYMENT},
    {"match", LEDGER_OVER_REQUEST},
    {"match", LEDGER_REQUEST_DISPUTED},
    {"paid outside", LEDGER_OK},
    {"paid outside", LEDGER_TEXT_MALFORMED},
    {"paid outside", LEDGER_REQUEST_PAID},
    {"paid outside", LEDGER_AMOUNT_NOT_POSITIVE},
    {"paid outside", LEDGER_OVER_REQUEST},
    {"unpaid outside", LEDGER_OK},
    {"unpaid outside", LEDGER_OVER_REQUEST},
    {"agree beforehand", LEDGER_OK},
    {"agree beforehand", LEDGER_PREAPPROVAL_LEFT},
    {"agree beforehand", LEDGER_MEMBER_NOT_ACTIVE},
    {"agree beforehand", LEDGER_AMOUNT_NOT_POSITIVE},
    {"agree beforehand", LEDGER_PREAPPROVAL_MALFORMED},
    {"agree beforehand", LEDGER_BACKDATED},
    {"agree beforehand", LEDGER_PREAPPROVED},
    {"revoke", LEDGER_OK},
    {"revoke", LEDGER_NO_SUCH_PREAPPROVAL},
    {"revoke", LEDGER_PREAPPROVAL_OVER},
    {"accept request", LEDGER_OK},
    {"accept request", LEDGER_OVER_LIMIT},
    {"accept request", LEDGER_REQUEST_DISPUTED},
    {"accept request", LEDGER_REQUEST_EXPIRED},
    {"accept request", LEDGER_NOT_AN_INVOICE},
    {"pay request", LEDGER_OK},
    {"pay request", LEDGER_OVER_LIMIT},
    {"pay request", LEDGER_OVER_REQUEST},
    {"pay request", LEDGER_REQUEST_PAID},
    {"decline", LEDGER_OK},
    {"decline", LEDGER_REQUEST_STATE},
    {"withdraw", LEDGER_OK},
    {"dispute", LEDGER_OK},
    {"resolve", LEDGER_OK},
    {"order", LEDGER_OK},
    {"order", LEDGER_SAME_ACCOUNT},
    {"order", LEDGER_INTERVAL_MALFORMED},
    {"order", LEDGER_DUE_DAY_MALFORMED},
    {"order", LEDGER_NO_END},
    {"order", LEDGER_NUMBER_MALFORMED},
    {"order", LEDGER_BACKDATED},
    {"instalments", LEDGER_OK},
    {"instalments", LEDGER_IN_INSTALMENTS},
    {"instalments", LEDGER_REQUEST_DISPUTED},
    {"pause", LEDGER_OK},
    {"resume", LEDGER_OK},
    {"resume", LEDGER_STANDING_STATE},
    {"end standing", LEDGER_OK},
    {"end standing", LEDGER_STANDING_STATE},
    {"retry", LEDGER_OK},
    {"retry", LEDGER_OVER_LIMIT},
    {"retry", LEDGER_NOTHING_UNPAID},
    {"charge", LEDGER_OK},
    {"charge", LEDGER_MISSING_PARAMETER},
    {"charge", LEDGER_AMOUNT_NOT_POSITIVE},
    {"charge", LEDGER_INTERVAL_MALFORMED},
    {"price of charge", LEDGER_OK},
    {"price of charge", LEDGER_AMOUNT_NOT_POSITIVE},
    {"price of charge", LEDGER_SAME_PRICE},
    {"price of charge", LEDGER_CHARGE_WITHDRAWN},
    {"withdraw charge", LEDGER_OK},
    {"subscribe", LEDGER_OK},
    {"subscribe", LEDGER_CHARGE_WITHDRAWN},
    {"subscribe", LEDGER_PRICE_CHANGED},
    {"subscribe", LEDGER_CHARGE_AGREED},
    {"subscribe", LEDGER_TWO_ENDS},
    {"subscribe", LEDGER_NEVER_DUE},
    {"levy", LEDGER_OK},
    {"levy", LEDGER_EARMARKED},
    {"levy", LEDGER_NUMBER_MALFORMED},
    {"levy", LEDGER_LEVY_MALFORMED},
    {"levy", LEDGER_BACKDATED},
    {"levy", LEDGER_MEMBER_STATE},
    {"levies due", LEDGER_OK},
    {"guarantee", LEDGER_OK},
    {"guarantee", LEDGER_ORDER_MALFORMED},
    {"guarantee", LEDGER_UNBALANCED},
    {"guarantee", LEDGER_MEMBER_STATE},
    {"declare default", LEDGER_OK},
    {"declare default", LEDGER_MEMBER_STATE},
    {"declare default", LEDGER_AMOUNT_NOT_POSITIVE},
    {"declare default", LEDGER_IN_DEFAULT},
    {"retract default", LEDGER_OK},
    {"retract default", LEDGER_DEFAULT_ENDED},
    {"cover default", LEDGER_OK},
    {"cover default", LEDGER_DEFAULT_ENDED},
    {"cover default", LEDGER_SECOND_PERSON},
    {"cover default", LEDGER_AMOUNT_NOT_POSITIVE},
    {"cover default", LEDGER_NOT_COVERED},
    {"recover default", LEDGER_OK},
    {"recover default", LEDGER_DEFAULT_OPEN},
    {"recover default", LEDGER_OVER_RECOVERY},
    {"recover default", LEDGER_OVER_LIMIT},
    {"standing due", LEDGER_OK},
};

/* Some were paid at once, some later, some given up, some passed over. */
static void compare_due_dates(const struct model *m)
{
    int64_t at_once = 0, later = 0, given_up = 0, passed_over = 0;

    for (int64_t i = 0; i < m->occurrence_count; i++) {
        const struct model_occurrence *o = &m->occurrences[i];
        at_once += o->transfer_id && o->attempts == 1;
        later += o->transfer_id && o->attempts > 1;
        given_up += !o->transfer_id && !o->again_us && o->attempts > 1;
        passed_over += o->attempts == MODEL_PASSED_ON;
    }
    assert_true(at_once && later && given_up && passed_over);
}

/* Some payments of requests were taken back; some of those that were collected count no more. */
static void compare_what_was_paid(const struct model *m)
{
    int64_t reopened = 0, given_back = 0;

    for (int64_t i = 0; i < m->payment_count; i++)
        reopened += model_reversal_of(m, m->payments[i].transfer_id) != 0;
    for (int64_t i = 0; i < m->collection_count; i++)
        given_back += model_reversal_of(m, m->collections[i].transfer_id) != 0;
    assert_true(reopened && given_back);
}

/* Levies were had at once, refused, and waived; defaults were borne by funds and by members, and came back. */
static void compare_what_was_levied(const struct model *m)
{
    int64_t had = 0, waived = 0, refused = 0, of_members = 0, of_funds = 0, back = 0;

    for (int64_t i = 0; i < m->levy_charge_count; i++) {
        had += m->levy_charges[i].transfer_id != 0;
        waived += m->levy_charges[i].transfer_id == 0;
    }
    for (int64_t i = 0; i < m->levy_due_count; i++)
        refused += m->levy_dues[i].refused != LEDGER_OK;
    for (int64_t i = 0; i < m->share_count; i++) {
        of_members += m->shares[i].members;
        of_funds += !m->shares[i].members;
        back += m->shares[i].back_minor > 0;
    }
    assert_true(had && waived && refused && of_members && of_funds && back);
}

void model_reach(const struct model *m, uint64_t seed, int64_t (*counts)[LEDGER_STATUS_COUNT])
{
    int missed = 0;

    for (size_t i = 0; i < sizeof reaches / sizeof reaches[0]; i++) {
        const struct deed_kind *kind = deed_kind_named(reaches[i].kind);
        if (counts[kind - deed_kinds][reaches[i].status])
            continue;
        print_error("seed %llu: no %s ended in %s\n", (unsigned long long)seed, kind->name,
                    ledger_status_facts(reaches[i].status)->code);
        missed++;
    }
    assert_int_equal(missed, 0);
    compare_due_dates(m);
    compare_what_was_paid(m);
    compare_what_was_levied(m);
}
