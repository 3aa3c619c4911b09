/*
 * scrape.h - GET /metrics, on an address of its own and by a thread of its own.
 *
 * So a proxy that passes the API on cannot pass this on by mistake, and figures are there when every
 * thread of the API is busy. It answers one caller at a time, each within a second.
 */
#ifndef API_SCRAPE_H
#define API_SCRAPE_H

#include "ledger/status.h"

#include <stddef.h>

#define SCRAPE_PATH "/metrics"
#define SCRAPE_DEADLINE_MS 1000
#define SCRAPE_HEAD_MAX 8192

struct scrape_options {
    const char *listen;       /* IPv4 address and port; port 0 is any that is free */
    char *(*text)(void *ctx); /* what to answer, malloc'd, or NULL when there is no memory */
    void *ctx;
};

struct scrape;

/*
 * After: LEDGER_OK: `*scrape` answers, and is to be stopped. Else it is NULL and `message` says why.
 * Refusals: LEDGER_UNREACHABLE (the address cannot be listened on), LEDGER_NO_MEMORY.
 */
LEDGER_CHECKED enum ledger_status scrape_start(const struct scrape_options *options,
                                               struct scrape **scrape, char *message, size_t size);
int scrape_port(const struct scrape *scrape);
/* NULL is taken. */
void scrape_stop(struct scrape *scrape);

#endif
