"""What is wrong with a rulebook, or is likely to be: one code a kind of finding.

A lint never cries wolf: where it cannot be sure it is silent. Each code has

* a module here, with the check and its :class:`~imr_rules.workbench.lint.kind.Lint`;
* a page ``docs/lint/<code>.md``: what to avoid, what to prefer, and why;
* examples ``tests/workbench/lint/<code>/good/`` and ``bad/``, the latter with the output it must give beside it.

**To add one**, write ``imr_rules/workbench/lint/<code_with_underscores>.py``::

    from imr_rules.workbench.lint.book import Book
    from imr_rules.workbench.lint.finding import Finding
    from imr_rules.workbench.lint.kind import Lint

    def _check(book: Book) -> Iterator[Finding]:
        for guideline in book.rulebook.guidelines.values():
            ...
            yield Finding("my-code", "what is wrong", guideline.place, "what to do")

    LINT = Lint("my-code", "What it finds, in one line.", _check)

add ``my_code.LINT`` to :data:`~imr_rules.workbench.lint.registry.LINTS`, write its page, make its two examples
(files laid over ``tests/workbench/lint/base/``) and record their output with
``python -m tests.workbench.test_lint --update``. A check that needs an extra (the solver) imports it within
``_check`` and gives its ``Lint`` ``requires="z3"``: where that cannot be imported, the check is skipped and the
answer says so.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Edit, Finding
from imr_rules.workbench.lint.kind import Lint
from imr_rules.workbench.lint.registry import LINTS

__all__ = ["LINTS", "Edit", "Finding", "Findings", "Lint", "checked", "lint"]


class Findings(NamedTuple):
    """What was found, in order of place, and which checks could not be made here."""

    findings: tuple[Finding, ...]
    skipped: tuple[Lint, ...] = ()


def lint(directory: Path, lints: Iterable[Lint] = LINTS) -> Findings:
    """Return what is wrong with the rulebook in ``directory``.

    A file that cannot be loaded is a finding too; the checks that need a whole rulebook then wait.
    """
    return checked(Book.open(directory), lints)


def checked(book: Book, lints: Iterable[Lint] = LINTS) -> Findings:
    """Return what is wrong with a rulebook that was read already."""
    found: set[Finding] = set(book.load_findings)
    skipped = []
    for each in lints:
        if each.requires is not None and importlib.util.find_spec(each.requires) is None:
            skipped.append(each)
        elif book.loaded or each.reads_text:
            found.update(each.check(book))
    return Findings(tuple(sorted(found, key=_order)), tuple(skipped))


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    return place.file or "", place.line or 0, place.column or 0, finding.code, finding.what
