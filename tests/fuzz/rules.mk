# The fuzzer of what comes before the first mapping: `make fuzz` (SECONDS=600), and a short run for the
# tests. Included by the top Makefile through tests/rules.mk; paths are from the root.

FUZZ_LOADER  := script message
FUZZ_SOURCES := $(filter-out %/fuzz_object.c,$(wildcard tests/fuzz/*.c))
FUZZ_BASE := $(patsubst %.c,$(BUILD)/tests/fuzz.d/%.o,$(BASE_C) $(ELF_C))
FUZZ_OBJECTS := $(FUZZ_LOADER:%=$(BUILD)/tests/fuzz.d/loader/%.o) $(FUZZ_BASE) $(BUILD)/tests/fuzz.d/inspect/image.o \
                $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/tests/fuzz.d/%.o)
FUZZ_CORPUS  := $(BUILD)/tests/corpus
SECONDS      ?= 600

FUZZ_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer \
               -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
               $(BASE_INCLUDES) -Iloader/arch/$(ARCH)
# loader/ never frees: what it takes belongs to the input
FUZZ_POOL := -include tests/fuzz/pool.h -Dmalloc=pool_malloc -Dcalloc=pool_calloc \
             -Drealloc=pool_realloc -Dfree=pool_free -Delf_begin=pool_elf_begin -Delf_end=pool_elf_end

# Not in TEST_BINS: everything else is built without clang.
$(BUILD)/tests/fuzz_plan: $(FUZZ_OBJECTS)
	@$(SAY) CLANG $@
	$(Q)$(CLANG) -fsanitize=fuzzer,address,undefined -o $@ $^ -lelf

$(BUILD)/tests/fuzz.d/inspect/%.o: inspect/%.c tests/fuzz/pool.h tests/fuzz/rules.mk
	@$(SAY) CLANG $<
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_CFLAGS) $(FUZZ_POOL) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/fuzz.d/elf/%.o: elf/%.c tests/fuzz/rules.mk
	@$(SAY) CLANG $<
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/fuzz.d/loader/%.o: loader/%.c tests/fuzz/pool.h tests/fuzz/rules.mk
	@$(SAY) CLANG $<
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_CFLAGS) $(FUZZ_POOL) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/fuzz.d/base/%.o: base/%.c tests/fuzz/rules.mk
	@$(SAY) CLANG $<
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/fuzz.d/%.o: tests/fuzz/%.c tests/fuzz/rules.mk
	@$(SAY) CLANG $<
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

# What a run finds worth keeping is kept there too.
$(FUZZ_CORPUS)/.made: tests/fuzz/corpus $(SAMPLE_BINS) $(BUILD)/tests/elfgen
	@$(SAY) CORPUS $(FUZZ_CORPUS)
	$(Q)tests/fuzz/corpus $(abspath $(FUZZ_CORPUS)) $(abspath $(BUILD))
	$(Q)touch $@

# A crash leaves its input in build/tests/crash-*; run fuzz_plan with it to see it again.
FUZZ := ASAN_OPTIONS=quarantine_size_mb=16 $(BUILD)/tests/fuzz_plan -max_len=65536 -timeout=10 \
        -rss_limit_mb=1024 -verbosity=0 -print_final_stats=1 -artifact_prefix=$(BUILD)/tests/

# rt's: what it does with a library's file, mapped. A read outside of the image is a fault; its own memory is
# the sanitizer's.
FUZZ_RT := arch/$(ARCH)/relocation binding decode ifunc lazy lock lookup map object prefetch protect relocate rules \
           scope symbol_index system tls trace unique version
FUZZ_RT_OBJECTS := $(FUZZ_RT:%=$(BUILD)/tests/fuzz.d/rt/%.o) $(BUILD)/tests/fuzz.d/fuzz_object.o $(FUZZ_BASE)
FUZZ_RT_CORPUS := $(BUILD)/tests/corpus-rt
FUZZ_RT_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer $(BASE_INCLUDES) -Irt/arch/$(ARCH) \
                  -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=alignment,pointer-overflow -fno-sanitize-recover=undefined

$(BUILD)/tests/fuzz_object: $(FUZZ_RT_OBJECTS)
	@$(SAY) CLANG $@
	$(Q)$(CLANG) -fsanitize=fuzzer,address,undefined -o $@ $^

$(BUILD)/tests/fuzz.d/rt/%.o: rt/%.c tests/fuzz/rules.mk
	@$(SAY) CLANG $<
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_RT_CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/fuzz.d/fuzz_object.o: tests/fuzz/fuzz_object.c tests/fuzz/rules.mk
	@$(SAY) CLANG $<
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_RT_CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(FUZZ_RT_CORPUS)/.made: tests/fuzz/corpus-rt
	@$(SAY) CORPUS $(FUZZ_RT_CORPUS)
	$(Q)tests/fuzz/corpus-rt $(abspath $(FUZZ_RT_CORPUS))
	$(Q)touch $@

FUZZ_OBJECT := ASAN_OPTIONS=quarantine_size_mb=16:detect_leaks=0 $(BUILD)/tests/fuzz_object -max_len=16384 -timeout=10 -rss_limit_mb=1024 -verbosity=0 \
               -print_final_stats=1 -artifact_prefix=$(BUILD)/tests/

.PHONY: fuzz fuzz-short fuzz-rt fuzz-rt-short
fuzz fuzz-short: $(BUILD)/tests/fuzz_plan $(FUZZ_CORPUS)/.made
fuzz:
	$(Q)$(FUZZ) -max_total_time=$(SECONDS) $(FUZZ_CORPUS)

fuzz-short:
	$(Q)$(FUZZ) -max_total_time=30 $(FUZZ_CORPUS)

fuzz-rt fuzz-rt-short: $(BUILD)/tests/fuzz_object $(FUZZ_RT_CORPUS)/.made
fuzz-rt:
	$(Q)$(FUZZ_OBJECT) -max_total_time=$(SECONDS) $(FUZZ_RT_CORPUS)

fuzz-rt-short:
	$(Q)$(FUZZ_OBJECT) -max_total_time=30 $(FUZZ_RT_CORPUS)

-include $(FUZZ_OBJECTS:.o=.d) $(FUZZ_RT_OBJECTS:.o=.d)
