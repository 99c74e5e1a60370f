#!/usr/bin/env bats
# umaps report: the page, in Chromium (tests/umaps/page.js), and without it.

load helper

setup_file() {
    export PLAYWRIGHT=$BUILD/playwright/node_modules/playwright-core
    [ -d "$PLAYWRIGHT" ] || npm install --prefix "$BUILD/playwright" --no-audit --no-fund playwright-core >/dev/null 2>&1 || true
}

setup() {
    UMAPS=$root/umaps
    cd "$BATS_TEST_TMPDIR"
    "$UMAPS" record -o probe -- /bin/true 2>probe.err || { grep -q 'cannot install a seccomp filter' probe.err && skip "$(cat probe.err)"; }
}

# page PAGE ACTION [ARG]...
page() {
    need_command node
    need_command chromium
    need_file "$PLAYWRIGHT"
    run -0 timeout 120 node "$BATS_TEST_DIRNAME/umaps/page.js" "$PLAYWRIGHT" "$(command -v chromium)" "$PWD/$1" "${@:2}"
    echo "$output"
}

@test "slider, keys, pins, search, tabs, and the state in the address; no error, no request" {
    "$UMAPS" record -o recording -- "$BUILD/samples/malloc-threshold.glibc" >/dev/null
    "$UMAPS" report recording -o page.html
    page page.html all
    local events
    events=$(($(wc -l <recording) - 1))
    [ "${lines[0]}" = "events $events" ]
    [ "${lines[1]}" = "home 1 / $events  layout (entry)" ]
    [ "${lines[2]}" = 'right 2' ]
    [ "${lines[3]}" = 'end true' ]
    [ "${lines[4]}" = 'pins true' ]
    [ "${lines[5]}" = 'hash true' ]
    [ "$(grep -c '^tab .* true 1$' <<<"$output")" = 6 ]
    [[ $output == *'find true'*'hit true'*'again true [heap]'* ]]
}

@test "the keyboard alone reaches all" {
    "$UMAPS" record -o recording -- "$BUILD/samples/hello.glibc" >/dev/null
    "$UMAPS" report recording -o page.html
    page page.html keyboard
    [ "${lines[0]}" = 'reached true' ]
    [ "${lines[1]}" = 'tabs true tab-table' ]
}

@test "the table of the page is the layout that the kernel had at the exit" {
    "$UMAPS" record -o recording -- "$BUILD/samples/thread-stack.glibc" >/dev/null
    "$UMAPS" report recording -o page.html
    page page.html table
    python3 - >expected <<'P'
import json
last = [json.loads(line) for line in open("recording") if '"event":"layout"' in line][-1]
def key(m): return (m["permissions"], m["name"])
rows = []
for m in last["mappings"]:
    rows.append((int(m["start"], 16), int(m["end"], 16), m["permissions"], m["name"] or "anonymous"))
pages = {}
for start, end, permissions, name in rows:
    print(start, end, permissions, name)
P
    # the page has them by the events that made them: the same ranges once those that touch are joined
    python3 - "$output" <<'P'
import sys
def joined(rows):
    out = []
    for start, end, permissions, name in sorted(rows):
        if out and out[-1][1] == start and out[-1][2:] == (permissions, name):
            out[-1] = (out[-1][0], end, permissions, name)
        else:
            out.append((start, end, permissions, name))
    return out
ours = []
labels = [line for line in sys.argv[1].splitlines() if line.startswith("label|")]
assert labels == ["label|stack of a thread", "label|guard"], labels
for line in sys.argv[1].splitlines():
    if line.startswith("label|"):
        continue
    span, _, permissions, name = line.split("|")
    start, end = span.split("-")
    ours.append((int(start, 16), int(end, 16), permissions, name))
theirs = []
for line in open("expected"):
    start, end, permissions, name = line.rstrip("\n").split(" ", 3)
    theirs.append((int(start), int(end), permissions, name))
assert joined(ours) == joined(theirs), (joined(ours), joined(theirs))
assert len(ours) > 15
P
}

@test "the GOT: a stub, then the symbol; the initial stack: argc, argv, auxv" {
    "$UMAPS" record --trace=bind -o recording -- "$BUILD/samples/lazy-binding" >/dev/null
    [ -z "$(find /tmp -maxdepth 1 -name 'umaps.*' -newer probe -type d -empty)" ]
    "$UMAPS" report recording -o page.html
    page page.html got
    # the slot of getppid, as readelf has it
    local slot
    slot=$(readelf -rW "$BUILD/samples/lazy-binding" | awk '/ getppid/ { print $1 }')
    grep -qE "^before 0x[0-9a-f]*${slot: -3}\|lazy-binding\|getppid\|0x[0-9a-f]+ \(stub\)\|not yet$" <<<"$output"
    grep -qE "^after 0x[0-9a-f]*${slot: -3}\|lazy-binding\|getppid\|0x[0-9a-f]+ in libc.so\|lazy$" <<<"$output"
    grep -qE '^stack 0x7ff[0-9a-f]+0\|argc\|1\|$' <<<"$output"
    grep -qF "|argv[0]|" <<<"$output"
    grep -qE '^stack 0x[0-9a-f]+\|AT_PAGESZ\|0x1000\|$' <<<"$output"
    grep -qE '^stack 0x[0-9a-f]+\|AT_SYSINFO_EHDR\|0x7' <<<"$output"
    # of the environment, the names
    run ! grep -q "$PWD" <(grep initial-stack recording | sed "s|$BUILD||g")
    run -125 "$UMAPS" record --kernel --trace=bind -o recording -- true
    [ "$output" = 'umaps: --trace=bind: rt traces, which needs uexec: leave out --kernel' ]
}

@test "without scripts: a picture and a table of the last layout" {
    "$UMAPS" record -o recording -- "$BUILD/samples/hello" >/dev/null
    "$UMAPS" report recording -o page.html
    page page.html noscript
    [ "${lines[0]}" = 'static true false true true' ]
}

@test "names with markup stay text, in the page's head, its table and its data" {
    mkdir '<'
    cp "$BUILD/samples/hello.glibc" '</script><b>&"x' # in the folder '<'
    "$UMAPS" record -o recording -- './</script><b>&"x' >/dev/null
    "$UMAPS" report recording -o page.html
    [ "$(grep -c '</script>' page.html)" = 2 ]
    run ! grep -q '<b>' page.html
    page page.html table
    [[ $output == *'</script><b>&"x'* ]]
}

@test "a long recording is thinned, says so, and stays under 5 MB" {
    cat >long.c <<'P'
#include <sys/mman.h>
int main(void)
{
    for (int i = 0; i < 12000; i++) {
        char *p = mmap(0, 8192, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mprotect(p, 4096, 1);
        if (i % 8)
            munmap(p, 8192);
    }
}
P
    gcc -O1 -w -o long long.c
    "$UMAPS" record -o recording -- ./long
    [ "$(wc -c <recording)" -gt 9000000 ]
    "$UMAPS" report recording -o page.html
    [ "$(wc -c <page.html)" -le 5000000 ]
    grep -qE 'The recording is long: [0-9]+ of its 3[0-9]+ events are left out' page.html
    # what is left replays to the same layout
    python3 - <<'P'
import re
text = open("page.html", encoding="utf-8").read()
data = re.search(r'id="recording">\[(.*?)\]</script>', text, re.S)[1]
open("thinned", "w").write(data.replace(",\n", "\n") + "\n")
P
    python3 "$BATS_TEST_DIRNAME/umaps/replay.py" thinned
    page page.html frames
    echo "# median and longest step of the page at $(grep -c event thinned) events: $output ms" >&3
}

@test "html: both in one step, children too; the exit status is the program's" {
    run -3 "$UMAPS" html -o page.html -- sh -c 'echo x | cat; exit 3'
    [ "$output" = x ]
    grep -q '"event":"process"' page.html
    # a status that is also one of umaps: there is a page all the same
    rm page.html
    run -127 "$UMAPS" html -o page.html -- sh -c 'exit 127'
    grep -q '"status":"127"' page.html
    rm page.html
    run -127 "$UMAPS" html -o page.html -- ./nothing
    [ "${#lines[@]}" = 1 ]
    [ ! -e page.html ]
    "$UMAPS" html -o page.html --trace=bind --resident=5 "$BUILD/samples/hello" >/dev/null
    grep -q '"event":"rt"' page.html
    "$UMAPS" html --kernel "$BUILD/samples/hello" >/dev/null
    grep -q '"by":"kernel"' umaps.html
    run -125 "$UMAPS" html --resident=x "$BUILD/samples/hello"
    [ "$output" = 'umaps: --resident=x: not a number of milliseconds (1 to 3600000)' ]
}

@test "what is no recording is said in a line, and no page is written" {
    echo '{"schema": "other"}' >other
    echo '{"schema": "umaps-recording", "version": 9}' >newer
    : >empty
    echo '{"schema": "umaps-recording", "version": 1, "arguments": ["x"]}' >without
    local item
    for item in other:'no recording: its first line has no "schema": "umaps-recording"' newer:'a recording of version 9; this umaps reads version 1' \
        empty:'the file is empty' without:'a recording without a layout: its program did not start'; do
        run -126 "$UMAPS" report "${item%%:*}" -o page.html
        [ "$output" = "umaps: ${item%%:*}: ${item#*:}" ]
        [ ! -e page.html ]
    done
    run -127 "$UMAPS" report nothing -o page.html
    [ "$output" = 'umaps: nothing: there is no such file' ]
    run -126 "$UMAPS" report . -o page.html
    [ "$output" = 'umaps: .: cannot read it (Is a directory)' ]
    run -125 "$UMAPS" report other
    # a recording that ends in the middle of a line
    "$UMAPS" record -o recording -- /bin/true
    head -c -40 recording >cut
    "$UMAPS" report cut -o page.html
    grep -q '1 line of the recording could not be read' page.html
}
