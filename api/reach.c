#include "reach.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define V4(a, b, c, d)                                                                             \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/* What the registry of special-purpose addresses (RFC 6890) keeps from the internet. */
static bool is_public_v4(uint32_t address)
{
    static const struct {
        uint32_t net;
        int bits;
    } kept[] = {
        {V4(0, 0, 0, 0), 8},      {V4(10, 0, 0, 0), 8},     {V4(100, 64, 0, 0), 10},
        {V4(127, 0, 0, 0), 8},    {V4(169, 254, 0, 0), 16}, {V4(172, 16, 0, 0), 12},
        {V4(192, 0, 0, 0), 24},   {V4(192, 0, 2, 0), 24},   {V4(192, 88, 99, 0), 24},
        {V4(192, 168, 0, 0), 16}, {V4(198, 18, 0, 0), 15},  {V4(198, 51, 100, 0), 24},
        {V4(203, 0, 113, 0), 24}, {V4(224, 0, 0, 0), 4},    {V4(240, 0, 0, 0), 4},
    };

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if ((address ^ kept[i].net) >> (32 - kept[i].bits) == 0)
            return false;
    return true;
}

static bool begins(const uint8_t address[16], const uint8_t *net, int bits)
{
    int whole = bits / 8;
    uint8_t mask = (uint8_t)(0xff00 >> bits % 8);

    return memcmp(address, net, (size_t)whole) == 0 &&
           ((address[whole < 16 ? whole : 15] ^ net[whole < 16 ? whole : 15]) & mask) == 0;
}

static uint32_t last_four(const uint8_t address[16])
{
    return V4(address[12], address[13], address[14], address[15]);
}

static bool is_public_v6(const uint8_t address[16])
{
    static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};  /* ::ffff:0:0/96 */
    static const uint8_t nat64[16] = {0x00, 0x64, 0xff, 0x9b};     /* 64:ff9b::/96 */
    static const uint8_t global[16] = {0x20};                      /* 2000::/3 */
    static const uint8_t protocols[16] = {0x20, 0x01};             /* 2001::/23 */
    static const uint8_t documents[16] = {0x20, 0x01, 0x0d, 0xb8}; /* 2001:db8::/32 */
    static const uint8_t more_documents[16] = {0x3f, 0xff};        /* 3fff::/20 */
    static const uint8_t six_to_four[16] = {0x20, 0x02};           /* 2002::/16 */

    if (begins(address, mapped, 96) || begins(address, nat64, 96))
        return is_public_v4(last_four(address));
    return begins(address, global, 3) && !begins(address, protocols, 23) &&
           !begins(address, documents, 32) && !begins(address, more_documents, 20) &&
           !begins(address, six_to_four, 16);
}

bool reach_is_public(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return is_public_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&v6, address, sizeof v6);
    return is_public_v6(v6.sin6_addr.s6_addr);
}

union any_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* 0: of another family. */
static socklen_t size_of(const struct sockaddr *address)
{
    return address->sa_family == AF_INET    ? sizeof(struct sockaddr_in)
           : address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                            : 0;
}

static bool is_same_host(const union any_address *a, const union any_address *b)
{
    return a->any.sa_family == AF_INET
               ? a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr
               : memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0;
}

/* To reach itself a machine takes the address that it wants to reach. */
static bool is_reached_from_itself(int fd, const union any_address *to, socklen_t size)
{
    union any_address from;
    socklen_t length = sizeof from;

    return connect(fd, &to->any, size) == 0 && getsockname(fd, &from.any, &length) == 0 &&
           is_same_host(&from, to);
}

bool reach_is_ours(const struct sockaddr *address)
{
    socklen_t size = size_of(address);
    union any_address to;
    bool ours;
    int fd;

    if (size == 0)
        return false;
    fd = socket(address->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    memcpy(&to, address, size);
    to.v4.sin_port = htons(9); /* where nothing is sent to; the same place in both */
    ours = is_reached_from_itself(fd, &to, size);
    close(fd);
    return ours;
}
