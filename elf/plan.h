/* The plan: what has to be done to put an image into memory, as a value.
 *
 * It follows from the checked headers alone and has no side effect: it can be
 * printed (--dry-run), executed (loader/map.h), compared, and built a million
 * times by a fuzzer. */
#ifndef ELF_PLAN_H
#define ELF_PLAN_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which they appear in a plan. */
enum plan_kind {
    PLAN_RESERVE,  /* map a whole run of segments, so that it is ours; the first one's file
                      pages are mapped by this already, as the kernel does it */
    PLAN_MAP_FILE, /* map another segment's file pages, private, over the reservation */
    PLAN_MAP_ZERO, /* map anonymous pages over the reservation: bss */
    PLAN_CLEAR,    /* write zeroes after the file's bytes in a segment's last page */
    PLAN_UNMAP,    /* a hole between segments: give it back */
};

struct plan_step {
    enum plan_kind kind;
    int protection;   /* PROT_*; 0 where it has no meaning */
    size_t phdr;      /* the program header it comes from; a hole's: the one below */
    uint64_t address; /* link-time: add the bias.  Bytes; page multiple but for CLEAR */
    uint64_t length;  /* bytes; page multiple but for CLEAR */
    uint64_t keep;    /* RESERVE: bytes at its start that are the segment's own file pages;
                         0: the reservation is anonymous and inaccessible */
    uint64_t offset;  /* into the file, bytes, page multiple */
};

/* Where the image may go (the kernel's rules in binfmt_elf). */
enum plan_placement {
    PLAN_FIXED, /* ET_EXEC: at its own addresses */
    PLAN_PIE,   /* ET_DYN that names an interpreter: two thirds up, plus randomness */
    PLAN_MMAP,  /* any other ET_DYN: where mmap would put it */
};

struct plan {
    enum plan_placement placement;
    uint64_t start;          /* link-time address of the first page */
    uint64_t span;           /* bytes, page multiple, first page to last */
    uint64_t align;          /* the largest p_align that is a power of two; at least a page */
    struct plan_step *steps; /* the caller's memory */
    size_t count;

    /* link-time addresses that the kernel keeps (proc(5), stat) */
    uint64_t code_start, code_end, data_start, data_end;
    uint64_t break_start; /* page above the last byte of memory */
    uint64_t entry;
    uint64_t phdr_address; /* of the program header table in memory, for AT_PHDR */
};

/* The most steps that a plan of these headers has. */
size_t plan_steps_most(const Elf64_Ehdr *header, const Elf64_Phdr *phdr);

/* Build the plan of an image whose headers are checked (elf_loads_check()), by the rules of the
 * kernel's binfmt_elf.  `interpreted`: it names an interpreter.  `steps`: room for
 * plan_steps_most(); the plan keeps it. */
void plan_build(struct plan *plan, const Elf64_Ehdr *header, const Elf64_Phdr *phdr,
                bool interpreted, struct plan_step *steps);

/* May the image, wherever it is put, need addresses between `start` and `end`? */
bool plan_may_need(const struct plan *plan, uint64_t start, uint64_t end);

/* "rwx" of PROT_*. */
void plan_protection_text(int protection, char text[4]);

/* "map-file" and so on. */
const char *plan_kind_name(enum plan_kind kind);

#endif
