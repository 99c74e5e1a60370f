/* x86-64, for every part of the project: the identification of its ELF files, and its address
 * space. */
#ifndef BASE_MACHINE_H
#define BASE_MACHINE_H

#define ARCH_MACHINE      EM_X86_64
#define ARCH_MACHINE_NAME "x86-64"

/* The base name of musl's dynamic linker in PT_INTERP. */
#define ARCH_MUSL_LINKER "ld-musl-x86_64.so.1"

/* The page size, bytes. x86-64 has one base page size; psABI 3.3.4 allows a larger p_align, and
 * the kernel still maps by this one. */
#define ARCH_PAGE 4096ul

/* The first address past user space with 47-bit addresses: the kernel's TASK_SIZE for a program
 * that never asked for more. */
#define ARCH_TASK_SIZE 0x7ffffffff000ul

#endif
