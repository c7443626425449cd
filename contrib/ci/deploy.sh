#!/bin/sh
# Brings the host that it runs on to a topology, in two steps with time to look between them.
# Usage: deploy.sh plan TOPOLOGY HOST PLAN    saves what would be done, and prints it
#        deploy.sh apply TOPOLOGY HOST PLAN   does just that, and makes sure that nothing is left to do
# Ends with weft's exit code: 5 if the host has changed since the plan was made, so that it has to be made anew.
set -eu
[ $# = 4 ] || { echo "usage: deploy.sh plan|apply TOPOLOGY HOST PLAN" >&2; exit 64; }
step=$1 topology=$2 host=$3 plan=$4

case $step in
plan) weft plan "$topology" --host "$host" --out "$plan" ;;
apply)
    # shellcheck disable=SC2086 # such as: --confirm 60s --confirm-if reach:192.168.100.1
    weft apply "$plan" --host "$host" ${WEFT_APPLY_OPTIONS:-}
    weft plan "$topology" --host "$host" --exit-code
    ;;
*) echo "deploy.sh: there is no step '$step': plan or apply" >&2; exit 64 ;;
esac
