#!/usr/bin/env bats
# rt: each type of relocation, by what it has to store (psABI, table 4.9), and those that are
# refused. readelf says that the type is there; arithmetic or glibc what the result is.

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

# What the words of lib.so are compared with: the program is given arithmetic of its own.
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

# A library's datum in the program: the copy has what relocation made of it, and all use it.
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
        # before main.o's bss there are the copies: what is after datum is 0
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

# Indirect functions: in the program, in the library, by call and by pointer; the choice is made
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
    # without the tag: the relocation says it
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
