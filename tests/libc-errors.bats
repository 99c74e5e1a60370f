#!/usr/bin/env bats
# libc-min's reaction to errors of the program and to exhausted resources: one line, the right status, nothing
# lost. ucc builds each program with -static, -static-pie and -pie (dynamic).

load helper

# dies SOURCE-LINES TEXT: the program ends by SIGABRT and prints only `PROGRAM: TEXT`.
dies() {
    local kind
    for kind in static static-pie pie; do
        compile "$kind" "$1"
        run "$BATS_TEST_TMPDIR/program"
        echo "status $status: $output"
        ((status == 134))
        ((${#lines[@]} == 1))
        [[ ${lines[0]} == "$BATS_TEST_TMPDIR/program: "$2 ]]
    done
}

# compile KIND BODY: $BATS_TEST_TMPDIR/program
compile() {
    need_file "$BUILD/ucc"
    printf '%s\n' '#include <errno.h>' '#include <signal.h>' '#include <stdint.h>' \
        '#include <stdio.h>' '#include <stdlib.h>' '#include <string.h>' '#include <sys/mman.h>' \
        '#include <sys/resource.h>' '#include <unistd.h>' "$2" >"$BATS_TEST_TMPDIR/program.c"
    "$BUILD/ucc" "-$1" -fno-builtin -fstack-protector-all -D_GNU_SOURCE -O1 -w \
        -o "$BATS_TEST_TMPDIR/program" "$BATS_TEST_TMPDIR/program.c"
}

@test "free() twice, small: one line, SIGABRT" {
    dies 'int main(void) { char *p = malloc(100); malloc(100); free(p); free(p); }' \
        'free(): already freed: 0x[0-9a-f]*'
}

@test "free() twice after the neighbours were freed and joined: one line, SIGABRT" {
    dies 'int main(void) { char *a = malloc(100), *b = malloc(100), *c = malloc(100); malloc(9);
          free(a); free(b); free(c); free(b); }' 'free(): already freed: 0x[0-9a-f]*'
}

@test "free() twice, a mapping: one line, SIGABRT" {
    # kept for a while, and unmapped at once
    dies 'int main(void) { char *p = malloc(1 << 20); free(p); free(p); }' 'free(): already freed: 0x[0-9a-f]*'
    dies 'int main(void) { char *p = malloc(1 << 26); free(p); free(p); }' \
        'free(): not a pointer that malloc() gave, or its tag was overwritten: 0x[0-9a-f]*'
}

@test "free() of a local, of a static, of a string, of the middle of a block: one line, SIGABRT" {
    dies 'int main(void) { _Alignas(16) char local[64] = ""; free(local + 16); }' \
        'free(): not a pointer that malloc() gave, or its tag was overwritten: 0x[0-9a-f]*'
    dies '_Alignas(16) static char data[64]; int main(void) { malloc(1); free(data + 16); }' \
        'free(): not a pointer that malloc() gave, or its tag was overwritten: 0x[0-9a-f]*'
    dies 'int main(void) { free((void *)"a string"); }' \
        'free(): not a pointer that malloc() gave, or its tag was overwritten: 0x[0-9a-f]*'
    dies 'int main(void) { char *p = calloc(1, 1000); free(p + 160); }' \
        'free(): inside a block, and not its start: 0x[0-9a-f]*'
    dies 'int main(void) { char *p = calloc(1, 100000); free(p + 160); }' \
        'free(): not a pointer that malloc() gave, or its tag was overwritten: 0x[0-9a-f]*'
    dies 'int main(void) { free((void *)0x10); }' \
        'free(): not a pointer that malloc() gave, or its tag was overwritten: 0x10'
}

@test "realloc() of what is freed: one line, SIGABRT" {
    dies 'int main(void) { char *p = malloc(100); malloc(1); free(p); realloc(p, 200); }' \
        'realloc(): already freed: 0x[0-9a-f]*'
}

@test "memory written to after free(): one line, SIGABRT" {
    dies 'int main(void) { char *p = malloc(100), *q = malloc(100); malloc(100); free(p); free(malloc(500));
          memset(p, 0x41, 100); malloc(100); }' 'heap damaged: *'
}

@test "memory written beyond its end, by one byte or many: one line, SIGABRT" {
    dies 'int main(void) { char *p = malloc(24), *q = malloc(24); strcpy(p, "123456789012345678901234");
          free(p); free(q); }' 'heap damaged: memory was written beyond its end, behind: 0x[0-9a-f]*'
    local size
    for size in 0 1 15 17 100 1023 1025 4096 8191 8192 50000 131071 131072 200000 1048576; do
        dies 'int main(void) { volatile size_t size = '$size'; char *p = malloc(size); p[size] = 0; free(p); }' \
            'heap damaged: memory was written beyond its end, behind: 0x[0-9a-f]*'
        dies 'int main(void) { volatile size_t size = '$size'; char *p = malloc(size); p[size] = 65; realloc(p, 9); }' \
            'heap damaged: memory was written beyond its end, behind: 0x[0-9a-f]*'
    done
    # of which a block is made without a byte more: the next block's first byte is written, and free blocks are marked
    for size in 16 48 1024; do
        dies 'int main(void) { volatile size_t size = '$size'; char *p = malloc(size); p[size] = 0; malloc(size); }' \
            'heap damaged: freed memory was written to: 0x[0-9a-f]*'
    done
    dies 'int main(void) { char *p = malloc(50000), *q = malloc(100000); memset(p, 0x41, 60000); free(q); }' \
        'free(): not a pointer that malloc() gave, or its tag was overwritten: 0x[0-9a-f]*'
    dies 'int main(void) { char *p = malloc(100), *q = malloc(100); malloc(100); free(q); memset(p, 0x41, 120);
          malloc(100); }' 'heap damaged: freed memory was written to: 0x[0-9a-f]*'
}

@test "a smashed stack: one line, SIGABRT" {
    dies 'void fill(volatile char *p) { for (int i = 0; i < 64; i++) p[i] = 1; }
          void f(void) { volatile char local[16]; fill(local); } int main(void) { f(); }' 'stack smashed: *'
}

@test "the canary is another each time, and ends with a zero byte" {
    local first second
    compile static 'int main(void) { unsigned long c; __asm__("mov %%fs:0x28, %0" : "=r"(c));
                    printf("%lx\n", c); }'
    first=$("$BATS_TEST_TMPDIR/program") second=$("$BATS_TEST_TMPDIR/program")
    [[ $first != "$second" && $first == *00 && $second == *00 ]]
}

@test "SIGABRT by a wrong free() even where it is ignored or blocked" {
    dies 'int main(void) { sigset_t s; sigfillset(&s); sigprocmask(SIG_BLOCK, &s, 0);
          signal(SIGABRT, SIG_IGN); free((void *)0x1230); }' \
        'free(): not a pointer that malloc() gave, or its tag was overwritten: 0x1230'
}

@test "a full disk: fprintf, fflush, fclose and the stream's error say so" {
    compile static 'int main(void) { FILE *f = fopen("/dev/full", "w");
        for (int i = 0; i < 10; i++) fprintf(f, "%d\n", i);
        if (ferror(f)) return 1;
        if (fflush(f) != EOF || errno != ENOSPC || !ferror(f)) return 2;
        errno = 0;
        if (fclose(f) != EOF || errno != ENOSPC) return 3;
        f = fopen("/dev/full", "w"); setvbuf(f, 0, _IONBF, 0);
        if (fputs("x", f) != EOF || errno != ENOSPC) return 4;
        if (fprintf(f, "%d", 1) >= 0) return 5;
        if (fwrite("abc", 1, 3, f) != 0) return 6;
        return 0; }'
    "$BATS_TEST_TMPDIR/program"
}

@test "a closed pipe: EPIPE is reported; by default SIGPIPE ends the program" {
    compile static 'int main(int argc, char **argv) { int p[2]; pipe(p); close(p[0]);
        if (argc > 1) signal(SIGPIPE, SIG_IGN);
        FILE *f = fdopen(p[1], "w"); fputs("text", f);
        errno = 0;
        return fflush(f) == EOF && errno == EPIPE && ferror(f) && fclose(f) == EOF ? 0 : 1; }'
    "$BATS_TEST_TMPDIR/program" ignore
    run "$BATS_TEST_TMPDIR/program"
    ((status == 141))
}

@test "no memory for a thread, for a stream: EAGAIN, ENOMEM" {
    compile static '#include <pthread.h>
        void *f(void *a) { return a; }
        int main(void) { pthread_t t; pthread_attr_t a; pthread_attr_init(&a);
        pthread_attr_setstacksize(&a, 1UL << 47);
        if (pthread_create(&t, &a, f, 0) != EAGAIN) return 1;
        struct rlimit r = {1 << 20, 1 << 20}; setrlimit(RLIMIT_AS, &r);
        while (malloc(1000)) ; while (malloc(8)) ;
        errno = 0; if (fopen("/dev/null", "r") || errno != ENOMEM) return 2;
        return 0; }'
    "$BATS_TEST_TMPDIR/program"
}

@test "malloc() goes on by mmap() where the break cannot grow" {
    compile static 'int main(void) { char *end = sbrk(0);
        end = (char *)(((uintptr_t)end + 4095) & -4096UL);
        if (mmap(end + 4096 * 40, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
            == MAP_FAILED) return 1;
        char *p[3000]; int away = 0;
        for (int i = 0; i < 3000; i++) { if (!(p[i] = malloc(1000))) return 2; memset(p[i], i, 1000);
            away += p[i] > end + 4096 * 40 || p[i] < end - (1 << 20); }
        if (!away) return 3;
        for (int i = 0; i < 3000; i++) for (int k = 0; k < 1000; k++) if (p[i][k] != (char)i) return 4;
        for (int i = 0; i < 3000; i++) free(p[i]);
        return 0; }'
    "$BATS_TEST_TMPDIR/program"
}

@test "127 KiB are in [heap], 128 KiB in a mapping of their own, and mallopt() moves the line" {
    compile static 'int mallopt(int, int);
        int main(void) { char *small = malloc((128 << 10) - 1), *large = malloc(128 << 10);
        char *end = sbrk(0), *start = end - (1 << 20);
        if (small < start || small >= end || (large >= start && large < end)) return 1;
        if (((uintptr_t)large & 4095) != 32) return 2;
        if (!mallopt(-3, 1000)) return 3;
        large = malloc(1000); if (large >= start && large < end) return 4;
        small = malloc(999); if (small < start || small >= (char *)sbrk(0)) return 5;
        return 0; }'
    "$BATS_TEST_TMPDIR/program"
}

@test "a program's own functions do not get into ISO C's way" {
    # POSIX names that a program of ISO C may use for its own (ISO C 7.1.3): printf, exit, fopen, malloc,
    # qsort, strtok, signal and time must not call them.
    local kind
    for kind in static static-pie pie; do
        compile "$kind" '
        #undef errno
        #define OWN(name) int own_##name(void) __asm__(#name); \
            int own_##name(void) { static const char t[] = #name " called\n"; __asm__ volatile("syscall" \
            :: "a"(1), "D"(2), "S"(t), "d"(sizeof t - 1) : "rcx", "r11", "memory"); __builtin_trap(); }
        OWN(write) OWN(writev) OWN(read) OWN(readv) OWN(open) OWN(close) OWN(lseek) OWN(mmap) OWN(munmap)
        OWN(mremap) OWN(brk) OWN(sbrk) OWN(isatty) OWN(ioctl) OWN(fstat) OWN(stat) OWN(getline) OWN(strnlen)
        OWN(stpcpy) OWN(strchrnul) OWN(memrchr) OWN(mempcpy) OWN(strdup) OWN(strcasecmp) OWN(kill)
        OWN(sigaction) OWN(sigprocmask) OWN(getpid) OWN(clock_gettime) OWN(flockfile) OWN(fileno)
        OWN(pthread_mutex_lock) OWN(unlink) OWN(rmdir) OWN(madvise) OWN(mprotect)
        extern int remove(const char *); typedef long time_t; extern time_t time(time_t *);
        static int order(const void *a, const void *b) { return *(int *)a - *(int *)b; }
        int main(void) { int v[3] = {3, 1, 2}; char line[20], text[] = "a b", *end; FILE *f;
            qsort(v, 3, sizeof *v, order);
            printf("%d %g %s %p\n", v[0], strtod("2.5", &end), strtok(text, " "), (void *)0);
            f = tmpfile(); if (!f) return 1;
            fputs("line\n", f); rewind(f); if (!fgets(line, 20, f)) return 2; ungetc(65, f); fscanf(f, "%s", line);
            fclose(f); remove("/not/there"); free(malloc(1 << 20)); free(realloc(malloc(10), 1 << 19));
            signal(SIGTERM, SIG_IGN); raise(SIGTERM); time(NULL); setvbuf(stdout, NULL, _IOLBF, 0); puts("end");
            return 0; }'
        run "$BATS_TEST_TMPDIR/program"
        echo "$output"
        ((status == 0))
        [[ ${lines[1]} == end ]]
    done
}

@test "no name of the library's own is in the program's way: all begin with two underscores" {
    need_file "$BUILD/lib/libc.a"
    # libc-min defines no public name that is neither in a header of musl's, nor in a peer's ABI, nor in a man page.
    run bash -c "nm -g --defined-only '$BUILD/lib/libc.a' 2>/dev/null | awk 'NF == 3 { print \$3 }' | sort -u |
        grep -v '^__' | comm -23 - <({ nm -g --defined-only /usr/lib/x86_64-linux-musl/libc.a 2>/dev/null |
        awk 'NF == 3 { print \$3 }'; printf '%s\n' mallopt malloc_trim mallinfo mallinfo2 malloc_stats malloc_info pvalloc free_sized free_aligned_sized \
        rawmemchr dladdr1 dlvsym; } | sort -u)"
    echo "$output"
    [[ -z $output ]]
}
