"""Reading JSON that was sent: UTF-8, no key twice, not too deep, nothing too long. Places are JSON pointers."""

from __future__ import annotations

import json
from typing import Any

from imr_rules._reading import parse, pointer
from imr_rules.errors import Place, Problem, TooLargeError, UnreadableError

MOST_KEYS = 1_000
"""Keys of one object: three times as many as there are facts."""
MOST_VALUES = 50_000
"""Values in all: fifty times as many as a long case has."""


def read_json(content: bytes, *, max_list: int) -> Any:
    """Return the data of a JSON text.

    Raises:
        UnreadableError: it is not JSON, or not put together the way JSON is read here.
        TooLargeError: a list in it is longer than ``max_list``, or there is more of anything else than a case has.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(Problem("not-text", "the body is not UTF-8 text")) from None
    data = parse(text, UnreadableError, is_json=True).data
    if "\\u" in text:
        _refuse_half_characters(data)
    _check_sizes(data, max_list, ())
    return data


def _refuse_half_characters(data: Any) -> None:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        what = "half of a character is written as an escape, without its other half"
        raise UnreadableError(Problem("not-text", what)) from None


def _check_sizes(data: Any, most: int, path: tuple[str | int, ...]) -> int:
    """Return how many values there are; raise where a list, an object or the whole has too many."""
    if not isinstance(data, (list, dict)):
        return 1
    if isinstance(data, list) and len(data) > most:
        what = f"this list is longer than {most} entries"
        raise TooLargeError(Problem("list-too-long", what, Place(pointer=pointer(path))))
    if isinstance(data, dict) and len(data) > MOST_KEYS:
        what = f"this has more than {MOST_KEYS:,} keys"
        raise TooLargeError(Problem("too-many-keys", what, Place(pointer=pointer(path))))
    count = 1
    for step, inner in enumerate(data) if isinstance(data, list) else data.items():
        count += _check_sizes(inner, most, (*path, step)) if isinstance(inner, (list, dict)) else 1
    if count > MOST_VALUES:
        raise TooLargeError(Problem("too-many-values", f"there are more than {MOST_VALUES:,} values in it"))
    return count
