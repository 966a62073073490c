"""What is installed beside the package itself, and the command that installs what is missing."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shlex
import sys

__all__ = ["install_command", "is_installed"]

_EXTRA = re.compile(r"""\bextra\s*==\s*['"]([a-z]+)['"]""")


def is_installed(module: str) -> bool:
    """Whether a module can be imported."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package it is a part of
        return False


def install_command(extra: str) -> str:
    """Return the command that installs an extra into the environment that is running, ready to be typed.

    It names the packages, and not ``imr-rules[extra]``: this package may have come from a checkout or a file, and
    then no index knows it.
    """
    try:
        every = importlib.metadata.requires("imr-rules") or []
    except importlib.metadata.PackageNotFoundError:  # run from its source
        every = []
    wanted = []
    for each in every:
        requirement, _, marker = each.partition(";")
        if extra in _EXTRA.findall(marker):
            wanted.append(shlex.quote(requirement.strip()))
    packages = " ".join(wanted) or shlex.quote(f"imr-rules[{extra}]")
    return f"{shlex.quote(sys.executable)} -m pip install {packages}"
