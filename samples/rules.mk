# The samples: every samples/NAME.c is built ten ways, build/samples/NAME and
# build/samples/NAME.KIND. Included by the top Makefile, after its first target; uses from there
# Q, SAY, CC, MUSLCC, WARN, BUILD and LIBC_STATIC.
#
# Defines SAMPLES (the names), SAMPLE_BINS (all outputs) and the target `samples`.

include samples/kinds.mk

SAMPLES := $(sort $(patsubst samples/%.c,%,$(wildcard samples/*.c)))
SAMPLE_CFLAGS := -std=c11 -O2 -g0

# Dependency files are kept apart, so that build/samples/ holds programs only.
sample_deps := $(BUILD)/samples.d

# $(1) kind
define sample_kind
SAMPLE_BINS += $(SAMPLES:%=$(BUILD)/samples/%$(kind_suffix_$(1)))
$(SAMPLES:%=$(BUILD)/samples/%$(kind_suffix_$(1))): $(BUILD)/samples/%$(kind_suffix_$(1)): \
		samples/%.c samples/rules.mk samples/kinds.mk $(kind_needs_$(1)) \
		| $(BUILD)/samples $(sample_deps)
	@$$(SAY) CC $$@
	$$(Q)$$(kind_cc_$(1)) $(SAMPLE_CFLAGS) $$(WARN) -MMD -MP -MF $(sample_deps)/$$(@F).d -MT $$@ \
		-o $$@ $$(kind_before_$(1)) $$< $$(kind_after_$(1))
endef

SAMPLE_BINS :=
$(foreach kind,$(KINDS),$(eval $(call sample_kind,$(kind))))

.PHONY: samples
samples: $(SAMPLE_BINS)

$(BUILD)/samples $(sample_deps):
	$(Q)mkdir -p $@

-include $(SAMPLE_BINS:$(BUILD)/samples/%=$(sample_deps)/%.d)
