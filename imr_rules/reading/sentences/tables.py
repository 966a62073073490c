"""Tables of words: alternatives between bars, with names for the parts they share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def read_table(name: str) -> Mapping[str, Any]:
    """Return one of the YAML tables beside this module."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table: Mapping[str, Any] = yaml.load(Path(__file__).with_name(name).read_bytes(), loader)
    return table


def pattern(words: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    """Return a pattern of whole words: any of the alternatives between " | ", with ``<name>`` for a shared part.

    It is made for text in small letters: without regard to case it would take five times as long.
    """
    alternatives = "|".join(" ".join(spelled_out(words, parts).split()).split(" | "))
    return re.compile(rf"\b(?:{alternatives})(?!\w)")


def spelled_out(words: str, parts: Mapping[str, str]) -> str:
    """Return an expression with the shared part in the place of each ``<name>``."""
    while re.search(r"(?<!\?P)<[a-z_]+>", words):
        words = re.sub(r"(?<!\?P)<([a-z_]+)>", lambda part: parts[part[1]], words)
    return words
