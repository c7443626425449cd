#!/bin/sh
# Runs every test in namespaces of its own, so that none can reach the machine: as root and as an ordinary user at the
# same time when started by root, else as the user that started it; then, in User-mode Linux, those that need a kernel
# with all that a network profile may ask for. Arguments go to the test runner, and without WEFT_UML=1 leave User-mode
# Linux out: scripts/test.sh --filter Planner. WEFT_SKIP_UML=1 leaves it out as well.
set -eu
cd "$(dirname "$0")/.."

[ "${WEFT_SKIP_BUILD:-}" = 1 ] || swift build --build-tests
bundle=.build/debug/weftPackageTests.xctest
prepare='mount -t tmpfs tmpfs /run && ip link set lo up'
export WEFT_TEST_NAMESPACES=1
# A crash says where.
export SWIFT_BACKTRACE=enable=yes,color=no,interactive=no,threads=crashed,timeout=60s

logs=$(mktemp -d)
running=
trap 'kill $running 2>/dev/null || true; rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM

# unshare(1) lets signals pass by; it ends with the shell that started it.
as_root() {
    setpriv --pdeathsig KILL unshare --net --mount --pid --mount-proc --fork --kill-child \
        sh -c "$prepare && exec \"\$@\"" sh "$bundle" --testing-library swift-testing "$@"
}

as_a_user_that_is_root_of_its_own() {
    setpriv --pdeathsig KILL unshare --user --map-root-user --net --mount --pid --mount-proc --fork --kill-child \
        sh -c "$prepare && exec \"\$@\"" sh "$bundle" --testing-library swift-testing "$@"
}

# The checkout may lie where only root can look: what the tests read is copied to /mnt, in a mount namespace of this
# run's own.
as_an_ordinary_user() {
    setpriv --pdeathsig KILL unshare --mount --fork --kill-child sh -ec '
        mount -t tmpfs tmpfs /mnt
        mkdir -p /mnt/.build/debug
        cp -R contrib docs schema Tests topologies /mnt
        cp .build/debug/weft .build/debug/weftPackageTests.xctest /mnt/.build/debug
        chmod -R a+rX /mnt
        cd /mnt
        export HOME=/tmp TMPDIR=/tmp WEFT_REPOSITORY=/mnt
        prepare=$1; shift
        exec setpriv --pdeathsig KILL --reuid=65534 --regid=65534 --clear-groups \
            unshare --user --map-root-user --net --mount --pid --mount-proc --fork --kill-child \
            sh -c "$prepare && exec \"\$@\"" sh "$@"
    ' sh "$prepare" "./$bundle" --testing-library swift-testing "$@"
}

in_user_mode_linux() {
    # It takes a few minutes, and on a busy machine a multiple of that.
    WEFT_TEST_FULL_KERNEL=1 WEFT_UML_SECONDS="${WEFT_UML_SECONDS:-1500}" \
        scripts/uml.sh "$bundle" --testing-library swift-testing "$@"
}

# What failed in the log $1, shortly, and for the last time: whoever reads the end of a long log reads it all. A run that
# ended without a verdict crashed, and what it said and did last tells where.
tell_failures() {
    if ! grep -aqE 'Test run with' "$1"; then
        grep -aE -A 30 'Fatal error|Crash|crashed|unexpected signal' "$1" | cut -c1-300 | head -n 60 >&2 || true
        echo "== it ended in the midst of it, and these were its last lines:" >&2
        tail -n 30 "$1" | cut -c1-300 >&2
    fi
    grep -aE -A 4 '✘.* Test .* recorded an issue' "$1" | grep -a '[✘↳]' | cut -c1-400 | head -n 40 >&2 || true
    grep -aE '✘.* Test run with' "$1" >&2 || true
}

# Runs the function $2 under the name $1 with the other arguments.
run() {
    name=$1 log="$logs/$2"
    shift
    echo "== $name"
    { "$@" 2>&1 || echo $? >"$log.status"; } | tee "$log"
    conclude "$name" "$log"
}

conclude() {
    [ -e "$2.status" ] || return 0
    echo "== $1: failed" >&2
    tell_failures "$2"
    return "$(cat "$2.status")"
}

in_namespaces() {
    if [ "$(id -u)" != 0 ]; then
        if ! unshare --user --map-root-user --net --mount true 2>/dev/null; then
            echo "weft: the tests need root or user namespaces: run as root, or sysctl kernel.unprivileged_userns_clone=1" >&2
            exit 10
        fi
        run "as an ordinary user" as_a_user_that_is_root_of_its_own "$@"
        return
    fi
    # Most of the time a test waits: for a kernel, a deadline, another program. Two runs take little longer than one.
    { as_an_ordinary_user "$@" >"$logs/user" 2>&1 || echo $? >"$logs/user.status"; } &
    running=$!
    status=0
    run "as root" as_root "$@" || status=$?
    wait "$running"
    running=
    echo "== as an ordinary user"
    cat "$logs/user"
    conclude "as root" "$logs/as_root" || true
    conclude "as an ordinary user" "$logs/user" || status=$?
    return "$status"
}

kernel_with_everything() {
    [ $# = 0 ] || [ "${WEFT_UML:-}" = 1 ] || return 0
    if [ "${WEFT_SKIP_UML:-}" = 1 ]; then
        [ "${CI:-}" != true ] || { echo "weft: WEFT_SKIP_UML=1 is for developers, not for CI" >&2; exit 10; }
        echo "== not in User-mode Linux, by WEFT_SKIP_UML=1"
        return
    fi
    if ! command -v linux.uml >/dev/null; then
        echo "weft: no linux.uml: install Debian's user-mode-linux (scripts/packages.sh test), or set WEFT_SKIP_UML=1" >&2
        exit 10
    fi
    [ $# != 0 ] || set -- --filter 'FullKernel|every topology'
    run "in User-mode Linux" in_user_mode_linux "$@"
}

in_namespaces "$@"
kernel_with_everything "$@"
