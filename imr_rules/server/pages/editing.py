"""A case with some of its facts changed, as a form names them; and what changed, as an amendment says it.

A field is named for the place it changes: ``finding:rationale`` (of the item), ``amount:in_dispute``,
``course:0:attended``, ``course:new:attended``, ``date:request``, ``date:surgery``, ``part:region``, ``treatment``.
Any stored fact has besides a JSON pointer, ``/history/0/since``, by which it is corrected.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from imr_rules.case import Case
from imr_rules.errors import CaseError, Place, Problem
from imr_rules.expression.values import FactType
from imr_rules.rulebook import Rulebook
from imr_rules.server.pages.dates import as_stored
from imr_rules.server.pages.forms import count_in, whole_number

BY_REVIEWER: Mapping[str, Any] = {"place": "stated by the reviewer"}
"""What stands as evidence of a fact that a reviewer supplies without naming its place in the record."""

_AMOUNTS = ("asked", "authorized", "in_dispute")
_DATES = {
    "request": ("request", "date"),
    "injury": ("injury", "date"),
    "application": ("application", "received"),
}


def edited(
    data: Mapping[str, Any],
    item: str,
    fields: Mapping[str, str],
    rulebook: Rulebook,
    evidence: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a case's data with the fields that are not empty changed, and where in the record that stands.

    Without ``evidence`` each is stated by the reviewer.

    Raises:
        CaseError: a field names no fact, or its value is not one the fact can have.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(data))
    for name, text in fields.items():
        if text:
            _set(changed, item, name, text, evidence or BY_REVIEWER, rulebook)
    return changed


def _set(
    data: dict[str, Any], item: str, name: str, text: str, evidence: Mapping[str, Any], rulebook: Rulebook
) -> None:
    place = _position(data, item)
    target = data["items"][place]
    kind, _, rest = name.partition(":")
    pointer = Place(pointer=f"/items/{place}/{rest}")
    if kind == "finding":
        spec = rulebook.vocabulary.facts.get(rest)
        if spec is None:
            raise CaseError(Problem("unknown-fact", "no fact has this name", pointer))
        findings = target.get("findings")
        target["findings"] = {**findings} if isinstance(findings, dict) else {}
        target["findings"][rest] = _statement(text, spec.type, pointer, evidence)
    elif kind == "amount" and rest in _AMOUNTS:
        target[rest] = _amount(target.get(rest), text, pointer, evidence)
    elif kind == "course":
        _set_course(data, rest.partition(":")[0], text, target, rulebook, pointer, evidence)
    elif kind == "date" and rest in _DATES:
        part, key = _DATES[rest]
        data[part] = {**(data.get(part) or {}), key: as_stored(text)}
        add_evidence(data[part], evidence)
    elif kind == "date" and rest == "surgery":
        data["surgeries"] = [*(data.get("surgeries") or ()), _surgery(target, as_stored(text))]
        add_evidence(data["surgeries"][-1], evidence)
    elif kind == "part" and rest == "region":
        target["body_part"] = {**(target.get("body_part") or {}), "region": text}
        add_evidence(target, evidence)
    elif name == "treatment":
        target["treatment"] = text
        add_evidence(target, evidence)
    else:
        raise CaseError(Problem("unknown-field", "there is nothing of this name to change", pointer))


def _surgery(item: Mapping[str, Any], when: str | None) -> dict[str, Any]:
    part = item.get("body_part")
    return {"text": "surgery", "date": when, **({"body_part": part} if part else {})}


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Merge Patch (RFC 7396) that makes ``after`` of ``before``."""
    patch: dict[str, Any] = {name: None for name in before if name not in after}
    for name, value in after.items():
        if name not in before:
            patch[name] = value
        elif not _same(before[name], value):
            old = before[name]
            nested = isinstance(old, dict) and isinstance(value, dict)
            patch[name] = changes_between(old, value) if nested else value
    return patch


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _position(data: Mapping[str, Any], item: str) -> int:
    for number, each in enumerate(data["items"], 1):
        if (each.get("id") or f"item-{number}") == item:
            return number - 1
    raise CaseError(Problem("unknown-item", "the case has no such item", Place(pointer="/items")))


def _statement(text: str, kind: FactType, pointer: Place, evidence: Mapping[str, Any]) -> dict[str, Any]:
    said = _said(text, evidence)
    if said is not None:
        return said
    if kind.kind == "boolean":
        if text not in ("yes", "no"):
            raise CaseError(Problem("not-a-truth", "answer yes or no", pointer))
        return {"value": text == "yes", "evidence": evidence}
    if kind.kind == "integer":
        return {**_count(text, pointer), "evidence": evidence}
    return {"value": as_stored(text) if kind.kind == "date" else text, "evidence": evidence}


def _said(text: str, evidence: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the statement that the record is silent, or that nobody could look; None for any other."""
    if text == "undocumented":
        searched = evidence.get("document") or "the record, by the reviewer"
        return {"undocumented": [searched], "evidence": evidence}
    if text == "unknown":
        return {"missing": "not known to the reviewer"}
    return None


def _count(text: str, pointer: Place) -> dict[str, Any]:
    found = count_in(text)
    if found is None:
        what = "give a whole number, or bounds such as 4 to 6 or at least 4"
        raise CaseError(Problem("not-a-number", what, pointer))
    return found


def _amount(before: Any, text: str, pointer: Place, evidence: Mapping[str, Any]) -> Any:
    """Return an amount with another number and the unit it had."""
    said = _said(text, evidence)
    if said is not None:
        return said
    first = before[0] if isinstance(before, list) and before else before
    unit = first.get("unit") if isinstance(first, dict) else None
    stated = {**_count(text, pointer), "evidence": evidence}
    return {**stated, "unit": unit} if unit else stated


def _set_course(
    data: dict[str, Any],
    which: str,
    text: str,
    item: Mapping[str, Any],
    rulebook: Rulebook,
    pointer: Place,
    evidence: Mapping[str, Any],
) -> None:
    history = list(data.get("history") or [])
    if which == "new":
        service, codes = str(item.get("service", "")), tuple(item.get("codes") or ())
        treatment = item.get("treatment") or rulebook.vocabulary.recognize(service, codes)
        if not treatment:
            raise CaseError(Problem("treatment-not-recognized", "name the treatment first", pointer))
        unit = {"unit": rulebook.vocabulary.treatments[treatment].unit}
        course = {"treatment": treatment, "attended": _amount(unit, text, pointer, evidence)}
        if isinstance(item.get("body_part"), dict) and "region" in item["body_part"]:
            course["body_part"] = item["body_part"]
        history.append(course)
    elif (place := whole_number(which)) is not None and place < len(history):
        course = dict(history[place])
        course["attended"] = _amount(course.get("attended"), text, pointer, evidence)
        history[place] = course
    else:
        raise CaseError(Problem("unknown-course", "the case has no such course of treatment", pointer))
    data["history"] = history


class Leaf(NamedTuple):
    """One stored fact: where it stands in the case, and what is stored."""

    pointer: str
    value: Any


_STATED = frozenset({"value", "at_least", "at_most", "undocumented", "missing"})
_KEPT = frozenset({"evidence", "id", "case", "about", "expect", "unit"})


def leaves(data: Any, pointer: str = "") -> Iterator[Leaf]:
    """Yield every stored fact of a case, in the order of the file: what is stated, not where or under which id."""
    if isinstance(data, dict) and not _STATED & data.keys():
        for key, value in data.items():
            if key not in _KEPT:
                yield from leaves(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(data, list) and not _several(data):
        for number, value in enumerate(data):
            yield from leaves(value, f"{pointer}/{number}")
    else:
        yield Leaf(pointer, data)


def _several(entries: list[Any]) -> bool:
    """Whether a list holds statements of one fact that may disagree."""
    return bool(entries) and all(isinstance(each, dict) and _STATED & each.keys() for each in entries)


def corrected(
    data: Mapping[str, Any],
    pointer: str,
    text: str | None,
    evidence: Mapping[str, Any] | None,
    rulebook: Rulebook,
    *,
    remove: bool = False,
) -> dict[str, Any]:
    """Return a case's data with one stored fact said anew, and where in the record that stands.

    Args:
        data: the case.
        pointer: the fact's place in it.
        text: what is right; None to leave the fact as it is and say its place alone.
        evidence: its place in the record; None where only the reviewer says so.
        rulebook: whose names the case must use.
        remove: take the fact out instead.

    Raises:
        CaseError: nothing is stored there, or the text is not of its kind.
    """
    if pointer not in {each.pointer for each in leaves(data)}:
        raise CaseError(
            Problem("unknown-field", "nothing is stored at this place of the case", Place(pointer=pointer))
        )
    path = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    tried = _without(data, path) if remove else _said_anew(data, path, text, Place(pointer=pointer), evidence)
    refused: CaseError | None = None
    for made in tried:
        try:
            Case.from_data(made, rulebook)
        except CaseError as error:
            refused = error
        else:
            return made
    assert refused is not None
    raise refused


def _inside(data: Any, path: Sequence[str]) -> Any:
    for step in path:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


def _without(data: Mapping[str, Any], path: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the case without a fact; then, as a thing may not be without it, without the thing it is a fact of."""
    for length in range(len(path), 0, -1):
        made = copy.deepcopy(dict(data))
        parent = _inside(made, path[: length - 1])
        del parent[int(path[length - 1]) if isinstance(parent, list) else path[length - 1]]
        yield made


def _said_anew(
    data: Mapping[str, Any],
    path: list[str],
    text: str | None,
    pointer: Place,
    evidence: Mapping[str, Any] | None,
) -> Iterator[dict[str, Any]]:
    """Yield the case with what a text may mean at a place of it; the reader of cases says which of them is one.

    A count or a finding carries its own place in the record. A date or a word stands in a part of the case that does;
    where that takes none either, the reason of the amendment alone tells it.
    """
    for value, beside in _anew(_inside(data, path), text, pointer, evidence or BY_REVIEWER):
        for place in (evidence, None) if beside and evidence else (None,):
            made = copy.deepcopy(dict(data))
            parent = _inside(made, path[:-1])
            parent[int(path[-1]) if isinstance(parent, list) else path[-1]] = value
            if place and isinstance(parent, dict):
                add_evidence(parent, place)
            yield made


def add_evidence(part: dict[str, Any], evidence: Mapping[str, Any]) -> None:
    """Say of a part of a case where in the record one more of its facts stands."""
    before = part.get("evidence") or []
    part["evidence"] = [*(before if isinstance(before, list) else [before]), dict(evidence)]


_DATE = re.compile(r"(\d{4}|-)(-\d\d){0,2}")


def _anew(
    before: Any, text: str | None, pointer: Place, evidence: Mapping[str, Any]
) -> Iterator[tuple[Any, bool]]:
    """Yield what a text may mean as another value of a stored fact, and whether its place stands beside it."""
    first = before[0] if isinstance(before, list) else before
    value = first.get("value") if isinstance(first, dict) else first
    if text is None:
        if not isinstance(before, list):
            yield {**(before if isinstance(before, dict) else {"value": before}), "evidence": evidence}, False
        yield before, True
        return
    stated = _stated(value, text, pointer, evidence)
    unit = first.get("unit") if isinstance(first, dict) else None
    if unit and not stated.keys() & {"undocumented", "missing"}:
        stated = {**stated, "unit": unit}
    yield {**stated, "evidence": evidence}, False
    if "value" in stated:
        plain = stated["value"]
        yield stated if unit else plain, True
        if isinstance(plain, str):  # names are shown with spaces
            yield plain.replace(" ", "_"), True


def _stated(value: Any, text: str, pointer: Place, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a text states of a fact that had this value; None where it had none."""
    said = _said(text, evidence)
    if said is not None:
        return said
    if text in ("yes", "no") and (value is None or isinstance(value, bool)):
        return {"value": text == "yes"}
    if isinstance(value, bool):
        raise CaseError(Problem("not-a-truth", "answer yes, no, undocumented or unknown", pointer))
    if isinstance(value, str):
        return {"value": as_stored(text) if _DATE.fullmatch(value) else text}
    try:
        return _count(text, pointer)
    except CaseError:
        if value is not None:
            raise
        return {"value": text}
