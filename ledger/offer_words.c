#include "offer_words.h"

#include "handle.h"

#include <stdio.h>
#include <string.h>

#define KEY_LETTERS_MIN 3

/* They stand in every other offer and tie nothing together. */
static const char *const empty_words[] = {
    "about",  "all",  "also",  "and",   "any",  "are",  "ask",  "based", "been", "both", "but",
    "can",    "each", "for",   "free",  "from", "get",  "has",  "have",  "help", "here", "into",
    "its",    "just", "like",  "look",  "made", "make", "may",  "more",  "most", "need", "new",
    "not",    "off",  "offer", "old",   "one",  "only", "our",  "out",   "over", "own",  "per",
    "please", "seek", "small", "some",  "such", "that", "the",  "their", "them", "they", "this",
    "too",    "two",  "use",   "very",  "want", "was",  "well", "were",  "what", "when", "who",
    "will",   "with", "work",  "would", "you",  "your",
};

static bool is_empty(const char *word)
{
    for (size_t i = 0; i < sizeof empty_words / sizeof empty_words[0]; i++)
        if (strcmp(empty_words[i], word) == 0)
            return true;
    return false;
}

static size_t letters(const char *word)
{
    size_t count = 0;

    for (; *word; word++)
        count += (*word & 0xC0) != 0x80;
    return count;
}

/* English plurals: apples, boxes, brushes; and not glass, bus. */
static size_t without_plural(const char *word, size_t size)
{
    static const char *const before_es[] = {"s", "x", "z", "ch", "sh"};

    if (size < 4 || word[size - 1] != 's' || strchr("su", word[size - 2]))
        return size;
    for (size_t i = 0; i < sizeof before_es / sizeof before_es[0]; i++) {
        size_t n = strlen(before_es[i]);
        if (size > n + 3 && strncmp(word + size - 2 - n, before_es[i], n) == 0 &&
            word[size - 2] == 'e')
            return size - 2;
    }
    return size - 1;
}

bool ledger_offer_key(const char *word, char key[static LEDGER_FOLD_WORD_MAX + 1])
{
    size_t size = without_plural(word, strlen(word));

    if (letters(word) < KEY_LETTERS_MIN || (word[0] >= '0' && word[0] <= '9') || is_empty(word))
        return false;
    memcpy(key, word, size);
    key[size] = '\0';
    return true;
}

static int compare(const struct ledger_offer_word *a, const struct ledger_offer_word *b)
{
    return a->field != b->field ? (a->field < b->field ? -1 : 1) : strcmp(a->text, b->text);
}

static void insert(struct ledger_offer_words *words, enum ledger_offer_field field,
                   const char *text)
{
    struct ledger_offer_word word = {.field = field};
    int at = words->count;

    snprintf(word.text, sizeof word.text, "%s", text);
    while (at > 0 && compare(&words->all[at - 1], &word) > 0)
        at--;
    if (at > 0 && compare(&words->all[at - 1], &word) == 0)
        return;
    memmove(&words->all[at + 1], &words->all[at],
            (size_t)(words->count - at) * sizeof words->all[0]);
    words->all[at] = word;
    words->count++;
}

static int count_of(const struct ledger_offer_words *words, enum ledger_offer_field field)
{
    int count = 0;

    for (int i = 0; i < words->count; i++)
        count += words->all[i].field == field;
    return count;
}

static enum ledger_status take(void *ctx, const char *word)
{
    struct ledger_offer_words *words = ctx;

    if (count_of(words, LEDGER_OFFER_WORD) == LEDGER_OFFER_WORDS_MAX)
        return LEDGER_STOP;
    insert(words, LEDGER_OFFER_WORD, word);
    return LEDGER_OK;
}

static enum ledger_status take_key(void *ctx, const char *word)
{
    struct ledger_offer_words *words = ctx;
    char key[LEDGER_FOLD_WORD_MAX + 1];

    if (count_of(words, LEDGER_OFFER_KEY) == LEDGER_OFFER_WORDS_MAX)
        return LEDGER_STOP;
    if (ledger_offer_key(word, key))
        insert(words, LEDGER_OFFER_KEY, key);
    return LEDGER_OK;
}

static void take_whole(struct ledger_offer_words *words, enum ledger_offer_field field,
                       const char *text)
{
    char whole[LEDGER_FOLD_WORD_MAX + 1];

    ledger_fold(text, whole, sizeof whole);
    if (whole[0])
        insert(words, field, whole);
}

/* Two are not alike for being at one place, and a category is compared as a whole. */
void ledger_offer_words_of(const struct ledger_offer *o, struct ledger_offer_words *words)
{
    const struct {
        ledger_fold_reader *take;
        const char *text;
    } texts[] = {{take, o->title}, {take, o->category},  {take, o->locality},
                 {take, o->words}, {take_key, o->title}, {take_key, o->words}};

    words->count = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        (void)!ledger_fold_each(texts[i].text, texts[i].take, words);
    take_whole(words, LEDGER_OFFER_CATEGORY, o->category);
    take_whole(words, LEDGER_OFFER_LOCALITY, o->locality);
}

enum ledger_status ledger_offer_words_write(struct ledger *l, const struct ledger_offer *o)
{
    struct ledger_offer_words words;

    ledger_offer_words_of(o, &words);
    LEDGER_TRY(
        ledger_exec(l, "DELETE FROM offer_word WHERE offer_id = $1", STORE_ARGS(store_int(o->id))));
    for (int i = 0; i < words.count; i++)
        LEDGER_TRY(ledger_exec(l,
                               "INSERT INTO offer_word (offer_id, field, word) "
                               "VALUES ($1, $2, $3)",
                               STORE_ARGS(store_int(o->id), store_int(words.all[i].field),
                                          store_text(words.all[i].text))));
    return LEDGER_OK;
}
