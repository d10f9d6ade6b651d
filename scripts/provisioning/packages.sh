# shellcheck shell=bash
# Sourced by scripts/provision: Debian's packages and the vendor's of FreeSWITCH. Installs only what is missing.

base_packages=(ca-certificates curl logrotate openssl python3 python3-venv sox
    espeak-ng open-jtalk open-jtalk-mecab-naist-jdic)
# The Japanese voice is free (CC BY 3.0) but stands in Debian's «contrib», as making it anew needs other tools.
japanese_voice=hts-voice-nitech-jp-atr503-m001
freeswitch_packages=(freeswitch freeswitch-systemd freeswitch-timezones
    freeswitch-mod-logfile freeswitch-mod-timerfd freeswitch-mod-commands freeswitch-mod-dptools freeswitch-mod-expr
    freeswitch-mod-hash freeswitch-mod-db freeswitch-mod-dialplan-xml freeswitch-mod-loopback freeswitch-mod-opus
    freeswitch-mod-sndfile freeswitch-mod-native-file freeswitch-mod-tone-stream freeswitch-mod-local-stream
    freeswitch-mod-say-en freeswitch-mod-say-ja freeswitch-mod-python3 freeswitch-mod-spy freeswitch-mod-sofia
    freeswitch-mod-callcenter freeswitch-mod-event-socket)
login_file=/etc/apt/auth.conf.d/sasayaki-freeswitch.conf

install_packages() {
    local wanted=("${base_packages[@]}")
    if ! can_run_there; then
        say "packages: $ROOT is no Debian that can be entered from here; none is installed."
        return
    fi
    enter_root
    [ -z "$PANEL_NAME" ] || wanted+=(nginx-light)
    refreshed=""
    install_missing "${wanted[@]}"
    install_voice
    [ -n "$JOIN" ] || install_freeswitch
}

is_installed() {
    # shellcheck disable=SC2016  # the field is dpkg-query's own
    [ "$(in_root dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]
}

install_missing() {
    local name missing=()
    for name in "$@"; do is_installed "$name" || missing+=("$name"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    did "install ${missing[*]}"
    [ -z "$DRY_RUN" ] || return 0
    refresh
    quietly in_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

refresh() {
    [ -z "$refreshed" ] || return 0
    quietly in_root apt-get update -q
    refreshed=yes
}

quietly() { "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; die "«$*» failed; the lines above say why."; }; }

install_voice() {
    is_installed "$japanese_voice" && return
    [ -n "$DRY_RUN" ] || refresh
    if ! in_root apt-cache policy "$japanese_voice" | grep -q 'Candidate: [0-9]'; then enable_contrib || return 0; fi
    install_missing "$japanese_voice"
}

# The mirror that this machine uses for main, asked for contrib too; /etc/apt/sources.list itself is left alone.
enable_contrib() {
    local line key
    # shellcheck disable=SC2016  # the fields are apt's own
    line=$(in_root apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
        'Created-By: Packages' | awk '$2 == "bookworm" && $3 == "main" { print; exit }')
    if [ -z "$line" ]; then
        note "no mirror of Debian's main was found, so the Japanese voice cannot be installed; the dial codes use tones."
        return 1
    fi
    # shellcheck disable=SC2086  # the line is three words
    set -- $line
    key=$(key_of "${1%/}")
    put 644 root:root /etc/apt/sources.list.d/sasayaki-contrib.sources < <(
        printf '# For %s only.\nTypes: deb\nURIs: %s\nSuites: bookworm\nComponents: contrib\n' "$japanese_voice" "$1"
        [ -z "$key" ] || printf '%s\n' "$key"
    )
    refreshed=""
}

# The field Signed-By of the source of an address, empty where it has none. apt tells it of no target (2.6), and refuses two
# sources of one address that differ in it.
key_of() {
    local file files=()
    for file in "$ROOT"/etc/apt/sources.list "$ROOT"/etc/apt/sources.list.d/*.list "$ROOT"/etc/apt/sources.list.d/*.sources; do
        [ ! -f "$file" ] || [[ "$file" == */sasayaki-* ]] || files+=("$file")
    done
    [ ${#files[@]} -gt 0 ] || return 0
    awk -v address="$1" '
        BEGIN { RS = "" }
        {
            named = 0; key = ""; going_on = 0
            count = split($0, lines, "\n")
            for (n = 1; n <= count; n++) {
                line = lines[n]
                if (line ~ /^URIs:/ && index(line, address)) named = 1
                if (line ~ /^Signed-By:/) { key = line; going_on = 1 }
                else if (going_on && line ~ /^ /) key = key "\n" line
                else going_on = 0
                if (line ~ /^deb / && index(line, address) && match(line, /signed-by=[^] ,]+/)) {
                    print "Signed-By: " substr(line, RSTART + 10, RLENGTH - 10)
                    exit
                }
            }
            if (named && key != "") { print key; exit }
        }' "${files[@]}"
}

install_freeswitch() {
    local name
    for name in "${freeswitch_packages[@]}"; do
        if ! is_installed "$name"; then
            add_freeswitch_repository
            break
        fi
    done
    install_missing "${freeswitch_packages[@]}"
    music_package
}

# Music is a package of its own in the vendor's repository, but not of every version of it.
music_package() {
    is_installed freeswitch-music-default && return
    [ -z "$DRY_RUN" ] && in_root apt-cache policy freeswitch-music-default | grep -q 'Candidate: [0-9]' || return 0
    install_missing freeswitch-music-default
}

add_freeswitch_repository() {
    local address="${FREESWITCH_REPOSITORY:-}" key="${FREESWITCH_KEY:-}" host ring=/usr/share/keyrings/sasayaki-freeswitch.gpg
    exists /etc/apt/sources.list.d/sasayaki-freeswitch.sources && [ -z "$address" ] && return
    [ -n "$address" ] || die "FREESWITCH_REPOSITORY is not set: the address of the vendor's repository for Debian 12. docs/installation.md says where it is told."
    [[ "$address" =~ ^https://([A-Za-z0-9.-]+)(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$ ]] ||
        die "FREESWITCH_REPOSITORY is no plain https:// address."
    host=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
    [[ "${FREESWITCH_TOKEN:-}" =~ ^[A-Za-z0-9_.-]+$ ]] || die "FREESWITCH_TOKEN is not set, or is no token: the vendor gives one to every account."
    put 600 root:root "$login_file" secret < <(
        printf 'machine %s login %s password %s\n' "$host" "${FREESWITCH_USER:-signalwire}" "$FREESWITCH_TOKEN"
    )
    : "${key:=${address%/}/signalwire-freeswitch-repo.gpg}"
    if ! exists "$ring"; then
        did "fetch the vendor's key to $ring"
        [ -n "$DRY_RUN" ] || fetch_key "$key" "$ring"
    fi
    put 644 root:root /etc/apt/sources.list.d/sasayaki-freeswitch.sources < <(
        printf 'Types: deb\nURIs: %s\nSuites: bookworm\nComponents: main\nSigned-By: %s\n' "${address%/}/" "$ring"
    )
    refreshed=""
}

# The token goes to curl through a pipe: arguments can be read by everybody on the machine.
fetch_key() {
    printf 'user = "%s:%s"\n' "${FREESWITCH_USER:-signalwire}" "$FREESWITCH_TOKEN" |
        curl --config - --fail --silent --show-error --location --proto '=https' --output "$scratch/key" -- "$1" ||
        die "the vendor's key cannot be fetched from $1. Is the token right?"
    write 644 root:root "$2" "$scratch/key"
}
