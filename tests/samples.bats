#!/usr/bin/env bats
# The samples that experiment with their own memory: their output in every kind, started by the kernel and by
# uexec. The numbers come from arithmetic.

load helper

# rt and rt.exec are musl's programs, '' and .exec, on our linker and libc
ucc=(.ucc .ucc.exec .ucc.static .ucc.static-pie rt rt.exec)
kinds=('' .exec .static .static-pie .glibc .glibc.exec .glibc.static .glibc.static-pie "${ucc[@]}")
experiments=(sbrk-walk mmap-132k malloc-threshold thread-stack fork-cow demand-paging stack-frames
    coroutine malloc-cache malloc-bins mremap)

setup() {
    need_file "$BUILD/samples/sbrk-walk.ucc.static"
    need_file "$UEXEC"
}

teardown() {
    [ -z "${pid:-}" ] || kill -9 "$pid" 2>/dev/null || true
}

# each SAMPLE CHECK [KIND]...: runs the sample in these kinds, or in all, both ways; CHECK then finds the
# output in $output and $lines.
each() {
    local sample=$1 check=$2 kind start starts
    shift 2
    [ $# -gt 0 ] || set -- "${kinds[@]}"
    for kind in "$@"; do
        # with the libc that it was linked with, or with libc-min in its place
        starts=(env "$UEXEC --linker=interp")
        [[ $kind != rt* ]] || starts=("$UEXEC --linker=rt")
        for start in "${starts[@]}"; do
            echo "$start $sample${kind#rt}"
            # shellcheck disable=SC2086 # a command of one or two words
            run -0 $start "$BUILD/samples/$sample${kind#rt}"
            echo "$output"
            "$check"
        done
    done
}

# Parses a mapping as samples/maps.h prints it into from, to, size (KiB), perms and name.
mapping_of() {
    [[ $1 =~ (0x[0-9a-f]+)-(0x[0-9a-f]+)\ +([0-9]+)K\ ([-rwxsp]{4})\ (.*)$ ]]
    from=$((BASH_REMATCH[1])) to=$((BASH_REMATCH[2])) size=${BASH_REMATCH[3]}
    perms=${BASH_REMATCH[4]} name=${BASH_REMATCH[5]}
    ((to - from == size * 1024))
}

@test "sbrk-walk: [heap] grows and shrinks by exactly what the break moves" {
    check() {
        local i break size last_break last_size from to perms name steps=(0 64 256 -128 -192)
        [ ${#lines[@]} -eq 7 ]
        for i in "${!steps[@]}"; do
            [[ ${lines[i + 1]} =~ (0x[0-9a-f]+)\ +([-+][0-9]+)K\ +(.*)$ ]]
            break=$((BASH_REMATCH[1]))
            [ "$((BASH_REMATCH[2]))" -eq "${steps[i]}" ]
            if [ "${BASH_REMATCH[3]}" = "no [heap]" ]; then
                size=0
            else
                mapping_of "${BASH_REMATCH[3]}"
                [ "$perms $name" = "rw-p [heap]" ]
                ((to == (break + 4095) / 4096 * 4096))
            fi
            if [ "$i" -gt 0 ]; then
                ((break - last_break == steps[i] * 1024))
                ((size - last_size == steps[i]))
            fi
            last_break=$break last_size=$size
        done
    }
    each sbrk-walk check
}

@test "sbrk-walk: with libc-min there is no [heap] before and none after, and sbrk moves it" {
    check() {
        [[ ${lines[1]} == "at start "*"no [heap]" ]]
        [[ ${lines[5]} == "shrink 192K "*"no [heap]" ]]
        [ "${lines[6]}" = "moved by sbrk(2)" ]
    }
    each sbrk-walk check "${ucc[@]}"
}

@test "mmap-132k: malloc adds a mapping of 136 KiB, free or malloc_trim() takes it away" {
    # 132 KiB and malloc's header, in whole pages
    check() {
        local address from to size perms name
        [[ ${lines[0]} =~ gave\ (0x[0-9a-f]+)$ ]]
        address=$((BASH_REMATCH[1]))
        [[ ${lines[3]} =~ ^after\ malloc\ +[0-9]+K\ +\+136K ]]
        mapping_of "${lines[3]}"
        ((address >= from && address + 132 * 1024 <= to))
        [ "$perms" = rw-p ]
        [ "$name" != "[heap]" ]
        local last=${lines[5]}
        if [[ $kind == *ucc* || $kind == rt* ]]; then # libc-min keeps it for a while
            [[ $last =~ ^after\ free\ +[0-9]+K\ +\+0K\ +0x ]]
            # linked with musl at a fixed address it does not find malloc_trim()
            [ "$kind" != rt.exec ] || return 0
            last=${lines[6]}
        fi
        [[ $last =~ ^after\ (free|trim)\ +[0-9]+K\ +-136K\ +nothing\ is\ mapped\ there$ ]]
        [[ ${lines[2]} =~ ([0-9]+)K$ ]]
        [[ $last =~ ^after\ [a-z]+\ +${BASH_REMATCH[1]}K ]]
    }
    each mmap-132k check
}

@test "mmap-132k: with libc-min the mapping is its own, 34 pages" {
    check() {
        local from to size perms name
        mapping_of "${lines[3]}"
        [ "$size $perms $name" = "136 rw-p (anonymous)" ]
    }
    # not dynamic: the kernel makes one mapping of it and of the linker's memory right above
    each mmap-132k check .ucc.static .ucc.static-pie
}

@test "malloc-threshold: 127 KiB are in [heap], 129 KiB in a mapping of their own" {
    check() {
        local from to size perms name
        mapping_of "${lines[1]}"
        [ "$perms $name" = "rw-p [heap]" ]
        ((size >= 127))
        [[ ${lines[2]} =~ 0x[0-9a-f]+\ +\+0K\ +\+132K ]]
        mapping_of "${lines[2]}"
        [ "$perms $name" = "rw-p (anonymous)" ]
    }
    each malloc-threshold check "${ucc[@]}" .glibc .glibc.exec .glibc.static .glibc.static-pie
}

@test "malloc-threshold: with libc-min it is the break that moved for the 127 KiB" {
    check() {
        [[ ${lines[1]} =~ 0x[0-9a-f]+\ +\+([0-9]+)K\ +\+([0-9]+)K ]]
        ((BASH_REMATCH[1] >= 127 && BASH_REMATCH[1] == BASH_REMATCH[2]))
    }
    each malloc-threshold check "${ucc[@]}"
}

@test "malloc-threshold: libc-min's line is where it says, and stays" {
    check() {
        [[ ${lines[3]} == "largest request that the heap grows for: 131071 bytes, 128 KiB -1" ]]
        [[ ${lines[4]} == "200000 bytes: a mapping; freed, and asked for again: a mapping" ]]
    }
    each malloc-threshold check "${ucc[@]}"
}

@test "malloc-threshold: glibc's is a head and the rounding lower, and rises" {
    check() {
        # mallopt(3): 128 KiB; a chunk is the request and 8 bytes, rounded up to 16
        [[ ${lines[3]} == "largest request that the heap grows for: $((131072 - 16 - 8)) bytes, 128 KiB -24" ]]
        [[ ${lines[4]} == "200000 bytes: a mapping; freed, and asked for again: from the heap" ]]
    }
    each malloc-threshold check .glibc .glibc.exec .glibc.static .glibc.static-pie
}

@test "malloc-threshold: musl's malloc uses the heap for neither" {
    check() {
        [[ ${lines[1]} == "127 KiB"*"rw-p (anonymous)" ]]
        [[ ${lines[2]} == "129 KiB"*"rw-p (anonymous)" ]]
    }
    each malloc-threshold check '' .exec .static .static-pie
}

@test "thread-stack: the locals are in the stack, and right below it is a guard page, ---p" {
    check() {
        local from to size perms name local_at stack
        mapping_of "${lines[1]}"
        [ "$perms $name" = "rw-p [stack]" ]
        [[ ${lines[2]} =~ (0x[0-9a-f]+)\ +0x ]]
        local_at=$((BASH_REMATCH[1]))
        mapping_of "${lines[2]}"
        [ "$perms $name" = "rw-p (anonymous)" ]
        ((from <= local_at && local_at < to))
        stack=$from
        mapping_of "${lines[3]}"
        [ "$perms $name" = "---p (anonymous)" ]
        ((to == stack))
    }
    each thread-stack check
}

@test "thread-stack: after the join libc-min and musl have unmapped the stack" {
    check() {
        [[ ${lines[4]} == "there after the join "*"nothing is mapped there" ]]
    }
    each thread-stack check "${ucc[@]}" '' .exec .static .static-pie
}

@test "fork-cow: who writes 16 of 64 shared pages takes 16 faults and gets 64 KiB" {
    check() {
        [ "$(sed 's/ at 0x[0-9a-f]*$//; /^$/d' <<<"$output")" = "64 pages of 4K
the parent has written all
  parent shares   0K, has 256K of its own, took 64 faults, reads 'p'
after fork, both have read all
  parent shares 256K, has   0K of its own, took  0 faults, reads 'p'
  child  shares 256K, has   0K of its own, took  0 faults, reads 'p'
the child has written 16 pages
  parent shares 192K, has  64K of its own, took  0 faults, reads 'p'
  child  shares 192K, has  64K of its own, took 16 faults, reads 'c'
the parent has written the same 16
  parent shares 192K, has  64K of its own, took 16 faults, reads 'P'" ]
    }
    each fork-cow check
}

@test "demand-paging: of two mallocs only what is written is in memory, a fault for each page" {
    check() {
        local free='not mapped not mapped'
        [ "$kind" != rt.exec ] || free='256 resident 0 resident' # no malloc_trim(): see mmap-132k
        [ "$(sed 1,3d <<<"$output" | tr -s ' ')" = "malloc 0 resident 0 resident 0
first: 10 pages written 10 resident 0 resident 10
first: all written 256 resident 0 resident 246
first: all again 256 resident 0 resident 0
free $free 0" ]
    }
    each demand-paging check
}

@test "malloc-cache: the freed block is handed out again, and a lot of free memory goes back" {
    # the break, KiB, of line $1
    moved() {
        [[ ${lines[$1]} =~ ([-+][0-9]+)K ]]
        echo "$((BASH_REMATCH[1]))"
    }
    check() {
        [[ ${lines[3]} == *'the address of the freed one' ]]
        (($(moved 5) - $(moved 1) >= 4000 - 132))
        (($(moved 6) == $(moved 5)))
        (($(moved 7) < $(moved 5) - 2000))
        (($(moved 8) <= $(moved 7)))
    }
    each malloc-cache check .glibc .glibc.static-pie .ucc .ucc.static rt
}

@test "malloc-bins: freed neighbours merge, and a free chunk is split" {
    check() {
        local free=() i
        for i in {1..7}; do
            free[i]=$(awk -v line="$i" 'NR == line + 1 { print $(NF - 2) }' <<<"$output")
        done
        ((free[4] == free[2] + 2)) # two holes
        ((free[5] == free[4] - 1)) # they and what lay between are one
        ((free[6] == free[5]))     # its rest
    }
    each malloc-bins check .glibc .glibc.static-pie .ucc .ucc.static .ucc.static-pie rt
}

@test "mremap: 256 pages move without a fault, and the 256 new ones take a fault each" {
    check() {
        [[ ${lines[1]} =~ ^256\ pages\ written\ +256\ +(0x[0-9a-f]+)- ]]
        local old=${BASH_REMATCH[1]}
        [[ ${lines[2]} =~ ^mremap\ to\ 512\ pages\ +[0-9]\ +(0x[0-9a-f]+)-.*2048K$ ]]
        [[ ${BASH_REMATCH[1]} != "$old" ]]
        [[ ${lines[3]} == 'at the old address '*'nothing is mapped there' ]]
        [[ ${lines[4]} =~ ^the\ 256\ read\ again\ +0\  ]]
        [[ ${lines[5]} =~ ^the\ other\ 256\ written\ +([0-9]+)\  ]]
        # a machine may have huge pages switched on for all memory
        ((BASH_REMATCH[1] == 256)) || [[ $(</sys/kernel/mm/transparent_hugepage/enabled) == *'[always]'* ]]
    }
    each mremap check
}

@test "stack-frames: from the deepest call the frames go up to main, each found by the one below" {
    check() {
        local i frame size caller target name last_frame last_caller names=()
        [ ${#lines[@]} -eq 8 ]
        [[ $output != *NOTED* ]]
        for i in {1..7}; do
            # the first frame's own size is not shown
            read -r name frame size caller target _ \
                < <(sed 's/chain_walk *0x[0-9a-f]*/& 0/' <<<"${lines[i]}")
            names+=("$name")
            if [ "$i" -gt 1 ]; then
                [ "$frame" = "$last_caller" ]
                ((frame - last_frame == size && size >= 16))
            fi
            case $i in
            [1-5]) [[ $target == descend+0x* ]] ;;
            6) [[ $target == main+0x* ]] ;;
            esac
            # the 64 bytes of locals, a saved rbp and a return address
            case $i in [2-6]) ((size >= 64 + 16)) ;; esac
            last_frame=$frame last_caller=$caller
        done
        [ "${names[*]}" = \
            "chain_walk descend(5) descend(4) descend(3) descend(2) descend(1) main" ]
    }
    each stack-frames check
}

@test "coroutine: producer and consumer take turns, each on its own stack" {
    check() {
        local from to size perms name i who address
        local -A low high
        [ "$(sed 1,4d <<<"$output" | sed 's/ *a local.*//' | tr -s ' ')" = "main starts 0
producer makes 1
consumer sums 1
producer makes 4
consumer sums 5
producer makes 9
consumer sums 14
producer makes 16
consumer sums 30
main ends 0" ]
        for i in 0 1 2; do
            mapping_of "${lines[i]}"
            who=${lines[i]%% *}
            low[$who]=$from high[$who]=$to
        done
        ((high[consumer] < low[producer] || high[producer] < low[consumer])) # a guard between
        for i in {3..12}; do
            who=${lines[i]%% *} address=$((${lines[i]##* }))
            ((low[$who] <= address && address < high[$who]))
        done
    }
    each coroutine check
}

# Waits until the file has that many lines that begin with "[paused"; fails after five seconds, or
# when the process is gone.
pauses_reach() {
    local i
    for ((i = 0; i < 500; i++)); do
        [ "$(grep -c '^\[paused' "$1")" -lt "$2" ] || return 0
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.01
    done
    return 1
}

@test "--pause: the process stands still where it says, to be looked at, until SIGUSR1" {
    local out=$BATS_TEST_TMPDIR/out
    "$UEXEC" "$BUILD/samples/malloc-threshold.ucc.static" --pause </dev/null >"$out" 3>&- &
    pid=$!
    pauses_reach "$out" 1
    [ "$(tail -n 1 "$out")" = "[paused: process $pid, both allocated; Enter, or kill -USR1 $pid, goes on]" ]
    local from to size perms name
    mapping_of "$(grep '^127 KiB' "$out")"
    grep "^0*$(printf '%x-0*%x' "$from" "$to") rw-p .*\[heap\]$" "/proc/$pid/maps"
    mapping_of "$(grep '^129 KiB' "$out")"
    grep "^$(printf '%x-%x' "$from" "$to") rw-p" "/proc/$pid/maps"
    kill -USR1 "$pid"
    pauses_reach "$out" 2
    run ! grep "^$(printf '%x-%x' "$from" "$to") " "/proc/$pid/maps"
    kill -USR1 "$pid"
    wait "$pid"
    pid=
}

@test "--pause: fork-cow's child can be looked at too" {
    local out=$BATS_TEST_TMPDIR/out address child
    "$UEXEC" "$BUILD/samples/fork-cow.ucc.static-pie" --pause </dev/null >"$out" 3>&- &
    pid=$!
    pauses_reach "$out" 1
    child=$(sed -n 's/^\[paused.*the child is \([0-9]*\);.*/\1/p' "$out")
    address=$(sed -n '1s/.* 0x//p' "$out")
    kill -USR1 "$pid"
    pauses_reach "$out" 2
    for process in "$pid" "$child"; do
        grep -A25 "^$address-" "/proc/$process/smaps" >"$BATS_TEST_TMPDIR/smaps"
        grep -x 'Private_Dirty: *64 kB' "$BATS_TEST_TMPDIR/smaps"
        grep -x 'Shared_Dirty: *192 kB' "$BATS_TEST_TMPDIR/smaps"
    done
    kill -USR1 "$pid"
    wait "$pid"
    pid=
}

@test "--pause: a line on standard input goes on as well, and else the output is the same" {
    local sample kind plain
    for sample in "${experiments[@]}"; do
        for kind in '' .glibc .ucc .ucc.exec .ucc.static .ucc.static-pie; do
            echo "$sample$kind"
            # one word more on the stack moves everything above it
            plain=$("$UEXEC" -l interp --no-aslr "$BUILD/samples/$sample$kind")
            plain=$(sed 's/0x7ff[0-9a-f]*/STACK/g' <<<"$plain")
            run -0 timeout 10 "$UEXEC" -l interp --no-aslr "$BUILD/samples/$sample$kind" --pause \
                < <(printf '\n\n\n\n\n\n')
            grep '^\[paused: process [0-9]*, ' <<<"$output"
            diff <(echo "$plain") <(sed '/^\[paused/d; s/0x7ff[0-9a-f]*/STACK/g' <<<"$output")
        done
    done
}

@test "an experiment takes no other argument" {
    local sample
    for sample in "${experiments[@]}"; do
        run -2 "$UEXEC" "$BUILD/samples/$sample.ucc.static" --paus
        [[ $output == "usage: "*"/$sample.ucc.static [--pause]" ]]
    done
}
