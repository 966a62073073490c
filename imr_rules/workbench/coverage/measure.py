"""Measure what fixtures see of each guideline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple, get_args

from imr_rules.errors import Place
from imr_rules.expression import Constant, Not, names
from imr_rules.expression.reference import Status
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import Planned, make_plan
from imr_rules.screening.turns import LeanWord
from imr_rules.workbench.coverage.limits import Comparison, comparisons, distance
from imr_rules.workbench.fixtures import Fixture
from imr_rules.workbench.mutation.judging import Posed, posed_items

STATUSES: tuple[Status, ...] = get_args(Status)
_AROUND = {-1: "below", 0: "at", 1: "above"}


class CriterionSeen(NamedTuple):
    """How often each status of a criterion was seen, and how often it was a ground of a lean.

    Attributes:
        possible: the statuses that it can have.
        may_lean: the ways in which it can carry a lean by itself: practice and adapted content can.
        leans: the way → how often it was a ground of a lean that way.
    """

    id: str
    place: Place
    possible: tuple[Status, ...]
    seen: Mapping[Status, int]
    may_lean: tuple[LeanWord, ...] = ()
    leans: Mapping[LeanWord, int] = {}

    @property
    def missing_leans(self) -> tuple[LeanWord, ...]:
        """The ways in which it can carry a lean that no fixture saw."""
        return tuple(each for each in self.may_lean if not self.leans.get(each))

    @property
    def missing(self) -> tuple[str, ...]:
        """The statuses it can have that no fixture saw."""
        return tuple(each for each in self.possible if not self.seen[each])


class LimitSeen(NamedTuple):
    """How often facts were seen one below a number, at it, and one above.

    Attributes:
        limit, row: the limit, and the row of it; the row is empty where it has none.
        plural, end: which number of it.
        number: the number.
        seen: ``below``, ``at`` and ``above`` → how often.
    """

    limit: str
    row: str
    plural: str
    end: str
    number: int
    place: Place
    seen: Mapping[str, int]

    @property
    def missing(self) -> tuple[str, ...]:
        """What no fixture saw; nothing lies below none."""
        return tuple(
            each for each in _AROUND.values() if not self.seen[each] and (self.number or each != "below")
        )


class DateSeen(NamedTuple):
    """Whether requests were seen on the last day before and on the first day of a change of editions.

    Attributes:
        edge: ``from`` or ``to``.
        before, of: the days: before ``from`` and of it, or of ``to`` and after it.
    """

    edge: str
    before: date
    of: date
    seen_before: int
    seen_of: int

    @property
    def missing(self) -> tuple[str, ...]:
        """The days of which no fixture has a request."""
        days = ((self.before, self.seen_before), (self.of, self.seen_of))
        return tuple(str(day) for day, seen in days if not seen)


class GuidelineCoverage(NamedTuple):
    """What fixtures see of one guideline."""

    id: str
    place: Place
    criteria: tuple[CriterionSeen, ...]
    limits: tuple[LimitSeen, ...]
    dates: tuple[DateSeen, ...]

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return for statuses, leans, limits and dates how many were seen, of how many."""
        leans = sum(len(each.may_lean) for each in self.criteria)
        statuses = sum(len(each.possible) for each in self.criteria)
        limits = sum(3 if each.number else 2 for each in self.limits)
        missing = {
            "statuses": sum(len(each.missing) for each in self.criteria),
            "leans": sum(len(each.missing_leans) for each in self.criteria),
            "limits": sum(len(each.missing) for each in self.limits),
            "dates": sum(len(each.missing) for each in self.dates),
        }
        totals = {"statuses": statuses, "leans": leans, "limits": limits, "dates": 2 * len(self.dates)}
        return {name: (total - missing[name], total) for name, total in totals.items()}


class Coverage(NamedTuple):
    """What fixtures see of a rulebook."""

    guidelines: tuple[GuidelineCoverage, ...]
    items: int
    """How many items of fixtures were judged."""

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return for statuses, leans, limits and dates how many were seen, of how many, over all guidelines."""
        each = [guideline.counts() for guideline in self.guidelines]
        return {
            name: (sum(one[name][0] for one in each), sum(one[name][1] for one in each))
            for name in ("statuses", "leans", "limits", "dates")
        }

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, as ``imr-rules coverage --format json`` prints it."""
        return {
            "items": self.items,
            "summary": _as_data(self.counts()),
            "guidelines": [
                {
                    "guideline": each.id,
                    "summary": _as_data(each.counts()),
                    "criteria": [
                        {
                            "id": one.id, "seen": {status: one.seen[status] for status in one.possible},
                            "leans": {way: one.leans.get(way, 0) for way in one.may_lean},
                        }
                        for one in each.criteria
                    ],
                    "limits": [
                        {
                            "limit": one.limit, "row": one.row, "unit": one.plural, "end": one.end,
                            "number": one.number, "seen": dict(one.seen),
                        }
                        for one in each.limits
                    ],
                    "dates": [
                        {"edge": one.edge, "seen": {str(one.before): one.seen_before, str(one.of): one.seen_of}}
                        for one in each.dates
                    ],
                }
                for each in self.guidelines
            ],
        }  # fmt: skip


def _as_data(counts: Mapping[str, tuple[int, int]]) -> dict[str, dict[str, int]]:
    return {name: {"seen": seen, "of": total} for name, (seen, total) in counts.items()}


def measure(rulebook: Rulebook, fixtures: Iterable[Fixture]) -> Coverage:
    """Return what the fixtures see of each guideline of a rulebook."""
    posed = [each for fixture in fixtures for each in posed_items(fixture, rulebook)]
    found = [_guideline(guideline, rulebook, posed) for guideline in rulebook.guidelines.values()]
    return Coverage(tuple(found), len(posed))


def _guideline(guideline: Guideline, rulebook: Rulebook, posed: list[Posed]) -> GuidelineCoverage:
    about = [each for each in posed if guideline in each.question.plan.guidelines]
    facts = rulebook.vocabulary.facts
    planned = make_plan([guideline], rulebook.vocabulary).criteria
    return GuidelineCoverage(
        guideline.id,
        guideline.place,
        tuple(_criterion(each, facts, about) for each in planned),
        tuple(_limits(guideline, list(comparisons(guideline, facts)), about)),
        tuple(_dates(guideline, rulebook, posed)),
    )


def _criterion(planned: Planned, facts: Mapping[str, FactSpec], about: list[Posed]) -> CriterionSeen:
    heard = Counter(each.answer.statuses[planned.id] for each in about if planned.id in each.answer.statuses)
    leans = Counter(each.answer.lean for each in about if planned.id in each.answer.lean_grounds)
    possible = possible_statuses(planned, facts)
    return CriterionSeen(
        planned.id, planned.criterion.place, possible, heard, _leans(planned, possible), leans
    )


def _leans(planned: Planned, possible: tuple[Status, ...]) -> tuple[LeanWord, ...]:
    """Return the ways in which a criterion that is no guideline text can carry a lean by itself."""
    criterion = planned.criterion
    if criterion.strength == "text" or criterion.kind == "caution":
        return ()
    against: tuple[LeanWord, ...] = ("uphold",) if {"unmet", "undocumented"} & {*possible} else ()
    return (*against, "overturn") if criterion.kind == "indication" and "met" in possible else against


def possible_statuses(planned: Planned, facts: Mapping[str, FactSpec]) -> tuple[Status, ...]:
    """Return the statuses that a criterion is not kept from having by its very form."""
    require, condition = planned.require, planned.condition
    asked = [facts[name] for name in names(require) if name in facts]
    never = {
        "undocumented": not any(spec.silence == "against_request" for spec in asked),
        "unmet": require in (Constant(True), Not(Constant(False))),
        "met": planned.criterion.recommendation or require in (Constant(False), Not(Constant(True))),
        "not_applicable": condition == Constant(True),
        "unknown": False,
    }
    return tuple(each for each in STATUSES if not never[each])


def _limits(guideline: Guideline, compared: list[Comparison], about: list[Posed]) -> Iterator[LimitSeen]:
    seen: dict[tuple[str, str, str, str], Counter[str]] = {}
    for each in about:
        for comparison in compared:
            found = distance(comparison, each.question.row)
            if found is not None and found.away in _AROUND:
                key = comparison.limit.name, found.row, comparison.plural, comparison.end
                seen.setdefault(key, Counter())[_AROUND[found.away]] += 1
    for limit, plural, end in dict.fromkeys((each.limit, each.plural, each.end) for each in compared):
        rows = (
            [("", limit.amounts)] if not limit.rows else [(row.label, row.amounts) for row in limit.every_row]
        )
        for label, amounts in rows:
            if plural in amounts:
                number = amounts[plural][0 if end == "min" else 1]
                around = seen.get((limit.name, label, plural, end), Counter())
                yield LimitSeen(limit.name, label, plural, end, number, limit.place, around)


def _dates(guideline: Guideline, rulebook: Rulebook, posed: list[Posed]) -> Iterator[DateSeen]:
    treatments = set(guideline.treatments)
    days: Counter[date] = Counter()
    for each in posed:
        window = each.question.edition.window
        if window is None or window.first != window.last:
            continue
        if ANY_TREATMENT in treatments or not treatments.isdisjoint(each.question.treatment.lineage):
            days[window.first] += 1
    requests, day = guideline.requests, timedelta(days=1)
    edges = [("from", requests.first - day, requests.first)]
    if requests.last is not None:
        edges.append(("to", requests.last, requests.last + day))
    for edge, before, of in edges:
        yield DateSeen(edge, before, of, days[before], days[of])
