"""Numbers in figures and in words."""

from __future__ import annotations

import pytest

from imr_rules import Rulebook
from imr_rules.words import number, read_line
from imr_rules.words.numbers import numbers_listed

NAMES = Rulebook.load().vocabulary.names


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("six (6)", 6),
        ("Twelve", 12),
        ("24", 24),
        ("twice", 2),
        ("twenty-four", 24),
        ("twenty four", 24),
        ("a dozen", 12),
    ],
)
def test_numbers(written: str, value: int) -> None:
    assert number(written) == value


@pytest.mark.parametrize("written", ["", "many", "6 7", "1/2"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number(written)


ONES = "one two three four five six seven eight nine".split()  # noqa: SIM905
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905


@pytest.mark.parametrize("joint", [" ", "-", "\u2010", "\u00a0"])
@pytest.mark.parametrize(("tens", "ones"), [(tens, ones) for tens in TENS for ones in ONES[::3]])
def test_a_spelled_number_says_what_its_figures_say(tens: str, ones: str, joint: str) -> None:
    value = 10 * (TENS.index(tens) + 2) + ONES.index(ones) + 1
    found = read_line(f"{tens.upper()}{joint}{ones} sessions of physical therapy", NAMES).asked.quantity
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("one hundred", 100),
        ("a hundred", 100),
        ("two hundred and forty", 240),
        ("one thousand two hundred", 1200),
        ("1,200", 1200),
        ("three dozen", 36),
        ("sixty", 60),
    ],
)
def test_larger_numbers(written: str, value: int) -> None:
    found = read_line(f"{written} hours of work hardening", NAMES).asked.quantity
    assert found is not None
    assert found.value == value


def test_letters_of_other_alphabets_spell_no_number() -> None:
    found = read_line("physical therapy, f\u0131ve visits", NAMES).asked
    assert found.quantity is None


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("23", (23,)), ("1, 3 and 4", (1, 3, 4)), ("2-4", (2, 3, 4)), ("98-9", (98, 99)), ("12 through 14", (12, 13, 14)),
        ("7, 7 & 8", (7, 8)), ("1-2000", (1,)), ("", ()),
    ],
)  # fmt: skip
def test_numbers_of_a_list_are_told_each_once(written: str, numbers: tuple[int, ...]) -> None:
    assert numbers_listed(written) == numbers
