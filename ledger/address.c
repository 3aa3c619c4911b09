#include "address.h"

#include "handle.h"

#include <string.h>

bool ledger_address_is_one(const char *url)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_~:/";
    const char *host = strncmp(url, "https://", 8) == 0  ? url + 8
                       : strncmp(url, "http://", 7) == 0 ? url + 7
                                                         : "";
    size_t size = strlen(host);

    return size > 0 && host[0] != '/' && host[0] != ':' && host[size - 1] != '/' &&
           host[strspn(host, plain)] == '\0' && !strstr(host, "//") &&
           strlen(url) <= LEDGER_ADDRESS_MAX;
}

enum ledger_status ledger_address_set(struct ledger *l, const char *url,
                                      const struct ledger_why *why, int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    if (url[0] && !ledger_address_is_one(url))
        return ledger_refuse_field(l, LEDGER_ADDRESS_MALFORMED, "url",
                                   "a public address is written https://ledger.example.org, "
                                   "without a slash at its end, at most %d bytes",
                                   LEDGER_ADDRESS_MAX);
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM node_address", id));
    return ledger_exec(l,
                       "INSERT INTO node_address (id, url, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(*id), store_text(url), store_int(at_us),
                                  store_text(why->actor), store_text(why->reason)));
}

static enum ledger_status read_url(void *into, const struct store_row *row)
{
    store_row_copy(row, 0, into, LEDGER_ADDRESS_MAX + 1);
    return LEDGER_OK;
}

enum ledger_status ledger_address_get(struct ledger *l, char url[static LEDGER_ADDRESS_MAX + 1])
{
    enum ledger_status status = ledger_first(
        l, "SELECT url FROM node_address ORDER BY id DESC LIMIT 1", STORE_NO_ARGS, read_url, url);

    if (status == LEDGER_NO_ROW)
        url[0] = '\0';
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

struct each {
    ledger_address_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;

    return each->read(each->ctx, store_row_text(row, 0));
}

enum ledger_status ledger_address_each(struct ledger *l, ledger_address_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l, "SELECT url FROM node_address WHERE url <> '' ORDER BY id DESC",
                       STORE_NO_ARGS, pass_on, &each);
}
