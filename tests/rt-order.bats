#!/usr/bin/env bats
# rt: the order of constructors and destructors. glibc's linker and rt get the same files of a graph of
# libraries, which call only functions that both libcs have.

# shellcheck disable=SC2016,SC2034,SC2119,SC2120,SC2154,SC2086 # bats sets output; lists of words are meant
load helper
load rt/helper

# Objects of ten libraries that say when they are constructed and destructed, and stand-ins to link
# with while the real ones are not there yet.
setup_file() {
    local i
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir -p objects stubs
    for i in {0..9}; do
        echo "extern long write(int, const void *, unsigned long);
            int variable$i;
            __attribute__((constructor)) static void up(void) { write(1, \"+$i \", 3); }
            __attribute__((destructor)) static void down(void) { write(1, \"-$i \", 3); }" |
            gcc -O1 -fPIC -c -o objects/$i.o -x c -
        ld -shared -soname lib$i.so -o stubs/lib$i.so objects/$i.o
    done
}

setup() {
    rt_setup
}

objects() {
    echo "$BATS_FILE_TMPDIR/objects"
}

stubs() {
    local i
    for i; do
        echo "$BATS_FILE_TMPDIR/stubs/lib$i.so"
    done
}

# lib$1.so, which needs the others, in this order.
node() {
    local i=$1
    shift
    # shellcheck disable=SC2046
    ld -shared -soname lib$i.so -o lib$i.so "$(objects)/$i.o" -rpath . --no-as-needed $(stubs "$@")
}

# The program once for each libc: programs ROOT...; it needs lib<ROOT>.so. Its arguments are
# libraries that it opens, and "-" closes the last.
programs() {
    local needs
    needs=$(stubs "$@")
    for cc in gcc "$UCC"; do
        CC=$cc program "prog.${cc##*/}" -Wl,--no-as-needed $needs -Wl,--allow-shlib-undefined <<<'#include <dlfcn.h>
            #include <stdio.h>
            #include <unistd.h>
            int main(int argc, char **argv)
            {
                void *handle = NULL;
                write(1, "main ", 5);
                for (int i = 1; i < argc; i++) {
                    if (*argv[i] == 45)
                        dlclose(handle);
                    else
                        handle = dlopen(argv[i], RTLD_NOW);
                    if (handle == NULL)
                        puts(dlerror());
                    write(1, ". ", 2);
                }
                return 0;
            }'
    done
}

# Runs both; the output has to be the same.
both() {
    glibc=$(./prog.gcc "$@" 2>&1)
    ours=$(./prog.ucc "$@" 2>&1)
    [[ $glibc == "$ours" ]] && return
    echo "glibc: $glibc"
    echo "rt:    $ours"
    return 1
}

# Runs both, which open and close libraries: the output is the same until the end of main. After that rt goes
# backwards through all that is constructed and still loaded, as musl does; glibc sorts anew.
both_until_exit() {
    local up=() word
    glibc=$(./prog.gcc "$@" 2>&1)
    ours=$(./prog.ucc "$@" 2>&1)
    for word in ${ours%. *}; do
        case $word in
        +*) up=("-${word#+}" "${up[@]}") ;;
        -*) mapfile -t up < <(printf '%s\n' "${up[@]}" | grep -vx -e "$word") ;;
        esac
    done
    [[ ${glibc%. *} == "${ours%. *}" && ${ours##*. } == "${up[*]} " ]] && return
    echo "glibc: $glibc"
    echo "rt:    $ours; expected at exit: ${up[*]}"
    return 1
}

# A graph of $2 libraries with some edges each, made from a number, to which TEST_SEED is added; with $3 = back the edges go
# anywhere, else to higher numbers only: no cycle. It leaves the edges in $graph.
random_graph() {
    local i j count=$2 needs
    RANDOM=$((${TEST_SEED:-0} + $1))
    graph=''
    for ((i = 0; i < count; i++)); do
        needs=''
        for ((j = RANDOM % 4; j > 0; j--)); do
            if [ "$3" = back ]; then
                needs+=" $((RANDOM % count))"
            elif [ "$i" -lt $((count - 1)) ]; then
                needs+=" $((i + 1 + RANDOM % (count - i - 1)))"
            fi
        done
        node "$i" $needs
        graph+="$i:$needs; "
    done
}

@test "a chain, a diamond and a ring, as anyone would expect" {
    node 0 1
    node 1 2
    node 2
    programs 0
    [[ $(./prog.ucc) == '+2 +1 +0 main -0 -1 -2 ' ]]
    node 0 1 2
    node 1 3
    node 2 3
    node 3
    both
    [[ $ours == '+3 '*'+0 main -0 '*'-3 ' ]]
    node 3 0
    both
}

@test "20 graphs without cycles: constructors and destructors run in glibc's order" {
    programs 0 1 2
    for seed in {1..20}; do
        random_graph "$seed" $((3 + seed % 8)) forward
        both || { echo "seed $seed, graph $graph"; false; }
        # each is constructed once, and destructed in reverse order
        [[ $(tr ' ' '\n' <<<"$ours" | sed -n 's/^+//p' | tac | tr '\n' ' ') == "$(tr ' ' '\n' <<<"$ours" | sed -n 's/^-//p' | tr '\n' ' ')" ]]
    done
}

@test "30 graphs with cycles: constructors and destructors run in glibc's order" {
    programs 0 1 2
    for seed in {1..30}; do
        random_graph "$seed" $((3 + seed % 8)) back
        both || { echo "seed $seed, graph $graph"; false; }
    done
}

@test "atexit() in a library's constructor: before all destructors, as with musl" {
    need_command musl-gcc
    registering() {
        library lib.so <<<'#include <stdio.h>
            #include <stdlib.h>
            static void at_exit(void) { puts("atexit"); }
            __attribute__((constructor)) static void up(void) { atexit(at_exit); }
            __attribute__((destructor)) static void down(void) { puts("destructor"); }'
        program prog -Wl,--no-as-needed ./lib.so <<<'#include <stdio.h>
            __attribute__((destructor)) static void down(void) { puts("program"); }
            int main(void) { return 0; }'
    }
    CC=musl-gcc registering
    "$MUSL" ./prog >musl.output
    run -0 "$LINKER" ./prog
    [[ $output == "$(<musl.output)" && $output == $'atexit\nprogram\ndestructor' ]]
}

@test "10 graphs with preloaded libraries run in glibc's order" {
    programs 1 0
    for seed in {101..110}; do
        random_graph "$seed" 8 back
        LD_PRELOAD="./lib$((seed % 8)).so ./lib$((seed % 3)).so" both || { echo "seed $seed, graph $graph"; false; }
    done
}

@test "10 graphs opened at run time: constructors run in glibc's order" {
    programs 9
    node 9
    for seed in {201..210}; do
        random_graph "$seed" 8 back
        both_until_exit ./lib$((seed % 8)).so ./lib0.so || { echo "seed $seed, graph $graph"; false; }
    done
}

@test "8 graphs without cycles, opened and closed: destructors run in glibc's order" {
    programs 9
    node 9
    for seed in {301..308}; do
        random_graph "$seed" 8 forward
        both_until_exit ./lib0.so - ./lib1.so || { echo "seed $seed, graph $graph"; false; }
    done
}

# One object with every kind of constructor and destructor.
kinds() {
    library lib.so -Wl,-init,own_init,-fini,own_fini <<<'#include <stdio.h>
        #include <stdlib.h>
        extern char **environ;
        static void tell(const char *what) { printf("library: %s\n", what); fflush(stdout); }
        void own_init(int argc, char **argv, char **envp)
        {
            tell("DT_INIT");
            printf("%d %s %d\n", argc, argv[1], envp[0] != NULL && envp == environ);
        }
        void own_fini(void) { tell("DT_FINI"); }
        static void first(int argc, char **argv, char **envp)
        {
            tell("array 1");
            printf("%d %s %d\n", argc, argv[1], envp[0] != NULL);
        }
        static void second(void) { tell("array 2"); }
        static void last(void) { tell("fini array 1"); }
        static void last_but_one(void) { tell("fini array 2"); }
        __attribute__((section(".init_array"), used, aligned(8))) static void *up[] = {first, second};
        __attribute__((section(".fini_array"), used, aligned(8))) static void *down[] = {last, last_but_one};'
    program prog -Wl,--no-as-needed ./lib.so "$@" <<<'#include <stdio.h>
        #include <stdlib.h>
        static void tell(const char *what) { printf("program: %s\n", what); fflush(stdout); }
        static void preinit(int argc, char **argv, char **envp)
        {
            printf("program: preinit %d %s %d\n", argc, argv[1], envp[0] != NULL);
            fflush(stdout);
        }
        static void up(int argc, char **argv) { tell("array"); printf("%d %s\n", argc, argv[1]); }
        static void down(void) { tell("fini array"); }
        static void at_exit(void) { tell("atexit"); }
        static void at_exit_2(void) { tell("atexit 2"); }
        __attribute__((section(".preinit_array"), used)) static void *early[] = {preinit};
        __attribute__((section(".init_array"), used)) static void *begin[] = {up};
        __attribute__((section(".fini_array"), used)) static void *end[] = {down};
        int main(void)
        {
            tell("main");
            atexit(at_exit);
            atexit(at_exit_2);
            return 0;
        }'
    readelf -dW prog lib.so | grep -oE '\((PREINIT_ARRAY|INIT|FINI|INIT_ARRAY|FINI_ARRAY)\)' | sort | uniq -c
    ./prog argument
}

@test "preinit, DT_INIT before its array, atexit before destructors, the array in reverse, DT_FINI last" {
    for kind in -pie -no-pie; do
        same_as_glibc kinds $kind
        [[ $output == *$'program: preinit 2 argument 1\nlibrary: DT_INIT\n'*$'library: fini array 2\nlibrary: fini array 1\nlibrary: DT_FINI' ]]
    done
}

@test "exit() in a constructor: what has been constructed is destructed, and main does not run" {
    local previous=''
    need_command musl-gcc
    leaving() {
        previous=''
        for name in one two; do
            library lib$name.so ${previous-} <<<"#include <stdio.h>
                __attribute__((constructor)) static void up(void) { puts(\"+$name\"); }
                __attribute__((destructor)) static void down(void) { puts(\"-$name\"); }"
            previous="-Wl,--no-as-needed ./lib$name.so"
        done
        library libleave.so $previous <<<'#include <stdlib.h>
            __attribute__((constructor)) static void up(void) { exit(3); }'
        program prog -Wl,--no-as-needed ./libleave.so <<<'#include <stdio.h>
            int main(void) { puts("main"); return 0; }'
    }
    # glibc has not yet registered destructors then; musl has, and its program is the expectation
    CC=musl-gcc
    leaving
    "$MUSL" ./prog >musl.output || echo "status $?" >>musl.output
    run "$LINKER" ./prog
    [[ $output == "$(head -n -1 musl.output)" && $status -eq 3 ]]
    CC=$UCC
    leaving
    run ./prog
    output+=$'\nstatus '$status
    [[ $output == $'+one\n+two\n-two\n-one\nstatus 3' ]]
}

@test "a constructor opens a library that needs its own: both are constructed, in glibc's order" {
    nested() {
        library libouter.so <<<'#include <dlfcn.h>
            #include <stdio.h>
            __attribute__((constructor)) static void up(void)
            {
                puts("+outer begins");
                puts(dlopen("./libinner.so", RTLD_NOW) ? "opened" : dlerror());
                puts("+outer ends");
            }
            __attribute__((destructor)) static void down(void) { puts("-outer"); }'
        library libinner.so -Wl,--no-as-needed ./libouter.so <<<'#include <stdio.h>
            __attribute__((constructor)) static void up(void) { puts("+inner"); }
            __attribute__((destructor)) static void down(void) { puts("-inner"); }'
        program prog -Wl,--no-as-needed ./libouter.so <<<'#include <stdio.h>
            int main(void) { puts("main"); return 0; }'
        ./prog
    }
    same_as_glibc nested
}

waits() { # waits ATTRIBUTE: a library whose constructor or destructor waits for a thread
    open_library a <<<'static int each(struct dl_phdr_info *info, size_t size, void *data) { return ++*(int *)data < 0; }
        static void *thread(void *none) { Dl_info info; int objects = 0;
            printf("%d ", dlsym(RTLD_DEFAULT, "puts") != NULL);
            printf("%d ", dladdr((void *)thread, &info) != 0);
            dl_iterate_phdr(each, &objects);
            pid_t child = fork();
            if (child == 0) _exit(0);
            return (void *)(long)(objects > 1 && waitpid(child, NULL, 0) == child); }
        __attribute__(('"$1"')) static void wait_for(void) { pthread_t id; void *result = NULL;
            setbuf(stdout, NULL);
            pthread_create(&id, NULL, thread, NULL); pthread_join(id, &result);
            printf("%d\n", result != NULL); }'
    open_program main ./liba.so <<<'int main(void) { return puts("main") < 0; }'
    limited ./main
}

@test "a constructor may wait for a thread that calls dlsym(), dladdr(), dl_iterate_phdr(), fork()" {
    same_as_glibc waits constructor
    [[ $output == $'1 1 1\nmain' ]]
}

@test "a destructor at exit may wait for a thread that calls dlsym(), dladdr(), dl_iterate_phdr(), fork()" {
    same_as_glibc waits destructor
    [[ $output == $'main\n1 1 1' ]]
}

@test "dlopen() in a constructor at start: a library that was to come later is constructed first" {
    early() {
        open_library b <<<'static int ready; int b(void) { return ready; }
            __attribute__((constructor)) static void in(void) { ready = 1; puts("+b"); }'
        open_library a <<<'__attribute__((constructor)) static void in(void) {
            printf("+a: b is ready: %d\n", ask(opened("libb.so", RTLD_NOW), "b")); }'
        open_program ab ./liba.so ./libb.so <<<'int main(void) { return 0; }'
        open_program ba ./libb.so ./liba.so <<<'int main(void) { return 0; }'
        limited ./ab
        limited ./ba
    }
    same_as_glibc early
    [[ $output == $'+b\n+a: b is ready: 1\n+b\n+a: b is ready: 1' ]]
}

waits_for_thread() {
    open_library wait -pthread <<'C'
static int seen(struct dl_phdr_info *info, size_t size, void *data) { return 0; }
static void *thread(void *argument)
{
    dl_iterate_phdr(seen, NULL); /* as a thrown exception does */
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    return NULL;
}
__attribute__((constructor)) static void begin(void)
{
    pthread_t other;
    pthread_create(&other, NULL, thread, NULL);
    pthread_join(other, NULL);
    puts("constructed");
}
C
    open_program prog -pthread <<<'int main(void) { opened("./libwait.so", RTLD_NOW); puts("opened"); return 0; }'
    limited ./prog
}

@test "a constructor that dlopen() runs may wait for a thread that looks at the objects, or forks" {
    same_as_glibc waits_for_thread
    [[ $output == $'constructed\nopened' ]]
}

@test "the child of fork() does not wait for a constructor that another thread of the parent runs" {
    open_library slow <<'C'
extern volatile int begun, go;
int f(void) { return 3; }
__attribute__((constructor)) static void begin(void)
{
    begun = 1;
    while (!go)
        sched_yield();
}
C
    open_program prog -rdynamic -pthread <<'C'
volatile int begun, go;
static void *opener(void *argument)
{
    return opened("./libslow.so", RTLD_NOW);
}
int main(void)
{
    pthread_t thread;
    int status;
    pthread_create(&thread, NULL, opener, NULL);
    while (!begun)
        sched_yield();
    pid_t child = fork();
    if (child == 0)
        _exit(ask(opened("./libslow.so", RTLD_NOW), "f"));
    waitpid(child, &status, 0);
    go = 1;
    pthread_join(thread, NULL);
    printf("child %d\n", WEXITSTATUS(status));
    return 0;
}
C
    run -0 limited ./prog
    [[ $output == 'child 3' ]]
}
