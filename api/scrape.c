#include "scrape.h"

#include "address.h"
#include "monotonic.h"
#include "thread.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 16
#define TROUBLE_PAUSE_MS 100 /* no descriptors: look again later */
#define HEAD_ROOM 256

struct scrape {
    struct scrape_options o;
    int listen_fd;
    int stop_fd;
    int port;
    pthread_t thread;
};

/* Is `fd` ready before the deadline? */
static bool wait_for(int fd, short events, int64_t until_us)
{
    struct pollfd p = {.fd = fd, .events = events};
    int64_t left_us = until_us - monotonic_us();

    return left_us > 0 && poll(&p, 1, (int)(left_us / 1000) + 1) > 0;
}

static bool read_head(int fd, char head[static SCRAPE_HEAD_MAX + 1], int64_t until_us)
{
    size_t have = 0;
    ssize_t n;

    while (have < SCRAPE_HEAD_MAX && wait_for(fd, POLLIN, until_us)) {
        n = recv(fd, head + have, SCRAPE_HEAD_MAX - have, MSG_DONTWAIT);
        if (n <= 0)
            return false;
        have += (size_t)n;
        head[have] = '\0';
        if (strstr(head, "\r\n\r\n"))
            return true;
    }
    return false;
}

static void send_all(int fd, const char *text, size_t size, int64_t until_us)
{
    ssize_t n;

    while (size > 0 && wait_for(fd, POLLOUT, until_us)) {
        n = send(fd, text, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n <= 0)
            return;
        text += n;
        size -= (size_t)n;
    }
}

static void answer(int fd, const char *status, const char *text, int64_t until_us)
{
    char head[HEAD_ROOM];

    snprintf(head, sizeof head,
             "HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
             "Content-Length: %zu\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
             status, strlen(text));
    send_all(fd, head, strlen(head), until_us);
    send_all(fd, text, strlen(text), until_us);
}

static void serve(const struct scrape *s, int fd)
{
    char head[SCRAPE_HEAD_MAX + 1];
    int64_t until_us = monotonic_us() + SCRAPE_DEADLINE_MS * INT64_C(1000);
    char *text = NULL;

    if (!read_head(fd, head, until_us))
        return;
    if (strncmp(head, "GET ", 4) != 0)
        answer(fd, "405 Method Not Allowed", "this address takes GET only\n", until_us);
    else if (strncmp(head, "GET " SCRAPE_PATH " HTTP/1.", strlen("GET " SCRAPE_PATH " HTTP/1.")))
        answer(fd, "404 Not Found", "there is only " SCRAPE_PATH " here\n", until_us);
    else if ((text = s->o.text(s->o.ctx)))
        answer(fd, "200 OK", text, until_us);
    else
        answer(fd, "503 Service Unavailable", "out of memory\n", until_us);
    free(text);
}

static void *run(void *arg)
{
    const struct scrape *s = arg;
    struct pollfd fds[] = {{.fd = s->listen_fd, .events = POLLIN},
                           {.fd = s->stop_fd, .events = POLLIN}};
    int fd;

    for (;;) {
        if (poll(fds, 2, -1) < 0)
            continue;
        if (fds[1].revents)
            return NULL;
        fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) {
            serve(s, fd);
            close(fd);
        } else if (errno != EAGAIN && errno != ECONNABORTED) {
            poll(&fds[1], 1, TROUBLE_PAUSE_MS);
        }
    }
}

static bool listen_on(struct scrape *s)
{
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    const int yes = 1;

    if (!address_parse(s->o.listen, &at))
        return false;
    s->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s->listen_fd < 0)
        return false;
    setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(s->listen_fd, (const struct sockaddr *)&at, sizeof at) != 0 ||
        listen(s->listen_fd, BACKLOG) != 0 ||
        getsockname(s->listen_fd, (struct sockaddr *)&at, &size) != 0)
        return false;
    s->port = ntohs(at.sin_port);
    return true;
}

static void drop(struct scrape *s)
{
    if (s->listen_fd >= 0)
        close(s->listen_fd);
    if (s->stop_fd >= 0)
        close(s->stop_fd);
    free(s);
}

enum ledger_status scrape_start(const struct scrape_options *options, struct scrape **scrape,
                                char *message, size_t size)
{
    struct scrape *s = calloc(1, sizeof *s);

    *scrape = NULL;
    snprintf(message, size, "%s", ledger_status_facts(LEDGER_NO_MEMORY)->title);
    if (!s)
        return LEDGER_NO_MEMORY;
    *s = (struct scrape){.o = *options, .listen_fd = -1, .stop_fd = eventfd(0, EFD_CLOEXEC)};
    if (!listen_on(s)) {
        snprintf(message, size, "cannot listen on %s for " SCRAPE_PATH ": %s", options->listen,
                 strerror(errno));
        drop(s);
        return LEDGER_UNREACHABLE;
    }
    if (s->stop_fd < 0 || !thread_start(&s->thread, run, s)) {
        drop(s);
        return LEDGER_NO_MEMORY;
    }
    *scrape = s;
    return LEDGER_OK;
}

int scrape_port(const struct scrape *s)
{
    return s->port;
}

void scrape_stop(struct scrape *s)
{
    if (!s)
        return;
    eventfd_write(s->stop_fd, 1);
    pthread_join(s->thread, NULL);
    drop(s);
}
