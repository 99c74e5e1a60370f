# umaps with the sanitizers, for what parses: build/tests/umaps.

TEST_BINS += $(BUILD)/tests/umaps

$(BUILD)/tests/umaps: $(UMAPS_C) $(UMAPS_O) tests/umaps/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -O2,$(UMAPS_CFLAGS)) -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	    -pie -o $@ $(UMAPS_C) inspect/umaps/page.S -lelf -ljansson -lm
