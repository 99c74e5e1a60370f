# bash completion for umaps(1); installed as .../bash-completion/completions/umaps

_umaps() {
    local cur prev words cword command=${COMP_WORDS[1]-} i
    _init_completion -n = || return
    case $prev in
    -o | --output)
        _filedir
        return
        ;;
    esac
    if [[ $command == record || $command == html ]]; then
        # after the program's name, the program's own completion
        for ((i = 2; i < cword; i++)); do
            case ${words[i]} in
            -o | --output) ((i++)) ;;
            --) ((i + 1 < cword)) && { _command_offset $((i + 1)); return; } ;;
            -*) ;;
            *)
                _command_offset "$i"
                return
                ;;
            esac
        done
    fi
    local options='--help --version'
    case $command in
    record) options='--output= --kernel --follow --resident= --trace=' ;;
    report) options='--output=' ;;
    html) options='--output= --kernel --trace= --resident=' ;;
    diff) options='--ignore-aslr --json --color=' ;;
    *) options+=' --at= --kind= --writable --executable --pages --watch --json --color=' ;;
    esac
    case $cur in
    --kind=*) mapfile -t COMPREPLY < <(compgen -W 'code constants data anonymous heap stack kernel' -- "${cur#*=}") ;;
    --color=*) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "${cur#*=}") ;;
    -*)
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
        [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
        ;;
    *)
        local more=
        ((cword == 1)) && more='record report html diff'
        case $command in
        record | html) mapfile -t COMPREPLY < <(compgen -c -- "$cur") ;;
        report) _filedir ;;
        diff)
            _filedir
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$(ps -A -o pid=)" -- "$cur")
            ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$more $(ps -A -o pid=)" -- "$cur") ;;
        esac
        ;;
    esac
}

complete -F _umaps umaps
