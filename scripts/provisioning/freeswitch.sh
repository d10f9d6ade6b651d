# shellcheck shell=bash
# Sourced by scripts/provision: /etc/freeswitch. What is in site/ is written once; the rest is ours.

conf=/etc/freeswitch
phones_list=/etc/sasayaki/phones.txt
first_time=""
was_running=""

install_freeswitch_configuration() {
    local file path
    refuse_foreign_configuration
    folder 750 root:freeswitch "$conf"
    while IFS= read -r file; do
        path="$conf/$file"
        case "$file" in
            site/*.template | site/site.xml | voices/*) ;;
            site/carriers.xml) write_carriers ;;
            site/*) put_once 640 root:freeswitch "$path" <"$source_tree/fs_conf/$file" ;;
            *) put 640 root:freeswitch "$path" <"$source_tree/fs_conf/$file" ;;
        esac
    done < <(cd "$source_tree/fs_conf" && find . -type f | sed 's,^\./,,' | LC_ALL=C sort)
    write_site
    write_secrets
    [ -z "$EXTENSIONS" ] || write_phones
    [ -z "$CARRIER" ] || write_gateway
}

# FreeSWITCH's own demonstration may go; what somebody wrote may not, unless he says so.
refuse_foreign_configuration() {
    local main="$ROOT$conf/freeswitch.xml" stock="$ROOT/usr/share/freeswitch/conf/vanilla/freeswitch.xml"
    [ -f "$main" ] && [ -z "$REPLACE" ] || return 0
    if is_ours "$conf/freeswitch.xml" || cmp -s -- "$main" "$stock" || cmp -s -- "$main" "$source_tree/fs_conf/freeswitch.xml"; then
        return 0
    fi
    die "$conf/freeswitch.xml is somebody's own. To keep that configuration use --join (scripts/check_fs_conf $conf says what would not work in it); to replace it, --replace-configuration: every file that is replaced is kept as NAME.orig."
}

# One X-PRE-PROCESS line.
variable() { printf '  <X-PRE-PROCESS cmd="set" data="%s=%s"/>\n' "$1" "$2"; }

write_site() {
    put_once 640 root:freeswitch "$conf/site/site.xml" < <(
        sed '/<\/include>/d' "$source_tree/fs_conf/site/site.xml"
        variable domain "${DOMAIN:-default}"
        [ -z "$NUMBER" ] || variable support_number "$NUMBER"
        [ -z "$NUMBER" ] || variable outbound_caller_id "$NUMBER"
        variable moh_dir "$(music_folder)"
        printf '</include>\n'
    )
    [ -z "$NUMBER" ] || set_number
}

# Where music lies; a plain tone is made when there is none.
music_folder() {
    local found
    found=$(find "$ROOT/usr/share/freeswitch/sounds/music" -path '*/8000/*.wav' -print -quit 2>/dev/null || true)
    if [ -n "$found" ]; then found=$(dirname -- "$found"); else found="$ROOT/var/lib/sasayaki-voices/music/8000"; fi
    printf '%s' "${found#"$ROOT"}"
}

write_carriers() {
    local address
    put_once 640 root:freeswitch "$conf/site/carriers.xml" < <(
        sed '/<\/include>/d' "$source_tree/fs_conf/site/carriers.xml"
        for address in ${CARRIER_ADDRESSES[@]+"${CARRIER_ADDRESSES[@]}"}; do
            carrier_node "$address"
        done
        printf '</include>\n'
    )
    for address in ${CARRIER_ADDRESSES[@]+"${CARRIER_ADDRESSES[@]}"}; do add_carrier_address "$address"; done
}

carrier_node() { printf '  <node type="allow" cidr="%s"/>\n' "$1"; }

write_secrets() {
    local password
    exists "$conf/site/secrets.xml" && return
    first_time=yes
    password=$(random_password)
    put_once 640 root:freeswitch "$conf/site/secrets.xml" secret \
        < <(fill EVENT_SOCKET_PASSWORD "$password" <"$source_tree/fs_conf/site/secrets.xml.template")
    # Not once: one that is there has the password of another configuration.
    put 600 root:root /etc/fs_cli.conf secret \
        < <(printf '[default]\nhost => 127.0.0.1\nport => 8021\npassword => %s\n' "$password")
    [ -n "$ROOT" ] || [ ! -f "${HOME:-/root}/.fs_cli_conf" ] ||
        note "fs_cli reads ${HOME:-/root}/.fs_cli_conf and not /etc/fs_cli.conf, which has the new password."
}

# Calls on the FreeSWITCH that runs, asked with the log-in from before; empty when it does not say.
running_calls() {
    local answer
    answer=$(HOME="$scratch" timeout 10 fs_cli -x 'show calls count' 2>/dev/null </dev/null) || return 0
    [[ ! "$answer" =~ ([0-9]+)\ total ]] || printf '%s' "${BASH_REMATCH[1]}"
}

# Our first configuration begins with a restart, which ends all calls.
refuse_to_end_calls() {
    local calls login
    if exists "$conf/site/secrets.xml" || ! systemctl -q is-active freeswitch.service 2>/dev/null; then return 0; fi
    was_running=yes
    for login in /etc/fs_cli.conf "${HOME:-/root}/.fs_cli_conf"; do
        [ ! -f "$login" ] || cp -- "$login" "$scratch/.fs_cli_conf"
    done
    calls=$(running_calls)
    if [ "$calls" = 0 ]; then return 0; fi
    if [ -n "$END_CALLS$DRY_RUN" ]; then
        note "FreeSWITCH had ${calls:-an unknown number of} calls; its restart ${DRY_RUN:+would end}${DRY_RUN:-ended} those that ran."
        return 0
    fi
    die "FreeSWITCH has ${calls:-an unknown number of} calls (fs_cli -x 'show calls'). Its new configuration begins with a restart, \
which ends them: run this again when nobody telephones, or with --end-calls."
}

# What the switch's own file says, for the controller's settings.
event_socket_password() {
    sed -n 's/.*data="event_socket_password=\([^"]*\)".*/\1/p' "$ROOT$conf/site/secrets.xml" 2>/dev/null || true
}

write_phones() {
    local extension password first=${EXTENSIONS%-*} last=${EXTENSIONS#*-}
    if [ "$first" -gt "$last" ] || [ $((last - first)) -ge 1000 ]; then die "--extensions: write the smaller number first, and at most 1000."; fi
    for ((extension = first; extension <= last; extension++)); do
        exists "$conf/site/phones/$extension.xml" && continue
        password=$(random_password)
        put_once 640 root:freeswitch "$conf/site/phones/$extension.xml" secret \
            < <(fill EXTENSION "$extension" PASSWORD "$password" <"$source_tree/fs_conf/site/phones/phone.xml.template")
        [ -n "$DRY_RUN" ] || append_secret "$phones_list" "$extension $password"
    done
    note "the phones' passwords are in $phones_list (root only)."
}

append_secret() {
    [ -f "$ROOT$1" ] || install -D -m 600 /dev/null "$ROOT$1"
    printf '%s\n' "$2" >>"$ROOT$1"
}

write_gateway() {
    local user=${CARRIER_USERNAME:-} password=${CARRIER_PASSWORD:-} register=false
    # Both end up in an XML attribute.
    [[ "$user$password" != *[\"\<\>\&]* && "$user$password" != *'$'* ]] ||
        die "CARRIER_USERNAME or CARRIER_PASSWORD holds one of \" < > & \$; write the gateway by hand into $conf/site/gateways."
    [ -z "$password" ] || register=true
    put_once 640 root:freeswitch "$conf/site/gateways/carrier.xml" secret < <(
        fill HOST "$CARRIER" USERNAME "${user:-none}" PASSWORD "${password:-none}" REGISTER "$register" \
            <"$source_tree/fs_conf/site/gateways/gateway.xml.template"
    )
    set_gateway "$user" "$password"
    uncommented 2>/dev/null <"$ROOT$conf/site/carriers.xml" | grep -qs '<node ' || [ -n "$DRY_RUN" ] ||
        note "no --carrier-address: no call from outside is let in until $conf/site/carriers.xml names one."
}

check_configuration() {
    [ -f "$ROOT$conf/freeswitch.xml" ] || return 0
    "$here/check_fs_conf" "$ROOT$conf" >&2 || note "scripts/check_fs_conf found something serious; see above."
}
