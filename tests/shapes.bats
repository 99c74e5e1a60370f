#!/usr/bin/env bats
# Images of every shape that the kernel takes: they run, and --compare finds no difference.

# shellcheck disable=SC2030,SC2031 # run sets $output in the test that reads it
load helper
load images

# same STATUS: the image ends with it under the kernel and under uexec; if ptrace is allowed,
# the two processes are the same at the entry point.
same() {
    run "-$1" "$image"
    run "-$1" "$UEXEC" "$image"
    [ "$(id -u)" -eq 0 ] || return 0
    run -0 "$UEXEC" --compare "$image"
    [[ "$output" == *"no difference"* ]]
}

@test "the first segment is not at file offset 0" {
    generate <<'.'
gaps 0xEE
load rx vaddr=0x400000 offset=0x3000 code=exit:42
.
    [[ "$(readelf -lW "$image")" == *"LOAD           0x003000"* ]]
    same 42
}

@test "a segment with no bytes of the file" {
    generate <<'.'
load rx headers vaddr=0x400000 code=zero:0x500000,0x5000
load rw vaddr=0x500000 filesz=0 memsz=0x5000
.
    same 0
}

@test "a moved image that begins with bss" {
    need_root
    generate <<'.'
type dyn
interp /lib64/ld-linux-x86-64.so.2
load rw vaddr=0 filesz=0 memsz=0x3000
load rx headers vaddr=0x10000 code=exit:42
.
    run "$UEXEC" --compare "$image"
    [[ "$output" == *"no difference"* ]]
}

@test "a read-only segment with a tail keeps the file's bytes" {
    generate <<'.'
load rx headers vaddr=0x400000 code=byte:0x402010,0xEE
gaps 0xEE
load r vaddr=0x402000 filesz=0x10 memsz=0x20 fill=0xAA
load rw vaddr=0x404000 filesz=0x100 fill=0xBB
.
    same "$(timeout 9 "$image" >/dev/null 2>&1 && echo 0 || echo $?)"
}

@test "a writable segment's tail is cleared to the end of its page" {
    generate <<'.'
load rx headers vaddr=0x400000 code=zero:0x402010,0xff0
gaps 0xEE
load rw vaddr=0x402000 filesz=0x10 memsz=0x20 fill=0xAA
load r vaddr=0x404000 filesz=0x100 fill=0xBB
.
    same 0
}

@test "memory as large as the file's bytes: nothing is cleared" {
    generate <<'.'
load rx headers vaddr=0x400000 code=zero:0x402010,0xff0
gaps 0xEE
load rw vaddr=0x402000 filesz=0x10 memsz=0x10 fill=0xAA
load r vaddr=0x404000 filesz=0x100 fill=0xBB
.
    same "$(timeout 9 "$image" >/dev/null 2>&1 && echo 0 || echo $?)"
}

@test "bss that may be executed" {
    generate <<'.'
load rx headers vaddr=0x400000 code=exit:42
load rwx vaddr=0x500000 filesz=0x10 memsz=0x5000
.
    same 42
}

@test "two segments in one page of the file" {
    generate <<'.'
load rx headers vaddr=0x400000 code=byte:0x601800,0xAA
load rw vaddr=0x601800 offset=0x800 filesz=0x10 fill=0xAA
.
    same 0
}

@test "two segments in one page of memory" {
    generate <<'.'
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x401000 filesz=0x800 memsz=0x800 fill=0xAA
load rw vaddr=0x401800 filesz=0x100 memsz=0x4000 fill=0xBB
.
    same 42
}

@test "code at the end of a segment, in a page that the next one takes" {
    need_command gcc
    # it would issue rt_sigreturn, if it were executable
    cat >tail.S <<'.'
        .globl _start
_start: mov $60, %eax
        mov $7, %edi
        syscall
        .org 0x1700
        mov $15, %eax
        syscall
        .data
        .quad 1
.
    cat >tail.ld <<'.'
        PHDRS { code PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); }
        SECTIONS { . = 0x401000; .text : { *(.text) } :code . = 0x402900; .data : { *(.data) } :data
                   /DISCARD/ : { *(.note*) } }
.
    gcc -nostdlib -static -Wl,-T,tail.ld,--build-id=none -o "$image" tail.S
    same 7
}

@test "an alignment of 2 MiB, fixed and moved" {
    generate <<'.'
load rx headers vaddr=0x400000 align=0x200000 code=exit:42
load rw vaddr=0x600000 align=0x200000 filesz=0x10 memsz=0x5000
.
    same 42
    generate <<'.'
type dyn
load rx headers vaddr=0 align=0x200000 code=exit:42
load rw vaddr=0x200000 align=0x200000 filesz=0x10 memsz=0x5000
.
    same 42
}

@test "an image of the vDSO's size, one smaller and one larger, mapped either way" {
    local pages direction
    for pages in 7 8 9; do
        printf 'type dyn\nload rx headers vaddr=0 code=exit:42 memsz=0x%x000\n' "$pages" | generate
        same 42
        for direction in '' -L; do
            # shellcheck disable=SC2086 # no word for none
            run -0 setarch "$(uname -m)" $direction "$UEXEC" --compare "$image"
        done
    done
}

@test "empty segments count in the span" {
    generate <<'.'
type dyn
load rx headers vaddr=0 code=exit:42
load rw vaddr=0x600000 filesz=0 memsz=0
.
    same 42
}

@test "headers that no segment holds" {
    generate <<'.'
load rx vaddr=0x400000 code=exit:42
.
    same 42
}

@test "an image where the vDSO is without randomness" {
    need_root
    generate <<'.'
load rx headers vaddr=0x7ffff7ffd000 code=exit:42
.
    run -42 setarch -R "$image"
    run -42 "$UEXEC" --no-aslr "$image"
    run -0 "$UEXEC" --compare "$image"
}

@test "no, a plain, and an executable stack" {
    local stack
    for stack in '' 'stack rw' 'stack rwx'; do
        printf 'load rx headers vaddr=0x400000 code=exit:42\n%s\n' "$stack" | generate
        same 42
    done
}
