#include "exec.h"

#include "arch.h"
#include "base/problem.h"
#include "base/text.h"
#include "exit.h"
#include "handoff.h"
#include "handover.h"
#include "map.h"
#include "message.h"
#include "placement.h"
#include "reserved.h"
#include "trace.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef ARCH_SET_FS
#define ARCH_SET_FS 0x1002 /* arch_prctl(2) */
#endif

/* The image of a launch that goes to the mmap area; NULL: none does. */
static const struct plan *mmap_plan(const struct launch *launch)
{
    if (launch->has_interpreter)
        return launch->interpreter.plan.placement == PLAN_FIXED ? NULL : &launch->interpreter.plan;
    return launch->program.plan.placement == PLAN_MMAP ? &launch->program.plan : NULL;
}

/* Does a segment at a fixed address need the place where the kernel put the vDSO for the tool?
 * After execve that place is free, because the kernel maps the vDSO last. */
static bool wants_vdso_place(const struct launch *launch, const struct self *self)
{
    /* the data is below it: by less than this on any kernel */
    const uint64_t around = 64 * ARCH_PAGE;
    return self->vdso_elf != 0 && launch->program.plan.placement == PLAN_FIXED &&
           plan_may_need(&launch->program.plan, self->vdso_elf - around, self->vdso_elf + around);
}

/* Makes room at the top of the mmap area: there the kernel puts a program's image first, and put
 * the vDSO for the tool. true: the vDSO is unmapped, and has to be renewed after the image is
 * mapped. */
static bool make_room(struct layout *layout, const struct launch *launch)
{
    struct self *self = &layout->self;
    if (mmap_plan(launch) == NULL && self->untouched && !wants_vdso_place(launch, self))
        return false;
    /* not in the reserved range, the tool itself is next to it (Linux before 5.13, which
     * cannot move a file's mapping from under running code) */
    layout->vdso_refused = !self->in_reserved;
    if (layout->vdso_refused)
        return false;
    /* Older kernels (6.1, 6.12) put the vDSO above the stack as a rule, in nobody's way, and as
     * random as it is to be. */
    if (self->vdso_elf > self->stack_high && !wants_vdso_place(launch, self))
        return false;
    self_find_vdso(self);
    if (self->vdso_elf == 0)
        return false;
    layout->vdso_refused = self->vdso_length == 0 || !self_drop_vdso(self);
    return !layout->vdso_refused;
}

/* Maps what the kernel maps, in its order: program, interpreter, vDSO. */
static bool map_images(struct layout *layout, struct launch *launch, const struct placement *place,
                       struct problem *problem)
{
    struct image *program = &launch->program, *interpreter = &launch->interpreter;
    const struct image *top = program;
    bool renew_vdso = make_room(layout, launch);

    if (program->plan.placement == PLAN_PIE)
        program->bias = placement_pie(place, &program->plan);
    if (!image_map(program, true, 0, problem))
        return false;
    layout->entry = program->plan.entry + program->bias;
    if (launch->has_interpreter) {
        /* quirk (kernel): an interpreter linked at an address gets it if the
         * program was, and is treated as if at 0 otherwise */
        uint64_t hint = program->plan.placement == PLAN_FIXED ? interpreter->plan.start : 0;
        if (!image_map(interpreter, false, hint, problem))
            return launch_blame(interpreter->name, problem);
        layout->entry = interpreter->plan.entry + interpreter->bias;
        top = interpreter;
    }
    /* as a rule right below the image that is in the mmap area */
    if (renew_vdso &&
        !self_renew_vdso(&layout->self, top->plan.start + top->bias - layout->self.vdso_length))
        layout->vdso_lost = true;
    trace("vdso",
          (FIELD_ADDRESS("address", layout->self.vdso_elf),
           FIELD_TEXT("moved", layout->vdso_refused ? "no" : "yes")),
          "vDSO     at 0x%012" PRIxPTR "%s", layout->self.vdso_elf,
          layout->vdso_refused ? ", where it was" : "");
    return true;
}

bool exec_map(struct layout *layout, struct launch *launch, const struct self *self,
              struct problem *problem)
{
    struct placement place;
    struct rlimit stack_limit;
    struct image *program = &launch->program;

    *layout = (struct layout){.self = *self};
    if (!placement_read(&place, self, problem) || !map_images(layout, launch, &place, problem))
        return false;
    layout->break_start = placement_break(&place, &program->plan, program->bias);
    layout->exit_found = exit_find(&layout->exit, &layout->self, launch);
    layout->identity = launch->identity;

    if (getrlimit(RLIMIT_STACK, &stack_limit) != 0)
        stack_limit.rlim_cur = RLIM_INFINITY;
    struct stack_request request = {
        .argv = launch->argv,
        .envp = launch->envp,
        .execfn = launch->execfn,
        .auxv = self->auxv,
        .auxv_count = self->auxv_count,
        .high = self->stack_high,
        .fill = place_stack_fill(&place),
        .limit = stack_limit.rlim_cur,
        .random = place.random,
        .handoff_room = launch->handoff == NULL ? 0 : handoff_room(launch->handoff),
        .phdr = program->plan.phdr_address + program->bias,
        .phnum = program->header.e_phnum,
        .base = launch->has_interpreter ? launch->interpreter.bias : 0,
        .entry = program->plan.entry + program->bias,
        .vdso = layout->self.vdso_elf,
        .secure = layout->identity->secure,
    };
    if (!stack_build(&layout->stack, &request, problem))
        return false;
    trace("stack",
          (FIELD_ADDRESS("start", layout->stack.sp), FIELD_ADDRESS("end", self->stack_high),
           FIELD_NUMBER("argc", *(uint64_t *)layout->stack.image)),
          "stack    0x%012" PRIxPTR "-0x%012" PRIxPTR " argc %" PRIu64, layout->stack.sp,
          self->stack_high, *(uint64_t *)layout->stack.image);
    return true;
}

/* Where the kernel keeps code, data, break, arguments and environment: what
 * brk(2), ps(1) and /proc/PID/{cmdline,environ,auxv,stat} go by. */
static struct prctl_mm_map describe(const struct layout *layout, const struct launch *launch)
{
    const struct plan *plan = &launch->program.plan;
    uint64_t bias = launch->program.bias;
    struct prctl_mm_map map = {
        .start_code = plan->code_start + bias,
        .end_code = plan->code_end + bias,
        .start_data = plan->data_start + bias,
        .end_data = plan->data_end + bias,
        .start_brk = layout->break_start,
        .brk = layout->break_start,
        .start_stack = layout->stack.sp,
        .arg_start = layout->stack.arg_start,
        .arg_end = layout->stack.arg_end,
        .env_start = layout->stack.env_start,
        .env_end = layout->stack.env_end,
        .auxv = (void *)layout->stack.auxv,
        .auxv_size = (uint32_t)layout->stack.auxv_bytes,
        .exe_fd = (uint32_t)-1,
    };
    /* a program without code of its own: the kernel takes no empty range */
    if (map.start_code >= map.end_code) {
        map.start_code = plan->start + bias;
        map.end_code = map.start_code + plan->span;
    }
    return map;
}

/* The [stack] mapping: as far down as after execve, executable if asked for.
 * What lies below is cut off in the hand-over, when no frame is left. */
static bool shape_stack(const struct layout *layout, const struct launch *launch,
                        struct problem *problem)
{
    /* touching a page below makes the mapping reach it (MAP_GROWSDOWN) */
    if (layout->stack.low < layout->self.stack_low)
        (void)*(volatile unsigned char *)layout->stack.low;
    if (launch->program.stack == IMAGE_STACK_EXEC &&
        mprotect((void *)(layout->self.stack_high - ARCH_PAGE), ARCH_PAGE,
                 PROT_READ | PROT_WRITE | PROT_EXEC | PROT_GROWSDOWN) != 0)
        return problem_set(problem, "the stack may not be made executable (%s)",
                           message_errno(errno));
    return true;
}

/* The last part of a path: the kernel's name for a process (comm). */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* The system calls of the hand-over, for --trace. */
static const struct {
    uint64_t number;
    char name[16];
} call_names[] = {
    {SYS_set_tid_address, "set_tid_address"},
    {SYS_set_robust_list, "set_robust_list"},
    {SYS_arch_prctl, "arch_prctl"},
    {SYS_madvise, "madvise"},
    {SYS_munmap, "munmap"},
    {SYS_prctl, "prctl"},
    {SYS_close, "close"},
    {SYS_sendto, "sendto"},
    {SYS_wait4, "wait4"},
    {SYS_capset, "capset"},
};

/* Appends a step; with --trace, a step before it writes a line that names it. */
static void add_step(struct handover_page *page, const char *message, const char *why, long number,
                     uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    if (trace_on()) {
        char line[1024];
        const char *name = "?";
        for (size_t i = 0; i < sizeof call_names / sizeof *call_names; i++) {
            if (call_names[i].number == (uint64_t)number)
                name = call_names[i].name;
        }
        const struct trace_field fields[] = {FIELD_TEXT("call", name), FIELD_ADDRESS("argument", a),
                                             FIELD_ADDRESS("argument2", b),
                                             FIELD_ADDRESS("argument3", c)};
        size_t length = trace_hand_over(line, sizeof line, fields, sizeof fields / sizeof *fields,
                                        "hand-over %s(0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64
                                        "): %s",
                                        name, a, b, c, why);
        handover_write(page, trace_fd(), line, length);
    }
    handover_step(page, message, number, a, b, c, d);
}

/* Writes "0x..." to `to`, without printf(), whose pages every run would have to read for lines that
 * are hardly ever shown. Returns the end. */
static char *put_hex(char *to, uint64_t value)
{
    int digits = 1;
    while (digits < 16 && value >> 4 * digits != 0)
        digits++;
    *to++ = '0';
    *to++ = 'x';
    while (digits-- > 0)
        *to++ = "0123456789abcdef"[value >> 4 * digits & 15];
    return to;
}

/* Appends the unmapping of [start, start + length), which has to succeed. Its message is made now,
 * because no libc is left to make it when the unmapping fails. */
static void add_unmap(struct handover_page *page, const struct launch *launch, const char *what,
                      uintptr_t start, size_t length)
{
    char brief[TEXT_BRIEF], line[TEXT_BRIEF + 160], *at = line;
    at = stpcpy(stpcpy(stpcpy(at, "uexec: "), text_brief(brief, launch->execfn)),
                ": past the point of no return: cannot unmap ");
    at = put_hex(stpcpy(stpcpy(at, what), " ("), start);
    at = put_hex(stpcpy(at, ", "), length);
    strcpy(at, ")\n");
    add_step(page, line, what, SYS_munmap, start, length, 0, 0);
}

static void list_steps(struct handover_page *page, const struct layout *layout,
                       const struct launch *launch, const struct watch *watch,
                       const struct prctl_mm_map *map)
{
    const struct stack *stack = &layout->stack;
    const struct self *self = &layout->self;

    /* what the tool's libc has registered with the kernel for its thread */
    add_step(page, NULL, "clear the tid address", SYS_set_tid_address, 0, 0, 0, 0);
    add_step(page, NULL, "clear the list of robust mutexes", SYS_set_robust_list, 0, 24, 0, 0);
    add_step(page, NULL, "ARCH_SET_FS: clear the thread pointer", SYS_arch_prctl, ARCH_SET_FS, 0, 0,
             0);

    const struct arch_exit *exit = layout->exit_found ? &layout->exit : NULL;
    uintptr_t used = handover_low(stack, exit) & ~(ARCH_PAGE - 1);
    if (used > stack->low)
        add_step(page, NULL, "MADV_DONTNEED: drop uexec's stack frames", SYS_madvise, stack->low,
                 used - stack->low, MADV_DONTNEED, 0);
    if (stack->low > self->stack_low)
        add_unmap(page, launch, "the end of the stack", self->stack_low,
                  stack->low - self->stack_low);
    if (!self->in_reserved)
        add_unmap(page, launch, "uexec", self->image, self->image_length);
    add_unmap(page, launch, "uexec", reserved_start, reserved_code() - reserved_start);
    if (map != NULL) {
        add_step(page, NULL,
                 "PR_SET_MM_MAP: set /proc/self/exe; without the capability for it, try again "
                 "from a user namespace",
                 SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)map, sizeof *map);
        /* a seccomp filter may kill the process for the attempt, and a program must not be lost for
         * the sake of a link */
        if (prctl(PR_GET_SECCOMP) != SECCOMP_FILTERED)
            handover_retry(page);
    }
    add_step(page, NULL, "close the program's file", SYS_close, (uint64_t)launch->program.fd, 0, 0,
             0);
    if (layout->identity->drops)
        add_step(page, "uexec: past the point of no return: cannot drop its file's capabilities\n",
                 "drop the capabilities of uexec's own file", SYS_capset,
                 (uintptr_t)&layout->identity->header, (uintptr_t)layout->identity->sets, 0, 0);
    /* with rt, the reader reads later, when all is linked */
    bool looks_now = launch->handoff == NULL;
    if (watch->ready >= 0 && looks_now) {
        add_step(page, NULL, "let the report look", SYS_sendto, (uint64_t)watch->ready,
                 reserved_code(), 1, MSG_NOSIGNAL);
        add_step(page, NULL, "close the report's socket", SYS_close, (uint64_t)watch->ready, 0, 0,
                 0);
    }
    if (watch->reader > 0 && looks_now)
        add_step(page, NULL, "wait for the report", SYS_wait4, (uint64_t)watch->reader, 0, __WALL,
                 0);
    if (trace_on()) {
        char line[1024];
        uintptr_t last = exit == NULL ? reserved_arena() : reserved_code();
        const struct trace_field fields[] = {FIELD_TEXT("call", "munmap"),
                                             FIELD_ADDRESS("argument", last),
                                             FIELD_ADDRESS("argument2", reserved_end() - last),
                                             FIELD_ADDRESS("argument3", 0)};
        size_t length = trace_hand_over(line, sizeof line, fields, sizeof fields / sizeof *fields,
                                        "hand-over munmap(0x%" PRIxPTR ", 0x%" PRIxPTR
                                        "): unmap this code, and return to 0x%" PRIxPTR,
                                        last, reserved_end() - last, layout->entry);
        handover_write(page, trace_fd(), line, length);
    }
    if (trace_end() != NULL) {
        handover_step(page, NULL, SYS_rt_sigaction, SIGPIPE, (uintptr_t)trace_ignored(), 0, 8);
        handover_step(page, NULL, SYS_rt_sigaction, SIGPIPE, (uintptr_t)trace_end(), 0, 8);
    }
    if (watch->report >= 0)
        handover_step(page, NULL, SYS_close, (uint64_t)watch->report, 0, 0, 0);
    if (watch->stop == NULL)
        return;
    if (watch->stop->line != NULL) {
        handover_write(page, STDERR_FILENO, watch->stop->line, strlen(watch->stop->line));
        handover_write(page, STDERR_FILENO, "\n", 1);
    }
    handover_step(page, NULL, SYS_kill, (uint64_t)getpid(), (uint64_t)watch->stop->signal, 0, 0);
    if (watch->stop->disposition != NULL)
        handover_step(page, NULL, SYS_rt_sigaction, (uint64_t)watch->stop->signal,
                      (uintptr_t)watch->stop->disposition, 0, 8);
}

bool exec_leaves_registers(const struct layout *layout)
{
    return layout->exit_found && !layout->exit.gadget.clean && layout->exit.restorer.count == 0;
}

/* For -v: does /proc/self/exe become the program, and if not, why? */
__attribute__((cold)) static void tell_exe(const struct launch *launch,
                                           const struct prctl_mm_map *map)
{
    const char *refused;
    if (prctl(PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)map, sizeof *map, 0) == 0 || errno != EPERM)
        return;
    int error = identity_try_namespace(map, &refused);
    if (error != 0)
        message(launch->execfn,
                "/proc/self/exe stays uexec's: setting it takes CAP_CHECKPOINT_RESTORE, and %s is "
                "refused (%s)",
                refused, message_errno(error));
}

bool exec_hand_over(struct layout *layout, struct launch *launch, const struct watch *watch,
                    bool verbose, struct problem *problem)
{
    struct handover_page *page = handover_begin(problem);
    struct prctl_mm_map *map = malloc(sizeof *map);
    if (page == NULL || !shape_stack(layout, launch, problem))
        return false;
    if (map == NULL)
        return problem_set(problem, "no memory for the hand-over");

    *map = describe(layout, launch);
    if (prctl(PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)map, sizeof *map, 0) != 0) {
        if (verbose)
            message(launch->execfn,
                    "the kernel does not take the program's layout (%s): brk, "
                    "/proc/self/{cmdline,environ,auxv,stat} stay uexec's",
                    message_errno(errno));
        map = NULL;
    } else {
        /* once more in the hand-over, with the file, whose name /proc/self/exe
         * then is: refused without the capability, and, for being busy, before
         * the tool's own file is unmapped */
        map->exe_fd = (uint32_t)launch->program.fd;
        if (verbose)
            tell_exe(launch, map);
    }
    trace("kernel",
          (FIELD_ADDRESS("break", layout->break_start),
           FIELD_TEXT("taken", map == NULL ? "no" : "yes")),
          "kernel   told of the break at 0x%" PRIx64 " and of code, data, argv, envp, auxv%s",
          layout->break_start, map == NULL ? ", and refused" : "");
    prctl(PR_SET_NAME, (uintptr_t)base_name(launch->execfn), 0, 0, 0);
    if (launch->has_interpreter)
        close(launch->interpreter.fd);
    if (verbose && layout->vdso_refused)
        message(launch->execfn,
                "the vDSO stays where it is, and what belongs there lies below: the kernel "
                "could not move uexec out of the way, or makes no other vDSO");
    if (verbose && layout->vdso_lost)
        message(launch->execfn,
                "the kernel maps no vDSO anew, or it is not found: the program does without");
    if (verbose && exec_leaves_registers(layout))
        message(launch->execfn,
                ARCH_LEFT_REGISTERS
                " hold at entry what the last system call left there (undefined "
                "by psABI 3.4.1): neither does the code at 0x%" PRIxPTR
                " that issues it clear them, nor has the program code for rt_sigreturn",
                layout->exit.gadget.address);
    if (verbose && layout->exit_found && layout->exit.restorer.count != 0)
        message(launch->execfn,
                "leaves by rt_sigreturn: its frame, %zu bytes, stays below the "
                "stack pointer",
                arch_exit_frame_bytes(&layout->exit));
    if (verbose && !layout->exit_found)
        message(launch->execfn, "no `syscall; ret` in vDSO or program: a page stays at 0x%lx",
                reserved_code());

    if (launch->handoff != NULL)
        handoff_write(launch->handoff, watch->ready, watch->reader, layout->stack.handoff);
    list_steps(page, layout, launch, watch, map);
    return handover_run(page, &layout->stack, layout->entry,
                        layout->exit_found ? &layout->exit : NULL, verbose ? launch->execfn : NULL,
                        problem);
}
