/*
 * ops.h - the handlers that operations_<subject>.c put into the table, by noun.
 */
#ifndef API_OPS_H
#define API_OPS_H

#include "operation.h"

#define API_HANDLERS(X)                                                                            \
    X(op_node_show)                                                                                \
    X(op_clock_accept)                                                                             \
    X(op_chores_run)                                                                               \
    X(op_register_list)                                                                            \
    X(op_erasure_list)                                                                             \
    X(op_period_close)                                                                             \
    X(op_verify)                                                                                   \
    X(op_currency_add)                                                                             \
    X(op_currency_list)                                                                            \
    X(op_currency_show)                                                                            \
    X(op_currency_limit)                                                                           \
    X(op_currency_equivalent)                                                                      \
    X(op_member_add)                                                                               \
    X(op_member_list)                                                                              \
    X(op_member_show)                                                                              \
    X(op_member_set)                                                                               \
    X(op_member_activate)                                                                          \
    X(op_member_suspend)                                                                           \
    X(op_member_leave)                                                                             \
    X(op_member_settle)                                                                            \
    X(op_member_write_off)                                                                         \
    X(op_member_erase)                                                                             \
    X(op_account_open)                                                                             \
    X(op_account_list)                                                                             \
    X(op_account_limit)                                                                            \
    X(op_account_limits)                                                                           \
    X(op_balance)                                                                                  \
    X(op_statement)                                                                                \
    X(op_trial_balance)                                                                            \
    X(op_transfer_pay)                                                                             \
    X(op_transfer_post)                                                                            \
    X(op_transfer_opening)                                                                         \
    X(op_transfer_batch)                                                                           \
    X(op_transfer_list)                                                                            \
    X(op_transfer_show)                                                                            \
    X(op_transfer_memo)                                                                            \
    X(op_transfer_reverse)                                                                         \
    X(op_transfer_refund)                                                                          \
    X(op_transfer_erase)                                                                           \
    X(op_transfer_posted)                                                                          \
    X(op_hold_place)                                                                               \
    X(op_hold_capture)                                                                             \
    X(op_hold_release)                                                                             \
    X(op_hold_list)                                                                                \
    X(op_hold_show)                                                                                \
    X(op_hold_placed)                                                                              \
    X(op_hold_erase)                                                                               \
    X(op_token_create)                                                                             \
    X(op_token_list)                                                                               \
    X(op_token_revoke)                                                                             \
    X(op_course_add)                                                                               \
    X(op_course_edit)                                                                              \
    X(op_course_list)                                                                              \
    X(op_course_show)                                                                              \
    X(op_session_add)                                                                              \
    X(op_session_list)                                                                             \
    X(op_session_show)                                                                             \
    X(op_session_cancel)                                                                           \
    X(op_session_capacity)                                                                         \
    X(op_session_notes)                                                                            \
    X(op_enrolment_add)                                                                            \
    X(op_enrolment_list)                                                                           \
    X(op_enrolment_show)                                                                           \
    X(op_enrolment_cancel)                                                                         \
    X(op_enrolment_accept)                                                                         \
    X(op_waitlist_list)                                                                            \
    X(op_waitlist_explain)                                                                         \
    X(op_attendance_confirm)                                                                       \
    X(op_attendance_pending)                                                                       \
    X(op_training_hours)                                                                           \
    X(op_training_places)                                                                          \
    X(op_credits_grant)                                                                            \
    X(op_credits_granted)                                                                          \
    X(op_credits_list)                                                                             \
    X(op_credits_warnings)                                                                         \
    X(op_credits_redeem)                                                                           \
    X(op_credits_rate)                                                                             \
    X(op_credits_fund)                                                                             \
    X(op_provider_add)                                                                             \
    X(op_provider_end)                                                                             \
    X(op_provider_list)                                                                            \
    X(op_node_address)                                                                             \
    X(op_key_show)                                                                                 \
    X(op_key_list)                                                                                 \
    X(op_certificate_issue)                                                                        \
    X(op_certificate_issued)                                                                       \
    X(op_certificate_list)                                                                         \
    X(op_certificate_show)                                                                         \
    X(op_certificate_revoke)                                                                       \
    X(op_certificate_erase)                                                                        \
    X(op_certificate_revoked)                                                                      \
    X(op_certificate_status)                                                                       \
    X(op_certificate_verify)                                                                       \
    X(op_vacancy_post)                                                                             \
    X(op_vacancy_list)                                                                             \
    X(op_vacancy_show)                                                                             \
    X(op_vacancy_close)                                                                            \
    X(op_placement_agree)                                                                          \
    X(op_placement_list)                                                                           \
    X(op_placement_show)                                                                           \
    X(op_placement_sign)                                                                           \
    X(op_placement_end)                                                                            \
    X(op_placement_erase)                                                                          \
    X(op_warning_list)                                                                             \
    X(op_warning_sectors)                                                                          \
    X(op_warning_set)                                                                              \
    X(op_warning_rules)                                                                            \
    X(op_offer_post)                                                                               \
    X(op_want_post)                                                                                \
    X(op_offer_list)                                                                               \
    X(op_offer_show)                                                                               \
    X(op_offer_edit)                                                                               \
    X(op_offer_close)                                                                              \
    X(op_offer_answer)                                                                             \
    X(op_offer_answers)                                                                            \
    X(op_offer_matches)                                                                            \
    X(op_placement_hours)

#define API_HANDLERS_REQUEST(X)                                                                    \
    X(op_preapproval_set)                                                                          \
    X(op_preapproval_revoke)                                                                       \
    X(op_preapproval_list)                                                                         \
    X(op_preapproval_show)                                                                         \
    X(op_request_create)                                                                           \
    X(op_request_credit)                                                                           \
    X(op_request_list)                                                                             \
    X(op_request_show)                                                                             \
    X(op_request_history)                                                                          \
    X(op_request_aged)                                                                             \
    X(op_request_accept)                                                                           \
    X(op_request_pay)                                                                              \
    X(op_request_match)                                                                            \
    X(op_request_paid_outside)                                                                     \
    X(op_request_decline)                                                                          \
    X(op_request_dispute)                                                                          \
    X(op_request_resolve)                                                                          \
    X(op_request_withdraw)                                                                         \
    X(op_request_erase)

#define API_HANDLERS_NOTICE(X)                                                                     \
    X(op_notice_list)                                                                              \
    X(op_notice_set)                                                                               \
    X(op_notice_show)                                                                              \
    X(op_notice_outbox)                                                                            \
    X(op_notice_undelivered)                                                                       \
    X(op_notice_retry)                                                                             \
    X(op_webhook_add)                                                                              \
    X(op_webhook_list)                                                                             \
    X(op_webhook_remove)                                                                           \
    X(op_webhook_test)

#define API_HANDLERS_POOL(X)                                                                       \
    X(op_resource_add)                                                                             \
    X(op_resource_set)                                                                             \
    X(op_resource_list)                                                                            \
    X(op_resource_show)                                                                            \
    X(op_resource_close)                                                                           \
    X(op_resource_reopen)                                                                          \
    X(op_resource_price)                                                                           \
    X(op_resource_prices)                                                                          \
    X(op_resource_share)                                                                           \
    X(op_resource_quota)                                                                           \
    X(op_resource_quotas)                                                                          \
    X(op_extra_add)                                                                                \
    X(op_extra_price)                                                                              \
    X(op_extra_list)                                                                               \
    X(op_extra_charge)                                                                             \
    X(op_booking_quote)                                                                            \
    X(op_booking_make)                                                                             \
    X(op_booking_list)                                                                             \
    X(op_booking_show)                                                                             \
    X(op_booking_history)                                                                          \
    X(op_booking_confirm)                                                                          \
    X(op_booking_reject)                                                                           \
    X(op_booking_check_in)                                                                         \
    X(op_booking_complete)                                                                         \
    X(op_booking_no_show)                                                                          \
    X(op_booking_cancel)                                                                           \
    X(op_booking_move)                                                                             \
    X(op_booking_erase)                                                                            \
    X(op_charge_offer)                                                                             \
    X(op_charge_list)                                                                              \
    X(op_charge_show)                                                                              \
    X(op_charge_price)                                                                             \
    X(op_charge_withdraw)                                                                          \
    X(op_charge_agree)                                                                             \
    X(op_standing_instalments)                                                                     \
    X(op_standing_order)                                                                           \
    X(op_standing_list)                                                                            \
    X(op_standing_show)                                                                            \
    X(op_standing_pause)                                                                           \
    X(op_standing_resume)                                                                          \
    X(op_standing_end)                                                                             \
    X(op_standing_retry)                                                                           \
    X(op_series_make)                                                                              \
    X(op_series_list)                                                                              \
    X(op_series_show)                                                                              \
    X(op_series_cancel)                                                                            \
    X(op_series_notices)                                                                           \
    X(op_feed_create)                                                                              \
    X(op_feed_list)                                                                                \
    X(op_feed_revoke)                                                                              \
    X(op_usage_show)                                                                               \
    X(op_usage_hours)                                                                              \
    X(op_usage_income)

#define API_HANDLERS_FUND(X)                                                                       \
    X(op_levy_set)                                                                                 \
    X(op_levy_list)                                                                                \
    X(op_levy_show)                                                                                \
    X(op_levy_charges)                                                                             \
    X(op_levy_open)                                                                                \
    X(op_guarantee_set)                                                                            \
    X(op_guarantee_list)                                                                           \
    X(op_default_declare)                                                                          \
    X(op_default_cover)                                                                            \
    X(op_default_withdraw)                                                                         \
    X(op_default_recover)                                                                          \
    X(op_default_show)                                                                             \
    X(op_default_list)                                                                             \
    X(op_default_shares)                                                                           \
    X(op_write_off_years)                                                                          \
    X(op_write_off_list)

#define API_DECLARE(name)                                                                          \
    enum ledger_status name(struct ledger *l, struct api_call *call, json_t **out);
API_HANDLERS(API_DECLARE)
API_HANDLERS_POOL(API_DECLARE)
API_HANDLERS_NOTICE(API_DECLARE)
API_HANDLERS_FUND(API_DECLARE)
API_HANDLERS_REQUEST(API_DECLARE)
#undef API_DECLARE

/* The resource named by the call, when the caller may speak for its host. Refusals: LEDGER_NO_SUCH_RESOURCE, LEDGER_NOT_ALLOWED. */
struct ledger_resource;
LEDGER_CHECKED enum ledger_status api_resource_own(struct ledger *l, struct api_call *call,
                                                   struct ledger_resource *r);

/* The item of a batch, as transfer.batch and an import post it. */
struct api_item {
    int64_t payer_id; /* accounts */
    int64_t payee_id;
    int64_t amount_minor;
    const char *memo;
    const char *reference;
    bool has_effective;
    int32_t effective_on;
    bool has_uid;
    struct ledger_uid uid;
    bool is_import;
    bool without_limits;
};

/*
 * Post one item inside the open write transaction, with a register row of its own when it has a uid.
 * After: `*transfer_id` is the transfer's, `*known` says that the uid was there with the same content.
 * Refusals: LEDGER_UID_TAKEN, then as ledger_transfer_post.
 */
LEDGER_CHECKED enum ledger_status api_item_post(struct ledger *l, const struct api_call *call,
                                                const struct api_item *item, int64_t *transfer_id,
                                                bool *known);

#endif
