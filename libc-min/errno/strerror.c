/* strerror(3), strsignal(3) and their kin: what errno(3) and signal(7) mean, in a few words. One
 * language: the locale changes nothing. */
#include "alias.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

int __xpg_strerror_r(int error, char *buffer, size_t size);
char *__strerror_l(int error, locale_t locale);

static const char *const texts[] = {
    [0] = "No error",
    [EPERM] = "Operation not permitted",
    [ENOENT] = "No such file or directory",
    [ESRCH] = "No such process",
    [EINTR] = "Interrupted system call",
    [EIO] = "I/O error",
    [ENXIO] = "No such device or address",
    [E2BIG] = "Argument list too long",
    [ENOEXEC] = "Exec format error",
    [EBADF] = "Bad file descriptor",
    [ECHILD] = "No child process",
    [EAGAIN] = "Resource temporarily unavailable",
    [ENOMEM] = "Out of memory",
    [EACCES] = "Permission denied",
    [EFAULT] = "Bad address",
    [ENOTBLK] = "Block device required",
    [EBUSY] = "Resource busy",
    [EEXIST] = "File exists",
    [EXDEV] = "Cross-device link",
    [ENODEV] = "No such device",
    [ENOTDIR] = "Not a directory",
    [EISDIR] = "Is a directory",
    [EINVAL] = "Invalid argument",
    [ENFILE] = "Too many open files in system",
    [EMFILE] = "Too many open files",
    [ENOTTY] = "Not a tty",
    [ETXTBSY] = "Text file busy",
    [EFBIG] = "File too large",
    [ENOSPC] = "No space left on device",
    [ESPIPE] = "Invalid seek",
    [EROFS] = "Read-only file system",
    [EMLINK] = "Too many links",
    [EPIPE] = "Broken pipe",
    [EDOM] = "Domain error",
    [ERANGE] = "Result not representable",
    [EDEADLK] = "Resource deadlock would occur",
    [ENAMETOOLONG] = "Filename too long",
    [ENOLCK] = "No locks available",
    [ENOSYS] = "Function not implemented",
    [ENOTEMPTY] = "Directory not empty",
    [ELOOP] = "Too many levels of symbolic links",
    [ENOMSG] = "No message of desired type",
    [EIDRM] = "Identifier removed",
    [ENOSTR] = "Not a stream",
    [ENODATA] = "No data available",
    [ETIME] = "Timer expired",
    [ENOSR] = "Out of streams resources",
    [ENOLINK] = "Link severed",
    [EPROTO] = "Protocol error",
    [EBADFD] = "File descriptor in bad state",
    [EMULTIHOP] = "Multihop attempted",
    [EBADMSG] = "Bad message",
    [EOVERFLOW] = "Value too large for data type",
    [EILSEQ] = "Illegal byte sequence",
    [ENOTSOCK] = "Not a socket",
    [EDESTADDRREQ] = "Destination address required",
    [EMSGSIZE] = "Message too large",
    [EPROTOTYPE] = "Protocol wrong type for socket",
    [ENOPROTOOPT] = "Protocol not available",
    [EPROTONOSUPPORT] = "Protocol not supported",
    [ESOCKTNOSUPPORT] = "Socket type not supported",
    [EOPNOTSUPP] = "Not supported",
    [EPFNOSUPPORT] = "Protocol family not supported",
    [EAFNOSUPPORT] = "Address family not supported by protocol",
    [EADDRINUSE] = "Address in use",
    [EADDRNOTAVAIL] = "Address not available",
    [ENETDOWN] = "Network is down",
    [ENETUNREACH] = "Network unreachable",
    [ENETRESET] = "Connection reset by network",
    [ECONNABORTED] = "Connection aborted",
    [ECONNRESET] = "Connection reset by peer",
    [ENOBUFS] = "No buffer space available",
    [EISCONN] = "Socket is connected",
    [ENOTCONN] = "Socket not connected",
    [ESHUTDOWN] = "Cannot send after socket shutdown",
    [ETIMEDOUT] = "Operation timed out",
    [ECONNREFUSED] = "Connection refused",
    [EHOSTDOWN] = "Host is down",
    [EHOSTUNREACH] = "Host is unreachable",
    [EALREADY] = "Operation already in progress",
    [EINPROGRESS] = "Operation in progress",
    [ESTALE] = "Stale file handle",
    [EUCLEAN] = "Structure needs cleaning",
    [EREMOTEIO] = "Remote I/O error",
    [EDQUOT] = "Quota exceeded",
    [ENOMEDIUM] = "No medium found",
    [EMEDIUMTYPE] = "Wrong medium type",
    [ECANCELED] = "Operation canceled",
    [ENOKEY] = "Required key not available",
    [EKEYEXPIRED] = "Key has expired",
    [EKEYREVOKED] = "Key has been revoked",
    [EKEYREJECTED] = "Key was rejected by service",
    [EOWNERDEAD] = "Previous owner died",
    [ENOTRECOVERABLE] = "State not recoverable",
    [ERFKILL] = "Operation not possible: radio is switched off",
    [EHWPOISON] = "Memory page has a hardware error",
    [EUSERS] = "Too many users",
    [ETOOMANYREFS] = "Too many references",
    [ENOTUNIQ] = "Name not unique on network",
    [ELIBACC] = "Cannot access a shared library",
    [ENOPKG] = "Package not installed",
    [EREMOTE] = "Object is remote",
    [ECOMM] = "Communication error on send",
    [ESRMNT] = "Mount error",
    [EADV] = "Advertise error",
    [EREMCHG] = "Remote address changed",
    [ELIBBAD] = "Corrupt shared library",
    [ELIBSCN] = "Corrupt section in a shared library",
    [ELIBMAX] = "Too many shared libraries",
    [ELIBEXEC] = "Cannot execute a shared library",
    [ERESTART] = "System call should be restarted",
    [ESTRPIPE] = "Stream pipe error",
    [ECHRNG] = "Channel number out of range",
    [EL2NSYNC] = "Level 2 not synchronized",
    [EL3HLT] = "Level 3 halted",
    [EL3RST] = "Level 3 reset",
    [ELNRNG] = "Link number out of range",
    [EUNATCH] = "Protocol driver not attached",
    [ENOCSI] = "No CSI structure available",
    [EL2HLT] = "Level 2 halted",
    [EBADE] = "Invalid exchange",
    [EBADR] = "Invalid request descriptor",
    [EXFULL] = "Exchange full",
    [ENOANO] = "No anode",
    [EBADRQC] = "Invalid request code",
    [EBADSLT] = "Invalid slot",
    [EBFONT] = "Bad font file format",
    [ENONET] = "Machine is not on the network",
    [EDOTDOT] = "RFS-specific error",
    [ENOTNAM] = "Not a named type file",
    [ENAVAIL] = "No named type available",
    [EISNAM] = "Is a named type file",
};

static const char *const signals[] = {
    [SIGHUP] = "Hangup",
    [SIGINT] = "Interrupt",
    [SIGQUIT] = "Quit",
    [SIGILL] = "Illegal instruction",
    [SIGTRAP] = "Trace/breakpoint trap",
    [SIGABRT] = "Aborted",
    [SIGBUS] = "Bus error",
    [SIGFPE] = "Arithmetic exception",
    [SIGKILL] = "Killed",
    [SIGUSR1] = "User defined signal 1",
    [SIGSEGV] = "Segmentation fault",
    [SIGUSR2] = "User defined signal 2",
    [SIGPIPE] = "Broken pipe",
    [SIGALRM] = "Alarm clock",
    [SIGTERM] = "Terminated",
    [SIGSTKFLT] = "Stack fault",
    [SIGCHLD] = "Child process status",
    [SIGCONT] = "Continued",
    [SIGSTOP] = "Stopped (signal)",
    [SIGTSTP] = "Stopped",
    [SIGTTIN] = "Stopped (tty input)",
    [SIGTTOU] = "Stopped (tty output)",
    [SIGURG] = "Urgent I/O condition",
    [SIGXCPU] = "CPU time limit exceeded",
    [SIGXFSZ] = "File size limit exceeded",
    [SIGVTALRM] = "Virtual timer expired",
    [SIGPROF] = "Profiling timer expired",
    [SIGWINCH] = "Window changed",
    [SIGIO] = "I/O possible",
    [SIGPWR] = "Power failure",
    [SIGSYS] = "Bad system call",
};

char *strerror(int error)
{
    if (error >= 0 && (size_t)error < sizeof texts / sizeof texts[0] && texts[error])
        return (char *)texts[error];
    errno = EINVAL;
    return (char *)"No error information";
}

char *__strerror_l(int error, locale_t locale)
{
    (void)locale;
    return strerror(error);
}
WEAK_ALIAS(__strerror_l, strerror_l);

int __xpg_strerror_r(int error, char *buffer, size_t size)
{
    const char *text = strerror(error);
    size_t length = strlen(text);

    if (length < size) {
        memcpy(buffer, text, length + 1);
        return 0;
    }
    if (size) {
        memcpy(buffer, text, size - 1);
        buffer[size - 1] = 0;
    }
    return ERANGE;
}
WEAK_ALIAS(__xpg_strerror_r, strerror_r);

char *strsignal(int signal)
{
    static const char *const real_time[] = {
        "RT32", "RT33", "RT34", "RT35", "RT36", "RT37", "RT38", "RT39", "RT40", "RT41", "RT42",
        "RT43", "RT44", "RT45", "RT46", "RT47", "RT48", "RT49", "RT50", "RT51", "RT52", "RT53",
        "RT54", "RT55", "RT56", "RT57", "RT58", "RT59", "RT60", "RT61", "RT62", "RT63", "RT64"};

    if (signal > 0 && (size_t)signal < sizeof signals / sizeof signals[0])
        return (char *)signals[signal];
    if (signal >= 32 && signal <= 64)
        return (char *)real_time[signal - 32];
    return (char *)"Unknown signal";
}
