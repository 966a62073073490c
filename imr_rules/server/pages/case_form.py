"""A case as a form gives it, and a draft read from a letter as a form shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from imr_rules._reading import parse
from imr_rules._units import count_in_words, say_unit
from imr_rules.errors import CaseError, Place, Problem
from imr_rules.server.pages.forms import Form, whole_number

__all__ = ["Piece", "case_data", "confirmed", "pieces"]

MOST_ROWS = 40


def case_data(form: Form) -> dict[str, Any]:
    """Return the data of a case from the fields of the form; whether it is a case is for the reader of cases to say.

    Raises:
        CaseError: a count is not a number.
    """
    data: dict[str, Any] = {
        "case": form.text("case"),
        "priority": form.text("priority"),
        "worker": _some({"age": _number(form, "age"), "sex": form.text("sex")}),
        "injury": _some({"date": form.text("injury")}),
        "request": _some({"date": form.text("request")}),
        "application": _some({"received": form.text("application")}),
        "diagnoses": [
            {"text": line.strip()} for line in (form.text("diagnoses") or "").split("\n") if line.strip()
        ],
        "accepted_body_parts": [each] if (each := _part(form, "accepted")) else None,
        "items": list(_items(form)),
        "history": list(_rows(form, "course", _course)),
        "measurements": list(_rows(form, "score", _score)),
        "documents": list(_rows(form, "document", _document)) or None,
    }
    return _some(data)


def _some(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


def _number(form: Form, name: str) -> int | None:
    text = form.text(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        what = "a count is a whole number"
        raise CaseError(Problem("not-a-number", what, Place(pointer="/" + name.replace(":", "/"))))
    return int(text)


def _part(form: Form, prefix: str) -> dict[str, Any] | None:
    region = form.text(f"{prefix}:region")
    return _some({"region": region, "side": form.text(f"{prefix}:side")}) if region else None


def _items(form: Form) -> Iterator[dict[str, Any]]:
    for number in range(MOST_ROWS):
        prefix = f"item:{number}"
        service = form.text(f"{prefix}:service")
        if service is None:
            continue
        findings = {
            name: _finding(text) for name, text in form.beginning(f"{prefix}:finding:").items() if text
        }
        review = {"decision": form.text(f"{prefix}:decision"), "date": form.text(f"{prefix}:decided")}
        yield _some(
            {
                "id": f"item-{number + 1}",
                "service": service,
                "treatment": form.text(f"{prefix}:treatment"),
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
    return {"value": int(text) if text.isascii() and text.isdigit() else text}


def _rows(form: Form, name: str, read: Any) -> Iterator[dict[str, Any]]:
    for number in range(MOST_ROWS):
        row = _some(read(form, f"{name}:{number}"))
        if row:
            yield row


def _course(form: Form, prefix: str) -> dict[str, Any]:
    treatment = form.text(f"{prefix}:treatment")
    if treatment is None:
        return {}
    return {
        "treatment": treatment,
        "attended": _number(form, f"{prefix}:attended"),
        "since": form.text(f"{prefix}:since"),
        "until": form.text(f"{prefix}:until"),
    }


def _score(form: Form, prefix: str) -> dict[str, Any]:
    score = _number(form, f"{prefix}:score")
    if score is None:
        return {}
    return {
        "instrument": form.text(f"{prefix}:instrument"),
        "date": form.text(f"{prefix}:date"),
        "score": score,
    }


def _document(form: Form, prefix: str) -> dict[str, Any]:
    kind = form.text(f"{prefix}:kind")
    if kind is None:
        return {}
    return {
        "kind": kind,
        "author": form.text(f"{prefix}:author"),
        "date": form.text(f"{prefix}:date"),
        "pages": _number(form, f"{prefix}:pages"),
    }


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


def pieces(data: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield every fact of a draft, in the order a reader checks them."""
    for name in _SINGLE:
        for key, value in (data.get(name) or {}).items():
            if key != "evidence":
                yield _piece(f"/{name}/{key}", f"{name}: {key}", value, data[name])
    for number, item in enumerate(data["items"]):
        for key, value in item.items():
            if key not in _SKIPPED:
                yield _piece(f"/items/{number}/{key}", f"{item['id']}: {key}", value, item)
        for key, value in (item.get("findings") or {}).items():
            yield _piece(f"/items/{number}/findings/{key}", f"{item['id']}: {key}", value, {})
    for name, label in _LISTS.items():
        for number, value in enumerate(data.get(name) or ()):
            yield _piece(f"/{name}/{number}", label, value, {})
    for key, value in (data.get("findings") or {}).items():
        yield _piece(f"/findings/{key}", key, value, {})


def _piece(pointer: str, label: str, value: Any, around: Mapping[str, Any]) -> Piece:
    evidence = _evidence(value) or _evidence({"evidence": around["evidence"]} if "evidence" in around else {})
    return Piece(pointer, label.replace("_", " "), _say(value), evidence)


def _evidence(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, map(_evidence, value))))
    if not isinstance(value, dict):
        return ""
    own = value.get("evidence")
    if own is None:
        return "; ".join(dict.fromkeys(filter(None, map(_evidence, value.values()))))
    places = []
    for each in own if isinstance(own, list) else [own]:
        page = f"page {each['page']}" if "page" in each else ""
        places.append(
            ", ".join(filter(None, (page, str(each.get("place", "")).partition(", characters")[0])))
        )
    return "; ".join(dict.fromkeys(places))


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(_say, value))
    if not isinstance(value, dict):
        text = str(value)
        return text.replace("_", " ") if _NAME.fullmatch(text) else text
    if "value" in value:
        return _say(value["value"]) + (f" {_units(value)}" if "unit" in value else "")
    if "at_least" in value or "at_most" in value:
        return count_in_words(value.get("at_least"), value.get("at_most"), value.get("unit"))
    if "undocumented" in value:
        return f"not documented (searched: {_say(value['undocumented'])})"
    if "missing" in value:
        return f"not known ({value['missing']})"
    if "times" in value:
        return f"{_say(value['times'])} a {value['per']}"
    # What a fact is about comes first and needs no name: the treatment, the instrument, the words of a diagnosis.
    plain = [
        _say(value[key])
        for key in ("text", "treatment", "procedure", "instrument", "side", "region")
        if key in value
    ]
    named = [
        f"{key.replace('_', ' ')} {_say(each)}"
        for key, each in value.items()
        if key not in ("evidence", "text", "treatment", "procedure", "instrument", "side", "region")
    ]
    return ", ".join([*plain, *named])


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
    return _some(data)


def _later_first(pointer: str) -> tuple[str, int]:
    head, _, last = pointer.rpartition("/")
    number = whole_number(last)
    return (pointer, -1) if number is None else (head, number)
