"""Cases at the boundaries of a guideline, in one file a guideline: what tells it from its mutants.

Each item is as small as it can be and stands under the mistake that it shows. The items of a file have
nothing in common but the file: each has its own day (that of the review decision) and its own findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from imr_rules._reading import read_document
from imr_rules.case import Case
from imr_rules.errors import CaseError
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.screening.consistency import contradictions
from imr_rules.workbench.answers import Answer
from imr_rules.workbench.fixtures import WHOLE_RECORD, Fixture
from imr_rules.workbench.mutation.mutants import Mutation

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _/.#()'-]*")
_WORDS = {"yes", "no", "on", "off", "true", "false", "null"}
_MOST_ALIKE = 30
"""Items of one file that are the same request but for their day."""
MOST_ITEMS = 100
"""Items in one file: more are not read by anybody."""


def boundary_path(directory: Path, guideline: str) -> Path:
    """Return the file of a guideline's boundaries in a directory of fixtures."""
    return directory / f"{guideline}.yaml"


class Boundaries(Struct):
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

    def add(self, mutation: Mutation, case: Mapping[str, Any]) -> str:
        """Take in the first item of a case that shows a mistake, as an editor would write it; return its name."""
        name = self._name(mutation)
        found = _as_items(case, name)
        self.items += found
        self.reasons += [[_reason(mutation)], *([] for _ in found[1:])]
        return name

    def part(self, name: str, rulebook: Rulebook) -> None:
        """Let an item be denied a day later, as long as the file would list one request twice with it."""
        place = next(place for place, item in enumerate(self.items) if item["id"] == name)
        for _ in range(_MOST_ALIKE):
            case = Case.from_data({**WHOLE_RECORD, "items": self._alike(self.items[place])})
            if not contradictions(WholeCase(case, rulebook.vocabulary), name, dict(case.named_items)[name]):
                return
            day = date.fromisoformat(str(self.items[place]["utilization_review"]["date"]))
            self.items[place] = {
                **self.items[place], "utilization_review": {"date": str(day + timedelta(days=1))},
            }  # fmt: skip

    def _alike(self, item: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return an item and those denied on the same day with the same findings, with what they follow."""
        alike = [
            each
            for each in self.items
            if all(each.get(key) == item.get(key) for key in ("utilization_review", "findings"))
        ]
        followed = {each["follows"] for each in alike if "follows" in each} - {each["id"] for each in alike}
        return [*alike, *(each for each in self.items if each["id"] in followed)]

    def add_item(self, mutation: Mutation, item: Mapping[str, Any]) -> str:
        """Take in an item that needs nothing else; return its name."""
        name = self._name(mutation)
        self.items.append({**item, "id": name})
        self.reasons.append([_reason(mutation)])
        return name

    def expect(self, name: str, answer: Answer) -> None:
        """Expect of an item the answer that it gets: its suggestion, what that rests on, and which way it leans."""
        self.expected[name] = {"suggestion": answer.suggestion} | (
            {"lean": answer.lean, "review_reasons": list(answer.review_reasons)}
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


def _as_items(given: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the first item of a case, and the one it follows, as items that need nothing else of it."""
    first, *others = given["items"]
    item = {**first, "id": name, "utilization_review": given["request"]}
    companions = []
    if "follows" in item:
        item["follows"] = f"{name}-principal"
        companions = [{**others[0], "id": item["follows"]}]
    findings = {**given.get("findings", {}), **item.pop("findings", {})}
    return [item | ({"findings": findings} if findings else {}), *companions]
