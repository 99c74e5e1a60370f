/* uexec: run a program as execve(2) would, in this process.
 *
 * In this order:
 *  1. options                    (nothing is opened before they are known to be right)
 *  2. --no-aslr: start again without randomness, because the stack is there already
 *  3. find, read, check, plan    (launch.c; no side effect on the address space)
 *  4. start again elsewhere, if the program needs the tool's addresses
 *  5. open the report            (needs 3: it must not be the program's own file)
 *  6. the report that runs nothing, or
 *  7. map, dress, hand over      (exec.c; it returns only if that cannot be done)
 */
#include "about.h"
#include "arch.h"
#include "base/problem.h"
#include "compare.h"
#include "exec.h"
#include "handoff.h"
#include "identity.h"
#include "launch.h"
#include "message.h"
#include "options.h"
#include "report.h"
#include "reserved.h"
#include "stop.h"
#include "trace.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef UEXEC_VERSION
#define UEXEC_VERSION "unknown"
#endif

/* argv[0] of a tool that has started itself again without randomness. reserved.h defines another
 * such word. */
#define AGAIN_NO_ASLR "uexec-no-aslr"

/* Starts the tool again, with `word` as argv[0]. Returns only on failure: errno. */
__attribute__((cold)) static void start_again(const struct self *self, const char *word,
                                              char **argv, char **envp)
{
    char *name = argv[0];
    argv[0] = (char *)word;
    execve("/proc/self/exe", argv, envp);
    int error = errno;
    if (error == ENOENT && self_started_as(self->execfn) != NULL) {
        execve(self->execfn, argv, envp);
        error = errno;
    }
    argv[0] = name;
    errno = error;
}

/* Switches randomness off and starts again, because execve() chose the addresses of the stack and
 * of the tool when it started this process. Returns only if randomness is off already, or cannot be
 * switched off. */
__attribute__((cold)) static bool leave_aslr(const struct self *self, char **argv, char **envp,
                                             struct problem *problem)
{
    int persona = personality(0xffffffff);
    if (persona != -1 && (persona & ADDR_NO_RANDOMIZE) != 0)
        return true;
    if (strcmp(argv[0], AGAIN_NO_ASLR) == 0 || strcmp(argv[0], RESERVED_ELSEWHERE) == 0)
        return problem_usage(
            problem, "--no-aslr: the kernel switches randomness on again when it starts uexec "
                     "(set-user-ID or set-group-ID bit of its file)");
    if (persona == -1 || personality((unsigned long)persona | ADDR_NO_RANDOMIZE) == -1)
        return problem_usage(problem, "--no-aslr: personality(2) refuses (%s)",
                             message_errno(errno));
    start_again(self, AGAIN_NO_ASLR, argv, envp);
    return problem_usage(problem, "--no-aslr: cannot start again (%s)", message_errno(errno));
}

/* Starts again at another place if the program may need this one. */
static bool leave_range(const struct launch *launch, const struct self *self, char **argv,
                        char **envp, struct problem *problem)
{
    bool needs = plan_may_need(&launch->program.plan, reserved_start, reserved_end()) ||
                 (launch->has_interpreter && launch->interpreter.plan.placement == PLAN_FIXED &&
                  plan_may_need(&launch->interpreter.plan, reserved_start, reserved_end()));
    if (!needs || strcmp(argv[0], RESERVED_ELSEWHERE) == 0)
        return true;
    start_again(self, RESERVED_ELSEWHERE, argv, envp);
    return problem_usage(
        problem, "needs uexec's own addresses (0x%lx-0x%lx), and it cannot start again (%s)",
        reserved_start, reserved_end(), message_errno(errno));
}

/* Another way to see a step of a program that rt does not link. glibc's linker has LD_DEBUG
 * (ld.so(8)), which reports nothing about TLS. */
__attribute__((cold)) static const char *other_trace(const char *step, const struct launch *launch)
{
    static const char glibc[][2][64] = {
        {"search", ": its own report is -E LD_DEBUG=libs"},
        {"reloc", ": its own report is -E LD_DEBUG=reloc"},
        {"bind", ": its own report is -E LD_DEBUG=bindings"},
        {"init", ": its own report is -E LD_DEBUG=files"},
        {"dl", ": its own report is -E LD_DEBUG=files"},
    };
    const char *interpreter = launch->program.interpreter;
    if (linker_may_be_rt(interpreter))
        return ": --linker=rt";
    for (size_t i = 0; linker_is_glibc(interpreter) && i < sizeof glibc / sizeof *glibc; i++) {
        if (strcmp(step, glibc[i][0]) == 0)
            return glibc[i][1];
    }
    return "";
}

/* Only rt reports steps of linking. A user who names such a step expects lines of it. */
static bool check_trace(const struct options *options, const struct launch *launch,
                        struct problem *problem)
{
    if (options->trace_linker == NULL || launch->has_rt)
        return true;
    if (!launch->has_interpreter)
        return problem_usage(problem,
                             "--trace=%s: only rt reports that, and this is a static program",
                             options->trace_linker);
    bool missing = launch->rt_missing != NULL;
    return problem_usage(problem, "--trace=%s: only rt reports that, and this runs under %s%s%s",
                         options->trace_linker, launch->interpreter.name, missing ? ": " : "",
                         missing ? launch->rt_missing : other_trace(options->trace_linker, launch));
}

/* The advice or the reason to print where rt does not link, or where it is started as the kernel
 * starts it. */
__attribute__((cold)) static const char *untold(const struct options *options,
                                                const struct launch *launch)
{
    if (options->compare)
        return ", as execve starts it, for the comparison";
    if (linker_is_rt(launch->interpreter.name))
        return ", started as the kernel starts it: --linker=rt tells it";
    return ": --linker=rt";
}

/* --rules and --textrel reach rt, and no other linker. */
static bool check_rules(const struct options *options, const struct launch *launch,
                        struct problem *problem)
{
    const char *name = options->rules != NULL ? "rules" : "textrel";
    if ((options->rules == NULL && options->textrel == NULL) || launch->has_rt ||
        options->own_interpreter != NULL)
        return true;
    if (!launch->has_interpreter)
        return problem_usage(problem, "--%s is for rt, and this is a static program", name);
    return problem_usage(problem, "--%s is for rt, and this runs under %s%s", name,
                         launch->interpreter.name, untold(options, launch));
}

/* Do the options ask for something that only rt does? Then no other linker will do. */
static bool wants_rt(const struct options *options)
{
    return options->trace_linker != NULL || options->rules != NULL || options->textrel != NULL;
}

/* Fills the hand-off for rt. */
static bool make_handoff(struct handoff *handoff, const struct options *options,
                         const struct launch *launch, const struct report *report, char **argv,
                         struct problem *problem)
{
    size_t again = (size_t)(options->program - argv) + 1, tail = 0;
    while (options->program[1 + tail] != NULL)
        tail++;
    *handoff = (struct handoff){
        .linker = linker_absolute(launch->interpreter.name),
        .program = launch->program.name,
        .trace = options->trace & TRACE_LINKER,
        .json = options->json,
        .output = report->kept && (options->trace & TRACE_LINKER) != 0 ? report->fd : -1,
        .report = report->kept && (options->trace & TRACE_LINKER) == 0 ? report->fd : -1,
        .epoch = trace_begin(),
        .rules = options->rules,
        .textrel = options->textrel != NULL && strcmp(options->textrel, "allow") == 0,
        .lazy = launch->lazy || (options->bind != NULL && strcmp(options->bind, "lazy") == 0),
        .verbose = options->verbose,
        .tool = wants_rt(options) ? NULL : launch->tool,
        .again = argv,
        .again_count = again,
        .again_tail = tail,
    };
    if (handoff->linker != NULL && strchr(handoff->linker, '\n') != NULL)
        return problem_set(
            problem,
            "interpreter %s: its name has the end of a line in it, and rt is told of "
            "it in lines",
            launch->interpreter.name);
    return handoff->linker != NULL ||
           problem_set(problem, "its interpreter's path from the root cannot be had (%s): %s",
                       message_errno(errno), launch->interpreter.name);
}

/* Steps 5 to 7. */
static int run(const struct options *options, struct launch *launch, const struct self *self,
               char **argv, struct problem *problem)
{
    struct layout layout;
    struct report report;
    struct watch watch = {.ready = -1, .report = -1};
    struct handoff handoff;
    struct stopping stopping;

    if (!check_trace(options, launch, problem) || !check_rules(options, launch, problem) ||
        !report_open(&report, options, launch, problem))
        return -1;
    if (options->trace != 0)
        trace_start(&(struct trace_request){
            .fd = report.fd,
            .program = *options->program,
            .steps = options->trace,
            .json = options->json,
        });
    if (options->own_interpreter != NULL)
        trace("again", (FIELD_TEXT("by", "rt")),
              "started again by rt, because a symbol is not defined (-v says which)");
    for (size_t i = 0; i < launch->file_count; i++)
        trace("file",
              (FIELD_TEXT("file", launch->files[i].path),
               FIELD_TEXT("format", launch->files[i].format)),
              "%s is %s", launch->files[i].path, launch->files[i].format);
    if (options->dry_run)
        return report_plan(&report, launch, problem) ? 0 : -1;
    if (options->compare)
        return compare_run(&report, launch, self, problem);
    if (launch->has_rt && !make_handoff(&handoff, options, launch, &report, argv, problem))
        return -1;
    if (launch->has_rt && options->stop) {
        if (!stop_when_linked(&stopping, launch, problem))
            return -1;
        handoff.stop = &stopping;
        /* a tracer counts this signal as the program's start, and would count another execve too */
        if (stopping.signal == SIGTRAP)
            handoff.tool = NULL;
    }
    launch->handoff = launch->has_rt ? &handoff : NULL;
    if (options->verbose && launch->has_rt &&
        strcmp(launch->program.interpreter, launch->interpreter.name) != 0)
        message(launch->execfn,
                "rt links it, and libc-min is its libc, in the place of %s (--linker=interp is "
                "execve's way)",
                launch->program.interpreter);
    if (options->verbose && launch->rt_missing != NULL)
        message(launch->execfn, "%s: it runs under its own interpreter, %s", launch->rt_missing,
                launch->interpreter.name);
    if (options->verbose && (launch->mode & (S_ISUID | S_ISGID)) != 0)
        message(launch->execfn,
                "its file's set-user-ID or set-group-ID bit (mode %04o) has no effect",
                launch->mode & 07777u);
    if (!exec_map(&layout, launch, self, problem))
        return -1;
    if (options->maps && !report_watch(&report, launch, &layout, &watch, problem))
        return -1;
    if (report.opened && !report.kept)
        watch.report = report.fd;
    if (options->stop && !launch->has_rt) {
        if (!stop_at_entry(&stopping, launch, layout.entry, problem))
            return -1;
        watch.stop = &stopping;
    }
    exec_hand_over(&layout, launch, &watch, options->verbose, problem);
    return -1;
}

/* The options that need no program: --help, --version, -v alone. */
__attribute__((cold)) static int answer(const struct options *options, char **argv)
{
    enum { USUAL_WIDTH = 80 };
    struct self self;
    struct problem problem;
    struct table_style style = table_style_for(STDOUT_FILENO, options->color);
    style.out = stdout;
    if (options->help) {
        if (style.width == 0)
            style.width = USUAL_WIDTH;
        options_help(&style);
    } else if (options->version) {
        printf("uexec %s\n", UEXEC_VERSION);
    } else {
        if (!self_survey(&self, argv, &problem)) {
            message(NULL, "%s", problem.text);
            return problem.status;
        }
        about_print(&style, UEXEC_VERSION, &self);
    }
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    message(NULL, "cannot write to standard output (%s)", message_errno(errno));
    return STATUS_USAGE;
}

int main(int argc, char **argv, char **envp)
{
    struct problem problem;
    struct options options;

    arch_registers_narrow();
    if (!options_parse(&options, argc, argv, &problem)) {
        message(NULL, "%s", problem.text);
        return problem.status;
    }
    if (options.help || options.version || options.about)
        return answer(&options, argv);
    const char *name = *options.program;
    struct self self;
    if (!self_survey(&self, argv, &problem)) {
        message(name, "%s", problem.text);
        return problem.status;
    }
    /* a comparison needs equal addresses, and says so where it cannot have them */
    if ((options.no_aslr && !leave_aslr(&self, argv, envp, &problem)) ||
        (options.compare && !leave_aslr(&self, argv, envp, &problem) && options.no_aslr)) {
        message(name, "%s", problem.text);
        return problem.status;
    }
    struct command command = {
        .program = name,
        .argv = options.program,
        .envp = options_environment(&options, envp),
        /* a comparison shows what execve does */
        .linker = options.compare ? LINKER_INTERP : options.linker,
        .linker_path = options.linker_path,
        .tool = self.execfn,
    };
    if (command.envp == NULL) {
        message(name, "no memory for its environment");
        return STATUS_USAGE;
    }
    if (options.argv0 != NULL) {
        command.argv = options_argv(&options);
        if (command.argv == NULL) {
            message(name, "no memory for its arguments");
            return STATUS_USAGE;
        }
    }
    struct launch launch;
    int status = -1;
    const struct identity *identity = identity_read(&self);
    if (identity == NULL) {
        message(name, "no memory for its credentials");
        return STATUS_USAGE;
    }
    if (launch_open(&launch, &command, &problem) &&
        (options.dry_run || leave_range(&launch, &self, argv, envp, &problem))) {
        launch.identity = identity;
        status = run(&options, &launch, &self, argv, &problem);
    }
    if (status >= 0)
        return status;
    message(name, "%s", problem.text);
    return problem.status;
}
