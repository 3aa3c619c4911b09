#include "mailbox.h"

#include "handle.h"
#include "member.h"

#include <stdio.h>
#include <string.h>

/* RFC 5322, 3.2.3: words of atext with a dot between each two. */
static bool is_dot_atom(const char *text, size_t size, const char *also)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    bool word = false;

    for (size_t i = 0; i < size; i++) {
        bool dot = text[i] == '.';

        if (dot ? !word : !strchr(letters, text[i]) && !strchr(also, text[i]))
            return false;
        word = !dot;
    }
    return word;
}

enum ledger_status ledger_mail_address_check(const char *text)
{
    const char *at = strchr(text, '@');

    if (!at || strlen(text) > LEDGER_MAIL_ADDRESS_MAX ||
        !is_dot_atom(text, (size_t)(at - text), "!#$%&'*+-/=?^_`{|}~") ||
        !is_dot_atom(at + 1, strlen(at + 1), "-"))
        return LEDGER_MAIL_ADDRESS_MALFORMED;
    return LEDGER_OK;
}

static enum ledger_status check(struct ledger *l, const struct ledger_mailbox *m,
                                const struct ledger_outbox *old)
{
    struct ledger_member member;

    if (m->address && ledger_mail_address_check(m->address) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_MAIL_ADDRESS_MALFORMED, "address",
                                   "a mail address is written name@place.example, with letters, "
                                   "digits and dots, at most %d characters",
                                   LEDGER_MAIL_ADDRESS_MAX);
    if (m->mode == LEDGER_OUTBOX_NONE)
        return LEDGER_OK;
    LEDGER_TRY(ledger_member_get(l, m->member_id, &member));
    if (member.state == LEDGER_LEFT)
        return ledger_refuse(l, LEDGER_MEMBER_STATE, "%s has left and is sent nothing any more",
                             member.handle);
    if (!m->address && !old->address[0])
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "address",
                                   "say which address: --address name@place.example");
    return LEDGER_OK;
}

/* What one did itself is no news. */
static uint64_t usual(void)
{
    return ((UINT64_C(1) << LEDGER_NOTICE_KINDS) - 1) &
           ~(UINT64_C(1) << LEDGER_NOTICE_SPENT | UINT64_C(1) << LEDGER_NOTICE_WEBHOOK_TEST);
}

enum ledger_status ledger_mailbox_get(struct ledger *l, int64_t member_id, struct ledger_outbox *o)
{
    int64_t id;

    LEDGER_TRY(ledger_first(l, "SELECT id FROM outbox WHERE member_id = $1 AND channel = 'mail'",
                            STORE_ARGS(store_int(member_id)), ledger_read_int, &id));
    return ledger_outbox_get(l, id, o);
}

enum ledger_status ledger_mailbox_set(struct ledger *l, const struct ledger_mailbox *m, int64_t *id)
{
    struct ledger_outbox o = {.member_id = m->member_id, .channel = LEDGER_MAIL};
    uint64_t kinds = usual();
    enum ledger_status found = ledger_mailbox_get(l, m->member_id, &o);

    if (found != LEDGER_OK && found != LEDGER_NO_ROW)
        return found;
    LEDGER_TRY(check(l, m, &o));
    if (found == LEDGER_OK)
        LEDGER_TRY(ledger_outbox_kinds(l, o.id, &kinds));
    if (m->kinds)
        kinds = m->kinds;
    o.mode = m->mode;
    if (m->address)
        snprintf(o.address, sizeof o.address, "%s", m->address);
    if (o.mode == LEDGER_OUTBOX_NONE)
        o.address[0] = '\0';
    LEDGER_TRY(found == LEDGER_OK ? ledger_outbox_change(l, &o, kinds)
                                  : ledger_outbox_make(l, &o, kinds));
    *id = o.id;
    return LEDGER_OK;
}

enum ledger_status ledger_notice_kinds_parse(struct ledger *l, const char *text, uint64_t *kinds)
{
    char name[LEDGER_NOTICE_NAME_MAX + 2];
    size_t length;

    *kinds = 0;
    for (;; text += length + 1) {
        length = strcspn(text, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, text);
        enum ledger_notice_kind kind = ledger_notice_kind_named(name);
        if (kind == LEDGER_NOTICE_KINDS)
            return ledger_refuse_field(l, LEDGER_CHOICE_UNKNOWN, "kinds",
                                       "there is no kind of notice \"%s\"; write them "
                                       "paid,asked,near-limit",
                                       name);
        *kinds |= UINT64_C(1) << kind;
        if (!text[length])
            return LEDGER_OK;
    }
}
