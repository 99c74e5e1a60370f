# repeat: runs a program many times. Static, so that it starts quickly. Included by the top Makefile
# through tests/rules.mk; paths are from the root.

TEST_BINS += $(BUILD)/tests/repeat

$(BUILD)/tests/repeat: tests/kernels/repeat.c tests/kernels/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) -std=gnu11 -D_GNU_SOURCE -O2 $(WARN) -static -o $@ $<
