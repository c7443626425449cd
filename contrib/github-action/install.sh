#!/bin/sh
# Prints weft=PATH: of the weft that $WEFT names, or of one that is built from SOURCE.
# Usage: install.sh SOURCE FOLDER
set -eu
[ $# = 2 ] || { echo "usage: install.sh SOURCE FOLDER" >&2; exit 64; }
source=$1 folder=$2

libraries="libmnl0 libnftables1 libjansson4"
if [ -n "${WEFT:-}" ]; then
    if ! command -v "$WEFT" >/dev/null; then
        echo "weft: there is no program '$WEFT'" >&2
        exit 10
    fi
    "$WEFT" --version >&2 || {
        echo "weft: '$WEFT' does not run here; it may need$(printf ' %s' $libraries)" >&2
        exit 10
    }
    echo "weft=$(command -v "$WEFT")"
    exit
fi

"$source"/scripts/packages.sh build >&2
swift build --package-path "$source" --scratch-path "$folder" --configuration release --product weft >&2
echo "weft=$folder/release/weft"
