#include "address.h"

#include "thread.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define KNOCK_EVERY_MS 10
#define SOCKETS_MAX 4096 /* more than the server ever has open */

bool address_parse(const char *text, struct sockaddr_in *at)
{
    char host[INET_ADDRSTRLEN];
    size_t host_size = strcspn(text, ":");
    size_t digits = text[host_size] ? strspn(text + host_size + 1, "0123456789") : 0;

    if (host_size >= sizeof host || digits < 1 || digits > 5 ||
        text[host_size + 1 + digits] != '\0' ||
        strtoul(text + host_size + 1, NULL, 10) > UINT16_MAX)
        return false;
    memcpy(host, text, host_size);
    host[host_size] = '\0';
    *at = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)strtoul(text + host_size + 1, NULL, 10)),
    };
    return inet_pton(AF_INET, host, &at->sin_addr) == 1;
}

bool address_is_valid(const char *text)
{
    struct sockaddr_in at;

    return address_parse(text, &at);
}

struct knock {
    pthread_t thread;
    atomic_bool over;
    int port;
};

static void *knock_on(void *arg)
{
    struct knock *knock = arg;
    const struct timespec pause = {0, KNOCK_EVERY_MS * 1000000};
    const struct sockaddr_in at = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)knock->port),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd;

    while (!atomic_load(&knock->over)) {
        nanosleep(&pause, NULL);
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
            continue;
        (void)connect(fd, (const struct sockaddr *)&at, sizeof at);
        close(fd);
    }
    return NULL;
}

struct knock *address_knock(int port)
{
    struct knock *knock = calloc(1, sizeof *knock);

    if (!knock)
        return NULL;
    knock->port = port;
    if (thread_start(&knock->thread, knock_on, knock))
        return knock;
    free(knock);
    return NULL;
}

void address_knock_end(struct knock *knock)
{
    if (!knock)
        return;
    atomic_store(&knock->over, true);
    pthread_join(knock->thread, NULL);
    free(knock);
}

int address_socket(const char *host, int port)
{
    struct sockaddr_in peer;
    struct in_addr address;
    socklen_t size;

    if (inet_pton(AF_INET, host, &address) != 1)
        return -1;
    for (int fd = 0; fd < SOCKETS_MAX; fd++) {
        size = sizeof peer;
        if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0 && peer.sin_family == AF_INET &&
            peer.sin_addr.s_addr == address.s_addr && ntohs(peer.sin_port) == port)
            return fd;
    }
    return -1;
}
