/*
 * curl.h - libcurl, loaded when a node is asked or a webhook told.
 *
 * It brings some thirty libraries, and loading them takes longer than a balance: what is asked of a
 * file does not wait for them.
 */
#ifndef API_CURL_H
#define API_CURL_H

#include <curl/curl.h>
#include <stdbool.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo

struct curl {
    void *library;
    __typeof__(&curl_easy_init) init;
    __typeof__(&curl_easy_reset) reset;
    __typeof__(&curl_easy_setopt) setopt;
    __typeof__(&curl_easy_perform) perform;
    __typeof__(&curl_easy_getinfo) getinfo;
    __typeof__(&curl_easy_strerror) strerror;
    __typeof__(&curl_easy_escape) escape;
    __typeof__(&curl_easy_cleanup) cleanup;
    __typeof__(&curl_free) free;
    __typeof__(&curl_getdate) getdate;
    __typeof__(&curl_slist_append) slist_append;
    __typeof__(&curl_slist_free_all) slist_free_all;
};

/* False: it is not installed. It stays loaded until the process ends. */
bool curl_load(struct curl *c);

#endif
