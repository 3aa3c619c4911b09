/*
 * certificate.h - what a provider certifies of somebody's person, as the ledger remembers it.
 *
 * The certificate itself is a signed text (a JWT) that is handed out. The ledger keeps its hash, who, whose
 * and when; the person's name, the title and the text may be erased. A certificate says true of a person until it
 * is revoked or its time is over.
 */
#ifndef LEDGER_CERTIFICATE_H
#define LEDGER_CERTIFICATE_H

#include "ledger.h"
#include "uid.h"

#define LEDGER_JWT_MAX 12288 /* a course described in 2,000 quotation marks is less */

struct ledger_certificate {
    int64_t id;
    struct ledger_uid uid;
    int64_t provider_id;
    int64_t member_id;
    int64_t key_id;
    int64_t enrolment_id; /* whose attendance it certifies, or 0 */
    int64_t issued_at_us;
    int64_t expires_at_us; /* INT64_MAX: never */
    int64_t revoked_at_us; /* 0: it is not */
    uint8_t hash[32];      /* of the JWT */
    bool erased;
    /* Its member took part unpaid under an assumed name, and the provider does not know it. */
    bool assumed;
    char provider[LEDGER_HANDLE_MAX + 1];
    char member[LEDGER_HANDLE_MAX + 1];
    char name[LEDGER_NAME_MAX + 1]; /* the person's; with title and JWT "" after erasure */
    char title[LEDGER_NAME_MAX + 1];
    char jwt[LEDGER_JWT_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1]; /* of the revocation */
};

struct ledger_certificate_draft {
    struct ledger_uid uid;
    int64_t provider_id;
    int64_t member_id;
    int64_t key_id;
    int64_t enrolment_id;  /* or 0: by hand */
    int64_t issued_at_us;  /* of ledger_tick */
    int64_t expires_at_us; /* INT64_MAX: never */
    const char *name;
    const char *title;
    const char *jwt;
    const char *actor;
};

struct ledger_certificate_filter {
    int64_t member_id; /* or 0: as provider or as the person's member */
    bool revoked_only;
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_certificate_reader(void *ctx, const struct ledger_certificate *c);

/*
 * May `provider_id` certify something of one of `member_id`'s people? Refusals: LEDGER_NO_SUCH_MEMBER,
 * LEDGER_MEMBER_NOT_ACTIVE (the provider), LEDGER_CERTIFIES_ITSELF.
 */
LEDGER_CHECKED enum ledger_status ledger_certificate_allow(struct ledger *l, int64_t provider_id,
                                                           int64_t member_id);
/*
 * Remember one that was signed. Refusals: those of ledger_certificate_allow, LEDGER_MISSING_PARAMETER (name or
 * title), LEDGER_TEXT_*, LEDGER_DATE_MALFORMED (it expires before it is issued), and with an enrolment, which is one
 * of the provider and member: LEDGER_NO_SUCH_ENROLMENT, those of ledger_attended_allow.
 */
LEDGER_CHECKED enum ledger_status
ledger_certificate_issue(struct ledger *l, const struct ledger_certificate_draft *draft,
                         int64_t *id);
/* At most once; it stays listed with its reason. Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*,
 * LEDGER_NO_SUCH_CERTIFICATE, LEDGER_ALREADY_REVOKED, LEDGER_CLOCK_BEHIND. */
LEDGER_CHECKED enum ledger_status ledger_certificate_revoke(struct ledger *l, int64_t id,
                                                            const struct ledger_why *why);
/* Refusal of each: LEDGER_NO_SUCH_CERTIFICATE. */
LEDGER_CHECKED enum ledger_status ledger_certificate_get(struct ledger *l, int64_t id,
                                                         struct ledger_certificate *c);
LEDGER_CHECKED enum ledger_status ledger_certificate_of_uid(struct ledger *l,
                                                            const struct ledger_uid *uid,
                                                            struct ledger_certificate *c);
/* The one whose JWT this is, to the letter. */
LEDGER_CHECKED enum ledger_status ledger_certificate_of_jwt(struct ledger *l, const char *jwt,
                                                            struct ledger_certificate *c);
LEDGER_CHECKED enum ledger_status
ledger_certificate_each(struct ledger *l, const struct ledger_certificate_filter *filter,
                        ledger_certificate_reader *read, void *ctx);

/* "valid", "revoked" or "expired" at `now_us` */
const char *ledger_certificate_state(const struct ledger_certificate *c, int64_t now_us);

#endif
