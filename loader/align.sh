#!/bin/sh
# align.sh FILE: give the first program header of a 64-bit ELF file the alignment RESERVED_ALIGN (reserved.h).
# ld refuses a maximum page size of that value, so that p_align is written after linking.
set -eu
value=$(sed -n 's/^#define RESERVED_ALIGN \(0x[0-9a-f]*\)ul.*/\1/p' "$(dirname "$0")/reserved.h")
[ -n "$value" ] || { echo "align.sh: no RESERVED_ALIGN in reserved.h" >&2; exit 1; }
# p_align is the last of the entry's eight fields: 64 bytes of ELF header, 48 of the entry
bytes='' rest=$((value))
for _ in 1 2 3 4 5 6 7 8; do
    bytes=$bytes$(printf '\\%03o' $((rest % 256)))
    rest=$((rest / 256))
done
# shellcheck disable=SC2059 # the bytes are the format
printf "$bytes" | dd of="$1" bs=1 seek=$((64 + 48)) conv=notrunc status=none
readelf -lW "$1" | grep -q "LOAD  *0x000000 0x0*0 0x0*0 .* $value\$" ||
    { echo "$1: the first segment does not have its alignment" >&2; exit 1; }
