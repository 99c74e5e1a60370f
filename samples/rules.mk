# The samples: every samples/NAME.c is built eight ways, build/samples/NAME and
# build/samples/NAME.KIND. Included by the top Makefile, after its first target; uses from there
# Q, SAY, CC, MUSLCC, WARN and BUILD.
#
# Defines SAMPLES (the names), SAMPLE_BINS (all outputs) and the target `samples`.

SAMPLES := $(sort $(patsubst samples/%.c,%,$(wildcard samples/*.c)))
SAMPLE_CFLAGS := -std=c11 -O2 -g0

# Dependency files are kept apart, so that build/samples/ holds programs only.
sample_deps := $(BUILD)/samples.d

# A static PIE of musl's must relocate itself, which the start file rcrt1.o does. The specs of
# Debian's musl-gcc neither choose rcrt1.o nor drop the interpreter when given -static-pie: what
# comes out is a dynamic PIE, without a warning. So the start files, and what gcc's own specs
# would pass to the linker for -static-pie, are spelt out. The order counts: crti and crtn are the
# first and last pieces of _init, and crtend's end of .eh_frame must come after all code.
MUSL_LIB ?= /usr/lib/x86_64-linux-musl
sample_musl_head := -nostdlib -static-pie -Wl,-static,--no-dynamic-linker,-z,text \
	$(MUSL_LIB)/rcrt1.o $(MUSL_LIB)/crti.o $(shell $(CC) -print-file-name=crtbeginS.o)
sample_musl_tail := -Wl,--start-group -lc -lgcc -lgcc_eh -Wl,--end-group \
	$(shell $(CC) -print-file-name=crtendS.o) $(MUSL_LIB)/crtn.o

# $(1) suffix  $(2) compiler and what makes the kind  $(3) before the source  $(4) after it
define sample_kind
SAMPLE_BINS += $(SAMPLES:%=$(BUILD)/samples/%$(1))
$(SAMPLES:%=$(BUILD)/samples/%$(1)): $(BUILD)/samples/%$(1): samples/%.c samples/rules.mk \
		| $(BUILD)/samples $(sample_deps)
	@$$(SAY) CC $$@
	$$(Q)$(2) $(SAMPLE_CFLAGS) $$(WARN) -MMD -MP -MF $(sample_deps)/$$(@F).d -MT $$@ \
		-o $$@ $(3) $$< $(4)
endef

SAMPLE_BINS :=
$(eval $(call sample_kind,,$$(MUSLCC) -fPIE -pie))
$(eval $(call sample_kind,.exec,$$(MUSLCC) -fno-pie -no-pie))
$(eval $(call sample_kind,.static,$$(MUSLCC) -fno-pie -no-pie -static))
$(eval $(call sample_kind,.static-pie,$$(MUSLCC) -fPIE,$(sample_musl_head),$(sample_musl_tail)))
$(eval $(call sample_kind,.glibc,$$(CC) -fPIE -pie))
$(eval $(call sample_kind,.glibc.exec,$$(CC) -fno-pie -no-pie))
$(eval $(call sample_kind,.glibc.static,$$(CC) -fno-pie -no-pie -static))
$(eval $(call sample_kind,.glibc.static-pie,$$(CC) -fPIE -static-pie))

.PHONY: samples
samples: $(SAMPLE_BINS)

$(BUILD)/samples $(sample_deps):
	$(Q)mkdir -p $@

-include $(SAMPLE_BINS:$(BUILD)/samples/%=$(sample_deps)/%.d)
