#include "ical.h"

#include "ledger/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 4096
#define WORDS_MAX 1200

static void put(struct ical *c, const char *bytes, size_t size)
{
    size_t room = c->room ? c->room : FIRST_ROOM;
    char *grown;

    if (c->failed)
        return;
    while (room - c->size <= size)
        room *= 2;
    if (room != c->room) {
        grown = realloc(c->text, room);
        c->failed = !grown;
        if (!grown)
            return;
        c->text = grown;
        c->room = room;
    }
    memcpy(c->text + c->size, bytes, size);
    c->size += size;
    c->text[c->size] = '\0';
}

/* A long line goes on after a break and a blank, never within a character of UTF-8. */
static void put_folded(struct ical *c, const char *line, size_t size)
{
    size_t most = ICAL_LINE_MAX;

    while (size > most) {
        size_t cut = most;
        while (cut > 1 && ((unsigned char)line[cut] & 0xC0) == 0x80)
            cut--;
        put(c, line, cut);
        put(c, "\r\n ", 3);
        line += cut;
        size -= cut;
        most = ICAL_LINE_MAX - 1;
    }
    put(c, line, size);
    put(c, "\r\n", 2);
}

void ical_line(struct ical *c, const char *name, const char *value)
{
    char line[WORDS_MAX + 64];
    int size = snprintf(line, sizeof line, "%s:%s", name, value);

    put_folded(c, line, size < (int)sizeof line ? (size_t)size : sizeof line - 1);
}

void ical_words(struct ical *c, const char *name, const char *words)
{
    char escaped[WORDS_MAX];
    size_t n = 0;

    for (; *words && n + 2 < sizeof escaped; words++) {
        if (strchr(",;\\\n", *words))
            escaped[n++] = '\\';
        escaped[n++] = *words == '\n' ? 'n' : *words;
    }
    escaped[n] = '\0';
    ical_line(c, name, escaped);
}

void ical_number(struct ical *c, const char *name, int64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)value);
    ical_line(c, name, text);
}

void ical_time(struct ical *c, const char *name, int64_t at_us)
{
    char time[LEDGER_TIME_TEXT];
    char text[17];
    size_t n = 0;

    ledger_time_format(at_us, time);
    for (const char *t = time; *t != '.'; t++)
        if (*t != '-' && *t != ':')
            text[n++] = *t;
    text[n++] = 'Z';
    text[n] = '\0';
    ical_line(c, name, text);
}
