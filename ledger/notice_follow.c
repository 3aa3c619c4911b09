#include "notice.h"

#include "handle.h"
#include "journal.h"

/* Who wants to be told of what it is paid or pays, since when. */
#define WANTED                                                                                     \
    "wanted (member_id, since_us, paid, spent) AS (SELECT o.member_id, min(o.since_us), "          \
    "max(CASE WHEN k.kind = 'paid' THEN 1 ELSE 0 END), "                                           \
    "max(CASE WHEN k.kind = 'spent' THEN 1 ELSE 0 END) "                                           \
    "FROM outbox o JOIN outbox_kind k ON k.outbox_id = o.id AND k.kind IN ('paid', 'spent') "      \
    "WHERE o.mode <> 'none' GROUP BY o.member_id)"

/*
 * Along the chains of their accounts' entries, so that it costs what they trade and not what all do. The newest entry
 * of each is at most 32 after the last transfer asked for (JOURNAL_WALK_START).
 */
#define WALK                                                                                       \
    "walk (member_id, since_us, paid, spent, account_id, transfer_id, amount_minor, previous) "    \
    "AS (SELECT w.member_id, w.since_us, w.paid, w.spent, a.id, e.transfer_id, e.amount_minor, "   \
    "e.previous FROM wanted w JOIN account a ON a.member_id = w.member_id AND "                    \
    "a.last_transfer_id > $1 JOIN entry e ON e.account_id = a.id AND e.transfer_id > $1 AND "      \
    "e.transfer_id = " JOURNAL_WALK_START(                                                         \
        "a.id", "$1", "$2",                                                                        \
        "$3") " UNION ALL "                                                                        \
              "SELECT w.member_id, w.since_us, w.paid, w.spent, w.account_id, e.transfer_id, "     \
              "e.amount_minor, e.previous FROM walk w JOIN entry e ON e.transfer_id = w.previous " \
              "AND "                                                                               \
              "e.account_id = w.account_id WHERE w.previous > $1)"

#define TOLD                                                                                       \
    "told (member_id, transfer_id, kind) AS (SELECT DISTINCT w.member_id, w.transfer_id, "         \
    "CASE WHEN w.amount_minor > 0 THEN 'paid' ELSE 'spent' END "                                   \
    "FROM walk w JOIN transfer t ON t.id = w.transfer_id WHERE w.transfer_id <= $2 AND "           \
    "t.posted_at_us >= w.since_us AND t.kind NOT IN ('opening', 'import') AND "                    \
    "CASE WHEN w.amount_minor > 0 THEN w.paid ELSE w.spent END = 1)"

struct stand {
    int64_t transfer_id;
    int64_t behind;
};

static enum ledger_status find(struct ledger *l, struct stand *stand)
{
    int64_t length;

    LEDGER_TRY(ledger_journal_length(l, &length));
    LEDGER_TRY(ledger_first(l, "SELECT transfer_id FROM notice_follow WHERE id = 1", STORE_NO_ARGS,
                            ledger_read_int, &stand->transfer_id));
    stand->behind = length - stand->transfer_id;
    return LEDGER_OK;
}

enum ledger_status ledger_notice_behind(struct ledger *l, int64_t *transfers)
{
    struct stand stand;

    LEDGER_TRY(find(l, &stand));
    *transfers = stand.behind;
    return LEDGER_OK;
}

enum ledger_status ledger_notice_due(struct ledger *l, int64_t *count)
{
    struct stand stand;
    int64_t to_id, at_us;

    *count = 0;
    LEDGER_TRY(find(l, &stand));
    if (stand.behind == 0)
        return LEDGER_OK;
    to_id = stand.transfer_id +
            (stand.behind < LEDGER_NOTICE_FOLLOW_MAX ? stand.behind : LEDGER_NOTICE_FOLLOW_MAX);
    LEDGER_TRY(ledger_latest_us(l, &at_us));
    LEDGER_TRY(ledger_exec(
        l,
        "WITH RECURSIVE " WANTED ", " WALK ", " TOLD
        " INSERT INTO notice (id, member_id, kind, subject_id, at_us) "
        "SELECT (SELECT coalesce(max(id), 0) FROM notice) + "
        "row_number() OVER (ORDER BY transfer_id, member_id, kind), member_id, kind, transfer_id, "
        "$4 FROM told ORDER BY transfer_id, member_id, kind",
        STORE_ARGS(store_int(stand.transfer_id), store_int(to_id), store_int(JOURNAL_SKIP_NONE),
                   store_int(at_us))));
    *count = store_changed(l->store);
    return ledger_exec(l, "UPDATE notice_follow SET transfer_id = $1 WHERE id = 1",
                       STORE_ARGS(store_int(to_id)));
}
