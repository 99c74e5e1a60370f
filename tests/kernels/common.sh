# shellcheck shell=bash
# What the scripts in this folder share; they source it from the top of the tree.
#
# cache: what is made once and used again: kernels, the root file system. KERNELS_CACHE= names another.

BUILD=$(realpath -m "${BUILD:-build}")
cache=$(realpath -m "${KERNELS_CACHE:-$BUILD/kernels}")

# The message says which script gives up, and why.
fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# work: a folder of this process alone. It is removed at the end.
make_work() {
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/work.XXXXXX") || exit 1
    # shellcheck disable=SC2064 # $work is what it is now
    trap "rm -rf '$work'" EXIT
    trap 'exit 130' INT TERM
}
