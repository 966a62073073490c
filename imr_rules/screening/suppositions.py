"""One item judged again with some of its facts supposed otherwise, by the derivation and judgment of a screening.

A supposed fact is put under the derivation itself, in the place of whatever the record says of it, so that sums,
the first course and the response to earlier care follow by the rules that a screening follows.

Most facts that are supposed together have nothing to do with each other. So a fact, a limit or a status is worked
out once for each set of suppositions that bear on it, and a supposition of three facts is mostly put together from
what was worked out for one or two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from imr_rules.expression import AllOf, AnyOf, Compare, Leaf, Node, Not, OneOf, leaves, names, reference
from imr_rules.expression.reference import Status
from imr_rules.expression.values import Row, Value
from imr_rules.facts.derive import derive
from imr_rules.facts.record import Record
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.suggestion import Suggested
from imr_rules.rulebook.sums import SUMS, counts_that_follow
from imr_rules.screening.prepared_item import PreparedItem

One = tuple[str, Value]
"""A fact with the value it is supposed to have."""

Supposed = tuple[One, ...]
"""Facts with the value each is supposed to have."""


OUT_OF_THE_WAY: tuple[Status, ...] = ("met", "not_applicable")
"""How a criterion stands that keeps no request from being supported."""

_YES_AND_NO = tuple(Value("known", each, each) for each in (1, 0))


class State(NamedTuple):
    """An item under some suppositions.

    Attributes:
        row: its facts.
        statuses: of its criteria.
        suggested: what is suggested.
        bearing: fact or limit of the row, or place of a criterion → those of the suppositions that it may turn on;
            left out where there are none.
    """

    row: Row
    statuses: list[Status]
    suggested: Suggested
    bearing: Mapping[str | int, Supposed]


class _Following(NamedTuple):
    """What may turn on a fact: facts of the row and limits, in the order they are worked out, and criteria."""

    facts: tuple[str, ...]
    limits: tuple[str, ...]
    places: tuple[int, ...]


class Suppositions:
    """Judges one item under suppositions, each set of them once.

    Args:
        prepared: the item.
        facts: the dictionary.
    """

    def __init__(self, prepared: PreparedItem, facts: Mapping[str, FactSpec]) -> None:
        self.prepared, self.facts, self.plan = prepared, facts, prepared.plan
        self.tables = {table.name: table for table in self.plan.tables}
        self._trees: tuple[Node, ...] = (
            *(tree for each in self.plan.criteria for tree in (each.condition, each.require)),
            *(guideline.applies_when for guideline in self.plan.guidelines),
            *(when for replaced in self.plan.superseded.values() for _, when in replaced),
        )
        self._tests_of: dict[str, tuple[Node, ...]] = {}
        self._leaves_of: dict[str, tuple[Leaf, ...]] = {}
        self._asked = [
            self.reach((*names(each.condition), *names(each.require))) for each in self.plan.criteria
        ]
        statuses = prepared.judge(prepared.row)
        self.now = State(prepared.row, statuses, prepared.suggest(prepared.row, statuses), {})
        self._states: dict[Supposed, State] = {(): self.now}
        self._records: dict[Supposed, Record] = {}
        self._derived: dict[tuple[str, Supposed], Value] = {}
        self._judged: dict[tuple[int, Supposed], Status] = {}
        self._turning: dict[tuple[str, Supposed], list[Value]] = {}
        self._values: dict[tuple[str, Supposed], tuple[Value, ...]] = {}
        self._followers: dict[str, frozenset[str]] = {}
        self._following: dict[tuple[str, int | None], _Following] = {}

    def reach(self, asked: Iterable[str]) -> tuple[str, ...]:
        """Return facts of the row and limits that some names stand for: a table of limits, and what it turns on."""
        found: dict[str, None] = {}
        for name in asked:
            found |= dict.fromkeys((name, *sorted(self.tables[name].facts if name in self.tables else ())))
        return tuple(found)

    @property
    def judged(self) -> int:
        """How many suppositions were judged."""
        return len(self._states)

    def asked_by(self, place: int) -> tuple[str, ...]:
        """Return the facts of the row that a criterion's status may turn on."""
        return self._asked[place]

    def value(self, name: str, state: State) -> Value:
        """Return what is known of a fact in a state; one that no criterion asks for is derived."""
        return state.row[name] if name in state.row else self._derive(name, ())

    def followers(self, name: str) -> frozenset[str]:
        """Return the facts of the row that are worked out from a fact, itself included."""
        if name not in self._followers:
            found = {name, *counts_that_follow(name)}
            if name == "prior_visits":
                found.add("first_course")
            before = 0
            while before < len(found):
                before = len(found)
                for spec in self.facts.values():
                    if not found.isdisjoint(self._heard(spec)):
                        found.add(spec.name)
            self._followers[name] = frozenset(found & self.prepared.row.keys())
        return self._followers[name]

    def _heard(self, spec: FactSpec) -> tuple[str | None, ...]:
        """Return what a fact is worked out from, or held against."""
        beside = (*self.prepared.record.vocabulary.opposites(spec), spec.told_by)
        if not spec.rests_on:
            return beside
        return (*beside, *spec.rests_on, *spec.refuted_by, spec.implied_by, "response", "first_course")

    def _what_follows(self, name: str, place: int | None = None) -> _Following:
        """Return what may turn on a fact: all of it, or what one criterion asks for."""
        if (name, place) not in self._following:
            if place is None:
                facts = self.followers(name)
                limits = (table.name for table in self.plan.tables if not facts.isdisjoint(table.facts))
                touched = (self.plan.touched.get(each, ()) for each in facts)
                found = _Following(tuple(facts), tuple(limits), tuple(sorted(set().union(*touched))))
            else:
                all_of_it, asked = self._what_follows(name), set(self._asked[place])
                found = _Following(
                    tuple(each for each in all_of_it.facts if each in asked),
                    tuple(each for each in all_of_it.limits if each in asked),
                    (place,) if place in all_of_it.places else (),
                )
            self._following[name, place] = found
        return self._following[name, place]

    def under(self, supposed: Supposed) -> State:
        """Return the item as it would be judged."""
        key = tuple(sorted(supposed))
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = self._judge(self.under(supposed[:-1]), supposed[-1])
        return state

    def _judge(self, before: State, one: One) -> State:
        """Return the item with one more fact supposed."""
        follows, bearing = self._what_follows(one[0]), dict(before.bearing)
        turning: tuple[str | int, ...] = (*follows.facts, *follows.limits, *follows.places)
        for each in turning:
            bearing[each] = _bearing(before, each, one)
        row, statuses = self._row_with(before, one, follows), list(before.statuses)
        for place in follows.places:
            status = self._judged.get((place, bearing[place]))
            if status is None:
                status = self._judged[place, bearing[place]] = reference.judge(self.plan.criteria[place], row)
            statuses[place] = status
        return State(row, statuses, self.prepared.suggest(row, statuses), bearing)

    def status(self, before: State, one: One, place: int) -> Status:
        """Return the status of one criterion with one more fact supposed."""
        follows = self._what_follows(one[0], place)
        if not follows.places:
            return before.statuses[place]
        key = place, _bearing(before, place, one)
        status = self._judged.get(key)
        if status is None:
            row = self._row_with(before, one, follows)
            status = self._judged[key] = reference.judge(self.plan.criteria[place], row)
        return status

    def _row_with(self, before: State, one: One, follows: _Following) -> Row:
        """Return the facts of an item with one more fact supposed: only what follows it is worked out."""
        row = dict(before.row)
        for name in follows.facts:
            row[name] = self._derive(name, _bearing(before, name, one))
        for name in follows.limits:
            row[name] = self._limit(name, _bearing(before, name, one), row)
        return row

    def _limit(self, name: str, supposed: Supposed, row: Row) -> Value:
        """Return a limit with rows worked out under what bears on it."""
        if (name, supposed) not in self._derived:
            self._derived[name, supposed] = self.tables[name].value(row)
        return self._derived[name, supposed]

    def _derive(self, name: str, supposed: Supposed) -> Value:
        """Return a fact worked out under what bears on it."""
        if (name, supposed) not in self._derived:
            self._derived[name, supposed] = derive(self._record(supposed), self.facts[name])
        return self._derived[name, supposed]

    def _record(self, supposed: Supposed) -> Record:
        """Return the record as it would be, the same one each time, so that its counts are worked out once."""
        if supposed not in self._records:
            self._records[supposed] = self.prepared.record.supposing(dict(supposed))
        return self._records[supposed]

    def values(self, name: str, supposed: Supposed) -> tuple[Value, ...]:
        """Return the values of a fact worth trying: one for each way its tests can come out, the nearest to now.

        Args:
            name: the fact.
            supposed: what else is supposed; where a test adds counts up, it turns elsewhere then.
        """
        if self.facts[name].type.kind == "boolean":
            return _YES_AND_NO
        supposed = self._with_followers_in_common(name, supposed)
        key = name, supposed
        if key not in self._values:
            self._values[key] = self._worth_trying(name, supposed)
        return self._values[key]

    def any_lifts(self, name: str, supposed: Supposed, places: Sequence[int]) -> bool:
        """Whether a value of a fact may be worth trying that leaves none of some criteria in the way."""
        state, values = self.under(supposed), self._that_may_be_worth_trying(name, supposed)
        return any(self.lifts(state, (name, value), places) for value in values)

    def _that_may_be_worth_trying(self, name: str, supposed: Supposed) -> Sequence[Value]:
        """Return the values of a fact, or more, that :meth:`values` would; without how each test comes out."""
        if self.facts[name].type.kind != "integer":
            return self.values(name, supposed)
        return self._turns(name, self._with_followers_in_common(name, supposed))

    def lifts(self, before: State, one: One, places: Sequence[int]) -> bool:
        """Whether none of some criteria is in the way of a request with one more fact supposed."""
        return all(self.status(before, one, place) in OUT_OF_THE_WAY for place in places)

    def _with_followers_in_common(self, name: str, supposed: Supposed) -> Supposed:
        """Return those of some suppositions that bear on what follows a fact, in order."""
        mine = self.followers(name)
        return tuple(sorted(each for each in supposed if not mine.isdisjoint(self.followers(each[0]))))

    def _worth_trying(self, name: str, supposed: Supposed) -> tuple[Value, ...]:
        """Return the value nearest to now for each way the tests of a fact can come out."""
        state = self.under(supposed)
        now = self.value(name, state)
        tests = self._tests(name)
        nearest: dict[tuple[object, ...], Value] = {}
        least: tuple[object, ...] | None = None
        follows = self._what_follows(name)
        for value in self._turns(name, supposed):
            row = self._row_with(state, (name, value), follows)
            outcome = tuple(reference.truth(test, row) for test in tests)
            least = outcome if least is None else least
            away = _distance(value.low, now) - _distance(nearest.get(outcome, value).low, now)
            # Of values as near, the one beside the turn is told: a dose of at most 120 as 120 and not as none.
            if outcome not in nearest or away < 0 or (away == 0 and outcome == least and not value.text):
                nearest[outcome] = value
        return tuple(sorted(nearest.values(), key=lambda each: (each.low, each.text or "")))

    def _tests(self, name: str) -> tuple[Node, ...]:
        """Return every largest part of a condition or requirement that turns on a fact, and on nothing else."""
        if name not in self._tests_of:
            bearing = self.followers(name) | {name, *self._what_follows(name).limits}
            found: dict[Node, None] = {}
            waiting = list(self._trees)
            while waiting:
                tree = waiting.pop()
                asked = set(names(tree))
                if bearing.isdisjoint(asked):
                    continue
                if asked <= bearing or not isinstance(tree, (AllOf, AnyOf, Not)):
                    found[tree] = None
                else:
                    waiting += (tree.inner,) if isinstance(tree, Not) else tree.parts
            self._tests_of[name] = tuple(found)
        return self._tests_of[name]

    def _leaves(self, name: str) -> tuple[Leaf, ...]:
        """Return every comparison of the plan that turns on a fact, those that choose a row of a limit too."""
        if name not in self._leaves_of:
            bearing = self.followers(name) | {name, *self._what_follows(name).limits}
            trees = (*self._trees, *(row.when for table in self.plan.tables for row in table.limit.rows))
            asked = (leaf for tree in trees for leaf in leaves(tree))
            self._leaves_of[name] = tuple(
                dict.fromkeys(leaf for leaf in asked if not bearing.isdisjoint(names(leaf)))
            )
        return self._leaves_of[name]

    def _turns(self, name: str, supposed: Supposed) -> list[Value]:
        """Return the values about which some test of a fact comes out otherwise, in order: once for all that bears on it."""
        key = name, supposed
        if key not in self._turning:
            self._turning[key] = self._about_the_turns(name, supposed)
        return self._turning[key]

    def _about_the_turns(self, name: str, supposed: Supposed) -> list[Value]:
        """Return the values about which some test of a fact comes out otherwise, in order."""
        kind, asked = self.facts[name].type, self._leaves(name)
        if kind.kind == "choice":
            words = {str(word) for leaf in asked if isinstance(leaf, OneOf) for word in leaf.values}
            others = sorted(kind.choices - words)[:1]
            return [Value("known", 0, 0, text=word) for word in (*sorted(words & kind.choices), *others)]
        least = 1 if any(name == each.in_dispute for each in SUMS.values()) else kind.low
        turns = {least, kind.high}
        width = min(1_000, kind.high - kind.low)
        state, follows = self.under(supposed), self._what_follows(name)
        samples = [
            self._row_with(state, (name, Value("known", number, number)), follows)
            for number in (kind.low, kind.low + width)
        ]
        for leaf in asked:
            if isinstance(leaf, Compare) and width:
                for first, second in zip(*(reference.bounds(leaf.form, row) for row in samples), strict=True):
                    slope = (
                        second - first
                    ) // width  # a side of a comparison is a sum: two samples give the line
                    if slope:
                        turn = kind.low - first // slope
                        turns.update((turn - 1, turn, turn + 1))
            elif isinstance(leaf, OneOf):
                turns.update(n + step for n in leaf.values if isinstance(n, int) for step in (-1, 0, 1))
        return [Value("known", each, each) for each in sorted(turns) if least <= each <= kind.high]


def _bearing(before: State, what: str | int, one: One) -> Supposed:
    """Return the suppositions that something turns on with one more of them that it does."""
    earlier = before.bearing.get(what)
    return tuple(sorted((*earlier, one))) if earlier else (one,)


def _distance(number: int, now: Value) -> int:
    return max(now.low - number, number - now.high, 0)
