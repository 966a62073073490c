"""One item judged again with some of its facts supposed otherwise, by the derivation and judgment of a screening.

A supposed fact is put under the derivation itself, in the place of whatever the record says of it, so that sums,
the first course and the response to earlier care follow by the rules that a screening follows.

Most facts that are supposed together have nothing to do with each other. So a fact, a limit or a status is worked
out once for each set of suppositions that bear on it, and a supposition of three facts is mostly put together from
what was worked out for one or two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Literal, NamedTuple

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


Part = Literal["condition", "require"]
"""A tree of a criterion."""

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
        self._numbers: dict[tuple[str, int | None], _Following] = {}
        self._leaves_at: dict[int | None, Mapping[Leaf, tuple[str, ...]]] = {}
        self._leaves_of: dict[tuple[str, int | None], tuple[Leaf, ...]] = {}
        self._asked = [
            self.reach((*names(each.condition), *names(each.require))) for each in self.plan.criteria
        ]
        self._asked_by_part: dict[tuple[int, Part], frozenset[str]] = {}
        statuses = prepared.judge(prepared.row)
        self.now = State(prepared.row, statuses, prepared.suggest(prepared.row, statuses), {})
        self._states: dict[Supposed, State] = {(): self.now}
        self._records: dict[Supposed, Record] = {}
        self._derived: dict[tuple[str, Supposed], Value] = {}
        self._judged: dict[tuple[int, Supposed], Status] = {}
        self._lifting: dict[tuple[str, int, Supposed], tuple[Value, ...]] = {}
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
            found: set[str] = set()
            waiting = {name, *counts_that_follow(name)}
            if name == "prior_visits":
                waiting.add("first_course")
            while waiting:
                found |= waiting
                waiting = {each for heard in waiting for each in self._heard_by.get(heard, ())} - found
            self._followers[name] = frozenset(found & self.prepared.row.keys())
        return self._followers[name]

    @cached_property
    def _heard_by(self) -> Mapping[str, list[str]]:
        """Fact → those that are worked out from it, or held against it."""
        found: dict[str, list[str]] = {}
        for spec in self.facts.values():
            heard = [*self.prepared.record.vocabulary.opposites(spec), spec.told_by]
            if spec.rests_on:
                heard += *spec.rests_on, *spec.refuted_by, spec.implied_by, "response", "first_course"
            for name in heard:
                if name is not None:
                    found.setdefault(name, []).append(spec.name)
        return found

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

    def bearing_on(self, place: int, part: Part, state: State) -> Supposed:
        """Return those of the suppositions of a state that a tree of a criterion may turn on."""
        bearing = state.bearing.get(place, ())
        if not bearing:
            return ()
        if (place, part) not in self._asked_by_part:
            tree = getattr(self.plan.criteria[place], part)
            self._asked_by_part[place, part] = frozenset(self.reach(names(tree)))
        asked = self._asked_by_part[place, part]
        return tuple(each for each in bearing if not asked.isdisjoint(self.followers(each[0])))

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
        """Return a limit with rows worked out under what bears on it, and with it the other numbers of its rows."""
        if (name, supposed) not in self._derived:
            limit = self.tables[name].limit
            fits = limit.fits(row)
            for table in self.plan.tables:
                if table.limit is limit:
                    self._derived[table.name, supposed] = table.value(row, fits)
        return self._derived[name, supposed]

    def _derive(self, name: str, supposed: Supposed) -> Value:
        """Return a fact worked out under what bears on it."""
        key = name, supposed
        found = self._derived.get(key)
        if found is None:
            found = self._derived[key] = derive(self._record(supposed), self.facts[name])
        return found

    def _record(self, supposed: Supposed) -> Record:
        """Return the record as it would be, the same one each time, so that its counts are worked out once."""
        found = self._records.get(supposed)
        if found is None:
            found = self._records[supposed] = self.prepared.record.supposing(dict(supposed))
        return found

    def values(self, name: str, supposed: Supposed, lifting: Sequence[int] = ()) -> tuple[Value, ...]:
        """Return the values of a fact worth trying: one for each way its tests can come out, the nearest to now.

        Args:
            name: the fact.
            supposed: what else is supposed; where a test adds counts up, it turns elsewhere then.
            lifting: criteria of which no value that is returned leaves one in the way of a request.
        """
        state, kind = self.under(supposed), self.facts[name].type.kind
        common = self._with_followers_in_common(name, supposed)
        if lifting and kind not in ("boolean", "choice"):
            if not self._any_lifts(name, state, lifting):
                return ()
            return self._worth_trying(name, common, lambda value: self._lifts(state, (name, value), lifting))
        if kind == "boolean":
            values = _YES_AND_NO
        else:
            if (name, common) not in self._values:
                self._values[name, common] = self._worth_trying(name, common)
            values = self._values[name, common]
        return tuple(each for each in values if self._lifts(state, (name, each), lifting))

    def _any_lifts(self, name: str, state: State, places: Sequence[int]) -> bool:
        """Whether some value of a number leaves none of some criteria in the way of a request."""
        values: dict[Value, None] = {}
        for place in places:
            lifting = self._that_may_lift(name, state, place)
            if not lifting:
                return False
            values |= dict.fromkeys(lifting)
        return any(self._lifts(state, (name, value), places) for value in values)

    def _that_may_lift(self, name: str, state: State, place: int) -> tuple[Value, ...]:
        """Return the values of a number about which one criterion turns; none where it stays in the way with each."""
        key = name, place, state.bearing.get(place, ())
        if key not in self._lifting:
            values = self._about_the_turns(name, state, place)
            lifted = any(self._lifts(state, (name, value), (place,)) for value in values)
            self._lifting[key] = values if lifted else ()
        return self._lifting[key]

    def _lifts(self, before: State, one: One, places: Sequence[int]) -> bool:
        """Whether none of some criteria is in the way of a request with one more fact supposed."""
        return all(self.status(before, one, place) in OUT_OF_THE_WAY for place in places)

    def _with_followers_in_common(self, name: str, supposed: Supposed) -> Supposed:
        """Return those of some suppositions that bear on what follows a fact, in order."""
        mine = self.followers(name)
        return tuple(sorted(each for each in supposed if not mine.isdisjoint(self.followers(each[0]))))

    def _worth_trying(
        self, name: str, supposed: Supposed, wanted: Callable[[Value], bool] = lambda value: True
    ) -> tuple[Value, ...]:
        """Return the value nearest to now for each way the tests of a fact can come out, with a value that is wanted."""
        state = self.under(supposed)
        now = self.value(name, state)
        tests = self._tests(name)
        nearest: dict[tuple[object, ...], Value] = {}
        least: tuple[object, ...] | None = None
        follows = self._what_follows(name)
        for value in self._about_the_turns(name, state):
            kept = wanted(value)
            if not kept and least is not None:
                continue
            row = self._row_with(state, (name, value), follows)
            outcome = tuple(reference.truth(test, row) for test in tests)
            least = outcome if least is None else least
            if not kept:
                continue
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

    def _leaves(self, name: str, place: int | None) -> tuple[Leaf, ...]:
        """Return the comparisons of the plan, or of one criterion, that turn on a fact, those that choose a row of a limit too."""
        if (name, place) not in self._leaves_of:
            bearing = self.followers(name) | {name, *self._what_follows(name).limits}
            self._leaves_of[name, place] = tuple(
                leaf for leaf, asked in self._leaves_in(place).items() if not bearing.isdisjoint(asked)
            )
        return self._leaves_of[name, place]

    def _leaves_in(self, place: int | None) -> Mapping[Leaf, tuple[str, ...]]:
        """Return the comparisons of the plan, or of one criterion, each with the facts it asks for."""
        if place not in self._leaves_at:
            trees, tables = self._trees, self.plan.tables
            if place is not None:
                criterion = self.plan.criteria[place]
                trees = criterion.condition, criterion.require
                tables = tuple(table for table in tables if table.name in self._asked[place])
            limits = {
                id(table.limit): table.limit for table in tables
            }  # each limit once, whatever its numbers
            rows = (row.when for limit in limits.values() for row in limit.rows)
            found = dict.fromkeys(leaf for tree in chain(trees, rows) for leaf in leaves(tree))
            self._leaves_at[place] = {leaf: tuple(names(leaf)) for leaf in found}
        return self._leaves_at[place]

    def _numbers_that_follow(self, name: str, place: int | None) -> _Following:
        """Return what follows a fact that the comparisons of numbers in the plan, or in one criterion, ask for."""
        if (name, place) not in self._numbers:
            compared = (leaf for leaf in self._leaves(name, place) if isinstance(leaf, Compare))
            asked = set(self.reach(each for leaf in compared for each in names(leaf)))
            facts, limits, _ = self._what_follows(name, place)
            self._numbers[name, place] = _Following(
                tuple(each for each in facts if each in asked),
                tuple(each for each in limits if each in asked),
                (),
            )
        return self._numbers[name, place]

    def _about_the_turns(self, name: str, state: State, place: int | None = None) -> tuple[Value, ...]:
        """Return the values about which some test of a fact, or of one criterion, comes out otherwise, in order."""
        kind, asked = self.facts[name].type, self._leaves(name, place)
        if kind.kind == "choice":
            words = {str(word) for leaf in asked if isinstance(leaf, OneOf) for word in leaf.values}
            others = sorted(kind.choices - words)[:1]
            return tuple(Value("known", 0, 0, text=word) for word in (*sorted(words & kind.choices), *others))
        least = 1 if any(name == each.in_dispute for each in SUMS.values()) else kind.low
        turns = {least, kind.high}
        width = min(1_000, kind.high - kind.low)
        follows = self._numbers_that_follow(name, place)
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
        return tuple(Value("known", each, each) for each in sorted(turns) if least <= each <= kind.high)


def _bearing(before: State, what: str | int, one: One) -> Supposed:
    """Return the suppositions that something turns on with one more of them that it does."""
    earlier = before.bearing.get(what)
    return tuple(sorted((*earlier, one))) if earlier else (one,)


def _distance(number: int, now: Value) -> int:
    return max(now.low - number, number - now.high, 0)
