#!/bin/sh
# Installs what the tests read our feeds and pages with: programs from Debian, and packages from npm into the
# folder that RAFID_NPM names. What cannot be installed is named, and the tests that need it skip and say so.
set -u
have() { command -v "$1" >/dev/null 2>&1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

from_debian() {
	if ! have apt-get || [ "$(id -u)" != 0 ] && ! have sudo; then
		echo "tests that need these will skip: $*" >&2
		return
	fi
	export DEBIAN_FRONTEND=noninteractive
	echo "installing $*" >&2
	as_root apt-get update -qq
	as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
		echo "could not install $*; tests that need them will skip" >&2
}

# Packages for node: two feed parsers, and what examines pages. Versions are those that the tests passed with.
from_npm() {
	[ -n "${RAFID_NPM:-}" ] || return
	if ! have npm; then
		echo "no npm: tests that need $* will skip" >&2
		return
	fi
	[ "$(cat "$RAFID_NPM/installed" 2>/dev/null)" = "$*" ] && return
	echo "installing $*" >&2
	mkdir -p "$RAFID_NPM"
	if npm install --silent --no-audit --no-fund --prefix "$RAFID_NPM" "$@" >/dev/null; then
		echo "$*" >"$RAFID_NPM/installed"
	else
		echo "could not install $*; tests that need them will skip" >&2
	fi
}

set --
have newsboat || set -- "$@" newsboat
have xmllint || set -- "$@" libxml2-utils
have chromium || set -- "$@" chromium
have npm || set -- "$@" nodejs npm
/usr/bin/python3 -c 'import feedparser' 2>/dev/null || set -- "$@" python3-feedparser
/usr/bin/python3 -c 'import html5lib' 2>/dev/null || set -- "$@" python3-html5lib
ls /usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf >/dev/null 2>&1 || set -- "$@" fonts-noto-core
[ $# -eq 0 ] || from_debian "$@"
from_npm rss-parser@3.13.0 feedsmith@3.0.1 axe-core@4.14.1 html-validate@10.17.0
