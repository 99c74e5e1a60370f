#!/usr/bin/env bats
# From a name to a file: PATH as in execvp(3), `#!` lines as in the kernel.

# shellcheck disable=SC2030,SC2031 # run sets $output in the test that reads it
load helper
load images

# --- PATH

@test "PATH: a name that is nowhere" {
    refused 127 nowhere 'not found in PATH' env PATH=/none:/bin "$UEXEC" nowhere
    refused 127 '' 'not found (an empty name)'
}

@test "PATH: what may not be executed is refused, if it is all that is found" {
    mkdir one two
    fixed | generate one/image
    chmod -x one/image
    refused 126 image 'may not be executed (mode 0644)' env PATH=none:one:two "$UEXEC" image
    fixed | generate two/image
    run -42 env PATH=none:one:two "$UEXEC" image
}

@test "PATH: directories are passed over" {
    mkdir -p one/image two
    fixed | generate two/image
    run -42 env PATH=one:two "$UEXEC" image
    refused 127 image 'not found in PATH' env PATH=one "$UEXEC" image
}

@test "PATH: an empty entry is the working directory" {
    fixed | generate
    local path
    for path in '' :none none: none::other; do
        run -42 env "PATH=$path" "$UEXEC" image
    done
    run -127 env PATH=none "$UEXEC" image
}

@test "PATH: absent, it is /bin and /usr/bin" {
    run -0 env -u PATH "$UEXEC" true
}

@test "PATH: a directory that may not be searched, as env(1) has it" {
    mkdir -m 0700 private
    fixed | generate private/image
    as_nobody
    run -126 "${before[@]}" env PATH=private:none /usr/bin/env image
    run -126 "${before[@]}" env PATH=private:none "$UEXEC" image
    [[ "$output" == "uexec: image: "*"Permission denied"* ]]
}

@test "PATH: as --env sets it" {
    mkdir other
    fixed | generate other/image
    run -42 env PATH=none "$UEXEC" --env=PATH=other image
}

# --- scripts

# script FIRST-LINE: writes ./script; the line is for printf.
script() {
    # shellcheck disable=SC2059
    printf "$1" >script
    chmod +x script
}

@test "script: an interpreter that is not there" {
    script '#!/none/such argument\n'
    [ "$(execve ./script)" = ENOENT ]
    refused 126 ./script 'interpreter /none/such: not found (No such file or directory)'
}

@test "script: an interpreter that cannot be run" {
    printf 'text' >interpreter
    script "#!$PWD/interpreter\n"
    [ "$(execve ./script)" = EACCES ]
    refused 126 ./script "interpreter $PWD/interpreter: may not be executed (mode 0644)"
    chmod +x interpreter
    [ "$(execve ./script)" = ENOEXEC ]
    refused 126 ./script "interpreter $PWD/interpreter: neither an ELF image nor a #! script (it begins with 74 65 78 74)"
    script "#!$PWD\n"
    [ "$(execve ./script)" = EACCES ]
    refused 126 ./script "interpreter $PWD: is a directory"
}

@test "script: nothing after #!" {
    local line
    for line in '#!\n' '#! \t \n' "#!$(printf ' %.0s' {1..300})/bin/true\n"; do
        script "$line"
        [ "$(execve ./script)" = ENOEXEC ]
        refused 126 ./script 'its #! line names no interpreter within 256 bytes'
    done
    script '#!'
    refused 126 ./script 'its #! line names no interpreter within 256 bytes'
}

@test "script: scripts that name each other" {
    # five are allowed, six are not
    local i
    printf '#!/bin/true\n' >script1
    for i in {1..6}; do
        printf '#!%s/script%d\n' "$PWD" "$i" >"script$((i + 1))"
    done
    chmod +x script*
    run -0 ./script5
    run -0 "$UEXEC" ./script5
    [ "$(execve ./script6)" = ELOOP ]
    refused 126 ./script6 'too many #! scripts naming each other (5 at the most)'
    script '#!./script\n'
    [ "$(execve ./script)" = ELOOP ]
    refused 126 ./script 'too many #! scripts naming each other (5 at the most)'
}

@test "script: the interpreter's name may be so long and no longer" {
    # a path of 240 bytes, to be lengthened: the kernel looks at 256 bytes
    local length directory path ran=0
    directory=$PWD/$(printf 'd%.0s' {1..300})
    directory=${directory:0:200}
    mkdir "$directory"
    for length in {249..256}; do
        path=$directory/$(printf 'n%.0s' {1..100})
        path=${path:0:length}
        cp /bin/true "$path"
        for end in '' '\n' ' ' ' x' ' x\n'; do
            script "#!$path$end"
            if [ -z "$(execve ./script)" ]; then
                run -0 "$UEXEC" ./script
                ran=$((ran + 1))
            else
                [ "$(execve ./script)" = ENOEXEC ]
                refused 126 ./script 'its #! line names no interpreter within 256 bytes'
            fi
        done
    done
    [ $ran -gt 0 ] && [ $ran -lt 40 ]
}

# The argument vector that a script's first line gives must be the one that execve gives.
same_arguments() {
    script "$1"
    run -0 "$UEXEC" ./script
    local got=$output
    run -0 ./script
    diff <(echo "$output") <(echo "$got")
}

@test "script: the argument is the rest of the line" {
    local line
    need_file "$BUILD/samples/echo-args.static"
    for line in '' ' ' ' a' ' a b ' '\ta\tb\t' ' a\r' ' a\0b' " $(printf 'a%.0s' {1..400})"; do
        echo "line: $line"
        same_arguments "#! $BUILD/samples/echo-args.static$line\n"
    done
}

@test "script: a last line without its newline" {
    local line
    need_file "$BUILD/samples/echo-args.static"
    for line in '' ' a' ' a b'; do
        echo "line: $line"
        same_arguments "#!$BUILD/samples/echo-args.static$line"
    done
}

@test "script: blanks at the end of a line without a newline stay, as in the kernel" {
    need_file "$BUILD/samples/echo-args.static"
    same_arguments "#!$BUILD/samples/echo-args.static a  "
}

@test "script: a blank and no more, without a newline, is an empty argument, as in the kernel" {
    need_file "$BUILD/samples/echo-args.static"
    same_arguments "#!$BUILD/samples/echo-args.static "
}
