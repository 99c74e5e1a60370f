#!/bin/sh
# deb.sh: build/uexec_VERSION_amd64.deb of what `make install` installs. Called by `make deb`.
set -eu
umask 022
root=$BUILD/deb/uexec
rm -rf "$BUILD/deb"
$MAKE --no-print-directory install DESTDIR="$root" PREFIX=/usr STRIP="${STRIP:-strip}"
gzip -9n "$root"/usr/share/man/man*/*
doc=$root/usr/share/doc/uexec
gzip -9n "$doc/CHANGELOG.md"
maintainer=${DEB_MAINTAINER:-the uexec authors <uexec@localhost>}
# Debian's own change log has a form of its own (Debian policy 4.4), and a date: that of the commit.
date=$(date -u -R -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}")
printf 'uexec (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- %s  %s\n' \
    "$VERSION" "$maintainer" "$date" | gzip -9n >"$doc/changelog.gz"
# What lintian (1) takes for mistakes, and is meant so.
install -D -m 644 /dev/stdin "$root/usr/share/lintian/overrides/uexec" <<'O'
# libelf and zlib are linked into uexec: the tool is static, because its own libraries must not lie in
# the program's address space
uexec: embedded-library
# the C library, its linker and the tool need no other library
uexec: shared-library-lacks-prerequisites
# a linker can be started by hand, as ld.so can
uexec: shared-library-is-executable * [usr/lib/uexec/ld-uexec.so.1]
# -lm, -lpthread and so on: all functions are in libc.a
uexec: no-code-sections
O
{
    cat LICENSES.md
    printf '\n## This project\n\n'
    cat LICENSE
    for package in musl-dev libelf-dev zlib1g-dev; do
        printf '\n## %s, as Debian has it\n\n' "$package"
        cat "/usr/share/doc/$package/copyright"
    done
} >"$doc/copyright"
rm "$doc/LICENSE" "$doc/LICENSES.md"
mkdir -p "$root/DEBIAN"
size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
cat >"$root/DEBIAN/control" <<C
Package: uexec
Version: $VERSION
Architecture: amd64
Maintainer: $maintainer
Installed-Size: $size
Depends: libc6 (>= 2.34), libelf1 (>= 0.142), libjansson4 (>= 2.14)
Recommends: gcc, binutils, musl-dev, linux-libc-dev
Section: devel
Priority: optional
Description: userland exec, dynamic linker and C library that show what they do
 uexec runs a program as execve(2) would, from user space, and shows every step
 of it: the plan, the layout, each binding of a symbol. With it come a dynamic
 linker, a small C library in musl's ABI, and ucc, a compiler driver for both,
 and umaps, which shows and records the layout of address spaces.
C
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -type d -exec chmod 755 {} +
dpkg-deb --root-owner-group --build "$root" "$BUILD/uexec_${VERSION}_amd64.deb" >/dev/null
