/*
 * export_rows.c - tables for spreadsheets, bookkeeping programs and scripts: CSV and JSON.
 */
#include "export.h"

#include "ledger/text.h"
#include "render.h"

static void write_row(FILE *out, const char *const *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            fputc(',', out);
        render_csv_field(fields[i], out);
    }
    fputs("\r\n", out);
}

#define WRITE_ROW(out, ...)                                                                        \
    write_row(out, (const char *const[]){__VA_ARGS__},                                             \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void begin_csv(const struct export *x)
{
    if (x->member)
        WRITE_ROW(x->out, "Date", "Amount", "Payee", "Description", "Reference");
    else
        WRITE_ROW(x->out, "transfer", "posted", "effective", "kind", "member", "currency", "amount",
                  "balance", "memo", "reference", "corrects");
}

static void write_number(const json_t *object, const char *key, char *buf, size_t size)
{
    json_t *number = json_object_get(object, key);

    snprintf(buf, size, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
    if (!json_integer_value(number))
        buf[0] = '\0';
}

static void write_own_row(const struct export *x, const json_t *transfer)
{
    char handle[LEDGER_HANDLE_MAX + 1];
    const char *payee = export_counterparty(x, transfer, handle);

    WRITE_ROW(x->out, export_text(transfer, "effective"),
              export_text(export_own_leg(x, transfer), "amount"),
              payee ? export_name(x, payee) : "several", export_words(transfer),
              export_text(transfer, "reference"));
}

static void write_csv(const struct export *x, const json_t *transfer)
{
    char handle[LEDGER_HANDLE_MAX + 1];
    char number[24];
    char corrects[24];
    size_t i;
    json_t *leg;

    if (x->member) {
        write_own_row(x, transfer);
        return;
    }
    write_number(transfer, "transfer", number, sizeof number);
    write_number(transfer, "corrects", corrects, sizeof corrects);
    json_array_foreach(json_object_get(transfer, "legs"), i, leg)
    {
        WRITE_ROW(x->out, number, export_text(transfer, "posted"),
                  export_text(transfer, "effective"), export_text(transfer, "kind"),
                  export_handle(leg, handle), export_code(leg), export_text(leg, "amount"),
                  export_text(leg, "balance"), export_text(transfer, "memo"),
                  export_text(transfer, "reference"), corrects);
    }
}

const struct export_format export_csv = {"csv", false, begin_csv, write_csv, NULL};

static void begin_json(const struct export *x)
{
    fputs("[", x->out);
}

/* As the API gives it, a transfer a line. */
static void write_json(const struct export *x, const json_t *transfer)
{
    fputs(x->written ? ",\n" : "\n", x->out);
    json_dumpf(transfer, x->out, JSON_COMPACT);
}

static void end_json(const struct export *x)
{
    fputs("\n]\n", x->out);
}

const struct export_format export_json = {"json", false, begin_json, write_json, end_json};
