/*
 * model_courses.h - the part of model.h about courses: sessions, who takes part, who waits.
 *
 * A course of its own for each of some members, all with the same threshold.
 */
#ifndef TESTS_MODEL_COURSES_H
#define TESTS_MODEL_COURSES_H

#include "ledger/attendance.h"
#include "ledger/waitlist.h"

#define MODEL_COURSES 4
#define MODEL_THRESHOLD 75

struct model;

struct model_session {
    int64_t course_id;
    int64_t starts_us;
    int64_t ends_us;
    int64_t opens_us;
    int64_t closes_us;
    int64_t offer_us;
    int64_t capacity;
    int64_t minimum;
    int64_t cancelled;
    int64_t first_enrolment; /* the index where its own begin */
    int64_t price_count;
    int64_t currency_ids[LEDGER_SESSION_PRICES_MAX];
    int64_t prices_minor[LEDGER_SESSION_PRICES_MAX];
    int64_t minimum_due_us; /* INT64_MAX: nothing is due */
    int64_t begin_due_us;
};

struct model_enrolment {
    int64_t session_id;
    int64_t member_id;
    int64_t places;
    int64_t state;    /* as written: an offer that ran out stays one until it is seen to */
    int64_t until_us; /* of an offer */
    int64_t minutes;
    int64_t attended;
    int64_t offer_due_us; /* INT64_MAX: nothing is due */
    int64_t renew_due_us;
};

struct model_session *model_session(struct model *m, int64_t id);
struct model_enrolment *model_enrolment(struct model *m, int64_t id);
enum ledger_enrolment_state model_enrolment_state(const struct model *m,
                                                  const struct model_enrolment *e);
/* Places of a session in some states, by a mask of 1 << state, as of now. */
int64_t model_places(const struct model *m, int64_t session_id, unsigned states);
enum ledger_status model_session_add(struct model *m, const struct ledger_session_draft *d,
                                     int64_t *id);
enum ledger_status model_session_cancel(struct model *m, int64_t id, const char *reason);
enum ledger_status model_session_capacity(struct model *m, int64_t id, int64_t capacity,
                                          const char *reason);
enum ledger_status model_enrol(struct model *m, const struct ledger_enrolment_draft *d,
                               int64_t *id);
enum ledger_status model_accept(struct model *m, int64_t id);
enum ledger_status model_enrolment_cancel(struct model *m, int64_t id, bool by_learner);
enum ledger_status model_attendance(struct model *m, const struct ledger_attendance *a);
/* What is due in a session: its minimum, offers that ran out, the end of the queue or what is free for it. */
enum ledger_status model_session_settle(struct model *m, int64_t session_id);
/* Hold each of its prices, let the holds go, and end it. */
enum ledger_status model_enrolment_hold(struct model *m, int64_t id);
enum ledger_status model_enrolment_release(struct model *m, int64_t id);
enum ledger_status model_enrolment_end(struct model *m, int64_t id);
/* A session to come that it gives, or has a place in or waits for. */
bool model_courses_need(const struct model *m, int64_t member_id);
enum ledger_status model_courses_due(struct model *m, int64_t *count);

#endif
