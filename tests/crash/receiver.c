#include "receiver.h"

#include "../support/load.h"
#include "child.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define MESSAGE_MAX 16384
#define PATIENCE_S 20
#define SLOW_US 20000
#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define FAILED_ANSWER "HTTP/1.1 500 Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define DRAIN "POST /drain HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
#define STOP "POST /stop HTTP/1.1\r\nContent-Length: 0\r\n\r\n"

struct receiver {
    int fd;
    int port;
    uint64_t random;
    atomic_bool well;
    int64_t *taken;
    size_t count, room;
    pthread_t thread;
};

static void take(struct receiver *r, int64_t notice_id)
{
    if (r->count == r->room) {
        r->room = r->room ? 2 * r->room : 1024;
        r->taken = realloc(r->taken, r->room * sizeof *r->taken);
        if (!r->taken)
            abort();
    }
    r->taken[r->count++] = notice_id;
}

/* A whole message; false when its sender was gone before the end of it. */
static bool read_message(int fd, char message[static MESSAGE_MAX])
{
    size_t size = 0;

    for (;;) {
        ssize_t n = read(fd, message + size, MESSAGE_MAX - 1 - size);
        if (n <= 0)
            return false;
        size += (size_t)n;
        message[size] = '\0';
        const char *end = strstr(message, "\r\n\r\n");
        const char *length = strstr(message, "Content-Length: ");
        if (end && length &&
            size >= (size_t)(end + 4 - message) +
                        strtoul(length + strlen("Content-Length: "), NULL, 10))
            return true;
    }
}

static void answer(int fd, const char *text)
{
    (void)web_send(fd, text, strlen(text));
}

enum fate { FAILS, TAKES_AND_FAILS, TAKES_AND_HANGS_UP, TAKES_SLOWLY, TAKES };

static void receive(struct receiver *r, int fd, int64_t notice_id)
{
    int drawn = atomic_load(&r->well) ? TAKES : load_draw(&r->random, 16);
    enum fate fate = drawn < TAKES ? (enum fate)drawn : TAKES;

    if (fate != FAILS)
        take(r, notice_id);
    if (fate == TAKES_SLOWLY)
        child_sleep_us(SLOW_US);
    if (fate == TAKES_SLOWLY || fate == TAKES)
        answer(fd, OK_ANSWER);
    if (fate == FAILS || fate == TAKES_AND_FAILS)
        answer(fd, FAILED_ANSWER);
}

static void *run(void *arg)
{
    static char message[MESSAGE_MAX];
    struct receiver *r = arg;
    bool stop = false;

    while (!stop) {
        const struct timeval patience = {.tv_sec = PATIENCE_S};
        int fd = accept4(r->fd, NULL, NULL, SOCK_CLOEXEC);
        const char *delivery;

        if (fd < 0)
            abort();
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (read_message(fd, message)) {
            delivery = strstr(message, "\r\nColedger-Delivery: ");
            stop = strncmp(message, STOP, strlen(STOP)) == 0;
            if (delivery)
                receive(r, fd, strtoll(delivery + strlen("\r\nColedger-Delivery: "), NULL, 10));
        }
        close(fd);
    }
    return NULL;
}

struct receiver *receiver_start(uint64_t seed)
{
    struct receiver *r = calloc(1, sizeof *r);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;

    if (!r)
        abort();
    r->random = seed;
    r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(r->fd, (struct sockaddr *)&at, size) != 0 || listen(r->fd, 64) != 0 ||
        getsockname(r->fd, (struct sockaddr *)&at, &size) != 0)
        abort();
    r->port = ntohs(at.sin_port);
    pthread_create(&r->thread, NULL, run, r);
    return r;
}

int receiver_port(const struct receiver *r)
{
    return r->port;
}

void receiver_be_well(struct receiver *r, bool well)
{
    atomic_store(&r->well, well);
}

/* Who connects later is met later. */
static void say(const struct receiver *r, const char *message)
{
    const struct web_node node = {.port = r->port};
    int fd = web_connect(&node);
    char rest[64];

    answer(fd, message);
    while (read(fd, rest, sizeof rest) > 0)
        ;
    close(fd);
}

void receiver_drain(const struct receiver *r)
{
    say(r, DRAIN);
}

size_t receiver_taken(const struct receiver *r, const int64_t **notice_ids)
{
    *notice_ids = r->taken;
    return r->count;
}

void receiver_forget(struct receiver *r)
{
    r->count = 0;
}

void receiver_stop(struct receiver *r)
{
    say(r, STOP);
    pthread_join(r->thread, NULL);
    close(r->fd);
    free(r->taken);
    free(r);
}
