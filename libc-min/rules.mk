# libc-min: build/lib/libc.a, libc.so, the start files and build/ucc.
#
# One set of objects serves the archive and the shared library: position independent, for static PIEs
# too. musl's headers are the interface; the math, complex and fenv members come from musl's libc.a.

MUSL_LIB ?= /usr/lib/x86_64-linux-musl

LIBC_C := $(wildcard libc-min/*/*.c) $(wildcard libc-min/arch/$(ARCH)/*.c)
LIBC_S := $(wildcard libc-min/arch/$(ARCH)/*.S)
LIBC_O := $(LIBC_C:%.c=$(BUILD)/obj/%.o) $(LIBC_S:%.S=$(BUILD)/obj/%.o)

# -ffreestanding: the compiler's builtins call this library.
# -fno-tree-loop-distribute-patterns: else the loop in memset becomes a call of memset.
# -fno-plt: functions that a program may replace (interpose.list) are called through the GOT.
LIBC_CFLAGS := -std=gnu11 -O2 -g -fPIC -ffreestanding -fno-stack-protector -fno-plt \
               -fcf-protection=none -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns \
               -fno-math-errno -fno-semantic-interposition -ffunction-sections -fdata-sections -D_GNU_SOURCE \
               -ffile-prefix-map=$(CURDIR)=uexec \
               $(BASE_INCLUDES) -Ilibc-min/include -Ilibc-min/arch/$(ARCH) $(WARN) -MMD -MP

LIBC_LIB := $(BUILD)/lib

# Each of the two has its own interface to the linker (base/linker.h).
LIBC_A_O := $(filter-out %/linker/dynamic.o,$(filter-out %/crt/relocate.o,$(LIBC_O)))
LIBC_SO_O := $(filter-out %/linker/static.o,$(filter-out %/crt/relocate.o,$(LIBC_O)))

# musl's mathematics, member by member.
LIBC_MATH := $(BUILD)/obj/libc-min/math

# Empty archives for the names that programs link with: everything is in libc.
LIBC_EMPTY := $(foreach name,m pthread rt dl util crypt xnet resolv,$(LIBC_LIB)/lib$(name).a)

LIBC_CRT := $(foreach name,crt1 Scrt1 rcrt1 crti crtn,$(LIBC_LIB)/$(name).o)

# Headers in place of musl's.
LIBC_HEADERS := $(patsubst libc-min/headers/%,$(LIBC_LIB)/headers/%,$(wildcard libc-min/headers/*.h))

LIBC_STATIC := $(LIBC_LIB)/libc.a $(LIBC_CRT) $(LIBC_EMPTY) $(LIBC_LIB)/ucc.specs $(LIBC_HEADERS) $(BUILD)/ucc
LIBC_ALL := $(LIBC_STATIC) $(LIBC_LIB)/libc.so

.PHONY: libc
libc: $(LIBC_ALL) $(LIBC_LIB)/libmalloc-min.so

$(BUILD)/obj/libc-min/%.o: libc-min/%.c libc-min/rules.mk
	@$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) $(LIBC_CFLAGS) -c -o $@ $<

$(BUILD)/obj/libc-min/%.o: libc-min/%.S libc-min/rules.mk
	@$(SAY) AS $<
	@mkdir -p $(@D)
	$(Q)$(MUSLCC) $(LIBC_CFLAGS) -c -o $@ $<

$(LIBC_MATH)/members: libc-min/math.sh $(MUSL_LIB)/libc.a
	@$(SAY) AR '$(LIBC_MATH)/*.lo'
	@rm -rf $(@D) && mkdir -p $(@D)
	$(Q)sh libc-min/math.sh $(MUSL_LIB)/libc.a >$@
	$(Q)cd $(@D) && ar x $(MUSL_LIB)/libc.a $$(cat members)

# In the archive every public function is weak, so that a program may define its own: one object holds a
# family of functions, and a program with its own read() that uses libc-min's write() must link. Data is
# strong: a common definition (`int optind;` with -fcommon) takes its value from a strong one, and stays 0
# beside a weak one.
# A member is named by its path: stdlib/random.c is stdlib-random.o.
LIBC_NAMES := $(LIBC_A_O:$(BUILD)/obj/libc-min/%.o=%)
LIBC_WEAK := $(foreach name,$(LIBC_NAMES),$(BUILD)/obj/libc-min/weak/$(subst /,-,$(name)).o)

define LIBC_WEAKEN
$(BUILD)/obj/libc-min/weak/$(subst /,-,$(1)).o: $(BUILD)/obj/libc-min/$(1).o libc-min/rules.mk
	@mkdir -p $$(@D)
	$$(Q)nm -g --defined-only --format=posix $$< | \
	    awk '{ print $$$$2 == "T" && $$$$1 !~ /^__/ ? $$$$1 : "-" }' >$$@.names
	$$(Q)objcopy --weaken-symbols=$$@.names $$< $$@
	$$(Q)rm -f $$@.names
endef
$(foreach name,$(LIBC_NAMES),$(eval $(call LIBC_WEAKEN,$(name))))

$(LIBC_LIB)/libc.a: $(LIBC_WEAK) $(LIBC_MATH)/members
	@$(SAY) AR $@
	@mkdir -p $(@D)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $(LIBC_WEAK) $(LIBC_MATH)/*.lo

# Calls within the library are bound at link time, except calls of the allocator, which a program may
# replace. Data that programs copy (R_X86_64_COPY) is accessed through the GOT.
$(LIBC_LIB)/libc.so: $(LIBC_SO_O) $(LIBC_MATH)/members libc-min/interpose.list libc-min/order.ld
	@$(SAY) LD $@
	@mkdir -p $(@D)
	$(Q)ld -shared -soname libc.so -z text -z defs -z relro -z now -z noexecstack -z noseparate-code --gc-sections \
	    --hash-style=both -Bsymbolic-functions --dynamic-list=libc-min/interpose.list -T libc-min/order.ld -o $@ \
	    $(LIBC_SO_O) $(LIBC_MATH)/*.lo $(LIBGCC)

$(LIBC_LIB)/crt1.o $(LIBC_LIB)/Scrt1.o: libc-min/crt/start.S libc-min/rules.mk
	@$(SAY) AS $@
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<

$(LIBC_LIB)/rcrt1.o: libc-min/crt/start.S $(BUILD)/obj/libc-min/crt/relocate.o
	@$(SAY) LD $@
	@mkdir -p $(@D)
	$(Q)$(CC) -DSELF_RELOCATE -c -o $@.start $<
	$(Q)ld -r -o $@ $@.start $(BUILD)/obj/libc-min/crt/relocate.o
	$(Q)rm $@.start

$(LIBC_LIB)/crti.o $(LIBC_LIB)/crtn.o: $(LIBC_LIB)/%.o: libc-min/crt/%.S
	@$(SAY) AS $@
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<

$(LIBC_EMPTY):
	@mkdir -p $(@D)
	$(Q)rm -f $@
	$(Q)ar rcs $@

$(LIBC_HEADERS): $(LIBC_LIB)/headers/%: libc-min/headers/%
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(LIBC_LIB)/ucc.specs: libc-min/ucc.specs
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(BUILD)/ucc: libc-min/ucc.sh
	@mkdir -p $(@D)
	$(Q)script=no; ! ld --help | grep -q error-handling-script || script=yes; \
	    sed -e 's/@VERSION@/$(VERSION)/; s/@SCRIPTS@/'$$script'/' $< >$@
	$(Q)chmod 755 $@

-include $(LIBC_O:.o=.d)

# The allocator alone, to be preloaded into programs on glibc: LD_PRELOAD=build/lib/libmalloc-min.so.
MALLOC_PRELOAD := $(LIBC_LIB)/libmalloc-min.so
MALLOC_PRELOAD_INCLUDES = $(BASE_INCLUDES) -Ilibc-min/include -Ilibc-min/malloc -Ilibc-min/arch/$(ARCH)
MALLOC_PRELOAD_C := $(wildcard libc-min/malloc/*.c) libc-min/malloc/preload/preload.c libc-min/pthread/lock.c

$(MALLOC_PRELOAD): $(MALLOC_PRELOAD_C) $(wildcard libc-min/malloc/*.h libc-min/include/*.h) libc-min/rules.mk
	@$(SAY) LD $@
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -g -fPIC -shared -ffreestanding -fno-builtin-malloc -DMALLOC_PRELOAD -D_GNU_SOURCE \
	    $(MALLOC_PRELOAD_INCLUDES) $(WARN) -Wl,-z,now -Wl,-Bsymbolic-functions -o $@ $(MALLOC_PRELOAD_C)
