#!/usr/bin/env bats
# Programs that start uexec: the kernel, or a program that builds processes itself. Such a program puts the
# initial stack outside of the kernel's [stack] mapping, or makes it end elsewhere; uexec then prints
# one line, with status 125, and writes nothing.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    # builder WHERE END UEXEC [ARG]...: a minimal user-space exec of a static PIE.
    # The stack's strings end END bytes before the end of a page. WHERE is `mmap` (memory of its
    # own), `low` (the same, in the lower half of the address space) or `stack` (the middle of the
    # kernel's [stack]). A page of 0xA5 lies above the stack and one below; a child process in the same
    # memory (vfork) runs it; after its end both pages have to be unchanged.
    cat >builder.c <<'.'
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
enum { PAGE = 4096, STACK = 64 * PAGE };
extern char **environ;
static uint64_t load(const char *file, Elf64_Ehdr **header)
{
    struct { Elf64_Ehdr ehdr; Elf64_Phdr phdr[16]; } head;
    int fd = open(file, O_RDONLY);
    if (fd < 0 || pread(fd, &head, sizeof head, 0) < (ssize_t)sizeof head.ehdr)
        exit(9);
    char *base = mmap(NULL, 64 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    Elf64_Phdr *phdr = (Elf64_Phdr *)((char *)&head + head.ehdr.e_phoff);
    for (int i = 0; i < head.ehdr.e_phnum; i++) {
        if (phdr[i].p_type != PT_LOAD)
            continue;
        uint64_t down = phdr[i].p_vaddr % PAGE;
        char *at = mmap(base + phdr[i].p_vaddr - down, phdr[i].p_memsz + down,
                        PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (at == MAP_FAILED || pread(fd, at + down, phdr[i].p_filesz, phdr[i].p_offset) < 0)
            exit(9);
    }
    *header = (Elf64_Ehdr *)base;
    return (uint64_t)base + head.ehdr.e_entry;
}
int main(int argc, char **argv)
{
    static char frame[4 * STACK];
    char middle[4 * STACK];
    Elf64_Ehdr *header;
    uint64_t entry = load(argv[3], &header);
    char *block = strcmp(argv[1], "stack") == 0 ? middle
                : mmap(strcmp(argv[1], "low") == 0 ? (void *)0x4000000000 : NULL, 4 * STACK,
                       PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)frame;
    block = (char *)(((uintptr_t)block + STACK) & -(uintptr_t)PAGE);
    char *low = block + STACK, *high = low + STACK; /* a page below low and one from high on are marked */
    memset(low - PAGE, 0xA5, PAGE);
    memset(high, 0xA5, PAGE);
    char *top = high - atoi(argv[2]) - 8 - strlen(argv[3]) - 1;
    memset(top, 0, high - top);
    strcpy(top, argv[3]);
    int count = argc - 3, variables = 0;
    while (environ[variables])
        variables++;
    uint64_t *words = (uint64_t *)((uintptr_t)(top - 4096) & -16), *at = words;
    *at++ = count;
    for (int i = 0; i < count; i++)
        *at++ = (uint64_t)argv[3 + i];
    *at++ = 0, *at++ = 0;
    const uint64_t auxv[] = {AT_PHDR, (uint64_t)header + header->e_phoff, AT_PHENT, 56, AT_PHNUM, header->e_phnum,
        AT_PAGESZ, PAGE, AT_ENTRY, entry, AT_RANDOM, (uint64_t)words, AT_SYSINFO_EHDR,
        getauxval(AT_SYSINFO_EHDR), AT_EXECFN, (uint64_t)top, AT_NULL, 0};
    memcpy(at, auxv, sizeof auxv);
    pid_t child = vfork();
    if (child == 0)
        __asm__ volatile("mov %0, %%rsp; xor %%edx, %%edx; jmp *%1" : : "r"(words), "r"(entry) : "rdx", "memory");
    int status;
    if (waitpid(child, &status, 0) != child)
        return 9;
    for (int i = 0; i < PAGE; i++)
        if ((unsigned char)(low - PAGE)[i] != 0xA5 || (unsigned char)high[i] != 0xA5)
            return puts("written outside its stack"), 9;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
.
    musl-gcc -w -O1 -static -o builder builder.c
}

# refuses COMMAND...: with environments of sixteen lengths it prints one line and ends with 125
refuses() {
    local blanks=''
    while [ ${#blanks} -lt 16 ]; do
        blanks+=' '
        run -125 env X="$blanks" "$@"
        echo "$output"
        [ "$(wc -l <<<"$output")" -eq 1 ]
        [[ "$output" == "uexec: "*": uexec was not started by execve(2), but by something that builds processes itself"*": start uexec without it" ]]
    done
}

@test "a user-space exec with a stack of its own, wherever it is and ends" {
    local where end
    for where in mmap low stack; do
        for end in 0 8 100 2048; do
            run -125 "$BATS_FILE_TMPDIR/builder" "$where" "$end" "$UEXEC" "$BUILD/samples/hello.static"
            echo "$where $end: $output"
            [ "$(wc -l <<<"$output")" -eq 1 ]
            [[ "$output" == "uexec: $BUILD/samples/hello.static: uexec was not started by execve(2)"* ]]
        done
    done
}

@test "valgrind" {
    need_command valgrind
    refuses valgrind -q "$UEXEC" "$BUILD/samples/hello.static"
    refuses valgrind -q --tool=none "$UEXEC" "$BUILD/samples/hello"
}

@test "qemu-user" {
    local qemu
    qemu=$(command -v qemu-x86_64-static || command -v qemu-x86_64) || skip "there is no qemu-x86_64"
    refuses "$qemu" "$UEXEC" "$BUILD/samples/hello.static"
    refuses "$qemu" "$UEXEC" "$BUILD/samples/hello.glibc"
}

@test "uexec, started by itself, by a debugger, a tracer, a script, env, an absent argv[0]" {
    local hello=$BUILD/samples/hello.static
    run -0 "$UEXEC" "$UEXEC" "$UEXEC" "$hello"
    [ "$output" = "Hello from hello.static" ]
    run -0 env -i "$UEXEC" "$hello"
    [ "$output" = "Hello from hello.static" ]
    printf '#!%s %s\n' "$UEXEC" "$hello" >"$BATS_TEST_TMPDIR/script"
    chmod +x "$BATS_TEST_TMPDIR/script"
    run -0 "$BATS_TEST_TMPDIR/script"
    [ "$output" = "Hello from hello.static" ]
    run -0 setarch -R "$UEXEC" "$hello"
    [ "$output" = "Hello from hello.static" ]
    run -0 bash -c 'exec -a "" "$@"' - "$UEXEC" "$hello"
    [ "$output" = "Hello from hello.static" ]
    run -0 bash -c 'ulimit -s unlimited && exec "$@"' - "$UEXEC" "$hello"
    [ "$output" = "Hello from hello.static" ]
    run -0 setarch --3gb "$UEXEC" "$hello"
    [ "$output" = "Hello from hello.static" ]
    run -0 setarch -L "$UEXEC" "$hello"
    [ "$output" = "Hello from hello.static" ]
    if command -v strace >/dev/null; then
        run -0 --separate-stderr strace -o /dev/null "$UEXEC" "$hello"
        [ "$output" = "Hello from hello.static" ]
    fi
}
