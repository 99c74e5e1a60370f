# bash completion for uexec(1); installed as .../bash-completion/completions/uexec

# Complete the last item of a list: $1 separates items, $2 is the list up to the cursor, the rest
# are options of compgen. Readline puts a reply in the place of what follows the last of the
# separators that it knows (COMP_WORDBREAKS) or the quote: before that, it keeps what is there.
_uexec_list() {
    local list=${2#[\"\']} kept=
    [[ $list == *"$1"* ]] && kept=${list%"$1"*}$1
    local last=${list#"$kept"}
    [[ $list == "$2" && $COMP_WORDBREAKS == *"$1"* ]] && kept=
    mapfile -t COMPREPLY < <(compgen -P "$kept" "${@:3}" -- "$last")
}

# The program's own completion: $1 is its place among `words`. _command_offset counts as readline
# does, to which `--trace=load` is three words.
_uexec_program() {
    local at=0 place word
    for ((place = 0; place < $1; place++)); do
        word=
        while [[ $word != "${words[place]}" ]] && ((at < ${#COMP_WORDS[@]})); do
            word+=${COMP_WORDS[at++]}
        done
    done
    _command_offset "$at"
}

_uexec() {
    local cur prev words cword
    _init_completion -n =: || return

    # after the program's name, the program's own completion
    local i word
    for ((i = 1; i < cword; i++)); do
        word=${words[i]}
        case $word in
        --)
            ((i + 1 < cword)) && { _uexec_program $((i + 1)); return; }
            break
            ;;
        -[lbtaEo] | --linker | --bind | --rules | --textrel | --trace | --argv0 | --env | --preload | \
            --library-path | --output | --color)
            ((i++))
            ;;
        -*) ;;
        *)
            _uexec_program "$i"
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
    --rules) mapfile -t COMPREPLY < <(compgen -W 'musl glibc' -- "$value") ;;
    --textrel) mapfile -t COMPREPLY < <(compgen -W 'refuse allow' -- "$value") ;;
    -t | --trace)
        local step steps=
        for step in load search reloc bind tls init dl malloc all; do
            [[ ,${value%"${value##*,}"} == *,$step,* ]] || steps+=" $step"
        done
        _uexec_list , "$value" -W "$steps"
        ;;
    --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$value") ;;
    -o | --output) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -f -- "$value") ;;
    --preload)
        compopt -o filenames
        _uexec_list : "$value" -f
        ;;
    --library-path)
        compopt -o filenames
        _uexec_list : "$value" -d
        ;;
    -a | --argv0 | -E | --env) ;;
    *)
        if [[ $cur == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W '--maps --dry-run --compare --linker= --bind=
                --rules= --textrel= --trace= --argv0= --env= --preload= --library-path= --no-aslr --stop --json --output=
                --color= --verbose --help --version' -- "$cur")
            [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
        else
            mapfile -t COMPREPLY < <(compgen -c -- "$cur")
            _filedir
        fi
        ;;
    esac
} && complete -F _uexec uexec
