"""``implied-criterion``: a criterion that never decides, because another of its guideline always does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import TYPE_CHECKING

from imr_rules.expression import names
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint

if TYPE_CHECKING:
    from imr_rules.engines.symbolic import AnyRow
    from imr_rules.workbench.lint.solved import Judged


def _check(book: Book) -> Iterator[Finding]:
    from imr_rules.workbench.lint.solved import judged

    rows, guidelines = judged(book)
    for _, criteria in guidelines:
        grounds = [
            each for each in criteria
            if each.criterion.kind != "caution" and not each.criterion.recommendation
            and not rows.never(each.fails)
        ]  # fmt: skip
        told: set[str] = set()
        for one, other in permutations(grounds, 2):
            names_ = one.criterion.name, other.criterion.name
            if told & {*names_} or not _share(one, other) or not _implied(one, other, rows):
                continue
            told.add(names_[0])
            what = f"`{names_[0]}` never decides: whenever it is not met, `{names_[1]}` is not met either"
            hint = f"drop it, or say in `when` that it is asked where `{names_[1]}` is not"
            yield Finding("implied-criterion", what, one.criterion.place, hint)


def _share(one: Judged, other: Judged) -> bool:
    """Whether two criteria ask for a fact in common; else neither follows from the other."""
    return bool({*names(one.criterion.require)} & {*names(other.criterion.require)})


def _implied(one: Judged, other: Judged, rows: AnyRow) -> bool:
    """Whether the answer is the same without ``one``, over every row of facts."""
    import z3

    from imr_rules.engines.symbolic.values import any_of, negation

    without = other.fails, any_of((other.fails, other.statuses["unknown"]))
    return (
        rows.never(one.fails, negation(without[0]))
        and rows.never(one.statuses["unknown"], negation(without[1]))
        and rows.never(one.governs, z3.Not(other.governs))
    )


LINT = Lint(
    "implied-criterion", "A criterion that never decides, because another always does.", _check, requires="z3"
)
