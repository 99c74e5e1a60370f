# Writes the assembler sources of a set of libraries that refer to each other:
#
#   awk -v libraries=N -v functions=N -v variables=N -v calls=N -v loads=N -v words=N \
#       -v prefix=DIR/NAME -f libraries.awk        makes DIR/NAME000.s, DIR/NAME001.s, ...
#
# Each library defines `functions` functions and `variables` variables, and refers to symbols of the other
# libraries, to each at most once: `calls` by the PLT (R_X86_64_JUMP_SLOT), `loads` by the GOT (GLOB_DAT),
# `words` from its data (R_X86_64_64). A single library refers to none. With -v callers=FILE, FILE gets a
# table `callers` of pointers to code that calls each function of all libraries once, by the PLT.
#
# The numbers are pseudo-random and always the same (Park and Miller's generator, exact in a double).

function random(below) {
    seed = (seed * 16807) % 2147483647
    return int(seed / 2147483647 * below)
}

# Returns the name of symbol n: 8 to 66 characters, all different. Many have a long common prefix, as mangled
# C++ names do, so that a comparison of strings takes time.
function name_of(n,    word, scope) {
    word = verb[n % verbs] n
    scope = space[int(n / 7) % spaces]
    if (n % 4 == 0) return "fn_" (10000 + n)
    if (n % 4 == 1) return "widget_container_" word "_with_property"
    if (n % 4 == 2) return "_ZN" scope length(word) word "Ev"
    return "_ZNK" scope "6detail10dispatcher" length(word) word "ERKNS_5valueE"
}

# Sets `chosen` to a symbol of another library that `library` does not refer to yet. Symbols are numbered
# through all libraries; in each, the functions come first.
function choose(library, first, count,    other) {
    do {
        other = random(libraries - 1)
        if (other >= library) other++
        chosen = other * symbols + first + random(count)
    } while ((library, chosen) in taken)
    taken[library, chosen] = 1
    return name_of(chosen)
}

BEGIN {
    seed = 20240229
    verbs = split("get set find open insert remove resize convert", list, " ")
    for (i = 0; i < verbs; i++) verb[i] = list[i + 1]
    spaces = split("4core 4core2io 8graphics5shape 8graphics6canvas 7network", list, " ")
    for (i = 0; i < spaces; i++) space[i] = list[i + 1]

    symbols = functions + variables
    if (libraries == 1) calls = loads = words = 0
    for (library = 0; library < libraries; library++) {
        out = sprintf("%s%03d.s", prefix, library)
        print ".text" > out
        for (i = 0; i < functions; i++) {
            name = name_of(library * symbols + i)
            printf ".globl %s\n.type %s, @function\n%s: mov $%d, %%eax\nret\n.size %s, . - %s\n",
                name, name, name, i, name, name > out
        }
        for (i = 0; i < calls; i++) print "call " choose(library, 0, functions) "@PLT" > out
        for (i = 0; i < loads; i++)
            print "mov " choose(library, 0, symbols) "@GOTPCREL(%rip), %rax" > out
        print "ret\n.data\n.balign 8" > out
        for (i = functions; i < symbols; i++) {
            name = name_of(library * symbols + i)
            printf ".globl %s\n.type %s, @object\n%s: .quad %d\n.size %s, 8\n", name, name, name,
                i, name > out
        }
        for (i = 0; i < words; i++) print ".quad " choose(library, 0, symbols) > out
        print ".section .note.GNU-stack, \"\", @progbits" > out
        close(out)
    }
    if (callers == "") exit

    print ".text" > callers
    for (i = 0; i < libraries * functions; i++)
        printf "caller%d: sub $8, %%rsp\ncall %s@PLT\nadd $8, %%rsp\nret\n", i,
            name_of(int(i / functions) * symbols + i % functions) > callers
    print ".section .data.rel.ro, \"aw\"\n.globl callers\n.type callers, @object\ncallers:" > callers
    for (i = 0; i < libraries * functions; i++) printf ".quad caller%d\n", i > callers
    print ".size callers, . - callers\n.section .note.GNU-stack, \"\", @progbits" > callers
}
