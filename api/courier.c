#include "courier.h"

#include "mail.h"
#include "monotonic.h"
#include "notice_text.h"
#include "post.h"
#include "thread.h"

#include "ledger/webhook.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN_S 1 /* before a mark that could not be written is tried again */

/* One of those that work side by side. */
struct worker {
    struct courier *c;
    struct ledger_outbox_share share;
    struct post *post; /* of webhooks; made when the first is due */
    struct courier_tally tally;
    pthread_t thread;
    bool started;
};

struct courier {
    struct courier_options o;
    atomic_bool stop;
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    int count;
    struct worker workers[1 + COURIER_WEBHOOK_THREADS];
};

/* A piece on its way: read in one transaction, handed over in none, marked in another. */
struct errand {
    int64_t outbox_id;
    const char *from;
    struct ledger_parcel parcel;
    char *text;
    size_t size;
    char signature[160];
    char delivery[100];
    char code[POST_CODE_MAX]; /* why it could not even be written, or was not taken */
    bool given_up;
};

static bool stopping(const struct worker *w)
{
    return atomic_load(&w->c->stop);
}

/* Returns true when the courier is to stop. */
static bool sleep_s(struct courier *c, int seconds)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += seconds;
    pthread_mutex_lock(&c->lock);
    while (!atomic_load(&c->stop) && pthread_cond_timedwait(&c->stopped, &c->lock, &at) == 0)
        ;
    pthread_mutex_unlock(&c->lock);
    return atomic_load(&c->stop);
}

static enum ledger_status do_deed(const struct worker *w, enum api_mode mode, job_deed *deed,
                                  void *arg)
{
    return w->c->o.do_deed(w->c->o.ctx, mode, deed, arg);
}

static bool may_pass(enum ledger_status st)
{
    return st == LEDGER_QUEUE_FULL || (ledger_status_is_fault(st) && st != LEDGER_STORE_BROKEN);
}

/* What was handed over must be marked, or it is handed over again. */
static enum ledger_status do_until_done(struct worker *w, job_deed *deed, void *arg)
{
    enum ledger_status st = do_deed(w, API_WRITE, deed, arg);

    while (may_pass(st) && !sleep_s(w->c, AGAIN_S))
        st = do_deed(w, API_WRITE, deed, arg);
    return st;
}

static enum ledger_status write_event(struct ledger *l, struct errand *e)
{
    const struct ledger_notice *n = &e->parcel.notices[0];
    json_t *json;

    LEDGER_TRY(notice_json(l, n, &json));
    snprintf(e->delivery, sizeof e->delivery, "%lld.%lld.%lld", (long long)n->id,
             (long long)n->at_us, (long long)ledger_created_at_us(l));
    json_object_set_new(json, "id", json_string(e->delivery));
    e->text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    if (!e->text)
        return LEDGER_NO_MEMORY;
    e->size = strlen(e->text);
    return LEDGER_OK;
}

/* HMAC-SHA256 over the time, a dot and the body; the key is the secret as it was shown. */
static void sign(struct errand *e, const char *secret, int64_t now_us)
{
    crypto_auth_hmacsha256_state state;
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    char hex[2 * sizeof mac + 1];
    char time[32];

    snprintf(time, sizeof time, "%lld", (long long)(now_us / 1000000));
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)time, strlen(time));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)e->text, e->size);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
    snprintf(e->signature, sizeof e->signature, "Coledger-Signature: t=%s,v1=%s", time, hex);
    sodium_memzero(&state, sizeof state);
}

static enum ledger_status prepare_event(struct ledger *l, struct errand *e)
{
    char secret[LEDGER_WEBHOOK_SECRET];
    enum ledger_status st = ledger_webhook_secret(l, &e->parcel.box, secret);

    if (st == LEDGER_KEY_MISSING || st == LEDGER_KEY_MISMATCH) {
        snprintf(e->code, sizeof e->code, "%s",
                 st == LEDGER_KEY_MISSING ? "key-missing" : "key-changed");
        return LEDGER_OK;
    }
    if (st == LEDGER_OK)
        st = write_event(l, e);
    if (st == LEDGER_OK)
        sign(e, secret, ledger_now_us(l));
    sodium_memzero(secret, sizeof secret);
    return st;
}

/* A reader may begin it anew. */
static enum ledger_status prepare(struct ledger *l, void *arg)
{
    struct errand *e = arg;

    free(e->text);
    e->text = NULL;
    e->code[0] = '\0';
    LEDGER_TRY(ledger_outbox_next(l, e->outbox_id, ledger_now_us(l), &e->parcel));
    if (e->parcel.box.channel == LEDGER_MAIL)
        return mail_write(l, &e->parcel, e->from, &e->text, &e->size);
    return prepare_event(l, e);
}

static enum ledger_status mark_done(struct ledger *l, void *arg)
{
    const struct errand *e = arg;

    return ledger_outbox_done(l, &e->parcel);
}

static enum ledger_status mark_failed(struct ledger *l, void *arg)
{
    struct errand *e = arg;

    return ledger_outbox_failed(l, &e->parcel, e->code, ledger_now_us(l), &e->given_up);
}

static enum handover_result send_event(struct worker *w, struct errand *e)
{
    char delivery[sizeof e->delivery + 32];
    const char *const headers[] = {"Content-Type: application/json", e->signature, delivery, NULL};
    const struct post_letter letter = {
        .url = e->parcel.box.address, .body = e->text, .size = e->size, .headers = headers};

    snprintf(delivery, sizeof delivery, "Coledger-Delivery: %s", e->delivery);
    if (!w->post)
        w->post = post_new(w->c->o.private_webhooks, &w->c->stop);
    if (!w->post)
        snprintf(e->code, sizeof e->code, "no-libcurl");
    else if (post_send(w->post, &letter, e->code))
        return HANDOVER_TAKEN;
    return stopping(w) ? HANDOVER_STOPPED : HANDOVER_FAILED;
}

static enum handover_result send(struct worker *w, struct errand *e)
{
    if (e->code[0])
        return HANDOVER_FAILED;
    if (e->parcel.box.channel == LEDGER_MAIL)
        return handover_run(w->c->o.command, &w->c->stop, e->text, e->size, e->code);
    return send_event(w, e);
}

/* The first try in vain and the last are worth a line. */
static void note_failure(const struct worker *w, const struct errand *e)
{
    const char *channel = ledger_channel_name(e->parcel.box.channel);

    if (e->given_up)
        log_event(w->c->o.log, LOG_LEVEL_ERROR, "notice_given_up", LEDGER_UNREACHABLE,
                  "Outbox %lld (%s) was given up for what is older than a week: %s.",
                  (long long)e->outbox_id, channel, e->code);
    else if (e->parcel.box.tries == 0)
        log_event(w->c->o.log, LOG_LEVEL_WARNING, "notice_failed", LEDGER_UNREACHABLE,
                  "Outbox %lld (%s) could not be told and is tried again: %s.",
                  (long long)e->outbox_id, channel, e->code);
}

/* LEDGER_STOP: no more of this outbox for now. */
static enum ledger_status settle(struct worker *w, struct errand *e, enum handover_result result)
{
    if (result == HANDOVER_STOPPED)
        return LEDGER_STOP;
    metrics_told(w->c->o.metrics, e->parcel.box.channel == LEDGER_MAIL, result == HANDOVER_TAKEN);
    if (result == HANDOVER_TAKEN) {
        w->tally.told++;
        return do_until_done(w, mark_done, e);
    }
    LEDGER_TRY(do_until_done(w, mark_failed, e));
    w->tally.failed++;
    w->tally.given_up += e->given_up;
    note_failure(w, e);
    return e->given_up ? LEDGER_OK : LEDGER_STOP;
}

static enum ledger_status tell(struct worker *w, int64_t outbox_id)
{
    struct errand *e = calloc(1, sizeof *e);
    enum ledger_status st = e ? LEDGER_OK : LEDGER_NO_MEMORY;
    int64_t until_us = monotonic_us() + COURIER_ROW_S * MONOTONIC_SECOND_US;

    for (int i = 0;
         st == LEDGER_OK && i < COURIER_ROW_MAX && !stopping(w) && monotonic_us() < until_us; i++) {
        e->outbox_id = outbox_id;
        e->from = w->c->o.from;
        e->given_up = false;
        st = do_deed(w, API_READ, prepare, e);
        if (st == LEDGER_OK)
            st = settle(w, e, send(w, e));
    }
    if (e)
        free(e->text);
    free(e);
    return st == LEDGER_STOP || st == LEDGER_NO_ROW ? LEDGER_OK : st;
}

struct look {
    struct ledger_outbox_share share;
    int64_t ids[LEDGER_OUTBOX_DUE_MAX];
    int count;
    int64_t behind; /* transfers that were not read for payments to tell of */
    struct ledger_outbox_state state;
};

static enum ledger_status look_at_state(struct ledger *l, void *arg)
{
    struct look *k = arg;

    LEDGER_TRY(ledger_outbox_look(l, &k->state));
    return ledger_notice_behind(l, &k->behind);
}

static enum ledger_status look_at_due(struct ledger *l, void *arg)
{
    struct look *k = arg;

    return ledger_outbox_due(l, &k->share, ledger_now_us(l), k->ids, &k->count);
}

static enum ledger_status follow(struct ledger *l, void *arg)
{
    int64_t *count = arg;

    return ledger_notice_due(l, count);
}

/* One of them reads on in the journal for all, where anybody wants to be told anything. */
static enum ledger_status read_on(struct worker *w)
{
    struct look k = {.count = 0};
    int64_t count;

    do {
        LEDGER_TRY(do_deed(w, API_READ, look_at_state, &k));
        if (k.state.wanted > 0 && k.behind > 0)
            LEDGER_TRY(do_deed(w, API_WRITE, follow, &count));
    } while (k.state.wanted > 0 && k.behind > LEDGER_NOTICE_FOLLOW_MAX && !stopping(w));
    metrics_outbox(w->c->o.metrics, &k.state);
    return LEDGER_OK;
}

/* What stands in the way of one must not stand in the way of the next. */
static bool ends_the_round(enum ledger_status st)
{
    return ledger_status_is_fault(st) || st == LEDGER_QUEUE_FULL || st == LEDGER_STOPPING;
}

/* `*more`: something became of it, and there may be more. */
static enum ledger_status tell_due(struct worker *w, bool *more)
{
    struct look k = {.share = w->share};
    int64_t before = w->tally.told + w->tally.failed;

    *more = false;
    LEDGER_TRY(do_deed(w, API_READ, look_at_due, &k));
    for (int i = 0; i < k.count && !stopping(w); i++) {
        w->share.after_id = k.ids[i];
        enum ledger_status st = tell(w, k.ids[i]);

        if (ends_the_round(st))
            return st;
    }
    *more = w->tally.told + w->tally.failed > before && !stopping(w);
    return LEDGER_OK;
}

static enum ledger_status go_round(struct worker *w, bool reads_on)
{
    bool more = true;

    while (more) {
        if (reads_on)
            LEDGER_TRY(read_on(w));
        LEDGER_TRY(tell_due(w, &more));
    }
    return LEDGER_OK;
}

/* What fails now is seen by whoever writes, and tried again. */
static void *run(void *arg)
{
    struct worker *w = arg;

    do
        (void)go_round(w, w == &w->c->workers[0]);
    while (!sleep_s(w->c, COURIER_EVERY_S));
    post_free(w->post);
    w->post = NULL;
    return NULL;
}

/* Webhooks side by side, since each may be slow by itself; mails one after the other. */
static void appoint(struct courier *c, const struct courier_options *o, int webhook_threads)
{
    pthread_condattr_t attr;

    c->o = *o;
    for (int i = 0; i < webhook_threads; i++)
        c->workers[c->count++].share =
            (struct ledger_outbox_share){LEDGER_WEBHOOK, i, webhook_threads};
    if (o->command)
        c->workers[c->count++].share = (struct ledger_outbox_share){LEDGER_MAIL, 0, 1};
    for (int i = 0; i < c->count; i++)
        c->workers[i].c = c;
    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&c->stopped, &attr);
    pthread_condattr_destroy(&attr);
}

static void dismiss(struct courier *c)
{
    pthread_cond_destroy(&c->stopped);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

enum ledger_status courier_once(const struct courier_options *o, struct courier_tally *tally)
{
    struct courier *c = calloc(1, sizeof *c);
    enum ledger_status st = LEDGER_OK;

    *tally = (struct courier_tally){0};
    if (!c)
        return LEDGER_NO_MEMORY;
    appoint(c, o, 1);
    for (int i = 0; st == LEDGER_OK && i < c->count; i++) {
        st = go_round(&c->workers[i], i == 0);
        post_free(c->workers[i].post);
        tally->told += c->workers[i].tally.told;
        tally->failed += c->workers[i].tally.failed;
        tally->given_up += c->workers[i].tally.given_up;
    }
    dismiss(c);
    return st;
}

struct courier *courier_start(const struct courier_options *o)
{
    struct courier *c = calloc(1, sizeof *c);
    bool well = c != NULL;

    if (!c)
        return NULL;
    appoint(c, o, COURIER_WEBHOOK_THREADS);
    for (int i = 0; well && i < c->count; i++)
        well = c->workers[i].started = thread_start(&c->workers[i].thread, run, &c->workers[i]);
    if (well)
        return c;
    courier_stop(c);
    return NULL;
}

void courier_stop(struct courier *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    atomic_store(&c->stop, true);
    pthread_mutex_unlock(&c->lock);
    pthread_cond_broadcast(&c->stopped);
    for (int i = 0; i < c->count; i++)
        if (c->workers[i].started)
            pthread_join(c->workers[i].thread, NULL);
    dismiss(c);
}
