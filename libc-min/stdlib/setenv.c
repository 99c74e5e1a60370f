/* Changing the environment: setenv(3), putenv(3), clearenv(3).
 *
 * What setenv() makes is ours and freed when it is replaced; what putenv() and the kernel gave is
 * not.  Which is which is kept in `made`, a list as long as the environment was ever changed.
 * Changing the environment while another thread reads it is an error of the program's (POSIX), and
 * reading takes no lock. But another thread may fork(), whose child gets a whole environment. */
#include "env.h"
#include "lock.h"
#include "unload.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

HIDDEN lock_t __environ_lock; /* fork() holds it */
static char **array;          /* the environ that we allocated, or NULL while it is the stack's */
static size_t array_size;     /* entries it has room for, the closing NULL with them */
static char **made;           /* the strings that setenv() allocated */
static size_t made_count;

static size_t count(void)
{
    size_t n = 0;

    while (__environ && __environ[n])
        n++;
    return n;
}

/* A string leaves the environment: freed if it was ours. */
static void let_go(char *text)
{
    for (size_t i = 0; i < made_count; i++)
        if (made[i] == text) {
            free(text);
            made[i] = made[--made_count];
            return;
        }
}

/* Room for one more entry: environ becomes ours. 0, or -1 with errno. */
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

/* Puts `text` ("NAME=VALUE", the name `length` long) in the place of the old one or at the end. */
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

/* Makes `text` one of those that are freed when they are replaced. false: no memory. */
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

/* A library goes, of whose data putenv() has been given strings, or which has set environ: copies
 * are put in their place. Without memory for one, the variable goes with the library. */
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
        return unsetenv(text); /* glibc's and musl's: a name alone is taken out */
    if (equals == text) {
        errno = EINVAL;
        return -1;
    }
    lock_take(&__environ_lock);
    answer = put(text, (size_t)(equals - text));
    lock_release(&__environ_lock);
    return answer;
}

/* Is `name` none that the environment can have? With EINVAL. */
static int name_bad(const char *name)
{
    if (name && *name && !strchr(name, '='))
        return 0;
    errno = EINVAL;
    return 1;
}

/* Under the lock. */
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
    made[made_count++] = text; /* put() may have taken the old one from the list, never added */
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
