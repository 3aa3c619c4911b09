/*
 * vacancy.h - work that a member seeks somebody for: a want with skills and hours.
 */
#ifndef LEDGER_VACANCY_H
#define LEDGER_VACANCY_H

#include "ledger.h"

#define LEDGER_VACANCY_DAYS_MAX 400
#define LEDGER_WEEK_MINUTES 10080

struct ledger_vacancy {
    int64_t id;
    int64_t member_id;
    int minutes_a_week;
    int64_t posted_at_us;
    int32_t until_on;     /* the last day it stands open */
    int64_t closed_at_us; /* 0: it was not closed */
    int64_t placements;   /* agreed on it */
    bool erased;
    char kind[16]; /* job, apprenticeship, relief */
    char handle[LEDGER_HANDLE_MAX + 1];
    char title[LEDGER_NAME_MAX + 1];
    char skills[LEDGER_MEMO_MAX + 1];
    char description[LEDGER_MEMO_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1]; /* of the closing */
};

struct ledger_vacancy_filter {
    int64_t member_id; /* or 0 */
    bool open_only;
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_vacancy_reader(void *ctx, const struct ledger_vacancy *v);

/*
 * Post it: kind, member, minutes, last day and words are `v`'s; its id is set.
 * Refusals: LEDGER_MISSING_PARAMETER (no title), LEDGER_TEXT_*, LEDGER_HOURS_MALFORMED, LEDGER_DATE_MALFORMED (over already, or
 * more than 400 days ahead), LEDGER_MEMBER_NOT_ACTIVE, LEDGER_CLOCK_BEHIND.
 */
LEDGER_CHECKED enum ledger_status ledger_vacancy_post(struct ledger *l, struct ledger_vacancy *v,
                                                      const char *actor);
/* Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_NO_SUCH_VACANCY, LEDGER_VACANCY_CLOSED (or its last day is over). */
LEDGER_CHECKED enum ledger_status ledger_vacancy_close(struct ledger *l, int64_t id,
                                                       const struct ledger_why *why);
/* Refusal: LEDGER_NO_SUCH_VACANCY. */
LEDGER_CHECKED enum ledger_status ledger_vacancy_get(struct ledger *l, int64_t id,
                                                     struct ledger_vacancy *v);
LEDGER_CHECKED enum ledger_status ledger_vacancy_each(struct ledger *l,
                                                      const struct ledger_vacancy_filter *filter,
                                                      ledger_vacancy_reader *read, void *ctx);

/* "open", "closed" or "over" */
const char *ledger_vacancy_state(const struct ledger *l, const struct ledger_vacancy *v);

#endif
