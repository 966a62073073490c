"""What is new in a rulebook: which requests an added guideline or treatment answers, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import z3

from imr_rules._dates import Period, Window
from imr_rules.case import Case
from imr_rules.engines.shape import rule_of
from imr_rules.engines.symbolic import Encoded
from imr_rules.engines.symbolic.values import all_of
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.plan import Plan, Planned
from imr_rules.screening import ItemScreening, screen
from imr_rules.workbench.diff.region import Region, region_of
from imr_rules.workbench.diff.transitions import counts, cover, telling_of
from imr_rules.workbench.diff.unsearched import Bounded
from imr_rules.workbench.fixtures import as_written
from imr_rules.workbench.witness import Search, days_of, periods
from imr_rules.workbench.witness.cases import ITEM

_MOST = 12
"""Most additions that are searched; of the others it is said that they were not."""

Way = Literal["overturn", "uphold", "lean_overturn", "lean_uphold"]
"""What a criterion is a ground of: of a suggestion, or of a lean."""


class Given(NamedTuple):
    """An answer that rests on a criterion of the new rulebook.

    Attributes:
        criterion: its full name.
        region: for whom.
        case, item: the smallest case that gets it, and its answer.
    """

    criterion: str
    way: Way
    region: Region
    case: Case
    item: ItemScreening

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "criterion": self.criterion, "way": self.way, "region": self.region._asdict(),
            "case": as_written(self.case), "answer": self.item.to_dict(),
        }  # fmt: skip


class Addition(NamedTuple):
    """Requests that something new answers.

    Attributes:
        guidelines: the added guidelines that govern them; none where only the treatment is new.
        treatments: what is requested; treatments judged by the same rules stand together.
        new: which of the treatments the old rulebook does not know.
        requests: the days of the request, in words.
        given: the answers that rest on it.
        never: the suggestions that nobody can get from it, which is proven.
    """

    guidelines: tuple[str, ...]
    treatments: tuple[str, ...]
    new: tuple[str, ...]
    requests: str
    given: tuple[Given, ...]
    never: tuple[Way, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return self._asdict() | {"given": [each.to_dict() for each in self.given]}


class _Place(NamedTuple):
    """Treatments and periods that are judged by one plan, in which something is new."""

    plan: Plan
    guidelines: tuple[str, ...]
    where: list[tuple[str, Period]]


def additions(old: Rulebook, new: Rulebook) -> tuple[tuple[Addition, ...], tuple[Bounded, ...]]:
    """Return what the guidelines and treatments answer that only the new rulebook has, and what was not searched."""
    places = _places(old, new)
    found, left = [], []
    for place in places[:_MOST]:
        addition, unfinished = _addition(place, old, new)
        found.append(addition)
        left += unfinished
    for place in places[_MOST:]:
        names = ", ".join(dict.fromkeys(name for name, _ in place.where))
        left.append(Bounded(f"what is new for {names}", f"the first {_MOST} additions were searched"))
    return tuple(found), tuple(left)


def _places(old: Rulebook, new: Rulebook) -> list[_Place]:
    added = new.guidelines.keys() - old.guidelines.keys()
    found: dict[object, _Place] = {}
    for name, treatment in new.vocabulary.treatments.items():
        known = name in old.vocabulary.treatments
        governed = any(each.id in added for each in new.for_treatment(treatment))
        if known and not governed:
            continue
        for period in periods((new,), name):
            plan = new.select(treatment, Window(period.first, period.first)).plan
            mine = tuple(each.id for each in plan.guidelines if each.id in added)
            # A new treatment is told where its own new guidelines govern; where it has none, wherever it is judged.
            if mine or not governed:
                key = known, _judging(plan), treatment.unit
                found.setdefault(key, _Place(plan, mine, [])).where.append((name, period))
    return list(found.values())


def _judging(plan: Plan) -> tuple[object, ...]:
    """Return what of a plan an answer can rest on, as a value that can be compared: cautions are left out."""
    judging = [each for each in plan.criteria if each.criterion.kind != "caution"]
    if all(each.guideline.source.tier == "statute" for each in judging):
        return ()  # no guideline judges it, whichever statutes do
    guidelines = tuple(each.id for each in plan.guidelines if each.source.tier != "statute")
    return tuple((each.id, rule_of(each)) for each in judging), guidelines


def _addition(place: _Place, old: Rulebook, new: Rulebook) -> tuple[Addition, list[Bounded]]:
    treatment, period = place.where[0]
    treatments = tuple(dict.fromkeys(name for name, _ in place.where))
    search = Search((new,), treatment, period)
    (encoded,) = search.encoded
    given: list[Given] = []
    left: list[Bounded] = []
    for criterion, way, term in _ways(encoded, place.guidelines):
        found = search.find(term)
        if found.cases is not None:
            (case,) = found.cases
            telling = telling_of((criterion,), search)
            boxes, whole, inexact = cover(search, found, term, telling, decided=False)
            region = region_of(boxes, search.plans, counts(search, term, telling), whole, inexact)
            item = next(each for each in screen(case, new).items if each.item == ITEM)
            given.append(Given(criterion, way, region, case, item))
        elif not found.exhausted:
            left.append(
                Bounded(f"whether {criterion} is a ground", "the search for a case ended at its bound")
            )
    ways: tuple[Way, ...] = ("overturn", "uphold")
    never = tuple(way for way in ways if not search.possible(encoded.suggestion[way]))  # type: ignore[index]
    unknown = tuple(name for name in treatments if name not in old.vocabulary.treatments)
    return Addition(place.guidelines, treatments, unknown, days_of(place.where), tuple(given), never), left


def _ways(encoded: Encoded, guidelines: Sequence[str]) -> Iterator[tuple[str, Way, z3.BoolRef]]:
    """Yield each criterion that is new here with when it is a ground of what; the decided answers first."""
    mine = [
        (number, planned)
        for number, planned in enumerate(encoded.plan.criteria)
        if planned.criterion.kind != "caution" and _is_new(planned, guidelines)
    ]
    for suggestion in ("overturn", "uphold"):
        for number, planned in mine:
            if (suggestion == "overturn") <= (planned.criterion.kind == "indication"):
                yield (
                    planned.id,
                    suggestion,
                    all_of((encoded.suggestion[suggestion], encoded.grounds[number])),
                )
    for lean in ("overturn", "uphold"):
        for number, planned in mine:
            if planned.criterion.strength != "text":
                way: Way = "lean_overturn" if lean == "overturn" else "lean_uphold"
                yield planned.id, way, all_of((encoded.lean[lean], encoded.lean_grounds[number]))


def _is_new(planned: Planned, guidelines: Sequence[str]) -> bool:
    """Whether a criterion is told: of added guidelines theirs, else every one but those of statutes."""
    return planned.guideline.id in guidelines if guidelines else planned.guideline.source.tier != "statute"
