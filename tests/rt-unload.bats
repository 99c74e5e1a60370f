#!/usr/bin/env bats
# rt: dlclose(), and what stays loaded: by references, by destructors that run, in threads. Where glibc has
# the behaviour, the same source has to print the same on both.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2317 # bats sets output, and calls the functions
load helper
load rt/helper

setup() {
    rt_setup
}

@test "dlclose: what a destructor opens stays, with its constructor run" {
    # the library was unmapped together with the library whose destructor had opened it
    destructor_opens() {
        open_library new <<<'int seven(void) { return 7; }
            __attribute__((constructor)) static void in(void) { puts("+new"); }
            __attribute__((destructor)) static void out(void) { puts("-new"); }'
        open_library a <<<'void **keep;
            __attribute__((destructor)) static void out(void) { *keep = opened("./libnew.so", RTLD_NOW); }'
        open_program main <<<'int main(void) { void *new = NULL, *a = opened("./liba.so", RTLD_NOW);
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
        open_library b <<<'int b(void) { return dlopen("libnosuch.so", RTLD_NOW) == NULL; }'
        open_library a ./libb.so <<<'int a;'
        open_program main <<<'int main(void) { void *a = opened("./liba.so", RTLD_NOW), *b = opened("./libb.so", RTLD_NOW);
            dlclose(a);
            return printf("%d\n", ask(b, "b")) < 0; }'
        limited ./main
    }
    same_as_glibc loader_gone
    [[ $output == 1 ]]
}

@test "dlclose: what a thread calls first while a destructor runs is not bound to the dying library" {
    # the library left the scopes after its destructors had run; glibc makes the thread wait until then
    dying() {
        open_library dies <<<'extern volatile int go, calls, called; int who(void) { return 1; }
            __attribute__((destructor)) static void out(void) { go = 1; await_call(&calls, &called); }'
        open_library stays <<<'int who(void) { return 2; }'
        open_library x <<<'int who(void); int x(void) { return who(); }'
        open_program main -rdynamic <<<'volatile int go, calls, called; static int (*x)(void);
            static void *thread(void *none) {
                while (!go) ;
                calls = syscall(SYS_gettid);
                long result = x();
                called = 1;
                return (void *)result; }
            int main(void) { pthread_t id; void *dies = opened("./libdies.so", RTLD_NOW | RTLD_GLOBAL), *first;
            opened("./libstays.so", RTLD_NOW | RTLD_GLOBAL);
            x = dlsym(opened("./libx.so", RTLD_LAZY), "x");
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
    # rt walked the list of what libx.so is bound to while it grew, and reused the old list for liby.so's
    # (24 entries fill that list, one more does not fit, and 13 are the fewest for which one of that length is taken)
    local i calls=()
    for i in {10..34}; do
        tiny "libg$i.so" <<<".globl g$i; g$i: ret"
        calls+=("call g$i@plt;")
    done
    tiny libx.so <<<".globl some, more; some: sub \$8, %rsp; ${calls[*]::24} add \$8, %rsp; ret
        more: jmp g34@plt"
    tiny liby.so <<<".globl others; others: sub \$8, %rsp; ${calls[*]::13} add \$8, %rsp; ret"
    tiny libdep.so <<<'.globl dep; dep: ret'
    open_library top ./libdep.so <<<'int top;'
    open_program main <<'C'
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
    # each cycle made the scope, and so each lookup, longer
    for i in a b; do
        tiny lib$i.so <<<".globl $i; $i: ret"
    done
    open_program main <<'C'
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

unloaded_together() {
    open_library a <<<'int bar(void) { return 1; } int foo(void) { return 2; }'
    open_library b <<'C'
int bar(void), foo(void);
int call(void) { return bar(); }
__attribute__((destructor)) static void end(void) { printf("foo %d\n", foo()); }
C
    open_program prog <<'C'
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

@test "dlclose: what is unloaded together finds each other's names until the end" {
    same_as_glibc unloaded_together
    [[ $output == *$'a is used: 0\nfoo 2\nboth go: 0' ]]
}

@test "exit() runs a library's destructors while another thread closes it" {
    open_library slow <<'C'
extern volatile int ends, closes, closed;
__attribute__((destructor)) static void end(void) { ends = 1; await_call(&closes, &closed); puts("destructed"); }
C
    open_program prog -rdynamic -pthread <<'C'
volatile int ends, closes, closed;
static void *closer(void *library)
{
    while (!ends)
        ;
    closes = syscall(SYS_gettid);
    dlclose(library);
    closed = 1;
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
        run -0 limited ./prog
        [[ $output == destructed ]]
    done
}

@test "a chain of 4,000 libraries is opened, closed and opened again on a stack of 64 KiB" {
    # libraries in use were marked by recursion along dependencies
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
    # one file is the template of all: names of equal length in it are replaced
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
    open_program main -rdynamic -DCOUNT=4000 <<'C'
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
    run -0 limited ./main
    [ -z "$output" ]
}
