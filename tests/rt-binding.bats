#!/usr/bin/env bats
# rt: lazy binding. GOT and PLT as in the psABI, all registers kept by the resolver, threads and signal
# handlers that bind, and binding at the start.

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # bats sets output
load helper
load rt/helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    need_file "$BUILD/ucc"
    "$BUILD/ucc" -shared -fPIC -o libseen.so "$root/tests/rt/binding/seen.S"
    "$BUILD/ucc" -Wall -Wextra -Werror -O1 -o registers "$root"/tests/rt/binding/{registers.c,calls.S} \
        ./libseen.so -Wl,-z,lazy
    # libmany.so: f0() to f499(), which return 3, 4, ...; calls.h: calls[] calls them through the PLT
    for ((i = 0; i < 500; i++)); do
        echo "int f$i(void); int f$i(void) { return $((i + 3)); }"
    done >many.c
    {
        for ((i = 0; i < 500; i++)); do
            echo "int f$i(void); static int call$i(void) { __asm__(\"\"); return f$i(); }"
        done
        echo 'static int (*const calls[])(void) = {'
        printf 'call%d, ' {0..499}
        echo '};'
    } >calls.h
    "$BUILD/ucc" -O0 -shared -fPIC -o libmany.so many.c -Wl,-soname,libmany.so
}

setup() {
    rt_setup
    cp "$BATS_FILE_TMPDIR"/{libseen.so,registers,libmany.so,calls.h} .
    # shellcheck disable=SC2054 # the commas are the linker's
    LAZY=(-O1 -I. "-I$root/tests/rt/binding" -Wl,-z,lazy)
}

# ---- the tables

# Before the first call, the slot points to the second half of the PLT entry; rt has only added the bias.
tables() {
    program tables "${LAZY[@]}" "$@" <<'C'
#define _GNU_SOURCE
#include "binding.h"
#include <dlfcn.h>
#include <unistd.h>
int main(void)
{
    uintptr_t *got = dynamic_address(DT_PLTGOT), *slot = slot_of("getppid");
    uintptr_t before = *slot;
    uint8_t *code = (uint8_t *)before;
    Dl_info info = {0};
    getppid();
    code += memcmp(code, "\xf3\x0f\x1e\xfa", 4) == 0 ? 4 : 0; /* endbr64 */
    printf("GOT[0] is _DYNAMIC: %d\n", (void *)((char *)&__ehdr_start + got[0]) == _DYNAMIC);
    printf("pushes its number: %d\n", code[0] == 0x68 && slot_number(*(uint32_t *)(code + 1)) == slot);
    printf("GOT[1]: %d, GOT[2] in rt: %d\n", got[1] != 0, dladdr((void *)got[2], &info) != 0 &&
           strstr(info.dli_fname, "ld-uexec.so.1") != NULL);
    printf("in the program: %d\n", before > (uintptr_t)&__ehdr_start && before < (uintptr_t)got);
    printf("then the function: %d\n", (void *)*slot == dlsym(RTLD_DEFAULT, "getppid") && *slot != before);
    return 0;
}
C
}

@test "GOT[1], GOT[2] and the slots are as the psABI has them, before and after the first call" {
    for options in -fcf-protection=none '-fcf-protection=full -Wl,-z,ibt,-z,ibtplt'; do
        # shellcheck disable=SC2086 # several words
        tables $options
        run -0 ./tables
        [[ $output == $'GOT[0] is _DYNAMIC: 1\npushes its number: 1\nGOT[1]: 1, GOT[2] in rt: 1\nin the program: 1\nthen the function: 1' ]]
        [[ $options == *none || $(readelf -SW tables) == *.plt.sec* ]]
        run -0 "$UEXEC" --linker=rt ./tables
        [[ $output == *'then the function: 1' ]]
    done
}

@test "the IBT form of the PLT binds" {
    "$UCC" -fcf-protection -O1 -o ibt "$root"/tests/rt/binding/{registers.c,calls.S} ./libseen.so \
        -Wl,-z,lazy,-z,ibt,-z,ibtplt
    run -0 ./ibt 128 plain
    [[ $output == '0 wrong' ]]
}

# ---- registers

# resolver_keeps WIDTH WHICH: all registers survive, traced and not; WIDTH in bits of the vector registers.
resolver_keeps() {
    run ./registers "$@"
    ((status != 77)) || skip "$output"
    [[ $output == '0 wrong' ]]
    UEXEC_TRACE=bind run ./registers "$@"
    [[ $output == *'seen_'*$'\n0 wrong' ]]
}

@test "the resolver keeps every register, xmm, and the stack's alignment" {
    resolver_keeps 128 plain
}

@test "the resolver keeps every register, ymm, and the stack's alignment" {
    resolver_keeps 256 plain
}

@test "the resolver keeps every register, zmm and k, and the stack's alignment" {
    resolver_keeps 512 plain
}

@test "the resolver keeps them from an ifunc's resolver, which clears xmm" {
    resolver_keeps 128 indirect
}

@test "the resolver keeps them from an ifunc's resolver, which clears ymm" {
    resolver_keeps 256 indirect
}

@test "the resolver keeps them from an ifunc's resolver, which clears zmm and k" {
    resolver_keeps 512 indirect
}

@test "rt itself has no instruction on a vector register" {
    run -0 objdump -d --no-show-raw-insn "$LINKER"
    ((${#lines[@]} > 3000))
    run ! grep -E '%[xyz]?mm[0-9]|%st\b' <<<"$output"
}

@test "binding makes no system call" {
    need_command strace
    program none "${LAZY[@]}" libmany.so <<<'int main(int argc, char **argv) { return 0; }'
    program all "${LAZY[@]}" libmany.so <<<'#include "calls.h"
        int main(void) { for (int i = 0; i < 500; i++) calls[i](); return 0; }'
    strace -o none.calls ./none
    strace -o all.calls ./all
    [[ $(wc -l <none.calls) == $(wc -l <all.calls) ]]
}

# ---- threads and signal handlers

@test "eight threads race to bind the same 500 slots" {
    program race "${LAZY[@]}" libmany.so <<'C'
#include "binding.h"
#include "calls.h"
#include <dlfcn.h>
#include <pthread.h>
static pthread_barrier_t start;
static void *run(void *sum)
{
    for (int i = 0; i < 500; i++) {
        if (i % 50 == 0)
            pthread_barrier_wait(&start);
        *(long *)sum += calls[i]();
    }
    return NULL;
}
int main(void)
{
    pthread_t threads[8];
    long sums[8] = {0};
    char name[8];
    pthread_barrier_init(&start, NULL, 8);
    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, run, &sums[i]);
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        if (sums[i] != 500 * 499 / 2 + 500 * 3)
            return 1;
    }
    for (int i = 0; i < 500; i++) {
        sprintf(name, "f%d", i);
        if ((void *)*slot_of(name) != dlsym(RTLD_DEFAULT, name))
            return 2;
    }
    return 0;
}
C
    for ((i = 0; i < 50; i++)); do
        ./race
    done
}

@test "a handler that interrupts the resolver, at every instruction of it, binds others" {
    program steps "${LAZY[@]}" libmany.so <<'C'
#include "calls.h"
#include <signal.h>
#include <stdio.h>
static volatile int steps, bound = 1, wrong;
static void step(int signal)
{
    (void)signal;
    steps++;
    if (bound < 500) { /* lazily, in the middle of the other */
        wrong += calls[bound]() != bound + 3;
        bound++;
    }
}
int main(void)
{
    int first;
    signal(SIGTRAP, step);
    __asm__ volatile("pushf; orq $0x100, (%rsp); popf"); /* the trap flag */
    first = calls[0]();
    __asm__ volatile("pushf; andq $~0x100, (%rsp); popf");
    for (int i = 0; i < 500; i++)
        wrong += calls[i]() != i + 3;
    printf("%d wrong, %d steps, %d bound by the handler\n", wrong + (first != 3), steps, bound - 1);
    return steps < 100;
}
C
    run -0 ./steps
    [[ $output == '0 wrong, '*' bound by the handler' && $output != *', 0 bound'* ]]
}

@test "a handler that threads are sent again and again binds, while they do" {
    program handler "${LAZY[@]}" libmany.so <<'C'
#include "calls.h"
#include <pthread.h>
#include <signal.h>
static volatile int wrong, next, stop;
static void handle(int signal)
{
    int i = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED) % 500;
    (void)signal;
    if (calls[i]() != i + 3)
        wrong = 1;
}
static void *run(void *from)
{
    for (int i = 499; i >= 0; i--)
        if (calls[i]() != i + 3)
            wrong = 1;
    while (!stop) ;
    return from;
}
int main(void)
{
    pthread_t threads[3];
    signal(SIGUSR1, handle);
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], 0, run, 0);
    for (int i = 0; i < 600; i++)
        pthread_kill(threads[i % 3], SIGUSR1);
    stop = 1;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], 0);
    return wrong;
}
C
    for ((i = 0; i < 20; i++)); do
        ./handler
    done
}

@test "threads bind libraries lazily while others open and close more" {
    for name in one two; do
        library lib$name.so "${LAZY[@]}" libmany.so <<<'#include "calls.h"
            long sum(void) { long all = 0; for (int i = 0; i < 500; i++) all += calls[i](); return all; }'
    done
    program opens "${LAZY[@]}" <<'C'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static void *run(void *name)
{
    for (int i = 0; i < 100; i++) {
        void *library = dlopen(name, RTLD_LAZY);
        long (*sum)(void) = library ? (long (*)(void))dlsym(library, "sum") : NULL;
        if (!sum || sum() != 500 * 499 / 2 + 500 * 3 || dlclose(library) != 0)
            return name;
    }
    return NULL;
}
int main(void)
{
    static char *names[] = {"./libone.so", "./libtwo.so", "./libtwo.so"};
    pthread_t threads[3];
    void *failed;
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, run, names[i]);
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], &failed);
        if (failed)
            return printf("%s\n", (char *)failed), 1;
    }
    return dlopen("libmany.so", RTLD_LAZY | RTLD_NOLOAD) ? 2 : 0;
}
C
    run -0 timeout 60 ./opens
}

# ---- bound at start

# bound COMMAND...: prints "now" if the slot holds the function's address already in main, otherwise "lazy".
when() {
    program when "$@" "-I$root/tests/rt/binding" <<<'#include "binding.h"
        #include <dlfcn.h>
        #include <unistd.h>
        int main(void) { uintptr_t held = *slot_of("getppid"); getppid();
            puts((void *)held == dlsym(RTLD_DEFAULT, "getppid") ? "now" : "lazy"); return 0; }'
}

@test "LD_BIND_NOW, --bind and DF_BIND_NOW: who asks for binding at start gets it" {
    when -Wl,-z,lazy
    [[ $(./when) == lazy ]]
    [[ $(LD_BIND_NOW=1 ./when) == now ]]
    [[ $(LD_BIND_NOW='' ./when) == lazy ]] # ld.so(8): a nonempty string
    [[ $("$LINKER" --bind=now ./when) == now ]]
    [[ $("$LINKER" --bind=lazy ./when) == lazy ]]
    [[ $("$UEXEC" --bind=now --linker=rt ./when) == now ]]
    [[ $("$UEXEC" --bind=lazy --linker=rt ./when) == lazy ]]
    [[ $(LD_BIND_NOW=1 "$UEXEC" --linker=rt ./when) == now ]]
    when -Wl,-z,now
    [[ $(readelf -dW when) == *BIND_NOW* && $(./when) == now ]]
}

@test "a library of DF_BIND_NOW is bound at start, in a program that is not" {
    cat >library.c <<'C'
#include "binding.h"
#include <unistd.h>
const char *NAME(void);
const char *NAME(void)
{
    uintptr_t held = *slot_of("getppid");
    getppid();
    return held == *slot_of("getppid") ? "now" : "lazy";
}
C
    library liblater.so -DNAME=later "${LAZY[@]}" <library.c
    library libatonce.so -DNAME=atonce "-I$root/tests/rt/binding" -Wl,-z,now <library.c
    program prog "${LAZY[@]}" liblater.so libatonce.so <<<'#include <stdio.h>
        extern const char *later(void), *atonce(void);
        int main(void) { printf("%s %s\n", later(), atonce()); return 0; }'
    [[ $(./prog) == 'lazy now' ]]
    [[ $(LD_BIND_NOW=1 ./prog) == 'now now' ]]
}

# Prints what /proc/self/maps says about the slot's page, and about that of a table of pointers.
protection() {
    program prog "$@" "-I$root/tests/rt/binding" <<'C'
#include "binding.h"
#include <unistd.h>
static int (*const relro[])(void) = {getpid, getppid};
static void print(const char *what, const volatile void *address)
{
    char line[512], flags[5];
    unsigned long start, end;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps))
        if (sscanf(line, "%lx-%lx %4s", &start, &end, flags) == 3 && (unsigned long)address >= start &&
            (unsigned long)address < end)
            printf("%s: %s\n", what, flags);
    fclose(maps);
}
int main(int argc, char **argv)
{
    print("slot", slot_of("fclose"));
    print("constant pointers", relro);
    fflush(stdout);
    if (argc > 1)
        *slot_of("fclose") = 0;
    return relro[0]() == 0;
}
C
}

@test "RELRO: constant pointers are read-only in main, and the slots too if they are bound at start" {
    protection -Wl,-z,relro,-z,lazy
    run -0 ./prog
    [[ $output == $'slot: rw-p\nconstant pointers: r--p' ]]
    run -0 ./prog write
    protection -Wl,-z,relro,-z,now
    run -0 ./prog
    [[ $output == $'slot: r--p\nconstant pointers: r--p' ]]
    run -139 ./prog write
    protection -Wl,-z,norelro,-z,lazy
    run -0 ./prog
    [[ $output == $'slot: rw-p\nconstant pointers: rw-p' ]]
}

# ---- what is not there

@test "a function that nobody defines: one line and 127, at its first call, or at start if bound then" {
    library libwas.so <<<'int missing(void) { return 0; }'
    program prog libwas.so -Wl,-z,lazy <<<'#include <stdio.h>
        extern int missing(void);
        int main(int argc, char **argv) { puts("main"); fflush(stdout); return argc > 1 ? missing() : 0; }'
    library libwas.so <<<'int other;'
    run -0 ./prog
    [[ $output == main ]]
    run -127 ./prog call
    [[ ${#lines[@]} == 2 && ${lines[0]} == main ]]
    [[ ${lines[1]} == *': ./prog: '*missing* ]]
    LD_BIND_NOW=1 run -127 ./prog
    [[ ${#lines[@]} == 1 && ${lines[0]} == *': ./prog: '*missing* ]]
    run -127 "$UEXEC" --linker=rt --bind=lazy ./prog call
    [[ ${#lines[@]} == 2 && ${lines[1]} == *': ./prog: '*missing* ]]
}

@test "an undefined weak function is NULL, lazily and now" {
    program prog -Wl,-z,lazy <<<'extern int missing(void) __attribute__((weak));
        int main(void) { return missing ? missing() : 0; }'
    ./prog
    LD_BIND_NOW=1 ./prog
}

# on_stack FILE NAME SIZE [OPTION]...: a program whose first call of NAME runs on a separate stack of SIZE bytes.
on_stack() {
    program "$1" -w -Wl,-z,lazy "${@:4}" <<C
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
int $2(int);
int main(int argc, char **argv)
{
    long answer;
    /* below it nothing may be written */
    unsigned char *page = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(page, 4096, PROT_NONE);
    unsigned char *stack = page + 4096, *top = stack + $3;
    memset(stack, 0xaa, $3);
    __asm__ volatile("mov %%rsp, %%rbx; mov %1, %%rsp; mov \$41, %%edi; call $2@PLT; mov %%rbx, %%rsp"
        : "=a"(answer) : "r"(top) : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
    size_t free = 0;
    while (stack[free] == 0xaa) free++;
    printf("%ld, %s\n", answer, $3 - free <= 1024 ? "1024 bytes at the most" : "too much");
    return 0;
}
C
}

@test "binding a call takes 1 KiB of the caller's stack at the most, and none of it is needed to say that it cannot be bound" {
    library libtarget.so <<<'int target(int x) { return x + 1; } int gone(int x) { return x; }'
    library libfar.so <<<'int other;'
    on_stack prog target 16384 -Wl,--no-as-needed libfar.so libtarget.so
    run -0 ./prog
    [[ $output == '42, 1024 bytes at the most' ]]
    run -0 "$UEXEC" ./prog
    [[ $output == '42, 1024 bytes at the most' ]]
    on_stack small target 1536 libtarget.so
    run -0 ./small
    [[ $output == '42, 1024 bytes at the most' ]]
    on_stack missing gone 4096 libtarget.so
    library libtarget.so <<<'int target(int x) { return x + 1; }'
    run -127 ./missing
    [[ ${#lines[@]} == 1 && $output == *'./missing: symbol gone is not defined'* ]]
}

@test "calls in the order of the PLT, out of it, and by a signal handler in between: each is bound to its own" {
    local i names=() source='' table=''
    for i in {0..39}; do
        source+="int f$i(void) { return $i; } "
        table+="if (f$i() != $i) return 1; "
    done
    library libmany.so <<<"$source"
    program order -Wl,-z,lazy libmany.so <<<"$(echo "$source" | sed 's/ { return [0-9]*; }/;/g') int main(void) { $table return 0; }"
    run -0 ./order
    program mixed -Wl,-z,lazy libmany.so <<<"$(echo "$source" | sed 's/ { return [0-9]*; }/;/g')
        #include <signal.h>
        static volatile int wrong;
        static void handler(int s) { static int next = 20; if (next == 20 && f20() != 20) wrong = 1; if (next == 21 && f21() != 21) wrong = 1;
            if (next == 22 && (f22() != 22 || f23() != 23)) wrong = 1; next++; }
        int main(void) { signal(SIGUSR1, handler); if (f0() != 0) return 1; raise(SIGUSR1); if (f1() != 1) return 2; raise(SIGUSR1);
            if (f2() != 2 || f3() != 3) return 3; raise(SIGUSR1); if (f24() != 24 || f10() != 10 || f11() != 11 || f4() != 4) return 4; return wrong; }"
    run -0 ./mixed
}
