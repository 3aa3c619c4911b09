#include "args.h"
#include "credential.h"
#include "ops.h"
#include "shape.h"
#include "training.h"

#include "ledger/attended.h"
#include "ledger/certificate.h"
#include "ledger/date.h"
#include "ledger/member.h"

#include <stdio.h>
#include <stdlib.h>

#define SENTENCE 200

/* What is certified, by whom, of whose person; the texts that the credential points to. */
struct issue {
    struct ledger_member provider;
    struct ledger_member member;
    struct ledger_attended attended; /* with an enrolment */
    struct credential credential;
    char narrative[SENTENCE];
    char criteria[SENTENCE];
};

static enum ledger_status check_days(struct ledger *l, struct api_call *call, struct credential *c)
{
    int32_t today = ledger_today(l);
    int32_t held_on;
    int32_t expires_on;

    c->expires_at_us = INT64_MAX;
    if (api_date(call, "held_on", &held_on)) {
        if (held_on > today)
            return api_refuse(call, LEDGER_DATE_IN_FUTURE, "held_on",
                              "what is still to come is not certified");
        c->ends_at_us = held_on * LEDGER_US_PER_DAY;
    }
    if (!api_date(call, "expires_on", &expires_on))
        return LEDGER_OK;
    if (expires_on <= today)
        return api_refuse(call, LEDGER_DATE_MALFORMED, "expires_on",
                          "a certificate expires after the day it is issued");
    c->expires_at_us = ledger_day_start_us(l, expires_on + 1);
    return LEDGER_OK;
}

/* Nothing stands behind it but the word of who keeps the node. */
static enum ledger_status take_by_hand(struct ledger *l, struct api_call *call, struct issue *i)
{
    static const char *const needed[] = {"provider", "member", "name", "title"};
    struct credential *c = &i->credential;

    if (!(call->roles & API_KEEPERS))
        return api_refuse(call, LEDGER_NOT_ALLOWED, "enrolment",
                          "say which enrolment: only the node's keepers certify by hand");
    for (size_t n = 0; n < sizeof needed / sizeof needed[0]; n++)
        if (!api_given(call, needed[n]))
            return api_refuse(call, LEDGER_MISSING_PARAMETER, needed[n],
                              "a certificate is of an enrolment, or by hand with a provider, "
                              "member, name and title");
    LEDGER_TRY(ledger_member_find(l, api_text(call, "provider"), &i->provider));
    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &i->member));
    LEDGER_TRY(ledger_certificate_allow(l, i->provider.id, i->member.id));
    c->name = api_text(call, "name");
    c->title = api_text(call, "title");
    c->description = api_text(call, "description");
    c->criteria = api_text(call, "criteria");
    return LEDGER_OK;
}

/* To who is no party it is not there; of the parties the provider certifies. */
static enum ledger_status check_caller(struct ledger *l, const struct api_call *call,
                                       const struct ledger_enrolment *e)
{
    if (api_speaks_for(call, e->provider_id))
        return LEDGER_OK;
    if (api_may_see(call, e->member_id))
        return ledger_refuse(l, LEDGER_NOT_ALLOWED,
                             "who gave the course certifies it, or the node");
    return ledger_refuse(l, LEDGER_NO_SUCH_ENROLMENT, "there is no enrolment %lld",
                         (long long)e->id);
}

/* All that the course says is the course's. */
static enum ledger_status check_given(struct api_call *call)
{
    static const char *const known[] = {"provider", "member", "title", "description", "held_on"};

    for (size_t n = 0; n < sizeof known / sizeof known[0]; n++)
        if (api_given(call, known[n]))
            return api_refuse(call, LEDGER_USAGE, known[n],
                              "the enrolment says that already: leave %s out", known[n]);
    return LEDGER_OK;
}

/* Under the name that it took part, where it is one person. The provider may not know the member: nothing names it. */
static enum ledger_status take_name(struct api_call *call, struct issue *i)
{
    const struct ledger_enrolment *e = &i->attended.enrolment;
    bool alone = e->places == 1;

    i->credential.name = api_text(call, "name");
    if (!i->credential.name && alone && e->name[0])
        i->credential.name = e->name;
    if (!i->credential.name && alone && i->member.kind == LEDGER_PERSON)
        i->credential.name = i->member.name;
    if (i->credential.name)
        return LEDGER_OK;
    return api_refuse(call, LEDGER_MISSING_PARAMETER, "name",
                      "say whose name shall stand there: enrolment %lld is not of one person alone",
                      (long long)e->id);
}

static void tell_hours(struct issue *i)
{
    const struct ledger_attended *a = &i->attended;
    int64_t minutes = ledger_session_minutes(&a->session);
    char there[LEDGER_HOURS_TEXT];
    char whole[LEDGER_HOURS_TEXT];

    ledger_hours_format(a->enrolment.minutes, there);
    ledger_hours_format(minutes, whole);
    snprintf(i->narrative, sizeof i->narrative,
             "Attended %s of %s hours, as was confirmed in the ledger.", there, whole);
    snprintf(i->criteria, sizeof i->criteria, "Attendance of at least %d %% of %s hours.",
             a->session.threshold_percent, whole);
}

static void take_course(const struct api_call *call, struct issue *i)
{
    const struct ledger_attended *a = &i->attended;
    struct credential *c = &i->credential;

    tell_hours(i);
    c->title = a->title;
    c->description = a->description[0] ? a->description : NULL;
    c->language = a->language;
    c->criteria = api_given(call, "criteria") ? api_text(call, "criteria") : i->criteria;
    c->narrative = i->narrative;
    c->starts_at_us = a->session.starts_at_us;
    c->ends_at_us = a->session.ends_at_us;
    c->is_course = true;
}

static enum ledger_status take_attended(struct ledger *l, struct api_call *call, struct issue *i)
{
    const struct ledger_enrolment *e = &i->attended.enrolment;

    LEDGER_TRY(ledger_attended_get(l, api_integer(call, "enrolment", 0), &i->attended));
    LEDGER_TRY(check_caller(l, call, e));
    LEDGER_TRY(check_given(call));
    LEDGER_TRY(ledger_member_get(l, e->provider_id, &i->provider));
    LEDGER_TRY(ledger_member_get(l, e->member_id, &i->member));
    LEDGER_TRY(ledger_certificate_allow(l, i->provider.id, i->member.id));
    LEDGER_TRY(ledger_attended_allow(l, &i->attended));
    LEDGER_TRY(take_name(call, i));
    take_course(call, i);
    return LEDGER_OK;
}

static enum ledger_status sign_and_keep(struct ledger *l, struct api_call *call,
                                        const struct issue *i)
{
    const struct credential *c = &i->credential;
    struct ledger_certificate_draft draft = {.uid = c->uid,
                                             .provider_id = i->provider.id,
                                             .member_id = i->member.id,
                                             .enrolment_id = i->attended.enrolment.id,
                                             .issued_at_us = c->issued_at_us,
                                             .expires_at_us = c->expires_at_us,
                                             .name = c->name,
                                             .title = c->title,
                                             .actor = call->actor};
    char *jwt;
    enum ledger_status st = credential_sign(l, c, &jwt, &draft.key_id);

    draft.jwt = jwt;
    if (st == LEDGER_OK)
        st = ledger_certificate_issue(l, &draft, &call->subject);
    free(jwt);
    return st;
}

enum ledger_status op_certificate_issue(struct ledger *l, struct api_call *call, json_t **out)
{
    struct issue i = {
        .credential = {.starts_at_us = CREDENTIAL_UNSAID, .ends_at_us = CREDENTIAL_UNSAID}};
    struct credential *c = &i.credential;

    (void)out;
    LEDGER_TRY(api_given(call, "enrolment") ? take_attended(l, call, &i)
                                            : take_by_hand(l, call, &i));
    c->provider = i.provider.handle;
    c->provider_name = i.provider.name;
    LEDGER_TRY(check_days(l, call, c));
    LEDGER_TRY(ledger_tick(l, &c->issued_at_us));
    ledger_new_uid(l, &c->uid);
    return sign_and_keep(l, call, &i);
}
