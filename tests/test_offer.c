/*
 * test_offer.c - offers and wants: what is refused, what a search finds, who answers, what matches, what goes with a member.
 */
#include "support/region.h"

#include "ledger/chores.h"
#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/member.h"
#include "ledger/notice.h"
#include "ledger/offer_answer.h"
#include "ledger/offer_cite.h"
#include "ledger/offer_match.h"
#include "ledger/offer_words.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MILL = 1, JOINERS, RIVERSIDE };

static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "mill");
    region_member(&r, "joiners");
    region_member(&r, "riverside");
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static struct ledger_offer draft(struct region *r, int64_t member_id, const char *category,
                                 const char *title)
{
    struct ledger_offer o = {.member_id = member_id, .until_on = ledger_today(r->l)};

    snprintf(o.category, sizeof o.category, "%s", category);
    snprintf(o.title, sizeof o.title, "%s", title);
    return o;
}

static int64_t post(struct region *r, int64_t member_id, bool is_want, const char *category,
                    const char *title)
{
    struct ledger_offer o = draft(r, member_id, category, title);

    o.is_want = is_want;
    o.until_on += LEDGER_OFFER_DAYS_DEFAULT;
    OK(r, ledger_offer_post(r->l, &o, "local:test"));
    return o.id;
}

static const struct posted {
    const char *what;
    const char *category;
    const char *title;
    const char *words;
    const char *locality;
    int days;
    enum ledger_status status;
} posted[] = {
    {"no category", "", "Bread", "", "", 1, LEDGER_MISSING_PARAMETER},
    {"a category of signs", "--", "Bread", "", "", 1, LEDGER_MISSING_PARAMETER},
    {"no title", "food", "", "", "", 1, LEDGER_MISSING_PARAMETER},
    {"a title without a letter", "food", "!?", "", "", 1, LEDGER_MISSING_PARAMETER},
    {"a tab in the title", "food", "Bread\trolls", "", "", 1, LEDGER_TEXT_MALFORMED},
    {"a line break in the words", "food", "Bread", "fresh\nwarm", "", 1, LEDGER_TEXT_MALFORMED},
    {"an escape in the place", "food", "Bread", "", "\x1b[2J", 1, LEDGER_TEXT_MALFORMED},
    {"an override of direction", "food", "Bread \xE2\x80\xAE", "", "", 1, LEDGER_TEXT_MALFORMED},
    {"half a letter", "food", "Bread\xC3", "", "", 1, LEDGER_TEXT_MALFORMED},
    {"over yesterday", "food", "Bread", "", "", -1, LEDGER_DATE_MALFORMED},
    {"only today", "food", "Bread", "", "", 0, LEDGER_OK},
    {"the longest", "food", "Bread", "", "", LEDGER_OFFER_DAYS_MAX, LEDGER_OK},
    {"a day longer", "food", "Bread", "", "", LEDGER_OFFER_DAYS_MAX + 1, LEDGER_DATE_MALFORMED},
};

static void a_post_is_whole_or_none(void **state)
{
    struct region *r = *state;
    int64_t found = 0;

    for (size_t i = 0; i < sizeof posted / sizeof posted[0]; i++) {
        struct ledger_offer o = draft(r, MILL, posted[i].category, posted[i].title);
        strcpy(o.words, posted[i].words);
        strcpy(o.locality, posted[i].locality);
        o.until_on += posted[i].days;
        enum ledger_status st = ledger_offer_post(r->l, &o, "local:test");
        if (st != posted[i].status)
            fail_msg("%s: %s", posted[i].what, ledger_status_facts(st)->code);
        found += st == LEDGER_OK;
        enum ledger_status got = ledger_offer_get(r->l, found + 1, &o);
        assert_int_equal(got, LEDGER_NO_SUCH_OFFER);
    }
    assert_int_equal(found, 2);
    region_sound(r);
}

static void only_an_active_member_posts(void **state)
{
    struct region *r = *state;
    struct ledger_offer o = draft(r, MILL, "food", "Bread");

    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_SUSPENDED, &region_why));
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, ledger_offer_post(r->l, &o, "local:test"));
}

static void so_many_stand_open_at_once(void **state)
{
    struct region *r = *state;
    struct ledger_offer o;

    for (int i = 0; i < LEDGER_OFFERS_OPEN_MAX; i++)
        post(r, MILL, i % 2, "food", "Bread");
    o = draft(r, MILL, "food", "Bread");
    EXPECT(r, LEDGER_TOO_MANY_OFFERS, ledger_offer_post(r->l, &o, "local:test"));
    OK(r, ledger_offer_get(r->l, 7, &o));
    OK(r, ledger_offer_edit(r->l, &o, "local:test"));
    OK(r, ledger_offer_close(r->l, 7, &region_why));
    post(r, MILL, false, "food", "Bread");
    post(r, JOINERS, false, "food", "Bread");
}

struct seen {
    char ids[100];
    int limit;
};

static enum ledger_status see(void *ctx, const struct ledger_offer *o)
{
    struct seen *seen = ctx;
    size_t used = strlen(seen->ids);

    if (seen->limit-- == 0)
        return LEDGER_STOP;
    snprintf(seen->ids + used, sizeof seen->ids - used, "%s%lld", used ? " " : "",
             (long long)o->id);
    return LEDGER_OK;
}

static void furnish(struct region *r)
{
    struct ledger_offer o = draft(r, JOINERS, "Repairs", "Möbel und Tische");

    strcpy(o.words, "Café tables, straight or round: STRASSENMÖBEL");
    strcpy(o.locality, "Hebden Bridge");
    OK(r, ledger_offer_post(r->l, &o, "local:test"));                /* 1, today only */
    post(r, MILL, false, "food", "Bread, rolls and tables of cake"); /* 2 */
    post(r, RIVERSIDE, true, "FOOD", "Roasting tin");                /* 3 */
    o = draft(r, MILL, "food & drink", "Tablets of soap");
    strcpy(o.locality, "HEBDEN  bridge!");
    o.until_on += 5;
    OK(r, ledger_offer_post(r->l, &o, "local:test")); /* 4 */
    post(r, MILL, false, "crafts", "Old table");      /* 5, closed */
    OK(r, ledger_offer_close(r->l, 5, &region_why));
}

static const struct search {
    const char *what;
    struct ledger_offer_filter filter;
    const char *ids;
} searches[] = {
    {"all that is open", {.open_only = true}, "4 3 2 1"},
    {"all", {0}, "5 4 3 2 1"},
    {"a word", {.words = "bread"}, "2"},
    {"its beginning", {.words = "tabl"}, "5 4 2 1"},
    {"open ones of it", {.words = "tabl", .open_only = true}, "4 2 1"},
    {"no middle of a word", {.words = "ables"}, ""},
    {"accents left out", {.words = "mobel cafe"}, "1"},
    {"accents put in", {.words = "cáfé TABLÉS"}, "1"},
    {"sharp s either way", {.words = "straßen"}, "1"},
    {"all words", {.words = "table cake"}, "2"},
    {"and not only some", {.words = "table cake soap"}, ""},
    {"a word twice", {.words = "table tables"}, "2 1"},
    {"the category is a word too", {.words = "drink"}, "4"},
    {"the place too", {.words = "hebden", .open_only = true}, "4 1"},
    {"a category", {.category = "Food"}, "3 2"},
    {"the whole of it", {.category = "food drink"}, "4"},
    {"no part of it", {.category = "foo"}, ""},
    {"a place", {.locality = "hebden bridge"}, "4 1"},
    {"a place and a word", {.locality = "hebden bridge", .words = "tables"}, "1"},
    {"a category and a place", {.category = "repairs", .locality = "Hebden Bridge"}, "1"},
    {"wants", {.kind = "want"}, "3"},
    {"wants in a category", {.kind = "want", .category = "food"}, "3"},
    {"offers with a word", {.kind = "offer", .words = "ro"}, "2 1"},
    {"a member's", {.member_id = MILL}, "5 4 2"},
    {"a member's open ones", {.member_id = MILL, .open_only = true}, "4 2"},
    {"a member's with a word", {.member_id = MILL, .words = "bread"}, "2"},
    {"nobody's", {.member_id = 77}, ""},
    {"eight words", {.words = "a b c d e f g h"}, ""},
};

/* Each list whole, and then in pages of one: the same. */
static void a_search_finds(void **state)
{
    struct region *r = *state;
    int wrong = 0;

    furnish(r);
    for (size_t i = 0; i < sizeof searches / sizeof searches[0]; i++) {
        struct ledger_offer_filter filter = searches[i].filter;
        struct seen seen = {.limit = -1};
        struct seen pages = {.limit = 1};
        size_t size = 1;

        filter.before_id = INT64_MAX;
        OK(r, ledger_offer_each(r->l, &filter, see, &seen));
        while (strlen(pages.ids) != size) {
            size = strlen(pages.ids);
            pages.limit = 1;
            OK(r, ledger_offer_each(r->l, &filter, see, &pages));
            const char *last = strrchr(pages.ids, ' ');
            filter.before_id = size || pages.ids[0] ? atoll(last ? last : pages.ids) : 1;
        }
        if (strcmp(seen.ids, searches[i].ids) == 0 && strcmp(seen.ids, pages.ids) == 0)
            continue;
        print_error("%s: %s, in pages %s\n", searches[i].what, seen.ids, pages.ids);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void a_search_needs_words(void **state)
{
    static const struct ledger_offer_filter bad[] = {
        {.words = ""},     {.words = " -- "}, {.words = "a b c d e f g h i"},
        {.category = "?"}, {.locality = "!"},
    };
    struct region *r = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct seen seen = {.limit = -1};
        EXPECT(r, LEDGER_SEARCH_MALFORMED, ledger_offer_each(r->l, &bad[i], see, &seen));
    }
}

/* As many words that begin alike as a search goes by, and then one more: the same is found. */
static void frequent_words_find_the_same(void **state)
{
    static const struct search wanted[] = {
        {"frequent", {.words = "a"}, "20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1"},
        {"and a rare one", {.words = "a ab"}, "4"},
        {"and a category", {.words = "a", .category = "AB"}, "4"},
    };
    struct region *r = *state;

    for (int i = 0; i * 100 < LEDGER_SEARCH_LEAD_MAX; i++) {
        struct ledger_offer o = draft(r, MILL, i == 3 ? "ab" : "b", "b");
        for (int w = 0; w < (i == 3 ? 99 : 100); w++)
            snprintf(o.words + strlen(o.words), sizeof o.words - strlen(o.words), " a%d", w);
        OK(r, ledger_offer_post(r->l, &o, "local:test"));
    }
    for (int i = 0; i < 6; i++) {
        struct ledger_offer_filter filter = wanted[i % 3].filter;
        struct seen seen = {.limit = -1};
        filter.before_id = 21;
        OK(r, ledger_offer_each(r->l, &filter, see, &seen));
        assert_string_equal(seen.ids, wanted[i % 3].ids);
        if (i == 2)
            post(r, MILL, false, "b", "a");
    }
}

static void expect_found(struct region *r, const char *words, const char *ids)
{
    const struct ledger_offer_filter filter = {
        .words = words, .open_only = true, .before_id = INT64_MAX};
    struct seen seen = {.limit = -1};

    OK(r, ledger_offer_each(r->l, &filter, see, &seen));
    assert_string_equal(seen.ids, ids);
}

static void the_newest_version_counts(void **state)
{
    struct region *r = *state;
    struct ledger_offer o;

    post(r, MILL, false, "food", "Bread");
    OK(r, ledger_offer_get(r->l, 1, &o));
    strcpy(o.title, "Cake");
    o.currency_id = 1;
    o.price_minor = 250;
    OK(r, ledger_offer_edit(r->l, &o, "local:test"));
    expect_found(r, "bread", "");
    expect_found(r, "cake", "1");
    OK(r, ledger_offer_get(r->l, 1, &o));
    assert_int_equal(o.version, 2);
    assert_int_equal(o.price_minor, 250);
    assert_string_equal(o.code, "CALD");
    o.title[0] = '\0';
    EXPECT(r, LEDGER_MISSING_PARAMETER, ledger_offer_edit(r->l, &o, "local:test"));
    OK(r, ledger_offer_close(r->l, 1, &region_why));
    EXPECT(r, LEDGER_OFFER_CLOSED, ledger_offer_close(r->l, 1, &region_why));
    OK(r, ledger_offer_get(r->l, 1, &o));
    EXPECT(r, LEDGER_OFFER_CLOSED, ledger_offer_edit(r->l, &o, "local:test"));
    region_sound(r);
}

/* Its last day is still one; then it is over, swept or not, and an edit opens it again. */
static void it_stands_until_its_day(void **state)
{
    struct region *r = *state;
    struct ledger_offer_answer a = {.offer_id = 1, .member_id = JOINERS, .words = "Yes"};
    struct ledger_offer o = draft(r, MILL, "food", "Bread");
    int64_t count;

    o.until_on = region_day("2026-03-04");
    OK(r, ledger_offer_post(r->l, &o, "local:test"));
    region_set_day(r, "2026-03-04");
    OK(r, ledger_offer_due(r->l, ledger_now_us(r->l), &count));
    assert_int_equal(count, 0);
    expect_found(r, "bread", "1");
    region_set_day(r, "2026-03-05");
    expect_found(r, "bread", "");
    EXPECT(r, LEDGER_OFFER_CLOSED, ledger_offer_answer(r->l, &a, "local:test"));
    OK(r, ledger_chores_run(r->l, ledger_now_us(r->l), &count));
    assert_int_equal(count, 1);
    OK(r, ledger_chores_run(r->l, ledger_now_us(r->l), &count));
    assert_int_equal(count, 0);
    expect_found(r, "bread", "");
    region_sound(r);
    OK(r, ledger_offer_get(r->l, 1, &o));
    assert_string_equal(ledger_offer_state(r->l, &o), "over");
    EXPECT(r, LEDGER_DATE_MALFORMED, ledger_offer_edit(r->l, &o, "local:test"));
    o.until_on = ledger_today(r->l);
    OK(r, ledger_offer_edit(r->l, &o, "local:test"));
    expect_found(r, "bread", "1");
    OK(r, ledger_offer_answer(r->l, &a, "local:test"));
    region_sound(r);
}

static void a_sweep_is_bounded(void **state)
{
    static const int64_t wanted[] = {LEDGER_OFFER_SWEEP_MAX, 1, 0};
    struct region *r = *state;
    int64_t count;

    for (int i = 0; i <= LEDGER_OFFER_SWEEP_MAX; i++) {
        char handle[20];
        if (i % LEDGER_OFFERS_OPEN_MAX == 0) {
            snprintf(handle, sizeof handle, "m%d", i);
            region_member(r, handle);
        }
        post(r, 4 + i / LEDGER_OFFERS_OPEN_MAX, false, "food", "Bread");
    }
    region_set_day(r, "2026-12-01");
    for (int i = 0; i < 3; i++) {
        OK(r, ledger_offer_due(r->l, ledger_now_us(r->l), &count));
        assert_int_equal(count, wanted[i]);
    }
    region_sound(r);
}

static const struct answered {
    const char *what;
    int64_t offer_id;
    int64_t member_id;
    const char *words;
    enum ledger_status status;
} answered[] = {
    {"no words", 1, JOINERS, "", LEDGER_MISSING_PARAMETER},
    {"a bell", 1, JOINERS, "ding\a", LEDGER_TEXT_MALFORMED},
    {"nothing there", 9, JOINERS, "Yes", LEDGER_NO_SUCH_OFFER},
    {"closed", 2, JOINERS, "Yes", LEDGER_OFFER_CLOSED},
    {"one's own", 1, MILL, "Yes", LEDGER_OWN_OFFER},
    {"the first", 1, JOINERS, "Yes", LEDGER_OK},
    {"the second", 1, JOINERS, "Yes", LEDGER_ALREADY_ANSWERED},
    {"somebody suspended", 1, RIVERSIDE, "Yes", LEDGER_MEMBER_NOT_ACTIVE},
};

static enum ledger_status count_answer(void *ctx, const struct ledger_offer_answer *a)
{
    int *count = ctx;

    assert_string_equal(a->words, "Yes");
    ++*count;
    return LEDGER_OK;
}

static enum ledger_status count_notice(void *ctx, const struct ledger_notice *n)
{
    int *count = ctx;

    assert_int_equal(n->kind, LEDGER_NOTICE_OFFER_ANSWERED);
    assert_int_equal(n->subject_id, 1);
    ++*count;
    return LEDGER_OK;
}

static int notices(struct region *r, int64_t member_id)
{
    const struct ledger_notice_filter filter = {.member_id = member_id, .limit = 10};
    int count = 0;

    OK(r, ledger_notice_each(r->l, &filter, count_notice, &count));
    return count;
}

static int answers(struct region *r, int64_t offer_id, int64_t member_id)
{
    const struct ledger_offer_answer_filter filter = {
        .offer_id = offer_id, .member_id = member_id, .limit = 10};
    int count = 0;

    OK(r, ledger_offer_answer_each(r->l, &filter, count_answer, &count));
    return count;
}

static void who_answers_what(void **state)
{
    struct region *r = *state;

    post(r, MILL, false, "food", "Bread");
    post(r, MILL, false, "food", "Cake");
    OK(r, ledger_offer_close(r->l, 2, &region_why));
    OK(r, ledger_member_change_state(r->l, RIVERSIDE, LEDGER_SUSPENDED, &region_why));
    for (size_t i = 0; i < sizeof answered / sizeof answered[0]; i++) {
        struct ledger_offer_answer a = {.offer_id = answered[i].offer_id,
                                        .member_id = answered[i].member_id};
        strcpy(a.words, answered[i].words);
        enum ledger_status st = ledger_offer_answer(r->l, &a, "local:test");
        if (st != answered[i].status)
            fail_msg("%s: %s", answered[i].what, ledger_status_facts(st)->code);
    }
    assert_int_equal(answers(r, 0, 0), 1);
    assert_int_equal(answers(r, 1, 0), 1);
    assert_int_equal(answers(r, 1, JOINERS), 1);
    assert_int_equal(answers(r, 1, RIVERSIDE), 0);
    assert_int_equal(answers(r, 2, 0), 0);
    assert_int_equal(answers(r, 0, MILL), 1);
    assert_int_equal(answers(r, 0, JOINERS), 1);
    assert_int_equal(answers(r, 0, RIVERSIDE), 0);
    assert_int_equal(notices(r, MILL), 1);
    assert_int_equal(notices(r, 0), 1);
    region_sound(r);
}

static void what_a_payment_is_for(void **state)
{
    struct region *r = *state;
    int64_t mill = region_account(r, "mill", "CALD");
    int64_t joiners = region_account(r, "joiners", "CALD");
    struct ledger_offer o;
    int64_t offer_id;

    post(r, MILL, false, "food", "Bread");
    post(r, MILL, true, "repairs", "Shelf");
    OK(r, ledger_offer_check_cite(r->l, 1, "joiners", "mill"));
    EXPECT(r, LEDGER_OFFER_OF_ANOTHER, ledger_offer_check_cite(r->l, 1, "mill", "joiners"));
    OK(r, ledger_offer_check_cite(r->l, 2, "mill", "joiners"));
    EXPECT(r, LEDGER_OFFER_OF_ANOTHER, ledger_offer_check_cite(r->l, 2, "joiners", "mill"));
    EXPECT(r, LEDGER_NO_SUCH_OFFER, ledger_offer_check_cite(r->l, 3, "joiners", "mill"));
    OK(r, ledger_offer_cite(r->l, 1, "transfer", region_pay(r, joiners, mill, 500)));
    OK(r, ledger_offer_cite(r->l, 2, "transfer", region_pay(r, mill, joiners, 100)));
    OK(r, ledger_offer_cited(r->l, "transfer", 2, &offer_id));
    assert_int_equal(offer_id, 2);
    OK(r, ledger_offer_cited(r->l, "transfer", 3, &offer_id));
    assert_int_equal(offer_id, 0);
    OK(r, ledger_offer_get(r->l, 1, &o));
    assert_int_equal(o.cited, 1);
    region_sound(r);
}

/* Once it is closed or over: only with who answered it in time. */
static void a_deal_was_made_while_it_stood_open(void **state)
{
    struct region *r = *state;
    struct ledger_offer_answer yes = {.offer_id = 1, .member_id = JOINERS, .words = "Six loaves"};
    struct ledger_offer_answer can = {.offer_id = 2, .member_id = RIVERSIDE, .words = "We can"};

    post(r, MILL, false, "food", "Bread");
    post(r, MILL, true, "repairs", "Shelf");
    OK(r, ledger_offer_answer(r->l, &yes, "local:test"));
    OK(r, ledger_offer_answer(r->l, &can, "local:test"));
    OK(r, ledger_offer_close(r->l, 1, &region_why));
    OK(r, ledger_offer_check_cite(r->l, 1, "joiners", "mill"));
    EXPECT(r, LEDGER_OFFER_CLOSED, ledger_offer_check_cite(r->l, 1, "riverside", "mill"));
    EXPECT(r, LEDGER_OFFER_OF_ANOTHER, ledger_offer_check_cite(r->l, 1, "mill", "joiners"));
    r->clock.now_us += LEDGER_US_PER_DAY * LEDGER_OFFER_DAYS_DEFAULT;
    OK(r, ledger_offer_check_cite(r->l, 2, "mill", "joiners"));
    r->clock.now_us += LEDGER_US_PER_DAY;
    EXPECT(r, LEDGER_OFFER_CLOSED, ledger_offer_check_cite(r->l, 2, "mill", "joiners"));
    OK(r, ledger_offer_check_cite(r->l, 2, "mill", "riverside"));
}

static const struct keyed {
    const char *word;
    const char *key; /* NULL: it says nothing */
} keys[] = {
    {"apples", "apple"},  {"apple", "apple"},   {"boxes", "box"},     {"brushes", "brush"},
    {"benches", "bench"}, {"glass", "glass"},   {"glasses", "glass"}, {"bus", "bus"},
    {"houses", "hous"},   {"gas", "gas"},       {"tea", "tea"},       {"an", NULL},
    {"жы", NULL},         {"жир", "жир"},       {"with", NULL},       {"2026", NULL},
    {"4x4", NULL},        {"wanted", "wanted"},
};

static void a_key_is_the_word_without_its_plural(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char key[LEDGER_FOLD_WORD_MAX + 1] = "";
        bool says = ledger_offer_key(keys[i].word, key);
        if (says != (keys[i].key != NULL) || strcmp(key, keys[i].key ? keys[i].key : "") != 0)
            fail_msg("\"%s\" is \"%s\"", keys[i].word, key);
    }
}

static int count_words(const struct ledger_offer_words *words, enum ledger_offer_field field)
{
    int count = 0;

    for (int i = 0; i < words->count; i++)
        count += words->all[i].field == field;
    return count;
}

/* Two-letter words: "aa" to "hh" and more; all but the one that is too many are found. */
static void so_many_words_are_kept(void **state)
{
    static struct ledger_offer_words words;
    struct ledger_offer o = {.title = "aa", .category = "aa"};

    (void)state;
    for (int i = 1; i < LEDGER_OFFER_WORDS_MAX + 1; i++) {
        ledger_offer_words_of(&o, &words);
        assert_int_equal(count_words(&words, LEDGER_OFFER_WORD), i);
        size_t used = strlen(o.words);
        snprintf(o.words + used, sizeof o.words - used, " %c%c", 'a' + i / 16, 'a' + i % 16);
    }
    ledger_offer_words_of(&o, &words);
    assert_int_equal(count_words(&words, LEDGER_OFFER_WORD), LEDGER_OFFER_WORDS_MAX);
    assert_int_equal(count_words(&words, LEDGER_OFFER_CATEGORY), 1);
}

struct told {
    char text[400];
};

static enum ledger_status tell(void *ctx, const struct ledger_offer_match *m)
{
    struct told *told = ctx;
    size_t used = strlen(told->text);

    snprintf(told->text + used, sizeof told->text - used, "%s%s %lld %lld %s%s", used ? "; " : "",
             m->earns ? "earn" : "spend", (long long)m->own_id, (long long)m->other_id, m->why,
             m->by_category ? "+" : "");
    return LEDGER_OK;
}

static void expect_matches(struct region *r, int64_t member_id, const char *text)
{
    struct told told = {""};

    OK(r, ledger_offer_match_each(r->l, member_id, tell, &told));
    assert_string_equal(told.text, text);
}

static void what_could_help(void **state)
{
    struct region *r = *state;
    int64_t mill = region_account(r, "mill", "CALD");
    int64_t joiners = region_account(r, "joiners", "CALD");

    post(r, MILL, false, "food", "Apple pies and bread");        /* 1 */
    post(r, MILL, true, "repairs", "A table for the shop");      /* 2 */
    post(r, RIVERSIDE, true, "parties", "Pies, with an apple");  /* 3 */
    post(r, RIVERSIDE, true, "Food", "Lunch for the shop");      /* 4 */
    post(r, JOINERS, false, "furniture", "Tables with drawers"); /* 5 */
    post(r, MILL, true, "food", "Apple pies");                   /* 6: its own is no match */
    post(r, RIVERSIDE, true, "music", "A singer with an offer"); /* 7: nothing in common */
    expect_matches(r, MILL, "earn 1 3 apple, pie; earn 1 4 +; spend 2 5 table");
    region_pay(r, mill, joiners, 100);
    expect_matches(r, MILL, "earn 1 3 apple, pie; earn 1 4 +");
    expect_matches(r, JOINERS, "");
    region_pay(r, joiners, mill, 150);
    expect_matches(r, MILL, "spend 2 5 table");
    expect_matches(r, JOINERS, "earn 5 2 table");
    OK(r, ledger_member_set_attribute(r->l, JOINERS, "sector", "MUSIC", ledger_today(r->l), "x"));
    expect_matches(r, JOINERS, "earn 5 2 table; earn 0 7 +");
    OK(r, ledger_member_set_attribute(r->l, JOINERS, "sector", "Repairs", ledger_today(r->l), "x"));
    expect_matches(r, JOINERS, "earn 5 2 table");
    OK(r, ledger_offer_close(r->l, 2, &region_why));
    expect_matches(r, JOINERS, "");
    EXPECT(r, LEDGER_NO_SUCH_MEMBER, ledger_offer_match_each(r->l, 99, tell, &(struct told){""}));
}

static enum ledger_status count_match(void *ctx, const struct ledger_offer_match *m)
{
    int *count = ctx;

    assert_true(m->earns);
    ++*count;
    return LEDGER_OK;
}

static void matches_are_bounded(void **state)
{
    struct region *r = *state;
    int count = 0;

    for (int i = 0; i <= LEDGER_MATCH_OWN_MAX; i++)
        post(r, MILL, false, "food", "Bread");
    for (int i = 0; i <= LEDGER_MATCH_EACH_MAX; i++)
        post(r, JOINERS, true, "food", "Bread");
    OK(r, ledger_offer_match_each(r->l, MILL, count_match, &count));
    assert_int_equal(count, LEDGER_MATCH_OWN_MAX * LEDGER_MATCH_EACH_MAX);
}

static void who_leaves_takes_its_words_along(void **state)
{
    struct region *r = *state;
    struct ledger_offer_answer a = {.offer_id = 2, .member_id = MILL, .words = "Yes"};
    struct ledger_offer o;

    post(r, MILL, false, "food", "Bread");
    post(r, JOINERS, true, "food", "Rolls");
    OK(r, ledger_offer_answer(r->l, &a, "local:test"));
    OK(r, ledger_member_leave(r->l, MILL, &region_why));
    OK(r, ledger_offer_get(r->l, 1, &o));
    assert_string_equal(ledger_offer_state(r->l, &o), "closed");
    assert_string_equal(o.title, "Bread");
    region_sound(r);
    OK(r, ledger_erase_member(r->l, MILL, &region_why));
    OK(r, ledger_offer_get(r->l, 1, &o));
    assert_true(o.erased);
    assert_string_equal(o.title, "");
    assert_string_equal(o.handle, "erased-1");
    OK(r, ledger_offer_answer_get(r->l, a.id, &a));
    assert_true(a.erased);
    assert_string_equal(a.words, "");
    assert_string_equal(a.title, "Rolls");
    region_sound(r);
}

static const struct damage {
    const char *sql;
    const char *problem;
} damages[] = {
    {"UPDATE offer SET version = 2", "version of it is missing"},
    {"DELETE FROM offer_version", "version of it is missing"},
    {"INSERT INTO offer_version VALUES (9, 1, NULL, NULL, 1, 1, '')", "stands without it"},
    {"INSERT INTO offer_close VALUES (9, 1, '', '')", "stands without it"},
    {"INSERT INTO offer_answer VALUES (9, 9, 1, 1, '')", "stands without it"},
    {"INSERT INTO offer_cite VALUES ('transfer', 2, 9)", "stands without it"},
    {"INSERT INTO offer_cite VALUES ('request', 2, 1)", "request 2: it is for an offer"},
    {"UPDATE offer SET until_on = until_on + 1", "not that of its newest version"},
    {"INSERT INTO offer_close VALUES (1, 1, '', '')", "counts as open"},
    {"UPDATE offer SET open = 0", "is not found"},
    {"DELETE FROM offer_text", "no erasure is on record"},
    {"INSERT INTO offer_text VALUES (1, 2, 'a', 'b', '', '', '')", "stand without a version"},
    {"UPDATE offer_text SET title = 'Cake'", "found by are not its own"},
    {"DELETE FROM offer_word WHERE word = 'bread'", "found by are not its own"},
    {"INSERT INTO offer_word VALUES (1, 0, 'cake')", "found by are not its own"},
    {"INSERT INTO offer_word VALUES (9, 0, 'cake')", "words that it does not have"},
    {"UPDATE offer_answer SET member_id = 1", "who posted it answers it"},
    {"DELETE FROM offer_answer_text", "no erasure is on record"},
    {"INSERT INTO offer_answer_text VALUES (9, '')", "words stand without it"},
    {"UPDATE offer_cite SET subject = 2", "of somebody else"},
    {"UPDATE offer SET kind = 'want'", "of somebody else"},
};

static void furnish_one(struct region *r)
{
    struct ledger_offer_answer a = {.offer_id = 1, .member_id = JOINERS, .words = "Yes"};
    int64_t mill = region_account(r, "mill", "CALD");

    post(r, MILL, false, "food", "Bread");
    OK(r, ledger_offer_answer(r->l, &a, "local:test"));
    OK(r, ledger_offer_cite(r->l, 1, "transfer",
                            region_pay(r, region_account(r, "joiners", "CALD"), mill, 5)));
}

static void damage_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        struct region at;
        void *one = &at;
        struct ledger_verification v;

        set_up(&one);
        struct region *r = one;
        furnish_one(r);
        region_close(r);
        region_damage(r->path, damages[i].sql);
        region_open(r, false);
        if (ledger_verify(r->l, NULL, NULL, &v) != LEDGER_INTEGRITY ||
            !strstr(ledger_message(r->l), damages[i].problem))
            fail_msg("%s: %s", damages[i].sql, ledger_message(r->l));
        region_end(r);
    }
}

static void the_file_refuses(void **state)
{
    static const char *const tries[][2] = {
        {"DELETE FROM offer", "append-only"},
        {"UPDATE offer SET kind = 'want'", "only its version"},
        {"UPDATE offer_version SET until_on = 1", "append-only"},
        {"DELETE FROM offer_version", "append-only"},
        {"UPDATE offer_close SET reason = ''", "append-only"},
        {"DELETE FROM offer_close", "append-only"},
        {"UPDATE offer_answer SET at_us = 1", "append-only"},
        {"DELETE FROM offer_answer", "append-only"},
        {"UPDATE offer_cite SET offer_id = 2", "append-only"},
        {"DELETE FROM offer_cite", "append-only"},
        {"UPDATE offer_text SET title = ''", "never edited"},
        {"DELETE FROM offer_text", "erasure first"},
        {"UPDATE offer_answer_text SET words = ''", "never edited"},
        {"DELETE FROM offer_answer_text", "erasure first"},
        {"INSERT INTO offer_answer VALUES (9, 1, 2, 1, '')", "taken"},
    };
    static const char *const tables[] = {"offer",       "offer_version", "offer_text",
                                         "offer_close", "offer_answer",  "offer_answer_text",
                                         "offer_cite"};
    struct region *r = *state;
    char sql[200];

    furnish_one(r);
    post(r, MILL, true, "food", "Flour");
    OK(r, ledger_offer_close(r->l, 2, &region_why));
    region_close(r);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        const char *message = region_raw(r->path, tries[i][0]);
        if (!message || !strstr(message, tries[i][1]))
            fail_msg("%s: %s", tries[i][0], message ? message : "went through");
    }
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO %1$s SELECT * FROM %1$s", tables[i]);
        const char *message = region_raw(r->path, sql);
        if (!message || !strstr(message, "taken"))
            fail_msg("%s: %s", sql, message ? message : "went through");
    }
    region_open(r, true);
    region_sound(r);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(a_post_is_whole_or_none),
        EACH(only_an_active_member_posts),
        EACH(so_many_stand_open_at_once),
        EACH(a_search_finds),
        EACH(a_search_needs_words),
        EACH(frequent_words_find_the_same),
        EACH(the_newest_version_counts),
        EACH(it_stands_until_its_day),
        EACH(a_sweep_is_bounded),
        EACH(who_answers_what),
        EACH(what_a_payment_is_for),
        EACH(a_deal_was_made_while_it_stood_open),
        cmocka_unit_test(a_key_is_the_word_without_its_plural),
        cmocka_unit_test(so_many_words_are_kept),
        EACH(what_could_help),
        EACH(matches_are_bounded),
        EACH(who_leaves_takes_its_words_along),
        EACH(the_file_refuses),
        cmocka_unit_test(damage_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
