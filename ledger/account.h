/*
 * account.h - a member's account in one currency: balance, reserves, limits.
 */
#ifndef LEDGER_ACCOUNT_H
#define LEDGER_ACCOUNT_H

#include "currency.h"
#include "member.h"

#define LEDGER_ACCOUNT_NAME (LEDGER_HANDLE_MAX + 1 + LEDGER_CODE_MAX + 1) /* riverside:CALD */

struct ledger_account {
    int64_t id;
    int64_t member_id;
    int64_t currency_id;
    int64_t balance_minor;
    int64_t reserved_in_minor;
    int64_t reserved_out_minor;
    int64_t floor_minor;
    int64_t ceiling_minor;
    /* The earliest expiry among its open holds; INT64_MAX when it has none. */
    int64_t hold_expiry_us;
    int64_t entry_count;
    int64_t last_transfer_id; /* of its newest entry; 0 when it has none */
    bool training;            /* its currency is one of training credits */
    int scale;
    enum ledger_member_state member_state;
    enum ledger_member_kind member_kind;
    char handle[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
};

struct ledger_account_filter {
    int64_t member_id;   /* or 0 */
    int64_t currency_id; /* or 0 */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_account_reader(void *ctx, const struct ledger_account *a);

/*
 * Open the account (member, currency) with the currency's limits.
 * Refusals: LEDGER_NO_SUCH_MEMBER, LEDGER_NO_SUCH_CURRENCY, LEDGER_MEMBER_NOT_ACTIVE (left), LEDGER_EXISTS.
 */
LEDGER_CHECKED enum ledger_status ledger_account_open(struct ledger *l, int64_t member_id,
                                                      int64_t currency_id,
                                                      const struct ledger_why *why,
                                                      struct ledger_account *a);
/* Refusals: LEDGER_NO_SUCH_MEMBER, LEDGER_NO_SUCH_CURRENCY, LEDGER_NO_SUCH_ACCOUNT. */
LEDGER_CHECKED enum ledger_status ledger_account_find(struct ledger *l, const char *handle,
                                                      const char *code, struct ledger_account *a);
/* As above, but opens the account when the member has none yet (a write). */
LEDGER_CHECKED enum ledger_status ledger_account_need(struct ledger *l, const char *handle,
                                                      const char *code,
                                                      const struct ledger_why *why,
                                                      struct ledger_account *a);
/* As above, where only its number is wanted: a third of the work when the account is there. */
LEDGER_CHECKED enum ledger_status ledger_account_number(struct ledger *l, const char *handle,
                                                        const struct ledger_currency *c,
                                                        const struct ledger_why *why, int64_t *id);
LEDGER_CHECKED enum ledger_status ledger_account_get(struct ledger *l, int64_t id,
                                                     struct ledger_account *a);
/*
 * What posting needs of it, quickly: all but `scale`, `handle` and `code`, which are empty until
 * ledger_account_name_it fills them in for a sentence.
 */
LEDGER_CHECKED enum ledger_status ledger_account_load(struct ledger *l, int64_t id,
                                                      struct ledger_account *a);
void ledger_account_name_it(struct ledger *l, struct ledger_account *a);
/* In order of id. Amounts are as of now: expired holds are subtracted. */
LEDGER_CHECKED enum ledger_status ledger_account_each(struct ledger *l,
                                                      const struct ledger_account_filter *filter,
                                                      ledger_account_reader *read, void *ctx);
/* Subtract what expired holds still reserve on paper: what a reader should see now. Once after a load. */
LEDGER_CHECKED enum ledger_status ledger_account_refresh(struct ledger *l,
                                                         struct ledger_account *a);

/* Write balance, reserves and next expiry back. Only journal.c and hold.c call it. */
LEDGER_CHECKED enum ledger_status ledger_account_save(struct ledger *l,
                                                      const struct ledger_account *a);

/* balance - reserved out - floor; negative when a limit fell below it. */
int64_t ledger_account_available(const struct ledger_account *a);
/* ceiling - balance - reserved in; negative likewise. */
int64_t ledger_account_room_in(const struct ledger_account *a);
/* "riverside:CALD" */
char *ledger_account_name(const struct ledger_account *a, char buf[static LEDGER_ACCOUNT_NAME]);

#endif
