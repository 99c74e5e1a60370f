# The twelve kinds of program that the samples and the tests' probes are built as: musl's, glibc's and
# libc-min's, each as dynamic PIE, dynamic at a fixed address, static, static PIE. Included by the rules
# files that build programs; uses CC, MUSLCC, BUILD, LIBC_STATIC and LIBC_ALL.
#
# Defines KINDS, DYNAMIC_KINDS (the kinds that have a linker), and for each kind K: kind_suffix_K, the
# suffix of the program's name; kind_cc_K, the compiler and the options of the kind; kind_before_K and
# kind_after_K, the words before and after the sources; kind_needs_K, the files of this tree that must
# be built first; kind_libc_K, the libc of a dynamic kind. Defines for each such libc L: libc_cc_L, the
# compiler that makes shared libraries for it, and libc_needs_L.

ifndef KINDS

KINDS := default exec static static-pie glibc glibc.exec glibc.static glibc.static-pie \
	ucc ucc.exec ucc.static ucc.static-pie
DYNAMIC_KINDS := default exec glibc glibc.exec ucc ucc.exec

$(foreach kind,$(filter-out default,$(KINDS)),$(eval kind_suffix_$(kind) := .$(kind)))
kind_suffix_default :=

kind_cc_default = $(MUSLCC) -fPIE -pie
kind_cc_exec = $(MUSLCC) -fno-pie -no-pie
kind_cc_static = $(MUSLCC) -fno-pie -no-pie -static
kind_cc_static-pie = $(MUSLCC) -fPIE
kind_cc_glibc = $(CC) -fPIE -pie
kind_cc_glibc.exec = $(CC) -fno-pie -no-pie
kind_cc_glibc.static = $(CC) -fno-pie -no-pie -static
kind_cc_glibc.static-pie = $(CC) -fPIE -static-pie
kind_cc_ucc = $(BUILD)/ucc -fPIE -pie
kind_cc_ucc.exec = $(BUILD)/ucc -fno-pie -no-pie
kind_cc_ucc.static = $(BUILD)/ucc -fno-pie -no-pie -static
kind_cc_ucc.static-pie = $(BUILD)/ucc -fPIE -static-pie

kind_needs_ucc = $(LIBC_ALL) $(RT_LINKER)
kind_needs_ucc.exec = $(LIBC_ALL) $(RT_LINKER)
kind_needs_ucc.static = $(LIBC_STATIC)
kind_needs_ucc.static-pie = $(LIBC_STATIC)

$(foreach kind,default exec,$(eval kind_libc_$(kind) := musl))
$(foreach kind,glibc glibc.exec,$(eval kind_libc_$(kind) := glibc))
$(foreach kind,ucc ucc.exec,$(eval kind_libc_$(kind) := ucc))
libc_cc_musl = $(MUSLCC)
libc_cc_glibc = $(CC)
libc_cc_ucc = $(BUILD)/ucc
libc_needs_ucc = $(LIBC_ALL)

# A musl static PIE must relocate itself, which the start file rcrt1.o does. With -static-pie, the specs
# of Debian's musl-gcc neither choose rcrt1.o nor drop the interpreter: the result is a dynamic PIE,
# without a warning. So the start files, and the options that gcc's own specs pass to the linker for
# -static-pie, are written out. The order counts: crti and crtn are the first and last pieces of _init,
# and crtend's end of .eh_frame must come after all code.
MUSL_LIB ?= /usr/lib/x86_64-linux-musl
kind_before_static-pie = -nostdlib -static-pie -Wl,-static,--no-dynamic-linker,-z,text \
	$(MUSL_LIB)/rcrt1.o $(MUSL_LIB)/crti.o $(shell $(CC) -print-file-name=crtbeginS.o)
kind_after_static-pie = -Wl,--start-group -lc -lgcc -lgcc_eh -Wl,--end-group \
	$(shell $(CC) -print-file-name=crtendS.o) $(MUSL_LIB)/crtn.o

endif
