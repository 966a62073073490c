"""``never-upheld``: a guideline that can overturn a denial, and whose own criteria can never uphold one."""

from __future__ import annotations

from collections.abc import Iterator

from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint


def _check(book: Book) -> Iterator[Finding]:
    from imr_rules.workbench.lint.solved import judged

    rows, guidelines = judged(book)
    for guideline, criteria in guidelines:
        text = [
            each for each in criteria
            if each.criterion.strength == "text" and each.criterion.kind != "caution"
        ]  # fmt: skip
        carries = [each for each in text if each.criterion.kind == "indication"]
        if not carries or all(each.is_statement for each in text):
            continue
        if any(not rows.never(each.fails) for each in text):
            continue
        names = ", ".join(f"`{each.criterion.name}`" for each in text)
        what = f"it can overturn a denial and never uphold one: {names} can never fail where asked"
        hint = (
            "let `require` say what must be shown, and `when` only in which situation it is asked; where it is "
            "meant so, give it words for being met alone"
        )
        yield Finding("never-upheld", what, guideline.place, hint)


LINT = Lint(
    "never-upheld", "A guideline that can overturn a denial and never uphold one.", _check, requires="z3"
)
