#include "exec.h"

#include "arch/arch.h"
#include "handover.h"
#include "map.h"
#include "message.h"
#include "place.h"
#include "trace.h"
#include "zone.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef ARCH_SET_FS
#define ARCH_SET_FS 0x1002 /* arch_prctl(2) */
#endif

/* Give the vDSO the place that the kernel gives it: the next below what is in
 * the mmap area, once the program is there. */
static void settle_vdso(struct loading *loading)
{
    struct self *self = &loading->self;
    if (!loading->vdso_moved)
        return;
    void *place = mmap(NULL, self->vdso_length, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED) {
        loading->vdso_moved = false; /* no room: the program does without */
        self->vdso_elf = 0;
        return;
    }
    self_move_vdso(self, (uintptr_t)place); /* over the placeholder */
    trace("vDSO     0x%012" PRIxPTR "-0x%012" PRIxPTR " with its data", (uintptr_t)place,
          (uintptr_t)place + self->vdso_length);
}

/* `syscall; ...; ret` in the vDSO, else in what of the program is executable. */
static void find_gadget(struct loading *loading, const struct launch *launch)
{
    const struct self *self = &loading->self;
    if (self->vdso_elf != 0) {
        const struct self_mapping *code = &self->vdso[self->vdso_count - 1];
        loading->gadget_found = arch_gadget_find((const unsigned char *)code->start, code->length,
                                                 code->start, &loading->gadget);
    }
    const struct loaded *places[] = {&launch->interpreter, &launch->program};
    for (size_t i = launch->has_interpreter ? 0 : 1; i < 2 && !loading->gadget_found; i++) {
        const struct image *image = &places[i]->image;
        for (size_t j = 0; j < image->header.e_phnum && !loading->gadget_found; j++) {
            const Elf64_Phdr *phdr = &image->phdr[j];
            uintptr_t start = phdr->p_vaddr + places[i]->bias;
            if (phdr->p_type == PT_LOAD && (phdr->p_flags & (PF_R | PF_X)) == (PF_R | PF_X))
                loading->gadget_found = arch_gadget_find((const unsigned char *)start,
                                                         phdr->p_filesz, start, &loading->gadget);
        }
    }
}

/* Map what the kernel maps, in its order: program, interpreter, vDSO. */
static bool map_images(struct loading *loading, struct launch *launch, const struct place *place,
                       struct problem *problem)
{
    struct loaded *program = &launch->program, *interpreter = &launch->interpreter;
    if (program->plan.placement == PLAN_PIE)
        program->bias = place_pie(place, &program->plan);
    if (!plan_map(&program->plan, &program->image, true, 0, &program->bias, problem))
        return false;
    loading->entry = program->plan.entry + program->bias;
    if (launch->has_interpreter) {
        /* quirk (kernel): an interpreter linked at an address gets it if the
         * program was, and is treated as if at 0 otherwise */
        uint64_t hint = program->plan.placement == PLAN_FIXED ? interpreter->plan.start : 0;
        if (interpreter->plan.placement == PLAN_PIE)
            interpreter->plan.placement = PLAN_MMAP;
        if (!plan_map(&interpreter->plan, &interpreter->image, false, hint, &interpreter->bias,
                      problem))
            return false;
        loading->entry = interpreter->plan.entry + interpreter->bias;
    }
    settle_vdso(loading);
    return true;
}

bool exec_map(struct loading *loading, struct launch *launch, char **tool_envp,
              struct problem *problem)
{
    struct place place;
    struct rlimit stack_limit;
    struct loaded *program = &launch->program;

    memset(loading, 0, sizeof *loading);
    if (!self_survey(&loading->self, tool_envp, problem))
        return false;
    place_read(&place);
    if (getrlimit(RLIMIT_STACK, &stack_limit) != 0)
        stack_limit.rlim_cur = RLIM_INFINITY;
    /* the mmap area's top is the program's: nothing of the kernel's may stand there */
    loading->vdso_moved =
        loading->self.vdso_count > 0 && self_move_vdso(&loading->self, ZONE_VDSO);
    if (!map_images(loading, launch, &place, problem))
        return false;
    loading->break_start = place_break(&place, &program->plan, program->bias);
    find_gadget(loading, launch);

    struct stack_request request = {
        .argv = launch->argv,
        .envp = launch->envp,
        .execfn = launch->execfn,
        .auxv = loading->self.auxv,
        .auxv_count = loading->self.auxv_count,
        .high = loading->self.stack_high,
        .fill = place_stack_fill(&place),
        .limit = stack_limit.rlim_cur,
        .phdr = program->plan.phdr_address + program->bias,
        .phnum = program->image.header.e_phnum,
        .base = launch->has_interpreter ? launch->interpreter.bias : 0,
        .entry = program->plan.entry + program->bias,
        .vdso = loading->self.vdso_elf,
    };
    if (!stack_build(&loading->stack, &request, problem))
        return false;
    trace("stack    0x%012" PRIxPTR "-0x%012" PRIxPTR " argc %" PRIu64, loading->stack.sp,
          loading->self.stack_high, *(uint64_t *)loading->stack.image);
    return true;
}

/* Where the kernel keeps code, data, break, arguments and environment: what
 * brk(2), ps(1) and /proc/PID/{cmdline,environ,auxv,stat} go by. */
static struct prctl_mm_map describe(const struct loading *loading, const struct launch *launch)
{
    const struct plan *plan = &launch->program.plan;
    uint64_t bias = launch->program.bias;
    struct prctl_mm_map map = {
        .start_code = plan->code_start + bias,
        .end_code = plan->code_end + bias,
        .start_data = plan->data_start + bias,
        .end_data = plan->data_end + bias,
        .start_brk = loading->break_start,
        .brk = loading->break_start,
        .start_stack = loading->stack.sp,
        .arg_start = loading->stack.arg_start,
        .arg_end = loading->stack.arg_end,
        .env_start = loading->stack.env_start,
        .env_end = loading->stack.env_end,
        .auxv = (void *)loading->stack.auxv,
        .auxv_size = (uint32_t)loading->stack.auxv_bytes,
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
static bool shape_stack(const struct loading *loading, const struct launch *launch,
                        struct problem *problem)
{
    /* touching a page below makes the mapping reach it (MAP_GROWSDOWN) */
    if (loading->stack.low < loading->self.stack_low)
        (void)*(volatile unsigned char *)loading->stack.low;
    if (launch->program.image.stack == IMAGE_STACK_EXEC &&
        mprotect((void *)(loading->self.stack_high - ARCH_PAGE), ARCH_PAGE,
                 PROT_READ | PROT_WRITE | PROT_EXEC | PROT_GROWSDOWN) != 0)
        return problem_set(problem, STATUS_UNUSABLE, "the stack may not be made executable (%s)",
                           message_errno(errno));
    return true;
}

/* The last part of a path, as the kernel names a process. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* Below the stack's low end, bytes: more than the tool's own frames can have
 * made the mapping grow by. */
enum { STACK_SLACK = 512 * 1024 };

static void list_steps(struct handover_builder *builder, const struct loading *loading,
                       const struct launch *launch, const struct watch *watch,
                       const struct prctl_mm_map *map)
{
    const struct stack *stack = &loading->stack;
    const struct self *self = &loading->self;

    /* what the tool's libc registered with the kernel for its thread */
    handover_step(builder, NULL, SYS_set_tid_address, 0, 0, 0, 0);
    handover_step(builder, NULL, SYS_set_robust_list, 0, 24, 0, 0);
    handover_step(builder, NULL, SYS_arch_prctl, ARCH_SET_FS, 0, 0, 0);

    const struct arch_gadget *gadget = loading->gadget_found ? &loading->gadget : NULL;
    uintptr_t used = handover_low(stack, gadget) & ~(ARCH_PAGE - 1);
    if (used > stack->low)
        handover_step(builder, NULL, SYS_madvise, stack->low, used - stack->low, MADV_DONTNEED, 0);
    handover_step(builder, "cannot cut the stack", SYS_munmap, stack->low - STACK_SLACK,
                  STACK_SLACK, 0, 0);
    if (!self->moved)
        handover_step(builder, "cannot unmap uexec", SYS_munmap, self->image, self->image_length,
                      0, 0);
    handover_step(builder, "cannot unmap uexec", SYS_munmap, ZONE_START,
                  ZONE_HANDOVER - ZONE_START, 0, 0);
    if (map != NULL)
        handover_step(builder, NULL, SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)map,
                      sizeof *map);
    handover_step(builder, NULL, SYS_close, (uint64_t)launch->program.image.fd, 0, 0, 0);
    if (watch->ready >= 0) {
        handover_write(builder, watch->ready, "x", 1);
        handover_step(builder, NULL, SYS_close, (uint64_t)watch->ready, 0, 0, 0);
    }
    if (watch->reader > 0)
        handover_step(builder, NULL, SYS_wait4, (uint64_t)watch->reader, 0, __WALL, 0);
    if (watch->stop)
        handover_step(builder, NULL, SYS_kill, (uint64_t)getpid(), SIGSTOP, 0, 0);
}

bool exec_hand_over(struct loading *loading, struct launch *launch, const struct watch *watch,
                    bool verbose, struct problem *problem)
{
    struct handover_builder builder;
    size_t room = loading->stack.bytes + sizeof(struct prctl_mm_map);
    if (!handover_begin(&builder, room, problem) || !shape_stack(loading, launch, problem))
        return false;

    struct prctl_mm_map map = describe(loading, launch);
    if (prctl(PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)&map, sizeof map, 0) != 0) {
        loading->kernel_told = errno;
        if (verbose)
            message(launch->execfn, "the kernel does not take the program's layout (%s): brk, "
                                    "/proc/self/{cmdline,environ,auxv,stat} stay uexec's",
                    message_errno(errno));
    }
    prctl(PR_SET_NAME, (uintptr_t)base_name(launch->execfn), 0, 0, 0);
    if (launch->has_interpreter)
        close(launch->interpreter.image.fd);
    if (trace_on())
        trace("hand-over to 0x%" PRIx64, loading->entry);

    /* once more, with the file: refused without the capability, and before the
     * tool's own file is unmapped */
    struct prctl_mm_map *kept = NULL;
    if (loading->kernel_told == 0) {
        map.exe_fd = (uint32_t)launch->program.image.fd;
        map.auxv = (void *)(loading->stack.sp + ((uintptr_t)loading->stack.auxv -
                                                 (uintptr_t)loading->stack.image));
        if (verbose && prctl(PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)&map, sizeof map, 0) != 0 &&
            errno == EPERM)
            message(launch->execfn, "/proc/self/exe stays uexec's (setting it takes "
                                    "CAP_CHECKPOINT_RESTORE)");
        kept = handover_keep(&builder, &map, sizeof map);
    }
    list_steps(&builder, loading, launch, watch, kept);
    handover_run(&builder, &loading->stack, loading->entry,
                 loading->gadget_found ? &loading->gadget : NULL);
}
