#!/usr/bin/env bash
# Times whole commands on a release build: the median of five runs each, in seconds. Takes a few minutes.
# Usage: benchmark.sh [lab]
#   lab   only a lab of a hundred hosts with a container each, against Benchmarks/lab.c, which sends the same messages.
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


# A lab of a hundred hosts and containers, and the C program that does no more than it has to, in turns.
lab() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cc -O2 -o "$work/lab" Benchmarks/lab.c
    sed 's/"containers": 10/"containers": 1/' $big >"$work/hundred.json"
    unshare --net --mount --pid --mount-proc --fork --kill-child python3 - "$weft" "$work" <<'END'
import json, os, statistics, subprocess, sys, time
weft, work = sys.argv[1:]
topology = f"{work}/hundred.json"
subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)

def run(*command):
    # What was taken down before is taken apart by the kernel in its own time, and would be paid for here.
    time.sleep(1.5)
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.monotonic() - start, text, usage.ru_maxrss / 1024

figures = {"C": [], "lab up": [], "test": [], "MiB": []}
for _ in range(7):
    figures["C"].append(float(run("unshare", "--net", "--mount", "--propagation", "private", f"{work}/lab", "100")[1]))
    figures["lab up"].append(run(weft, "lab", "up", topology, "--name", "yardstick")[0])
    subprocess.run([weft, "lab", "down", "yardstick"], stdout=subprocess.DEVNULL, check=True)
    seconds, _, memory = run(weft, "test", topology)
    figures["test"].append(seconds)
    figures["MiB"].append(memory)
median = {name: statistics.median(values) for name, values in figures.items()}
print(f"the C program: {median['C']:.3f} s")
print(f"weft lab up: {median['lab up']:.3f} s, {median['lab up'] / median['C']:.2f} times that")
print(f"weft test, 9,900 pairs by three protocols: {median['test']:.3f} s, {median['MiB']:.0f} MiB at most")
END
}

echo "$(uname -sr), $(nproc) cores, $(git rev-parse --short HEAD)"
if [ "${1:-}" = lab ]; then
    lab
    exit
fi
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
