#include "wire.h"

#include "address.h"
#include "monotonic.h"

#include <civetweb.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>

#define REQUESTS_A_CONNECTION 100
#define BODY_DEADLINE_US (WIRE_BODY_SECONDS * MONOTONIC_SECOND_US)
#define HURRIED_DEADLINE_US (MONOTONIC_SECOND_US / 4)
/* mg_read waits up to a second for each byte that it was asked for. */
#define BODY_PIECE 4
#define ANSWER_DEADLINE_US (3 * MONOTONIC_SECOND_US)
#define ANSWER_PIECE 16384

void *wire_thread_new(void)
{
    return calloc(1, sizeof(const char *)); /* where its buffer begins, once that is known */
}

/*
 * civetweb lets blanks stand before a request. When they hold an empty line, it goes on reading in
 * what a connection before left in the thread's buffer, and would run that request again for
 * whoever is here now. So a request must begin where the buffer does. Where that is, is learned:
 * the buffer comes from malloc, is the thread's for life, and no request begins before it.
 */
static bool begins_the_buffer(const struct mg_connection *conn, const char *method)
{
    const char **start = mg_get_thread_pointer(conn);

    if (!start || (uintptr_t)method % _Alignof(max_align_t) != 0)
        return false;
    if (!*start || method < *start)
        *start = method;
    return method == *start;
}

/*
 * civetweb takes a bare LF for a line's end, drops what follows a folded line, and lets blanks
 * stand before a colon. It splits the request in place, so the gaps between its pieces still
 * show what stood there: each line must have ended in exactly CR LF.
 */
static bool lines_are_clean(const struct mg_request_info *ri)
{
    const char *end = ri->http_version + strlen(ri->http_version);
    const char *uri_end = ri->query_string ? ri->query_string : ri->request_uri;

    uri_end += strlen(uri_end);
    if (ri->request_uri != ri->request_method + strlen(ri->request_method) + 1 ||
        ri->http_version - strlen("HTTP/") != uri_end + 1)
        return false;
    for (int i = 0; i < ri->num_headers; i++) {
        const char *name = ri->http_headers[i].name;
        const char *colon = name + strlen(name);

        if (name != end + 2 || (ri->http_headers[i].value > colon + 1 && colon[1] == '\0'))
            return false;
        end = ri->http_headers[i].value + strlen(ri->http_headers[i].value);
    }
    return ri->num_headers > 0 && end[2] == '\r' && end[3] == '\0';
}

bool wire_is_framed(const struct mg_connection *conn)
{
    const struct mg_request_info *ri = mg_get_request_info(conn);

    return begins_the_buffer(conn, ri->request_method) && lines_are_clean(ri);
}

bool wire_keeps_alive(struct mg_connection *conn, const struct http_request *r)
{
    const char *version = mg_get_request_info(conn)->http_version;
    uintptr_t served = (uintptr_t)mg_get_user_connection_data(conn) + 1;
    const char *wish = http_header(r, "Connection");

    mg_set_user_connection_data(conn, (void *)served);
    if (served >= REQUESTS_A_CONNECTION)
        return false;
    return wish ? strcasecmp(wish, "keep-alive") == 0 : strcmp(version, "1.1") == 0;
}

/*
 * Returns how many bytes were sent. mg_write goes on for as long as anything is taken: a slow
 * reader must not keep the thread.
 */
static size_t push(struct mg_connection *conn, const char *bytes, size_t size)
{
    int64_t until_us = monotonic_us() + ANSWER_DEADLINE_US;
    size_t piece;
    size_t at = 0;

    for (; at < size; at += piece) {
        piece = size - at < ANSWER_PIECE ? size - at : ANSWER_PIECE;
        if (monotonic_us() > until_us || mg_write(conn, bytes + at, piece) != (int)piece)
            break;
    }
    return at;
}

size_t wire_send(struct mg_connection *conn, struct http_response *response)
{
    size_t size = 0;
    char *bytes = http_bytes(response, &size);
    size_t sent = bytes ? push(conn, bytes, size) : 0;

    if (response->close || !bytes || sent < size)
        mg_disable_connection_keep_alive(conn);
    free(bytes);
    return sent;
}

/* How much of `want` is there by `until_us`; 0: nothing came, or nothing more will. */
static size_t arrived(int fd, size_t want, int64_t until_us)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int64_t left_us = until_us - monotonic_us();
    int n = 0;

    if (left_us <= 0 || poll(&p, 1, (int)(left_us / 1000) + 1) <= 0 ||
        ioctl(fd, FIONREAD, &n) != 0 || n < 0)
        return 0;
    return (size_t)n < want ? (size_t)n : want;
}

/*
 * The socket to look at before reading a body, or -1: a short one may stand in civetweb's buffer
 * already, so that nothing more comes on the socket. Of a long one some always does.
 */
static int socket_of(const struct mg_connection *conn, size_t length)
{
    const struct mg_request_info *ri = mg_get_request_info(conn);

    return length > WIRE_BUFFER ? address_socket(ri->remote_addr, ri->remote_port) : -1;
}

bool wire_body(struct mg_connection *conn, char *body, size_t length, bool hurried)
{
    int64_t until_us = monotonic_us() + (hurried ? HURRIED_DEADLINE_US : BODY_DEADLINE_US);
    size_t piece = hurried ? 1 : BODY_PIECE;
    int fd = socket_of(conn, length);
    size_t have = 0, want;
    int n;

    while (have < length) {
        want = length - have;
        want = fd >= 0 ? arrived(fd, want, until_us) : want < piece ? want : piece;
        n = want > 0 ? mg_read(conn, body + have, want) : 0;
        if (n <= 0 || (monotonic_us() > until_us && have + (size_t)n < length))
            return false;
        have += (size_t)n;
    }
    body[length] = '\0';
    return true;
}
