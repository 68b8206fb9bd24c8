#!/bin/sh
# Everything that is done to the disk under a running server. With a number as argument power is cut so often, and of what is
# quicker there is more; else as often as fits into a run of all checks. It needs Linux and root: elsewhere it says so, and fails only where LOFTESLOGG_REQUIRE_POWER is
# set, as it is on a build server.
set -eu
cd "$(dirname "$0")/../.."

if [ "$(id -u)" != 0 ] || [ ! -e /dev/fuse ] || [ ! -e /dev/loop-control ]; then
	echo "0 rounds: power cuts need Linux, root, FUSE and loop devices"
	[ -z "${LOFTESLOGG_REQUIRE_POWER:-}" ]
	exit
fi
missing=""
for tool in xfs_io:xfsprogs mkfs.ext4:e2fsprogs; do command -v "${tool%:*}" >/dev/null || missing="$missing ${tool#*:}"; done
if [ -n "$missing" ]; then
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
CGO_ENABLED=0 go build -trimpath -tags timetzdata -o "$folder/server" ./server
CGO_ENABLED=0 go build -trimpath -tags failpoint,timetzdata -o "$folder/unsafe" ./server
n=${1:-}
seed=${SEED:-$(date +%s)}
echo "SEED=$seed"
disk() { bin/disk -binary "$folder/server" -seed "$seed" "$@"; }
# Shown to fail: a server that leaves out every fsync.
bin/disk -binary "$folder/unsafe" -seed "$seed" -control -rounds 8 power
bin/disk -binary "$folder/unsafe" -seed "$seed" -control -rounds 20 crashes
bin/disk -binary "$folder/unsafe" -seed "$seed" -control -rounds 20 upkeep

often() { if [ -n "$n" ]; then echo $((n * $2)); else echo "$1"; fi; }
disk -rounds "$(often 25 1)" power
disk -rounds "$(often 20 1)" kills
disk -rounds "$(often 500 40)" crashes
disk -rounds "$(often 60 8)" upkeep
disk -rounds "$(often 42 1)" faults
disk -rounds "$(often 300 4)" damages
disk -rounds 2 -fsync 2s slow
[ -z "$n" ] || disk -rounds 2 -fsync 10s slow
