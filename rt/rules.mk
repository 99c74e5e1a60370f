# rt: build/lib/ld-uexec.so.1, freestanding and self-relocating.
#
# -mgeneral-regs-only: no vector register is touched, wherever it is called from (bind.c).
# Two segments, and RELR: it is mapped and relocated in every process.

RT_C := $(wildcard rt/*.c) $(wildcard rt/arch/$(ARCH)/*.c)
RT_S := $(wildcard rt/arch/$(ARCH)/*.S)
RT_O := $(RT_C:%.c=$(BUILD)/obj/%.o) $(RT_S:%.S=$(BUILD)/obj/%.o) $(BASE_C:%.c=$(BUILD)/obj/rt/%.o) $(BUILD)/obj/rt/elf/header.o $(BUILD)/obj/rt/elf/names.o
RT_LINKER := $(LIBC_LIB)/ld-uexec.so.1

RT_CFLAGS := -std=gnu11 -O2 -g -fPIC -ffreestanding -fvisibility=hidden -mgeneral-regs-only \
             -fno-stack-protector -fcf-protection=none -fasynchronous-unwind-tables -fno-builtin \
             -fno-tree-loop-distribute-patterns -ffunction-sections -fdata-sections -D_GNU_SOURCE \
             -ffile-prefix-map=$(CURDIR)=uexec $(BASE_INCLUDES) -Irt/arch/$(ARCH) $(WARN) -MMD -MP

$(BUILD)/obj/rt/%.o: rt/%.c rt/rules.mk
	@$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) $(RT_CFLAGS) -c -o $@ $<

# What a run as such does not execute goes to the end ('~' sorts last): the kernel maps 64 KiB at a fault.
RT_COLD := command dl dl_trace end explain group handle handoff ifunc info missing open symbol trace unload
$(RT_COLD:%=$(BUILD)/obj/rt/%.o): $(BUILD)/obj/rt/%.o: rt/%.c rt/rules.mk
	@$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) $(RT_CFLAGS) -fno-function-sections -c -o $@ $<
	$(Q)objcopy --rename-section .text=.text.~cold $@

$(BUILD)/obj/rt/base/%.o: base/%.c rt/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) $(RT_CFLAGS) -c -o $@ $<

$(BUILD)/obj/rt/elf/%.o: elf/%.c rt/rules.mk
	@$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) $(RT_CFLAGS) -c -o $@ $<

$(BUILD)/obj/rt/%.o: rt/%.S rt/rules.mk
	@$(SAY) AS $<
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) $(RT_CFLAGS) -c -o $@ $<

$(RT_LINKER): $(RT_O) rt/order.ld
	@$(SAY) LD $@
	@mkdir -p $(@D)
	$(Q)ld -shared -soname ld-uexec.so.1 -e _start -Bsymbolic -z text -z defs -z now -z norelro \
	    -z noexecstack -z noseparate-code -z pack-relative-relocs --gc-sections --build-id=none \
	    --hash-style=gnu --sort-section=name -o $@.new -T rt/order.ld $(RT_O)
	$(Q)! readelf -rW $@.new | grep -E 'R_X86_64_' | grep -v RELATIVE || \
	    { echo "$@: a relocation that it cannot do for itself" >&2; exit 1; }
	$(Q)! readelf -SW $@.new | grep -E ' \.data +PROGBITS +[0-9a-f]+ [0-9a-f]+ 0*[1-9a-f]' || \
	    { echo "$@: data that is not zero at first: order.ld" >&2; exit 1; }
	$(Q)mv $@.new $@

.PHONY: rt
rt: $(RT_LINKER)

-include $(RT_O:.o=.d)
