# ./uexec: a static PIE on libc-min and libelf.
#
# Linked by hand, because Debian's `musl-gcc -static-pie` makes a dynamic PIE.
# The first segment's p_align becomes RESERVED_ALIGN: see reserved.h.
# .bss becomes part of the file: less than a page of it would be a third mapping.
# -z noseparate-code and -z norelro keep it at two segments: every mapping costs
# two microseconds of each run, in the kernel and again in self_move().

MUSL_LIB  ?= /usr/lib/x86_64-linux-musl
LIBELF    ?= $(shell $(CC) -print-file-name=libelf.a)
LIBZ      ?= $(shell $(CC) -print-file-name=libz.a)
LIBGCC    ?= $(shell $(CC) -print-libgcc-file-name)

LOADER_C := $(wildcard loader/*.c) $(wildcard loader/arch/$(ARCH)/*.c) $(BASE_C) $(ELF_C) $(INSPECT_C)
LOADER_S := $(wildcard loader/arch/$(ARCH)/*.S)
LOADER_O := $(LOADER_C:%.c=$(BUILD)/obj/%.o) $(LOADER_S:%.S=$(BUILD)/obj/%.o)

# -fcf-protection=none: the tool jumps through its own copied code.
LOADER_CFLAGS := -std=gnu11 -O2 -g -fPIE -fvisibility=hidden -fno-stack-protector \
                 -fcf-protection=none -fno-asynchronous-unwind-tables -ffunction-sections \
                 -fdata-sections -D_GNU_SOURCE -DUEXEC_VERSION='"$(VERSION)"' \
                 $(BASE_INCLUDES) -Iloader/arch/$(ARCH) -isystem $(BUILD)/include $(WARN) -MMD -MP

# where it looks for rt
$(BUILD)/obj/loader/linker.o: LOADER_CFLAGS += -DUEXEC_BUILD='"$(BUILD)"'

# libelf's headers alone: /usr/include has glibc's besides.
LIBELF_HEADERS := $(BUILD)/include/libelf.h

$(LIBELF_HEADERS): /usr/include/libelf.h
	$(Q)mkdir -p $(@D)
	$(Q)cp $< $@

$(BUILD)/obj/%.o: %.c loader/rules.mk | $(LIBELF_HEADERS)
	@$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) $(LOADER_CFLAGS) -c -o $@ $<

$(BUILD)/obj/%.o: %.S loader/rules.mk
	@$(SAY) AS $<
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) $(LOADER_CFLAGS) -c -o $@ $<

# $(1): start files' folder, $(2): libc.a
define LOADER_LINK
	@$(SAY) LD $@
	$(Q)ld -static -pie --no-dynamic-linker -z text -z noexecstack -z noseparate-code -z norelro \
	    -T loader/hot.ld --gc-sections --build-id=none -e uexec_start -o $@.new \
	    $(1)/rcrt1.o $(1)/crti.o $(LOADER_O) \
	    --start-group $(LIBELF) $(LIBZ) $(2) $(LIBGCC) --end-group $(1)/crtn.o
	$(Q)objcopy --set-section-flags .bss=alloc,load,contents $@.new
	$(Q)sh loader/align.sh $@.new
	$(Q)! readelf -lW $@.new | grep -q INTERP || { echo "$@ has an interpreter" >&2; exit 1; }
	$(Q)mv $@.new $@
endef

uexec: $(LOADER_O) loader/hot.ld loader/align.sh $(LIBC_LIB)/libc.a $(LIBC_CRT)
	$(call LOADER_LINK,$(LIBC_LIB),$(LIBC_LIB)/libc.a)

# The same on musl, which the bench compares with.
$(BUILD)/uexec.musl: $(LOADER_O) loader/hot.ld loader/align.sh
	$(call LOADER_LINK,$(MUSL_LIB),$(MUSL_LIB)/libc.a)

-include $(LOADER_O:.o=.d)
