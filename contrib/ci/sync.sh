#!/bin/sh
# Brings a branch of a repository of topologies to this host for weft agent to watch: whole, or not at all.
# Usage: sync.sh REPOSITORY BRANCH TOPOLOGY DIRECTORY
# DIRECTORY/current is a link to the files of the branch's newest commit. It is turned once they are all there and
# TOPOLOGY in them is valid; until then it leads to the commit before. Ends with 4 if TOPOLOGY is invalid.
set -eu
[ $# = 4 ] || { echo "usage: sync.sh REPOSITORY BRANCH TOPOLOGY DIRECTORY" >&2; exit 64; }
repository=$1 branch=$2 topology=$3 directory=$4

mkdir -p "$directory/commits"
cd "$directory"
# One at a time, should a run take longer than a timer's period.
exec 9>lock
flock -n 9 || { echo "sync.sh: another run is at it" >&2; exit 0; }
rm -rf draft

[ -d repository.git ] || git init --quiet --bare repository.git
git -C repository.git fetch --quiet --depth 1 --update-shallow --force "$repository" "$branch"
commit=$(git -C repository.git rev-parse FETCH_HEAD)
before=$(readlink current || true)
[ "$before" != "commits/$commit" ] || exit 0

mkdir draft
git -C repository.git archive --format=tar "$commit" >draft/files.tar
tar -x -C draft -f draft/files.tar
rm draft/files.tar
weft check "draft/$topology"
rm -rf "commits/$commit"
mv draft "commits/$commit"
ln -sfn "commits/$commit" next
mv -T next current

# The one before stays for whoever is reading it just now.
for old in commits/*; do
    [ "$old" = "commits/$commit" ] || [ "$old" = "$before" ] || rm -rf "$old"
done
