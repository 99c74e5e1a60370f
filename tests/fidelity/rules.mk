# The probe, in every kind of program, and launch, which starts it. Included by the top Makefile
# through tests/rules.mk; paths are from the root. What the kinds are for: README.md here.

include samples/kinds.mk

PROBE_SOURCES := $(wildcard tests/fidelity/*.c) tests/fidelity/entry.S
PROBE_SOURCES := $(filter-out tests/fidelity/launch.c,$(PROBE_SOURCES))
PROBE_NEEDS := $(PROBE_SOURCES) $(wildcard tests/fidelity/*.h) tests/fidelity/rules.mk \
	samples/kinds.mk

# Nothing of libc may be called before _start, so nothing that the compiler would make such a call
# of, and no table of pointers made out of a switch (probe.h).
PROBE_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O1 -g -ffreestanding -fno-builtin \
	-fno-stack-protector -fno-jump-tables -fno-tree-switch-conversion \
	-fno-tree-loop-distribute-patterns -Wl,-e,probe_start

# $(1) name in build/tests  $(2) kind  $(3) more flags  $(4) more prerequisites
define probe_rule
TEST_BINS += $(BUILD)/tests/$(1)
$(BUILD)/tests/$(1): $(PROBE_NEEDS) $(kind_needs_$(2)) $(4) | $(BUILD)/tests/.made
	@$$(SAY) CC $$@
	$$(Q)$$(kind_cc_$(2)) $(PROBE_CFLAGS) $$(WARN) $(3) -o $$@ \
		$$(kind_before_$(2)) $(PROBE_SOURCES) $$(kind_after_$(2))
endef

$(foreach kind,$(KINDS),$(eval $(call probe_rule,probe$(kind_suffix_$(kind)),$(kind))))

# Segments aligned to 2 MiB.
probe_huge := -Wl,-z,max-page-size=0x200000
$(eval $(call probe_rule,probe.2-mib,default,$$(probe_huge)))
$(eval $(call probe_rule,probe.2-mib.static-pie,static-pie,$$(probe_huge)))
$(eval $(call probe_rule,probe.2-mib.exec,exec,$$(probe_huge)))
# Aligned to more than mmap would by itself.
probe_huger := -Wl,-z,max-page-size=0x1000000
$(eval $(call probe_rule,probe.16-mib,default,$$(probe_huger)))
$(eval $(call probe_rule,probe.16-mib.static-pie,static-pie,$$(probe_huger)))

# The stack executable by PT_GNU_STACK.
probe_execstack := -Wl,-z,execstack
$(eval $(call probe_rule,probe.execstack,default,$$(probe_execstack)))
$(eval $(call probe_rule,probe.execstack.static,static,$$(probe_execstack)))

# Megabytes of zeroes.
$(eval $(call probe_rule,probe.bss,default,-DPROBE_BSS=0x1234567))
$(eval $(call probe_rule,probe.bss.static,static,-DPROBE_BSS=0x1234567))

# Code and data in segments that share pages of the file.
probe_packed := -Wl,-z,noseparate-code,-z,norelro
$(eval $(call probe_rule,probe.packed,default,$$(probe_packed)))
$(eval $(call probe_rule,probe.packed.static-pie,static-pie,$$(probe_packed)))

# No PT_GNU_STACK. The linker always writes one, so it is made a PT_NULL: the 4 bytes of p_type of
# the header that readelf finds at that place in the table, which begins at 64.
define probe_no_stack
TEST_BINS += $(BUILD)/tests/probe.nostack$(kind_suffix_$(1))
$(BUILD)/tests/probe.nostack$(kind_suffix_$(1)): $(BUILD)/tests/probe$(kind_suffix_$(1))
	@$$(SAY) PATCH $$@
	$$(Q)cp $$< $$@
	$$(Q)readelf -lW $$@ | awk '/VirtAddr/ { at = NR } /GNU_STACK/ { print NR - at - 1 - interp } \
		/Requesting/ { interp = 1 }' | { read -r n && printf '\0\0\0\0' | \
		dd of=$$@ bs=1 seek=$$$$((64 + 56 * n)) conv=notrunc status=none; }
	$$(Q)! readelf -lW $$@ | grep GNU_STACK
endef
$(eval $(call probe_no_stack,default))
$(eval $(call probe_no_stack,static))

# Under a linker of another name.
probe_linker := $(abspath $(BUILD))/tests/ld-copy.so
$(eval $(call probe_rule,probe.linker-copy,default,-Wl$$(comma)--dynamic-linker=$(probe_linker), \
	$(BUILD)/tests/ld-copy.so))
$(BUILD)/tests/ld-copy.so: /lib/ld-musl-x86_64.so.1 | $(BUILD)/tests/.made
	$(Q)cp -L $< $@

# The probe is the interpreter, and so sees what a dynamic linker is given. (libc is linked to, but
# never used: a program that needs no library gets no interpreter.)
define probe_interpreted
TEST_BINS += $(BUILD)/tests/$(1)
$(BUILD)/tests/$(1): tests/fidelity/empty.S tests/fidelity/rules.mk $(BUILD)/tests/$(3)
	@$$(SAY) CC $$@
	$$(Q)$$(CC) -nostdlib $(2) -Wl,--dynamic-linker=$(abspath $(BUILD))/tests/$(3) -o $$@ $$< \
		-Wl,--no-as-needed -lc
endef
$(eval $(call probe_interpreted,probed.pie,-fPIE -pie,probe.static-pie))
$(eval $(call probe_interpreted,probed.exec,-no-pie,probe.static-pie))
$(eval $(call probe_interpreted,probed.2-mib,-fPIE -pie,probe.2-mib.static-pie))
$(eval $(call probe_interpreted,probed.16-mib,-fPIE -pie,probe.16-mib.static-pie))
$(eval $(call probe_interpreted,probed.by-static,-fPIE -pie,probe.static))

TEST_BINS += $(BUILD)/tests/launch
$(BUILD)/tests/launch: tests/fidelity/launch.c tests/fidelity/rules.mk | $(BUILD)/tests/.made
	@$(SAY) CC $@
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O2 $(WARN) -o $@ $<

$(BUILD)/tests/.made:
	$(Q)mkdir -p $(@D)
	$(Q)touch $@
