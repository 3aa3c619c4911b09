/*
 * address.h - where a node listens, and which socket is whose.
 */
#ifndef API_ADDRESS_H
#define API_ADDRESS_H

#include <stdbool.h>

/* "A.B.C.D:PORT" and nothing else: a server library reads more into such a text. */
bool address_is_valid(const char *text);
/* The same, and what to bind to. */
struct sockaddr_in;
bool address_parse(const char *text, struct sockaddr_in *at);

/*
 * Somebody who sleeps until a connection comes is woken: connect to `port` on this machine again
 * and again, from a thread of its own, until address_knock_end.
 */
struct knock;
/* NULL when there is no memory or no thread; then the sleeper wakes by itself, later. */
struct knock *address_knock(int port);
void address_knock_end(struct knock *knock);

/*
 * The socket of this process that is connected to `host`:`port`, or -1. civetweb keeps its own to
 * itself; this looks through those that are open.
 */
int address_socket(const char *host, int port);

#endif
