#!/bin/sh
# ucc: gcc for C, with musl's headers, and libc-min in place of the system's C library. It works as musl-gcc does,
# and makes three kinds of programs:
#
#     ucc -static x.c        static, at a fixed address
#     ucc -static-pie x.c    static, position independent
#     ucc x.c                dynamic: on libc.so and ld-uexec.so.1
#
# REALGCC names another gcc, or clang. The libraries are beside this file: a link to this file finds them, a copy
# does not. The script has three parts:
#
#  1. options: those that libc-min cannot serve are refused
#  2. questions (-print-..., -dumpmachine): the compiler itself would answer for glibc
#  3. the compiler: gcc with ucc.specs, or clang, which has no specs, with equal options; after a failed link,
#     a line names what is defined nowhere
# `make` fills these in. SCRIPTS: does ld take --error-handling-script?
version="@VERSION@" scripts="@SCRIPTS@"
self=$(readlink -f -- "$0") || exit 1

# The linker calls this file, as --error-handling-script, for each name that it does not find (part 3).
if [ -n "$UCC_LINKS" ]; then
    case $1 in
    undefined-symbol | missing-lib)
        echo "$2" >&9
        exit 0
        ;;
    esac
fi

here=${self%/*}
if [ -d "$here/lib" ]; then
    UCC_LIB=$here/lib
else
    UCC_LIB=${here%/bin}/lib/uexec
fi
if [ ! -f "$UCC_LIB/ucc.specs" ]; then
    echo "ucc: no libraries in $UCC_LIB: this is a copy; make a link instead" >&2
    exit 1
fi
export UCC_LIB
compiler=${REALGCC:-gcc}
machine=x86_64-linux-musl # libc-min has musl's ABI, and its headers

# refuse WHAT WHY: prints the one line for what is not supported, and ends.
refuse() {
    echo "ucc: $1: $2" >&2
    exit 1
}

refuse_language() {
    refuse "$1" "$2 is not supported: its library is built for the system's C library (C and assembly are)"
}

# set_language NAME: the argument of -x.
set_language() {
    case $1 in
    none | c | c-header | cpp-output | assembler | assembler-with-cpp | ir | lto) language=$1 ;;
    *) refuse_language "-x $1" "$1" ;;
    esac
}

# check_sanitizer OPTION NAME: refuses a sanitizer that needs a library.
check_sanitizer() {
    case $2 in
    kernel-* | shadow-call-stack | kcfi) ;; # no library, or the program's own
    address | pointer-* | hwaddress | thread | leak | memory | dataflow | safe-stack | scudo | fuzzer* | vptr)
        refuse "$1" "sanitizers are not supported: their library is built for the system's C library"
        ;;
    *)
        [ "$traps" = yes ] ||
            refuse "$1" "sanitizers are supported that only trap: add -fsanitize-undefined-trap-on-error (clang: -fsanitize-trap)"
        ;;
    esac
}

# --- 1. the options

kind=pie      # pie no-pie static static-pie shared r
stage='link'  # or what comes before
inputs=no     # are there files,
sources=no    # and any to compile?
language=none # the last -x
starts=yes    # the start files are linked
libraries=yes # the libraries are linked,
libc=yes      # and libc is one of them
warns=yes     # warn that a dynamic program will not start
linker=ld
target=''
question='' sanitizers='' sanitizer_option='' traps=no parallel=''
value_of=''

# look OPTION: one word of the command line.
look() {
    option=$1
    if [ -n "$value_of" ]; then
        case $value_of in
        -x) set_language "$option" ;;
        -target) target=$option ;;
        --print-file-name) question=print-file-name=$option ;;
        -Xlinker) case $option in *dynamic-linker*) warns=no ;; esac ;;
        esac
        value_of=''
        return
    fi
    # gcc's long forms; it takes --NAME for -fNAME, too
    case $option in
    --static | --shared | --static-pie | --pie | --no-pie | --dumpmachine) option=${option#-} ;;
    --compile) option=-c ;;
    --assemble) option=-S ;;
    --preprocess) option=-E ;;
    --profile) option=-p ;;
    --output) option=-o ;;
    --language) option=-x ;;
    --language=*) option=-x${option#*=} ;;
    --machine[-=]*) option=-m${option#--machine?} ;;
    --openmp* | --openacc* | --no-open* | --sanitize* | --no-sanitize* | --gnu-tm | --split-stack | --tree-para*)
        option=-f${option#--}
        ;;
    esac
    case $option in
    -o | -x | -I | -L | -l | -D | -U | -B | -T | -u | -z | -e | -include | -imacros | -isystem | -iquote | -idirafter | \
        -iprefix | -iwithprefix | -iwithprefixbefore | -isysroot | -MF | -MT | -MQ | -Xlinker | -Xassembler | \
        -Xpreprocessor | -Xclang | -target | -mllvm | -aux-info | -dumpbase | -dumpbase-ext | -dumpdir | \
        -wrapper | -specs | --param | -arch | --print-file-name)
        value_of=$option
        ;;
    -static | -static-pie | -shared | -no-pie | -pie | -r) kind=${option#-} ;;
    -c | -S | -E | -M | -MM | -fsyntax-only | --precompile | -emit-ast) stage=compile ;;
    -nostdlib) starts=no libraries=no ;;
    -nostartfiles) starts=no ;;
    -nodefaultlibs) libraries=no ;;
    -nolibc) libc=no ;;
    -fuse-ld=*) linker=${option#*=} ;;
    -Wl,*dynamic-linker*) warns=no ;;
    --help) question=help ;;
    --version) question=version ;;
    -print-* | --print-* | -dumpmachine) question=${option#-} question=${question#-} ;;
    -dumpversion | -dumpfullversion | -dumpspecs | --help=* | --target-help) stage=none ;;
    -m32 | -mx32 | -m16) refuse "$option" "libc-min is for x86-64" ;;
    --target=*) target=${option#*=} ;;
    -pg | -p) refuse "$option" "profiling by mcount is not supported: perf(1) needs no option" ;;
    -fopenmp | -fopenmp=* | -fopenacc | -fopenacc=*) parallel=$option ;;
    -fno-openmp | -fno-openacc) parallel='' ;;
    -ftree-parallelize-loops=[01]) ;;
    -ftree-parallelize-loops=*) parallel=$option ;;
    -fgnu-tm | -fsplit-stack) refuse "$option" "not supported: its library is built for the system's C library" ;;
    -fsanitize=*)
        sanitizers="$sanitizers,${option#*=}"
        sanitizer_option=$option
        ;;
    -fno-sanitize=all) sanitizers='' ;;
    -fno-sanitize=*)
        for name in $(echo "${option#*=}" | tr , ' '); do
            sanitizers=$(echo "$sanitizers," | sed "s/,$name,/,/g; s/,$name,/,/g")
        done
        ;;
    -fsanitize-undefined-trap-on-error | -fsanitize-trap | -fsanitize-trap=*) traps=yes ;;
    -lstdc++ | -lc++ | -static-libstdc++) refuse_language "$option" C++ ;;
    -lgfortran) refuse_language "$option" Fortran ;;
    -lgomp | -lomp | -liomp5) parallel=$option ;;
    -lasan | -lubsan | -ltsan | -llsan | -lhwasan) check_sanitizer "$option" address ;;
    -lquadmath | -litm) refuse "$option" "not supported: it is built for the system's C library" ;;
    -x*) set_language "${option#-x}" ;;
    -?*) ;;
    *)
        inputs=yes
        case $language,$option in
        none,*.h | c-header,*) stage=compile sources=yes ;; # to be precompiled
        none,*.[oa] | none,*.lo | none,*.so | none,*.so.*) ;;
        *) sources=yes ;;
        esac
        [ "$language" = none ] || return 0
        case $option in
        *.cc | *.cp | *.cxx | *.cpp | *.CPP | *.c++ | *.C | *.ii | *.hh | *.H | *.hp | *.hxx | *.hpp | *.HPP | \
            *.h++ | *.tcc)
            refuse_language "$option" C++
            ;;
        *.m | *.mi | *.mm | *.M | *.mii) refuse_language "$option" Objective-C ;;
        *.f | *.for | *.ftn | *.F | *.FOR | *.fpp | *.f90 | *.f95 | *.f03 | *.f08 | *.F90 | *.F95 | *.F03 | *.F08)
            refuse_language "$option" Fortran
            ;;
        *.ads | *.adb) refuse_language "$option" Ada ;;
        *.d | *.di | *.dd) refuse_language "$option" D ;;
        *.go) refuse_language "$option" Go ;;
        esac
        ;;
    esac
}
# look_at ARGUMENT: one word, or the words of an @file, which gcc reads in its place. Such a file may quote words and
# name further files; the limit stops at a file that names itself.
files=0
look_at() {
    case $1 in
    @*)
        files=$((files + 1))
        [ $files -le 100 ] || return 0
        set -f
        # shellcheck disable=SC2013
        for word in $({ tr -d "\"'" <"${1#@}"; } 2>/dev/null); do
            look_at "$word"
        done
        set +f
        ;;
    *) look "$1" ;;
    esac
}
for argument; do
    look_at "$argument"
done
case ${compiler##*/} in
*++ | *++-[0-9]*) refuse "REALGCC=$compiler" "a compiler of C++: libc-min is for C" ;;
*gfortran* | *gnat* | *gdc* | *gccgo*) refuse "REALGCC=$compiler" "no compiler of C" ;;
esac
case ${target:-x86_64} in
x86_64*) ;;
*) refuse "--target=$target" "libc-min is for x86-64" ;;
esac
[ -z "$parallel" ] ||
    refuse "$parallel" "OpenMP and its like are not supported: their library is built for the system's C library"
for name in $(echo "$sanitizers" | tr , ' '); do
    check_sanitizer "$sanitizer_option" "$name"
done
[ "$inputs" = yes ] || [ "$stage" = compile ] || stage=none

# --- 2. the questions

# clang has no specs. It is known by its name or, if that is cc, by its --version.
clang=no own=''
if [ -n "$REALGCC" ]; then
    case ${compiler##*/} in
    *clang*) clang=yes ;;
    *gcc*) ;;
    *) case $("$compiler" --version 2>/dev/null) in *clang*) clang=yes ;; esac ;;
    esac
fi

# The compiler's own folder, with libgcc and its start files.
own_folder() {
    file=$("$compiler" -print-file-name=crtbeginS.o)
    case $file in
    /*) (cd "${file%/*}" && pwd -P) ;;
    *) refuse "$compiler" "it finds no crtbeginS.o: gcc's library is needed" ;;
    esac
}

# print_file NAME: the file that a link would take; the name itself if there is none, as gcc prints it.
print_file() {
    folder=$(own_folder) || exit 1
    file=$1
    [ "$clang" = no ] || own=$("$compiler" -print-resource-dir)
    for place in "$UCC_LIB" "${own:-$folder}" "$folder"; do
        if [ -e "$place/$1" ]; then
            file=$place/$1
            break
        fi
    done
    echo "$file"
}

case $question in
help)
    cat <<END
Usage: ucc [OPTION]... FILE...
Compile and link C for libc-min, the C library of uexec $version: gcc with musl's headers.

  -static        a static program at a fixed address
  -static-pie    a static program that is position independent
  (none)         a dynamic program, on libc.so and ld-uexec.so.1
  -shared        a library for one

All other options are gcc's (gcc --help). REALGCC=COMPILER takes another gcc, or clang.

Not supported: languages but C and assembly, -m32, -mx32, -pg, OpenMP and OpenACC, -fsplit-stack, -fgnu-tm,
sanitizers but those that only trap (-fsanitize=undefined -fsanitize-undefined-trap-on-error).

libc-min is in $UCC_LIB. docs/libc.md in the sources of uexec says what it lacks.
END
    exit
    ;;
version)
    echo "ucc of uexec $version: C for libc-min, by"
    exec "$compiler" --version
    ;;
dumpmachine | print-multiarch | print-target-triple)
    echo "$machine"
    exit
    ;;
print-multi-lib)
    echo '.;'
    exit
    ;;
print-multi-os-directory) # from gcc's lib to that of x86-64
    echo ../lib
    exit
    ;;
print-sysroot)
    echo
    exit
    ;;
print-file-name=*)
    print_file "${question#*=}"
    exit
    ;;
print-libgcc-file-name)
    print_file libgcc.a
    exit
    ;;
print-search-dirs)
    folder=$(own_folder) || exit 1
    "$compiler" -print-search-dirs | sed '/^libraries:/d'
    echo "libraries: =$UCC_LIB/:$folder/"
    exit
    ;;
esac
[ -z "$question" ] || stage=none

# --- 3. the compiler

if [ "$stage" = link ]; then
    case $kind in
    pie | no-pie)
        # A dynamic program needs the linker, which may be missing.
        if [ ! -e "$UCC_LIB/ld-uexec.so.1" ] && [ "$starts$libraries$warns" = yesyesyes ]; then
            echo "ucc: a dynamic program needs $UCC_LIB/ld-uexec.so.1, which is not there: it will not start" \
                "(-static or -static-pie make one that does)" >&2
        fi
        ;;
    esac
fi

if [ "$clang" = no ]; then
    set -- "$@" -specs "$UCC_LIB/ucc.specs"
else
    # The same as ucc.specs says, as options. The sysroot has no libraries, so that clang finds none of the system's.
    if [ "$stage" = link ]; then
        folder=$(own_folder) || exit 1
        begin=crtbegin.o end=crtend.o first=''
        case $kind in
        pie) first=Scrt1.o ;;
        static-pie) first=rcrt1.o ;;
        static | no-pie) first=crt1.o ;;
        esac
        case $kind in
        pie | static-pie | shared) begin=crtbeginS.o end=crtendS.o ;;
        static) begin=crtbeginT.o ;;
        esac
        set -- "$@" -x none -L"$UCC_LIB" -L"$folder"
        if [ "$kind" != r ] && [ "$libraries" = yes ]; then
            [ "$libc" = no ] || set -- "$@" -Wl,--start-group -lc
            set -- "$@" -lgcc -lgcc_eh
            [ "$libc" = no ] || set -- "$@" -Wl,--end-group
        fi
        if [ "$kind" != r ] && [ "$starts" = yes ]; then
            set -- "$folder/$begin" "$@" "$folder/$end" "$UCC_LIB/crtn.o"
            set -- "$UCC_LIB/crti.o" "$@"
            [ -z "$first" ] || set -- "$UCC_LIB/$first" "$@"
        fi
        case $kind in
        pie) set -- -pie -Xlinker -dynamic-linker -Xlinker "$UCC_LIB/ld-uexec.so.1" "$@" ;;
        no-pie) set -- -Xlinker -dynamic-linker -Xlinker "$UCC_LIB/ld-uexec.so.1" "$@" ;;
        esac
        set -- -nostdlib "$@"
    fi
    # only with sources: clang warns of an option that it does not use
    [ "$sources" = no ] || set -- -fPIE -nostdinc -isystem "$UCC_LIB/headers" \
        -isystem /usr/include/x86_64-linux-musl \
        -isystem "$("$compiler" -print-resource-dir)/include" "$@"
    set -- --target="$machine" --sysroot="$UCC_LIB" "$@"
fi

# GNU ld and LLVM's lld call a script for a name that they do not find; other linkers do not.
case $scripts-$linker in
yes-ld | yes-bfd | *lld*) ;;
*) stage=none ;;
esac
if [ "$stage" != link ] || ! (exec 8>&1) 2>/dev/null; then
    exec "$compiler" "$@"
fi
exec 8>&1
musl=/usr/lib/x86_64-linux-musl/libc.so
missing=$(UCC_LINKS=yes "$compiler" "$@" -Xlinker --error-handling-script="$self" 9>&1 >&8 8>&-)
status=$? other='' absent='' lacking='' names=''
[ $status -ne 0 ] && [ -n "$missing" ] || exit $status
for name in $(echo "$missing" | awk '!seen[$0]++'); do
    case $name in
    -l* | lib*.so* | lib*.a) absent="$absent, $name" ;;
    _dl_find_object | _Unwind_*) other="unwinding (-fexceptions, _Unwind_Backtrace) is not supported" ;;
    _Z* | __cxa_* | __gxx_*) other="C++ is not supported" ;;
    __asan_* | __ubsan_* | __tsan_* | __lsan_* | __msan_* | __sanitizer_*) other="sanitizers are not supported" ;;
    GOMP_* | omp_* | __kmpc_*) other="OpenMP is not supported" ;;
    main | __cyg_profile_*) ;;
    *)
        # does musl's libc define it?
        if nm -D --defined-only --format=just-symbols $musl 2>/dev/null | grep -qxF -e "$name"; then
            lacking="$lacking, $name"
        else
            names="$names, $name"
        fi
        ;;
    esac
done
[ -z "$other" ] || echo "ucc: $other (ucc --help)" >&2
[ -z "$absent" ] || echo "ucc:${absent#,}: not in $UCC_LIB, and the system's libraries are for its own C library" >&2
[ "$libraries$libc" = yesyes ] || exit $status
[ -z "$lacking" ] || echo "ucc:${lacking#,}: not in libc-min; docs/libc.md says what it lacks" >&2
[ -z "$names" ] || echo "ucc:${names#,}: defined nowhere, nor in musl's libc (docs/libc.md says what libc-min lacks)" >&2
exit $status
