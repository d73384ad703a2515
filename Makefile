# rosaudit. `make help` says what can be made. Objects go to build/ (the program) and build/check/
# (the same with sanitizers, for the tests).

PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
BUILD   ?= build
# An empty one would build into the root folder.
ifeq ($(strip $(BUILD)),)
override BUILD := build
endif
CHECK   := $(BUILD)/check

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
	-Wvla -Wconversion
HARDENED := -fPIE -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
CFLAGS   ?= -O2 -g
SANITIZE := -O1 -g -fPIE -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LINKED   := -pie -Wl,-z,relro,-z,now

# Asked only once the packages are there: `make help` and `make clean` need none.
DEFINES   = -std=c17 -D_GNU_SOURCE -Iinclude $(shell pkg-config --cflags libxml-2.0)
LIBS      = $(shell pkg-config --libs libssh libcurl yaml-0.1 jansson libxml-2.0 openssl) -pthread -lm
MOCK_LIBS = $(shell pkg-config --libs libssh libmicrohttpd yaml-0.1 jansson openssl) -pthread -lm
TEST_LIBS = $(shell pkg-config --libs cmocka libmicrohttpd) $(LIBS)

# Short lines; `make V=1` shows the commands.
Q    := $(if $(V),,@)
say   = $(if $(V),,@echo "  $(1)  $@")

LIB_SRC  := $(sort $(wildcard src/*/*.c))
MOCK_SRC := $(sort $(wildcard mock-router/*.c))
SUPPORT  := $(sort $(wildcard tests/support/*.c))
TEST_SRC := $(sort $(wildcard tests/test_*.c))
AID_SRC  := $(filter-out $(TEST_SRC),$(sort $(wildcard tests/*.c)))
E2E      := $(sort $(filter-out tests/e2e/lib.sh tests/e2e/lib_%.sh,$(wildcard tests/e2e/*.sh)))
# Those that wait for more than half a minute begin first, so that the rest runs beside them.
WAITING  := $(patsubst %,tests/e2e/%.sh,container guard vantages_net scan_udp scan_engine sshd \
	exposure_bugs versions init menus)
LONG     := $(sort $(wildcard tests/long/*.sh))

TESTS := $(TEST_SRC:%.c=$(CHECK)/%)
AIDS  := $(AID_SRC:%.c=$(CHECK)/%)

# The languages that people may read, one src/po/*.po each.
LANGUAGES := $(patsubst src/po/%.po,%,$(sort $(wildcard src/po/*.po)))
MESSAGES  := $(LANGUAGES:%=$(BUILD)/locale/%/LC_MESSAGES/rosaudit.mo)

.PHONY: all mock demo check check-long bench fuzz peers deps install uninstall messages clean format lint help
.DEFAULT_GOAL := all

all: deps ## the program, build/rosaudit, and its double, build/mock-router
	+@$(MAKE) --no-print-directory $(BUILD)/rosaudit $(BUILD)/mock-router

mock: deps ## build/mock-router alone
	+@$(MAKE) --no-print-directory $(BUILD)/mock-router

demo: all ## builds, starts a mock router on loopback, audits it
	@tests/demo $(BUILD)

check: deps ## builds with ASan and UBSan, runs every test
	+@$(MAKE) --no-print-directory -j$$(nproc) test-programs
	@MAKEFLAGS= BUILD=$(BUILD) TEST_TIMEOUT=600 tests/run $(if $(SKIP_IS_FAILURE),--skip-is-failure) \
		$(WAITING) $(TESTS) $(filter-out $(WAITING),$(E2E))

check-long: deps ## the tests that take minutes: fuzzing, containers from nothing
	+@$(MAKE) --no-print-directory -j$$(nproc) test-programs
	@MAKEFLAGS= BUILD=$(BUILD) TEST_TIMEOUT=600 tests/run $(LONG)

bench: all ## speed and memory, beside a peer, as ratios
	+@$(MAKE) --no-print-directory $(BUILD)/bench/measure $(BUILD)/bench/link $(BUILD)/bench/exposure_run
	@tests/bench/audit $(BUILD)
	@tests/bench/exposure $(BUILD)
	@tests/bench/scan $(BUILD)

fuzz: deps ## libFuzzer over every parser of foreign bytes, FUZZ_SECONDS (60) each; needs clang
	+@$(MAKE) --no-print-directory $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*.c))
	@tests/fuzz/run $(BUILD) $(or $(FUZZ_SECONDS),60)

peers: ## servers and clients that tests talk to (sshd, nmap, podman, …), service starts denied
	@BUILD=$(BUILD) .ci/packages peers

deps:
	@CC='$(CC)' .ci/packages build

# What the program itself prints: its words, and the place below share/.
MADE := help:rosaudit.1=man/man1/rosaudit.1 help:rosaudit-policy.5=man/man5/rosaudit-policy.5 \
	completion:bash=bash-completion/completions/rosaudit \
	completion:zsh=zsh/site-functions/_rosaudit \
	completion:fish=fish/vendor_completions.d/rosaudit.fish

install: all ## PREFIX (/usr/local), DESTDIR
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/rosaudit/profiles \
		$(DESTDIR)$(PREFIX)/share/rosaudit/docs
	install -m 755 $(BUILD)/rosaudit $(BUILD)/mock-router $(DESTDIR)$(PREFIX)/bin
	install -m 644 profiles/*.yaml $(DESTDIR)$(PREFIX)/share/rosaudit/profiles
	install -m 644 docs/rosaudit.schema.json docs/scan.schema.json $(DESTDIR)$(PREFIX)/share/rosaudit/docs
	for l in $(LANGUAGES); do d=$(DESTDIR)$(PREFIX)/share/locale/$$l/LC_MESSAGES; \
		install -d $$d && install -m 644 $(BUILD)/locale/$$l/LC_MESSAGES/rosaudit.mo $$d || exit 1; done
	for f in $(MADE); do d=$(DESTDIR)$(PREFIX)/share/$${f#*=}; install -d "$${d%/*}" && umask 022 && \
		LC_ALL=C LANGUAGE= $(BUILD)/rosaudit $$(echo "$${f%%=*}" | tr : ' ') >"$$d" || exit 1; done

uninstall: ## what install put there; profiles of your own stay
	rm -f $(DESTDIR)$(PREFIX)/bin/rosaudit $(DESTDIR)$(PREFIX)/bin/mock-router
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/rosaudit/,$(wildcard profiles/*.yaml) \
		docs/rosaudit.schema.json docs/scan.schema.json)
	rm -f $(LANGUAGES:%=$(DESTDIR)$(PREFIX)/share/locale/%/LC_MESSAGES/rosaudit.mo)
	for f in $(MADE); do rm -f "$(DESTDIR)$(PREFIX)/share/$${f#*=}"; done
	for d in $(LANGUAGES:%=%/LC_MESSAGES) $(LANGUAGES) ''; do \
		rmdir $(DESTDIR)$(PREFIX)/share/locale/$$d 2>/dev/null || true; done
	for d in /profiles /docs ''; do \
		rmdir $(DESTDIR)$(PREFIX)/share/rosaudit$$d 2>/dev/null || true; done

messages: $(BUILD)/rosaudit.pot ## src/po/*.po take up the sentences that the sources have now
	for l in $(LANGUAGES); do msgmerge --quiet --update --backup=none --no-fuzzy-matching \
		--add-location=file --width=100 src/po/$$l.po $< || exit 1; done

clean: ## removes build/
	rm -rf $(BUILD)

format: ## clang-format over every C file
	clang-format -i $$(git ls-files '*.c' '*.h')

lint: deps ## both compilers, formatting, the house's walls
	@tests/lint

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | \
		awk -F '\t' '{ printf "  make %-11s %s\n", $$1, $$2 }'

# --- the program -----------------------------------------------------------------------------

$(BUILD)/rosaudit: $(BUILD)/src/main.o $(BUILD)/librosaudit.a | $(MESSAGES)
	$(call say,ld)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(LINKED) -o $@ $^ $(LIBS)

$(BUILD)/librosaudit.a: $(LIB_SRC:%.c=$(BUILD)/%.o)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/locale/%/LC_MESSAGES/rosaudit.mo: src/po/%.po
	@mkdir -p $(@D)
	$(call say,po)
	$(Q)msgfmt --check -o $@ $<

# Every sentence of the sources: message.h's marks; in src/audit also what audit_private.h says; and
# the errors and notes of the rooms that the reports tell of. The mistakes in a policy or at the
# command line are told in English.
TOLD := src/audit/% src/base/% src/model/% src/routeros/% src/scan/% src/transport/%
XGETTEXT := xgettext --language=C --from-code=UTF-8 --package-name=rosaudit --width=100 \
	--add-location=file --add-comments=TRANSLATORS --keyword --keyword=_ --keyword=N_ \
	--keyword=P_:1,2 --keyword=count:1,2
SAID := --keyword=SAY:1 --keyword=SAY_N:2,3 --keyword=word:2 --keyword=put_said:3 \
	--flag=SAY:1:c-format --flag=put_said:3:c-format --flag=SAY_N:2:c-format \
	--flag=SAY_N:3:c-format
FAILED := --keyword=error_set:3 --keyword=error_set_at:6 --keyword=error_set_sys:3 \
	--keyword=error_set_phrase:4 --keyword=error_hint:2 --keyword=error_hint_more:2 \
	--keyword=error_more:2 --keyword=error_wrap:2 --keyword=phrase_make:1 \
	--keyword=device_add_note:2 --keyword=device_add_note_of:3 --keyword=warn:2
$(BUILD)/rosaudit.pot: $(LIB_SRC) src/main.c src/audit/vantages_rules.h
	@mkdir -p $(@D)
	$(call say,pot)
	$(Q)$(XGETTEXT) -o $@.part $(filter-out $(TOLD),$^)
	$(Q)$(XGETTEXT) $(FAILED) $(SAID) --join-existing -o $@.part $(filter src/audit/%,$^)
	$(Q)$(XGETTEXT) $(FAILED) --join-existing -o $@.part \
		$(filter-out src/audit/%,$(filter $(TOLD),$^)) src/cli/fleet.c src/cli/reading.c \
		src/cli/vantages.c src/cli/vantage_ssh.c src/cli/outside.c src/cli/guarding.c
	$(Q)mv $@.part $@

$(BUILD)/mock-router: $(MOCK_SRC:mock-router/%.c=$(BUILD)/mock/%.o)
	$(call say,ld)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(LINKED) -o $@ $^ $(MOCK_LIBS)

$(BUILD)/src/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(CC) $(DEFINES) $(WARNINGS) $(HARDENED) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/mock/%.o: mock-router/%.c
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(CC) $(DEFINES) $(WARNINGS) $(HARDENED) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,ld)
	$(Q)$(CC) $(DEFINES) $(WARNINGS) $(HARDENED) $(CPPFLAGS) $(CFLAGS) $(LINKED) -o $@ $<

$(BUILD)/bench/exposure_run: tests/bench/exposure_run.c $(sort $(wildcard tests/support/firewall_*.c)) \
		$(BUILD)/librosaudit.a
	@mkdir -p $(@D)
	$(call say,ld)
	$(Q)$(CC) $(DEFINES) -I. $(WARNINGS) $(HARDENED) $(CPPFLAGS) $(CFLAGS) $(LINKED) -o $@ $^ \
		$(shell pkg-config --libs cmocka) -pthread

# --- the same with sanitizers, and the tests -----------------------------------------------------

.PHONY: test-programs
test-programs: $(CHECK)/rosaudit $(CHECK)/mock-router $(BUILD)/rosaudit $(BUILD)/mock-router $(TESTS) \
	$(AIDS)

$(CHECK)/rosaudit: $(CHECK)/src/main.o $(CHECK)/librosaudit.a | $(MESSAGES)
	$(call say,ld)
	$(Q)$(CC) $(SANITIZE) $(LDFLAGS) -pie -o $@ $^ $(LIBS)

$(CHECK)/librosaudit.a: $(LIB_SRC:%.c=$(CHECK)/%.o)
	@rm -f $@
	@ar rcs $@ $^

$(CHECK)/mock-router: $(MOCK_SRC:mock-router/%.c=$(CHECK)/mock/%.o)
	$(call say,ld)
	$(Q)$(CC) $(SANITIZE) $(LDFLAGS) -pie -o $@ $^ $(MOCK_LIBS)

$(CHECK)/tests/%: $(CHECK)/tests/%.o $(SUPPORT:%.c=$(CHECK)/%.o) $(CHECK)/librosaudit.a
	$(call say,ld)
	$(Q)$(CC) $(SANITIZE) $(LDFLAGS) -pie -o $@ $^ $(TEST_LIBS)

$(CHECK)/mock/%.o: mock-router/%.c
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(CC) $(DEFINES) $(WARNINGS) $(SANITIZE) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(CHECK)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(CC) $(DEFINES) -I. $(WARNINGS) $(SANITIZE) $(CPPFLAGS) -MMD -MP -c -o $@ $<

# libFuzzer is clang's; everything is compiled with its coverage.
FUZZ := -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
$(BUILD)/fuzz/%: tests/fuzz/%.c $(LIB_SRC)
	@mkdir -p $(@D)
	$(call say,ld)
	$(Q)clang $(DEFINES) -I. $(FUZZ) -o $@ $^ $(LIBS)

.SECONDARY:
-include $(wildcard $(BUILD)/src/*.d $(BUILD)/src/*/*.d $(BUILD)/mock/*.d $(CHECK)/src/*.d \
	$(CHECK)/src/*/*.d $(CHECK)/mock/*.d $(CHECK)/tests/*.d $(CHECK)/tests/*/*.d)
