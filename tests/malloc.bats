#!/usr/bin/env bats
# The allocator: random operations against a model, races, and other people's programs on it.

load helper

setup() {
    preload=$BUILD/lib/libmalloc-min.so
    need_file "$preload"
    cd "$BATS_TEST_TMPDIR" || return 1
}

# tortured PROGRAM THREADS: two million operations in each thread, checked against a model, print nothing.
tortured() {
    seeded 1
    run timeout 300 "$@" 2 "$seed"
    echo "$output"
    ((status == 0))
    [[ -z $output ]]
}

@test "random operations in 1, 4 and 8 threads: contents, sizes, alignment, forks; linked statically" {
    tortured "$BUILD/tests/malloc/torture.ucc" 1
    tortured "$BUILD/tests/malloc/torture.ucc" 4
    tortured "$BUILD/tests/malloc/torture.ucc" 8
}

@test "random operations in 1 and 8 threads, preloaded into a program of glibc's" {
    LD_PRELOAD=$preload tortured "$BUILD/tests/malloc/torture" 1
    LD_PRELOAD=$preload tortured "$BUILD/tests/malloc/torture" 8
}

# in_mode MODE PATTERN: both builds in that mode; the output matches PATTERN.
in_mode() {
    local program
    for program in torture torture.ucc; do
        run -0 --separate-stderr env LD_PRELOAD="$([[ $program == torture ]] && echo "$preload")" \
            "$BUILD/tests/malloc/$program" 4 1 "$RANDOM" "$1"
        echo "$program: $output $stderr"
        [[ $output =~ $2 && -z $stderr ]]
    done
}

@test "random operations while a signal arrives every 30 us" {
    in_mode signals '^[1-9][0-9]{2,} signals$'
}

@test "RLIMIT_AS leaves 40 MiB: requests fail, nothing else does, and they succeed when all is freed" {
    in_mode as '^[1-9][0-9]* refused$'
}

@test "the same with RLIMIT_DATA" {
    in_mode data '^[1-9][0-9]* refused$'
}

@test "threads are cancelled, and what they had is freed" {
    # libc-min has no pthread_cancel() yet
    run -0 env LD_PRELOAD="$preload" "$BUILD/tests/malloc/torture" 4 1 "$RANDOM" cancel
    [[ -z $output ]]
}

@test "nothing is left in the allocator's own account when all is freed" {
    run -0 "$BUILD/tests/malloc/torture.ucc" 4 1 "$RANDOM" info
    echo "$output"
    [[ $output != *'<class '* && $output == *'<kept-chunks count="0" '* && $output == *'<mappings count="0" '* ]]
}

@test "each request has the smallest class with room for it, and every address of a run its block" {
    cat >classes.c <<C
#include "$root/libc-min/malloc/classes.c"
#include <stdio.h>
int main(void)
{
    int bad = 0;
    for (size_t size = 1; size < RUN_LARGEST; size++) {
        unsigned class = run_class(size);
        if (__run_size[class] < size || (class > 0 && __run_size[class - 1] >= size))
            bad++, printf("%zu: class of %u\\n", size, __run_size[class]);
    }
    static char memory[2 * RUN_BYTES];
    for (unsigned class = 0; class < RUN_CLASSES; class++) {
        unsigned size = __run_size[class];
        struct run run = {.blocks = memory, .size = size, .reciprocal = ((uint64_t)1 << 32) / size + 1};
        for (size_t at = 0; at < RUN_BYTES; at++)
            if (run_block(&run, memory + at) != at / size ||
                run_index(&run, memory + at) != (at % size ? RUN_NO_BLOCK : at / size))
                bad++, printf("%u: byte %zu\\n", size, at);
    }
    return bad != 0;
}
C
    gcc -std=gnu11 -O2 -w -DMALLOC_PRELOAD -I"$root" -I"$root/base/arch/x86_64" -I"$root/libc-min/include" \
        -I"$root/libc-min/malloc" -I"$root/libc-min/arch/x86_64" -o classes classes.c
    ./classes
}

@test "the model finds an allocator that hands a block out twice" {
    cat >bad.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
void *malloc(size_t size)
{
    static void *(*next)(size_t); static void *same; static int calls;
    if (!next) next = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    if (size != 100) return next(size);
    return calls++ % 2 ? same : (same = next(size));
}
void free(void *memory) { (void)memory; }
C
    gcc -shared -fPIC -fno-builtin -o bad.so bad.c
    LD_PRELOAD=$PWD/bad.so run timeout 100 "$BUILD/tests/malloc/torture" 1 1 1
    echo "$output" | head -3
    ((status != 0))
    [[ $output == *"another's"* ]]
}

@test "ThreadSanitizer sees no race in the allocator" {
    local fixed=()
    setarch -R true 2>/dev/null && fixed=(setarch -R)
    seeded 1
    TSAN_OPTIONS="halt_on_error=1 exitcode=66" run timeout 300 "${fixed[@]}" "$BUILD/tests/malloc/torture.tsan" 4 1 "$seed"
    echo "$output"
    ((status == 0))
    [[ -z $output ]]
}

# unchanged COMMAND...: the command has the same output and status with the allocator preloaded.
unchanged() {
    local native status_native=0
    native=$("$@" 2>&1) || status_native=$?
    run env LD_PRELOAD="$preload" "$@"
    echo "$output" | head -5
    ((status == status_native))
    [[ $output == "$native" ]]
}

@test "bash, git and gcc run on it" {
    # shellcheck disable=SC2016
    unchanged bash -c 'declare -A seen; for i in {1..20000}; do seen[k$i]=$i; x+=${i:0:2}; done; echo ${#seen[@]} ${#x} | cat'
    git init -q repository
    for i in {1..300}; do echo "$i" >"repository/$i"; done
    (cd repository && unchanged git -c user.name=a -c user.email=a@b add . && unchanged git ls-files -s)
    cp "$root/loader/options.c" .
    unchanged gcc -O2 -w -D_GNU_SOURCE -DUEXEC_VERSION='"1"' -I"$root" -S -o - options.c
}

@test "python3 runs on it, with threads" {
    need_command python3
    unchanged python3 -c '
import json, re, threading
def work(n):
    items = [{str(i): [i] * (i % 50)} for i in range(20000)]
    results.append(len(json.dumps(items)) + len(re.findall("9+", json.dumps(items))))
results = []
threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
print(results)'
}

@test "redis runs on it" {
    need_command redis-server
    LD_PRELOAD=$preload redis-server --port 0 --unixsocket "$PWD/socket" --save '' --daemonize no >log 2>&1 3>&- &
    local server=$! i
    for ((i = 0; i < 500; i++)); do
        [[ ! -S socket ]] || break
        sleep 0.02
    done
    redis-benchmark -s "$PWD/socket" -q -n 20000 -c 8 -t set,get,lpush,lpop,hset,zadd -d 300 -r 5000 >bench
    redis-cli -s "$PWD/socket" eval 'for i = 1, 20000 do redis.call("set", "k" .. i, string.rep("v", i % 700)) end return redis.call("dbsize")' 0 >size
    redis-cli -s "$PWD/socket" --no-auth-warning config set maxmemory 1mb
    redis-cli -s "$PWD/socket" flushall
    redis-cli -s "$PWD/socket" shutdown nosave || true
    wait "$server"
    cat bench size
    (($(<size) >= 20000))
    # it really was the allocator: it keeps no file of its own open, but its mapping was there
    ! grep -i 'heap damaged\|free()' log
}

@test "postgres runs on it" {
    local bin user=postgres i
    bin=$(find /usr/lib/postgresql -name initdb -printf '%h\n' 2>/dev/null | head -1)
    [[ -n $bin ]] || skip "no postgres"
    ((EUID == 0)) || skip "not root: initdb needs another user"
    id "$user" >/dev/null 2>&1 || skip "no user postgres"
    local folder
    folder=$(mktemp -d /tmp/postgres.XXXXXX)
    cp "$preload" "$folder/preload.so"
    chown -R "$user" "$folder"
    chmod 755 "$folder" "$folder/preload.so"
    # as WORDS: as that user, with the allocator
    as() {
        setpriv --reuid="$user" --regid="$user" --clear-groups env LD_PRELOAD="$folder/preload.so" HOME="$folder" "$@"
    }
    as "$bin/initdb" -D "$folder/data" -A trust >log 2>&1
    as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-k $folder -h ''" start 3>&- >>log 2>&1
    as "$bin/psql" -h "$folder" -d postgres -Atc "create table t as select i, md5(i::text) h from generate_series(1, 100000) i;
        create index on t(h); select count(distinct h), sum(length(h)) from t where h > '8' or i < 50000;" >answer
    as "$bin/pg_ctl" -D "$folder/data" -m fast stop >>log 2>&1
    tail -n 5 log answer
    ! grep -i 'heap damaged\|free()' "$folder/log"
    rm -rf "$folder"
    grep -qE '^[0-9]+\|[0-9]+$' answer
}

# ---- mallopt() and the environment

# built BODY: ./program, linked statically, of the headers and BODY.
built() {
    {
        printf '#include <%s>\n' malloc.h stdint.h stdio.h stdlib.h string.h unistd.h
        echo "$1"
    } >program.c
    "$BUILD/ucc" -O1 -fno-builtin -w -D_GNU_SOURCE -pthread -static -o program program.c
}

@test "MALLOC_MMAP_THRESHOLD_, and mallopt() over it, move the line to mappings; a set-user-ID program ignores it" {
    built 'int main(int argc, char **argv) { char *p = malloc(5000), *end = sbrk(0);
        if (argc > 1 && !mallopt(M_MMAP_THRESHOLD, 100000)) return 9;
        char *q = malloc(5000);
        printf("%d %d\n", p < end, q < (char *)sbrk(0)); }'
    [[ $(./program) == '1 1' ]]
    [[ $(MALLOC_MMAP_THRESHOLD_=5000 ./program) == '0 0' ]]
    [[ $(MALLOC_MMAP_THRESHOLD_=5001 ./program) == '1 1' ]]
    [[ $(MALLOC_MMAP_THRESHOLD_=5000 ./program again) == '0 1' ]]
    [[ $(MALLOC_MMAP_THRESHOLD_= ./program) == '1 1' ]]
    ((EUID == 0)) || return 0
    chmod 4755 program
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" 2>/dev/null || true
    cp -p program "/tmp/setuid.$$"
    run setpriv --reuid=65534 --clear-groups env MALLOC_MMAP_THRESHOLD_=5000 "/tmp/setuid.$$"
    rm -f "/tmp/setuid.$$"
    [[ $output == '1 1' ]]
}

@test "mallopt() refuses what it does not know" {
    built 'int main(void) { return mallopt(12345, 1) || mallopt(M_MMAP_THRESHOLD, -1) || mallopt(M_HARDEN, 4096) ||
        !mallopt(M_TRIM_THRESHOLD, -1) || !mallopt(M_TOP_PAD, 0) || !mallopt(M_PERTURB, 7) || !mallopt(M_MMAP_MAX, 0); }'
    ./program
}

@test "M_PERTURB fills freed memory, and new memory with the complement" {
    built 'int main(void) { unsigned char *p = malloc(100), *q = malloc(50000); mallopt(M_PERTURB, 0x5a);
        unsigned char *r = malloc(200); printf("%x %x", r[0], r[199]); free(r); printf(" %x\n", r[100]); }'
    [[ $(./program) == 'a5 a5 5a' ]]
    [[ $(MALLOC_PERTURB_=$((0x5a)) ./program) == 'a5 a5 5a' ]]
}

# dies_with STATUS TEXT [NAME=VALUE]...: ./program in this environment ends so, with at most one line.
dies_with() {
    local status_expected=$1 text=$2
    shift 2
    run env "$@" ./program
    echo "$* $status: $output"
    ((status == status_expected))
    ((${#lines[@]} <= 1))
    # shellcheck disable=SC2053 # a pattern
    [[ $output == $text ]]
}

@test "MALLOC_HARDEN_=guard: an access behind a block or after free() ends the process" {
    built 'int main(void) { volatile char *p = malloc(4000); return p[4000 + 15]; }'
    dies_with 0 ''
    dies_with 139 '' MALLOC_HARDEN_=guard
    built 'int main(void) { volatile char *p = malloc(50); free((void *)p); return p[9] & 0; }'
    dies_with 0 ''
    dies_with 139 '' MALLOC_HARDEN_=guard
    built 'int main(void) { volatile char *p = malloc(50); p[50] = 1; free((void *)p); return 0; }'
    dies_with 134 '*memory was written beyond its end*' MALLOC_HARDEN_=guard
    built 'int main(void) { char *p = malloc(50); free(p); free(p); return 0; }'
    dies_with 134 '*free(): already freed: 0x*' MALLOC_HARDEN_=guard
    built 'int main(void) { char *p = aligned_alloc(4096, 5000); if ((uintptr_t)p % 4096) return 1; free(p);
        p = malloc(10); p = realloc(p, 100000); p[99999] = 1; free(p); return 0; }'
    dies_with 0 '' MALLOC_HARDEN_=guard
}

@test "MALLOC_HARDEN_=poison, zero, quarantine, random" {
    built 'int main(void) { char *p = malloc(200); memset(p, 1, 200); free(p); p[100] = 2; malloc(200); return 0; }'
    dies_with 0 ''
    dies_with 134 '*freed memory was written to*' MALLOC_HARDEN_=poison
    dies_with 134 '*freed memory was written to*' MALLOC_HARDEN_=zero
    built 'int main(void) { char *p = malloc(200); strcpy(p, "secret......"); free(p); return p[10] == 46; }'
    dies_with 1 ''
    dies_with 0 '' MALLOC_HARDEN_=zero
    built 'int main(void) { char *p = malloc(200); free(p); for (int i = 0; i < 1000; i++) { char *q = malloc(200);
        if (q == p) return 1; free(q); } return 0; }'
    dies_with 1 ''
    dies_with 0 '' MALLOC_HARDEN_=quarantine
    built 'int main(void) { char *p[40]; for (int i = 0; i < 40; i++) p[i] = malloc(64);
        for (int i = 1; i < 40; i++) if (p[i] != p[i - 1] + 64) return 1; return 0; }'
    dies_with 0 ''
    dies_with 1 '' MALLOC_HARDEN_=random
    built 'int main(void) { mallopt(M_HARDEN, M_HARDEN_POISON | M_HARDEN_GUARD); volatile char *p = malloc(32); return p[32]; }'
    dies_with 139 ''
}

@test "mallopt(M_HARDEN) while blocks are in use and free: what was freed before is no damage" {
    local modes='M_HARDEN_POISON, 0, M_HARDEN_ZERO, M_HARDEN_POISON | M_HARDEN_QUARANTINE, M_HARDEN_RANDOM, 0'
    built 'int main(void) { char *p = malloc(200); strcpy(p, "secret......"); mallopt(M_HARDEN, M_HARDEN_ZERO); free(p);
        return p[10] != 0; }'
    dies_with 0 ''
    built 'int main(void) { static const int modes[] = {'"$modes"'}; static char *p[2000];
        for (unsigned mode = 0; mode < sizeof modes / sizeof *modes; mode++) {
            for (int round = 0; round < 3; round++)
                for (int i = round; i < 2000; i += 2) {
                    free(p[i]);
                    p[i] = malloc(i * 5 % 3000);
                    memset(p[i], i, i * 5 % 3000);
                }
            mallopt(M_HARDEN, modes[mode]);
        }
        return 0; }'
    dies_with 0 ''
}

@test "a mapping that was freed is gone when the heap is next asked for memory, 250 ms later at the earliest" {
    built '#include <unistd.h>
        static int mapped(void *p) { unsigned char pages[1]; return mincore((void *)((uintptr_t)p & -4096), 4096, pages) == 0; }
        int main(void) { char *p = malloc(1 << 20); memset(p, 1, 1 << 20); free(p); int at_once = mapped(p);
        usleep(400000); free(malloc(20000)); malloc(100000); return at_once * 2 + mapped(p); }'
    dies_with 2 ''
}

# ---- what it tells

@test "mallinfo2() counts what the program has, and malloc_trim() leaves little that is free" {
    built 'int main(void) {
        malloc(1);
        struct mallinfo2 before = mallinfo2();
        char *small[1000], *large = malloc(1 << 20);
        for (int i = 0; i < 1000; i++) small[i] = malloc(1000);
        struct mallinfo2 with = mallinfo2();
        if (with.uordblks - before.uordblks < 1000000 || with.uordblks - before.uordblks > 1100000) return 1;
        if (with.hblks != before.hblks + 1 || with.hblkhd - before.hblkhd < 1 << 20) return 2;
        if (with.uordblks + with.fordblks != with.arena) return 3;
        for (int i = 0; i < 1000; i++) free(small[i]);
        free(large);
        struct mallinfo2 after = mallinfo2();
        if (after.uordblks > before.uordblks + 20000 || after.hblks != before.hblks) return 4;
        malloc_trim(0);
        struct mallinfo2 trimmed = mallinfo2();
        if (trimmed.arena > before.arena + 300000 || trimmed.keepcost > 8192) return 5;
        if (mallinfo().arena != (int)trimmed.arena) return 6;
        return 0; }'
    ./program
}

@test "malloc_info() is XML whose classes add up; malloc_stats() is for people" {
    built 'int main(void) { for (int i = 0; i < 300; i++) malloc(24); malloc(20000); malloc(300000); free(malloc(200000));
        if (malloc_info(1, stdout) == 0) return 1; malloc_stats(); return malloc_info(0, stdout); }'
    ./program >info.xml 2>stats
    cat info.xml stats
    python3 - <<'PY'
import xml.etree.ElementTree as tree
root = tree.parse("info.xml").getroot()
classes = {int(c.get("size")): c for c in root.iter("class")}
assert int(classes[32].get("used")) == 300, classes[32].attrib
for size, c in classes.items():
    blocks = sum(int(c.get(k)) for k in ("used", "free", "fresh"))
    assert 65536 * int(c.get("runs")) * 0.85 < blocks * size <= 65536 * int(c.get("runs")), c.attrib
assert int(root.find("mappings").get("count")) == 1
assert int(root.find("kept-mappings").get("count")) == 1
bins = sum(int(b.get("bytes")) for b in root.iter("bin"))
assert bins == int(root.find("free-chunks").get("bytes"))
PY
    grep -E '^ +32 +1 +300 ' stats
    grep '^could go back: ' stats
}
