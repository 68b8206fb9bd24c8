#!/bin/sh
# Makes sure that there is a Chromium for the browser tests and prints where. It looks where pwa/playwright.config.ts
# looks. As root on Debian or Ubuntu it installs the distribution's own; elsewhere it says what is missing.
set -eu

find_it() {
	for name in "${CHROMIUM:-}" /usr/bin/chromium chromium chromium-browser google-chrome; do
		[ -n "$name" ] && command -v "$name" && return
	done
	return 1
}

find_it && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "installing Chromium for the browser tests (apt)" >&2
	apt-get update -qq >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation >&2
	find_it && exit
fi
cat >&2 <<'SAY'
The browser tests need Chromium, and there is none.
  Debian, Ubuntu:  sudo apt-get install chromium
  Fedora:          sudo dnf install chromium
  Arch:            sudo pacman -S chromium
  macOS:           brew install --cask chromium
  or set CHROMIUM to the path of a Chromium or Chrome you have.
SAY
exit 1
