#!/bin/sh
# Has a shell read the installed completions, and complete words of both programs.
#
#   completions_test.sh bash|zsh|fish PREFIX
set -eu
shell=$1
share=$2/share
command -v "$shell" >/dev/null || {
  echo "SKIPPED: $shell is not installed"
  exit 77
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work"

# Each prints the words, a line each, that the shell offers for the last word of a command line.
offered_by_bash() {
  # shellcheck disable=SC2016 # the inner shell expands
  bash --norc -c '
    source "$1"
    COMP_WORDS=($2)
    if [[ $2 == *" " ]]; then COMP_WORDS+=(""); fi
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    function=$(complete -p "${COMP_WORDS[0]}" | sed "s/.*-F \([^ ]*\) .*/\1/")
    "$function"
    printf "%s\n" "${COMPREPLY[@]}"
  ' bash "$share/bash-completion/completions/${1%% *}" "$1"
}

offered_by_fish() {
  # shellcheck disable=SC2016
  fish --no-config -c 'source $argv[1]; complete --do-complete $argv[2]' \
    "$share/fish/vendor_completions.d/${1%% *}.fish" "$1"
}

# An interactive zsh, which completes what is in its line before anything is typed, and leaves.
offered_by_zsh() {
  cat >"$work/.zshrc" <<'ZSHRC'
fpath=($FOLDER $fpath)
autoload -Uz compinit
compinit -D -u
compadd() {
  local -a offered
  if [[ ${@[1,(i)--]} != *-[AOD]* ]]; then
    builtin compadd -A offered "$@"
    print -l -- $offered >>$OFFERED
  fi
  builtin compadd "$@"
}
zle-line-init() {
  BUFFER=$LINE_TO_COMPLETE
  CURSOR=$#BUFFER
  zle complete-word
  exit
}
zle -N zle-line-init
ZSHRC
  : >"$work/offered"
  # shellcheck disable=SC2016
  FOLDER=$share/zsh/site-functions OFFERED=$work/offered LINE_TO_COMPLETE=$1 \
    ZDOTDIR=$work TERM=vt100 zsh -f -c '
      zmodload zsh/zpty
      zpty shell "zsh -d -i"
      while zpty -r shell line; do :; done
    '
  cat "$work/offered"
}

status=0
# offers LINE YES NO...: the shell offers the word YES, and none of the others.
offers() {
  "offered_by_$shell" "$1" | cut -f 1 >"$work/words"
  grep -q -x -e "$2" "$work/words" || {
    echo "FAILED: '$1': $2 is not offered, but: $(tr '\n' ' ' <"$work/words")" >&2
    status=1
  }
  line=$1
  shift 2
  for word; do
    if grep -q -x -e "$word" "$work/words"; then
      echo "FAILED: '$line': $word is offered" >&2
      status=1
    fi
  done
}

offers 'heddle-conform --exp' --explain --list
offers 'heddle-conform --explain SPAWN-00' SPAWN-007 SPAWN-010
offers 'heddle-conform --level p' profile must
offers 'heddle-inject sh' shrink explore
offers 'heddle-inject explore --err' --errors --jobs
offers 'heddle-inject explore --errors h' hostile likely
offers 'heddle-inject run --plan pthread_cr' pthread_create pthread_join
offers 'heddle-inject show --format j' junit html
exit $status
