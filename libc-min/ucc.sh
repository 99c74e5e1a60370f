#!/bin/sh
# ucc: gcc, with musl's headers and libc-min in the place of the system's C library. For C; as musl-gcc, with
# one more kind of program:
#
#     ucc -static x.c        static, at a fixed address
#     ucc -static-pie x.c    static, position independent
#     ucc x.c                dynamic: on libc.so and ld-uexec.so.1
#
# REALGCC names another gcc. The libraries are found beside this file: a link to it will do, a copy not.
self=$(readlink -f -- "$0") || exit 1
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

# What is linked dynamically needs a linker that may not be there.
if [ ! -e "$UCC_LIB/ld-uexec.so.1" ]; then
    links=yes
    for option; do
        case $option in
        -static | -static-pie | -shared | -c | -S | -E | -M | -MM | -r | -nostdlib | -fsyntax-only | \
            -v | -V | -### | -dumpversion | -dumpmachine | -dumpspecs | -print-* | --version | --help* | -Wl,*dynamic-linker*)
            links=no
            ;;
        esac
    done
    if [ "$links" = yes ] && [ $# -gt 0 ]; then
        echo "ucc: a dynamic program needs $UCC_LIB/ld-uexec.so.1, which is not there: it will not start" \
            "(-static or -static-pie make one that does)" >&2
    fi
fi
exec "${REALGCC:-gcc}" "$@" -specs "$UCC_LIB/ucc.specs"
