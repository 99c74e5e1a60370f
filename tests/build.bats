#!/usr/bin/env bats
# The promises of `make`: a second make does nothing, the tool's form, what a run executes and writes, the
# manual page.

load helper

setup() {
    cd "$root" || return
}

@test "a second make does nothing" {
    # without MAKEFLAGS, because the flags of the `make test` around this are not meant for it
    MAKEFLAGS='' run make BUILD="${BUILD#"$root"/}"
    [ "$status" -eq 0 ]
    MAKEFLAGS='' run make -q all BUILD="${BUILD#"$root"/}"
    [ "$status" -eq 0 ]
}

@test "uexec is a static PIE without an interpreter, writable memory is not executable" {
    run readelf -hlW "$UEXEC"
    [[ $output == *"Type:"*"DYN"* ]]
    [[ $output != *INTERP* ]]
    [[ $output != *RWE* ]]
    [[ $output == *"GNU_STACK"*"RW "* ]]
}

@test "make install puts the program, its page and its completion below DESTDIR and PREFIX" {
    MAKEFLAGS='' run make install DESTDIR="$BATS_TEST_TMPDIR/stage" PREFIX=/opt/u
    [ "$status" -eq 0 ]
    run "$BATS_TEST_TMPDIR/stage/opt/u/bin/uexec" "$BUILD/samples/hello.static"
    [ "$output" = "Hello from hello.static" ]
    [ -f "$BATS_TEST_TMPDIR/stage/opt/u/share/man/man1/uexec.1" ]
    [ -f "$BATS_TEST_TMPDIR/stage/opt/u/share/bash-completion/completions/uexec" ]
}

@test "compile_commands.json is JSON that names every file of the loader" {
    MAKEFLAGS='' run make compile_commands.json
    [ "$status" -eq 0 ]
    run perl -MJSON::PP -0777 -ne 'print join "\n", sort map { $_->{file} } @{decode_json($_)}' \
        compile_commands.json
    [ "$status" -eq 0 ]
    local file
    for file in loader/*.c; do
        [[ $'\n'"$output"$'\n' == *$'\n'"$file"$'\n'* ]]
    done
}

@test "the manual page and the completion know every option of --help" {
    local option
    "$UEXEC" --help | grep -o -- '--[a-z0-9-]*' | sort -u > "$BATS_TEST_TMPDIR/options"
    [ "$(wc -l < "$BATS_TEST_TMPDIR/options")" -ge 15 ]
    while read -r option; do
        sed 's/\\-/-/g; s/\\f.//g' docs/uexec.1 | grep -q -- "$option" || {
            echo "docs/uexec.1: no $option"
            return 1
        }
        grep -q -- "$option" docs/uexec.bash || {
            echo "docs/uexec.bash: no $option"
            return 1
        }
    done < "$BATS_TEST_TMPDIR/options"
}

@test "the manual page and the completion of umaps know every option of its --help" {
    local option
    "$root/umaps" --help | grep -o -- '--[a-z0-9-]*' | sort -u >"$BATS_TEST_TMPDIR/options"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/options")" -ge 13 ]
    while read -r option; do
        sed 's/^\.It Fl . , /.It /; s/Fl Fl /--/g' docs/umaps.1 | grep -q -- "$option" || {
            echo "docs/umaps.1: no $option"
            return 1
        }
        grep -q -- "$option" docs/umaps.bash || {
            echo "docs/umaps.bash: no $option"
            return 1
        }
    done <"$BATS_TEST_TMPDIR/options"
}

@test "the completion completes options, their values, and the program's own arguments" {
    [ -f /usr/share/bash-completion/bash_completion ] || skip "there is no bash-completion"
    cat > "$BATS_TEST_TMPDIR/complete" <<'.'
. /usr/share/bash-completion/bash_completion
. docs/uexec.bash
complete_line() {
    COMP_LINE=$* COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    # the words of readline: = and : are words, too
    COMP_LINE=${COMP_LINE// = /=} COMP_LINE=${COMP_LINE// : /:}
    COMP_POINT=${#COMP_LINE} COMPREPLY=()
    _uexec 2>/dev/null
    echo "${COMPREPLY[*]}"
}
complete_line uexec --dr
complete_line uexec -b l
complete_line uexec -t re
complete_line uexec --trace = load,
complete_line uexec --trace = load,bind,se
complete_line uexec -t all,search,t
complete_line uexec --library-path = "$BATS_TEST_TMPDIR/a"
complete_line uexec --library-path = /usr : "$BATS_TEST_TMPDIR/a"
complete_line uexec --preload /usr : "$BATS_TEST_TMPDIR/f"
complete_line uexec --preload = "\"/usr:$BATS_TEST_TMPDIR/f"
_command_offset() { echo "program: ${COMP_WORDS[*]:$1}"; }
complete_line uexec --trace = load,bind --library-path = /usr : /lib ls -
complete_line uexec -E A = B -- ls -
.
    mkdir "$BATS_TEST_TMPDIR/ab"
    touch "$BATS_TEST_TMPDIR/file"
    run bash "$BATS_TEST_TMPDIR/complete"
    [ "${lines[0]}" = "--dry-run" ]
    [ "${lines[1]}" = "lazy" ]
    [ "${lines[2]}" = "reloc" ]
    # the last item of a list, with the part of the line that readline does not keep; no item twice
    [ "${lines[3]}" = "load,search load,reloc load,bind load,tls load,init load,dl load,malloc load,all" ]
    [ "${lines[4]}" = "load,bind,search" ]
    [ "${lines[5]}" = "all,search,tls" ]
    [ "${lines[6]}" = "$BATS_TEST_TMPDIR/ab" ]
    [ "${lines[7]}" = "$BATS_TEST_TMPDIR/ab" ]
    [ "${lines[8]}" = "$BATS_TEST_TMPDIR/file" ]
    [ "${lines[9]}" = "/usr:$BATS_TEST_TMPDIR/file" ]
    [ "${lines[10]}" = "program: ls -" ]
    [ "${lines[11]}" = "program: ls -" ]
}

@test "the demonstration runs to its end" {
    run sh samples/demo.sh
    [ "$status" -eq 0 ]
    [[ $output == *"are mapped as planned"* ]]
    [[ $output == *"no difference"* ]]
}

# section NAME: its offset in uexec's file and its size, decimal
section() {
    readelf -SW "$UEXEC" | sed 's/^ *\[ *[0-9]*\] *//' |
        awk -v name="$1" '$1 == name { print "0x" $4, "0x" $5 }' | xargs -r printf '%d %d\n'
}

@test "what a run executes is in .hot, the first 64 KiB of the file" {
    # loader/hot.ld: each page fault more costs every run 2 to 7 us
    local hot size outside program
    read -r hot size <<<"$(section .hot)"
    ((hot + size <= 65536))
    printf '#!%s a\n' "$BUILD/samples/hello.static" >"$BATS_TEST_TMPDIR/script"
    chmod +x "$BATS_TEST_TMPDIR/script"
    for program in "$BUILD"/samples/hello{,.static,.ucc,.ucc.static,.glibc} "$BATS_TEST_TMPDIR/script"; do
        run --separate-stderr "$BUILD/tests/executed" "$UEXEC" "$UEXEC" "$program"
        [ "$status" -ne 77 ] || skip "ptrace(2) is not permitted here"
        [ "$status" -eq 0 ]
        ((${#lines[@]} > 1000))
        outside=$(awk -v end=$((hot + size)) '$1 >= end { printf " %#x", $1 }' <<<"$output")
        echo "$program executes behind .hot:${outside:- nothing} (nm -n uexec names the functions)"
        [ -z "$outside" ]
    done
}

@test "what a run writes is in one page" {
    local written data size
    read -r written _ <<<"$(section .hotdata)"
    read -r data size <<<"$(section .data)"
    ((written > 0 && written / 4096 == (data + size - 1) / 4096))
}

@test "the hand-over's page has room for every step that is ever listed" {
    # list_steps() has no loop, so each of its lines appends one step; --trace has a line before each
    local steps writes most
    awk '/^static void list_steps\(/, /^}/' loader/exec.c >"$BATS_TEST_TMPDIR/list"
    run -1 grep -nE '^ *(for|while|do|goto)\>' "$BATS_TEST_TMPDIR/list"
    steps=$(grep -cE '\<add_(step|unmap)\(' "$BATS_TEST_TMPDIR/list")
    writes=$(grep -cE '\<handover_(step|write|retry)\(' "$BATS_TEST_TMPDIR/list")
    most=$(sed -n 's/^enum { HANDOVER_STEPS_MAX = \([0-9]*\) };/\1/p' loader/handover.h)
    echo "$steps steps with a line each, $writes without, room for $most"
    ((steps >= 10 && writes >= 5 && most > 0))
    # no other function appends
    [ "$(grep -lE '\<handover_(step|write|retry)\(' loader/*.c | sort | xargs)" = "loader/exec.c loader/handover.c" ]
    [ "$(grep -cE '\<(add_step|add_unmap|handover_step|handover_write|handover_retry)\(' loader/exec.c)" -eq $((steps + writes + 5)) ]
    ((2 * steps + writes <= most))
}
