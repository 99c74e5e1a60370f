#!/usr/bin/env bats
# The system's own programs under uexec: their output, their files and their end are the same as under execve.

# shellcheck disable=SC2016,SC2154 # programs in quotes; helper.bash sets root
load helper

setup() {
    need_file "$UEXEC"
    cd "$BATS_TEST_TMPDIR" || return
    export LC_ALL=C
    input=/dev/null
}

# same_as_native COMMAND...: output, errors and status are the same under uexec as under execve. $input is
# a file to be read by both.
same_as_native() {
    local status=0 expected=0
    "$@" <"$input" >native.out 2>native.err || expected=$?
    "$UEXEC" "$@" <"$input" >uexec.out 2>uexec.err || status=$?
    diff native.out uexec.out
    diff native.err uexec.err
    [ $status -eq $expected ]
}

# package NAME VERSION: sets $package to the folder of a package of the npm registry, fetched once
# and kept in build/cache.
package() {
    package=$BUILD/cache/npm/${1//\//-}-$2
    [ ! -d "$package" ] || return 0
    need_command npm
    mkdir fetched
    (cd fetched && timeout 120 npm pack --silent "$1@$2" && tar -xzf ./*.tgz) >fetched.log 2>&1 ||
        skip "the npm registry is out of reach"
    mkdir -p "$BUILD/cache/npm"
    mv fetched/package "$package"
}

# kind PROGRAM: prints e_type and whether it names an interpreter, from readelf.
kind() {
    readelf -hlW "$1" | awk '/^  Type:/ { type = $2 } /INTERP/ { linked = " dynamic" } END { print type linked }'
}

@test "the programs of /usr/bin answer --version as they do under execve" {
    "$BATS_TEST_DIRNAME/system-compare" "$UEXEC" /usr/bin --version >report
    local same different
    same=$(grep -c '^same ' report) || true
    different=$(grep -c '^different ' report) || true
    echo "# $same programs the same, $different different;" \
        "$(grep -c '^unsteady ' report) unsteady, $(grep -c '^slow ' report) slow by themselves" >&3
    grep -A 15 '^different ' report || true
    [ "$different" -eq 0 ]
    [ "$same" -ge 200 ]
}

@test "python3 computes" {
    need_file /usr/bin/python3
    cat >compute.py <<'.'
import hashlib, math, sys, threading
digest = hashlib.sha256()
for i in range(50000):
    digest.update(str(i * i).encode())
sums = [0] * 4
def work(k):
    sums[k] = sum(i for i in range(k, 200000, 4))
threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(digest.hexdigest(), math.factorial(500) % 1000003, sums, sys.argv[1:])
sys.exit(3)
.
    same_as_native /usr/bin/python3 compute.py one two
    # 0 + ... + 199999, by Gauss
    [ "$(perl -ne 'print $1 + $2 + $3 + $4 if /\[(\d+), (\d+), (\d+), (\d+)\]/' uexec.out)" -eq 19999900000 ]
}

@test "gcc compiles and links hello, and hello runs" {
    need_command gcc
    printf '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n' >hello.c
    run -0 "$UEXEC" gcc -O2 -Wall -o hello hello.c
    [ -z "$output" ]
    run -0 "$UEXEC" ./hello
    [ "$output" = hello ]
}

@test "the compiler, the assembler and the linker make the same bytes" {
    need_command gcc
    local under
    printf 'int main(void) { return 42; }\n' >main.c
    for under in '' "$UEXEC"; do
        $under "$(gcc -print-prog-name=cc1)" -quiet -O2 main.c -o main.s
        $under as -o main.o main.s
        $under ld -r -o linked.o main.o
        sha256sum main.s main.o linked.o >"sums${under:+.uexec}"
    done
    diff sums sums.uexec
}

@test "git makes the same commit" {
    need_command git
    local under
    export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_DATE='1000000000 +0000' GIT_COMMITTER_DATE='1000000000 +0000'
    for under in '' "$UEXEC"; do
        mkdir "repository${under:+.uexec}" && cd "repository${under:+.uexec}"
        $under git init --quiet --initial-branch=main .
        seq 10000 >file
        $under git add file
        $under git -c user.name=A -c user.email=a@b commit --quiet -m 'A file'
        $under git fsck --strict
        $under git log --stat --format='%H %an %s' >../log${under:+.uexec}
        cd ..
    done
    diff log log.uexec
    grep -q ' A A file$' log
}

@test "perl: regular expressions, sorting, a fork and a pipe" {
    same_as_native perl -e '
        my %count;
        $count{$_ % 97}++ for map { $_ * $_ } 1 .. 100000;
        print join(",", map { "$_=$count{$_}" } sort { $a <=> $b } keys %count), "\n";
        pipe my $in, my $out;
        if (fork == 0) { print $out "from the child\n"; close $out; exit 7 }
        close $out;
        print scalar <$in>;
        wait;
        exit $? >> 8'
    [ "$(tail -n 1 uexec.out)" = 'from the child' ]
}

@test "sort, on a file larger than its buffer" {
    perl -e 'srand 1; print int(rand 1e9), "\n" for 1 .. 300000' >numbers
    "$UEXEC" sort -n -S 1M --parallel=2 -T . numbers >sorted
    sort -cn sorted
    [ "$(sort numbers | sha256sum)" = "$(sort sorted | sha256sum)" ]
}

@test "tar and xz, there and back" {
    need_command xz
    mkdir tree
    cp "$root"/loader/*.c tree
    ln -s main.c tree/link
    "$UEXEC" tar -cf tree.tar tree
    "$UEXEC" xz -T2 -k tree.tar
    mv tree.tar original.tar
    "$UEXEC" xz -d tree.tar.xz
    cmp tree.tar original.tar
    mkdir back
    "$UEXEC" tar -C back -xf tree.tar
    diff -r tree back/tree
}

@test "tar with its filter: a program that starts another" {
    need_command xz
    cp "$root"/loader/*.h .
    "$UEXEC" tar -cJf headers.tar.xz ./*.h
    [ "$(tar -tf headers.tar.xz | wc -l)" -eq "$(find . -name '*.h' | wc -l)" ]
}

@test "bash with pipes, jobs and signals" {
    same_as_native bash -c '
        trap "echo caught" USR1
        seq 1000 | grep 7 | { read -r first; wc -l; echo "$first"; }
        kill -USR1 $$
        sleep 0.01 & wait $!
        echo "${PIPESTATUS[@]} $0 $#: $*"
        (exit 9)' name one two
    [ "$(sed -n 3p uexec.out)" = caught ]
}

@test "the shell of a static busybox" {
    local busybox
    busybox=$(type -P busybox) || skip "there is no busybox"
    [[ "$(kind "$busybox")" != *dynamic ]] || skip "busybox is not static"
    same_as_native "$busybox" sh -c 'for i in 1 2 3; do echo $i; done | sort -r | sed s/2/two/; uname -m; exit 5'
    [ "$(head -n 3 uexec.out | tr '\n' ' ')" = '3 two 1 ' ]
}

@test "uexec under uexec" {
    same_as_native "$UEXEC" "$UEXEC" /bin/echo three times
    [ "$(cat uexec.out)" = 'three times' ]
}

@test "a static Go program: a bundler" {
    package @esbuild/linux-x64 0.28.2
    local esbuild=$package/bin/esbuild
    [ "$(kind "$esbuild")" = EXEC ]
    printf 'export const answer: number = 6 * 7\n' >answer.ts
    printf 'import { answer } from "./answer"\nconsole.log(answer)\n' >main.ts
    same_as_native "$esbuild" --bundle --minify main.ts
    [[ "$(cat uexec.out)" == *'console.log('* ]]
    same_as_native "$esbuild" --bundle none.ts --log-limit=1 --color=false
    same_as_native "$esbuild" --version
    [ "$(cat uexec.out)" = 0.28.2 ]
}

@test "a static Rust program: a formatter" {
    package @biomejs/cli-linux-x64-musl 2.6.6
    local biome=$package/biome
    # a static PIE
    [ "$(kind "$biome")" = DYN ]
    printf 'const   a = {b:1 ,\n c : [1,2 , 3]}\n' >main.js
    input=main.js
    same_as_native "$biome" format --stdin-file-path=main.js
    [ "$(cat uexec.out)" = 'const a = { b: 1, c: [1, 2, 3] };' ]
    same_as_native "$biome" --version
    [ "$(cat uexec.out)" = 'Version: 2.6.6' ]
}
