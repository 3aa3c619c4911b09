#include "doctor.h"

#include "api/run.h"
#include "key.h"
#include "ledger/checkup.h"
#include "ledger/date.h"
#include "ledger/outbox.h"
#include "ledger/verify.h"
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>

#define LONG_AGO_US (30 * LEDGER_US_PER_DAY)
#define FAILING_US (3600 * LEDGER_US_PER_SECOND) /* what mends itself does so in that time */
#define GIVEN_UP_US (LEDGER_OUTBOX_DAYS * LEDGER_US_PER_DAY) /* so long it is worth a word */

static enum doctor_level badness(enum ledger_status s)
{
    return s == LEDGER_INTEGRITY || s == LEDGER_STORE_BROKEN ? DOCTOR_BROKEN : DOCTOR_WRONG;
}

static const char *what_to_do(enum ledger_status s)
{
    return badness(s) == DOCTOR_BROKEN
               ? ": stop the node, copy the files away, and restore the newest sound backup"
               : "";
}

static void look_at_schema(struct doctor *d, struct ledger *l)
{
    enum ledger_status st = ledger_checkup_schema(l);

    if (st == LEDGER_OK)
        doctor_say(d, "schema", DOCTOR_OK, "tables and guards are as this program makes them");
    else
        doctor_say(d, "schema", badness(st), "%s%s", ledger_message(l), what_to_do(st));
}

static void say_clock(struct doctor *d, const struct ledger *l, const struct ledger_clock *clock)
{
    int64_t now_us = ledger_now_us(l);
    int64_t since_us = now_us - clock->last_at_us;
    char span[DOCTOR_SPAN_TEXT];
    char last[LEDGER_TIME_TEXT];

    if (now_us < clock->writes_from_us)
        doctor_say(d, "clock", DOCTOR_WRONG,
                   "it is %s behind the last write, and writes are refused: set it right "
                   "(timedatectl), or if it is right now, coledger clock accept",
                   doctor_span(-since_us, span));
    else if (now_us < ledger_created_at_us(l))
        doctor_say(d, "clock", DOCTOR_WRONG,
                   "it stands before the day the ledger was made: set it right (timedatectl)");
    else if (since_us < -LEDGER_US_PER_SECOND)
        doctor_say(d, "clock", DOCTOR_LOOK,
                   "it is %s behind the last write, whose time every write gets until then",
                   doctor_span(-since_us, span));
    else if (clock->last_at_us && since_us > LONG_AGO_US)
        doctor_say(d, "clock", DOCTOR_LOOK,
                   "the last write was %s ago, on %.10s: is the clock right, and is this the file "
                   "in use?",
                   doctor_span(since_us, span), ledger_time_format(clock->last_at_us, last));
    else if (clock->last_at_us)
        doctor_say(d, "clock", DOCTOR_OK, "the last write was %s ago",
                   doctor_span(since_us > 0 ? since_us : 0, span));
    else
        doctor_say(d, "clock", DOCTOR_OK, "nothing was written yet");
}

static void look_at_clock(struct doctor *d, struct ledger *l)
{
    struct ledger_clock clock;
    enum ledger_status st = ledger_clock_look(l, &clock);

    if (st == LEDGER_OK)
        say_clock(d, l, &clock);
    else
        doctor_say(d, "clock", badness(st), "%s%s", ledger_message(l), what_to_do(st));
}

/* What the key's file and the ledger say of one another; each sentence has room for the ledger's path. */
static void look_at_key(struct doctor *d, struct ledger *l)
{
    static const struct {
        enum doctor_level level;
        const char *sentence;
    } says[] = {
        [KEY_FINE] = {DOCTOR_OK, "%s.key is the one in force, and only its owner reads it; a copy "
                                 "is kept elsewhere, apart from backups?"},
        [KEY_NONE] = {DOCTOR_LOOK, "%s has none, so nothing can be certified: coledger key make"},
        [KEY_UNTOLD] = {DOCTOR_LOOK, "%s.key is there and not on record: coledger key make"},
        [KEY_LOST] = {DOCTOR_WRONG,
                      "%s.key is not there, and the ledger has a key on record: put it back from "
                      "where you keep it, or coledger key rotate"},
        [KEY_OPEN] = {DOCTOR_WRONG,
                      "others than its owner can read %1$s.key: chmod 600 '%1$s.key', "
                      "and if somebody did, coledger key rotate"},
        [KEY_UNREADABLE] = {DOCTOR_LOOK, "%s.key cannot be read by this user"},
        [KEY_MALFORMED] = {DOCTOR_WRONG, "%s.key is not an Ed25519 key in PEM: put back the copy"},
        [KEY_OLD] = {DOCTOR_WRONG,
                     "%s.key was replaced by a newer one, which is on record: put that back, or "
                     "coledger key rotate"},
        [KEY_FOREIGN] = {DOCTOR_WRONG,
                         "%s.key does not match the public key on record: put the right one back"},
        [KEY_HALF] = {DOCTOR_WRONG, "a change of the key was cut off (%s.key.next): coledger key "
                                    "make ends it"},
    };
    struct ledger_key current;
    enum key_state state;
    enum ledger_status st = key_look(l, d->path, &state, &current);

    if (st == LEDGER_OK)
        doctor_say(d, "key", says[state].level, says[state].sentence, d->path);
    else
        doctor_say(d, "key", badness(st), "%s%s", ledger_message(l), what_to_do(st));
}

static void say_outbox(struct doctor *d, const struct ledger_outbox_state *o, int64_t now_us)
{
    char span[DOCTOR_SPAN_TEXT];

    if (o->failing && now_us - o->failing_since_us > FAILING_US)
        doctor_say(d, "notices", DOCTOR_LOOK,
                   "%" PRId64 " of %" PRId64 " mailboxes and webhooks cannot be told, the first "
                   "since %s: coledger notice outbox says why",
                   o->failing, o->wanted, doctor_span(now_us - o->failing_since_us, span));
    else if (o->given_up && now_us - o->given_up_at_us < GIVEN_UP_US)
        doctor_say(d, "notices", DOCTOR_LOOK,
                   "some were given up %s ago: coledger notice undelivered",
                   doctor_span(now_us - o->given_up_at_us, span));
    else if (o->wanted)
        doctor_say(d, "notices", DOCTOR_OK, "%" PRId64 " %s told", o->wanted,
                   o->wanted == 1 ? "mailbox or webhook is" : "mailboxes and webhooks are");
}

/* Where nobody wants to be told there is nothing to say. */
static void look_at_outbox(struct doctor *d, struct ledger *l)
{
    struct ledger_outbox_state state;
    enum ledger_status st = ledger_outbox_look(l, &state);

    if (st == LEDGER_OK)
        say_outbox(d, &state, ledger_now_us(l));
    else
        doctor_say(d, "notices", badness(st), "%s%s", ledger_message(l), what_to_do(st));
}

static void look_at_sample(struct doctor *d, struct ledger *l)
{
    struct ledger_sample s;
    enum ledger_status st = ledger_checkup_sample(l, &s);

    if (st == LEDGER_OK)
        doctor_say(d, "figures", DOCTOR_OK,
                   "the newest %" PRId64 " of %" PRId64 " transfers and %" PRId64
                   " accounts agree, and the balances sum to zero",
                   s.transfers, s.of, s.accounts);
    else
        doctor_say(d, "figures", badness(st), "%s%s", ledger_message(l), what_to_do(st));
}

static void look_at_all(struct doctor *d, struct ledger *l)
{
    struct ledger_verification v;
    struct progress bar;
    enum ledger_status st;

    progress_begin(&bar, "verifying");
    st = ledger_verify(l, progress_step, &bar, &v);
    progress_end(&bar);
    if (st == LEDGER_OK)
        doctor_say(d, "figures", DOCTOR_OK,
                   "all %" PRId64 " transfers, replayed, give the balances of all %" PRId64
                   " accounts",
                   v.transfers, v.accounts);
    else
        doctor_say(d, "figures", badness(st), "%s%s", ledger_message(l), what_to_do(st));
}

void doctor_ledger(struct doctor *d)
{
    const struct ledger_options options = {.holder = "doctor"};
    struct ledger *l;
    enum ledger_status st = ledger_open(d->path, &options, &api_env, &l);

    if (st == LEDGER_NO_SUCH_FILE)
        goto done; /* said already */
    if (st == LEDGER_OK)
        st = ledger_begin_read(l);
    if (st != LEDGER_OK) {
        doctor_say(d, st == LEDGER_ZONE_UNKNOWN ? "zone" : "schema", badness(st), "%s%s",
                   l ? ledger_message(l) : ledger_status_facts(st)->title, what_to_do(st));
        goto done;
    }
    look_at_schema(d, l);
    look_at_clock(d, l);
    look_at_key(d, l);
    look_at_outbox(d, l);
    if (d->full)
        look_at_all(d, l);
    else
        look_at_sample(d, l);
    ledger_rollback(l);
done:
    ledger_close(l);
}
