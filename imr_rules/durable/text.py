"""What may pass to the engine as text: it takes JSON, and some of it the wrong way without a word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from imr_rules.errors import EngineError

MOST_NUMBER = 2**53
_FIELD = re.compile(r"[a-z][a-z0-9_]*")


def encode(content: Any) -> str:
    """Return rules as the engine's JSON.

    Raises:
        EngineError: for anything but bounded integers, truths and plain words.
    """
    _door(content)
    return json.dumps(content, ensure_ascii=True)


def bounded(number: int) -> int:
    """Return a number that the engine, which counts in doubles, compares exactly.

    Raises:
        EngineError: where it is too large for that.
    """
    if -MOST_NUMBER <= number <= MOST_NUMBER:
        return number
    raise EngineError("a number is too large to be compared exactly")


def plain_word(word: str) -> str:
    """Return a word that is the same in JSON, and nothing but a word to the engine.

    Raises:
        EngineError: for any other text.
    """
    if _FIELD.fullmatch(word) is None:
        raise EngineError("this text cannot be given to durable-rules")
    return word


def refuse_collisions(fields: Iterable[str]) -> None:
    """Refuse field names that are not plain or that the engine's 32-bit FNV-1a hash cannot tell apart."""
    seen: dict[int, str] = {}
    for field in fields:
        plain_word(field)
        total = 2166136261
        for byte in field.encode():
            total = ((total ^ byte) * 16777619) & 0xFFFFFFFF
        if seen.setdefault(total, field) != field:
            raise EngineError(f"durable-rules cannot tell `{field}` from `{seen[total]}`")


def _door(content: Any) -> None:
    if isinstance(content, (dict, list)):
        for inner in content.values() if isinstance(content, dict) else content:
            _door(inner)
    elif isinstance(content, str):
        plain_word(content)
    elif isinstance(content, int):
        bounded(content)
    else:
        raise EngineError(f"a {type(content).__name__} cannot be given to durable-rules")
