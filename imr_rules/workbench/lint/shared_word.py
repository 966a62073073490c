"""``shared-word``: a word that stands for two treatments, so that a request may be taken for the wrong one."""

from __future__ import annotations

from collections.abc import Iterator

from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint


def _check(book: Book) -> Iterator[Finding]:
    owner: dict[str, str] = {}
    for name, treatment in book.rulebook.vocabulary.treatments.items():
        for index, word in enumerate(treatment.words):
            other = owner.setdefault(word, name)
            if other != name:
                place = book.treatment_place(name, ("words", index))
                what = f"`{word}` is a word of `{name}` and of `{other}`"
                hint = "leave it to the one that it means alone, or write it out until it means one"
                yield Finding("shared-word", what, place, hint)


LINT = Lint("shared-word", "A word that stands for two treatments.", _check)
