"""One item judged again with some of its facts supposed otherwise, by the derivation and judgment of a screening.

A supposed fact is put under the derivation itself, in the place of whatever the record says of it, so that sums,
the first course and the response to earlier care follow by the rules that a screening follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from imr_rules.expression import Compare, Leaf, Node, OneOf, leaves, names, reference
from imr_rules.expression.reference import Status
from imr_rules.expression.values import Row, Value
from imr_rules.facts.derive import derive
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.suggestion import Suggested
from imr_rules.rulebook.sums import SUMS, TOTALS_OF
from imr_rules.screening.prepared_item import PreparedItem

Supposed = tuple[tuple[str, Value], ...]
"""Facts with the value each is supposed to have."""


class State(NamedTuple):
    """An item under some suppositions: its facts, the statuses of its criteria, and what is suggested."""

    row: Row
    statuses: list[Status]
    suggested: Suggested


class Suppositions:
    """Judges one item under suppositions, each set of them once.

    Args:
        prepared: the item.
        facts: the dictionary.
    """

    def __init__(self, prepared: PreparedItem, facts: Mapping[str, FactSpec]) -> None:
        self.prepared, self.facts, self.plan = prepared, facts, prepared.plan
        self.tables = {table.name: table for table in self.plan.tables}
        self._turn_on = {
            table.name: frozenset(name for row in table.limit.rows for name in names(row.when))
            for table in self.plan.tables
        }
        self._tests_of: dict[str, tuple[Leaf, ...]] = {}
        self._asked = [
            self._reach(names(planned.condition)) | self._reach(names(planned.require))
            for planned in self.plan.criteria
        ]
        statuses = prepared.judge(prepared.row)
        self.now = State(prepared.row, statuses, prepared.suggest(prepared.row, statuses))
        self._states: dict[frozenset[tuple[str, int, int, str | None]], State] = {frozenset(): self.now}
        self._values: dict[tuple[str, frozenset[tuple[str, int, str | None]]], tuple[Value, ...]] = {}
        self._followers: dict[str, frozenset[str]] = {}

    def _reach(self, asked: Iterable[str]) -> set[str]:
        """Return facts of the row and limits that some names stand for: a table of limits, and what it turns on."""
        found: set[str] = set()
        for name in asked:
            found.add(name)
            found |= self._turn_on.get(name, frozenset())
        return found

    @property
    def judged(self) -> int:
        """How many suppositions were judged."""
        return len(self._states)

    def asked_by(self, place: int) -> set[str]:
        """Return the facts of the row that a criterion's status may turn on."""
        return self._asked[place]

    def value(self, name: str, state: State) -> Value:
        """Return what is known of a fact in a state; one that no criterion asks for is derived."""
        return state.row[name] if name in state.row else derive(self.prepared.record, self.facts[name])

    def followers(self, name: str) -> frozenset[str]:
        """Return the facts of the row that are worked out from a fact, itself included."""
        if name not in self._followers:
            found = {name}
            if name in TOTALS_OF:
                found |= {each for total in SUMS.values() for each in (total.total, *total.parts)} | {
                    "first_course"
                }
            for spec in self.facts.values():
                heard = {*spec.rests_on, *spec.refuted_by, *(("response",) if spec.rests_on else ())}
                if spec.rests_on and (name in heard or "first_course" in found):
                    found.add(spec.name)
            self._followers[name] = frozenset(found & self.prepared.row.keys())
        return self._followers[name]

    def under(self, supposed: Supposed) -> State:
        """Return the item as it would be judged."""
        key = frozenset((name, value.low, value.high, value.text) for name, value in supposed)
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = self._judged(supposed)
        return state

    def row_under(self, supposed: Supposed) -> tuple[Row, set[str]]:
        """Return the facts of the item as they would be, and which of them differ from what they are."""
        record = self.prepared.record.supposing(dict(supposed))
        row, changed = dict(self.now.row), set()
        for name in {each for fact, _ in supposed for each in self.followers(fact)}:
            value = derive(record, self.facts[name])
            if value != row[name]:
                row[name] = value
                changed.add(name)
        for table in self.plan.tables:
            if not changed.isdisjoint(self._turn_on[table.name]):
                row[table.name] = table.value(row)
                changed.add(table.name)
        return row, changed

    def _judged(self, supposed: Supposed) -> State:
        row, changed = self.row_under(supposed)
        statuses = [
            status if changed.isdisjoint(asked) else reference.judge(planned, row)
            for planned, status, asked in zip(self.plan.criteria, self.now.statuses, self._asked, strict=True)
        ]
        return State(row, statuses, self.prepared.suggest(row, statuses))

    def values(self, name: str, supposed: Supposed) -> tuple[Value, ...]:
        """Return the values of a fact worth trying: one for each way its tests can come out, the nearest to now.

        Args:
            name: the fact.
            supposed: what else is supposed; where a test adds counts up, it turns elsewhere then.
        """
        if self.facts[name].type.kind == "boolean":
            return tuple(Value("known", each, each) for each in (1, 0))
        supposed = tuple(
            each for each in supposed if not self.followers(each[0]).isdisjoint(self.followers(name))
        )
        key = name, frozenset((each, value.low, value.text) for each, value in supposed)
        if key not in self._values:
            self._values[key] = self._worth_trying(name, supposed)
        return self._values[key]

    def _worth_trying(self, name: str, supposed: Supposed) -> tuple[Value, ...]:
        kind, now = self.facts[name].type, self.value(name, self.under(supposed))
        if name not in self._tests_of:
            self._tests_of[name] = tuple(self._tests(name))
        tests = self._tests_of[name]
        if kind.kind == "choice":
            words = {str(word) for test in tests if isinstance(test, OneOf) for word in test.values}
            others = sorted(kind.choices - words)
            return tuple(Value("known", 0, 0, text=word) for word in (*sorted(words), *others[:1]))
        least = 1 if any(name == each.in_dispute for each in SUMS.values()) else kind.low
        turns = {least, kind.high}
        for test in tests:
            if isinstance(test, Compare):
                turns.update(self._turns(test, name, supposed))
            elif isinstance(test, OneOf):
                turns.update(
                    each + step for each in test.values if isinstance(each, int) for step in (-1, 0, 1)
                )
        nearest: dict[tuple[object, ...], int] = {}
        for number in sorted(each for each in turns if least <= each <= kind.high):
            row, _ = self.row_under((*supposed, (name, Value("known", number, number))))
            outcome = tuple(reference.truth(test, row) for test in tests)
            if outcome not in nearest or _distance(number, now) < _distance(nearest[outcome], now):
                nearest[outcome] = number
        return tuple(Value("known", each, each) for each in sorted(nearest.values()))

    def _tests(self, name: str) -> Iterator[Leaf]:
        """Yield every comparison of the plan that a fact bears on."""
        follow = self.followers(name) | {name}
        follow |= {table for table, facts in self._turn_on.items() if not follow.isdisjoint(facts)}
        trees: list[Node] = [tree for each in self.plan.criteria for tree in (each.condition, each.require)]
        trees += [row.when for table in self.plan.tables for row in table.limit.rows]
        trees += [guideline.applies_when for guideline in self.plan.guidelines]
        trees += [when for replaced in self.plan.superseded.values() for _, when in replaced]
        seen: dict[Leaf, None] = {}
        for tree in trees:
            for leaf in leaves(tree):
                if not follow.isdisjoint(names(leaf)):
                    seen[leaf] = None
        return iter(seen)

    def _turns(self, test: Compare, name: str, supposed: Supposed) -> Iterator[int]:
        """Yield the numbers about which a comparison changes: its sides are sums, so two samples give the line."""
        kind = self.facts[name].type
        width = min(1_000, kind.high - kind.low)
        if not width:
            return
        samples = []
        for number in (kind.low, kind.low + width):
            row, _ = self.row_under((*supposed, (name, Value("known", number, number))))
            samples.append(reference.bounds(test.form, row))
        for at_first, at_second in zip(*samples, strict=True):
            slope = (at_second - at_first) // width
            if slope:
                turn = kind.low - at_first // slope
                yield from (turn - 1, turn, turn + 1)


def _distance(number: int, now: Value) -> int:
    return max(now.low - number, number - now.high, 0)
