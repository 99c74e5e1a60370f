/* realpath(3), on a tree of folders, files and links made at random: what it says is what the
 * kernel finds (the name of an O_PATH descriptor in /proc), with the same errors. */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char top[PATH_MAX];

/* The kernel's answer in `to`; 0 or its error. */
static int kernel_realpath(const char *path, char *to)
{
    char link[64];
    int fd = open(path, O_PATH | O_CLOEXEC);
    ssize_t length;

    if (fd < 0)
        return errno;
    sprintf(link, "/proc/self/fd/%d", fd);
    length = readlink(link, to, PATH_MAX - 1);
    close(fd);
    to[length > 0 ? length : 0] = 0;
    return 0;
}

static void same(const char *path)
{
    char expected[PATH_MAX] = "", got[PATH_MAX] = "untouched";
    int error = kernel_realpath(path, expected);
    char *answer, *allocated;

    errno = 0;
    answer = realpath(path, got);
    if (error ? answer != NULL || errno != error : !answer || strcmp(answer, expected) != 0) {
        check_failures++;
        printf("realpath(\"%.100s\"): \"%.100s\", error %d; the kernel: \"%.100s\", error %d\n",
               path, answer ? answer : "(null)", answer ? 0 : errno, expected, error);
    }
    allocated = realpath(path, NULL);
    CHECK(!allocated == !answer && (!answer || strcmp(allocated, answer) == 0));
    free(allocated);
}

static const char *const parts[] = {"a",  "b",  "c", "file", "l1", "l2",     "l3",
                                    "l4", "l5", ".", "..",   "",   "nowhere"};

static void random_path(char *to, int depth)
{
    *to = 0;
    if (random_next() % 6 == 0)
        strcpy(to, top);
    for (int i = 0; i <= depth; i++) {
        if (*to || random_next() % 16 == 0)
            strcat(to, "/");
        strcat(to, parts[random_next() % (sizeof parts / sizeof parts[0])]);
    }
}

static void make_tree(int depth)
{
    char target[PATH_MAX], name[8];

    close(open("file", O_CREAT | O_WRONLY, 0600));
    for (int i = 1; i <= 5; i++) {
        random_path(target, (int)(random_next() % 3));
        sprintf(name, "l%d", i);
        symlink(*target ? target : ".", name);
    }
    for (int i = 0; depth && i < 3; i++) {
        CHECK_IS(mkdir(parts[i], 0700), 0);
        CHECK_IS(chdir(parts[i]), 0);
        make_tree(depth - 1);
        CHECK_IS(chdir(".."), 0);
    }
}

static void odd_names(void)
{
    char deep[PATH_MAX], *end;

    same("");
    same("/");
    same("///");
    same("/..");
    same("/../proc/../etc//.");
    same("file/");
    same("file/.");
    same("file/..");
    same("a/");
    same("..");
    same("../../../../../../../../../../../..");
    memset(deep, 'x', 300);
    deep[300] = 0;
    same(deep);
    end = deep;
    for (int i = 0; i < 2047; i++, end += 2)
        memcpy(end, "./", 3);
    same(deep); /* 4,094 bytes */
    strcpy(end, "a");
    same(deep);
    strcpy(end, "aa");
#ifndef __GLIBC__ /* it has no bound */
    same(deep);   /* PATH_MAX: too long */
#endif
    errno = 0;
    CHECK(!realpath(NULL, deep) && errno == EINVAL);
    symlink("round", "round");
    same("round");
    symlink("a", "chain0");
    for (int i = 1; i < 45; i++) { /* the kernel follows 40, musl 39 */
        char from[16], to[16];
        sprintf(to, "chain%d", i - 1);
        sprintf(from, "chain%d", i);
        symlink(to, from);
        if (i != 39)
            same(from);
    }
}

/* A folder that is gone has no name; what a link from the root leads to has. */
static void gone(void)
{
    char name[PATH_MAX];

    CHECK_IS(mkdir("gone", 0700), 0);
    CHECK_IS(chdir("gone"), 0);
    sprintf(name, "%s/gone", top);
    CHECK_IS(rmdir(name), 0);
    errno = 0;
    CHECK(!realpath(".", name) && errno == ENOENT);
    same("/proc");
    CHECK_IS(chdir(top), 0);
}

/* In a child, because it cannot be undone. */
static void without(void (*take_away)(void), const char *path, const char *expected)
{
    char got[PATH_MAX] = "";
    int status;

    fflush(stdout);
    if (fork() == 0) {
        check_failures = 0;
        take_away();
        const char *answer = realpath(path, got);
        CHECK_TEXT(answer, expected);
        fflush(stdout);
        _exit(check_end());
    }
    wait(&status);
    if (status != 77 << 8)
        CHECK_IS(status, 0);
}

static void no_descriptors(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Where neither root nor user namespaces are, this part is left out; the first part has the same
 * code. */
static void no_proc(void)
{
    if (geteuid() != 0 && unshare(CLONE_NEWUSER) != 0)
        _exit(77);
    if (chroot(top) != 0 || chdir("/a") != 0)
        _exit(77);
}

int main(void)
{
    char name[] = "/tmp/realpath-XXXXXX", path[PATH_MAX];

    CHECK(mkdtemp(name) && chdir(name) == 0 && getcwd(top, sizeof top));
    make_tree(2);
    for (int i = 0; i < 6000; i++) {
        CHECK_IS(chdir(i % 3 == 0 ? "." : i % 3 == 1 ? "a/b" : "c"), 0);
        random_path(path, (int)(random_next() % 6));
        if (strncmp(path, "//", 2) != 0) /* POSIX lets it stay; musl does */
            same(path);
        CHECK_IS(chdir(top), 0);
    }
    odd_names();
    gone();
    unlink("link");
    symlink("a/b", "link");
    sprintf(path, "%s/a", top);
    without(no_descriptors, "link/..", path);
    without(no_proc, "../link/../b/.", "/a/b");
    sprintf(path, "rm -rf '%s'", top);
    CHECK_IS(chdir("/"), 0);
    CHECK_IS(system(path), 0);
    return check_end();
}
