#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: on Ubuntu 22.04 or later, or on Debian. It needs apt's
# packages and PyPI; grading itself needs no network. Whatever is missing ends the build here, with a sentence, and not
# later at a student's submission.
set -euo pipefail
source=/autograder/source
home=/opt/coursekit
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

say() { echo "coursekit: $*"; }
install() { apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; }

# Whether this is a Python that can make an environment, and that takes every package in its pinned version. `any` one
# is the last resort: Debian 12 has 3.11.2, which some packages find too old, and Ubuntu 22.04 a 3.11 that its makers
# call unfinished.
fits() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c "
import sys, venv, ensurepip
good = sys.version_info >= @PYTHON@ and sys.version_info.releaselevel == 'final'
sys.exit(not (sys.version_info >= (3, 11) and (good or '$2' == 'any')))" >/dev/null 2>&1
}

python=""
choose() {
    for one in python3 python3.13 python3.12 python3.11; do
        if fits "$one" "${1:-final}"; then python="$(command -v "$one")"; return 0; fi
    done
    return 1
}

# Each way to a Python: the one that is there, the distribution's, a standalone build by uv, Ubuntu's deadsnakes.
from_apt() {
    install python3 python3-venv || true
    choose && return 0
    for version in 3.13 3.12 3.11; do
        install "python$version" "python$version-venv" && choose && return 0
    done
    return 1
}
from_uv() {
    install python3 python3-venv || true
    python3 -m venv /opt/uv && /opt/uv/bin/python -m pip install -q uv || return 1
    export UV_PYTHON_INSTALL_DIR=$home-python UV_HTTP_TIMEOUT=60
    timeout 300 /opt/uv/bin/uv python install -q 3.12 2>/dev/null || return 1
    python="$(/opt/uv/bin/uv python find --managed-python 3.12)"
    fits "$python" final
}
from_deadsnakes() {
    grep -qi ubuntu /etc/os-release || return 1
    install software-properties-common && add-apt-repository -y ppa:deadsnakes/ppa >/dev/null 2>&1 || return 1
    apt-get update -qq && install python3.12 python3.12-venv && choose
}

apt-get update -qq || say "apt-get update failed: going on with what is there"
install ca-certificates || true
install libseccomp2 || say "libseccomp2 could not be installed: without it no sandbox works"
# The stronger sandbox. Where a container forbids namespaces, Landlock is used, which needs nothing.
install bubblewrap || say "bubblewrap could not be installed: Landlock will be used if the kernel has it"

choose || from_apt || from_uv || from_deadsnakes || choose any || {
    say "No Python 3.11 or later could be had: not from apt, not by uv, not from deadsnakes."
    say "Choose a base image with a newer Python (Ubuntu 24.04 has 3.12) in the autograder's settings."
    exit 1
}
say "Python: $python, $("$python" --version)"

umask 022 # the sandbox's user has to read Python
"$python" -m venv --clear "$home"
pip() { "$home/bin/python" -m pip install -q --retries 5 -r "$source/requirements.txt" "$@"; }
if ! pip -c "$source/constraints.txt"; then
    say "Not every package is to be had in its pinned version: now with pins for those alone that grading imports."
    pip || { say "The packages could not be installed: see pip's messages above."; exit 1; }
fi
packages="$("$home/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
rm -rf "$packages/coursekit" "$home/data"
cp -R "$source/coursekit" "$packages/coursekit"
if [ -d "$source/data" ]; then cp -R "$source/data" "$home/data"; else mkdir "$home/data"; fi
"$home/bin/python" -m compileall -q "$packages/coursekit"
for folder in "$home" "$home-python"; do [ ! -d "$folder" ] || chmod -R a+rX "$folder"; done
chmod -R go-rwx "$source" # the tests
"$home/bin/python" -P -m coursekit.gradescope check /autograder "$home/data"
