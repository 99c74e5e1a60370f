#include "about.h"

#include "arch.h"
#include "base/problem.h"
#include "identity.h"
#include "launch.h"
#include "linker.h"
#include "machine.h"
#include "message.h"
#include "reserved.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <unistd.h>

/* One line: a subject, and what holds for it. */
__attribute__((format(printf, 3, 4))) static void say(const struct table_style *style,
                                                      const char *subject, const char *format, ...)
{
    enum { COLUMN = 18 };
    char text[1200];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    fprintf(style->out, "  %-*s", COLUMN - 2, subject);
    table_wrap(style, COLUMN, text);
}

static void say_place(const struct table_style *style, const struct self *self)
{
    if (self->untouched)
        say(style, "place", "0x%" PRIxPTR ": the kernel put uexec there, out of the way",
            self->image);
    else if (self->in_reserved)
        say(style, "place", "0x%" PRIxPTR ": uexec moved itself there, out of the way",
            self->image);
    else
        say(style, "place",
            "0x%" PRIxPTR
            ": the kernel put uexec there, and cannot move it: the program lies below",
            self->image);
}

static void say_rt(const struct table_style *style, const struct self *self)
{
    const struct command command = {.linker = LINKER_AUTO, .tool = self->execfn};
    struct linker linker;
    struct problem problem;
    if (!linker_choose(&linker, &command, ARCH_MUSL_LINKER, &problem))
        say(style, "rt", "%s", problem.text);
    else if (linker.missing != NULL)
        say(style, "rt", "%s: programs of musl's run under their own interpreter", linker.missing);
    else
        say(style, "rt", "%s", linker.path);
}

/* May a page be executed that was written? The hand-over needs it. */
static bool may_execute_written(void)
{
    void *page = mmap(NULL, ARCH_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return false;
    *(volatile char *)page = 0;
    bool may = mprotect(page, ARCH_PAGE, PROT_READ | PROT_EXEC) == 0;
    munmap(page, ARCH_PAGE);
    return may;
}

/* Can /proc/self/exe be set, and how? `map` is the argument for the kernel. */
static void say_exe(const struct table_style *style, const struct self *self,
                    struct prctl_mm_map *map)
{
    static const char item[] = "/proc/self/exe";
    const char *refused;
    int fd = open(item, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fd = open(self->execfn, O_RDONLY | O_CLOEXEC); /* any file does */
    map->exe_fd = (uint32_t)fd;
    if (!may_execute_written()) {
        say(style, item, "stays uexec's (memory once written may not be made executable)");
        return;
    }
    if (fd < 0) {
        say(style, item, "there is none, and uexec's own file cannot be opened to try it (%s)",
            message_errno(errno));
        return;
    }
    /* with the capability the error is EBUSY, because uexec's file is still mapped */
    if (prctl(PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)map, sizeof *map, 0) == 0 || errno == EBUSY) {
        say(style, item, "becomes the program's (PR_SET_MM_MAP, with the capability)");
        return;
    }
    int error = identity_try_namespace(map, &refused);
    if (error == 0)
        say(style, item, "becomes the program's (PR_SET_MM_MAP, from a user namespace)");
    else
        say(style, item,
            "stays uexec's: setting it takes CAP_CHECKPOINT_RESTORE, and %s is refused (%s)",
            refused, message_errno(error));
}

/* The hand-over's argument, for the tool itself: any addresses will do. */
static void say_layout(const struct table_style *style, const struct self *self)
{
    uint64_t end = self->image + self->image_length, strings = self->stack_high - sizeof(uint64_t);
    struct prctl_mm_map map = {
        .start_code = self->image,
        .end_code = end,
        .start_data = self->image,
        .end_data = end,
        .start_brk = end + ARCH_PAGE,
        .brk = end + ARCH_PAGE,
        .start_stack = strings,
        .arg_start = strings,
        .arg_end = strings,
        .env_start = strings,
        .env_end = strings,
        .exe_fd = (uint32_t)-1,
    };
    if (prctl(PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)&map, sizeof map, 0) != 0) {
        say(style, "layout",
            "the kernel does not take the program's (%s): brk, "
            "/proc/self/{cmdline,environ,auxv,stat} stay uexec's",
            message_errno(errno));
        say(style, "/proc/self/exe", "stays uexec's, for the same reason");
        return;
    }
    say(style, "layout",
        "the kernel takes the program's (PR_SET_MM_MAP): brk, "
        "/proc/self/{cmdline,environ,auxv,stat} are its own");
    say_exe(style, self, &map);
}

static void say_vdso(const struct table_style *style, struct self *self)
{
    if (self->vdso_elf == 0) {
        say(style, "vDSO", "the kernel has none");
        return;
    }
    if (self->in_reserved && self->vdso_elf > self->stack_high) {
        say(style, "vDSO", "stays where the kernel put it, above the stack");
        return;
    }
    self_find_vdso(self);
    if (!self->in_reserved || !self_drop_vdso(self))
        say(style, "vDSO",
            "stays where it is, and what belongs there lies below: the kernel could not move "
            "uexec out of the way, or makes no other vDSO");
    else if (!self_renew_vdso(self, self->vdso_start))
        say(style, "vDSO", "the kernel maps none anew: the program does without");
    else
        say(style, "vDSO", "the kernel maps a new one, where execve(2) has it");
}

static void say_last_page(const struct table_style *style, const struct self *self)
{
    struct arch_gadget gadget;
    bool found = false;
    if (self->vdso_elf != 0) {
        const Elf64_Ehdr *header = (const Elf64_Ehdr *)self->vdso_elf;
        const Elf64_Phdr *load = (const Elf64_Phdr *)(self->vdso_elf + header->e_phoff);
        found = arch_gadget_find((const unsigned char *)self->vdso_elf, load->p_filesz,
                                 self->vdso_elf, &gadget);
    }
    if (!found)
        say(style, "last page",
            "goes if the program has `syscall; ret` (the vDSO has not), else stays at 0x%lx",
            reserved_code());
    else if (!gadget.clean)
        say(style, "last page",
            "goes, by code of the vDSO; all registers are as after execve if the program has code "
            "for rt_sigreturn, else " ARCH_LEFT_REGISTERS " are not all 0");
    else
        say(style, "last page", "goes, by code of the vDSO, and all registers are as after execve");
}

void about_print(const struct table_style *style, const char *version, struct self *self)
{
    struct utsname kernel;
    if (uname(&kernel) != 0)
        fprintf(style->out, "uexec %s\n", version);
    else
        fprintf(style->out, "uexec %s, %s %s, %s\n", version, kernel.sysname, kernel.release,
                kernel.machine);
    say_place(style, self);
    say_rt(style, self);
    say_layout(style, self);
    say_vdso(style, self);
    say_last_page(style, self);
}
