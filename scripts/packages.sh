#!/bin/sh
# Installs the Debian packages that weft and its tests need and that are not there yet.
# Usage: packages.sh build|test
set -eu

build="git libmnl-dev libnftables-dev libjansson-dev pkg-config iproute2 util-linux mount"
test="bash chromium diffutils findutils iputils-ping nftables procps python3 python3-jsonschema python3-yaml strace tshark runc busybox-static"
# User-mode Linux, see scripts/uml.sh. Not every system has it.
[ "${WEFT_SKIP_UML:-}" = 1 ] || test="$test user-mode-linux kmod"
case "${1:-build}" in
build) wanted=$build ;;
test) wanted="$build $test" ;;
*) echo "usage: packages.sh build|test" >&2; exit 64 ;;
esac

if ! command -v swift >/dev/null; then
    echo "weft: no 'swift' in PATH: install Swift 6.2 or newer from https://www.swift.org/install/linux" >&2
    exit 10
fi

missing=
for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
        echo "weft: these Debian packages are missing:$missing; as root: apt-get install$missing" >&2
        exit 10
    fi
    as_root=sudo
fi
echo "weft: installing$missing" >&2
$as_root apt-get update -q >/dev/null
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends $missing >/dev/null
