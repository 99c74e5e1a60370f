# elfgen: writes the test images. Included by the top Makefile; paths are from the root.
# The tool is $(BUILD)/tests/elfgen, so its objects need a folder of another name.

ELFGEN_SOURCES := $(wildcard tests/elfgen/*.c) tests/elfgen/payload.S
ELFGEN_OBJECTS := $(ELFGEN_SOURCES:tests/elfgen/%=$(BUILD)/tests/elfgen.d/%.o)

TEST_BINS += $(BUILD)/tests/elfgen

$(BUILD)/tests/elfgen: $(ELFGEN_OBJECTS)
	@$(SAY) CC $@
	$(Q)$(CC) -o $@ $^

$(ELFGEN_OBJECTS): $(BUILD)/tests/elfgen.d/%.o: tests/elfgen/% | $(BUILD)/tests/elfgen.d
	@$(SAY) CC $@
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O2 -g $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/elfgen.d:
	$(Q)mkdir -p $@

-include $(ELFGEN_OBJECTS:.o=.d)
