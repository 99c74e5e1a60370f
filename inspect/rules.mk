# Address spaces: what reads, names and draws them.

INSPECT_C := $(wildcard inspect/*.c) $(wildcard inspect/arch/$(ARCH)/*.c)
