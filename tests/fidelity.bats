#!/usr/bin/env bats
# A program sees the same under uexec as under execve. The probe (tests/fidelity/) prints all that a program
# can see, an item on a line; the expectation is its output under execve. Only the loader is under test here,
# so each program runs under the linker that it names; tests/linker-choice.bats tests the choice of the
# linker.

# shellcheck disable=SC2016 # scripts in single quotes expand their own variables

load helper

setup() {
    tests=$BUILD/tests
    scratch=$BATS_TEST_TMPDIR
    launch=$tests/launch
    uexec=("$UEXEC" --linker=interp)
    environment=(A=1 B=two PATH=/usr/bin:/bin)
    need_file "$tests/probe"
    need_file "$UEXEC"
    cd "$tests" || return 1
    # without both of these, /proc/self/exe stays uexec's (CAP_SYS_ADMIN, CAP_CHECKPOINT_RESTORE)
    may_differ='^$'
    has_capability 21 || has_capability 40 || unshare --user true || may_differ='^proc\.exe: '
}

teardown() {
    [ -z "${place:-}" ] || rm -r "$place"
}

# see NAME COMMAND...: runs it with $environment and only descriptors 0, 1 and 2. Its output becomes
# $scratch/NAME; while it runs, the output has a constant name, because the probe reports the name.
see() {
    local name=$1
    shift
    command=("$@")
    (
        close_descriptors
        exec env -i "${environment[@]}" "$@"
    ) <"${input:-/dev/null}" >"$scratch/out" 2>"$scratch/err" || {
        echo "$name: status $?"
        cat "$scratch/err"
        return 1
    }
    [ -s "$scratch/out" ]
    mv "$scratch/out" "$scratch/$name"
}

# The outputs under execve and under uexec are the same, except for $may_differ, and for the bytes below the
# stack pointer if uexec says that a signal frame stays there. (All these programs have code for rt_sigreturn.)
no_difference() {
    local file word words but=$may_differ verbose=()
    compared
    cmp -s "$scratch/native.compared" "$scratch/uexec.compared" && return 0
    for word in "${command[@]}"; do
        verbose+=("$word")
        [[ $word != */uexec ]] || verbose+=(-v)
    done
    words=$(
        close_descriptors
        exec env -i "${environment[@]}" "${verbose[@]}" 2>&1 >/dev/null <"${input:-/dev/null}"
    ) || true
    # standard error may be closed, or be a script's for one of the probes that the script runs
    [[ -n $words ]] || words=$("$UEXEC" --linker=interp -v "$tests/probe.static" 2>&1 >/dev/null)
    [[ $words != *"leaves by rt_sigreturn"* ]] || but+='|^stack\.frame\.nonzero: '
    compared
    diff "$scratch/native.compared" "$scratch/uexec.compared"
}

compared() {
    for file in native uexec; do
        grep -vE "$but" "$scratch/$file" >"$scratch/$file.compared"
    done
}

# same PROGRAM ARG...: compares addresses too, which are not random here. $launch_with
# holds options of launch, $uexec_with options of uexec.
same() {
    see native "$launch" "${launch_with[@]}" -r "$@"
    see uexec "$launch" "${launch_with[@]}" "${uexec[@]}" --no-aslr "${uexec_with[@]}" "$@"
    no_difference
}

# same_but_addresses PROGRAM ARG...: compares with addresses blanked, because they are random; so is the
# number of stack pages in use, which depends on where in a page the stack begins. Once in sixty runs
# the order of mappings differs: an image of 2 MiB or more is aligned to that size, and sometimes
# no room for the vDSO is left above it. So there are three tries.
same_but_addresses() {
    local file
    for _ in 1 2 3; do
        see native "$launch" "$@"
        see uexec "$launch" "${uexec[@]}" "$@"
        for file in native uexec; do
            sed -Ei -e '/^smaps: .* Anonymous:/d' -e 's/@[0-9a-f]+/@/g' "$scratch/$file"
        done
        if no_difference >"$scratch/diff"; then
            return 0
        fi
    done
    cat "$scratch/diff"
    return 1
}

# The line must be in uexec's output.
has_line() {
    grep -qxE "$1" "$scratch/uexec" || {
        echo "no line: $1"
        return 1
    }
}

@test "musl, dynamic PIE" {
    same ./probe one 'two three' ''
}

@test "musl, dynamic at a fixed address" {
    same ./probe.exec one 'two three' ''
}

@test "musl, static at a fixed address" {
    same ./probe.static one 'two three' ''
}

@test "musl, static PIE" {
    same ./probe.static-pie one 'two three' ''
}

@test "glibc, dynamic PIE" {
    same ./probe.glibc one 'two three' ''
}

@test "glibc, dynamic at a fixed address" {
    same ./probe.glibc.exec one 'two three' ''
}

@test "glibc, static at a fixed address" {
    same ./probe.glibc.static one 'two three' ''
}

@test "glibc, static PIE" {
    same ./probe.glibc.static-pie one 'two three' ''
}

@test "libc-min, dynamic PIE" {
    same ./probe.ucc one 'two three' ''
}

@test "libc-min, dynamic at a fixed address" {
    same ./probe.ucc.exec one 'two three' ''
}

@test "libc-min, static at a fixed address" {
    same ./probe.ucc.static one 'two three' ''
}

@test "libc-min, static PIE" {
    same ./probe.ucc.static-pie one 'two three' ''
}

@test "segments aligned to 2 MiB" {
    same ./probe.2-mib
    same ./probe.2-mib.static-pie
    same ./probe.2-mib.exec
}

@test "segments aligned to more than mmap would align them" {
    same ./probe.16-mib
    same ./probe.16-mib.static-pie
}

@test "an executable stack" {
    same ./probe.execstack
    has_line 'maps-writable-and-executable: 1'
    same ./probe.execstack.static
    has_line 'maps-writable-and-executable: 1'
}

@test "no PT_GNU_STACK" {
    same ./probe.nostack
    same ./probe.nostack.static
}

@test "megabytes of bss" {
    same ./probe.bss
    same ./probe.bss.static
    has_line 'bss.length: 0x1234567'
    has_line 'bss.nonzero: 0'
}

@test "segments that share pages of the file" {
    same ./probe.packed
    same ./probe.packed.static-pie
}

@test "a dynamic linker of another name" {
    same ./probe.linker-copy
    grep -q ld-copy "$scratch/uexec"
}

@test "what a dynamic linker sees when it starts" {
    same ./probed.pie one
    has_line 'auxv-check.phdr: another.s'
    has_line 'auxv-check.base: an ELF header'
    same ./probed.exec one
    same ./probed.2-mib one
    same ./probed.16-mib one
    same ./probed.by-static one
}

@test "every probe that is built has a test" {
    local file
    for file in probe probe.* probed.*; do
        grep -qF "same ./$file" "$BATS_TEST_FILENAME" || {
            echo "no test runs $file"
            return 1
        }
    done
}

@test "what has to be true of any process is" {
    same ./probe.static-pie
    has_line 'maps-writable-and-executable: 0'
    has_line 'auxv-check.random: not all zero'
    has_line 'auxv-check.phdr: the probe.s'
    has_line 'auxv-check.entry: the probe.s'
    has_line 'proc.auxv: as on the stack'
    has_line 'stack.sp-modulo-16: 0'
    has_line 'stack.below.nonzero: 0'
    has_line 'bss.nonzero: 0'
    has_line 'bss.first-page.nonzero: 0'
    has_line 'bss.page-after-end.nonzero: 0'
    has_line 'vdso.mapping: begins there'
    has_line 'vdso.clock: the kernel.s time'
    has_line 'libc.clock: the kernel.s time'
    has_line 'brk.grown-by: 0x3000'
    has_line 'thread.tasks: 1'
    has_line 'thread.children: -10'
    run ! grep -q "$UEXEC" "$scratch/uexec"
}

@test "with random addresses all else is the same" {
    local kind
    for kind in '' .exec .static .static-pie .glibc .glibc.exec .glibc.static .glibc.static-pie \
        .ucc .ucc.exec .ucc.static .ucc.static-pie .2-mib .2-mib.static-pie .bss.static .execstack .packed; do
        echo "probe$kind"
        same_but_addresses "./probe$kind" one two
    done
    same_but_addresses ./probed.pie
    same_but_addresses ./probed.exec
}

@test "for a user without privileges nothing differs" {
    need_root
    need_command setpriv
    local kind as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    place=$(mktemp -d "${TMPDIR:-/tmp}/fidelity.XXXXXX")
    chmod 755 "$place"
    cp "$tests"/probe{,.static,.static-pie,.glibc} "$launch" "$place"
    cp "$UEXEC" "$place/uexec"
    cd "$place" || return 1
    # no other way to /proc/self/exe is left
    "${as[@]}" unshare --user true || may_differ='^proc\.exe: '
    for kind in '' .static .static-pie .glibc; do
        see native "${as[@]}" ./launch -r "./probe$kind" one
        see uexec "${as[@]}" ./uexec --linker=interp --no-aslr "./probe$kind" one
        no_difference
    done
}

@test "open descriptors stay, and those to be closed by execve are closed" {
    launch_with=(-k 3 -k 9 -e 5 -e 8)
    same ./probe.static
    has_line 'fd.9: /dev/null .*'
    run ! grep -q '^fd.8: ' "$scratch/uexec"
    same ./probe
    launch_with=(-k 300) # the table of descriptors is larger then
    same ./probe.static
    has_line 'status.FDSize:.512'
}

@test "descriptor 0, 1 or 2 may be closed" {
    local script='exec 2>&-; exec "$@"'
    see native sh -c "$script" - "$launch" -r ./probe.static
    see uexec sh -c "$script" - "${uexec[@]}" --no-aslr ./probe.static
    no_difference
    script='exec <&-; exec "$@"'
    see native sh -c "$script" - "$launch" -r ./probe
    see uexec sh -c "$script" - "${uexec[@]}" --no-aslr ./probe
    no_difference
    run ! grep -q '^fd.0: ' "$scratch/uexec"
}

@test "standard input is not read" {
    seq 100000 >"$scratch/input"
    input=$scratch/input
    same ./probe.static
    has_line 'fd.0: .*/input flags .* position 0'
}

@test "blocked, ignored and pending signals are inherited, caught ones are not" {
    # SIGBUS and SIGSEGV too, because a loader may handle them
    launch_with=(-b 10 -b 64 -p 12 -i 1 -i 7 -i 11 -i 17 -i 34 -c 15)
    same ./probe.static
    has_line 'signal.blocked: 0x8000000000000a00'
    has_line 'signal.pending: 0x800'
    has_line 'signal.action.7: @1 0 0 0'
    has_line 'signal.action.15: 0 0 0 0'
    same ./probe
    launch_with=(-b 1 -b 7 -b 11 -b 17)
    same ./probe.glibc
}

@test "what else a process inherits" {
    local nice
    launch_with=(-d 15 -t)
    umask 027
    cd / || return 1
    see native nice -n 3 "$launch" "${launch_with[@]}" -r "$tests/probe.static"
    see uexec nice -n 3 "$launch" "${launch_with[@]}" "$UEXEC" --no-aslr "$tests/probe.static"
    no_difference
    has_line 'proc.cwd: /'
    has_line 'timer.0: set'
    has_line 'prctl.pdeathsig: 0xf'
    nice=$(($(nice) + 3)) # of the tests themselves; 19 is the most
    has_line "stat.nice: $((nice < 19 ? nice : 19))"
}

@test "limits of the stack" {
    local limit
    for limit in 136 200 1024 65536 unlimited; do
        echo "$limit"
        (
            ulimit -S -s "$limit"
            same ./probe.static
            same ./probe.static-pie
            same ./probe
            same ./probe.glibc
            same ./probed.pie
        )
    done
}

@test "limits of address space and data" {
    (
        ulimit -S -v 4000000
        ulimit -S -d 500000
        ulimit -S -n 20
        same ./probe
        same ./probe.static-pie
        same ./probe.glibc
    )
}

@test "a long argument, and many" {
    local long
    long=$(head -c 102400 /dev/zero | tr '\0' x)
    same ./probe.static "$long" end
    same ./probe "$long" end
    # shellcheck disable=SC2046
    same ./probe.static $(seq 10000)
    # shellcheck disable=SC2046
    same ./probe.static-pie $(seq 5000)
}

@test "argument strings that end anywhere in a word" {
    local i text=
    for i in {1..17}; do
        text+=x
        same ./probe.static "$text"
    done
}

@test "an empty environment, and a large one" {
    environment=()
    same ./probe
    same ./probe.static
    local i
    for i in {1..2000}; do
        environment+=("VARIABLE_$i=$i")
    done
    same ./probe.static
    same ./probe.glibc
}

@test "another argv[0]" {
    local name
    for name in other '' '-sh' 'with blanks and /slashes'; do
        see native "$launch" -r -a "$name" ./probe.static one
        see uexec "$UEXEC" --no-aslr -a "$name" ./probe.static one
        no_difference
    done
    has_line 'argv.0: @[0-9a-f]+ "with blanks and /slashes" .*'
}

@test "a script with an argument" {
    printf '#!%s  some  argument \nmore\n' "$tests/probe.static" >"$scratch/script"
    chmod +x "$scratch/script"
    same "$scratch/script" one two
    has_line 'argc: 5'
    has_line 'argv.1: @[0-9a-f]+ "some  argument" .*'
    has_line 'proc.comm: script. .*'
    printf '#! %s' "$tests/probe" >"$scratch/script"
    same "$scratch/script" one two
    has_line 'argc: 4'
    has_line 'proc.exe: .*/probe'
}

@test "scripts of scripts" {
    printf '#!%s inner\n' "$tests/probe.static" >"$scratch/1"
    printf '#!%s middle\n' "$scratch/1" >"$scratch/2"
    printf '#!%s\n' "$scratch/2" >"$scratch/a-name-of-more-than-fifteen"
    chmod +x "$scratch"/[12a]*
    same "$scratch/a-name-of-more-than-fifteen" one
    has_line 'argc: 7'
    has_line 'proc.comm: a-name-of-more-. .*'
}

@test "a name that is looked up in PATH" {
    environment=("PATH=/nowhere:$tests:/bin")
    see native setarch -R probe.static one
    see uexec "$UEXEC" --no-aslr probe.static one
    no_difference
    has_line "auxv.execfn: @[0-9a-f]+ \"$tests/probe.static\" .*"
    has_line 'argv.0: @[0-9a-f]+ "probe.static" .*'
}

@test "a name through symbolic links" {
    ln -s "$tests/probe" "$scratch/link"
    same "$scratch/link"
    has_line 'proc.comm: link. .*'
    has_line "proc.exe: $tests/probe"
}

@test "/dev/fd/3 and /dev/fd/0" {
    # `see` would close descriptor 3
    local script='exec 3<"$1"; shift; exec "$@"'
    see native sh -c "$script" - ./probe.static "$launch" -r /dev/fd/3 one
    see uexec sh -c "$script" - ./probe.static "$UEXEC" --no-aslr /dev/fd/3 one
    no_difference
    has_line 'proc.comm: 3. .*'
    input=./probe
    same /dev/fd/0 one
}

@test "uexec started by uexec started by uexec" {
    see native "$launch" -r ./probe one
    see uexec "$UEXEC" --no-aslr "$UEXEC" "${uexec[@]}" ./probe one
    no_difference
    see native "$launch" -r ./probe.static one
    see uexec "$UEXEC" --no-aslr "$UEXEC" "${uexec[@]}" ./probe.static one
    no_difference
}

@test "reports leave nothing behind" {
    uexec_with=(-v)
    may_differ+='|^fd\.2: .* position ' # a file, which may have got a line
    same ./probe.static-pie
    uexec_with=(--maps -o "$scratch/report")
    same ./probe.static-pie
    same ./probe
    uexec_with=(--trace=load -o "$scratch/report")
    same ./probe
}

@test "it is the same process" {
    local pid inner
    read -r pid inner < <(sh -c 'printf "%s " $$; exec "$@"' - "$UEXEC" /bin/sh -c 'echo $$')
    [ -n "$inner" ]
    [ "$pid" = "$inner" ]
}

# varying FILE ITEM [LESS]: prints which bits of an item's values (minus those of another item) take both
# values in the runs of a file, and the distance from the lowest value to the highest.
varying() {
    local value first='' bits=0 lowest highest
    while read -r value; do
        value=$((value))
        : "${first:=$value}" "${lowest:=$value}" "${highest:=$value}"
        ((bits |= value ^ first)) || true
        ((value >= lowest)) || lowest=$value
        ((value <= highest)) || highest=$value
    done < <(awk -v item="$2:" -v less="${3:-none}:" '
        $1 == item { value = $2 } $1 == less { from = "-" $2 } $1 == "sp:" { print value from }' "$1")
    printf '%d %d\n' "$bits" $((highest - lowest))
}

# random_bits KIND ITEM LOW HIGH [LESS]: over all runs, bits LOW to HIGH of the item take both
# values, natively and under uexec, and no bit below does. A bit above may, by a carry. The
# values extend over at least three quarters of that range; 64 random values fail that once
# in ten million times.
random_bits() {
    local bits spread file within=$((((1 << ($4 - $3 + 1)) - 1) << $3)) below=$(((1 << $3) - 1))
    for file in native uexec; do
        read -r bits spread < <(varying "$scratch/$file.$1" "$2" "${5:-}")
        printf '%s %s: %s %#x over %#x\n' "$1" "$2" "$file" "$bits" "$spread"
        [ $((bits & within)) -eq $((within)) ]
        [ $((bits & below)) -eq 0 ]
        [ $((spread * 4)) -ge $((3 << ($4 + 1))) ]
        [ $((spread)) -le $((3 << $4)) ]
    done
}

@test "addresses are as random as the kernel's" {
    [ "$(cat /proc/sys/kernel/randomize_va_space)" -eq 2 ] || skip "randomness is switched off"
    [ -r /proc/sys/vm/mmap_rnd_bits ] || skip "how random addresses are may not be read"
    local kind i high=$((11 + $(cat /proc/sys/vm/mmap_rnd_bits)))
    for kind in probe probe.static-pie probe.exec; do
        for i in {1..64}; do
            env -i "./$kind" where >>"$scratch/native.$kind"
            env -i "${uexec[@]}" "./$kind" where >>"$scratch/uexec.$kind"
        done
    done
    random_bits probe program 12 "$high"
    random_bits probe mmap 12 "$high"
    random_bits probe sp 4 33
    random_bits probe break 12 29 end # 1 GiB above the program
    random_bits probe.static-pie program 12 "$high"
    random_bits probe.static-pie sp 4 33
    random_bits probe.static-pie break 12 29
    random_bits probe.exec break 12 29 end
    random_bits probe.exec mmap 12 "$high"
    # older kernels map the vDSO above the stack, and it is as random as the stack
    local first=$((16#$(sed -n 's/^vdso: 0x//p;T;q' "$scratch/native.probe")))
    ((first < $((16#$(sed -n 's/^sp: 0x//p;T;q' "$scratch/native.probe"))))) || high=33
    random_bits probe vdso 12 "$high"
    random_bits probe.static-pie vdso 12 "$high"
    # a program at a fixed address stays there
    [ "$(varying "$scratch/uexec.probe.exec" program)" = "0 0" ]
}

@test "no register state is in use that execve does not leave, however much work the tool had" {
    local words
    words=$(seq 20000)
    # shellcheck disable=SC2086
    diff <("$BUILD/tests/probe.static" $words | grep -E '^registers\.(in-use|component)') \
        <("$UEXEC" "$BUILD/tests/probe.static" $words | grep -E '^registers\.(in-use|component)')
}
