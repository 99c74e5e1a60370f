# What every bats file here uses: `load helper`.
#
# root, BUILD, UEXEC: the tree, what is built, the tool; all absolute, and to be overridden by the
# environment, as the mutants' runner does.

bats_require_minimum_version 1.5.0

root=$(cd "$BATS_TEST_DIRNAME" && git rev-parse --show-toplevel 2>/dev/null) ||
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BUILD=$(realpath -m "${BUILD:-$root/build}")
UEXEC=$(realpath -m "${UEXEC:-$root/uexec}")

# Skip, aloud, unless a command exists.
need_command() {
    command -v "$1" >/dev/null || skip "there is no $1"
}

# Skip, aloud, unless a file exists.
need_file() {
    [ -e "$1" ] || skip "there is no $1"
}

need_root() {
    [ "$(id -u)" -eq 0 ] || skip "only root can do this"
}

# Does this process have a capability? By its number: capabilities(7), <linux/capability.h>.
has_capability() {
    local effective
    effective=$((16#$(awk '/^CapEff:/ { print $2 }' /proc/self/status)))
    ((effective >> $1 & 1))
}

# Close what the test framework has open, so that a program started from here has only 0, 1 and 2.
close_descriptors() {
    local link fd
    for link in /proc/self/fd/*; do
        fd=${link##*/}
        [ "$fd" -le 2 ] || eval "exec $fd>&-"
    done
}

# seeded DEFAULT: sets RANDOM and $seed, to TEST_SEED if that is set, and says so: bats shows it when the test
# fails.
seeded() {
    seed=${TEST_SEED:-$1}
    echo "seed $seed (another: TEST_SEED=NUMBER)"
    RANDOM=$seed
}
