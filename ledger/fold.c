#include "fold.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#define POINTS_MAX 32 /* that one character falls apart into: 18 in Unicode 15 */
#define FOLDING                                                                                    \
    (UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

struct word {
    ledger_fold_reader *read;
    void *ctx;
    size_t size;
    bool full;
    char text[LEDGER_FOLD_WORD_MAX + 1];
};

/* Letters with a stroke, or two in one: Unicode does not take them apart. */
static const struct {
    utf8proc_int32_t point;
    const char *plain;
} plain[] = {
    {0xE6, "ae"}, {0xF0, "d"},  {0xF8, "o"},  {0xFE, "th"},  {0x111, "d"},
    {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"},
};

static enum ledger_status end_word(struct word *w)
{
    size_t size = w->size;

    w->size = 0;
    w->full = false;
    if (size == 0)
        return LEDGER_OK;
    w->text[size] = '\0';
    return w->read(w->ctx, w->text);
}

/* A word that is full takes no more: a shorter letter after the one that did not fit would tell another. */
static void append(struct word *w, const char *bytes, size_t size)
{
    w->full = w->full || w->size + size > LEDGER_FOLD_WORD_MAX;
    if (w->full)
        return;
    memcpy(w->text + w->size, bytes, size);
    w->size += size;
}

static void append_letter(struct word *w, utf8proc_int32_t point)
{
    utf8proc_uint8_t bytes[4];

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (plain[i].point == point) {
            append(w, plain[i].plain, strlen(plain[i].plain));
            return;
        }
    append(w, (const char *)bytes, (size_t)utf8proc_encode_char(point, bytes));
}

enum part { LETTER, MARK, BETWEEN };

/*
 * Accents and vowel points have combining classes from 10 on, and what is struck through a letter has 1. The
 * others are part of how a word is written: vowels of Devanagari (0), nukta, kana voicing, virama (7 to 9).
 */
static enum part part_of(utf8proc_int32_t point)
{
    const utf8proc_property_t *p = utf8proc_get_property(point);

    switch (p->category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return p->combining_class == 1 || p->combining_class >= 10 ? MARK : LETTER;
    case UTF8PROC_CATEGORY_ME:
        return MARK;
    }
    return BETWEEN;
}

static enum ledger_status take(struct word *w, utf8proc_int32_t point)
{
    utf8proc_int32_t points[POINTS_MAX];
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(point, points, POINTS_MAX, FOLDING, &boundary);

    if (count < 0 || count > POINTS_MAX)
        return end_word(w);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        enum part part = part_of(points[i]);
        if (part == LETTER)
            append_letter(w, points[i]);
        else if (part == BETWEEN)
            LEDGER_TRY(end_word(w));
    }
    return LEDGER_OK;
}

enum ledger_status ledger_fold_each(const char *text, ledger_fold_reader *read, void *ctx)
{
    struct word w = {.read = read, .ctx = ctx};
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
    size_t left = strlen(text);

    while (left > 0) {
        utf8proc_int32_t point;
        utf8proc_ssize_t step = utf8proc_iterate(at, (utf8proc_ssize_t)left, &point);
        LEDGER_TRY(step > 0 ? take(&w, point) : end_word(&w));
        step = step > 0 ? step : 1;
        at += step;
        left -= (size_t)step;
    }
    return end_word(&w);
}

struct line {
    char *text;
    size_t size;
    size_t room;
};

static enum ledger_status join(void *ctx, const char *word)
{
    struct line *line = ctx;
    size_t blank = line->size > 0;
    size_t size = strlen(word);

    if (line->size + blank + size >= line->room)
        return LEDGER_STOP;
    if (blank)
        line->text[line->size++] = ' ';
    memcpy(line->text + line->size, word, size + 1);
    line->size += size;
    return LEDGER_OK;
}

void ledger_fold(const char *text, char *folded, size_t room)
{
    struct line line = {folded, 0, room};

    folded[0] = '\0';
    (void)!ledger_fold_each(text, join, &line);
}
