#!/usr/bin/env bash
# Gradescope's image build: an environment of our own, torch without CUDA, the grader, and a
# self-test. The build fails only by its exit status, so every failure ends it with a sentence.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv
python=$environment/bin/python
export DEBIAN_FRONTEND=noninteractive PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_ROOT_USER_ACTION=ignore

# Not just any python3: workers run as another user, who must be able to read it.
base=${PYTHON:-/usr/bin/python3}

fail() {
    echo "setup.sh: $1" >&2
    exit 1
}

"$base" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    fail "Python 3.10 or newer is needed: choose the base image ubuntu-22.04 or a newer one."

# The system's Python belongs to the platform's harness: nothing is ever installed into it.
if ! "$base" -c 'import venv, ensurepip' 2> /dev/null; then
    apt-get install -y --no-install-recommends python3-venv ||
        { apt-get update && apt-get install -y --no-install-recommends python3-venv; } ||
        fail "python3-venv could not be installed: see apt-get's message above."
fi
"$base" -m venv "$environment" || fail "no virtual environment could be made in $environment."

# requirements-torch.txt names the versions and PyTorch's CPU index, for these two alone. What
# they depend on comes with the grader, from the default index; they stay as they are.
"$python" -m pip install --no-deps -r "$here/requirements-torch.txt" ||
    fail "torch could not be installed: see pip's message above."
"$python" -m pip install "${here}[student]" ||
    fail "the grader or what it depends on could not be installed: see pip's message above."

"$python" -I - <<'PYTHON' || fail "the self-test failed: students would get no grade from this image."
import importlib
import sys

MODULES = (
    "numpy", "pytest", "pytest_timeout", "gradescope_utils", "rich", "yaml", "safetensors",
    "tqdm", "matplotlib", "torch", "torchvision", "grader.cli",
)
# A torchvision built for CUDA beside a torch without it: its operators are not there, nothing
# else is wrong, and the workers declare this one themselves.
HARMLESS = ("torchvision", "operator torchvision::nms does not exist")

broken = False
for name in MODULES:
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
"$python" -I -m grader doctor || fail "the grader cannot work in this image: see its report above."
echo "setup.sh: ready"
