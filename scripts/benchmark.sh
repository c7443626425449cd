#!/usr/bin/env bash
# Times whole commands on a release build: the median of five runs each, in seconds. Takes a few minutes.
# Usage: benchmark.sh [lab]
#   WEFT  in the environment: the release build to time, where it is there already.
#   lab   only a lab of a hundred hosts with a container each, against Benchmarks/lab.c, which sends the same messages.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${WEFT:-}" ]; then swift build --configuration release --product weft >/dev/null; fi
weft=${WEFT:-$PWD/.build/release/weft}
big=topologies/calico-hundred-hosts.json
small=topologies/calico-two-hosts.json
TIMEFORMAT=%R

median() {
    local label=$1
    shift
    for _ in 1 2 3 4 5; do { time "$@" >/dev/null 2>&1; } 2>&1; done | sort -n | sed -n 3p | sed "s/^/$label: /; s/\$/ s/"
}

# A lab of a hundred hosts and containers, and the C program that does no more than it has to, in turns; as a table.
lab() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cc -O2 -o "$work/lab" Benchmarks/lab.c
    sed 's/"containers": 10/"containers": 1/' $big >"$work/hundred.json"
    unshare --net --mount --pid --mount-proc --fork --kill-child python3 - "$weft" "$work" <<'END'
import json, os, re, statistics, subprocess, sys, time
weft, work = sys.argv[1:]
topology = f"{work}/hundred.json"
subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)

def run(*command):
    """Wall-clock and processor seconds, output, MiB at most."""
    # What was taken down before is taken apart by the kernel in its own time, and would be paid for here.
    time.sleep(1.5)
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, text, usage.ru_maxrss / 1024

def holder():
    """Processor seconds and MiB of the process that the lab lives in, so far."""
    labs = subprocess.run([weft, "lab", "list", "--format", "json"], stdout=subprocess.PIPE, check=True).stdout
    process = json.loads(labs)[0]["process"]
    times = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[11:13]
    memory = [line.split()[1] for line in open(f"/proc/{process}/status") if line.startswith("VmHWM")]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK"), int(memory[0]) / 1024

def probes(text):
    """Seconds, from `30300 probes in 899 ms`; a report in JSON would be in the test's memory."""
    number, unit = re.search(rb"probes in ([0-9.]+) (m?s)", text).groups()
    return float(number) / (1000 if unit == b"ms" else 1)

C, UP, TEST, PROBES = "the C program", "weft lab up", "weft test, all of it", "its 30,300 probes"
rows = {C: [], UP: [], TEST: [], PROBES: []}
for _ in range(7):
    _, processor, text, memory = run("unshare", "--net", "--mount", "--propagation", "private", f"{work}/lab", "100")
    rows[C].append((float(text), processor, memory))
    seconds, processor, _, _ = run(weft, "lab", "up", topology, "--name", "yardstick")
    held, memory = holder()
    rows[UP].append((seconds, processor + held, memory))
    subprocess.run([weft, "lab", "down", "yardstick"], stdout=subprocess.DEVNULL, check=True)
    seconds, processor, text, memory = run(weft, "test", topology)
    rows[TEST].append((seconds, processor, memory))
    rows[PROBES].append((probes(text),))

def cells(name):
    columns = [statistics.median(column) for column in zip(*rows[name])]
    yardstick = [statistics.median(column) for column in zip(*rows[C])]
    wall, *rest = columns
    isSame = name == UP
    yield f"{wall:.3f} s"
    yield f"{wall / yardstick[0]:.2f}" if isSame else ""
    yield f"{rest[0]:.3f} s" if rest else ""
    yield f"{rest[0] / yardstick[1]:.2f}" if isSame else ""
    yield f"{rest[1]:.0f} MiB" if rest else ""

print("| medians of seven, in turns | wall | of C's | processor | of C's | memory |")
print("|---|---|---|---|---|---|")
for name in rows:
    print(f"| {name} | " + " | ".join(cells(name)) + " |")
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
