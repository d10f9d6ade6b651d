# shellcheck shell=bash
# Sourced by scripts/provision: settings, systemd units, the reverse proxy, log files, and the start of it all.

settings=/etc/sasayaki/sasayaki.toml
units=(sasayaki-valkey.service sasayaki-controller.service sasayaki-panel.service sasayaki-voices.service sasayaki-voices.timer)
admin_password=/etc/sasayaki/admin-password

install_settings() {
    local address="" dial=""
    folder 750 root:sasayaki /etc/sasayaki
    put 644 root:root /etc/sasayaki/valkey.conf <"$here/deploy/sasayaki/valkey.conf"
    if [ -n "$JOIN" ]; then address=${SASAYAKI_FREESWITCH:-}; else address="esl://:$(event_socket_password)@127.0.0.1:8021"; fi
    [[ "$address" =~ ^[^[:cntrl:]\"\\]*$ ]] || die "SASAYAKI_FREESWITCH holds a sign that a settings file cannot; write %XX for it."
    [ -z "$CARRIER" ] || dial='sofia/gateway/carrier/{number}'
    put_once 640 root:sasayaki "$settings" secret < <(fill FREESWITCH "$address" DIAL "$dial" \
        DOMAIN "${DOMAIN:-$(domain_in "$conf/site/site.xml")}" <"$here/deploy/sasayaki/sasayaki.toml")
    # A switch whose password was made just now is asked with that one.
    [ -z "$JOIN$first_time" ] || [ -z "$address" ] || set_setting freeswitch "$address"
    [ -z "$dial" ] || set_external_dial "$dial"
}

python_version() {
    local folder
    for folder in "$ROOT$PREFIX"/.venv/lib/python3.*; do
        [ ! -d "$folder" ] || { basename -- "$folder"; return; }
    done
    printf 'python3.11' # Debian 12's
}

install_services() {
    local unit
    for unit in "${units[@]}"; do
        put 644 root:root "/etc/systemd/system/$unit" < <(fill PREFIX "$PREFIX" <"$here/deploy/systemd/$unit")
    done
    [ -n "$JOIN" ] || put 644 root:root /etc/systemd/system/freeswitch.service.d/sasayaki.conf \
        < <(fill PREFIX "$PREFIX" PYTHON "$(python_version)" <"$here/deploy/systemd/freeswitch.conf")
    [ -n "$JOIN" ] || install_logrotate
}

# Two rules for one file would stop logrotate altogether.
install_logrotate() {
    local other
    for other in "$ROOT"/etc/logrotate.d/*; do
        [ "$(basename -- "$other")" = sasayaki-freeswitch ] || ! grep -qs /var/log/freeswitch "$other" || return 0
    done
    put 644 root:root /etc/logrotate.d/sasayaki-freeswitch <"$here/deploy/logrotate/sasayaki-freeswitch"
}

install_proxy() {
    local certificate=/etc/sasayaki/tls/panel.pem key=/etc/sasayaki/tls/panel.key
    put 644 root:root /etc/nginx/sites-available/sasayaki < <(fill NAME "$PANEL_NAME" <"$here/deploy/nginx/sasayaki.conf")
    if ! exists "$certificate"; then
        did "make a certificate of our own for $PANEL_NAME"
        note "browsers warn of our own certificate: put a real one at $certificate and $key."
        [ -n "$DRY_RUN" ] || make_certificate "$certificate" "$key"
    elif ! openssl x509 -noout -checkhost "$PANEL_NAME" -in "$ROOT$certificate" 2>/dev/null | grep -q 'does match'; then
        note "the certificate $certificate is not for $PANEL_NAME: put another there, or remove it and $key to have one made."
    fi
    if ! exists /etc/nginx/sites-enabled/sasayaki; then
        did "enable the panel's site in nginx"
        [ -n "$DRY_RUN" ] || { install -d -m 755 "$ROOT/etc/nginx/sites-enabled"
            ln -s ../sites-available/sasayaki "$ROOT/etc/nginx/sites-enabled/sasayaki"; }
    fi
}

make_certificate() {
    folder 700 root:root "$(dirname -- "$1")"
    (umask 077 && quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 \
        -subj "/CN=$PANEL_NAME" -addext "subjectAltName=DNS:$PANEL_NAME" -keyout "$ROOT$2" -out "$ROOT$1")
}

start_services() {
    quietly systemctl daemon-reload
    start_now sasayaki-valkey.service
    make_prompts
    make_music
    [ -n "$JOIN" ] || start_freeswitch
    make_administrator
    start_now sasayaki-controller.service sasayaki-panel.service sasayaki-voices.timer
    if [ -n "$PANEL_NAME" ]; then quietly nginx -t; start_now nginx.service; fi
    runuser -u sasayaki -- env -C "$PREFIX" "$PREFIX/.venv/bin/python" -m fs_app check --config "$settings" >&2 ||
        note "python -m fs_app check found something wrong; see above."
}

# What was changed is restarted; what is as it was goes on with its calls.
start_now() {
    local unit
    for unit in "$@"; do
        quietly systemctl enable "$unit"
        if [ "$changes" -gt 0 ] && [ "$unit" != freeswitch.service ]; then
            quietly systemctl restart "$unit"
        else
            quietly systemctl start "$unit"
        fi
    done
}

# Its package starts it with a configuration of its own; nobody telephones through that yet. Otherwise no call is ended unasked:
# somebody may have begun to telephone since it was asked at first.
start_freeswitch() {
    local calls=0
    if [ -n "$first_time" ]; then
        quietly systemctl enable freeswitch.service
        [ -z "$was_running" ] || calls=$(running_calls)
        if [ "$calls" = 0 ] || [ -n "$END_CALLS" ]; then
            [ -z "$was_running" ] || say "restarting FreeSWITCH; it has ${calls:-an unknown number of} calls."
            quietly systemctl restart freeswitch.service
        else
            note "FreeSWITCH has ${calls:-an unknown number of} calls and goes on with the configuration from before; until \
«systemctl restart freeswitch», which ends them, neither Sasayaki nor fs_cli gets in."
        fi
        return
    fi
    start_now freeswitch.service
    if [ "$changes" -gt 0 ]; then
        note "FreeSWITCH goes on with the configuration it started with; «systemctl restart freeswitch» ends all calls, «fs_cli -x reloadxml» ends none."
    fi
}

make_prompts() {
    systemctl start sasayaki-voices.service ||
        note "the prompts were not made (journalctl -u sasayaki-voices says why); the dial codes use tones."
}

make_music() {
    local folder=/var/lib/sasayaki-voices/music/8000
    if [ -n "$JOIN" ] || [ -f "$folder/hold.wav" ] || ! grep -qs "moh_dir=$folder" "$conf/site/site.xml"; then return 0; fi
    install -d -m 755 "$folder"
    quietly sox -n -r 8000 -c 1 -b 16 "$folder/hold.wav" synth 8 pluck E4 pluck G4 pluck B4 fade 0.1 8 2 pad 0 2 gain -12
    note "no music was found; a few plucked tones stand in for it in $folder."
}

# The panel's first account. Its password goes through pipes only.
make_administrator() {
    [ ! -f "$admin_password" ] || return 0
    (umask 077 && random_password >"$admin_password")
    if runuser -u sasayaki -- env -C "$PREFIX" "$PREFIX/.venv/bin/python" -m fs_app account add admin --role administrator \
        --name Administrator --must-change --password-stdin --config "$settings" <"$admin_password" >"$scratch/log" 2>&1; then
        note "log in to the panel as «admin» with the password in $admin_password; it has to be changed then."
    else
        rm -f -- "$admin_password"
        cat "$scratch/log" >&2
        note "the account «admin» was not made; the lines above say why."
    fi
}
