#!/usr/bin/env bash
# Times whole commands on a release build: the median of five runs each, in seconds. Takes a few minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --configuration release --product weft >/dev/null
weft=$PWD/.build/release/weft
big=topologies/calico-hundred-hosts.json
small=topologies/calico-two-hosts.json
TIMEFORMAT=%R

median() {
    local label=$1
    shift
    for _ in 1 2 3 4 5; do { time "$@" >/dev/null 2>&1; } 2>&1; done | sort -n | sed -n 3p | sed "s/^/$label: /; s/\$/ s/"
}


echo "$(uname -sr), $(nproc) cores, $(git rev-parse --short HEAD)"
median "weft --version" "$weft" --version
median "check, two hosts" "$weft" check $small
median "check, hundred hosts" "$weft" check $big
median "compile, one host of a hundred" "$weft" compile $big --host h001
median "compile, all hundred hosts" "$weft" compile $big
median "test, two hosts, all 12 container pairs" "$weft" test $small
median "test, hundred hosts, 100 pairs" "$weft" test $big --pairs 100
median "test, hundred hosts, 10,000 of 999,000 pairs" "$weft" test $big
"$weft" lab up $big --name bench >/dev/null 2>&1
for step in "lab up, hundred hosts" "lab down, hundred hosts"; do
    for _ in 1 2 3 4 5; do
        case $step in
        *up*)
            "$weft" lab down bench >/dev/null
            { time "$weft" lab up $big --name bench >/dev/null 2>&1; } 2>&1
            ;;
        *)
            { time "$weft" lab down bench >/dev/null; } 2>&1
            "$weft" lab up $big --name bench >/dev/null 2>&1
            ;;
        esac
    done | sort -n | sed -n 3p | sed "s/^/$step: /; s/\$/ s/"
done
"$weft" lab down bench >/dev/null
