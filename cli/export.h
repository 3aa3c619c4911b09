/*
 * export.h - the journal, or one member's account, written for another program.
 *
 * Dates are the effective ones, as bookkeeping wants them; the posting time goes along where a format has a
 * place for it. A plus is in the member's favour everywhere.
 */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "ledger/date.h"

#include <jansson.h>
#include <stdio.h>

/* What is exported, and what is known about it. */
struct export
{
    FILE *out;
    const char *member;   /* whose account, or NULL: the whole journal */
    const char *currency; /* of that account, or NULL */
    const char *from;     /* first and last day, or NULL */
    const char *to;
    json_t *node;                    /* as node.show answers */
    json_t *names;                   /* handle: full name */
    json_t *currencies;              /* as currency.list answers, its items */
    json_t *accounts;                /* of the journal: handle: list of codes */
    const char *closing;             /* the member's balance at the end */
    size_t written;                  /* transfers so far */
    char first_on[LEDGER_DATE_TEXT]; /* the earliest effective date so far */
    json_t *opened;                  /* for a format to note what it wrote of */
};

/* Each is called once, for every transfer in order of number, once. `end` may be NULL. */
struct export_format {
    const char *name;
    bool members_only; /* it has a place for one account only */
    void (*begin)(const struct export *x);
    void (*transfer)(const struct export *x, const json_t *transfer);
    void (*end)(const struct export *x);
};

extern const struct export_format export_hledger;
extern const struct export_format export_ledger;
extern const struct export_format export_beancount;
extern const struct export_format export_csv;
extern const struct export_format export_json;
extern const struct export_format export_ofx;

/* A string of a JSON object, "" when it has none. */
const char *export_text(const json_t *object, const char *key);

/* The full name of `handle`, or the handle itself. */
const char *export_name(const struct export *x, const char *handle);

/* The leg of the exported member, and its amount as it stands; NULL when it has none in x->currency. */
const json_t *export_own_leg(const struct export *x, const json_t *transfer);

/* "riverside:CALD" without its code, into `buf` of LEDGER_HANDLE_MAX + 1 bytes; returns it. */
const char *export_handle(const json_t *leg, char *buf);

/* The code of a leg's account. */
const char *export_code(const json_t *leg);

/* Is this leg on the other side from `own`, in the same currency? */
bool export_is_counterpart(const json_t *own, const json_t *leg);

/*
 * The handle of the one account on the other side of the member's leg, into `buf`; NULL when there are
 * several, or others on the member's own side: then nobody can say who was paid by whom.
 */
const char *export_counterparty(const struct export *x, const json_t *transfer, char *buf);

/* The memo where there is one, else the kind. */
const char *export_words(const json_t *transfer);

#endif
