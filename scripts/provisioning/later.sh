# shellcheck shell=bash
# Sourced by scripts/provision: options of a later run. A file that is the administrator's gets the values that an option names
# and stays otherwise as it is. Where that cannot be, the run is refused before it changes anything.

include_end='</include>'

# value_of BEFORE: what stands in stdin between the last BEFORE and the next ". A BEFORE that begins with a line's end means the
# beginning of a line.
value_of() {
    local text
    IFS= read -r -d '' text || true
    text=$'\n'$text
    [[ "$text" == *"$1"* ]] || return 0
    text=${text##*"$1"}
    printf '%s' "${text%%\"*}"
}

# with_value BEFORE VALUE: stdin with that value instead. By the shell itself, as fill is.
with_value() {
    local text rest
    IFS= read -r -d '' text || true
    text=$'\n'$text
    if [[ "$text" == *"$1"* ]]; then
        rest=${text##*"$1"}
        text="${text%"$1"*}$1$2\"${rest#*\"}"
    fi
    printf '%s' "${text#$'\n'}"
}

# with_line LINE: stdin with one line more before its end.
with_line() {
    local text
    IFS= read -r -d '' text || true
    printf '%s%s\n%s%s' "${text%"$include_end"*}" "$1" "$include_end" "${text##*"$include_end"}"
}

uncommented() {
    local text rest
    IFS= read -r -d '' text || true
    while [[ "$text" == *'<!--'*'-->'* ]]; do
        rest=${text#*'<!--'}
        text=${text%%'<!--'*}${rest#*'-->'}
    done
    printf '%s' "$text"
}

holds() { grep -qsF -- "$1" "$ROOT$2"; }

# change PATH WHAT [secret] <content: a file of the administrator's with another value; owner and rights stay.
change() {
    local path=$1 what=$2 secret=${3:-} new real
    new=$(mktemp "$scratch/put.XXXXXX")
    cat >"$new"
    if ! cmp -s -- "$new" "$ROOT$path"; then
        did "set $what in $path"
        if [ -n "$DRY_RUN" ]; then
            [ -n "$secret" ] || show_difference "$path" "$new"
        else
            inside_root "$path"
            real=$(realpath -- "$ROOT$path")
            cp -p -- "$real" "$real.new"
            cat -- "$new" >"$real.new"
            mv -f -- "$real.new" "$real"
        fi
    fi
    rm -f -- "$new"
}

by_hand() { die "$1: $2 is not as scripts/provision writes it, so nothing was changed. Run it without $1, and write into that file: $3"; }

check_later_run() {
    local address
    check_domain
    if [ -n "$JOIN" ]; then
        [ -z "${SASAYAKI_FREESWITCH:-}" ] || check_setting SASAYAKI_FREESWITCH freeswitch 'esl://:PASSWORD@HOST:8021'
        return 0
    fi
    if [ -n "$NUMBER" ] && exists "$conf/site/site.xml"; then
        holds 'data="support_number=' "$conf/site/site.xml" || holds "$include_end" "$conf/site/site.xml" ||
            by_hand --number "$conf/site/site.xml" "$(variable support_number "$NUMBER")"
    fi
    for address in ${CARRIER_ADDRESSES[@]+"${CARRIER_ADDRESSES[@]}"}; do
        ! exists "$conf/site/carriers.xml" || holds "$include_end" "$conf/site/carriers.xml" ||
            by_hand --carrier-address "$conf/site/carriers.xml" "$(carrier_node "$address")"
    done
    [ -n "$CARRIER" ] || return 0
    check_setting --carrier external_dial 'sofia/gateway/carrier/{number}'
    check_gateway "${CARRIER_USERNAME:-}" "${CARRIER_PASSWORD:-}"
}

# check_gateway USER PASSWORD: by trying whether each value would stand where it counts.
check_gateway() {
    local path="$conf/site/gateways/carrier.xml" text
    exists "$path" || return 0
    text=$(gateway_again "$1" "$2" <"$ROOT$path" | uncommented)
    [ "$(value_of 'name="proxy" value="' <<<"$text")" = "$CARRIER" ] &&
        { [ -z "$1" ] || [ "$(value_of 'name="username" value="' <<<"$text")" = "$1" ]; } &&
        { [ -z "$2" ] || [ "$(value_of 'name="password" value="' <<<"$text")" = "$2" ]; } ||
        by_hand --carrier "$path" "<param name=\"proxy\" value=\"$CARRIER\"/>, and realm, username and password likewise."
}

# check_setting OPTION KEY EXAMPLE
check_setting() {
    ! exists "$settings" || grep -q "^$2 = \"" "$ROOT$settings" || by_hand "$1" "$settings" "$2 = \"$3\""
}

# Agents, queues, rights and priorities are called by it.
check_domain() {
    local path known
    [ -n "$DOMAIN" ] || return 0
    for path in "$conf/site/site.xml" "$settings"; do
        exists "$path" || continue
        known=$(domain_in "$path")
        [ "$known" = "$DOMAIN" ] || die "--domain: $path says «$known», and every agent, queue and right is called by it, so no run changes \
it. To change it all the same, edit «domain» in $conf/site/site.xml and in $settings, and make agents and rights anew."
    done
}

domain_in() {
    local known=""
    [ ! -f "$ROOT$1" ] || case "$1" in
        *.toml) known=$(value_of $'\ndomain = "' <"$ROOT$1") ;;
        *) known=$(value_of 'data="domain=' <"$ROOT$1") ;;
    esac
    printf '%s' "${known:-default}"
}

# set_variable NAME VALUE: in site.xml.
set_variable() {
    local path="$conf/site/site.xml"
    if holds "data=\"$1=" "$path"; then
        change "$path" "$1" < <(with_value "data=\"$1=" "$2" <"$ROOT$path")
    else
        change "$path" "$1" < <(with_line "$(variable "$1" "$2")" <"$ROOT$path")
    fi
}

# The number that the called see follows the queue's, unless somebody chose another.
set_number() {
    local path="$conf/site/site.xml" number shown
    exists "$path" || return 0
    number=$(value_of 'data="support_number=' <"$ROOT$path")
    shown=$(value_of 'data="outbound_caller_id=' <"$ROOT$path")
    set_variable support_number "$NUMBER"
    [ -n "$shown" ] && [ "$shown" != "$number" ] || set_variable outbound_caller_id "$NUMBER"
}

add_carrier_address() {
    local path="$conf/site/carriers.xml"
    if ! exists "$path" || uncommented <"$ROOT$path" | grep -qF "cidr=\"$1\""; then return 0; fi
    change "$path" "$1" < <(with_line "$(carrier_node "$1")" <"$ROOT$path")
    reload_note "fs_cli -x reloadacl"
}

# gateway_again USER PASSWORD: stdin with another carrier, and with another log-in where one is given.
gateway_again() {
    local text proxy realm
    IFS= read -r -d '' text || true
    proxy=$(value_of 'name="proxy" value="' <<<"$text")
    realm=$(value_of 'name="realm" value="' <<<"$text")
    text=$(with_value 'name="proxy" value="' "$CARRIER" <<<"$text")
    [ "$realm" != "$proxy" ] || text=$(with_value 'name="realm" value="' "$CARRIER" <<<"$text")
    [ -z "$1" ] || text=$(with_value 'name="username" value="' "$1" <<<"$text")
    [ -z "$2" ] || text=$(with_value 'name="password" value="' "$2" <<<"$text" | with_value 'name="register" value="' true)
    printf '%s\n' "$text"
}

set_gateway() {
    local path="$conf/site/gateways/carrier.xml" before=$changes
    exists "$path" || return 0
    change "$path" "the carrier" secret < <(gateway_again "$1" "$2" <"$ROOT$path")
    [ "$changes" = "$before" ] || reload_note "fs_cli -x 'sofia profile external killgw carrier'; fs_cli -x 'sofia profile external rescan'"
}

# set_setting KEY VALUE: in the controller's settings.
set_setting() {
    ! exists "$settings" || change "$settings" "$1" secret < <(with_value $'\n'"$1 = \"" "$2" <"$ROOT$settings")
}

set_external_dial() {
    local known
    exists "$settings" || return 0
    known=$(value_of $'\nexternal_dial = "' <"$ROOT$settings")
    if [ -z "$known" ]; then set_setting external_dial "$1"; elif [[ "$known" != "${1%%\{*}"* ]]; then
        note "external_dial in $settings stays «$known»; for the gateway «carrier» write $1 there."
    fi
}

reload_note() { note "a FreeSWITCH that runs takes it with: $1"; }
