# shellcheck shell=bash
# Sourced by scripts/provision: the accounts of the system and Sasayaki's program under its prefix.

program_parts=(fs_app web scripts fs_conf docs requirements.in requirements.txt requirements-node.txt pyproject.toml
    README.md README.ja.md CHANGELOG.md LICENSE)

# System accounts come from sysusers.d: systemd makes them in a staging folder too.
make_accounts() {
    put 644 root:root /usr/lib/sysusers.d/sasayaki.conf <"$here/deploy/sysusers/sasayaki.conf"
    [ -z "$DRY_RUN" ] && [ "$(id -u)" -eq 0 ] || return 0
    if ! command -v systemd-sysusers >/dev/null; then
        note "there is no systemd-sysusers here: make the accounts of /usr/lib/sysusers.d/sasayaki.conf yourself."
        return 0
    fi
    [ -n "$(number_in "$ROOT/etc/passwd" sasayaki)" ] ||
        { install -d -m 755 -- "$ROOT/etc" && quietly systemd-sysusers ${ROOT:+--root="$ROOT"} sasayaki.conf; }
    # FreeSWITCH's scripts ask the controller through Valkey's socket, which this group may use.
    [ -z "$(number_in "$ROOT/etc/passwd" freeswitch)" ] || in_group freeswitch sasayaki-live ||
        in_root usermod -a -G sasayaki-live freeswitch
}

in_group() { awk -F : -v user="$1" -v group="$2" '$1 == group && ("," $4 ",") ~ ("," user ",") { found = 1 } END { exit !found }' "$ROOT/etc/group"; }

install_program() {
    local wanted
    list_program >"$scratch/list"
    wanted=$(cd "$source_tree" && tr '\n' '\0' <"$scratch/list" | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1)
    if [ "$(cat "$ROOT$PREFIX/.installed" 2>/dev/null)" != "$wanted" ]; then
        did "install the program in $PREFIX"
        [ -n "$DRY_RUN" ] || copy_program "$wanted"
    fi
    [ -z "$BUILD" ] || build_program
}

list_program() {
    (cd "$source_tree" && find "${program_parts[@]}" \
        \( -name __pycache__ -o -name node_modules -o -name dist -o -path web/static/app \) -prune \
        -o -type f ! -name '*.pyc' -print | LC_ALL=C sort)
}

copy_program() {
    local gone
    inside_root "$PREFIX"
    install -d -m 755 -- "$ROOT$PREFIX"
    tar -C "$source_tree" -c -f - --owner=0 --group=0 --no-recursion --files-from="$scratch/list" |
        tar -C "$ROOT$PREFIX" -x -f - --no-same-owner --no-same-permissions
    # What an earlier version had and this one has not.
    if [ -f "$ROOT$PREFIX/.files" ]; then
        comm -23 "$ROOT$PREFIX/.files" "$scratch/list" | while IFS= read -r gone; do rm -f -- "$ROOT$PREFIX/$gone"; done
    fi
    cp -- "$scratch/list" "$ROOT$PREFIX/.files"
    printf '%s\n' "$1" >"$ROOT$PREFIX/.installed"
}

# The Python environment and the panel's pages, as scripts/run makes them. Before FreeSWITCH starts: a folder of PYTHONPATH
# that does not exist then is never found later (mod_python3, seen on 1.10.12).
build_program() {
    if [ -n "$DRY_RUN" ]; then
        exists "$PREFIX/.venv/bin/python" || did "make the Python environment and the panel's pages in $PREFIX"
        return
    fi
    if ! can_run_there; then
        note "$ROOT cannot be entered from here: its Python environment and pages are made by a run without --root."
        return
    fi
    local before after name kept=()
    enter_root
    # The way to the package indexes is the machine's own; nothing else of this shell reaches into the set-up.
    for name in $(compgen -e); do
        case "$name" in
            http_proxy | https_proxy | no_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY | PIP_* | npm_config_* | \
                SSL_CERT_FILE | REQUESTS_CA_BUNDLE | NODE_EXTRA_CA_CERTS) kept+=("$name=${!name}") ;;
        esac
    done
    before=$(markers)
    # shellcheck disable=SC2016  # expanded by the inner shell
    in_root env -i PATH="$PATH" HOME=/root LANG=C.UTF-8 ${kept[@]+"${kept[@]}"} bash -euc \
        'cd "$1"; source scripts/setup.sh; prepare_folders; install_requirements requirements.txt; build_front_end' bash "$PREFIX" ||
        die "Sasayaki's own set-up failed; the lines above say why."
    link_valkey
    after=$(markers)
    [ "$before" = "$after" ] || did "made the Python environment and the panel's pages"
}

markers() { { cat "$ROOT$PREFIX"/var/setup/* 2>/dev/null || true; } | sha256sum; }

# A path for the unit that does not name a version of Python.
link_valkey() {
    local binary
    binary=$(in_root env PYTHONPATH="$PREFIX" "$PREFIX/.venv/bin/python" -c \
        'from fs_app.serve.valkey import binary; print(binary())') ||
        die "the environment in $PREFIX has no Valkey for this kind of machine."
    install -d -m 755 -- "$ROOT$PREFIX/bin"
    ln -sfn -- "$binary" "$ROOT$PREFIX/bin/valkey-server"
}
