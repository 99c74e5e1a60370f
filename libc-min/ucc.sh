#!/bin/sh
# ucc: gcc, with musl's headers and libc-min in the place of the system's C library. As musl-gcc, with one
# more kind of program:
#
#     ucc -static x.c        static, at a fixed address
#     ucc -static-pie x.c    static, position independent
#     ucc x.c                dynamic: on libc.so and ld-uexec.so.1
#
# REALGCC names another gcc.
self=$(readlink -f -- "$0") || exit 1
here=${self%/*}
if [ -d "$here/lib" ]; then
    UCC_LIB=$here/lib
else
    UCC_LIB=${here%/bin}/lib/uexec
fi
export UCC_LIB
exec "${REALGCC:-gcc}" "$@" -specs "$UCC_LIB/ucc.specs"
