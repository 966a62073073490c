"""Fixtures: cases with the answer they must get, and what differs from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from imr_rules._reading import read_document
from imr_rules.case import Case, ExpectedItem
from imr_rules.errors import CaseError, Place, Problem
from imr_rules.rulebook import Rulebook
from imr_rules.screening import ItemScreening, Screening, screen
from imr_rules.workbench.answers import Answer, answer_of
from imr_rules.writing.words import say_fact

_ITEMS = re.compile(r"^items:", re.MULTILINE)
_EXPECT = re.compile(
    r"^expect:[ \t]*(?:\{(?:[ \t]*rulebook:[^,{}]*,)?[ \t]*items:"
    r"|(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n|[ \t]+rulebook:.*\r?\n)*[ \t]+items:)",
    re.MULTILINE,
)
_SERVICE = re.compile(r"\bservice:")


WHOLE_RECORD: Mapping[str, Any] = {"record": {"read": "all"}, "documents": [{"kind": "progress_report"}]}
"""What a written case begins with whose record was read whole: what it does not state is not there."""


class Fixture(NamedTuple):
    """A case in a file, with the answer it must get."""

    path: Path
    case: Case

    @property
    def rulebook(self) -> str | None:
        """The name of the rulebook that it must get it from; None for the one in use."""
        return self.case.expect.rulebook if self.case.expect else None


class Difference(NamedTuple):
    """One thing about one item that is not as expected."""

    item: str
    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.item}: {self.what} should be {self.expected}, is {self.got}"


def holds_an_expectation(text: str) -> bool:
    """Whether YAML text is a case with an ``expect:`` block, by its look: other YAML is nobody's business."""
    return bool(_EXPECT.search(text) and _ITEMS.search(text) and _SERVICE.search(text))


def fixtures_in(path: Path, rulebook: Rulebook | None = None) -> list[Fixture]:
    """Return the fixtures at ``path``: a file, or every YAML case with an ``expect:`` block below a directory.

    Where a rulebook is given, those that must get their answer from another one are left out.

    Raises:
        CaseError: with each problem of those that cannot be read; or where there is nothing at ``path``.
    """
    if not path.exists():
        raise CaseError(Problem("cannot-read", "there is nothing here", Place(str(path))))
    files = sorted(path.glob("**/*.yaml")) if path.is_dir() else [path]
    found: list[Fixture] = []
    problems: list[Problem] = []
    for file in files:
        if path.is_dir() and not holds_an_expectation(file.read_text(encoding="utf-8", errors="replace")):
            continue
        try:
            case = Case.from_document(read_document(file, CaseError))
        except CaseError as error:
            problems += error.problems
            continue
        if case.expect is not None:
            found.append(Fixture(file, case))
    if problems:
        raise CaseError(problems)
    if not found:
        hint = "a fixture is a case with an `expect:` block"
        raise CaseError(Problem("no-fixture", "there is no fixture here", Place(str(path)), hint))
    return [each for each in found if rulebook is None or each.rulebook in (None, rulebook.name)]


def compare(name: str, expected: ExpectedItem, got: Answer) -> Iterator[Difference]:
    """Yield how the answer of the item called ``name`` differs from the one expected."""
    if expected.suggestion is not None and expected.suggestion != got.suggestion:
        yield Difference(name, "the suggestion", expected.suggestion, got.suggestion)
    if expected.lean is not None and expected.lean != got.lean:
        yield Difference(name, "the lean", expected.lean, got.lean)
    if expected.grounds is not None and sorted(expected.grounds) != sorted(got.grounds):
        yield Difference(name, "the grounds", _listed(expected.grounds), _listed(got.grounds))
    if expected.review_reasons is not None and sorted(expected.review_reasons) != sorted(got.review_reasons):
        yield Difference(
            name, "the review reasons", _listed(expected.review_reasons), _listed(got.review_reasons)
        )
    for criterion, status in (expected.statuses or {}).items():
        found = got.statuses.get(criterion, "not judged")
        if found != status:
            yield Difference(name, criterion, status, found)


def differences(case: Case, rulebook: Rulebook, screening: Screening | None = None) -> list[Difference]:
    """Return how a fixture's answers differ from those it expects; nothing where it expects nothing.

    Args:
        case: the case, with what it expects.
        rulebook: the rulebook to judge by.
        screening: its screening by that rulebook, where it was screened already.

    Raises:
        CaseError, DisagreementError: as :func:`~imr_rules.screening.screen` does.
    """
    expected = case.expect.items if case.expect else {}
    if not expected:
        return []
    screened = screen(case, rulebook) if screening is None else screening
    items = {item.item: item for item in screened.items}
    return [
        found for name, entry in expected.items() for found in compare(name, entry, answer_of(items[name]))
    ]


def report(case: Case, screening: Screening) -> str:
    """Return, for people, how a screening differs from what its case expects; empty where it does not.

    A ground that is missing has ``-`` before it, one too many ``+``. Below stands why: each criterion that differs,
    or that the answer rests on or waits for, with its reason and its facts.
    """
    lines: list[str] = []
    expected = case.expect.items if case.expect else {}
    for item in screening.items:
        entry = expected.get(item.item)
        if entry is None or not list(compare(item.item, entry, answer_of(item))):
            continue
        lines.append(f"{item.item}: {item.service}")
        lines += [f"  {line}" for line in _item_report(item, entry)]
    return "\n".join(lines)


def _item_report(item: ItemScreening, expected: ExpectedItem) -> Iterator[str]:
    got = answer_of(item)
    if expected.suggestion is not None and expected.suggestion != item.suggestion:
        yield f"suggestion: expected {expected.suggestion}, got {item.suggestion}"
    if expected.lean is not None and expected.lean != got.lean:
        yield f"lean: expected {expected.lean}, got {got.lean}"
    named: dict[str, None] = {}
    for title, wanted, found in (
        ("grounds", expected.grounds, item.grounds),
        ("review reasons", expected.review_reasons, item.review_reasons),
    ):
        if wanted is None or sorted(wanted) == sorted(found):
            continue
        yield f"{title}:"
        for name in dict.fromkeys((*wanted, *found)):
            mark = " " if name in wanted and name in found else "-" if name in wanted else "+"
            yield f"  {mark} {name}"
            if title == "grounds" and mark != " ":
                named[name] = None
    wrong = [
        (name, each) for name, each in (expected.statuses or {}).items() if got.statuses.get(name) != each
    ]
    if wrong:
        yield "statuses:"
        for name, status in wrong:
            yield f"  {name}: expected {status}, got {got.statuses.get(name, 'not judged')}"
            named[name] = None
    yield f"why: {item.headline}" + (f" {item.lean.headline}" if item.lean else "")
    yield from _why(item, got, named)


def _why(item: ItemScreening, got: Answer, named: Iterable[str]) -> Iterator[str]:
    """Yield why each criterion that differs, or that the answer rests on or waits for, stands as it does."""
    review = item.suggestion == "needs_review"
    waits = [name for name, status in got.statuses.items() if review and status == "unknown"]
    results = {result.id: result for result in item.criteria}
    for name in dict.fromkeys((*named, *got.grounds, *got.lean_grounds, *waits)):
        result = results.get(name)
        if result is None:
            yield f"  {name} was not judged: it does not govern this request"
            continue
        yield f"  {name} is {result.status.replace('_', ' ')}: {result.reason}"
        yield from (f"    {say_fact(fact)}" for fact in result.facts)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(sorted(names)) or "none"


def as_written(case: Case) -> dict[str, Any]:
    """Return a case as plain data, as briefly as an editor would write it."""
    found: dict[str, Any] = _plain(case.model_dump(mode="json", exclude_defaults=True))
    return found


def case_text(data: Any) -> str:
    """Return a case as an editor would write it."""
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100).rstrip()


_STATEMENT = {"value", "at_least", "at_most", "undocumented", "missing"}


def _plain(part: Any) -> Any:
    """Return part of a case with a list of one statement as that statement, and a bare value as itself."""
    if isinstance(part, dict):
        return {name: _plain(each) for name, each in part.items()}
    if isinstance(part, list):
        if len(part) == 1 and isinstance(part[0], dict) and part[0].keys() & _STATEMENT:
            return part[0]["value"] if part[0].keys() == {"value"} else part[0]
        return [_plain(each) for each in part]
    return part
