# uexec: see README.md for the two commands, docs/architecture.md for the code.
#
#   make            build everything            make deps      install what the build needs
#   make demo       run real programs           make test      everything that is tested
#   make check      the quicker part of it      make bench     start-up, against execve and ld.so
#   make libc       libc-min and ucc            make bench-libc     libc-min against musl and glibc
#   make rt         the dynamic linker          make bench-rt       it against glibc's and musl's
#   make test-torture   gcc's torture tests on libc-min (make test runs them too)
#   make test-kernels   the loader and rt on Debian's kernels, in virtual machines
#   make lint       clang-tidy, cppcheck, clang-format, shellcheck
#   make format     lay the sources out         make fuzz      fuzz for longer (SECONDS=600)
#   make install    PREFIX= and DESTDIR= as usual
#   make V=1        show the commands

VERSION := 0.1.0
BUILD   := build
PREFIX  ?= /usr/local
DESTDIR ?=

CC     := gcc
MUSLCC := musl-gcc
CLANG  := clang
WARN   := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror

# quiet unless V=1
ifeq ($(V),1)
Q   :=
SAY := :
else
Q   := @
SAY := printf '  %-8s %s\n'
endif

.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:

.PHONY: all
all:

include base/rules.mk
include elf/rules.mk
include inspect/rules.mk
include libc-min/rules.mk
include rt/rules.mk
include loader/rules.mk
include samples/rules.mk
include tests/rules.mk
include bench/rules.mk
include docs/rules.mk

all: uexec libc rt samples $(TEST_BINS)

.PHONY: demo
demo: uexec libc rt samples
	$(Q)BUILD=$(BUILD) sh samples/demo.sh

# The whole is system programs, fuzzing, torture and another kernel besides; see tests/README.md.
CHECK := $(filter-out %/system.bats %/fuzz.bats %/mutants.bats %/torture.bats %/kernels.bats %/ordinary.bats,$(wildcard tests/*.bats))

.PHONY: test check test-torture
test: all
	$(Q)BUILD=$(BUILD) tests/run
check: all
	$(Q)BUILD=$(BUILD) tests/run $(CHECK)

# gcc's own torture tests on libc-min (tests/torture/run); `make test` has them too.
test-torture: uexec $(LIBC_ALL) $(RT_LINKER)
	$(Q)BUILD=$(BUILD) tests/torture/run

# On Debian's kernels, in virtual machines: KERNELS="6.1 6.12 here", SUITES=, RUNS= (tests/kernels/run).
.PHONY: test-kernels
test-kernels: all
	$(Q)BUILD=$(BUILD) tests/kernels/run

C_FILES  := $(shell git ls-files '*.c' '*.h' 2>/dev/null)
SH_FILES := $(shell git ls-files '*.sh' .ci/run tests/run tests/torture/run tests/kernels/common.sh \
              tests/kernels/hello tests/kernels/init tests/kernels/kernel tests/kernels/root \
              tests/kernels/run tests/kernels/vm 2>/dev/null)

.PHONY: format lint
format:
	$(Q)clang-format -i $(C_FILES)

# clang-tidy reads musl's headers, as the compiler does.
TIDY_FLAGS := -D__clang_analyzer__ -std=gnu11 -D_GNU_SOURCE -nostdinc \
              -isystem $(shell $(CLANG) -print-resource-dir)/include \
              -isystem /usr/include/x86_64-linux-musl -isystem $(BUILD)/include \
              $(BASE_INCLUDES) -Ilibc-min/include -Ilibc-min/arch/$(ARCH) -Irt/arch/$(ARCH) -Iloader/arch/$(ARCH)

lint: $(LIBELF_HEADERS)
	@$(SAY) LINT clang-format
	$(Q)clang-format --dry-run --Werror $(C_FILES)
	@$(SAY) LINT clang-tidy
	@# one run holds to the .clang-tidy of its first file, so that libc-min's and rt's are on their own
	$(Q)for files in "$(filter base/%.c elf/%.c loader/%.c inspect/%.c,$(C_FILES))" "$(filter libc-min/%.c,$(C_FILES))" \
	        "$(filter rt/%.c,$(C_FILES))"; do \
	    echo "$$files" | tr ' ' '\n' | xargs -P "$$(nproc)" -n 8 sh -c 'clang-tidy --quiet "$$@" -- $(TIDY_FLAGS) \
	    2>$(BUILD)/tidy.$$$$ || { cat $(BUILD)/tidy.$$$$; exit 1; }; rm -f $(BUILD)/tidy.$$$$' sh || \
	    exit 1; done
	@$(SAY) LINT cppcheck
	$(Q)cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --suppressions-list=.cppcheck -I $(BUILD)/include -j "$$(nproc)" \
	    $(BASE_INCLUDES) -I libc-min/include -I libc-min/arch/$(ARCH) -I rt/arch/$(ARCH) -I loader/arch/$(ARCH) \
	    $(filter base/%.c elf/%.c loader/%.c inspect/%.c libc-min/%.c rt/%.c,$(C_FILES))
	@$(SAY) LINT shellcheck
	$(Q)shellcheck $(SH_FILES)

# The version is left out: its quotes would have to be quoted three times over.
compile_commands.json: Makefile loader/rules.mk $(LOADER_C)
	$(Q){ separator='['; for file in $(LOADER_C); do \
	    printf '%s\n{"directory": "%s", "file": "%s", "command": "%s -c %s"}' "$$separator" \
	        '$(CURDIR)' "$$file" \
	        '$(MUSLCC) $(filter-out -DUEXEC_VERSION%,$(LOADER_CFLAGS))' "$$file"; \
	    separator=','; done; printf '\n]\n'; } > $@

.PHONY: install
install: uexec libc rt
	$(Q)install -D -m 755 -t $(DESTDIR)$(PREFIX)/bin uexec $(BUILD)/ucc
	$(Q)install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/uexec $(filter $(LIBC_LIB)/%,$(LIBC_ALL))
	$(Q)install -D -m 755 -t $(DESTDIR)$(PREFIX)/lib/uexec $(RT_LINKER)
	$(Q)install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 docs/uexec.1
	$(Q)install -D -m 644 docs/uexec.bash \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/uexec

.PHONY: clean
clean:
	$(Q)rm -rf $(BUILD) uexec umaps compile_commands.json

# What a fresh Debian machine needs; package by package why: docs/architecture.md.
DEPS := gcc make binutils musl-tools musl-dev libelf-dev zlib1g-dev libc6-dev linux-libc-dev \
        bats strace gdb clang libclang-rt-14-dev clang-tidy clang-format cppcheck shellcheck \
        busybox-static xz-utils file git perl python3-minimal ca-certificates util-linux procps \
        bash-completion mandoc bsdutils gcc-12-source qemu-system-x86 e2fsprogs cpio valgrind python3-jsonschema \
        qemu-user libcap2-bin unicode-data

.PHONY: deps
deps:
	$(Q)sh tests/deps.sh $(DEPS)
