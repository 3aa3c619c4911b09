#include "status.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* Exit codes, the design's section 7. */
enum {
    DONE = 0,
    REFUSED = 1,
    WRONG_USAGE = 2,
    NOT_FOUND = 3,
    CONFLICT = 4,
    BROKEN = 5,
    UNAVAILABLE = 6,
    FORBIDDEN = 7
};

/* clang-format off */
static const struct ledger_status_facts facts[LEDGER_STATUS_COUNT] = {
    /*                              code                     title                                          http  exit       retry */
    [LEDGER_OK]                 = {"ok",                    "Done",                                          200, DONE,        false},

    [LEDGER_USAGE]              = {"usage",                 "The command or request is not worded right",    400, WRONG_USAGE, false},
    [LEDGER_MALFORMED_REQUEST]  = {"malformed_request",     "The request cannot be read",                    400, WRONG_USAGE, false},
    [LEDGER_UNKNOWN_PARAMETER]  = {"unknown_parameter",     "There is no such parameter here",               400, WRONG_USAGE, false},
    [LEDGER_MISSING_PARAMETER]  = {"missing_parameter",     "A required parameter is missing",               400, WRONG_USAGE, false},
    [LEDGER_AMOUNT_MALFORMED]   = {"amount_malformed",      "That is not an amount",                         400, WRONG_USAGE, false},
    [LEDGER_AMOUNT_TOO_PRECISE] = {"amount_too_precise",    "The amount has more decimals than the currency", 400, WRONG_USAGE, false},
    [LEDGER_AMOUNT_NOT_POSITIVE]= {"amount_not_positive",   "The amount must be more than zero",             400, WRONG_USAGE, false},
    [LEDGER_AMOUNT_TOO_LARGE]   = {"amount_too_large",      "The amount is beyond what the ledger counts",   400, WRONG_USAGE, false},
    [LEDGER_DATE_MALFORMED]     = {"date_malformed",        "That is not a date",                            400, WRONG_USAGE, false},
    [LEDGER_TIME_MALFORMED]     = {"time_malformed",        "That is not a time",                            400, WRONG_USAGE, false},
    [LEDGER_ZONE_UNKNOWN]       = {"zone_unknown",          "There is no such time zone",                    400, WRONG_USAGE, false},
    [LEDGER_TIME_SKIPPED]       = {"time_skipped",          "The clocks skip that local time",               400, WRONG_USAGE, false},
    [LEDGER_TIME_TWICE]         = {"time_twice",            "That local time comes twice: say which, earlier or later", 400, WRONG_USAGE, false},
    [LEDGER_RULE_MALFORMED]     = {"rule_malformed",        "That is not a rule of recurrence",              400, WRONG_USAGE, false},
    [LEDGER_RULE_FREQUENCY]     = {"rule_frequency",        "A series recurs daily, weekly or monthly",      400, WRONG_USAGE, false},
    [LEDGER_RULE_ENDLESS]       = {"rule_endless",          "A series needs an end",                         400, WRONG_USAGE, false},
    [LEDGER_RULE_TOO_LONG]      = {"rule_too_long",         "A series has at most 366 dates within two years", 400, WRONG_USAGE, false},
    [LEDGER_RULE_EMPTY]         = {"rule_empty",            "The rule gives no date",                        400, WRONG_USAGE, false},
    [LEDGER_UID_MALFORMED]      = {"uid_malformed",         "The uid is not a UUID",                         400, WRONG_USAGE, false},
    [LEDGER_HANDLE_MALFORMED]   = {"handle_malformed",      "That cannot be a handle",                       400, WRONG_USAGE, false},
    [LEDGER_CODE_MALFORMED]     = {"code_malformed",        "That cannot be a currency code",                400, WRONG_USAGE, false},
    [LEDGER_TEXT_MALFORMED]     = {"text_malformed",        "The text holds characters that are not allowed", 400, WRONG_USAGE, false},
    [LEDGER_TEXT_TOO_LONG]      = {"text_too_long",         "The text is too long",                          400, WRONG_USAGE, false},
    [LEDGER_CHOICE_UNKNOWN]     = {"choice_unknown",        "That is not one of the choices",                400, WRONG_USAGE, false},
    [LEDGER_NUMBER_MALFORMED]   = {"number_malformed",      "That is not a whole number in range",           400, WRONG_USAGE, false},
    [LEDGER_CURSOR_MALFORMED]   = {"cursor_malformed",      "The cursor is not from this list",              400, WRONG_USAGE, false},
    [LEDGER_PERIOD_MALFORMED]   = {"period_malformed",      "The period ends before it begins",              400, WRONG_USAGE, false},
    [LEDGER_REASON_MISSING]     = {"reason_missing",        "A reason is needed",                            400, WRONG_USAGE, false},
    [LEDGER_FILE_MALFORMED]     = {"file_malformed",        "The file cannot be read as it is",              400, WRONG_USAGE, false},
    [LEDGER_ADDRESS_MALFORMED]  = {"address_malformed",     "That is not a node's public address",          400, WRONG_USAGE, false},
    [LEDGER_KEY_MALFORMED]      = {"key_malformed",         "That is not an Ed25519 key",                   400, WRONG_USAGE, false},
    [LEDGER_CERTIFICATE_MALFORMED]= {"certificate_malformed", "That is not a certificate",                    400, WRONG_USAGE, false},
    [LEDGER_LANGUAGE_MALFORMED] = {"language_malformed",    "That is not a language",                       400, WRONG_USAGE, false},
    [LEDGER_LINK_MALFORMED]     = {"link_malformed",        "That is not a link",                           400, WRONG_USAGE, false},

    [LEDGER_NO_SUCH_OPERATION]  = {"no_such_operation",     "There is nothing here by that name",            404, WRONG_USAGE, false},
    [LEDGER_NO_SUCH_CURRENCY]   = {"no_such_currency",      "There is no such currency",                     404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_MEMBER]     = {"no_such_member",        "There is no such member",                       404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_ACCOUNT]    = {"no_such_account",       "There is no such account",                      404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_TRANSFER]   = {"no_such_transfer",      "There is no such transfer",                     404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_HOLD]       = {"no_such_hold",          "There is no such hold",                         404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_TOKEN]      = {"no_such_token",         "There is no such token",                        404, NOT_FOUND,   false},
    [LEDGER_NO_CREDIT_RATE]     = {"no_credit_rate",        "No rate is set for training credits",           404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_SERIES]     = {"no_such_series",        "There is no such series",                       404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_FEED]       = {"no_such_feed",          "There is no such calendar",                     404, NOT_FOUND,   false},
    [LEDGER_FEED_REVOKED]       = {"feed_revoked",          "The calendar was taken back",                   410, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_COURSE]     = {"no_such_course",        "There is no such course",                      404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_SESSION]    = {"no_such_session",       "There is no such session",                     404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_ENROLMENT]  = {"no_such_enrolment",     "There is no such enrolment",                   404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_FILE]       = {"no_such_file",          "There is no such file",                         404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_KEY]        = {"no_such_key",           "There is no such key",                         404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_CERTIFICATE]= {"no_such_certificate",   "There is no such certificate",                 404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_VACANCY]    = {"no_such_vacancy",       "There is no such vacancy",                     404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_PLACEMENT]  = {"no_such_placement",     "There is no such placement",                   404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_OFFER]      = {"no_such_offer",         "There is no such offer or want",               404, NOT_FOUND,   false},

    [LEDGER_EXISTS]             = {"exists",                "It is there already",                           409, CONFLICT,    false},
    [LEDGER_UID_TAKEN]          = {"uid_taken",             "The uid was used for something else",           422, CONFLICT,    false},
    [LEDGER_ALREADY_REVERSED]   = {"already_reversed",      "The transfer is reversed already",              409, CONFLICT,    false},
    [LEDGER_ALREADY_RESOLVED]   = {"already_resolved",      "The hold is resolved already",                  409, CONFLICT,    false},
    [LEDGER_HOLD_EXPIRED]       = {"hold_expired",          "The hold has expired",                          409, CONFLICT,    false},
    [LEDGER_HOLD_OWNED]         = {"hold_owned",            "The hold belongs to something that ends it",    409, CONFLICT,    false},
    [LEDGER_MEMBER_STATE]       = {"member_state",          "The member's state does not allow that",        409, CONFLICT,    false},
    [LEDGER_ALREADY_ERASED]     = {"already_erased",        "The words are erased",                          409, CONFLICT,    false},
    [LEDGER_ALREADY_ENROLLED]   = {"already_enrolled",      "The member takes part already",                409, CONFLICT,    false},
    [LEDGER_ENROLMENT_OVER]     = {"enrolment_over",        "The enrolment is cancelled or confirmed",      409, CONFLICT,    false},
    [LEDGER_SESSION_CANCELLED]  = {"session_cancelled",     "The session is cancelled",                     409, CONFLICT,    false},
    [LEDGER_SESSION_HELD]       = {"session_held",          "The session was held",                         409, CONFLICT,    false},

    [LEDGER_SAME_ACCOUNT]       = {"same_account",          "An account cannot stand in a transfer twice",   409, REFUSED,     false},
    [LEDGER_TOO_MANY_LEGS]      = {"too_many_legs",         "The transfer has too many legs",                409, REFUSED,     false},
    [LEDGER_TOO_FEW_LEGS]       = {"too_few_legs",          "The transfer has too few legs",                 409, REFUSED,     false},
    [LEDGER_UNBALANCED]         = {"unbalanced",            "The legs do not sum to zero",                   409, REFUSED,     false},
    [LEDGER_MEMBER_NOT_ACTIVE]  = {"member_not_active",     "The member is not active",                      409, REFUSED,     false},
    [LEDGER_OVER_LIMIT]         = {"over_limit",            "The payer's limit does not allow that",         409, REFUSED,     true},
    [LEDGER_PAYEE_CANNOT_TAKE]  = {"payee_cannot_take",     "The payee cannot take this amount",             409, REFUSED,     true},
    [LEDGER_LIMIT_MALFORMED]    = {"limit_malformed",       "A floor is zero or below, a ceiling zero or above", 400, WRONG_USAGE, false},
    [LEDGER_AMOUNT_OVERFLOW]    = {"amount_overflow",       "The balance would pass what the ledger counts", 409, REFUSED,     false},
    [LEDGER_NOT_REVERSIBLE]     = {"not_reversible",        "That transfer cannot be put right this way",    409, REFUSED,     false},
    [LEDGER_OVER_REFUND]        = {"over_refund",           "That is more than what is left to refund",      409, REFUSED,     false},
    [LEDGER_OVER_CAPTURE]       = {"over_capture",          "That is more than what is held",                409, REFUSED,     false},
    [LEDGER_DATE_IN_FUTURE]     = {"date_in_future",        "The date lies in the future",                   409, REFUSED,     true},
    [LEDGER_PERIOD_CLOSED]      = {"period_closed",         "The period is closed",                          409, REFUSED,     false},
    [LEDGER_BACKDATED]          = {"backdated",             "That cannot be backdated",                      409, REFUSED,     false},
    [LEDGER_NOT_SETTLED]        = {"not_settled",           "Something is still open",                       409, REFUSED,     true},
    [LEDGER_HOLD_TOO_LONG]      = {"hold_too_long",         "A hold ends within 400 days, and not before it begins", 409, REFUSED, false},
    [LEDGER_BATCH_REFUSED]      = {"batch_refused",         "One of the batch was refused, so none was posted", 409, REFUSED,  false},

    [LEDGER_NOT_TRAINING]       = {"not_training",          "The currency is not one of training credits",   409, REFUSED,     false},
    [LEDGER_EARMARKED]          = {"earmarked",             "Training credits cannot be moved this way",     409, REFUSED,     false},
    [LEDGER_NOT_A_PROVIDER]     = {"not_a_provider",        "Training credits are paid to listed providers only", 409, REFUSED, false},
    [LEDGER_LOT_EXPIRED]        = {"lot_expired",           "The credits have expired",                      409, REFUSED,     false},
    [LEDGER_LOT_SPENT]          = {"lot_spent",             "The credits are spent or held already",         409, REFUSED,     false},
    [LEDGER_EXPIRY_MALFORMED]   = {"expiry_malformed",      "Credits are good until today or later, ten years at most", 400, WRONG_USAGE, false},
    [LEDGER_OVER_REDEMPTION]    = {"over_redemption",       "That is more than what was earned and not redeemed", 409, REFUSED, false},
    [LEDGER_SESSION_IN_PAST]    = {"session_in_past",       "A session begins in the future",               409, REFUSED,     false},
    [LEDGER_SAME_CURRENCY]      = {"same_currency",         "Two prices are in two currencies",             400, WRONG_USAGE, false},
    [LEDGER_SIGN_UP_CLOSED]     = {"sign_up_closed",        "Signing up has not begun, or is over",         409, REFUSED,     true},
    [LEDGER_OWN_SESSION]        = {"own_session",           "A provider does not pay itself for a place",   409, REFUSED,     false},
    [LEDGER_PARTY_TOO_LARGE]    = {"party_too_large",       "The party is larger than the session",         409, REFUSED,     false},
    [LEDGER_SESSION_FULL]       = {"session_full",          "Not so many places are free",                  409, REFUSED,     true},
    [LEDGER_CAPACITY_BELOW_ENROLLED]= {"capacity_below_enrolled","More places are taken than that",              409, REFUSED,     true},
    [LEDGER_NO_OFFER]           = {"no_offer",              "No place is offered",                          409, REFUSED,     true},
    [LEDGER_SESSION_BEGUN]      = {"session_begun",         "The session has begun",                        409, REFUSED,     false},
    [LEDGER_ATTENDANCE_EARLY]   = {"attendance_early",      "Nobody can have attended that long yet",       409, REFUSED,     true},
    [LEDGER_ATTENDANCE_TOO_LONG]= {"attendance_too_long",   "That is longer than the session",              409, REFUSED,     false},
    [LEDGER_SELF_CONFIRMATION]  = {"self_confirmation",     "Who is paid does not confirm attendance",      403, FORBIDDEN,   false},

    [LEDGER_KEY_MISSING]        = {"key_missing",           "The node has no key to sign with",             503, UNAVAILABLE, false},
    [LEDGER_KEY_MISMATCH]       = {"key_mismatch",          "The key at hand is not the one on record",     503, UNAVAILABLE, false},
    [LEDGER_CERTIFIES_ITSELF]   = {"certifies_itself",      "Nobody certifies its own people",              403, FORBIDDEN,   false},
    [LEDGER_NOT_ATTENDED]       = {"not_attended",          "Nobody has confirmed that it was attended",    409, REFUSED,     true},
    [LEDGER_ALREADY_CERTIFIED]  = {"already_certified",     "All who came are certified already",           409, CONFLICT,    false},
    [LEDGER_ALREADY_REVOKED]    = {"already_revoked",       "The certificate is revoked already",           409, CONFLICT,    false},
    [LEDGER_CERTIFICATE_UNSIGNED]= {"certificate_unsigned",  "The certificate has no EdDSA signature",       422, REFUSED,     false},
    [LEDGER_CERTIFICATE_NOT_OURS]= {"certificate_not_ours",  "The certificate is from another issuer",       422, REFUSED,     false},
    [LEDGER_CERTIFICATE_WRONG_KEY]= {"certificate_wrong_key", "The certificate names a key that is not the issuer's", 422, REFUSED,     false},
    [LEDGER_CERTIFICATE_TAMPERED]= {"certificate_tampered",  "The signature is not that of this certificate", 422, REFUSED,     false},
    [LEDGER_CERTIFICATE_UNKNOWN]= {"certificate_unknown",   "The ledger has not issued this certificate",   422, REFUSED,     false},
    [LEDGER_CERTIFICATE_REVOKED]= {"certificate_revoked",   "The certificate is revoked",                   422, REFUSED,     false},
    [LEDGER_CERTIFICATE_EXPIRED]= {"certificate_expired",   "The certificate is out of its time",           422, REFUSED,     false},
    [LEDGER_OPENING_MALFORMED]  = {"opening_malformed",     "Those are not hours of a week",                 400, WRONG_USAGE, false},
    [LEDGER_BANDS_MALFORMED]    = {"bands_malformed",       "That does not say what a cancellation gives back", 400, WRONG_USAGE, false},
    [LEDGER_NO_SUCH_RESOURCE]   = {"no_such_resource",      "There is no such resource",                     404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_CLOSURE]    = {"no_such_closure",       "There is no such closure",                      404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_EXTRA]      = {"no_such_extra",         "There is no such extra",                        404, NOT_FOUND,   false},
    [LEDGER_NO_SUCH_BOOKING]    = {"no_such_booking",       "There is no such booking",                      404, NOT_FOUND,   false},
    [LEDGER_NO_PRICE]           = {"no_price",              "It has no price there",                         409, REFUSED,     false},
    [LEDGER_RESOURCE_GONE]      = {"resource_gone",         "The resource is offered no more",               409, REFUSED,     false},
    [LEDGER_RESOURCE_BOOKED]    = {"resource_booked",       "Bookings stand in the way",                     409, CONFLICT,    false},
    [LEDGER_BOOKING_BACKWARDS]  = {"booking_backwards",     "A booking ends after it begins",                400, WRONG_USAGE, false},
    [LEDGER_BOOKING_OFF_GRID]   = {"booking_off_grid",      "A booking begins and ends on the grid",         409, REFUSED,     false},
    [LEDGER_BOOKING_TOO_SHORT]  = {"booking_too_short",     "The booking is too short",                      409, REFUSED,     false},
    [LEDGER_BOOKING_TOO_LONG]   = {"booking_too_long",      "The booking is too long",                       409, REFUSED,     false},
    [LEDGER_BOOKING_IN_PAST]    = {"booking_in_past",       "The time is past",                              409, REFUSED,     false},
    [LEDGER_BOOKING_TOO_FAR]    = {"booking_too_far",       "That is further ahead than it may be booked",   409, REFUSED,     true},
    [LEDGER_BOOKING_CLOSED]     = {"booking_closed",        "It is closed then",                             409, REFUSED,     false},
    [LEDGER_BOOKING_TAKEN]      = {"booking_taken",         "It is taken then",                              409, CONFLICT,    true},
    [LEDGER_BOOKING_STATE]      = {"booking_state",         "The booking's state does not allow that",       409, CONFLICT,    false},
    [LEDGER_BOOKING_NOT_YET]    = {"booking_not_yet",       "It is too early for that",                      409, REFUSED,     true},
    [LEDGER_OVER_QUOTA]         = {"over_quota",            "That is more than a member may book",           409, REFUSED,     true},

    [LEDGER_HOURS_MALFORMED]    = {"hours_malformed",       "Hours are written 7, 7:30 or 7.5",             400, WRONG_USAGE, false},
    [LEDGER_VACANCY_CLOSED]     = {"vacancy_closed",        "The vacancy is closed",                        409, CONFLICT,    false},
    [LEDGER_PLACED_AT_HOME]     = {"placed_at_home",        "A placement is with another member",           409, REFUSED,     false},
    [LEDGER_PLACEMENT_ENDED]    = {"placement_ended",       "The placement has ended",                      409, CONFLICT,    false},
    [LEDGER_OUTSIDE_PLACEMENT]  = {"outside_placement",     "That week is not one of the placement",        409, REFUSED,     false},
    [LEDGER_WEEK_TO_COME]       = {"week_to_come",          "The week has not begun",                       409, REFUSED,     false},
    [LEDGER_WEEK_PAID]          = {"week_paid",             "The week is signed by both and paid",          409, CONFLICT,    false},
    [LEDGER_OVER_AGREED]        = {"over_agreed",           "That is more than the hours agreed",           409, REFUSED,     false},
    [LEDGER_SIGNED_BY_ONE]      = {"signed_by_one",         "One cannot sign for both sides",               403, FORBIDDEN,   false},

    [LEDGER_LEVY_MALFORMED]     = {"levy_malformed",        "That is not a levy",                           400, WRONG_USAGE, false},
    [LEDGER_NO_LEVY]            = {"no_levy",               "There is no levy in that currency",            404, NOT_FOUND,   false},
    [LEDGER_SEARCH_MALFORMED]   = {"search_malformed",      "A search has one to eight words",              400, WRONG_USAGE, false},
    [LEDGER_OFFER_CLOSED]       = {"offer_closed",          "The offer or want is not open",                409, CONFLICT,    false},
    [LEDGER_OWN_OFFER]          = {"own_offer",             "A member does not answer itself",              409, REFUSED,     false},
    [LEDGER_ALREADY_ANSWERED]   = {"already_answered",      "The member has answered that already",         409, CONFLICT,    false},
    [LEDGER_OFFER_OF_ANOTHER]   = {"offer_of_another",      "The payment is not with who posted that",      409, REFUSED,     false},
    [LEDGER_TOO_MANY_OFFERS]    = {"too_many_offers",       "Too many offers and wants stand open",         409, REFUSED,     true},
    [LEDGER_NO_SUCH_STANDING]   = {"no_such_standing",     "There is no such standing payment",              404, NOT_FOUND,   false},
    [LEDGER_INTERVAL_MALFORMED] = {"interval_malformed",   "An interval is 1 to 52 weeks or 1 to 24 months", 400, WRONG_USAGE, false},
    [LEDGER_DUE_DAY_MALFORMED]  = {"due_day_malformed",    "That is not a day to fall due on",               400, WRONG_USAGE, false},
    [LEDGER_NO_END]             = {"no_end",               "A standing payment says when it ends",           400, WRONG_USAGE, false},
    [LEDGER_TWO_ENDS]           = {"two_ends",             "A standing payment has one end",                 400, WRONG_USAGE, false},
    [LEDGER_NEVER_DUE]          = {"never_due",            "No due date falls within that time",             400, WRONG_USAGE, false},
    [LEDGER_TOO_MANY_STANDING]  = {"too_many_standing",    "The account has as many standing payments as it may",409, REFUSED,     true},
    [LEDGER_STANDING_STATE]     = {"standing_state",       "The standing payment's state does not allow that",409, CONFLICT,    false},
    [LEDGER_NOTHING_UNPAID]     = {"nothing_unpaid",       "No such due date is unpaid",                     409, CONFLICT,    false},

    [LEDGER_NOT_SIGNED_IN]      = {"not_signed_in",         "A valid token is needed",                       401, FORBIDDEN,   false},
    [LEDGER_NOT_ALLOWED]        = {"not_allowed",           "That is not allowed with this role",            403, FORBIDDEN,   false},
    [LEDGER_TOO_MANY_ATTEMPTS]  = {"too_many_attempts",     "Too many attempts, wait a minute",              429, FORBIDDEN,   true},

    [LEDGER_CLOCK_BEHIND]       = {"clock_behind",          "The clock is behind the journal",               503, UNAVAILABLE, true},
    [LEDGER_NOT_A_LEDGER]       = {"not_a_ledger",          "The file is not a coledger ledger",             500, UNAVAILABLE, false},
    [LEDGER_SCHEMA_NEWER]       = {"schema_newer",          "The ledger needs a newer coledger",             500, UNAVAILABLE, false},
    [LEDGER_SCHEMA_OLDER]       = {"schema_older",          "The ledger must be migrated first",             500, UNAVAILABLE, false},
    [LEDGER_LOCKED]             = {"locked",                "Another process writes this ledger",            503, UNAVAILABLE, true},
    [LEDGER_READ_ONLY]          = {"read_only",             "The ledger cannot be written here",             503, UNAVAILABLE, false},
    [LEDGER_STORE_BUSY]         = {"store_busy",            "The ledger file is busy",                       503, UNAVAILABLE, true},
    [LEDGER_STORE_FULL]         = {"store_full",            "The disk is full",                              503, UNAVAILABLE, true},
    [LEDGER_STORE_BROKEN]       = {"store_broken",          "The ledger file or its disk is broken",         500, UNAVAILABLE, false},
    [LEDGER_GUARD]              = {"guard",                 "The ledger file refused a row",                 500, BROKEN,      false},
    [LEDGER_OUTCOME_UNKNOWN]    = {"outcome_unknown",       "It is not known whether this was written: ask again with the same uid", 503, UNAVAILABLE, true},
    [LEDGER_QUEUE_FULL]         = {"queue_full",            "The node is busy, ask again soon",              503, UNAVAILABLE, true},
    [LEDGER_STOPPING]           = {"stopping",              "The node is stopping",                          503, UNAVAILABLE, true},
    [LEDGER_UNREACHABLE]        = {"unreachable",           "The node does not answer",                      503, UNAVAILABLE, true},
    [LEDGER_NO_MEMORY]          = {"no_memory",             "Out of memory",                                 503, UNAVAILABLE, true},
    [LEDGER_INTEGRITY]          = {"integrity",             "The ledger does not add up",                    500, BROKEN,      false},

    [LEDGER_METHOD_NOT_ALLOWED] = {"method_not_allowed",    "That method is not for this address",           405, WRONG_USAGE, false},
    [LEDGER_MEDIA_TYPE]         = {"media_type",            "A body must be application/json",               415, WRONG_USAGE, false},
    [LEDGER_BODY_TOO_LARGE]     = {"body_too_large",        "The body is too large",                         413, WRONG_USAGE, false},
    [LEDGER_BODY_TIMEOUT]       = {"body_timeout",          "The body came too slowly",                      408, UNAVAILABLE, true},

    [LEDGER_STOP]               = {"stop",                  "Stopped",                                       500, BROKEN,      false},
    [LEDGER_NO_ROW]             = {"no_row",                "Not found",                                     404, NOT_FOUND,   false},
};
/* clang-format on */

const struct ledger_status_facts *ledger_status_facts(enum ledger_status s)
{
    assert((int)s >= 0 && s < LEDGER_STATUS_COUNT);
    return &facts[s];
}

enum ledger_status ledger_status_from_code(const char *code)
{
    for (int s = 0; s < LEDGER_STATUS_COUNT; s++)
        if (strcmp(facts[s].code, code) == 0)
            return (enum ledger_status)s;
    return LEDGER_STATUS_COUNT;
}

bool ledger_status_is_fault(enum ledger_status s)
{
    /* Not a table of the enum: these are the few after which a transaction cannot go on. */
    return s == LEDGER_STORE_BUSY || s == LEDGER_STORE_FULL || s == LEDGER_STORE_BROKEN ||
           s == LEDGER_READ_ONLY || s == LEDGER_GUARD || s == LEDGER_NO_MEMORY;
}
