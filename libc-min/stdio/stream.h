/* A stream (FILE), and the few functions on which the rest of stdio is based.
 *
 * A stream is idle, reading or writing.
 *   idle:     read == read_end == NULL, write_start == write == write_limit == NULL
 *   reading:  [read, read_end) was read ahead of the program; write_start is NULL
 *   writing:  [write_start, write) waits to be written; read and read_end are NULL
 * putc() may store bytes without a check of their value before write_limit, the end of the buffer.
 * For a line-buffered or unbuffered stream, write_limit equals write_start: so putc() makes one
 * comparison.
 *
 * `__stream_*` functions expect the caller to hold the stream's lock. */
#ifndef LIBC_STREAM_H
#define LIBC_STREAM_H

#include "alias.h"
#include "lock.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>
#include <wchar.h>

#define STREAM_BUFFER   4096 /* default, bytes */
#define STREAM_PUSHBACK 8    /* bytes that ungetc() may store before the buffer */

enum stream_flags {
    STREAM_NO_READ = 1,
    STREAM_NO_WRITE = 2,
    STREAM_APPEND = 4,
    STREAM_EOF = 8,
    STREAM_ERROR = 16,
    STREAM_LINE = 32,        /* flush after a newline */
    STREAM_UNDECIDED = 64,   /* line buffered if the file is a terminal */
    STREAM_PERMANENT = 128,  /* not from malloc(): stdin, stdout, stderr */
    STREAM_OWN_BUFFER = 256, /* the buffer was allocated apart from the stream */
    STREAM_CHOSEN = 512,     /* setvbuf() has set the buffering */
};

/* The encoding of wide characters in the file. The locale at the stream's first wide operation sets
 * it for good (C17 7.21.2p4 and p6). */
enum stream_encoding { ENCODING_OPEN, ENCODING_BYTES, ENCODING_UTF8 };

/* A stream's operations. They return -1 with errno for errors. `position` is as for lseek(2). */
struct stream_operations {
    ssize_t (*read)(FILE *stream, unsigned char *data, size_t size);
    ssize_t (*write)(FILE *stream, const unsigned char *data, size_t size);
    off_t (*seek)(FILE *stream, off_t offset, int whence);
    int (*close)(FILE *stream);
    /* For dlclose() of an object that spans [start, end): does the cookie have addresses in it?
     * forget() ends the use of them. NULL: the cookie never has any. */
    bool (*within)(const FILE *stream, const void *start, const void *end);
    void (*forget)(FILE *stream, const void *start, const void *end);
};

struct _IO_FILE {
    /* where the next byte is: the comment at the top says which are NULL */
    unsigned char *read;
    unsigned char *read_end;
    unsigned char *write;
    unsigned char *write_limit;
    unsigned char *write_start;

    /* set when the stream is made, and by setvbuf() */
    unsigned char *buffer; /* NULL: none yet; STREAM_PUSHBACK bytes lie before it */
    size_t size;           /* of the buffer, bytes; 0: unbuffered */
    const struct stream_operations *operations; /* NULL: the file descriptor */
    void *cookie;                               /* the operations' own */
    int descriptor;                             /* -1: none */
    unsigned flags;                             /* enum stream_flags */
    short orientation;                          /* as of fwide(): 1 wide, -1 bytes, 0 neither */
    short encoding;                             /* enum stream_encoding */
    pid_t child;                                /* of popen(), or 0 */

    /* recursive lock; owner and depth are valid while it is held */
    lock_t lock;
    int depth;
    void *owner;

    /* list of the streams of fopen() and similar functions, under stream_list_lock */
    FILE *next;
    FILE *previous;

    /* fgetln()'s line, freed with the stream */
    char *line;
    size_t line_size;

    /* buffer of stdin, stdout and unbuffered streams, without allocation. Must have room for a wide
     * character that ungetwc() puts back in front of one byte read. */
    unsigned char small[STREAM_PUSHBACK + 8];
};

/* Refills the buffer and takes a byte from it; EOF if there is none. */
HIDDEN int __stream_fill(FILE *stream);
/* Stores a byte if putc() cannot; returns the byte, or EOF. */
HIDDEN int __stream_overflow(FILE *stream, int byte);
/* fread() and fwrite() of bytes: return the number of bytes. */
HIDDEN size_t __stream_get(FILE *stream, void *data, size_t size);
HIDDEN size_t __stream_put(FILE *stream, const void *data, size_t size);
/* Make the stream writing or reading; 0, or EOF with errno and the error flag. */
HIDDEN int __stream_to_write(FILE *stream);
HIDDEN int __stream_to_read(FILE *stream);
/* Writes the buffered bytes; 0, or EOF: bytes that could not be written stay in the buffer. */
HIDDEN int __stream_flush(FILE *stream);
/* fflush(): also returns the data read ahead to the file. */
HIDDEN int __stream_sync(FILE *stream);
/* The same, but only lost data is an error, not a position that cannot be set. */
HIDDEN int __stream_sync_written(FILE *stream);
HIDDEN int __stream_sync_all(void);
/* ftello() and fseeko(). */
HIDDEN off_t __stream_tell(FILE *stream);
HIDDEN int __stream_seek(FILE *stream, off_t offset, int whence);
/* Flushes, closes the file and frees the buffer; the stream itself remains, inert. */
HIDDEN int __stream_end(FILE *stream);

/* A new stream in the list, idle, with `flags`; NULL if there is no memory. */
HIDDEN FILE *__stream_new(unsigned flags);
HIDDEN void __stream_link(FILE *stream);
HIDDEN void __stream_unlink(FILE *stream);

/* Calls `visit` for every stream, with the list's lock held for all but the standard streams. */
HIDDEN void __stream_each(void (*visit)(FILE *stream, const void *context), const void *context);

HIDDEN void __stream_close_children(void); /* the descriptors of popen()'s streams */
HIDDEN void __stdio_exit(void); /* called by exit(), if the program has a stream at all */

/* fopen()'s mode: flags of open(2), or -1 with EINVAL; *flags gets the stream's flags. */
HIDDEN int __stream_mode(const char *mode, unsigned *flags);

/* Read a wide character: WEOF with errno at the end or for an error. Put one back, whole or not at
 * all. Write wide characters: 0, or EOF with errno. The caller has set the encoding. */
HIDDEN wint_t __stream_get_wide(FILE *stream);
HIDDEN int __stream_unget_wide(FILE *stream, wchar_t wide);
HIDDEN int __stream_put_wide(FILE *stream, const wchar_t *text, size_t size);
HIDDEN void __stream_bind(FILE *stream);

HIDDEN int __stream_lock(FILE *stream); /* flockfile(), returns 1 */
HIDDEN int __stream_trylock(FILE *stream);
HIDDEN void __stream_unlock(FILE *stream);

/* Takes the lock if the process has threads. The result is for stream_leave(): a cookie's function
 * may make the second thread in between. */
static inline int stream_enter(FILE *stream)
{
    return LIKELY(!__process.threaded) ? 0 : __stream_lock(stream);
}

static inline void stream_leave(FILE *stream, int held)
{
    if (UNLIKELY(held))
        __stream_unlock(stream);
}

/* Every wide operation begins with this. */
static inline void stream_bind(FILE *stream)
{
    if (UNLIKELY(!stream->encoding))
        __stream_bind(stream);
}

static inline int stream_getc(FILE *stream)
{
    return LIKELY(stream->read != stream->read_end) ? *stream->read++ : __stream_fill(stream);
}

static inline int stream_putc(FILE *stream, int byte)
{
    return LIKELY(stream->write < stream->write_limit) ? (*stream->write++ = (unsigned char)byte)
                                                       : __stream_overflow(stream, byte);
}

#endif
