/*
 * export_ofx.c - an account as a bank's statement: Open Financial Exchange 2.1.1.
 */
#include "export.h"

#include "ledger/text.h"

#include <string.h>

#define NAME_MAX_CHARS 32 /* OFX 11.4.3: NAME is A-32, MEMO A-255 */
#define MEMO_MAX_CHARS 255
#define NO_CURRENCY                                                                                \
    "X"                                                                                            \
    "XX" /* ISO 4217: none of the official ones; the account's name has ours */

/* At most `most` characters, with XML's own signs escaped. */
static void write_text(const char *text, size_t most, FILE *out)
{
    static const char *const escapes[] = {"&amp;", "&lt;", "&gt;"};
    static const char signs[] = "&<>";

    for (; *text; text++) {
        bool begins = ((unsigned char)*text & 0xC0) != 0x80;
        const char *sign = strchr(signs, *text);

        if (begins && most-- == 0)
            return;
        if (sign)
            fputs(escapes[sign - signs], out);
        else
            fputc(*text, out);
    }
}

static void write_element(const char *name, const char *text, size_t most, FILE *out)
{
    if (!*text)
        return;
    fprintf(out, "<%s>", name);
    write_text(text, most, out);
    fprintf(out, "</%s>\n", name);
}

/* 2026-11-24T09:30:00.123456Z as 20261124093000, 2026-11-24 as 20261124. */
static void write_date(const char *name, const char *text, FILE *out)
{
    fprintf(out, "<%s>", name);
    for (; *text && *text != '.' && *text != 'Z'; text++)
        if (!strchr("-T:", *text))
            fputc(*text, out);
    fprintf(out, "</%s>\n", name);
}

static const char *today(const struct export *x)
{
    return export_text(x->node, "today");
}

static void begin(const struct export *x)
{
    fputs(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
        "<?OFX OFXHEADER=\"200\" VERSION=\"211\" SECURITY=\"NONE\" OLDFILEUID=\"NONE\" "
        "NEWFILEUID=\"NONE\"?>\n"
        "<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>\n",
        x->out);
    write_date("DTSERVER", today(x), x->out);
    fputs("<LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>\n"
          "<BANKMSGSRSV1><STMTTRNRS><TRNUID>0</TRNUID>\n"
          "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>\n"
          "<STMTRS><CURDEF>" NO_CURRENCY "</CURDEF>\n<BANKACCTFROM><BANKID>coledger</BANKID>",
          x->out);
    fprintf(x->out, "<ACCTID>%s:%s</ACCTID>", x->member, x->currency);
    fputs("<ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>\n<BANKTRANLIST>\n", x->out);
    write_date("DTSTART", x->from ? x->from : "1900-01-01", x->out);
    write_date("DTEND", x->to ? x->to : today(x), x->out);
}

static void write_transfer(const struct export *x, const json_t *transfer)
{
    const char *amount = export_text(export_own_leg(x, transfer), "amount");
    char handle[LEDGER_HANDLE_MAX + 1];
    const char *payee = export_counterparty(x, transfer, handle);

    fprintf(x->out, "<STMTTRN><TRNTYPE>%s</TRNTYPE>\n", amount[0] == '-' ? "DEBIT" : "CREDIT");
    write_date("DTPOSTED", export_text(transfer, "effective"), x->out);
    fprintf(x->out, "<TRNAMT>%s</TRNAMT>\n<FITID>%" JSON_INTEGER_FORMAT "</FITID>\n", amount,
            json_integer_value(json_object_get(transfer, "transfer")));
    write_element("REFNUM", export_text(transfer, "reference"), NAME_MAX_CHARS, x->out);
    write_element("NAME", payee ? export_name(x, payee) : "several", NAME_MAX_CHARS, x->out);
    write_element("MEMO", export_words(transfer), MEMO_MAX_CHARS, x->out);
    fputs("</STMTTRN>\n", x->out);
}

static void end(const struct export *x)
{
    fprintf(x->out, "</BANKTRANLIST>\n<LEDGERBAL><BALAMT>%s</BALAMT>\n", x->closing);
    write_date("DTASOF", x->to ? x->to : today(x), x->out);
    fputs("</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1>\n</OFX>\n", x->out);
}

const struct export_format export_ofx = {"ofx", true, begin, write_transfer, end};
