# coledger. `make demo` and `make check` install what is missing (apt) and build.

CC       ?= gcc
BUILD    ?= build
WARN      = -Wall -Wextra -Wshadow -Wswitch-enum -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wwrite-strings -Wvla -Wno-missing-field-initializers
HARDEN    = -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2 -fPIE
OPTIMIZE ?= -O2 -g $(HARDEN)
CFLAGS    = -std=c11 -D_GNU_SOURCE -I. $(WARN) $(OPTIMIZE) $(EXTRA)
LDFLAGS   = -pie -Wl,-z,relro,-z,now $(EXTRA)
ENGINE_LIBS = -lsqlite3 -lsodium -lical
API_LIBS    = -ljansson -lcivetweb
CLI_LIBS    = -lcurl -lsmartcols -lcsv
LIBS        = $(CLI_LIBS) $(API_LIBS) $(ENGINE_LIBS) -lpthread

LEDGER_SRC = $(sort $(wildcard ledger/*.c ledger/store/*.c))
API_SRC    = $(sort $(wildcard api/*.c))
CLI_SRC    = $(sort $(wildcard cli/*.c))
TEST_SRC   = $(sort $(wildcard tests/test_*.c))
SUPPORT_SRC = $(sort $(wildcard tests/support/*.c))

objects = $(patsubst %.c,$(BUILD)/%.o,$(1))
LEDGER_OBJ = $(call objects,$(LEDGER_SRC)) $(BUILD)/schema.o
API_OBJ    = $(call objects,$(API_SRC))
CLI_OBJ    = $(call objects,$(CLI_SRC))
SUPPORT_OBJ = $(call objects,$(SUPPORT_SRC))
CLI_LIB_OBJ = $(filter-out $(BUILD)/cli/main.o,$(CLI_OBJ))
TESTS      = $(patsubst tests/%.c,$(BUILD)/tests/%,$(TEST_SRC))

.PHONY: all deps deps-test demo run check test flow lint sanitize coverage bench install clean
.SECONDARY:

all: deps
	@$(MAKE) --no-print-directory $(BUILD)/coledger

$(BUILD)/coledger: $(CLI_OBJ) $(BUILD)/libapi.a $(BUILD)/libledger.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libledger.a: $(LEDGER_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/libapi.a: $(API_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/libcli.a: $(CLI_LIB_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/schema.c: ledger/store/embed.sh $(wildcard ledger/store/schema/*.sql)
	@mkdir -p $(@D)
	sh ledger/store/embed.sh ledger/store/schema > $@

$(BUILD)/schema.o: $(BUILD)/schema.c
	$(CC) $(CFLAGS) -c -o $@ $<

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
