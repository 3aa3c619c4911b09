/*
 * reach.h - is that address one of the public internet?
 *
 * A node that asks what it is told to ask must not be made to ask what only it can reach: itself, its network, the
 * machine that hosts it.
 */
#ifndef API_REACH_H
#define API_REACH_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * False for every other family, and what is loopback, private, link-local, shared (CGNAT), multicast, unspecified, set
 * apart for documents or tests; in IPv6 all but global unicast. An IPv4 address inside one of IPv6 counts as itself.
 */
bool reach_is_public(const struct sockaddr *address);
/*
 * Is it one of this machine's own, public or not? What comes from here passes a firewall that keeps others out. Sends
 * nothing.
 */
bool reach_is_ours(const struct sockaddr *address);

#endif
