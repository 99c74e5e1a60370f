#include "calls.h"

#include "elf/plan.h"

#include <inttypes.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#ifndef SYS_map_shadow_stack
#define SYS_map_shadow_stack 453
#endif

#define A(name)                                                                                    \
    {                                                                                              \
        name, ARGUMENT_ADDRESS                                                                     \
    }
#define N(name)                                                                                    \
    {                                                                                              \
        name, ARGUMENT_NUMBER                                                                      \
    }
#define I(name)                                                                                    \
    {                                                                                              \
        name, ARGUMENT_SIGNED                                                                      \
    }
#define P(name)                                                                                    \
    {                                                                                              \
        name, ARGUMENT_PROTECTION                                                                  \
    }

const struct call_kind call_kinds[] = {
    {SYS_mmap,
     "mmap",
     EFFECT_MAP,
     {A("address"), N("length"), P("protection"), {"flags", ARGUMENT_MAP}, I("fd"), A("offset")}},
    {SYS_munmap, "munmap", EFFECT_UNMAP, {A("address"), N("length")}},
    {SYS_mprotect, "mprotect", EFFECT_PROTECT, {A("address"), N("length"), P("protection")}},
    {SYS_pkey_mprotect,
     "pkey_mprotect",
     EFFECT_PROTECT,
     {A("address"), N("length"), P("protection"), I("key")}},
    {SYS_brk, "brk", EFFECT_BREAK, {A("address")}},
    {SYS_mremap,
     "mremap",
     EFFECT_REMAP,
     {A("address"), N("old_length"), N("length"), {"flags", ARGUMENT_REMAP}, A("new_address")}},
    {SYS_madvise, "madvise", EFFECT_NONE, {A("address"), N("length"), {"advice", ARGUMENT_ADVICE}}},
    {SYS_shmat, "shmat", EFFECT_READ, {I("id"), A("address"), A("flags")}},
    {SYS_shmdt, "shmdt", EFFECT_READ, {A("address")}},
    {SYS_remap_file_pages, "remap_file_pages", EFFECT_READ, {A("address"), N("length")}},
    {SYS_map_shadow_stack, "map_shadow_stack", EFFECT_READ, {A("address"), N("length")}},
    {SYS_io_setup, "io_setup", EFFECT_READ, {N("events"), A("context")}},
    {SYS_io_destroy, "io_destroy", EFFECT_READ, {A("context")}},
    {SYS_arch_prctl, "arch_prctl", EFFECT_READ, {A("code"), A("address")}}, /* ARCH_MAP_VDSO_* */
    {SYS_prctl,
     "prctl",
     EFFECT_READ,
     {A("option"), A("what"), A("address"), N("length"), A("name")}}, /* PR_SET_VMA */
    {SYS_clone, "clone", EFFECT_FORK, {{"flags", ARGUMENT_CLONE}, A("stack"), A("parent_tid")}},
    /* supervise.c puts the fields of struct clone_args in the places of clone's arguments */
    {SYS_clone3, "clone3", EFFECT_FORK, {{"flags", ARGUMENT_CLONE}, A("stack"), A("parent_tid")}},
    {SYS_fork, "fork", EFFECT_FORK, {{0}}},
    {SYS_vfork, "vfork", EFFECT_FORK, {{0}}},
    {SYS_execve, "execve", EFFECT_EXEC, {A("path"), A("argv"), A("envp")}},
    {SYS_execveat, "execveat", EFFECT_EXEC, {I("fd"), A("path"), A("argv"), A("envp")}},
    {SYS_exit, "exit", EFFECT_EXIT, {I("status")}},
    {SYS_exit_group, "exit_group", EFFECT_EXIT, {I("status")}},
};
const size_t call_kind_count = sizeof call_kinds / sizeof *call_kinds;

const struct call_kind *call_kind(long number)
{
    for (size_t i = 0; i < call_kind_count; i++)
        if (call_kinds[i].number == number)
            return &call_kinds[i];
    return NULL;
}

struct flag {
    uint64_t bit;
    const char *name;
};
#define FLAG(name)                                                                                 \
    {                                                                                              \
        (uint64_t)(unsigned)(name), #name                                                          \
    }

static const struct flag map_flags[] = {
    FLAG(MAP_FIXED),
    FLAG(MAP_ANONYMOUS),
    FLAG(MAP_32BIT),
    FLAG(MAP_GROWSDOWN),
    FLAG(MAP_DENYWRITE),
    FLAG(MAP_LOCKED),
    FLAG(MAP_NORESERVE),
    FLAG(MAP_POPULATE),
    FLAG(MAP_NONBLOCK),
    FLAG(MAP_STACK),
    FLAG(MAP_HUGETLB),
    FLAG(MAP_FIXED_NOREPLACE),
    {0},
};
static const struct flag remap_flags[] = {FLAG(MREMAP_MAYMOVE),
                                          FLAG(MREMAP_FIXED),
                                          {4, "MREMAP_DONTUNMAP"},
                                          {0}};
static const struct flag clone_flags[] = {FLAG(CLONE_VM),
                                          FLAG(CLONE_FS),
                                          FLAG(CLONE_FILES),
                                          FLAG(CLONE_SIGHAND),
                                          FLAG(CLONE_VFORK),
                                          FLAG(CLONE_THREAD),
                                          FLAG(CLONE_SYSVSEM),
                                          FLAG(CLONE_SETTLS),
                                          FLAG(CLONE_PARENT_SETTID),
                                          FLAG(CLONE_CHILD_CLEARTID),
                                          FLAG(CLONE_CHILD_SETTID),
                                          FLAG(CLONE_NEWUSER),
                                          FLAG(CLONE_NEWPID),
                                          FLAG(CLONE_NEWNS),
                                          {0}};
static const struct flag advices[] = {
    FLAG(MADV_NORMAL),           FLAG(MADV_RANDOM),         FLAG(MADV_SEQUENTIAL),
    FLAG(MADV_WILLNEED),         FLAG(MADV_DONTNEED),       FLAG(MADV_FREE),
    FLAG(MADV_REMOVE),           FLAG(MADV_DONTFORK),       FLAG(MADV_DOFORK),
    FLAG(MADV_MERGEABLE),        FLAG(MADV_UNMERGEABLE),    FLAG(MADV_HUGEPAGE),
    FLAG(MADV_NOHUGEPAGE),       FLAG(MADV_DONTDUMP),       FLAG(MADV_DODUMP),
    FLAG(MADV_WIPEONFORK),       FLAG(MADV_KEEPONFORK),     FLAG(MADV_COLD),
    FLAG(MADV_PAGEOUT),          FLAG(MADV_POPULATE_READ),  FLAG(MADV_POPULATE_WRITE),
    {102, "MADV_GUARD_INSTALL"}, {103, "MADV_GUARD_REMOVE"}};

/* Appends "|NAME", without the bar at the beginning. */
static void append(char text[256], const char *name)
{
    size_t length = strlen(text);
    snprintf(text + length, 256 - length, "%s%s", length == 0 ? "" : "|", name);
}

static void append_flags(char text[256], const struct flag *flags, uint64_t value)
{
    char rest[24];
    for (; flags->name != NULL; flags++) {
        if ((value & flags->bit) == flags->bit) {
            append(text, flags->name);
            value &= ~flags->bit;
        }
    }
    snprintf(rest, sizeof rest, "0x%" PRIx64, value);
    if (value != 0 || *text == '\0')
        append(text, rest);
}

const char *call_argument(enum argument_kind kind, uint64_t value, char text[256])
{
    static const char *const sharing[] = {"MAP_FILE", "MAP_SHARED", "MAP_PRIVATE",
                                          "MAP_SHARED_VALIDATE"};
    *text = '\0';
    switch (kind) {
    case ARGUMENT_PROTECTION:
        if ((value & ~(uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC)) == 0)
            plan_protection_text((int)value, text);
        else
            snprintf(text, 256, "0x%" PRIx64, value);
        break;
    case ARGUMENT_MAP:
        append(text, sharing[value & 3]);
        if ((value & ~(uint64_t)3) != 0)
            append_flags(text, map_flags, value & ~(uint64_t)3 & 0xffffffff);
        break;
    case ARGUMENT_REMAP:
        append_flags(text, remap_flags, value);
        break;
    case ARGUMENT_CLONE:
        append_flags(text, clone_flags, value & ~(uint64_t)0xff);
        break;
    case ARGUMENT_ADVICE:
        for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
            if (advices[i].bit == value)
                append(text, advices[i].name);
        if (*text == '\0')
            snprintf(text, 256, "%" PRIu64, value);
        break;
    default:
        snprintf(text, 256, "0x%" PRIx64, value);
        break;
    }
    return text;
}
