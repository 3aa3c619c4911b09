/*
 * wire.h - the bytes of one request on its connection: how it is framed, its body, its answer.
 *
 * Refuses to believe what civetweb lets through, and waits for nobody longer than it says.
 */
#ifndef API_WIRE_H
#define API_WIRE_H

#include "http.h"

#define WIRE_BUFFER 16384 /* bytes, of civetweb's buffer for the head of a request */
#define WIRE_BODY_SECONDS 3

struct mg_connection;

/* What a thread keeps to answer connections, as its civetweb thread pointer. The thread frees it. NULL: no memory. */
void *wire_thread_new(void);

/*
 * Does the request begin where the thread's buffer does, and has each line of its head ended in CR LF,
 * with nothing left out (RFC 9112)? False too where the thread has no wire_thread_new.
 */
bool wire_is_framed(const struct mg_connection *conn);

/* May another request follow this one? To be asked once a request: it counts them. */
bool wire_keeps_alive(struct mg_connection *conn, const struct http_request *r);

/*
 * Read `length` bytes into `body`, which has room for one more, and end them with NUL. False: they did not
 * arrive within WIRE_BODY_SECONDS (a quarter of a second when `hurried`), or the other side is gone.
 */
bool wire_body(struct mg_connection *conn, char *body, size_t length, bool hurried);

/*
 * Send the answer, and empty the response. Returns how many bytes were sent; where those are not all
 * of them, or response->close says so, the connection ends.
 */
size_t wire_send(struct mg_connection *conn, struct http_response *response);

#endif
