# uexec: see README.md for the two commands, docs/architecture.md for the code.
#
#   make                build everything            make deps       install what the build needs
#   make demo           run real programs           make test       everything that is tested
#   make check          the quicker part of it      make bench      start-up, against execve and ld.so
#   make libc           libc-min and ucc            make bench-libc libc-min against musl and glibc
#   make rt             the dynamic linker          make bench-rt   it against glibc's and musl's
#   make bench-umaps    what a recording costs, beside strace
#   make bench-malloc   allocators side by side     make torture-malloc  10^9 operations on the allocator
#   make test-torture   gcc's torture tests on libc-min (make test runs them too)
#   make test-kernels   the loader and rt on Debian's kernels, in virtual machines
#   make fuzz           fuzz images and scripts for SECONDS=600; make fuzz-rt: libraries
#   make docs           the pictures of docs/ anew
#   make lint           clang-tidy, cppcheck, clang-format, shellcheck, mandoc
#   make format         lay the sources out         make compile_commands.json   for clangd
#   make install        PREFIX= and DESTDIR= as usual; make uninstall takes it back
#   make dist           a tarball of the sources    make deb        a Debian package
#   make V=1            show the commands           make help       print this

comma := ,
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

all: uexec umaps libc rt samples $(TEST_BINS)

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

C_FILES  = $(shell git ls-files '*.c' '*.h' 2>/dev/null)
SH_FILES = $(shell git ls-files '*.sh' .ci/run tests/run tests/torture/run tests/kernels/common.sh \
              tests/kernels/hello tests/kernels/init tests/kernels/kernel tests/kernels/root \
              tests/kernels/run tests/kernels/vm 2>/dev/null)

.PHONY: format lint
format:
	$(Q)clang-format -i $(C_FILES)

# clang-tidy reads musl's headers, as the compiler does.
TIDY_FLAGS = -D__clang_analyzer__ -std=gnu11 -D_GNU_SOURCE -nostdinc \
              -isystem $(shell $(CLANG) -print-resource-dir)/include \
              -isystem /usr/include/x86_64-linux-musl -isystem $(BUILD)/include \
              $(BASE_INCLUDES) -Ilibc-min/include -Ilibc-min/malloc -Ilibc-min/arch/$(ARCH) -Irt/arch/$(ARCH) -Iloader/arch/$(ARCH)

lint: $(LIBELF_HEADERS)
	@$(SAY) LINT clang-format
	$(Q)clang-format --dry-run --Werror $(C_FILES)
	@$(SAY) LINT clang-tidy
	@# one run holds to the .clang-tidy of its first file, so that libc-min's and rt's are on their own
	$(Q)for files in "$(filter-out inspect/umaps/%,$(filter base/%.c elf/%.c loader/%.c inspect/%.c,$(C_FILES)))" "$(filter libc-min/%.c,$(C_FILES))" \
	        "$(filter rt/%.c,$(C_FILES))"; do \
	    echo "$$files" | tr ' ' '\n' | xargs -P "$$(nproc)" -n 8 sh -c 'clang-tidy --quiet "$$@" -- $(TIDY_FLAGS) \
	    2>$(BUILD)/tidy.$$$$ || { cat $(BUILD)/tidy.$$$$; exit 1; }; rm -f $(BUILD)/tidy.$$$$' sh || \
	    exit 1; done
	@# umaps is a program of glibc
	$(Q)echo '$(filter inspect/umaps/%.c,$(C_FILES))' | tr ' ' '\n' | xargs -P "$$(nproc)" -n 4 sh -c 'clang-tidy --quiet "$$@" -- \
	    -D__clang_analyzer__ -DUEXEC_VERSION=__FILE__ $(filter-out -DUEXEC%,$(UMAPS_CFLAGS)) 2>$(BUILD)/tidy.$$$$ || { cat $(BUILD)/tidy.$$$$; exit 1; }; rm -f $(BUILD)/tidy.$$$$' sh
	@$(SAY) LINT cppcheck
	$(Q)cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --suppressions-list=.cppcheck -I $(BUILD)/include -j "$$(nproc)" \
	    $(BASE_INCLUDES) -I libc-min/include -I libc-min/arch/$(ARCH) -I rt/arch/$(ARCH) -I loader/arch/$(ARCH) \
	    $(filter base/%.c elf/%.c loader/%.c inspect/%.c libc-min/%.c rt/%.c,$(C_FILES))
	@$(SAY) LINT shellcheck
	$(Q)shellcheck $(SH_FILES)

# For clangd: each half's sources with its own options, and musl's headers by name, because clangd does not know
# musl-gcc's. Left out is what clang does not know, and the version: its quotes would have to be quoted three times over.
FOR_CLANGD = -nostdinc -isystem $(shell $(CLANG) -print-resource-dir)/include -isystem /usr/include/x86_64-linux-musl \
             $(filter-out -DUEXEC_VERSION% -fno-tree-loop-distribute-patterns,$(1))

compile_commands.json: Makefile $(wildcard */rules.mk)
	@$(SAY) JSON $@
	$(Q)commands() { \
	    compiler=$$1; shift; \
	    for file; do \
	        printf '%s\n{"directory": "%s", "file": "%s", "command": "%s -c %s"}' \
	            "$$separator" '$(CURDIR)' "$$file" "$$compiler" "$$file"; \
	        separator=,; \
	    done; }; \
	{ separator='['; \
	  commands '$(CLANG) $(call FOR_CLANGD,$(LOADER_CFLAGS))' $(LOADER_C); \
	  commands '$(CLANG) $(call FOR_CLANGD,$(RT_CFLAGS))' $(RT_C); \
	  commands '$(CLANG) $(call FOR_CLANGD,$(LIBC_CFLAGS))' $(LIBC_C); \
	  commands '$(CC) $(UNIT_CFLAGS)' $(filter tests/%,$(UNIT_SOURCES)); \
	  printf '\n]\n'; } >$@

# What is installed, by folder: `install` and `uninstall` go by these.
STRIP     ?= strip
LIBDIR    := $(DESTDIR)$(PREFIX)/lib/uexec
MANDIR    := $(DESTDIR)$(PREFIX)/share/man
COMPLETE  := $(DESTDIR)$(PREFIX)/share
INSTALLED_BIN := uexec umaps $(BUILD)/ucc
INSTALLED_LIB := $(filter-out $(LIBC_HEADERS),$(filter $(LIBC_LIB)/%,$(LIBC_ALL))) $(RT_LINKER) $(MALLOC_PRELOAD)
INSTALLED_DOC := README.md LICENSE LICENSES.md CHANGELOG.md

# Stripped, and without a path of the build in it.
.PHONY: install uninstall
install: uexec umaps libc rt
	$(Q)install -D -m 755 -t $(DESTDIR)$(PREFIX)/bin $(INSTALLED_BIN)
	$(Q)install -D -m 644 -t $(LIBDIR) $(INSTALLED_LIB)
	$(Q)install -D -m 644 -t $(LIBDIR)/headers $(LIBC_HEADERS)
	$(Q)chmod 755 $(LIBDIR)/ld-uexec.so.1
	$(Q)$(STRIP) $(DESTDIR)$(PREFIX)/bin/uexec $(DESTDIR)$(PREFIX)/bin/umaps $(LIBDIR)/ld-uexec.so.1 $(LIBDIR)/libc.so $(LIBDIR)/libmalloc-min.so
	$(Q)$(STRIP) --strip-debug $(LIBDIR)/libc.a $(LIBDIR)/*.o
	$(Q)install -D -m 644 -t $(MANDIR)/man1 docs/uexec.1 docs/umaps.1 docs/ucc.1
	$(Q)install -D -m 644 -t $(MANDIR)/man8 docs/ld-uexec.so.8
	$(Q)install -D -m 644 docs/uexec.bash $(COMPLETE)/bash-completion/completions/uexec
	$(Q)install -D -m 644 docs/umaps.bash $(COMPLETE)/bash-completion/completions/umaps
	$(Q)install -D -m 644 docs/uexec.zsh $(COMPLETE)/zsh/vendor-completions/_uexec
	$(Q)install -D -m 644 docs/uexec.fish $(COMPLETE)/fish/vendor_completions.d/uexec.fish
	$(Q)install -D -m 644 -t $(COMPLETE)/doc/uexec $(INSTALLED_DOC)

uninstall:
	$(Q)rm -f $(patsubst %,$(DESTDIR)$(PREFIX)/bin/%,$(notdir $(INSTALLED_BIN))) \
	    $(patsubst %,$(LIBDIR)/%,$(notdir $(INSTALLED_LIB))) \
	    $(patsubst %,$(LIBDIR)/headers/%,$(notdir $(LIBC_HEADERS))) \
	    $(MANDIR)/man1/uexec.1 $(MANDIR)/man1/umaps.1 $(MANDIR)/man1/ucc.1 $(MANDIR)/man8/ld-uexec.so.8 \
	    $(COMPLETE)/bash-completion/completions/uexec $(COMPLETE)/bash-completion/completions/umaps $(COMPLETE)/zsh/vendor-completions/_uexec \
	    $(COMPLETE)/fish/vendor_completions.d/uexec.fish \
	    $(patsubst %,$(COMPLETE)/doc/uexec/%,$(notdir $(INSTALLED_DOC)))
	$(Q)rmdir $(LIBDIR)/headers $(LIBDIR) $(COMPLETE)/doc/uexec 2>/dev/null || true

# The sources of the last commit.
.PHONY: dist
dist:
	@$(SAY) DIST $(BUILD)/uexec-$(VERSION).tar.gz
	$(Q)mkdir -p $(BUILD)
	$(Q)git archive --prefix=uexec-$(VERSION)/ -o $(BUILD)/uexec-$(VERSION).tar.gz HEAD

.PHONY: deb
deb: uexec umaps libc rt
	@$(SAY) DEB $(BUILD)/uexec_$(VERSION)_amd64.deb
	$(Q)BUILD=$(BUILD) VERSION=$(VERSION) MAKE="$(MAKE)" sh docs/deb.sh

.PHONY: help
help:
	@sed -n 's/^#   make/make/p' $(firstword $(MAKEFILE_LIST))

.PHONY: clean
clean:
	$(Q)rm -rf $(BUILD) uexec umaps compile_commands.json

# What a fresh Debian machine needs. Of umaps: libjansson-dev; of its tests: jq, chromium (driven by node, if there is one).
DEPS := gcc make binutils musl-tools musl-dev libelf-dev libjansson-dev zlib1g-dev libc6-dev linux-libc-dev \
        bats strace gdb clang libclang-rt-14-dev clang-tidy clang-format cppcheck shellcheck \
        busybox-static xz-utils file git perl python3-minimal ca-certificates util-linux procps \
        bash-completion mandoc bsdutils gcc-12-source qemu-system-x86 e2fsprogs cpio valgrind python3-jsonschema \
        qemu-user libcap2-bin unicode-data redis-server postgresql jq chromium

.PHONY: deps
deps:
	$(Q)sh tests/deps.sh $(DEPS)
