# The random test of the allocator, on libc-min and preloaded into a program of glibc's; and, with all of the
# allocator, under ThreadSanitizer, where its functions have other names, because that brings a malloc() of its own.
MALLOC_TESTS := $(BUILD)/tests/malloc
MALLOC_TEST_BINS := $(MALLOC_TESTS)/torture $(MALLOC_TESTS)/torture.ucc $(MALLOC_TESTS)/torture.tsan
TEST_BINS += $(MALLOC_TEST_BINS) $(MALLOC_PRELOAD)

MALLOC_TEST_CFLAGS := -std=gnu11 -O1 -g -fno-builtin -D_GNU_SOURCE -pthread
MALLOC_TSAN_NAMES := malloc free calloc realloc reallocarray aligned_alloc posix_memalign memalign valloc pvalloc \
                     malloc_usable_size mallopt malloc_trim free_sized free_aligned_sized

$(MALLOC_TESTS)/torture: tests/malloc/torture.c tests/malloc/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(MALLOC_TEST_CFLAGS) $(WARN) -o $@ $<

$(MALLOC_TESTS)/torture.ucc: tests/malloc/torture.c tests/malloc/rules.mk $(LIBC_STATIC)
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(BUILD)/ucc $(MALLOC_TEST_CFLAGS) -static -o $@ $<

$(MALLOC_TESTS)/torture.tsan: tests/malloc/torture.c tests/malloc/tsan.h tests/malloc/rules.mk $(MALLOC_PRELOAD_C) $(wildcard libc-min/malloc/*.h)
	@$(SAY) LD $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(MALLOC_TEST_CFLAGS) -w -fsanitize=thread -DMALLOC_PRELOAD -include tests/malloc/tsan.h $(foreach name,$(MALLOC_TSAN_NAMES),-D$(name)=tested_$(name)) $(MALLOC_PRELOAD_INCLUDES) \
	    -o $@ $(MALLOC_PRELOAD_C) $<

# The rest of it: a thousand million operations.
.PHONY: torture-malloc
torture-malloc: $(MALLOC_TEST_BINS)
	$(Q)$(MALLOC_TESTS)/torture.ucc 8 125 $$(date +%s)
