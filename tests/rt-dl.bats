#!/usr/bin/env bats
# rt: dlopen(), dlsym() and their relatives at run time. Where glibc has the same functions, the same source has to
# print the same on both.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2317 # bats sets output, and calls the functions
load helper
load rt/helper

setup() {
    rt_setup
}

# lib NAME [OPTION]... [LIB]...: a library that reports its constructors and destructors
lib() {
    local name=$1
    shift
    { cat - && echo "#include <stdio.h>
        static void __attribute__((constructor)) in(void) { printf(\"+$name \"); fflush(stdout); }
        static void __attribute__((destructor)) out(void) { printf(\"-$name \"); fflush(stdout); }"; } |
        library "lib$name.so" -Wl,--no-as-needed "$@"
}

# ours PATH [OPTION]...: a program, with open.h
ours() {
    { echo '#include "rt/open.h"' && cat -; } | program "$1" -I"$BATS_TEST_DIRNAME" -w -Wl,--no-as-needed "${@:2}"
}

# ---- flags

flags() {
    library libneeded.so <<<'int needed(void) { return 7; }'
    library libx.so libneeded.so <<<'int needed(void); int x(void) { return needed(); }'
    library libuser.so <<<'int x(void); int user(void) { return x() + 10; }'
    ours prog -rdynamic <<'C'
int main(void)
{
    printf("noload %d\n", dlopen("./libx.so", RTLD_NOW | RTLD_NOLOAD) != NULL);
    void *x = opened("./libx.so", RTLD_LAZY);
    printf("the same handle %d\n", opened("./libx.so", RTLD_NOW) == x);
    printf("noload %d\n", dlopen("./libx.so", RTLD_NOW | RTLD_NOLOAD) == x);
    printf("local: default %d, handle %d, of what it needs %d\n", dlsym(RTLD_DEFAULT, "x") != NULL,
           ask(x, "x"), ask(x, "needed"));
    printf("bound now: %d\n", dlopen("./libuser.so", RTLD_NOW) != NULL);
    void *user = opened("./libuser.so", RTLD_LAZY);
    opened("./libx.so", RTLD_LAZY | RTLD_NOLOAD | RTLD_GLOBAL);
    printf("promoted: default %d, needed %d, user %d\n", dlsym(RTLD_DEFAULT, "x") != NULL,
           dlsym(RTLD_DEFAULT, "needed") != NULL, ask(user, "user"));
    opened("./libx.so", RTLD_LAZY | RTLD_LOCAL);
    printf("and stays so: %d\n", dlsym(RTLD_DEFAULT, "x") != NULL);
    printf("no flags %d, odd ones %d\n", dlopen("./libx.so", 0) != NULL,
           dlopen("./libx.so", RTLD_NOW | 0x40000) != NULL);
    printf("the program %d %d\n", dlopen(NULL, RTLD_LAZY) != NULL,
           dlsym(dlopen(NULL, RTLD_LAZY), "main") == (void *)main);
    return 0;
}
C
    ./prog
}

@test "dlopen: LAZY, NOW, LOCAL, NOLOAD, promotion to GLOBAL, NULL: as glibc; wrong flags: as musl" {
    # no flags at all are an error for glibc, and none for musl, whose programs these are
    flags_known() { flags | sed "s/no flags.*//"; }
    same_as_glibc flags_known
    [[ $output == *$'default 0, handle 7, of what it needs 7\nbound now: 0\npromoted: default 1, needed 1, user 17\nand stays so: 1\n\nthe program 1 1' ]]
    run -0 flags
    [[ $output == *'no flags 1, odd ones 1'* ]]
}

@test "dlopen: GLOBAL, and DEEPBIND, which prefers the library's own" {
    deep() {
        library libx.so <<<'int who(void) { return 2; } int asks(void) { return who(); }'
        ours prog -rdynamic <<<'int who(void) { return 1; }
            int main(int argc, char **argv) { printf("%d\n",
                ask(opened("./libx.so", RTLD_LAZY | (argc > 1 ? RTLD_DEEPBIND : 0)), "asks")); return 0; }'
        ./prog
        ./prog deep
    }
    same_as_glibc deep
    [[ $output == $'1\n2' ]]
}

@test "dlopen: NODELETE, by flag, by promotion and by the file, keeps what dlclose() would take away" {
    keeps() {
        for name in plain flag late; do
            library lib$name.so <<<'int x = 1;'
        done
        library libfile.so -Wl,-z,nodelete <<<'int x = 1;'
        ours prog <<'C'
int main(void)
{
    void *late = opened("./liblate.so", RTLD_NOW);
    dlclose(opened("./liblate.so", RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE));
    dlclose(late);
    dlclose(opened("./libplain.so", RTLD_NOW));
    dlclose(opened("./libflag.so", RTLD_NOW | RTLD_NODELETE));
    dlclose(opened("./libfile.so", RTLD_NOW));
    printf("%d %d %d %d\n", mapped("libplain.so"), mapped("libflag.so"), mapped("libfile.so"),
           mapped("liblate.so"));
    return 0;
}
C
        ./prog
    }
    same_as_glibc keeps
    [[ $output == '0 1 1 1' ]]
}

# ---- who goes, and when

@test "dlclose: a library goes with its last user, not before" {
    users() {
        lib base <<<'int base(void) { return 4; }'
        lib one libbase.so <<<'int base(void); int one(void) { return base(); }'
        lib two libbase.so <<<'int base(void); int two(void) { return base(); }'
        ours prog <<'C'
int main(void)
{
    void *one = opened("./libone.so", RTLD_LAZY), *two = opened("./libtwo.so", RTLD_LAZY);
    opened("./libone.so", RTLD_LAZY);
    dlclose(one), printf("(once) %d\n", ask(one, "one")), fflush(stdout);
    dlclose(one), printf("(twice) %d %d\n", mapped("libone.so"), ask(two, "two")), fflush(stdout);
    dlclose(two), printf("(all) %d %d\n", mapped("libtwo.so"), mapped("libbase.so")), fflush(stdout);
    return 0;
}
C
        ./prog
    }
    same_as_glibc users
    [[ $output == $'+base +one +two (once) 4\n-one (twice) 0 4\n-two -base (all) 0 0' ]]
}

@test "dlclose: what another object has been bound to stays as long as that one" {
    bound() {
        lib giver <<<'int give(void) { return 5; }'
        lib taker -Wl,-z,lazy <<<'int give(void); int take(void) { return give(); }'
        ours prog <<'C'
int main(void)
{
    void *giver = opened("./libgiver.so", RTLD_LAZY | RTLD_GLOBAL);
    void *taker = opened("./libtaker.so", RTLD_LAZY);
    printf("%d ", ask(taker, "take"));
    dlclose(giver);
    printf("%d %d\n", mapped("libgiver.so"), ask(taker, "take")), fflush(stdout);
    dlclose(taker);
    printf("%d %d\n", mapped("libgiver.so"), mapped("libtaker.so")), fflush(stdout);
    return 0;
}
C
        ./prog
    }
    same_as_glibc bound
    [[ $output == *$' 1 5\n-taker -giver 0 0' ]]
}

@test "dlclose: what another object has found by dlsym(RTLD_DEFAULT) stays as long as that one" {
    bound() {
        lib giver <<<'int give(void) { return 5; }'
        lib taker <<<'#define _GNU_SOURCE
            #include <dlfcn.h>
            int (*f)(void); int take(void) { if (!f) f = dlsym(RTLD_DEFAULT, "give"); return f(); }'
        ours prog <<'C'
int main(void)
{
    void *giver = opened("./libgiver.so", RTLD_LAZY | RTLD_GLOBAL);
    void *taker = opened("./libtaker.so", RTLD_LAZY);
    printf("%d ", ask(taker, "take"));
    dlclose(giver);
    printf("%d\n", mapped("libgiver.so")), fflush(stdout);
    printf("%d\n", ask(taker, "take")), fflush(stdout);
    dlclose(taker);
    printf("%d %d\n", mapped("libgiver.so"), mapped("libtaker.so")), fflush(stdout);
    return 0;
}
C
        ./prog
    }
    same_as_glibc bound
    [[ $output == *$' 1\n5\n-taker -giver 0 0' ]]
}

@test "constructors and destructors at dlopen() and dlclose(), in glibc's order" {
    in_order() {
        lib leaf <<<''
        lib left libleaf.so <<<''
        lib right libleaf.so <<<''
        lib top libleft.so libright.so libleaf.so <<<''
        ours prog <<<'int main(int argc, char **argv) { void *top = opened("./libtop.so", RTLD_LAZY);
            printf("open "), fflush(stdout); if (argc > 1) dlclose(top);
            printf("end "), fflush(stdout); return 0; }'
        ./prog close
    }
    same_as_glibc in_order
    [[ $output == '+leaf +'*' +top open -top -'*' -leaf end ' ]]
    # Libraries that are still open at exit end in the reverse order of their construction.
    cd rt
    run -0 ./prog
    [[ $output == "${output%%open*}open end $(tr ' ' '\n' <<<"${output%%open*}" | grep . | tac | tr '+\n' '- ')" ]]
}

@test "at exit: atexit()'s functions, then destructors, last constructed first" {
    lib start <<<''
    lib opened <<<''
    ours prog libstart.so <<'C'
static void at_exit(void) { printf("atexit "); fflush(stdout); }
static void __attribute__((destructor)) out(void) { printf("-prog "); fflush(stdout); }
int main(void)
{
    atexit(at_exit);
    opened("./libopened.so", RTLD_LAZY);
    return 0;
}
C
    run -0 ./prog
    [[ $output == '+start +opened atexit -opened -prog -start ' ]]
}

@test "dlclose: what the program itself has found by dlsym(RTLD_DEFAULT) goes, or stays, as with glibc" {
    found() {
        lib giver <<<'int give(void) { return 5; }'
        ours prog <<'C'
int main(void)
{
    void *giver = opened("./libgiver.so", RTLD_LAZY | RTLD_GLOBAL);
    printf("%d\n", ask(RTLD_DEFAULT, "give"));
    dlclose(giver);
    printf("%d\n", mapped("libgiver.so"));
    fflush(stdout);
    return 0;
}
C
        ./prog
    }
    same_as_glibc found
    [[ $output == *5* ]]
}

@test "a function that a library gave to atexit() runs when the library goes, and once" {
    library libx.so <<<'#include <stdio.h>
        #include <stdlib.h>
        static void last(void) { printf("last "); fflush(stdout); } void start(void) { atexit(last); }'
    ours prog <<'C'
int main(int argc, char **argv)
{
    void *x = opened("./libx.so", RTLD_LAZY);
    ((void (*)(void))dlsym(x, "start"))();
    if (argc > 1)
        dlclose(x);
    printf("end "), fflush(stdout);
    return 0;
}
C
    run -0 ./prog
    [[ $output == 'end last ' ]]
    run -0 ./prog close
    [[ $output == 'last end ' ]]
}

@test "recursion: a constructor opens, a destructor closes" {
    recursion() {
        lib inner <<<'int inner(void) { return 3; }'
        library libouter.so <<'C'
#include <dlfcn.h>
#include <stdio.h>
static void *inner;
static void __attribute__((constructor)) in(void)
{
    printf("+outer( "), fflush(stdout);
    inner = dlopen("./libinner.so", RTLD_NOW);
    printf("%d +outer) ", ((int (*)(void))dlsym(inner, "inner"))()), fflush(stdout);
}
static void __attribute__((destructor)) out(void)
{
    printf("-outer( "), fflush(stdout);
    dlclose(inner);
    printf("-outer) "), fflush(stdout);
}
C
        ours prog <<<'int main(void) { void *outer = opened("./libouter.so", RTLD_NOW);
            dlclose(outer); printf("%d %d\n", mapped("outer.so"), mapped("inner.so")); return 0; }'
        ./prog
    }
    same_as_glibc recursion
    [[ $output == '+outer( +inner 3 +outer) -outer( '*'-inner '*'0 0' ]]
}

@test "a library that has gone is in no scope any more: neither the global one nor that of what stays" {
    gone() {
        library libshared.so <<<'#define _GNU_SOURCE
            #include <dlfcn.h>
            int shared(void) { return dlsym(RTLD_DEFAULT, "root") != 0; }'
        library libother.so <<<'int root(void) { return 2; }'
        library libroot.so -Wl,--no-as-needed libshared.so <<<'int root(void) { return 1; }'
        ours prog <<'C'
int main(void)
{
    void *shared = opened("./libshared.so", RTLD_LAZY);
    dlclose(opened("./libroot.so", RTLD_LAZY));
    void *other = opened("./libother.so", RTLD_LAZY); /* where the first was, with such a name */
    printf("%d %d\n", mapped("libroot.so"), ask(shared, "shared"));
    dlclose(other);
    dlclose(opened("./libroot.so", RTLD_LAZY | RTLD_GLOBAL));
    printf("%d %d %d\n", mapped("libroot.so"), ask(shared, "shared"), dlsym(RTLD_DEFAULT, "root") != NULL);
    opened("./libroot.so", RTLD_LAZY);
    printf("%d %d\n", mapped("libroot.so"), ask(shared, "shared"));
    return 0;
}
C
        ./prog
    }
    same_as_glibc gone
    [[ $output == $'0 0\n0 0 0\n1 1' ]]
}

@test "a failed dlopen() leaves nothing behind: the same mappings and descriptors, constructors not run" {
    lib fine <<<'int fine(void) { return 1; }'
    library libgone.so <<<'int gone(void) { return 1; }'
    lib middle libfine.so libgone.so <<<''
    lib undefined -Wl,-z,now libfine.so <<<'int nobody(void); int f(void) { return nobody(); }'
    rm libgone.so
    echo 'no library' >libtext.so
    ours prog <<'C'
static char before[65536], after[65536];
static void look(char *text)
{
    FILE *maps = popen("cat /proc/$PPID/maps | grep -v heap; ls /proc/$PPID/fd", "r");
    text[fread(text, 1, 65535, maps)] = 0;
    pclose(maps);
}
int main(void)
{
    static const char *const names[] = {"./libmiddle.so", "./libundefined.so", "./libtext.so", "./libno.so"};
    dlopen("./libno.so", RTLD_NOW); /* what is allocated once */
    look(before);
    look(before);
    for (int i = 0; i < 40; i++)
        printf("%d %s\n", dlopen(names[i % 4], RTLD_NOW) != NULL, names[i % 4]);
    look(after);
    fflush(stdout);
    if (strcmp(before, after) != 0)
        return fputs(before, stdout), puts("--- then"), fputs(after, stdout), 1;
    printf("%s\n", dlerror());
    return ask(opened("./libfine.so", RTLD_NOW), "fine") != 1;
}
C
    run ./prog
    echo "$output"
    ((status == 0))
    [[ $output == *libno.so*'+fine -fine '* && $(grep -o '+fine' <<<"$output" | wc -l) == 1 ]]
}

@test "2,000 rounds of dlopen() and dlclose(): mappings and memory are as before" {
    library libdep.so <<<'int x[1000] = {1}; int dep(void) { return x[0]; }'
    library libx.so libdep.so <<<'__thread int t = 6; int dep(void); int f(void) { return dep() + t; }'
    ours prog <<'C'
static int lines(void)
{
    int count = 0, c;
    FILE *maps = fopen("/proc/self/maps", "r");
    while ((c = getc(maps)) != EOF)
        count += c == '\n';
    fclose(maps);
    return count;
}
static long written(void) /* KiB of memory of its own */
{
    char line[256];
    long size = 0;
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    while (fgets(line, sizeof line, file))
        sscanf(line, "Private_Dirty: %ld", &size);
    fclose(file);
    return size;
}
int main(void)
{
    long size = 0, after;
    int before = 0;
    for (int i = 0; i < 2000; i++) {
        void *x = opened("./libx.so", i % 2 ? RTLD_NOW | RTLD_GLOBAL : RTLD_LAZY);
        if (ask(x, "f") != 7 || dlclose(x) != 0)
            return 1;
        if (i == 500) /* caches are full by then */
            before = lines(), size = written();
    }
    after = written();
    printf("%d mappings, %ld KiB more\n", lines() - before, after - size);
    return lines() != before || size == 0 || after - size > 16;
}
C
    run ./prog
    echo "$output"
    ((status == 0))
}

# ---- looking up

@test "dlsym: a handle, DEFAULT, NEXT, NULL values, unknown names" {
    names() {
        library libsecond.so <<<'int twice(void) { return 2; } int only(void) { return 22; }'
        library libfirst.so -Wl,--no-as-needed libsecond.so <<<'#define _GNU_SOURCE
            #include <dlfcn.h>
            int twice(void) { return 1; }
            int next(void) { return ((int (*)(void))dlsym(RTLD_NEXT, "twice"))(); }'
        ours prog -rdynamic libfirst.so libsecond.so -Wl,--no-as-needed <<'C'
int next(void);
int twice(void) { return 0; }
extern char nothing __attribute__((weak));
int main(void)
{
    void *second = opened("libsecond.so", RTLD_LAZY);
    printf("%d %d %d %d\n", ask(RTLD_DEFAULT, "twice"), ask(RTLD_NEXT, "twice"), ask(second, "twice"), next());
    printf("%d %d\n", ask(second, "only"), dlsym(opened("libfirst.so", RTLD_LAZY), "only") != NULL);
    dlerror();
    printf("%d ", dlsym(RTLD_DEFAULT, "unknown") != NULL);
    printf("%d ", dlerror() != NULL);
    printf("%d\n", dlerror() != NULL);
    printf("%d ", dlsym(second, "next") != NULL);
    printf("%d\n", strstr(dlerror(), "next") != NULL);
    return 0;
}
C
        ./prog
    }
    same_as_glibc names
    [[ $output == $'0 1 2 2\n22 1\n0 1 0\n0 1' ]]
}

@test "dlsym of a thread-local variable is the calling thread's; of an ifunc, its choice" {
    kinds() {
        library libx.so <<<'__thread int local = 3; static int chosen(void) { return 8; }
            static void *choose(void) { return chosen; } int indirect(void) __attribute__((ifunc("choose")));'
        ours prog <<'C'
static void *x;
static void *run(void *other)
{
    int *local = dlsym(x, "local");
    return local != other && *local == 3 ? NULL : other;
}
int main(void)
{
    pthread_t thread;
    void *wrong;
    x = opened("./libx.so", RTLD_LAZY);
    *(int *)dlsym(x, "local") = 4;
    pthread_create(&thread, NULL, run, dlsym(x, "local"));
    pthread_join(thread, &wrong);
    printf("%d %d %d\n", wrong == NULL, *(int *)dlsym(x, "local"), ask(x, "indirect"));
    return 0;
}
C
        ./prog
    }
    same_as_glibc kinds
    [[ $output == '1 4 8' ]]
}

@test "dlvsym: each version, and one that there is not" {
    versions() {
        printf '%s\n' 'V1 { global: f; local: *; };' 'V2 { global: f; } V1;' >map
        library libx.so -Wl,--version-script=map <<<'int f1(void) { return 1; } int f2(void) { return 2; }
            __asm__(".symver f1, f@V1"); __asm__(".symver f2, f@@V2");'
        ours prog <<'C'
void *dlvsym(void *, const char *, const char *);
int main(void)
{
    void *x = opened("./libx.so", RTLD_LAZY);
    printf("%d %d %d ", ask(x, "f"), ((int (*)(void))dlvsym(x, "f", "V1"))(),
           ((int (*)(void))dlvsym(x, "f", "V2"))());
    printf("%d ", dlvsym(x, "f", "V3") != NULL);
    printf("%d\n", dlerror() != NULL);
    return 0;
}
C
        ./prog
    }
    same_as_glibc versions
    [[ $output == '2 1 2 0 1' ]]
}

@test "dladdr and dladdr1: names, addresses, the symbol and the link map; nothing for what is not of an object" {
    addresses() {
        library libx.so <<<'int data[4] = {1}; int f(void) { return data[0]; }'
        ours prog <<'C'
int dladdr1(const void *, Dl_info *, void **, int);
int main(void)
{
    void *x = opened("./libx.so", RTLD_LAZY), *extra;
    char *f = dlsym(x, "f"), *data = dlsym(x, "data");
    Dl_info info;
    printf("%d ", dladdr(f + 2, &info));
    printf("%s %d %s %d\n", info.dli_sname, info.dli_saddr == f, strrchr(info.dli_fname, '/'),
           *(int *)info.dli_fbase == 0x464c457f);
    dladdr(data + 5, &info);
    printf("%s %d\n", info.dli_sname, info.dli_saddr == data);
    printf("%d ", dladdr1(data, &info, &extra, 1));
    printf("%lu ", ((ElfW(Sym) *)extra)->st_size);
    printf("%d ", dladdr1(data, &info, &extra, 2));
    printf("%d\n", extra == x);
    dladdr((char *)info.dli_fbase + 1, &info);
    printf("%d %d\n", info.dli_sname == NULL, info.dli_saddr == NULL);
    printf("%d %d\n", dladdr(&info, &info), dladdr(malloc(10), &info));
    return 0;
}
C
        ./prog
    }
    same_as_glibc addresses
    [[ $output == $'1 f 1 /libx.so 1\ndata 1\n1 16 1 1\n1 1\n0 0' ]]
}

@test "dlinfo: link map, namespace, origin, search path, TLS module and block" {
    informs() {
        mkdir -p lib more
        RPATH=()
        library lib/libx.so -Wl,-rpath,"$PWD/more" -Wl,--enable-new-dtags <<<'__thread int t; int *f(void) { return &t; }'
        ours prog <<'C'
struct serinfo { size_t size; unsigned count; struct { char *name; unsigned flags; } path[100]; };
int main(void)
{
    void *x = opened("lib/libx.so", RTLD_LAZY), *block = x;
    struct link_map *map = NULL;
    char origin[4096] = "";
    struct serinfo size, *paths;
    long namespace = 7;
    size_t module = 0;
    printf("%d %d %d %d ", dlinfo(x, 2, &map), dlinfo(x, 1, &namespace), dlinfo(x, 6, origin),
           dlinfo(x, 9, &module));
    printf("%d %ld %s %d\n", (void *)map == x && strstr(map->l_name, "libx.so"), namespace,
           strrchr(origin, '/'), module > 0);
    printf("%d ", dlinfo(x, 10, &block));
    printf("%d ", block == NULL);
    int *t = ((int *(*)(void))dlsym(x, "f"))();
    dlinfo(x, 10, &block);
    printf("%d\n", block == (void *)t);
    printf("%d ", dlinfo(x, 5, &size));
    paths = malloc(size.size);
    memcpy(paths, &size, sizeof(size_t) + sizeof(size_t));
    dlinfo(x, 5, paths);
    printf("%d ", dlinfo(x, 4, paths));
    printf("%s\n", strrchr(paths->path[0].name, '/'));
    printf("%d ", dlinfo(x, 99, &size));
    printf("%d\n", dlerror() != NULL);
    return 0;
}
C
        ./prog
    }
    same_as_glibc informs
    [[ $output == $'0 0 0 0 1 0 /lib 1\n0 1 1\n0 0 /more\n-1 1' ]]
}

@test "dlerror: once, for the thread that it happened to" {
    errors() {
        ours prog <<'C'
static void *run(void *nothing)
{
    long first = dlerror() != NULL;
    dlopen("./libthread.so", RTLD_LAZY);
    return (void *)(first << 1 | (strstr(dlerror(), "libthread.so") != NULL));
}
int main(void)
{
    pthread_t thread;
    void *result;
    printf("%d ", dlerror() != NULL);
    dlopen("./libmain.so", RTLD_LAZY);
    pthread_create(&thread, NULL, run, NULL);
    pthread_join(thread, &result);
    printf("%ld %d ", (long)result, strstr(dlerror(), "libmain.so") != NULL);
    printf("%d ", dlerror() != NULL);
    dlopen("./libmain.so", RTLD_LAZY), dlopen(NULL, RTLD_LAZY);
    printf("%d\n", dlclose((void *)&result) != 0 && dlerror() != NULL);
    return 0;
}
C
        # glibc does not check a handle
        ./prog 2>/dev/null | sed 's/ .$//'
    }
    same_as_glibc errors
    ((${#output} > 0))
    [[ $(rt/prog) == '0 1 1 0 1' ]]
}

@test "dl_iterate_phdr: all objects, the vDSO too, adds and subs, and an end when the callback says so" {
    library libx.so <<<'int x = 1;'
    ours prog <<'C'
static int seen, vdso, program, x;
static unsigned long long adds, subs;
static int look(struct dl_phdr_info *info, size_t size, void *end)
{
    seen++;
    vdso += strstr(info->dlpi_name, "vdso") != NULL;
    x += strstr(info->dlpi_name, "libx.so") != NULL;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        program += info->dlpi_phdr[i].p_type == PT_LOAD && (uintptr_t)look >= start &&
                   (uintptr_t)look < start + info->dlpi_phdr[i].p_memsz;
    }
    adds = info->dlpi_adds;
    subs = info->dlpi_subs;
    return end != NULL ? 5 : 0;
}
static void print(void)
{
    unsigned long long added = adds, gone = subs;
    int before = seen;
    seen = vdso = program = x = 0;
    dl_iterate_phdr(look, NULL);
    printf("%d objects more, vdso %d, program %d, libx %d, +%lld -%lld\n", seen - before, vdso, program, x,
           adds - added, subs - gone);
}
int main(void)
{
    print();
    void *library = opened("./libx.so", RTLD_LAZY);
    print();
    dlclose(library);
    print();
    seen = 0;
    int answer = dl_iterate_phdr(look, &seen);
    printf("%d %d\n", answer, seen);
    return 0;
}
C
    run -0 ./prog
    [[ ${lines[0]} == *'vdso 1, program 1, libx 0'* ]]
    [[ ${lines[1]} == '1 objects more, vdso 1, program 1, libx 1, +1 -0' ]]
    [[ ${lines[2]} == '-1 objects more, vdso 1, program 1, libx 0, +0 -1' ]]
    [[ ${lines[3]} == '5 1' ]]
}

# ---- threads, fork

@test "threads that open the same library at once get the same, constructed" {
    library libx.so <<<'#include <unistd.h>
        static int ready; static void __attribute__((constructor)) in(void) { usleep(20000); ready++; }
        int f(void) { return ready; }'
    ours prog <<'C'
static void *run(void *nothing)
{
    void *x = opened("./libx.so", RTLD_NOW);
    return ask(x, "f") == 1 ? x : NULL;
}
int main(void)
{
    pthread_t threads[8];
    void *first = NULL, *got;
    int wrong = 0;
    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, run, NULL);
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], &got);
        first = first ? first : got;
        wrong |= !got || got != first;
    }
    for (int i = 0; i < 8; i++)
        wrong |= !mapped("libx.so") || dlclose(first) != 0;
    return wrong | mapped("libx.so");
}
C
    for ((i = 0; i < 5; i++)); do
        ./prog
    done
}

@test "fork: while another thread opens, binds and closes, the child can, too" {
    for ((i = 0; i < 200; i++)); do
        echo "int g$i(void); int g$i(void) { return 0; }"
        calls+="g$i() + "
    done >g.c
    library libg.so <g.c
    { cat g.c && echo; } | sed 's/;.*/;/' >x.c
    echo "int f(void) { return $calls 6; }" >>x.c
    library libx.so -Wl,-z,lazy libg.so <x.c
    library liby.so <<<'int f(void) { return 7; }'
    ours prog <<'C'
static volatile int stop;
static void use(void *x)
{
    ask(x, "f");
    dlclose(x);
}
static void *run(void *nothing)
{
    while (!stop)
        use(opened("./libx.so", RTLD_LAZY));
    return nothing;
}
int main(void)
{
    pthread_t thread;
    int status = 0, wrong = 0;
    pthread_create(&thread, NULL, run, NULL);
    for (int i = 0; i < 200 && !wrong; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(10);
            void *y = opened("./liby.so", RTLD_NOW);
            _exit(ask(opened("./libx.so", RTLD_NOW), "f") != 6 || ask(y, "f") != 7 || dlclose(y) != 0);
        }
        waitpid(child, &status, 0);
        wrong = status;
    }
    stop = 1;
    pthread_join(thread, NULL);
    return wrong != 0;
}
C
    timeout -s KILL 30 ./prog
}

@test "fork: while threads begin, end and get thread-local storage, the child can, too" {
    library libx.so <<<'__thread int x = 6; int f(void) { return x; }'
    ours prog <<'C'
static volatile int stop;
static void *x;
static void *touch(void *nothing)
{
    ask(x, "f");
    return nothing;
}
static void *run(void *nothing)
{
    pthread_t thread;
    while (!stop)
        if (pthread_create(&thread, NULL, touch, NULL) == 0)
            pthread_join(thread, NULL);
    return nothing;
}
int main(void)
{
    pthread_t threads[2], thread;
    int status = 0, wrong = 0;
    x = opened("./libx.so", RTLD_NOW);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, run, NULL);
    for (int i = 0; i < 300 && !wrong; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(pthread_create(&thread, NULL, touch, NULL) || pthread_join(thread, NULL));
        waitpid(child, &status, 0);
        wrong = status;
    }
    stop = 1;
    return wrong != 0;
}
C
    timeout -s KILL 20 ./prog
}

# ---- what outlives the group that it came with

# liba is linked so that it stays (1: -z nodelete; 2: by a unique symbol that the program's reference keeps)
survivor() {
    library libb.so -Wl,-z,lazy <<<'int b(void) { return 5; }'
    library liba.so -Wl,-z,lazy,-z,nodelete,--no-as-needed libb.so <<<'int own(void) { return 40; } int b(void);
        __attribute__((noinline)) int other(void) { return own() + b(); } int a(void) { return other(); }
        int later(void) { return own() + b() + 1; }'
    library libside.so -Wl,-z,lazy <<<'int side(void) { return 3; }'
    library libroot.so -Wl,-z,lazy,--no-as-needed libside.so liba.so <<<'int a(void); int root(void) { return a(); }'
    ours prog <<'C'
static int (*a)(void);
int main(void)
{
    void *root = opened("./libroot.so", RTLD_LAZY);
    a = (int (*)(void))dlsym(root, "a");
    int (*later)(void) = (int (*)(void))dlsym(root, "later");
    int closed = dlclose(root);
    printf("close %d, root mapped %d, side mapped %d\n", closed, mapped("libroot.so"), mapped("libside.so"));
    /* lazily, within what is left, and to what it needs */
    printf("a %d, later %d\n", a(), later());
    /* opened, and closed, in its own right */
    void *again = opened("./liba.so", RTLD_LAZY);
    printf("again %d\n", ask(again, "own"));
    printf("close %d\n", dlclose(again));
    printf("a %d\n", a());
    /* with the root once more, whose group it is in again */
    root = opened("./libroot.so", RTLD_LAZY);
    printf("root %d\n", ask(root, "root"));
    dlclose(root);
    return printf("a %d\n", a()) < 0;
}
C
    ./prog
}

@test "dlclose: what outlives its group (-z nodelete) binds lazily to itself and to what it needs, as on glibc" {
    same_as_glibc survivor
    [[ $output == $'close 0, root mapped 0, side mapped 0\na 45, later 46\nagain 40\nclose 0\na 45\nroot 45\na 45' ]]
}

bound_survivor() {
    library libkeeper.so -Wl,-z,lazy <<<'int helper(void) { return 2; } int found(void) { return helper() + 30; }
        __attribute__((noinline)) int second(void) { return helper() + 40; }'
    library libroot.so -Wl,-z,lazy,--no-as-needed libkeeper.so <<<'int found(void); int root(void) { return found(); }'
    library libuser.so -Wl,-z,lazy <<<'#include <dlfcn.h>
        int second(void) __attribute__((weak)); int use(void) { return second ? second() : -1; }'
    ours prog <<'C'
int main(void)
{
    void *root = opened("./libroot.so", RTLD_LAZY | RTLD_GLOBAL), *user = opened("./libuser.so", RTLD_LAZY);
    printf("use %d\n", ask(user, "use"));
    dlclose(root);
    printf("root mapped %d, keeper mapped %d\n", mapped("libroot.so"), mapped("libkeeper.so"));
    printf("use %d\n", ask(user, "use"));
    dlclose(user);
    return printf("keeper mapped %d\n", mapped("libkeeper.so")) < 0;
}
C
    ./prog
}

@test "dlclose: what another library is bound to outlives its group, and binds lazily to itself" {
    bound_survivor_ours() {
        CC=$UCC bound_survivor
    }
    run bound_survivor_ours
    [[ $output == $'use 42\nroot mapped 0, keeper mapped 1\nuse 42\nkeeper mapped 0' ]]
}

@test "dlsym(RTLD_DEFAULT) in what outlives its group finds its own and what it needs" {
    default_survivor() {
        library libb.so <<<'int b(void) { return 5; }'
        library liba.so -Wl,-z,nodelete,--no-as-needed libb.so -D_GNU_SOURCE <<<'#include <dlfcn.h>
            int own(void) { return 7; }
            int look(void) { int (*o)(void) = dlsym(RTLD_DEFAULT, "own"), (*b)(void) = dlsym(RTLD_DEFAULT, "b");
                return (o ? o() : 0) * 10 + (b ? b() : 0); }'
        library libroot.so -Wl,--no-as-needed liba.so <<<'int root;'
        ours prog <<<'int main(void) { void *root = opened("./libroot.so", RTLD_LAZY);
            int (*look)(void) = (int (*)(void))dlsym(root, "look"); printf("%d\n", look()); dlclose(root);
            return printf("%d\n", look()) < 0; }'
        ./prog
    }
    same_as_glibc default_survivor
    [[ $output == $'75\n75' ]]
}

@test "dlopen: nobody is bound to a library while it may still fail" {
    # the failing one had joined the scopes of what it needs before it was relocated; here an indirect
    # function's resolver binds in the midst of that, and a place in front of libgood's is free
    failing() {
        open_library dep <<<'int who(void); int dep(void) { return who(); }'
        open_library spare ./libdep.so <<<'int spare;'
        open_library good ./libdep.so <<<'int who(void) { return 1; }'
        open_library mid ./libdep.so <<<'int dep(void); static int nine(void) { return 9; }
            static void *resolver(void) { dep(); return nine; }
            int mid(void) __attribute__((ifunc("resolver")));'
        open_library use ./libmid.so <<<'int mid(void); int (*pointer)(void) = mid;'
        open_library bad ./libuse.so ./libdep.so <<<'int nosuch(void); int who(void) { return 2; } int bad(void) { return nosuch(); }'
        open_program main <<<'int main(void) { void *spare = opened("./libspare.so", RTLD_LAZY), *good = opened("./libgood.so", RTLD_LAZY);
            dlclose(spare);
            printf("bad: %d\n", dlopen("./libbad.so", RTLD_NOW) != NULL);
            return printf("who: %d\n", ask(good, "dep")) < 0; }'
        limited ./main
    }
    same_as_glibc failing
    [[ $output == $'bad: 0\nwho: 1' ]]
}

@test "dlopen: flags that musl takes" {
    tiny libx.so <<<'.globl x; x: ret'
    CC=musl-gcc open_program main <<<'int main(void) { int flags[] = {0, RTLD_GLOBAL, RTLD_NOLOAD, RTLD_NODELETE};
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
        open_program other <<<'int main(void) { return 0; }'
        open_program main <<<'int main(void) { return printf("%d\n", dlopen("./other", RTLD_NOW) != NULL) < 0; }'
        limited ./main
    }
    same_as_glibc opens_program
    [[ $output == 0 ]]
}

@test "LD_BIND_NOW and --bind=now are for what dlopen() brings, too" {
    bind_now() {
        open_library lacks <<<'int nosuch(void); int lacks(int yes) { return yes ? nosuch() : 3; }'
        open_program main <<<'int main(void) { return printf("%d\n", dlopen("./liblacks.so", RTLD_LAZY) != NULL) < 0; }'
        limited ./main
        LD_BIND_NOW=1 limited ./main
    }
    same_as_glibc bind_now
    [[ $output == $'1\n0' ]]
    cd rt
    run -0 "$LINKER" --bind=now ./main
    [[ $output == 0 ]]
}

next_in_group() {
    open_library second <<<'int f(void) { return 2; }'
    open_library first libsecond.so <<<'int f(void) { return 10 + ask(RTLD_NEXT, "f"); } int first(void) { return f(); }'
    open_library top libfirst.so libsecond.so <<<'int top(void) { return ask(RTLD_NEXT, "f") + ask(RTLD_NEXT, "top"); }'
    open_program prog <<'C'
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
