"""Where two rulebooks judge by rules that are not written alike: treatments, and periods of the request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from imr_rules._dates import Period, Window
from imr_rules.engines.shape import rule_of
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.model import Guideline, Limit
from imr_rules.rulebook.plan import Plan

_DAY = timedelta(days=1)


class Site(NamedTuple):
    """Treatments and periods in which one pair of plans governs, and the two are not written alike.

    Attributes:
        old, new: what each rulebook judges by.
        where: each treatment with each period; the first stands for all of them.
    """

    old: Plan
    new: Plan
    where: tuple[tuple[str, Period], ...]

    @property
    def treatment(self) -> str:
        """Return the treatment that stands for the site."""
        return self.where[0][0]

    @property
    def period(self) -> Period:
        """Return the period that stands for the site."""
        return self.where[0][1]


def sites(old: Rulebook, new: Rulebook) -> tuple[Site, ...]:
    """Return where the rules of two rulebooks are not written alike; everywhere else they are the same rules.

    Only treatments that both know are looked at.
    """
    found: dict[Any, list[tuple[str, Period]]] = {}
    plans: dict[Any, tuple[Plan, Plan]] = {}
    edited = _edited(old, new)
    for name in _touched(old, new):
        ours, theirs = old.vocabulary.treatments[name], new.vocabulary.treatments[name]
        for period in periods((old, new), name):
            window = Window(period.first, period.first)
            if edited is not None and not any(each.requests.covers(*window) for each in edited):
                continue
            before, after = old.select(ours, window).plan, new.select(theirs, window).plan
            was, is_ = rules_of(before), rules_of(after)
            if was != is_:
                key = was, is_, ours.unit, theirs.unit
                found.setdefault(key, []).append((name, period))
                plans[key] = before, after
    return tuple(Site(*plans[key], tuple(where)) for key, where in found.items())


def periods(rulebooks: Sequence[Rulebook], treatment: str) -> Iterator[Period]:
    """Yield the periods of the request throughout each of which no rulebook changes its guidelines."""
    guidelines = [
        guideline
        for rulebook in rulebooks
        if treatment in rulebook.vocabulary.treatments
        for guideline in rulebook.for_treatment(rulebook.vocabulary.treatments[treatment])
    ]
    starts = {each.requests.first for each in guidelines}
    starts |= {each.requests.last + _DAY for each in guidelines if each.requests.last}
    ordered: list[date | None] = [*sorted(starts), None]
    for start, following in pairwise(ordered):
        if start is not None:
            yield Period(start, following - _DAY if following else None)


def days_of(where: Iterable[tuple[str, Period]]) -> str:
    """Return the periods of some places in words, those that touch joined."""
    joined: list[Period] = []
    for period in sorted({each for _, each in where}, key=lambda each: (each.first, each.last or date.max)):
        if joined and (last := joined[-1].last) is not None and period.first <= last + _DAY:
            ends = [last, period.last]
            joined[-1] = Period(joined[-1].first, None if None in ends else max(filter(None, ends)))
        elif not joined or joined[-1].last is not None:
            joined.append(period)
    return " and ".join(map(str, joined))


def changed_guidelines(old: Rulebook, new: Rulebook) -> set[str]:
    """Return the ids of guidelines that are in one rulebook only, or whose rules are not written alike."""
    before, after = old.guidelines, new.guidelines
    return {
        name
        for name in before.keys() | after.keys()
        if name not in before or name not in after
        or (before[name] is not after[name] and _guideline(before[name]) != _guideline(after[name]))
    }  # fmt: skip


def _edited(old: Rulebook, new: Rulebook) -> list[Guideline] | None:
    """Return the guidelines outside whose days nothing can differ, or None where that cannot be said."""
    if old.vocabulary is not new.vocabulary:
        return None
    changed = changed_guidelines(old, new)
    return [each for book in (old, new) for name, each in book.guidelines.items() if name in changed]


def _touched(old: Rulebook, new: Rulebook) -> Iterable[str]:
    """Return the treatments, known to both, whose rules may differ."""
    before, after = old.vocabulary.treatments, new.vocabulary.treatments
    shared = [name for name in before if name in after]
    if old.vocabulary is not new.vocabulary and not _same_words(old, new):
        return shared
    changed = changed_guidelines(old, new)
    return [
        name
        for name in shared
        if any(each.id in changed for each in (*old.for_treatment(before[name]), *new.for_treatment(after[name])))
    ]  # fmt: skip


def _same_words(old: Rulebook, new: Rulebook) -> bool:
    ours, theirs = old.vocabulary, new.vocabulary
    return [_treatment(each) for each in ours.treatments.values()] == [
        _treatment(each) for each in theirs.treatments.values()
    ] and {name: _fact(spec) for name, spec in ours.facts.items()} == {
        name: _fact(spec) for name, spec in theirs.facts.items()
    }


def _treatment(treatment: Treatment) -> tuple[object, ...]:
    return treatment.name, treatment.lineage, treatment.unit


def _fact(spec: FactSpec) -> tuple[object, ...]:
    return spec.name, spec.type, spec.silence, spec.derived


def rules_of(plan: Plan) -> tuple[object, ...]:
    """Return all of a plan that its answers turn on, as a value that can be compared: no words, no citations."""
    return (
        tuple((planned.id, rule_of(planned)) for planned in plan.criteria),
        tuple(
            (each.id, each.source.tier, each.known, each.by_analogy, each.applies_when)
            for each in plan.guidelines
        ),
        tuple((table.name, table.end, table.plural, _limit(table.limit)) for table in plan.tables),
        frozenset(map(_fact, plan.facts)),
        tuple(plan.superseded.items()),
    )


def _limit(limit: Limit) -> tuple[object, ...]:
    return tuple((row.when, tuple(sorted(row.amounts.items()))) for row in limit.every_row)


def _guideline(guideline: Guideline) -> tuple[object, ...]:
    return (
        guideline.source.tier, guideline.requests, guideline.treatments, guideline.applies_when,
        guideline.by_analogy, guideline.known,
        tuple((name, tuple(sorted(limit.amounts.items())), _limit(limit)) for name, limit in guideline.limits.items()),
        tuple((each.id, each.when, each.require, each.kind, each.strength, each.limits) for each in guideline.criteria),
        tuple((each.guideline, each.when) for each in guideline.supersedes),
    )  # fmt: skip
