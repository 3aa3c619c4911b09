/*
 * web.h - a node of two members on a free port, and a client that writes raw bytes to it.
 */
#ifndef TESTS_SUPPORT_WEB_H
#define TESTS_SUPPORT_WEB_H

#include "api/server.h"
#include "ledger/token.h"

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { STEWARD, TREASURER, AUDITOR, MANAGER, TRADER, VIEWER, WEB_ROLES };

struct web_node {
    char dir[64];
    char path[128];
    const struct ledger_env *env; /* of web_start and web_open; NULL: the real one */
    int port;
    int stop_fd;
    pthread_t thread;
    const char *metrics; /* set them before web_start, as in server_options */
    struct log *log;
    struct server_options options;
    enum ledger_status outcome; /* of server_run */
    char message[LEDGER_MESSAGE_MAX];
    /* by role, from the steward to the viewer; the last three are riverside's */
    char tokens[WEB_ROLES][LEDGER_TOKEN_SECRET];
};

struct web_response {
    int status; /* 0: the connection was closed without an answer */
    char head[2048];
    char *body;
    size_t size;
};

/*
 * Make a ledger with CALD and the members riverside and mill, who may go down to -1000.00, and a
 * token for each role. `members` more are called m1, m2 ….
 */
void web_ledger(struct web_node *node, int members);
/* Serve it; `queue` 0 is the usual. Returns when it listens. */
void web_start(struct web_node *node, int queue);
/* Stop it and wait for its end. The ledger stays. */
void web_stop(struct web_node *node);
void web_remove(struct web_node *node);
/* Both; 0 when it stopped as it should, else -1: for a teardown. */
int web_end(struct web_node *node);

/* Open the closed ledger for writing, with the node's key. */
struct ledger_uid;

struct ledger *web_open(const struct web_node *node);
/* Arguments as JSON, the caller's: # stands for today, and @ before a time or at an end for three days ahead. */
json_t *web_args(const char *text);
/*
 * Run a write inside the open transaction of `l` as its owner, under `uid`; `args` is taken over. NULL where it is
 * refused.
 */
json_t *web_write(struct ledger *l, const char *operation, json_t *args,
                  const struct ledger_uid *uid, bool *replayed);
/* Run an operation on the closed ledger as its owner; `args` is taken over. It must succeed. */
json_t *web_local(const struct web_node *node, const char *operation, json_t *args);

/* Connect, with a receive timeout of 20 s. */
int web_connect(const struct web_node *node);
/* The same, or -1 where nobody listens. */
int web_try_connect(const struct web_node *node);
/* False when the other side has closed. */
bool web_send(int fd, const void *bytes, size_t size);
/* Read one response; false when there was none. Frees what `r` held before. */
bool web_receive(int fd, struct web_response *r);
/* Read only its head: what answers HEAD has no more. */
bool web_receive_head(int fd, struct web_response *r);
void web_clear(struct web_response *r);
/* Nothing more comes and the other side has closed. */
bool web_closed(int fd);

/* Send a whole request on `fd` and read its answer. `token`, `key`, `body` may be NULL. */
struct web_request {
    const char *method;
    const char *path;
    const char *token;
    const char *key;
    const char *body;
};
bool web_ask(int fd, const struct web_request *q, struct web_response *r);
/* The answer's body; to be released. */
json_t *web_json(const struct web_response *r);
/* The problem's code, or "" when it is none. */
const char *web_code(const struct web_response *r, char code[static 64]);

#endif
