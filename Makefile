# uexec: see README.md for the two commands, docs/architecture.md for the code.
#
#   make            build everything            make deps      install what the build needs
#   make demo       run real programs           make test      everything that is tested
#   make check      the tests under a minute    make bench     measurements against peers
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

include loader/rules.mk
include samples/rules.mk
include tests/rules.mk
include bench/rules.mk
include docs/rules.mk

all: uexec samples

.PHONY: clean
clean:
	$(Q)rm -rf $(BUILD) uexec umaps compile_commands.json

# What a fresh Debian machine needs; package by package why: docs/architecture.md.
DEPS := gcc make binutils musl-tools musl-dev libelf-dev zlib1g-dev libc6-dev linux-libc-dev \
        bats hyperfine strace gdb clang clang-tidy clang-format cppcheck shellcheck \
        busybox-static xz-utils file git perl python3-minimal ca-certificates util-linux procps

.PHONY: deps
deps:
	$(Q)sh tests/deps.sh $(DEPS)
