"""``hidden-character``: a character that nobody sees, and that can make a text read otherwise than it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from imr_rules.errors import Place
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Edit, Finding, Lint

_ALLOWED = "\n\r\t"


def _check(book: Book) -> Iterator[Finding]:
    for path, text in book.texts.items():
        for number, line in enumerate(text.split("\n"), start=1):
            for column, letter in enumerate(line, start=1):
                if letter not in _ALLOWED and unicodedata.category(letter) in ("Cf", "Cc", "Co", "Cn"):
                    place = Place(str(path), number, column)
                    name = unicodedata.name(letter, "no name").lower()
                    what = f"a character that is not seen: U+{ord(letter):04X}, {name}"
                    yield Finding("hidden-character", what, place, "remove it", Edit(place, letter, ""))


LINT = Lint(
    "hidden-character",
    "A character that nobody sees: a direction mark, a zero-width space, a control character.",
    _check,
    reads_text=True,
)
