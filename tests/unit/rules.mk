# Tests of single functions: one program, build/tests/unit. Included by the top Makefile through
# tests/rules.mk; paths are from the root. maps.c, handover.c
# and rt's decode.c are compiled into their tests.

UNIT_TESTED  := $(BASE_C) $(ELF_C) loader/message.c loader/arch/$(ARCH)/gadget.c loader/arch/$(ARCH)/exit_code.c loader/arch/$(ARCH)/registers.c inspect/json.c \
                inspect/table.c rt/arch/$(ARCH)/relocation.c
UNIT_SOURCES := $(wildcard tests/unit/*.c) $(UNIT_TESTED)
UNIT_OBJECTS := $(UNIT_SOURCES:%.c=$(BUILD)/tests/unit.d/%.o)

TEST_BINS += $(BUILD)/tests/unit

# with the sanitizers, because what is tested parses
UNIT_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined \
               -fno-sanitize-recover=undefined $(BASE_INCLUDES) -Iloader/arch/$(ARCH) $(WARN)

$(BUILD)/tests/unit: $(UNIT_OBJECTS)
	@$(SAY) CC $@
	$(Q)$(CC) -fsanitize=address,undefined -o $@ $^

$(UNIT_OBJECTS): $(BUILD)/tests/unit.d/%.o: %.c tests/unit/rules.mk
	@$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(UNIT_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit.d/tests/unit/decode.o $(BUILD)/tests/unit.d/rt/arch/$(ARCH)/relocation.o: UNIT_CFLAGS += -Irt/arch/$(ARCH)

-include $(UNIT_OBJECTS:.o=.d)
