#!/bin/sh
# Makes sure that the browsers of the tests are there: Chromium for all of them, Firefox and WebKitGTK for the loop in
# pwa/e2e/engines.spec.ts. It looks where the tests look. As root on Debian or Ubuntu it installs the distribution's own;
# elsewhere it says what is missing. Names of browsers as arguments ask for those alone.
set -eu

chromium() { first "${CHROMIUM:-}" /usr/bin/chromium chromium chromium-browser google-chrome; }
firefox() { first "${FIREFOX:-}" /usr/bin/firefox-esr /usr/bin/firefox; }
webkit() { first /usr/bin/xvfb-run && first "${MINIBROWSER:-}" /usr/lib/x86_64-linux-gnu/webkit*/MiniBrowser; }
first() {
	for name in "$@"; do
		[ -n "$name" ] && command -v "$name" && return
	done
	return 1
}
packages() {
	case $1 in
	chromium) echo chromium fonts-liberation ;;
	firefox) echo firefox-esr ;;
	webkit) echo webkit2gtk-driver xvfb xauth ;;
	esac
}

missing=""
for browser in ${*:-chromium firefox webkit}; do
	"$browser" || missing="$missing $browser"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "installing$missing for the browser tests (apt)" >&2
	apt-get update -qq >&2
	for browser in $missing; do
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(packages "$browser") >&2
		"$browser"
	done
	exit
fi
echo "The browser tests need$missing, and it is not here." >&2
for browser in $missing; do echo "  Debian, Ubuntu:  sudo apt-get install $(packages "$browser")" >&2; done
cat >&2 <<'SAY'
  Elsewhere, install them your own way and set CHROMIUM, FIREFOX and MINIBROWSER to their paths. WebKitGTK's MiniBrowser
  is for Linux alone: on another system run the checks in a Debian container.
SAY
exit 1
