#!/usr/bin/env bats
# rt: musl's rules and glibc's. A binary of musl-gcc has to print the same under the kernel (musl's linker and
# libc) and under uexec (rt and libc-min). With --rules=glibc, and in programs of ucc, glibc's rules apply:
# the comparison is with the same source, built by gcc, where glibc survives it.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2317 # bats sets output, and calls the functions
load helper
load rt/helper

setup_file() {
    need_command musl-gcc
    need_file "$MUSL"
}

setup() {
    rt_setup
    CC=musl-gcc
}

# lib NAME [OPTION]... and prog NAME [OPTION]...: with open.h
lib() {
    { echo '#include "rt/open.h"' && cat -; } |
        library "lib$1.so" -I"$BATS_TEST_DIRNAME" -w -Wl,--no-as-needed "${@:2}"
}
prog() {
    { echo '#include "rt/open.h"' && cat -; } |
        program "$1" -I"$BATS_TEST_DIRNAME" -w -Wl,--no-as-needed "${@:2}"
}

# Runs a program of musl's both ways: output and status are the same; $output has them.
as_musl() {
    local native=0 ours=0
    timeout -s KILL 20 "$@" >native 2>&1 || native=$?
    timeout -s KILL 20 "$UEXEC" --linker=rt "$@" >ours 2>&1 || ours=$?
    diff -u native ours
    [[ $native == "$ours" ]]
    output=$(<ours)
}

# Runs a program of musl's by glibc's rules: it has to end with 0.
by_glibc_rules() {
    run timeout -s KILL 20 "$UEXEC" --linker=rt --rules=glibc "$@"
    [[ $status == 0 ]] || { echo "status $status: $output" && return 1; }
}

# ---- what a library leaves behind

@test "musl's rules: what a closed library has left registered is called" {
    lib left <<'C'
static void say(const char *text) { write(1, text, strlen(text)); }
static pthread_key_t key;
static void prepare(void) { say("prepare "); }
static void quick(void) { say("quick "); }
static void destroy(void *value) { say("destroyed "); }
static void handler(int signal) { say("handled "); }
static void last(void) { say("atexit "); }
void fork_(void) { pthread_atfork(prepare, NULL, NULL); }
void quick_(void) { at_quick_exit(quick); }
void key_(void) { pthread_key_create(&key, destroy); pthread_setspecific(key, "value"); }
void signal_(void) { signal(SIGUSR1, handler); }
void exit_(void) { atexit(last); }
C
    prog main <<'C'
static const char *what;
static void *thread(void *unused)
{
    void *left = opened("./libleft.so", RTLD_NOW);
    ((void (*)(void))dlsym(left, what))();
    printf("closed %d ", dlclose(left));
    fflush(stdout);
    return NULL;
}
int main(int argc, char **argv)
{
    pthread_t id;
    what = argv[1];
    pthread_create(&id, NULL, thread, NULL);
    pthread_join(id, NULL);
    if (*what == 'f') { int child = fork(); if (!child) _exit(0); waitpid(child, NULL, 0); }
    if (*what == 's') raise(SIGUSR1);
    if (*what == 'q') quick_exit(3);
    printf("mapped %d ", mapped("libleft.so"));
    return 0;
}
C
    as_musl ./main fork_
    [[ $output == *'prepare '* ]]
    as_musl ./main quick_
    [[ $output == *'quick ' ]]
    as_musl ./main key_
    [[ $output == *'destroyed '* ]]
    as_musl ./main signal_
    [[ $output == *'handled '* ]]
    as_musl ./main exit_
    [[ $output == *'mapped 1 '*'atexit '* || $output == *'atexit '*'mapped 1 '* ]]
    # the default behaves the same, and by glibc's rules it ends with 0
    for what in fork_ quick_ key_ signal_ exit_; do
        run "$UEXEC" ./main $what
        [[ $output == "$(./main $what)" ]]
        run timeout -s KILL 20 "$UEXEC" --rules=glibc ./main $what
        [[ $status == 0 || ($what == quick_ && $status == 3) ]]
    done
}

@test "musl's rules: dlclose() answers 0, however often, and what is opened again is not constructed again" {
    lib again <<'C'
static int constructed;
__attribute__((constructor)) static void up(void) { constructed++; }
__attribute__((destructor)) static void down(void) { write(1, "down ", 5); }
int count(void) { return constructed; }
C
    prog main <<'C'
int main(void)
{
    for (int i = 0; i < 3; i++) {
        void *again = opened("./libagain.so", RTLD_NOW);
        printf("%d ", ask(again, "count"));
        printf("%d %d ", dlclose(again), dlclose(again));
    }
    printf("no handle: %d\n", dlclose("") != 0);
    return fflush(stdout);
}
C
    as_musl ./main
    [[ $output == '1 0 0 1 0 0 1 0 0 no handle: 1'$'\n''down ' ]]
    by_glibc_rules ./main
    [[ $output == *'down '*'down '*'down '* ]]
}

@test "glibc's rules: fork and quick_exit handlers of a closed library are forgotten, as by glibc" {
    registered() {
        { echo '#include "rt/open.h"' && cat; } >left.c <<'C'
static void say(const char *text) { write(1, text, strlen(text)); }
static void handler(void) { say("handler of what is gone "); }
void use(void) { pthread_atfork(handler, handler, handler); at_quick_exit(handler); }
C
        library libleft.so -I"$BATS_TEST_DIRNAME" -w <left.c
        program main -I"$BATS_TEST_DIRNAME" -w -pthread <<'C'
#include "rt/open.h"
static void own(void) { write(1, "own ", 4); }
int main(int argc, char **argv)
{
    pthread_atfork(own, NULL, own);
    at_quick_exit(own);
    void *left = opened("./libleft.so", RTLD_NOW);
    ((void (*)(void))dlsym(left, "use"))();
    dlclose(left);
    int status, child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, &status, 0);
    printf("mapped %d, status %d\n", mapped("libleft.so"), status);
    fflush(stdout);
    quick_exit(0);
}
C
        ./main
    }
    same_as_glibc registered
    [[ $output == 'own own mapped 0, status 0'$'\n''own ' ]]
}

@test "glibc's rules: a library stays until the destructors of its thread-local variables have run" {
    pending() {
        library libleft.so -I"$BATS_TEST_DIRNAME" -w <<'C'
#include "rt/open.h"
extern int __cxa_thread_atexit_impl(void (*)(void *), void *, void *);
extern void *__dso_handle __attribute__((visibility("hidden")));
static __thread int variable;
static void drop(void *of) { printf("dropped %d\n", *(int *)of); fflush(stdout); }
void use(void) { variable = 5; __cxa_thread_atexit_impl(drop, &variable, &__dso_handle); }
C
        program main -I"$BATS_TEST_DIRNAME" -w -pthread <<'C'
#include "rt/open.h"
static void *left;
static void *thread(void *unused)
{
    left = opened("./libleft.so", RTLD_NOW);
    ((void (*)(void))dlsym(left, "use"))();
    dlclose(left);
    printf("closed, mapped %d\n", mapped("libleft.so"));
    return NULL;
}
int main(void)
{
    pthread_t id;
    pthread_create(&id, NULL, thread, NULL);
    pthread_join(id, NULL);
    /* the next dlclose() takes it away */
    left = opened("./libleft.so", RTLD_NOW);
    dlclose(left);
    printf("mapped %d\n", mapped("libleft.so"));
    return 0;
}
C
        ./main
    }
    same_as_glibc pending
    [[ $output == $'closed, mapped 1\ndropped 5\nmapped 0' ]]
}

@test "glibc's rules: a key's destructor, a thread, a signal handler of a closed library do not end the program" {
    lib left <<'C'
static pthread_key_t key;
static volatile int go;
static void say(const char *text) { write(1, text, strlen(text)); }
static void destroy(void *value) { say("destroyed "); }
static void handler(int signal) { go++; say("handled "); }
static void *loop(void *unused) { while (!*(volatile int *)unused) usleep(1000); say("thread "); *(volatile int *)unused = 2; return NULL; }
void key_(void *unused) { pthread_key_create(&key, destroy); pthread_setspecific(key, "value"); }
void signal_(void *unused) { signal(SIGUSR1, handler); }
void thread_(void *flag) { pthread_t id; pthread_create(&id, NULL, loop, flag); pthread_detach(id); }
C
    prog main <<'C'
static const char *what;
static volatile int flag;
static void *thread(void *unused)
{
    void *left = opened("./libleft.so", RTLD_NOW);
    ((void (*)(void *))dlsym(left, what))((void *)&flag);
    dlclose(left);
    return NULL;
}
int main(int argc, char **argv)
{
    pthread_t id;
    what = argv[1];
    pthread_create(&id, NULL, thread, NULL);
    pthread_join(id, NULL);
    if (*what == 's')
        raise(SIGUSR1);
    flag = 1;
    while (*what == 't' && flag != 2)
        usleep(1000);
    puts("end");
    return 0;
}
C
    by_glibc_rules ./main key_
    [[ $output == end ]]
    by_glibc_rules ./main signal_
    [[ $output == 'handled end' ]]
    by_glibc_rules ./main thread_
    [[ $output == 'thread end' ]]
}

@test "glibc's rules: strings of putenv(), a stream's buffer and functions of a closed library are not read any more" {
    lib left <<'C'
static char variable[] = "LEFT=behind", buffer[4096];
static ssize_t written(void *cookie, const char *data, size_t size) { write(1, "<", 1); write(1, data, size); return write(1, ">", 1) < 0 ? -1 : size; }
static char state[128];
FILE *use(void)
{
    initstate(5, state, sizeof state);
    random();
    putenv(variable);
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    printf("waits ");
    FILE *cookie = fopencookie(NULL, "w", (cookie_io_functions_t){.write = written});
    fprintf(cookie, "by the library's function");
    return cookie;
}
C
    prog main <<'C'
int main(void)
{
    void *left = opened("./libleft.so", RTLD_NOW);
    FILE *cookie = ((FILE * (*)(void)) dlsym(left, "use"))();
    dlclose(left);
    fprintf(cookie, "lost");
    printf("LEFT is %s, mapped %d, closed %d\n", getenv("LEFT"), mapped("libleft.so"), fclose(cookie));
    setenv("LEFT", "other", 1);
    printf("%s\n", getenv("LEFT"));
    long second = random();
    srandom(5);
    random();
    printf("random goes on: %d\n", random() == second);
    return 0;
}
C
    by_glibc_rules ./main
    [[ $output == "<by the library's function>waits LEFT is behind, mapped 0, closed 0"$'\nother\nrandom goes on: 1' ]]
}

@test "glibc's rules: memory of a closed library that streams write into, and a signal stack in it" {
    lib left <<'C'
static char array[256], stack[65536], *data;
static size_t size;
FILE *use(const char *what)
{
    FILE *stream = NULL;
    switch (*what) {
    case 'w': stream = fmemopen(array, sizeof array, "w"); break;
    case 'r': strcpy(array, "text "); stream = fmemopen(array, sizeof array, "r+"); getc(stream); fseek(stream, 0, SEEK_CUR); break;
    case 'o': stream = open_memstream(&data, &size); break;
    case 's': sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    }
    if (stream)
        fputs("waits", stream);
    return stream;
}
C
    prog main <<'C'
static void handler(int signal) { write(1, "handled ", 8); }
int main(int argc, char **argv)
{
    void *left = opened("./libleft.so", RTLD_NOW);
    FILE *stream = ((FILE * (*)(const char *)) dlsym(left, "use"))(argv[1]);
    dlclose(left);
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = handler, .sa_flags = SA_ONSTACK}, NULL);
    raise(SIGUSR1);
    for (int n = 0; stream && n < 10; n++)
        fprintf(stream, "%d", n);
    if (*argv[1] == 'r') {
        char line[16] = "";
        rewind(stream);
        fgets(line, sizeof line, stream);
        printf("%s, ", line);
        fseek(stream, 0, SEEK_END);
    }
    printf("at %ld, mapped %d\n", stream ? ftell(stream) : 0, mapped("libleft.so"));
    return 0;
}
C
    local what
    for what in 'w:at 15, mapped 0' 'r:twaits012345678, at 256, mapped 0' 'o:at 15, mapped 0' 's:at 0, mapped 1'; do
        by_glibc_rules ./main "${what%%:*}"
        [[ $output == "handled ${what#*:}" ]]
    done
}

@test "glibc's rules: a library that a thread or a signal handler is in binds names, of itself and of what it needs" {
    library libneeded.so <<<'int factor = 5; int needed(int x) { return x * factor; }'
    lib left -L. -lneeded -Wl,-z,lazy <<'C'
int needed(int x);
int own(int x) { return x + 1; }
__thread int local = 7;
static volatile int *flag;
static void use(void) { printf("%d ", needed(own(local))); fflush(stdout); *flag = 2; }
static void handler(int signal) { use(); }
static void *loop(void *unused) { while (*flag != 1) usleep(1000); use(); return NULL; }
void start(int with_thread, int *set)
{
    pthread_t id;
    flag = set;
    if (with_thread) {
        pthread_create(&id, NULL, loop, NULL);
        pthread_detach(id);
    } else {
        signal(SIGUSR1, handler);
    }
}
C
    prog main <<'C'
static volatile int flag;
int main(int argc, char **argv)
{
    void *needed = argc > 2 ? opened("./libneeded.so", RTLD_NOW) : NULL;
    void *left = opened("./libleft.so", RTLD_LAZY);
    ((void (*)(int, int *))dlsym(left, "start"))(*argv[1] == 't', (int *)&flag);
    dlclose(left);
    if (needed)
        dlclose(needed);
    left = opened("./libleft.so", RTLD_LAZY); /* another */
    dlclose(left);
    flag = 1;
    if (*argv[1] == 's')
        raise(SIGUSR1);
    while (flag != 2)
        usleep(1000);
    puts("end");
    return 0;
}
C
    local what
    for what in signal thread; do
        by_glibc_rules ./main $what
        [[ $output == '40 end' ]]
        by_glibc_rules ./main $what opened
        [[ $output == '40 end' ]]
    done
}

@test "what runs when a library goes is in glibc's order: destructors, then atexit's and C++'s together" {
    order() {
        library libdrop.so <<<'#include <stdio.h>
void drop(void *of) { printf("drop %s\n", *(char **)of); fflush(stdout); }'
        library libleft.so -w -L. -ldrop <<'C'
#include <stdio.h>
#include <stdlib.h>
int __cxa_atexit(void (*)(void *), void *, void *);
extern void *__dso_handle __attribute__((visibility("hidden")));
void drop(void *);
static char *state = "alive";
static void say(const char *text) { puts(text); fflush(stdout); }
static void a1(void) { say("atexit 1"); }
static void a2(void) { say("atexit 2"); }
static void end(void *of) { say("end"); state = "ended"; }
__attribute__((destructor)) static void last(void) { say("destructor"); }
__attribute__((constructor)) static void up(void)
{
    atexit(a1);
    __cxa_atexit(end, NULL, &__dso_handle);
    atexit(a2);
    __cxa_atexit(drop, &state, &__dso_handle);
}
C
        program main -I"$BATS_TEST_DIRNAME" -w <<'C'
#include "rt/open.h"
int main(void)
{
    dlclose(opened("./libleft.so", RTLD_NOW));
    puts("closed");
    return 0;
}
C
        ./main
    }
    same_as_glibc order
    [[ $output == $'destructor\ndrop alive\natexit 2\nend\natexit 1\nclosed' ]]
    # without the compiler's destructor nothing calls __cxa_finalize()
    cd rt
    library libleft.so -nostartfiles <<<'#include <stdio.h>
#include <stdlib.h>
static void a1(void) { puts("atexit 1"); fflush(stdout); }
__attribute__((constructor)) static void up(void) { atexit(a1); }'
    run ./main
    [[ $output == $'atexit 1\nclosed' ]]
}

@test "rounds of dlopen() and dlclose() of a library with atexit handlers take no memory" {
    lib round <<'C'
static void none(void) {}
__attribute__((constructor)) static void up(void)
{
    for (int i = 0; i < 40; i++)
        atexit(none);
    pthread_atfork(none, none, none);
    at_quick_exit(none);
}
C
    prog main <<'C'
static void none(void) {}
int main(void)
{
    char *after = NULL;
    for (int i = 0; i < 300; i++) {
        void *a = opened("./libround.so", RTLD_NOW);
        /* the program's own, which stay, lie between the library's */
        if (i < 100)
            atexit(none);
        dlclose(a);
        if (i == 150)
            after = sbrk(0);
    }
    printf("grown by %td\n", (char *)sbrk(0) - after);
    return 0;
}
C
    by_glibc_rules ./main
    [[ $output == 'grown by 0' ]]
}

# ---- the search

@test "musl's rules: RUNPATH serves the libraries of libraries; LD_LIBRARY_PATH comes before it" {
    mkdir -p lib other bin
    RPATH=()
    for value in 5:lib 50:other; do
        library "${value#*:}/libb.so" <<<"int b(void) { return ${value%:*}; }"
    done
    library lib/liba.so -Llib -lb <<<'int b(void); int a(void) { return b() + 1; }'
    for tags in enable disable; do
        program bin/$tags lib/liba.so -Wl,--allow-shlib-undefined,--$tags-new-dtags,-rpath,'$ORIGIN/../lib' \
            <<<'#include <stdio.h>
            int a(void); int main(void) { return printf("%d\n", a()) < 0; }'
        as_musl bin/$tags
        [[ $output == 6 ]]
        LD_LIBRARY_PATH=$PWD/other as_musl bin/$tags
        [[ $output == 51 ]]
    done
    # by glibc's rules, a RUNPATH applies to its own object, and an RPATH precedes the environment
    run -127 "$UEXEC" --linker=rt --rules=glibc bin/enable
    [[ $output == *'libb.so: not found (needed by '* ]]
    LD_LIBRARY_PATH=$PWD/other run -0 "$UEXEC" --rules=glibc bin/disable
    [[ $output == 6 ]]
}

@test "musl's rules: RUNPATH before RPATH, no empty folders, and dlopen() searches for the program" {
    mkdir -p one two three
    RPATH=()
    library one/libx.so <<<'int x(void) { return 1; }'
    library two/libx.so <<<'int x(void) { return 2; }'
    library libx.so <<<'int x(void) { return 3; }'
    # a library that opens another by its name, with a RUNPATH
    { echo '#include "rt/open.h"' && cat -; } <<<'int by_name(void) { return ask(opened("libx.so", RTLD_NOW), "x"); }' |
        library three/libopener.so -I"$BATS_TEST_DIRNAME" -w -Wl,--enable-new-dtags,-rpath,'$ORIGIN/../one'
    { echo '#include "rt/open.h"' && cat -; } <<<'int by_name(void); int main(void) { return printf("%d\n", by_name()) < 0; }' |
        program main three/libopener.so -I"$BATS_TEST_DIRNAME" -w -Wl,--enable-new-dtags,-rpath,'$ORIGIN/two:$ORIGIN/three'
    as_musl ./main
    [[ $output == 2 ]]
    run -0 "$UEXEC" --rules=glibc ./main
    [[ $output == 1 ]]
    # an empty folder counts as none
    { echo '#include "rt/open.h"' && cat -; } <<<'int main(void) { return printf("%d\n", dlopen("libx.so", RTLD_NOW) == NULL) < 0; }' |
        program empty -I"$BATS_TEST_DIRNAME" -w -Wl,--enable-new-dtags,-rpath,:
    as_musl ./empty
    [[ $output == 1 ]]
    run -0 "$UEXEC" --rules=glibc ./empty
    [[ $output == 0 ]]
}

@test "musl's rules: LD_PRELOAD's names end at any white space; lists of the program do not serve them; dlopen() of no name" {
    library one/libone.so <<<'int one(void) { return 1; }'
    library two/libtwo.so <<<'int two(void) { return 2; }'
    library two/libneeds.so -Wl,--no-as-needed -Lone -lone <<<'int needs(void) { return 3; }'
    RPATH=(-Wl,-rpath,one)
    prog main -Wl,--no-as-needed <<'C'
int main(void)
{
    printf("%d", dlopen("", RTLD_NOW) != NULL);
    for (const char *const *name = (const char *const[]){"one", "two", "needs", NULL}; *name; name++)
        printf(" %d", ask(dlopen(NULL, RTLD_NOW), *name));
    return 0;
}
C
    # NAMES [OPTION]...: both ways; timeout(1) and others are programs of glibc's, and do not get the variable
    preloaded() {
        local native=0 ours=0
        timeout 20 env LD_PRELOAD="$1" ./main >native || native=$?
        timeout 20 env LD_PRELOAD="$1" "$UEXEC" --linker=rt ./main >ours 2>err || ours=$?
        diff -u native ours
        [[ $native == "$ours" ]]
        output=$(<ours)
    }
    local list
    for list in one/libone.so$'\t'two/libtwo.so one/libone.so$'\n'two/libtwo.so 'one/libone.so two/libtwo.so' \
        one/libone.so$'\v\f\r :'two/libtwo.so; do
        preloaded "$list"
        [[ $output == '0 1 2 -1' ]]
    done
    # musl's linker ignores silently what it does not find
    preloaded libone.so
    [[ $output == '0 -1 -1 -1' && $(<err) == *libone.so* ]]
    preloaded two/libneeds.so
    [[ -z $output && $(<err) == *libone.so* ]]
    # by glibc's rules the program's list is used
    run timeout 20 env LD_PRELOAD='libone.so two/libneeds.so' "$UEXEC" --linker=rt --rules=glibc ./main
    [[ $output == '1 1 -1 3' ]]
}

@test "musl's rules: a name means what was loaded by it, not what has it as its soname" {
    mkdir -p path found
    RPATH=()
    library path/libn.so -Wl,-soname,libn.so <<<'int n(void) { return 1; }'
    library found/libn.so -Wl,-soname,libn.so <<<'int n(void) { return 2; }'
    prog main -Wl,--enable-new-dtags,-rpath,'$ORIGIN/found' <<'C'
int main(void)
{
    void *by_path = opened("path/libn.so", RTLD_NOW);
    void *by_name = opened("libn.so", RTLD_NOW);
    printf("%d %d\n", ask(by_path, "n"), ask(by_name, "n"));
    return 0;
}
C
    as_musl ./main
    [[ $output == '1 2' ]]
    by_glibc_rules ./main
    [[ $output == '1 1' ]]
}

# ---- symbols

@test "musl's rules: versions are not compared, and unique symbols are not one" {
    echo 'V1 { }; V2 { } V1;' >map
    lib v -Wl,--version-script=map <<'C'
__asm__(".symver f1,f@V1\n.symver f2,f@@V2");
int f1(void) { return 1; }
int f2(void) { return 2; }
C
    echo 'V1 { f; };' >map1
    mkdir linked
    { echo 'int f(void) { return 0; }'; } | library linked/libv.so -Wl,--version-script=map1
    prog main linked/libv.so <<<'int f(void); int main(void) { return printf("%d\n", f()) < 0; }'
    as_musl ./main
    [[ $output == 2 ]]
    by_glibc_rules ./main
    [[ $output == 1 ]]
    # a version that no library defines
    lib v <<<'int f(void) { return 3; }'
    echo 'V9 { f; };' >map1
    { echo 'int f(void) { return 4; }'; } | library libv.so -Wl,--version-script=map1
    as_musl ./main
    [[ $output == 4 ]]
    run -127 "$UEXEC" --linker=rt --rules=glibc ./main
    [[ $output == *'version V1 is not defined by '* ]]

    for name in p q; do
        lib $name <<<'__asm__(".data\n.globl single\n.type single,@gnu_unique_object\n.size single,4\nsingle: .long 0\n.text");
            extern int single; int count(void) { return ++single; }'
    done
    prog two <<<'int main(void) { void *p = opened("./libp.so", RTLD_NOW), *q = opened("./libq.so", RTLD_NOW);
        int first = ask(p, "count"); return printf("%d %d\n", first, ask(q, "count")) < 0; }'
    as_musl ./two
    [[ $output == '1 1' ]]
    by_glibc_rules ./two
    [[ $output == '1 2' ]]
}

@test "musl's rules: dlopen() takes a PIE and what was linked with -z nodlopen; glibc's refuse both" {
    lib no -Wl,-z,nodlopen <<<'int no(void) { return 7; }'
    lib needs -L. -lno <<<'int no(void); int needs(void) { return no(); }'
    prog pie -fPIE -pie -rdynamic <<<'int pie(void) { return 8; } int main(void) { return 0; }'
    prog main <<'C'
int main(int argc, char **argv)
{
    void *first = dlopen(argv[1], RTLD_NOW);
    return printf("%d\n", first ? ask(first, argv[2]) : -2) < 0;
}
C
    as_musl ./main ./libno.so no
    [[ $output == 7 ]]
    as_musl ./main ./pie pie
    [[ $output == 8 ]]
    by_glibc_rules ./main ./libno.so no
    [[ $output == -2 ]]
    by_glibc_rules ./main ./pie pie
    [[ $output == -2 ]]
    # what glibc does with it, if dlopen() reaches it through another library, and if it is loaded already
    nodlopen() {
        library libno.so -Wl,-z,nodlopen <<<'int no(void) { return 7; }'
        library libneeds.so -Wl,--no-as-needed libno.so <<<'int no(void); int needs(void) { return no(); }'
        program main -I"$BATS_TEST_DIRNAME" -w <<<'#include "rt/open.h"
            int main(void) { void *a = dlopen("./libno.so", RTLD_NOW), *b = dlopen("./libneeds.so", RTLD_NOW);
                return printf("%d %d\n", a != NULL, b != NULL) < 0; }'
        ./main
        program there -Wl,--no-as-needed libno.so -I"$BATS_TEST_DIRNAME" -w <<<'#include "rt/open.h"
            int main(void) { return printf("%d\n", dlopen("libno.so", RTLD_NOW) != NULL) < 0; }'
        ./there
    }
    same_as_glibc nodlopen
}

@test "musl's rules: what dlopen() brings is bound then, and what nobody defines at the first call" {
    lib first -Wl,-z,lazy <<'C'
int later(void), weak(void) __attribute__((weak));
static int choice(void) { return 4; }
static int (*resolve(void))(void) { return choice; }
int chosen(void) __attribute__((ifunc("resolve")));
int own(void) { return 1; }
int ask_own(void) { return own(); }
int ask_later(void) { return later(); }
int ask_chosen(void) { return chosen(); }
int ask_weak(void) { return weak ? weak() : 0; }
C
    lib second <<'C'
int own(void) { return 2; }
int later(void) { return 3; }
int chosen(void) { return 7; }
int weak(void) { return 5; }
C
    lib third <<<'int later(void) { return 6; }'
    prog main <<'C'
int main(int argc, char **argv)
{
    void *first = opened("./libfirst.so", RTLD_LAZY);
    opened("./libsecond.so", RTLD_NOW | RTLD_GLOBAL);
    opened("./libthird.so", RTLD_NOW | RTLD_GLOBAL);
    printf("%d %d %d", ask(first, "ask_own"), ask(first, "ask_later"), ask(first, "ask_weak"));
    if (argc > 1)
        printf(" %d", ask(first, "ask_chosen"));
    puts("");
    return 0;
}
C
    as_musl ./main
    [[ $output == '1 3 0' ]]
    by_glibc_rules ./main
    [[ $output == '2 3 0' ]]
    # musl's linker knows no ifuncs
    run "$UEXEC" --linker=rt ./main chosen
    [[ $output == '1 3 0 4' ]]
    by_glibc_rules ./main chosen
    [[ $output == '2 3 0 7' ]]
    # with all of its functions defined, through the merged symbol index; with a trace
    lib first -Wl,-z,lazy <<<'int own(void) { return 1; } int ask_own(void) { return own(); } int ask_later(void) { return 3; } int ask_weak(void) { return 0; }'
    as_musl ./main
    [[ $output == '1 3 0' ]]
    run "$UEXEC" --linker=rt --trace=bind -o trace ./main
    [[ $output == '1 3 0' && $(<trace) == *'own'*"when it is opened, as by musl's linker"* ]]
}

@test "musl's rules: constructors run in musl's order, on random graphs with cycles" {
    local i round needs
    RPATH=()
    mkdir objects stubs
    for i in {0..7}; do
        echo "extern long write(int, const void *, unsigned long); int variable$i;
            __attribute__((constructor)) static void up(void) { write(1, \"+$i \", 3); }
            __attribute__((destructor)) static void down(void) { write(1, \"-$i \", 3); }" |
            gcc -O1 -fPIC -c -o objects/$i.o -x c -
        ld -shared -soname lib$i.so -o stubs/lib$i.so objects/$i.o
    done
    prog main stubs/lib0.so stubs/lib1.so -Wl,--allow-shlib-undefined,-rpath,. <<<'int main(int argc, char **argv)
        { for (int i = 1; i < argc; i++) { write(1, "open ", 5); opened(argv[i], RTLD_NOW); } return 0; }'
    prog alone -Wl,-rpath,. <<<'int main(int argc, char **argv)
        { for (int i = 1; i < argc; i++) { write(1, "open ", 5); opened(argv[i], RTLD_NOW); } return 0; }'
    for round in {1..25}; do
        seeded $((${TEST_SEED:-0} + round))
        for i in {0..7}; do
            needs=''
            for ((j = RANDOM % 4; j > 0; j--)); do
                needs+=" stubs/lib$((RANDOM % 8)).so"
            done
            # shellcheck disable=SC2086 # words
            ld -shared -soname lib$i.so -o lib$i.so objects/$i.o -rpath . --no-as-needed $needs
        done
        as_musl ./main
        [[ $output == *+0* && $output == *-0* ]]
        LD_PRELOAD=./lib5.so:./lib6.so as_musl ./main
        as_musl ./alone ./lib3.so ./lib4.so
    done
}

# ---- which rules

@test "which rules: by PT_INTERP, by --rules, and who may be told" {
    lib a <<<'int a;'
    prog main <<<'int main(void) { dlclose(opened("./liba.so", RTLD_NOW)); return printf("%d\n", mapped("liba.so")) < 0; }'
    cp main renamed
    run -0 "$UEXEC" ./main
    [[ $output == 1 ]]
    run -0 "$UEXEC" --rules=glibc ./main
    [[ $output == 0 ]]
    run -0 "$LINKER" ./main
    [[ $output == 1 ]]
    run -0 "$LINKER" --rules=glibc ./main
    [[ $output == 0 ]]
    CC=$UCC prog ours <<<'int main(void) { dlclose(opened("./liba.so", RTLD_NOW)); return printf("%d\n", mapped("liba.so")) < 0; }'
    run -0 ./ours
    [[ $output == 0 ]]
    run -0 "$UEXEC" ./ours
    [[ $output == 0 ]]
    run -0 "$UEXEC" --rules=musl ./ours
    [[ $output == 1 ]]
    run -125 "$UEXEC" --rules=bsd ./main
    [[ ${#lines[@]} == 1 && $output == *"--rules: 'bsd' is not one of musl,glibc" ]]
    run -125 "$UEXEC" --linker=interp --rules=musl ./main
    [[ ${#lines[@]} == 1 && $output == *'--rules is for rt, and this runs under '* ]]
}

# ---- threads' stacks

@test "-z stack-size of the program, of a library: threads' default, 8 MiB at most" {
    prog_stack() {
        prog "$1" "${@:2}" <<'C'
static void *thread(void *unused)
{
    pthread_attr_t attributes;
    size_t size;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstacksize(&attributes, &size);
    printf("%zu KiB\n", (size + 1023) / 1024 / 64 * 64);
    return NULL;
}
int main(void)
{
    pthread_t id;
    pthread_create(&id, NULL, thread, NULL);
    return pthread_join(id, NULL);
}
C
    }
    lib large -Wl,-z,stack-size=0x200000 <<<'int large;'
    prog_stack plain
    as_musl ./plain
    plain=$output
    prog_stack four -Wl,-z,stack-size=0x400000
    as_musl ./four
    [[ $output == '4096 KiB' && $output != "$plain" ]]
    prog_stack by_library ./liblarge.so
    as_musl ./by_library
    [[ $output == '2048 KiB' ]]
    prog_stack both ./liblarge.so -Wl,-z,stack-size=0x400000
    as_musl ./both
    [[ $output == '4096 KiB' ]]
    prog_stack huge -Wl,-z,stack-size=0x4000000
    as_musl ./huge
    [[ $output == '8192 KiB' ]]
    prog_stack small -Wl,-z,stack-size=0x4000
    as_musl ./small
    [[ $output == "$plain" ]]
}
