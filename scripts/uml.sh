#!/usr/bin/env bash
# Runs a command, in this directory and with this environment, as root of a User-mode Linux: a whole kernel with the
# tunnels that a build machine's may lack, on the host's files, read-only. Needs no root and no network.
# Usage: uml.sh COMMAND [ARGUMENT...]
# Ends with the command's status; 124 after $WEFT_UML_SECONDS (600), 125 if the kernel did not come so far.
set -euo pipefail
[ $# != 0 ] || { echo "usage: uml.sh COMMAND [ARGUMENT...]" >&2; exit 64; }

job=$(mktemp -d)
machine=
trap '[ -z "$machine" ] || { kill -KILL "$machine"; wait "$machine"; } 2>/dev/null || true; rm -rf "$job"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cp "$(dirname "$0")/uml-init.sh" "$job/init"
chmod +x "$job/init"
printf '%s' "$PWD" >"$job/directory"
{
    export -p
    echo 'unset TMPDIR'
    printf 'cd %q\nexec' "$PWD"
    printf ' %q' "$@"
    echo
} >"$job/command"

# On a processor with AMX see uml-fxsave.py; of what runs there, the C library alone uses AVX, unless its environment forbids it.
kernel=(linux.uml) tunables=()
if grep -qw amx_tile /proc/cpuinfo; then
    kernel=("$(dirname "$0")/uml-fxsave.py" linux.uml)
    tunables=(GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX_Fast_Unaligned_Load,-XSAVE,-XSAVEC)
fi

# Its processes end with the first of a process namespace, and its memory is a file in a tmpfs of that namespace's.
alone=(unshare --mount --pid --mount-proc --fork --kill-child)
[ "$(id -u)" = 0 ] || alone+=(--user --map-root-user)
"${alone[@]}" sh -c 'mount -t tmpfs tmpfs /dev/shm && exec "$@"' sh \
    env TMPDIR=/dev/shm timeout --foreground --kill-after=5 "${WEFT_UML_SECONDS:-600}" \
    "${kernel[@]}" mem=1536M root=/dev/root rootfstype=hostfs rootflags=/ ro init="$job/init" weft_job="$job" \
    uml_dir="$job/" umid=weft con=null con0=null,fd:2 con1=null,fd:1 ssl=null quiet loglevel=1 selinux=0 "${tunables[@]}" \
    </dev/null 2>"$job/kernel" &
machine=$!
wait "$machine" && ended=0 || ended=$?
machine=

[ ! -s "$job/status" ] || exit "$(cat "$job/status")"
if [ "$ended" = 124 ]; then
    echo "weft: User-mode Linux took longer than ${WEFT_UML_SECONDS:-600} seconds" >&2
    exit 124
fi
echo "weft: User-mode Linux ended (with $ended) before the command did; what it said last:" >&2
grep -v '^ ' "$job/kernel" | tail -n 20 >&2
exit 125
