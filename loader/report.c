#include "report.h"

#include "base/problem.h"
#include "elf/names.h"
#include "message.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Is the report's file one of the files that will run? */
static bool is_launched(int fd, const struct launch *launch)
{
    struct stat report;
    for (size_t i = 0; i < launch->file_count; i++) {
        if (fstat(fd, &report) == 0 && report.st_dev == launch->files[i].device &&
            report.st_ino == launch->files[i].inode)
            return true;
    }
    return false;
}

__attribute__((cold)) static bool open_output(struct report *report, const char *name,
                                              const struct launch *launch, struct problem *problem)
{
    /* emptied only when it is certainly no program's file */
    report->fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (report->fd < 0)
        return problem_usage(problem, "--output: cannot open %s (%s)", name, message_errno(errno));
    report->opened = true;
    if (is_launched(report->fd, launch))
        return problem_usage(problem, "--output: %s is the program's own file", name);
    if (ftruncate(report->fd, 0) != 0 && errno != EINVAL) /* EINVAL: a pipe, a device */
        return problem_usage(problem, "--output: cannot empty %s (%s)", name, message_errno(errno));
    return true;
}

/* -o -: duplicates the descriptor, because the program may close or replace standard output while
 * rt reports. */
__attribute__((cold)) static bool copy_standard_output(struct report *report,
                                                       struct problem *problem)
{
    report->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    report->opened = report->fd >= 0;
    return report->opened ||
           problem_usage(problem, "--output: no standard output (%s)", message_errno(errno));
}

/* Moves the report's descriptor, which stays open in the program, out of the way of the descriptors
 * that the program opens, as shells do with theirs. Programs that it starts do not inherit the
 * descriptor. */
__attribute__((cold)) static void keep_output(struct report *report)
{
    enum { OUT_OF_THE_WAY = 240 };
    int high = fcntl(report->fd, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
    report->kept = true;
    if (high < 0)
        return; /* `ulimit -n` is less: the descriptor stays where it is */
    close(report->fd);
    report->fd = high;
}

/* rt has started uexec again with the report open: its contents stay. */
__attribute__((cold)) static bool take_output(struct report *report, const struct options *options,
                                              struct problem *problem)
{
    report->fd = atoi(options->own_interpreter);
    report->opened = true;
    return fcntl(report->fd, F_SETFD, FD_CLOEXEC) == 0 ||
           problem_usage(problem, "--output: %s is not open any more (%s)", options->output,
                         message_errno(errno));
}

/* Opens the stream of a report that has more than lines of a trace. */
__attribute__((cold)) static bool style_report(struct report *report, const struct options *options,
                                               struct problem *problem)
{
    report->style = table_style_for(report->fd, options->color);
    report->style.out = fdopen(report->fd, "w");
    if (report->style.out == NULL)
        return problem_usage(problem, "no stream for the report (%s)", message_errno(errno));
    return true;
}

bool report_open(struct report *report, const struct options *options, const struct launch *launch,
                 struct problem *problem)
{
    bool runs = !options->dry_run && !options->compare;
    bool styled = options->maps || !runs; /* trace lines need no stream */
    *report = (struct report){.fd = runs ? STDERR_FILENO : STDOUT_FILENO, .json = options->json};
    if (options->own_interpreter != NULL && options->output != NULL)
        return take_output(report, options, problem) &&
               (!styled || style_report(report, options, problem));
    if (options->output != NULL && !(strcmp(options->output, "-") == 0
                                         ? copy_standard_output(report, problem)
                                         : open_output(report, options->output, launch, problem)))
        return false;
    if (report->opened && launch->has_rt &&
        ((options->trace & TRACE_LINKER) != 0 || launch->tool != NULL))
        keep_output(report);
    return !styled || style_report(report, options, problem);
}

bool report_flush(struct report *report, struct problem *problem)
{
    if (fflush(report->style.out) == 0 && !ferror(report->style.out))
        return true;
    return problem_usage(problem, "cannot write the report (%s)", message_errno(errno));
}

size_t report_images(const struct launch *launch, const struct image *images[2])
{
    images[0] = &launch->program;
    images[1] = &launch->interpreter;
    return launch->has_interpreter ? 2 : 1;
}

const char *report_type(uint32_t type, char text[16])
{
    const char *name = elf_segment_name(type);
    if (name != NULL)
        return name;
    snprintf(text, 16, "0x%x", type);
    return text;
}
