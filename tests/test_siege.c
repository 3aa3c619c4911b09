/* Slow clients on every thread: what each of them may keep, and how long the honest ones wait. */
#include "support/web.h"

#include "api/monotonic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define HOST "Host: x\r\n"
#define PAY "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"0.01\",\"currency\":\"CALD\"}"
#define BESIEGERS 320 /* more than the server has threads */
#define DRIP_US 900000
#define HONEST 8
#define LOADED 64
#define ASKED_MAX 4096
#define SIEGE_US (5 * MONOTONIC_SECOND_US)

static struct web_node node;

static int start(void **state)
{
    const struct rlimit files = {4096, 4096};
    struct rlimit now;

    (void)state;
    getrlimit(RLIMIT_NOFILE, &now);
    if (now.rlim_cur < files.rlim_cur)
        setrlimit(RLIMIT_NOFILE, &files);
    web_ledger(&node, 0);
    web_start(&node, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

/* Ways to be slow: what is sent at once, and the byte that drips after it, if any. */
static const struct way {
    const char *name;
    const char *first;
    const char *drip;
    int longest_s; /* of one that has a thread; with room for a busy machine */
} ways[] = {
    {"says nothing", "", "", 6},
    {"drips its head", "GET / HTTP/1.1\r\n" HOST "X: ", "x", 8},
    {"drips its body",
     "POST /api/v1/payments HTTP/1.1\r\n" HOST
     "Authorization: Bearer x\r\nContent-Length: 9000\r\n\r\n",
     "{", 12},
    {"drips a long body",
     "POST /api/v1/payments HTTP/1.1\r\n" HOST
     "Authorization: Bearer x\r\nContent-Length: 60000\r\n\r\n",
     "{", 10},
    {"drips its second head", "GET /healthz HTTP/1.1\r\n" HOST "\r\n", "G", 10},
};

struct besieger {
    const struct way *way;
    int fd;
    int64_t since_us;
    int64_t next_us;
};

struct siege {
    int count;
    bool comes_again;
    atomic_bool over;
    struct besieger besiegers[BESIEGERS];
    int64_t longest_us[COUNT(ways)];
    int kept; /* of those that came only once, how many are still there */
    pthread_t thread;
};

static void come(struct besieger *b)
{
    b->fd = web_connect(&node);
    b->since_us = monotonic_us();
    b->next_us = b->since_us + DRIP_US;
    web_send(b->fd, b->way->first, strlen(b->way->first));
    fcntl(b->fd, F_SETFL, O_NONBLOCK);
}

/* False when the server has ended it. */
static bool go_on(struct besieger *b)
{
    char bytes[4096];
    ssize_t n = 1;

    b->next_us += DRIP_US;
    while (n > 0)
        n = recv(b->fd, bytes, sizeof bytes, 0);
    if (n == 0 || errno != EAGAIN)
        return false;
    return b->way->drip[0] == '\0' || web_send(b->fd, b->way->drip, 1);
}

static void leave(struct siege *s, struct besieger *b)
{
    size_t way = (size_t)(b->way - ways);
    int64_t lasted_us = monotonic_us() - b->since_us;

    if (lasted_us > s->longest_us[way])
        s->longest_us[way] = lasted_us;
    close(b->fd);
    b->fd = -1;
    if (s->comes_again)
        come(b);
    else
        s->kept--;
}

/* What is closed while it waits for its drip is noticed by poll, as FIN or as reset. */
static bool ended(const struct besieger *b)
{
    struct pollfd p = {.fd = b->fd, .events = POLLRDHUP};

    return poll(&p, 1, 0) > 0;
}

static void *besiege(void *arg)
{
    struct siege *s = arg;

    for (int i = 0; i < s->count; i++) {
        s->besiegers[i].way = &ways[(size_t)i % COUNT(ways)];
        come(&s->besiegers[i]);
    }
    s->kept = s->count;
    while (!atomic_load(&s->over) && s->kept > 0) {
        usleep(5000);
        for (int i = 0; i < s->count; i++) {
            struct besieger *b = &s->besiegers[i];

            if (b->fd >= 0 && (ended(b) || (monotonic_us() >= b->next_us && !go_on(b))))
                leave(s, b);
        }
    }
    for (int i = 0; i < s->count; i++)
        if (s->besiegers[i].fd >= 0)
            close(s->besiegers[i].fd);
    return NULL;
}

/* With threads enough for all: nobody keeps one for longer than its way allows. */
static void what_a_slow_client_keeps(void **state)
{
    struct siege siege = {.count = 4 * COUNT(ways)};

    (void)state;
    besiege(&siege);
    for (size_t i = 0; i < COUNT(ways); i++) {
        print_message("one that %s was kept for %.1f s at most\n", ways[i].name,
                      (double)siege.longest_us[i] / 1e6);
        assert_true(siege.longest_us[i] < ways[i].longest_s * MONOTONIC_SECOND_US);
    }
}

/* Is the server's side of `fd` still open? What it wrote last may be on the way for long. */
static bool is_kept(int fd)
{
    struct sockaddr_in here;
    socklen_t size = sizeof here;
    char line[256], pair[64];
    bool kept = false;
    FILE *f = fopen("/proc/net/tcp", "r");

    assert_non_null(f);
    getsockname(fd, (struct sockaddr *)&here, &size);
    snprintf(pair, sizeof pair, ":%04X %08X:%04X 01", (unsigned)node.port,
             (unsigned)here.sin_addr.s_addr, (unsigned)ntohs(here.sin_port));
    while (fgets(line, sizeof line, f))
        kept |= strstr(line, pair) != NULL;
    fclose(f);
    return kept;
}

/* Who asks for more than the kernel holds, and reads it in drips, is left. */
static void a_slow_reader(void **state)
{
    static const char one[] = "GET /api/v1/openapi.json HTTP/1.1\r\n" HOST "\r\n";
    const int small = 16384;
    int64_t since_us = monotonic_us();
    int fd = web_connect(&node);
    char bytes[4096];

    (void)state;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (int i = 0; i < 100; i++)
        assert_true(web_send(fd, one, strlen(one)));
    assert_true(is_kept(fd));
    while (is_kept(fd) && monotonic_us() < since_us + 20 * MONOTONIC_SECOND_US) {
        recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        usleep(100000);
    }
    print_message("one that drips in reading was kept for %.1f s\n",
                  (double)(monotonic_us() - since_us) / 1e6);
    assert_false(is_kept(fd));
    close(fd);
}

struct honest {
    bool keeps;   /* its connection */
    int payments; /* 0: until the siege's time is over */
    int64_t took_us[ASKED_MAX];
    int asked;
    int busy;
    int unanswered;
    pthread_t thread;
};

static void *pay_on(void *arg)
{
    const struct web_request q = {"POST", "/api/v1/payments", node.tokens[TREASURER], NULL, PAY};
    struct honest *h = arg;
    struct web_response r = {0};
    int64_t until_us = monotonic_us() + SIEGE_US;
    int fd = -1;

    while (h->asked < ASKED_MAX &&
           (h->payments ? h->asked < h->payments : monotonic_us() < until_us)) {
        int64_t since_us = monotonic_us();

        if (fd < 0)
            fd = web_connect(&node);
        if (!web_ask(fd, &q, &r))
            h->unanswered++;
        h->took_us[h->asked++] = monotonic_us() - since_us;
        h->busy += r.status == 503;
        if (!h->keeps || r.status == 0 || strstr(r.head, "Connection: close")) {
            close(fd);
            fd = -1;
        }
        if (!h->payments)
            usleep(20000);
    }
    if (fd >= 0)
        close(fd);
    web_clear(&r);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Prints what they waited. None may go unanswered, nor half of them wait for two seconds. */
static void say_what_they_waited(const char *who, struct honest *all, int n)
{
    int64_t *took_us = calloc((size_t)n * ASKED_MAX, sizeof *took_us);
    int count = 0, busy = 0;

    for (int i = 0; i < n; i++) {
        memcpy(took_us + count, all[i].took_us, (size_t)all[i].asked * sizeof *took_us);
        count += all[i].asked;
        busy += all[i].busy;
        assert_int_equal(all[i].unanswered, 0);
    }
    qsort(took_us, (size_t)count, sizeof *took_us, by_size);
    print_message("%s: %d payments, %d busy, p50 %.1f ms, p99 %.1f ms, longest %.1f ms\n", who,
                  count, busy, (double)took_us[count / 2] / 1e3,
                  (double)took_us[count * 99 / 100] / 1e3, (double)took_us[count - 1] / 1e3);
    assert_true(took_us[count / 2] < 2 * MONOTONIC_SECOND_US);
    assert_true(took_us[count * 99 / 100] < 10 * MONOTONIC_SECOND_US);
    free(took_us);
}

static void begin(struct honest *all, int n)
{
    for (int i = 0; i < n; i++)
        pthread_create(&all[i].thread, NULL, pay_on, &all[i]);
}

static void end(struct honest *all, int n)
{
    for (int i = 0; i < n; i++)
        pthread_join(all[i].thread, NULL);
}

static void sixty_four_that_keep_their_connection(void **state)
{
    struct honest *all = calloc(LOADED, sizeof *all);

    (void)state;
    for (int i = 0; i < LOADED; i++)
        all[i] = (struct honest){.keeps = true, .payments = 100};
    begin(all, LOADED);
    end(all, LOADED);
    say_what_they_waited("64 at once", all, LOADED);
    free(all);
}

static void every_thread_is_besieged(void **state)
{
    struct siege siege = {.count = BESIEGERS, .comes_again = true};
    struct honest *staying = calloc(HONEST, sizeof *staying);
    struct honest *coming = calloc(HONEST, sizeof *coming);

    (void)state;
    pthread_create(&siege.thread, NULL, besiege, &siege);
    usleep(300000);
    for (int i = 0; i < HONEST; i++)
        staying[i].keeps = true;
    begin(staying, HONEST);
    begin(coming, HONEST);
    end(staying, HONEST);
    end(coming, HONEST);
    atomic_store(&siege.over, true);
    pthread_join(siege.thread, NULL);
    say_what_they_waited("who keep their connection", staying, HONEST);
    say_what_they_waited("who come anew each time", coming, HONEST);
    free(staying);
    free(coming);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_slow_client_keeps),
        cmocka_unit_test(a_slow_reader),
        cmocka_unit_test(sixty_four_that_keep_their_connection),
        cmocka_unit_test(every_thread_is_besieged),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
