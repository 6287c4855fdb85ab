#!/usr/bin/env bash
# See that a Docker engine answers; where none does, install Debian's and start it (root only).
# Prints the process id of an engine that it started, so that the caller can end it. Where none
# can be had it ends with status 1 and a sentence that says why.
set -euo pipefail

answers() { command -v docker > /dev/null && docker version > /dev/null 2>&1; }

fail() {
    echo "docker/start_engine.sh: $1" >&2
    exit 1
}

! answers || exit 0
[ "$(id -u)" -eq 0 ] || fail "no engine answers, and only root can start one."
if ! command -v dockerd > /dev/null; then
    command -v apt-get > /dev/null || fail "no engine answers, and there is no apt-get to install one."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends docker.io; } > /dev/null 2>&1 ||
        fail "docker.io could not be installed."
    ! answers || exit 0 # the package may have started it
fi
log=$(mktemp)
# Rules for a firewall often cannot be set in a sandbox; builds use the host's network instead.
setsid dockerd --iptables=false > "$log" 2>&1 < /dev/null &
engine=$!
for _ in $(seq 60); do
    if answers; then
        echo "$engine"
        exit 0
    fi
    kill -0 "$engine" 2> /dev/null || break
    sleep 1
done
tail -n 5 "$log" >&2
kill "$engine" 2> /dev/null || true
fail "the engine does not start; its last words are above."
