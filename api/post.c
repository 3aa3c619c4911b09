#include "post.h"

#include "curl.h"
#include "reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct post {
    struct curl curl;
    CURL *handle;
    bool allow_private;
    const atomic_bool *stop;
    bool only_look;
    bool was_private; /* an address was met that it may not go to */
    size_t answered;
};

struct post *post_new(bool allow_private, const atomic_bool *stop)
{
    struct post *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->allow_private = allow_private;
    p->stop = stop;
    p->handle = curl_load(&p->curl) ? p->curl.init() : NULL;
    if (p->handle)
        return p;
    free(p);
    return NULL;
}

void post_free(struct post *p)
{
    if (!p)
        return;
    p->curl.cleanup(p->handle);
    free(p);
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct post *p = ctx;

    (void)purpose;
    if (!p->allow_private && (!reach_is_public(&address->addr) || reach_is_ours(&address->addr))) {
        p->was_private = true;
        return CURL_SOCKET_BAD;
    }
    if (p->only_look)
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Its head counts too. */
static size_t count_answer(char *data, size_t one, size_t n, void *ctx)
{
    struct post *p = ctx;

    (void)data;
    p->answered += one * n;
    return p->answered > POST_ANSWER_MAX ? 0 : one * n;
}

static int go_on(void *ctx, curl_off_t down_of, curl_off_t down, curl_off_t up_of, curl_off_t up)
{
    const struct post *p = ctx;

    (void)down_of, (void)down, (void)up_of, (void)up;
    return p->stop && atomic_load(p->stop);
}

static void prepare(struct post *p, const char *url)
{
    p->was_private = false;
    p->answered = 0;
    p->curl.reset(p->handle);
    p->curl.setopt(p->handle, CURLOPT_URL, url);
    p->curl.setopt(p->handle, CURLOPT_PROTOCOLS_STR, "http,https");
    p->curl.setopt(p->handle, CURLOPT_FOLLOWLOCATION, 0L);
    p->curl.setopt(p->handle, CURLOPT_PROXY, "");
    p->curl.setopt(p->handle, CURLOPT_NOSIGNAL, 1L);
    p->curl.setopt(p->handle, CURLOPT_QUICK_EXIT, 1L); /* nobody waits for a name server longer */
    p->curl.setopt(p->handle, CURLOPT_CONNECTTIMEOUT_MS, POST_CONNECT_MS);
    p->curl.setopt(p->handle, CURLOPT_TIMEOUT_MS, POST_TIMEOUT_MS);
    p->curl.setopt(p->handle, CURLOPT_FRESH_CONNECT, 1L);
    p->curl.setopt(p->handle, CURLOPT_FORBID_REUSE, 1L);
    p->curl.setopt(p->handle, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    p->curl.setopt(p->handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    p->curl.setopt(p->handle, CURLOPT_OPENSOCKETDATA, p);
    p->curl.setopt(p->handle, CURLOPT_NOPROGRESS, 0L);
    p->curl.setopt(p->handle, CURLOPT_XFERINFOFUNCTION, go_on);
    p->curl.setopt(p->handle, CURLOPT_XFERINFODATA, p);
    p->curl.setopt(p->handle, CURLOPT_WRITEFUNCTION, count_answer);
    p->curl.setopt(p->handle, CURLOPT_WRITEDATA, p);
    p->curl.setopt(p->handle, CURLOPT_HEADERFUNCTION, count_answer);
    p->curl.setopt(p->handle, CURLOPT_HEADERDATA, p);
    p->curl.setopt(p->handle, CURLOPT_USERAGENT, "coledger");
}

static const char *word_for(CURLcode code)
{
    static const struct {
        CURLcode code;
        const char *word;
    } words[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "unresolved"},
        {CURLE_COULDNT_CONNECT, "unreachable"},
        {CURLE_OPERATION_TIMEDOUT, "timeout"},
        {CURLE_PEER_FAILED_VERIFICATION, "tls"},
        {CURLE_SSL_CONNECT_ERROR, "tls"},
        {CURLE_GOT_NOTHING, "no-answer"},
        {CURLE_RECV_ERROR, "no-answer"},
        {CURLE_WRITE_ERROR, "long-answer"},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].code == code)
            return words[i].word;
    return NULL;
}

static bool judge(const struct post *p, CURLcode result, char code[static POST_CODE_MAX])
{
    const char *word = p->was_private ? "private" : word_for(result);
    long http = 0;

    code[0] = '\0';
    if (result == CURLE_OK) {
        p->curl.getinfo(p->handle, CURLINFO_RESPONSE_CODE, &http);
        if (http >= 200 && http < 300)
            return true;
        snprintf(code, POST_CODE_MAX, "http-%ld", http);
    } else if (word) {
        snprintf(code, POST_CODE_MAX, "%s", word);
    } else {
        snprintf(code, POST_CODE_MAX, "error-%d", (int)result);
    }
    return false;
}

bool post_send(struct post *p, const struct post_letter *letter, char code[static POST_CODE_MAX])
{
    struct curl_slist *headers = NULL;
    CURLcode result;

    for (int i = 0; letter->headers[i]; i++)
        headers = p->curl.slist_append(headers, letter->headers[i]);
    headers = p->curl.slist_append(headers, "Expect:");
    prepare(p, letter->url);
    p->curl.setopt(p->handle, CURLOPT_HTTPHEADER, headers);
    p->curl.setopt(p->handle, CURLOPT_POSTFIELDSIZE, (long)letter->size);
    p->curl.setopt(p->handle, CURLOPT_POSTFIELDS, letter->body);
    result = p->curl.perform(p->handle);
    p->curl.slist_free_all(headers);
    return judge(p, result, code);
}

/* Where it led somewhere it was given no socket to go there. */
enum post_place post_look(struct post *p, const char *url)
{
    CURLcode result;

    prepare(p, url);
    p->only_look = true;
    p->curl.setopt(p->handle, CURLOPT_CONNECT_ONLY, 1L);
    result = p->curl.perform(p->handle);
    p->only_look = false;
    if (p->was_private)
        return POST_PRIVATE;
    return result == CURLE_COULDNT_CONNECT ? POST_SOMEWHERE : POST_NOWHERE;
}
