# What every half is built with: headers by their path from the root, and the machine's own.
# Each half compiles base/ and elf/ with its own options, into its own objects.

ARCH := x86_64
BASE_INCLUDES := -I. -Ibase/arch/$(ARCH)
BASE_C := $(wildcard base/*.c)
