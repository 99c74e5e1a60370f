/* Changing the environment: setenv(3), putenv(3), clearenv(3).
 *
 * Strings that setenv() allocated are freed when they are replaced; strings of putenv() and the
 * kernel are not. The list `made`
 * holds the former. A change while another thread reads the environment is an error of the
 * program's (POSIX), so reading takes no lock. But another thread may fork(), and the child needs a
 * consistent environment. */
#include "env.h"
#include "lock.h"
#include "unload.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

HIDDEN lock_t __environ_lock; /* fork() takes it */
static char **array;          /* the allocated environ, or NULL while environ is on the stack */
static size_t array_size;     /* in entries, with the closing NULL */
static char **made;           /* the strings that setenv() allocated */
static size_t made_count;

static size_t count(void)
{
    size_t n = 0;

    while (__environ && __environ[n])
        n++;
    return n;
}

/* Frees a string that leaves the environment, if setenv() allocated it. */
static void let_go(char *text)
{
    for (size_t i = 0; i < made_count; i++)
        if (made[i] == text) {
            free(text);
            made[i] = made[--made_count];
            return;
        }
}

/* Makes room for one more entry, in an allocated array. 0, or -1 with errno. */
static int room_make(void)
{
    size_t used = count();

    if (__environ && __environ == array && used + 1 < array_size)
        return 0;
    size_t size = used + 17;
    char **larger = realloc(__environ == array ? array : NULL, size * sizeof *larger);
    if (!larger)
        return -1;
    if (__environ != array && used)
        memcpy(larger, __environ, used * sizeof *larger);
    larger[used] = NULL;
    array = __environ = larger;
    array_size = size;
    return 0;
}

/* Puts `text` ("NAME=VALUE", the name `length` long) in the place of the old string, or at the end.
 */
static int put(char *text, size_t length)
{
    char **entry = __environ_find(text, length);

    if (entry) {
        char *old = *entry;
        *entry = text;
        if (old != text)
            let_go(old);
        return 0;
    }
    if (room_make() != 0)
        return -1;
    size_t used = count();
    __environ[used] = text;
    __environ[used + 1] = NULL;
    return 0;
}

/* Adds `text` to the strings that are freed when they are replaced. false: no memory. */
static bool made_add(char *text)
{
    char **larger = realloc(made, (made_count + 1) * sizeof *made);

    if (!larger)
        return false;
    made = larger;
    made[made_count++] = text;
    return true;
}

HIDDEN void __environ_forget(const void *start, const void *end);

/* dlclose() of a library with strings of putenv(), or with an environ of its own: copies replace
 * them. Without memory for a copy, the variable is removed. */
void __environ_forget(const void *start, const void *end)
{
    lock_take(&__environ_lock);
    if (address_within(__environ, start, end) && room_make() != 0)
        __environ = NULL;
    for (char **entry = __environ ? __environ : (char *[]){NULL}; *entry;) {
        if (!address_within(*entry, start, end)) {
            entry++;
            continue;
        }
        char *copy = strdup(*entry);
        if (copy && made_add(copy)) {
            *entry++ = copy;
            continue;
        }
        free(copy);
        for (char **rest = entry; *rest; rest++)
            rest[0] = rest[1];
    }
    lock_release(&__environ_lock);
}

int putenv(char *text)
{
    const char *equals = strchr(text, '=');
    int answer;

    if (!equals)
        return unsetenv(text); /* as in glibc and musl: a name alone removes the variable */
    if (equals == text) {
        errno = EINVAL;
        return -1;
    }
    lock_take(&__environ_lock);
    answer = put(text, (size_t)(equals - text));
    lock_release(&__environ_lock);
    return answer;
}

/* Nonzero, with EINVAL, for a name that no variable can have. */
static int name_bad(const char *name)
{
    if (name && *name && !strchr(name, '='))
        return 0;
    errno = EINVAL;
    return 1;
}

/* The caller holds the lock. */
static int set(const char *name, const char *value)
{
    size_t length = strlen(name), value_length = strlen(value);
    char *text, **larger = realloc(made, (made_count + 1) * sizeof *made);

    if (!larger)
        return -1;
    made = larger;
    text = malloc(length + value_length + 2);
    if (!text)
        return -1;
    memcpy(text, name, length);
    text[length] = '=';
    memcpy(text + length + 1, value, value_length + 1);
    if (put(text, length) != 0) {
        free(text);
        return -1;
    }
    made[made_count++] = text; /* put() removed at most the old string from the list */
    return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
    int answer = 0;

    if (name_bad(name))
        return -1;
    lock_take(&__environ_lock);
    if (overwrite || !__environ_find(name, strlen(name)))
        answer = set(name, value);
    lock_release(&__environ_lock);
    return answer;
}

int unsetenv(const char *name)
{
    char **entry;

    if (name_bad(name))
        return -1;
    lock_take(&__environ_lock);
    while ((entry = __environ_find(name, strlen(name))) != NULL) {
        char *old = *entry;
        for (; *entry; entry++)
            entry[0] = entry[1];
        let_go(old);
    }
    lock_release(&__environ_lock);
    return 0;
}

int clearenv(void)
{
    char **entries;

    lock_take(&__environ_lock);
    entries = __environ;
    __environ = NULL;
    for (; entries && *entries; entries++)
        let_go(*entries);
    free(array);
    array = NULL;
    array_size = 0;
    lock_release(&__environ_lock);
    return 0;
}
