/*
 * import_members.c - who stands in the file, and is the ledger to take them in?
 */
#include "import.h"

#include <stdio.h>
#include <stdlib.h>

/* Which of the file's members the ledger has. */
struct presence {
    const struct history *h;
    bool *there;
};

static void note_member(const json_t *item, void *ctx)
{
    struct presence *p = ctx;
    int index = import_member(p->h, item);

    if (index >= 0)
        p->there[index] = true;
}

static enum ledger_status missing(struct import *in, struct history_row *row,
                                  enum history_field side)
{
    int member = side == HISTORY_FROM ? row->payer : row->payee;
    char sentence[HISTORY_WHY_MAX];

    snprintf(sentence, sizeof sentence,
             "there is no member \"%s\": add it, or take all in with --create-members",
             in->history.members[member]);
    return history_refuse(&in->history, row, side, LEDGER_NO_SUCH_MEMBER, sentence, in->problem);
}

static enum ledger_status add_member(struct import *in, const char *handle)
{
    json_t *answer;
    enum ledger_status st;

    if (in->dry_run && in->target == &import_node)
        return door_refuse(in->problem, LEDGER_USAGE,
                           "a dry run over a node takes no members in, and %s is not there: leave "
                           "--dry-run out, or try it on a ledger file",
                           handle);
    st = import_ask(in, "member.add", json_pack("{s:s, s:s}", "handle", handle, "name", handle),
                    &answer);
    json_decref(answer);
    in->members_added += st == LEDGER_OK;
    return st;
}

static enum ledger_status meet(struct import *in, struct history_row *row, enum history_field side,
                               bool *there)
{
    int member = side == HISTORY_FROM ? row->payer : row->payee;

    if (row->status != LEDGER_OK || there[member])
        return LEDGER_OK;
    if (!in->create_members)
        return missing(in, row, side);
    there[member] = true;
    return add_member(in, in->history.members[member]);
}

enum ledger_status import_meet_members(struct import *in)
{
    struct history *h = &in->history;
    struct presence p = {h, calloc((size_t)h->member_count + 1, sizeof(bool))};
    enum ledger_status st;

    if (!p.there)
        return door_refuse(in->problem, LEDGER_NO_MEMORY, "out of memory");
    st = import_each(in, "member.list", NULL, note_member, &p);
    for (size_t i = 0; i < h->count && st == LEDGER_OK; i++) {
        st = meet(in, &h->rows[i], HISTORY_FROM, p.there);
        if (st == LEDGER_OK)
            st = meet(in, &h->rows[i], HISTORY_TO, p.there);
    }
    free(p.there);
    return st;
}
