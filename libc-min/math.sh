#!/bin/sh
# The members of musl's libc.a that implement <math.h>, <complex.h> and <fenv.h>, one a line: those that
# define a function declared there, and what these call in turn, except what is our own.
#
#     math.sh LIBC_A
set -eu
libc=$1
for header in math complex fenv; do
    printf '#include <%s.h>\n' "$header"
done | musl-gcc -D_GNU_SOURCE -E -P - | grep -o '[a-z_][a-z0-9_]* *(' | tr -d ' (' | sort -u |
    { cat; nm -A "$libc" 2>/dev/null; } | awk -v libc="$libc" '
        NF == 1 { declared[$1] = 1; next }
        {
            split($1, part, ":")
            member = part[2]
            symbol = $NF
            type = $(NF - 1)
            if (type == "U") needs[member] = needs[member] " " symbol
            else if (type ~ /[TWVDBR]/) {
                owner[symbol] = member
                if (symbol in declared) found[member] = 1
            }
        }
        END {
            do {
                more = 0
                for (member in found) {
                    count = split(needs[member], list, " ")
                    for (i = 1; i <= count; i++)
                        if (list[i] in owner && !(owner[list[i]] in found)) {
                            found[owner[list[i]]] = 1
                            more = 1
                        }
                }
            } while (more)
            delete found["memcpy.lo"]
            delete found["__stack_chk_fail.lo"]
            for (member in found) print member
        }' | sort
