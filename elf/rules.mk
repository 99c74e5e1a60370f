# What an ELF file says. As base/, compiled by each half with its own options.

ELF_C := $(wildcard elf/*.c)
