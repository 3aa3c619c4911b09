#include "request_line.h"

#include "amount.h"
#include "handle.h"

#include <stdio.h>
#include <string.h>

#define MILLI 1000

enum ledger_status ledger_quantity_parse(struct ledger *l, const char *text,
                                         int64_t *quantity_milli)
{
    if (ledger_amount_parse(text, LEDGER_QUANTITY_SCALE, false, LEDGER_AMOUNT_POSITIVE,
                            quantity_milli, NULL, 0) == LEDGER_OK &&
        *quantity_milli <= LEDGER_QUANTITY_MAX)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_QUANTITY_MALFORMED, "quantity",
                               "a quantity is more than zero, at most 1000000000, with at most 3 "
                               "decimals: 2 or 1.5");
}

static enum ledger_status refuse_rate(struct ledger *l)
{
    return ledger_refuse_field(l, LEDGER_TAX_RATE_MALFORMED, "tax",
                               "a tax rate is 0 to 100 percent, with at most 2 decimals: 20 or "
                               "5.5");
}

enum ledger_status ledger_tax_rate_parse(struct ledger *l, const char *text, int *tax_points)
{
    int64_t points;

    if (ledger_amount_parse(text, 2, false, LEDGER_AMOUNT_UNSIGNED, &points, NULL, 0) !=
            LEDGER_OK ||
        points > LEDGER_TAX_POINTS_MAX)
        return refuse_rate(l);
    *tax_points = (int)points;
    return LEDGER_OK;
}

/* Half away from zero. */
static int64_t divide(int64_t a, int64_t by)
{
    return a < 0 ? -((by / 2 - a) / by) : (a + by / 2) / by;
}

/* The net times the rate, without passing what 64 bits hold: the whole ten thousands first. */
static int64_t tax_of(int64_t net_minor, int tax_points)
{
    return net_minor / LEDGER_TAX_POINTS_MAX * tax_points +
           divide(net_minor % LEDGER_TAX_POINTS_MAX * tax_points, LEDGER_TAX_POINTS_MAX);
}

static enum ledger_status check_line(struct ledger *l, const struct ledger_request_line *line,
                                     size_t *words)
{
    if (!line->words || !line->words[0])
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "text",
                                   "each line says in words what it is for");
    LEDGER_TRY(ledger_check_text(l, "text", line->words, LEDGER_REQUEST_WORDS_MAX));
    *words += strlen(line->words);
    if (*words > LEDGER_REQUEST_TEXT_MAX)
        return ledger_refuse_field(l, LEDGER_LINES_TOO_LONG, "text",
                                   "the words of all lines have at most %d bytes together: say it "
                                   "shorter, or in several requests",
                                   LEDGER_REQUEST_TEXT_MAX);
    if (line->quantity_milli < 1 || line->quantity_milli > LEDGER_QUANTITY_MAX)
        return ledger_refuse_field(l, LEDGER_QUANTITY_MALFORMED, "quantity",
                                   "a quantity is more than zero, at most 1000000000");
    if (line->tax_points < 0 || line->tax_points > LEDGER_TAX_POINTS_MAX)
        return refuse_rate(l);
    return LEDGER_OK;
}

/* What the lines of one rate come to so far, in thousandths of a minor unit. */
struct exact {
    int64_t sum_milli;
    int64_t size_milli; /* the same without signs: bounded, so that every sum on the way is */
};

static enum ledger_status find_rate(struct ledger *l, struct ledger_request_totals *t,
                                    int tax_points, int *at)
{
    for (*at = 0; *at < t->rate_count; (*at)++)
        if (t->rates[*at].tax_points == tax_points)
            return LEDGER_OK;
    if (*at == LEDGER_REQUEST_RATES_MAX)
        return ledger_refuse_field(l, LEDGER_TOO_MANY_RATES, "tax",
                                   "a request has at most %d tax rates", LEDGER_REQUEST_RATES_MAX);
    t->rates[t->rate_count++] = (struct ledger_request_rate){.tax_points = tax_points};
    return LEDGER_OK;
}

static enum ledger_status refuse_size(struct ledger *l, const char *field)
{
    return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, field,
                               "the lines come to more than what the ledger counts");
}

static enum ledger_status add_line(struct ledger *l, struct ledger_request_line *line,
                                   struct exact exact[], struct ledger_request_totals *t)
{
    int64_t value_milli;
    int at;

    LEDGER_TRY(find_rate(l, t, line->tax_points, &at));
    int64_t size_minor = line->price_minor < 0 ? -line->price_minor : line->price_minor;
    if (size_minor > LEDGER_AMOUNT_MAX ||
        __builtin_mul_overflow(line->quantity_milli, size_minor, &value_milli) ||
        value_milli > LEDGER_AMOUNT_MAX * MILLI - exact[at].size_milli)
        return refuse_size(l, "price");
    exact[at].size_milli += value_milli;
    exact[at].sum_milli += line->price_minor < 0 ? -value_milli : value_milli;
    line->net_minor = divide(exact[at].sum_milli, MILLI) - t->rates[at].net_minor;
    t->rates[at].net_minor += line->net_minor;
    return LEDGER_OK;
}

enum ledger_status ledger_request_line_blame(struct ledger *l, enum ledger_status status, int line)
{
    const char *field = ledger_last_facts(l)->field;
    char sentence[LEDGER_MESSAGE_MAX];

    snprintf(sentence, sizeof sentence, "%.*s", LEDGER_MESSAGE_MAX - 40, ledger_message(l));
    return ledger_blame(l, ledger_refuse(l, status, "line %d: %s", line + 1, sentence), field,
                        line);
}

static enum ledger_status add_up(struct ledger *l, struct ledger_request_totals *t)
{
    for (int i = 0; i < t->rate_count; i++) {
        struct ledger_request_rate *rate = &t->rates[i];
        rate->tax_minor = tax_of(rate->net_minor, rate->tax_points);
        if (ledger_amount_add(t->net_minor, rate->net_minor, &t->net_minor) != LEDGER_OK ||
            ledger_amount_add(t->tax_minor, rate->tax_minor, &t->tax_minor) != LEDGER_OK)
            return refuse_size(l, "lines");
    }
    if (ledger_amount_add(t->net_minor, t->tax_minor, &t->gross_minor) != LEDGER_OK)
        return refuse_size(l, "lines");
    if (t->gross_minor < 1)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "lines",
                                   "the lines come to nothing, or less: a request asks for more "
                                   "than zero");
    return LEDGER_OK;
}

enum ledger_status ledger_request_lines_total(struct ledger *l, struct ledger_request_line *lines,
                                              int count, struct ledger_request_totals *totals)
{
    struct exact exact[LEDGER_REQUEST_RATES_MAX] = {0};
    size_t words = 0; /* bytes, of the lines so far */

    *totals = (struct ledger_request_totals){0};
    if (count < 1)
        return ledger_refuse_field(l, LEDGER_NO_LINES, "lines",
                                   "a request says what it is for, in one line or more");
    if (count > LEDGER_REQUEST_LINES_MAX)
        return ledger_refuse_field(l, LEDGER_TOO_MANY_LINES, "lines",
                                   "%d lines are too many: a request has at most %d", count,
                                   LEDGER_REQUEST_LINES_MAX);
    for (int i = 0; i < count; i++) {
        enum ledger_status status = check_line(l, &lines[i], &words);
        if (status == LEDGER_OK)
            status = add_line(l, &lines[i], exact, totals);
        if (status != LEDGER_OK)
            return ledger_request_line_blame(l, status, i);
    }
    return add_up(l, totals);
}

static enum ledger_status write_line(struct ledger *l, int64_t request_id, int number,
                                     const struct ledger_request_line *line)
{
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO request_line (request_id, line, quantity_milli, price_minor, tax_points, "
        "net_minor) VALUES ($1, $2, $3, $4, $5, $6)",
        STORE_ARGS(store_int(request_id), store_int(number), store_int(line->quantity_milli),
                   store_int(line->price_minor), store_int(line->tax_points),
                   store_int(line->net_minor))));
    return ledger_exec(
        l, "INSERT INTO request_line_text (request_id, line, words) VALUES ($1, $2, $3)",
        STORE_ARGS(store_int(request_id), store_int(number), store_text(line->words)));
}

enum ledger_status ledger_request_lines_write(struct ledger *l, int64_t request_id,
                                              const struct ledger_request_line *lines, int count,
                                              const struct ledger_request_totals *totals)
{
    for (int i = 0; i < count; i++)
        LEDGER_TRY(write_line(l, request_id, i + 1, &lines[i]));
    for (int i = 0; i < totals->rate_count; i++) {
        const struct ledger_request_rate *rate = &totals->rates[i];
        LEDGER_TRY(
            ledger_exec(l,
                        "INSERT INTO request_rate (request_id, tax_points, net_minor, tax_minor) "
                        "VALUES ($1, $2, $3, $4)",
                        STORE_ARGS(store_int(request_id), store_int(rate->tax_points),
                                   store_int(rate->net_minor), store_int(rate->tax_minor))));
    }
    return LEDGER_OK;
}

struct each_line {
    ledger_request_line_reader *read;
    void *ctx;
};

static enum ledger_status read_line(void *into, const struct store_row *row)
{
    const struct each_line *each = into;
    const struct ledger_request_line line = {.words = store_row_text(row, 5),
                                             .quantity_milli = store_row_int(row, 1),
                                             .price_minor = store_row_int(row, 2),
                                             .tax_points = (int)store_row_int(row, 3),
                                             .net_minor = store_row_int(row, 4)};

    return each->read(each->ctx, (int)store_row_int(row, 0), &line);
}

enum ledger_status ledger_request_lines(struct ledger *l, int64_t request_id, int after, int limit,
                                        ledger_request_line_reader *read, void *ctx)
{
    struct each_line each = {read, ctx};

    return ledger_each(l,
                       "SELECT n.line, n.quantity_milli, n.price_minor, n.tax_points, n.net_minor, "
                       "x.words FROM request_line n LEFT JOIN request_line_text x ON "
                       "x.request_id = n.request_id AND x.line = n.line "
                       "WHERE n.request_id = $1 AND n.line > $2 ORDER BY n.line LIMIT $3",
                       STORE_ARGS(store_int(request_id), store_int(after), store_int(limit)),
                       read_line, &each);
}

struct each_rate {
    ledger_request_rate_reader *read;
    void *ctx;
};

static enum ledger_status read_rate(void *into, const struct store_row *row)
{
    const struct each_rate *each = into;
    const struct ledger_request_rate rate = {(int)store_row_int(row, 0), store_row_int(row, 1),
                                             store_row_int(row, 2)};

    return each->read(each->ctx, &rate);
}

enum ledger_status ledger_request_rates(struct ledger *l, int64_t request_id,
                                        ledger_request_rate_reader *read, void *ctx)
{
    struct each_rate each = {read, ctx};

    return ledger_each(l,
                       "SELECT tax_points, net_minor, tax_minor FROM request_rate "
                       "WHERE request_id = $1 ORDER BY tax_points",
                       STORE_ARGS(store_int(request_id)), read_rate, &each);
}
