/* Any bytes as words of a search: what comes out is UTF-8, bounded, and folds to itself. */
#include "fuzz.h"

#include "ledger/fold.h"
#include "ledger/text.h"

#include <stdlib.h>
#include <string.h>

struct seen {
    size_t words;
    size_t bytes;
};

static enum ledger_status check_again(void *ctx, const char *word)
{
    const char *first = ctx;

    assert(strcmp(word, first) == 0);
    return LEDGER_STOP;
}

static enum ledger_status check_word(void *ctx, const char *word)
{
    struct seen *seen = ctx;
    size_t size = strlen(word);

    assert(size >= 1 && size <= LEDGER_FOLD_WORD_MAX);
    assert(ledger_text_check(word, size, LEDGER_FOLD_WORD_MAX) == LEDGER_OK);
    for (size_t i = 0; i < size; i++)
        assert((word[i] < 'A' || word[i] > 'Z') && word[i] != ' ');
    assert(ledger_fold_each(word, check_again, (void *)word) == LEDGER_STOP);
    seen->words++;
    seen->bytes += size;
    return LEDGER_OK;
}

/* The line is those words with blanks between, and cut only where a word would not fit. */
static void check_line(const char *text, const struct seen *seen, size_t room)
{
    char *folded = malloc(room);
    char *again = malloc(room);

    assert(folded && again);
    ledger_fold(text, folded, room);
    ledger_fold(folded, again, room);
    assert(strlen(folded) < room);
    assert(strcmp(folded, again) == 0);
    if (seen->words && seen->bytes + seen->words <= room)
        assert(strlen(folded) == seen->bytes + seen->words - 1);
    free(folded);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = {0};

    if (size < 1)
        return 0;
    char *text = fuzz_text(data + 1, size - 1);
    assert(ledger_fold_each(text, check_word, &seen) == LEDGER_OK);
    check_line(text, &seen, (size_t)data[0] + 1);
    free(text);
    return 0;
}
