#include "tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value ? value : "";
}

/* "-12.34", always with two decimals. */
int64_t tally_minor(const char *amount)
{
    const char *point = strchr(amount, '.');
    int64_t units = strtoll(amount, NULL, 10) * 100;
    int64_t cents = point ? strtoll(point + 1, NULL, 10) : 0;

    return amount[0] == '-' ? units - cents : units + cents;
}

int64_t tally_booked(const json_t *answer)
{
    return json_object_get(answer, "hold") ? tally_minor(text(answer, "amount")) : 0;
}

bool tally_enrolled(const json_t *answer)
{
    return strcmp(text(answer, "state"), "enrolled") == 0;
}

static bool is_credits(const char *name)
{
    const char *code = strchr(name, ':');

    return code && strcmp(code, ":TRAIN") == 0;
}

/* 0 is the fund. */
static int member_of(const char *name)
{
    int member = name[0] == 'm' ? atoi(name + 1) : 0;

    if (strcmp(name, "fund:TRAIN") == 0)
        return 0;
    if (member < 1 || member > TALLY_MEMBERS) {
        fprintf(stderr, "no account of ours: %s\n", name);
        exit(2);
    }
    return member;
}

static void add_legs(struct tally *t, const json_t *transfer)
{
    size_t i;
    const json_t *leg;

    json_array_foreach(json_object_get(transfer, "legs"), i, leg)
    {
        const char *name = text(leg, "account");
        int64_t *balances = is_credits(name) ? t->credit_minor : t->balance_minor;
        balances[member_of(name)] += tally_minor(text(leg, "amount"));
    }
    t->transfers++;
}

/* All or nothing is answered without a result for each. */
static void add_batch(struct tally *t, const json_t *asked, const json_t *answer)
{
    const json_t *results = json_object_get(answer, "items");
    size_t i;
    const json_t *item;

    json_array_foreach(json_object_get(asked, "items"), i, item)
    {
        if (json_array_size(results) > 0 &&
            strcmp(text(json_array_get(results, i), "result"), "posted") != 0)
            continue;
        tally_add_payments(t, member_of(text(item, "from")), member_of(text(item, "to")), 1,
                           tally_minor(text(item, "amount")));
    }
}

/* A place costs half as much in credits as in money. */
static void hold_places(struct tally *t, int member, int64_t held_minor)
{
    t->held_minor[member] += held_minor;
    t->credit_held_minor[member] += held_minor / 2;
}

/* Who came is paid for in both, from what was on hold for a party of two. */
static void add_attendance(struct tally *t, const struct write *w, const json_t *answer)
{
    int64_t came = json_integer_value(json_object_get(answer, "attended"));
    int64_t paid_minor = w->held_minor / 2 * came;

    hold_places(t, w->member, -w->held_minor);
    if (strcmp(text(answer, "state"), "attended") != 0)
        return;
    t->balance_minor[w->member] -= paid_minor;
    t->balance_minor[1] += paid_minor;
    t->credit_minor[w->member] -= paid_minor / 2;
    t->credit_minor[1] += paid_minor / 2;
    t->transfers += 2;
}

static void add_grant(struct tally *t, int member, int64_t amount_minor)
{
    t->credit_minor[member] += amount_minor;
    t->credit_minor[0] -= amount_minor;
    t->transfers++;
}

void tally_add(struct tally *t, const struct write *w)
{
    json_t *asked = json_loads(w->body, 0, NULL);
    json_t *answer = json_loads(w->answer, 0, NULL);

    switch (w->kind) {
    case WRITE_PAY:
    case WRITE_LEARN:
        add_legs(t, answer);
        break;
    case WRITE_HOLD:
        t->held_minor[w->member] += w->held_minor;
        break;
    case WRITE_CAPTURE:
        add_legs(t, answer);
        t->held_minor[w->member] -= w->held_minor;
        break;
    case WRITE_RELEASE:
        t->held_minor[w->member] -= w->held_minor;
        break;
    case WRITE_BATCH:
        add_batch(t, asked, answer);
        break;
    case WRITE_LIMIT:
        t->floor_minor[w->member] = tally_minor(text(asked, "floor"));
        break;
    case WRITE_BOOK:
        t->held_minor[w->member] += tally_booked(answer);
        break;
    case WRITE_CANCEL:
        t->held_minor[w->member] -= w->held_minor;
        break;
    case WRITE_QUEUE:
        if (tally_enrolled(answer))
            hold_places(t, w->member, w->held_minor);
        break;
    case WRITE_ENROL:
    case WRITE_TAKE:
        hold_places(t, w->member, w->held_minor);
        break;
    case WRITE_DROP:
        hold_places(t, w->member, -w->held_minor);
        break;
    case WRITE_ATTEND:
        add_attendance(t, w, answer);
        break;
    case WRITE_GRANT:
        add_grant(t, w->member, tally_minor(text(asked, "amount")));
        break;
    case WRITE_ACCEPT:
    case WRITE_PART:
        tally_add_payments(t, w->member, w->payee, 1, w->amount_minor);
        break;
    case WRITE_ASK:
    case WRITE_CREDIT:
    case WRITE_DECLINE:
    case WRITE_WITHDRAW:
    case WRITE_SERIES:
    case WRITE_STOP:
    case WRITE_KINDS:
        break;
    }
    json_decref(asked);
    json_decref(answer);
}

void tally_add_payments(struct tally *t, int payer, int payee, int count, int64_t amount_minor)
{
    t->balance_minor[payer] -= count * amount_minor;
    t->balance_minor[payee] += count * amount_minor;
    t->transfers += count;
}

static bool same(const char *whose, const char *what, int64_t wanted, int64_t got)
{
    if (wanted != got)
        printf("FAILED %s %s: wanted %" PRId64 ", got %" PRId64 "\n", whose, what, wanted, got);
    return wanted == got;
}

bool tally_agrees(const struct tally *t, const json_t *node, const json_t *balances)
{
    bool agrees = same("the journal", "transfers", t->transfers,
                       json_integer_value(json_object_get(node, "transfers")));
    size_t i;
    const json_t *account;

    json_array_foreach(json_object_get(balances, "items"), i, account)
    {
        const char *name = text(account, "account");
        int m = member_of(name);
        if (is_credits(name)) {
            agrees &=
                same(name, "balance", t->credit_minor[m], tally_minor(text(account, "balance")));
            agrees &= same(name, "held", t->credit_held_minor[m],
                           tally_minor(text(account, "reserved_out")));
            continue;
        }
        agrees &= same(name, "balance", t->balance_minor[m], tally_minor(text(account, "balance")));
        agrees &= same(name, "held", t->held_minor[m], tally_minor(text(account, "reserved_out")));
        agrees &= same(name, "floor", t->floor_minor[m], tally_minor(text(account, "floor")));
    }
    return agrees;
}
