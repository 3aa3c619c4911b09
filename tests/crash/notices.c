#include "notices.h"

#include "../support/load.h"
#include "child.h"
#include "kills.h"
#include "receiver.h"

#include "ledger/account.h"
#include "ledger/journal.h"
#include "ledger/mailbox.h"
#include "ledger/outbox.h"
#include "ledger/transfer.h"

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define MEMBERS 4 /* each with a mailbox and a webhook */
#define KILL_US_MAX 150000
#define STARTING_US 30000 /* killed before that, nobody has asked it for anything */
#define DEEDS_MAX 8       /* payments and requests a node is asked for */
#define PAID_BEFORE 2
#define CHANNELS 2

/* Numbers of notices, in the order in which they were handed over. */
struct told {
    int64_t *ids;
    size_t count, room;
    size_t looked; /* at, of these, after an earlier kill */
};

struct notices {
    struct receiver *receiver;
    char command[300];
    int64_t account_ids[MEMBERS];
    struct told mails, events;
    int64_t marks[CHANNELS][MEMBERS + 1]; /* recorded as told, when we looked last */
    long mails_read;                      /* bytes of the file that the command writes */
    int64_t amid_command, handed_over, again;
};

static const struct ledger_why why = {.actor = "local:crash", .reason = "made", .authority = ""};

static void add_told(struct told *t, int64_t id)
{
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 1024;
        t->ids = realloc(t->ids, t->room * sizeof *t->ids);
        if (!t->ids)
            abort();
    }
    t->ids[t->count++] = id;
}

/* As sendmail -t, into a file; unless all is well it fails at times, before it has taken the mail or after, or is slow. */
static void write_command(struct kills *k)
{
    struct notices *n = k->ctx;
    char path[200];
    FILE *file;

    snprintf(path, sizeof path, "%s/take.sh", k->node.dir);
    file = fopen(path, "w");
    if (!file)
        abort();
    fprintf(file,
            "id=$(sed -n 's/^Message-ID: <notice[.]\\([0-9]*\\)[.].*/\\1/p')\n"
            "chance=$(($$ %% 12))\n"
            "[ ! -e '%s/well' ] || chance=9\n"
            "[ $chance -ne 0 ] || exit 75\n"
            "[ $chance -ne 1 ] || sleep 0.03\n"
            "echo \"$id\" >>'%s/mails'\n"
            "[ $chance -ne 2 ] || sleep 0.03\n"
            "[ $chance -ne 3 ] || exit 75\n",
            k->node.dir, k->node.dir);
    fclose(file);
    snprintf(n->command, sizeof n->command, "/bin/sh %s", path);
}

static int64_t add_member(struct ledger *l, int number)
{
    struct ledger_member m = {.state = LEDGER_ACTIVE, .name = "a member"};
    struct ledger_account a;
    char address[64];
    int64_t id;

    snprintf(m.handle, sizeof m.handle, "m%d", number);
    snprintf(address, sizeof address, "%s@calder.example", m.handle);
    kills_must(l, ledger_member_add(l, &m, &why));
    kills_must(l, ledger_account_need(l, m.handle, "CALD", &why, &a));
    const struct ledger_mailbox box = {
        .member_id = m.id, .mode = LEDGER_OUTBOX_EACH, .address = address};
    kills_must(l, ledger_mailbox_set(l, &box, &id));
    return a.id;
}

static struct child_node serve(const struct kills *k)
{
    const struct notices *n = k->ctx;
    const char *const options[] = {"--notice-command",        n->command,
                                   "--notice-from",           "ledger@calder.example",
                                   "--webhook-allow-private", NULL};

    return child_serve_with(k->coledger, k->node.path, options);
}

static bool post(const struct kills *k, struct client *c, const char *path, const char *body)
{
    const struct web_request q = {"POST", path, k->node.tokens[STEWARD], NULL, body};
    struct web_response r = {0};
    bool good = load_ask(c, &q, &r) && r.status == 200;

    web_clear(&r);
    return good;
}

/* By a node, since the secret that signs comes from its key. */
static void add_webhooks(struct kills *k)
{
    const struct notices *n = k->ctx;
    const char *const key[] = {k->coledger, "key", "make", "--ledger", k->node.path, NULL};
    struct client c = {.node = &k->node, .fd = -1};
    char path[64], body[64];

    if (child_run(key) != 0)
        abort();
    struct child_node node = serve(k);
    k->node.port = child_port(&node);
    snprintf(body, sizeof body, "{\"url\":\"http://127.0.0.1:%d/\"}", receiver_port(n->receiver));
    for (int m = 1; m <= MEMBERS; m++) {
        snprintf(path, sizeof path, "/api/v1/members/m%d/webhooks", m);
        if (!post(k, &c, path, body))
            abort();
    }
    load_hang_up(&c);
    child_kill(&node);
}

static void be_well(struct kills *k, bool well)
{
    struct notices *n = k->ctx;
    char path[200];
    FILE *file;

    receiver_be_well(n->receiver, well);
    snprintf(path, sizeof path, "%s/well", k->node.dir);
    file = well ? fopen(path, "w") : NULL;
    if (file)
        fclose(file);
}

static void set_up(struct kills *k)
{
    struct notices *n = k->ctx;
    struct ledger_currency c = {.code = "CALD",
                                .name = "Calder",
                                .scale = 2,
                                .floor_minor = -LEDGER_AMOUNT_MAX,
                                .ceiling_minor = LEDGER_AMOUNT_MAX};
    struct ledger_token token = {.role = LEDGER_STEWARD, .expires_at_us = INT64_MAX};
    struct ledger *l = kills_create(k, &c);

    for (int m = 1; m <= MEMBERS; m++)
        n->account_ids[m - 1] = add_member(l, m);
    kills_must(l, ledger_token_create(l, &token, k->node.tokens[STEWARD]));
    kills_close(l);
    receiver_forget(n->receiver);
    memset(n->marks, 0, sizeof n->marks);
    n->mails.count = n->mails.looked = n->events.count = n->events.looked = 0;
    n->mails_read = 0;
    write_command(k);
    add_webhooks(k);
    be_well(k, false);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* Somebody pays, or asks to be paid; an answer is not needed. */
static void do_something(struct kills *k, struct client *c)
{
    int payer = 1 + load_draw(&k->random, MEMBERS);
    int payee = 1 + payer % MEMBERS;
    bool asks = load_draw(&k->random, 4) == 0;
    char body[160];

    snprintf(body, sizeof body,
             "{\"%s\":\"m%d\",\"payee\":\"m%d\",\"amount\":\"%d.50\",\"currency\":\"CALD\"%s}",
             asks ? "payer" : "from", payer, payee, load_draw(&k->random, 9),
             asks ? ",\"text\":\"bread\"" : "");
    (void)post(k, c, asks ? "/api/v1/requests" : "/api/v1/payments", body);
}

static bool strike_node(struct kills *k, int us)
{
    struct client c = {.node = &k->node, .fd = -1};
    int64_t until_us = now_us() + us;
    struct child_node node = serve(k);

    k->node.port = us < STARTING_US ? 0 : child_port(&node);
    for (int i = 0; k->node.port && i < DEEDS_MAX && now_us() < until_us; i++)
        do_something(k, &c);
    if (now_us() < until_us)
        child_sleep_us((int)(until_us - now_us()));
    child_kill(&node);
    load_hang_up(&c);
    return us < STARTING_US || k->node.port || kills_failed(k, "the node does not start again");
}

static pid_t start_send(const struct kills *k)
{
    const struct notices *n = k->ctx;
    const char *const send[] = {k->coledger,
                                "notice",
                                "send",
                                "--ledger",
                                k->node.path,
                                "--notice-command",
                                n->command,
                                "--notice-from",
                                "ledger@calder.example",
                                "--webhook-allow-private",
                                NULL};

    return child_start(send, -1);
}

static void strike_send(const struct kills *k, int us)
{
    pid_t pid = start_send(k);

    child_sleep_us(us);
    kill(pid, SIGKILL);
    child_wait(pid);
}

/* A command outlives who ran it, and comes to us (PR_SET_CHILD_SUBREAPER). */
static void wait_for_commands(struct notices *n)
{
    bool any = false;

    while (waitpid(-1, NULL, 0) > 0)
        any = true;
    n->amid_command += any;
}

static void read_mails(struct kills *k)
{
    struct notices *n = k->ctx;
    char path[200];
    char line[64];
    FILE *file;

    snprintf(path, sizeof path, "%s/mails", k->node.dir);
    file = fopen(path, "r");
    if (!file)
        return;
    fseek(file, n->mails_read, SEEK_SET);
    while (fgets(line, sizeof line, file))
        add_told(&n->mails, strtoll(line, NULL, 10));
    n->mails_read = ftell(file);
    fclose(file);
}

static void read_events(struct notices *n)
{
    const int64_t *ids;
    size_t count;

    receiver_drain(n->receiver);
    count = receiver_taken(n->receiver, &ids);
    while (n->events.count < count)
        add_told(&n->events, ids[n->events.count]);
}

/* What failed would wait for a minute. */
static void try_again(struct ledger *l)
{
    int64_t count;

    kills_must(l, ledger_outbox_retry(l, 0, &count));
}

static void pay(struct kills *k, struct ledger *l)
{
    const struct notices *n = k->ctx;
    int payer = load_draw(&k->random, MEMBERS);
    const struct ledger_leg legs[] = {{n->account_ids[payer], -1},
                                      {n->account_ids[(payer + 1) % MEMBERS], 1}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXCHANGE, .legs = legs, .leg_count = 2};

    kills_must(l, ledger_transfer_post(l, &draft, &(int64_t){0}));
}

/* There is something to tell as soon as it starts. */
static void prepare(struct kills *k)
{
    struct ledger *l = kills_open(k, true);

    try_again(l);
    for (int i = 0; i < PAID_BEFORE; i++)
        pay(k, l);
    kills_close(l);
}

static bool strike(struct kills *k)
{
    struct notices *n = k->ctx;
    int us = load_draw(&k->random, KILL_US_MAX);
    bool good = true;

    prepare(k);
    if (load_draw(&k->random, 3) == 0)
        strike_send(k, us);
    else
        good = strike_node(k, us);
    wait_for_commands(n);
    read_mails(k);
    read_events(n);
    return good;
}

static enum ledger_status read_member(void *ctx, const struct ledger_notice *notice)
{
    *(struct ledger_notice *)ctx = *notice;
    return LEDGER_STOP;
}

static int64_t member_of(struct ledger *l, int64_t id)
{
    const struct ledger_notice_filter filter = {.after_id = id - 1, .limit = 1};
    struct ledger_notice notice = {.id = 0};
    enum ledger_status st = ledger_notice_each(l, &filter, read_member, &notice);

    if (st != LEDGER_STOP)
        kills_must(l, st);
    return notice.id == id && notice.member_id <= MEMBERS ? notice.member_id : 0;
}

static bool none_again(struct kills *k, struct ledger *l, struct told *t,
                       const int64_t marks[MEMBERS + 1])
{
    for (; t->looked < t->count; t->looked++) {
        int64_t id = t->ids[t->looked];
        int64_t member = member_of(l, id);

        if (!member)
            return kills_failed(k, "what was handed over is no notice");
        if (id <= marks[member])
            return kills_failed(k, "what was recorded as handed over was handed over again");
    }
    return true;
}

struct marks {
    struct notices *n;
    int64_t sum;
    bool waits;
};

static enum ledger_status take_mark(void *ctx, const struct ledger_outbox *o)
{
    struct marks *m = ctx;

    m->n->marks[o->channel][o->member_id] = o->notice_id;
    m->sum += o->notice_id;
    m->waits = m->waits || o->waiting > 0;
    return LEDGER_OK;
}

static struct marks take_marks(struct notices *n, struct ledger *l)
{
    const struct ledger_outbox_filter filter = {.limit = INT_MAX};
    struct marks m = {.n = n};

    kills_must(l, ledger_outbox_each(l, &filter, take_mark, &m));
    return m;
}

/* Less than nothing, and so a failure, where something was handed over again. */
static int64_t recorded(struct kills *k, struct ledger *l)
{
    struct notices *n = k->ctx;

    if (!none_again(k, l, &n->mails, n->marks[LEDGER_MAIL]) ||
        !none_again(k, l, &n->events, n->marks[LEDGER_WEBHOOK]))
        return -1;
    return take_marks(n, l).sum;
}

static bool finish(struct kills *k)
{
    struct notices *n = k->ctx;
    struct ledger *l = kills_open(k, true);

    try_again(l);
    kills_close(l);
    be_well(k, true);
    if (child_wait(start_send(k)) != 0)
        return kills_failed(k, "notices cannot be sent");
    read_mails(k);
    read_events(n);
    return true;
}

/* Is each payment told of once to either side, in the order of the journal? */
struct payments {
    int64_t transfers;
    bool good;
};

static enum ledger_status count_payment(void *ctx, const struct ledger_notice *notice)
{
    struct payments *p = ctx;

    p->good = p->good && notice->subject_id == ++p->transfers;
    return LEDGER_OK;
}

static bool payments_told(struct kills *k, struct ledger *l, enum ledger_notice_kind kind)
{
    const struct ledger_notice_filter filter = {.limit = INT_MAX, .of_kind = true, .kind = kind};
    struct payments p = {.good = true};
    int64_t transfers;

    kills_must(l, ledger_notice_each(l, &filter, count_payment, &p));
    kills_must(l, ledger_journal_length(l, &transfers));
    return (p.good && p.transfers == transfers) ||
           kills_failed(k, "a payment was not told of, or twice");
}

/* One outbox's notices beside what was handed over of them. */
struct beside {
    const struct told *told;
    struct ledger *l;
    uint64_t kinds;
    int64_t member_id;
    size_t at; /* in `told`, the next that is this member's */
    int64_t again;
    bool good;
};

static void skip_others(struct beside *b)
{
    while (b->at < b->told->count && member_of(b->l, b->told->ids[b->at]) != b->member_id)
        b->at++;
}

static enum ledger_status match(void *ctx, const struct ledger_notice *notice)
{
    struct beside *b = ctx;
    int times = 0;

    if (!(b->kinds & UINT64_C(1) << notice->kind))
        return LEDGER_OK;
    for (skip_others(b); b->at < b->told->count && b->told->ids[b->at] == notice->id;
         skip_others(b)) {
        b->at++;
        times++;
    }
    b->again += times > 1;
    b->good = b->good && times > 0;
    return LEDGER_OK;
}

struct boxes {
    struct kills *k;
    struct ledger *l;
    bool good;
};

static enum ledger_status take_box(void *ctx, const struct ledger_outbox *o)
{
    struct boxes *boxes = ctx;
    struct notices *n = boxes->k->ctx;
    const struct ledger_notice_filter filter = {.member_id = o->member_id, .limit = INT_MAX};
    struct beside b = {.told = o->channel == LEDGER_MAIL ? &n->mails : &n->events,
                       .l = boxes->l,
                       .member_id = o->member_id,
                       .good = true};

    LEDGER_TRY(ledger_outbox_kinds(b.l, o->id, &b.kinds));
    LEDGER_TRY(ledger_notice_each(b.l, &filter, match, &b));
    skip_others(&b);
    n->again += b.again;
    boxes->good = boxes->good && b.good && b.at == b.told->count;
    return LEDGER_OK;
}

static bool is_whole(struct kills *k, struct ledger *l)
{
    const struct ledger_outbox_filter filter = {.limit = INT_MAX};
    struct notices *n = k->ctx;
    struct boxes boxes = {k, l, true};

    if (recorded(k, l) < 0)
        return false;
    if (take_marks(n, l).waits)
        return kills_failed(k, "a notice still waits");
    n->handed_over += (int64_t)(n->mails.count + n->events.count);
    kills_must(l, ledger_outbox_each(l, &filter, take_box, &boxes));
    if (!boxes.good)
        return kills_failed(k, "a notice was never handed over, or out of order");
    return payments_told(k, l, LEDGER_NOTICE_PAID) && payments_told(k, l, LEDGER_NOTICE_SPENT);
}

int notices(const char *coledger, int64_t kills, uint64_t seed)
{
    static const struct kills_plan plan = {
        .name = "notices",
        .amid = "mails and webhooks that fail at times, each at least once",
        .set_up = set_up,
        .strike = strike,
        .done = recorded,
        .finish = finish,
        .is_whole = is_whole,
    };
    struct notices n = {.receiver = receiver_start(seed)};
    int exit_code;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    exit_code = kills_run(&plan, coledger, kills, seed, &n);
    printf("crash: %" PRId64 " handed over, %" PRId64 " of them more than once; %" PRId64
           " kills while the command ran\n",
           n.handed_over, n.again, n.amid_command);
    receiver_stop(n.receiver);
    free(n.mails.ids);
    free(n.events.ids);
    return exit_code;
}
