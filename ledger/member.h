/*
 * member.h - who can hold an account.
 */
#ifndef LEDGER_MEMBER_H
#define LEDGER_MEMBER_H

#include "ledger.h"

enum ledger_member_kind { LEDGER_COOP, LEDGER_PERSON, LEDGER_FUND, LEDGER_NODE };
enum ledger_member_state { LEDGER_APPLIED, LEDGER_ACTIVE, LEDGER_SUSPENDED, LEDGER_LEFT };

struct ledger_member {
    int64_t id;
    uint8_t number[16];                 /* random; stands for the member in proofs */
    char handle[LEDGER_HANDLE_MAX + 1]; /* "erased-ID" after erasure */
    char name[LEDGER_NAME_MAX + 1];     /* "" after erasure */
    enum ledger_member_kind kind;
    enum ledger_member_state state;
    int64_t since_us;
    bool erased;
};

struct ledger_member_filter {
    const char *state; /* or NULL */
    const char *kind;  /* or NULL */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_member_reader(void *ctx, const struct ledger_member *m);

/*
 * Take a member in, as `applied` or `active`; `m->id`, `number` and `since_us` are set.
 * Refusals: LEDGER_HANDLE_MALFORMED (also what begins with "erased-"), LEDGER_TEXT_*, LEDGER_EXISTS (the handle is or was somebody's).
 */
LEDGER_CHECKED enum ledger_status ledger_member_add(struct ledger *l, struct ledger_member *m,
                                                    const struct ledger_why *why);
/* By its handle, or "erased-ID" where that was erased. Refusal: LEDGER_NO_SUCH_MEMBER. */
LEDGER_CHECKED enum ledger_status ledger_member_find(struct ledger *l, const char *handle,
                                                     struct ledger_member *m);
LEDGER_CHECKED enum ledger_status ledger_member_get(struct ledger *l, int64_t id,
                                                    struct ledger_member *m);
/* In order of id. */
LEDGER_CHECKED enum ledger_status ledger_member_each(struct ledger *l,
                                                     const struct ledger_member_filter *filter,
                                                     ledger_member_reader *read, void *ctx);
/*
 * Move to `to`: applied -> active, active <-> suspended. Leaving is departure.h's.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_NO_SUCH_MEMBER, LEDGER_MEMBER_STATE.
 */
LEDGER_CHECKED enum ledger_status ledger_member_change_state(struct ledger *l, int64_t id,
                                                             enum ledger_member_state to,
                                                             const struct ledger_why *why);
/* Write the new state and its history row, without asking. For departure.c. */
LEDGER_CHECKED enum ledger_status ledger_member_record_state(struct ledger *l, int64_t id,
                                                             enum ledger_member_state to,
                                                             const struct ledger_why *why);

/*
 * Attributes: class, constituency, sector, locality, each in force from a day on. "" takes it away.
 * Refusals: LEDGER_CHOICE_UNKNOWN, LEDGER_TEXT_*.
 */
LEDGER_CHECKED enum ledger_status ledger_member_set_attribute(struct ledger *l, int64_t id,
                                                              const char *name, const char *value,
                                                              int32_t from_on, const char *actor);
typedef enum ledger_status ledger_attribute_reader(void *ctx, const char *name, const char *value,
                                                   int32_t from_on);
/* Those in force on `day`. */
LEDGER_CHECKED enum ledger_status ledger_member_attributes(struct ledger *l, int64_t id,
                                                           int32_t day,
                                                           ledger_attribute_reader *read,
                                                           void *ctx);

const char *ledger_member_kind_name(enum ledger_member_kind kind);
const char *ledger_member_state_name(enum ledger_member_state state);
LEDGER_CHECKED enum ledger_status ledger_member_kind_parse(const char *text,
                                                           enum ledger_member_kind *kind);
LEDGER_CHECKED enum ledger_status ledger_member_state_parse(const char *text,
                                                            enum ledger_member_state *state);
/* SHA-256 over the ledger's salt and the handle: how a handle stays taken when it is erased. */
void ledger_handle_hash(const struct ledger *l, const char *handle, uint8_t hash[32]);

#endif
