#!/usr/bin/env bats
# rt and damaged libraries: tests/rt/edit.c changes one field of a good library. A program that needs it ends
# with 127 and one line, with the library's name and the error; a program that opens it at run time gets NULL
# and the same line, and continues. No signal is raised.

# shellcheck disable=SC2016,SC2030,SC2031,SC2086,SC2154 # bats sets output, and runs each test in a subshell
load helper
load rt/helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    need_file "$LINKER"
    build_edit
    echo 'V1 { global: dependency; local: *; };' >map
    library libdependency.so -Wl,--version-script=map <<<'int dependency(void) { return 40; }'
    # a library with everything that a library can have
    echo 'V1 { global: who; }; V2 { global: datum; local: *; };' >map
    for kind in good relr; do
        option=
        [ $kind = good ] || option=-Wl,-z,pack-relative-relocs
        # shellcheck disable=SC2086
        library $kind.so ./libdependency.so -Wl,-soname,lib.so -Wl,--version-script=map -Wl,--hash-style=both \
            -Wl,-z,lazy,-z,relro $option <<<'extern int dependency(void);
            __thread int variable = 1; int datum = 1;
            static int aim, *pointers[5] = {&aim, &aim, &aim, &aim, &aim};
            __attribute__((constructor)) static void up(void) { aim = 1; }
            __attribute__((destructor)) static void down(void) { aim = 0; }
            int who(void) { return dependency() + *pointers[aim] + variable * *(volatile int *)&datum; }'
    done
    library sysv.so -Wl,-soname,lib.so -Wl,--hash-style=sysv <<<'int datum; int who(void) { return 42; }'
    cp good.so lib.so
    # versioned and bound at start, so that nothing is left for later
    program needs ./lib.so -Wl,-z,now <<<'extern int who(void); int main(void) { return who() == 42 ? 0 : 1; }'
    program opens <<<'#include <dlfcn.h>
        #include <stdio.h>
        int main(void)
        {
            void *handle = dlopen("./lib.so", RTLD_NOW);
            if (handle == NULL) {
                puts(dlerror());
                return 9;
            }
            int (*who)(void) = (int (*)(void))dlsym(handle, "who");
            if (who == NULL) {
                puts(dlerror());
                return 8;
            }
            return who() == 42 ? 0 : 1;
        }'
}

setup() {
    rt_setup
    cp "$BATS_FILE_TMPDIR"/{libdependency.so,needs,opens} .
    failures=0
}

# refused WORDS: rt refuses lib.so with these words.
refused() {
    local expected=$1 status=0 line
    ./needs >out 2>err || status=$?
    line=$(<err)
    if [[ $status -ne 127 || -s out || $(wc -l <err) -ne 1 || $line != "ld-uexec.so.1: ./needs: ./lib.so: "*"$expected"* ]]; then
        echo "$what: at start: status $status, $line (expected: $expected)"
        failures=$((failures + 1))
    fi
    status=0
    ./opens >out 2>err || status=$?
    line=$(<out)
    if [[ $status -ne 9 || -s err || $(wc -l <out) -ne 1 || $line != "./lib.so: "*"$expected"* ]]; then
        echo "$what: dlopen(): status $status, $line $(<err) (expected: $expected)"
        failures=$((failures + 1))
    fi
}

# bad WORDS EDIT...: edits a copy of the library $GOOD, and checks that it is refused.
bad() {
    local expected=$1
    shift
    what="$*"
    cp "$BATS_FILE_TMPDIR/${GOOD:-good}.so" lib.so
    edit lib.so "$@"
    refused "$expected"
}

# To be called at the end of each test.
all_refused() {
    [ "$failures" -eq 0 ]
}

@test "the good ones are loaded, at start and at run time" {
    for GOOD in good relr sysv; do
        cp "$BATS_FILE_TMPDIR/$GOOD.so" lib.so
        run -0 ./needs
        run -0 ./opens
    done
    for type in RELATIVE 64 GLOB_DAT JUMP_SLOT DTPMOD64; do
        readelf -rW "$BATS_FILE_TMPDIR/good.so" | grep -q "R_X86_64_${type/SLOT/SLO} \|R_X86_64_$type "  || [ $type = 64 ]
    done
}

@test "the ELF header" {
    bad 'not an ELF file (it begins with 01 00 00 00)' ehdr.magic=1
    # by a path; if it is searched for, the next folder may have a good one
    for damage in 'ehdr.class=1 a 32-bit little-endian file for x86-64 (machine 62)' \
        'ehdr.data=2 a 64-bit big-endian file for an unknown machine (machine 15872)' \
        'ehdr.machine=183 a 64-bit little-endian file for AArch64 (machine 183)'; do
        cp "$BATS_FILE_TMPDIR/good.so" lib.so
        edit lib.so "${damage%% *}"
        run -9 --separate-stderr ./opens
        [[ ${#lines[@]} -eq 1 && $output == "./lib.so: ${damage#* }, not for 64-bit little-endian x86-64"* ]]
        run -127 --separate-stderr ./needs
        [[ ${#stderr_lines[@]} -eq 1 && $stderr == 'ld-uexec.so.1: ./needs: '*'lib.so: '* ]]
    done
    bad 'type 2 is not a shared object (ET_EXEC)' ehdr.type=2
    bad 'type 1 is not a shared object (ET_REL' ehdr.type=1
    bad 'ELF header: no program headers' ehdr.phnum=0
    bad 'ELF header: 65535 program headers take 0x37ffc8 bytes (0x10000 at the most)' ehdr.phnum=65535
    bad 'ELF header: program header entry size is 32 (not 56)' ehdr.phentsize=32
    bad 'program headers at 0x7fffffff are past the end of the file' ehdr.phoff=0x7fffffff
    bad 'program headers at 0xffffffffffffffc0 are past the end of the file' ehdr.phoff=0xffffffffffffffc0
    for size in 0 1 40 63; do
        what="cut to $size bytes"
        cp "$BATS_FILE_TMPDIR/good.so" lib.so
        truncate -s "$size" lib.so
        case $size in
        0) refused 'not an ELF file (it is empty)' ;;
        1) refused 'not an ELF file (it begins with 7f 00 00 00)' ;;
        *) refused "ELF header: the file ends inside it ($size of 64 bytes)" ;;
        esac
    done
    what='cut within the program headers'
    cp "$BATS_FILE_TMPDIR/good.so" lib.so
    truncate -s 200 lib.so
    refused 'are past the end of the file'
    all_refused
}

@test "PT_LOAD: sizes, addresses, offsets, order, alignment" {
    bad 'program header 0: file size ' phdr.LOAD.0.memsz=1
    bad 'is outside user space' phdr.LOAD.3.vaddr=0x800000000000
    bad 'is outside user space' phdr.LOAD.3.vaddr=0xfffffffffffff000
    bad ' overflows' phdr.LOAD.3.memsz=0xffffffffffffffff
    bad 'is outside user space' phdr.LOAD.3.memsz=0x7fffffffffff
    bad 'is past the end of the file' phdr.LOAD.1.offset=0x10000000
    bad 'is past the end of the file' phdr.LOAD.1.offset=0xfffffffffffff000
    bad 'is past the end of the file' phdr.LOAD.1.filesz=0x100000 phdr.LOAD.1.memsz=0x100000
    bad 'are not the same modulo the page size (0x1000)' phdr.LOAD.1.offset=+8
    bad 'program header 2: address 0x0 is below that of program header 1 (0x1000): PT_LOADs must ascend' phdr.LOAD.2.vaddr=0
    bad 'program header 3: 0x' phdr.LOAD.2.memsz=0x10000
    bad 'alignment 0x3' phdr.LOAD.1.align=3
    bad 'alignment 0x8000000000000000' phdr.LOAD.1.align=0x8000000000000000
    bad 'no PT_LOAD among ' phdr.LOAD.0.type=0 phdr.LOAD.1.type=0 phdr.LOAD.2.type=0 phdr.LOAD.3.type=0
    bad 'no room for ' phdr.LOAD.3.memsz=0x7ffffff00000
    size=$(stat -c %s "$BATS_FILE_TMPDIR/good.so")
    what='cut in the middle'
    cp "$BATS_FILE_TMPDIR/good.so" lib.so
    truncate -s $((0x2000)) lib.so
    ((size > 0x2000))
    refused 'is past the end of the file (0x2000)'
    all_refused
}

@test "PT_TLS and PT_GNU_RELRO" {
    bad 'PT_TLS: alignment 0x3' phdr.TLS.0.align=3
    bad 'PT_TLS: alignment 0x80000000' phdr.TLS.0.align=0x80000000
    bad 'PT_TLS: ' phdr.TLS.0.memsz=2
    bad 'PT_TLS: ' phdr.TLS.0.vaddr=0x7000000
    bad 'PT_TLS: ' phdr.TLS.0.memsz=0x20000000000
    bad 'PT_TLS: ' phdr.TLS.0.filesz=0x10000 phdr.TLS.0.memsz=0x10000
    bad 'PT_GNU_RELRO: ' phdr.RELRO.0.memsz=0x100000
    bad 'PT_GNU_RELRO: ' phdr.RELRO.0.vaddr=0x7000000
    bad 'PT_GNU_RELRO: ' phdr.RELRO.0.vaddr=0xfffffffffffff000
    all_refused
}

@test "the dynamic section: outside, at an odd address, without an end" {
    bad 'PT_DYNAMIC: ' phdr.DYNAMIC.0.vaddr=0x7000000
    bad 'PT_DYNAMIC: ' phdr.DYNAMIC.0.vaddr=+4
    bad 'PT_DYNAMIC: ' phdr.DYNAMIC.0.memsz=0x100000
    bad 'PT_DYNAMIC: ' phdr.DYNAMIC.0.memsz=0xffffffffffffffff
    bad 'the dynamic section (3 entries) has no DT_NULL' phdr.DYNAMIC.0.memsz=48
    bad 'the dynamic section (0 entries) has no DT_NULL' phdr.DYNAMIC.0.memsz=0
    all_refused
}

@test "strings: the table, and offsets into it" {
    bad 'DT_STRTAB: ' dyn.STRTAB.0.value=0x7000000
    bad 'DT_STRTAB: ' dyn.STRSZ.0.value=0
    bad 'DT_STRTAB: ' dyn.STRSZ.0.value=0x7000000
    bad 'DT_STRTAB: ' dyn.STRSZ.0.value=0xffffffffffffffff
    bad 'does not end with a NUL' dyn.STRSZ.0.value=-1
    bad 'DT_SONAME: string offset 0x10000 is past the end of the table' dyn.SONAME.0.value=0x10000
    bad 'DT_RPATH: string offset 0x10000 is past the end of the table' dyn.RPATH.0.value=0x10000
    bad 'DT_NEEDED: string offset 0x10000 is past the end of the table' dyn.NEEDED.0.value=0x10000
    bad 'DT_NEEDED: string offset 0xffffffffffffffff is past' dyn.NEEDED.1.value=0xffffffffffffffff
    bad "DT_NEEDED: string offset $(edit "$BATS_FILE_TMPDIR/good.so" dyn.STRSZ.0.value) is past" \
        dyn.NEEDED.0.value="$(edit "$BATS_FILE_TMPDIR/good.so" dyn.STRSZ.0.value)"
    all_refused
}

@test "symbols and their versions' table" {
    bad 'DT_SYMTAB: 0x7000000 is not inside a readable segment' dyn.SYMTAB.0.value=0x7000000
    bad 'DT_SYMTAB: ' dyn.SYMTAB.0.value=+1
    bad 'DT_SYMENT is 23, not 24' dyn.SYMENT.0.value=23
    bad 'DT_VERSYM: ' dyn.VERSYM.0.value=0x7000000
    bad 'DT_VERSYM: ' dyn.VERSYM.0.value=+1
    bad 'a relocation'"'"'s symbol 16777215 is past the end of the table' rela.datum.sym=0xffffff
    LD_BIND_NOW=1 bad 'a relocation'"'"'s symbol 4294967295 is past the end of the table' jump.0.sym=0xffffffff
    all_refused
}

@test "hash tables: outside, too large, of sizes that cannot be" {
    bad 'DT_GNU_HASH: 0x7000000 is not inside' dyn.GNU_HASH.0.value=0x7000000
    bad 'DT_GNU_HASH: ' dyn.GNU_HASH.0.value=+4
    bad 'DT_GNU_HASH: 3 Bloom words, which is no power of two' gnu.2=3
    bad 'DT_GNU_HASH: 0 Bloom words, which is no power of two' gnu.2=0
    bad 'do not fit the segment' gnu.2=0x80000000
    bad 'do not fit the segment' gnu.0=0xffffffff
    bad 'DT_GNU_HASH: a shift of 32 bits' gnu.3=32
    bad 'DT_HASH: 0x7000000 is not inside' dyn.HASH.0.value=0x7000000
    bad 'DT_HASH: ' dyn.HASH.0.value=+2
    bad 'do not fit the segment' hash.0=0
    bad 'do not fit the segment' hash.0=0xffffffff
    bad 'do not fit the segment' hash.1=0xffffffff
    all_refused
}

# Each name is searched for in vain along the damaged chain, and the message names the table's owner.
@test "hash chains that leave the table, or go round" {
    local i buckets edits=()
    buckets=$(($(edit "$BATS_FILE_TMPDIR/good.so" gnu.0)))
    for start in 0x7fffffff 0xffffffff; do
        edits=()
        for ((i = 0; i < buckets; i++)); do
            edits+=("gnu.bucket.$i=$start")
        done
        # all names pass the filter
        for ((i = 0; i < 2 * $(edit "$BATS_FILE_TMPDIR/good.so" gnu.2); i++)); do
            edits+=("gnu.$((4 + i))=0xffffffff")
        done
        what="buckets $start"
        cp "$BATS_FILE_TMPDIR/good.so" lib.so
        edit lib.so "${edits[@]}"
        refused "the hash table's chain for "
    done
    buckets=$(($(edit "$BATS_FILE_TMPDIR/sysv.so" hash.0)))
    for next in 1 0xffffff; do # symbol 1 is neither who nor any that is asked for
        edits=()
        for ((i = 0; i < buckets; i++)); do
            edits+=("hash.$((2 + i))=1")
        done
        edits+=("hash.$((2 + buckets + 1))=$next" 'sym.#1.name=0')
        what="SysV chain 1 -> $next"
        cp "$BATS_FILE_TMPDIR/sysv.so" lib.so
        edit lib.so "${edits[@]}"
        refused "the hash table's chain for "
    done
    all_refused
}

@test "relocation tables: outside, of odd sizes, of the wrong kind" {
    for table in RELA:RELASZ JMPREL:PLTRELSZ; do
        bad "DT_${table%:*} is missing, and its size is " "dyn.${table%:*}.0.value=0"
        bad "DT_${table%:*}: 0x" "dyn.${table%:*}.0.value=0x7000000"
        bad "DT_${table%:*}: 0x" "dyn.${table%:*}.0.value=+1"
        bad "DT_${table%:*}: its size " "dyn.${table#*:}.0.value=+1"
        bad "DT_${table%:*}: 0x" "dyn.${table#*:}.0.value=+0x240000"
    done
    bad 'DT_RELAENT is 16, not 24' dyn.RELAENT.0.value=16
    bad 'DT_PLTREL is 18, neither DT_RELA nor DT_REL' dyn.PLTREL.0.value=18
    bad 'DT_RELENT is 24, not 16' dyn.RELA.0.tag=17 dyn.RELASZ.0.tag=18 dyn.RELAENT.0.tag=19
    bad 'DT_REL: 0x' dyn.RELA.0.tag=17 dyn.RELA.0.value=0x7000000 dyn.RELASZ.0.tag=18 dyn.RELASZ.0.value=48 dyn.RELAENT.0.tag=19 dyn.RELAENT.0.value=16
    bad 'DT_RELACOUNT: 1000 of ' dyn.RELACOUNT.0.value=1000
    bad 'but relocation ' dyn.RELACOUNT.0.value=+1
    GOOD=relr
    bad 'DT_RELR is missing, and its size is ' dyn.RELR.0.value=0
    bad 'DT_RELR: 0x' dyn.RELR.0.value=0x7000000
    bad 'DT_RELR: its size ' dyn.RELRSZ.0.value=+4
    bad 'DT_RELRENT is 4, not 8' dyn.RELRENT.0.value=4
    all_refused
}

@test "relocations: of places outside the object, or that may not be written" {
    for place in 0x7000000 0xfffffffffffffff8 0xffffffff00000000; do
        bad "R_X86_64_RELATIVE at $place is outside the object's segments" "rela.0.offset=$place"
        bad "R_X86_64_GLOB_DAT at $place is outside the object's segments" "rela.datum.offset=$place"
        bad "R_X86_64_JUMP_SLOT at $place is outside the object's segments" "jump.0.offset=$place"
        bad "R_X86_64_DTPMOD64 at $place is outside the object's segments" rela.datum.type=16 "rela.datum.offset=$place"
    done
    # the first segment's: the headers
    bad 'R_X86_64_RELATIVE at 0x10 is in a segment that may not be written' rela.0.offset=0x10
    bad 'R_X86_64_GLOB_DAT at 0x10 is in a segment that may not be written' rela.datum.offset=0x10
    # the last seven bytes of the last segment
    end=$(($(edit "$BATS_FILE_TMPDIR/good.so" phdr.LOAD.3.vaddr) + $(edit "$BATS_FILE_TMPDIR/good.so" phdr.LOAD.3.memsz)))
    bad 'R_X86_64_RELATIVE at ' rela.0.offset=$((end - 7))
    bad 'R_X86_64_GLOB_DAT at ' rela.datum.offset=$((end - 7))
    bad 'R_X86_64_IRELATIVE at ' rela.datum.type=37 rela.datum.addend=0x7000000
    bad 'type 99 ' rela.datum.type=99
    GOOD=relr
    bad 'DT_RELR at 0x7000000 is outside the object' relr.0=0x7000000
    bad 'DT_RELR at 0x10 is in a segment that may not be written' relr.0=0x10
    bad 'DT_RELR at ' relr.0=0xfffffffffffffff9 # a bitmap, and there is no address before it
    all_refused
}

@test "JUMP_SLOT of a place outside, where functions are bound lazily" {
    library lazy.so -Wl,-soname,lib.so -Wl,-z,lazy <<<'extern int main(void); int who(void) { return main() ? 42 : 42; }'
    cp lazy.so "$BATS_FILE_TMPDIR/lazy.so"
    GOOD=lazy
    bad 'R_X86_64_JUMP_SLOT at 0x7000000 is outside' jump.0.offset=0x7000000
    bad 'R_X86_64_JUMP_SLOT at 0x10 is in a segment that may not be written' jump.0.offset=0x10
    all_refused
}

@test "a PLT entry that asks for a slot that is none: one line at the call, and no signal" {
    library lazy.so -Wl,-soname,lib.so -Wl,-z,lazy -fno-builtin <<<'#include <stdlib.h>
        static int seven(void) { return 7; }
        static void *choose(void) { return seven; }
        __attribute__((visibility("hidden"), ifunc("choose"))) int chosen(void);
        int who(void) { return abs(-35) + chosen(); }'
    program needs-lazy ./lazy.so -Wl,-z,lazy <<<'extern int who(void); int main(void) { return who() == 42 ? 0 : 1; }'
    cp lazy.so lib.so
    run -0 ./needs-lazy
    local push number byte slots=2
    # the number that the PLT entry of abs() pushes
    push=$((0x$(objdump -dj .plt lazy.so | awk '/<abs@plt>:/ { found = 1 } found && /push/ { sub(":", "", $1); print $1; exit }') + 1))
    for number in 1 "$slots" 0x7fffffff 0xffffffff; do
        cp lazy.so lib.so
        for byte in 0 1 2 3; do
            edit lib.so "byte.$((push + byte))=$((number >> 8 * byte & 255))"
        done
        run -127 ./needs-lazy
        [ "${#lines[@]}" -eq 1 ]
        if [ "$number" = 1 ]; then
            [[ $output == *'/lib.so: its PLT asks for slot 1, whose relocation is of type 37, not 7' ]]
        else
            [[ $output == *"/lib.so: its PLT asks for slot "*" of $slots" ]]
        fi
    done
    # the ifunc's address is written to where the table says which place slot 0 is
    cp lazy.so lib.so
    edit lib.so phdr.LOAD.0.flags=6 "jump.1.offset=$(edit lib.so dyn.JMPREL.0.value)"
    run -127 ./needs-lazy
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == *'/lib.so: its PLT asks for slot 0, at 0x'*', which may not be written' ]]
}

@test "slots in PT_GNU_RELRO of a library that does not say so any more are bound at start" {
    # the first call wrote to what had become read-only
    library now.so -Wl,-soname,lib.so -Wl,-z,now,-z,relro -fno-builtin <<<'#include <stdlib.h>
        int who(void) { return abs(-42); }'
    edit now.so dyn.BIND_NOW.0.tag=0x6ffffef0 dyn.FLAGS_1.0.tag=0x6ffffef1
    run -0 readelf -dW now.so
    [[ $output != *NOW* ]]
    program needs-lazy ./now.so -Wl,-z,lazy <<<'extern int who(void); int main(void) { return who() == 42 ? 0 : 1; }'
    cp now.so lib.so
    run -0 ./needs-lazy
}

@test "initializers: arrays and functions outside" {
    for array in INIT FINI; do
        bad "DT_${array}_ARRAY: 0x" "dyn.${array}_ARRAY.0.value=0x7000000"
        bad "DT_${array}_ARRAY is missing" "dyn.${array}_ARRAY.0.value=0"
        bad "DT_${array}_ARRAY: its size " "dyn.${array}_ARRAYSZ.0.value=+1"
        bad "DT_${array}_ARRAY: 0x" "dyn.${array}_ARRAYSZ.0.value=0x100000"
        bad "DT_$array: 0x7000000 is not inside an executable segment" "dyn.$array.0.value=0x7000000"
        bad "DT_$array: 0x10 is not inside an executable segment" "dyn.$array.0.value=0x10"
    done
    all_refused
}

@test "versions: definitions and needs outside, or with names outside" {
    bad 'DT_VERDEF: entry 0 is not inside' dyn.VERDEF.0.value=0x7000000
    bad 'DT_VERDEF: entry 0 is not inside' dyn.VERDEF.0.value=+2
    bad 'DT_VERDEF: entry 1 is not inside' verdef.0.next=0x7000000
    bad 'DT_VERDEF: the name of entry 0 is not inside' verdef.0.aux=0x7000000
    bad 'DT_VERDEF: the name of entry 0 is not inside' verdef.0.aux=0x15
    bad 'DT_VERDEF: string offset 0x10000 is past the end' verdef.1.aux_name=0x10000
    bad 'DT_VERNEED: entry 0 is not inside' dyn.VERNEED.0.value=0x7000000
    bad 'DT_VERNEED: string offset 0x10000 is past the end' verneed.0.file=0x10000
    bad 'DT_VERNEED: version 0 of libdependency.so is not inside' verneed.0.aux=0x7000000
    bad 'DT_VERNEED: string offset 0x10000 is past the end' verneed.0.aux_name=0x10000
    bad 'DT_VERNEED: entry 1 is not inside' verneed.0.next=0x7000000 dyn.VERNEEDNUM.0.value=2
    bad 'DT_VERNEED: version 1 of libdependency.so is not inside' verneed.0.cnt=2 verneed.0.aux_next=0x7000000
    # a version that no library defines, of the same length
    bad 'version lib.so is not defined by ./libdependency.so' \
        verneed.0.aux_name="$(edit "$BATS_FILE_TMPDIR/good.so" dyn.SONAME.0.value)"
    all_refused
}

@test "versions: needs that share their list of versions are refused at once" {
    # 60,000 times 65,535 steps
    library lib.so ./libdependency.so -Wl,-soname,lib.so <<<'extern int dependency(void);
        int who(void) { return dependency() + 2; }
        __asm__(".section .rodata\n.globl table\n.p2align 3\ntable:\n"
            ".rept 60000\n.2byte 1, 65535\n.4byte 0\n.4byte chain - (. - 8)\n.4byte 16\n.endr\n"
            "chain:\n.rept 65535\n.4byte 0\n.2byte 2, 3\n.4byte 0, 16\n.endr\n.text");'
    run -0 timeout -s KILL 60 ./needs
    local table
    table=0x$(nm lib.so | awk '$3 == "table" { print $1 }')
    edit lib.so "dyn.VERNEED.0.value=$table" dyn.VERNEEDNUM.0.value=1
    run -0 timeout -s KILL 60 ./needs
    edit lib.so dyn.VERNEEDNUM.0.value=60000
    run -127 timeout -s KILL 20 ./needs
    [[ $output == *'/lib.so: DT_VERNEED: it lists more versions than its segment has room for' ]]
}

@test "what is odd and no harm: the library is loaded, or its symbol is not found" {
    local places=(versym.who=0x7ffe versym.who=0x8001 sym.who.name=0x7fffffff sym.datum.name=0xffffffff gnu.0=0
        gnu.3=0xffffffff dyn.PLTGOT.0.value=0x7000001 phdr.DYNAMIC.0.type=0 dyn.VERDEFNUM.0.value=1
        dyn.VERDEFNUM.0.value=0xffffffffffff dyn.VERNEEDNUM.0.value=0 phdr.RELRO.0.memsz=0 dyn.FLAGS_1.0.tag=0x6fffffff
        phdr.STACK.0.align=7 phdr.LOAD.3.flags=7 sym.who.shndx=0 sym.who.other=2)
    for place in "${places[@]}"; do
        cp "$BATS_FILE_TMPDIR/good.so" lib.so
        edit lib.so "$place" 2>/dev/null || continue
        for run in ./needs ./opens; do
            status=0
            $run >out 2>&1 || status=$?
            if [[ $status -ne 0 && ! $(wc -l <out) -eq 1 || $status -gt 127 ]]; then
                echo "$place: $run: status $status: $(<out)"
                failures=$((failures + 1))
            fi
        done
    done
    all_refused
}

@test "300 libraries, each with a word of its headers and tables changed at random: no signal" {
    local i at end
    # --list decodes and runs nothing; all tables are in the first segment and in .dynamic
    end=$(($(edit "$BATS_FILE_TMPDIR/good.so" phdr.LOAD.0.filesz)))
    seeded 4
    for ((i = 0; i < 300; i++)); do
        cp "$BATS_FILE_TMPDIR/good.so" lib.so
        at=$((RANDOM * 8 % end))
        values=(0 1 -1 0x7fffffff 0xfffffffffffffff8 $RANDOM "+$RANDOM" "-$RANDOM" 0x8000000000000000)
        if ((i % 3 == 0)); then
            at=$(($(edit lib.so phdr.DYNAMIC.0.vaddr) + RANDOM % 30 * 16 + 8))
        fi
        edit lib.so "word.$at=${values[RANDOM % 9]}"
        status=0
        "$LINKER" --list ./needs >out 2>&1 || status=$?
        if [[ $status -ne 0 && $status -ne 127 ]]; then
            echo "word $at: status $status: $(<out)"
            failures=$((failures + 1))
        fi
    done
    all_refused
}

@test "a damaged program is refused the same way" {
    cp needs prog
    edit prog dyn.STRTAB.0.value=0x70000000
    cp "$BATS_FILE_TMPDIR/good.so" lib.so
    for start in '' "$LINKER"; do
        run -127 --separate-stderr $start ./prog
        [[ ${#stderr_lines[@]} -eq 1 && $stderr == 'ld-uexec.so.1: ./prog: DT_STRTAB: '* ]]
    done
    cp needs prog
    edit prog phdr.LOAD.1.filesz=0x7000000
    run -127 --separate-stderr "$LINKER" ./prog
    [[ ${#stderr_lines[@]} -eq 1 && $stderr == 'ld-uexec.so.1: ./prog: program header '* ]]
}

@test "a name with control characters does not break the line" {
    cp "$BATS_FILE_TMPDIR/good.so" lib.so
    name=$(edit lib.so dyn.NEEDED.0.value)
    edit lib.so "byte.$(($(edit lib.so dyn.STRTAB.0.value) + name))=10" "byte.$(($(edit lib.so dyn.STRTAB.0.value) + name + 1))=27"
    run -127 --separate-stderr ./needs
    [[ ${#stderr_lines[@]} -eq 1 && $stderr == *'??bdependency.so: not found'* ]]
}

# The bytes of a name, of which only some may go to a terminal: C1 controls in UTF-8 and raw, DEL, ESC, and good
# characters, one of them with a byte that alone would be a C1 control.
ODD=$'a\xc2\x9b1m\x9b2m\x7f\033[3m\xff\xc3\x9b\xe2\x82\xac'
SHOWN=$'a??1m?2m??[3m?\xc3\x9b\xe2\x82\xac'

@test "control characters, C1 too, go to no terminal: messages, traces, --list, dlerror()" {
    local LC_ALL=C
    cp "$BATS_FILE_TMPDIR/good.so" lib.so
    cp needs "$ODD"
    rm lib.so
    run -127 --separate-stderr "./$ODD"
    [[ ${#stderr_lines[@]} -eq 1 && $stderr == "ld-uexec.so.1: ./$SHOWN: "* ]]
    cp "$BATS_FILE_TMPDIR/good.so" lib.so
    LD_PRELOAD="./$ODD.so" run -0 --separate-stderr "./$ODD"
    [[ $stderr == "ld-uexec.so.1: ./$SHOWN: LD_PRELOAD: ./$SHOWN.so: cannot be opened "*': passed over' ]]
    UEXEC_TRACE=search LD_PRELOAD="./$ODD.so" run -0 --separate-stderr "./$ODD"
    [[ $stderr == *"uexec: "*" search: ./$SHOWN.so, needed by ./$SHOWN: "* ]]
    [[ $(LC_ALL=C tr -d '\n\40-\176' <<<"$stderr" | sed $'s/\xc3\x9b\xe2\x82\xac//g') == '' ]]
    UEXEC_TRACE=search,json LD_PRELOAD="./$ODD.so" run -0 --separate-stderr "./$ODD"
    [[ $stderr == *'./a\u009b1m\ufffd2m\u007f\u001b[3m\ufffd'$'\xc3\x9b\xe2\x82\xac'* ]]
    program names <<<'#include <dlfcn.h>
        #include <stdio.h>
        int main(int argc, char **argv) { return dlopen(argv[1], RTLD_NOW) || puts(dlerror()) < 0; }'
    run -0 ./names "./$ODD.so"
    [[ $output == "./$SHOWN.so: cannot be opened "* ]]
    mkdir "$ODD.d"
    mv lib.so libdependency.so "$ODD.d"
    LD_LIBRARY_PATH=$ODD.d run -0 "$LINKER" --list "$ODD.d/lib.so"
    [[ $output == *" => $SHOWN.d/libdependency.so ("* ]]
}

@test "after a failed dlopen() the process goes on, and the good library is loaded" {
    program again <<<'#include <dlfcn.h>
        #include <stdio.h>
        #include <unistd.h>
        int main(void)
        {
            for (int i = 0; i < 50; i++)
                if (dlopen("./bad.so", RTLD_NOW) != NULL)
                    return 3;
            void *handle = dlopen("./lib.so", RTLD_NOW);
            int (*who)(void) = handle == NULL ? NULL : (int (*)(void))dlsym(handle, "who");
            FILE *maps = fopen("/proc/self/maps", "r");
            char line[400];
            int left = 0;
            while (fgets(line, sizeof line, maps))
                for (char *p = line; *p != 0; p++)
                    left += p[0] == 98 && p[1] == 97 && p[2] == 100 && p[3] == 46; /* "bad." */
            printf("%d %d\n", who == NULL ? -1 : who(), left);
            return 0;
        }'
    cp "$BATS_FILE_TMPDIR/good.so" lib.so
    for damage in ehdr.magic=1 dyn.STRTAB.0.value=0x7000000 rela.datum.offset=0x7000000 verneed.0.aux_name=0x10000; do
        cp "$BATS_FILE_TMPDIR/good.so" bad.so
        edit bad.so "$damage"
        run -0 ./again
        [[ $output == '42 0' ]]
    done
}

# ---- what the kernel refuses

# lib.so: the last page of its code contains bytes of the file behind the segment, its segments have unused
# room between them, and it has PT_GNU_RELRO. protected 0: the bytes are zero already.
protected() {
    as -o lib.o - <<<'.globl who
        who: mov $42, %eax
        ret
        .fill 64, 1, 0xcc
        .section .data.rel.ro, "aw"
        .quad who
        .fill 4096
        .data
        .quad who'
    ld -shared -soname lib.so -z relro -z separate-code -z max-page-size=0x10000 -o lib.so lib.o
    if [ "$1" = 0 ]; then
        edit lib.so phdr.LOAD.1.memsz=+64
    else
        edit lib.so phdr.LOAD.1.filesz=-32
    fi
}

@test "mprotect(2) that fails, each in turn: one line that says what was asked, at start and by dlopen()" {
    need_command strace
    local number total
    protected 1
    strace -o calls -e trace=mprotect ./needs
    total=$(grep -c ^mprotect calls)
    ((total >= 6)) # the code's page twice, RELRO of three objects, a gap at least
    for ((number = 1; number <= total; number++)); do
        run -127 strace -o /dev/null -e trace=mprotect -e inject=mprotect:error=ENOMEM:when="$number" ./needs
        [ "${#lines[@]}" -eq 1 ]
        [[ $output =~ ^ld-uexec.so.1:\ .*:\ 0x[0-9a-f]+\ bytes\ at\ 0x[0-9a-f]+\ may\ not\ become\ [-rwx]{3}\ \(Cannot\ allocate\ memory\)$ ]]
    done
    strace -o calls -e trace=mprotect ./opens
    ((total = $(grep -c ^mprotect calls)))
    for ((number = total - 3; number <= total; number++)); do
        run -9 strace -o /dev/null -e trace=mprotect -e inject=mprotect:error=ENOMEM:when="$number" ./opens
        [[ $output == './lib.so: '*' may not become '*' (Cannot allocate memory)' ]]
    done
}

@test "PR_SET_MDWE: code keeps its permission, or is refused in one line" {
    program mdwe <<<'#include <stdio.h>
        #include <sys/prctl.h>
        #include <unistd.h>
        int main(int argc, char **argv)
        { return prctl(65, 1, 0, 0, 0) != 0 ? 99 : execv(argv[1], argv + 1); }'
    run ./mdwe /bin/true
    [ "$status" -ne 99 ] || skip "a kernel without PR_SET_MDWE"
    protected 0
    run -0 ./mdwe ./needs
    run -0 ./mdwe "$UEXEC" ./needs
    run -0 ./mdwe ./opens
    protected 1
    run -0 ./needs
    run -127 ./mdwe ./needs
    [[ $output == 'ld-uexec.so.1: ./needs: ./lib.so: 0x1000 bytes at 0x'*' may not become r-x (Permission denied)' ]]
    run -9 ./mdwe ./opens
    [[ $output == './lib.so: 0x1000 bytes at 0x'*' may not become r-x (Permission denied)' ]]
}

@test "damaged: RELATIVE at address 8 of a library without a writable segment is refused" {
    # if there was none before, the limits admit exactly this address
    tiny libx.so <<<'.data; .globl x; x: .quad x_hidden; .hidden x_hidden; .globl x_hidden; x_hidden: .quad 0'
    open_program main <<<'int main(void) { void *x = dlopen("./libx.so", RTLD_NOW); return puts(x ? "opened" : dlerror()) < 0; }'
    run -0 limited ./main
    [[ $output == opened ]]
    local loads i
    loads=$(readelf -lW libx.so | grep -c '^  LOAD')
    for ((i = 0; i < loads; i++)); do
        edit libx.so phdr.LOAD.$i.flags=4
    done
    edit libx.so rela.0.offset=8
    run -0 limited ./main
    [[ $output == *libx.so*R_X86_64_RELATIVE*0x8* ]]
}
