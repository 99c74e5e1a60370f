#!/usr/bin/env bats
# The command line: each option and its errors, the destination and look of reports; the program keeps its own
# input, output and end.

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # Perl has dollar signs of its own; run sets output
load helper

setup() {
    need_file "$UEXEC"
    arguments=$BUILD/samples/echo-args.static
    hello=$BUILD/samples/hello.static
    need_file "$arguments"
    cd "$BATS_TEST_TMPDIR" || return
}

# misuse MESSAGE ARGUMENT...: uexec with these arguments prints this one line, and ends with 125.
misuse() {
    local got=0
    "$UEXEC" "${@:2}" </dev/null >out 2>err || got=$?
    diff <(printf 'uexec: %s\n' "$1") err
    [ $got -eq 125 ]
    [ ! -s out ]
}

# Prints how a command ended, as wait(2) reports it: "exit N" or "signal N".
how_it_ends() {
    perl -e 'system { $ARGV[0] } @ARGV; print $? & 127 ? "signal " . ($? & 127) : "exit " . ($? >> 8)' "$@"
}

# json FILE EXPRESSION: evaluates a Perl expression of $j, the file's content.
json() {
    perl -MJSON::PP -e '
        my ($file, $expression) = @ARGV;
        local $/;
        open(my $in, "<:raw", $file) or die;
        my $j = JSON::PP->new->utf8->decode(<$in>);
        print eval $expression;
        die $@ if $@' "$@"
}

# on_terminal COLUMNS COMMAND: prints what a terminal of this width gets from the command.
on_terminal() {
    need_command script
    script -qec "stty cols $1; $2" /dev/null </dev/null | tr -d '\r'
}

every_option='
-m --maps
-n --dry-run
-c --compare
-l --linker=WHO
-b --bind=WHEN
--rules=WHOSE
--textrel=WHAT
-t --trace=LIST
-a --argv0=NAME
-E --env=NAME=VALUE
--preload=LIB
--library-path=PATH
--no-aslr
--stop
--json
-o --output=FILE
--color=WHEN
-v --verbose
--help
--version'

@test "--help lists each option, and no other" {
    run -0 --separate-stderr "$UEXEC" --help
    [ -z "$stderr" ]
    diff <(grep -v '^$' <<<"$every_option" | sed 's/^\(-.\) /\1, /') \
        <(sed -nE 's/^ {2,6}(-[^ ]+( --[^ ]+)?) .*/\1/p' <<<"$output")
    [ "${lines[0]}" = 'Usage: uexec [OPTION]... [--] PROGRAM [ARG]...' ]
}

@test "--version" {
    run -0 --separate-stderr "$UEXEC" --version
    [[ "$output" =~ ^uexec\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    [ -z "$stderr" ]
}

@test "--help and --version on a full disk" {
    local option
    for option in --help --version -v; do
        run -125 --separate-stderr bash -c '"$1" $2 >/dev/full' - "$UEXEC" $option
        [ "$stderr" = 'uexec: cannot write to standard output (No space left on device)' ]
        run -125 --separate-stderr bash -c '"$1" $2 >&-' - "$UEXEC" $option
        [ "$stderr" = 'uexec: cannot write to standard output (Bad file descriptor)' ]
    done
}

@test "no program" {
    misuse 'no program given (see uexec --help)'
    misuse 'no program given (see uexec --help)' --
    misuse 'no program given (see uexec --help)' --maps
}

@test "an unknown option" {
    misuse "'-x' is not an option (see uexec --help)" -x "$hello"
    misuse "'--unknown' is not an option (see uexec --help)" --unknown "$hello"
    misuse "'--unknown=1' is not an option (see uexec --help)" --unknown=1 "$hello"
    misuse "'-x' is not an option (see uexec --help)" -vx "$hello"
    misuse "'-x' is not an option (see uexec --help)" -vxm "$hello"
}

@test "a missing value" {
    local option
    for option in -l -b -t -a -E -o --linker --bind --trace --argv0 --env --output --preload \
        --library-path --color; do
        misuse "'$option' needs a value (see uexec --help)" $option
    done
}

@test "a value that none is asked for" {
    local option
    for option in --maps --dry-run --compare --no-aslr --stop --json --verbose --help --version; do
        misuse "'$option=1' takes no value (see uexec --help)" $option=1 "$hello"
    done
}

@test "a bad value" {
    misuse "--linker: 'ld.so' is not one of auto, rt, interp, and no path" --linker=ld.so "$hello"
    misuse "--bind: 'never' is not one of lazy,now" -b never "$hello"
    misuse "--trace: 'loads' is not one of load,search,reloc,bind,tls,init,dl,malloc,all" -t load,loads "$hello"
    misuse "--trace: '' is not one of load,search,reloc,bind,tls,init,dl,malloc,all" -t load, "$hello"
    misuse "--color: 'red' is not one of auto,always,never" --color=red "$hello"
    misuse "--env: 'NAME' is not NAME=VALUE" -E NAME "$hello"
    misuse "--env: '=VALUE' is not NAME=VALUE" -E =VALUE "$hello"
}

@test "options that exclude each other" {
    local pair
    for pair in -mn -mc -nc; do
        misuse 'only one of --maps, --dry-run and --compare at a time' $pair "$hello"
    done
    misuse '--json needs a report: --maps, --dry-run, --compare or --trace' --json "$hello"
    misuse '--stop is for a program that runs: not with --dry-run or --compare' -n --stop "$hello"
    misuse '--stop is for a program that runs: not with --dry-run or --compare' -c --stop "$hello"
    misuse '--compare is with execve, which takes no --linker' -c -l ./ld.so "$hello"
    misuse '--compare is with execve, which takes no --linker' -c -l rt "$hello"
    misuse '--trace=bind: --compare ends before anything is linked' -c -t all,bind "$hello"
}

@test "options after the program are its own" {
    run -0 --separate-stderr "$UEXEC" "$arguments" --maps -x -- --help
    [ "${lines[*]:1}" = "argv[0]=\"$arguments\" argv[1]=\"--maps\" argv[2]=\"-x\" argv[3]=\"--\" argv[4]=\"--help\"" ]
    [ -z "$stderr" ]
}

@test "-- ends the options" {
    cp "$arguments" ./-m
    run -0 --separate-stderr env PATH=. "$UEXEC" -- -m -- x
    [ "${lines[*]}" = 'argc=3 argv[0]="-m" argv[1]="--" argv[2]="x"' ]
    [ -z "$stderr" ]
}

@test "a value may follow its option, or be one with it" {
    local form
    for form in '-a name' -aname '--argv0 name' --argv0=name; do
        # shellcheck disable=SC2086
        run -0 "$UEXEC" $form "$arguments"
        [ "${lines[1]}" = 'argv[0]="name"' ]
    done
    run -0 "$UEXEC" -va name "$arguments"
}

@test "--argv0: also an empty one" {
    run -0 "$UEXEC" -a '' "$arguments" x
    [ "${lines[*]}" = 'argc=2 argv[0]="" argv[1]="x"' ]
}

@test "--env adds, replaces, in order" {
    run -0 env -i A=0 B=2 "$UEXEC" -E A=1 --env=C=3 -E D= -E C=4=5 /usr/bin/env
    [ "${lines[*]}" = 'A=1 B=2 C=4=5 D=' ]
}

@test "--env: a name that begins like another is another" {
    run -0 env -i AB=1 "$UEXEC" -E A=2 /usr/bin/env
    [ "${lines[*]}" = 'AB=1 A=2' ]
}

@test "--bind, --preload and --library-path are the linker's variables" {
    run -0 env -i "$UEXEC" -b now --library-path=/none /usr/bin/env
    [ "${lines[*]}" = 'LD_BIND_NOW=1 LD_LIBRARY_PATH=/none' ]
    run -0 env -i LD_BIND_NOW=1 A=1 "$UEXEC" --bind=lazy /usr/bin/env
    [ "${lines[*]}" = A=1 ]
    run -0 env -i "$UEXEC" --preload=libm.so.6 /usr/bin/env
    [ "${lines[*]}" = LD_PRELOAD=libm.so.6 ]
    run -0 env -i "$UEXEC" --preload=libm.so.6 /bin/grep -o 'libm\.so\.6' /proc/self/maps
    [ "${lines[0]}" = libm.so.6 ]
}

@test "--linker: the program's own, or a file" {
    local interpreter
    interpreter=$(readelf -lW "$BUILD/samples/hello" | sed -n 's/.*interpreter: \(.*\)]/\1/p')
    cp "$interpreter" ld.so
    run -0 "$UEXEC" --linker="$PWD/ld.so" -o plan -n "$BUILD/samples/hello"
    grep -qx "interpreter: $PWD/ld.so" plan
    run -0 "$UEXEC" --linker=./ld.so "$BUILD/samples/hello"
    [ "$output" = "$("$BUILD/samples/hello")" ]
    "$UEXEC" -l interp -n -o plan "$BUILD/samples/hello"
    grep -qx "interpreter: $interpreter" plan
}

@test "--no-aslr: as setarch -R" {
    local native
    native=$(setarch -R cat /proc/self/personality) || skip "personality(2) is not permitted"
    run -0 "$UEXEC" --no-aslr cat /proc/self/personality
    [ "$output" = "$native" ]
    run -0 "$UEXEC" --no-aslr cat /proc/self/maps
    diff <(setarch -R cat /proc/self/maps | grep -v '\[heap\]') <(grep -v '\[heap\]' <<<"$output")
}

@test "--verbose says what is not as after execve" {
    need_root
    # the user of a user namespace who is nobody in it may not make another
    local as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    if "${as[@]}" unshare --user true; then
        run -0 "${as[@]}" unshare --user "$UEXEC" -v "$arguments"
        [ "${lines[0]}" = "uexec: $arguments: /proc/self/exe stays uexec's: setting it takes CAP_CHECKPOINT_RESTORE, and a user namespace is refused (Operation not permitted)" ]
        run -0 --separate-stderr "${as[@]}" "$UEXEC" --verbose "$arguments"
        [[ "$stderr" != */proc/self/exe* ]]
    fi
    has_capability 21 || has_capability 40 || skip "no capability to set /proc/self/exe"
    run -0 --separate-stderr "$UEXEC" --verbose "$arguments"
    # except for a function in the kernel's vDSO
    [ -z "$(grep -v ': leaves by rt_sigreturn: ' <<<"$stderr")" ]
}

# row SUBJECT: prints what `uexec -v` says about it.
row() {
    sed -n "s|^  $1  *||p" <<<"$output"
}

@test "--verbose alone says what a load would differ in, on standard output" {
    need_root
    run -0 --separate-stderr "$UEXEC" -v
    [ -z "$stderr" ]
    [ "${lines[0]}" = "$("$UEXEC" --version), $(uname -srm | sed 's/ \([^ ]*\)$/, \1/')" ]
    [ "$(row rt)" = "$BUILD/lib/ld-uexec.so.1" ]
    [[ "$(row layout)" == 'the kernel takes the program'* ]] || skip "without PR_SET_MM_MAP"
    ! has_capability 21 || [[ "$(row /proc/self/exe)" == "becomes the program's"* ]]
    # what it says is true
    local said
    said=$(row /proc/self/exe)
    run "$UEXEC" readlink /proc/self/exe
    [[ "$said" != "becomes"* || "$output" == */readlink ]]
    local as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    if "${as[@]}" unshare --user true; then
        run -0 "${as[@]}" "$UEXEC" -v
        [ "$(row /proc/self/exe)" = "becomes the program's (PR_SET_MM_MAP, from a user namespace)" ]
        run -0 "${as[@]}" unshare --user "$UEXEC" -v
        [[ "$(row /proc/self/exe)" == "stays uexec's: "*", and a user namespace is refused (Operation not permitted)" ]]
    fi
    run -125 bash -c '"$1" -v >/dev/full' - "$UEXEC"
    # with an option that needs a program it behaves as without -v
    misuse 'no program given (see uexec --help)' -v --maps
    misuse 'no program given (see uexec --help)' -v --stop
    misuse 'no program given (see uexec --help)' -v -o report
}

@test "--verbose alone: rt is not there" {
    cp "$UEXEC" uexec
    run -0 ./uexec -v
    [[ "$(row rt)" == "no ld-uexec.so.1 ($PWD/build/lib/ld-uexec.so.1: No such file or directory; "* ]]
}

# --- reports

@test "--output: the report goes to the file, in place of what was there" {
    printf 'x%.0s' {1..100000} >report
    run -0 --separate-stderr "$UEXEC" -n -o report "$hello"
    [ -z "$output$stderr" ]
    "$UEXEC" -n "$hello" >plan
    diff report plan
    run -0 --separate-stderr "$UEXEC" --maps --output=report "$hello"
    [ "$output" = "$("$hello")" ]
    [ -z "$stderr" ]
    grep -q '^uexec: layout of' report
}

@test "a report goes to standard output where no program runs, else to standard error" {
    local options program=$BUILD/samples/hello hello_says
    hello_says=$("$program")
    for options in -n '-n --json' '-n --trace=load' '-n --trace=load --json'; do
        # shellcheck disable=SC2086
        run -0 --separate-stderr "$UEXEC" $options "$program"
        [[ "$output" == *LOAD* && -z "$stderr" ]]
    done
    for options in --maps '--maps --json' --trace=all '--trace=load --json'; do
        # shellcheck disable=SC2086
        run -0 --separate-stderr "$UEXEC" $options "$program"
        [ "$output" = "$hello_says" ]
        [ -n "$stderr" ]
    done
    "$UEXEC" --json -n "$program" | json /dev/stdin '$j->{schema}' >schema
    [ "$(cat schema)" = uexec-plan ]
    # errors go to standard error
    run -127 --separate-stderr "$UEXEC" -n --json ./none
    [ -z "$output" ]
    [ -n "$stderr" ]
    run -125 --separate-stderr bash -c '"$1" -n "$2" >/dev/full' - "$UEXEC" "$program"
    [ "$stderr" = "uexec: $program: cannot write the report (No space left on device)" ]
}

@test "a report goes to standard output where no program runs: --compare" {
    strace -o /dev/null true 2>/dev/null || skip "ptrace is not to be had"
    local options
    for options in --compare '--compare --json' '--compare --trace=load'; do
        # shellcheck disable=SC2086
        run --separate-stderr "$UEXEC" $options "$hello"
        [[ "$output" == *"vdso"* && -z "$stderr" ]]
    done
}

@test "--output=- is standard output" {
    local program=$BUILD/samples/hello
    run -0 --separate-stderr "$UEXEC" --maps -o - "$program"
    [ -z "$stderr" ]
    [[ "${lines[0]}" == 'uexec: layout of '* ]]
    [ "${lines[-1]}" = "$("$program")" ]
    run -0 --separate-stderr "$UEXEC" --trace=bind -o - "$program"
    [ -z "$stderr" ]
    [[ "${lines[0]}" == 'uexec: '*' bind: '* ]]
    [ "${lines[-1]}" = "$("$program")" ]
    run -0 --separate-stderr "$UEXEC" -n -o - "$program"
    [ -z "$stderr" ]
    diff <("$UEXEC" -n "$program") <(printf '%s\n' "$output")
    # existing content stays, as with >>
    echo first >report
    "$UEXEC" -n --output=- "$program" >>report
    [ "$(head -n 1 report)" = first ]
    [ ! -e ./- ]
    # the program has no additional descriptor
    "$UEXEC" ls /proc/self/fd >without 3>&- 4>&-
    "$UEXEC" --trace=load -o - ls /proc/self/fd 3>&- 4>&- | grep -v '^uexec: ' >with
    diff without with
    run -125 --separate-stderr bash -c '"$1" -n -o - "$2" >/dev/full' - "$UEXEC" "$program"
    [ "$stderr" = "uexec: $program: cannot write the report (No space left on device)" ]
}

@test "--output=-: rt's lines go where standard output was, whatever the program makes of it" {
    cat >moves.c <<'.'
#include <fcntl.h>
#include <unistd.h>
int main(void)
{
    close(1);
    return open("elsewhere", O_WRONLY | O_CREAT, 0666) == 1 && getppid() > 0 ? 0 : 1;
}
.
    musl-gcc -O1 -Wl,-z,lazy -o moves moves.c
    run -0 --separate-stderr "$UEXEC" --trace=bind -o - ./moves
    [[ "$output" == *": getppid: "* && -z "$stderr" ]]
    [ -e elsewhere ]
    [ ! -s elsewhere ]
}

@test "--output: a file that cannot be opened" {
    local option
    for option in --maps --dry-run --trace=load; do
        run -125 --separate-stderr "$UEXEC" $option -o none/report "$hello"
        [ "$stderr" = "uexec: $hello: --output: cannot open none/report (No such file or directory)" ]
        [ -z "$output" ]
    done
}

@test "--output: a full disk" {
    local option
    for option in --dry-run --compare; do
        run -125 --separate-stderr "$UEXEC" $option -o /dev/full "$hello"
        [ "$stderr" = "uexec: $hello: cannot write the report (No space left on device)" ]
    done
    # the program runs, and the report is missing
    run -0 --separate-stderr "$UEXEC" --maps -o /dev/full "$hello"
    [ "$stderr" = "uexec: $hello: cannot write the report (No space left on device)" ]
    [ "$output" = "$("$hello")" ]
}

@test "--output: a full disk under --trace" {
    run -0 --separate-stderr "$UEXEC" --trace=load -o /dev/full "$hello"
    [[ "$stderr" == "uexec: $hello: cannot write "*"(No space left on device)" ]]
}

@test "--output: the program does not inherit the file" {
    local native option
    native=$(bash -c 'exec ls -l /proc/self/fd 3>&-' | grep -c -e '->')
    for option in --maps --trace=load; do
        run -0 --separate-stderr bash -c 'exec "$@" 3>&-' - "$UEXEC" $option -o report ls -l /proc/self/fd
        [ "$(grep -c -e '->' <<<"$output")" -eq "$native" ]
        [[ "$output" != *report* ]]
    done
}

@test "--output: not in the place of a closed standard descriptor" {
    local option
    for option in --maps --trace=load; do
        "$UEXEC" $option -o report ls -l /proc/self/fd >out 2>&-
        [ -s report ]
        run ! grep -q report out
    done
}

@test "--color: only for a terminal" {
    local escape=$'\033'
    "$UEXEC" -n -o report "$hello"
    run ! grep -q "$escape" report
    "$UEXEC" -n "$hello" >report
    run ! grep -q "$escape" report
    on_terminal 120 "'$UEXEC' -n '$hello'" | grep -q "$escape"
    NO_COLOR=1 on_terminal 120 "'$UEXEC' -n '$hello'" >report
    run ! grep -q "$escape" report
    NO_COLOR='' on_terminal 120 "'$UEXEC' -n '$hello'" | grep -q "$escape"
}

@test "--color: not where the terminal is dumb" {
    local escape=$'\033' option
    for option in -n --maps; do
        TERM=dumb on_terminal 120 "'$UEXEC' $option '$hello'" >report
        grep -q 0x1000 report || grep -q 'stack pointer' report
        run ! grep -q "$escape" report
        TERM=xterm on_terminal 120 "'$UEXEC' $option '$hello'" | grep -q "$escape"
        TERM=dumb on_terminal 120 "'$UEXEC' --color=always $option '$hello'" | grep -q "$escape"
    done
}

@test "--color: no escape but around what has a colour" {
    local options columns
    for columns in 132 60; do
        for options in -n --maps --compare; do
            on_terminal $columns "'$UEXEC' --color=always $options '$hello'" >report
            # each colour that is switched on is switched off before the next, and none that is not on
            perl -ne '
                for my $code (/\e\[([0-9]+)m/g) {
                    die "$.: stray: $_" if $code == 0 ? !$on : $on;
                    $on = $code != 0;
                }
                END { die "on at the end" if $on }' report
        done
    done
    # constants have no colour: the first row of a layout has no escape
    "$UEXEC" --color=always --maps -o report "$hello"
    run ! grep -q $'\033' <(sed -n '1,4p' report)
    grep -q $'\033' report
}

@test "--color=WHEN overrules" {
    local escape=$'\033'
    NO_COLOR=1 "$UEXEC" --color=always -n -o report "$hello"
    grep -q "$escape" report
    # only the colour differs
    "$UEXEC" -n -o plain "$hello"
    diff plain <(sed -E "s/$escape\[[0-9;]*m//g" report)
    on_terminal 120 "'$UEXEC' --color=never -n '$hello'" >report
    run ! grep -q "$escape" report
}

# no_wider COLUMNS COMMAND: on a terminal of this width no line is wider; ./report has the output
no_wider() {
    local widest
    on_terminal "$1" "$2" >report
    widest=$(awk '{ if (length > m) m = length } END { print m }' report)
    ((widest > 0 && widest <= $1)) || {
        echo "$2: $widest of $1"
        awk -v m="$1" 'length > m' report
        return 1
    }
}

@test "a terminal's width is kept to" {
    local columns option program
    cp "$BUILD/samples/hello.glibc.static-pie" program
    printf '#!%s\n' "$arguments" >script
    chmod +x script
    for columns in 132 100 80 60; do
        for option in --maps --dry-run; do
            for program in ./program ./script "$BUILD/samples/hello" "$hello" /bin/true; do
                no_wider $columns "'$UEXEC' --color=never $option $program"
                grep -q '\.text' report
            done
        done
        for option in --help --version -v; do
            no_wider $columns "'$UEXEC' --color=never $option"
        done
    done
}

@test "a terminal's width is kept to by --compare" {
    need_root
    strace -o /dev/null true 2>/dev/null || skip "ptrace is not to be had"
    # under this filter the kernel maps no new vDSO, so that mappings differ
    cat >without <<'.'
        my $filter = join "", map { pack "SCCL", @$_ } (
            [0x20, 0, 0, 0], [0x15, 0, 3, 158],     # the number is arch_prctl
            [0x20, 0, 0, 16], [0x15, 0, 1, 0x2003], # its first argument ARCH_MAP_VDSO_64
            [6, 0, 0, 0x50016], [6, 0, 0, 0x7fff0000]);
        my $program = pack "Sx6P", 6, $filter;
        syscall(317, 1, 0, $program) == 0 or die "seccomp: $!";
        exec @ARGV
.
    # where user namespaces may not be made, /proc/self/exe differs
    local columns nobody='setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user'
    $nobody "$UEXEC" --version || nobody=''
    for columns in 132 100 80 60; do
        no_wider $columns "'$UEXEC' --color=never --compare /bin/true"
        grep -q 'no difference' report
        no_wider $columns "perl '$PWD/without' '$UEXEC' --color=never --compare /bin/true"
        grep -qF '[vvar]' report
        grep -q 'execve: ' report
        if [ -n "$nobody" ]; then
            no_wider $columns "$nobody '$UEXEC' --color=never --compare /bin/true"
            grep -q 'proc, exe' report
        fi
    done
    # in one column, a mapping that only one side has is marked
    no_wider 60 "perl '$PWD/without' '$UEXEC' --color=never --compare /bin/true"
    grep -qE '^execve < [0-9a-f]{12}-[0-9a-f]{12} .* \[vdso\]' report
}

@test "--json: valid, with schema and version" {
    local option program=$BUILD/samples/hello
    for option in --maps --dry-run --compare; do
        "$UEXEC" -l interp $option --json -o $option.json "$program" >out
        [ "$(json ./$option.json '$j->{schema}')" = "uexec-${option:2}" ] ||
            [ "$(json ./$option.json '$j->{schema}')" = uexec-plan ]
        [ "$(json ./$option.json '$j->{version}')" -eq 1 ]
    done
    [ "$(json ./--compare.json 'scalar @{$j->{differences}}')" -eq 0 ]
}

@test "--json: program headers and steps as readelf has them" {
    "$UEXEC" -n --json -o plan "$BUILD/samples/hello.static"
    diff <(readelf -lW "$hello" | perl -ne '
        printf "%#x %#x %#x %#x\n", hex $1, hex $2, hex $3, hex $4
            if /^ +[A-Z_]+ +0x(\w+) 0x(\w+) 0x\w+ 0x(\w+) 0x(\w+)/' | sed -E 's/(^| )0( |$)/\10x0\2/g; s/(^| )0( |$)/\10x0\2/g') \
        <(json plan 'join "", map { "$_->{offset} $_->{address} $_->{file_size} $_->{memory_size}\n" }
            @{$j->{images}[0]{program_headers}}')
    [ "$(json plan 'join " ", map { $_->{placement} } @{$j->{images}}')" = fixed ]
}

@test "--json: strange names" {
    local name=$'a "b"\\c\td\xff\xc3\xa9'
    cp "$hello" "$name"
    "$UEXEC" -n --json -o report "./$name" $'\x01\n'
    [ "$(json report 'join "|", map { sprintf "%x", ord } split //, $j->{images}[0]{path}')" = \
        '2e|2f|61|20|22|62|22|5c|63|9|64|fffd|e9' ]
    [ "$(json report 'join "|", map { sprintf "%x", ord } split //, $j->{argv}[1]')" = '1|a' ]
    "$UEXEC" --maps --json -o report "./$name"
    json report '1'
}

@test "--trace=load: the steps in their order" {
    local program=$BUILD/samples/hello loads all
    run -0 --separate-stderr "$UEXEC" -l interp -t load "$program"
    [ "$output" = "$("$program")" ]
    all=$stderr # what follows would overwrite it
    # nothing else; times do not decrease, and are missing once the tool is gone
    run -1 grep -vE '^uexec: ([0-9]+\.[0-9]{6} |-        )load: ' <<<"$all"
    awk '$2 != "-" { print $2 }' <<<"$all" | sort -cn
    # images, then vDSO, stack, what the kernel is told, hand-over, by the first word of each line, repeats left out
    [ "$(awk '{ print $4 }' <<<"$all" | grep -vE '^(clear|map-zero|unmap)$' | uniq | tr '\n' ' ')" = \
        "$program /lib/ld-musl-x86_64.so.1 reserve map-file reserve map-file vDSO stack kernel hand-over " ]
    # the first PT_LOAD is mapped by the reservation
    loads=$(readelf -lW "$program" | grep -c '^  LOAD')
    [ "$(grep -E 'load: (reserve|map-file) ' <<<"$all" | grep -cF "of $program]")" -eq "$loads" ]
}

@test "--trace --json: each line an object, the same steps" {
    local name=$'a "b"\\c\xff'
    cp "$hello" "$name"
    "$UEXEC" --no-aslr --trace=all "./$name" 2>text >/dev/null
    "$UEXEC" --no-aslr --trace=all --json -o lines "./$name" >/dev/null
    perl -MJSON::PP -ne '
        my $j = JSON::PP->new->utf8->decode($_);
        my $time = defined $j->{time} ? "T" : "-";
        die "time $j->{time}" if defined $j->{time} && $j->{time} !~ /^[0-9.e-]+$/;
        print "$time $j->{step}: ", $j->{text} =~ s/\x{fffd}/?/gr, "\n"' lines >got
    # replaces random values, a descriptor of the report, and the length of --json itself
    blank() { sed -E 's/^uexec: //; s/^[0-9.]{8} /T /; s/^- +/- /; s/0x[0-9a-f]+/X/g; s/\xff/?/g' "$1"; }
    diff <(LC_ALL=C blank text) <(blank got)
}

@test "--trace=load of a script names it and its interpreter" {
    printf '#!%s\n' "$arguments" >script
    chmod +x script
    run -0 --separate-stderr "$UEXEC" -t load ./script
    [[ "${stderr_lines[0]}" == *" load: ./script is a"*"#! script" ]]
    [[ "${stderr_lines[1]}" == *" load: $arguments is a"*"ELF image" ]]
}

@test "--dry-run runs nothing" {
    run -0 --separate-stderr "$UEXEC" -n touch touched
    [ ! -e touched ]
    [ -z "$stderr" ]
}

@test "--maps: the report comes before the program's output" {
    "$UEXEC" --maps "$hello" >both 2>&1
    [ "$(tail -n 1 both)" = "$("$hello")" ]
    [ "$(head -n 1 both | cut -d ' ' -f 1-2)" = 'uexec: layout' ]
    "$UEXEC" -l interp --maps --json "$BUILD/samples/hello" >both 2>&1
    [ "$(tail -n 1 both)" = "$("$BUILD/samples/hello")" ]
}

@test "--maps: what the program itself sees" {
    "$UEXEC" --maps --json -o report cat /proc/self/maps >seen
    json report 'join "", map { sprintf "%08x-%08x %s\n", hex $_->{start}, hex $_->{end}, $_->{permissions} }
        grep { $_->{from} =~ /^LOAD/ } @{$j->{mappings}}' >reported
    # cat's own linker makes its relro read-only; everything else is still there
    [ -s reported ]
    run ! grep -vFf <(cut -d ' ' -f 1,2 seen) <(grep -v ' rw-p' reported)
}

@test "--maps: no child is left, and no SIGCHLD comes" {
    need_file /proc/thread-self/children
    run -0 --separate-stderr "$UEXEC" --maps -o report cat /proc/thread-self/children
    [ -z "$output" ]
    need_command strace
    strace -o calls -e trace=none "$UEXEC" --maps -o report "$hello"
    run ! grep SIGCHLD calls
}

# --- the program's input, output and end

@test "the exit status is the program's" {
    local status
    for status in 0 1 42 125 126 127 137 255; do
        [ "$(how_it_ends "$UEXEC" sh -c "exit $status")" = "exit $status" ]
    done
}

@test "a signal that ends the program ends the process" {
    local signal
    for signal in 6 9 11 15; do
        [ "$(how_it_ends "$UEXEC" sh -c "ulimit -c 0; kill -$signal \$\$")" = "signal $signal" ]
    done
}

@test "standard input and output are untouched" {
    printf 'one\ntwo\n' >text
    [ "$("$UEXEC" --maps -o report cat <text)" = "$(cat text)" ]
    # nothing is read from standard input
    [ "$({ "$UEXEC" true && cat; } <text)" = "$(cat text)" ]
    [ "$("$UEXEC" -t load true 2>/dev/null | wc -c)" -eq 0 ]
}

@test "closed standard descriptors stay closed" {
    local closed
    for closed in '<&-' '2>&-' '<&- 2>&-'; do
        eval "bash -c 'exec ls /proc/self/fd 3>&-' $closed" >native
        eval "bash -c 'exec \"$UEXEC\" ls /proc/self/fd 3>&-' $closed" >got
        diff native got
        grep -qx 1 got
    done
    # if the message has nowhere to go, the status still tells
    run -127 bash -c '"$1" ./none 2>&-' - "$UEXEC"
}

@test "--output: not the place of anything that is being run" {
    printf '#!/bin/sh\necho hello\n' >script
    chmod +x script
    cp script before
    run -125 --separate-stderr "$UEXEC" --maps -o script ./script
    [ "$stderr" = "uexec: ./script: --output: script is the program's own file" ]
    cmp script before
    run -125 "$UEXEC" -l interp --trace=load -o "$(readlink -f /lib/ld-musl-x86_64.so.1)" \
        "$BUILD/samples/hello"
}
