/*
 * post.h - put a body somewhere by HTTP, and nowhere else than where it may go.
 *
 * No redirect is followed, no proxy of the environment is used, and each address is looked at in the moment that a
 * connection to it is to be made (reach.h): what a name resolves to a moment later counts, not what it did before.
 */
#ifndef API_POST_H
#define API_POST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define POST_TIMEOUT_MS 10000L
#define POST_CONNECT_MS 5000L
#define POST_ANSWER_MAX 65536 /* more of an answer, its head with it, is not read */
#define POST_CODE_MAX 40

struct post;

/* NULL: no memory, or no libcurl here. `allow_private`: any address will do. Once `stop` is set it ends what it does; or NULL. */
struct post *post_new(bool allow_private, const atomic_bool *stop);
void post_free(struct post *p);

struct post_letter {
    const char *url;
    const char *body;
    size_t size;
    const char *const *headers; /* "Name: value", NULL ends them */
};

/*
 * True when it was answered with 2xx. Else `code` says why not: private, unresolved, unreachable, timeout, tls, http-500
 * …, error-N (libcurl's number).
 */
bool post_send(struct post *p, const struct post_letter *letter, char code[static POST_CODE_MAX]);
/* Where the name or number in `url` leads: somewhere, where it may not go, or nowhere now. Connects to nothing. */
enum post_place { POST_SOMEWHERE, POST_PRIVATE, POST_NOWHERE };
enum post_place post_look(struct post *p, const char *url);

#endif
