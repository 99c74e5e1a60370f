/* Streams: C17 7.21, POSIX, and what musl has besides. */
#include "asleep.h"
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio_ext.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <wchar.h>

static char name[] = "/tmp/libc-stdio-XXXXXX";

static void file_is(const char *text)
{
    char content[256] = "";
    int descriptor = open(name, O_RDONLY);
    ssize_t count = read(descriptor, content, sizeof content - 1);

    close(descriptor);
    CHECK_IS(count, strlen(text));
    CHECK_TEXT(content, text);
}

static void test_modes(void)
{
    FILE *file = fopen(name, "w");

    CHECK(file && fputs("one", file) >= 0 && fclose(file) == 0);
    file_is("one");
    file = fopen(name, "a");
    CHECK(file && fputs("two", file) >= 0 && ftell(file) == 6 && fclose(file) == 0);
    file_is("onetwo");
    file = fopen(name, "r+");
    CHECK(file && fputs("ONE", file) >= 0 && fclose(file) == 0);
    file_is("ONEtwo");
    file = fopen(name, "r");
    CHECK_IS(fputc('x', file), EOF);
    CHECK(ferror(file));
    clearerr(file);
    CHECK(!ferror(file));
    CHECK_IS(getc(file), 'O');
    fclose(file);
    file = fopen(name, "a+");
    CHECK_IS(getc(file), 'O');
    fseek(file, 0, SEEK_SET);
    fputs("!", file);
    fclose(file);
    file_is("ONEtwo!");
    errno = 0;
    CHECK(!fopen(name, "wx"));
    CHECK_IS(errno, EEXIST);
    CHECK(!fopen(name, "q"));
    CHECK_IS(errno, EINVAL);
    CHECK(!fopen("/nonexistent/file", "r"));
    CHECK_IS(errno, ENOENT);
    file = fopen(name, "re");
    CHECK_IS(fcntl(fileno(file), F_GETFD), FD_CLOEXEC);
    fclose(file);
}

static void test_reading(void)
{
    char line[8], block[16];
    FILE *file = fopen(name, "w+");

    fputs("ab\ncdefghijkl\n\nend", file);
    rewind(file);
    CHECK_TEXT(fgets(line, sizeof line, file), "ab\n");
    CHECK_TEXT(fgets(line, sizeof line, file), "cdefghi");
    CHECK_TEXT(fgets(line, sizeof line, file), "jkl\n");
    CHECK_TEXT(fgets(line, sizeof line, file), "\n");
    CHECK_TEXT(fgets(line, sizeof line, file), "end");
    CHECK(feof(file));
    CHECK(!fgets(line, sizeof line, file));
    CHECK_TEXT(line, "end"); /* unchanged at the end */
    CHECK_IS(getc(file), EOF);
    CHECK_IS(pwrite(fileno(file), "!", 1, 18), 1);
    CHECK_IS(getc(file), EOF); /* the end remains until clearerr(): C17 7.21.7.1 */
    clearerr(file);
    CHECK_IS(getc(file), '!');
    CHECK(ftruncate(fileno(file), 18) == 0);
    rewind(file);
    CHECK(!feof(file));
    CHECK_IS(fread(block, 4, 3, file), 3);
    CHECK(memcmp(block, "ab\ncdefghijk", 12) == 0);
    CHECK_IS(fread(block, 4, 3, file), 1); /* six bytes are left */
    CHECK(feof(file));
    CHECK_IS(fread(block, 0, 3, file), 0);
    fclose(file);
}

static void test_getline(void)
{
    FILE *file = fopen(name, "w+");
    char *line = NULL;
    size_t size = 0;

    for (int i = 0; i < 10000; i++)
        putc('x', file);
    fputs("\nshort\na:b", file);
    rewind(file);
    CHECK_IS(getline(&line, &size, file), 10001);
    CHECK(size > 10001 && line[10000] == '\n' && !line[10001]);
    CHECK_IS(getline(&line, &size, file), 6);
    CHECK_TEXT(line, "short\n");
    CHECK_IS(getdelim(&line, &size, ':', file), 2);
    CHECK_TEXT(line, "a:");
    CHECK_IS(getdelim(&line, &size, ':', file), 1);
    CHECK_TEXT(line, "b");
    CHECK_IS(getline(&line, &size, file), -1);
    CHECK(feof(file));
    free(line);
    fclose(file);
}

static void test_ungetc(void)
{
    FILE *file = fopen(name, "w+");

    fputs("abc", file);
    rewind(file);
    CHECK_IS(ungetc('z', file), 'z');
    CHECK_IS(getc(file), 'z');
    CHECK_IS(getc(file), 'a');
    CHECK_IS(ungetc('Z', file), 'Z');
    CHECK_IS(ftell(file), 0);
    CHECK_IS(getc(file), 'Z');
    CHECK_IS(getc(file), 'b');
    CHECK_IS(getc(file), 'c');
    CHECK_IS(getc(file), EOF);
    CHECK_IS(ungetc('q', file), 'q');
    CHECK(!feof(file));
    CHECK_IS(getc(file), 'q');
    CHECK_IS(ungetc(EOF, file), EOF);
    CHECK_IS(ungetc(255, file), 255);
    CHECK_IS(getc(file), 255);
    ungetc('w', file);
    CHECK(fseek(file, 1, SEEK_SET) == 0); /* forgets it */
    CHECK_IS(getc(file), 'b');
    fclose(file);
}

static void test_positions(void)
{
    FILE *file = fopen(name, "w+");
    fpos_t position;

    CHECK_IS(ftell(file), 0);
    fputs("0123456789", file);
    CHECK_IS(ftell(file), 10);
    CHECK(fseek(file, -3, SEEK_CUR) == 0);
    CHECK_IS(getc(file), '7');
    CHECK_IS(ftell(file), 8);
    CHECK(fgetpos(file, &position) == 0);
    CHECK(fseek(file, 2, SEEK_SET) == 0);
    CHECK_IS(getc(file), '2');
    CHECK(fseek(file, 1, SEEK_CUR) == 0);
    CHECK_IS(getc(file), '4');
    CHECK(fsetpos(file, &position) == 0);
    CHECK_IS(getc(file), '8');
    CHECK(fseek(file, 0, SEEK_END) == 0);
    CHECK_IS(getc(file), EOF);
    CHECK(feof(file));
    errno = 0;
    CHECK_IS(fseek(file, -1, SEEK_SET), -1);
    CHECK_IS(errno, EINVAL);
    CHECK_IS(fseek(file, 0, 99), -1);
    CHECK(fseeko(file, 5, SEEK_SET) == 0);
    putc('X', file);
    CHECK_IS(ftello(file), 6);
    fclose(file);
    file_is("01234X6789");
}

/* POSIX, fflush(): what was read ahead goes back to the file. */
static void test_flush_of_input(void)
{
    FILE *file = fopen(name, "r");

    CHECK_IS(getc(file), '0');
    CHECK_IS(getc(file), '1');
    CHECK(fflush(file) == 0);
    CHECK_IS(lseek(fileno(file), 0, SEEK_CUR), 2);
    CHECK_IS(getc(file), '2');
    fclose(file);
}

static size_t file_size(FILE *file)
{
    struct stat status;

    fstat(fileno(file), &status);
    return (size_t)status.st_size;
}

static void test_buffering(void)
{
    static char buffer[4096];
    FILE *file = fopen(name, "w");

    fputs("a\nb", file);
    CHECK_IS(file_size(file), 0);
    CHECK_IS(__fpending(file), 3);
    fflush(file);
    CHECK_IS(file_size(file), 3);
    CHECK(setvbuf(file, NULL, _IOLBF, 0) == 0);
    fputs("c", file);
    CHECK_IS(file_size(file), 3);
    fputs("d\ne", file);
    CHECK_IS(file_size(file), 6);
    putc('\n', file);
    CHECK_IS(file_size(file), 8);
    fprintf(file, "%d\n%d", 1, 2);
    CHECK_IS(file_size(file), 10);
    fclose(file);
    file = fopen(name, "w");
    setbuf(file, NULL);
    putc('x', file);
    CHECK_IS(file_size(file), 1);
    fprintf(file, "%d", 12);
    CHECK_IS(file_size(file), 3);
    fclose(file);
    file = fopen(name, "w");
    CHECK(setvbuf(file, buffer, _IOFBF, sizeof buffer) == 0);
    for (int i = 0; i < 10000; i++)
        putc('a' + i % 26, file);
    CHECK(file_size(file) > 0 && file_size(file) < 10000);
    fclose(file);
    file = fopen(name, "r");
    for (int i = 0; i < 10000; i++)
        if (getc(file) != 'a' + i % 26)
            CHECK(!"what was written");
    CHECK_IS(getc(file), EOF);
    fclose(file);
}

/* Every size of piece around the buffer's, against what a plain array holds. */
static void test_pieces(void)
{
    static char wrote[60000], read[60000];
    FILE *file = fopen(name, "w+");
    size_t total = 0, size, at = 0;

    for (size_t i = 0; i < sizeof wrote; i++)
        wrote[i] = (char)random_next();
    while (total < sizeof wrote) {
        size = random_next() % 4 ? random_next() % 600 : random_next() % 9000;
        if (size > sizeof wrote - total)
            size = sizeof wrote - total;
        CHECK_IS(fwrite(wrote + total, 1, size, file), size);
        total += size;
        CHECK_IS(ftell(file), total);
    }
    rewind(file);
    while (at < sizeof read) {
        size = random_next() % 4 ? random_next() % 600 : random_next() % 9000;
        size = fread(read + at, 1, size, file);
        if (feof(file))
            break;
        at += size;
    }
    CHECK(memcmp(wrote, read, sizeof wrote) == 0);
    fclose(file);
}

static void test_full_disk(void)
{
    static char large[100000];
    FILE *file = fopen("/dev/full", "w");

    CHECK_IS(fputs("text", file) < 0, 0);
    errno = 0;
    CHECK_IS(fflush(file), EOF);
    CHECK_IS(errno, ENOSPC);
    CHECK(ferror(file));
    clearerr(file);
    CHECK(fwrite(large, 1, sizeof large, file) < sizeof large);
    CHECK(ferror(file));
    fclose(file);
    file = fopen("/dev/full", "w");
    fputs("text", file);
    errno = 0;
    CHECK_IS(fclose(file), EOF);
    CHECK_IS(errno, ENOSPC);
    file = fopen("/dev/full", "w");
    setbuf(file, NULL);
    CHECK_IS(putc('x', file), EOF);
    CHECK_IS(fprintf(file, "x"), -1);
    CHECK(ferror(file));
    fclose(file);
}

static void test_closed_pipe(void)
{
    int ends[2];
    FILE *file;

    signal(SIGPIPE, SIG_IGN);
    CHECK(pipe(ends) == 0);
    file = fdopen(ends[1], "w");
    close(ends[0]);
    fputs("text", file);
    errno = 0;
    CHECK_IS(fflush(file), EOF);
    CHECK_IS(errno, EPIPE);
    CHECK(ferror(file));
    errno = 0;
    CHECK_IS(fseek(file, 0, SEEK_SET), -1);
    fclose(file);
    signal(SIGPIPE, SIG_DFL);
}

static void nothing(int number)
{
    (void)number;
}

/* POSIX: fails with EINTR, and can be read again once the error is cleared. */
static void test_interrupt(void)
{
    struct sigaction action = {.sa_handler = nothing};
    int ends[2];
    FILE *file;

    CHECK(pipe(ends) == 0);
    file = fdopen(ends[0], "r");
    sigaction(SIGALRM, &action, NULL);
    ualarm(20000, 0);
    errno = 0;
    CHECK_IS(getc(file), EOF);
    CHECK_IS(errno, EINTR);
    CHECK(ferror(file) && !feof(file));
    clearerr(file);
    CHECK_IS(write(ends[1], "z", 1), 1);
    CHECK_IS(getc(file), 'z');
    fclose(file);
    close(ends[1]);
}

static void test_freopen(void)
{
    FILE *file = fopen(name, "w");
    int number = fileno(file);

    fputs("before", file);
    file = freopen(name, "r", file);
    CHECK_IS(fileno(file), number);
    CHECK_IS(getc(file), 'b');
    file = freopen("/dev/null", "w", file);
    CHECK(file && fputs("x", file) >= 0);
    CHECK(!freopen("/nonexistent/file", "r", file));
}

static void test_popen(void)
{
    char line[32];
    FILE *file = popen("echo out; exit 3", "r");

    CHECK_TEXT(fgets(line, sizeof line, file), "out\n");
    int status = pclose(file);

    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    snprintf(line, sizeof line, "cat >%.24s", name);
    file = popen(line, "w");
    fputs("to the shell", file);
    CHECK_IS(pclose(file), 0);
    file_is("to the shell");
    CHECK(!popen("true", "x"));
}

static void test_fmemopen(void)
{
    char array[16] = "0123456789", line[16];
    FILE *file = fmemopen(array, 10, "r");

    CHECK_TEXT(fgets(line, sizeof line, file), "0123456789");
    CHECK_IS(getc(file), EOF);
    CHECK(fseek(file, -2, SEEK_END) == 0);
    CHECK_IS(getc(file), '8');
    fclose(file);
    file = fmemopen(array, 8, "w");
    fputs("abc", file);
    CHECK(fflush(file) == 0);
    CHECK_TEXT(array, "abc");
    fclose(file);
    file = fmemopen(array, 8, "a");
    fputs("de", file);
    fclose(file);
    CHECK_TEXT(array, "abcde");
    file = fmemopen(NULL, 32, "w+");
    fputs("own", file);
    rewind(file);
    CHECK_IS(getc(file), 'o');
    fclose(file);
    file = fmemopen(array, 4, "w");
    fputs("too much", file);
    fclose(file);
    CHECK(memcmp(array, "too", 3) == 0 && memcmp(array + 4, "e", 2) == 0); /* not beyond */
}

static void test_open_memstream(void)
{
    char *memory = NULL;
    size_t size = 99;
    FILE *file = open_memstream(&memory, &size);

    CHECK(fflush(file) == 0);
    CHECK_IS(size, 0);
    fputs("hello", file);
    fflush(file);
    CHECK_IS(size, 5);
    CHECK_TEXT(memory, "hello");
    for (int i = 0; i < 10000; i++)
        putc('x', file);
    fflush(file);
    CHECK_IS(size, 10005);
    CHECK_IS(memory[10005], 0);
    CHECK(fseek(file, 1, SEEK_SET) == 0);
    fputs("E", file);
    fclose(file);
    CHECK(memcmp(memory, "hE", 2) == 0);
    free(memory);
#if defined LIBC_MIN || defined __GLIBC__ /* musl gives the end of what was written last */
    off_t end;

    file = open_memstream(&memory, &size); /* POSIX's example */
    fprintf(file, "hello my world");
    fflush(file);
    CHECK_IS(size, 14);
    end = ftello(file);
    fseeko(file, 0, SEEK_SET);
    fprintf(file, "good-bye");
    fseeko(file, end, SEEK_SET);
    fclose(file);
    CHECK_IS(size, 14);
    CHECK_TEXT(memory, "good-bye world");
    free(memory);
#endif
#ifdef LIBC_MIN /* the smaller of length and position: glibc forgets it for the second */
    file = open_memstream(&memory, &size);
    fputs("abcdef", file);
    fflush(file);
    fseek(file, 2, SEEK_SET);
    fflush(file);
    CHECK_IS(size, 2);
    fclose(file);
    free(memory);
#endif
}

static char cookie_text[64];
static int cookie_closed;

static ssize_t cookie_write(void *cookie, const char *data, size_t size)
{
    strncat(cookie, data, size);
    return (ssize_t)size;
}

static ssize_t cookie_read(void *cookie, char *data, size_t size)
{
    (void)cookie, (void)size;
    *data = 'r';
    return 1;
}

static int cookie_close(void *cookie)
{
    cookie_closed = cookie == cookie_text;
    return 0;
}

static void test_fopencookie(void)
{
    FILE *file = fopencookie(cookie_text, "w",
                             (cookie_io_functions_t){.write = cookie_write,
                                                     .read = cookie_read,
                                                     .close = cookie_close});

    CHECK_IS(fprintf(file, "%d-%s", 5, "cookie"), 8);
    CHECK(fclose(file) == 0);
    CHECK_TEXT(cookie_text, "5-cookie");
    CHECK(cookie_closed);
    file = fopencookie(NULL, "r", (cookie_io_functions_t){.read = cookie_read});
    CHECK_IS(getc(file), 'r');
    CHECK_IS(fseek(file, 0, SEEK_SET), -1);
    fclose(file);
}

static void test_names(void)
{
    char moved[64], temporary[L_tmpnam], *path;
    FILE *file;

    snprintf(moved, sizeof moved, "%s.moved", name);
    CHECK(rename(name, moved) == 0);
    CHECK(access(name, F_OK) != 0 && access(moved, F_OK) == 0);
    CHECK(remove(moved) == 0);
    CHECK(mkdir(moved, 0700) == 0 && remove(moved) == 0);
    errno = 0;
    CHECK_IS(remove(moved), -1);
    CHECK_IS(errno, ENOENT);
    CHECK(tmpnam(temporary) == temporary && access(temporary, F_OK) != 0);
    path = tempnam(NULL, "pre");
    CHECK(path && strstr(path, "pre"));
    free(path);
    file = tmpfile();
    CHECK(file && putw(0x1234, file) == 0);
    rewind(file);
    CHECK_IS(getw(file), 0x1234);
    fclose(file);
}

static FILE *shared;

static volatile int writers[2]; /* threads' ids */

static void *write_lines(void *argument)
{
    writers[*(char *)argument - 'a'] = thread_id();
    for (int i = 0; i < 3000; i++)
        fprintf(shared, "%s%s\n", (char *)argument, (char *)argument);
    for (int i = 0; i < 3000; i++) {
        flockfile(shared);
        fputs(argument, shared);
        fputs(argument, shared);
        putc('\n', shared);
        funlockfile(shared);
    }
    return NULL;
}

/* The lock is taken before there is a second thread, and holds that one up. */
static void test_threads(void)
{
    pthread_t threads[2];
    char line[64];
    long lines = 0;

    shared = fopen(name, "w+");
    flockfile(shared);
    flockfile(shared);
    pthread_create(&threads[0], NULL, write_lines, "aaaaaaaa");
    pthread_create(&threads[1], NULL, write_lines, "bbbbbbbb");
    await_call(&writers[0], NULL);
    await_call(&writers[1], NULL);
    CHECK_IS(__fpending(shared), 0);
    funlockfile(shared);
    CHECK(asleep(writers[0]) && asleep(writers[1]));
    CHECK_IS(__fpending(shared), 0);
    funlockfile(shared);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    rewind(shared);
    while (fgets(line, sizeof line, shared)) {
        lines++;
        if (strcmp(line, "aaaaaaaaaaaaaaaa\n") != 0 && strcmp(line, "bbbbbbbbbbbbbbbb\n") != 0)
            CHECK(!"a whole line");
    }
    CHECK_IS(lines, 12000);
    CHECK_IS(ftrylockfile(shared), 0);
    funlockfile(shared);
    fclose(shared);
}

/* What waits is written by exit(), and not by _exit(). */
static void test_exit(void)
{
    FILE *file = fopen(name, "w");

    if (fork() == 0) {
        fputs("lost", file);
        _exit(0);
    }
    wait(NULL);
    if (fork() == 0) {
        fputs("at exit", file);
        exit(0);
    }
    wait(NULL);
    fclose(file);
    file_is("at exit");
}

/* fclose() while fflush(NULL) waits for the stream: nothing is asked of it after it was closed. */
struct closing {
    int closed;
};

static volatile int used_after_close, flusher_stops;

static ssize_t closing_read(void *cookie, char *data, size_t size)
{
    used_after_close |= ((struct closing *)cookie)->closed;
    memset(data, 'x', size);
    return size;
}

static int closing_seek(void *cookie, off_t *offset, int whence)
{
    used_after_close |= ((struct closing *)cookie)->closed;
    errno = ESPIPE;
    return -1;
}

static int closing_close(void *cookie)
{
    ((struct closing *)cookie)->closed = 1;
    return 0;
}

static void *flush_forever(void *unused)
{
    while (!flusher_stops)
        fflush(NULL);
    return NULL;
}

static void test_close_while_flushed(void)
{
    enum { COUNT = 100000 };
    struct closing *cookies = calloc(COUNT, sizeof *cookies);
    pthread_t flusher;

    pthread_create(&flusher, NULL, flush_forever, NULL);
    for (int i = 0; i < COUNT; i++) {
        FILE *file = fopencookie(&cookies[i], "r",
                                 (cookie_io_functions_t){.read = closing_read,
                                                         .seek = closing_seek,
                                                         .close = closing_close});

        getc(file);
        fclose(file);
    }
    flusher_stops = 1;
    pthread_join(flusher, NULL);
    CHECK(!used_after_close);
    free(cookies);
}

/* The same with output: an fclose() that writes to a full pipe holds the stream until the reader
 * has gone; what could not be written must not get into the next file of that number. */
static volatile int closes, flushes, flushed; /* threads' ids; the flush has ended */

static void *close_it(void *file)
{
    closes = thread_id();
    fclose(file);
    return NULL;
}

static void *flush_once(void *unused)
{
    flushes = thread_id();
    fflush(NULL);
    flushed = 1;
    return NULL;
}

static void test_close_with_data_lost(void)
{
    static char block[4096];
    pthread_t closer, flusher;
    int ends[2], other;
    FILE *file;

    signal(SIGPIPE, SIG_IGN);
    CHECK(pipe(ends) == 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], block, sizeof block) > 0)
        ;
    fcntl(ends[1], F_SETFL, 0);
    file = fdopen(ends[1], "w");
    fputs("secret", file);
    pthread_create(&closer, NULL, close_it, file);
    await_call(&closes, NULL);
    pthread_create(&flusher, NULL, flush_once, NULL);
    await_call(&flushes, &flushed);
    other = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    close(ends[0]);
    while (fcntl(ends[1], F_GETFD) >= 0)
        ;
    dup2(other, ends[1]);
    pthread_join(closer, NULL);
    pthread_join(flusher, NULL);
    close(ends[1]);
    close(other);
    file_is("");
    signal(SIGPIPE, SIG_DFL);
}

#ifdef LIBC_MIN /* musl and glibc wait for whoever waits in read(2), and let nobody else open */
static volatile int reads; /* the thread's id */

static void *read_one(void *file)
{
    reads = thread_id();
    getc(file);
    return NULL;
}

static void test_flush_beside_reader(void)
{
    pthread_t reader;
    FILE *file;
    int ends[2];

    CHECK(pipe(ends) == 0);
    file = fdopen(ends[0], "r");
    pthread_create(&reader, NULL, read_one, file);
    await_call(&reads, NULL);
    alarm(20);
    CHECK_IS(fflush(NULL), 0);
    fclose(fopen("/dev/null", "r"));
    alarm(0);
    close(ends[1]);
    pthread_join(reader, NULL);
    fclose(file);
}
#endif

/* Pushed back at the beginning: there is no place before it in the file to go back to. */
static void test_pushback_at_start(void)
{
    FILE *file = fopen("/etc/passwd", "r");

    ungetc('x', file);
    CHECK_IS(fflush(NULL), 0);
    fclose(file);
    file = fopen("/etc/passwd", "r");
    ungetc('x', file);
    CHECK_IS(fclose(file), 0);
    file = fopen("/etc/passwd", "r");
    getc(file);
    ungetc('x', file);
    ungetc('y', file);
    CHECK_IS(fclose(file), 0);
#ifdef LIBC_MIN /* glibc's fflush() fails, and musl's has no more than this to say */
    file = fopen("/etc/passwd", "r");
    ungetc('x', file);
    CHECK_IS(fflush(file), 0);
    CHECK_IS(ftell(file), 0);
    fclose(file);
#endif
}

/* The first write fails and writes nothing. */
static int failing_calls;
static char failing_text[64];

static ssize_t failing_write(void *cookie, const char *data, size_t size)
{
    if (!failing_calls++) {
        errno = EAGAIN;
        return 0;
    }
    strncat(failing_text, data, size < 32 ? size : 32);
    return size;
}

static void test_failure_in_the_middle(void)
{
#ifdef LIBC_MIN /* musl goes on, and leaves out what failed; glibc gives up what it had before */
    FILE *file = fopencookie(NULL, "w", (cookie_io_functions_t){.write = failing_write});
    static char block[5001];

    memset(block, 'x', 5000);
    CHECK_IS(fprintf(file, "A%sB%sC", block, "tail"), -1);
    CHECK(ferror(file));
    CHECK_IS(fflush(file), 0);
    CHECK_TEXT(failing_text, "A");
    fclose(file);
#endif
}

static int close_in_vain(void *cookie)
{
    return 5;
}

static void test_close_fails(void)
{
    FILE *file = fopencookie(NULL, "w", (cookie_io_functions_t){.close = close_in_vain});

    CHECK(fclose(file) != 0);
}

static void test_orientation(void)
{
    FILE *file = fopen(name, "w+");

    CHECK_IS(fwide(file, 0), 0);
    putc('a', file);
    CHECK(fwide(file, 0) < 0 && fwide(file, 1) < 0);
    fclose(file);
    file = fopen(name, "r");
    getc(file);
    CHECK(fwide(file, 0) < 0);
    fclose(file);
    file = fopen(name, "r");
    CHECK(fwide(file, 1) > 0);
    getwc(file);
    CHECK(fwide(file, 0) > 0);
    fclose(file);
}

/* perror() leaves the orientation as it is (POSIX): in a process that has said nothing as yet. */
static void test_orientation_of_perror(void)
{
#ifndef __GLIBC__ /* a static program's does change it */
    int status = -1;

    if (fork() == 0) {
        dup2(open("/dev/null", O_WRONLY), 2);
        perror("nothing");
        _exit(fwide(stderr, 0) != 0);
    }
    wait(&status);
    CHECK_IS(status, 0);
#endif
}

/* A terminal's name, and its other end; -1 if there is none to be had. */
static int terminal_make(char terminal[32])
{
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK), unlock = 0, number;

    if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) || ioctl(master, TIOCGPTN, &number))
        return -1;
    snprintf(terminal, 32, "/dev/pts/%d", number);
    return master;
}

/* Whether a line comes out of a terminal: the kernel hands on what is written to it in its own
 * time, and in pieces. */
static int line_comes(int master)
{
    struct pollfd one = {.fd = master, .events = POLLIN};
    char byte = 0;

    while (byte != '\n' && poll(&one, 1, 2000) == 1 && read(master, &byte, 1) == 1)
        ;
    return byte == '\n';
}

static void test_freopen_anew(void)
{
    char terminal[32], text[32];
    int master = terminal_make(terminal);
    FILE *file = fopen(name, "w");

    fputs("abcdef", file);
#if defined LIBC_MIN || defined __GLIBC__ /* musl's truncates nothing */
    file = freopen(NULL, "w", file);
    CHECK(file != NULL);
    fputs("X", file);
    fflush(file);
    file_is("X");
    if (master >= 0) { /* nor does it look whether it is a terminal now */
        file = freopen(terminal, "w", file);
        CHECK(file && fputs("hello\n", file) >= 0);
        CHECK(line_comes(master));
        file = freopen(name, "w", file);
        fputs("later\n", file);
        file_is("");
        setvbuf(file, NULL, _IOFBF, 0);
    }
#ifdef LIBC_MIN /* glibc's decides anew all the same */
    if (master >= 0) {
        file = freopen(terminal, "w", file);
        CHECK(file && fputs("hello\n", file) >= 0);
        CHECK_IS(read(master, text, sizeof text), -1);
    }
#endif
#endif
    fclose(file);
    close(master);
}

#ifdef LIBC_MIN /* musl and glibc say 0, and do it, or not, or lose what waits */
static void test_setvbuf_in_vain(void)
{
    FILE *file = fopen("/dev/full", "w");
    int ends[2];

    fputs("abc", file);
    CHECK_IS(setvbuf(file, NULL, _IONBF, 0), -1);
    CHECK_IS(__fpending(file), 3);
    CHECK(__fbufsize(file) > 0);
    fclose(file);
    CHECK(pipe(ends) == 0 && write(ends[1], "abc", 3) == 3);
    file = fdopen(ends[0], "r");
    CHECK_IS(getc(file), 'a');
    CHECK_IS(setvbuf(file, NULL, _IONBF, 0), -1);
    CHECK_IS(setvbuf(file, NULL, _IOLBF, 0), 0);
    CHECK_IS(getc(file), 'b');
    CHECK_IS(getc(file), 'c');
    CHECK_IS(setvbuf(file, NULL, _IONBF, 0), 0);
    CHECK_IS(__fbufsize(file), 0);
    fclose(file);
    close(ends[1]);
}
#endif

/* Writing already, and line buffered from now on. */
static void test_line_buffered_late(void)
{
    FILE *file = fopen(name, "w");

    fputs("abc", file);
    setvbuf(file, NULL, _IOLBF, 0);
    putc('d', file);
    putc('\n', file);
#ifndef __GLIBC__ /* does not look before what it has is written */
    file_is("abcd\n");
#endif
    fclose(file);
}

int main(void)
{
    close(mkstemp(name));
    test_orientation_of_perror();
    test_modes();
    test_reading();
    test_getline();
    test_ungetc();
    test_positions();
    test_flush_of_input();
    test_buffering();
    test_pieces();
    test_full_disk();
    test_closed_pipe();
    test_interrupt();
    test_freopen();
    test_popen();
    test_fmemopen();
    test_open_memstream();
    test_fopencookie();
    test_exit();
    test_names();
    test_pushback_at_start();
    test_failure_in_the_middle();
    test_close_fails();
    test_orientation();
    test_freopen_anew();
    test_line_buffered_late();
#ifdef LIBC_MIN
    test_setvbuf_in_vain();
    test_flush_beside_reader();
#endif
    test_threads();
    test_close_while_flushed();
    test_close_with_data_lost();
    remove(name);
    return check_end();
}
