#!/bin/sh
# deb.sh: build/uexec_VERSION_amd64.deb of what `make install` installs. Called by `make deb`.
set -eu
root=$BUILD/deb/uexec
rm -rf "$BUILD/deb"
$MAKE --no-print-directory install DESTDIR="$root" PREFIX=/usr STRIP="${STRIP:-strip}"
gzip -9n "$root"/usr/share/man/man*/*
doc=$root/usr/share/doc/uexec
mv "$doc/CHANGELOG.md" "$doc/changelog"
gzip -9n "$doc/changelog"
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
Maintainer: the uexec authors <uexec@localhost>
Installed-Size: $size
Recommends: gcc, binutils, musl-dev, linux-libc-dev
Section: devel
Priority: optional
Description: userland exec, dynamic linker and C library that show what they do
 uexec runs a program as execve(2) would, from user space, and shows every step
 of it: the plan, the layout, each binding of a symbol. With it come a dynamic
 linker, a small C library in musl's ABI, and ucc, a compiler driver for both.
C
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -type d -exec chmod 755 {} +
dpkg-deb --root-owner-group --build "$root" "$BUILD/uexec_${VERSION}_amd64.deb" >/dev/null
