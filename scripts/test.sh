#!/bin/sh
# Runs every test in namespaces of its own, so that none can reach the machine: as root and as an ordinary user when
# started by root, else as the user that started it; then, in User-mode Linux, those that need a kernel with all that a
# network profile may ask for. Arguments go to the test runner, and without WEFT_UML=1 leave User-mode Linux out:
# scripts/test.sh --filter Planner. WEFT_SKIP_UML=1 leaves it out as well.
set -eu
cd "$(dirname "$0")/.."

[ "${WEFT_SKIP_BUILD:-}" = 1 ] || swift build --build-tests
bundle=.build/debug/weftPackageTests.xctest
prepare='mount -t tmpfs tmpfs /run && ip link set lo up'
export WEFT_TEST_NAMESPACES=1

in_user_mode_linux() {
    [ $# = 0 ] || [ "${WEFT_UML:-}" = 1 ] || return 0
    if [ "${WEFT_SKIP_UML:-}" = 1 ]; then
        [ "${CI:-}" != true ] || { echo "weft: WEFT_SKIP_UML=1 is for developers, not for CI" >&2; exit 10; }
        echo "== not in User-mode Linux, by WEFT_SKIP_UML=1"
        return
    fi
    [ $# != 0 ] || set -- --filter 'FullKernel|every topology'
    echo "== in User-mode Linux"
    if ! command -v linux.uml >/dev/null; then
        echo "weft: no linux.uml: install Debian's user-mode-linux (scripts/packages.sh test), or set WEFT_SKIP_UML=1" >&2
        exit 10
    fi
    # It takes a few minutes, and on a busy machine a multiple of that.
    WEFT_TEST_FULL_KERNEL=1 WEFT_UML_SECONDS="${WEFT_UML_SECONDS:-1500}" scripts/uml.sh "$bundle" --testing-library swift-testing "$@"
}

if [ "$(id -u)" != 0 ]; then
    if ! unshare --user --map-root-user --net --mount true 2>/dev/null; then
        echo "weft: the tests need root or user namespaces: run as root, or sysctl kernel.unprivileged_userns_clone=1" >&2
        exit 10
    fi
    unshare --user --map-root-user --net --mount --pid --mount-proc --fork --kill-child \
        sh -c "$prepare && exec \"\$@\"" sh "$bundle" --testing-library swift-testing "$@"
    in_user_mode_linux "$@"
    exit
fi

echo "== as root"
unshare --net --mount --pid --mount-proc --fork --kill-child \
    sh -c "$prepare && exec \"\$@\"" sh "$bundle" --testing-library swift-testing "$@"

echo "== as an ordinary user"
# The checkout may lie where only root can look: what the tests read is copied to /mnt, in a mount namespace of this
# run's own.
unshare --mount --fork --kill-child sh -ec '
    mount -t tmpfs tmpfs /mnt
    mkdir -p /mnt/.build/debug
    cp -R contrib docs schema Tests topologies /mnt
    cp .build/debug/weft .build/debug/weftPackageTests.xctest /mnt/.build/debug
    chmod -R a+rX /mnt
    cd /mnt
    export HOME=/tmp TMPDIR=/tmp WEFT_REPOSITORY=/mnt
    prepare=$1; shift
    exec setpriv --reuid=65534 --regid=65534 --clear-groups \
        unshare --user --map-root-user --net --mount --pid --mount-proc --fork --kill-child \
        sh -c "$prepare && exec \"\$@\"" sh "$@"
' sh "$prepare" "./$bundle" --testing-library swift-testing "$@"

in_user_mode_linux "$@"
