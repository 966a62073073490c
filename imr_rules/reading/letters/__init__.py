"""Reads published Independent Medical Review determination letters into structured data.

>>> letter = read_letter("CM16-0000000.pdf", vocabulary)                                # doctest: +SKIP
>>> [(item.title, item.outcome) for item in letter.items]                       # doctest: +SKIP

What is read is what the letter says, each part with its place in the letter and how it was got. What no
sentence states is missing; what the letter says was looked for and not found is undocumented. Nothing is
guessed.
"""

from imr_rules.reading.letters.case_file import to_case, to_case_text
from imr_rules.reading.letters.item import Item, Prior, Quantity
from imr_rules.reading.letters.letter import Letter
from imr_rules.reading.letters.pdf import Limits
from imr_rules.reading.letters.reading import read_letter, read_letters, read_text

__all__ = [
    "Item",
    "Letter",
    "Limits",
    "Prior",
    "Quantity",
    "read_letter",
    "read_letters",
    "read_text",
    "to_case",
    "to_case_text",
]
