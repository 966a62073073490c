"""Reading JSON that was sent: UTF-8, no key twice, not too deep, no list too long. Places are JSON pointers."""

from __future__ import annotations

import json
from typing import Any

from imr_rules._reading import parse, pointer
from imr_rules.errors import Place, Problem, TooLargeError, UnreadableError

__all__ = ["read_json"]


def read_json(content: bytes, *, max_list: int) -> Any:
    """Return the data of a JSON text.

    Raises:
        UnreadableError: it is not JSON, or not put together the way JSON is read here.
        TooLargeError: a list in it is longer than ``max_list``.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(Problem("not-text", "the body is not UTF-8 text")) from None
    data = parse(text, UnreadableError, is_json=True).data
    if "\\u" in text:
        _refuse_half_characters(data)
    _check_lists(data, max_list, ())
    return data


def _refuse_half_characters(data: Any) -> None:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        what = "half of a character is written as an escape, without its other half"
        raise UnreadableError(Problem("not-text", what)) from None


def _check_lists(data: Any, most: int, path: tuple[str | int, ...]) -> None:
    if isinstance(data, list):
        if len(data) > most:
            what = f"this list is longer than {most} entries"
            raise TooLargeError(Problem("list-too-long", what, Place(pointer=pointer(path))))
        for place, inner in enumerate(data):
            if isinstance(inner, (list, dict)):
                _check_lists(inner, most, (*path, place))
    elif isinstance(data, dict):
        for name, inner in data.items():
            if isinstance(inner, (list, dict)):
                _check_lists(inner, most, (*path, name))
