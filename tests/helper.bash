# What every bats file here uses: `load helper`.
#
# root, BUILD, UEXEC: the tree, the build's folder, the tool; all absolute. The environment may
# override them, as the mutants' runner does.

bats_require_minimum_version 1.5.0

root=$(cd "$BATS_TEST_DIRNAME" && git rev-parse --show-toplevel 2>/dev/null) ||
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BUILD=$(realpath -m "${BUILD:-$root/build}")
UEXEC=$(realpath -m "${UEXEC:-$root/uexec}")

# Skips, aloud, unless a command exists.
need_command() {
    command -v "$1" >/dev/null || skip "there is no $1"
}

# Skips, aloud, unless a file exists.
need_file() {
    [ -e "$1" ] || skip "there is no $1"
}

need_root() {
    [ "$(id -u)" -eq 0 ] || skip "only root can do this"
}

# Does this process have a capability? Its number is in capabilities(7) and <linux/capability.h>.
has_capability() {
    local effective
    effective=$((16#$(awk '/^CapEff:/ { print $2 }' /proc/self/status)))
    ((effective >> $1 & 1))
}

# Closes the test framework's descriptors, so that a program started from here has only 0, 1 and 2.
close_descriptors() {
    local link fd
    for link in /proc/self/fd/*; do
        fd=${link##*/}
        [ "$fd" -le 2 ] || eval "exec $fd>&-"
    done
}

# seeded DEFAULT: sets RANDOM and $seed to TEST_SEED, or else to DEFAULT, and prints it: bats shows it if the test
# fails.
seeded() {
    seed=${TEST_SEED:-$1}
    echo "seed $seed (another: TEST_SEED=NUMBER)"
    RANDOM=$seed
}
