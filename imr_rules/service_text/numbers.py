"""Numbers in figures or words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

__all__ = ["LATER_NUMBER", "NUMBER", "SPELT", "Number", "number"]

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
SPELT: Mapping[str, int] = (
    {word: value for value, word in enumerate(_ONES)}
    | {word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
    | {
        f"{tens}-{ones}": value + one
        for value, tens in zip(range(20, 100, 10), _TENS, strict=True)
        for one, ones in enumerate(_ONES[1:10], start=1)
    }
)
"""Every number under a hundred as it is spelt."""

_WORDS = {**SPELT, "once": 1, "twice": 2, "thrice": 3, "single": 1}
_SPELT = rf"(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES[1:10])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))}"
# What no number can begin with is passed over before any of their words is tried.
_LETTER, _LETTER_OR_FIGURE = "(?-i:(?=[zotfsenZOTFSEN]))", r"(?-i:(?=[\dzotfsenZOTFSEN]))"
#: One number, in figures or spelt; "six (6)" is one number.
LATER_NUMBER = rf"(?:(?:\d{{1,4}}(?:\.\d+)?|{_LETTER}\b(?i:{_SPELT})\b)(?: \(\d{{1,4}}\))?)"
NUMBER = rf"(?:{_LETTER_OR_FIGURE}(?<![\d.,/-]){LATER_NUMBER})"


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
