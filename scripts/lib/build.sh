# shellcheck shell=bash
# Builds the web UI and the server, each only when what it is made from has changed.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Everything the web build depends on, NUL-separated.
web_inputs() { find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -print0; }
web_lock() { printf 'web/package-lock.json\0'; }

# unchanged NAME COMMAND…: true when the files that the command lists are as they were when `NAME` was stamped.
unchanged() {
    local stamp="$root/.cache/stamps/$1"
    shift
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(inputs_hash "$@")" ]
}

# stamp NAME COMMAND…: remembers the files as they are now.
stamp() {
    local stamp="$root/.cache/stamps/$1"
    shift
    mkdir -p "$root/.cache/stamps"
    inputs_hash "$@" >"$stamp"
}

# Keeps what was just installed for the next fresh clone, and only that.
keep_packages() {
    local kept=$1
    rm -rf "$cache/node_modules"
    mkdir -p "$cache/node_modules"
    cp -a --reflink=auto "$root/web/node_modules" "$kept.part"
    mv "$kept.part" "$kept"
}

web_packages() {
    if [ -d "$root/web/node_modules" ] && unchanged web-packages web_lock; then
        say "    unchanged"
        return
    fi
    local kept
    kept="$cache/node_modules/$(inputs_hash web_lock)"
    if [ -d "$kept" ]; then
        say "    as another clone has them"
        rm -rf "$root/web/node_modules"
        cp -a --reflink=auto "$kept" "$root/web/node_modules"
    else
        npm --prefix "$root/web" ci --no-progress --prefer-offline
        keep_packages "$kept"
    fi
    stamp web-packages web_lock
}

web_build() {
    if [ -f "$root/web/dist/index.html" ] && unchanged web-build web_inputs; then
        say "    unchanged"
        return
    fi
    npm --prefix "$root/web" run build
    stamp web-build web_inputs
}

# The same input gives the same binary, wherever the clone lies and whenever it is built: no path and no time of this
# machine gets into it. scripts/reproduce shows that.
without_traces() {
    local maps="$root=/flashfit $CARGO_TARGET_DIR=/target ${CARGO_HOME:-$HOME/.cargo}=/cargo" map
    export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-0} RUSTFLAGS=${RUSTFLAGS:-} CFLAGS=${CFLAGS:-} CXXFLAGS=${CXXFLAGS:-}
    for map in $maps; do
        RUSTFLAGS+=" --remap-path-prefix=$map"
        CFLAGS+=" -ffile-prefix-map=$map"
        CXXFLAGS+=" -ffile-prefix-map=$map"
    done
}

# Builds the release binary and puts it in this clone's cache: the target folder is shared with other clones,
# which may build another version while this one runs.
server_build() {
    local built="$CARGO_TARGET_DIR/release/flashfit"
    cargo build --release --locked --bin flashfit --manifest-path "$root/Cargo.toml"
    mkdir -p "$root/.cache/bin"
    if ! cmp -s "$built" "$root/.cache/bin/flashfit"; then
        cp "$built" "$root/.cache/bin/flashfit.new"
        mv "$root/.cache/bin/flashfit.new" "$root/.cache/bin/flashfit"
    fi
}
