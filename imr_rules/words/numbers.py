"""Numbers in figures or words, for the patterns of running text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

Number = int | Decimal

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]  # fmt: skip
SPELLED: Mapping[str, int] = (
    {word: value for value, word in enumerate(_ONES)}
    | {word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
    | {
        f"{tens}{joint}{ones}": value + one
        for value, tens in zip(range(20, 100, 10), _TENS, strict=True)
        for one, ones in enumerate(_ONES[1:10], start=1)
        for joint in "- "
    }
)
"""Every number under a hundred as it is spelled, with a hyphen or a space."""

WORDS: Mapping[str, int] = {
    **{word: value for word, value in SPELLED.items() if word.isalpha()},
    "hundred": 100,
    "thousand": 1000,
    "dozen": 12,
}
"""Every word that a spelled number is made of."""
_BESIDE = {"once": 1, "twice": 2, "thrice": 3, "single": 1, "a": 0, "times": 0}
_SPELLED = (
    rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?"
    rf"|(?:a|two) dozen|{'|'.join(sorted(_ONES, key=len, reverse=True))}"
)
NUMBER = rf"(?:(?<![\d.,/-])(?:\d{{1,4}}(?:\.\d+)?|\b(?i:{_SPELLED})\b)(?: \(\d{{1,4}}\))?)"
"""One number, in figures or spelled; "six (6)" is one number."""


def number(written: str) -> Number:
    """Return the value of a number written in figures or words; ``"six (6)"`` is 6.

    Raises:
        ValueError: it is not a number.
    """
    text = re.sub(r" ?\(\d+\)$", "", written.strip().lower())
    value = spelled(text)
    if value is not None:
        return value
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    if re.fullmatch(r"\d{1,9}\.\d{1,9}", text):
        exact = Decimal(text)
        return int(exact) if exact == exact.to_integral_value() else exact
    raise ValueError("not a number")


def spelled(written: str) -> int | None:
    """Return the value of a number in words ("twenty-five", "two dozen", "three times"); None where it is none."""
    total = 0
    for word in re.split(r"[- ]", written):
        value = WORDS.get(word, _BESIDE.get(word))
        if value is None:
            return None
        total = (total or 1) * value if word in ("dozen", "hundred", "thousand") else total + value
    return total


def numbers_listed(written: str) -> tuple[int, ...]:
    """Return the numbers of a list of them, each once: "1, 3 and 4", "2-4", "98-9"; of a range without end, the first."""
    found: list[int] = []
    for part in re.split(r",|\band\b|&", written):
        ends = [int(each) for each in re.findall(r"\d+", part)]
        if len(ends) == 2 and ends[1] < ends[0]:  # "98-9"
            ends[1] = int(str(ends[0])[: -len(str(ends[1]))] + str(ends[1]))
        if ends and ends[0] >= 1:
            found += range(ends[0], ends[-1] + 1) if ends[0] <= ends[-1] < ends[0] + 100 else ends[:1]
    return tuple(dict.fromkeys(found))
