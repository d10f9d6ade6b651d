# shellcheck shell=bash
# Sourced by scripts/provision: how files are written. A file is ours while it is as we last wrote it; anything else is
# somebody's work, is told about and kept as NAME.orig before it is replaced.

manifest_path=/var/lib/sasayaki-provision/manifest
changes=0
notes=()
mounted=""

say() { printf 'provision: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
note() { notes+=("$*"); }

begin() {
    scratch=$(mktemp -d)
    chmod 700 "$scratch"
    trap leave EXIT
    : >"$scratch/manifest"
    [ ! -f "$ROOT$manifest_path" ] || cp -- "$ROOT$manifest_path" "$scratch/manifest"
}

# Programs of a staging folder need /proc as any program does (bash's <(…) among them).
enter_root() {
    if [ -z "$ROOT" ] || [ -e "$ROOT/proc/self" ]; then return 0; fi
    mount -t proc proc "$ROOT/proc" || die "$ROOT/proc cannot be mounted, and its programs need it."
    mounted=yes
}

leave() {
    [ -z "$mounted" ] || umount "$ROOT/proc" || say "$ROOT/proc is still mounted."
    rm -rf -- "$scratch"
}

# did WHAT: one change was made, or would be.
did() {
    changes=$((changes + 1))
    say "${DRY_RUN:+would: }$*"
}

exists() { [ -e "$ROOT$1" ] || [ -L "$ROOT$1" ]; }

# in_root COMMAND…: on the machine that is set up.
in_root() { if [ -n "$ROOT" ]; then chroot "$ROOT" "$@"; else "$@"; fi; }

# Whether programs of the machine that is set up can be run at all.
can_run_there() { [ -z "$ROOT" ] || { [ "$(id -u)" -eq 0 ] && [ -x "$ROOT/usr/bin/dpkg" ]; }; }

checksum_of() { sha256sum -- "$1" | cut -d ' ' -f 1; }

is_ours() {
    local path=$1 line
    line="$(checksum_of "$ROOT$path")  $path"
    grep -qxF -- "$line" "$scratch/manifest"
}

# remember PATH SUM: what we wrote there, for the next run.
remember() {
    # A line is a checksum of 64 characters, two blanks and the path.
    awk -v path="$1" 'substr($0, 67) != path' "$scratch/manifest" >"$scratch/manifest.new"
    printf '%s  %s\n' "$2" "$1" >>"$scratch/manifest.new"
    mv -- "$scratch/manifest.new" "$scratch/manifest"
}

# put MODE OWNER:GROUP PATH [secret] <content: a file of ours. With «secret» its content is never shown.
# Its input comes by redirection and not through a pipe, whose end is a shell of its own that could count no change.
put() {
    local mode=$1 owner=$2 path=$3 secret=${4:-} new verb
    new=$(mktemp "$scratch/put.XXXXXX")
    cat >"$new"
    if exists "$path" && [ ! -L "$ROOT$path" ] && cmp -s -- "$new" "$ROOT$path"; then
        remember "$path" "$(checksum_of "$new")"
        set_rights "$mode" "$owner" "$path"
        rm -f -- "$new"
        return
    fi
    if ! exists "$path"; then
        verb="write $path"
    elif [ ! -L "$ROOT$path" ] && is_ours "$path"; then
        verb="update $path"
    else
        verb="replace $path, which is not as we wrote it; it is kept as $(spare_name "$path")"
    fi
    did "$verb"
    if [ -n "$DRY_RUN" ]; then
        [ -n "$secret" ] || show_difference "$path" "$new"
    else
        [[ "$verb" != replace* ]] || mv -- "$ROOT$path" "$ROOT$(spare_name "$path")"
        write "$mode" "$owner" "$path" "$new"
        remember "$path" "$(checksum_of "$new")"
    fi
    rm -f -- "$new"
}

# put_once …: as put, but only where there is nothing; such a file is the administrator's from then on.
put_once() {
    local new
    if exists "$3"; then
        cat >/dev/null
        return
    fi
    did "write $3 (yours from now on)"
    new=$(mktemp "$scratch/put.XXXXXX")
    cat >"$new"
    if [ -n "$DRY_RUN" ]; then
        [ -n "${4:-}" ] || show_difference "$3" "$new"
    else
        write "$1" "$2" "$3" "$new"
    fi
    rm -f -- "$new"
}

# The first free name among PATH.orig, PATH.orig.1 …
spare_name() {
    local path=$1 number=0 name="$1.orig"
    while exists "$name"; do
        number=$((number + 1))
        name="$path.orig.$number"
    done
    printf '%s' "$name"
}

show_difference() {
    local old="$ROOT$1"
    [ -f "$old" ] || old=/dev/null
    diff -u --label "$1 (now)" --label "$1 (new)" -- "$old" "$2" >&2 || true
}

# write MODE OWNER PATH NEW: whole or not at all, never readable by more people in between.
write() {
    local mode=$1 owner=$2 path=$3 new=$4 folder
    folder=$(dirname -- "$path")
    inside_root "$folder"
    [ -d "$ROOT$folder" ] || install -d -m 755 -- "$ROOT$folder"
    install -m 600 -- "$new" "$ROOT$path.new"
    own "$owner" "$ROOT$path.new"
    chmod -- "$mode" "$ROOT$path.new"
    mv -f -- "$ROOT$path.new" "$ROOT$path"
}

# A link in a staging folder must not lead out of it.
inside_root() {
    local real
    [ -n "$ROOT" ] || return 0
    real=$(realpath -m -- "$ROOT$1")
    case "$real/" in "$ROOT"/*) ;; *) die "$ROOT$1 leads out of $ROOT; nothing is written there." ;; esac
}

set_rights() {
    local mode=$1 owner=$2 path=$3
    [ "$(stat -c %a -- "$ROOT$path")" != "$mode" ] || { own "$owner" "$ROOT$path"; return; }
    did "set the rights of $path to $mode"
    [ -n "$DRY_RUN" ] || { own "$owner" "$ROOT$path"; chmod -- "$mode" "$ROOT$path"; }
}

# folder MODE OWNER PATH
folder() {
    if ! exists "$3"; then
        did "make the folder $3"
        [ -n "$DRY_RUN" ] || { inside_root "$3"; install -d -m "$1" -- "$ROOT$3"; }
    fi
    [ -n "$DRY_RUN" ] || { own "$2" "$ROOT$3"; chmod -- "$1" "$ROOT$3"; }
}

# own USER:GROUP FILE: by the numbers of the machine that is set up; without its accounts, or not as root, left alone.
own() {
    local user group
    [ "$(id -u)" -eq 0 ] && [ -z "$DRY_RUN" ] || return 0
    user=$(number_in "$ROOT/etc/passwd" "${1%%:*}")
    group=$(number_in "$ROOT/etc/group" "${1##*:}")
    [ -z "$user" ] || [ -z "$group" ] || chown -h -- "$user:$group" "$2"
}

number_in() { [ ! -f "$1" ] || awk -F : -v name="$2" '$1 == name { print $3; exit }' "$1"; }

# A password of 192 random bits that needs quoting nowhere.
random_password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# fill NAME VALUE …: replaces @NAME@ in stdin. By the shell itself: a value in another program's arguments could be seen.
fill() {
    local text
    IFS= read -r -d '' text || true
    while [ $# -gt 0 ]; do
        text=${text//"@$1@"/"$2"}
        shift 2
    done
    printf '%s' "$text"
}

save_manifest() {
    LC_ALL=C sort -k 2 -o "$scratch/manifest" -- "$scratch/manifest"
    if [ -z "$DRY_RUN" ] && ! cmp -s -- "$scratch/manifest" "$ROOT$manifest_path"; then
        write 600 root:root "$manifest_path" "$scratch/manifest"
    fi
}

report() {
    local line
    if [ "$changes" -eq 0 ]; then say "everything is as it should be; nothing was changed."; else
        say "$changes changes ${DRY_RUN:+would be }made."
    fi
    for line in ${notes[@]+"${notes[@]}"}; do say "note: $line"; done
}
