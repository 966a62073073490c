"""On save: what lint, the fixtures and the receipt say of what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from imr_rules._extras import install_command, is_installed
from imr_rules.errors import CaseError, ImrRulesError, Problem, RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.screening import screen
from imr_rules.workbench.fixtures import Fixture, differences, fixtures_in, report
from imr_rules.workbench.lint import LINTS, checked
from imr_rules.workbench.lint.book import Book

_QUICK = tuple(each for each in LINTS if each.requires is None)
"""The checks made on every save; those that need the solver take seconds, and wait for ``imr-rules lint``."""


class Watch:
    """A rulebook and its fixtures, looked at anew whenever a file of theirs is saved.

    The receipt compares with the rulebook as it was when the watch began: it says what the edits so far come
    to, not what the last of them did.

    Args:
        directories: those of the rulebook and of its layers; they may be broken when the watch begins.
        fixtures: a directory of fixtures, or a file; where there is none, nothing is tested.
    """

    def __init__(self, directories: tuple[Path, ...], fixtures: Path) -> None:
        self.directories, self.fixtures = directories, fixtures
        self._began, _ = self._load()
        self._cases: dict[Path, tuple[float, list[Fixture]]] = {}

    def look(self, changed: Iterable[Path]) -> Iterator[str]:
        """Yield, line by line, what there is to say after some files were saved."""
        paths = {path.resolve() for path in changed}
        base, *layers = self.directories
        books = [Book.open(base), *(Book.open(layer, base) for layer in layers)]
        found = [each for book in books for each in checked(book, _QUICK).findings]
        rulebook, problems = self._load()
        if found or problems:
            yield from dict.fromkeys(map(str, found or problems))
        else:
            yield "lint: nothing found"
        if rulebook is None:
            return
        asked: list[Fixture] = []
        try:
            asked += self._asked(rulebook, paths)
            yield from self._tested(rulebook, asked)
        except ImrRulesError as error:
            yield from str(error).splitlines()
        if self._began is None:
            self._began = rulebook
        elif not is_installed("z3"):
            yield f"receipt: needs z3, which is not installed: {install_command('workbench')}"
        else:
            from imr_rules.workbench.diff import receipt, receipt_report
            from imr_rules.writing.terminal import terminal

            report = receipt_report(receipt(self._began, rulebook, asked), "when this watch began", "now")
            yield from terminal(report).splitlines()

    def _load(self) -> tuple[Rulebook | None, tuple[Problem, ...]]:
        try:
            return Rulebook.load(*self.directories), ()
        except RulebookError as error:
            return None, tuple(error.problems)

    def _asked(self, rulebook: Rulebook, changed: set[Path]) -> list[Fixture]:
        """Return the fixtures that what was saved may bear on."""
        if not self.fixtures.exists():
            return []
        books = [rulebook] if self._began is None else [rulebook, self._began]
        treatments = {
            treatment
            for book in books
            for each in book.guidelines.values()
            if Path(str(each.place.file)).resolve() in changed
            for treatment in each.treatments
        }
        vocabulary = changed & {path for each in self.directories for path in each.resolve().glob("*.yaml")}
        return [
            fixture
            for fixture in self._read()
            if fixture.rulebook in (None, rulebook.name)
            if vocabulary
            or fixture.path.resolve() in changed
            or self._concerns(fixture, rulebook, treatments)
        ]

    def _tested(self, rulebook: Rulebook, asked: list[Fixture]) -> Iterator[str]:
        if not self.fixtures.exists():
            return
        failed = 0
        for fixture in asked:
            screening = screen(fixture.case, rulebook)
            if differences(fixture.case, rulebook, screening):
                failed += 1
                yield str(fixture.path)
                yield from (f"  {line}" for line in report(fixture.case, screening).splitlines())
        yield f"fixtures: {len(asked)} asked, {failed} {'differs' if failed == 1 else 'differ'}"

    def _concerns(self, fixture: Fixture, rulebook: Rulebook, treatments: set[str]) -> bool:
        """Whether a fixture asks for one of some treatments, or for a kind of one."""
        asked = map(rulebook.vocabulary.treatment_of, fixture.case.items)
        return any(
            ANY_TREATMENT in treatments or not treatments.isdisjoint(each.lineage) for each in asked if each
        )

    def _read(self) -> list[Fixture]:
        """Return the fixtures, reading only files that were saved since the last time."""
        files = sorted(self.fixtures.glob("**/*.yaml")) if self.fixtures.is_dir() else [self.fixtures]
        kept = {}
        for file in files:
            saved = file.stat().st_mtime
            before = self._cases.get(file)
            if before is not None and before[0] == saved:
                kept[file] = before
                continue
            try:
                kept[file] = saved, fixtures_in(file)
            except CaseError as error:
                if any(problem.code != "no-fixture" for problem in error.problems):
                    raise
                kept[file] = saved, []
        self._cases = kept
        return [fixture for _, found in kept.values() for fixture in found]
