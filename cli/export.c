/*
 * export.c - write the journal for another program.
 */
#include "export.h"

#include "commands.h"
#include "ledger/text.h"

#include <stdlib.h>
#include <string.h>

enum { FORMAT, MEMBER, CURRENCY, FROM, TO, BY, OPTIONS };

const struct option command_export_options[] = {
    [FORMAT] = {"format", "hledger|ledger|beancount|csv|json|ofx", "for which program", true},
    [MEMBER] = {"member", "MEMBER", "only this member's account, against its counterparties",
                false},
    [CURRENCY] = {"currency", "CODE", "the currency of that account", false},
    [FROM] = {"from", "DATE", "from this day on", false},
    [TO] = {"to", "DATE", "up to this day", false},
    [BY] = {"by", "posted|effective", "which days these are, posted unless told", false},
    [OPTIONS] = {NULL, NULL, NULL, false},
};

static const struct export_format *const formats[] = {
    &export_hledger, &export_ledger, &export_beancount, &export_csv, &export_json, &export_ofx};

/* An export under way. */
struct job {
    struct export x;
    const struct export_format *format;
    bool by_effective;
    struct door door;
    struct api_problem problem;
};

const char *export_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

const char *export_name(const struct export *x, const char *handle)
{
    const char *name = json_string_value(json_object_get(x->names, handle));

    return name && *name ? name : handle;
}

const char *export_code(const json_t *leg)
{
    const char *colon = strchr(export_text(leg, "account"), ':');

    return colon ? colon + 1 : "";
}

const char *export_handle(const json_t *leg, char *buf)
{
    const char *account = export_text(leg, "account");

    snprintf(buf, LEDGER_HANDLE_MAX + 1, "%.*s", (int)strcspn(account, ":"), account);
    return buf;
}

static bool is_negative(const json_t *leg)
{
    return export_text(leg, "amount")[0] == '-';
}

bool export_is_counterpart(const json_t *own, const json_t *leg)
{
    return leg != own && is_negative(own) != is_negative(leg) &&
           strcmp(export_code(own), export_code(leg)) == 0;
}

const json_t *export_own_leg(const struct export *x, const json_t *transfer)
{
    char handle[LEDGER_HANDLE_MAX + 1];
    size_t i;
    json_t *leg;

    json_array_foreach(json_object_get(transfer, "legs"), i, leg)
    {
        if (strcmp(export_handle(leg, handle), x->member) == 0 &&
            strcmp(export_code(leg), x->currency) == 0)
            return leg;
    }
    return NULL;
}

const char *export_counterparty(const struct export *x, const json_t *transfer, char *buf)
{
    const json_t *own = export_own_leg(x, transfer);
    const json_t *found = NULL;
    size_t i;
    json_t *leg;

    json_array_foreach(json_object_get(transfer, "legs"), i, leg)
    {
        if (leg == own || strcmp(export_code(leg), x->currency) != 0)
            continue;
        if (found || !export_is_counterpart(own, leg))
            return NULL;
        found = leg;
    }
    return found ? export_handle(found, buf) : NULL;
}

const char *export_words(const json_t *transfer)
{
    const char *memo = export_text(transfer, "memo");

    return *memo ? memo : export_text(transfer, "kind");
}

static void take_name(void *ctx, const json_t *item)
{
    struct job *job = ctx;

    json_object_set(job->x.names, export_text(item, "member"), json_object_get(item, "name"));
}

static void take_account(void *ctx, const json_t *item)
{
    struct job *job = ctx;
    const char *handle = export_text(item, "member");
    json_t *codes = json_object_get(job->x.accounts, handle);

    if (!codes) {
        codes = json_array();
        json_object_set_new(job->x.accounts, handle, codes);
    }
    json_array_append(codes, json_object_get(item, "currency"));
}

static void take_transfer(void *ctx, const json_t *item)
{
    struct job *job = ctx;
    struct export *x = &job->x;
    const char *day = export_text(item, "effective");

    /* ISO dates sort as text does. */
    if (job->by_effective &&
        ((x->from && strcmp(day, x->from) < 0) || (x->to && strcmp(day, x->to) > 0)))
        return;
    if (x->member && !export_own_leg(x, item))
        return;
    job->format->transfer(x, item);
    if (!x->written++ || strcmp(day, x->first_on) < 0)
        snprintf(x->first_on, sizeof x->first_on, "%s", day);
}

static json_t *transfer_args(const struct job *job)
{
    const struct export *x = &job->x;
    bool posted = !job->by_effective;

    return json_pack("{s:s*, s:s*, s:s*, s:s*}", "member", x->member, "currency", x->currency,
                     "from", posted ? x->from : NULL, "to", posted ? x->to : NULL);
}

/* What the formats want to know before the first transfer. */
static enum ledger_status prepare(struct job *job)
{
    struct export *x = &job->x;
    json_t *list;

    LEDGER_TRY(door_ask(&job->door, "node.show", json_object(), &x->node, &job->problem));
    LEDGER_TRY(door_ask(&job->door, "currency.list", json_object(), &list, &job->problem));
    x->currencies = json_incref(json_object_get(list, "items"));
    json_decref(list);
    LEDGER_TRY(door_each(&job->door, "member.list", json_object(), take_name, job, &job->problem));
    if (x->member)
        return LEDGER_OK;
    return door_each(&job->door, "account.list", json_object(), take_account, job, &job->problem);
}

static enum ledger_status ask_closing(struct job *job, json_t **balance)
{
    const struct export *x = &job->x;

    *balance = NULL;
    if (!x->member)
        return LEDGER_OK;
    return door_ask(&job->door, "balance",
                    json_pack("{s:s, s:s, s:s*, s:s*}", "member", x->member, "currency",
                              x->currency, "as_of", x->to, "by",
                              x->to ? job->by_effective ? "effective" : "posted" : NULL),
                    balance, &job->problem);
}

static enum ledger_status write_all(struct job *job)
{
    json_t *balance = NULL;
    enum ledger_status st = prepare(job);

    if (st == LEDGER_OK)
        st = ask_closing(job, &balance);
    if (st == LEDGER_OK) {
        job->x.closing = export_text(balance, "balance");
        job->format->begin(&job->x);
        st = door_each(&job->door, "transfer.list", transfer_args(job), take_transfer, job,
                       &job->problem);
    }
    if (st == LEDGER_OK && job->format->end)
        job->format->end(&job->x);
    json_decref(balance);
    return st;
}

static enum ledger_status check_day(struct job *job, const char *text)
{
    int32_t day;

    if (!text || ledger_date_parse(text, &day) == LEDGER_OK)
        return LEDGER_OK;
    return door_refuse(&job->problem, LEDGER_DATE_MALFORMED,
                       "\"%.40s\" is not a day: write it as 2026-11-23", text);
}

static enum ledger_status read_options(struct job *job, const char *const *values)
{
    struct export *x = &job->x;

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(formats[i]->name, values[FORMAT]) == 0)
            job->format = formats[i];
    if (!job->format)
        return door_refuse(&job->problem, LEDGER_CHOICE_UNKNOWN, "--format is one of %s",
                           command_export_options[FORMAT].value);
    x->member = values[MEMBER];
    x->currency = values[CURRENCY];
    x->from = values[FROM];
    x->to = values[TO];
    if (!x->member != !x->currency)
        return door_refuse(&job->problem, LEDGER_USAGE,
                           "an account is a member and a currency: say both, or neither for the "
                           "whole journal");
    if (job->format->members_only && !x->member)
        return door_refuse(&job->problem, LEDGER_USAGE,
                           "%s holds one account: say --member and --currency", job->format->name);
    LEDGER_TRY(check_day(job, x->from));
    LEDGER_TRY(check_day(job, x->to));
    if (x->from && x->to && strcmp(x->from, x->to) > 0)
        return door_refuse(&job->problem, LEDGER_PERIOD_MALFORMED, "%s is after %s", x->from,
                           x->to);
    job->by_effective = values[BY] && strcmp(values[BY], "effective") == 0;
    if (values[BY] && !job->by_effective && strcmp(values[BY], "posted") != 0)
        return door_refuse(&job->problem, LEDGER_CHOICE_UNKNOWN, "--by is one of %s",
                           command_export_options[BY].value);
    return LEDGER_OK;
}

int command_export(struct command *c)
{
    const char *values[OPTIONS];
    struct job job = {.x = {.out = stdout,
                            .names = json_object(),
                            .accounts = json_object(),
                            .opened = json_object()}};
    enum ledger_status st = command_line(c, values, NULL, 0, 0);

    if (st == LEDGER_OK) {
        st = read_options(&job, values);
        if (st == LEDGER_OK)
            st = door_open(&job.door, &c->where, &job.problem);
        if (st == LEDGER_OK)
            st = write_all(&job);
        if (st != LEDGER_OK)
            command_problem(c, &job.problem);
    }
    door_close(&job.door);
    json_decref(job.x.node);
    json_decref(job.x.names);
    json_decref(job.x.currencies);
    json_decref(job.x.accounts);
    json_decref(job.x.opened);
    return ledger_status_facts(st)->exit_code;
}
