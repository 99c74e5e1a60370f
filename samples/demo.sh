#!/bin/sh
# uexec on real programs: prints each command, and then runs it.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}

# Prints a command in a form that a shell takes, and runs it.
show() {
    printf '\n$'
    for word in "$@"; do
        case $word in
        *[!A-Za-z0-9_./=-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$@"
}

show ./uexec "$build/samples/hello"
for kind in exec static static-pie glibc glibc.exec glibc.static glibc.static-pie ucc ucc.exec \
    ucc.static ucc.static-pie; do
    show ./uexec "$build/samples/hello.$kind"
done
show ./uexec ls -d /usr/bin
# shellcheck disable=SC2016 # the inner shell's own variables
show ./uexec sh -c 'echo "a shell of pid $$ is $(cat /proc/$$/comm)" | tr a-z A-Z'
[ ! -x /usr/bin/python3 ] || show ./uexec /usr/bin/python3 -c 'print(sum(range(1000000)))'
[ ! -x /usr/bin/perl ] || show ./uexec perl -e 'print "perl $]\n"'
show ./uexec "$build/samples/bss.glibc"
show ./uexec "$build/samples/layout.glibc"
# On libc-min: experiments with memory; samples/README.md says what each shows.
for sample in sbrk-walk mmap-132k malloc-threshold thread-stack fork-cow demand-paging stack-frames \
    coroutine; do
    show ./uexec "$build/samples/$sample.ucc.static-pie"
done
# Programs of musl and of libc-min, on rt and libc-min; then lazy-binding, also on musl's linker.
for sample in libraries plugin; do
    show ./uexec "$build/samples/$sample"
    show ./uexec "$build/samples/$sample.ucc"
done
show ./uexec --trace=bind "$build/samples/lazy-binding"
show ./uexec --bind=now "$build/samples/lazy-binding"
show ./uexec --linker=interp "$build/samples/lazy-binding"
show ./uexec --no-aslr --maps "$build/samples/hello.glibc"
show ./uexec --compare "$build/samples/hello.glibc"
