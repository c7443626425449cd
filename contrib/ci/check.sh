#!/bin/sh
# Checks a change to a repository of topologies, and tells in Markdown what it would do to hosts and containers.
# Usage: check.sh BASE TOPOLOGY REPORT
#   BASE      the commit that the change is against
#   TOPOLOGY  the topology's file or directory in the repository
#   REPORT    where to write the Markdown
# Ends with weft's exit code: 4 if the topology is invalid.
set -eu
[ $# = 3 ] || { echo "usage: check.sh BASE TOPOLOGY REPORT" >&2; exit 64; }
base=$1 topology=$2 report=$3

weft check "$topology"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! git archive --format=tar "$base" "$topology" >"$work/base.tar" 2>/dev/null; then
    echo "There is no $topology in $base: all of it is new." >"$report"
    exit
fi
tar -x -C "$work" -f "$work/base.tar"
# Whoever mends a topology that is not valid must not be held up by its being not valid.
if ! weft check "$work/$topology" >/dev/null 2>&1; then
    echo "The topology in $base is not valid, so there is nothing to compare with." >"$report"
    exit
fi

# 2 says that there is a difference, which is what a change is for.
status=0
weft diff --format markdown "$work/$topology" "$topology" >"$work/report" || status=$?
[ $status = 0 ] || [ $status = 2 ] || exit $status
sed "s|$work/||g" "$work/report" >"$report"
