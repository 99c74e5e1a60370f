#compdef uexec
# zsh completion for uexec(1); installed as _uexec in a folder of $fpath.

local -a steps
steps=(load search reloc bind tls init dl malloc all)
_arguments -S -s \
    '(-m --maps)'{-m,--maps}'[print the layout at hand-over, then run]' \
    '(-n --dry-run)'{-n,--dry-run}'[print the plan and run nothing]' \
    '(-c --compare)'{-c,--compare}"[compare the layout with execve's, and run nothing]" \
    '(-l --linker)'{-l+,--linker=}'[who links a dynamic program]:who:_alternative "who\:linker\:(auto rt interp)" "files\:path\:_files"' \
    '(-b --bind)'{-b+,--bind=}'[when functions are bound]:when:(lazy now)' \
    '--rules=[keep the rules of a linker]:whose:(musl glibc)' \
    "--textrel=[relocations in a program's code]:what:(refuse allow)" \
    '(-t --trace)'{-t+,--trace=}'[report steps]:steps:_values -s , step $steps' \
    '(-a --argv0)'{-a+,--argv0=}'[pass NAME as argv\[0\]]:name:' \
    '*'{-E+,--env=}"[set a variable of the program's environment]:NAME=VALUE:" \
    '--preload=[link a library first]:library:_files' \
    '--library-path=[look for libraries in a path]:path:_dir_list' \
    '--no-aslr[use the addresses that setarch -R gives]' \
    '--stop[stop before the first instruction, for a debugger]' \
    '--json[print reports as JSON]' \
    '(-o --output)'{-o+,--output=}'[print reports to a file]:file:_files' \
    '--color=[colour reports]:when:(auto always never)' \
    '(-v --verbose)'{-v,--verbose}"[say where the load differs from execve's]" \
    '--help[print a summary and exit]' \
    '--version[print the version and exit]' \
    '(-):program: _command_names -e' \
    '*::arguments: _normal'
