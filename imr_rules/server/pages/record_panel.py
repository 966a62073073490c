"""Everything a case has stored, in words, each fact with its place in the record and the pointer it is corrected by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from imr_rules.rulebook import Rulebook
from imr_rules.server.pages.case_form import evidence_of, say_stored
from imr_rules.server.pages.editing import leaves
from imr_rules.writing.words import capital


class Entry(NamedTuple):
    """One stored fact.

    Attributes:
        label: what it is, line and all.
        said: what is stored, in words.
        where: where that stands in the record; empty where it is not said.
        pointer: its place in the case.
        hint: how it is said anew.
    """

    label: str
    said: str
    where: str
    pointer: str
    hint: str


class Line(NamedTuple):
    """What is stored of one thing: a course of treatment, a document, a finding.

    Attributes:
        label: what it is.
        said: all that is stored of it, in words.
        entries: each fact of it, to be corrected.
    """

    label: str
    said: str
    entries: tuple[Entry, ...]


class Group(NamedTuple):
    """The stored facts of one part of a case."""

    title: str
    lines: tuple[Line, ...]


_TITLES = {
    "worker": "Worker and injury", "injury": "Worker and injury", "priority": "Request and application",
    "request": "Request and application", "application": "Request and application", "as_of": "Request and application",
    "record": "Documents", "diagnoses": "Diagnoses and accepted parts",
    "accepted_body_parts": "Diagnoses and accepted parts", "history": "Earlier care", "surgeries": "Operations",
    "measurements": "Scores", "findings": "Findings", "documents": "Documents", "items": "Disputed items",
}  # fmt: skip
_ORDER = (
    "Disputed items", "Request and application", "Worker and injury", "Diagnoses and accepted parts", "Earlier care",
    "Operations", "Scores", "Findings", "Documents",
)  # fmt: skip
_ONE = {
    "diagnoses": "Diagnosis", "accepted_body_parts": "Accepted part", "history": "Course", "surgeries": "Operation",
    "measurements": "Score", "documents": "Document", "items": "Item",
}  # fmt: skip
_BARE = frozenset({
    "text", "treatment", "service", "procedure", "instrument", "kind", "region", "side", "author", "document",
    "edition", "part", "section", "score", "rationale",
})  # fmt: skip
"""Keys whose value says what it is."""
_SIDES = {
    "administrator": "the claims administrator’s citation",
    "reviewer": "the reviewer’s citation",
}


def record_of(data: Mapping[str, Any], rulebook: Rulebook) -> tuple[Group, ...]:
    """Return what a case has stored, group by group, one line for each thing."""
    found: dict[str, dict[str, list[Entry]]] = {title: {} for title in _ORDER}
    for leaf in leaves(data):
        path = leaf.pointer.split("/")[1:]
        title = _TITLES.get(path[0])
        if title is None:
            continue
        line, rest = _line_of(path, data, rulebook)
        key = " ".join(each.replace("_", " ") for each in rest)
        entry = Entry(
            f"{line}: {key}" if key else line,
            _with_key(rest, key, say_stored(leaf.value)),
            evidence_of(leaf.value) or _beside(data, path),
            leaf.pointer,
            _hint(leaf.value),
        )
        found[title].setdefault(line, []).append(entry)
    return tuple(
        Group(title, tuple(Line(label, _all(entries), tuple(entries)) for label, entries in lines.items()))
        for title, lines in found.items()
        if lines
    )


def _line_of(path: list[str], data: Mapping[str, Any], rulebook: Rulebook) -> tuple[str, list[str]]:
    """Return which line a fact belongs to, and the rest of its path."""
    first, *rest = path
    facts = rulebook.vocabulary.facts
    if first == "findings":
        return capital(facts[rest[0]].label if rest[0] in facts else rest[0].replace("_", " ")), rest[1:]
    if first not in _ONE:
        return capital(" ".join(path).replace("_", " ")), []
    number, *rest = rest
    label = f"{_ONE[first]} {int(number) + 1}" if len(data[first]) > 1 else _ONE[first]
    if first == "items" and rest[:1] == ["findings"]:
        name = rest[1]
        return f"{label}, {facts[name].label if name in facts else name.replace('_', ' ')}", rest[2:]
    if first == "items" and rest[:1] == ["cited"]:
        nth = f" {int(rest[2]) + 1}" if rest[2] != "0" else ""
        return f"{label}: {_SIDES.get(rest[1], rest[1])}{nth}", rest[3:]
    if first == "items" and rest[:1] == ["utilization_review"]:
        return f"{label}: utilization review", rest[1:]
    return label, [each for each in rest if each != "body_part"]


def _with_key(rest: list[str], key: str, said: str) -> str:
    return said if not rest or rest[-1] in _BARE or rest[-1].isdigit() else f"{key} {said}"


def _all(entries: list[Entry]) -> str:
    """Return what is stored of one thing, and where; a place that several facts share stands behind the last of them."""
    parts = []
    for place, each in enumerate(entries):
        last = place + 1 == len(entries) or entries[place + 1].where != each.where
        parts.append(f"{each.said} ({each.where})" if each.where and last else each.said)
    return "; ".join(parts)


def _beside(data: Mapping[str, Any], path: list[str]) -> str:
    """Return the place that a part of the case gives for all it says."""
    around: Any = data
    found = ""
    for step in path[:-1]:
        around = around[int(step)] if isinstance(around, list) else around.get(step)
        if isinstance(around, dict) and "evidence" in around:
            found = evidence_of(around)
    return found


def _hint(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    inner = first.get("value") if isinstance(first, dict) else first
    if isinstance(inner, bool):
        return "yes, no, undocumented or unknown"
    if isinstance(first, dict) or isinstance(inner, int):
        return "12, 4 to 6, at least 4, unknown; or yes or no"
    if isinstance(inner, str) and re.fullmatch(r"[\d-]{4,10}", inner):
        return "a date: 03/14/2017"
    return "in words"
