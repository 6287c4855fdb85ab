#!/usr/bin/env bash
# Make a base image like Gradescope's from Debian's packages, where no image can be pulled.
#
#     docker/local_base.sh [TAG]        (as root on Debian or Ubuntu, with a running engine)
#
# It has what setup.sh and the harness count on: apt-get, /usr/bin/python3 without pip, unzip,
# and the folders of /autograder. What this machine needs to reach its registries goes into it:
# certificates, and a folder of wheels that PIP_FIND_LINKS names.
set -euo pipefail

tag=${1:-convnet-grader-base}
suite=${SUITE:-bookworm}
certificates=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
wheels=${PIP_FIND_LINKS:-}

fail() {
    echo "docker/local_base.sh: $1" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || fail "debootstrap must run as root."
command -v debootstrap > /dev/null ||
    { apt-get update && apt-get install -y --no-install-recommends debootstrap; } > /dev/null 2>&1 ||
    fail "debootstrap is missing, and apt-get could not install it."
docker version > /dev/null 2>&1 || fail "no Docker engine answers: start it, then try again."

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
echo "docker/local_base.sh: unpacking Debian $suite (a minute or two) ..."
debootstrap --variant=minbase --include=ca-certificates,python3,unzip "$suite" "$root" \
    > "$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; fail "debootstrap failed, see above."; }
rm -f "$root.log" "$root"/var/cache/apt/archives/*.deb

mkdir -p "$root"/autograder/{source,submission,results}
[ ! -f "$certificates" ] || cp -L "$certificates" "$root/etc/ssl/certs/ca-certificates.crt"
{
    echo "[global]"
    echo "cert = /etc/ssl/certs/ca-certificates.crt"
    if [ -d "$wheels" ]; then
        mkdir -p "$root/opt/wheels"
        cp "$wheels"/*.whl "$root/opt/wheels/"
        echo "find-links = /opt/wheels"
    fi
} > "$root/etc/pip.conf"

tar -C "$root" -c . | docker import --change "WORKDIR /autograder" - "$tag" > /dev/null
echo "$tag"
