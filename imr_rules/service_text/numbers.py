"""Numbers in figures or words."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["LATER_NUMBER", "NUMBER", "Number", "number"]


Number = int | Decimal

_WORDS = {
    word: value
    for value, words in enumerate(
        [
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
            "twenty",
        ]
    )
    for word in words.split("/")
} | {
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "single": 1,
    "twenty-one": 21,
    "twenty-four": 24,
    "twenty-five": 25,
    "thirty": 30,
    "thirty-six": 36,
    "forty": 40,
    "forty-eight": 48,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
_SPELT = "|".join(
    sorted((w for w in _WORDS if w not in ("once", "twice", "thrice", "single")), key=len, reverse=True)
)
#: One number, in figures or spelt; "six (6)" is one number.
LATER_NUMBER = rf"(?:(?:\d{{1,4}}(?:\.\d+)?|\b(?i:{_SPELT})\b)(?: \(\d{{1,4}}\))?)"
NUMBER = rf"(?:(?<![\d.,/-]){LATER_NUMBER})"


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
