"""A case with some of its facts changed, as a form names them; and what changed, as an amendment says it.

A field is named for the place it changes: ``finding:rationale`` (of the item), ``amount:in_dispute``,
``course:0:attended``, ``course:new:attended``.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from imr_rules.errors import CaseError, Place, Problem
from imr_rules.expression.values import FactType
from imr_rules.rulebook import Rulebook
from imr_rules.server.pages.forms import whole_number

__all__ = ["BY_REVIEWER", "changes_between", "edited"]

BY_REVIEWER = {"place": "stated by the reviewer"}
"""What stands as evidence of a fact that a reviewer supplies."""

_AMOUNTS = ("asked", "authorized", "in_dispute")


def edited(
    data: Mapping[str, Any], item: str, fields: Mapping[str, str], rulebook: Rulebook
) -> dict[str, Any]:
    """Return a case's data with the fields that are not empty changed.

    Raises:
        CaseError: a field names no fact, or its value is not one the fact can have.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(data))
    place = _position(changed, item)
    target = changed["items"][place]
    for name, text in fields.items():
        if not text:
            continue
        kind, _, rest = name.partition(":")
        pointer = Place(pointer=f"/items/{place}/{rest}")
        if kind == "finding":
            spec = rulebook.vocabulary.facts.get(rest)
            if spec is None:
                raise CaseError(Problem("unknown-fact", "no fact has this name", pointer))
            findings = target.get("findings")
            target["findings"] = {**findings} if isinstance(findings, dict) else {}
            target["findings"][rest] = _statement(text, spec.type, pointer)
        elif kind == "amount" and rest in _AMOUNTS:
            target[rest] = _amount(target.get(rest), _whole(text, pointer))
        elif kind == "course":
            _set_course(changed, rest.partition(":")[0], _whole(text, pointer), target, rulebook, pointer)
        else:
            raise CaseError(Problem("unknown-field", "there is nothing of this name to change", pointer))
    return changed


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


def _statement(text: str, kind: FactType, pointer: Place) -> dict[str, Any]:
    if text == "undocumented":
        return {"undocumented": ["the record, by the reviewer"], "evidence": BY_REVIEWER}
    if text == "unknown":
        return {"missing": "not known to the reviewer"}
    if kind.kind == "boolean":
        if text not in ("yes", "no"):
            raise CaseError(Problem("not-a-truth", "answer yes or no", pointer))
        return {"value": text == "yes", "evidence": BY_REVIEWER}
    if kind.kind == "integer":
        return {"value": _whole(text, pointer), "evidence": BY_REVIEWER}
    return {"value": text, "evidence": BY_REVIEWER}


def _whole(text: str, pointer: Place) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise CaseError(Problem("not-a-number", "give a whole number", pointer))
    return int(text)


def _amount(before: Any, number: int) -> Any:
    """Return an amount with another number and the unit it had."""
    first = before[0] if isinstance(before, list) and before else before
    unit = first.get("unit") if isinstance(first, dict) else None
    stated = {"value": number, "evidence": BY_REVIEWER}
    return {**stated, "unit": unit} if unit else stated


def _set_course(
    data: dict[str, Any], which: str, number: int, item: Mapping[str, Any], rulebook: Rulebook, pointer: Place
) -> None:
    history = list(data.get("history") or [])
    if which == "new":
        service, codes = str(item.get("service", "")), tuple(item.get("codes") or ())
        treatment = item.get("treatment") or rulebook.vocabulary.recognize(service, codes)
        if not treatment:
            raise CaseError(Problem("treatment-not-recognized", "name the treatment first", pointer))
        history.append({"treatment": treatment, "attended": {"value": number, "evidence": BY_REVIEWER}})
    elif (place := whole_number(which)) is not None and place < len(history):
        course = dict(history[place])
        course["attended"] = _amount(course.get("attended"), number)
        history[place] = course
    else:
        raise CaseError(Problem("unknown-course", "the case has no such course of treatment", pointer))
    data["history"] = history
