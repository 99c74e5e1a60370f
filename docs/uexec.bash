# bash completion for uexec(1); installed as .../bash-completion/completions/uexec

_uexec() {
    local cur prev words cword
    _init_completion -n = || return

    # after the program's name, the program's own completion
    local i word
    for ((i = 1; i < cword; i++)); do
        word=${words[i]}
        case $word in
        --)
            ((i + 1 < cword)) && { _command_offset $((i + 1)); return; }
            break
            ;;
        -[lbtaEo] | --linker | --bind | --trace | --argv0 | --env | --preload | \
            --library-path | --output | --color)
            ((i++))
            ;;
        -*) ;;
        *)
            _command_offset "$i"
            return
            ;;
        esac
    done

    local value=$cur option=$prev
    if [[ $cur == --*=* ]]; then
        option=${cur%%=*} value=${cur#*=}
    fi
    case $option in
    -l | --linker) mapfile -t COMPREPLY < <(compgen -W 'auto rt interp' -f -- "$value") ;;
    -b | --bind) mapfile -t COMPREPLY < <(compgen -W 'lazy now' -- "$value") ;;
    -t | --trace)
        mapfile -t COMPREPLY < <(compgen -W 'load search reloc bind tls init all' -- "$value")
        ;;
    --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$value") ;;
    -o | --output | --preload) _filedir ;;
    --library-path) _filedir -d ;;
    -a | --argv0 | -E | --env) ;;
    *)
        if [[ $cur == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W '--maps --dry-run --compare --linker= --bind=
                --trace= --argv0= --env= --preload= --library-path= --no-aslr --stop --json --output=
                --color= --verbose --help --version' -- "$cur")
            [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
        else
            mapfile -t COMPREPLY < <(compgen -c -- "$cur")
            _filedir
        fi
        ;;
    esac
} && complete -F _uexec uexec
