#!/usr/bin/env bats
# libc-min's files: libc.so, libc.a, the start files and ucc.

load helper

setup() {
    need_file "$BUILD/lib/libc.so"
    cd "$BATS_TEST_TMPDIR" || return 1
}

exported() {
    nm -D --defined-only "$BUILD/lib/libc.so" | awk '{ print $3 }' | sort -u
}

@test "libc.so: nothing undefined, no relocation in the text, named libc.so, no executable stack" {
    [[ -z $(nm -D -u "$BUILD/lib/libc.so") ]]
    run -0 readelf -dW "$BUILD/lib/libc.so"
    [[ $output == *'(SONAME)'*'[libc.so]'* && $output != *TEXTREL* && $output != *NEEDED* ]]
    run -0 readelf -lW "$BUILD/lib/libc.so"
    grep -Eq 'GNU_STACK .* RW ' <<<"$output"
    grep -q 'GNU_RELRO' <<<"$output"
    [[ $output != *TLS* ]] # struct __pthread is all the per-thread data there is
}

@test "libc.so has every name that libc.a has" {
    nm -g --defined-only "$BUILD/lib/libc.a" 2>/dev/null | awk 'NF == 3 && $2 ~ /[TWVDBR]/ { print $3 }' |
        grep -v '^__' | sort -u >archive
    exported >shared
    run comm -23 archive shared
    [[ -z $output ]]
    (($(wc -l <shared) > 1100))
}

@test "libc.so exports no name but those for the public: hidden ones stay in" {
    run bash -c "grep '^__' <(nm -D --defined-only '$BUILD/lib/libc.so' | awk '{ print \$3 }') | sort -u |
        grep -vE '^__(cxa_|libc_start_main|errno_location|h_errno_location|environ|progname|optreset|getauxval|tls_get_addr|stack_chk|linker(_client)?\$|assert_fail|xpg_|ctype_|sig|set?jmp|isoc99_|sched_|f?signbit|fpclassify|flt_rounds|strerror_l|libc_current|clock_gettime|sysv_signal)' |
        comm -23 - <({ nm -D --defined-only /usr/lib/x86_64-linux-musl/libc.so; nm -D --defined-only /lib/x86_64-linux-gnu/libc.so.6; } |
        awk '{ sub(/@.*/, \"\", \$3); print \$3 }' | sort -u)"
    echo "$output"
    [[ -z $output ]]
}

@test "libc.so without its linker says so and exits with 127" {
    echo 'int main(void) { return 0; }' >x.c
    "$BUILD/ucc" -o x x.c -Wl,-dynamic-linker,/lib64/ld-linux-x86-64.so.2 -Wl,-rpath,"$BUILD/lib"
    run -127 ./x
    [[ $output == 'libc.so: no linker of version '*' has started this program (it needs ld-uexec.so.1)' ]]
}

@test "ucc makes what it is asked for: static, static PIE, dynamic, shared, objects" {
    echo 'int puts(const char *); int main(void) { puts("made"); return 0; }' >x.c
    "$BUILD/ucc" -static -o static x.c
    "$BUILD/ucc" -static-pie -o static-pie x.c
    "$BUILD/ucc" -o dynamic x.c
    "$BUILD/ucc" -no-pie -o exec x.c
    "$BUILD/ucc" -shared -fPIC -o shared.so x.c
    "$BUILD/ucc" -c x.c
    "$BUILD/ucc" -static -o linked x.o -lm -lpthread -lrt -ldl
    for file in static static-pie linked; do
        run -0 "./$file"
        [[ $output == made ]]
        run readelf -lW "$file"
        [[ $output != *INTERP* ]]
    done
    [[ $(readelf -hW static) == *'Type:'*EXEC* ]]
    [[ $(readelf -hW static-pie) == *'Type:'*DYN* ]]
    [[ $(readelf -lW dynamic) == *"$BUILD/lib/ld-uexec.so.1"* ]]
    [[ $(readelf -dW dynamic) == *'[libc.so]'* ]]
    [[ $(readelf -hW dynamic) == *'Type:'*DYN* && $(readelf -hW exec) == *'Type:'*EXEC* ]]
    [[ $(readelf -dW shared.so) == *'[libc.so]'* && $(readelf -lW shared.so) != *INTERP* ]]
    "$BUILD/ucc" -E x.c | grep -q puts
}

# section HEADING: prints that part of docs/libc.md.
section() {
    sed -n "/^## $1\$/,/^## /p" "$root/docs/libc.md"
}

@test "docs/libc.md: what it says is not there is not, and nothing else of what musl exports" {
    need_file /usr/lib/x86_64-linux-musl/libc.so
    section 'What is there, and what is not' | sed -n '/^- /,$p' | grep -o '`[^`]*`' | tr -d '\`' >patterns
    (($(wc -l <patterns) > 100))
    nm -D --defined-only /usr/lib/x86_64-linux-musl/libc.so | awk '{ print $3 }' | sort -u >musl
    exported >own
    perl -e '
        sub lines { open my $in, "<", $_[0] or die; map { chomp; $_ } <$in> }
        my @musl = lines "musl";
        my %own = map { $_ => 1 } lines "own";
        for my $pattern (lines "patterns") {
            my $expression = $pattern =~ s/\*/\\w*/gr =~ s/\?/\\w/gr;
            my @means = grep /^$expression$/, @musl;
            print "$pattern: musl has nothing like it\n" if !@means;
            print "$pattern: there is $_\n" for grep /^$expression$/, keys %own;
            $told{$_} = 1 for @means;
        }
        # the two symbols at the begin and end of a program's C part, and musl's linker, which is its libc.so
        print "not told: $_\n"
            for grep { !$own{$_} && !$told{$_} && !/^__|^_(init|fini|dlstart|dl_debug_(addr|state))$/ } @musl' >wrong
    cat wrong
    [[ ! -s wrong ]]
}

@test "docs/libc.md: of the headers that it calls whole all is there, functions and data" {
    need_file /usr/lib/x86_64-linux-musl/libc.so
    local header
    section 'What is there, and what is not' | grep -o '`<[^`]*>`' | tr -d '\`<>' >headers
    (($(wc -l <headers) > 40))
    grep -x sys/socket.h headers
    nm -D --defined-only /usr/lib/x86_64-linux-musl/libc.so | awk '{ print $3 }' | sort -u >musl
    exported >own
    while read -r header; do
        # gcc lists the functions that a file declares; one that musl does not define is a macro's, or defined nowhere
        echo "#include <$header>" >x.c
        musl-gcc -w -D_GNU_SOURCE -fsyntax-only -aux-info declared x.c
        {
            grep -F "/$header:" declared | sed -nE 's|^/\*.*\*/ extern [^(]*[ *]([A-Za-z_0-9]+) \(.*|\1|p'
            perl -ne 'print map { /(\w+)[][0-9]*$/ ? "$1\n" : "" } split /,/, $1 if /^extern ([^();]*);/' \
                "/usr/include/x86_64-linux-musl/$header"
        } | sort -u | comm -12 - musl >"names.$(tr / . <<<"$header")"
        run comm -23 "names.$(tr / . <<<"$header")" own
        echo "$header: $output"
        [[ -z $output ]]
    done <headers
    # the loop has looked at some
    (($(cat names.* | wc -l) > 500))
    grep -qx in6addr_any names.netinet.in.h
    grep -qx sendmmsg names.sys.socket.h
}

@test "docs/libc.md: the names that programs import are as many as it says" {
    need_file "$root/../shared/libc-symbols.txt"
    awk '{ print $2 }' "$root/../shared/libc-symbols.txt" | sort -u >imported
    exported >own
    section 'What is there, and what is not' | tr '\n' ' ' |
        grep -F "Of the $(wc -l <imported) names that" | grep -F " $(comm -12 imported own | wc -l) are there"
}

@test "docs/libc.md: every other name of libc's on the page is there" {
    need_file /usr/lib/x86_64-linux-musl/libc.so
    nm -D --defined-only /usr/lib/x86_64-linux-musl/libc.so | awk '{ print $3 }' | sort -u >musl
    exported >own
    # except two that are system calls there
    sed '/^## What is there, and what is not$/,/^## /d' "$root/docs/libc.md" | grep -oE '`[a-z_0-9]+(\(\))?`' |
        tr -d '\`()' | sort -u >page
    comm -12 page musl | grep -vx -e arch_prctl -e clone >names
    (($(wc -l <names) > 20))
    run comm -23 names own
    echo "$output"
    [[ -z $output ]]
}

@test "interpose.list: what it names is there" {
    sed 's|/\*.*\*/||' "$root/libc-min/interpose.list" | grep -oE '\w+ *;' | tr -d ' ;' | sort >listed
    (($(wc -l <listed) > 25))
    exported >own
    run comm -23 listed own
    echo "$output"
    [[ -z $output ]]
    # and each public datum is listed, because a program may copy it into itself
    nm -D --defined-only "$BUILD/lib/libc.so" | awk '$2 ~ /[BDRV]/ { print $3 }' | grep -v '^__linker' | sort -u >data
    run comm -23 data listed
    echo "$output"
    [[ -z $output ]]
}

@test "ucc: --help and --version say what it is" {
    run -0 --separate-stderr "$BUILD/ucc" --help
    [[ ${lines[0]} == 'Usage: ucc '* && $output == *libc-min* && $output == *docs/libc.md* && -z $stderr ]]
    run -0 --separate-stderr "$BUILD/ucc" --version
    [[ ${lines[0]} == "ucc of $("$UEXEC" --version): "* && -z $stderr ]]
    # the parts of gcc's answer that programs look for are still there
    diff <(sed 1d <<<"$output") <(gcc --version | sed '$ { /^$/d }')
    run -0 "$BUILD/ucc" --help=warnings
    [[ $output == *-Wall* ]]
}

# taken ARGUMENT...: prints the files that a link by ucc takes, by their real names.
taken() {
    "$BUILD/ucc" "$@" -Wl,--trace | sed 's/^(\(.*\))[^ ]*$/\1/' | xargs -n 1 readlink -f | sort -u
}

@test "ucc: what it says of itself is what a link takes" {
    echo 'int main(void) { return 0; }' >x.c
    taken -static x.c -o static >static.files
    taken -static-pie x.c -o static-pie >static-pie.files
    taken x.c -o dynamic >dynamic.files
    local name kind
    while read -r kind name; do
        for option in -print-file-name --print-file-name; do
            grep -Fx -- "$(readlink -f "$("$BUILD/ucc" $option="$name")")" $kind.files
        done
    done <<'.'
static libc.a
static libgcc.a
static crt1.o
static crti.o
static crtn.o
static crtbeginT.o
static crtend.o
static-pie rcrt1.o
static-pie crtbeginS.o
dynamic libc.so
dynamic Scrt1.o
dynamic crtendS.o
.
    grep -Fx -- "$(readlink -f "$("$BUILD/ucc" -print-libgcc-file-name)")" static.files
    # the folders that it prints are those that the files come from
    diff <("$BUILD/ucc" -print-search-dirs | sed -n 's/^libraries: =//p' | tr : '\n' | sed 's|/$||' | sort) \
        <(sed -e '/\/cc[A-Za-z0-9]*\.o$/d' -e 's|/[^/]*$||' ./*.files | sort -u)
    # the name may be a separate word
    [[ $("$BUILD/ucc" --print-file-name libc.a) == "$("$BUILD/ucc" -print-file-name=libc.a)" ]]
    # a file that glibc has and libc-min lacks is not found
    for name in libresolv.so.2 libstdc++.so.6 ld-linux-x86-64.so.2 gcrt1.o libnothing.a; do
        [[ $("$BUILD/ucc" -print-file-name=$name) == "$name" ]]
    done
}

@test "ucc: the machine is musl's, there is one kind of library, the tools are gcc's" {
    local machine question
    machine=$("$BUILD/ucc" -dumpmachine)
    [[ $machine == *-musl && -d /usr/include/$machine ]]
    [[ $("$BUILD/ucc" -print-multiarch) == "$machine" ]]
    [[ $("$BUILD/ucc" -print-multi-lib) == '.;' ]]
    for question in -print-prog-name=ld -print-prog-name=cc1 -print-multi-directory -print-file-name=include \
        -dumpversion -print-sysroot -print-multi-os-directory; do
        [[ $("$BUILD/ucc" $question) == "$(gcc $question)" ]]
    done
}

# unsupported WORD ARGUMENT...: ucc prints one line that contains the word, ends with 1, and makes nothing.
unsupported() {
    rm -f made
    run -1 --separate-stderr "$BUILD/ucc" "${@:2}" -o made
    [[ -z $output && ${#stderr_lines[@]} -eq 1 && $stderr == "ucc: "*"$1"* && ! -e made ]] || {
        echo "${*:2}: $output$stderr"
        return 1
    }
}

@test "ucc: what is not supported is said in one line" {
    local option stage name
    echo 'int main(void) { return 0; }' | tee x.c x.cc x.cpp x.C x.cxx >x.c++
    touch x.f90 x.m x.go x.adb
    gcc -c x.c
    for option in -fsanitize={address,thread,leak,undefined} -fsanitize=undefined,address -fopenmp -fopenacc \
        -ftree-parallelize-loops=4 -fgnu-tm -fsplit-stack -pg -p -m32 -mx32 -lstdc++ '-x c++' '-x f95' \
        --target=aarch64-linux-gnu; do
        for stage in -static -static-pie '' -c; do
            # shellcheck disable=SC2086
            unsupported "$option: " $stage $option x.c
        done
    done
    unsupported '-x c++: ' -xc++ x.c
    # by gcc's other spellings; autoconf tries the first
    while read -r option name; do
        unsupported "$name: " $option x.c
    done <<'.'
--openmp -fopenmp
--sanitize=address -fsanitize=address
--profile -p
--language=c++ -x c++
--machine=32 -m32
--machine-x32 -mx32
.
    echo '-O1 -fopenmp' >arguments
    unsupported '-fopenmp: ' @arguments x.c
    # quoted, in a file that a file names; a file that names itself ends
    echo '"-fopenmp"' >inner
    echo '@inner' >arguments
    unsupported '-fopenmp: ' @arguments x.c
    echo '-pg @itself' >itself
    unsupported '-pg: ' @itself x.c
    # also if nothing is left to compile
    unsupported '-fopenmp: ' -fopenmp x.o
    for name in x.cc x.cpp x.C x.cxx x.c++; do
        unsupported "$name: C++ is not supported" $name
        unsupported "$name: C++ is not supported" -c $name
    done
    for name in x.f90 x.m x.go x.adb; do
        unsupported "$name: " -c $name
    done
    REALGCC=g++ unsupported "REALGCC=g++: " x.c
    # options that look similar, or are revoked by a later one
    for option in -fopenmp-simd '-fopenmp -fno-openmp' '-fsanitize=address -fno-sanitize=address' \
        '-fsanitize=address,undefined -fno-sanitize=all' -ftree-parallelize-loops=1 -pthread -pipe -pie '-x none' \
        '-fsanitize=undefined -fsanitize-undefined-trap-on-error' -flto --coverage; do
        # shellcheck disable=SC2086
        "$BUILD/ucc" $option x.c -o made
        ./made
    done
    "$BUILD/ucc" -x c x.cc -o x.pp
    ./x.pp
}

@test "ucc: sanitizers that only trap do" {
    echo 'int main(int argc, char **argv) { int most = 0x7fffffff; (void)argv; return most + argc == 0; }' >x.c
    for kind in -static -static-pie ''; do
        # shellcheck disable=SC2086
        "$BUILD/ucc" $kind -O0 -fsanitize=undefined -fsanitize-undefined-trap-on-error -o x x.c
        run ./x
        [[ $status -eq 132 ]] # SIGILL
    done
}

@test "ucc: after a failed link, a line on what libc-min lacks, once for each name" {
    cat >x.c <<'C'
int regcomp(void), fts_open(void), another(void);
int first(void) { return regcomp() + regcomp(); }
int main(void) { return first() + regcomp() + fts_open() + another(); }
C
    "$BUILD/ucc" -c x.c
    for arguments in x.c x.o '-static x.o' '-static-pie x.c' '-fuse-ld=bfd x.c'; do
        # shellcheck disable=SC2086
        run -1 --separate-stderr "$BUILD/ucc" $arguments -o made
        [[ -z $output && ! -e made ]]
        [[ ${stderr_lines[-2]} == 'ucc: regcomp, fts_open: not in libc-min; docs/libc.md '* ]]
        [[ ${stderr_lines[-1]} == "ucc: another: defined nowhere, nor in musl's libc (docs/libc.md "* ]]
        [[ $stderr == *'undefined reference to `another'* ]]
        [[ $(grep -c '^ucc:' <<<"$stderr") -eq 2 ]]
    done
    # no library was wanted; a program without main()
    run -1 --separate-stderr "$BUILD/ucc" -nostdlib x.c -o made
    [[ $stderr == *undefined* && $stderr != *ucc:* ]]
    echo 'int other;' >x.c
    run -1 --separate-stderr "$BUILD/ucc" x.c -o made
    [[ $stderr == *main* && $stderr != *ucc:* ]]
    echo 'int main(void) { return 0; }' >x.c
    run -1 --separate-stderr "$BUILD/ucc" x.c -lz
    [[ ${stderr_lines[-1]} == "ucc: -lz: not in $BUILD/lib"* ]]
    echo 'extern int _ZSt4cout; int main(void) { return _ZSt4cout; }' >x.c
    run -1 --separate-stderr "$BUILD/ucc" x.c
    [[ ${stderr_lines[-1]} == 'ucc: C++ is not supported'* ]]
    # libgcc_s is a library, and libc never defines main(); gcc's unwinder is made for glibc
    echo 'int main(void) { return 0; }' >x.c
    run -1 --separate-stderr "$BUILD/ucc" x.c -lgcc_s
    [[ ${stderr_lines[-1]} == "ucc: libgcc_s.so.1: not in $BUILD/lib"* ]]
    echo 'int first;' >x.c
    run -1 --separate-stderr "$BUILD/ucc" x.c
    [[ $stderr == *'undefined reference to `main'* && $stderr != *ucc:* ]]
    echo 'int _Unwind_Backtrace(void *, void *); int main(void) { return _Unwind_Backtrace(0, 0); }' >x.c
    run -1 --separate-stderr "$BUILD/ucc" -static x.c
    [[ ${stderr_lines[-1]} == 'ucc: unwinding '*' is not supported'* ]]
    # no such line if a program does not compile
    echo 'int main(void) { return x; }' >x.c
    run -1 --separate-stderr "$BUILD/ucc" x.c
    [[ $stderr != *ucc:* ]]
    # standard output belongs to the compiler
    echo 'int main(void) { return 0; }' >x.c
    "$BUILD/ucc" x.c -Wl,--trace | grep -q crti.o
    "$BUILD/ucc" x.c -o made >&-
    ./made
}

@test "ucc: REALGCC=clang makes all kinds of programs" {
    need_command clang
    export REALGCC=clang
    cat >x.c <<'C'
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#ifdef __GLIBC__
#error the headers of glibc
#endif
_Thread_local int thread_data = 3;
__attribute__((constructor)) static void first(void) { thread_data++; }
int main(int argc, char **argv)
{
    __int128 wide = argc;
    volatile double two = 2;
    (void)argv;
    printf("%d %d %.3f\n", thread_data, (int)((wide << 100) / 3 >> 90), sqrt(two));
    return 0;
}
C
    local kind
    for kind in '' -static -static-pie -no-pie '-O2 -g -pthread' '-static -s'; do
        # shellcheck disable=SC2086
        run -0 "$BUILD/ucc" -Wall -Wextra -Werror $kind x.c -o x -lm
        [[ -z $output && $(./x) == '4 341 1.414' && $("$UEXEC" ./x) == '4 341 1.414' ]]
        cp x "made${kind// /}"
    done
    "$BUILD/ucc" -Wall -Werror -O1 -c x.c
    run -0 "$BUILD/ucc" -static x.o -o x -Werror
    [[ -z $output && $(./x) == '4 341 1.414' ]]
    [[ $(readelf -lW made-static) != *INTERP* && $(readelf -lW made-static-pie) != *INTERP* ]]
    [[ $(readelf -hW made-static) == *EXEC* && $(readelf -hW made-static-pie) == *DYN* ]]
    [[ $(readelf -hW made) == *DYN* && $(readelf -hW made-no-pie) == *EXEC* ]]
    [[ $(readelf -lW made) == *"$BUILD/lib/ld-uexec.so.1"* && $(readelf -dW made) == *'[libc.so]'* ]]
    echo 'int given(void) { return 42; }' >given.c
    echo 'int given(void); int main(void) { return given() != 42; }' >uses.c
    "$BUILD/ucc" -shared -fPIC -o libgiven.so given.c
    "$BUILD/ucc" -o uses uses.c -L. -lgiven -Wl,-rpath,"$PWD"
    ./uses
    # the rest is as with gcc
    [[ $("$BUILD/ucc" -dumpmachine) == "$(REALGCC='' "$BUILD/ucc" -dumpmachine)" ]]
    for question in -print-multi-lib -print-multi-directory -print-multi-os-directory -print-multiarch -print-sysroot; do
        [[ $("$BUILD/ucc" $question) == "$(REALGCC='' "$BUILD/ucc" $question)" ]]
    done
    [[ $("$BUILD/ucc" -print-file-name=libc.a) == "$BUILD/lib/libc.a" ]]
    [[ $("$BUILD/ucc" -print-file-name=include) == "$(clang -print-resource-dir)/include" ]]
    [[ $("$BUILD/ucc" --version) == *clang* ]]
    unsupported '-fopenmp: ' -fopenmp x.c
    unsupported '-fsanitize=address: ' -fsanitize=address x.c
    "$BUILD/ucc" -fsanitize=undefined -fsanitize-trap=all -o x x.c -lm
    [[ $(./x) == '4 341 1.414' ]]
    echo 'int regcomp(void); int main(void) { return regcomp(); }' >x.c
    run -1 --separate-stderr "$BUILD/ucc" x.c
    [[ ${stderr_lines[-1]} == 'ucc: regcomp: not in libc-min; docs/libc.md '* ]]
}

# data NM-OPTION... FILE: "NAME weak" or "NAME strong" for each public datum
data() {
    nm "$@" 2>/dev/null | awk 'NF == 3 && $2 ~ /[BDRVGSC]/ && $3 !~ /^__/ {
        print $3, $2 == "V" ? "weak" : "strong" }' | sort -u
}

@test "libc.a and libc.so: data is weak where musl's is, and nowhere else" {
    local file name kind
    for file in libc.a libc.so; do
        [ $file = libc.a ] && options=(-g --defined-only) || options=(-D --defined-only)
        data "${options[@]}" "/usr/lib/x86_64-linux-musl/$file" >musl
        data "${options[@]}" "$BUILD/lib/$file" >own
        grep -x 'optind strong' own
        grep -x 'environ weak' own
        while read -r name kind; do
            ! grep -q "^$name " musl || grep -x "$name $kind" musl
        done <own
    done
}

@test "a program's common definitions of data are those of libc.a" {
    cat >x.c <<'C'
int printf(const char *, ...), getopt(int, char *const *, const char *), fputs(const char *, void *);
int optind, opterr, optopt;
char *optarg;
void *stdin, *stdout, *stderr;
int main(void)
{
    char *arguments[] = {"x", "-b", "value", "-q", 0};
    printf("%d %d %d\n", optind, opterr, optopt);
    opterr = 0;
    printf("%c", getopt(4, arguments, "b:"));
    printf(" %s", optarg);
    printf(" %c", getopt(4, arguments, "b:"));
    printf(" %c %d %d\n", optopt, optind, stdin != 0 && stderr != 0);
    return stdout == 0 || fputs("stdout\n", stdout) < 0;
}
C
    musl-gcc -w -static -fno-builtin -fcommon -o musl x.c
    ./musl >expected
    grep -qx '1 1 0' expected
    for kind in -static -static-pie -pie; do
        "$BUILD/ucc" -w $kind -fno-builtin -fcommon -o x x.c
        diff expected <(./x)
    done
}

@test "ucc and libc.a where make install puts them" {
    make -s -C "$root" BUILD="$BUILD" install DESTDIR="$BATS_TEST_TMPDIR/to" PREFIX=/usr
    echo '#include <stdio.h>
        int main(void) { printf("%s\n", "installed"); return 0; }' >x.c
    to/usr/bin/ucc -static-pie -o x x.c
    ln -s to/usr/bin/ucc link
    ./link -static -o y x.c
    [[ $(./x) == installed && $(./y) == installed ]]
}

@test "a static PIE relocates itself: pointers, thread-local data, ifuncs, constructors" {
    cat >x.c <<'C'
#include <stdio.h>
static int one, two;
int *volatile pointers[] = {&one, &two, &one};
static _Thread_local int thread_data[3] = {1, 2, 3};
static _Alignas(256) _Thread_local char aligned[10];
static int chosen(void) { return 42; }
static int (*choose(void))(void) { return chosen; }
int indirect(void) __attribute__((ifunc("choose")));
static int made;
__attribute__((constructor(101))) static void first(int argc, char **argv) { made = made * 10 + argc; }
__attribute__((constructor(102))) static void second(void) { made = made * 10 + 2; }
__attribute__((destructor)) static void last(void) { puts("destructor"); }
int main(int argc, char **argv)
{
    printf("%d %d %d %d %d %lu\n", pointers[1] == &two, thread_data[2], indirect(), made, argc,
           (unsigned long)aligned % 256);
    return 0;
}
C
    for kind in static static-pie; do
        "$BUILD/ucc" "-$kind" -o x x.c
        [[ $(./x) == $'1 3 42 12 1 0\ndestructor' ]]
        [[ $("$UEXEC" ./x) == $'1 3 42 12 1 0\ndestructor' ]]
    done
    "$BUILD/ucc" -static-pie -Wl,-z,pack-relative-relocs -o x x.c
    [[ $(readelf -dW x) == *RELR* && $(./x) == $'1 3 42 12 1 0\ndestructor' ]]
}

@test "./uexec is linked against libc-min, as a static PIE" {
    run -0 nm "$UEXEC"
    grep -q ' __linker$' <<<"$output"
    run ! grep -q ' __init_libc$' <<<"$output" # musl's
    [[ $(readelf -lW "$UEXEC") != *INTERP* && $(readelf -hW "$UEXEC") == *DYN* ]]
}

@test "a static program that does nothing makes two system calls before main" {
    need_command strace
    echo 'int main(void) { return 0; }' >x.c
    for kind in static static-pie; do
        "$BUILD/ucc" "-$kind" -o x x.c
        run -0 strace -o calls ./x
        [[ $(grep -oE '^[a-z_]+' calls | paste -sd' ') == 'execve arch_prctl set_tid_address exit_group' ]]
    done
}

@test "the time is read by the vDSO, without a system call" {
    need_command strace
    cat >x.c <<'C'
#include <sys/time.h>
#include <time.h>
int main(void)
{
    struct timespec a;
    struct timeval b;
    for (int i = 0; i < 100; i++)
        if (clock_gettime(CLOCK_MONOTONIC, &a) || clock_gettime(CLOCK_REALTIME, &a) || gettimeofday(&b, 0) ||
            time(0) != b.tv_sec && time(0) != b.tv_sec + 1)
            return 1;
    return 0;
}
C
    "$BUILD/ucc" -static -o x x.c
    run -0 strace -o calls ./x
    run ! grep -E 'clock_gettime|gettimeofday|time\(' calls
    run -0 strace -o calls "$UEXEC" ./x
    run ! grep -E 'clock_gettime|gettimeofday|time\(' calls
}

@test "ucc precompiles headers; libraries of sanitizers are refused by name, too" {
    cd "$BATS_TEST_TMPDIR" || return 1
    echo 'static int five(void) { return 5; }' >five.h
    "$BUILD/ucc" five.h
    [[ -s five.h.gch ]]
    "$BUILD/ucc" -x c-header five.h -o other.gch
    [[ -s other.gch ]]
    echo 'int main(void) { return 0; }' >x.c
    for library in asan ubsan tsan lsan; do
        run -1 "$BUILD/ucc" x.c -l$library -o made
        [[ ${#lines[@]} == 1 && $output == "ucc: -l$library: sanitizers are not supported: "* ]]
    done
}
