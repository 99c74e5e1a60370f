# Measurements, side by side with the peers in the same run; see docs/performance.md.
.PHONY: bench
bench: uexec samples $(BUILD)/uexec.musl
	$(Q)BUILD=$(BUILD) sh bench/start.sh

# libc-min beside its peers: the same source, static, on each.
LIBC_BENCHES := $(patsubst bench/libc/%.c,%,$(wildcard bench/libc/*.c))
LIBC_BENCH_CFLAGS := -std=gnu11 -O2 -g0 -fno-builtin -fno-pie -no-pie -static -D_GNU_SOURCE -pthread
LIBC_BENCH_BINS := $(foreach libc,ucc musl glibc,$(LIBC_BENCHES:%=$(BUILD)/bench/libc/%.$(libc)))

# $(1) suffix, $(2) compiler, $(3) what else it depends on
define libc_bench
$(BUILD)/bench/libc/%.$(1): bench/libc/%.c bench/rules.mk $(3)
	@$$(SAY) CC $$@
	@mkdir -p $$(@D)
	$$(Q)$(2) $$(LIBC_BENCH_CFLAGS) -o $$@ $$<
endef

$(eval $(call libc_bench,ucc,$(BUILD)/ucc,$$(LIBC_STATIC)))
$(eval $(call libc_bench,musl,$(MUSLCC),))
$(eval $(call libc_bench,glibc,$(CC),))

.PHONY: bench-libc
bench-libc: $(LIBC_BENCH_BINS)
	$(Q)BUILD=$(BUILD) sh bench/libc.sh
