#!/bin/sh
# Puts a data folder as this version writes it, with a backup and an export, among those that every later version must read:
#   .ci/released.sh 1        makes server/testdata/released/1.tar.gz
# Once for each release; a folder that is there is never made again.
set -eu
cd "$(dirname "$0")/.."
name=${1:?name of the release}
kept=$PWD/server/testdata/released/$name.tar.gz
[ ! -e "$kept" ] || { echo "$kept is there, and stays as it is"; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
run() { command=$1; shift; bin/lofteslogg $command --data "$folder/data" "$@"; }

make build
run sample --town-name Övningsby --entries 60 --seed 7
run backup
run export >"$folder/all.jsonl"
entry=$(sed -n 's/.*\\"e\\":\\"\([0-9a-f-]*\)\\".*foot_patrol.*/\1/p' "$folder/all.jsonl" | tail -n 1)
run erase --entity "$entry" --reason namn --decision 'KS 2026/1' --yes
run 'town catalog' | sed 's/"Fotpatrull"/"Fotpatrullering"/' >"$folder/kinds.json"
run 'town catalog' --file "$folder/kinds.json"
run export >"$folder/export.jsonl"
rm -rf "$folder/data/copies" "$folder/data/in-use.lock"
mkdir -p "$(dirname "$kept")"
tar -C "$folder" --owner 0 --group 0 -czf "$kept" data export.jsonl
echo "$kept"
