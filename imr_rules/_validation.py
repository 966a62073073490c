"""Strict models, and validation that says what is wrong, where, and never what was written there."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from imr_rules._reading import Document
from imr_rules.errors import InputError, Problem, nearest, printable_name

_M = TypeVar("_M", bound=BaseModel)


class StrictModel(BaseModel):
    """A part of a file: nothing is coerced, nothing changes, no key that is not declared."""

    # Built when first used: most of a case's parts are only ever read as parts of it.
    model_config = ConfigDict(
        defer_build=True, strict=True, frozen=True, extra="forbid", populate_by_name=True
    )


class Misplaced(ValueError):
    """Something wrong further down in what a model reads; ``path`` leads there."""

    def __init__(self, what: str, *path: str | int) -> None:
        super().__init__(what)
        self.path = path


def listed(value: Any) -> Any:
    """Return ``value`` as a list, where one thing may be written without the brackets."""
    return value if isinstance(value, (list, tuple)) else [value]


def validate(model: type[_M], source: Document, error: type[InputError]) -> _M:
    """Read a document as a ``model``, or raise ``error`` with one problem for each place that is wrong."""
    try:
        return model.model_validate(source.data)
    except ValidationError as fault:
        raise error(_problems(fault, source, model)) from None


# How validation speaks: pydantic's code -> ours, and words that never repeat the value.
_WORDS = {
    "missing": ("missing-key", "this key is needed"),
    "int_type": ("wrong-type", "a whole number belongs here"),
    "int_from_float": ("wrong-type", "a whole number belongs here"),
    "int_parsing": ("wrong-type", "a whole number belongs here"),
    "string_type": ("wrong-type", "text belongs here"),
    "bool_type": ("wrong-type", "true or false belongs here"),
    "tuple_type": ("wrong-type", "a list belongs here"),
    "dict_type": ("wrong-type", "keys with values belong here, written `key: value`"),
    "model_type": ("wrong-type", "keys with values belong here, written `key: value`"),
    "model_attributes_type": ("wrong-type", "keys with values belong here, written `key: value`"),
    "string_too_short": ("empty", "this must not be empty"),
    "too_short": ("empty", "at least one entry is needed here"),
    "string_too_long": ("too-long", "this text is too long"),
    "too_long": ("too-long", "this list is too long"),
    "string_unicode": ("wrong-form", "this text holds half a character"),
    "string_pattern_mismatch": ("wrong-form", "this is not written the way it must be"),
}


def _problems(error: ValidationError, source: Document, model: type[BaseModel]) -> Iterable[Problem]:
    """Turn pydantic's errors into ours: one a place, in file order, without the values."""
    found: dict[tuple[str | int, ...], Problem] = {}
    for detail in error.errors(include_url=False, include_input=False):
        kind, context = detail["type"], detail.get("ctx", {})
        cause = context.get("error")
        further = cause.path if isinstance(cause, Misplaced) else ()
        path = _path_in(source.data, (*detail["loc"], *further))
        hint = None
        key = False
        if kind == "extra_forbidden":
            key = True
            name = path[-1]
            code, what = "unknown-key", f"{printable_name(name) or 'this'} is not a key that belongs here"
            hint = nearest(name, _fields_under(path, model))
        elif kind == "value_error":
            code, what = "not-valid", str(cause or "this is not valid")
        elif kind == "literal_error":
            choices = str(context.get("expected"))
            code, what = "not-a-choice", f"this must be one of {choices}"
            hint = nearest(_value_at(source.data, path), re.findall(r"'([^']+)'", choices))
        elif kind in ("greater_than_equal", "less_than_equal"):
            bound = context.get("ge", context.get("le"))
            side = "at least" if kind == "greater_than_equal" else "at most"
            code, what = "out-of-range", f"this number must be {side} {bound}"
        else:
            code, what = _WORDS.get(kind, ("not-valid", "this is not valid here"))
            if kind == "string_pattern_mismatch":
                example = _examples(model).get(str(context.get("pattern")))
                if example:
                    small = "in small letters, digits and underscores, " if "_" in example else ""
                    hint = f"write it {small}like `{example}`"
                else:  # the one pattern without an example is that of any text
                    code, what, hint = (
                        "control-character",
                        "a control character stands in this text",
                        "remove it",
                    )
            if kind == "string_too_long":
                what = f"this text is too long: at most {context['max_length']:,} characters"
            if kind == "too_long":
                what = f"this list is too long: at most {context['max_length']:,} entries"
            if kind == "missing":
                what = f"the key `{detail['loc'][-1]}` is needed here"
        found.setdefault(path, Problem(code, what, source.place(path, key=key), hint))
    led_to = _consequences(found)
    kept = [problem for path, problem in found.items() if path not in led_to]
    return sorted(kept, key=lambda problem: (problem.place.line or 0, problem.place.column or 0))


def _consequences(found: Mapping[tuple[str | int, ...], Problem]) -> set[tuple[str | int, ...]]:
    """Return the paths whose problem is only what another one leads to.

    A list whose entries are wrong is also too short, and a key that is misspelled is also missing.
    """
    above = {path[:length] for path in found for length in range(len(path))}
    meant: dict[
        tuple[str | int, ...], set[str]
    ] = {}  # what unknown keys were meant to be, by where they stand
    for path, problem in found.items():
        if problem.code == "unknown-key" and problem.hint:
            meant.setdefault(path[:-1], set()).update(re.findall(r"`([^`]+)`", problem.hint))
    return {
        path
        for path, problem in found.items()
        if (problem.code == "empty" and path in above)
        or (problem.code == "missing-key" and problem.what.split("`")[1] in meant.get(path, ()))
    }


@cache
def _examples(model: type[BaseModel]) -> dict[str, str]:
    """Return pattern of a text → a text that is written so."""
    found: dict[str, str] = {}
    todo: list[Any] = [model.model_json_schema()]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            if "pattern" in part and "examples" in part:
                found[part["pattern"]] = part["examples"][0]
            todo += part.values()
        elif isinstance(part, list):
            todo += part
    return found


def _path_in(data: Any, loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Follow pydantic's location as far as the data goes, past the steps it added for short forms."""
    path: list[str | int] = []
    for step in loc:
        if isinstance(data, Mapping) and step in data:
            data = data[step]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            continue
        path.append(step)
    return tuple(path)


def _value_at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def _models(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _models(inner)


def _names(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


@cache
def _fields_by_key(root: type[BaseModel]) -> dict[str, frozenset[str]]:
    """Return key of a file → the keys that belong under it; the empty key stands for the top."""
    found: dict[str, frozenset[str]] = {"": _names(root)}
    todo: list[type[BaseModel]] = [root]
    seen: set[type[BaseModel]] = set()
    while todo:
        model = todo.pop()
        if model in seen:
            continue
        seen.add(model)
        for name, described in model.model_fields.items():
            for inner in _models(described.annotation):
                found[name] = found.get(name, frozenset()) | _names(inner)
                todo.append(inner)
    return found


def _fields_under(path: tuple[str | int, ...], model: type[BaseModel]) -> frozenset[str]:
    parents = [step for step in path[:-1] if isinstance(step, str)]
    known = _fields_by_key(model)
    return next((known[name] for name in reversed(parents) if name in known), known[""])
