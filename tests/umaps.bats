#!/usr/bin/env bats
# umaps PID: the layout of a live process, beside what /proc, readelf and nm say.

load helper

setup() {
    UMAPS=$root/umaps
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    [ -z "${subject:-}" ] && return
    kill -KILL "$subject" 2>/dev/null || true
    wait "$subject" 2>/dev/null || true
}

# begin PROGRAM [ARG]...: starts it, and waits until it sleeps in a system call. $subject is its number.
begin() {
    "$@" >/dev/null 2>&1 3>&- &
    subject=$!
    for _ in {1..200}; do
        [[ $(cat "/proc/$subject/wchan" 2>/dev/null) != 0 && $(cat "/proc/$subject/comm") != bats* ]] &&
            grep -q '^State:.S' "/proc/$subject/status" && return
        sleep 0.02
    done
    false
}

# program NAME: builds NAME from the C on standard input.
program() {
    gcc -O1 -g -w -o "$1" -x c - "${@:2}"
}

@test "each mapping of /proc/PID/maps is a row, with its range, permissions, offset, file" {
    begin sleep 100
    "$UMAPS" --json "$subject" >layout
    jq -r '.mappings[] | [.start, .end, .permissions, .offset, .inode, .name] | map(tostring) | join(" ")' layout >ours
    python3 - "$subject" >theirs <<'P'
import sys
for line in open(f"/proc/{sys.argv[1]}/maps"):
    fields = line.rstrip("\n").split(None, 5)
    start, end = fields[0].split("-")
    print(hex(int(start, 16)), hex(int(end, 16)), fields[1], hex(int(fields[2], 16)), fields[4],
          fields[5] if len(fields) > 5 else "")
P
    diff ours theirs
    [ "$(wc -l <ours)" -gt 10 ]
    "$UMAPS" "$subject" >table
    while read -r start end permissions _; do
        grep -qE "^ +0*${start#0x}-[0-9.]*0*${end#0x} .* $permissions " table || grep -q "0*${start#0x}-" table
    done <ours
}

@test "rss, pss, dirty and swap are the kernel's: their sums are those of smaps_rollup" {
    begin sleep 100
    "$UMAPS" --json "$subject" >layout
    local field key
    for field in resident:Rss proportional:Pss swapped:Swap; do
        key=${field#*:}
        [ "$(jq "[.mappings[].${field%:*}] | add" layout)" -ge 0 ]
        # Pss is rounded to KiB in each mapping, and the sum is not
        python3 - "$(jq "[.mappings[].${field%:*}] | add" layout)" \
            "$(awk -v key="$key:" '$1 == key { print $2 * 1024 }' "/proc/$subject/smaps_rollup")" \
            "$(jq '.mappings | length' layout)" <<'P'
import sys
ours, kernel, rows = map(int, sys.argv[1:])
assert abs(ours - kernel) <= 1024 * rows, (ours, kernel)
assert rows > 10
P
    done
    [ "$(jq '[.mappings[].dirty] | add' layout)" = \
        "$(awk '/^(Shared|Private)_Dirty:/ { sum += $2 } END { print sum * 1024 }' "/proc/$subject/smaps_rollup")" ]
}

@test "--at names mapping, header, section and symbol, as nm and readelf have them" {
    program there <<'P'
#include <unistd.h>
int counter = 7;
int in_bss[4000];
__attribute__((noinline)) int work(void) { return counter++; }
int main(void) { work(); in_bss[3000] = 1; pause(); }
P
    begin ./there
    local name address bias
    bias=$((16#$(awk -F- '/there/ { print $1; exit }' "/proc/$subject/maps")))
    for name in work:.text:LOAD counter:.data:LOAD in_bss:.bss:LOAD; do
        IFS=: read -r symbol section header <<<"$name"
        address=$((16#$(nm there | awk -v name="$symbol" '$3 == name { print $1 }') + bias))
        run -0 "$UMAPS" --at="$(printf '%x' "$address")" "$subject"
        [[ $output == *"symbol   $symbol+0x0"* ]]
        [[ $output == *"section  $section+0x"* ]]
        [[ $output == *"header   $header["* ]]
        [[ $output == *"bias 0x$(printf '%x' "$bias"),"* ]]
    done
    run -1 "$UMAPS" --at=0x1000 "$subject"
    [[ $output == "umaps: $subject: 0x1000 is not mapped: a gap from 0x0 to 0x"* ]]
}

@test "threads: the stack of each, and its guard, by their numbers" {
    program threads -pthread <<'P'
#include <pthread.h>
#include <unistd.h>
static pthread_barrier_t barrier;
static void *sleeper(void *p) { pthread_barrier_wait(&barrier); pause(); return p; }
int main(void)
{
    pthread_t t;
    pthread_barrier_init(&barrier, 0, 4);
    for (int i = 0; i < 3; i++)
        pthread_create(&t, 0, sleeper, 0);
    pthread_barrier_wait(&barrier);
    pause();
}
P
    begin ./threads
    sleep 0.2
    "$UMAPS" --json "$subject" >layout
    local tid task
    for task in /proc/"$subject"/task/*; do
        tid=${task##*/}
        [ "$tid" = "$subject" ] && continue
        [ "$(jq "[.mappings[] | select(.label == \"stack of thread $tid (threads)\")] | length" layout)" = 1 ]
        # the guard ends where the stack begins
        [ "$(jq -r ".mappings[] | select(.label == \"guard of the stack of thread $tid\").end" layout)" = \
            "$(jq -r ".mappings[] | select(.label == \"stack of thread $tid (threads)\").start" layout)" ]
    done
    [ "$(jq '[.mappings[] | select(.label // "" | startswith("stack of"))] | length' layout)" = 3 ]
}

@test "malloc's arenas of glibc's threads, and the thread control block of the first" {
    program arenas -pthread <<'P'
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static void *work(void *p) { *(void *volatile *)&p = malloc(100); pause(); return p; }
int main(void) { pthread_t t; pthread_create(&t, 0, work, 0); sleep(1); pause(); }
P
    begin ./arenas
    sleep 0.3
    "$UMAPS" --json "$subject" >layout
    [ "$(jq '[.mappings[] | select(.label == "arena of glibc'"'"'s malloc")] | length' layout)" = 1 ]
    [ "$(jq '[.mappings[] | select(.label // "" | startswith("thread control block"))] | length' layout)" -ge 1 ]
}

@test "--kind, --writable, --executable show a part, and no gaps" {
    begin sleep 100
    [ "$("$UMAPS" --json -x "$subject" | jq -c '[.mappings[].permissions | .[2:3]] | unique')" = '["x"]' ]
    [ "$("$UMAPS" --json -w "$subject" | jq -c '[.mappings[].permissions | .[1:2]] | unique')" = '["w"]' ]
    [ "$("$UMAPS" --json --kind=heap "$subject" | jq -c '[.mappings[].name]')" = '["[heap]"]' ]
    run -0 "$UMAPS" --kind=stack "$subject"
    [[ $output == *'[stack]'* && $output != *'(gap'* ]]
    run -125 "$UMAPS" --kind=thing "$subject"
    [ "$output" = 'umaps: --kind=thing: not code, constants, data, anonymous, heap, stack or kernel' ]
}

@test "--pages: the pages that are in memory are those that the program touched" {
    program touch <<'P'
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    char *p = mmap((void *)0x12340000, 64 * 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    madvise(p, 64 * 4096, MADV_NOHUGEPAGE);
    for (int i = 0; i < 64; i++)
        if (i < 16 || i == 21 || i >= 62)
            p[i * 4096] = 1;
    pause();
}
P
    begin ./touch
    "$UMAPS" "$subject" >/dev/null # a look changes nothing
    run -0 "$UMAPS" --pages "$subject"
    [[ $output == *'12340000-000012380000'*'████████··▐····················█ 19 of 64 pages'* ]]
}

@test "hostile names: newlines, blanks, (deleted), markup, control characters" {
    program holder <<'P'
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int fd = open(argv[i], O_RDWR | O_CREAT, 0600);
        ftruncate(fd, 4096);
        mmap(0, 4096, 1, MAP_SHARED, fd, 0);
        if (i == 1)
            unlink(argv[i]);
    }
    pause();
}
P
    begin ./holder 'gone' $'new\nline' 'with blanks  two' 'x (deleted)' '<b>&"quote' $'esc\e[31mred'
    run -0 "$UMAPS" "$subject"
    [[ $output != *$'\e'* ]]
    [[ $output == *'gone (deleted)'* && $output == *'x (deleted)'* && $output == *'<b>&"quote'* ]]
    # as many lines as without the newline
    "$UMAPS" --json "$subject" | jq -r '.mappings[].name' >names
    grep -qF 'new\012line' names
    grep -qF 'with blanks  two' names
    grep -qF $'esc\e[31mred' names
}

@test "60,000 mappings: all are there, in less than 8 times what reading smaps takes" {
    [ "$(cat /proc/sys/vm/max_map_count)" -ge 65000 ] || skip "vm.max_map_count is under 65000"
    program many <<'P'
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    char *p = mmap(0, 60000 * 4096l, 0, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 60000; i += 2)
        mprotect(p + i * 4096l, 4096, 1);
    pause();
}
P
    begin ./many
    python3 - "$UMAPS" "$subject" <<'P'
import subprocess, sys, time
best = [9e9, 9e9]
for _ in range(3):
    start = time.time()
    out = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True).stdout
    best[0] = min(best[0], time.time() - start)
    start = time.time()
    open(f"/proc/{sys.argv[2]}/smaps").read()
    best[1] = min(best[1], time.time() - start)
assert out.count(b"\n") > 60000, out.count(b"\n")
assert best[0] < 8 * best[1], best
P
}

@test "--watch shows again, marks what is new and what is gone, and ends with the process" {
    program changes <<'P'
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    sleep(1);
    char *p = mmap((void *)0x10000000, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    sleep(1);
    munmap(p, 4096);
    sleep(1);
}
P
    begin ./changes
    run -0 timeout 20 "$UMAPS" --watch=0.1 "$subject"
    [[ $output == *'10000000-000010001000'*' new '* ]]
    [[ $output == *'10000000-000010001000'*'gone: '* ]]
}

@test "what is wrong is said in a line: no process, a zombie, a kernel thread, another user's, no number" {
    run -127 "$UMAPS" 4194304
    [ "$output" = 'umaps: 4194304: there is no such process' ]
    run -125 "$UMAPS" sleep
    [ "$output" = "umaps: sleep: neither a process's number nor a command: umaps --help lists the commands" ]
    run -125 "$UMAPS"
    [ "$output" = 'umaps: no process and no command: umaps PID, or umaps --help' ]
    run -125 "$UMAPS" 1 2
    [ "$output" = 'umaps: one process at a time (1 and 2): umaps --help' ]
    run -125 "$UMAPS" --wrong 1
    [ "$output" = 'umaps: no option --wrong: umaps --help lists the options' ]
    run -125 "$UMAPS" -z 1
    [ "$output" = 'umaps: no option -z: umaps --help lists the options' ]
    run -125 "$UMAPS" --at=main 1
    [ "$output" = 'umaps: --at=main: not a hexadecimal address' ]
    run -125 "$UMAPS" --watch=often 1
    [ "$output" = 'umaps: --watch=often: not a number of seconds (0.01 to 86400)' ]
    # sleep, which the shell becomes, waits for no child
    sh -c 'true & exec sleep 100' 3>&- &
    subject=$!
    local zombie=''
    for _ in {1..100}; do
        zombie=$(ps -o pid=,stat= --ppid "$subject" | awk '$2 ~ /Z/ { print $1 }')
        [ -n "$zombie" ] && break
        sleep 0.05
    done
    run -126 "$UMAPS" "$zombie"
    [ "$output" = "umaps: $zombie: it has ended, and has no address space" ]
    need_root
    if [ "$(cat /proc/2/comm)" = kthreadd ]; then
        run -126 "$UMAPS" 2
        [ "$output" = 'umaps: 2: it has no address space: a thread of the kernel' ]
    fi
    cp "$UMAPS" /tmp/umaps.$$ # where another user may read it
    run -126 setpriv --reuid=65534 --clear-groups /tmp/umaps.$$ "$subject"
    rm /tmp/umaps.$$
    [ "$output" = "umaps: $subject: cannot read /proc/$subject/smaps (Permission denied): it takes the process's user, or root" ]
}

@test "a full disk is reported" {
    begin sleep 100
    need_file /dev/full
    run -125 bash -c '"$0" "$1" >/dev/full' "$UMAPS" "$subject"
    [[ $output == 'umaps: cannot write standard output (No space left on device)' ]]
}

@test "diff: what is added, removed, moved, resized, of another protection" {
    python3 - <<'P'
import json
def m(start, end, permissions, name="", offset=0, inode=0):
    return {"start": hex(start), "end": hex(end), "permissions": permissions, "offset": hex(offset),
            "device": "fe:00" if inode else "00:00", "inode": inode, "name": name}
a = [m(0x1000, 0x2000, "r--p", "/bin/x", 0, 5), m(0x2000, 0x3000, "rw-p", "/bin/x", 0x1000, 5),
     m(0x10000, 0x20000, "rw-p", "[heap]"), m(0x50000, 0x52000, "rw-p"), m(0x70000, 0x71000, "r-xp", "/lib/y", 0, 6)]
b = [m(0x1000, 0x2000, "r--p", "/bin/x", 0, 5), m(0x2000, 0x3000, "r--p", "/bin/x", 0x1000, 5),
     m(0x10000, 0x40000, "rw-p", "[heap]"), m(0x80000, 0x81000, "r-xp", "/lib/y", 0, 6), m(0x90000, 0x9a000, "---p")]
for name, mappings in (("a", a), ("b", b)):
    json.dump({"schema": "umaps-layout", "version": 1, "mappings": mappings}, open(name, "w"))
P
    run -1 "$UMAPS" diff a b
    [[ ${lines[0]} == 'p protection  000000002000-000000003000      4K  rw-p  /bin/x  rw-p -> r--p' ]]
    [[ ${lines[1]} == '~ resized     000000010000-000000020000     64K  rw-p  [heap]  64K -> 192K' ]]
    [[ ${lines[2]} == '- removed     000000050000-000000052000      8K  rw-p  anonymous' ]]
    [[ ${lines[3]} == '> moved       000000070000-000000071000      4K  r-xp  /lib/y  to 000000080000-000000081000' ]]
    [[ ${lines[4]} == '+ added       000000090000-00000009a000     40K  ---p  anonymous' ]]
    [[ ${lines[-1]} == 'a and b: 1 the same, 1 added, 1 removed, 1 moved, 1 resized, 1 protection' ]]
    [ "$("$UMAPS" diff --json a b | jq -c '[.differences[].difference]')" = '["protection","resized","removed","moved","added"]' ]
    run -0 "$UMAPS" diff a a
    run -1 "$UMAPS" diff --ignore-aslr a b
    [[ $output != *'> moved'* ]]
}

@test "diff: two runs of a program are the same but for random addresses; a process, a recording, a layout of uexec" {
    local i
    for i in 1 2; do
        "$UEXEC" --maps --json -o layout.$i "$BUILD/samples/hello.glibc" >/dev/null
    done
    run -0 "$UMAPS" diff --ignore-aslr layout.1 layout.2
    [[ $output == *' the same' ]]
    begin sleep 100
    "$UMAPS" --json "$subject" >layout
    run -0 "$UMAPS" diff layout "$subject"
    [[ $output == *' the same' ]]
}

@test "diff: what cannot be read is said in a line" {
    echo '{"mappings": [{"start": "0x1001", "end": "0x2000"}]}' >odd
    echo '{"mappings": 3}' >none
    echo 'text' >text
    local item
    for item in odd:'mapping 0: no range of pages' none:'no array of mappings in it' \
        text:'neither a process, nor a recording, nor a layout in JSON (line 1: '; do
        run -126 "$UMAPS" diff "${item%%:*}" "${item%%:*}"
        [[ $output == "umaps: ${item%%:*}: ${item#*:}"* ]]
        [ "${#lines[@]}" = 1 ]
    done
    run -127 "$UMAPS" diff nothing odd
    [ "$output" = 'umaps: nothing: there is no such file' ]
    run -125 "$UMAPS" diff odd
    [ "$output" = 'umaps: diff compares two layouts, not 1: umaps diff A B, each a process or a file' ]
}

@test "processes that end while they are read: a layout, or one line" {
    local i status
    for i in {1..60}; do
        (exec sleep 0.00$((i % 10))) 3>&- &
        status=0
        "$UMAPS" "$!" >out 2>err || status=$?
        [[ $status = 0 || $status = 126 || $status = 127 ]]
        [ "$(wc -l <err)" -le 1 ]
        [ "$status" = 0 ] || [ ! -s out ]
    done
    wait
}
