#!/usr/bin/env bats
# rt: undefined names. uexec checks before anything of a program runs: --linker=auto then takes the program's
# own interpreter, --linker=rt prints one line with the names.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2317 # bats sets output, and calls the functions
load helper
load rt/helper

# A name of musl's libc that libc-min lacks; the tests that need one are skipped when none is left.
lacking() {
    local name
    for name in fmtmsg cuserid aio_read getutent regcomp wordexp; do
        readelf --dyn-syms -W "$BUILD/lib/libc.so" | grep -qE " $name(@|$)" && continue
        readelf --dyn-syms -W "$MUSL" | grep -qE " $name(@|$)" && echo "$name" && return
    done
    skip "libc-min has all names that are tried"
}

setup() {
    need_command musl-gcc
    need_file "$MUSL"
    rt_setup
    CC=musl-gcc
}

# caller FILE [OPTION]...: a program that works for a while, calls the function $name, and continues.
caller() {
    program "$1" -w -Wl,-z,lazy "${@:2}" <<<"#include <stdio.h>
        #include <stdlib.h>
        void $name(); void (*volatile f)();
        static void last(void) { fputs(\"atexit\\n\", stdout); }
        int main(int argc, char **argv) { atexit(last); fputs(\"buffered\\n\", stdout);
            if (argc > 1) $name(0, 0, 0, 0); fputs(\"end\\n\", stdout); return 0; }"
}

@test "auto: what libc-min lacks sends a program to its own interpreter, before anything of it has run" {
    name=$(lacking)
    [[ $name != *' '* ]] || skip "$name"
    caller main
    run -0 ./main
    native=$output
    run -0 "$UEXEC" ./main
    [[ $output == "$native" ]]
    # arguments, argv[0], environment, descriptors, standard input are the same
    program show -w -Wl,-z,lazy <<<"#include <stdio.h>
        #include <stdlib.h>
        #include <unistd.h>
        #include <fcntl.h>
        void $name();
        int main(int argc, char **argv) { for (int i = 0; i < argc; i++) printf(\"%s|\", argv[i]);
            printf(\"%s|%s|%s|\", getenv(\"SHOWN\"), getenv(\"UNSET\") ? \"set\" : \"unset\", getenv(\"LD_PRELOAD\"));
            for (int i = 3; i < 256; i++) if (fcntl(i, F_GETFD) >= 0) printf(\"fd %d|\", i);
            int c = getchar(); printf(\"%c\\n\", c); if (argc > 99) $name(); return 42; }"
    run -42 env SHOWN=yes bash -c 'exec -a other ./show "" "a b" -- --linker=rt <<<x'
    native=$output
    run -42 env SHOWN=yes "$UEXEC" -a other ./show "" "a b" -- --linker=rt <<<x
    [[ $output == "$native" ]]
    run -42 "$UEXEC" --argv0 -- -E SHOWN=yes ./show <<<x
    [[ $output == '--|yes|unset|(null)|'*x ]]
    # the process is as execve would have made it: nothing of rt or of libc-min
    program maps -w -Wl,-z,lazy <<<"#include <stdio.h>
        #include <unistd.h>
        void $name();
        int main(int argc, char **argv) { char line[512]; FILE *f = fopen(\"/proc/self/maps\", \"r\");
            while (fgets(line, sizeof line, f)) fputs(line, stdout); if (argc > 1) $name(); return 0; }"
    run -0 "$UEXEC" ./maps
    [[ $output == *"$(realpath "$MUSL")"* && $output != *uexec.so* && $output != *"$BUILD/lib/libc.so"* ]]
    run "$UEXEC" -o report --maps ./main
    [[ $output == "$(./main)" && $(<report) == *"interpreter  $MUSL"* && $(<report) != *ld-uexec* ]]
}

@test "auto: a script's interpreter, and a program in PATH, too" {
    name=$(lacking)
    [[ $name != *' '* ]] || skip "$name"
    program interpreter -w -Wl,-z,lazy <<<"#include <stdio.h>
        void $name();
        int main(int argc, char **argv) { for (int i = 0; i < argc; i++) printf(\"%s|\", argv[i]); if (argc > 99) $name(); return 0; }"
    printf '#!%s/interpreter an option\n' "$PWD" >script
    chmod +x script
    run -0 ./script x y
    native=$output
    run -0 "$UEXEC" ./script x y
    [[ $output == "$native" ]]
    PATH=$PWD:$PATH run -0 "$UEXEC" script x y
    [[ $output == "$PWD/interpreter|an option|"*'script|x|y|' ]]
}

@test "auto: -v says why; --bind=lazy and a trace of rt's steps are answered by rt" {
    name=$(lacking)
    [[ $name != *' '* ]] || skip "$name"
    caller main
    run -0 --separate-stderr "$UEXEC" -v ./main
    [[ $stderr == *"uexec: ./main: "*"not defined: $name (for main)"*"its own linker, $MUSL, links it"* ]]
    [[ $output == "$(./main)" ]]
    run -0 --separate-stderr "$UEXEC" ./main
    [[ -z $stderr ]]
    run -0 "$UEXEC" --bind=lazy ./main
    [[ $output == "$(./main)" ]]
    run -127 --separate-stderr "$UEXEC" --bind=lazy ./main call
    [[ $stderr == *": ./main: symbol $name is not defined"* ]]
    run -127 --separate-stderr "$UEXEC" --trace=dl ./main
    [[ $output == '' && ${#stderr_lines[@]} == 1 && $stderr == *"$name"* ]]
    run -0 "$UEXEC" --bind=now ./main
    [[ $output == "$(./main)" ]]
}

@test "--linker=rt: one line at the start lists what is missing, for whom, where it was looked for, and what helps" {
    name=$(lacking)
    [[ $name != *' '* ]] || skip "$name"
    library libwas.so -nostdlib <<<'int gone(void) { return 0; } int gone_too(void) { return 0; }'
    library libuser.so libwas.so <<<'int gone_too(void); int user(void) { return gone_too(); }'
    program main -w -Wl,-z,lazy,--no-as-needed libuser.so libwas.so <<<"#include <stdio.h>
        int gone(void), user(void), $name(); int main(int argc, char **argv) { puts(\"main\"); fflush(stdout);
        return argc > 1 ? gone() + user() + $name() : 0; }"
    program plain -w -Wl,-z,lazy,--no-as-needed libwas.so <<<'int gone(void);
        int main(int argc, char **argv) { return argc > 1 ? gone() : 0; }'
    library libwas.so <<<'int other;'
    run -127 --separate-stderr "$UEXEC" --linker=rt ./main
    echo "$stderr"
    [[ -z $output && ${#stderr_lines[@]} == 1 ]]
    [[ $stderr == *'./main: 3 symbols are not defined: '* ]]
    [[ $stderr == *gone*' (for main)'* && $stderr == *'gone_too (for libuser.so)'* && $stderr == *$name* ]]
    [[ $stderr == *'; searched: main, libuser.so, libwas.so, libc.so; '* ]]
    [[ $stderr == *'libc-min lacks some of them: --linker=interp has them; --bind=lazy starts without, until one is called' ]]
    run -0 "$UEXEC" --linker=rt --bind=lazy ./main
    [[ $output == main ]]
    # started by the kernel, or rt by hand: the message comes at the first call, as with any ld.so
    run -0 "$LINKER" ./main
    [[ $output == main ]]
    # a name that no libc has gets no hint
    run -127 "$UEXEC" --linker=rt ./plain
    [[ $output == *'1 symbol is not defined: gone (for plain); searched: plain, libwas.so, libc.so; --bind=lazy starts without, until one is called' ]]
}

@test "--linker=rt --bind=now: that only a call is missing is said" {
    CC=$UCC
    library libwas.so <<<'int gone(void) { return 0; }'
    program main -Wl,-z,lazy libwas.so <<<'int gone(void); int main(int argc, char **argv) { return argc > 1 ? gone() : 0; }'
    library libwas.so <<<'int other;'
    run -127 "$UEXEC" --bind=now ./main
    [[ ${#lines[@]} == 1 && $output == *'gone (for main)'*'--bind=lazy starts without, until one is called' ]]
    LD_BIND_NOW=1 run -127 ./main
    [[ ${#lines[@]} == 1 && $output == *'symbol gone is not defined'*'bound now as asked for (LD_BIND_NOW, --bind=now, RTLD_NOW), not for a call of it' ]]
    # a call that the program itself wants bound now, or a reference that is no call, has no such way out
    library libwas.so <<<'int gone(void) { return 0; } int datum;'
    program now -Wl,-z,now libwas.so <<<'int gone(void); int main(int argc, char **argv) { return argc > 1 ? gone() : 0; }'
    program data -fPIE -pie -Wl,-z,lazy libwas.so <<<'int gone(void); int main(int argc, char **argv) { return argc > 99 ? *(int *)gone : 0; }'
    library libwas.so <<<'int other;'
    for file in now data; do
        run -127 "$UEXEC" --linker=rt ./$file
        [[ ${#lines[@]} == 1 && $output == *'gone (for '$file'); searched: '$file', libwas.so, libc.so' ]]
    done
}

@test "a name that is missing: what is near by name is said, who was searched, and no wrong hint" {
    CC=$UCC
    library libwas.so <<<'int open_window(void) { return 0; }'
    program main -Wl,-z,lazy libwas.so <<<'int open_window(void); int main(void) { return open_window(); }'
    library libwas.so <<<'int open_windows(void) { return 0; } int close_window(void) { return 0; }'
    run -127 ./main
    [[ ${#lines[@]} == 1 && $output == *"./main: symbol open_window is not defined by any object that it may use; searched: main, libwas.so, libc.so; near by name: open_windows in libwas.so" ]]
    # at the start, too
    run -127 "$UEXEC" --linker=rt ./main
    [[ ${#lines[@]} == 1 && $output == *"1 symbol is not defined: open_window (for main); searched: main, libwas.so, libc.so; near by name: open_windows in libwas.so; --bind=lazy starts"* ]]
    # in a group that dlopen() loads, which is searched as well
    library libneeded.so <<<'int needed(void) { return 0; }'
    library libuser.so libneeded.so <<<'int entirely_else(void); int needed(void); int user(void) { return needed() + entirely_else(); }'
    { echo '#include "rt/open.h"' && cat -; } <<<'int main(void) { return puts(dlopen("./libuser.so", RTLD_NOW) ? "there" : dlerror()) < 0; }' |
        program opener -I"$BATS_TEST_DIRNAME" -w
    run -0 ./opener
    [[ $output == *"./libuser.so: symbol entirely_else is not defined by any object that it may use; searched: opener, libc.so, libuser.so, libneeded.so; bound now as asked for"* ]]
    # control characters in names do not get into dlerror()'s text, nor into messages
    cp libuser.so $'lib\e[31m\n\xc2\x9bx.so'
    { echo '#include "rt/open.h"' && cat -; } <<<'int main(int c, char **v) { return puts(dlopen(v[1], RTLD_NOW) ? "there" : dlerror()) < 0; }' |
        program opener -I"$BATS_TEST_DIRNAME" -w
    run -0 ./opener $'./lib\e[31m\n\xc2\x9bx.so'
    [[ ${#lines[@]} == 1 && $output != *[$'\e\x9b']* && $output == *'searched: opener, libc.so, lib?[31m???x.so, libneeded.so; bound'* ]]
    # for a short name, half of it is not similar enough
    program main -Wl,-z,lazy libwas.so <<<'int open_windows(void), clos(void), drop(void); int main(void) { return open_windows(); }'
    library libwas.so <<<'int gone(void); int open_windows(void) { return gone(); } int goner(void) { return 0; }'
    run -127 ./main
    [[ $output == *'near by name: goner in libwas.so' ]]
    library libwas.so <<<'int gone(void); int open_windows(void) { return gone(); }'
    run -127 ./main
    [[ $output != *'near by name'* ]]
}

@test "a name of glibc's alone: --linker=interp is the way out for a program of glibc's, and for no other" {
    local cc
    CC=gcc library libwants.so <<<'const char *gnu_get_libc_version(void); int wants(void) { return gnu_get_libc_version()[0]; }'
    for cc in gcc musl-gcc "$UCC"; do
        CC=$cc program "$(basename "$cc")-main" -Wl,-z,lazy,--allow-shlib-undefined libwants.so \
            <<<'int wants(void); int main(void) { return wants(); }'
    done
    run -127 "$UEXEC" --linker=rt ./gcc-main
    [[ ${#lines[@]} == 1 && $output == *'gnu_get_libc_version (for libwants.so)'*'; libc-min lacks it: --linker=interp has it'* ]]
    for rules in musl glibc; do
        run -127 "$UEXEC" --linker=rt --rules=$rules ./musl-gcc-main
        [[ ${#lines[@]} == 1 && $output == *'gnu_get_libc_version (for libwants.so)'* && $output != *interp* ]]
    done
    run -127 "$UEXEC" --linker=rt --rules=glibc --bind=lazy ./musl-gcc-main
    [[ ${#lines[@]} == 1 && $output == *'gnu_get_libc_version@GLIBC_2.2.5 is not defined'* && $output != *interp* ]]
    run -127 "$UEXEC" --linker=rt ./ucc-main
    [[ ${#lines[@]} == 1 && $output == *'gnu_get_libc_version (for libwants.so)'* && $output != *interp* ]]
    run -127 ./ucc-main
    [[ ${#lines[@]} == 1 && $output == *'gnu_get_libc_version@GLIBC_2.2.5 is not defined'* && $output != *interp* ]]
    # a name with glibc's version that musl defines is found there
    name=$(lacking)
    [[ $name != *' '* ]] || skip "$name"
    CC=gcc library libwants.so -w <<<"void $name(); int wants(void) { $name(); return 0; }"
    run -127 "$UEXEC" --linker=rt --rules=glibc ./musl-gcc-main
    [[ ${#lines[@]} == 1 && $output == *'; libc-min lacks it: --linker=interp has it'* ]]
}

@test "auto: a program that names rt starts as under the kernel; so does one of musl's where there is no musl" {
    CC=$UCC
    library libwas.so <<<'int gone(void) { return 0; } int there(void) { return 5; }'
    program ours libwas.so <<<'#include <stdio.h>
        int gone(void), there(void); int main(int argc, char **argv) { return printf("%d\n", argc > 1 ? gone() : there()) < 0; }'
    library libwas.so <<<'int there(void) { return 5; }'
    run -0 ./ours
    run -0 "$UEXEC" ./ours
    [[ $output == 5 ]]
    run -0 "$UEXEC" -o maps --maps ./ours
    [[ $output == 5 ]]
    run -127 "$UEXEC" --linker=rt ./ours
    [[ ${#lines[@]} == 1 && $output == *': 1 symbol is not defined: gone (for ours)'* ]]
    CC=musl-gcc
    library libwas.so -nostdlib <<<'int gone(void) { return 0; } int there(void) { return 5; }'
    program alone libwas.so -Wl,-z,lazy,-dynamic-linker,/nowhere/ld-musl-x86_64.so.1 <<<'#include <stdio.h>
        int gone(void), there(void); int main(int argc, char **argv) { return printf("%d\n", argc > 1 ? gone() : there()) < 0; }'
    library libwas.so -nostdlib <<<'int there(void) { return 5; }'
    run -0 "$UEXEC" ./alone
    [[ $output == 5 ]]
    run -127 "$UEXEC" ./alone call
    [[ $output == *'symbol gone is not defined'* ]]
}

@test "auto: the report goes on in the same file or pipe when uexec starts again" {
    name=$(lacking)
    [[ $name != *' '* ]] || skip "$name"
    caller main
    run -0 "$UEXEC" --trace=load -o trace ./main
    [[ $(grep -c 'started again by rt, because a symbol is not defined' trace) == 1 ]]
    [[ $(grep -c ' is an ELF image' trace) == 2 ]]
    run -0 "$UEXEC" --trace=all -o trace ./main
    [[ $(grep -c "not defined: $name" trace) == 1 && $(grep -c ' is an ELF image' trace) == 2 ]]
    local options
    mkfifo pipe
    for options in --maps --trace=load --trace=all; do
        cat pipe >read &
        run -0 timeout 20 "$UEXEC" $options -o pipe ./main
        wait
        [[ -s read ]]
    done
    # nothing stays open if uexec does not start again
    program descriptors <<<'#include <fcntl.h>
        int main(void) { int open = 0; for (int i = 200; i < 256; i++) open += fcntl(i, F_GETFD) >= 0; return open; }'
    run ./descriptors
    native=$status
    run -$native "$UEXEC" -o report --maps ./descriptors
}

@test "auto: who asks for what only rt does, or traces the start, is told what is missing" {
    name=$(lacking)
    [[ $name != *' '* ]] || skip "$name"
    caller main
    local options
    for options in --rules=glibc --rules=musl --textrel=allow --trace=bind; do
        run -127 --separate-stderr "$UEXEC" $options ./main
        [[ ${#stderr_lines[@]} == 1 && $stderr == *": 1 symbol is not defined: $name"*'--linker=interp has it'* ]]
    done
    need_command strace
    run -127 strace -o /dev/null "$UEXEC" --stop ./main
    [[ $output == *": 1 symbol is not defined: $name"* ]]
}

@test "UEXEC_TRACE is for rt where uexec does not start it" {
    CC=$UCC program main <<<'int main(void) { return 0; }'
    run -0 env UEXEC_TRACE=init ./main
    [[ $output == *' init: '* ]]
    run -0 env UEXEC_TRACE=init "$UEXEC" ./main
    [[ -z $output ]]
}

@test "--linker=rt: of many names 24 are listed" {
    local i names='' calls=''
    for i in {10..49}; do
        names+="int gone$i(void) { return 0; } " calls+="+ gone$i()"
    done
    CC=$UCC
    library libwas.so <<<"$names"
    program main libwas.so -w <<<"int main(int argc, char **argv) { return argc > 1 ? 0 $calls : 0; }"
    library libwas.so <<<'int other;'
    run -127 "$UEXEC" --linker=rt ./main
    [[ ${#lines[@]} == 1 && $output == *': 40 symbols are not defined: gone'*' and 16 more; searched: '* ]]
    [[ $(grep -o 'gone[0-9]*' <<<"$output" | wc -l) == 24 ]]
}
