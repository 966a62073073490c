"""Fixtures as tests of pytest; :mod:`pytest_imr_rules` is the plugin that finds them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from imr_rules.case import Case
from imr_rules.errors import ImrRulesError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.in_use import in_use
from imr_rules.screening import screen
from imr_rules.workbench.fixtures import differences, holds_an_expectation, report

_RULEBOOKS = pytest.StashKey[dict[str | None, Rulebook]]()


def collect(path: Path, raw: bytes, parent: pytest.Collector) -> pytest.Collector | None:
    """Return the test file for a YAML file that is a fixture by its look, or None."""
    if not holds_an_expectation(raw.decode("utf-8", errors="replace")):
        return None
    return FixtureFile.from_parent(parent, path=path)


class FixtureFile(pytest.File):
    """A YAML case with an ``expect:`` block."""

    def collect(self) -> Iterable[FixtureTest]:
        """Return the one test that it is."""
        yield FixtureTest.from_parent(self, name="expect")


class _Differs(Exception):
    """A fixture did not get its answer; the text says how."""


class FixtureTest(pytest.Item):
    """The test that a fixture gets its answer."""

    def runtest(self) -> None:
        """Screen the case, and hold the answers against those it expects."""
        stash = self.config.stash
        case = Case.from_file(self.path)
        which = case.expect.rulebook if case.expect else None
        books = stash.setdefault(_RULEBOOKS, {})
        if which not in books:
            named = self.config.getoption("--imr-rulebook")
            books[which] = Rulebook.load(*in_use(Path(named) if named else None, which=which).directories)
        rulebook = books[which]
        if which not in (None, rulebook.name):
            pytest.skip(f"it is of the rulebook {which}, and this is {rulebook.name}")
        screening = screen(case, rulebook)
        if differences(case, rulebook, screening):
            raise _Differs(report(case, screening))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """Return what differs, or what is wrong with the file: no traceback."""
        if isinstance(excinfo.value, _Differs):
            hint = f"If this is meant: imr-rules test {self.path.name} --update"
            return f"{self.path}\n{excinfo.value}\n{hint}"
        if isinstance(excinfo.value, ImrRulesError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return what the test is called in reports."""
        return self.path, 0, self.path.stem
