# The samples: every samples/NAME.c is built in twelve kinds, build/samples/NAME and
# build/samples/NAME.KIND; those of DYNAMIC_SAMPLES in the six kinds that have a linker. The top Makefile
# includes this file after its first target, and defines Q, SAY, CC, MUSLCC, WARN, BUILD, LIBC_STATIC and
# LIBC_ALL.
#
# Defines SAMPLES (the names), SAMPLE_BINS (all programs), SAMPLE_LIBS (the shared libraries of some
# samples) and the target `samples`.

include samples/kinds.mk

SAMPLES := $(sort $(patsubst samples/%.c,%,$(wildcard samples/*.c)))
SAMPLE_CFLAGS := -std=c11 -O2 -g0

# What some samples need in the dynamic kinds: options for the linker, and libraries of their own
# (samples/lib/NAME.c makes NAME.so). The program names the libraries of `linked` (DT_NEEDED), and opens
# those of `loaded`.
DYNAMIC_SAMPLES := libraries plugin
sample_ldflags_lazy-binding := -Wl,-z,lazy
sample_linked_libraries := libgreet.so libcount.so
sample_ldflags_plugin := -Wl,--export-dynamic-symbol=host_say
sample_loaded_plugin := plugin.so

# Dependency files and libraries have folders of their own, so that build/samples/ holds only programs.
sample_deps := $(BUILD)/samples.d
sample_lib := $(BUILD)/samples.lib

# $(1) kind; its samples
sample_names = $(filter-out $(if $(kind_libc_$(1)),,$(DYNAMIC_SAMPLES)),$(SAMPLES))

# $(1) kind, $(2) sample; the libraries that the sample links, and all that it uses
sample_linked = $(if $(kind_libc_$(1)),$(sample_linked_$(2):%=$(sample_lib)/$(kind_libc_$(1))/%))
sample_libs = $(sample_linked) $(if $(kind_libc_$(1)),$(sample_loaded_$(2):%=$(sample_lib)/$(kind_libc_$(1))/%))

# $(1) kind, $(2) sample; more options for its link
sample_link = $(if $(kind_libc_$(1)),$(sample_ldflags_$(2)) $(sample_linked) \
	$(if $(strip $(sample_libs)),-Wl$(comma)-rpath$(comma)'$$ORIGIN/../samples.lib/$(kind_libc_$(1))'))

# $(1) kind
define sample_kind
SAMPLE_BINS += $(patsubst %,$(BUILD)/samples/%$(kind_suffix_$(1)),$(sample_names))
$(patsubst %,$(BUILD)/samples/%$(kind_suffix_$(1)),$(sample_names)): $(BUILD)/samples/%$(kind_suffix_$(1)): \
		samples/%.c samples/rules.mk samples/kinds.mk $(kind_needs_$(1)) \
		| $(BUILD)/samples $(sample_deps)
	@$$(SAY) CC $$@
	$$(Q)$$(kind_cc_$(1)) $(SAMPLE_CFLAGS) $$(WARN) -MMD -MP -MF $(sample_deps)/$$(@F).d -MT $$@ \
		-o $$@ $$(kind_before_$(1)) $$< $$(kind_after_$(1)) $$(call sample_link,$(1),$$*)
endef

# $(1) kind, $(2) sample
define sample_kind_libs
$(BUILD)/samples/$(2)$(kind_suffix_$(1)): $(sample_libs)
endef

SAMPLE_BINS :=
$(foreach kind,$(KINDS),$(eval $(call sample_kind,$(kind))))
$(foreach kind,$(DYNAMIC_KINDS),$(foreach sample,$(SAMPLES),$(eval $(call sample_kind_libs,$(kind),$(sample)))))

# $(1) libc. The last rule says which libraries a library needs.
define sample_libc
SAMPLE_LIBS += $(patsubst %,$(sample_lib)/$(1)/%,$(foreach sample,$(SAMPLES),$(sample_linked_$(sample)) \
	$(sample_loaded_$(sample))))
$(sample_lib)/$(1)/%.so: samples/lib/%.c samples/lib/greet.h samples/rules.mk samples/kinds.mk \
		$(libc_needs_$(1))
	@$$(SAY) CC $$@
	@mkdir -p $$(@D)
	$$(Q)$$(libc_cc_$(1)) $(SAMPLE_CFLAGS) $$(WARN) -fPIC -shared -Wl,-soname,$$(@F),-z,lazy -o $$@ \
		$$< $$(filter $(sample_lib)/%,$$^)
$(sample_lib)/$(1)/libgreet.so: $(sample_lib)/$(1)/libcount.so
endef

SAMPLE_LIBS :=
$(foreach libc,musl glibc ucc,$(eval $(call sample_libc,$(libc))))

.PHONY: samples
samples: $(SAMPLE_BINS)

$(BUILD)/samples $(sample_deps):
	$(Q)mkdir -p $@

-include $(SAMPLE_BINS:$(BUILD)/samples/%=$(sample_deps)/%.d)
