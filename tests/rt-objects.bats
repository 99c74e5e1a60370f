#!/usr/bin/env bats
# rt: which files are loaded, from where, and the ways to start rt. The expectations come from glibc's and
# musl's linkers with the same files, from readelf, or from ld.so(8).

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # $ORIGIN is the linker's; bats sets output
load helper
load rt/helper

setup_file() {
    build_edit
}

setup() {
    rt_setup
    RPATH=() # who looks where is what is tested here
}

# A library that names itself: says FILE WORD [OPTION]...
says() {
    local path=$1 word=$2
    shift 2
    library "$path" "$@" <<<"const char *who(void) { return \"$word\"; }"
}

# A program that prints what who() says: asks FILE [OPTION]...
asks() {
    program "$@" <<<'#include <stdio.h>
        extern const char *who(void);
        int main(void) { puts(who()); return 0; }'
}

search_order() {
    says rpath/libwho.so rpath
    says runpath/libwho.so runpath
    says env/libwho.so environment
    asks old rpath/libwho.so -Wl,--disable-new-dtags,-rpath,rpath
    asks new rpath/libwho.so -Wl,--enable-new-dtags,-rpath,runpath
    ./old
    ./new
    LD_LIBRARY_PATH=nowhere:env ./old
    LD_LIBRARY_PATH=nowhere:env ./new
    LD_LIBRARY_PATH="nowhere;env" ./new
    LD_LIBRARY_PATH='' ./new
}

@test "search: RPATH, then LD_LIBRARY_PATH, then RUNPATH, as glibc does" {
    same_as_glibc search_order
    [[ $output == $'rpath\nrunpath\nrpath\nenvironment\nenvironment\nrunpath' ]]
}

# a needs b, and only the program has the path of b.
reach() {
    says lib/libb.so b
    library lib/liba.so lib/libb.so <<<'extern const char *who(void); const char *a(void) { return who(); }'
    for tags in --disable-new-dtags --enable-new-dtags; do
        program prog lib/liba.so -Wl,$tags,-rpath,lib,-rpath-link,lib <<<'#include <stdio.h>
            extern const char *a(void); int main(void) { puts(a()); return 0; }'
        ./prog 2>/dev/null || echo "status $?"
    done
}

@test "search: RPATH is also for what the libraries need, RUNPATH is not, as with glibc" {
    same_as_glibc reach
    [[ $output == $'b\nstatus 127' ]]
}

@test "search: an object's RUNPATH turns off the RPATH of those that loaded it" {
    cut_off() {
        says lib/libb.so b
        says other/libb.so other
        library lib/liba.so lib/libb.so -Wl,--enable-new-dtags,-rpath,other \
            <<<'extern const char *who(void); const char *a(void) { return who(); }'
        program prog lib/liba.so -Wl,--disable-new-dtags,-rpath,lib,-rpath-link,lib <<<'#include <stdio.h>
            extern const char *a(void); int main(void) { puts(a()); return 0; }'
        ./prog
    }
    same_as_glibc cut_off
    [[ $output == other ]]
}

@test "search: \$ORIGIN and \${ORIGIN} are the object's own folder, wherever it is started from" {
    says tree/lib/libb.so b
    library tree/lib/liba.so tree/lib/libb.so -Wl,-rpath,'${ORIGIN}/.' \
        <<<'extern const char *who(void); const char *a(void) { return who(); }'
    program tree/bin/prog tree/lib/liba.so -Wl,-rpath,'$ORIGIN/../lib',-rpath-link,tree/lib \
        <<<'#include <stdio.h>
        extern const char *a(void); int main(void) { puts(a()); return 0; }'
    mv tree moved
    ln -s "$PWD/moved/bin/prog" link
    for start in moved/bin/prog "$PWD/moved/bin/prog" ./link "$LINKER moved/bin/prog" "$LINKER ./link"; do
        # shellcheck disable=SC2086 # two words
        run -0 $start
        [[ $output == b ]]
    done
    cd / && run -0 "$BATS_TEST_TMPDIR/link" && [[ $output == b ]]
}

@test "search: LD_PRELOAD comes before all that is needed; the first of two wins" {
    says lib/libwho.so needed
    says one.so one
    says two.so two
    asks prog lib/libwho.so -Wl,-rpath,lib
    [[ $(LD_PRELOAD=./one.so ./prog) == one ]]
    [[ $(LD_PRELOAD=./two.so:./one.so ./prog) == two ]]
    [[ $(LD_PRELOAD="./two.so ./one.so" ./prog) == two ]]
    [[ $(LD_PRELOAD=one.so LD_LIBRARY_PATH=. ./prog) == one ]]
    [[ $("$LINKER" --preload=./one.so ./prog) == one ]]
    [[ $("$LINKER" --preload ./one.so ./prog) == one ]]
}

@test "search: what LD_PRELOAD names and is not there is told, and the program runs" {
    says lib/libwho.so needed
    asks prog lib/libwho.so -Wl,-rpath,lib
    LD_PRELOAD=./nowhere.so run -0 --separate-stderr ./prog
    [[ $output == needed && $stderr == *nowhere.so* && ${#stderr_lines[@]} -eq 1 ]]
}

# A name that is too long is the name of no file; it is not cut to the name of another.

# dots LENGTH NAME: prints "././..." before a name, LENGTH bytes in all
dots() {
    local rest=$(($1 - ${#2}))
    printf './%.0s' $(seq 1 $((rest / 2)))
    ((rest % 2 == 0)) || printf /
    printf %s "$2"
}

@test "names: a folder that is too long with the library's name is passed over" {
    says decoy/libwho.so decoy
    says good/libwho.so.1 good
    asks prog good/libwho.so.1
    # the first 4,095 bytes of the path end with "libwho.so"
    LD_LIBRARY_PATH=$(dots $((4095 - ${#PWD} - 11)) decoy):good
    LD_LIBRARY_PATH=$PWD/$LD_LIBRARY_PATH
    export LD_LIBRARY_PATH
    [ "$(stat -c %s "${LD_LIBRARY_PATH%:*}/libwho.so")" -gt 0 ]
    run -0 ./prog
    [[ $output == good ]]
    LD_LIBRARY_PATH=${LD_LIBRARY_PATH%:*}
    run -127 ./prog
    [[ $output == *': libwho.so.1: cannot be opened ('*': File name too long; needed by ./prog)' && ${#lines[@]} -eq 1 ]]
}

@test "names: a library's path that is too long is refused as such, at start and by dlopen()" {
    local path
    path=$(dots 4090 libwho.so)
    says libwho.so here -Wl,-soname,"$path.0123456789"
    asks prog ./libwho.so
    run -127 ./prog
    [[ $output == *': ././'*'/...: cannot be opened (File name too long; needed by ./prog)' ]]
    [ "${#lines[@]}" -eq 1 ]
    program opens <<<'#include <dlfcn.h>
        #include <stdio.h>
        int main(int argc, char **argv) { puts(dlopen(argv[1], RTLD_NOW) ? "opened" : dlerror()); return 0; }'
    run -0 ./opens "$path"
    [[ $output == opened ]]
    # $ORIGIN makes it too long
    run -0 ./opens '$ORIGIN/'"$(dots 4000 x)/$(printf '%090d' 0)"
    [[ $output == '$ORIGIN/'*': cannot be opened (File name too long; opened by ./opens)' ]]
    run -0 ./opens "$(printf '$LIB/%.0s' {1..1100})"
    [[ $output == '$LIB/$LIB/'*': cannot be opened (File name too long; opened by ./opens)' ]]
}

@test "names: LD_PRELOAD of what is too long is told, and the program runs" {
    says lib/libwho.so needed
    asks prog lib/libwho.so -Wl,-rpath,lib
    local name
    for name in "$(printf '%05000d' 0)" "./$(printf '%05000d' 0)" "$(dots 4096 x)"; do
        LD_PRELOAD=$name run -0 --separate-stderr ./prog
        [[ $output == needed && ${#stderr_lines[@]} -eq 1 ]]
        [[ $stderr == 'ld-uexec.so.1: ./prog: LD_PRELOAD: '*'...: cannot be opened ('*'File name too long; needed by ./prog): passed over' ]]
    done
}

@test "by hand: --help and --list on a full disk say so, and end with 127" {
    program prog <<<'int main(void) { return 0; }'
    local arguments
    for arguments in --help '--list ./prog'; do
        # shellcheck disable=SC2086,SC2016
        run -127 --separate-stderr bash -c '"$@" >/dev/full' - "$LINKER" $arguments
        [[ $stderr == 'ld-uexec.so.1: '*'cannot write to standard output (No space left on device)' ]]
        # shellcheck disable=SC2086,SC2016
        run -127 --separate-stderr bash -c '"$@" >&-' - "$LINKER" $arguments
        [[ $stderr == 'ld-uexec.so.1: '*'cannot write to standard output (Bad file descriptor)' ]]
        # shellcheck disable=SC2086
        run -0 --separate-stderr "$LINKER" $arguments
        [[ -n $output && -z $stderr ]]
    done
}

@test "names: --list says all of them" {
    local name=lib
    name+=$(printf '%0600d' 0).so
    says libwho.so here -Wl,-soname,"$name"
    asks prog ./libwho.so
    run -127 "$LINKER" --list ./prog
    [[ $'\n'$output$'\n' == *$'\n\t'"$name => not found"$'\n'* ]]
}

@test "names: a relative linker in a folder that is too deep for it is refused" {
    # rt wrote past the end of its path
    local folder
    folder=$(printf '%0200d' 0)
    program prog <<<'int main(void) { return 0; }'
    while ((${#PWD} < 3800)); do
        mkdir "$folder"
        cd "$folder"
    done
    cp "$LINKER" "$BUILD/lib/libc.so" .
    cp -L "$BATS_TEST_TMPDIR/prog" prog
    run -0 "$UEXEC" --linker=./ld-uexec.so.1 ./prog
    run -126 "$UEXEC" --linker="$(dots 1496 ld-uexec.so.1)" ./prog
    [[ $output == "uexec: ./prog: its interpreter's path from the root cannot be had (Filename too long): ././"* ]]
    [ "${#lines[@]}" -eq 1 ]
    # started by hand, its path is relative, and stays so
    run -0 "$(dots 1496 ld-uexec.so.1)" ./prog
    [ -z "$output" ]
}

@test "names: the program's folder is known where its path from the root is too long" {
    local folder
    folder=$(printf '%0200d' 0)
    says libwho.so beside
    asks prog ./libwho.so -Wl,-rpath,'$ORIGIN'
    while ((${#PWD} < 3800)); do
        mkdir "$folder"
        cd "$folder"
    done
    cp "$BATS_TEST_TMPDIR/prog" "$BATS_TEST_TMPDIR/libwho.so" .
    run -0 "$(dots 1001 prog)"
    [[ $output == beside ]]
    run -0 "$UEXEC" "$(dots 1001 prog)"
    [[ $output == beside ]]
}

@test "names: the linker's own, as another loader may say it" {
    need_file "$BUILD/tests/threads"
    run -0 watched long-linker
    [ -z "$output" ]
}

@test "search: the default path may be long" {
    need_root
    unshare -m true 2>/dev/null || skip "no mount namespace"
    need_file /etc/ld-musl-x86_64.path
    says default/libwho.so default
    asks prog default/libwho.so
    local length
    for length in 1000 1010 1022 1023 1024 5000; do
        printf '%s\n%s\n' "$(dots "$length" nowhere)" "$PWD/default" >path
        run -0 unshare -m sh -c 'mount --bind path /etc/ld-musl-x86_64.path && ./prog'
        [[ $output == default ]]
    done
}

@test "search: the default path is the one of musl's linker" {
    need_root
    unshare -m true 2>/dev/null || skip "no mount namespace"
    need_file /etc/ld-musl-x86_64.path
    says default/libwho.so default
    asks prog default/libwho.so
    printf '%s\n%s:%s\n' "$PWD/nowhere" "$PWD/none" "$PWD/default" >path
    run -0 unshare -m sh -c 'mount --bind path /etc/ld-musl-x86_64.path && ./prog'
    [[ $output == default ]]
    run -0 unshare -m sh -c "mount --bind path /etc/ld-musl-x86_64.path && $MUSL ./prog"
    [[ $output == default ]]
}

# Prints how many times its constructor ran.
loads() {
    library "$@" <<<'#include <stdio.h>
        static int variable; int *address(void) { return &variable; }
        __attribute__((constructor)) static void tell(void) { puts("loaded"); fflush(stdout); }'
}

@test "search: the end of the default path's last line is not one more folder, the current one" {
    need_root
    unshare -m true 2>/dev/null || skip "no mount namespace"
    need_file /etc/ld-musl-x86_64.path
    says libwho.so here
    asks prog libwho.so
    printf '%s\n' "$PWD/nowhere" >path
    run -127 unshare -m sh -c 'mount --bind path /etc/ld-musl-x86_64.path && ./prog'
    [[ $output == *"libwho.so: not found (needed by ./prog; looked in the default path $PWD/nowhere)" ]]
}

# The first file that is found is for a 32-bit machine, or for another one.
strangers() {
    says first/libwho.so first
    says second/libwho.so second
    asks prog first/libwho.so
    for place in ehdr.class=1 ehdr.machine=40; do
        cp second/libwho.so first/libwho.so
        edit first/libwho.so $place
        LD_LIBRARY_PATH=first:second ./prog
    done
}

@test "search: a file for another class or machine is passed over, as with glibc" {
    same_as_glibc strangers
    [[ $output == $'second\nsecond' ]]
}

@test "one object once: by device and inode, whatever the names are" {
    loads d/libone.so
    ln d/libone.so d/libhard.so
    mkdir e && ln -s ../d/libone.so e/libsoft.so
    # four names of one file, two of them paths
    program prog -Wl,--no-as-needed -Wl,-rpath,d:e <<<'int main(void) { return 0; }' d/libone.so
    [[ $(LD_PRELOAD="$PWD/d/libhard.so ./e/libsoft.so libhard.so" LD_LIBRARY_PATH=d ./prog) == loaded ]]
}

# Two files have one soname: the first to be loaded serves all.
sonames() {
    says one/libwho.so one
    says two/libwho.so two
    library liba.so one/libwho.so -Wl,-rpath,one <<<'extern const char *who(void); const char *a(void) { return who(); }'
    library libb.so two/libwho.so -Wl,-rpath,two <<<'extern const char *who(void); const char *b(void) { return who(); }'
    if [ "$1" = unnamed ]; then
        edit one/libwho.so dyn.SONAME.0.tag=0x6000000f # unknown, and passed over
        edit two/libwho.so dyn.SONAME.0.tag=0x6000000f
    fi
    for order in 'liba.so libb.so' 'libb.so liba.so'; do
        # shellcheck disable=SC2086
        program prog $order -Wl,-rpath,.,-rpath-link,one <<<'#include <stdio.h>
            extern const char *a(void), *b(void);
            int main(void) { printf("%s %s\n", a(), b()); return 0; }'
        ./prog
    done
}

@test "one object once: a name that was found is not searched for again, as with glibc" {
    same_as_glibc sonames named
    [[ $output == $'one one\ntwo two' ]]
    same_as_glibc sonames unnamed
    [[ $output == $'one one\ntwo two' ]]
}

@test "one object once: by its soname, under whatever file name it came" {
    by_soname() {
        says stub/libreal.so.1 stub
        says libfile.so file -Wl,-soname,libreal.so.1
        asks prog stub/libreal.so.1
        LD_PRELOAD=./libfile.so ./prog
    }
    same_as_glibc by_soname
    [[ $output == file ]]
}

@test "names that musl's linker keeps for its libc are libc-min, which is there once" {
    for name in libpthread.so.0 libm.so libc.musl-x86_64.so.1 libdl.so.2 librt.so libutil.so.1 \
        libxnet.so ld-musl-x86_64.so.1; do
        library "stub/$name" <<<''
    done
    library libmine.so -nostdlib <<<'int mine;'
    library libp.so -nostdlib <<<'int p;'
    program prog -Wl,--no-as-needed stub/*.so* libmine.so libp.so -Wl,-rpath,. <<<'int main(void) { return 0; }'
    run -0 "$LINKER" --list ./prog
    echo "$output"
    # libmine.so begins as libm does, libp.so as libpthread, and neither is one
    [[ $(grep -c '=>' <<<"$output") -eq 3 ]]
    [[ $output == *'libmine.so => ./libmine.so'*'libp.so => ./libp.so'* ]]
    [[ $(grep -c "=> $BUILD/lib/libc.so" <<<"$output") -eq 1 ]]
    run -0 ./prog
}

@test "a library that is not found: one line says who needs it, and where it was looked for" {
    says lib/libwho.so who
    library libmid.so lib/libwho.so -Wl,-rpath,"$PWD/no"'thing:$ORIGIN' <<<'extern const char *who(void);
        const char *a(void) { return who(); }'
    program prog libmid.so -Wl,-rpath,.,-rpath-link,lib <<<'extern const char *a(void);
        int main(void) { return *a(); }'
    LD_LIBRARY_PATH=/env/one:/env/two run -127 --separate-stderr ./prog
    echo "$stderr"
    [[ ${#stderr_lines[@]} -eq 1 && -z $output ]]
    [[ $stderr == *'./prog: libwho.so: not found'*'needed by ./libmid.so'*'LD_LIBRARY_PATH /env/one:/env/two'*"RUNPATH $PWD/nothing:$PWD"* ]]
}

@test "a needed path is opened as it stands, and missing or wrong, said so" {
    says who.so who
    library stub.so -Wl,-soname,./who.so <<<'const char *who(void) { return ""; }'
    asks prog stub.so
    run -0 ./prog
    [[ $output == who ]]
    rm who.so
    run -127 --separate-stderr ./prog
    [[ $stderr == *'./who.so'*'No such file or directory'*'needed by ./prog'* && ${#stderr_lines[@]} -eq 1 ]]
    mkdir who.so
    run -127 --separate-stderr ./prog
    [[ $stderr == *'./who.so: cannot be opened (Is a directory'* ]]
    rmdir who.so && mkfifo who.so # must not wait for a writer
    run -127 --separate-stderr timeout 10 ./prog
    [[ $stderr == *'./who.so'* ]]
}

@test "--list prints what ldd prints with musl: names, paths, order, nothing run" {
    says d/libb.so b
    loads d/libc1.so
    library d/liba.so -Wl,--no-as-needed d/libc1.so <<<'int a;'
    program prog -Wl,--no-as-needed d/liba.so d/libb.so -Wl,--disable-new-dtags,-rpath,d <<<'int main(void) { return 0; }'
    names() { sed 's/ (0x[0-9a-f]*)$//' | grep -v -e libc.so -e linux-vdso -e /ld-; }
    run -0 "$LINKER" --list ./prog
    names <<<"$output" >ours
    # the path of a file found by RPATH is the folder and the name, for both
    "$MUSL" --list ./prog | names >musl
    diff musl ours
    [[ $(wc -l <ours) -eq 3 && $output != *loaded* && $output == *"libc.so => $BUILD/lib/libc.so"* ]]
}

@test "--list goes on where a library is missing; a static program has none" {
    says d/libgone.so b
    says d/libhere.so b
    program prog -Wl,--no-as-needed d/libgone.so d/libhere.so -Wl,-rpath,d <<<'int main(void) { return 0; }'
    rm d/libgone.so
    run -127 "$LINKER" --list ./prog
    [[ $output == *'libgone.so => not found'*'libhere.so => d/libhere.so'* ]]
    program static -static-pie <<<'int main(void) { return 0; }'
    program static-exec -static <<<'int main(void) { return 0; }'
    run "$LINKER" --list ./static-exec
    [[ $output == *'statically linked'* ]]
}

# Prints what a program sees of its start.
sees() {
    program "$@" <<<'#include <elf.h>
        #include <link.h>
        #include <stdio.h>
        #include <sys/auxv.h>
        extern const Elf64_Ehdr __ehdr_start;
        int main(int argc, char **argv)
        {
            const char *base = (const char *)&__ehdr_start;
            for (int i = 0; i < argc; i++)
                printf("argument %s\n", argv[i]);
            printf("argv[argc] %p\n", (void *)argv[argc]);
            printf("entry 0x%lx\n", getauxval(AT_ENTRY) - (unsigned long)base % (1ul << 48) +
                   (__ehdr_start.e_type == ET_EXEC ? (unsigned long)base : 0));
            printf("phdr %ld %ld\n", (long)(getauxval(AT_PHDR) - (unsigned long)base), getauxval(AT_PHNUM));
            printf("execfn %s\n", (char *)getauxval(AT_EXECFN));
            printf("random %d\n", getauxval(AT_RANDOM) != 0);
            return 7;
        }'
}

@test "started by hand: the program sees the start that the kernel would give it" {
    for kind in -pie -no-pie; do
        sees prog $kind
        run -7 ./prog one 'two words' ''
        kernel=$output
        [[ $kernel == *"entry $(readelf -hW prog | awk '/Entry point/ { print $NF }')"* ]]
        run -7 "$LINKER" ./prog one 'two words' ''
        diff -u - <(echo "$output") <<<"$kernel"
        run -7 "$LINKER" --library-path=/nowhere --bind now -- ./prog one 'two words' ''
        diff -u - <(echo "$output") <<<"$kernel"
    done
}

@test "started by hand: --argv0 changes argv[0], and nothing else" {
    sees prog
    run -7 "$LINKER" --argv0=name ./prog x
    [[ ${lines[0]} == 'argument name' && ${lines[1]} == 'argument x' && $output == *'execfn ./prog'* ]]
    run -7 "$LINKER" --argv0 --list ./prog
    [[ ${lines[0]} == 'argument --list' ]]
}

@test "the stack is aligned to 16 bytes at the program's entry, however many options there were" {
    cat >entry.S <<'.'
.globl _start
_start: mov %rsp, %rdi
    and $15, %edi
    mov $231, %eax
    syscall
.
    "$UCC" -nostartfiles -nostdlib -fpie -pie -o prog entry.S -Wl,-dynamic-linker,"$LINKER"
    [[ $(readelf -lW prog) == *"$LINKER"* ]]
    for options in '' '--bind=now' '--bind now' '--bind=now --bind now'; do
        for arguments in '' 'a' 'a b' 'a b c'; do
            # shellcheck disable=SC2086
            run -0 "$LINKER" $options ./prog $arguments
            # shellcheck disable=SC2086
            run -0 ./prog $arguments
        done
    done
}

@test "started by hand: --library-path, and the wrong uses that are refused by name" {
    says lib/libwho.so lib
    asks prog lib/libwho.so
    [[ $("$LINKER" --library-path=lib ./prog) == lib ]]
    [[ $("$LINKER" --library-path lib ./prog) == lib ]]
    run -127 "$LINKER" --nonsense ./prog
    [[ $output == *--nonsense* ]]
    run -127 "$LINKER" --bind=sometimes ./prog
    [[ $output == *sometimes* ]]
    run -127 "$LINKER" --trace=nothing ./prog
    [[ $output == *nothing* ]]
    run -127 "$LINKER" --library-path
    [[ $output == *'--library-path needs a value'* ]]
    run -127 "$LINKER"
    [[ $output == *'no program given'* ]]
    run -0 "$LINKER" --help
    [[ $output == Usage:* ]]
}

@test "started by hand: what is no program is refused in one line, with its name" {
    run -127 "$LINKER" ./nowhere
    [[ $output == *'./nowhere'*'No such file or directory'* && ${#lines[@]} -eq 1 ]]
    run -127 "$LINKER" "$PWD"
    [[ $output == *"$PWD"* && ${#lines[@]} -eq 1 ]]
    echo 'not a program' >text
    run -127 "$LINKER" ./text
    [[ $output == *'./text: not an ELF file'* && ${#lines[@]} -eq 1 ]]
    : >empty
    run -127 "$LINKER" ./empty
    [[ $output == *'./empty: not an ELF file'* && ${#lines[@]} -eq 1 ]]
}

@test "programs of musl-gcc, unchanged, run by hand on rt; libc-min takes musl's place" {
    need_command musl-gcc
    CC=musl-gcc sees prog
    run -7 "$LINKER" ./prog x
    [[ ${lines[1]} == 'argument x' ]]
    run -0 "$LINKER" --list ./prog
    [[ $output == *"$BUILD/lib/libc.so"* && $output != *musl* ]]
}

@test "AT_SECURE: environment paths and \$ORIGIN are not used, and not passed on" {
    need_root
    chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")"
    says env/libwho.so environment
    says lib/libwho.so good
    says evil.so evil
    program prog lib/libwho.so -Wl,--enable-new-dtags,-rpath,"$PWD/lib" <<<'#include <stdio.h>
        #include <stdlib.h>
        #include <sys/auxv.h>
        extern const char *who(void);
        int main(void)
        {
            const char *names[] = {"LD_LIBRARY_PATH", "LD_PRELOAD", "LD_BIND_NOW", "KEPT"};
            printf("%lu %s", getauxval(AT_SECURE), who());
            for (int i = 0; i < 4; i++)
                printf(" %s", getenv(names[i]) ? getenv(names[i]) : "-");
            puts("");
            return 0;
        }'
    asks origin lib/libwho.so -Wl,-rpath,'$ORIGIN/lib'
    local ours=(LD_LIBRARY_PATH="$PWD/env" LD_PRELOAD="$PWD/evil.so" LD_BIND_NOW=1 KEPT=kept)
    env "${ours[@]}" ./prog >plain
    chown 65534 prog origin && chmod 4755 prog origin
    env "${ours[@]}" ./prog >secure
    # what the kernel itself says of a program that it starts on glibc's linker
    CC=gcc program kernel <<<'#include <stdio.h>
        #include <sys/auxv.h>
        int main(void) { printf("%lu\n", getauxval(AT_SECURE)); return 0; }'
    chown 65534 kernel && chmod 4755 kernel
    [[ $(./kernel) == 1 ]] || skip "set-user-ID has no effect here"
    [[ $(<plain) == "0 evil $PWD/env $PWD/evil.so 1 kept" ]]
    [[ $(<secure) == "1 good - - - kept" ]]
    run -127 ./origin
    [[ $output == *libwho.so*'not found'* ]]
}

@test "started by hand: static programs, which link themselves, run or are refused in one line" {
    for kind in '-static' '-static-pie' '-static-pie -Wl,-z,pack-relative-relocs'; do
        # shellcheck disable=SC2086
        program static $kind <<<'int datum, *pointer = &datum; int main(void) { return pointer == &datum ? 5 : 6; }'
        run -5 ./static
        run --separate-stderr "$LINKER" ./static
        echo "$kind: status $status: $stderr"
        [[ $status -eq 5 || ($status -eq 127 && ${#stderr_lines[@]} -eq 1) ]]
    done
}

env_origin() {
    says bin/x/libb.so program
    says lib/x/libb.so library
    library lib/liba.so bin/x/libb.so <<<'extern const char *who(void); const char *a(void) { return who(); }'
    program bin/prog lib/liba.so -Wl,-rpath,lib,-rpath-link,bin/x <<<'#include <stdio.h>
        extern const char *a(void); int main(void) { puts(a()); return 0; }'
    library bin/preload.so <<<'const char *a(void) { return "preloaded"; }'
    LD_LIBRARY_PATH='$ORIGIN/x' bin/prog
    LD_LIBRARY_PATH=bin/x LD_PRELOAD='$ORIGIN/preload.so' bin/prog
    LD_LIBRARY_PATH='$ORIGIN:${ORIGIN}/x' LD_PRELOAD=preload.so bin/prog
}

@test "search: \$ORIGIN in LD_LIBRARY_PATH and LD_PRELOAD is the program's folder, as with glibc" {
    same_as_glibc env_origin
    [[ $output == $'program\npreloaded\npreloaded' ]]
}

@test "\$ORIGIN of what was started or opened by a relative path outlives chdir()" {
    mkdir -p plug
    tiny libp.so <<<'.globl p; p: ret'
    tiny libq.so <<<'.globl q; q: ret'
    mv libp.so libq.so plug
    open_program plug/main -Wl,--enable-new-dtags,-rpath,'$ORIGIN' <<<'int main(void) { void *x = opened("plug/libx.so", RTLD_NOW);
        chdir("/");
        printf("%d ", dlopen("libp.so", RTLD_NOW) != NULL);
        return printf("%d\n", ask(x, "x")) < 0; }'
    open_library x -Wl,--enable-new-dtags,-rpath,'$ORIGIN' <<<'int x(void) { return dlopen("libq.so", RTLD_NOW) != NULL; }'
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
        open_library pre <<<'__attribute__((constructor)) static void in(void) { puts("preloaded"); }'
        mv libpre.so lib
        open_program old -Wl,--disable-new-dtags,-rpath,"$PWD/lib" <<<'int main(void) { return 0; }'
        open_program new -Wl,--enable-new-dtags,-rpath,"$PWD/lib" <<<'int main(void) { return 0; }'
        for each in ./old ./new; do
            (LD_PRELOAD=libpre.so exec "$each")
        done
    }
    same_as_glibc preload
    [[ $output == $'preloaded\npreloaded' ]]
}

@test "a library for another class is named, and not said to be missing" {
    tiny libx.so <<<'.globl x; x: ret'
    open_program main ./libx.so <<<'int main(void) { return 0; }'
    mkdir foreign
    mv libx.so foreign
    edit foreign/libx.so ehdr.class=1
    LD_LIBRARY_PATH=foreign UEXEC_TRACE=search run -127 ./main
    [[ $output == *'libx.so: not found'*'foreign/libx.so is for another machine'* ]]
    run -1 grep 'foreign/libx.so: No such file' <<<"$output"
}

@test "started by hand: a library is refused in one line" {
    local code
    for code in separate-code noseparate-code; do
        open_library a -Wl,-z,$code <<<'int a; int f(void) { return a; }'
        run -127 limited "$LINKER" ./liba.so
        [[ ${#lines[@]} == 1 && $output == *'./liba.so: its entry point 0x0 is no code: a shared library?' ]]
    done
}

@test "a program whose entry point calls no start code has environment, auxiliary vector, names, threads" {
    # getenv() returned NULL, and getauxval() ended the program
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
    # an ifunc's resolver has them, too
    program early <<<'#include <stdlib.h>
        #include <sys/auxv.h>
        static int yes(void) { return 0; } static int no(void) { return 1; }
        static int (*resolve(void))(void) { return getenv("SEEN") && getauxval(AT_PAGESZ) ? yes : no; }
        int f(void) __attribute__((ifunc("resolve"))); int (*pointer)(void) = f; int main(void) { return f() + pointer(); }'
    run -0 ./early
}
