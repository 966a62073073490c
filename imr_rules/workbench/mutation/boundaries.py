"""Cases at the boundaries of a guideline, in one file a guideline: what tells it from its mutants.

Each item is as small as it can be and stands under the mistake that it shows. The items of a file have
nothing in common but the file: each has its own day (that of the review decision) and its own findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from imr_rules._reading import read_document
from imr_rules.case import Case
from imr_rules.errors import CaseError
from imr_rules.expression.values import FactType, Row, Value
from imr_rules.rulebook import Rulebook
from imr_rules.screening.prepared_item import PreparedItem, prepare_item
from imr_rules.workbench.fixtures import Answer, Fixture
from imr_rules.workbench.mutation.mutants import Mutation

__all__ = ["Boundaries", "boundary_path"]

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _/.#()'-]*")
_WORDS = {"yes", "no", "on", "off", "true", "false", "null"}
MOST_TRIES = 12
WHOLE_RECORD = {"record": {"read": "all"}, "documents": [{"kind": "progress_report"}]}
"""A boundary is a case whose record was read whole: what it does not state is not there."""
MOST_ITEMS = 100
"""Items in one file: more are not read by anybody."""


def boundary_path(directory: Path, guideline: str) -> Path:
    """Return the file of a guideline's boundaries in a directory of fixtures."""
    return directory / f"{guideline}.yaml"


@dataclass
class Boundaries:
    """The boundary cases of one guideline.

    Attributes:
        guideline: its id.
        path: their file.
        items: the disputed items, as plain data.
        reasons: for each item, the mistakes it shows.
        expected: what each item must get, as plain data.
    """

    guideline: str
    path: Path
    items: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[list[str]] = field(default_factory=list)
    expected: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, guideline: str) -> Boundaries:
        """Return what a file holds, which this module wrote; nothing where there is none yet."""
        found = cls(guideline, path)
        for part in _parts(path):
            if not part.exists():
                break
            text = part.read_text(encoding="utf-8")
            data = read_document(part, CaseError).data
            listed = text.split("\nitems:\n", 1)[1].split("\nexpect:", 1)[0]
            reasons: list[list[str]] = [[]]
            for line in listed.splitlines():
                if line.startswith("  # "):
                    reasons[-1].append(line.removeprefix("  # "))
                elif line.startswith("  - "):
                    reasons.append([])
            found.items += data["items"]
            found.reasons += reasons[:-1]
            found.expected |= data["expect"]["items"]
        return found

    def add(self, mutation: Mutation, case: Case, rulebook: Rulebook) -> str | None:
        """Take in the first item of a case that shows a mistake; return its name.

        Returns None where the item does not come to the same facts without the rest of its case.
        """
        name = self._name(mutation)
        found = _as_items(case, name, rulebook)
        if found is None:
            return None
        self.items += found
        self.reasons += [[_reason(mutation)], *([] for _ in found[1:])]
        return name

    def add_item(self, mutation: Mutation, item: Mapping[str, Any]) -> str:
        """Take in an item that needs nothing else; return its name."""
        name = self._name(mutation)
        self.items.append({**item, "id": name})
        self.reasons.append([_reason(mutation)])
        return name

    def expect(self, name: str, answer: Answer) -> None:
        """Expect of an item the answer that it gets: its suggestion, and what that rests on."""
        self.expected[name] = {"suggestion": answer.suggestion} | (
            {"review_reasons": list(answer.review_reasons)}
            if answer.suggestion == "needs_review"
            else {"grounds": list(answer.grounds)}
        )

    def alone(self, name: str) -> Fixture:
        """Return one item, with the one it follows and what it must get, as a fixture of its own."""
        item = next(item for item in self.items if item["id"] == name)
        items = [item, *(each for each in self.items if each["id"] == item.get("follows"))]
        expected = {name: self.expected.get(name, {})}
        return Fixture(
            self.path, Case.from_data({**WHOLE_RECORD, "items": items, "expect": {"items": expected}})
        )

    def extend(self, name: str, mutation: Mutation, statuses: Mapping[str, str]) -> None:
        """Expect more of an item, so that it shows one more mistake."""
        place = next(place for place, item in enumerate(self.items) if item["id"] == name)
        reason = _reason(mutation)
        if reason not in self.reasons[place]:
            self.reasons[place].append(reason)
        if statuses:
            self.expected[name].setdefault("statuses", {}).update(statuses)

    def drop_last(self, name: str) -> None:
        """Take the item called ``name``, and what was added with it, out again."""
        place = next(place for place, item in enumerate(self.items) if item["id"] == name)
        del self.items[place:], self.reasons[place:]
        self.expected.pop(name, None)

    def _name(self, mutation: Mutation) -> str:
        words = re.sub(r"\(.*\)", "", mutation.part).split(".")
        word = words[1] if words[0] in ("limits", "requests") and len(words) > 1 else words[0]
        base = {"from": "first-day", "to": "last-day"}.get(
            word, re.sub(r"[^a-z0-9]+", "-", word.strip()).strip("-")
        )
        taken = {item["id"] for item in self.items}
        return next(name for number in range(1, 10_000) if (name := f"{base}-{number}") not in taken)

    def texts(self) -> list[str]:
        """Return the files as they are written: one, or several where there are many items."""
        groups: list[list[int]] = [[]]
        for place, item in enumerate(self.items):
            # The item that another one follows stands behind it, in the same file.
            if len(groups[-1]) >= MOST_ITEMS and item["id"] in self.expected:
                groups.append([])
            groups[-1].append(place)
        return ["\n".join(self._lines(group)) + "\n" for group in groups]

    def write(self) -> None:
        """Write the files."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for part, text in zip(_parts(self.path), self.texts(), strict=False):
            part.write_text(text, encoding="utf-8")

    def _lines(self, places: Sequence[int]) -> Iterator[str]:
        yield "about: >-"
        yield f"  The boundaries of {self.guideline}. Each item shows the slips of the pen it stands under:"
        yield "  with one of them in the guideline it would get another answer. Written by imr-rules mutate --write."
        yield ""
        yield from (f"{key}: {_flow(value)}" for key, value in WHOLE_RECORD.items())
        yield ""
        yield "items:"
        for place in places:
            yield from (f"  # {reason}" for reason in self.reasons[place])
            mark = "- "
            for key, value in self.items[place].items():
                yield f"  {mark}{key}: {_flow(value)}"
                mark = "  "
        yield ""
        yield "expect:"
        yield "  items:"
        for name in (self.items[place]["id"] for place in places):
            entry = self.expected.get(name)
            if entry is None:
                continue
            yield f"    {name}:"
            for key, value in entry.items():
                if key == "grounds" and value:
                    yield f"      {key}:"
                    yield from (f"        - {ground}" for ground in value)
                elif key == "statuses":
                    yield f"      {key}:"
                    yield from (f"        {criterion}: {status}" for criterion, status in value.items())
                else:
                    yield f"      {key}: {_flow(value)}"


def _parts(path: Path) -> Iterator[Path]:
    """Yield the files that boundaries may fill, in order."""
    yield path
    yield from (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))


def _reason(mutation: Mutation) -> str:
    instead = f"not `{mutation.after}`" if mutation.after else "not left out"
    return f"{mutation.part}: `{mutation.before}`, {instead}"


def _flow(value: Any) -> str:
    """Return plain data as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, int) or re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return text
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and " #" not in text:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _as_items(case: Case, name: str, rulebook: Rulebook) -> list[dict[str, Any]] | None:
    """Return the first item of a case, and the one it follows, as items that need nothing else of it.

    What the case says of the worker, of earlier courses and of operations becomes findings of the item. None
    where the facts then come out otherwise.
    """
    given = case.model_dump(mode="json", exclude_defaults=True)
    first, *others = given["items"]
    target = _posed(case, next(iter(case.named_items))[0], rulebook)
    if target is None:
        return None
    item = {
        "id": name,
        **{key: _short(value) for key, value in first.items() if key not in ("id", "findings")},
    }
    item["utilization_review"] = {"date": given["request"]["date"]}
    companions = []
    if "follows" in item:
        item["follows"] = f"{name}-principal"
        companions = [{"id": item["follows"], "service": others[0]["service"]}]
    findings = {
        key: _short(value)
        for key, value in {**given.get("findings", {}), **first.get("findings", {})}.items()
    }
    tries: list[dict[str, Any]] = [item]
    if given.get("history") and "course" not in item:
        tries.append({**item, "course": "continuing"})  # what a finding of some counts does not say
    for each in tries:
        found = _stated_alone(each, companions, findings, target, rulebook)
        if found is not None:
            return [found, *companions]
    return None


def _stated_alone(
    item: Mapping[str, Any],
    companions: list[dict[str, Any]],
    findings: Mapping[str, Any],
    target: PreparedItem,
    rulebook: Rulebook,
) -> dict[str, Any] | None:
    """Return an item with the findings that make it come to the facts of ``target``, or None where none do."""
    findings = dict(findings)
    for _ in range(MOST_TRIES):
        stated = {**item, "findings": findings} if findings else dict(item)
        posed = _posed(Case.from_data({**WHOLE_RECORD, "items": [stated, *companions]}), item["id"], rulebook)
        if posed is None:
            return None
        wrong = _first_unlike(target, posed.row, findings)
        if wrong is None:
            same = all(_same(target.row[key], posed.row[key]) for key in target.row)
            return stated if same else None
        findings[wrong] = _stated(target.row[wrong], target.plan.types[wrong])
    return None


def _posed(case: Case, name: str, rulebook: Rulebook) -> PreparedItem | None:
    items = dict(case.named_items)
    principal = "needs_review" if items[name].follows else None
    found = prepare_item(case, name, items[name], rulebook, principal)
    return None if isinstance(found, str) else found


def _first_unlike(target: PreparedItem, row: Row, findings: Mapping[str, Any]) -> str | None:
    """Return the first derived fact that comes out otherwise and can be stated; parts come before their sums."""
    facts = {spec.name: spec for spec in target.plan.facts}
    unlike = [name for name, spec in facts.items() if spec.derived and not _same(target.row[name], row[name])]
    able = [
        name for name in unlike if name not in findings and target.row[name].state in ("known", "bounded")
    ]
    return min(able, key=lambda name: ("if_granted" in name, "first_course" in name, len(name)), default=None)


def _same(one: Value, other: Value) -> bool:
    return (one.low, one.high, one.text, one.silent, one.exact) == (
        other.low, other.high, other.text, other.silent, other.exact,
    )  # fmt: skip


def _stated(value: Value, kind: FactType) -> Any:
    """Return a value as a finding states it."""
    if kind.kind == "choice":
        return value.text
    if value.low != value.high:
        return {"at_least": value.low, "at_most": value.high}
    if kind.kind == "boolean":
        return bool(value.low)
    return str(date.fromordinal(value.low)) if kind.kind == "date" else value.low


def _short(value: Any) -> Any:
    """Return one statement in its shortest form: ``[{value: 12}]`` is ``12``."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        value = value[0]
    if isinstance(value, dict) and value.keys() == {"value"}:
        return value["value"]
    return value
