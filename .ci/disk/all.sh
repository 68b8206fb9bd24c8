#!/bin/sh
# Everything that is done to the disk under a running server. With a number as argument each is done so often; else as often as
# fits into a run of all checks. It needs Linux and root: elsewhere it says so, and fails only where LOFTESLOGG_REQUIRE_POWER is
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

disk -rounds "${n:-25}" power
disk -rounds "${n:-20}" kills
disk -rounds "${n:-500}" crashes
disk -rounds "${n:-42}" faults
disk -rounds "${n:-300}" damages
disk -rounds 2 -fsync 2s slow
[ -z "$n" ] || disk -rounds 2 -fsync 10s slow
