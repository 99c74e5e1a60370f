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

/* What is the same on every run; 0 stands for "not here" and becomes -1. */
static const struct {
    short name;
    long value;
} constants[] = {
    {_SC_CLK_TCK, 100},
    {_SC_NGROUPS_MAX, 65536},
    {_SC_HOST_NAME_MAX, 255},
    {_SC_LOGIN_NAME_MAX, 256},
    {_SC_TTY_NAME_MAX, 32},
    {_SC_SYMLOOP_MAX, 40},
    {_SC_IOV_MAX, IOV_MAX},
    {_SC_LINE_MAX, LINE_MAX},
    {_SC_RE_DUP_MAX, RE_DUP_MAX},
    {_SC_COLL_WEIGHTS_MAX, COLL_WEIGHTS_MAX},
    {_SC_EXPR_NEST_MAX, EXPR_NEST_MAX},
    {_SC_BC_BASE_MAX, _POSIX2_BC_BASE_MAX},
    {_SC_BC_DIM_MAX, _POSIX2_BC_DIM_MAX},
    {_SC_BC_SCALE_MAX, _POSIX2_BC_SCALE_MAX},
    {_SC_BC_STRING_MAX, _POSIX2_BC_STRING_MAX},
    {_SC_PASS_MAX, 8},
    {_SC_VERSION, _POSIX_VERSION},
    {_SC_2_VERSION, _POSIX_VERSION},
    {_SC_2_C_BIND, _POSIX_VERSION},
    {_SC_XOPEN_VERSION, _XOPEN_VERSION},
    {_SC_GETGR_R_SIZE_MAX, 0},
    {_SC_GETPW_R_SIZE_MAX, 0},
    {_SC_THREAD_DESTRUCTOR_ITERATIONS, PTHREAD_DESTRUCTOR_ITERATIONS},
    {_SC_THREAD_KEYS_MAX, PTHREAD_KEYS_MAX},
    {_SC_THREAD_STACK_MIN, PTHREAD_STACK_MIN},
    {_SC_THREADS, _POSIX_VERSION},
    {_SC_THREAD_ATTR_STACKADDR, _POSIX_VERSION},
    {_SC_THREAD_ATTR_STACKSIZE, _POSIX_VERSION},
    {_SC_THREAD_SAFE_FUNCTIONS, _POSIX_VERSION},
    {_SC_THREAD_PROCESS_SHARED, _POSIX_VERSION},
    {_SC_SEMAPHORES, _POSIX_VERSION},
    {_SC_SEM_VALUE_MAX, INT_MAX},
    {_SC_TIMERS, _POSIX_VERSION},
    {_SC_MONOTONIC_CLOCK, _POSIX_VERSION},
    {_SC_CPUTIME, _POSIX_VERSION},
    {_SC_THREAD_CPUTIME, _POSIX_VERSION},
    {_SC_MAPPED_FILES, _POSIX_VERSION},
    {_SC_MEMLOCK, _POSIX_VERSION},
    {_SC_MEMLOCK_RANGE, _POSIX_VERSION},
    {_SC_MEMORY_PROTECTION, _POSIX_VERSION},
    {_SC_FSYNC, _POSIX_VERSION},
    {_SC_JOB_CONTROL, 1},
    {_SC_SAVED_IDS, 1},
    {_SC_RTSIG_MAX, _NSIG - 36},
    {_SC_SIGQUEUE_MAX, 0},
    {_SC_ATEXIT_MAX, INT_MAX},
    {_SC_DELAYTIMER_MAX, INT_MAX},
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
    case _SC_ARG_MAX: {
        long stack = limit(RLIMIT_STACK); /* execve(2): a quarter of it, 128 KiB at least */
        return stack < 0 ? -1 : stack / 4 < 131072 ? 131072 : stack / 4;
    }
    default:
        break;
    }
    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++)
        if (constants[i].name == name)
            return constants[i].value ? constants[i].value : -1;
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
    case _PC_REC_MIN_XFER_SIZE:
    case _PC_REC_XFER_ALIGN:
    case _PC_ALLOC_SIZE_MIN:
        return 4096;
    case _PC_SOCK_MAXBUF:
    case _PC_ASYNC_IO:
    case _PC_PRIO_IO:
    case _PC_REC_INCR_XFER_SIZE:
    case _PC_REC_MAX_XFER_SIZE:
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
    else if ((name & ~4U) != 1 && (unsigned)(name - _CS_POSIX_V6_ILP32_OFF32_CFLAGS) > 35U) {
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
