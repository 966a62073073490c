"""What is wrong with a rulebook, or is likely to be: one code a kind of finding.

A lint never cries wolf: where it cannot be sure it is silent. Each code has

* a module here, with the check and its :class:`~imr_rules.workbench.lint.finding.Lint`;
* a page ``docs/lint/<code>.md``: what to avoid, what to prefer, and why;
* examples ``tests/workbench/lint/<code>/good/`` and ``bad/``, the latter with the output it must give beside it.

**To add one**, write ``imr_rules/workbench/lint/<code_with_underscores>.py``::

    from imr_rules.workbench.lint.book import Book
    from imr_rules.workbench.lint.finding import Finding, Lint

    def _check(book: Book) -> Iterator[Finding]:
        for guideline in book.guidelines:
            ...
            yield Finding("my-code", "what is wrong", guideline.place, "what to do")

    LINT = Lint("my-code", "What it finds, in one line.", _check)

add ``my_code.LINT`` to :data:`LINTS`, write its page, make its two examples
(files laid over ``tests/workbench/lint/base/``) and record their output with
``python -m tests.workbench.test_lint --update``. A check that needs an extra (the solver) imports it within
``_check`` and gives its ``Lint`` ``requires="z3"``: where that cannot be imported, the check is skipped and the
answer says so.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from imr_rules.errors import RulebookError
from imr_rules.rulebook.in_use import PROJECT, SETTINGS, bases_in, found, in_use, layers_in, name_of
from imr_rules.rulebook.loading import read_manifest
from imr_rules.workbench.lint import (
    circular_supersession,
    contradicting_number,
    contradiction,
    gapped_editions,
    hidden_character,
    idle_row,
    implied_criterion,
    mixed_script,
    never_fails,
    never_met,
    never_overturned,
    never_upheld,
    not_read,
    shared_word,
    silent_status,
    stale_citation,
    two_in_force,
    unsaid_limit,
    unused_fact,
    unused_limit,
)
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Edit, Finding, Lint
from imr_rules.workbench.lint.load_errors import LOAD_ERRORS

__all__ = ["LINTS", "Edit", "Finding", "Findings", "Lint", "books_at", "checked", "lint"]

LINTS: tuple[Lint, ...] = (
    *LOAD_ERRORS,
    not_read.LINT,
    hidden_character.LINT,
    mixed_script.LINT,
    stale_citation.LINT,
    gapped_editions.LINT,
    two_in_force.LINT,
    shared_word.LINT,
    contradicting_number.LINT,
    unsaid_limit.LINT,
    silent_status.LINT,
    unused_limit.LINT,
    unused_fact.LINT,
    idle_row.LINT,
    circular_supersession.LINT,
    never_met.LINT,
    never_fails.LINT,
    implied_criterion.LINT,
    never_overturned.LINT,
    never_upheld.LINT,
    contradiction.LINT,
)
"""Every lint there is, in the order they are made."""


class Findings(NamedTuple):
    """What was found, in order of place, and which checks could not be made here."""

    findings: tuple[Finding, ...]
    skipped: tuple[Lint, ...] = ()


def lint(directory: Path, lints: Iterable[Lint] = LINTS, *, rulebook: Path | None = None) -> Findings:
    """Return what is wrong with the rulebook, or the layer, in ``directory``; a layer lies over ``rulebook``.

    A file that cannot be loaded is a finding too; the checks that need a whole rulebook then wait.
    """
    (book,) = books_at(directory, rulebook)
    return checked(book, lints)


def books_at(
    path: Path | None = None, rulebook: Path | None = None, above: Sequence[Path] = ()
) -> list[Book]:
    """Return what is to be checked at ``path``: a rulebook, a layer over its rulebook alone, or all that it holds.

    Args:
        path: the directory; the rulebook in use with its layers unless given.
        rulebook: the rulebook that layers lie over; one beside them, else the one in use, unless given.
        above: more layers to check, over the same rulebook.

    Raises:
        RulebookError: there is no rulebook and no layer.
    """
    if path is None and rulebook is None and not above and not SETTINGS.exists() and PROJECT.is_dir():
        path = PROJECT  # all that it holds, be there several rulebooks
    if path is None:
        here = in_use(rulebook, above)
        return [Book.open(here.base), *(Book.open(layer, here.base) for layer in here.layers)]
    bases, layers = bases_in(path), layers_in(path)
    if not (bases or layers):
        found(path)  # says why not
    return [
        *map(Book.open, bases),
        *(Book.open(layer, _below(layer, rulebook)) for layer in (*layers, *above)),
    ]


def _below(layer: Path, rulebook: Path | None) -> Path:
    """Return the rulebook that a layer lies over: the one named, one beside it, or the one in use."""
    if rulebook is not None:
        return found(rulebook).base
    beside = bases_in(layer.resolve().parent)
    try:
        over = read_manifest(layer).over
    except RulebookError:
        over = None  # said when it is loaded
    return next((each for each in beside if name_of(each) == over), None) or in_use(which=over).base


def checked(book: Book, lints: Iterable[Lint] = LINTS) -> Findings:
    """Return what is wrong with a rulebook that was read already."""
    findings: set[Finding] = set(book.load_findings)
    skipped = []
    for each in lints:
        if each.requires is not None and importlib.util.find_spec(each.requires) is None:
            skipped.append(each)
        elif book.loaded or each.reads_text:
            findings.update(filter(book.holds, each.check(book)))
    return Findings(tuple(sorted(findings, key=_order)), tuple(skipped))


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    return place.file or "", place.line or 0, place.column or 0, finding.code, finding.what
