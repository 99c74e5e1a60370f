#!/usr/bin/env bats
# Misuse of the heap: tests/malloc/misuse.c commits one kind at a time, in three sizes. It has to end by SIGABRT, with
# one line, or by SIGSEGV.

load helper

sizes=(40 4000 300000)

# What goes unnoticed without the stronger modes; some of it may be noticed by chance.
unnoticed=' under_1:40 under_1:4000 under_8:4000 freed_first:300000 freed_middle:40 freed_middle:4000
    freed_middle:300000 freed_last:40 freed_last:4000 freed_last:300000 freed_read:40 freed_read:4000 freed_read:300000
    forged_head:4000 read_past:40 read_past:4000 read_past:300000 read_before:40 read_before:4000 old_content:40
    old_content:4000 old_content:300000 '

setup_file() {
    need_file "$BUILD/ucc"
    "$BUILD/ucc" -O1 -fno-builtin -w -D_GNU_SOURCE -pthread -static -o "$BATS_FILE_TMPDIR/misuse" "$root/tests/malloc/misuse.c"
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
}

# committed [NAME=VALUE]: commits all; sets $caught, and $missed to what was not caught.
committed() {
    local pattern size status
    caught=0 missed='' wrong=''
    for pattern in $(./misuse); do
        for size in "${sizes[@]}"; do
            status=0
            env "$@" timeout 30 ./misuse "$pattern" "$size" >/dev/null 2>line || status=$?
            case $status in
            134)
                caught=$((caught + 1))
                # one line that says what is wrong, and with which address
                [[ $(wc -l <line) -eq 1 && $(<line) == "./misuse: "*": 0x"* ]] || wrong+=" $pattern:$size: $(<line)"
                ;;
            3 | 139) caught=$((caught + 1)) ;;
            0) missed+=" $pattern:$size" ;;
            *) wrong+=" $pattern:$size: status $status" ;;
            esac
        done
    done 2>/dev/null
    echo "$caught caught, missed:$missed; wrong:$wrong"
    [[ -z $wrong ]]
}

@test "without the stronger modes" {
    local pair
    committed A=b
    for pair in $missed; do
        [[ ${unnoticed//$'\n'/ } == *" $pair "* ]]
    done
    ((caught >= 100))
}

@test "with all of them nothing goes unnoticed" {
    committed MALLOC_HARDEN_=all
    [[ -z $missed ]]
}

@test "each stronger mode alone catches no less" {
    local mode pair
    # quarantine alone hands freed memory out late, and finds damage of it then; random gives blocks other neighbours
    for mode in poison zero guard; do
        committed MALLOC_HARDEN_=$mode
        for pair in $missed; do
            [[ ${unnoticed//$'\n'/ } == *" $pair "* ]]
        done
    done
}

@test "a program without misuse runs in each mode" {
    cat >well.c <<'C'
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    for (size_t size = 0; size < 3000; size++) {
        char *a = malloc(size), *b = calloc(1, size), *c = aligned_alloc(64, size);
        memset(a, 1, size), memset(b, 2, size), memset(c, 3, size);
        a = realloc(a, size * 3 + 1);
        memset(a, 4, size * 3 + 1);
        free(b), free(a), free(c);
    }
    for (size_t size = 4000; size < 3000000; size = size * 5 / 4) {
        char *a = malloc(size);
        memset(a, 1, size);
        a = realloc(a, size / 2);
        a = realloc(a, size * 2);
        if (a[0] != 1 || a[size / 2 - 1] != 1) return 1;
        free_sized(a, size * 2);
    }
    return 0;
}
C
    "$BUILD/ucc" -O1 -fno-builtin -w -D_GNU_SOURCE -static -o well well.c
    local mode
    for mode in '' poison zero quarantine random guard all poison,quarantine; do
        echo "$mode"
        run -0 env MALLOC_HARDEN_=$mode ./well
        [[ -z $output ]]
    done
}
