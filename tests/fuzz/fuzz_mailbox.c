/* Where somebody wants to be told: a mail address in a header, a webhook's URL, the command that takes mails. */
#include "fuzz.h"

#include "api/handover.h"
#include "ledger/mailbox.h"
#include "ledger/webhook.h"

#include <stdlib.h>
#include <string.h>

/* Nothing that could begin another header, another address, or a name beside it. */
static void check_address(const char *text)
{
    const char *at = strchr(text, '@');

    if (ledger_mail_address_check(text) != LEDGER_OK)
        return;
    assert(at && at > text && at[1] && !strchr(at + 1, '@'));
    assert(strlen(text) <= LEDGER_MAIL_ADDRESS_MAX);
    assert(!strpbrk(text, "<>(),;:\\\"[] \t\r\n"));
    assert(text[0] != '.' && !strstr(text, "..") && !strstr(text, ".@") && !strstr(text, "@."));
    for (const char *c = text; *c; c++)
        assert(*c > ' ' && *c < 127);
}

/* Nothing that could begin another line of a request, or hide the host behind a user. */
static void check_url(const char *text)
{
    const char *host = strstr(text, "://");

    if (ledger_url_check(text) != LEDGER_OK)
        return;
    assert(strncmp(text, "http", 4) == 0 &&
           (host == text + 4 || (host == text + 5 && text[4] == 's')));
    assert(strlen(text) <= LEDGER_URL_MAX);
    assert(!memchr(host + 3, '@', strcspn(host + 3, "/?")) && strcspn(host + 3, "/?") > 0);
    for (const char *c = text; *c; c++)
        assert(*c > ' ' && *c < 127 && *c != '#' && *c != '\\');
}

/* Each word is one of the line's, without a blank. */
static void check_command(const char *text)
{
    struct handover h;

    if (handover_read(&h, text))
        return;
    for (int i = 0; h.words[i]; i++) {
        assert(i < HANDOVER_WORDS_MAX && h.words[i][0]);
        assert(!strchr(h.words[i], ' ') && strstr(text, h.words[i]));
    }
    assert(h.words[0][0] == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);

    check_address(text);
    check_url(text);
    check_command(text);
    free(text);
    return 0;
}
