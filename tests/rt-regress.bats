#!/usr/bin/env bats
# rt: what a review and a new user found, each so that it cannot come back. What went wrong is said
# at each test; where glibc has the behaviour, the same source has to print the same on both.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2317 # bats sets output, and calls the functions
load helper
load rt/helper

setup_file() {
    need_file "$LINKER"
    build_edit
}

setup() {
    rt_setup
}

# lib NAME [OPTION]... and prog NAME [OPTION]...: with open.h, bound lazily, and linked to all that is named
lib() {
    { echo '#include "rt/open.h"' && cat -; } |
        library "lib$1.so" -I"$BATS_TEST_DIRNAME" -w -Wl,-z,lazy,--no-as-needed "${@:2}"
}
prog() {
    { echo '#include "rt/open.h"' && cat -; } |
        program "$1" -I"$BATS_TEST_DIRNAME" -w -Wl,-z,lazy,--no-as-needed "${@:2}"
}

# tiny NAME [SONAME]: a library from assembly, without a libc, in a few milliseconds
tiny() {
    as -o "$1.o" - && ld -shared -soname "${2:-$1}" -o "$1" "$1.o"
}

# What it runs is killed if it takes that long: it hangs.
limited() {
    timeout -s KILL 10 "$@"
}

# ---- dlopen(), dlclose()

@test "dlclose: what a destructor opens stays, with its constructor run" {
    # it was unmapped with the library whose destructor had opened it
    destructor_opens() {
        lib new <<<'int seven(void) { return 7; }
            __attribute__((constructor)) static void in(void) { puts("+new"); }
            __attribute__((destructor)) static void out(void) { puts("-new"); }'
        lib a <<<'void **keep;
            __attribute__((destructor)) static void out(void) { *keep = opened("./libnew.so", RTLD_NOW); }'
        prog main <<<'int main(void) { void *new = NULL, *a = opened("./liba.so", RTLD_NOW);
            *(void **)dlsym(a, "keep") = &new;
            setbuf(stdout, NULL);
            printf("close %d\n", dlclose(a));
            return printf("seven: %d\n", ask(new, "seven")) < 0; }'
        limited ./main
    }
    same_as_glibc destructor_opens
    [[ $output == $'+new\nclose 0\nseven: 7\n-new' ]]
}

@test "dlclose: a library that stays does not ask for the RPATH of the one that loaded it and is gone" {
    loader_gone() {
        lib b <<<'int b(void) { return dlopen("libnosuch.so", RTLD_NOW) == NULL; }'
        lib a ./libb.so <<<'int a;'
        prog main <<<'int main(void) { void *a = opened("./liba.so", RTLD_NOW), *b = opened("./libb.so", RTLD_NOW);
            dlclose(a);
            return printf("%d\n", ask(b, "b")) < 0; }'
        limited ./main
    }
    same_as_glibc loader_gone
    [[ $output == 1 ]]
}

@test "dlopen: nobody is bound to a library while it may still fail" {
    # the failing one had joined the scopes of what it needs before it was relocated; here an indirect
    # function's resolver binds in the midst of that, and a place in front of libgood's is free
    failing() {
        lib dep <<<'int who(void); int dep(void) { return who(); }'
        lib spare ./libdep.so <<<'int spare;'
        lib good ./libdep.so <<<'int who(void) { return 1; }'
        lib mid ./libdep.so <<<'int dep(void); static int nine(void) { return 9; }
            static void *resolver(void) { dep(); return nine; }
            int mid(void) __attribute__((ifunc("resolver")));'
        lib use ./libmid.so <<<'int mid(void); int (*pointer)(void) = mid;'
        lib bad ./libuse.so ./libdep.so <<<'int nosuch(void); int who(void) { return 2; } int bad(void) { return nosuch(); }'
        prog main <<<'int main(void) { void *spare = opened("./libspare.so", RTLD_LAZY), *good = opened("./libgood.so", RTLD_LAZY);
            dlclose(spare);
            printf("bad: %d\n", dlopen("./libbad.so", RTLD_NOW) != NULL);
            return printf("who: %d\n", ask(good, "dep")) < 0; }'
        limited ./main
    }
    same_as_glibc failing
    [[ $output == $'bad: 0\nwho: 1' ]]
}

@test "dlclose: what a thread calls first while a destructor runs is not bound to the dying library" {
    # the library left the scopes after its destructors; glibc makes the thread wait until then
    dying() {
        lib dies <<<'volatile int *go; int who(void) { return 1; }
            __attribute__((destructor)) static void out(void) { *go = 1; usleep(200000); }'
        lib stays <<<'int who(void) { return 2; }'
        lib x <<<'int who(void); int x(void) { return who(); }'
        prog main <<<'static volatile int go; static int (*x)(void);
            static void *thread(void *none) { while (!go) usleep(1000); return (void *)(long)x(); }
            int main(void) { pthread_t id; void *dies = opened("./libdies.so", RTLD_NOW | RTLD_GLOBAL), *first;
            opened("./libstays.so", RTLD_NOW | RTLD_GLOBAL);
            x = dlsym(opened("./libx.so", RTLD_LAZY), "x");
            *(volatile int **)dlsym(dies, "go") = &go;
            pthread_create(&id, NULL, thread, NULL);
            dlclose(dies);
            pthread_join(id, &first);
            return printf("%ld, and then %d\n", (long)first, x()) < 0; }'
        limited ./main
    }
    same_as_glibc dying
    [[ $output == '2, and then 2' ]]
}

@test "dlclose: a thread that looks for what is used is not disturbed by one that binds" {
    # it walked the list of what libx.so is bound to, which grew, and the old one was used for liby.so's
    # (24 fill that list, one more does not fit, 13 are the fewest for which one of that length is taken)
    local i calls=()
    for i in {10..34}; do
        tiny "libg$i.so" <<<".globl g$i; g$i: ret"
        calls+=("call g$i@plt;")
    done
    tiny libx.so <<<".globl some, more; some: sub \$8, %rsp; ${calls[*]::24} add \$8, %rsp; ret
        more: jmp g34@plt"
    tiny liby.so <<<".globl others; others: sub \$8, %rsp; ${calls[*]::13} add \$8, %rsp; ret"
    tiny libdep.so <<<'.globl dep; dep: ret'
    lib top ./libdep.so <<<'int top;'
    prog main <<'C'
static volatile int hold, held, stop;
static void halt(int number)
{
    for (held = 1; hold;)
        ;
    held = 0;
}
static void *walk(void *none) /* libdep.so stays, for libtop.so: to know that, all is walked */
{
    while (!stop)
        dlclose(opened("libdep.so", RTLD_LAZY | RTLD_NOLOAD));
    return NULL;
}
int main(void)
{
    char name[32];
    pthread_t id;
    signal(SIGUSR1, halt);
    for (int i = 10; i < 35; i++)
        opened((sprintf(name, "./libg%d.so", i), name), RTLD_NOW | RTLD_GLOBAL);
    opened("./libtop.so", RTLD_NOW);
    for (int i = 0; i < 250; i++) {
        void *x = opened("./libx.so", RTLD_LAZY), *y = opened("./liby.so", RTLD_LAZY);
        void (*some)(void) = dlsym(x, "some"), (*more)(void) = dlsym(x, "more"), (*others)(void) = dlsym(y, "others");
        some();
        stop = 0;
        pthread_create(&id, NULL, walk, NULL);
        usleep(50 + i % 50);
        hold = 1;
        pthread_kill(id, SIGUSR1); /* wherever it is */
        while (!held)
            ;
        more();
        others();
        hold = 0;
        stop = 1;
        pthread_join(id, NULL);
        dlclose(y);
        dlclose(x);
    }
    return puts("done") < 0;
}
C
    run -0 limited ./main
    [[ $output == "done" ]]
}

@test "dlclose: the places that libraries leave in the global scope are used again" {
    # each cycle made it, and so each lookup, longer
    for i in a b; do
        tiny lib$i.so <<<".globl $i; $i: ret"
    done
    prog main <<'C'
static long cycles(int count) /* and then the pages that the process may write to */
{
    void *a, *b = NULL;
    long pages = 0;
    for (int i = 0; i < count; i++) {
        a = opened("./liba.so", RTLD_NOW | RTLD_GLOBAL);
        if (b)
            dlclose(b);
        b = opened("./libb.so", RTLD_NOW | RTLD_GLOBAL);
        dlclose(a);
    }
    dlclose(b);
    FILE *file = fopen("/proc/self/statm", "r");
    fscanf(file, "%*d %*d %*d %*d %*d %ld", &pages);
    fclose(file);
    return pages;
}
int main(void)
{
    long early = cycles(500), late = cycles(6000);
    return printf("%ld pages\n", late - early) < 0;
}
C
    run -0 limited ./main
    echo "$output"
    ((${output% pages} <= 8))
}

@test "dlopen: flags that musl takes" {
    tiny libx.so <<<'.globl x; x: ret'
    CC=musl-gcc prog main <<<'int main(void) { int flags[] = {0, RTLD_GLOBAL, RTLD_NOLOAD, RTLD_NODELETE};
        for (int i = 0; i < 4; i++)
            printf("%d ", dlopen("./libx.so", flags[i]) != NULL);
        return 0; }'
    run -0 ./main
    [[ $output == '1 1 1 1 ' ]]
    run -0 "$LINKER" ./main
    [[ $output == '1 1 1 1 ' ]]
}

@test "dlopen: a program is no library" {
    opens_program() {
        prog other <<<'int main(void) { return 0; }'
        prog main <<<'int main(void) { return printf("%d\n", dlopen("./other", RTLD_NOW) != NULL) < 0; }'
        limited ./main
    }
    same_as_glibc opens_program
    [[ $output == 0 ]]
}

@test "LD_BIND_NOW and --bind=now are for what dlopen() brings, too" {
    bind_now() {
        lib lacks <<<'int nosuch(void); int lacks(int yes) { return yes ? nosuch() : 3; }'
        prog main <<<'int main(void) { return printf("%d\n", dlopen("./liblacks.so", RTLD_LAZY) != NULL) < 0; }'
        limited ./main
        LD_BIND_NOW=1 limited ./main
    }
    same_as_glibc bind_now
    [[ $output == $'1\n0' ]]
    cd rt
    run -0 "$LINKER" --bind=now ./main
    [[ $output == 0 ]]
}

# ---- constructors and destructors

waits() { # waits ATTRIBUTE: a library whose constructor or destructor waits for a thread
    lib a <<<'static int each(struct dl_phdr_info *info, size_t size, void *data) { return ++*(int *)data < 0; }
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
    prog main ./liba.so <<<'int main(void) { return puts("main") < 0; }'
    timeout -s KILL 5 ./main
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
        lib b <<<'static int ready; int b(void) { return ready; }
            __attribute__((constructor)) static void in(void) { ready = 1; puts("+b"); }'
        lib a <<<'__attribute__((constructor)) static void in(void) {
            printf("+a: b is ready: %d\n", ask(opened("libb.so", RTLD_NOW), "b")); }'
        prog ab ./liba.so ./libb.so <<<'int main(void) { return 0; }'
        prog ba ./libb.so ./liba.so <<<'int main(void) { return 0; }'
        limited ./ab
        limited ./ba
    }
    same_as_glibc early
    [[ $output == $'+b\n+a: b is ready: 1\n+b\n+a: b is ready: 1' ]]
}

# ---- where files are

@test "\$ORIGIN of what was started or opened by a relative path outlives chdir()" {
    mkdir -p plug
    tiny libp.so <<<'.globl p; p: ret'
    tiny libq.so <<<'.globl q; q: ret'
    mv libp.so libq.so plug
    prog plug/main -Wl,--enable-new-dtags,-rpath,'$ORIGIN' <<<'int main(void) { void *x = opened("plug/libx.so", RTLD_NOW);
        chdir("/");
        printf("%d ", dlopen("libp.so", RTLD_NOW) != NULL);
        return printf("%d\n", ask(x, "x")) < 0; }'
    lib x -Wl,--enable-new-dtags,-rpath,'$ORIGIN' <<<'int x(void) { return dlopen("libq.so", RTLD_NOW) != NULL; }'
    mv libx.so plug
    for how in '' "$UEXEC --linker=rt" "$LINKER"; do
        # shellcheck disable=SC2086 # several words
        run -0 $how plug/main
        [[ $output == '1 1' ]]
    done
}

@test "LD_PRELOAD: a name is looked for where the program's libraries are" {
    preload() {
        mkdir -p lib
        lib pre <<<'__attribute__((constructor)) static void in(void) { puts("preloaded"); }'
        mv libpre.so lib
        prog old -Wl,--disable-new-dtags,-rpath,"$PWD/lib" <<<'int main(void) { return 0; }'
        prog new -Wl,--enable-new-dtags,-rpath,"$PWD/lib" <<<'int main(void) { return 0; }'
        for each in ./old ./new; do
            (LD_PRELOAD=libpre.so exec "$each")
        done
    }
    same_as_glibc preload
    [[ $output == $'preloaded\npreloaded' ]]
}

@test "a library for another class is named, and not said to be missing" {
    tiny libx.so <<<'.globl x; x: ret'
    prog main ./libx.so <<<'int main(void) { return 0; }'
    mkdir foreign
    mv libx.so foreign
    edit foreign/libx.so ehdr.class=1
    LD_LIBRARY_PATH=foreign UEXEC_TRACE=search run -127 ./main
    [[ $output == *'libx.so: not found'*'foreign/libx.so is for another machine'* ]]
    run -1 grep 'foreign/libx.so: No such file' <<<"$output"
}

# ---- the files themselves

@test "damaged: RELATIVE at address 8 of a library without a writable segment is refused" {
    # where there was none, the limits let exactly this address pass
    tiny libx.so <<<'.data; .globl x; x: .quad x_hidden; .hidden x_hidden; .globl x_hidden; x_hidden: .quad 0'
    prog main <<<'int main(void) { void *x = dlopen("./libx.so", RTLD_NOW); return puts(x ? "opened" : dlerror()) < 0; }'
    run -0 limited ./main
    [[ $output == opened ]]
    local loads i
    loads=$(readelf -lW libx.so | grep -c '^  LOAD')
    for ((i = 0; i < loads; i++)); do
        edit libx.so phdr.LOAD.$i.flags=4
    done
    edit libx.so rela.0.offset=8
    run -0 limited ./main
    [[ $output == *libx.so*R_X86_64_RELATIVE*0x8* ]]
}

@test "RELR: one bitmap for words of two writable segments side by side" {
    cat >two.s <<'S'
.section .one, "aw"
.balign 4096
.fill 4080
.globl first
first: .quad last
middle: .quad first_hidden
.section .two, "aw"
.balign 8
.globl last, first_hidden
.hidden last, first_hidden
.quad middle
last: .quad middle
.set first_hidden, first
S
    cat >two.ld <<'LD'
PHDRS { text PT_LOAD FLAGS(5) FILEHDR PHDRS; one PT_LOAD FLAGS(6); two PT_LOAD FLAGS(6);
    dyn PT_DYNAMIC FLAGS(6); }
SECTIONS {
    . = SIZEOF_HEADERS;
    .dynsym : { *(.dynsym) } :text .gnu.hash : { *(.gnu.hash) } .dynstr : { *(.dynstr) }
    .relr.dyn : { *(.relr.dyn) }
    . = ALIGN(4096); .dynamic : { *(.dynamic) } :one :dyn .one : { *(.one) } :one
    . = ALIGN(4096); .two : { *(.two) } :two
}
LD
    as -o two.o two.s
    ld -shared -z pack-relative-relocs -T two.ld -o libtwo.so two.o
    two_segments() {
        cp ../libtwo.so .
        prog main <<<'int main(void) { char **first = dlsym(opened("./libtwo.so", RTLD_NOW), "first");
            for (int i = 0; i < 4; i++)
                printf("%d ", (int)(first[i] - (char *)first));
            return 0; }'
        limited ./main
    }
    same_as_glibc two_segments
    [[ $output == '24 0 8 8 ' ]]
}

@test "thread-local storage: dl_iterate_phdr() tells of a block of every static module, in every thread" {
    # nothing was told of the ninth and those after it
    local i libs=()
    for i in {10..21}; do
        tiny "libv$i.so" <<<".section .tdata, \"awT\"; .globl v$i; .type v$i, @tls_object; v$i: .long $i"
        libs+=("../libv$i.so")
    done
    blocks() {
        prog main "${libs[@]}" -Wl,-rpath,.. <<<'static int each(struct dl_phdr_info *info, size_t size, void *sum) {
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

# ---- what it says

@test "--trace=json: a line is whole, however long the symbol and whatever bytes the path has" {
    local long folder=$'\xff'
    long=$(printf 's%.0s' {1..3500})
    mkdir "$folder"
    lib x <<<"int $long(void) { return 0; }"
    prog "$folder/main" ./libx.so <<<"int $long(void); int main(void) { return $long(); }"
    UEXEC_TRACE=bind,json "./$folder/main" 2>trace
    python3 - "$long" <<'P'
import json, sys
lines = [json.loads(line) for line in open("trace", "rb").read().decode("utf-8").splitlines()]
mine = [line for line in lines if line["symbol"] == sys.argv[1]]
assert len(mine) == 1 and "\ufffd" in mine[0]["object"], [line["object"] for line in lines]
P
}

@test "--trace=bind: a thread with the smallest stack binds, too" {
    lib x <<<'int x(void) { return 3; }'
    prog main ./libx.so <<<'int x(void); static void *thread(void *none) { return (void *)(long)x(); }
        int main(void) { pthread_attr_t small; pthread_t id; void *result;
            pthread_attr_init(&small); pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN);
            pthread_create(&id, &small, thread, NULL); pthread_join(id, &result);
            return printf("%ld\n", (long)result) < 0; }'
    UEXEC_TRACE=bind run -0 --separate-stderr ./main
    [[ $output == 3 && $stderr == *': x: '* ]]
}

@test "--list of a library is what it needs" {
    lib b <<<'int b;'
    lib a ./libb.so <<<'int a;'
    run -0 "$LINKER" --list ./liba.so
    local needed=0 name
    for name in $(readelf -dW liba.so | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
        [[ $output == *"$name => "* ]]
        needed=$((needed + 1))
    done
    [[ $needed == 2 && $output != *statically* ]]
}

@test "started by hand: a library is refused in one line" {
    local code
    for code in separate-code noseparate-code; do
        lib a -Wl,-z,$code <<<'int a; int f(void) { return a; }'
        run -127 limited "$LINKER" ./liba.so
        [[ ${#lines[@]} == 1 && $output == *'./liba.so: its entry point 0x0 is no code: a shared library?' ]]
    done
}

@test "a version that is missing: the message has the library that was to have it, and what was searched" {
    echo 'V1 { *; };' >map
    lib v -Wl,--version-script=map <<<'int gone(void) { return 0; } int here;'
    prog main ./libv.so -Wl,-z,now <<<'int gone(void); int main(void) { return gone(); }'
    lib v -Wl,--version-script=map <<<'int here;'
    run -127 ./main
    [[ $output == *'gone@V1 '*'(wanted of libv.so); searched: '*main*libv.so*libc.so* ]]
}

# ---- found in the fixes of the above

unloaded_together() {
    lib a <<<'int bar(void) { return 1; } int foo(void) { return 2; }'
    lib b <<'C'
int bar(void), foo(void);
int call(void) { return bar(); }
__attribute__((destructor)) static void end(void) { printf("foo %d\n", foo()); }
C
    prog prog <<'C'
int main(void)
{
    void *a = opened("./liba.so", RTLD_NOW | RTLD_GLOBAL), *b = opened("./libb.so", RTLD_LAZY);
    printf("call %d\n", ask(b, "call"));
    printf("a is used: %d\n", dlclose(a));
    printf("both go: %d\n", dlclose(b));
    return 0;
}
C
    ./prog
}

@test "G2: what is unloaded together finds each other's names until the end" {
    same_as_glibc unloaded_together
    [[ $output == *$'a is used: 0\nfoo 2\nboth go: 0' ]]
}

waits_for_thread() {
    lib wait -pthread <<'C'
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
    prog prog -pthread <<<'int main(void) { opened("./libwait.so", RTLD_NOW); puts("opened"); return 0; }'
    timeout 5 ./prog
}

@test "G5: a constructor that dlopen() runs may wait for a thread that looks at the objects, or forks" {
    same_as_glibc waits_for_thread
    [[ $output == $'constructed\nopened' ]]
}

@test "G1: exit() runs a library's destructors while another thread closes it" {
    lib slow <<'C'
int f(void) { return 3; }
__attribute__((destructor)) static void end(void) { usleep(100000); puts("destructed"); }
C
    prog prog -pthread <<'C'
static void *closer(void *library)
{
    usleep(30000);
    dlclose(library);
    return NULL;
}
int main(void)
{
    pthread_t thread;
    void *library = opened("./libslow.so", RTLD_NOW);
    setvbuf(stdout, NULL, _IONBF, 0);
    pthread_create(&thread, NULL, closer, library);
    exit(0);
}
C
    for i in 1 2 3 4 5; do
        run -0 timeout 5 ./prog
        [[ $output == destructed ]]
    done
}

@test "a library whose name begins with the program's does not pass for it in a message" {
    library prog.so <<<'int nobody(void); int x(void) { return nobody(); }'
    program prog prog.so -Wl,--unresolved-symbols=ignore-all \
        <<<'int x(void); int main(void) { return x(); }'
    LD_BIND_NOW=1 run -127 ./prog
    [[ $output == 'ld-uexec.so.1: ./prog: ./prog.so: symbol nobody is not defined'* ]]
}

@test "a child of fork() does not wait for a constructor of a thread that it has not got" {
    lib slow <<'C'
int f(void) { return 3; }
__attribute__((constructor)) static void begin(void) { usleep(300000); }
C
    prog prog -pthread <<'C'
static void *opener(void *argument)
{
    return opened("./libslow.so", RTLD_NOW);
}
int main(void)
{
    pthread_t thread;
    int status;
    pthread_create(&thread, NULL, opener, NULL);
    usleep(100000); /* it is in the constructor */
    pid_t child = fork();
    if (child == 0)
        _exit(ask(opened("./libslow.so", RTLD_NOW), "f"));
    waitpid(child, &status, 0);
    pthread_join(thread, NULL);
    printf("child %d\n", WEXITSTATUS(status));
    return 0;
}
C
    run -0 limited ./prog
    [[ $output == 'child 3' ]]
}

next_in_group() {
    lib second <<<'int f(void) { return 2; }'
    lib first libsecond.so <<<'int f(void) { return 10 + ask(RTLD_NEXT, "f"); } int first(void) { return f(); }'
    lib top libfirst.so libsecond.so <<<'int top(void) { return ask(RTLD_NEXT, "f") + ask(RTLD_NEXT, "top"); }'
    prog prog <<'C'
int main(void)
{
    void *top = opened("./libtop.so", RTLD_NOW | RTLD_LOCAL);
    printf("first %d, top %d, the program %d\n", ask(top, "first"), ask(top, "top"), ask(RTLD_NEXT, "f"));
    return 0;
}
C
    ./prog
}

@test "RTLD_NEXT of a library that was opened locally is the next in its group" {
    same_as_glibc next_in_group
    [[ $output == 'first 12, top 11, the program -1' ]]
}

# ---- long chains

@test "a chain of 4,000 libraries is opened, closed and opened again on a stack of 64 KiB" {
    # who was in use was marked by recursion along dependencies
    tiny template.so "chain-0000.so" <<<'.globl up, down
        .section .init_array, "aw"
        .quad in
        .section .fini_array, "aw"
        .quad out
        .text
        in: mov up@GOTPCREL(%rip), %rax
            incl (%rax)
            ret
        out: mov down@GOTPCREL(%rip), %rax
            incl (%rax)
            ret'
    # one file is the template of all: names of the same length in it are replaced
    : | as -o none.o -
    ld -shared -soname chain-9999.so -o chain-9999.so none.o
    ld -shared -z norelro -z noseparate-code -soname chain-0000.so -o template.so template.so.o chain-9999.so --no-as-needed
    cp chain-9999.so other.so
    perl -e 'local $/; open my $in, "<", "template.so"; my $template = <$in>;
        for my $number (0 .. 3999) {
            my ($name, $next) = map { sprintf "chain-%04d.so", $_ } $number, $number + 1;
            (my $text = $template) =~ s/chain-0000/substr $name, 0, 10/e;
            $text =~ s/chain-9999/$number == 3999 ? "chain-9999" : substr $next, 0, 10/e;
            open my $out, ">", $name;
            print $out $text;
        }'
    prog main -rdynamic -DCOUNT=4000 <<'C'
int up, down;
static void *run(void *nothing)
{
    for (int round = 1; round <= 2; round++) {
        void *chain = opened("./chain-0000.so", RTLD_NOW);
        dlclose(opened("./chain-9999.so", RTLD_NOW)); /* what is still used is looked for */
        dlclose(opened("./other.so", RTLD_NOW));
        if (up != COUNT * round || dlclose(chain) != 0 || down != COUNT * round)
            printf("round %d: +%d -%d\n", round, up, down);
    }
    return nothing;
}
int main(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 65536);
    return pthread_create(&thread, &attributes, run, NULL) || pthread_join(thread, NULL);
}
C
    run -0 timeout -s KILL 60 ./main
    [ -z "$output" ]
}

@test "a program whose entry point calls no start code has environment, auxiliary vector, names, threads" {
    # getenv() gave NULL, getauxval() ended the program
    need_command musl-gcc
    need_file "$MUSL"
    CC=musl-gcc program main -nostartfiles -pthread <<'C'
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>
extern char *program_invocation_short_name;
static void *thread(void *unused) { errno = 5; return getenv("SEEN"); }
__attribute__((used)) void go(long *sp)
{
    pthread_t id;
    void *result = NULL;
    errno = 3;
    int created = pthread_create(&id, NULL, thread, NULL);
    pthread_join(id, &result);
    printf("%ld %s %s %s %d %d %lu %ld %d %d\n", *sp, getenv("SEEN"), (char *)result, program_invocation_short_name,
           created, errno, getauxval(AT_PAGESZ), sysconf(_SC_PAGESIZE), getauxval(AT_RANDOM) != 0, malloc(1000) != NULL);
    fflush(stdout);
    _exit(4);
}
__asm__(".globl _start\n_start: xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call go\n hlt");
C
    export SEEN=here
    run -4 ./main
    native=${output/(null)/main} # musl leaves the name to its start code
    [[ $native == '1 here here main 0 3 4096 4096 1 1' ]]
    run -4 "$UEXEC" --linker=rt ./main
    [[ $output == "$native" ]]
    run -4 "$LINKER" ./main
    [[ $output == "$native" ]]
    # an indirect function's resolver has them, too
    program early <<<'#include <stdlib.h>
        #include <sys/auxv.h>
        static int yes(void) { return 0; } static int no(void) { return 1; }
        static int (*resolve(void))(void) { return getenv("SEEN") && getauxval(AT_PAGESZ) ? yes : no; }
        int f(void) __attribute__((ifunc("resolve"))); int (*pointer)(void) = f; int main(void) { return f() + pointer(); }'
    run -0 ./early
}
