# Gonghai: every command there is. `make help` lists them; `make` leaves the program at build/gonghai.
#
#   CC=clang         another compiler (its files go to build/clang)
#   VARIANT=asan     with the address and undefined-behaviour sanitisers (build/asan)
#   VARIANT=debug    for a debugger (build/debug)
#   WERROR=1         a warning is an error
#   V=1              print whole commands
#   BUILD=dir        build there instead of in build/
#   ONLY=text        of the tests, only those with `text` in their names

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all
MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif

VERSION := 0.1.0
BUILD   := build
PREFIX  := /usr/local
DESTDIR :=
KILLS   := 5
FUZZ_SECONDS := 60

# --- where things go -------------------------------------------------------------------------------------

CC_NAME := $(filter-out cc gcc,$(notdir $(firstword $(CC))))
EMPTY   :=
FLAVOUR := $(subst $(EMPTY) $(EMPTY),-,$(strip $(CC_NAME) $(VARIANT)))
B       := $(BUILD)$(if $(FLAVOUR),/$(FLAVOUR))
GEN     := $(BUILD)/gen
TESTS   := $(BUILD)/$(if $(CC_NAME),$(CC_NAME)/)tests

# --- what there is: a new file in one of these folders needs no change here -----------------------------

SOURCES  := $(wildcard base/*.c core/*/*.c tui/*.c views/*.c cli/*.c)
HEADERS  := $(wildcard base/*.h core/*/*.h tui/*.h views/*.h cli/*.h)
LIB_OBJS := $(patsubst %.c,$(B)/obj/%.o,$(filter-out cli/main.c,$(SOURCES)))

TEST_SOURCES := $(wildcard $(addsuffix /*.c,tests/unit tests/contract tests/screens))
TEST_MAINS   := $(filter $(addsuffix /test_%,tests/unit tests/contract tests/screens),$(TEST_SOURCES))
TEST_HELPERS := $(patsubst %.c,$(B)/obj/%.o,$(filter-out $(TEST_MAINS),$(TEST_SOURCES)))
TEST_NAMES   := $(basename $(notdir $(TEST_MAINS)))
UNIT_NAMES   := $(basename $(notdir $(wildcard tests/unit/test_*.c)))
SYSTEM_TESTS := $(sort $(wildcard tests/system/*.sh))
FUZZERS      := $(basename $(notdir $(wildcard tests/fuzz/fuzz_*.c)))
ifneq ($(words $(TEST_NAMES)),$(words $(sort $(TEST_NAMES))))
$(error Two tests have the same file name: $(sort $(TEST_NAMES)))
endif

SCHEMA    := $(sort $(wildcard core/store/schema/*.sql))
THEMES    := $(sort $(wildcard themes/*.ini))
KEYS      := keys/default.ini
KEYED     := $(sort $(wildcard tui/*.c views/*.c))
LANGUAGES := $(basename $(notdir $(wildcard po/*.po)))
CATALOGUES := $(LANGUAGES:%=$(BUILD)/locale/%/LC_MESSAGES/gonghai.mo)
MAN_PAGES := $(patsubst %,$(BUILD)/docs/%/gonghai.1,en $(LANGUAGES))
GENERATED := $(addprefix $(GEN)/,version.h schema.h builtin_ini.h builtin_keys.h)

# --- flags -----------------------------------------------------------------------------------------------

CFLAGS   := -O2 -g
WARNINGS := -Wall -Wextra -Wformat=2 -Werror=format-security -Wimplicit-fallthrough -Wshadow \
            -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla
LDFLAGS  := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed
LDLIBS   := -lncursesw -lsqlite3 -lsodium -lutf8proc -lcjson -linih -lcsv -lm -pthread
TEST_LDLIBS := -lcmocka -lvterm

# These are used where the compiler knows them.
PROBED = -Wbidi-chars=any -Wtrampolines -fstack-clash-protection -fcf-protection=full \
          -mbranch-protection=standard -ftrivial-auto-var-init=zero -fzero-call-used-regs=used-gpr \
          -fstrict-flex-arrays=3 $(PROBED_$(VARIANT))

# The flags that make a release, and what the variants have in their place.
HARDENING       := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong
HARDENING_asan  := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
                   -DGONGHAI_SQL_LOG # tests write down their SQL: tests/system/pg-prepare.sh
PROBED_asan     := -Wno-format-truncation # with the sanitisers gcc no longer sees that a value is bounded
HARDENING_debug := -Og -g3
HARDENING_fuzz  := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
                   -fno-omit-frame-pointer

MODE := $(if $(VARIANT),$(HARDENING_$(VARIANT)),$(HARDENING))
ifeq ($(MODE),)
$(error VARIANT is asan or debug, not "$(VARIANT)")
endif
FLAGS := -std=gnu11 -D_GNU_SOURCE -DGONGHAI_PREFIX=\"$(PREFIX)\" -I. -I$(GEN) -MMD -MP -fPIE -pthread \
         -fno-strict-overflow -fno-delete-null-pointer-checks $(WARNINGS) $(CFLAGS) $(MODE)
COMPILE = $(CC) @$(B)/flags $(if $(WERROR),-Werror)
LINK    = $(CC) $(if $(VARIANT),$(filter -fsanitize% -g%,$(MODE))) $(LDFLAGS)

Q := $(if $(V),,@)
SAY = @$(if $(V),:,printf '  %-6s %s\n')

# --- what the commands need ------------------------------------------------------------------------------

# A recipe that fails ends make with 2. Where packages are missing and may not be installed, `make run` and
# `make test` end with 1: make is told only to ask whether they are done (-q), and they never are.
NEEDS := $(if $(findstring n,$(filter-out -%,$(firstword $(MAKEFLAGS)))),,$(firstword $(filter run test,$(MAKECMDGOALS))))
ifneq ($(NEEDS),)
ifneq ($(shell scripts/need.sh $(NEEDS) >&2 && echo there),there)
MAKEFLAGS += -q
endif
endif

# --- the commands ----------------------------------------------------------------------------------------

all: $(B)/gonghai $(CATALOGUES) ## build the program: build/gonghai

run: ## install what is missing, build, and open the console on a demo database
	@scripts/need.sh run
	@$(MAKE) ready
	@if [ -t 1 ]; then exec $(B)/gonghai --db $(BUILD)/demo.db; \
	else exec $(B)/gonghai --db $(BUILD)/demo.db show home; fi

test: ## install what is missing, build, and run all tests (kill loops 5 times)
	@scripts/need.sh test
	@$(MAKE) all
	@$(MAKE) VARIANT=asan test-programs
	@KILLS=$(KILLS) GONGHAI=$(B)/gonghai scripts/run-tests.sh $(TEST_NAMES:%=$(TESTS)/%) $(SYSTEM_TESTS)

test-quick: ## the unit tests only
	@scripts/need.sh test
	@$(MAKE) VARIANT=asan $(UNIT_NAMES:%=$(TESTS)/%)
	@GONGHAI=$(B)/gonghai scripts/run-tests.sh $(UNIT_NAMES:%=$(TESTS)/%)

soak: ## all tests, kill loops 50 times
	@$(MAKE) test KILLS=50

bench: ## measure against the limits in tests/bench
	@scripts/need.sh bench
	@$(MAKE) all
	@GONGHAI=$(abspath $(B)/gonghai) tests/bench/run.sh

fuzz: ## run every fuzz target for FUZZ_SECONDS (60)
	@scripts/need.sh fuzz
	@$(MAKE) CC=clang VARIANT=fuzz fuzz-programs
	@FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz.sh $(BUILD) $(FUZZERS)

lint: ## check what a compiler does not: layers, forbidden calls, style, linked libraries, the key table
	@scripts/keys.sh $(KEYED) | cmp -s - $(KEYS) || { echo '$(KEYS): not what the action rows say; run make keys'; exit 1; }
	@scripts/need.sh run
	@$(MAKE) all
	@GONGHAI=$(B)/gonghai scripts/lint.sh

docs: ## write docs/screens.md and the picture in README.md anew, with the screens as they are now
	@scripts/need.sh run
	@$(MAKE) all
	@scripts/screens.sh $(B)/gonghai | scripts/keep.sh docs/screens.md
	@scripts/screens.sh $(B)/gonghai README.md >$(B)/readme && scripts/keep.sh README.md <$(B)/readme

check-po: ## check the translations: formats, nothing fuzzy, nothing missing
	@$(MAKE) pot
	@scripts/check-po.sh $(BUILD)/gonghai.pot $(wildcard po/*.po)

pot: ## collect the sentences to translate into build/gonghai.pot
	@mkdir -p $(BUILD)
	@xgettext -o $(BUILD)/gonghai.pot --from-code=UTF-8 -k_ -kN_ -kC_:1c,2 -kNC_:1c,2 -kP_:1,2 -c --sort-by-file --package-name=gonghai \
		--package-version=$(VERSION) $(SOURCES) $(HEADERS)

install: all $(MAN_PAGES) $(BUILD)/docs/completion ## install program, man page, completion, translations (DESTDIR, PREFIX)
	install -D -m 755 $(B)/gonghai $(DESTDIR)$(PREFIX)/bin/gonghai
	install -D -m 644 $(BUILD)/docs/completion $(DESTDIR)$(PREFIX)/share/bash-completion/completions/gonghai
	install -D -m 644 $(BUILD)/docs/en/gonghai.1 $(DESTDIR)$(PREFIX)/share/man/man1/gonghai.1
	for l in $(LANGUAGES); do \
		install -D -m 644 $(BUILD)/docs/$$l/gonghai.1 $(DESTDIR)$(PREFIX)/share/man/$$l/man1/gonghai.1 && \
		install -D -m 644 $(BUILD)/locale/$$l/LC_MESSAGES/gonghai.mo \
			$(DESTDIR)$(PREFIX)/share/locale/$$l/LC_MESSAGES/gonghai.mo || exit 1; \
	done

clean: ## remove everything that was built, the demo database too
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

.PHONY: all run test test-quick soak bench fuzz lint docs check-po pot keys pinyin install clean help ready test-programs fuzz-programs FORCE

# --- how it is built -------------------------------------------------------------------------------------

$(B)/gonghai: $(B)/obj/cli/main.o $(B)/libgonghai.a
	$(SAY) LINK $@
	$(Q)$(LINK) -o $@ $^ $(LDLIBS)

# The list of objects is a prerequisite, so that a deleted source leaves the archive too.
$(B)/libgonghai.a: $(LIB_OBJS) $(B)/objects
	$(SAY) AR $@
	$(Q)rm -f $@ && $(AR) qcs $@ $(LIB_OBJS)

$(B)/objects: FORCE
	@echo $(LIB_OBJS) | scripts/keep.sh $@

$(B)/obj/%.o: %.c $(B)/flags | $(GENERATED)
	@mkdir -p $(@D)
	$(SAY) CC $<
	$(Q)$(COMPILE) -c -o $@ $<

# The flags stand in a file that changes only when they do: then everything is compiled again.
$(B)/flags: $(B)/probed FORCE
	@{ printf '%s\n' $(FLAGS:%='%') && cat $(B)/probed; } | scripts/keep.sh $@

$(B)/probed: Makefile scripts/probe.sh
	@mkdir -p $(@D)
	@scripts/probe.sh $(CC) -- $(PROBED) >$@

$(GEN)/version.h: FORCE
	@scripts/version.sh $(VERSION) | scripts/keep.sh $@

$(GEN)/schema.h: $(SCHEMA) scripts/embed.sh FORCE
	@scripts/embed.sh schema $(SCHEMA) | scripts/keep.sh $@

$(GEN)/builtin_ini.h: $(THEMES) scripts/embed.sh FORCE
	@scripts/embed.sh ini $(THEMES) | scripts/keep.sh $@

$(GEN)/builtin_keys.h: $(KEYS) scripts/embed.sh FORCE
	@scripts/embed.sh ini $(KEYS) | sed 's/builtin_ini/builtin_keys/g' | scripts/keep.sh $@

keys: ## write keys/default.ini anew from the action rows
	@scripts/keys.sh $(KEYED) | scripts/keep.sh $(KEYS)

pinyin: ## write base/pinyin_table.h anew, from the readings of Debian's package unicode-data
	@scripts/pinyin.sh >$(BUILD)/pinyin_table.h && scripts/keep.sh base/pinyin_table.h <$(BUILD)/pinyin_table.h

$(BUILD)/locale/%/LC_MESSAGES/gonghai.mo: po/%.po
	@mkdir -p $(@D)
	$(SAY) MSGFMT $<
	$(Q)msgfmt -c -o $@ $<

# The program writes its own pages, from its tables.
$(BUILD)/docs/%/gonghai.1: $(B)/gonghai $(CATALOGUES)
	@mkdir -p $(@D)
	$(Q)$(B)/gonghai --lang $* docs man >$@
$(BUILD)/docs/completion: $(B)/gonghai
	@mkdir -p $(@D)
	$(Q)$(B)/gonghai --lang en docs completion >$@

$(BUILD)/demo.db: | $(B)/gonghai
	$(SAY) DEMO $@
	$(Q)$(B)/gonghai --db $@ demo --no-open

ready: all $(BUILD)/demo.db
	@:

# Tests are built with the sanitisers, whatever the variant of the program.
ifeq ($(VARIANT),asan)
test-programs: $(TEST_NAMES:%=$(TESTS)/%)

$(TESTS)/%: $(B)/obj/tests/unit/%.o $(TEST_HELPERS) $(B)/libgonghai.a
	$(link-test)
$(TESTS)/%: $(B)/obj/tests/contract/%.o $(TEST_HELPERS) $(B)/libgonghai.a
	$(link-test)
$(TESTS)/%: $(B)/obj/tests/screens/%.o $(TEST_HELPERS) $(B)/libgonghai.a
	$(link-test)
define link-test
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(LINK) -o $@ $^ $(TEST_LDLIBS) $(LDLIBS)
endef
else
test-programs:
	@$(MAKE) VARIANT=asan test-programs
$(TESTS)/%: FORCE
	@$(MAKE) VARIANT=asan $@
endif

fuzz-programs: $(FUZZERS:%=$(BUILD)/fuzz/%)
$(BUILD)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(B)/libgonghai.a
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LDLIBS)

.SECONDARY:
-include $(wildcard $(B)/obj/*/*.d $(B)/obj/*/*/*.d)
