"""Numbers in figures or words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

__all__ = ["FIGURES", "LATER_FIGURES", "NUMBER", "SPELLED", "Number", "in_figures", "number"]

Number = int | Decimal

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SPELLED: Mapping[str, int] = (
    {word: value for value, word in enumerate(_ONES)}
    | {word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
    | {
        f"{tens}-{ones}": value + one
        for value, tens in zip(range(20, 100, 10), _TENS, strict=True)
        for one, ones in enumerate(_ONES[1:10], start=1)
    }
)
"""Every number under a hundred as it is spelled."""

_WORDS = {**SPELLED, "once": 1, "twice": 2, "thrice": 3, "single": 1}
_SPELLED = rf"(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES[1:10])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))}"
_EACH_SPELLED = re.compile(rf"(?-i:(?=[zotfsenZOTFSEN]))\b(?:{_SPELLED})\b", re.I)
NUMBER = rf"(?:(?<![\d.,/-])(?:\d{{1,4}}(?:\.\d+)?|\b(?i:{_SPELLED})\b)(?: \(\d{{1,4}}\))?)"
"""One number, in figures or spelled; "six (6)" is one number."""
LATER_FIGURES = r"(?:\d{1,4}(?:\.\d+)?(?: \(\d{1,4}\))?)"
FIGURES = rf"(?:(?<![\d.,/-]){LATER_FIGURES})"
"""The same, where none is spelled."""


def in_figures(text: str) -> str:
    """Return ``text`` with every spelled number under a hundred in figures: "six (6)" becomes "6 (6)"."""
    # Ignoring case, re takes a few letters of other alphabets for ours: such a word stays as it is.
    return _EACH_SPELLED.sub(lambda match: str(SPELLED.get(match[0].lower(), match[0])), text)


def number(written: str) -> Number:
    """Return the value of a number written in figures or words; ``"six (6)"`` is 6.

    Raises:
        ValueError: it is not a number.
    """
    text = re.sub(r" ?\(\d+\)$", "", written.strip().lower())
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    if re.fullmatch(r"\d{1,9}\.\d{1,9}", text):
        value = Decimal(text)
        return int(value) if value == value.to_integral_value() else value
    raise ValueError("not a number")
