#!/usr/bin/env bats
# rt: thread-local storage. Every access model, in the program, in its libraries and in libraries of dlopen();
# initial contents in every thread, alignment, and memory that is freed.

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # bats sets output
load helper
load rt/helper

setup() {
    rt_setup
}

# tls_library PATH NAME [OPTION]...: with the variables of tests/rt/binding/tls.h
tls_library() {
    local path=$1 name=$2
    shift 2
    echo '#include "tls.h"' | library "$path" -O1 -DNAME="$name" "-I$root/tests/rt/binding" "$@"
}

# Checks in the first thread, in two that run at the same time, and in a later one: the
# function CHECK, found by FIND while threads are running.
cat_threads() {
    cat <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
static int (*check)(void);
static pthread_barrier_t found;
static void *early(void *wrong)
{
    pthread_barrier_wait(&found);
    *(int *)wrong = check();
    pthread_barrier_wait(&found); /* both have theirs at once */
    return NULL;
}
static void *late(void *wrong)
{
    *(int *)wrong = check();
    return NULL;
}
#ifdef OPENED
static void find(const char *path)
{
    void *library = dlopen(path, RTLD_NOW);
    if (!library)
        exit((puts(dlerror()), 3));
    check = (int (*)(void))dlsym(library, TEXT(CHECK));
}
#else
int CHECK(void);
static void find(const char *path) { (void)path; check = CHECK; }
#endif
int main(int argc, char **argv)
{
    pthread_t threads[2];
    int wrong[4] = {-1, -1, -1, -1};
    pthread_barrier_init(&found, NULL, 3);
    pthread_create(&threads[0], NULL, early, &wrong[0]);
    pthread_create(&threads[1], NULL, early, &wrong[1]);
    find(argc > 1 ? argv[1] : NULL);
    wrong[2] = check();
    pthread_barrier_wait(&found);
    pthread_barrier_wait(&found);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    pthread_create(&threads[0], NULL, late, &wrong[3]);
    pthread_join(threads[0], NULL);
    printf("%d %d %d %d\n", wrong[0], wrong[1], wrong[2], wrong[3]);
    return wrong[0] | wrong[1] | wrong[2] | wrong[3];
}
C
}

# model RELOCATION [OPTION]...: a library of that model, linked at start and opened.
model() {
    local relocation=$1
    shift
    tls_library libvars.so lib "$@"
    [[ $(readelf -rW libvars.so) == *"$relocation"* ]]
    cat_threads | program linked -DCHECK=lib_check libvars.so
    cat_threads | program opens -DCHECK=lib_check -DOPENED
    for way in ./linked './opens ./libvars.so' "$UEXEC --linker=rt ./opens ./libvars.so"; do
        # shellcheck disable=SC2086 # several words
        run -0 $way
        [[ $output == '0 0 0 0' ]]
    done
}

@test "global-dynamic and local-dynamic, linked and opened" {
    model R_X86_64_DTPOFF64 -ftls-model=global-dynamic
    model R_X86_64_DTPMOD64 -ftls-model=local-dynamic
}

@test "TLSDESC, linked and opened" {
    model R_X86_64_TLSDESC -mtls-dialect=gnu2
}

@test "initial-exec, linked and opened: there is a surplus in the static block" {
    model R_X86_64_TPOFF64 -ftls-model=initial-exec
}

@test "local-exec and initial-exec in a program: PIE and at a fixed address" {
    for kind in -pie -no-pie; do
        for model in local-exec initial-exec global-dynamic; do
            { echo '#include "tls.h"' && cat_threads; } | program "prog" -DCHECK=prog_check -DNAME=prog -O1 \
                "-I$root/tests/rt/binding" "$kind" -ftls-model=$model
            run -0 ./prog
            [[ $output == '0 0 0 0' ]]
            run -0 "$UEXEC" --linker=rt ./prog
        done
    done
}

@test "a program's access to a library's variable, and a library's to the program's" {
    library liba.so <<<'extern __thread long host; __thread long guest = 5;
        long total(void); long total(void) { return host + guest; }'
    program prog liba.so <<<'extern __thread long guest; __thread long host = 30; long total(void);
        int main(void) { guest += 100; host += 1000; return total() != 1135; }'
    [[ $(readelf -rW prog) == *R_X86_64_TPOFF64*guest* ]]
    ./prog
}

@test "alignment of 64, 4096 and 65536 bytes: program, linked and opened library" {
    for align in 64 4096 65536; do
        tls_library libvars.so lib -DALIGN=$align
        [[ $(readelf -lW libvars.so | awk '$1 == "TLS" { print $NF }') == $(printf '0x%x' $align) ]]
        { echo '#include "tls.h"' && cat_threads; } | program own -DCHECK=prog_check -DNAME=prog \
            -DALIGN=$align "-I$root/tests/rt/binding"
        cat_threads | program linked -DCHECK=lib_check libvars.so
        cat_threads | program opens -DCHECK=lib_check -DOPENED
        for way in ./own ./linked './opens ./libvars.so'; do
            # shellcheck disable=SC2086 # several words
            run -0 $way
            [[ $output == '0 0 0 0' ]]
        done
    done
}

@test "forty modules: the threads' vectors grow, whenever they were made" {
    for ((i = 0; i < 40; i++)); do
        tls_library "lib$i.so" lib -O0
    done
    program many <<'C'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static int (*check[40])(void);
static pthread_barrier_t opened;
static void *run(void *order)
{
    long wrong = 0;
    if (order)
        pthread_barrier_wait(&opened);
    for (int i = 0; i < 40; i++)
        wrong |= check[order ? 39 - i : i]();
    return (void *)wrong;
}
int main(void)
{
    pthread_t early, late;
    void *first, *second;
    char name[32];
    pthread_barrier_init(&opened, 0, 2);
    pthread_create(&early, 0, run, &early);
    for (int i = 0; i < 40; i++) {
        sprintf(name, "./lib%d.so", i);
        check[i] = (int (*)(void))dlsym(dlopen(name, RTLD_NOW), "lib_check");
        if (i % 10 == 0 && check[i]())
            return 1;
    }
    pthread_barrier_wait(&opened);
    pthread_create(&late, 0, run, 0);
    pthread_join(early, &first);
    pthread_join(late, &second);
    return first || second ? 2 : 0;
}
C
    ./many
}

@test "initial-exec that does not fit the surplus: dlopen() refuses it, says why, and goes on" {
    library libbig.so -ftls-model=initial-exec <<<'__thread char big[1 << 20]; char *f(void) { return big; }'
    printf '%s\n' '#include <dlfcn.h>
        #include <stdio.h>
        int main(void) { for (int i = 0; i < 2; i++) {
            int done = dlopen("./libbig.so", RTLD_NOW) != NULL; printf("%d %s\n", done, dlerror()); }
            return 0; }' >prog.c
    program prog <prog.c
    run -0 ./prog
    ((${#lines[@]} == 2))
    [[ ${lines[0]} == '0 '*libbig.so*1048576* && ${lines[1]} == "${lines[0]}" ]]
    library libwide.so -ftls-model=initial-exec <<<'_Alignas(1024) __thread char x[64]; char *f(void) { return x; }'
    sed -i 's/libbig/libwide/' prog.c && program prog <prog.c
    run -0 ./prog
    [[ ${lines[0]} == '0 '*libwide.so*1024* ]]
    program linked libbig.so <<<'char *f(void); int main(void) { f()[1048575] = 1; return f()[0]; }'
    ./linked # at start there is room for any
}

@test "the surplus is given back, and a module's number: 1,000 rounds of dlopen() and dlclose()" {
    tls_library libie.so lib -ftls-model=initial-exec
    tls_library libgd.so lib -ftls-model=global-dynamic
    program prog <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
static size_t module(const char *name)
{
    size_t number = 0;
    void *library = dlopen(name, RTLD_NOW);
    if (!library || ((int (*)(void))dlsym(library, "lib_check"))() != 0)
        return 0;
    dlinfo(library, 9 /* RTLD_DI_TLS_MODID */, &number);
    dlclose(library);
    return number;
}
int main(void)
{
    size_t ie = module("./libie.so"), gd = module("./libgd.so");
    for (int i = 0; i < 1000; i++)
        if (module("./libie.so") != ie || module("./libgd.so") != gd)
            return printf("round %d: %s\n", i, dlerror()), 1;
    printf("%d %d\n", ie > 0, ie == gd);
    return 0;
}
C
    run -0 ./prog
    [[ $output == '1 1' ]]
}

@test "a library that is opened again has its first contents again, in threads that used it before too" {
    tls_library libvars.so lib
    program prog <<'C'
#include <dlfcn.h>
#include <pthread.h>
static int (*check)(void);
static pthread_barrier_t step;
static void *run(void *wrong)
{
    for (int i = 0; i < 50; i++) {
        pthread_barrier_wait(&step);
        *(int *)wrong |= check();
        pthread_barrier_wait(&step);
    }
    return NULL;
}
int main(void)
{
    pthread_t thread;
    int wrong = 0;
    pthread_barrier_init(&step, NULL, 2);
    pthread_create(&thread, NULL, run, &wrong);
    for (int i = 0; i < 50; i++) {
        void *library = dlopen("./libvars.so", RTLD_NOW);
        check = (int (*)(void))dlsym(library, "lib_check");
        pthread_barrier_wait(&step);
        pthread_barrier_wait(&step);
        dlclose(library);
    }
    pthread_join(thread, NULL);
    return wrong;
}
C
    ./prog
}

@test "what dead threads had is freed, and what dlclose() takes away: memory does not grow" {
    library libbig.so <<<'static __thread char big[1 << 20]; int f(void) { big[0]++;
        for (int i = 0; i < 1 << 20; i += 4096) big[i]++; return big[0]; }'
    program prog <<'C'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static int (*f)(void);
static void *run(void *wrong)
{
    return f() == 2 ? NULL : wrong;
}
static long resident(void)
{
    long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    fscanf(file, "%ld %ld", &size, &pages);
    fclose(file);
    return pages + size; /* address space counts, too */
}
int main(void)
{
    long before = 0;
    for (int i = 0; i < 400; i++) {
        pthread_t thread;
        void *wrong, *library = dlopen("./libbig.so", RTLD_NOW);
        f = (int (*)(void))dlsym(library, "f");
        pthread_create(&thread, NULL, run, &thread);
        pthread_join(thread, &wrong);
        if (wrong)
            return 1;
        if (i % 2)
            f(), dlclose(library);
        if (i == 10)
            before = resident();
    }
    printf("%ld pages more\n", resident() - before);
    return resident() - before > 2 * 1024;
}
C
    run -0 ./prog
}

@test "the thread pointer points to itself; the canary at %fs:0x28 is one, random, with a zero byte" {
    program prog <<'C'
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
static uintptr_t word(uintptr_t at)
{
    uintptr_t value;
    __asm__ volatile("mov %%fs:(%1), %0" : "=r"(value) : "r"(at));
    return value;
}
static void *run(void *canary)
{
    uintptr_t self = word(0);
    return self == *(uintptr_t *)self && self == (uintptr_t)pthread_self() &&
                   word(0x28) == *(uintptr_t *)canary ? NULL : canary;
}
int main(void)
{
    uintptr_t canary = word(0x28);
    pthread_t thread;
    void *wrong = run(&canary);
    pthread_create(&thread, NULL, run, &canary);
    if (wrong || (pthread_join(thread, &wrong), wrong))
        return 1;
    printf("%lx\n", (unsigned long)canary);
    return 0;
}
C
    run -0 ./prog
    first=$output
    run -0 ./prog
    [[ $first == *00 && ${#first} -gt 8 && $output != "$first" ]]
}

# descriptors_keep WIDTH: all registers survive, static and dynamic, at the first access and later; WIDTH in
# bits of the vector registers.
descriptors_keep() {
    local program
    "$UCC" -shared -fPIC -DDESCRIPTOR -Wl,-Bsymbolic -o libdescriptor.so "$root"/tests/rt/binding/{calls,seen}.S
    [[ $(readelf -rW libdescriptor.so) == *R_X86_64_TLSDESC* ]]
    "$UCC" -shared -fPIC -o libseen.so "$root/tests/rt/binding/seen.S"
    "$UCC" -O1 -o opens "$root"/tests/rt/binding/{registers.c,calls.S} ./libseen.so
    "$UCC" -O1 -o linked "$root"/tests/rt/binding/{registers.c,calls.S} ./libseen.so \
        -Wl,--no-as-needed ./libdescriptor.so
    for program in ./opens ./linked; do
        run "$program" "$1" descriptor ./libdescriptor.so
        ((status != 77)) || skip "$output"
        [[ $output == '0 wrong' ]]
        run "$program" "$1" descriptor ./libdescriptor.so again
        [[ $output == '0 wrong' ]]
    done
}

@test "TLS descriptors keep every register, xmm" {
    descriptors_keep 128
}

@test "TLS descriptors keep every register, ymm" {
    descriptors_keep 256
}

@test "TLS descriptors keep every register, zmm and k" {
    descriptors_keep 512
}

@test "threads begin and end while libraries with thread-local storage come and go" {
    tls_library libgd.so gd
    tls_library libie.so ie -ftls-model=initial-exec
    { echo '#include "tls.h"' && cat <<'C'; } | program prog -DNAME=prog "-I$root/tests/rt/binding"
#include <dlfcn.h>
#include <pthread.h>
static volatile int stop;
static void *short_lived(void *nothing)
{
    return prog_check() ? &stop : nothing;
}
static void *starter(void *wrong)
{
    pthread_t thread;
    void *bad;
    while (!stop) {
        pthread_create(&thread, 0, short_lived, 0);
        pthread_join(thread, &bad);
        if (bad)
            *(int *)wrong = 1;
    }
    return 0;
}
int main(void)
{
    pthread_t threads[2];
    int wrong = 0;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], 0, starter, &wrong);
    for (int i = 0; i < 300; i++) {
        void *gd = dlopen("./libgd.so", RTLD_NOW), *ie = dlopen("./libie.so", RTLD_NOW);
        if (((int (*)(void))dlsym(gd, "gd_check"))() || ((int (*)(void))dlsym(ie, "ie_check"))())
            wrong = 2;
        dlclose(gd);
        dlclose(ie);
    }
    stop = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], 0);
    return wrong;
}
C
    timeout 60 ./prog
}

@test "thread-local storage: dl_iterate_phdr() tells of a block of every static module, in every thread" {
    # the ninth and all later ones were not announced
    local i libs=()
    for i in {10..21}; do
        tiny "libv$i.so" <<<".section .tdata, \"awT\"; .globl v$i; .type v$i, @tls_object; v$i: .long $i"
        libs+=("../libv$i.so")
    done
    blocks() {
        open_program main "${libs[@]}" -Wl,-rpath,.. <<<'static int each(struct dl_phdr_info *info, size_t size, void *sum) {
                int *data = strstr(info->dlpi_name, "libv") ? info->dlpi_tls_data : NULL;
                return *(int *)sum += data ? *data : 0, 0; }
            static void *tell(void *none) { int sum = 0; dl_iterate_phdr(each, &sum); return (void *)(long)sum; }
            int main(void) { pthread_t id; void *sum;
                pthread_create(&id, NULL, tell, NULL); pthread_join(id, &sum);
                return printf("%ld %ld\n", (long)tell(NULL), (long)sum) < 0; }'
        limited ./main
    }
    same_as_glibc blocks
    [[ $output == "186 186" ]] # the sum of 10 to 21
}
