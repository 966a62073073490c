"""A pytest plugin: every YAML case with an ``expect:`` block is a test.

pytest loads this in every environment that has imr-rules, for whatever project. It therefore stands outside
the package, which takes a while to import, and imports it only once a fixture of ours has been found.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_LOOKS_LIKE_ONE = re.compile(rb"^expect:", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the rulebook."""
    group = parser.getgroup("imr-rules", "fixtures of imr-rules")
    group.addoption(
        "--imr-rulebook",
        metavar="DIR",
        default=None,
        help="rulebook to judge fixtures by: the one in ./rulesets, else the one shipped with imr-rules",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a YAML case that says what answer it must get, and no other file."""
    if file_path.suffix != ".yaml":
        return None
    try:
        raw = file_path.read_bytes()
    except OSError:
        return None
    if not _LOOKS_LIKE_ONE.search(raw):
        return None
    from imr_rules.workbench import fixture_tests

    return fixture_tests.collect(file_path, raw, parent)
