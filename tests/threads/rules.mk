# What of rt is for several threads, with the host's C library and ThreadSanitizer: build/tests/threads.
# Included by the top Makefile through tests/rules.mk; paths are from the root. dl.c and lock.c are compiled into
# threads.c, string.c and main.c are not wanted.

THREADS_RT := allocate arch/$(ARCH)/relocation binding client decode dl_trace explain group handle ifunc ifunc_choose \
              info init lazy load lookup map object open prefetch protect relocate rules scope search symbol symbol_index \
              system tls trace unique unload version
THREADS_ASM := resolve ifunc tlsdesc
THREADS_OBJECTS := $(THREADS_RT:%=$(BUILD)/tests/threads.d/%.o) $(THREADS_ASM:%=$(BUILD)/tests/threads.d/%_S.o) \
                   $(BUILD)/tests/threads.d/threads.o $(patsubst %.c,$(BUILD)/tests/threads.d/%.o,$(BASE_C) $(ELF_C))

TEST_BINS += $(BUILD)/tests/threads

THREADS_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer -fno-builtin -Itests/threads $(BASE_INCLUDES) \
                  -fsanitize=thread

$(BUILD)/tests/threads: $(THREADS_OBJECTS)
	@$(SAY) CC $@
	$(Q)$(CC) -fsanitize=thread -o $@ $^

$(BUILD)/tests/threads.d/%.o: rt/%.c tests/threads/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(THREADS_CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/threads.d/elf/%.o: elf/%.c tests/threads/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(THREADS_CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/threads.d/base/%.o: base/%.c tests/threads/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(THREADS_CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/threads.d/threads.o: tests/threads/threads.c tests/threads/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(THREADS_CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/threads.d/%_S.o: rt/arch/$(ARCH)/%.S tests/threads/rules.mk
	@$(SAY) AS $@
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<

-include $(THREADS_OBJECTS:.o=.d)
