"""``unused-fact``: a fact of the dictionary that no rule asks for and no reason tells."""

from __future__ import annotations

from collections.abc import Iterator

from imr_rules.expression import names
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import ALWAYS
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint


def _check(book: Book) -> Iterator[Finding]:
    used = {*ALWAYS, *(name for fact in book.rulebook.vocabulary.facts.values() for name in fact.rests_on)}
    used.update(name for each in book.rulebook.vocabulary.treatments.values() for name in each.ask)
    for guideline in book.rulebook.guidelines.values():
        used.update(_asked(guideline))
    document, file = book.facts
    for name in file.facts:
        if name not in used:
            place = document.place(("facts", name), key=True)
            hint = "use it in a criterion, or remove it: whoever fills in a case is asked for nothing by it"
            yield Finding("unused-fact", f"no rule asks for `{name}`", place, hint)


def _asked(guideline: Guideline) -> Iterator[str]:
    """Yield every fact that a guideline asks for or tells."""
    for facts in guideline.ask.values():
        yield from facts
    trees = [guideline.applies_when, *(each.when for each in guideline.supersedes)]
    trees += [row.when for limit in guideline.limits.values() for row in limit.rows]
    for criterion in guideline.criteria:
        trees += [criterion.when, criterion.require]
        for template in criterion.says.values():
            yield from (
                piece[1] for piece in template.pieces if not isinstance(piece, str) and piece[0] == "fact"
            )
    for tree in trees:
        yield from names(tree)


LINT = Lint("unused-fact", "A fact of the dictionary that no rule asks for and no reason tells.", _check)
