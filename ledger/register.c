#include "register.h"

#include "handle.h"

#include <stdlib.h>
#include <string.h>

#define RECORD "SELECT seq, at_us, actor, operation, uid, content_hash, subject FROM register "

static void copy_blob(const struct store_row *row, int column, void *to, size_t size)
{
    size_t got;
    const void *bytes = store_row_blob(row, column, &got);

    if (got == size)
        memcpy(to, bytes, size);
}

static enum ledger_status read_record(void *into, const struct store_row *row)
{
    struct ledger_record *r = into;

    r->seq = store_row_int(row, 0);
    r->at_us = store_row_int(row, 1);
    store_row_copy(row, 2, r->actor, sizeof r->actor);
    store_row_copy(row, 3, r->operation, sizeof r->operation);
    copy_blob(row, 4, r->uid.bytes, sizeof r->uid.bytes);
    copy_blob(row, 5, r->content_hash, sizeof r->content_hash);
    r->subject = store_row_int(row, 6);
    return LEDGER_OK;
}

enum ledger_status ledger_register_find(struct ledger *l, const struct ledger_uid *uid,
                                        const uint8_t content_hash[32], struct ledger_record *r)
{
    LEDGER_TRY(ledger_first(l, RECORD "WHERE uid = $1", STORE_ARGS(store_blob(uid->bytes, 16)),
                            read_record, r));
    if (memcmp(r->content_hash, content_hash, 32) != 0)
        return ledger_refuse_field(l, LEDGER_UID_TAKEN, "uid",
                                   "this uid was used for another write: give a new one, or "
                                   "repeat the first exactly");
    return LEDGER_OK;
}

enum ledger_status ledger_register_append(struct ledger *l, struct ledger_record *r)
{
    LEDGER_TRY(ledger_tick(l, &r->at_us));
    r->seq = l->last.seq + 1; /* the tick has looked it up */
    LEDGER_TRY(ledger_exec(l,
                           "INSERT INTO register (seq, at_us, actor, operation, uid, content_hash, "
                           "subject) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                           STORE_ARGS(store_int(r->seq), store_int(r->at_us), store_text(r->actor),
                                      store_text(r->operation), store_blob(r->uid.bytes, 16),
                                      store_blob(r->content_hash, 32),
                                      store_int_or_null(r->subject, r->subject))));
    l->last.seq = r->seq;
    return LEDGER_OK;
}

enum ledger_status ledger_register_keep(struct ledger *l, int64_t seq, const char *answer)
{
    return ledger_exec(l, "INSERT INTO register_answer (seq, answer) VALUES ($1, $2)",
                       STORE_ARGS(store_int(seq), store_text(answer)));
}

enum ledger_status ledger_register_tells_of(struct ledger *l, int64_t seq, const char *kind,
                                            int64_t subject)
{
    return ledger_exec(l,
                       "INSERT INTO register_answer_of (seq, kind, subject) SELECT $1, $2, $3 "
                       "WHERE NOT EXISTS (SELECT 1 FROM register_answer_of WHERE seq = $1 AND "
                       "kind = $2 AND subject = $3)",
                       STORE_ARGS(store_int(seq), store_text(kind), store_int(subject)));
}

enum ledger_status ledger_register_names(struct ledger *l, int64_t seq, const char *handle)
{
    int64_t member_id;
    enum ledger_status status =
        ledger_first(l, "SELECT member_id FROM member_identity WHERE handle = $1",
                     STORE_ARGS(store_text(handle)), ledger_read_int, &member_id);

    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    return ledger_register_tells_of(l, seq, "member", member_id);
}

enum ledger_status ledger_register_forget(struct ledger *l, const char *kind, int64_t subject)
{
    return ledger_exec(l,
                       "DELETE FROM register_answer WHERE seq IN "
                       "(SELECT seq FROM register_answer_of WHERE kind = $1 AND subject = $2)",
                       STORE_ARGS(store_text(kind), store_int(subject)));
}

static enum ledger_status read_answer(void *into, const struct store_row *row)
{
    *(char **)into = strdup(store_row_text(row, 0));
    return *(char **)into ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status ledger_register_answer(struct ledger *l, int64_t seq, char **answer)
{
    *answer = NULL;
    return ledger_first(l, "SELECT answer FROM register_answer WHERE seq = $1",
                        STORE_ARGS(store_int(seq)), read_answer, answer);
}

struct each {
    ledger_record_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_record r;

    LEDGER_TRY(read_record(&r, row));
    return each->read(each->ctx, &r);
}

enum ledger_status ledger_register_each(struct ledger *l, int64_t after, int limit,
                                        ledger_record_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l, RECORD "WHERE seq > $1 ORDER BY seq LIMIT $2",
                       STORE_ARGS(store_int(after), store_int(limit)), pass_on, &each);
}
