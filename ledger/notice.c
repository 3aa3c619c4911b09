#include "notice.h"

#include "handle.h"

#include <string.h>

static const struct ledger_notice_kind_facts kinds[LEDGER_NOTICE_KINDS] = {
    [LEDGER_NOTICE_PAID] = {"paid", "transfer", "you were paid"},
    [LEDGER_NOTICE_SPENT] = {"spent", "transfer", "you paid"},
    [LEDGER_NOTICE_ASKED] = {"asked", "request", "you are asked to pay"},
    [LEDGER_NOTICE_REQUEST_PAID] = {"request-paid", "request", "a request of yours was paid"},
    [LEDGER_NOTICE_REQUEST_DECLINED] = {"request-declined", "request",
                                        "a request of yours was declined"},
    [LEDGER_NOTICE_REQUEST_DISPUTED] = {"request-disputed", "request",
                                        "a request of yours is disputed"},
    [LEDGER_NOTICE_REQUEST_WITHDRAWN] = {"request-withdrawn", "request",
                                         "a request to you was withdrawn"},
    [LEDGER_NOTICE_REQUEST_CREDITED] = {"request-credited", "request",
                                        "a request to you was credited"},
    [LEDGER_NOTICE_REQUEST_MATCHED] = {"request-matched", "request",
                                       "a payment of yours was counted for a request"},
    [LEDGER_NOTICE_REQUEST_REOPENED] = {"request-reopened", "request",
                                        "a payment of a request was reversed"},
    [LEDGER_NOTICE_PREAPPROVED] = {"preapproved", "request",
                                   "a request was paid as you agreed before"},
    [LEDGER_NOTICE_STANDING_REFUSED] = {"standing-refused", "standing payment",
                                        "a standing payment was refused"},
    [LEDGER_NOTICE_STANDING_AGREED] = {"standing-agreed", "standing payment",
                                       "somebody agreed to a charge of yours"},
    [LEDGER_NOTICE_STANDING_ENDED] = {"standing-ended", "standing payment",
                                      "a standing payment has ended"},
    [LEDGER_NOTICE_PRICE_PROPOSED] = {"price-proposed", "charge",
                                      "a charge that you agreed to has a new price"},
    [LEDGER_NOTICE_NEAR_LIMIT] = {"near-limit", "account", "an account is near its limit"},
    [LEDGER_NOTICE_OFFER_ANSWERED] = {"offer-answered", "offer", "somebody answered your offer"},
    [LEDGER_NOTICE_BOOKED] = {"booked", "booking", "something of yours was booked"},
    [LEDGER_NOTICE_BOOKING_ASKED] = {"booking-asked", "booking", "a booking waits for your word"},
    [LEDGER_NOTICE_BOOKING_CONFIRMED] = {"booking-confirmed", "booking",
                                         "a booking of yours was confirmed"},
    [LEDGER_NOTICE_BOOKING_REJECTED] = {"booking-rejected", "booking",
                                        "a booking of yours was rejected"},
    [LEDGER_NOTICE_BOOKING_EXPIRED] = {"booking-expired", "booking",
                                       "nobody confirmed a booking of yours in time"},
    [LEDGER_NOTICE_BOOKING_MOVED] = {"booking-moved", "booking", "a booking was moved"},
    [LEDGER_NOTICE_BOOKING_CANCELLED] = {"booking-cancelled", "booking", "a booking was cancelled"},
    [LEDGER_NOTICE_BOOKING_NO_SHOW] = {"booking-no-show", "booking",
                                       "nobody came to a booking of yours"},
    [LEDGER_NOTICE_SERIES_BOOKED] = {"series-booked", "series",
                                     "something of yours was booked again and again"},
    [LEDGER_NOTICE_SERIES_CANCELLED] = {"series-cancelled", "series", "a series was cancelled"},
    [LEDGER_NOTICE_BOOKING_REFUSED] = {"booking-refused", "booking",
                                       "a booking's amount could not be held"},
    [LEDGER_NOTICE_BOOKING_FREED] = {"booking-freed", "booking", "a booking was given up"},
    [LEDGER_NOTICE_BOOKING_FUNDED] = {"booking-funded", "booking",
                                      "a booking's amount was held after all"},
    [LEDGER_NOTICE_BOOKING_UNPAID] = {"booking-unpaid", "booking",
                                      "a month's bookings could not be paid"},
    [LEDGER_NOTICE_PLACE_OFFERED] = {"place-offered", "enrolment", "a place is offered to you"},
    [LEDGER_NOTICE_PLACE_LOST] = {"place-lost", "enrolment", "you have no place in a session"},
    [LEDGER_NOTICE_UNCONFIRMED] = {"unconfirmed", "enrolment",
                                   "nobody confirmed a place, and its hold ends within 30 days"},
    [LEDGER_NOTICE_CREDITS_EXPIRING] = {"credits-expiring", "lot", "training credits end soon"},
    [LEDGER_NOTICE_WEBHOOK_TEST] = {"webhook-test", "webhook", "a webhook is tried"},
};

const struct ledger_notice_kind_facts *ledger_notice_kind_facts(enum ledger_notice_kind kind)
{
    return &kinds[kind];
}

enum ledger_notice_kind ledger_notice_kind_named(const char *name)
{
    int kind = 0;

    while (kind < LEDGER_NOTICE_KINDS && strcmp(kinds[kind].name, name) != 0)
        kind++;
    return (enum ledger_notice_kind)kind;
}

enum ledger_status ledger_notice_put(struct ledger *l, enum ledger_notice_kind kind,
                                     int64_t member_id, int64_t subject_id)
{
    int64_t id, at_us;

    LEDGER_TRY(ledger_latest_us(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM notice", &id));
    return ledger_exec(l,
                       "INSERT INTO notice (id, member_id, kind, subject_id, at_us) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(id), store_int(member_id), store_text(kinds[kind].name),
                                  store_int(subject_id), store_int(at_us)));
}

struct pass {
    struct ledger *l;
    ledger_notice_reader *read;
    void *ctx;
};

static enum ledger_status pass_notice(void *into, const struct store_row *row)
{
    const struct pass *p = into;
    struct ledger_notice n = {.id = store_row_int(row, 0),
                              .member_id = store_row_int(row, 1),
                              .kind = ledger_notice_kind_named(store_row_text(row, 2)),
                              .subject_id = store_row_int(row, 3),
                              .at_us = store_row_int(row, 4)};

    if (n.kind == LEDGER_NOTICE_KINDS)
        return ledger_refuse(p->l, LEDGER_INTEGRITY, "notice %lld is of a kind that is not known",
                             (long long)n.id);
    store_row_copy(row, 5, n.member, sizeof n.member);
    return p->read(p->ctx, &n);
}

#define NOTICE                                                                                     \
    "SELECT n.id, n.member_id, n.kind, n.subject_id, n.at_us, "                                    \
    "coalesce(i.handle, 'erased-' || n.member_id) "                                                \
    "FROM notice n LEFT JOIN member_identity i ON i.member_id = n.member_id "
#define OF_KIND "AND ($3 IS NULL OR n.kind = $3) ORDER BY n.id LIMIT $2"

enum ledger_status ledger_notice_each(struct ledger *l, const struct ledger_notice_filter *filter,
                                      ledger_notice_reader *read, void *ctx)
{
    const char *kind = filter->of_kind ? kinds[filter->kind].name : NULL;
    struct pass p = {l, read, ctx};

    if (filter->member_id)
        return ledger_each(l, NOTICE "WHERE n.member_id = $4 AND n.id > $1 " OF_KIND,
                           STORE_ARGS(store_int(filter->after_id), store_int(filter->limit),
                                      store_text(kind), store_int(filter->member_id)),
                           pass_notice, &p);
    return ledger_each(
        l, NOTICE "WHERE n.id > $1 " OF_KIND,
        STORE_ARGS(store_int(filter->after_id), store_int(filter->limit), store_text(kind)),
        pass_notice, &p);
}
