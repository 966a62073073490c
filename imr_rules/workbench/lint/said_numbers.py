"""The numbers that a reason says in words of its own, and those its criterion judges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from imr_rules._units import TABLE, UNITS, counted_as
from imr_rules.rulebook.files import CriterionFile, GuidelineFile, LimitFile
from imr_rules.words import SPELLED

_WORDS = {word: value for word, value in SPELLED.items() if value}
_UNITS = {
    word: UNITS[counted_as(entry.name) or entry.name].plural
    for entry in TABLE
    for one in (entry.name, *entry.aliases)
    for word in (one, entry.plural if one == entry.name else f"{one}s")
}
_NUMBER = rf"\d+|{'|'.join(sorted(_WORDS, key=len, reverse=True))}"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_COUNTED = re.compile(
    rf"(?<![\w.,/§-])(?P<number>{_NUMBER})(?: or more| full| whole)? (?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b(?! (?:a|per|each|every)\b)",
    re.IGNORECASE,
)
_ANY_NUMBER = re.compile(rf"(?<![\w.])(?:{_NUMBER})(?![\w.]\d|-?\w)", re.IGNORECASE)
_LIMIT = re.compile(r"\blimits\.([a-z0-9_]+)(?:\.([a-z_]+))?")
_LITERAL = re.compile(r"(?<![\w.-])\d+(?![\w-])")

Said = tuple[int, str, int]
"""A number said, its unit (in the plural), and where in the text it stands."""


def numbers_said(text: str) -> Iterator[Said]:
    """Yield each number with a unit that a reason says in words of its own.

    Placeholders are left out, and so are a pace (``3 visits a week``), a year, and one of anything, which is
    often said of something else.
    """
    plain = _PLACEHOLDER.sub(lambda found: "\0" * len(found.group()), text)
    for found in _COUNTED.finditer(plain):
        word = found["number"].lower()
        number = int(word) if word.isdigit() else _WORDS[word]
        if number > 1 and not 1900 <= number < 2200:
            yield number, _UNITS[found["unit"].lower()], found.start()


def judged_limits(text: str | None) -> Iterator[tuple[str, str]]:
    """Yield the limits an expression compares with, each with its unit in the plural."""
    yield from _LIMIT.findall(text or "")


def numbers_of(limit: LimitFile) -> dict[str, set[int]]:
    """Return plural unit → every number that a limit has in it, in any row."""
    found: dict[str, set[int]] = {}
    holders = [limit, *(limit.rows or ()), *([limit.otherwise] if limit.otherwise else [])]
    for holder in holders:
        for plural, extent in holder.amounts.items():
            found.setdefault(plural, set()).update(extent)
    return found


def literals(criterion: CriterionFile) -> set[int]:
    """Return the whole numbers that a criterion's own expressions have in them."""
    return {
        int(each) for text in (criterion.when, criterion.require) for each in _LITERAL.findall(text or "")
    }


def mentions(text: str, numbers: Iterable[int]) -> bool:
    """Whether a text says one of some numbers, in digits or in words."""
    plain = _PLACEHOLDER.sub("", text)
    wanted = set(numbers)
    for found in _ANY_NUMBER.finditer(plain):
        word = found.group().lower()
        if (int(word) if word.isdigit() else _WORDS[word]) in wanted:
            return True
    return False


def limits_shown(text: str) -> set[str]:
    """Return the limits that placeholders of a reason name."""
    return {name for each in _PLACEHOLDER.findall(text) for name, _ in _LIMIT.findall(each)}


def all_numbers(guideline: GuidelineFile) -> dict[str, set[int]]:
    """Return plural unit → every number of every limit of a guideline."""
    found: dict[str, set[int]] = {}
    for limit in guideline.limits.values():
        for plural, numbers in numbers_of(limit).items():
            found.setdefault(plural, set()).update(numbers)
    return found
