#include "mail.h"

#include "notice_text.h"

#include "ledger/date.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WORD_BYTES 42 /* of a text, in one encoded word of at most 75 characters (RFC 2047, 2) */

/* As long a piece as fits and does not cut a character. */
static size_t piece_of(const char *text)
{
    size_t size = strnlen(text, WORD_BYTES);

    while (size && ((unsigned char)text[size] & 0xc0) == 0x80)
        size--;
    return size;
}

static void put_encoded(const char *text, FILE *out)
{
    char word[sodium_base64_ENCODED_LEN(WORD_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    const char *before = "";

    for (size_t size; *text; text += size, before = "\n ") {
        size = piece_of(text);
        sodium_bin2base64(word, sizeof word, (const unsigned char *)text, size,
                          sodium_base64_VARIANT_ORIGINAL);
        fprintf(out, "%s=?UTF-8?B?%s?=", before, word);
    }
}

static void put_subject(const struct ledger *l, const struct ledger_parcel *p, FILE *out)
{
    char title[NOTICE_TITLE_MAX];
    char subject[LEDGER_NAME_MAX + NOTICE_TITLE_MAX + 3];
    bool plain = true;

    notice_title(p, title);
    snprintf(subject, sizeof subject, "%s: %s", ledger_name(l), title);
    for (const char *c = subject; *c; c++)
        plain &= *c >= ' ' && *c < 127;
    fputs("Subject: ", out);
    /* What looks like an encoded word must not be read as one. */
    if (plain && !strstr(subject, "=?"))
        fputs(subject, out);
    else
        put_encoded(subject, out);
    fputc('\n', out);
}

/* RFC 5322, 3.3, whatever the locale. */
static void put_date(int64_t at_us, FILE *out)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t at = (time_t)(at_us / LEDGER_US_PER_SECOND);
    struct tm tm;

    gmtime_r(&at, &tm);
    fprintf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\n", days[tm.tm_wday], tm.tm_mday,
            months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* The last notice in it and its time: numbers are given again after a restore, and then not at the same time. */
static void put_id(const struct ledger *l, const struct ledger_parcel *p, const char *from,
                   FILE *out)
{
    const struct ledger_notice *last = &p->notices[p->count - 1];

    fprintf(out, "Message-ID: <%s.%lld.%lld.%lld@%s>\n",
            p->box.mode == LEDGER_OUTBOX_DAILY ? "day" : "notice", (long long)last->id,
            (long long)last->at_us, (long long)ledger_created_at_us(l), strchr(from, '@') + 1);
}

static enum ledger_status put(struct ledger *l, const struct ledger_parcel *p, const char *from,
                              FILE *out)
{
    fprintf(out, "From: %s\nTo: %s\n", from, p->box.address);
    put_subject(l, p, out);
    put_date(p->notices[p->count - 1].at_us, out);
    put_id(l, p, from, out);
    fputs("Auto-Submitted: auto-generated\n"
          "MIME-Version: 1.0\n"
          "Content-Type: text/plain; charset=utf-8\n"
          "Content-Transfer-Encoding: 8bit\n\n",
          out);
    return notice_body(l, p, out);
}

enum ledger_status mail_write(struct ledger *l, const struct ledger_parcel *p, const char *from,
                              char **text, size_t *size)
{
    FILE *out = open_memstream(text, size);
    enum ledger_status st;

    if (!out)
        return LEDGER_NO_MEMORY;
    st = put(l, p, from, out);
    if (fclose(out) != 0 && st == LEDGER_OK)
        st = LEDGER_NO_MEMORY;
    if (st == LEDGER_OK)
        return LEDGER_OK;
    free(*text);
    *text = NULL;
    return st;
}
