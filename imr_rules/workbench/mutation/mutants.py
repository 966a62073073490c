"""Mutants: a guideline as it would be with one small mistake in its file.

A mistake is made in what the file says (a number, an expression, a part left out), and the guideline is read
again from that; what no longer loads is no mutant. Only numbers that a criterion judges are changed: weeks
that are told to the reader and judged by nothing decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from imr_rules._reading import Document
from imr_rules._validation import validate
from imr_rules.errors import Place, RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.files import GuidelineFile
from imr_rules.rulebook.loading.guidelines import Known, read_guideline
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import Guideline
from imr_rules.workbench.mutation.expressions import slips

_Path = tuple[str | int, ...]
_LIMIT = re.compile(r"\blimits\.([a-z0-9_]+)\.([a-z_]+)(?:\.(min|max)\b)?")


class Mutation(NamedTuple):
    """One small mistake in a guideline file.

    Attributes:
        guideline: id of the guideline.
        kind: what sort of mistake.
        place: where it is made.
        part: the part of the guideline it is in: ``within-total.require``, ``limits.total.visits``.
        before, after: what stands there, and what would.
    """

    guideline: str
    kind: str
    place: Place
    part: str
    before: str
    after: str

    def __str__(self) -> str:
        change = f"`{self.before}` → `{self.after}`" if self.after else f"`{self.before}` left out"
        return f"{self.place}: {self.part}: {change}"


class Mutant(NamedTuple):
    """A mutation, and the guideline as it would then be."""

    mutation: Mutation
    guideline: Guideline


class _Change(NamedTuple):
    kind: str
    path: _Path
    part: str
    before: str
    after: str
    value: Any = None
    """What stands at the path afterwards; None where nothing does."""
    offset: int | None = None


def mutants(document: Document, rulebook: Rulebook) -> Iterator[Mutant]:
    """Yield every mutant of the guideline in a file, in order of kind.

    Args:
        document: the file, as read.
        rulebook: the rulebook that it is a part of.
    """
    known = Known(rulebook.sources, rulebook.citations, rulebook.vocabulary)
    file = validate(GuidelineFile, document, RulebookError)
    layer = rulebook.guidelines[file.guideline].layer
    for change in (
        *_in_dates(document.data),
        *_in_limits(file, document.data),
        *_in_expressions(document.data),
        *_left_out(document.data),
    ):
        changed = Document(
            _changed(document.data, change.path, change.value), document.file, document.places, document.keys
        )
        try:
            problems = Problems()
            guideline = read_guideline(
                validate(GuidelineFile, changed, RulebookError), changed, known, problems, layer
            )
            problems.settle()
        except RulebookError:
            continue
        place = document.place(change.path, key=change.value is None)
        if change.offset is not None:
            place = document.place_within(change.path, change.offset)
        yield Mutant(
            Mutation(guideline.id, change.kind, place, change.part, change.before, change.after), guideline
        )


def _changed(data: Any, path: _Path, value: Any) -> Any:
    """Return plain data with another value at ``path``, or without it where that is None."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    if rest or value is not None:
        copy[step] = _changed(data[step], rest, value)
    else:
        del copy[step]
    return copy


def _at(data: Any, path: _Path) -> Any:
    """Return what stands at ``path``; None where nothing does."""
    for step in path:
        if data is not None:
            data = data.get(step) if isinstance(data, dict) else data[step]
    return data


def _in_dates(data: Mapping[str, Any]) -> Iterator[_Change]:
    for end in ("from", "to"):
        written = data["requests"].get(end)
        if written is not None:
            day = date.fromisoformat(str(written))
            for moved in (day - timedelta(days=1), day + timedelta(days=1)):
                yield _Change(
                    "edition-date", ("requests", end), f"requests.{end}", str(day), str(moved), str(moved)
                )


def _in_limits(file: GuidelineFile, data: Mapping[str, Any]) -> Iterator[_Change]:
    """Yield each number that an expression judges, one more and one less."""
    judged = {
        (name, plural, end or "max")
        for _, text in _expressions(data)
        for name, plural, end in _LIMIT.findall(text)
        if name in file.limits
    }
    for name, plural, end in sorted(judged):
        limit = data["limits"][name]
        holders: list[tuple[_Path, str]] = [(("limits", name), f"limits.{name}")]
        for index, row in enumerate(limit.get("rows", ())):
            holders.append((("limits", name, "rows", index), f"limits.{name} ({row['label']})"))
        if "otherwise" in limit:
            holders.append((("limits", name, "otherwise"), f"limits.{name} (otherwise)"))
        for path, part in holders:
            holder = _at(data, path)
            if plural not in holder:
                continue
            written = holder[plural]
            for step in (-1, 1):
                if isinstance(written, list):
                    low, high = written
                    number = low if end == "min" else high
                    value: Any = [low + step, high] if end == "min" else [low, high + step]
                else:
                    number, value = written, written + step
                yield _Change(
                    "limit", (*path, plural), f"{part}.{plural}", str(number), str(number + step), value
                )


def _expressions(data: Mapping[str, Any]) -> Iterator[tuple[_Path, str]]:
    """Yield every expression of a guideline file, with where it stands."""
    paths: list[_Path] = [("applies", "when"), *(("recommended", key) for key in ("no", "unless"))]
    paths += [("supersedes", index, "when") for index, _ in enumerate(data.get("supersedes", ()))]
    for index, _ in enumerate(data.get("criteria", ())):
        paths += [("criteria", index, "when"), ("criteria", index, "require")]
    for name, limit in data.get("limits", {}).items():
        paths += [("limits", name, "rows", index, "when") for index, _ in enumerate(limit.get("rows", ()))]
    for path in paths:
        text = _at(data, path)
        if isinstance(text, str):
            yield path, text


def _in_expressions(data: Mapping[str, Any]) -> Iterator[_Change]:
    for path, text in _expressions(data):
        for slip in slips(text):
            yield _Change(slip.kind, path, _part(data, path), slip.before, slip.after, slip.text, slip.offset)


def _left_out(data: Mapping[str, Any]) -> Iterator[_Change]:
    """Yield each condition, exception, row and criterion left out."""
    paths: list[tuple[str, _Path]] = [
        ("condition-dropped", ("applies", "when")),
        ("exception-dropped", ("applies", "else")),
    ]
    paths += [("exception-dropped", ("recommended", key)) for key in ("no", "unless")]
    paths += [("criterion-dropped", ("recommended",))]
    for index, _ in enumerate(data.get("supersedes", ())):
        paths += [("exception-dropped", ("supersedes", index))]
    for index, _ in enumerate(data.get("criteria", ())):
        paths += [
            ("condition-dropped", ("criteria", index, "when")),
            ("criterion-dropped", ("criteria", index)),
        ]
    for name, limit in data.get("limits", {}).items():
        paths += [
            ("row-dropped", ("limits", name, "rows", index)) for index, _ in enumerate(limit.get("rows", ()))
        ]
        paths += [("exception-dropped", ("limits", name, "otherwise"))]
    for kind, path in paths:
        found = _at(data, path)
        if found is not None:
            yield _Change(kind, path, _part(data, path), _brief(found), "")


def _brief(found: Any) -> str:
    """Return a few words for what is left out."""
    if isinstance(found, dict):
        return str(found.get("id") or found.get("guideline") or found.get("label") or ", ".join(found))
    return str(found)


def _part(data: Mapping[str, Any], path: _Path) -> str:
    """Return what an editor calls the part of a guideline at ``path``."""
    if path[0] == "criteria":
        return ".".join([str(data["criteria"][path[1]]["id"]), *map(str, path[2:])])
    if path[0] == "limits" and len(path) > 3:
        label = data["limits"][path[1]]["rows"][path[3]]["label"]
        return ".".join([f"limits.{path[1]} ({label})", *map(str, path[4:])])
    return ".".join(str(step) for step in path if not isinstance(step, int))
