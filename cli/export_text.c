/*
 * export_text.c - plain-text accounting: hledger, ledger and beancount.
 */
#include "export.h"

#include "ledger/text.h"

#include <ctype.h>
#include <string.h>

/* A sign that the format would read as its own stands as another; blanks never stand together. */
static void write_clean(const char *text, const char *signs, const char *instead, FILE *out)
{
    bool blank = true;

    for (; *text; text++) {
        const char *found = strchr(signs, *text);
        char c = found ? instead[found - signs] : *text;

        if (c != ' ' || !blank)
            fputc(c, out);
        blank = c == ' ';
    }
}

/* ";" begins a comment, "|" parts a payee from a note. */
static void write_description(const char *text, FILE *out)
{
    write_clean(text, ";|", ",/", out);
}

/* In a comment "," ends a tag, ":" makes one and "[" may begin a date. */
static void write_comment(const char *text, FILE *out)
{
    write_clean(text, ";,:[]", "   ()", out);
}

static void write_tag(const char *name, const char *value, FILE *out)
{
    if (!*value)
        return;
    fprintf(out, "    ; %s: ", name);
    write_clean(value, ";,[]", "  ()", out);
    fputc('\n', out);
}

static void write_tags(const json_t *transfer, FILE *out)
{
    json_int_t corrects = json_integer_value(json_object_get(transfer, "corrects"));

    write_tag("kind", export_text(transfer, "kind"), out);
    write_tag("posted", export_text(transfer, "posted"), out);
    write_tag("reference", export_text(transfer, "reference"), out);
    if (corrects)
        fprintf(out, "    ; corrects: %" JSON_INTEGER_FORMAT "\n", corrects);
}

static void write_title(const struct export *x, FILE *out)
{
    fputs("; ", out);
    write_comment(export_text(x->node, "name"), out);
    if (x->member) {
        fputs(", the account of ", out);
        write_comment(export_name(x, x->member), out);
    }
    fputs(". A plus is in the member's favour; ", out);
    fprintf(out, "%s.\n\n",
            x->member ? "the others are what it was paid for or by" : "the sum of all is zero");
}

/* How the scale of a currency is shown: 1000.00 */
static void write_sample(const json_t *currency, const char *no_decimals, FILE *out)
{
    int scale = (int)json_integer_value(json_object_get(currency, "scale"));

    fprintf(out, scale ? "1000.%.*s" : "1000%.0d%s", scale, scale ? "000000" : no_decimals);
}

static void begin_hledger(const struct export *x)
{
    size_t i;
    json_t *currency;
    const char *handle;
    json_t *codes;

    write_title(x, x->out);
    fputs("decimal-mark .\n", x->out);
    json_array_foreach(x->currencies, i, currency)
    {
        fputs("commodity ", x->out);
        write_sample(currency, ".", x->out);
        fprintf(x->out, " %s\n", export_text(currency, "code"));
    }
    json_object_foreach(x->accounts, handle, codes)
    {
        fprintf(x->out, "account members:%s  ; ", handle);
        write_comment(export_name(x, handle), x->out);
        fputc('\n', x->out);
    }
    if (x->member)
        fprintf(x->out, "account assets:%s\n", x->member);
}

static void begin_ledger(const struct export *x)
{
    size_t i;
    json_t *currency;
    const char *handle;
    json_t *codes;

    write_title(x, x->out);
    json_array_foreach(x->currencies, i, currency)
    {
        fprintf(x->out, "commodity %s\n    format ", export_text(currency, "code"));
        write_sample(currency, "", x->out);
        fprintf(x->out, " %s\n", export_text(currency, "code"));
    }
    json_object_foreach(x->accounts, handle, codes)
    {
        fprintf(x->out, "account members:%s\n    note ", handle);
        write_comment(export_name(x, handle), x->out);
        fputc('\n', x->out);
    }
}

/* What follows from one transfer: an account's name and an amount. */
typedef void posting(const struct export *x, const char *group, const char *handle,
                     const char *amount, const char *code);

static const char *negated(const char *amount, char *buf, size_t size)
{
    snprintf(buf, size, "%s%s", amount[0] == '-' ? "" : "-",
             amount[0] == '-' ? amount + 1 : amount);
    return buf;
}

/*
 * A member's leg against its counterparties: each by its own leg where the member stands alone on
 * its side, else against "several".
 */
static void each_own_posting(const struct export *x, const json_t *transfer, posting *write)
{
    const json_t *own = export_own_leg(x, transfer);
    char handle[LEDGER_HANDLE_MAX + 1];
    char amount[64];
    bool alone = true;
    size_t i;
    json_t *leg;

    write(x, "assets", x->member, export_text(own, "amount"), x->currency);
    json_array_foreach(json_object_get(transfer, "legs"), i, leg)
    {
        if (leg != own && strcmp(export_code(leg), x->currency) == 0 &&
            !export_is_counterpart(own, leg))
            alone = false;
    }
    if (!alone) {
        write(x, "counterparties", "several",
              negated(export_text(own, "amount"), amount, sizeof amount), x->currency);
        return;
    }
    json_array_foreach(json_object_get(transfer, "legs"), i, leg)
    {
        if (export_is_counterpart(own, leg))
            write(x, "counterparties", export_handle(leg, handle), export_text(leg, "amount"),
                  x->currency);
    }
}

static void each_posting(const struct export *x, const json_t *transfer, posting *write)
{
    char handle[LEDGER_HANDLE_MAX + 1];
    size_t i;
    json_t *leg;

    if (x->member) {
        each_own_posting(x, transfer, write);
        return;
    }
    json_array_foreach(json_object_get(transfer, "legs"), i, leg)
    {
        write(x, "members", export_handle(leg, handle), export_text(leg, "amount"),
              export_code(leg));
    }
}

static void write_posting(const struct export *x, const char *group, const char *handle,
                          const char *amount, const char *code)
{
    fprintf(x->out, "    %s:%s  %s %s\n", group, handle, amount, code);
}

/* Both read this; hledger takes what stands before " | " for the payee. */
static void write_transfer(const struct export *x, const json_t *transfer)
{
    char handle[LEDGER_HANDLE_MAX + 1];
    const char *payee = x->member ? export_counterparty(x, transfer, handle) : NULL;

    fprintf(x->out, "\n%s * (%" JSON_INTEGER_FORMAT ") ", export_text(transfer, "effective"),
            json_integer_value(json_object_get(transfer, "transfer")));
    if (payee) {
        write_description(export_name(x, payee), x->out);
        fputs(" | ", x->out);
    }
    write_description(export_words(transfer), x->out);
    fputc('\n', x->out);
    write_tags(transfer, x->out);
    each_posting(x, transfer, write_posting);
}

const struct export_format export_hledger = {"hledger", false, begin_hledger, write_transfer, NULL};
const struct export_format export_ledger = {"ledger", false, begin_ledger, write_transfer, NULL};

static void write_string(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_metadata(const char *key, const char *value, FILE *out)
{
    if (!*value)
        return;
    fprintf(out, "  %s: ", key);
    write_string(value, out);
    fputc('\n', out);
}

static void begin_beancount(const struct export *x)
{
    size_t i;
    json_t *currency;

    fputs("option \"title\" ", x->out);
    write_string(export_text(x->node, "name"), x->out);
    fputc('\n', x->out);
    json_array_foreach(x->currencies, i, currency)
    {
        fprintf(x->out, "option \"operating_currency\" \"%s\"\n", export_text(currency, "code"));
    }
}

/* Note that an account of that name has a posting in `code`: end_beancount opens it. */
static void note_account(const struct export *x, const char *name, const char *code)
{
    json_t *codes = json_object_get(x->opened, name);

    if (!codes) {
        codes = json_object();
        json_object_set_new(x->opened, name, codes);
    }
    json_object_set_new(codes, code, json_true());
}

/* A name of an account there begins with a capital or a digit. */
static void write_bean_posting(const struct export *x, const char *group, const char *handle,
                               const char *amount, const char *code)
{
    const char *root = strcmp(group, "counterparties") == 0 ? "Equity:Counterparties"
                       : strcmp(group, "members") == 0      ? "Assets:Members"
                                                            : "Assets:Own";
    char name[64 + LEDGER_HANDLE_MAX];

    snprintf(name, sizeof name, "%s:%c%s", root, toupper((unsigned char)handle[0]), handle + 1);
    note_account(x, name, code);
    fprintf(x->out, "  %s  %s %s\n", name, amount, code);
}

static void write_bean_transfer(const struct export *x, const json_t *transfer)
{
    char handle[LEDGER_HANDLE_MAX + 1];
    const char *payee = x->member ? export_counterparty(x, transfer, handle) : NULL;
    json_int_t corrects = json_integer_value(json_object_get(transfer, "corrects"));

    fprintf(x->out, "\n%s * ", export_text(transfer, "effective"));
    if (payee) {
        write_string(export_name(x, payee), x->out);
        fputc(' ', x->out);
    }
    write_string(export_words(transfer), x->out);
    fprintf(x->out, "\n  transfer: %" JSON_INTEGER_FORMAT "\n",
            json_integer_value(json_object_get(transfer, "transfer")));
    write_metadata("kind", export_text(transfer, "kind"), x->out);
    write_metadata("posted", export_text(transfer, "posted"), x->out);
    write_metadata("reference", export_text(transfer, "reference"), x->out);
    if (corrects)
        fprintf(x->out, "  corrects: %" JSON_INTEGER_FORMAT "\n", corrects);
    each_posting(x, transfer, write_bean_posting);
}

/* Directives may stand in any order there: by now it is known which accounts there are. */
static void end_beancount(const struct export *x)
{
    const char *name;
    const char *code;
    json_t *codes;
    json_t *yes;

    fputc('\n', x->out);
    json_object_foreach(x->opened, name, codes)
    {
        char before = ' ';

        fprintf(x->out, "%s open %s ", x->first_on, name);
        json_object_foreach(codes, code, yes)
        {
            fprintf(x->out, "%c%s", before, code);
            before = ',';
        }
        fputc('\n', x->out);
    }
}

const struct export_format export_beancount = {"beancount", false, begin_beancount,
                                               write_bean_transfer, end_beancount};
