#!/usr/bin/env bats
# rt: from names to definitions. The same sources run on glibc's linker wherever it has the feature, and have
# to print the same.

# shellcheck disable=SC2016,SC2154,SC2086 # bats sets output; lists of words are meant
load helper
load rt/helper

setup_file() {
    build_edit
}

setup() {
    rt_setup
}

# 400 functions f0…f399, each of which returns its number.
many() {
    local i
    for ((i = 0; i < 400; i++)); do
        echo "int f$i(void) { return $i; }"
    done | library "$@"
}

# Looks all of them up, and as many that do not exist.
all_of_them() {
    program prog ./libmany.so -rdynamic <<<'#include <dlfcn.h>
        #include <stdio.h>
        extern int f399(void);
        int main(void)
        {
            int good = f399() == 399, absent = 0;
            for (int i = 0; i < 400; i++) {
                char name[16];
                sprintf(name, "f%d", i);
                int (*f)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, name);
                good += f != NULL && f() == i;
                sprintf(name, "g%d", i);
                absent += dlsym(RTLD_DEFAULT, name) == NULL;
            }
            printf("%d %d\n", good, absent);
            return 0;
        }'
}

@test "hash tables: GNU's, SysV's, and both find all 400 names and none that is not there" {
    for style in gnu sysv both; do
        many libmany.so -Wl,--hash-style=$style
        case $style,$(readelf -dW libmany.so | grep -oE '\((GNU_)?HASH\)' | tr '\n' ' ') in
        'gnu,(GNU_HASH) ' | 'sysv,(HASH) ' | 'both,(HASH) (GNU_HASH) ' | 'both,(GNU_HASH) (HASH) ') ;;
        *) false ;;
        esac
        all_of_them
        run -0 ./prog
        [[ $output == '401 400' ]]
    done
}

@test "hash tables: what the Bloom filter says is not there is not looked for, as with glibc" {
    blind() {
        many libmany.so
        words=$(($(edit libmany.so gnu.2)))
        for ((i = 0; i < words; i++)); do
            edit libmany.so gnu.$((4 + 2 * i))=0 gnu.$((5 + 2 * i))=0
        done
        program ask -rdynamic -Wl,--no-as-needed ./libmany.so <<<'#include <dlfcn.h>
            #include <stdio.h>
            int main(void) { puts(dlsym(RTLD_DEFAULT, "f7") ? "there" : "not there"); return 0; }'
        ./ask
    }
    same_as_glibc blind
    [[ $output == 'not there' ]]
}

# w a b c…: libraries that return their names; the program prints which definition it got.
scope() {
    for name in c b a; do
        library lib$name.so ${needs[$name]} -Wl,-rpath,. <<<"const char *who(void) { return \"$name\"; }
            const char *only_$name(void) { return who(); }"
    done
    program prog -Wl,--no-as-needed liba.so libb.so -Wl,-rpath,. "$@" <<<'#include <stdio.h>
        extern const char *who(void), *only_a(void), *only_b(void);
        #ifdef OWN
        const char *who(void) { return "program"; }
        #endif
        int main(void) { printf("%s %s %s\n", who(), only_a(), only_b()); return 0; }'
    ./prog
    LD_BIND_NOW=1 ./prog
}

@test "scope: the first in breadth first order defines a name for all, the program before them" {
    declare -A needs=([a]=libc.so)
    same_as_glibc scope
    [[ $output == $'a a a\na a a' ]]
    same_as_glibc scope -DOWN -rdynamic
    [[ $output == $'program program program\nprogram program program' ]]
}

@test "scope: breadth first, not depth first" {
    wide() {
        library libdeep.so <<<'const char *who(void) { return "deep"; }'
        library libx.so ./libdeep.so -Wl,--no-as-needed <<<'int x;'
        library liby.so <<<'const char *who(void) { return "wide"; }'
        program prog -Wl,--no-as-needed ./libx.so ./liby.so -Wl,-rpath,. <<<'#include <stdio.h>
            extern const char *who(void); int main(void) { puts(who()); return 0; }'
        ./prog
    }
    same_as_glibc wide
    [[ $output == wide ]]
}

@test "scope: -Bsymbolic: an object's own definition is before everyone's" {
    symbolic() {
        for kind in -Bsymbolic -Bsymbolic-functions -z,defs; do
            library lib.so -Wl,$kind <<<'int datum = 1; const char *who(void) { return "library"; }
                int get(void) { return datum; } const char *ask(void) { return who(); }'
            program prog ./lib.so -rdynamic -fPIE -pie <<<'#include <stdio.h>
                extern const char *ask(void); extern int get(void);
                int datum = 2; const char *who(void) { return "program"; }
                int main(void) { printf("%s %d\n", ask(), get()); return 0; }'
            ./prog
        done
    }
    same_as_glibc symbolic
    [[ $output == $'library 1\nlibrary 2\nprogram 2' ]]
}

# Usually ld binds the names of -Bsymbolic already; here it has not, and only the tag says so.
tagged() {
    for tag in 16 30; do
        library lib.so <<<'int datum = 1; const char *who(void) { return "library"; }
            int get(void) { return datum; } const char *ask(void) { return who(); }'
        edit lib.so dyn.RELACOUNT.0.tag=$tag dyn.RELACOUNT.0.value=2 # DT_SYMBOLIC; DT_FLAGS: DF_SYMBOLIC
        program prog ./lib.so -rdynamic -fPIC <<<'#include <stdio.h>
            extern const char *ask(void); extern int get(void);
            int datum = 2; const char *who(void) { return "program"; }
            int main(void) { printf("%s %d\n", ask(), get()); return 0; }'
        ./prog
    done
}

@test "scope: DT_SYMBOLIC and DF_SYMBOLIC are for the linker at run time too" {
    same_as_glibc tagged
    [[ $output == $'library 1\nlibrary 1' ]]
}

@test "weak: a weak definition that comes first is the definition; an undefined weak one is 0" {
    weak() {
        library liba.so <<<'__attribute__((weak)) const char *who(void) { return "weak"; }'
        library libb.so <<<'const char *who(void) { return "strong"; }'
        for order in './liba.so ./libb.so' './libb.so ./liba.so'; do
            program prog -Wl,--no-as-needed $order <<<'#include <stdio.h>
                extern const char *who(void);
                __attribute__((weak)) extern int nobody_function(void), nobody_datum;
                int main(void)
                {
                    printf("%s %d %d\n", who(), nobody_function == NULL, &nobody_datum == NULL);
                    return 0;
                }'
            ./prog
        done
    }
    same_as_glibc weak
    [[ $output == $'weak 1 1\nstrong 1 1' ]]
}

@test "undefined: a datum is told at start, a function at its first call, or at start if bound now" {
    library lib.so <<<'int datum; int function(void) { return 1; }'
    program data ./lib.so -fPIE <<<'extern int datum; int main(void) { return datum; }'
    program call ./lib.so -Wl,-z,lazy <<<'#include <stdio.h>
        extern int function(void);
        int main(void) { puts("before"); fflush(stdout); return function(); }'
    library lib.so <<<'int other;'
    run -127 --separate-stderr ./data
    [[ ${#stderr_lines[@]} -eq 1 && $stderr == *'./data'*datum*'not defined'* ]]
    run -127 --separate-stderr ./call
    [[ ${#stderr_lines[@]} -eq 1 && $stderr == *'./call'*function*'not defined'* && $output == before ]]
    LD_BIND_NOW=1 run -127 --separate-stderr ./call
    [[ $stderr == *'./call'*function*'not defined'* && -z $output ]]
}

# Two libraries that are not in each other's scope, and each defines the symbol.
unique() {
    for name in one two; do
        library $name.so <<<"__asm__(\".data; .globl it; .type it, @$1; .size it, 4; it: .long 5; .text\");
            extern int it; int *address(void) { return &it; }"
    done
    program prog -Wl,-z,now <<<'#include <dlfcn.h>
        #include <stdio.h>
        int main(void)
        {
            int *where[2];
            const char *name[] = {"./one.so", "./two.so"};
            for (int i = 0; i < 2; i++) {
                void *handle = dlopen(name[i], RTLD_NOW | RTLD_LOCAL);
                where[i] = ((int *(*)(void))dlsym(handle, "address"))();
                printf("%d ", dlsym(handle, "it") == where[i]);
            }
            printf("%s\n", where[0] == where[1] ? "one" : "two");
            return 0;
        }'
    ./prog
}

@test "STB_GNU_UNIQUE is one in the process, even where libraries do not see each other" {
    same_as_glibc unique gnu_unique_object
    [[ $output == *one ]]
    same_as_glibc unique object
    [[ $output == *two ]]
}

@test "visibility: protected is the object's own, and others' too; hidden is nobody else's" {
    visible() {
        library lib.so <<<'__attribute__((visibility("protected"))) const char *who(void) { return "library"; }
            __attribute__((visibility("hidden"))) int hidden(void) { return 1; }
            const char *ask(void) { return hidden() ? who() : "?"; }
            const char *(*pointer)(void) = who;'
        program prog -rdynamic -fPIE ./lib.so <<<'#include <dlfcn.h>
            #include <stdio.h>
            extern const char *ask(void);
            extern const char *(*pointer)(void);
            const char *who(void) { return "program"; }
            int main(void)
            {
                const char *(*next)(void) = (const char *(*)(void))dlsym(RTLD_NEXT, "who");
                printf("%s %s %s %s %d\n", ask(), who(), pointer(), next(), dlsym(RTLD_DEFAULT, "hidden") == NULL);
                return 0;
            }'
        ./prog
    }
    same_as_glibc visible
    [[ $output == 'library program library library 1' ]]
}

@test "visibility: a hidden definition in the table is passed over" {
    hidden() {
        library liba.so <<<'const char *who(void) { return "a"; }'
        library libb.so <<<'const char *who(void) { return "b"; }'
        program prog -Wl,--no-as-needed ./liba.so ./libb.so <<<'#include <stdio.h>
            extern const char *who(void); int main(void) { puts(who()); return 0; }'
        edit liba.so sym.who.other=2
        ./prog
        edit liba.so sym.who.other=0 sym.who.info=2 # local
        ./prog
    }
    same_as_glibc hidden
    [[ $output == $'b\nb' ]]
}

@test "absolute symbols do not move with the object, as with glibc" {
    absolute() {
        library lib.so -Wl,--defsym=fixed=0x1234 -Wl,--defsym=zero=0 <<<'int datum;'
        program prog -Wl,--no-as-needed ./lib.so <<<'#include <dlfcn.h>
            #include <stdio.h>
            int main(void) { dlerror();
                printf("%p", dlsym(RTLD_DEFAULT, "fixed"));
                printf(" %p", dlsym(RTLD_DEFAULT, "zero"));
                printf(" %d\n", dlerror() == NULL); return 0; }'
        ./prog | sed 's/(nil)/0/'
    }
    same_as_glibc absolute
    [[ $output == '0x1234 0 1' ]]
}

@test "a function's address is one for all, where the program's is its PLT entry" {
    addresses() {
        library lib.so <<<'int function(void) { return 1; }
            int (*pointer(void))(void) { return function; } int (*datum)(void) = function;'
        program prog ./lib.so -no-pie -fno-pic <<<'#include <dlfcn.h>
            #include <stdio.h>
            extern int function(void), (*pointer(void))(void), (*datum)(void);
            int main(void)
            {
                printf("%d %d %d %d\n", pointer() == function, datum == function,
                       dlsym(RTLD_DEFAULT, "function") == (void *)function, function());
                return 0;
            }'
        readelf --dyn-syms -W prog | awk '$NF == "function" { print ($2 != 0) }'
        timeout 10 ./prog
        LD_BIND_NOW=1 timeout 10 ./prog
    }
    same_as_glibc addresses
    [[ $output == $'1\n1 1 1 1\n1 1 1 1' ]]
}

# versions FILE LAST: a library with who@V1 … who@@V<LAST>, each of which returns its version.
versions() {
    local i at='@' map='' code='' last=$2
    for ((i = 1; i <= last; i++)); do
        [ "$i" -lt "$last" ] || at='@@'
        code+="const char *who$i(void) { return \"V$i\"; }
            __asm__(\".symver who$i, who${at}V$i\");"
        map+="V$i { global: who; ${3-} local: who?; };"
    done
    echo "$map" >"$1.map"
    library "$1" "-Wl,--version-script=$1.map" <<<"$code"
}

asks() {
    program "$@" <<<'#include <stdio.h>
        extern const char *who(void);
        int main(void) { puts(who()); return 0; }'
}

@test "versions: a program gets the one it was linked with; a new one the default" {
    default() {
        mkdir -p old
        versions old/libwho.so 1
        asks before old/libwho.so -Wl,-rpath,.
        versions libwho.so 3
        asks after ./libwho.so
        for now in '' 1; do
            LD_BIND_NOW=$now ./before
            LD_BIND_NOW=$now ./after
        done
    }
    same_as_glibc default
    [[ $output == $'V1\nV3\nV1\nV3' ]]
}

no_version() {
    mkdir -p old
    library old/libwho.so <<<'const char *who(void) { return "none"; }'
    program prog old/libwho.so -Wl,-rpath,. -D_GNU_SOURCE <<<'#include <dlfcn.h>
        #include <stdio.h>
        extern const char *who(void);
        extern void *dlvsym(void *, const char *, const char *);
        int main(void)
        {
            const char *version[] = {"V1", "V2", "V3", "V4"};
            printf("%s %s", who(), ((const char *(*)(void))dlsym(RTLD_DEFAULT, "who"))());
            for (int i = 0; i < 4; i++) {
                const char *(*f)(void) = (const char *(*)(void))dlvsym(RTLD_DEFAULT, "who", version[i]);
                printf(" %s", f == NULL ? "-" : f());
            }
            puts("");
            return 0;
        }'
    versions libwho.so 3
    for now in '' 1; do
        LD_BIND_NOW=$now ./prog
    done
}

@test "versions: who was linked with none gets the oldest; dlsym the default; dlvsym what it asks for" {
    same_as_glibc no_version
    [[ $output == $'V1 V3 V1 V2 V3 -\nV1 V3 V1 V2 V3 -' ]]
}

@test "versions: one that is not defined by the library is told at load, and nothing has run" {
    versions libwho.so 3
    asks prog ./libwho.so
    versions libwho.so 2
    run -127 --separate-stderr ./prog
    [[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
    [[ $stderr == *'./prog: version V3 is not defined by ./libwho.so'* ]]
    # a weak need (VER_FLG_WEAK) does not count at load
    edit prog verneed.0.aux_flags=2
    run -127 --separate-stderr ./prog
    [[ $stderr != *'version V3 is not defined by'* && $stderr == *who@V3* ]]
}

@test "versions: a need of a library that has none at all is met, and so are references" {
    mkdir with
    versions with/libwho.so 3
    asks prog with/libwho.so -Wl,-rpath,.
    library libwho.so <<<'const char *who(void) { return "plain"; }'
    for now in '' 1; do
        LD_BIND_NOW=$now run -0 --separate-stderr ./prog
        [[ $output == plain && -z $stderr ]]
    done
}

@test "versions: a library built on glibc runs on libc-min, which has none" {
    CC=gcc library lib.so <<<'#include <stdlib.h>
        #include <string.h>
        int value(void) { char *p = malloc(30); strcpy(p, "41"); int n = atoi(p) + 1; free(p); return n; }'
    [[ $(readelf -dW lib.so) == *'libc.so.6'* && $(readelf -VW lib.so) == *GLIBC_2.2.5* ]]
    program prog ./lib.so <<<'#include <stdio.h>
        extern int value(void); int main(void) { printf("%d\n", value()); return 0; }' -Wl,--allow-shlib-undefined
    for now in '' 1; do
        LD_BIND_NOW=$now run -0 --separate-stderr ./prog
        [[ $output == 42 && -z $stderr ]]
    done
}

@test "versions: where all are hidden there is no answer for who asks for none" {
    only_hidden() {
        echo 'V1 { global: two; one; }; V2 { global: two; };' >map
        library lib.so -Wl,--version-script=map <<<'int a(void) { return 1; } int b(void) { return 2; } int c(void) { return 3; }
            __asm__(".symver a, two@V1; .symver b, two@V2; .symver c, one@V1");'
        program prog -Wl,--no-as-needed ./lib.so <<<'#include <dlfcn.h>
            #include <stdio.h>
            int main(void)
            {
                int (*two)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "two");
                int (*one)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "one");
                printf("%d %d\n", two ? two() : 0, one ? one() : 0);
                return 0;
            }'
        ./prog
    }
    same_as_glibc only_hidden
    [[ $output == '0 0' ]]
}

@test "versions: an interposed definition without versions satisfies a versioned reference" {
    interposed() {
        versions libwho.so 2
        asks prog ./libwho.so
        library preload.so <<<'const char *who(void) { return "preloaded"; }'
        versions other.so 1
        for now in '' 1; do
            LD_BIND_NOW=$now LD_PRELOAD=./preload.so ./prog
            LD_BIND_NOW=$now LD_PRELOAD=./other.so ./prog
        done
    }
    same_as_glibc interposed
    [[ $output == $'preloaded\nV2\npreloaded\nV2' ]]
}

# 8 libraries with 60 functions each and 10 that all of them define; each refers to all the others, so
# that rt merges the tables for so many lookups. Number $1 has only a SysV table.
crowd() {
    local i j style
    for ((i = 0; i < 8; i++)); do
        style=gnu
        [ "$i" -ne "$1" ] || style=sysv
        {
            for ((j = 0; j < 60; j++)); do
                echo "int f${i}_$j(void) { return $i * 100 + $j; }"
                echo "extern int f$(((i + j) % 8))_$((j * 7 % 60))(void);"
            done
            for ((j = i % 5; j < 10; j++)); do
                echo "int common$j(void) { return $i * 10 + $j; }"
            done
            for ((j = 0; j < 10; j++)); do
                echo "extern int common$j(void);"
            done
            echo "int sum$i(void) { int s = 0;"
            for ((j = 0; j < 60; j++)); do
                echo "s = s * 3 + f$(((i + j) % 8))_$((j * 7 % 60))();"
            done
            for ((j = 0; j < 10; j++)); do
                echo "s = s * 3 + common$j();"
            done
            echo 'return s & 0xffff; }'
        } | library libcrowd$i.so -O0 -fwrapv -Wl,--hash-style=$style -Wl,-z,now
    done
    {
        echo '#include <stdio.h>'
        for ((i = 0; i < 8; i++)); do
            echo "extern int sum$i(void);"
        done
        echo 'int main(void) {'
        for ((i = 0; i < 8; i++)); do
            echo "printf(\"%d \", sum$i());"
        done
        echo 'puts(""); return 0; }'
    } | program prog ./libcrowd?.so
    ./prog
    LD_PRELOAD=./libcrowd6.so ./prog
}

@test "many lookups: merged tables give what each object's own gives, as glibc's do" {
    same_as_glibc crowd -1
    [[ $(wc -w <<<"$output") -eq 16 && ${output%%$'\n'*} != "${output#*$'\n'}" ]]
}

@test "many lookups: an object with a SysV table among the merged ones keeps its place" {
    same_as_glibc crowd 4
    [[ $(wc -w <<<"$output") -eq 16 ]]
}

@test "a version that is missing: the message has the library that was to have it, and what was searched" {
    echo 'V1 { *; };' >map
    open_library v -Wl,--version-script=map <<<'int gone(void) { return 0; } int here;'
    open_program main ./libv.so -Wl,-z,now <<<'int gone(void); int main(void) { return gone(); }'
    open_library v -Wl,--version-script=map <<<'int here;'
    run -127 ./main
    [[ $output == *'gone@V1 '*'(wanted of libv.so); searched: '*main*libv.so*libc.so* ]]
}

@test "a library whose name begins with the program's does not pass for it in a message" {
    library prog.so <<<'int nobody(void); int x(void) { return nobody(); }'
    program prog prog.so -Wl,--unresolved-symbols=ignore-all \
        <<<'int x(void); int main(void) { return x(); }'
    LD_BIND_NOW=1 run -127 ./prog
    [[ $output == 'ld-uexec.so.1: ./prog: ./prog.so: symbol nobody is not defined'* ]]
}
