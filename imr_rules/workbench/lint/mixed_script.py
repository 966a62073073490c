"""``mixed-script``: a word that has a letter of another alphabet in it which looks like a Latin one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imr_rules.errors import Place
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Edit, Finding, Lint

_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_LOOKS_LIKE = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеіјорсухѕԁһո" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοινρ",
        "ABESIJKMHOPCTYXaeijopcyxsdhn" + "ABEZHIKMNOPTYXoivp",
        strict=True,
    )
)
"""Letters of other alphabets → the Latin letter each is taken for. A Greek letter as a unit has no twin here."""


def _check(book: Book) -> Iterator[Finding]:
    for path, text in book.texts.items():
        for number, line in enumerate(text.split("\n"), start=1):
            if line.isascii():
                continue
            for word in _WORD.finditer(line):
                twins = [letter for letter in word.group() if letter in _LOOKS_LIKE]
                if not twins or not _LATIN.search(word.group()):
                    continue
                place = Place(str(path), number, word.start() + 1)
                said = ", ".join(f"U+{ord(letter):04X} for {_LOOKS_LIKE[letter]}" for letter in twins)
                plain = "".join(_LOOKS_LIKE.get(letter, letter) for letter in word.group())
                what = f"a word with letters of two alphabets in it: {said}"
                yield Finding(
                    "mixed-script", what, place, f"write `{plain}`", Edit(place, word.group(), plain)
                )


LINT = Lint(
    "mixed-script",
    "A word that mixes Latin letters with look-alikes of another alphabet.",
    _check,
    reads_text=True,
)
