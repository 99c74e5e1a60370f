# Measurements, together with the peers in the same run; see docs/performance.md.
ALTERNATE := $(BUILD)/bench/alternate

$(ALTERNATE): bench/alternate.c bench/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -D_GNU_SOURCE $(WARN) -o $@ $<

.PHONY: bench
bench: uexec samples $(BUILD)/uexec.musl $(ALTERNATE)
	$(Q)BUILD=$(BUILD) sh bench/start.sh
	@echo
	$(Q)BUILD=$(BUILD) sh bench/rt.sh
	$(Q)BUILD=$(BUILD) sh bench/umaps.sh

# libc-min and its peers: the same source, static, on each.
LIBC_BENCHES := $(patsubst bench/libc/%.c,%,$(wildcard bench/libc/*.c))
LIBC_BENCH_CFLAGS := -std=gnu11 -O2 -falign-functions=64 -falign-loops=64 -g0 -fno-builtin -fno-pie -no-pie -static -D_GNU_SOURCE -pthread
LIBC_BENCH_BINS := $(foreach libc,ucc musl glibc,$(LIBC_BENCHES:%=$(BUILD)/bench/libc/%.$(libc)))

# $(1) suffix, $(2) compiler, $(3) more prerequisites
define libc_bench
$(BUILD)/bench/libc/%.$(1): bench/libc/%.c bench/libc/path.h bench/rules.mk $(3)
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

# The dynamic linkers on the same generated libraries, which need no libc; only the programs are built for
# each linker: see bench/rt.sh. Plain `make` builds none of this.
RT_BENCH := $(BUILD)/bench/rt
RT_BENCH_PROCESSES := empty many-now many-lazy many-bare few relative relr
RT_BENCH_CASES := $(RT_BENCH_PROCESSES) calls
RT_BENCH_BINS := $(foreach peer,glibc musl rt,$(RT_BENCH_CASES:%=$(RT_BENCH)/%.$(peer)))

# How a program's own slots are bound, and its source.
rt_bench_bind_many-lazy := lazy
rt_bench_bind_calls := lazy
rt_bench_source_relative := relative.c
rt_bench_source_relr := relative.c
rt_bench_source_calls := calls.c

$(RT_BENCH)/lib/%/made: bench/rt/libraries.sh bench/rt/libraries.awk bench/rt/relative.s
	@$(SAY) GEN $(@D)
	$(Q)sh bench/rt/libraries.sh $* $(@D)
	$(Q)touch $@

# The linkers find the libraries by $ORIGIN, in one folder for each case.
# $(1) peer, $(2) compiler, $(3) more prerequisites, $(4) case, $(5) source, $(6) lazy or now
define rt_bench
$(RT_BENCH)/$(4).$(1): bench/rt/$(5) bench/rules.mk $(RT_BENCH)/lib/$(4)/made $(3)
	@$$(SAY) CC $$@
	$$(Q)$(2) -std=gnu11 -O2 -g0 -fPIE -pie -o $$@ $$< -Wl,-z,$(6),--no-as-needed,-rpath,'$$$$ORIGIN/lib/$(4)' \
	    $$$$(find $(RT_BENCH)/lib/$(4) -name '*.o' -o -name '*.so' | LC_ALL=C sort)
endef

rt_bench_case = $(call rt_bench,$(1),$(2),$(3),$(4),$(or $(rt_bench_source_$(4)),empty.c),$(or $(rt_bench_bind_$(4)),now))

$(foreach case,$(RT_BENCH_CASES),$(eval $(call rt_bench_case,glibc,$(CC),,$(case))))
$(foreach case,$(RT_BENCH_CASES),$(eval $(call rt_bench_case,musl,$(MUSLCC),,$(case))))
$(foreach case,$(RT_BENCH_CASES),$(eval $(call rt_bench_case,rt,$(BUILD)/ucc,$$(LIBC_ALL) $$(RT_LINKER),$(case))))

bench: $(RT_BENCH_BINS)

.PHONY: bench-rt
bench-rt: $(RT_BENCH_BINS) $(ALTERNATE)
	$(Q)BUILD=$(BUILD) sh bench/rt.sh

# The allocator and its peers: bench/malloc.sh.
MALLOC_BENCH := $(BUILD)/bench/malloc
MALLOC_BENCH_BINS := $(MALLOC_BENCH)/patterns $(MALLOC_BENCH)/patterns.musl $(MALLOC_BENCH)/timed

# -fno-builtin: the compiler would leave calls out whose result nobody uses
$(MALLOC_BENCH)/patterns.musl: bench/malloc/patterns.c bench/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) -std=gnu11 -O2 -D_GNU_SOURCE -fno-builtin -pthread -static $(WARN) -o $@ $<

$(MALLOC_BENCH)/%: bench/malloc/%.c bench/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -D_GNU_SOURCE -fno-builtin -pthread $(WARN) -o $@ $<

.PHONY: bench-malloc
bench-malloc: $(MALLOC_BENCH_BINS) $(MALLOC_PRELOAD)
	$(Q)BUILD=$(BUILD) sh bench/malloc.sh

# Recording a layout: bench/umaps.sh.
$(BUILD)/bench/umaps/calls: bench/umaps/calls.c bench/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O2 $(WARN) -o $@ $<

.PHONY: bench-umaps
bench-umaps: umaps uexec $(ALTERNATE) $(BUILD)/bench/umaps/calls
	$(Q)BUILD=$(BUILD) sh bench/umaps.sh
bench: umaps $(BUILD)/bench/umaps/calls
