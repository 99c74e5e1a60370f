#!/usr/bin/env bats
# Debuggers and profilers under uexec: --stop, and each command of docs/debugging.md. The expectation for
# breakpoints, callers, libraries and samples is the program without uexec.

# shellcheck disable=SC2016,SC2030,SC2031,SC2094,SC2154 # run sets output; awk has dollar signs of its own
load helper

page=$root/docs/debugging.md

# source_of NAME: prints the page's file of this name.
source_of() {
    awk -v name="/* $1 */" '$0 == name { on = 1; next } /^```/ { on = 0 } on' "$page"
}

setup_file() {
    export DEBUGINFOD_URLS=''
    cd "$BATS_FILE_TMPDIR" || return
    ln -s "$UEXEC" uexec
    local name
    for name in prog crash busy; do
        source_of $name.c >$name.c
        grep -qx "\$ gcc -g -o $name $name.c" "$page" || return
        gcc -g -o $name $name.c || return
    done
}

setup() {
    need_file "$UEXEC"
    cd "$BATS_FILE_TMPDIR" || return
    stopped=''
}

teardown() {
    [ -z "$stopped" ] || kill -KILL "$stopped" 2>/dev/null || true
}

need_gdb() {
    need_command gdb
    strace -o /dev/null true 2>/dev/null || skip "ptrace is not to be had"
}

# block TITLE NUMBER: prints the page's console block of this number below the heading.
block() {
    awk -v title="## $1" -v number="$2" '
        /^## / { on = $0 == title; count = 0; next }
        /^```/ { inside = !inside; if (inside && $0 == "```console") count++; next }
        on && inside && count == number' "$page"
}

# type_into_gdb BLOCK COMMAND...: starts gdb by the command and types the block's commands.
type_into_gdb() {
    local block=$1
    shift
    sed -n 's/^(gdb) //p' <<<"$block" >commands
    [ -s commands ]
    run timeout 60 "$@" -nx <commands 2>&1
    echo "$output"
}

# Blanks what differs from run to run: addresses and process numbers.
blank() {
    sed -E 's/0x[0-9a-f]+/X/g; s/process [0-9]+/process N/; s/^\(gdb\) //'
}

# as_on_the_page BLOCK: the lines of the block that show a result are in $output.
as_on_the_page() {
    local line count=0
    while read -r line; do
        grep -qxF -- "$line" <<<"$(blank <<<"$output")" || {
            echo "not printed: $line"
            return 1
        }
        count=$((count + 1))
    done < <(grep -E '^(#[0-9]|Breakpoint .*, |Program |During |Core was|\[Inf|one two)' <<<"$1" | blank)
    [ $count -gt 0 ]
}

# stop ARGUMENT...: uexec --stop with the arguments; $stopped is the process, the file `line` has its message.
stop() {
    "$UEXEC" --stop "$@" >out 2>line </dev/null 3>&- &
    stopped=$!
    for _ in {1..500}; do
        [ "$(awk '/^State:/ { print $2 }' "/proc/$stopped/status")" = T ] && return
        sleep 0.01
    done
    echo "it does not stop"
    return 1
}

# --- --stop

@test "--stop: nothing of the program has run; SIGCONT lets it go on" {
    local image=$BUILD/samples/exit-status.static entry
    stop "$image" 7
    entry=$(readelf -hW "$image" | awk '/Entry point/ { print $NF }')
    [ "$(cat line)" = "uexec: $image: stopped before its entry point $entry, process $stopped: gdb -ex 'handle SIGSTOP noprint nopass' $image $stopped, or kill -CONT $stopped" ]
    [ "$(readlink "/proc/$stopped/fd/1")" = "$PWD/out" ]
    [ ! -s out ]
    # the program's mappings, and of uexec only its last pages
    run grep -c 'uexec$' "/proc/$stopped/maps"
    [ "$output" -eq 0 ]
    grep -q "$image" "/proc/$stopped/maps"
    [ "$(tr '\0' ' ' <"/proc/$stopped/cmdline")" = "$image 7 " ]
    local got=0
    kill -CONT "$stopped"
    wait "$stopped" || got=$?
    stopped=''
    run -7 "$image" 7
    [ "$got" -eq 7 ]
    [ "$output" = "$(cat out)" ]
}

@test "--stop: a dynamic program before its interpreter, one that rt links before its first constructor" {
    stop -l interp "$BUILD/samples/hello"
    grep -qE ": stopped before the entry point 0x[0-9a-f]+ of its interpreter /lib/ld-musl-x86_64.so.1, process $stopped: " line
    kill -CONT "$stopped"
    wait "$stopped"
    [ "$(cat out)" = "$("$BUILD/samples/hello")" ]
    cat >early.c <<'!'
#include <unistd.h>
__attribute__((constructor)) static void early(void) { write(1, "constructor\n", 12); }
int main(void) { return 0; }
!
    "$BUILD/ucc" -o early early.c
    stop ./early
    grep -qx "uexec: ./early: stopped when rt has linked it, before its first constructor, process $stopped: gdb -ex 'handle SIGSTOP noprint nopass' ./early $stopped, or kill -CONT $stopped" line
    [ ! -s out ]
    grep -q '/libc\.so' "/proc/$stopped/maps"
    kill -CONT "$stopped"
    wait "$stopped"
    [ "$(cat out)" = constructor ]
    stopped=''
}

@test "--stop: the command that it names is one for a shell, whatever the program is called" {
    local name line
    # shellcheck disable=SC2016 # not to be expanded
    for name in 'a b' 'it'\''s' '$(touch expanded)' 'a;b' '"'; do
        cp "$BUILD/samples/hello.static" "$name"
        stop "./$name"
        line=$(<line)
        line=${line#*gdb -ex}
        eval "set -- ${line%%, or*}"
        [ "$2" = "./$name" ]
        [ "$3" = "$stopped" ]
        kill -KILL "$stopped"
    done
    [ ! -e expanded ]
}

@test "--stop: process 1 of a PID namespace cannot be stopped" {
    unshare --user --map-root-user --pid --fork true || skip "no PID namespace to be had"
    run -125 unshare --user --map-root-user --pid --fork "$UEXEC" --stop "$BUILD/samples/hello.static"
    [[ "$output" == *": --stop: SIGSTOP does not stop process 1 of a PID namespace" ]]
}

@test "--stop: a script stops in its interpreter" {
    printf '#!/bin/sh\necho script\n' >script
    chmod +x script
    stop ./script
    grep -q "^uexec: ./script: stopped before .*: gdb -ex 'handle SIGSTOP noprint nopass' /bin/sh $stopped, " line
    kill -CONT "$stopped"
    wait "$stopped"
    stopped=''
    [ "$(cat out)" = script ]
}

@test "--stop with --maps and --trace: the reports come first" {
    local program
    for program in "$BUILD/samples/hello.static" "$BUILD/samples/hello.ucc"; do
        stop --maps --trace=all "$program"
        [[ "$(tail -n 1 line)" == *": stopped "* ]]
        grep -q '^uexec: layout of' line
        grep -q ' load: ' line
        kill -CONT "$stopped"
        wait "$stopped"
    done
    stopped=''
}

@test "--stop of a process that is traced: SIGTRAP, which does nothing if it is passed on, and no line" {
    need_command strace
    local program
    cat >disposition.c <<'!'
#include <signal.h>
#include <stdio.h>
int main(void) { puts(signal(SIGTRAP, SIG_DFL) == SIG_DFL ? "default" : "another"); return 0; }
!
    "$BUILD/ucc" -static -o disposition.static disposition.c
    "$BUILD/ucc" -o disposition.dynamic disposition.c
    for program in ./disposition.static ./disposition.dynamic; do
        run -0 --separate-stderr timeout 20 strace -o calls "$UEXEC" --stop $program
        [ "$output" = default ]
        [ -z "$stderr" ]
        [ "$(grep -c -e '--- SIGTRAP ' calls)" -eq 1 ]
    done
}

@test "--stop under a tracer that has SIGTRAP blocked: SIGSTOP" {
    need_command strace
    strace -o calls perl -MPOSIX -e '
        sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGTRAP));
        exec @ARGV' "$UEXEC" --stop "$BUILD/samples/hello.static" >out 2>line 3>&- &
    stopped=$!
    for _ in {1..500}; do
        grep -q 'stopped before' line && break
        sleep 0.01
    done
    kill -CONT "$(sed 's/.*kill -CONT //' line)"
    wait "$stopped"
    stopped=''
    run ! grep -q 'kill(.*SIGTRAP' calls
}

# --- gdb: every kind of program

# make_kind NAME COMPILER...: builds a program, and a library if it is dynamic, by a compiler with its options.
make_kind() {
    local name=$1
    shift
    cat >twice.c <<'!'
int twice(int x) { return 2 * x; }
!
    cat >kind.c <<'!'
#include <stdio.h>
int twice(int);
int value = 21;
int main(void) { printf("%d\n", twice(value)); return 0; }
!
    if [[ "$*" == *static* ]]; then
        "$@" -g -O0 -o "$name" kind.c twice.c
    else
        "$@" -g -O0 -shared -fpic -o "lib$name.so" twice.c
        "$@" -g -O0 -o "$name" kind.c "./lib$name.so"
    fi
}

# debugged NAME COMPILER...: gdb, started by the command in the test, shows everything of this kind of program.
debugged() {
    local name=$1 command
    make_kind "$@"
    stop "./$name"
    command=$(sed -n 's/.*: \(gdb .*\), or kill.*/\1/p' line)
    printf '%s\n' 'break main' continue backtrace 'print value' 'info sharedlibrary' \
        'break twice' continue backtrace continue >commands
    run timeout 60 bash -c "$command -q -nx <commands 2>&1"
    stopped=''
    echo "$output"
    [ "$(cat out)" = 42 ]
    [[ "$output" == *'Breakpoint 1, main () at kind.c:4'*'#0  main () at kind.c:4'*'$1 = 21'* ]]
    [[ "$output" == *'Breakpoint 2, twice (x=21) at twice.c:1'*'#0  twice (x=21)'*'#1 '*' in main () at kind.c:4'* ]]
    [[ "$output" == *'exited normally]'* ]]
}

@test "gdb attaches: static, static PIE" {
    need_gdb
    debugged static gcc -static
    debugged static-pie gcc -static-pie
    debugged static-pie "$BUILD/ucc" -static-pie
}

@test "gdb attaches: dynamic, under glibc's ld.so" {
    need_gdb
    debugged pie gcc
    [[ "$output" == *Yes*/ld-linux-x86-64.so.2*Yes*libpie.so*Yes*/libc.so.6* ]]
    debugged exec gcc -no-pie
    [[ "$output" == *Yes*/ld-linux-x86-64.so.2*Yes*libexec.so*Yes*/libc.so.6* ]]
}

@test "gdb attaches: musl's and ucc's, on rt" {
    need_gdb
    need_command musl-gcc
    debugged musl musl-gcc
    [[ "$output" == *Yes*libmusl.so*Yes*/libc.so*Yes*/ld-uexec.so.1* ]]
    debugged ucc "$BUILD/ucc"
    [[ "$output" == *Yes*/libc.so* && "$output" == *Yes*libucc.so* && "$output" == *Yes*/ld-uexec.so.1* ]]
}

@test "gdb -p PID alone finds the program, where /proc/PID/exe can be set" {
    need_gdb
    has_capability 21 || has_capability 40 || skip "no capability to set /proc/self/exe"
    stop ./prog
    printf '%s\n' 'handle SIGSTOP noprint nopass' 'break half' continue backtrace continue >commands
    run timeout 60 gdb -q -nx -p "$stopped" <commands
    stopped=''
    echo "$output"
    [[ "$output" == *'#0  half (x=42)'*' in main (argc=1, '* ]]
}

@test "gdb starts every kind of program by the wrapper, again and again" {
    need_gdb
    need_command musl-gcc
    local kind
    make_kind static gcc -static
    make_kind static-pie gcc -static-pie
    make_kind pie gcc
    make_kind musl musl-gcc
    make_kind ucc "$BUILD/ucc"
    printf '%s\n' 'set exec-wrapper ./uexec --stop' 'break twice' run backtrace continue run backtrace kill >commands
    for kind in static static-pie pie musl ucc; do
        run timeout 60 gdb -q -nx "./$kind" <commands
        echo "$output"
        [ "$(grep -c 'Breakpoint 1, twice (x=21) at twice.c:1' <<<"$output")" -eq 2 ]
        [ "$(grep -cE '^#1 .* in main \(\) at kind.c:4' <<<"$output")" -eq 2 ]
        [[ "$output" == *'exited normally]'* ]]
    done
}

# --- the page, block by block

@test "the page: gdb starts the program" {
    need_gdb
    local it
    it=$(block 'gdb starts the program' 1)
    grep -qxF "\$ gdb -q -ex 'set exec-wrapper ./uexec --stop' ./prog" <<<"$it"
    type_into_gdb "$it" gdb -q -ex 'set exec-wrapper ./uexec --stop' ./prog
    as_on_the_page "$it"
    it=$(block 'gdb starts the program' 2)
    grep -qxF "\$ gdb -q -ex 'set exec-wrapper ./uexec' ./prog" <<<"$it"
    type_into_gdb "$it" gdb -q -ex 'set exec-wrapper ./uexec' ./prog
    as_on_the_page "$it"
}

@test "the page: gdb attaches to the program" {
    need_gdb
    local it command
    it=$(block 'gdb attaches to the program' 1)
    grep -qxF '$ ./uexec --stop ./prog one two &' <<<"$it"
    stop ./prog one two
    # the message, and the command in it, are as on the page
    diff <(blank <line | sed -E 's/\b[0-9]{2,}\b/N/g') \
        <(grep '^uexec: ' <<<"$it" | blank | sed -E 's/\b[0-9]{2,}\b/N/g')
    command=$(sed -n 's/.*: \(gdb .*\), or kill.*/\1/p' line)
    grep -qxF "\$ $(sed -E 's/^gdb/gdb -q/; s/[0-9]+$//' <<<"$command")16655" <<<"$it"
    type_into_gdb "$it" bash -c "$command -q \"\$@\"" -
    stopped=''
    as_on_the_page "$it"
    [[ "$output" == *Yes*/ld-linux-x86-64.so.2*Yes*/libc.so.6* ]]
    [ "$(cat out)" = 'one two 21' ]
}

@test "the page: gdb has started uexec already" {
    need_gdb
    local it
    it=$(block 'gdb has started uexec already' 1)
    grep -qxF '$ gdb -q --args ./uexec --stop ./prog one two' <<<"$it"
    type_into_gdb "$it" gdb -q --args ./uexec --stop ./prog one two
    # the option -nx of type_into_gdb becomes the program's argument here
    as_on_the_page "${it//argc=3/argc=4}"
    it=$(block 'gdb has started uexec already' 2)
    grep -qxF '$ gdb -q --args ./uexec ./prog one two' <<<"$it"
    type_into_gdb "$it" gdb -q -nx --args ./uexec ./prog one two
    [[ "$output" == *'Breakpoint 1, exec_hand_over ('*'one two '*'21'*'exited normally]'* ]]
}

@test "the page: strace" {
    need_command strace
    local it
    it=$(block strace 1)
    grep -qxF '$ strace -o calls ./uexec ./prog' <<<"$it"
    strace -o calls ./uexec ./prog
    run -0 bash -c "$(sed -n 's/^\$ \(sed .*\)/\1/p' <<<"$it")"
    # where the vDSO leaves registers, the kernel sets them after that (docs/debugging.md)
    [[ "${lines[0]}" != 'rt_sigreturn('* ]] || lines=("${lines[@]:1}")
    [[ "${lines[0]}" == 'brk(NULL) '* ]]
    [[ "${lines[-3]}" == 'write(1, "21\n", 3)'* ]]
    # the calls are those of the program under execve, and none of uexec's
    strace -o native ./prog
    diff <(printf '%s\n' "${lines[@]}" | sed 's/[(=].*//') <(sed '1d; s/[(=].*//' native)
}

@test "the page: perf" {
    need_command perf
    local it
    perf record -q -o perf.data true 2>err || skip "perf is refused: $(head -n 1 err)"
    it=$(block perf 1)
    grep -qxF '$ perf record -q -o perf.data ./uexec ./busy' <<<"$it"
    perf record -q -o perf.data ./uexec ./busy
    run -0 bash -c "$(sed -n 's/^\$ \(perf report .*\)/\1/p' <<<"$it") 2>/dev/null"
    echo "$output"
    # the program's function has by far the most samples, by process, file and symbol
    [[ "$(awk '/^ +[0-9.]+%/ { print int($1 + 0.5 > 80), $2, $3, $5; exit }' <<<"$output")" == '1 busy busy spin' ]]
}

@test "the page: core files" {
    need_gdb
    [ "$(cat /proc/sys/kernel/core_pattern)" = core ] || skip "core_pattern is not 'core'"
    local it
    it=$(block 'Core files' 1)
    rm -f core core.*
    run bash -c 'ulimit -c unlimited || exit 99; ./uexec ./crash'
    [ "$status" -ne 99 ] || skip "ulimit -c is not to be raised"
    [ "$status" -eq 139 ]
    mv core.* core 2>/dev/null || true
    [ -s core ] || skip "no core file is written here"
    grep -qxF '$ ulimit -c unlimited; ./uexec ./crash' <<<"$it"
    grep -qxF '$ gdb -q ./crash core' <<<"$it"
    type_into_gdb "$it" gdb -q ./crash core
    as_on_the_page "$it"
    # the notes and NT_FILE and NT_AUXV: no file of uexec's; the program's name and entry point
    printf '%s\n' 'info proc mappings' 'info auxv' 'print/x (long)&_start' >commands
    run timeout 60 gdb -q -nx ./crash core <commands
    echo "$output"
    [[ "$output" == *"$(realpath crash)"*AT_ENTRY*AT_EXECFN*'"./crash"'* ]]
    [[ "$output" != *"$UEXEC"* && "$output" != *"/uexec"$'\n'* ]]
    [ "$(sed -n 's/^.*AT_ENTRY.* 0x/0x/p' <<<"$output")" = "$(sed -n 's/^.*\$1 = //p' <<<"$output")" ]
}

@test "the page: valgrind" {
    need_command valgrind
    grep -qxF '$ valgrind -q ./prog' "$page"
    run -0 valgrind -q ./prog
    [ "$output" = 21 ]
}

@test "the page has no command that is not run here" {
    local command
    while read -r command; do
        grep -qF -- "$command" "$BATS_TEST_FILENAME" || [[ "$command" == gcc\ -g\ -o* ||
            "$command" == sed* || "$command" == 'perf report'* || "$command" == 'gdb -q -ex '* ]] || {
            echo "not run: $command"
            return 1
        }
    done < <(sed -n 's/^\$ //p' "$page")
}
