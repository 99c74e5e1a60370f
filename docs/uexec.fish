# fish completion for uexec(1); installed in vendor_completions.d.

# Is the program not named yet?
function __uexec_options
    set -l words (commandline -opc)
    set -e words[1]
    set -l takes no
    for word in $words
        if test $takes = yes
            set takes no
            continue
        end
        switch $word
            case --
                return 1
            case -l -b -t -a -E -o --linker --bind --rules --textrel --trace --argv0 --env --preload --library-path --output --color
                set takes yes
            case '-*'
            case '*'
                return 1
        end
    end
    return 0
end

complete -c uexec -n __uexec_options -s m -l maps -d 'print the layout at hand-over, then run'
complete -c uexec -n __uexec_options -s n -l dry-run -d 'print the plan and run nothing'
complete -c uexec -n __uexec_options -s c -l compare -d "compare the layout with execve's, and run nothing"
complete -c uexec -n __uexec_options -s l -l linker -r -a 'auto rt interp' -d 'who links a dynamic program'
complete -c uexec -n __uexec_options -s b -l bind -x -a 'lazy now' -d 'when functions are bound'
complete -c uexec -n __uexec_options -l rules -x -a 'musl glibc' -d 'keep the rules of a linker'
complete -c uexec -n __uexec_options -l textrel -x -a 'refuse allow' -d "relocations in a program's code"
complete -c uexec -n __uexec_options -s t -l trace -x -a 'load search reloc bind tls init dl malloc all' -d 'report steps'
complete -c uexec -n __uexec_options -s a -l argv0 -x -d 'pass NAME as argv[0]'
complete -c uexec -n __uexec_options -s E -l env -x -d "set a variable of the program's environment"
complete -c uexec -n __uexec_options -l preload -r -d 'link a library first'
complete -c uexec -n __uexec_options -l library-path -r -d 'look for libraries in a path'
complete -c uexec -n __uexec_options -l no-aslr -d 'use the addresses that setarch -R gives'
complete -c uexec -n __uexec_options -l stop -d 'stop before the first instruction, for a debugger'
complete -c uexec -n __uexec_options -l json -d 'print reports as JSON'
complete -c uexec -n __uexec_options -s o -l output -r -d 'print reports to a file'
complete -c uexec -n __uexec_options -l color -x -a 'auto always never' -d 'colour reports'
complete -c uexec -n __uexec_options -s v -l verbose -d "say where the load differs from execve's"
complete -c uexec -n __uexec_options -l help -d 'print a summary and exit'
complete -c uexec -n __uexec_options -l version -d 'print the version and exit'
complete -c uexec -n __uexec_options -x -a '(__fish_complete_command)'
complete -c uexec -n 'not __uexec_options' -x -a '(__fish_complete_subcommand --fcs-skip=1)'
