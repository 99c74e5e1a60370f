#!/usr/bin/env bats
# rt: each type of relocation, by the value that it stores (psABI, table 4.9), and those that are refused.
# readelf shows that the type is present; arithmetic or glibc gives the result.

# shellcheck disable=SC2016,SC2154,SC2086 # bats sets output; lists of words are meant
load helper
load rt/helper

setup_file() {
    build_edit
}

setup() {
    rt_setup
}

# Fails unless an object has a relocation of each type.
has() {
    local file=$1 type
    shift
    for type; do
        readelf -rW "$file" | grep -q "R_X86_64_$type " || { echo "$file has no $type"; return 1; }
    done
}

# Compares the words of lib.so with arithmetic that the program is given.
words() {
    {
        echo '.section .note.GNU-stack; .data; .balign 8; .globl words, aim; .type aim, @object
        aim: .skip 40; .size aim, 40; .type words, @object; .skip 4000; words:'
        cat
        echo '.size words, . - words'
    } | "${CC:-$UCC}" -shared -o lib.so -x assembler - -Wl,--defsym=small=0x1234 -Wl,--defsym=huge=0x123456789a
    program prog -fPIC ./lib.so <<<'#include <stdio.h>
        extern char words[], aim[];
        int main(void)
        {
            for (int i = 0; i < 4; i++) {
                unsigned long word = ((unsigned long *)words)[i];
                unsigned long here = (unsigned long)words + 8 * i;
                /* as what it is: an address of aim, a distance to it or from there to 0x1234, a number */
                if (word - (unsigned long)aim < 100)
                    printf("aim+%ld ", word - (unsigned long)aim);
                else if (here + word - 0x1234 < 100)
                    printf("distance+%ld ", here + word - 0x1234);
                else if (here + (int)word - (unsigned long)aim < 100)
                    printf("distance32+%ld:%lx ", here + (int)word - (unsigned long)aim, word >> 32);
                else
                    printf("%#lx ", word);
            }
            puts("");
            return 0;
        }'
}

@test "R_X86_64_64, PC64, SIZE64, SIZE32: address, distance, sizes, with their addends" {
    words <<<'.quad aim+5; .quad small+3; .quad aim@SIZE+2; .long aim@SIZE+1, 0x55'
    edit lib.so rela.small.type=24 # not one that glibc has
    has lib.so 64 PC64 SIZE64 SIZE32
    run -0 ./prog
    [[ $output == 'aim+5 distance+3 0x2a 0x5500000029 ' ]]
}

@test "R_X86_64_PC32 and 32: half a word is written, and the half beside it stays" {
    half() {
        words <<<'.quad aim+5, small+1; .long 0x55, 0x66, 0x77, 0x88'
        at=$(edit lib.so rela.aim.offset)
        edit lib.so rela.aim.type=2 rela.small.type=10 "word.$at=0x9900000000"
        has lib.so PC32 32
        ./prog
    }
    same_as_glibc half
    [[ $output == 'distance32+5:99 0x1235 0x6600000055 0x8800000077 ' ]]
}

@test "R_X86_64_PC32 and 32 that do not fit are refused with the symbol and the place" {
    for type in 2:PC32 10:32; do
        words <<<'.quad huge, 0, 0, 0'
        edit lib.so rela.huge.type=${type%:*}
        run -127 --separate-stderr ./prog
        echo "$stderr"
        [[ ${#stderr_lines[@]} -eq 1 && -z $output ]]
        [[ $stderr == *"./lib.so: R_X86_64_${type#*:} at $(edit lib.so rela.huge.offset): huge is too far away"* ]]
    done
}

@test "R_X86_64_RELATIVE: counted by DT_RELACOUNT, and not" {
    for option in combreloc nocombreloc; do
        {
            echo 'int d[300]; int *p[300] = {'
            for i in {299..0}; do echo "d + $i,"; done
            echo '}; int *(*q)[300] = &p;
            int good(void) { int n = 0; for (int i = 0; i < 300; i++) n += (*q)[i] == d + 299 - i; return n; }'
        } | library lib.so -fvisibility=hidden -Dgood='__attribute__((visibility("default"))) good' -Wl,-z,$option
        [[ $(readelf -rW lib.so | grep -c R_X86_64_RELATIVE) -ge 300 ]]
        case $option,$(readelf -dW lib.so | grep -c RELACOUNT) in
        combreloc,1 | nocombreloc,0) ;;
        *) false ;;
        esac
        program prog ./lib.so <<<'#include <stdio.h>
            extern int good(void); int main(void) { printf("%d\n", good()); return 0; }'
        run -0 ./prog
        [[ $output == 300 ]]
    done
}

@test "DT_RELR: words next to each other, far apart, and more than a bitmap's 63" {
    {
        echo 'char d[4]; char *filled[500] = {'
        for ((i = 0; i < 500; i++)); do
            # a run, then every third, then one far away
            if [ "$i" -lt 200 ] || { [ "$i" -lt 400 ] && [ $((i % 3)) -eq 0 ]; } || [ "$i" -eq 499 ]; then
                echo "[$i] = d + $((i % 4)),"
            fi
        done
        echo '}; int good(void)
        {
            int n = 0;
            for (int i = 0; i < 500; i++)
                n += filled[i] == (i < 200 || (i < 400 && i % 3 == 0) || i == 499 ? d + i % 4 : 0);
            return n;
        }'
    } | library lib.so -Wl,-z,pack-relative-relocs -Wl,-Bsymbolic
    [[ $(readelf -dW lib.so) == *'(RELR)'* ]]
    [[ $(readelf -rW lib.so | grep -c R_X86_64_RELATIVE) -eq 0 ]]
    program prog ./lib.so -Wl,-z,pack-relative-relocs <<<'#include <stdio.h>
        extern int good(void); int main(void) { printf("%d\n", good()); return 0; }'
    run -0 ./prog
    [[ $output == 500 ]]
}

# A library's datum is copied into the program: the copy is relocated, and all use it.
copies() {
    library lib.so <<<'int aim, *datum[4] = {&aim, &aim + 1, 0, &aim};
        int *(*get(void))[4] { return &datum; } int *where(void) { return &aim; }'
    program prog -no-pie -fno-pic ./lib.so <<<'#include <stdio.h>
        extern int *datum[4], *(*get(void))[4], *where(void);
        int main(void)
        {
            int *aim = where();
            printf("%d %d", get() == &datum, datum[0] == aim && datum[1] == aim + 1 && !datum[2] && datum[3] == aim);
            datum[2] = aim;
            printf(" %d\n", (*get())[2] == aim);
            return 0;
        }'
    has prog COPY
    ./prog
    LD_BIND_NOW=1 ./prog
}

@test "R_X86_64_COPY: after the library's relocation, and then everyone's datum is the copy" {
    same_as_glibc copies
    [[ $output == $'1 1 1\n1 1 1' ]]
}

@test "R_X86_64_COPY: of a datum that has become longer or shorter no more than fits is copied" {
    for values in '11, 12' '11, 12, 13, 14, 15, 16'; do
        library lib.so <<<'int datum[4] = {1, 2, 3, 4};'
        # the copies are before main.o's bss, so that what follows datum is 0
        program prog -no-pie -fno-pic ./lib.so <<<'#include <stdio.h>
            extern int datum[6];
            int main(void)
            {
                for (int i = 0; i < 6; i++)
                    printf("%d ", *(volatile int *)&datum[i]);
                return 0;
            }'
        has prog COPY
        echo "int datum[] = {$values};" | library lib.so
        run -0 ./prog
        case $values,$output in
        '11, 12,11 12 0 0 0 0 ' | *'16,11 12 13 14 0 0 ') ;;
        *) echo "$values: $output" && false ;;
        esac
    done
    echo 'int other;' | library lib.so
    run -127 --separate-stderr ./prog
    [[ ${#stderr_lines[@]} -eq 1 && $stderr == *datum* ]]
}

# Ifuncs: in the program, in the library, by call and by pointer; the choice is made
# with data that must have been relocated.
indirect() {
    library lib.so "$@" <<<'static int one(void) { return 1; }
        static int (*choice)(void) = one;
        int (**through)(void) = &choice;
        static void *choose(void) { return *through; }
        int shared(void) __attribute__((ifunc("choose")));
        static int own(void) __attribute__((ifunc("choose")));
        int ask(void) { return shared() + own(); }
        int (*pointer)(void) = shared; int (*own_pointer)(void) = own;'
    program prog ./lib.so -fPIE "$@" <<<'#include <stdio.h>
        extern int shared(void), ask(void), (*pointer)(void), (*own_pointer)(void);
        static int two(void) { return 2; }
        static int (*choice)(void) = two;
        static void *choose(void) { return choice; }
        static int local(void) __attribute__((ifunc("choose")));
        int (*local_pointer)(void) = local;
        int main(void)
        {
            int (*address)(void) = shared;
            printf("%d %d %d %d ", shared(), ask(), pointer(), own_pointer());
            printf("%d %d %d %d\n", address(), address == pointer, local(), local_pointer());
            return 0;
        }'
    has prog IRELATIVE
    has lib.so IRELATIVE
    ./prog
    LD_BIND_NOW=1 ./prog
}

@test "IRELATIVE and STT_GNU_IFUNC: called and pointed to, lazily and bound now" {
    same_as_glibc indirect -Wl,-z,lazy
    [[ $output == $'1 2 1 1 1 1 2 2\n1 2 1 1 1 1 2 2' ]]
    same_as_glibc indirect -Wl,-z,now
    [[ $output == $'1 2 1 1 1 1 2 2\n1 2 1 1 1 1 2 2' ]]
}

@test "IRELATIVE and STT_GNU_IFUNC: after all others: the choice may call another object by the PLT" {
    library libother.so <<<'int number(void) { return 1; }'
    library lib.so ./libother.so -Wl,-z,now <<<'extern int number(void);
        static int one(void) { return 1; }
        static int two(void) { return 2; }
        static void *choose(void) { return number() == 1 ? one : two; }
        static int own(void) __attribute__((ifunc("choose")));
        int shared(void) __attribute__((ifunc("choose")));
        int (*pointer)(void) = own; int (*shared_pointer)(void) = shared;
        int ask(void) { return 100 * pointer() + 10 * shared_pointer() + shared(); }'
    has lib.so IRELATIVE JUMP_SLOT
    program prog ./lib.so -rdynamic <<<'#include <stdio.h>
        extern int ask(void); int main(void) { printf("%d\n", ask()); return 0; }'
    run -0 ./prog
    [[ $output == 111 ]]
}

@test "IRELATIVE in a program that is not position independent" {
    fixed() {
        program prog -no-pie -fno-pic "$@" <<<'#include <stdio.h>
            static int two(void) { return 2; }
            static void *choose(void) { return two; }
            int local(void) __attribute__((ifunc("choose")));
            int (*pointer)(void) = local;
            int main(void) { printf("%d %d %d\n", local(), pointer(), pointer == local); return 0; }'
        ./prog
    }
    same_as_glibc fixed
    [[ $output == '2 2 1' ]]
}

# Thread-local data of two libraries and the program, in every model.
models() {
    for model in global-dynamic local-dynamic initial-exec; do
        for dialect in gnu gnu2; do
            library libb.so -ftls-model=$model -mtls-dialect=$dialect <<<'__thread int b = 7; static __thread int own[3] = {1, 2, 3};
                __attribute__((weak)) extern __thread int nowhere; int *nobody(void) { return &nowhere; }
                int *get_b(void) { return &b; } int *get_own(void) { return own + 1; }'
            library liba.so ./libb.so -ftls-model=${model/local-dynamic/global-dynamic} -mtls-dialect=$dialect <<<'extern __thread int b; __thread char a[100] = {5};
                int sum(void) { return b + a[0]; }'
            program prog -fPIE ./liba.so ./libb.so <<<'#include <stdio.h>
                extern __thread int b; extern __thread char a[100]; static __thread int mine = 9;
                extern int *get_b(void), *get_own(void), sum(void);
                int main(void)
                {
                    b++, a[0]++;
                    printf("%d %d %d %d %d\n", get_b() == &b, *get_own(), sum(), mine, a[1]);
                    return 0;
                }'
            ./prog
            readelf -rW libb.so liba.so prog | grep -oE 'R_X86_64_(DTP|TP|TLS)[A-Z0-9]*' | sort -u | tr '\n' ' '
            echo
        done
    done
}

@test "DTPMOD64, DTPOFF64, TPOFF64, TLSDESC: every model finds the same variables" {
    same_as_glibc models
    [[ $(grep -c '^1 2 14 9 0$' <<<"$output") -eq 6 ]]
    for type in DTPMOD64 DTPOFF64 TPOFF64 TLSDESC; do
        [[ $output == *R_X86_64_$type* ]]
    done
}

@test "TLSDESC of a library that is opened at run time, and of an undefined weak variable" {
    late() {
        library late.so -mtls-dialect=gnu2 <<<'__thread int a = 3, b = 4;
            __attribute__((weak)) extern __thread int nowhere;
            int sum(void) { return a++ * 10 + b; } int none(void) { return &nowhere == 0; }'
        has late.so TLSDESC
        program prog <<<'#include <dlfcn.h>
            #include <pthread.h>
            #include <stdio.h>
            static void *handle;
            static void *run(void *unused)
            {
                int (*sum)(void) = (int (*)(void))dlsym(handle, "sum");
                int (*none)(void) = (int (*)(void))dlsym(handle, "none");
                printf("%d ", sum()), printf("%d %d\n", sum(), none());
                return unused;
            }
            int main(void)
            {
                pthread_t thread;
                handle = dlopen("./late.so", RTLD_NOW);
                pthread_create(&thread, NULL, run, NULL);
                pthread_join(thread, NULL);
                run(NULL);
                return 0;
            }' -pthread
        ./prog
    }
    same_as_glibc late
    [[ $output == $'34 44 1\n34 44 1' ]]
}

# Tries to write to what relocation has filled in, each in a child.
protected() {
    library lib.so -Wl,-z,relro "$@" <<<'int free_to_write; void (*const fixed[2])(void) = {(void (*)(void))&free_to_write};
        void *table(void) { return (void *)fixed; } void *datum(void) { return &free_to_write; }'
    program prog ./lib.so -Wl,-z,relro "$@" <<<'#include <link.h>
        #include <stdio.h>
        #include <sys/wait.h>
        #include <unistd.h>
        extern void *table(void), *datum(void);
        extern ElfW(Dyn) _DYNAMIC[];
        static void *const mine[2] = {(void *)&mine};
        static int plain = 1;
        static void attempt(const char *what, void *place)
        {
            int status;
            if (fork() == 0) {
                *(volatile long *)place = *(volatile long *)place;
                _exit(0);
            }
            wait(&status);
            printf("%s %s, ", what, WIFSIGNALED(status) ? "faults" : "is written");
        }
        int main(void)
        {
            datum();
            setvbuf(stdout, NULL, _IONBF, 0);
            attempt("table", table());
            attempt("datum", datum());
            attempt("own", (void *)mine);
            attempt("plain", &plain);
            attempt("dynamic", _DYNAMIC);
            puts("");
            return 0;
        }'
    ./prog
}

@test "RELRO: what relocation has filled in cannot be written any more, the rest can" {
    same_as_glibc protected
    [[ $output == *'table faults, datum is written, own faults, plain is written, dynamic faults,'* ]]
}

@test "full RELRO: the PLT's slots too, if bound now; not if lazily" {
    for when in now lazy; do
        program prog -Wl,-z,relro,-z,$when <<<'#include <stdio.h>
            #include <stdlib.h>
            extern char __ehdr_start;
            int main(int argc, char **argv)
            {
                char line[300], flags[8];
                unsigned long from, to, slot = (unsigned long)&__ehdr_start + strtoul(argv[argc - 1], 0, 16);
                FILE *file = fopen("/proc/self/maps", "r");
                while (fgets(line, sizeof line, file))
                    if (sscanf(line, "%lx-%lx %4s", &from, &to, flags) == 3 && from <= slot && slot < to)
                        puts(flags);
                return 0;
            }'
        slot=$(readelf -rW prog | awk '/R_X86_64_(JUMP_SLO|GLOB_DAT)/ && /fopen/ { print $1 }')
        [ -n "$slot" ]
        run -0 ./prog "$slot"
        echo "$when $slot $output"
        case $when,$output in
        now,r--p | lazy,rw-p) ;;
        *) false ;;
        esac
    done
}

@test "text relocations are refused, with the library's name, and nothing of it runs" {
    echo '.section .note.GNU-stack; .text; .globl who; .type who, @function; who: ret; .quad who' |
        "$UCC" -shared -nostdlib -o lib.so -Wl,-z,notext,-soname,lib.so -x assembler - 2>/dev/null
    [[ $(readelf -dW lib.so) == *TEXTREL* ]]
    program prog ./lib.so -Wl,-rpath,. <<<'extern int who(void); int main(void) { return who(); }'
    run -127 --separate-stderr ./prog
    [[ ${#stderr_lines[@]} -eq 1 && $stderr == *'./lib.so: it has text relocations (DT_TEXTREL)'*'--textrel=allow'* ]]
    # without the tag, the relocation shows it
    edit lib.so dyn.TEXTREL.0.tag=0x6000000f
    ! readelf -dW lib.so | grep -q '(FLAGS)' || edit lib.so dyn.FLAGS.0.value=0
    run -127 --separate-stderr ./prog
    [[ ${#stderr_lines[@]} -eq 1 && $stderr == *'./lib.so: R_X86_64_64 at '*'there is no DT_TEXTREL'* ]]
}

@test "every other type is refused by its name or number, whether static linkers use it or nobody" {
    words <<<'.quad aim, 0, 0, 0'
    handled=' 0 1 2 5 6 7 8 10 16 17 18 24 32 33 36 37 '
    for type in {0..44} 255 4000; do
        [[ $handled != *" $type "* ]] || continue
        edit lib.so rela.aim.type=$type
        run -127 --separate-stderr ./prog
        name=$(readelf -rW lib.so 2>/dev/null | awk '/ aim/ && $3 ~ /^R_X86_64/ { print $3 }')
        echo "$type $name: $stderr"
        [[ ${#stderr_lines[@]} -eq 1 && $stderr == *"./lib.so: relocation "* ]]
        [[ $stderr == *"${name:-type $type }"* || $stderr == *"type $type "* ]]
    done
}

@test "types that bind are refused among the slots, where glibc refuses them too" {
    library lib.so <<<'int f(void) { return 42; }'
    library user.so ./lib.so -Wl,-z,lazy,-rpath,. <<<'extern int f(void); int g(void) { return f(); }'
    program prog ./user.so -Wl,-rpath,. <<<'extern int g(void); int main(void) { return g(); }'
    run -42 ./prog
    local type
    for type in 1 6; do # R_X86_64_64, R_X86_64_GLOB_DAT
        edit user.so jump.f.type=$type
        run -127 --separate-stderr ./prog
        echo "$stderr"
        [[ ${#stderr_lines[@]} -eq 1 && $stderr == *"./user.so: relocation type $type at "* ]]
    done
}

@test "R_X86_64_NONE does nothing" {
    words <<<'.quad aim, 0x77, 0, 0'
    edit lib.so rela.aim.type=0
    run -0 ./prog
    [[ $output == '0 0x77 0 0 ' ]]
}

@test "two writable segments with a gap: each is written, the gap between is refused" {
    library lib.so -fvisibility=hidden <<<'static int d; int *p[40] = {[0] = &d, [39] = &d};
        __attribute__((visibility("default"))) int good(void) { return p[0] == &d && p[39] == &d; }'
    program prog ./lib.so <<<'extern int good(void); int main(void) { return good() ? 5 : 6; }'
    # the first segment becomes writable too: the code and the constants lie between
    edit lib.so phdr.LOAD.0.flags=6
    run -5 ./prog
    edit lib.so rela.0.offset=$((0x1000))
    run -127 --separate-stderr ./prog
    [[ ${#stderr_lines[@]} -eq 1 && $stderr == *'./lib.so: R_X86_64_RELATIVE at 0x1000'*'may not be written'* ]]
}

# ---- ifuncs, when all else is relocated

# The program's resolver reads the program's GOT and calls its libraries; a library refers to the function.
late_indirect() {
    library libchoose.so <<<'int choose(void) { return 1; }'
    library libb.so <<<'int pick(void); int (*table[2])(void) = {pick, pick}; int b(void) { return pick() + 10 * table[1](); }'
    program prog -rdynamic -fPIE -pie -Wl,"-z,$1",--no-as-needed libb.so libchoose.so <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int choose(void), b(void);
extern int (*table[2])(void);
static int one(void) { return 1; }
static int two(void) { return 2; }
static int (*choices[2])(void) = {two, one};
static int (*resolve(void))(void) { return choices[choose() == 1 && getenv("PATH") != NULL && strlen("four") == 4]; }
int pick(void) __attribute__((ifunc("resolve")));
int main(void) { return printf("%d %d %d\n", pick(), b(), table[0]()) < 0; }
C
    ./prog
}

@test "ifuncs: the program's, referred to by a library, chosen when all is relocated" {
    local bind
    for bind in lazy now; do
        CC=$UCC late_indirect $bind >out
        [[ $(<out) == '1 11 1' ]]
    done
}

@test "ifuncs: resolvers that call ifuncs of others, in any order" {
    # each library's resolver calls the next one's function; bound now, each slot waits for another
    local count=5 number next bind
    for bind in lazy now; do
        for ((number = count; number > 0; number--)); do
            next=$((number + 1))
            { ((number == count)) && echo "int f$next(void) { return 100; }" || echo "int f$next(void);"
              echo "static int yes(void) { return $number; } static int no(void) { return -1; }
                static int (*resolve(void))(void) { return f$next() > 0 ? yes : no; }
                int f$number(void) __attribute__((ifunc(\"resolve\"))); int (*pointer$number)(void) = f$number;"; } |
                library libf$number.so "-Wl,-z,$bind" $( ((number < count)) && echo libf$next.so)
        done
        program prog "-Wl,-z,$bind,--no-as-needed" libf{1..5}.so <<<'#include <stdio.h>
            int f1(void), f2(void), f5(void); extern int (*pointer1)(void), (*pointer5)(void);
            int main(void) { return printf("%d %d %d %d %d\n", f1(), f2(), f5(), pointer1(), pointer5()) < 0; }'
        run -0 ./prog
        [[ $output == '1 2 5 1 5' ]]
        # and by dlopen()
        program opener -w <<<'#include <dlfcn.h>
            #include <stdio.h>
            int main(void) { void *a = dlopen("./libf1.so", RTLD_NOW); if (!a) return puts(dlerror());
            return printf("%d\n", ((int (*)(void))dlsym(a, "f1"))()) < 0; }'
        run -0 ./opener
        [[ $output == 1 ]]
    done
}

@test "ifuncs: a circle of resolvers is one line, bound lazily, now, and by dlopen()" {
    local bind
    for bind in lazy now; do
        library libstub.so <<<'int g(void) { return 0; }'
        library libf.so "-Wl,-z,$bind" libstub.so -Wl,-soname,libf.so <<<'int g(void); static int yes(void) { return 1; }
            static int (*resolve(void))(void) { return g() ? yes : yes; } int f(void) __attribute__((ifunc("resolve")));'
        library libstub.so "-Wl,-z,$bind" libf.so <<<'int f(void); static int yes(void) { return 1; }
            static int (*resolve(void))(void) { return f() ? yes : yes; } int g(void) __attribute__((ifunc("resolve")));'
        program prog "-Wl,-z,$bind" libf.so libstub.so <<<'int f(void); int main(void) { return f(); }'
        run -127 --separate-stderr ./prog
        [[ ${#stderr_lines[@]} == 1 && $stderr == *'./prog: '*': a circle' ]]
        program opener -w <<<'#include <dlfcn.h>
            #include <stdio.h>
            int main(void) { void *a = dlopen("./libf.so", RTLD_NOW); return a ? 1 : puts(dlerror()) < 0; }'
        [[ $bind == lazy ]] || run -0 ./opener
        [[ $bind == lazy || ($output == *': a circle' && ${#lines[@]} == 1) ]]
    done
}

@test "ifuncs: a copied datum has the choice, not what the library had before" {
    copied() {
        library libtable.so <<<'static int one(void) { return 1; } static int (*resolve(void))(void) { return one; }
            int pick(void) __attribute__((ifunc("resolve")));
            struct { int before; int (*function)(void); int after; } table = {7, pick, 8};
            int through(void) { return table.function(); }'
        program prog -fno-pie -no-pie libtable.so <<<'#include <stdio.h>
            extern struct { int before; int (*function)(void); int after; } table; int through(void);
            int main(void) { return printf("%d %d %d %d\n", table.before, table.function(), table.after, through()) < 0; }'
        [[ $(readelf -rW prog) == *R_X86_64_COPY*table* ]]
        ./prog
    }
    same_as_glibc copied
    [[ $output == '7 1 8 1' ]]
}

# ---- what musl takes, and others refuse

@test "a COPY relocation that ends past its segment copies what there is" {
    build_edit
    library libdatum.so <<<'char datum[64] = "what there is";'
    program prog -fno-pie -no-pie libdatum.so <<<'#include <stdio.h>
        extern char datum[64]; int main(void) { return puts(datum) < 0; }'
    [[ $(readelf -rW prog) == *R_X86_64_COPY*datum* ]]
    # both symbols 1 MiB long
    edit libdatum.so sym.datum.size=0x100000
    edit prog sym.datum.size=0x100000
    run -0 ./prog
    [[ $output == 'what there is' ]]
}

@test "relocations without addends (DT_REL), in a library and in the program, lazily and now: as on musl" {
    local bind
    need_command python3
    need_command musl-gcc
    need_file "$MUSL"
    CC=musl-gcc
    for bind in lazy now; do
        library librel.so "-Wl,-z,$bind,-z,nopack-relative-relocs" <<<'#include <stdlib.h>
            static int hidden[4] = {1, 2, 3, 4};
            int visible[4] = {5, 6, 7, 8};
            static int *in = hidden + 2;
            int *out = visible + 3;
            __thread int local = 9;
            static int both(int (*f)(int), int x) { return f(x); }
            int (*function)(int) = abs;
            int sum(void) { return *in + *out + both(abs, -100) + function(-1000) + local * 10000; }'
        program prog "-Wl,-z,$bind" librel.so <<<'#include <stdio.h>
            int sum(void); extern int visible[4]; static int *in = visible + 1; int (*pointer)(void) = sum;
            int main(void) { return printf("%d %d %d\n", sum(), *in, pointer()) < 0; }'
        run -0 ./prog
        native=$output
        "$root/tests/rt/to_rel.py" librel.so
        "$root/tests/rt/to_rel.py" prog
        [[ $(readelf -dW librel.so) == *'(REL)'*'(RELSZ)'* && $(readelf -dW prog) == *'(REL)'* ]]
        [[ $(readelf -dW librel.so) != *'(RELA)'* ]]
        run -0 ./prog
        [[ $output == "$native" ]]
        run -0 "$UEXEC" --linker=rt ./prog
        [[ $output == "$native" ]]
        run -0 "$UEXEC" --linker=rt --bind=now ./prog
        [[ $output == "$native" ]]
        # and by dlopen()
        program opener -w <<<'#include <dlfcn.h>
            #include <stdio.h>
            int main(void) { void *a = dlopen("./librel.so", RTLD_NOW); if (!a) return puts(dlerror());
            int (*sum)(void) = (int (*)(void))dlsym(a, "sum"); printf("%d ", sum()); return printf("%d\n", dlclose(a)) < 0; }'
        run -0 "$UEXEC" --linker=rt ./opener
        [[ $output == "${native%% *} 0" ]]
        run -0 "$UEXEC" --linker=rt --rules=glibc ./opener
        [[ $output == "${native%% *} 0" ]]
    done
}

@test "text relocations, with --textrel=allow: as on musl, and the code is not writable afterwards" {
    need_command musl-gcc
    need_file "$MUSL"
    CC=musl-gcc
    echo '.section .note.GNU-stack; .text; .globl who, datum; .type who, @function
        who: movabs $datum, %rax; movl (%rax), %eax; ret
        .data; .type datum, @object; .size datum, 4; datum: .long 42' |
        "$CC" -shared -nostdlib -o lib.so -Wl,-z,notext,-soname,lib.so -x assembler - 2>/dev/null
    [[ $(readelf -dW lib.so) == *TEXTREL* ]]
    program prog ./lib.so -Wl,-rpath,. <<<'#include <stdio.h>
        extern int who(void); int main(void) { printf("%d\n", who());
        char line[512]; FILE *f = fopen("/proc/self/maps", "r");
        for (char p[8]; fgets(line, sizeof line, f);) if (sscanf(line, "%*s %7s", p) == 1 && p[1] == 119 && p[2] == 120) puts(line);
        return 0; }'
    run -0 ./prog
    run -0 "$UEXEC" --linker=rt --textrel=allow ./prog
    [[ $output == 42 ]]
    run -0 "$LINKER" --textrel=allow ./prog
    [[ $output == 42 ]]
    run -127 --separate-stderr "$UEXEC" --linker=rt ./prog
    [[ ${#stderr_lines[@]} == 1 && $stderr == *'./lib.so: it has text relocations (DT_TEXTREL)'*'--textrel=allow'* ]]
    run -127 --separate-stderr "$UEXEC" --linker=rt --textrel=refuse ./prog
    [[ ${#stderr_lines[@]} == 1 ]]
    # the program's own
    echo '#include <stdio.h>
        int who(void); int main(void) { return printf("%d\n", who()) < 0; }' >main.c
    echo '.section .note.GNU-stack; .text; .globl who; .type who, @function
        who: movabs $datum, %rax; movl (%rax), %eax; ret
        .data; datum: .long 43' >who.s
    "$CC" -fPIE -pie -Wl,-z,notext -o own main.c who.s 2>/dev/null
    [[ $(readelf -dW own) == *TEXTREL* ]]
    # (musl's linker makes them in libraries only)
    run -0 "$UEXEC" --linker=rt --textrel=allow ./own
    [[ $output == 43 ]]
    run -125 "$UEXEC" --textrel=maybe ./own
    [[ $output == *"--textrel: 'maybe' is not one of refuse,allow" ]]
}

@test "DT_RELR: one bitmap for words of two writable segments side by side" {
    cat >two.s <<'S'
.section .one, "aw"
.balign 4096
.fill 4080
.globl first
first: .quad last
middle: .quad first_hidden
.section .two, "aw"
.balign 8
.globl last, first_hidden
.hidden last, first_hidden
.quad middle
last: .quad middle
.set first_hidden, first
S
    cat >two.ld <<'LD'
PHDRS { text PT_LOAD FLAGS(5) FILEHDR PHDRS; one PT_LOAD FLAGS(6); two PT_LOAD FLAGS(6);
    dyn PT_DYNAMIC FLAGS(6); }
SECTIONS {
    . = SIZEOF_HEADERS;
    .dynsym : { *(.dynsym) } :text .gnu.hash : { *(.gnu.hash) } .dynstr : { *(.dynstr) }
    .relr.dyn : { *(.relr.dyn) }
    . = ALIGN(4096); .dynamic : { *(.dynamic) } :one :dyn .one : { *(.one) } :one
    . = ALIGN(4096); .two : { *(.two) } :two
}
LD
    as -o two.o two.s
    ld -shared -z pack-relative-relocs -T two.ld -o libtwo.so two.o
    two_segments() {
        cp ../libtwo.so .
        open_program main <<<'int main(void) { char **first = dlsym(opened("./libtwo.so", RTLD_NOW), "first");
            for (int i = 0; i < 4; i++)
                printf("%d ", (int)(first[i] - (char *)first));
            return 0; }'
        limited ./main
    }
    same_as_glibc two_segments
    [[ $output == '24 0 8 8 ' ]]
}
