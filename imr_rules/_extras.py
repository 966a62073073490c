"""What is installed beside the package itself, and the command that installs what is missing."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from collections.abc import Iterator

_NAME = re.compile(r"[\w.-]+")
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
    wanted = [shlex.quote(requirement) for requirement, extras in _optional() if extra in extras]
    packages = " ".join(wanted) or shlex.quote(f"imr-rules[{extra}]")
    return f"{shlex.quote(sys.executable)} -m pip install {packages}"


def extra_with(module: str) -> str | None:
    """Return the extra that brings a module, by the name of its package; None where no extra does."""
    for requirement, extras in _optional():
        named = _NAME.match(requirement)
        if named and extras and re.sub("[-.]", "_", named[0]).lower() == module.partition(".")[0].lower():
            return extras[0]
    return None


def _optional() -> Iterator[tuple[str, list[str]]]:
    """Yield each requirement of the package as it is installed, with the extras that it belongs to."""
    from importlib.metadata import PackageNotFoundError, requires  # takes time, and is seldom needed

    try:
        every = requires("imr-rules") or []
    except PackageNotFoundError:  # run from its source
        every = []
    for each in every:
        requirement, _, marker = each.partition(";")
        yield requirement.strip(), _EXTRA.findall(marker)
