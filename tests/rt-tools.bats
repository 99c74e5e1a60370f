#!/usr/bin/env bats
# rt: gdb finds libraries, breakpoints and callers; --trace reports each step; --maps names the libraries'
# mappings; the samples about linking print their lessons.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2317 # bats sets output, and calls the functions
load helper
load rt/helper

setup() {
    rt_setup
    library libf.so -g -O0 <<<'int libf(int x); int libf(int x) { return x + 1; }'
    program prog -g -O0 libf.so -Wl,-z,lazy <<<'int libf(int);
        int main(void) { return libf(1) + libf(2) - 5; }'
}

# debugged FILE.gdb PROGRAM...: prints gdb's output, for the commands on standard input
debugged() {
    need_command gdb
    cat >commands.gdb
    timeout 60 gdb -q -nx -batch -iex 'set debuginfod enabled off' -ex 'set confirm off' \
        -ex 'set breakpoint pending on' -x commands.gdb "$@" 2>&1 </dev/null
}

# traced LIST COMMAND...: only the trace's lines, in ./trace
traced() {
    "$UEXEC" --linker=rt -o trace --trace="$1" "${@:2}"
}

# ---- gdb

@test "gdb lists the libraries, stops in one by a pending breakpoint, and shows who called" {
    run -0 debugged ./prog <<'G'
break libf
run
backtrace
info sharedlibrary
G
    echo "$output"
    [[ $output == *'Breakpoint 1, libf (x=1)'* ]]
    [[ $output == *'#0  libf (x=1)'*'#1 '*' in main ()'* ]]
    [[ $output == *Yes*/ld-uexec.so.1* && $output == *Yes*libf.so* && $output == *Yes*/libc.so* ]]
}

@test "gdb shows main from within the resolver, and from an ifunc's resolver that it calls" {
    library libi.so -g -O0 <<<'static int chosen(void) { return 0; }
        static void *choose(void) { return chosen; } int indirect(void) __attribute__((ifunc("choose")));'
    program iprog -g -O0 libi.so -Wl,-z,lazy <<<'int indirect(void); int main(void) { return indirect(); }'
    run -0 debugged ./iprog <<'G'
break main
run
break lazy_bind
break choose
continue
backtrace
continue
backtrace
continue
G
    echo "$output"
    [[ $output == *'#0  lazy_bind '*'#1 '*'arch_resolve ()'*'#2 '*' main ()'* ]]
    [[ $output == *'#0  choose ()'*'arch_resolver_call'*'arch_resolve ()'*' main ()'* ]]
    [[ $output == *'exited normally'* ]]
}

@test "gdb sees a library that dlopen() brings, and that it goes" {
    program opens -g -O0 <<<'#include <dlfcn.h>
        int main(void) { void *x = dlopen("./libf.so", RTLD_LAZY);
            int answer = ((int (*)(int))dlsym(x, "libf"))(1); dlclose(x); return answer - 2; }'
    run -0 debugged ./opens <<'G'
break libf
run
info sharedlibrary
break _exit
continue
printf "now\n"
info sharedlibrary
G
    echo "$output"
    [[ $output == *'Breakpoint 1, libf (x=1)'*'libf.so'*$'\nnow\n'* ]]
    [[ ${output##*now} != *libf.so* && ${output##*now} == */libc.so* ]]
}

@test "gdb, attached to what ./uexec has started, lists the libraries and shows main" {
    program waits -g -O0 libf.so <<<'#include <stdio.h>
        #include <unistd.h>
        int libf(int); int main(void) { char c; printf("%d\n", libf(1)); fflush(stdout); return read(0, &c, 1) < 0; }'
    mkfifo in out
    "$UEXEC" --linker=rt ./waits <in >out 3>&- &
    local pid=$!
    exec 8>in
    read -r started <out
    [[ $started == 2 ]]
    run debugged -p "$pid" <<'G'
info sharedlibrary
backtrace
G
    echo x >&8
    exec 8>&-
    wait "$pid"
    [[ $output != *'Operation not permitted'* ]] || skip "ptrace is not allowed"
    echo "$output"
    [[ $output == *libf.so* && $output == *Yes*/libc.so* && $output == *' in main ()'* ]]
}

# ---- --trace

@test "--trace=bind: a line for each binding, with all that it is about" {
    echo 'V1 { global: ver; local: *; };' >map
    library libv.so -Wl,--version-script=map <<<'int ver(void) { return 0; }'
    program own libf.so libv.so -O0 -Wl,-z,lazy "-I$root/tests/rt/binding" <<'C'
#include "binding.h"
int libf(int);
int ver(void);
int main(void)
{
    uintptr_t *slot = slot_of("libf"), before = *slot, *other = slot_of("ver"), held = *other;
    libf(1), libf(2), ver(), ver();
    dprintf(1, "./own: slot 0x%lx: libf: 0x%lx (its PLT entry) -> 0x%lx in ./libf.so, lazy\n", slot, before, *slot);
    dprintf(1, "./own: slot 0x%lx: ver@V1: 0x%lx (its PLT entry) -> 0x%lx in ./libv.so, lazy\n", other, held, *other);
    return 0;
}
C
    traced bind ./own >said
    # `uexec: SECONDS bind: `, then what the program has observed itself, then how
    sed -nE 's/^uexec: [0-9]+\.[0-9]{6} bind: (.*, lazy): by the resolver.*/\1/p' trace | grep -E ' (libf|ver@V1): ' >told
    diff said told
    # bound at start: the same slots, named by their relocations
    traced bind --bind=now ./own >said || traced bind -b now ./own >said
    [[ $(grep -cE '\./own: slot 0x[0-9a-f]+: (libf|ver@V1): .* JUMP_SLOT$' trace) == 2 ]]
    run ! grep lazy trace
}

@test "--trace=bind: as many lines as readelf counts relocations with symbols" {
    UEXEC_TRACE=bind "$LINKER" --bind=now ./prog 2>trace
    for file in prog libf.so; do
        [[ $(grep -c " bind: ./$file: slot" trace) == \
            $(readelf -rW $file | grep -cE 'R_X86_64_(GLOB_DAT|JUMP_SLO|64|COPY)') ]]
    done
}

@test "--trace=search: each name, where it was looked for, and what was found" {
    mkdir first second
    mv libf.so second/
    traced search --library-path="first:second" ./prog
    grep -qE ' search: libf.so, needed by ./prog$' trace
    grep -q ' first/libf.so: ' trace
    grep -qE ' second/libf.so: found' trace
    (($(sed -nE '/ first\/libf.so: /=' trace) < $(sed -nE '/ second\/libf.so: found/=' trace)))
    run ! grep -vE '^uexec: [0-9.]+ search: ' trace
}

@test "--trace=reloc: the numbers are readelf's, the bias is that of the mapping" {
    traced reloc ./prog
    for file in prog libf.so; do
        relative=$(readelf -rW $file | grep -c R_X86_64_RELATIVE)
        grep -qE " reloc: ./$file: bias 0x[0-9a-f]+, $relative RELATIVE, " trace
    done
    # the last loaded first, the program last
    [[ $(grep -oE 'reloc: [^:]*' trace | tail -1) == 'reloc: ./prog' ]]
}

@test "--trace=tls and init: modules with sizes, constructors and destructors in the order that they run" {
    library libt.so <<<'#include <stdio.h>
        __thread char t[300] = "x";
        static void __attribute__((constructor)) in(void) { puts("in"); }
        static void __attribute__((destructor)) out(void) { puts("out"); } char *f(void) { return t; }'
    program tprog libt.so <<<'char *f(void); int main(void) { return f() == 0; }'
    traced tls ./tprog
    grep -qE ' tls: ./libt.so: module 1, 300 bytes' trace
    traced init ./tprog
    [[ $(grep -oE '[a-z]*: (con|de)structors' trace | uniq) == $'so: constructors\ntprog: constructors\ntprog: destructors\nso: destructors' ]] ||
        [[ $(grep -oE './(libt.so|tprog): (con|de)structors' trace) == $'./libt.so: constructors\n./tprog: constructors\n./tprog: destructors\n./libt.so: destructors' ]]
}

@test "--trace=all --json: each line is JSON, with the fields of its step, time never goes back" {
    need_command python3
    traced all --json ./prog
    run -0 python3 - <<'P'
import json
lines = [json.loads(line) for line in open("trace")]
steps = {line["step"] for line in lines}
assert {"load", "search", "reloc", "bind", "tls", "init"} <= steps, steps
bind = [line for line in lines if line["step"] == "bind"]
lazy = [line for line in bind if line["how"] == "lazy"]
assert [line["symbol"] for line in lazy if line["object"] == "./prog"] == ["libf"], lazy
for line in bind:
    assert {"object", "slot", "symbol", "version", "before", "after", "definer", "how"} <= set(line)
    int(line["slot"], 16), int(line["before"], 16), int(line["after"], 16)
assert lazy[0]["definer"] == "./libf.so" and lazy[0]["after"] != lazy[0]["before"]
own = [float(line["time"]) for line in lines if line["step"] != "load"]
assert own == sorted(own)
print(len(lines))
P
    ((output > 10))
    UEXEC_TRACE=bind,json run -0 ./prog
    python3 -c 'import json, sys; [json.loads(line) for line in sys.argv[1].splitlines()]' "$output"
}

@test "--trace -o FILE: nothing on standard error; without --trace nothing at all" {
    traced all ./prog 2>errors
    [[ ! -s errors && -s trace ]]
    for command in ./prog "$UEXEC --linker=rt ./prog" "$LINKER ./prog"; do
        # shellcheck disable=SC2086 # several words
        run -0 $command
        [[ -z $output ]]
    done
    UEXEC_TRACE=nonsense run -0 ./prog # a word of advice, and it runs
    [[ ${#lines[@]} == 1 && $output == *UEXEC_TRACE* ]]
}

@test "the trace goes on where the program closes and reuses its descriptors, and follows it into main" {
    program closes libf.so -Wl,-z,lazy <<<'#include <unistd.h>
        int libf(int); int main(void) { for (int i = 3; i < 20; i++) close(i); return libf(1) - 2; }'
    traced bind ./closes
    grep -q ' bind: .*GLOB_DAT' trace # what came before is there, whatever became of the rest
    UEXEC_TRACE=bind run -0 ./closes
    [[ $output == *': libf: '*lazy* ]]
}

# ---- --maps

@test "--maps names the libraries' mappings: each is one of /proc/self/maps, with its program header" {
    program own libf.so <<<'#include <stdio.h>
        int libf(int); int main(void) { char line[512]; FILE *f = fopen("/proc/self/maps", "r");
            libf(1); while (fgets(line, sizeof line, f)) fputs(line, stdout); return 0; }'
    "$UEXEC" --linker=rt --maps -o layout ./own >maps
    for library in libf.so libc.so ld-uexec.so.1; do
        (($(grep -c "/$library\$" maps) > 1))
        while read -r range perm _; do
            grep -E "^ *$range " layout | grep -F " $perm " | grep -qE "(${library/./\\.}|interpreter) LOAD\[[0-9]\]"
        done < <(grep "/$library\$" maps)
    done
}

@test "--maps: a file that has the name of a mapped one, and is another, is not taken for it" {
    # an ifunc's resolver, which runs before the report, deletes its library; the kernel then calls the
    # mapping "libgone.so (deleted)", and there is a file of that name
    library libgone.so <<<'#include <sys/syscall.h>
        static int seven(void) { return 7; }
        static void *choose(void)
        {
            long answer;
            __asm__ volatile("syscall" : "=a"(answer) : "a"(SYS_unlink), "D"("libgone.so") : "rcx", "r11", "memory");
            return seven;
        }
        __attribute__((ifunc("choose"))) int chosen(void);'
    library 'libgone.so (deleted)' <<<'__attribute__((section(".decoy"))) int decoy(void) { return 1; }'
    program own ./libgone.so <<<'extern int chosen(void); int main(void) { return chosen() == 7 ? 0 : 1; }'
    run -0 "$UEXEC" --linker=rt --bind=now --maps -o layout ./own
    [ ! -e libgone.so ]
    grep -qF 'libgone.so (deleted)' layout
    run -1 grep -E 'decoy|libgone.so \(deleted\) LOAD' layout
    # the file that is mapped is still used
    grep -q 'libc.so LOAD' layout
}

# ---- the samples

@test "sample lazy-binding: bound by the first call, one line of trace; before main if bound now" {
    sample=$BUILD/samples/lazy-binding
    need_file "$sample"
    "$UEXEC" --trace=bind -o trace "$sample" >said
    grep -q '^bound by the first call: before it the slot led back into the PLT' said
    slot=$(sed -nE 's/^getppid: slot at (0x[0-9a-f]+),.*/\1/p' said)
    before=$(sed -nE 's/^before the first call +(0x[0-9a-f]+) .*/\1/p' said)
    after=$(sed -nE 's/^after the first call +(0x[0-9a-f]+) .*libc.so$/\1/p' said)
    [[ $(grep -cE " $sample: slot $slot: getppid: $before .* -> $after in .*/libc.so, lazy" trace) == 1 ]]
    [[ $(grep -c ': getppid: ' trace) == 1 ]]
    run -0 "$UEXEC" --bind=now "$sample"
    [[ $output == *'bound before main'* ]]
}

@test "samples libraries and plugin: on rt as on glibc" {
    for sample in libraries plugin; do
        need_file "$BUILD/samples/$sample.ucc"
        # addresses and their names, and the texts of errors, differ
        plain() {
            sed -E 's/0x[0-9a-f]+/0x/g; s/\.(ucc|glibc)//g; s/dlerror: .*/dlerror/; s/ +$//'
        }
        "$BUILD/samples/$sample.glibc" | plain >expected
        (($(wc -l <expected) > 10))
        diff expected <("$BUILD/samples/$sample.ucc" | plain)
        diff expected <("$UEXEC" --rules=glibc "$BUILD/samples/$sample" | plain)
        diff expected <("$UEXEC" --rules=glibc --bind=now "$BUILD/samples/$sample" | plain)
    done
}

@test "--trace=dl: dlopen(), dlsym() and dlclose(), with who called and what came of it" {
    need_command python3
    library libx.so <<<'int x(void) { return 1; }'
    { echo '#include "rt/open.h"' && cat -; } <<'C' | program main -I"$BATS_TEST_DIRNAME" -w
int main(void)
{
    void *x = opened("./libx.so", RTLD_NOW | RTLD_GLOBAL);
    dlopen("none.so", RTLD_LAZY);
    dlsym(x, "x"), dlsym(RTLD_DEFAULT, "main"), dlsym(x, "none");
    dlclose(x);
    dlopen(NULL, RTLD_LAZY);
    return 0;
}
C
    run -0 "$UEXEC" --trace=dl ./main
    [[ ${#lines[@]} == 9 ]]
    [[ ${lines[0]} == *' dl: dlopen(./libx.so, RTLD_NOW|RTLD_GLOBAL) by ./main' ]]
    [[ ${lines[1]} == *' dl: dlopen(./libx.so): ./libx.so' ]]
    [[ ${lines[2]} == *' dl: dlopen(none.so, RTLD_LAZY) by ./main' ]]
    [[ ${lines[3]} == *' dl: dlopen(none.so): none.so: not found (opened by ./main; '* ]]
    [[ ${lines[4]} == *' dl: dlsym(./libx.so, x) by ./main: 0x'*' in ./libx.so' ]]
    [[ ${lines[5]} == *' dl: dlsym(RTLD_DEFAULT, main) by ./main: '* ]]
    [[ ${lines[6]} == *' dl: dlsym(./libx.so, none) by ./main: symbol none is not defined in ./libx.so' ]]
    [[ ${lines[7]} == *' dl: dlclose(./libx.so): opened 0 more times' ]]
    [[ ${lines[8]} == *' dl: dlopen(NULL, RTLD_LAZY) by ./main' ]]
    "$UEXEC" --rules=musl --trace=dl --json -o json ./main
    python3 - <<'P'
import json
calls = [json.loads(line) for line in open("json")]
assert [call["call"] for call in calls] == ["dlopen"] * 4 + ["dlsym"] * 3 + ["dlclose", "dlopen"]
assert calls[0]["argument2"] == "RTLD_NOW|RTLD_GLOBAL" and calls[0]["caller"] == "./main"
assert calls[4]["object"] == "./libx.so" and int(calls[4]["address"], 16) > 0
assert calls[7]["stays"] == "rules" and calls[3]["error"].startswith("none.so: not found")
P
}

@test "--trace=json: a line is whole, however long the symbol and whatever bytes the path has" {
    local long folder=$'\xff'
    long=$(printf 's%.0s' {1..3500})
    mkdir "$folder"
    open_library x <<<"int $long(void) { return 0; }"
    open_program "$folder/main" ./libx.so <<<"int $long(void); int main(void) { return $long(); }"
    UEXEC_TRACE=bind,json "./$folder/main" 2>trace
    python3 - "$long" <<'P'
import json, sys
lines = [json.loads(line) for line in open("trace", "rb").read().decode("utf-8").splitlines()]
mine = [line for line in lines if line["symbol"] == sys.argv[1]]
assert len(mine) == 1 and "\ufffd" in mine[0]["object"], [line["object"] for line in lines]
P
}

@test "--trace=bind: a thread with the smallest stack binds, too" {
    open_library x <<<'int x(void) { return 3; }'
    open_program main ./libx.so <<<'int x(void); static void *thread(void *none) { return (void *)(long)x(); }
        int main(void) { pthread_attr_t small; pthread_t id; void *result;
            pthread_attr_init(&small); pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN);
            pthread_create(&id, &small, thread, NULL); pthread_join(id, &result);
            return printf("%ld\n", (long)result) < 0; }'
    UEXEC_TRACE=bind run -0 --separate-stderr ./main
    [[ $output == 3 && $stderr == *': x: '* ]]
}

@test "--list of a library is what it needs" {
    open_library b <<<'int b;'
    open_library a ./libb.so <<<'int a;'
    run -0 "$LINKER" --list ./liba.so
    local needed=0 name
    for name in $(readelf -dW liba.so | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
        [[ $output == *"$name => "* ]]
        needed=$((needed + 1))
    done
    [[ $needed == 2 && $output != *statically* ]]
}
