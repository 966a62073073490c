"""A case as a form gives it, and a draft read from a letter as a form shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from imr_rules._dates import PartialDate, say_date, spell_date
from imr_rules._reading import parse
from imr_rules._units import count_in_words, say_unit
from imr_rules.errors import CaseError, Place, Problem
from imr_rules.server.pages.dates import as_stored
from imr_rules.server.pages.forms import Form, count_in, whole_number
from imr_rules.writing.words import capital

MOST_ROWS = 40


def case_data(form: Form) -> dict[str, Any]:
    """Return the data of a case from the fields of the form; whether it is a case is for the reader of cases to say.

    Raises:
        CaseError: a count is not a number.
    """
    read = form.text("read")
    data: dict[str, Any] = {
        "case": form.text("case"),
        "priority": form.text("priority"),
        "worker": _some({"age": _number(form, "age"), "sex": form.text("sex")}),
        "injury": _some({"date": as_stored(form.text("injury"))}),
        "request": _some({"date": as_stored(form.text("request"))}),
        "application": _some({"received": as_stored(form.text("application"))}),
        "diagnoses": [
            {"text": line.strip()} for line in (form.text("diagnoses") or "").split("\n") if line.strip()
        ],
        "accepted_body_parts": [each] if (each := _part(form, "accepted")) else None,
        "items": list(_items(form)),
        "history": [*_attended(form), *_rows(form, "course")],
        "measurements": list(_rows(form, "score")),
        "documents": [*_kinds(form), *_rows(form, "document")] or None,
        "record": {"read": read} if read in ("part", "all") else None,
    }
    return _some(data)


def _kinds(form: Form) -> Iterator[dict[str, Any]]:
    """Yield the documents that were ticked; each by its kind, which is its id as well."""
    for kind in dict.fromkeys(form.fields.get("document_kinds", ())):
        if kind:
            yield {"id": kind, "kind": kind}


def _attended(form: Form) -> Iterator[dict[str, Any]]:
    """Yield what was attended before of each disputed treatment, where that is said beside it."""
    for number in range(MOST_ROWS):
        prefix = f"item:{number}"
        treatment = form.text(f"{prefix}:treatment") or form.text(f"{prefix}:recognized")
        attended = _number(form, f"{prefix}:attended")
        if treatment and attended is not None:
            unit = {"unit": form.text(f"{prefix}:counted")} if form.text(f"{prefix}:counted") else {}
            counted = {**(attended if isinstance(attended, dict) else {"value": attended}), **unit}
            yield _some({"treatment": treatment, "body_part": _part(form, prefix), "attended": counted})


def _some(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


def _number(form: Form, name: str) -> Any:
    """Return a count or its bounds: ``12``, ``4 to 6``."""
    text = form.text(name)
    if text is None:
        return None
    found = count_in(text)
    if found is None:
        what = "a count is a whole number, such as 6, or bounds, such as 4 to 6"
        raise CaseError(Problem("not-a-number", what, Place(pointer="/" + name.replace(":", "/"))))
    return found.get("value", found)


def _part(form: Form, prefix: str) -> dict[str, Any] | None:
    region = form.text(f"{prefix}:region")
    return _some({"region": region, "side": form.text(f"{prefix}:side")}) if region else None


def ids_of(form: Form) -> dict[int, str]:
    """Return the id of each item of the form, by its place: the one it has, else one that no other item has.

    Within the form items name each other by place, ``item-1``, because an id may change with the form's own rows.
    """
    numbers = [number for number in range(MOST_ROWS) if form.text(f"item:{number}:service")]
    ids = {number: own for number in numbers if (own := form.text(f"item:{number}:id"))}
    for number in numbers:
        if number not in ids:
            free = (f"item-{each}" for each in (number + 1, *range(1, 2 * MOST_ROWS + 1)))
            ids[number] = next(each for each in free if each not in ids.values())
    return {number: ids[number] for number in numbers}


_PLACE = re.compile(r"item-([1-9]\d?)")


def _items(form: Form) -> Iterator[dict[str, Any]]:
    ids = ids_of(form)
    for number, id in ids.items():
        prefix = f"item:{number}"
        service = form.text(f"{prefix}:service")
        follows = _PLACE.fullmatch(form.text(f"{prefix}:follows") or "")
        findings = {
            name: _finding(text) for name, text in form.beginning(f"{prefix}:finding:").items() if text
        }
        review = {
            "decision": form.text(f"{prefix}:decision"),
            "date": as_stored(form.text(f"{prefix}:decided")),
            "rationale": form.text(f"{prefix}:why"),
        }
        yield _some(
            {
                "id": id,
                "service": service,
                "treatment": form.text(f"{prefix}:treatment"),
                "follows": ids.get(int(follows[1]) - 1) if follows else None,
                "body_part": _part(form, prefix),
                "asked": _number(form, f"{prefix}:asked"),
                "authorized": _number(form, f"{prefix}:authorized"),
                "in_dispute": _number(form, f"{prefix}:in_dispute"),
                "utilization_review": _some(review),
                "findings": findings,
            }
        )


def _finding(text: str) -> Any:
    if text in ("yes", "no"):
        return {"value": text == "yes"}
    if text == "undocumented":
        return {"undocumented": ["the documents submitted"]}
    if text == "unknown":
        return {"missing": "not looked up"}
    return count_in(text) or {"value": text}


_LISTED = {
    "course": ("history", ("treatment", "attended", "since", "until")),
    "score": ("measurements", ("instrument", "date", "score")),
    "document": ("documents", ("kind", "author", "date", "pages")),
}
"""Rows of the form → the list of the case they are, and the keys of each."""
_NUMBERS = frozenset({"attended", "score", "pages"})
_DATES = frozenset({"since", "until", "date"})


def _rows(form: Form, name: str) -> Iterator[dict[str, Any]]:
    for number in range(MOST_ROWS):
        row = _some({key: _read(form, f"{name}:{number}:{key}", key) for key in _LISTED[name][1]})
        if row:
            yield row


def _read(form: Form, field: str, key: str) -> Any:
    if key in _NUMBERS:
        return _number(form, field)
    return as_stored(form.text(field)) if key in _DATES else form.text(field)


def form_of(data: Mapping[str, Any]) -> Form:
    """Return the form of a stored case, as far as the form has fields for it."""
    found: dict[str, list[str]] = {}

    def put(name: str, value: Any) -> None:
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):
            low, high = first.get("at_least"), first.get("at_most")
            first = first.get("value") if "value" in first else _bounds(low, high)
        if isinstance(first, bool):
            first = "yes" if first else "no"
        if first is not None:
            found[name] = [_american(str(first))]

    for name in ("case", "priority"):
        put(name, data.get(name))
    for name, part, key in _PLACES:
        put(name, (data.get(part) or {}).get(key))
    put("read", (data.get("record") or {}).get("read"))
    found["diagnoses"] = ["\n".join(str(each.get("text", "")) for each in data.get("diagnoses") or ())]
    items = data.get("items") or ()
    places = {each.get("id") or f"item-{number}": f"item-{number}" for number, each in enumerate(items, 1)}
    for number, item in enumerate(items):
        prefix = f"item:{number}"
        if item.get("id"):
            found[f"{prefix}:id"] = [item["id"]]
        put(f"{prefix}:follows", places.get(item.get("follows")))
        for key in ("service", "treatment", "asked", "authorized", "in_dispute"):
            put(f"{prefix}:{key}", item.get(key))
        for key in ("region", "side"):
            put(f"{prefix}:{key}", (item.get("body_part") or {}).get(key))
        review = item.get("utilization_review") or {}
        put(f"{prefix}:decision", review.get("decision"))
        put(f"{prefix}:decided", review.get("date"))
        put(f"{prefix}:why", review.get("rationale"))
        for name, value in (item.get("findings") or {}).items():
            if isinstance(value, dict) and "undocumented" in value:
                found[f"{prefix}:finding:{name}"] = ["undocumented"]
            else:
                put(f"{prefix}:finding:{name}", value)
    for name, (kind, keys) in _LISTED.items():
        for number, row in enumerate((data.get(kind) or ())[:MOST_ROWS]):
            for key in keys:
                put(f"{name}:{number}:{key}", row.get(key))
    return Form({name: values for name, values in found.items() if values != [""]}, {})


def _bounds(low: int | None, high: int | None) -> str | None:
    if low is None:
        return None if high is None else f"at most {high}"
    return f"at least {low}" if high is None else f"{low} to {high}"


_PLACES = (
    ("age", "worker", "age"), ("sex", "worker", "sex"), ("injury", "injury", "date"), ("request", "request", "date"),
    ("application", "application", "received"),
)  # fmt: skip
_ISO = re.compile(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?")


def _american(text: str) -> str:
    found = _ISO.fullmatch(text)
    if not found:
        return text
    year, month, day = found.groups()
    if year == "-":
        return spell_date(PartialDate.parse(text))
    return f"{month}/{day}/{year}" if day else f"{month}/{year}"


_COUNTED = frozenset({"value", "at_least", "at_most"})


def merged(stored: Any, before: Any, after: Any) -> Any:
    """Return what is stored with what a form changed: what the form has no field for stays as it is."""
    if json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True):
        return stored
    first = stored[0] if isinstance(stored, list) and stored else stored
    if isinstance(first, dict) and first.keys() & _COUNTED and "unit" in first:
        # a count said anew counts the same as it did
        return {**(after if isinstance(after, dict) else {"value": after}), "unit": first["unit"]}
    if isinstance(stored, dict) and isinstance(after, dict):
        known = before if isinstance(before, dict) else {}
        made = {name: value for name, value in stored.items() if name in after or name not in known}
        for name, value in after.items():
            made[name] = merged(stored.get(name), known.get(name), value) if name in stored else value
        return made
    lists = isinstance(stored, list) and isinstance(after, list) and isinstance(before, list)
    if lists and len(stored) == len(before) <= len(after):
        kept = [merged(*each) for each in zip(stored, before, after[: len(before)], strict=True)]
        return [*kept, *after[len(before) :]]
    return after


_FIELDS = {
    "/injury/date": "injury", "/request/date": "request", "/application/received": "application", "/worker/age": "age",
    "/worker/sex": "sex", "/case": "case", "/priority": "priority", "/record": "read", "/record/read": "read",
    "": "item:0:service", "/items": "item:0:service", "/documents": "read", "/reason": "reason",
}  # fmt: skip
_ABOUT = {"history": "course of care before", "measurements": "score", "documents": "document"}
_ROWS = {kind: name for name, (kind, _) in _LISTED.items()}


def field_of(pointer: str | None) -> str | None:
    """Return the field of the form that a place of the case was entered in; None where there is none."""
    if pointer is None:
        return None
    if pointer in _FIELDS:
        return _FIELDS[pointer]
    steps = pointer.split("/")[1:]
    if steps[:1] == ["item"] or len(steps) == 1:
        return ":".join(steps)
    if len(steps) >= 3 and steps[0] == "items":
        rest = {"utilization_review": "decided", "body_part": "region", "findings": "finding"}
        last = rest.get(steps[2], steps[2])
        if last == "decided":
            last = {"decision": "decision", "rationale": "why"}.get("".join(steps[3:4]), last)
        if last == "finding" and len(steps) > 3:
            last = f"finding:{steps[3]}"
        return f"item:{steps[1]}:{last}"
    if len(steps) >= 3 and steps[0] in _ROWS:
        return f"{_ROWS[steps[0]]}:{steps[1]}:{steps[2]}"
    return None


def in_plain_words(problem: Problem) -> str:
    """Return what is wrong with a field as whoever fills in the form is told."""
    line = f" (line {problem.place.line})" if problem.place.line else ""
    if "`items` is needed" in problem.what and not line:
        return "Say what is asked for, in the request’s own words."
    if "that all was read needs" in problem.what and not line:
        return "Tick the documents that were read: more than the denial and the application."
    row = re.fullmatch(r"/(history|measurements|documents)/\d+(/\w+)?", problem.place.pointer or "")
    needed = re.search(r"`(\w+)` is needed", problem.what)
    if row and needed and not line:
        return f"Choose the {needed[1]} of each {_ABOUT[row[1]]}, or leave its row empty."
    if "a date is written" in problem.what:
        return "Give a date such as 03/14/2017; 03/2017 or 2017 where the day is not known."
    said = capital(problem.what) + ("" if problem.what.endswith(".") else ".")
    said += line
    return said + (f" {capital(problem.hint)}." if problem.hint else "")


class Piece(NamedTuple):
    """One fact of a draft, to be confirmed or left out: where it stands, what it says, where it was read."""

    pointer: str
    label: str
    said: str
    place: str


_SINGLE = ("worker", "injury", "request", "application")
_LISTS = {
    "diagnoses": "diagnosis",
    "accepted_body_parts": "accepted body part",
    "history": "earlier care",
    "surgeries": "surgery",
    "measurements": "score",
}
_SKIPPED = frozenset({"id", "service", "findings", "evidence"})
_REVIEW = {
    "decision": "decision in dispute",
    "date": "date of the decision",
    "rationale": "reason of the decision",
}


def pieces(data: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield every fact of a draft, in the order a reader checks them."""
    if "priority" in data:
        yield _piece("/priority", "priority", data["priority"], {})
    for name in _SINGLE:
        for key, value in (data.get(name) or {}).items():
            if key != "evidence":
                yield _piece(f"/{name}/{key}", f"{name}: {key}", value, data[name])
    for number, item in enumerate(data["items"]):
        for key, value in item.items():
            if key == "utilization_review":
                for name, label in _REVIEW.items():
                    if name in value:
                        at = f"/items/{number}/{key}/{name}"
                        yield _piece(at, f"{item['id']}: {label}", value[name], value)
            elif key not in _SKIPPED:
                yield _piece(f"/items/{number}/{key}", f"{item['id']}: {key}", value, item)
        for key, value in (item.get("findings") or {}).items():
            yield _piece(f"/items/{number}/findings/{key}", f"{item['id']}: {key}", value, {})
    for name, label in _LISTS.items():
        for number, value in enumerate(data.get(name) or ()):
            yield _piece(f"/{name}/{number}", label, value, {})
    for key, value in (data.get("findings") or {}).items():
        yield _piece(f"/findings/{key}", key, value, {})


def _piece(pointer: str, label: str, value: Any, around: Mapping[str, Any]) -> Piece:
    evidence = evidence_of(value) or evidence_of(
        {"evidence": around["evidence"]} if "evidence" in around else {}
    )
    return Piece(pointer, label.replace("_", " "), say_stored(value), evidence)


def evidence_of(value: Any) -> str:
    """Return where in the record a stored fact stands, in words; empty where it is not said."""
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, map(evidence_of, value))))
    if not isinstance(value, dict):
        return ""
    own = value.get("evidence")
    if own is None:
        return "; ".join(dict.fromkeys(filter(None, map(evidence_of, value.values()))))
    places = []
    for each in own if isinstance(own, list) else [own]:
        page = f"page {each['page']}" if "page" in each else ""
        place = re.split(r", (?:characters|box) ", str(each.get("place", "")))[0]
        said = (each.get("document"), dated(str(each.get("date") or "")), page, place)
        places.append(", ".join(filter(None, said)))
    return "; ".join(dict.fromkeys(places))


def say_stored(value: Any) -> str:
    """Return a stored fact in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(say_stored, value))
    if not isinstance(value, dict):
        text = dated(str(value))
        return text.replace("_", " ") if _NAME.fullmatch(text) else text
    if "value" in value:
        return say_stored(value["value"]) + (f" {_units(value)}" if "unit" in value else "")
    if "at_least" in value or "at_most" in value:
        return count_in_words(value.get("at_least"), value.get("at_most"), value.get("unit"))
    if "undocumented" in value:
        return f"not documented (searched: {say_stored(value['undocumented'])})"
    if "missing" in value:
        return f"not known ({value['missing']})"
    if "times" in value:
        return f"{say_stored(value['times'])} a {value['per']}"
    # What a fact is about comes first and needs no name: the treatment, the instrument, the words of a diagnosis.
    plain = [
        say_stored(value[key])
        for key in ("text", "treatment", "procedure", "instrument", "side", "region")
        if key in value
    ]
    named = [
        f"{key.replace('_', ' ')} {say_stored(each)}"
        for key, each in value.items()
        if key not in ("evidence", "text", "treatment", "procedure", "instrument", "side", "region")
    ]
    return ", ".join([*plain, *named])


def dated(text: str) -> str:
    """Return a date in words, and any other text as it is."""
    try:
        return say_date(PartialDate.parse(text)) if _ISO.fullmatch(text) else text
    except ValueError:
        return text


_NAME = re.compile(r"[a-z]+(_[a-z]+)+")


def _units(value: Mapping[str, Any]) -> str:
    return say_unit(str(value["unit"]), several=value.get("value") != 1)


def confirmed(draft: str, pointers: set[str]) -> dict[str, Any]:
    """Return a draft without the facts that were not confirmed.

    Raises:
        CaseError: the draft is not one.
    """
    try:
        data = parse(draft, CaseError, is_json=True).data
        known = {piece.pointer for piece in pieces(data)}
    except (CaseError, ValueError, KeyError, TypeError, AttributeError):
        raise CaseError(
            Problem("not-a-draft", "the draft cannot be read", hint="drop the letter again")
        ) from None
    for pointer in sorted(known - pointers, key=_later_first, reverse=True):
        *path, last = pointer.split("/")[1:]
        parent: Any = data
        for step in path:
            parent = parent[int(step)] if isinstance(parent, list) else parent[step]
        del parent[int(last) if isinstance(parent, list) else last]
    for item in data["items"]:
        if not _REVIEW.keys() & (item.get("utilization_review") or {}).keys():
            item.pop("utilization_review", None)
    return _some(data)


def _later_first(pointer: str) -> tuple[str, int]:
    head, _, last = pointer.rpartition("/")
    number = whole_number(last)
    return (pointer, -1) if number is None else (head, number)
