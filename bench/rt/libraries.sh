#!/bin/sh
# Makes the libraries of one case of bench/rt.sh, DIR/*.so, and the objects that its program links (DIR/*.o).
# They need no libc, so that the same files serve every linker.
#
#   bench/rt/libraries.sh CASE DIR
set -eu
case_=$1 dir=$2
here=$(dirname "$0")
rm -rf "$dir"
mkdir -p "$dir/obj"

# generate BINDING NAME LIBRARIES FUNCTIONS VARIABLES CALLS LOADS WORDS [CALLERS]
generate() {
    awk -v prefix="$dir/obj/lib$2" -v libraries="$3" -v functions="$4" -v variables="$5" \
        -v calls="$6" -v loads="$7" -v words="$8" -v callers="${9:-}" -f "$here/libraries.awk"
    for source in "$dir/obj/lib$2"*.s; do
        assemble_and_link "$source" "$(basename "$source" .s).so" -z "$1"
    done
}

# assemble_and_link SOURCE LIBRARY [OPTION]...
assemble_and_link() {
    source=$1 library=$2
    shift 2
    as -o "$dir/obj/one.o" "$source"
    ld -shared -soname "$library" --hash-style=gnu -z relro -z noexecstack "$@" \
        -o "$dir/$library" "$dir/obj/one.o"
}

case $case_ in
empty) ;;
many-now) generate now many 100 300 0 150 50 0 ;;
many-lazy) generate lazy many 100 300 0 150 50 0 ;;
many-bare) generate now many 100 300 0 0 0 0 ;; # the same without the references
few) generate now few 10 2000 500 1000 600 400 ;;
relative) assemble_and_link "$here/relative.s" librelative.so ;;
relr) assemble_and_link "$here/relative.s" librelative.so -z pack-relative-relocs ;;
calls)
    generate lazy called 1 1000 0 0 0 0 "$dir/obj/callers.s"
    as -o "$dir/callers.o" "$dir/obj/callers.s"
    ;;
*)
    echo "$0: there is no case $case_" >&2
    exit 2
    ;;
esac
rm -rf "$dir/obj"
