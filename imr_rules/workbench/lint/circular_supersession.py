"""``circular-supersession``: guidelines that replace each other in one situation, so that none of them is heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from imr_rules.rulebook.model import Guideline
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.conditions import as_terms
from imr_rules.workbench.lint.finding import Finding, Lint


def _check(book: Book) -> Iterator[Finding]:
    guidelines = book.rulebook.guidelines
    for circle in _circles(guidelines):
        links = [
            next(each for each in guidelines[name].supersedes if each.guideline == other)
            for name, other in zip(circle, (*circle[1:], circle[0]), strict=True)
        ]
        speaking = next((guidelines[name] for name in circle if guidelines[name].criteria), None)
        if speaking is not None:
            rows, terms = as_terms([each.when for each in links], speaking, book.rulebook)
            if rows.never(*terms):
                continue
        place = book.written[book.ours(*map(guidelines.__getitem__, circle)).id].document.place(
            ("supersedes",), key=True
        )
        chain = " replaces ".join(f"`{name}`" for name in (*circle, circle[0]))
        hint = "say in `when` in which situation which one replaces the other, or leave one of them out"
        yield Finding("circular-supersession", f"{chain}: where all apply, none is heard", place, hint)


def _circles(guidelines: Mapping[str, Guideline]) -> Iterator[tuple[str, ...]]:
    """Yield each circle once, from the id that comes first."""

    def onward(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for each in guidelines[path[-1]].supersedes:
            if each.guideline == path[0]:
                yield path
            elif each.guideline > path[0] and each.guideline not in path:
                yield from onward((*path, each.guideline))

    for name in sorted(guidelines):
        for circle in onward((name,)):
            if all(
                one.requests.overlaps(guidelines[circle[0]].requests)
                for one in map(guidelines.get, circle)
                if one
            ):
                yield circle


LINT = Lint(
    "circular-supersession",
    "Guidelines that replace each other, so that none of them is heard.",
    _check,
    requires="z3",
)
