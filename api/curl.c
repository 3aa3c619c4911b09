#include "curl.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libcurl.so.4"

/* POSIX lets a function's address pass through void *, ISO C only its bytes. */
static bool find(const struct curl *c, const char *name, void *call, size_t size)
{
    void *symbol = dlsym(c->library, name);

    memcpy(call, &symbol, size);
    return symbol != NULL;
}

#define FIND(c, name, field) find(c, name, &(c)->field, sizeof(c)->field)

bool curl_load(struct curl *c)
{
    c->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    return c->library && FIND(c, "curl_easy_init", init) && FIND(c, "curl_easy_reset", reset) &&
           FIND(c, "curl_easy_setopt", setopt) && FIND(c, "curl_easy_perform", perform) &&
           FIND(c, "curl_easy_getinfo", getinfo) && FIND(c, "curl_easy_strerror", strerror) &&
           FIND(c, "curl_easy_escape", escape) && FIND(c, "curl_easy_cleanup", cleanup) &&
           FIND(c, "curl_free", free) && FIND(c, "curl_getdate", getdate) &&
           FIND(c, "curl_slist_append", slist_append) &&
           FIND(c, "curl_slist_free_all", slist_free_all);
}
