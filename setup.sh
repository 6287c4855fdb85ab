#!/usr/bin/env bash
# Gradescope's image build: an environment of our own, torch without CUDA, and a self-test. It
# needs no file beside it: some builders run it before the rest is unpacked. The build fails only
# by its exit status, so every failure ends it with a sentence. A second run does only what is left.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv
python=$environment/bin/python
export DEBIAN_FRONTEND=noninteractive PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_ROOT_USER_ACTION=ignore

# The versions of requirements-torch.txt, and PyTorch's index of builds without CUDA.
torch_index=https://download.pytorch.org/whl/cpu
torch=(torch==2.13.0 torchvision==0.28.0)
# What pyproject.toml names for the grader and for submissions; torch stays as it is.
packages=(
    "gradescope-utils>=0.5" "landlockpy>=0.2" "numpy>=1.24" "pytest>=8" "pytest-timeout>=2.3"
    "rich>=13" tzdata "tomli>=2; python_version < '3.11'" "watchfiles>=1"
    matplotlib pyyaml safetensors torch torchvision tqdm
)

# Not just any python3: workers run as another user, who must be able to read it.
base=${PYTHON:-/usr/bin/python3}

fail() {
    echo "setup.sh: $1" >&2
    exit 1
}

"$base" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    fail "Python 3.10 or newer is needed: choose the base image ubuntu-22.04 or a newer one."

stamp=$(cksum < "${BASH_SOURCE[0]}")
if [ "$(cat "$environment/.complete" 2> /dev/null)" != "$stamp" ]; then
    # The system's Python belongs to the platform's harness: nothing is ever installed into it.
    if ! "$base" -c 'import venv, ensurepip' 2> /dev/null; then
        apt-get install -y --no-install-recommends python3-venv ||
            { apt-get update && apt-get install -y --no-install-recommends python3-venv; } ||
            fail "python3-venv could not be installed: see apt-get's message above."
    fi
    "$base" -m venv "$environment" || fail "no virtual environment could be made in $environment."
    # These two alone, from an index of their own; what they depend on comes with the rest.
    "$python" -m pip install --no-deps --extra-index-url "$torch_index" "${torch[@]}" ||
        fail "torch could not be installed: see pip's message above."
    "$python" -m pip install "${packages[@]}" ||
        fail "what the grader depends on could not be installed: see pip's message above."
    # The grader is not installed: it lies beside this file, now or later.
    "$python" -c 'import sys, sysconfig
open(sysconfig.get_path("purelib") + "/grader.pth", "w").write(sys.argv[1] + "\n")' "$here"
    echo "$stamp" > "$environment/.complete"
fi

modules=(
    numpy pytest pytest_timeout gradescope_utils rich yaml safetensors tqdm matplotlib
    torch torchvision
)
if [ -d "$here/grader" ]; then
    modules+=(grader.cli)
    # So that no grading compiles it anew: the platform starts each one in a fresh container.
    "$python" -m compileall -q "$here/grader" || fail "the grader's files are damaged."
fi
"$python" -I - "${modules[@]}" <<'PYTHON' || fail "the self-test failed: students would get no grade from this image."
import importlib
import sys

# A torchvision built for CUDA beside a torch without it: its operators are not there, nothing
# else is wrong, and the workers declare this one themselves.
HARMLESS = ("torchvision", "operator torchvision::nms does not exist")

broken = False
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        if (name, str(error)) == HARMLESS:
            print(f"self-test: {name}: {error} (harmless)")
            continue
        print(f"self-test: {name} cannot be imported: {type(error).__name__}: {error}")
        broken = True
sys.exit(broken)
PYTHON
if [ ! -d "$here/grader" ]; then
    echo "setup.sh: the environment is ready; the grader is still to be unpacked beside this file"
    exit 0
fi
options=()
for images in "$here"/images/*.npz; do
    [ ! -f "$images" ] || options+=(--data "$images")
done
[ ! -f "$here/tape.npz" ] || options+=(--tape "$here/tape.npz")
"$python" -I -m grader doctor ${options[@]+"${options[@]}"} ||
    fail "the grader cannot work in this image: see its report above."
echo "setup.sh: ready"
