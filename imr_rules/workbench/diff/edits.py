"""What was edited, in the editor's terms: criteria added, removed, changed in meaning, or only in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import z3

from imr_rules.engines.symbolic import AnyRow, encode
from imr_rules.engines.symbolic.values import any_of
from imr_rules.expression import write
from imr_rules.expression.values import FactType
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Citation, Criterion, Guideline, Limit
from imr_rules.rulebook.plan import Plan, make_plan
from imr_rules.writing.words import say_citation

Kind = Literal["added", "removed", "meaning", "rewritten", "reason"]
"""``meaning``: it can be judged otherwise. ``rewritten``: written otherwise, and proven to be judged the same.
``reason``: its citation or its words changed; the reason given changes, and no suggestion."""


class Edit(NamedTuple):
    """One edit of a guideline, or of one of its criteria.

    Attributes:
        criterion: its name within the guideline; None for the guideline itself.
        what: which part of it.
    """

    guideline: str
    criterion: str | None
    kind: Kind
    what: str
    was: str | None
    now: str | None


def edits(old: Rulebook, new: Rulebook) -> tuple[Edit, ...]:
    """Return what was edited in the guidelines, in order of their ids. A reformatted file is no edit."""
    return tuple(_edits(old, new))


def _edits(old: Rulebook, new: Rulebook) -> Iterator[Edit]:
    for name in sorted(old.guidelines.keys() | new.guidelines.keys()):
        before, after = old.guidelines.get(name), new.guidelines.get(name)
        if before is None and after is not None:
            yield Edit(name, None, "added", "guideline", None, f"{after.title}, requests {after.requests}")
        elif after is None and before is not None:
            yield Edit(
                name, None, "removed", "guideline", f"{before.title}, requests {before.requests}", None
            )
        elif before is not None and after is not None and before is not after:
            yield from _header(before, after)
            yield from _criteria(before, after, old, new)


_MEANING: dict[str, Callable[[Guideline], Any]] = {
    "requests": lambda each: each.requests,
    "treatments": lambda each: each.treatments,
    "tier": lambda each: each.source.tier,
    "contents known": lambda each: each.known,
    "by analogy": lambda each: each.by_analogy,
}
_REASON: dict[str, Callable[[Guideline], Any]] = {
    "title": lambda each: each.title,
    "source": lambda each: each.source.document,
    "section": lambda each: each.section,
    "pages": lambda each: each.pages,
    "note": lambda each: each.note,
    "layer": lambda each: each.layer,
    "replaces": lambda each: each.replaces,
}


def _header(before: Guideline, after: Guideline) -> Iterator[Edit]:
    for parts, kind in ((_MEANING, "meaning"), (_REASON, "reason")):
        for what, part in parts.items():
            was, now = part(before), part(after)
            if was != now:
                yield Edit(before.id, None, kind, what, _said(was), _said(now))  # type: ignore[arg-type]
    if before.applies_when != after.applies_when:
        yield Edit(before.id, None, "meaning", "applies", before.applies_text, after.applies_text)
    replaced, replaces = (
        {each.guideline: each for each in guideline.supersedes} for guideline in (before, after)
    )
    for name in sorted(replaced.keys() | replaces.keys()):
        one, other = replaced.get(name), replaces.get(name)
        if (one.when if one else None) != (other.when if other else None):
            was_text, now_text = (f"when {each.when_text}" if each else None for each in (one, other))
            yield Edit(before.id, None, "meaning", f"supersedes {name}", was_text, now_text)


def _said(value: object) -> str:
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return ", ".join(map(str, value)) or "none"
    if value is None:
        return "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _criteria(before: Guideline, after: Guideline, old: Rulebook, new: Rulebook) -> Iterator[Edit]:
    ours, theirs = ({each.name: each for each in guideline.criteria} for guideline in (before, after))
    plans: tuple[Plan, Plan] | None = None
    judged_alike: set[str] = set()
    for name in dict.fromkeys((*ours, *theirs)):
        was, now = ours.get(name), theirs.get(name)
        if was is None and now is not None:
            yield Edit(before.id, name, "added", "criterion", None, _rule(now))
        elif now is None and was is not None:
            yield Edit(before.id, name, "removed", "criterion", _rule(was), None)
        elif was is not None and now is not None:
            if _means(was, before) != _means(now, after):
                if plans is None:
                    plans = make_plan([before], old.vocabulary), make_plan([after], new.vocabulary)
                    judged_alike = _judged_alike(plans)
                kind: Kind = "rewritten" if name in judged_alike and was.kind == now.kind else "meaning"
                yield Edit(before.id, name, kind, "criterion", *_rules(was, before, now, after, plans))
            yield from _reasons(was, now, before.id)


def _means(criterion: Criterion, guideline: Guideline) -> object:
    """Return all that a criterion's status turns on, as a value that can be compared."""
    tables = tuple(_rows(guideline.limits[name]) for name in criterion.limits if guideline.limits[name].rows)
    return criterion.when, criterion.require, criterion.kind, tables


def _rows(limit: Limit) -> object:
    return tuple((row.when, sorted(row.amounts.items())) for row in limit.every_row), limit.otherwise is None


def _judged_alike(plans: tuple[Plan, Plan]) -> set[str]:
    """Return the criteria that have the same status over every row of facts, by proof."""
    free = AnyRow()
    ours, theirs = (
        {
            planned.criterion.name: found
            for planned, found in zip(plan.criteria, encode(plan, free.row(plan.facts), free.words).statuses, strict=True)
        }
        for plan in plans
    )  # fmt: skip
    return {
        name
        for name in ours.keys() & theirs.keys()
        if free.never(any_of(z3.Xor(term, theirs[name][status]) for status, term in ours[name].items()))
    }


def _reasons(was: Criterion, now: Criterion, guideline: str) -> Iterator[Edit]:
    if _cited(was.citation) != _cited(now.citation):
        said = say_citation(was.citation), say_citation(now.citation)
        yield Edit(guideline, now.name, "reason", "citation", *said)
    if was.says != now.says:
        yield Edit(guideline, now.name, "reason", "words", None, None)


def _cited(citation: Citation) -> object:
    return replace(citation, in_force=None)


def _rules(
    was: Criterion, before: Guideline, now: Criterion, after: Guideline, plans: tuple[Plan, Plan]
) -> tuple[str, str]:
    """Return a criterion as written before and after: with its numbers, where those alone changed."""
    one, other = _rule(was), _rule(now)
    if one == other:
        one, other = _in_numbers(was, before, plans[0].types), _in_numbers(now, after, plans[1].types)
    if one == other:
        return f"{one} (with its table as it was)", f"{other} (with its table as it is)"
    return one, other


def _in_numbers(criterion: Criterion, guideline: Guideline, types: Mapping[str, FactType]) -> str:
    require, when = (
        write(tree, types).replace(f"{guideline.id}#", "") for tree in (criterion.require, criterion.when)
    )
    return f"when {when}: {require}" if when != "true" else require


def _rule(criterion: Criterion) -> str:
    text = criterion.require_text
    text = f"when {criterion.when_text}: {text}" if criterion.when_text else text
    return f"{text} (a caution)" if criterion.kind == "caution" else text
