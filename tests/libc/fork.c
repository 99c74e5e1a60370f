/* A child of fork(2) in a program with threads ends as it should, whatever the other threads were
 * in the middle of: for each part of the library, threads use it all the time while main() forks,
 * and each child uses every part. glibc and musl 1.2.3 hold that for some parts, which they are
 * asked. */
#include "check.h"
#include <dirent.h>
#include <dlfcn.h>
#include <libintl.h>
#include <link.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#if defined(LIBC_MIN)
enum { FORKS = 20, PEER = 0 };
#elif defined(__GLIBC__)
enum { FORKS = 10, PEER = 'g' };
#else
enum { FORKS = 10, PEER = 'm' };
#endif

static volatile int stop;

static int use_allocator(void)
{
    char *small = malloc(100), *large = malloc(300000), *cleared = calloc(10, 70);
    int bad = !small || !large || !cleared || cleared[699];

    small = realloc(small, 5000);
    small[4999] = 1;
    large[299999] = 1;
    free(small);
    free(large);
    free(cleared);
    return bad;
}

static int use_streams(void)
{
    FILE *null = fopen("/dev/null", "w");
    char *text = NULL;
    size_t size = 0;
    int bad = !null || fprintf(null, "%d", 12) != 2;

    setvbuf(null, NULL, _IOFBF, 1000);
    fflush(NULL);
    bad |= fclose(null);
    FILE *memory = open_memstream(&text, &size);
    bad |= !memory || fprintf(memory, "%s", "abc") != 3 || fclose(memory) || strcmp(text, "abc");
    free(text);
    return bad;
}

/* One stream that all threads write to: whoever forks meets it in every state. What waits in it the
 * thread writes that holds it, and no child. */
static FILE *shared;
static volatile int lines;

static int use_shared_stream(void)
{
    int bad;

    flockfile(shared);
    bad = fprintf(shared, "%d\n", 1234567) < 0 || fflush(shared);
    lines++;
    funlockfile(shared);
    return bad;
}

static int lock_shared_stream(void)
{
    flockfile(shared);
    funlockfile(shared);
    return 0;
}

static void nothing(void)
{
}

static int use_exit_handlers(void)
{
    static volatile int times;

    if (__atomic_add_fetch(&times, 1, __ATOMIC_RELAXED) < 3000)
        return atexit(nothing);
    sched_yield();
    return 0;
}

static int use_quick_exit_handlers(void)
{
    at_quick_exit(nothing);
    sched_yield();
    return 0;
}

static int use_fork_handlers(void)
{
    static volatile int times;

    if (__atomic_add_fetch(&times, 1, __ATOMIC_RELAXED) < 300)
        return pthread_atfork(nothing, nothing, nothing);
    sched_yield();
    return 0;
}

/* Many names come, and go first come first, which moves all of the environment each time: whoever
 * forks meets it half moved. No entry is there twice then. */
static int environment_use(int names)
{
    extern char **environ;
    static char own[] = "FORK_OWN=1";
    char name[20];
    int bad = 0;

    for (char **entry = environ; *entry; entry++)
        bad |= entry[1] == entry[0] || !strchr(*entry, '=');
    for (int i = 0; i < names; i++) {
        sprintf(name, "NAME_%d", i);
        bad |= setenv(name, name, 1);
    }
    bad |= putenv(own);
    for (int i = 0; i < names; i++) {
        sprintf(name, "NAME_%d", i);
        bad |= !getenv(name) || strcmp(getenv(name), name) != 0;
        bad |= unsetenv(name);
    }
    bad |= unsetenv("FORK_OWN");
    return bad | (getenv("PATH") == NULL);
}

static int use_environment(void)
{
    return environment_use(400);
}

static int use_short_environment(void)
{
    return environment_use(10);
}

static int use_locale(void)
{
    locale_t locale = newlocale(LC_ALL_MASK, "C.UTF-8", 0), copy;
    int bad = !setlocale(LC_ALL, "C.UTF-8") || !localeconv() || !locale;

    copy = duplocale(locale);
    uselocale(copy);
    uselocale(LC_GLOBAL_LOCALE);
    freelocale(copy);
    freelocale(locale);
    return bad | !setlocale(LC_ALL, "C");
}

static int use_messages(void)
{
    textdomain("fork");
    bindtextdomain("fork", "/nowhere");
    return strcmp(gettext("a message"), "a message") != 0;
}

static int use_time_zone(void)
{
    time_t now = 1700000000;
    struct tm fields;
    char text[40];

    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    int bad = !localtime_r(&now, &fields) || fields.tm_hour != 23 || mktime(&fields) != now;
    setenv("TZ", "UTC0", 1);
    tzset();
    bad |= !localtime_r(&now, &fields) || fields.tm_hour != 22;
    return bad | (strftime(text, sizeof text, "%H %Z", &fields) != 6);
}

static int use_random(void)
{
    static char state[64];
    char *old = initstate(5, state, sizeof state);
    int bad = random() < 0;

    setstate(old);
    srandom(7);
    return bad || random() < 0 || rand() < 0 || lrand48() < 0;
}

static int use_keys(void)
{
    pthread_key_t key;
    int bad = pthread_key_create(&key, free);

    bad |= pthread_setspecific(key, &key);
    bad |= pthread_getspecific(key) != &key;
    return bad | pthread_key_delete(key);
}

static void *return_argument(void *argument)
{
    return argument;
}

static int use_threads(void)
{
    pthread_t thread;
    void *result;

    return pthread_create(&thread, NULL, return_argument, &stop) || pthread_join(thread, &result) ||
           result != &stop;
}

static int count_object(struct dl_phdr_info *info, size_t size, void *count)
{
    ++*(int *)count;
    return 0;
}

static int use_linker(void)
{
    int objects = 0;
    Dl_info info;

#ifndef __GLIBC__ /* whose linker warns of it in a static program */
    void *self = dlopen(NULL, RTLD_NOW);

    if (self)
        dlsym(self, "main");
    dlsym(RTLD_DEFAULT, "no such symbol");
    free(strdup(dlerror() ? "an error" : ""));
#endif
    dladdr((void *)use_linker, &info);
    dl_iterate_phdr(count_object, &objects);
    return objects == 0;
}

static DIR *directory;

static int use_directories(void)
{
    struct dirent entry, *got;
    DIR *own = opendir("/");
    int bad = !own || readdir_r(own, &entry, &got) || !got;

    bad |= closedir(own);
    bad |= readdir_r(directory, &entry, &got);
    if (!got)
        seekdir(directory, 0);
    return bad;
}

static pthread_once_t once;

static void take_a_while(void)
{
    for (int i = 0; i < 10; i++)
        sched_yield();
}

static int use_once(void)
{
    once = (pthread_once_t)PTHREAD_ONCE_INIT;
    return pthread_once(&once, take_a_while);
}

/* As the thread left it, which does not exist in the child. */
static int use_left_once(void)
{
    return pthread_once(&once, nothing);
}

/* Of the thread that forks, and that is the only one of the child. */
static pthread_t main_thread;

static int use_thread_id(void)
{
    struct sched_param param;
    int policy;

    return pthread_kill(main_thread, 0) || pthread_getschedparam(main_thread, &policy, &param);
}

/* Threads that fork as well. */
static int use_fork(void)
{
    int status;
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return waitpid(pid, &status, 0) != pid || status != 0;
}

/* What the threads do, how many of them, what the children do besides, who of the peers holds it.
 */
static const struct part {
    const char *name;
    int (*use)(void);
    int threads;
    int (*use_by_child)(void);
    const char *peers;
} parts[] = {
    {"allocator", use_allocator, 2, use_allocator, "gm"},
    {"streams", use_streams, 2, use_streams, "g"},
    {"a shared stream", use_shared_stream, 3, lock_shared_stream, ""},
    {"atexit", use_exit_handlers, 2, use_exit_handlers, ""},
    {"at_quick_exit", use_quick_exit_handlers, 2, use_quick_exit_handlers, ""},
    {"pthread_atfork", use_fork_handlers, 1, use_fork_handlers, ""},
    {"environment", use_environment, 1, use_short_environment, ""},
    {"locale", use_locale, 1, use_locale, ""},
    {"messages", use_messages, 1, use_messages, ""},
    {"time zone", use_time_zone, 1, use_time_zone, ""},
    {"random", use_random, 1, use_random, ""},
    {"keys", use_keys, 2, use_keys, ""},
    {"threads", use_threads, 2, use_threads, "gm"},
    {"linker", use_linker, 2, use_linker, "m"},
    {"directories", use_directories, 2, use_directories, ""},
    {"once", use_once, 1, use_left_once, ""},
    {"thread's id", use_thread_id, 2, use_thread_id, ""},
    {"fork", use_fork, 1, use_fork, ""},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static void *keep_using(void *given)
{
    const struct part *part = given;
    long bad = 0;

    while (!stop)
        bad += part->use() != 0;
    return (void *)bad;
}

/* Does not return: 0, or the number of the part that failed, 1 the first. */
static void be_child(void)
{
    alarm(20); /* what waits for a lock for ever ends by this */
    for (int i = 0; i < PARTS; i++)
        if (parts[i].use_by_child() != 0)
            _exit(i + 1);
    exit(0);
}

/* waitpid(), and an end for a child that waits for ever with all signals blocked. */
static pid_t wait_for(pid_t pid, int *status)
{
    pid_t got = 0;

    for (int i = 0; i < 30000 && (got = waitpid(pid, status, WNOHANG)) == 0; i++)
        usleep(1000);
    if (got)
        return got;
    kill(pid, SIGKILL);
    return waitpid(pid, status, 0);
}

static void fork_while(const struct part *part)
{
    pthread_t threads[4];
    void *bad;

    stop = 0;
    for (int i = 0; i < part->threads; i++)
        CHECK_IS(pthread_create(&threads[i], NULL, keep_using, (void *)part), 0);
    for (int i = 0; i < FORKS; i++) {
        int status = -1;
        pid_t pid = fork();

        if (pid == 0)
            be_child();
        if (wait_for(pid, &status) != pid || status != 0) {
            check_failures++;
            printf("%s, fork %d: the child ended with signal %d, status %d (%s)\n", part->name, i,
                   WTERMSIG(status), WEXITSTATUS(status),
                   WEXITSTATUS(status) ? parts[WEXITSTATUS(status) - 1].name : "");
            break;
        }
    }
    stop = 1;
    for (int i = 0; i < part->threads; i++) {
        pthread_join(threads[i], &bad);
        CHECK_IS((long)bad, 0);
    }
}

static sem_t exiting, forked;

static void wait_for_fork(void)
{
    sem_post(&exiting);
    sem_wait(&forked);
}

static void *call_exit(void *unused)
{
    exit(3);
}

static void *sleep_on(void *unused)
{
    pause();
    return NULL;
}

/* Of several threads that call exit(), one exits. In a child, none has begun to. */
static void fork_while_exiting(void)
{
    int status;
    pid_t pid = fork(), child;
    pthread_t thread;

    if (pid == 0) {
        sem_init(&exiting, 0, 0);
        sem_init(&forked, 0, 0);
        atexit(wait_for_fork);
        pthread_create(&thread, NULL, call_exit, NULL);
        sem_wait(&exiting);
        child = fork();
        if (child == 0) {
            alarm(20);
            pthread_create(&thread, NULL, sleep_on, NULL);
            exit(0);
        }
        if (waitpid(child, &status, 0) == child && status == 0)
            sem_post(&forked);
        else
            _exit(1);
        pause();
    }
    CHECK_IS(waitpid(pid, &status, 0), pid);
    CHECK_IS(status, 3 << 8);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0); /* nothing waits that a child would write, too */
    main_thread = pthread_self();
    shared = tmpfile();
    directory = opendir("/");
    for (int i = 0; i < PARTS; i++)
        if (!PEER || strchr(parts[i].peers, PEER))
            fork_while(&parts[i]);
    if (!PEER) /* for the others, two threads that exit are undefined */
        fork_while_exiting();
    CHECK_IS(ftell(shared), lines * strlen("1234567\n"));
    closedir(directory);
    fclose(shared);
    return check_end();
}
