#!/bin/sh
# make docs: the pictures of docs/umaps.md and the README, of pages that umaps html makes, in Chromium.
set -eu
: "${BUILD:=build}"
playwright=$BUILD/playwright/node_modules/playwright-core
[ -d "$playwright" ] || npm install --prefix "$BUILD/playwright" --no-audit --no-fund playwright-core >/dev/null
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
mkdir -p docs/images
# shot NAME LOOK PROGRAM [ARG]...
shot() {
    name=$1 look=$2
    shift 2
    ./umaps html -o "$work/$name.html" -- "$@" >/dev/null
    node tests/umaps/page.js "$(realpath "$playwright")" "$(command -v chromium)" "$work/$name.html" shot \
        "docs/images/$name.png" "$look"
    echo "docs/images/$name.png"
}
shot umaps-malloc-threshold light build/samples/malloc-threshold
shot umaps-thread-stack dark build/samples/thread-stack.glibc
