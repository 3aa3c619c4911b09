/*
 * token.h - keys to the node: a secret for a role, stored only as a hash.
 */
#ifndef LEDGER_TOKEN_H
#define LEDGER_TOKEN_H

#include "secret.h"

#define LEDGER_TOKEN_PREFIX "clt_"
#define LEDGER_TOKEN_SECRET LEDGER_SECRET_TEXT

enum ledger_role {
    LEDGER_STEWARD = 1,
    LEDGER_TREASURER = 2,
    LEDGER_AUDITOR = 4,
    LEDGER_MANAGER = 8, /* this and the next two belong to one member */
    LEDGER_TRADER = 16,
    LEDGER_VIEWER = 32
};

struct ledger_token {
    int64_t id;
    int64_t member_id; /* 0 for a role of the node */
    enum ledger_role role;
    char label[LEDGER_NAME_MAX + 1];
    char handle[LEDGER_HANDLE_MAX + 1];
    int64_t created_at_us;
    int64_t expires_at_us;
    int64_t revoked_at_us;   /* 0 while it is good */
    int64_t last_used_at_us; /* 0 when never */
};

typedef enum ledger_status ledger_token_reader(void *ctx, const struct ledger_token *t);

/*
 * Make a token; `t->id` and times are set, `secret` is shown once and kept nowhere.
 * Refusals: LEDGER_CHOICE_UNKNOWN (a member's role without a member, or the other way round), LEDGER_TEXT_*,
 * LEDGER_MEMBER_NOT_ACTIVE (left).
 */
LEDGER_CHECKED enum ledger_status ledger_token_create(struct ledger *l, struct ledger_token *t,
                                                      char secret[static LEDGER_TOKEN_SECRET]);
/* Who has this secret? LEDGER_NOT_SIGNED_IN: unknown, expired, revoked, or its member left: one answer for all. */
LEDGER_CHECKED enum ledger_status ledger_token_check(struct ledger *l, const char *secret,
                                                     struct ledger_token *t);
/* Refusal: LEDGER_NO_SUCH_TOKEN. Revoking twice is harmless. */
LEDGER_CHECKED enum ledger_status ledger_token_revoke(struct ledger *l, int64_t id);
LEDGER_CHECKED enum ledger_status ledger_token_get(struct ledger *l, int64_t id,
                                                   struct ledger_token *t);
/* `member_id` 0: all. */
LEDGER_CHECKED enum ledger_status ledger_token_each(struct ledger *l, int64_t member_id,
                                                    int64_t after_id, int limit,
                                                    ledger_token_reader *read, void *ctx);
/* Note its use. Needs a write transaction; callers do this at most once a minute a token. */
LEDGER_CHECKED enum ledger_status ledger_token_used(struct ledger *l, int64_t id, int64_t at_us);

const char *ledger_role_name(enum ledger_role role);
LEDGER_CHECKED enum ledger_status ledger_role_parse(const char *text, enum ledger_role *role);

#endif
