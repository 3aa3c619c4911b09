#include "notice_text.h"

#include "shape.h"

#include "ledger/amount.h"
#include "ledger/booking.h"
#include "ledger/charge.h"
#include "ledger/date.h"
#include "ledger/lot.h"
#include "ledger/request.h"
#include "ledger/series.h"
#include "ledger/transfer.h"

#include <string.h>

#define SUMS_MAX 8

/* What a notice tells besides its kind and number. */
struct facts {
    int sum_count;
    struct {
        int64_t minor; /* 0 or more */
        int scale;
        char code[LEDGER_CODE_MAX + 1];
    } sums[SUMS_MAX];
    const char *before;                /* the first sum: "" or ":" */
    const char *word;                  /* before the first on the other side: " by" */
    int others;                        /* how many were on the other side */
    char other[LEDGER_HANDLE_MAX + 1]; /* the first of them */
    char also[100];                    /* a clause, or "" */
};

static void add_sum(struct facts *f, int64_t minor, int scale, const char *code)
{
    if (f->sum_count == SUMS_MAX || minor == 0)
        return;
    f->sums[f->sum_count].minor = minor;
    f->sums[f->sum_count].scale = scale;
    snprintf(f->sums[f->sum_count].code, sizeof f->sums[0].code, "%s", code);
    f->sum_count++;
}

static void add_other(struct facts *f, const char *word, const char *handle)
{
    f->word = word;
    if (f->others++ == 0)
        snprintf(f->other, sizeof f->other, "%s", handle);
}

/* The member's legs of that sign, and who stands on the other side in the same currencies. */
static void read_legs(const struct ledger_transfer *t, const struct ledger_notice *n,
                      struct facts *f)
{
    bool in = n->kind == LEDGER_NOTICE_PAID;

    for (int i = 0; i < t->leg_count; i++) {
        const struct ledger_entry *e = &t->entries[i];

        if ((e->amount_minor > 0) == in && strcmp(e->handle, n->member) == 0)
            add_sum(f, in ? e->amount_minor : -e->amount_minor, e->scale, e->code);
        else if ((e->amount_minor > 0) != in && strcmp(e->handle, n->member) != 0)
            add_other(f, in ? " by" : " to", e->handle);
    }
    if (t->kind != LEDGER_EXCHANGE)
        snprintf(f->also, sizeof f->also, ", %s", ledger_transfer_kind_name(t->kind));
}

static enum ledger_status look_at_transfer(struct ledger *l, const struct ledger_notice *n,
                                           struct facts *f)
{
    struct ledger_transfer t;

    LEDGER_TRY(ledger_transfer_get(l, n->subject_id, &t));
    read_legs(&t, n, f);
    return LEDGER_OK;
}

static enum ledger_status look_at_booking(struct ledger *l, const struct ledger_notice *n,
                                          struct facts *f)
{
    const struct ledger_zone *zone;
    char from[LEDGER_WALL_TEXT];
    struct ledger_booking b;

    LEDGER_TRY(ledger_booking_get(l, n->subject_id, &b));
    LEDGER_TRY(ledger_zone_need(l, b.zone, &zone));
    add_other(f, n->kind == LEDGER_NOTICE_BOOKED ? " by" : ", with",
              n->member_id == b.member_id ? b.host : b.member);
    snprintf(f->also, sizeof f->also, " of %s, from %s", b.resource,
             ledger_wall_format(ledger_zone_wall(zone, b.slot.from_us), from));
    return LEDGER_OK;
}

static enum ledger_status look_at_series(struct ledger *l, const struct ledger_notice *n,
                                         struct facts *f)
{
    struct ledger_series s;

    LEDGER_TRY(ledger_series_get(l, n->subject_id, &s));
    add_other(f, n->kind == LEDGER_NOTICE_SERIES_BOOKED ? " by" : ", with",
              n->member_id == s.member_id ? s.host : s.member);
    snprintf(f->also, sizeof f->also, " of %s, from %s", s.resource, s.from_local);
    return LEDGER_OK;
}

static void add_open(struct facts *f, const char *before, int64_t minor, int scale,
                     const char *unit)
{
    char amount[LEDGER_AMOUNT_TEXT];
    size_t length = strlen(f->also);

    if (minor > 0)
        snprintf(f->also + length, sizeof f->also - length, "%s%s %s", before,
                 ledger_amount_format(minor, scale, amount), unit);
}

static enum ledger_status look_at_asking(struct ledger *l, const struct ledger_notice *n,
                                         struct facts *f)
{
    char day[LEDGER_DATE_TEXT];
    struct ledger_request q;

    LEDGER_TRY(ledger_request_get(l, n->subject_id, &q));
    add_other(f, " by", q.payee);
    add_sum(f, q.ledger_minor, q.scale, q.code);
    add_sum(f, q.outside_minor, LEDGER_OUTSIDE_SCALE, q.unit);
    snprintf(f->also, sizeof f->also, ", due %s", ledger_date_format(q.due_on, day));
    return LEDGER_OK;
}

/* What is open now, when it is told. */
static enum ledger_status look_at_request(struct ledger *l, const struct ledger_notice *n,
                                          struct facts *f)
{
    struct ledger_request q;

    LEDGER_TRY(ledger_request_get(l, n->subject_id, &q));
    add_other(f, " by", n->member_id == q.payee_id ? q.payer : q.payee);
    add_open(f, ", open: ", q.open_minor, q.scale, q.code);
    add_open(f, q.open_minor > 0 ? " and " : ", open: ", q.open_outside_minor, LEDGER_OUTSIDE_SCALE,
             q.unit);
    return LEDGER_OK;
}

static enum ledger_status look_at_preapproved(struct ledger *l, const struct ledger_notice *n,
                                              struct facts *f)
{
    struct ledger_request q;

    LEDGER_TRY(ledger_request_get(l, n->subject_id, &q));
    add_other(f, " to", q.payee);
    f->before = ":";
    add_sum(f, q.ledger_minor, q.scale, q.code);
    return LEDGER_OK;
}

static enum ledger_status look_at_standing(struct ledger *l, const struct ledger_notice *n,
                                           struct facts *f)
{
    struct ledger_standing s;

    LEDGER_TRY(ledger_standing_get(l, n->subject_id, &s));
    if (n->member_id == s.payer_member_id)
        add_other(f, " to", s.payee);
    else
        add_other(f, " from", s.payer);
    f->before = ":";
    add_sum(f, ledger_standing_part(&s, s.next > 1 ? s.next - 1 : 1), s.scale, s.code);
    return LEDGER_OK;
}

static enum ledger_status look_at_charge(struct ledger *l, const struct ledger_notice *n,
                                         struct facts *f)
{
    struct ledger_charge c;

    LEDGER_TRY(ledger_charge_get(l, n->subject_id, &c));
    add_other(f, " by", c.payee);
    f->before = ":";
    add_sum(f, c.amount_minor, c.scale, c.code);
    return LEDGER_OK;
}

/* Its own balance, to itself. */
static enum ledger_status look_at_account(struct ledger *l, const struct ledger_notice *n,
                                          struct facts *f)
{
    char amount[LEDGER_AMOUNT_TEXT];
    struct ledger_account a;

    LEDGER_TRY(ledger_account_get(l, n->subject_id, &a));
    snprintf(f->also, sizeof f->also, ", balance %s %s",
             ledger_amount_format(a.balance_minor, a.scale, amount), a.code);
    return LEDGER_OK;
}

static enum ledger_status look_at_lot(struct ledger *l, const struct ledger_notice *n,
                                      struct facts *f)
{
    char day[LEDGER_DATE_TEXT];
    struct ledger_lot lot;

    LEDGER_TRY(ledger_lot_get(l, n->subject_id, &lot));
    f->before = ":";
    add_sum(f, lot.left_minor, lot.scale, lot.code);
    snprintf(f->also, sizeof f->also, ", good until %s", ledger_date_format(lot.expires_on, day));
    return LEDGER_OK;
}

typedef enum ledger_status looker(struct ledger *l, const struct ledger_notice *n, struct facts *f);

/* None: its kind and number say enough. */
static looker *const lookers[LEDGER_NOTICE_KINDS] = {
    [LEDGER_NOTICE_PAID] = look_at_transfer,
    [LEDGER_NOTICE_SPENT] = look_at_transfer,
    [LEDGER_NOTICE_ASKED] = look_at_asking,
    [LEDGER_NOTICE_REQUEST_PAID] = look_at_request,
    [LEDGER_NOTICE_REQUEST_DECLINED] = look_at_request,
    [LEDGER_NOTICE_REQUEST_DISPUTED] = look_at_request,
    [LEDGER_NOTICE_REQUEST_WITHDRAWN] = look_at_request,
    [LEDGER_NOTICE_REQUEST_CREDITED] = look_at_request,
    [LEDGER_NOTICE_REQUEST_MATCHED] = look_at_request,
    [LEDGER_NOTICE_REQUEST_REOPENED] = look_at_request,
    [LEDGER_NOTICE_PREAPPROVED] = look_at_preapproved,
    [LEDGER_NOTICE_STANDING_REFUSED] = look_at_standing,
    [LEDGER_NOTICE_STANDING_AGREED] = look_at_standing,
    [LEDGER_NOTICE_STANDING_ENDED] = look_at_standing,
    [LEDGER_NOTICE_PRICE_PROPOSED] = look_at_charge,
    [LEDGER_NOTICE_NEAR_LIMIT] = look_at_account,
    [LEDGER_NOTICE_CREDITS_EXPIRING] = look_at_lot,
    [LEDGER_NOTICE_BOOKED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_ASKED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_CONFIRMED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_REJECTED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_EXPIRED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_MOVED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_CANCELLED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_NO_SHOW] = look_at_booking,
    [LEDGER_NOTICE_SERIES_BOOKED] = look_at_series,
    [LEDGER_NOTICE_SERIES_CANCELLED] = look_at_series,
    [LEDGER_NOTICE_BOOKING_REFUSED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_FREED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_FUNDED] = look_at_booking,
    [LEDGER_NOTICE_BOOKING_UNPAID] = look_at_booking,
};

/* What cannot be found is told by its number alone: one notice must not stop those that come after it. */
static enum ledger_status look(struct ledger *l, const struct ledger_notice *n, struct facts *f)
{
    *f = (struct facts){.before = ""};
    enum ledger_status st = lookers[n->kind] ? lookers[n->kind](l, n, f) : LEDGER_OK;
    if (ledger_status_is_fault(st))
        return st;
    if (st != LEDGER_OK)
        *f = (struct facts){.before = ""};
    return LEDGER_OK;
}

static void put_sums(const struct facts *f, char *text, size_t size)
{
    char amount[LEDGER_AMOUNT_TEXT];
    size_t length = 0;

    text[0] = '\0';
    for (int i = 0; i < f->sum_count && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s %s %s", i ? " and" : f->before,
                                   ledger_amount_format(f->sums[i].minor, f->sums[i].scale, amount),
                                   f->sums[i].code);
}

static void put_others(const struct facts *f, char *text, size_t size)
{
    if (f->others == 0)
        text[0] = '\0';
    else if (f->others == 1)
        snprintf(text, size, "%s %s", f->word, f->other);
    else
        snprintf(text, size, "%s %s and %d more", f->word, f->other, f->others - 1);
}

static void write_sentence(const struct ledger_notice *n, const struct facts *f,
                           char text[static NOTICE_SENTENCE_MAX])
{
    const struct ledger_notice_kind_facts *kind = ledger_notice_kind_facts(n->kind);
    char sums[160];
    char others[LEDGER_HANDLE_MAX + 40];

    put_sums(f, sums, sizeof sums);
    put_others(f, others, sizeof others);
    snprintf(text, NOTICE_SENTENCE_MAX, "%s%s%s (%s %lld%s).", kind->title, sums, others,
             kind->about, (long long)n->subject_id, f->also);
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
}

enum ledger_status notice_sentence(struct ledger *l, const struct ledger_notice *n,
                                   char text[static NOTICE_SENTENCE_MAX])
{
    struct facts f;

    LEDGER_TRY(look(l, n, &f));
    write_sentence(n, &f, text);
    return LEDGER_OK;
}

enum ledger_status notice_json(struct ledger *l, const struct ledger_notice *n, json_t **out)
{
    const struct ledger_notice_kind_facts *kind = ledger_notice_kind_facts(n->kind);
    char sentence[NOTICE_SENTENCE_MAX];
    json_t *sums;
    struct facts f;

    LEDGER_TRY(look(l, n, &f));
    write_sentence(n, &f, sentence);
    sums = json_array();
    for (int i = 0; i < f.sum_count; i++)
        json_array_append_new(sums, json_pack("{s:o, s:s}", "amount",
                                              api_json_amount(f.sums[i].minor, f.sums[i].scale),
                                              "currency", f.sums[i].code));
    *out = json_pack("{s:I, s:s, s:s, s:s, s:I, s:o, s:o, s:s*, s:s}", "notice", (json_int_t)n->id,
                     "kind", kind->name, "member", n->member, "about", kind->about, "subject",
                     (json_int_t)n->subject_id, "at", api_json_time(n->at_us), "amounts", sums,
                     "with", f.others == 1 ? f.other : NULL, "text", sentence);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

void notice_title(const struct ledger_parcel *p, char title[static NOTICE_TITLE_MAX])
{
    char day[LEDGER_DATE_TEXT];

    if (p->box.mode == LEDGER_OUTBOX_DAILY)
        snprintf(title, NOTICE_TITLE_MAX, "%lld %s of %s", (long long)p->total,
                 p->total == 1 ? "notice" : "notices", ledger_date_format(p->day, day));
    else
        snprintf(title, NOTICE_TITLE_MAX, "%s",
                 ledger_notice_kind_facts(p->notices[0].kind)->title);
}

enum ledger_status notice_body(struct ledger *l, const struct ledger_parcel *p, FILE *out)
{
    char sentence[NOTICE_SENTENCE_MAX];

    fprintf(out, "Hello %s,\n\n", p->box.member);
    for (int i = 0; i < p->count; i++) {
        LEDGER_TRY(notice_sentence(l, &p->notices[i], sentence));
        fprintf(out, "%s\n", sentence);
    }
    if (p->total > p->count)
        fprintf(out, "And %lld more.\n", (long long)(p->total - p->count));
    fprintf(out,
            "\nAll of them: coledger notice list %s\n"
            "Fewer mails, or none: coledger notice set %s --mode daily, or --mode none\n",
            p->box.member, p->box.member);
    return LEDGER_OK;
}
