/*
 * test_post.c - a body put somewhere by HTTP: what arrives, and what a receiver that means no good can do.
 */
#include "api/post.h"

#include "api/monotonic.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BODY "{\"notice\":1}"

/* Takes one connection, reads what comes, and answers `head` and then `more` again and again until nobody reads. */
struct receiver {
    const char *head;
    const char *more; /* or NULL */
    int listener;
    int port;
    pthread_t thread;
    char got[4000];
};

static void *receive(void *arg)
{
    struct receiver *r = arg;
    int fd = accept(r->listener, NULL, NULL);
    size_t size = 0;
    ssize_t n = 1;

    if (fd < 0)
        return NULL;
    while (n > 0 && size < sizeof r->got - 1 && !strstr(r->got, BODY)) {
        n = read(fd, r->got + size, sizeof r->got - 1 - size);
        size += n > 0 ? (size_t)n : 0;
    }
    n = write(fd, r->head, strlen(r->head));
    while (r->more && n > 0)
        n = write(fd, r->more, strlen(r->more));
    close(fd);
    return NULL;
}

static void begin(struct receiver *r)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    r->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(r->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(r->listener, 1), 0);
    assert_int_equal(getsockname(r->listener, (struct sockaddr *)&address, &length), 0);
    r->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&r->thread, NULL, receive, r), 0);
}

static void end(struct receiver *r)
{
    shutdown(r->listener, SHUT_RDWR);
    pthread_join(r->thread, NULL);
    close(r->listener);
}

static bool post(struct receiver *r, bool allow_private, char *code)
{
    static const char *const headers[] = {"Content-Type: application/json",
                                          "Coledger-Signature: t=1,v1=00", NULL};
    char url[100];
    struct post_letter letter = {
        .url = url, .body = BODY, .size = strlen(BODY), .headers = headers};
    struct post *p = post_new(allow_private, NULL);
    bool taken;

    assert_non_null(p);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/hook", r->port);
    taken = post_send(p, &letter, code);
    post_free(p);
    return taken;
}

static void what_is_answered(void **state)
{
    static const struct {
        const char *what, *head, *more, *code;
    } rows[] = {
        {"taken", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", NULL, ""},
        {"taken, with some words", "HTTP/1.1 202 Yes\r\nContent-Length: 2\r\n\r\nok", NULL, ""},
        {"refused", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", NULL, "http-500"},
        {"sent elsewhere",
         "HTTP/1.1 302 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", NULL,
         "http-302"},
        {"hung up", "", NULL, "no-answer"},
        {"words without end", "HTTP/1.1 200 OK\r\n\r\n", "and more and more\n", "long-answer"},
        {"a head without end", "HTTP/1.1 200 OK\r\n", "More: and more\r\n", "long-answer"},
        {"a beginning again and again", "HTTP/1.1 100 Go on\r\n\r\n", "HTTP/1.1 100 Go on\r\n\r\n",
         "long-answer"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct receiver r = {.head = rows[i].head, .more = rows[i].more};
        char code[POST_CODE_MAX];
        int64_t from_us = monotonic_us();

        begin(&r);
        if (post(&r, true, code) != (rows[i].code[0] == '\0') || strcmp(code, rows[i].code) != 0)
            fail_msg("%s: %s", rows[i].what, code);
        end(&r);
        assert_true(monotonic_us() - from_us < 5 * MONOTONIC_SECOND_US);
    }
}

/* The bytes that were signed, and the headers as they are, and nothing else of ours. */
static void what_arrives(void **state)
{
    struct receiver r = {.head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    char code[POST_CODE_MAX];
    const char *body;

    (void)state;
    begin(&r);
    assert_true(post(&r, true, code));
    end(&r);
    assert_int_equal(strncmp(r.got, "POST /hook HTTP/1.1\r\n", 21), 0);
    assert_non_null(strstr(r.got, "\r\nColedger-Signature: t=1,v1=00\r\n"));
    assert_null(strstr(r.got, "Expect"));
    body = strstr(r.got, "\r\n\r\n");
    assert_non_null(body);
    assert_string_equal(body + 4, BODY);
}

/* No socket, so nobody is asked anything. */
static void no_private_address_is_met(void **state)
{
    static const char *const urls[] = {
        "http://127.0.0.1:%d/",
        "http://127.1:%d/",
        "http://2130706433:%d/",
        "http://0x7f.0.0.1:%d/",
        "http://0:%d/",
        "http://localhost:%d/",
        "http://[::1]:%d/",
        "http://[::]:%d/",
        "http://[::ffff:127.0.0.1]:%d/",
        "http://10.0.0.1:%d/",
        "http://169.254.169.254:%d/",
        "http://[64:ff9b::7f00:1]:%d/",
    };
    struct receiver r = {.head = "HTTP/1.1 200 OK\r\n\r\n"};
    struct post *p = post_new(false, NULL);
    char code[POST_CODE_MAX];

    (void)state;
    begin(&r);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        char url[100];
        const char *const none[] = {NULL};
        struct post_letter letter = {.url = url, .body = BODY, .size = 1, .headers = none};

        snprintf(url, sizeof url, urls[i], r.port);
        if (post_send(p, &letter, code) || strcmp(code, "private") != 0)
            fail_msg("%s: %s", url, code);
        if (post_look(p, url) != POST_PRIVATE)
            fail_msg("%s", url);
    }
    post_free(p);
    end(&r);
    assert_string_equal(r.got, "");
}

/* libcurl asks us, since a program comes before its libraries. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

    if (name && strcmp(name, "slow.example") == 0)
        sleep(30);
    if (name && strstr(name, ".example"))
        return EAI_NONAME;
    memcpy(&real, &symbol, sizeof real);
    return real(name, service, hints, found);
}

static void where_a_name_leads(void **state)
{
    struct post *p = post_new(false, NULL);
    int64_t from_us = monotonic_us();

    (void)state;
    assert_int_equal(post_look(p, "http://1.1.1.1/"), POST_SOMEWHERE);
    assert_int_equal(post_look(p, "http://[2600::1]/"), POST_SOMEWHERE);
    assert_int_equal(post_look(p, "http://127.0.0.1/"), POST_PRIVATE);
    assert_int_equal(post_look(p, "http://nobody.example/"), POST_NOWHERE);
    assert_true(monotonic_us() - from_us < 3 * MONOTONIC_SECOND_US);
    post_free(p);
}

/* A name server that takes its time takes no more of ours than it may. */
static void a_name_server_is_not_waited_for(void **state)
{
    struct post *p = post_new(false, NULL);
    int64_t from_us = monotonic_us();

    (void)state;
    assert_int_equal(post_look(p, "http://slow.example/"), POST_NOWHERE);
    post_free(p);
    assert_true(monotonic_us() - from_us < (POST_CONNECT_MS + 3000) * 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_answered),
        cmocka_unit_test(what_arrives),
        cmocka_unit_test(no_private_address_is_met),
        cmocka_unit_test(where_a_name_leads),
        cmocka_unit_test(a_name_server_is_not_waited_for),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
