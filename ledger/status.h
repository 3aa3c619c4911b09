/*
 * status.h - every way a call can end.
 *
 * Three kinds of bad news never mix: a refusal (the rules say no, nothing was
 * written), a fault (the store is busy, full or broken: roll back), a bug
 * (assert). status.c holds the one table that gives each status its stable
 * code, its sentence, its HTTP status, its exit code and whether asking again
 * can help.
 */
#ifndef LEDGER_STATUS_H
#define LEDGER_STATUS_H

#include <stdbool.h>

#define LEDGER_CHECKED __attribute__((warn_unused_result))

enum ledger_status {
    LEDGER_OK,

    /* the words of the request */
    LEDGER_USAGE,
    LEDGER_MALFORMED_REQUEST,
    LEDGER_UNKNOWN_PARAMETER,
    LEDGER_MISSING_PARAMETER,
    LEDGER_AMOUNT_MALFORMED,
    LEDGER_AMOUNT_TOO_PRECISE,
    LEDGER_AMOUNT_NOT_POSITIVE,
    LEDGER_AMOUNT_TOO_LARGE,
    LEDGER_DATE_MALFORMED,
    LEDGER_TIME_MALFORMED,
    LEDGER_ZONE_UNKNOWN,
    LEDGER_TIME_SKIPPED,
    LEDGER_TIME_TWICE,
    LEDGER_RULE_MALFORMED,
    LEDGER_RULE_FREQUENCY,
    LEDGER_RULE_ENDLESS,
    LEDGER_RULE_TOO_LONG,
    LEDGER_RULE_EMPTY,
    LEDGER_UID_MALFORMED,
    LEDGER_HANDLE_MALFORMED,
    LEDGER_CODE_MALFORMED,
    LEDGER_TEXT_MALFORMED,
    LEDGER_TEXT_TOO_LONG,
    LEDGER_CHOICE_UNKNOWN,
    LEDGER_NUMBER_MALFORMED,
    LEDGER_CURSOR_MALFORMED,
    LEDGER_PERIOD_MALFORMED,
    LEDGER_REASON_MISSING,
    LEDGER_FILE_MALFORMED,
    LEDGER_ADDRESS_MALFORMED,
    LEDGER_KEY_MALFORMED,
    LEDGER_CERTIFICATE_MALFORMED,
    LEDGER_LANGUAGE_MALFORMED,
    LEDGER_LINK_MALFORMED,
    LEDGER_QUANTITY_MALFORMED,
    LEDGER_TAX_RATE_MALFORMED,
    LEDGER_DUE_BEFORE_SUPPLIED,
    LEDGER_NO_LINES,

    /* what is not there */
    LEDGER_NO_SUCH_OPERATION,
    LEDGER_NO_SUCH_CURRENCY,
    LEDGER_NO_SUCH_MEMBER,
    LEDGER_NO_SUCH_ACCOUNT,
    LEDGER_NO_SUCH_TRANSFER,
    LEDGER_NO_SUCH_HOLD,
    LEDGER_NO_SUCH_TOKEN,
    LEDGER_NO_SUCH_SERIES,
    LEDGER_NO_SUCH_FEED,
    LEDGER_FEED_REVOKED,
    LEDGER_NO_CREDIT_RATE,
    LEDGER_NO_SUCH_COURSE,
    LEDGER_NO_SUCH_SESSION,
    LEDGER_NO_SUCH_ENROLMENT,
    LEDGER_NO_SUCH_FILE,
    LEDGER_NO_SUCH_KEY,
    LEDGER_NO_SUCH_CERTIFICATE,
    LEDGER_NO_SUCH_VACANCY,
    LEDGER_NO_SUCH_PLACEMENT,
    LEDGER_NO_SUCH_OFFER,
    LEDGER_NO_SUCH_REQUEST,

    /* what is in the way */
    LEDGER_EXISTS,
    LEDGER_UID_TAKEN,
    LEDGER_ALREADY_REVERSED,
    LEDGER_ALREADY_RESOLVED,
    LEDGER_HOLD_EXPIRED,
    LEDGER_HOLD_OWNED,
    LEDGER_MEMBER_STATE,
    LEDGER_ALREADY_ERASED,
    LEDGER_ALREADY_ENROLLED,
    LEDGER_ENROLMENT_OVER,
    LEDGER_SESSION_CANCELLED,
    LEDGER_SESSION_HELD,

    /* the rules of money */
    LEDGER_SAME_ACCOUNT,
    LEDGER_TOO_MANY_LEGS,
    LEDGER_TOO_FEW_LEGS,
    LEDGER_UNBALANCED,
    LEDGER_MEMBER_NOT_ACTIVE,
    LEDGER_OVER_LIMIT,
    LEDGER_PAYEE_CANNOT_TAKE,
    LEDGER_LIMIT_MALFORMED,
    LEDGER_AMOUNT_OVERFLOW,
    LEDGER_NOT_REVERSIBLE,
    LEDGER_OVER_REFUND,
    LEDGER_OVER_CAPTURE,
    LEDGER_DATE_IN_FUTURE,
    LEDGER_PERIOD_CLOSED,
    LEDGER_BACKDATED,
    LEDGER_NOT_SETTLED,
    LEDGER_HOLD_TOO_LONG,
    LEDGER_BATCH_REFUSED,

    /* the rules of training credits */
    LEDGER_NOT_TRAINING,
    LEDGER_EARMARKED,
    LEDGER_NOT_A_PROVIDER,
    LEDGER_LOT_EXPIRED,
    LEDGER_LOT_SPENT,
    LEDGER_EXPIRY_MALFORMED,
    LEDGER_OVER_REDEMPTION,
    /* the rules of courses */
    LEDGER_SESSION_IN_PAST,
    LEDGER_SAME_CURRENCY,
    LEDGER_SIGN_UP_CLOSED,
    LEDGER_OWN_SESSION,
    LEDGER_PARTY_TOO_LARGE,
    LEDGER_SESSION_FULL,
    LEDGER_CAPACITY_BELOW_ENROLLED,
    LEDGER_NO_OFFER,
    LEDGER_SESSION_BEGUN,
    LEDGER_ATTENDANCE_EARLY,
    LEDGER_ATTENDANCE_TOO_LONG,
    LEDGER_SELF_CONFIRMATION,

    /* keys and certificates */
    LEDGER_KEY_MISSING,
    LEDGER_KEY_MISMATCH,
    LEDGER_CERTIFIES_ITSELF,
    LEDGER_NOT_ATTENDED,
    LEDGER_ALREADY_CERTIFIED,
    LEDGER_ALREADY_REVOKED,
    LEDGER_CERTIFICATE_UNSIGNED,
    LEDGER_CERTIFICATE_NOT_OURS,
    LEDGER_CERTIFICATE_WRONG_KEY,
    LEDGER_CERTIFICATE_TAMPERED,
    LEDGER_CERTIFICATE_UNKNOWN,
    LEDGER_CERTIFICATE_REVOKED,
    LEDGER_CERTIFICATE_EXPIRED,
    /* the rules of the office pool */
    LEDGER_OPENING_MALFORMED,
    LEDGER_BANDS_MALFORMED,
    LEDGER_NO_SUCH_RESOURCE,
    LEDGER_NO_SUCH_CLOSURE,
    LEDGER_NO_SUCH_EXTRA,
    LEDGER_NO_SUCH_BOOKING,
    LEDGER_NO_PRICE,
    LEDGER_RESOURCE_GONE,
    LEDGER_RESOURCE_BOOKED,
    LEDGER_BOOKING_BACKWARDS,
    LEDGER_BOOKING_OFF_GRID,
    LEDGER_BOOKING_TOO_SHORT,
    LEDGER_BOOKING_TOO_LONG,
    LEDGER_BOOKING_IN_PAST,
    LEDGER_BOOKING_TOO_FAR,
    LEDGER_BOOKING_CLOSED,
    LEDGER_BOOKING_TAKEN,
    LEDGER_BOOKING_STATE,
    LEDGER_BOOKING_NOT_YET,
    LEDGER_OVER_QUOTA,

    /* vacancies and placements */
    LEDGER_HOURS_MALFORMED,
    LEDGER_VACANCY_CLOSED,
    LEDGER_PLACED_AT_HOME,
    LEDGER_PLACEMENT_ENDED,
    LEDGER_OUTSIDE_PLACEMENT,
    LEDGER_WEEK_TO_COME,
    LEDGER_WEEK_PAID,
    LEDGER_OVER_AGREED,
    LEDGER_SIGNED_BY_ONE,

    /* the levy, and defaults */
    LEDGER_LEVY_MALFORMED,
    LEDGER_NO_LEVY,
    /* standing payments */
    LEDGER_NO_SUCH_STANDING,
    LEDGER_INTERVAL_MALFORMED,
    LEDGER_DUE_DAY_MALFORMED,
    LEDGER_NO_END,
    LEDGER_TWO_ENDS,
    LEDGER_NEVER_DUE,
    LEDGER_TOO_MANY_STANDING,
    LEDGER_STANDING_STATE,
    LEDGER_NOTHING_UNPAID,
    LEDGER_NO_SUCH_CHARGE,
    LEDGER_CHARGE_WITHDRAWN,
    LEDGER_CHARGE_AGREED,
    LEDGER_PRICE_CHANGED,
    LEDGER_SAME_PRICE,

    /* offers and wants */
    LEDGER_SEARCH_MALFORMED,
    LEDGER_OFFER_CLOSED,
    LEDGER_OWN_OFFER,
    LEDGER_ALREADY_ANSWERED,
    LEDGER_OFFER_OF_ANOTHER,
    LEDGER_TOO_MANY_OFFERS,

    /* requests for payment */
    LEDGER_REQUEST_TO_ONESELF,
    LEDGER_TOO_MANY_LINES,
    LEDGER_TOO_MANY_RATES,
    LEDGER_TOTAL_DIFFERS,
    LEDGER_NO_EQUIVALENT,
    LEDGER_OUTSIDE_TOO_MUCH,
    LEDGER_REQUEST_PAID,
    LEDGER_REQUEST_OVER,
    LEDGER_REQUEST_STATE,
    LEDGER_REQUEST_EXPIRED,
    LEDGER_REQUEST_DISPUTED,
    LEDGER_OVER_REQUEST,
    LEDGER_OVER_CREDIT,
    LEDGER_NOT_AN_INVOICE,

    /* who asks */
    LEDGER_NOT_SIGNED_IN,
    LEDGER_NOT_ALLOWED,
    LEDGER_TOO_MANY_ATTEMPTS,

    /* the node and its file */
    LEDGER_CLOCK_BEHIND,
    LEDGER_NOT_A_LEDGER,
    LEDGER_SCHEMA_NEWER,
    LEDGER_SCHEMA_OLDER,
    LEDGER_LOCKED,
    LEDGER_READ_ONLY,
    LEDGER_STORE_BUSY,
    LEDGER_STORE_FULL,
    LEDGER_STORE_BROKEN,
    LEDGER_GUARD,
    LEDGER_OUTCOME_UNKNOWN,
    LEDGER_QUEUE_FULL,
    LEDGER_STOPPING,
    LEDGER_UNREACHABLE,
    LEDGER_NO_MEMORY,
    LEDGER_INTEGRITY,

    /* the HTTP door */
    LEDGER_METHOD_NOT_ALLOWED,
    LEDGER_MEDIA_TYPE,
    LEDGER_BODY_TOO_LARGE,
    LEDGER_BODY_TIMEOUT,

    /* inside the engine only: a loop was asked to stop, a row was not found */
    LEDGER_STOP,
    LEDGER_NO_ROW,

    LEDGER_STATUS_COUNT
};

struct ledger_status_facts {
    const char *code;  /* stable: scripts and callers rest on it */
    const char *title; /* one short sentence without a full stop */
    int http;
    int exit_code;
    bool retryable; /* the same request may succeed later */
};

/* The facts of `s`. Never NULL. */
const struct ledger_status_facts *ledger_status_facts(enum ledger_status s);

/* The status whose code is `code`, or LEDGER_STATUS_COUNT when there is none. */
enum ledger_status ledger_status_from_code(const char *code);

/* A fault of the store, after which the caller must roll its transaction back. */
bool ledger_status_is_fault(enum ledger_status s);

/* The only control-flow macro; only in functions that own nothing. */
#define LEDGER_TRY(call)                                                                           \
    do {                                                                                           \
        enum ledger_status try_st_ = (call);                                                       \
        if (try_st_ != LEDGER_OK)                                                                  \
            return try_st_;                                                                        \
    } while (0)

#endif
