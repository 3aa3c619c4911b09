#include "deed.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct words {
    char *text;
    size_t used;
};

static void __attribute__((format(printf, 2, 3))) say(struct words *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(w->text + w->used, DEED_WORDS - w->used, format, args);
    va_end(args);
    w->used = strlen(w->text);
}

static void say_number(struct words *w, const char *what, int64_t number)
{
    if (number)
        say(w, " %s %lld", what, (long long)number);
}

static void say_text(struct words *w, const char *what, const char *text)
{
    if (text)
        say(w, " %s \"%.20s\"%s", what, text, strlen(text) > 20 ? "..." : "");
}

char *deed_words(const struct deed *d, char words[static DEED_WORDS])
{
    struct words w = {words, 0};

    say(&w, "%s:", d->kind->name);
    if (d->transfer_kind != LEDGER_EXCHANGE)
        say(&w, " %s", ledger_transfer_kind_name(d->transfer_kind));
    say_number(&w, "of", d->id);
    say_number(&w, "account", d->account_id);
    say_number(&w, "other", d->other_id);
    say_number(&w, "member", d->member_id);
    say_number(&w, "kind", d->member_kind);
    say_number(&w, "state", d->member_state);
    say_number(&w, "currency", d->currency_id);
    say_number(&w, "amount", d->amount_minor);
    say_number(&w, "floor", d->floor_minor);
    say_number(&w, "ceiling", d->ceiling_minor);
    say_number(&w, "day", d->day);
    say_number(&w, "expires", d->expires_at_us);
    say_number(&w, "resource", d->resource_id);
    say_number(&w, "session", d->session_id);
    say_number(&w, "from", d->from_us);
    say_number(&w, "to", d->to_us);
    say_number(&w, "held or offered for", d->wait_us);
    say_number(&w, "places", d->places);
    say_number(&w, "minutes", d->minutes);
    say_number(&w, "minimum", d->minimum);
    say_number(&w, "capacity", d->terms.capacity);
    say_number(&w, "extra", d->extra_id);
    say_number(&w, "so many", d->quantity);
    if (d->quota.resource_id)
        say(&w, " of resource %lld kind %lld for %lld: %lld from %lld",
            (long long)d->quota.resource_id, (long long)d->quota.kind,
            (long long)d->quota.member_id, (long long)d->quota.amount, (long long)d->quota.from_on);
    if (d->closure.resource_id)
        say(&w, " resource %lld from %lld to %lld", (long long)d->closure.resource_id,
            (long long)d->closure.from_on, (long long)d->closure.to_on);
    say_number(&w, "first on", d->series.first_on);
    say_number(&w, "at minute", d->series.from_min);
    say_number(&w, "to minute", d->series.to_min);
    say_number(&w, "every days", d->series.every_days);
    say_number(&w, "times", d->series.count);
    say(&w, "%s%s", d->series.skips ? " skips" : "", d->series.arrears ? " in arrears" : "");
    if (d->standing.every)
        say(&w,
            " %lld pays %lld %lld every %lld of %lld on %lld from %lld, until %lld, %lld times%s",
            (long long)d->standing.payer_id, (long long)d->standing.payee_id,
            (long long)d->standing.amount_minor, (long long)d->standing.every,
            (long long)d->standing.unit, (long long)d->standing.day,
            (long long)d->standing.first_on, (long long)d->standing.until_on,
            (long long)d->standing.count, d->until_ended ? " until ended" : "");
    say_number(&w, "charge", d->standing.charge_id);
    if (d->standing.charge_id)
        say(&w, " %lld agrees to %lld from %lld until %lld, %lld times",
            (long long)d->standing.payer_id, (long long)d->standing.amount_minor,
            (long long)d->standing.first_on, (long long)d->standing.until_on,
            (long long)d->standing.count);
    if (d->levy.from_on)
        say(&w, " %lld points or %lld in %lld to %lld, at least %lld, from %lld",
            (long long)d->levy.points, (long long)d->levy.flat_minor,
            (long long)d->levy.currency_id, (long long)d->levy.fund_id,
            (long long)d->levy.minimum_minor, (long long)d->levy.from_on);
    if (d->order.currency_id)
        say(&w, " in %lld by %lld, cap %lld:", (long long)d->order.currency_id,
            (long long)d->order.weight, (long long)d->order.cap_minor);
    for (int64_t i = 0; i < d->order.step_count; i++)
        say(&w, " %lld:%lld%s", (long long)d->order.steps[i].account_id,
            (long long)d->order.steps[i].points, d->order.steps[i].to_limit ? ":limit" : "");
    say(&w, "%s%s", d->alone ? " alone" : "", d->on_paper ? " on paper" : "");
    if (d->charge.payee_id)
        say(&w, " %lld asks %lld every %lld of %lld on %lld", (long long)d->charge.payee_id,
            (long long)d->charge.amount_minor, (long long)d->charge.every,
            (long long)d->charge.unit, (long long)d->charge.day);
    if (d->bill.line_count)
        say(&w, " %lld asks %lld in %lld, corrects %lld%s, due %lld, expires %lld, outside %lld",
            (long long)d->bill.payee_id, (long long)d->bill.payer_id,
            (long long)d->bill.currency_id, (long long)d->bill.corrects,
            d->bill.refund ? " and gives back" : "", (long long)d->bill.due_on,
            (long long)d->bill.expires_on, (long long)d->bill.outside_minor);
    for (int64_t i = 0; i < d->bill.line_count; i++)
        say(&w, ", %lld/1000 at %lld and tax %lld", (long long)d->bill.lines[i].quantity_milli,
            (long long)d->bill.lines[i].price_minor, (long long)model_rates[d->bill.lines[i].rate]);
    if (d->preapproval.payer_id)
        say(&w, " %lld lets %lld collect in %lld: %lld, %lld a month, until %lld",
            (long long)d->preapproval.payer_id, (long long)d->preapproval.payee_id,
            (long long)d->preapproval.currency_id, (long long)d->preapproval.each_minor,
            (long long)d->preapproval.month_minor, (long long)d->preapproval.until_on);
    say_text(&w, "memo", d->memo);
    say_text(&w, "reference", d->reference);
    say_text(&w, "reason", d->reason);
    if (d->without_limits)
        say(&w, " without limits");
    say(&w, "%s%s%s%s", d->guest ? " guest" : "", d->planned ? " planned" : "",
        d->by_host ? " by host" : "", d->waits ? " waits" : "");
    for (int i = 0; i < d->leg_count; i++)
        say(&w, "%s%lld=%lld", i ? ", " : " legs ", (long long)d->legs[i].account_id,
            (long long)d->legs[i].amount_minor);
    return words;
}
