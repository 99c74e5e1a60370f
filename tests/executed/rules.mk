# build/tests/executed: which instructions of a file a command executes. Included by the top Makefile
# through tests/rules.mk; paths are from the root.

TEST_BINS += $(BUILD)/tests/executed

$(BUILD)/tests/executed: tests/executed/executed.c tests/executed/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -g $(WARN) -o $@ $<
