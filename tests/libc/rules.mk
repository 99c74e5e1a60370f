# The unit tests of libc-min: tests/libc/*.c, each built for every libc it has to pass on, and the
# differential programs, tests/libc/diff/*.c. Included by the top Makefile through tests/rules.mk.
#
#     build/tests/libc/NAME.static .static-pie     libc.a, by ucc
#     build/tests/libc/NAME.dynamic                libc.so on rt, a dynamic PIE by ucc
#     build/tests/libc/NAME.musl .glibc            the peers; .glibc unless the source says `not glibc`
#     build/tests/libc/diff/NAME.ucc .dynamic .musl .glibc

LIBC_TESTS := $(wildcard tests/libc/*.c)
LIBC_DIFFS := $(wildcard tests/libc/diff/*.c)
# Those whose first line says `not glibc: why`; tests/libc.bats compares the two.
LIBC_NOT_GLIBC := brk locale multibyte scanf strftime-years thread-defaults wide-alike
LIBC_FOR_GLIBC := $(filter-out $(LIBC_NOT_GLIBC:%=tests/libc/%.c),$(LIBC_TESTS))

# -fno-builtin: what is called is the library's, not what gcc knows of it.
LIBC_TEST_CFLAGS := -std=gnu11 -O1 -g0 -fno-builtin -fno-stack-protector -D_GNU_SOURCE -pthread -w

LIBC_TEST_BINS := $(foreach kind,static static-pie dynamic musl,$(LIBC_TESTS:tests/%.c=$(BUILD)/tests/%.$(kind))) \
                  $(LIBC_FOR_GLIBC:tests/%.c=$(BUILD)/tests/%.glibc) \
                  $(foreach kind,ucc dynamic musl glibc,$(LIBC_DIFFS:tests/%.c=$(BUILD)/tests/%.$(kind)))

TEST_BINS += $(LIBC_TEST_BINS)

# $(1) suffix, $(2) compiler and what makes the kind, $(3) what else it depends on
define libc_test_kind
$(BUILD)/tests/libc/%.$(1): tests/libc/%.c $(wildcard tests/libc/*.h) tests/libc/rules.mk $(3)
	@$$(SAY) CC $$@
	@mkdir -p $$(@D)
	$$(Q)$(2) $$(LIBC_TEST_CFLAGS) -Itests/libc -o $$@ $$< -lm
endef

$(eval $(call libc_test_kind,static,$(BUILD)/ucc -DLIBC_MIN -static,$$(LIBC_STATIC)))
$(eval $(call libc_test_kind,static-pie,$(BUILD)/ucc -DLIBC_MIN -static-pie -fPIE,$$(LIBC_STATIC)))
$(eval $(call libc_test_kind,dynamic,$(BUILD)/ucc -DLIBC_MIN -pie -fPIE,$$(LIBC_ALL) $$(RT_LINKER)))
$(eval $(call libc_test_kind,ucc,$(BUILD)/ucc -static,$$(LIBC_STATIC)))
$(eval $(call libc_test_kind,musl,$(MUSLCC) -static,))
# glibc's libc.a warns of tmpnam() and tempnam(), which are tested
$(eval $(call libc_test_kind,glibc,$(CC) -static -Wl$(comma)--no-warnings,))
