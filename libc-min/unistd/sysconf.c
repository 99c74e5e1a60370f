/* sysconf(3), pathconf(3), confstr(3). */
#include "process.h"
#include "syscall.h"
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

static long processors(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

static long limit(int resource)
{
    struct rlimit value;

    if (getrlimit(resource, &value) != 0 || value.rlim_cur == RLIM_INFINITY)
        return -1;
    return value.rlim_cur > LONG_MAX ? LONG_MAX : (long)value.rlim_cur;
}

static long pages(int available)
{
    struct sysinfo info;
    unsigned long count;

    if (sysinfo(&info) != 0)
        return -1;
    count = available ? info.freeram + info.bufferram : info.totalram;
    return (long)(count * (info.mem_unit ? info.mem_unit : 1) / __process.page);
}

/* Values that are the same on every run. Quirk: the values are those of sysconf() in musl 1.2.3,
 * although not everything that they promise exists here (docs/libc.md): programs are compiled with
 * musl's headers, which promise the same. */
#define HERE     _POSIX_VERSION
#define NOT_HERE (-1) /* or no limit; not an error */

static const struct {
    short name;
    int value;
} constants[] = {
    {_SC_AIO_PRIO_DELTA_MAX, 0},
    {_SC_ARG_MAX, ARG_MAX},
    {_SC_BC_BASE_MAX, _POSIX2_BC_BASE_MAX},
    {_SC_BC_DIM_MAX, _POSIX2_BC_DIM_MAX},
    {_SC_BC_SCALE_MAX, _POSIX2_BC_SCALE_MAX},
    {_SC_BC_STRING_MAX, _POSIX2_BC_STRING_MAX},
    {_SC_CLK_TCK, 100},
    {_SC_COLL_WEIGHTS_MAX, COLL_WEIGHTS_MAX},
    {_SC_DELAYTIMER_MAX, DELAYTIMER_MAX},
    {_SC_HOST_NAME_MAX, HOST_NAME_MAX},
    {_SC_IOV_MAX, IOV_MAX},
    {_SC_LOGIN_NAME_MAX, LOGIN_NAME_MAX},
    {_SC_MQ_PRIO_MAX, MQ_PRIO_MAX},
    {_SC_NGROUPS_MAX, NGROUPS_MAX},
    {_SC_NZERO, NZERO},
    {_SC_RE_DUP_MAX, RE_DUP_MAX},
    {_SC_RTSIG_MAX, 30},
    {_SC_SEM_NSEMS_MAX, SEM_NSEMS_MAX},
    {_SC_SEM_VALUE_MAX, SEM_VALUE_MAX},
    {_SC_STREAMS, 0},
    {_SC_SYMLOOP_MAX, SYMLOOP_MAX},
    {_SC_THREAD_DESTRUCTOR_ITERATIONS, PTHREAD_DESTRUCTOR_ITERATIONS},
    {_SC_THREAD_KEYS_MAX, PTHREAD_KEYS_MAX},
    {_SC_THREAD_STACK_MIN, PTHREAD_STACK_MIN},
    {_SC_TTY_NAME_MAX, TTY_NAME_MAX},
    {_SC_TZNAME_MAX, _POSIX_TZNAME_MAX},
    {_SC_XOPEN_STREAMS, 0},
    {_SC_XOPEN_VERSION, _XOPEN_VERSION},
    {_SC_XOPEN_XCU_VERSION, _XOPEN_VERSION},
    {_SC_JOB_CONTROL, 1},
    {_SC_REGEXP, 1},
    {_SC_SAVED_IDS, 1},
    {_SC_SHELL, 1},
    {_SC_V6_LP64_OFF64, 1},
    {_SC_V7_LP64_OFF64, 1},
    {_SC_XBS5_LP64_OFF64, 1},
    {_SC_XOPEN_ENH_I18N, 1},
    {_SC_XOPEN_SHM, 1},
    {_SC_XOPEN_UNIX, 1},
    {_SC_2_C_BIND, HERE},
    {_SC_2_VERSION, HERE},
    {_SC_ADVISORY_INFO, HERE},
    {_SC_ASYNCHRONOUS_IO, HERE},
    {_SC_BARRIERS, HERE},
    {_SC_CLOCK_SELECTION, HERE},
    {_SC_CPUTIME, HERE},
    {_SC_FSYNC, HERE},
    {_SC_IPV6, HERE},
    {_SC_MAPPED_FILES, HERE},
    {_SC_MEMLOCK, HERE},
    {_SC_MEMLOCK_RANGE, HERE},
    {_SC_MEMORY_PROTECTION, HERE},
    {_SC_MESSAGE_PASSING, HERE},
    {_SC_MONOTONIC_CLOCK, HERE},
    {_SC_RAW_SOCKETS, HERE},
    {_SC_READER_WRITER_LOCKS, HERE},
    {_SC_REALTIME_SIGNALS, HERE},
    {_SC_SEMAPHORES, HERE},
    {_SC_SHARED_MEMORY_OBJECTS, HERE},
    {_SC_SPAWN, HERE},
    {_SC_SPIN_LOCKS, HERE},
    {_SC_THREADS, HERE},
    {_SC_THREAD_ATTR_STACKADDR, HERE},
    {_SC_THREAD_ATTR_STACKSIZE, HERE},
    {_SC_THREAD_CPUTIME, HERE},
    {_SC_THREAD_PRIORITY_SCHEDULING, HERE},
    {_SC_THREAD_PROCESS_SHARED, HERE},
    {_SC_THREAD_SAFE_FUNCTIONS, HERE},
    {_SC_TIMEOUTS, HERE},
    {_SC_TIMERS, HERE},
    {_SC_VERSION, HERE},
    {_SC_2_CHAR_TERM, NOT_HERE},
    {_SC_2_C_DEV, NOT_HERE},
    {_SC_2_FORT_DEV, NOT_HERE},
    {_SC_2_FORT_RUN, NOT_HERE},
    {_SC_2_LOCALEDEF, NOT_HERE},
    {_SC_2_PBS, NOT_HERE},
    {_SC_2_PBS_ACCOUNTING, NOT_HERE},
    {_SC_2_PBS_CHECKPOINT, NOT_HERE},
    {_SC_2_PBS_LOCATE, NOT_HERE},
    {_SC_2_PBS_MESSAGE, NOT_HERE},
    {_SC_2_PBS_TRACK, NOT_HERE},
    {_SC_2_SW_DEV, NOT_HERE},
    {_SC_2_UPE, NOT_HERE},
    {_SC_AIO_LISTIO_MAX, NOT_HERE},
    {_SC_AIO_MAX, NOT_HERE},
    {_SC_ATEXIT_MAX, NOT_HERE},
    {_SC_EXPR_NEST_MAX, NOT_HERE},
    {_SC_GETGR_R_SIZE_MAX, NOT_HERE},
    {_SC_GETPW_R_SIZE_MAX, NOT_HERE},
    {_SC_LINE_MAX, NOT_HERE},
    {_SC_MQ_OPEN_MAX, NOT_HERE},
    {_SC_PASS_MAX, NOT_HERE},
    {_SC_PRIORITIZED_IO, NOT_HERE},
    {_SC_PRIORITY_SCHEDULING, NOT_HERE},
    {_SC_SIGQUEUE_MAX, NOT_HERE},
    {_SC_SPORADIC_SERVER, NOT_HERE},
    {_SC_SS_REPL_MAX, NOT_HERE},
    {_SC_STREAM_MAX, NOT_HERE},
    {_SC_SYNCHRONIZED_IO, NOT_HERE},
    {_SC_THREAD_PRIO_INHERIT, NOT_HERE},
    {_SC_THREAD_PRIO_PROTECT, NOT_HERE},
    {_SC_THREAD_ROBUST_PRIO_INHERIT, NOT_HERE},
    {_SC_THREAD_ROBUST_PRIO_PROTECT, NOT_HERE},
    {_SC_THREAD_SPORADIC_SERVER, NOT_HERE},
    {_SC_THREAD_THREADS_MAX, NOT_HERE},
    {_SC_TIMER_MAX, NOT_HERE},
    {_SC_TRACE, NOT_HERE},
    {_SC_TRACE_EVENT_FILTER, NOT_HERE},
    {_SC_TRACE_EVENT_NAME_MAX, NOT_HERE},
    {_SC_TRACE_INHERIT, NOT_HERE},
    {_SC_TRACE_LOG, NOT_HERE},
    {_SC_TRACE_NAME_MAX, NOT_HERE},
    {_SC_TRACE_SYS_MAX, NOT_HERE},
    {_SC_TRACE_USER_EVENT_MAX, NOT_HERE},
    {_SC_TYPED_MEMORY_OBJECTS, NOT_HERE},
    {_SC_V6_ILP32_OFF32, NOT_HERE},
    {_SC_V6_ILP32_OFFBIG, NOT_HERE},
    {_SC_V6_LPBIG_OFFBIG, NOT_HERE},
    {_SC_V7_ILP32_OFF32, NOT_HERE},
    {_SC_V7_ILP32_OFFBIG, NOT_HERE},
    {_SC_V7_LPBIG_OFFBIG, NOT_HERE},
    {_SC_XBS5_ILP32_OFF32, NOT_HERE},
    {_SC_XBS5_ILP32_OFFBIG, NOT_HERE},
    {_SC_XBS5_LPBIG_OFFBIG, NOT_HERE},
    {_SC_XOPEN_CRYPT, NOT_HERE},
    {_SC_XOPEN_LEGACY, NOT_HERE},
    {_SC_XOPEN_REALTIME, NOT_HERE},
    {_SC_XOPEN_REALTIME_THREADS, NOT_HERE},
    {_SC_XOPEN_XPG2, NOT_HERE},
    {_SC_XOPEN_XPG3, NOT_HERE},
    {_SC_XOPEN_XPG4, NOT_HERE},
};

long sysconf(int name)
{
    switch (name) {
    case _SC_PAGE_SIZE:
        return (long)__process.page;
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
        return processors();
    case _SC_PHYS_PAGES:
    case _SC_AVPHYS_PAGES:
        return pages(name == _SC_AVPHYS_PAGES);
    case _SC_OPEN_MAX:
        return limit(RLIMIT_NOFILE);
    case _SC_CHILD_MAX:
        return limit(RLIMIT_NPROC);
    default:
        break;
    }
    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++)
        if (constants[i].name == name)
            return constants[i].value;
    errno = EINVAL;
    return -1;
}

/* The same for every file: Linux's own limits. */
long pathconf(const char *path, int name)
{
    (void)path;
    switch (name) {
    case _PC_LINK_MAX:
        return 8;
    case _PC_MAX_CANON:
    case _PC_MAX_INPUT:
    case _PC_NAME_MAX:
        return 255;
    case _PC_PATH_MAX:
        return PATH_MAX;
    case _PC_PIPE_BUF:
        return PIPE_BUF;
    case _PC_CHOWN_RESTRICTED:
    case _PC_NO_TRUNC:
    case _PC_SYNC_IO:
        return 1;
    case _PC_VDISABLE:
        return 0;
    case _PC_FILESIZEBITS:
        return 64;
    case _PC_REC_INCR_XFER_SIZE:
    case _PC_REC_MAX_XFER_SIZE:
    case _PC_REC_MIN_XFER_SIZE:
    case _PC_REC_XFER_ALIGN:
    case _PC_ALLOC_SIZE_MIN:
        return 4096;
    case _PC_SOCK_MAXBUF:
    case _PC_ASYNC_IO:
    case _PC_PRIO_IO:
    case _PC_SYMLINK_MAX:
        return -1;
    case _PC_2_SYMLINKS:
        return 1;
    default:
        errno = EINVAL;
        return -1;
    }
}

long fpathconf(int fd, int name)
{
    (void)fd;
    return pathconf("", name);
}

size_t confstr(int name, char *buffer, size_t size)
{
    const char *value = "";

    if (name == _CS_PATH)
        value = "/bin:/usr/bin";
    else if ((name & ~4U) != 1 && (unsigned)(name - _CS_POSIX_V6_ILP32_OFF32_CFLAGS) > 33U) {
        errno = EINVAL;
        return 0;
    }
    size_t length = strlen(value) + 1;
    if (size) {
        size_t part = length <= size ? length : size;
        memcpy(buffer, value, part);
        buffer[part - 1] = 0;
    }
    return length;
}

int get_nprocs(void)
{
    return (int)processors();
}

int get_nprocs_conf(void)
{
    return (int)processors();
}

long get_phys_pages(void)
{
    return pages(0);
}

long get_avphys_pages(void)
{
    return pages(1);
}
