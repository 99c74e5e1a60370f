#!/usr/bin/env bats
# The files of `make install`, `make uninstall`, `make dist` and `make deb`; the completions.

load helper

installed() {
    make -s -C "$root" install BUILD="$BUILD" DESTDIR="$BATS_TEST_TMPDIR/to" PREFIX=/usr
}

@test "make install: stripped, without a path of the build, and what is installed runs" {
    installed
    local to=$BATS_TEST_TMPDIR/to file
    while read -r file; do
        run -1 grep -lF "$root" "$file"
    done < <(find "$to" -type f)
    for file in bin/uexec bin/umaps lib/uexec/ld-uexec.so.1 lib/uexec/libc.so; do
        run -1 grep -E '\.(debug_info|symtab)' <(readelf -SW "$to/usr/$file")
    done
    for file in man/man1/uexec.1 man/man1/umaps.1 man/man1/ucc.1 bash-completion/completions/umaps man/man8/ld-uexec.so.8 bash-completion/completions/uexec \
        zsh/vendor-completions/_uexec fish/vendor_completions.d/uexec.fish doc/uexec/LICENSE; do
        [ -s "$to/usr/share/$file" ]
    done
    [[ $("$to/usr/bin/uexec" "$BUILD/samples/hello") == 'Hello from hello' ]]
    echo 'int main(void) { return 7; }' >"$BATS_TEST_TMPDIR/seven.c"
    for kind in -static -static-pie ''; do
        # shellcheck disable=SC2086 # none, or one word
        "$to/usr/bin/ucc" $kind -o "$BATS_TEST_TMPDIR/seven" "$BATS_TEST_TMPDIR/seven.c"
        run -7 "$to/usr/bin/uexec" "$BATS_TEST_TMPDIR/seven"
    done
}

@test "make uninstall: nothing stays, and nothing of others goes" {
    installed
    local to=$BATS_TEST_TMPDIR/to
    echo other >"$to/usr/bin/other"
    make -s -C "$root" uninstall BUILD="$BUILD" DESTDIR="$to" PREFIX=/usr
    [[ $(find "$to" -type f) == "$to/usr/bin/other" ]]
}

@test "make dist: the sources of the last commit" {
    git -C "$root" rev-parse HEAD >/dev/null 2>&1 || skip "not a git checkout"
    make -s -C "$root" dist BUILD="$BUILD"
    local archives=("$BUILD"/uexec-*.tar.gz)
    diff <(tar tzf "${archives[0]}" | grep -v '/$' | sed 's|^[^/]*/||' | sort) \
        <(git -C "$root" ls-tree -r --name-only HEAD | sort)
}

@test "make deb: a package with its sums and licences" {
    need_command dpkg-deb
    make -s -C "$root" deb BUILD="$BUILD"
    local packages=("$BUILD"/uexec_*_amd64.deb)
    dpkg-deb -x "${packages[0]}" "$BATS_TEST_TMPDIR/x"
    dpkg-deb -e "${packages[0]}" "$BATS_TEST_TMPDIR/e"
    (cd "$BATS_TEST_TMPDIR/x" && md5sum -c --quiet "$BATS_TEST_TMPDIR/e/md5sums")
    [[ $(wc -l <"$BATS_TEST_TMPDIR/e/md5sums") == $(find "$BATS_TEST_TMPDIR/x" -type f | wc -l) ]]
    grep -q 'GNU Lesser General Public' "$BATS_TEST_TMPDIR/x/usr/share/doc/uexec/copyright"
    [[ $("$BATS_TEST_TMPDIR/x/usr/bin/uexec" --version) == "uexec $(dpkg-deb -f "${packages[0]}" Version)" ]]
}

@test "make deb: dpkg installs the package, what it installs runs, and dpkg removes all of it" {
    need_command dpkg-deb
    [ "$(id -u)" -eq 0 ] || skip "dpkg -i is for root"
    make -s -C "$root" deb BUILD="$BUILD"
    local system=$BATS_TEST_TMPDIR/system packages=("$BUILD"/uexec_*_amd64.deb)
    mkdir -p "$system"/var/lib/dpkg/{info,updates,triggers}
    touch "$system/var/lib/dpkg/status" "$system/before"
    find "$system" -not -path '*/var/lib/dpkg*' | sort >"$BATS_TEST_TMPDIR/before"
    dpkg --root="$system" --log=/dev/null --force-depends -i "${packages[0]}" # the libraries of umaps are not there
    [ "$("$system/usr/bin/uexec" "$BUILD/samples/hello.static")" = "$("$BUILD/samples/hello.static")" ]
    [ -x "$system/usr/lib/uexec/ld-uexec.so.1" ]
    dpkg --root="$system" --log=/dev/null --purge uexec
    find "$system" -not -path '*/var/lib/dpkg*' | sort | diff "$BATS_TEST_TMPDIR/before" -
}

@test "lintian finds no error in the package but its maintainer's host" {
    need_command lintian
    make -s -C "$root" deb BUILD="$BUILD"
    local packages=("$BUILD"/uexec_*_amd64.deb)
    run lintian --allow-root --fail-on none --tag-display-limit 0 "${packages[0]}"
    echo "$output"
    [ "$status" -eq 0 ]
    run -1 grep -vE 'bogus-mail-host|running with root' <<<"$output"
}

@test "zsh's and fish's completions know every option of the help, and parse" {
    local option
    while read -r option; do
        grep -qE -- "(-l |--)${option#--}\b" "$root/docs/uexec.fish"
        grep -qE -- "$option\b" "$root/docs/uexec.zsh"
    done < <("$UEXEC" --help | grep -oE '^ +(-., )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+')
    ! command -v zsh >/dev/null || zsh -n "$root/docs/uexec.zsh"
    ! command -v fish >/dev/null || fish -n "$root/docs/uexec.fish"
}
