"""A limit that moved: which counts were within it before, and which are now."""

from __future__ import annotations

from typing import Any, NamedTuple

from imr_rules.expression import names
from imr_rules.expression.reference import Status, judge
from imr_rules.expression.values import Value
from imr_rules.screening import PreparedItem
from imr_rules.workbench.diff.region import turning_points
from imr_rules.workbench.diff.transitions import Transition

_BESIDE = 3
"""Numbers shown on either side of those for which it changes."""
_MOST = 12


class Moved(NamedTuple):
    """How a limit stands at each number around it, all else being as in the smallest case.

    Attributes:
        label: what is counted.
        numbers: in a row.
        before, after: the status of the limit's criterion at each of them; None where it is not asked.
    """

    label: str
    numbers: tuple[int, ...]
    before: tuple[Status | None, ...]
    after: tuple[Status | None, ...]

    @property
    def entering(self) -> tuple[int, ...]:
        """The numbers that are within it now, and were not."""
        return self._where("met", self.after, self.before)

    @property
    def leaving(self) -> tuple[int, ...]:
        """The numbers that were within it, and are not now."""
        return self._where("met", self.before, self.after)

    def _where(
        self, status: Status, here: tuple[Status | None, ...], there: tuple[Status | None, ...]
    ) -> tuple[int, ...]:
        pairs = zip(self.numbers, here, there, strict=True)
        return tuple(number for number, mine, other in pairs if mine == status != other)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "label": self.label, "numbers": list(self.numbers), "before": list(self.before),
            "after": list(self.after), "entering": list(self.entering), "leaving": list(self.leaving),
        }  # fmt: skip


def moved(transition: Transition) -> Moved | None:
    """Return how the limit stands that makes a change; None where it is no limit of one count."""
    if not transition.criteria:
        return None
    name = transition.criteria[0]
    posed = transition.found.posed
    plans = [question.plan for question in posed]
    mine = [each for plan in plans for each in plan.criteria if each.id == name]
    if len(mine) != len(plans) or mine[0].criterion.kind != "limit":
        return None
    specs = {spec.name: spec for plan in plans for spec in plan.facts if spec.type.kind == "integer"}
    counted = sorted({fact for each in mine for fact in names(each.require)} & specs.keys())
    if len(counted) != 1:
        return None
    (fact,) = counted
    spec = specs[fact]
    before, after = (
        {
            number: _status(question, name, fact, number)
            for number in turning_points(plans).get(fact, ())
            if spec.type.low <= number <= spec.type.high
        }
        for question in posed
    )
    differ = [number for number in before if before[number] != after[number]]
    if not differ or differ[-1] - differ[0] > _MOST:
        return None
    numbers = range(max(spec.type.low, differ[0] - _BESIDE), min(spec.type.high, differ[-1] + _BESIDE) + 1)
    was, now = (tuple(_status(question, name, fact, number) for number in numbers) for question in posed)
    return Moved(spec.label, tuple(numbers), was, now)


def _status(question: PreparedItem, name: str, fact: str, number: int) -> Status | None:
    """Return the status of a criterion where one count is another."""
    row = question.plan.complete({**question.row, fact: Value("known", number, number)})
    return next((judge(each, row) for each in question.plan.criteria if each.id == name), None)
