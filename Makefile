# coledger. `make demo` and `make check` install what is missing (apt) and build.

CC       ?= gcc
BUILD    ?= build
WARN      = -Wall -Wextra -Wshadow -Wswitch-enum -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wwrite-strings -Wvla -Wno-missing-field-initializers
# Whatever OPTIMIZE is; only an instrumented build (EXTRA) goes without, for its own guards.
HARDEN    = -fPIE $(if $(EXTRA),,-fstack-protector-strong -fstack-clash-protection \
            -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
OPTIMIZE ?= -O2 -g
CFLAGS    = -std=c11 -D_GNU_SOURCE -I. $(WARN) $(OPTIMIZE) $(HARDEN) $(EXTRA)
LDFLAGS   = -pie -Wl,-z,relro,-z,now $(EXTRA)
ENGINE_LIBS = -lsqlite3 -lsodium -lical -lutf8proc
API_LIBS    = -ljansson -lcivetweb
CLI_LIBS    = -lsmartcols -lcsv
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
# The long ones first, so that one processor does not end alone.
LONG_TESTS = $(addprefix $(BUILD)/tests/test_,power_steps faults siege power model verify)
TESTS      = $(LONG_TESTS) $(filter-out $(LONG_TESTS),$(patsubst tests/%.c,$(BUILD)/tests/%,$(TEST_SRC)))
FUZZ_SRC   = $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZERS    = $(patsubst %.c,$(BUILD)/%,$(FUZZ_SRC))

.PHONY: all deps deps-test demo run docs check test flow torture torture-crash torture-endure \
        lint sanitize threads coverage fuzz bench install clean
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

$(BUILD)/schema.c: ledger/store/embed.sh $(wildcard ledger/store/schema/*.sql) ledger/store/schema/guards.list
	@mkdir -p $(@D)
	sh ledger/store/embed.sh ledger/store/schema > $@

$(BUILD)/schema.o: $(BUILD)/schema.c
	$(CC) $(CFLAGS) -c -o $@ $<

-include $(shell find $(BUILD) -name '*.d' -type f -not -path '*/proxies/*' 2>/dev/null)

# --- what must be installed -------------------------------------------------------------------

DEPS_BUILD = gcc make pkg-config libsqlite3-dev libsodium-dev libcivetweb-dev libjansson-dev \
             libsmartcols-dev libcsv-dev libcurl4-openssl-dev libical-dev libutf8proc-dev \
             tzdata
DEPS_TEST  = libcmocka-dev curl hledger ledger beancount libxml2-utils nodejs npm man-db \
             zsh fish sqlite3 systemd strace openssl python3-icalendar msmtp
PROXIES_TEST = nginx caddy
DEPS_BENCH = wrk postgresql
DEPS_LINT  = clang-format-14
DEPS_COVER = lcov
DEPS_FUZZ  = clang-14 libclang-rt-14-dev

deps:
	@sh packaging/need.sh $(DEPS_BUILD)

deps-test: deps
	@sh packaging/need.sh $(DEPS_TEST)
	@sh packaging/fetch.sh $(abspath $(BUILD))/proxies $(PROXIES_TEST)

# --- see it ---------------------------------------------------------------------------------------

demo: all
	@test -f $(BUILD)/demo.db || COLEDGER=$(abspath $(BUILD)/coledger) \
	    COLEDGER_LEDGER=$(abspath $(BUILD)/demo.db) sh docs/example/load.sh $(abspath $(BUILD)/example)
	@COLEDGER=$(abspath $(BUILD)/coledger) COLEDGER_LEDGER=$(abspath $(BUILD)/demo.db) \
	    sh docs/example/show.sh

run: all
	@test -f $(BUILD)/demo.db || $(MAKE) --no-print-directory demo
	$(BUILD)/coledger serve --ledger $(BUILD)/demo.db --listen 127.0.0.1:8600

# docs/API.md is made from the operations table; `make check` refuses one that is behind.
docs: all
	$(BUILD)/coledger reference > docs/API.md

# --- check it -------------------------------------------------------------------------------------

check: all deps-test
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory flow

$(BUILD)/tests/%: tests/%.c $(SUPPORT_OBJ) $(BUILD)/libcli.a $(BUILD)/libapi.a $(BUILD)/libledger.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(SUPPORT_OBJ) $(BUILD)/libcli.a \
	    $(BUILD)/libapi.a $(BUILD)/libledger.a -lcmocka $(LIBS)

# Where a disk, a system call or the memory fails (tests/support/shim.h).
SHIMMED = $(addprefix $(BUILD)/tests/,test_power test_power_steps test_faults test_broken_disk)
comma = ,
$(SHIMMED): LDFLAGS += $(addprefix -Wl$(comma)--wrap=,open mkstemp fsync unlink rename renameat2 link \
    posix_fadvise malloc calloc realloc strdup)

test: $(TESTS)
	@sh tests/run.sh $(TESTS)

flow: $(BUILD)/coledger $(BUILD)/crash $(FUZZERS)
	@BUILD=$(abspath $(BUILD)) sh tests/flows.sh

CRASH_OBJ = $(call objects,$(sort $(wildcard tests/crash/*.c))) \
            $(call objects,$(patsubst %,tests/support/%.c,load load_courses load_desk load_requests tally web))
CRASH_KILLS ?= 10000
ENDURE_SECONDS ?= 3600

$(BUILD)/crash: $(CRASH_OBJ) $(BUILD)/libapi.a $(BUILD)/libledger.a
	$(CC) $(LDFLAGS) -o $@ $^ $(API_LIBS) $(ENGINE_LIBS) -lpthread

# Hours by option; CRASH_SEED=N does the same kills again, as far as time allows.
torture: torture-crash torture-endure

torture-crash: all
	@$(MAKE) --no-print-directory $(BUILD)/crash
	@$(BUILD)/crash $(abspath $(BUILD)/coledger) $(CRASH_KILLS) $(CRASH_SEED)
	@$(BUILD)/crash $(abspath $(BUILD)/coledger) due $(CRASH_KILLS) $(CRASH_SEED)
	@$(BUILD)/crash $(abspath $(BUILD)/coledger) levies $(CRASH_KILLS) $(CRASH_SEED)
	@$(BUILD)/crash $(abspath $(BUILD)/coledger) notices $(CRASH_KILLS) $(CRASH_SEED)
	@$(BUILD)/crash $(abspath $(BUILD)/coledger) series $(CRASH_KILLS) $(CRASH_SEED)

torture-endure: all
	@$(MAKE) --no-print-directory $(BUILD)/crash
	@$(BUILD)/crash $(abspath $(BUILD)/coledger) endure $(ENDURE_SECONDS)

lint:
	@sh packaging/need.sh $(DEPS_LINT)
	@sh tests/lint.sh

# Hours of it: what `make check` tries in part. COLEDGER_POWER_SEED=N COLEDGER_POWER_SEEDS=1 tells one story again.
.PHONY: torture-power
torture: torture-power

torture-power: deps deps-test
	@$(MAKE) --no-print-directory $(SHIMMED)
	COLEDGER_POWER_SEEDS=$(or $(SEEDS),5000) $(BUILD)/tests/test_power
	COLEDGER_POWER_FATES=20 $(BUILD)/tests/test_power_steps
	COLEDGER_FAULTS_STEP=1 $(BUILD)/tests/test_faults

sanitize: deps deps-test
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/sanitize OPTIMIZE="-O1 -g" \
	    EXTRA="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" \
	    sanitize-run

sanitize-run: $(TESTS) $(BUILD)/coledger $(BUILD)/crash $(FUZZERS)
	@COLEDGER_MODEL_STEPS=20000 COLEDGER_POWER_SEEDS=50 sh tests/run.sh $(TESTS)
	@COLEDGER_KILLS=20 BUILD=$(abspath $(BUILD)) sh tests/flows.sh

# The fuzz targets: here with a driver that gives them the kept inputs, under `make fuzz` with libFuzzer.
FUZZ_DRIVER = $(BUILD)/tests/fuzz/replay.o
FUZZ_LIBS   = $(BUILD)/libcli.a $(BUILD)/libapi.a $(BUILD)/libledger.a -lcmocka $(LIBS)

$(FUZZERS): %: %.o $(BUILD)/tests/fuzz/fuzz.o $(FUZZ_DRIVER) $(SUPPORT_OBJ) \
    $(BUILD)/libcli.a $(BUILD)/libapi.a $(BUILD)/libledger.a
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(FUZZ_LIBS)

# FUZZ_SECONDS a target, two at a time; FUZZ="amount zone" for some of them.
FUZZ_SECONDS ?= 60
FUZZ ?=

fuzz: deps deps-test
	@sh packaging/need.sh $(DEPS_FUZZ)
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang-14 OPTIMIZE="-O1 -g" FUZZ_DRIVER= \
	    EXTRA="-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all -fno-omit-frame-pointer" \
	    FUZZ_LIBS='$$(BUILD)/libcli.a $$(BUILD)/libapi.a $$(BUILD)/libledger.a -lcmocka $$(LIBS) -fsanitize=fuzzer' \
	    fuzz-run

fuzz-run: $(FUZZERS)
	@BUILD=$(abspath $(BUILD)) FUZZ_SECONDS=$(FUZZ_SECONDS) sh tests/fuzz/run.sh $(FUZZ)

# The node under load, and a node that is killed, as ThreadSanitizer sees them.
THREADS_TESTS = $(addprefix $(BUILD)/tests/test_,node committer races request_race live_backup)

threads: deps deps-test
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/threads OPTIMIZE="-O1 -g" \
	    EXTRA="-fsanitize=thread" threads-run

threads-run: $(THREADS_TESTS) $(BUILD)/coledger $(BUILD)/crash
	@BUILD=$(abspath $(BUILD)) sh tests/threads.sh $(THREADS_TESTS)

coverage: deps deps-test
	@sh packaging/need.sh $(DEPS_COVER)
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage OPTIMIZE="-O0 -g" EXTRA="--coverage" \
	    coverage-run

coverage-run: $(TESTS)
	@sh tests/run.sh $(TESTS)
	@sh tests/coverage.sh $(BUILD) 90

# --- how fast -------------------------------------------------------------------------------------

BENCH_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/bench/*.c)))

$(BUILD)/bench: $(BENCH_OBJ) $(BUILD)/libapi.a $(BUILD)/libledger.a
	$(CC) $(LDFLAGS) -o $@ $^ $(API_LIBS) $(ENGINE_LIBS) -lpthread

bench: all $(BUILD)/bench
	@sh packaging/need.sh $(DEPS_BENCH)
	@sh tests/bench/run.sh $(abspath $(BUILD))

# --- put it in its place --------------------------------------------------------------------------

PREFIX ?= /usr/local
UNITS = coledger.service coledger-backup.service coledger-backup.timer

install: all
	install -D -m 755 $(BUILD)/coledger $(DESTDIR)$(PREFIX)/bin/coledger
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	$(BUILD)/coledger man > $(DESTDIR)$(PREFIX)/share/man/man1/coledger.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	$(BUILD)/coledger completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/coledger
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in $(UNITS); do \
	    sed 's|/usr/local/bin/|$(PREFIX)/bin/|' packaging/$$unit \
	        > $(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit || exit 1; \
	    chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit || exit 1; done
	chmod 644 $(DESTDIR)$(PREFIX)/share/man/man1/coledger.1 \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/coledger
	install -D -m 644 packaging/coledger.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/coledger.conf
	install -D -m 644 packaging/coledger.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/coledger.conf

clean:
	rm -rf $(BUILD)
