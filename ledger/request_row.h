/*
 * request_row.h - the one query and the one reader of requests. Only request*.c include it.
 */
#ifndef LEDGER_REQUEST_ROW_H
#define LEDGER_REQUEST_ROW_H

#include "handle.h"
#include "request.h"

/* To be followed by joins of `o` (request_open) or conditions on `r`. */
#define REQUEST_COLUMNS                                                                            \
    "SELECT r.id, r.payee_id, r.number, r.payer_id, r.currency_id, r.corrects_id, r.supplied_on, " \
    "r.due_on, r.expires_on, r.net_minor, r.tax_minor, r.gross_minor, r.ledger_minor, "            \
    "r.outside_minor, r.value_micro, r.asked_at_us, r.outside_unit, c.code, c.scale, "             \
    "coalesce(y.handle, 'erased-' || r.payee_id), coalesce(z.handle, 'erased-' || r.payer_id), "   \
    "x.note, x.reference, o.ledger_minor, o.outside_minor, o.disputed, "                           \
    "(SELECT sum(e.ledger_minor) FROM request_event e WHERE e.request_id = r.id AND e.kind IN "    \
    "('paid', 'matched', 'reversed')), "                                                           \
    "(SELECT sum(e.outside_minor) FROM request_event e WHERE e.request_id = r.id AND e.kind IN "   \
    "('paid-outside', 'unpaid-outside')), "                                                        \
    "(SELECT sum(e.ledger_minor) FROM request_event e WHERE e.request_id = r.id AND e.kind = "     \
    "'credited'), "                                                                                \
    "(SELECT sum(e.outside_minor) FROM request_event e WHERE e.request_id = r.id AND e.kind = "    \
    "'credited'), "                                                                                \
    "(SELECT e.kind FROM request_event e WHERE e.request_id = r.id AND e.kind IN ('declined', "    \
    "'withdrawn')), "                                                                              \
    "(SELECT u.preapproval_id FROM preapproval_use u WHERE u.request_id = r.id), "                 \
    "(SELECT sum(e.ledger_minor) FROM request_event e WHERE e.request_id = "                       \
    "coalesce(r.corrects_id, r.id) AND e.kind = 'refunded' AND (r.corrects_id IS NULL OR "         \
    "e.credit_id = r.id)), r.issued_on "
#define REQUEST_JOINS                                                                              \
    "JOIN currency c ON c.id = r.currency_id "                                                     \
    "LEFT JOIN member_identity y ON y.member_id = r.payee_id "                                     \
    "LEFT JOIN member_identity z ON z.member_id = r.payer_id "                                     \
    "LEFT JOIN request_text x ON x.request_id = r.id "

/* A store_reader into a struct ledger_request. */
enum ledger_status ledger_request_read(void *into, const struct store_row *row);

#endif
