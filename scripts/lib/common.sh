# shellcheck shell=bash
# What scripts/run and scripts/test share: where things are, how steps are timed, how root is asked.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${FLASHFIT_CACHE:-$HOME/.cache/flashfit}
# Built dependencies and downloads are shared by every clone on the machine.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
export CLONE_ROOT=$root
export npm_config_cache=${npm_config_cache:-$cache/npm}
export npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false

step_names=()
step_times=()
# shellcheck disable=SC2034 # read when the script ends
step_now=''

say() { printf '%s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

now_ms() {
    local now=${EPOCHREALTIME//[!0-9]/}
    echo "$((now / 1000))"
}

# 12345 → "12.3 s"
seconds() { printf '%d.%d s' "$(($1 / 1000))" "$(($1 % 1000 / 100))"; }

# step NAME COMMAND…: says what happens and how long it took; the script ends when it fails.
step() {
    local name=$1 started took
    shift
    step_now=$name
    started=$(now_ms)
    printf '\n==> %s\n' "$name"
    "$@"
    took=$(seconds "$(($(now_ms) - started))")
    step_names+=("$name")
    step_times+=("$took")
    # shellcheck disable=SC2034 # read when the script ends
    step_now=''
    printf '    %s: %s\n' "$name" "$took"
}

steps_summary() {
    local i
    for i in "${!step_names[@]}"; do
        printf '    %-34s %10s\n' "${step_names[$i]}" "${step_times[$i]}"
    done
}

have() { command -v "$1" >/dev/null 2>&1; }

# True when somebody could answer a password prompt.
is_interactive() { [ -z "${CI:-}" ] && { : >/dev/tty; } 2>/dev/null; }

can_be_root() {
    [ "$(id -u)" -eq 0 ] || { have sudo && { sudo -n true 2>/dev/null || is_interactive; }; }
}

# Runs a command as root. Asks for a password only where somebody can answer.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif is_interactive; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# True when version $1 is at least $2.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# inputs_hash COMMAND…: one hash over the names and contents of the files that the command lists, NUL-separated.
inputs_hash() { (cd "$root" && "$@" | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1); }
