#!/bin/sh
# Installs from Debian what the tests read our feeds and pages with. What cannot be installed is named,
# and the tests that need it skip and say so.
set -u
missing=
have() { command -v "$1" >/dev/null 2>&1; }
have newsboat || missing="$missing newsboat"
have xmllint || missing="$missing libxml2-utils"
have chromium || missing="$missing chromium"
/usr/bin/python3 -c 'import feedparser' 2>/dev/null || missing="$missing python3-feedparser"
/usr/bin/python3 -c 'import html5lib' 2>/dev/null || missing="$missing python3-html5lib"
ls /usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf >/dev/null 2>&1 || missing="$missing fonts-noto-core"
[ -z "$missing" ] && exit 0
if ! have apt-get || [ "$(id -u)" != 0 ] && ! have sudo; then
	echo "tests that need these will skip:$missing" >&2
	exit 0
fi
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
export DEBIAN_FRONTEND=noninteractive
echo "installing$missing" >&2
as_root apt-get update -qq
# shellcheck disable=SC2086
as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
	echo "could not install$missing; tests that need them will skip" >&2
exit 0
