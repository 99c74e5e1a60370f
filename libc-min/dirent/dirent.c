/* opendir(3) and related functions, by getdents64(2). musl's struct dirent has the layout of its
 * entries. */
#include "alias.h"
#include "lock.h"
#include "syscall.h"
#include "thread.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct __dirstream {
    int fd;
    DIR *next, *before; /* in `open_directories` */
    lock_t lock;
    size_t at, end; /* of the entries from getdents64(), bytes */
    off_t position; /* for telldir() */
    _Alignas(8) char entries[4096];
};

static lock_t list_lock;
static DIR *open_directories;

static DIR *directory_new(int fd)
{
    DIR *directory = calloc(1, sizeof *directory);

    if (!directory)
        return NULL;
    directory->fd = fd;
    lock_take(&list_lock);
    directory->next = open_directories;
    if (directory->next)
        directory->next->before = directory;
    open_directories = directory;
    lock_release(&list_lock);
    return directory;
}

/* In the child, no other thread exists to release a directory's lock. Entries that the holder was
 * changing are dropped: the child shares the descriptor's position with the parent anyway. */
void __directories_fork(int when)
{
    if (when == 0) {
        lock_take(&list_lock);
        return;
    }
    for (DIR *directory = open_directories; when == 2 && directory; directory = directory->next)
        if (directory->lock) {
            directory->at = directory->end = 0;
            directory->lock = 0;
        }
    lock_release(&list_lock);
}

DIR *opendir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : directory_new(fd);

    if (fd >= 0 && !directory)
        close(fd);
    return directory;
}

DIR *fdopendir(int fd)
{
    struct stat status;
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fstat(fd, &status) != 0)
        return NULL;
    if (flags & O_PATH) {
        errno = EBADF;
        return NULL;
    }
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return NULL;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return directory_new(fd);
}

int closedir(DIR *directory)
{
    int answer = close(directory->fd);

    lock_take(&list_lock);
    if (directory->before)
        directory->before->next = directory->next;
    else
        open_directories = directory->next;
    if (directory->next)
        directory->next->before = directory->before;
    lock_release(&list_lock);
    free(directory);
    return answer;
}

/* At the end, NULL with errno unchanged; a directory that has been removed is at its end too. */
struct dirent *readdir(DIR *directory)
{
    struct dirent *entry;

    if (directory->at >= directory->end) {
        long size =
            sys_call(SYS_getdents64, directory->fd, directory->entries, sizeof directory->entries);
        if (size <= 0) {
            if (size < 0 && size != -ENOENT)
                errno = (int)-size;
            return NULL;
        }
        directory->end = (size_t)size;
        directory->at = 0;
    }
    entry = (struct dirent *)(directory->entries + directory->at);
    directory->at += entry->d_reclen;
    directory->position = entry->d_off;
    return entry;
}

int readdir_r(DIR *restrict directory, struct dirent *restrict to, struct dirent **restrict result)
{
    int old = errno, error = 0;
    struct dirent *entry;

    lock_take(&directory->lock);
    errno = 0;
    entry = readdir(directory);
    if (entry)
        memcpy(to, entry, entry->d_reclen);
    else
        error = errno;
    lock_release(&directory->lock);
    errno = old;
    *result = entry ? to : NULL;
    return error;
}

void rewinddir(DIR *directory)
{
    seekdir(directory, 0);
}

void seekdir(DIR *directory, long position)
{
    lock_take(&directory->lock);
    directory->position = lseek(directory->fd, position, SEEK_SET);
    directory->at = directory->end = 0;
    lock_release(&directory->lock);
}

long telldir(DIR *directory)
{
    return directory->position;
}

int dirfd(DIR *directory)
{
    return directory->fd;
}

int alphasort(const struct dirent **a, const struct dirent **b)
{
    return strcoll((*a)->d_name, (*b)->d_name);
}

int scandir(const char *path, struct dirent ***result, int (*wanted)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    DIR *directory = opendir(path);
    struct dirent **list = NULL, *entry;
    size_t count = 0, room = 0;
    int old = errno, error = 0;

    if (!directory)
        return -1;
    while (errno = 0, (entry = readdir(directory)) != NULL) {
        if (wanted && !wanted(entry))
            continue;
        if (count == room) {
            room = room ? 2 * room : 32;
            struct dirent **larger = realloc(list, room * sizeof *list);
            if (!larger)
                break;
            list = larger;
        }
        list[count] = malloc(entry->d_reclen);
        if (!list[count])
            break;
        memcpy(list[count++], entry, entry->d_reclen);
    }
    error = entry ? ENOMEM : errno;
    closedir(directory);
    if (error) {
        while (count)
            free(list[--count]);
        free(list);
        errno = error;
        return -1;
    }
    errno = old;
    if (compare && count)
        qsort(list, count, sizeof *list, (int (*)(const void *, const void *))compare);
    *result = list;
    return (int)count;
}

LARGE_ALIAS(readdir, readdir64);
LARGE_ALIAS(readdir_r, readdir64_r);
LARGE_ALIAS(scandir, scandir64);
LARGE_ALIAS(alphasort, alphasort64);
