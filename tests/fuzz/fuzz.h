/*
 * fuzz.h - what a fuzz target is, and what every target asks of the answers it gets.
 *
 * A target takes any bytes and asserts what must hold for all of them. libFuzzer finds the bytes
 * (`make fuzz`); without it, replay.c gives the kept ones of tests/fuzz/corpus to the same code.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "api/operation.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* The target. Called many times in one process; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes up to the first NUL as text, in a buffer without a byte to spare. The caller frees it. */
char *fuzz_text(const uint8_t *data, size_t size);

/* Write the bytes to a file of this process whose name ends in `suffix`; the name is good until exit. */
const char *fuzz_file(const char *suffix, const uint8_t *data, size_t size);

/* Is it UTF-8 without what `ledger_text_check` bars? Told another way than the engine does. */
bool fuzz_is_plain(const char *text, size_t size);

/* A refusal has a problem with all its members, each of them readable; LEDGER_OK asks nothing. */
void fuzz_check_problem(const struct api_call *call, enum ledger_status s);

/* What was taken is what its parameters say: known names, right types, choices, days, sizes. */
void fuzz_check_args(const struct api_call *call);

/* The operation that the first line names, and what stands below it; NULL when there is none. */
const struct api_operation *fuzz_operation(const uint8_t *data, size_t size, const uint8_t **rest);

#endif
