"""The region of case space in which something holds: boxes over facts, each as wide as it can be proven."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

import z3

from imr_rules.engines.symbolic import SymbolicValue
from imr_rules.engines.symbolic.solver import limited_solver, never
from imr_rules.engines.symbolic.values import all_of, negation
from imr_rules.expression import Compare, leaves
from imr_rules.expression.values import Value
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.plan import Plan
from imr_rules.rulebook.sums import SUMS, TOTALS_OF
from imr_rules.workbench.witness import Found, Search

Side = Literal[
    "yes",
    "no",
    "not yes",
    "not no",
    "open",
    "silent",
    "loud",
    "exact",
    "word",
    "low>=",
    "low<=",
    "high>=",
    "high<=",
]


class Condition(NamedTuple):
    """One condition on one fact; ``number`` is the number it is about, ``word`` the word."""

    fact: str
    side: Side
    number: int = 0
    word: str = ""

    def term(self, value: SymbolicValue, search: Search) -> z3.BoolRef:
        """Return the condition over a symbolic value."""
        match self.side:
            case "yes":
                return value.yes
            case "no":
                return value.no
            case "not yes":
                return negation(value.yes)
            case "not no":
                return negation(value.no)
            case "open":
                return negation(value.known if value.kind == "choice" else z3.Or(value.yes, value.no))
            case "silent":
                return value.silent
            case "loud":
                return negation(value.silent)
            case "exact":
                return value.exact
            case "word":
                return all_of((value.known, value.word == search.words.number(self.word)))
            case "low>=":
                return value.low >= self.number
            case "low<=":
                return value.low <= self.number
            case "high>=":
                return value.high >= self.number
        return value.high <= self.number


class Box(NamedTuple):
    """A region: every case of the treatment and period that meets all of some conditions.

    Attributes:
        conditions: none of them can be left out.
        term: the same, over the case of the search it was found with.
    """

    conditions: tuple[Condition, ...]
    term: z3.BoolRef

    def said(self, facts: Mapping[str, FactSpec]) -> tuple[str, ...]:
        """Return each condition in words, the most telling facts first, what nobody recorded last."""
        by_fact: dict[str, list[Condition]] = {}
        for each in self.conditions:
            by_fact.setdefault(each.fact, []).append(each)
        said, absent = [], []
        for name, conditions in sorted(by_fact.items(), key=lambda entry: _telling(facts[entry[0]])):
            spec = facts[name]
            if [each.side for each in conditions] in (["no"], ["not yes"]) and _usual(spec):
                absent.append(f"nothing recorded of: {spec.label}")
            else:
                said.append(_say(spec, conditions))
        return (*said, *absent)


class Region(NamedTuple):
    """The cases for which something holds, in words.

    Attributes:
        numbers: the counts for which it holds, where they are known exactly; each number was tried.
        always: conditions that hold of all of them.
        one_of: parts of the region that have no case in common; in each, all of its conditions hold beside
            those that always do. Nothing where there is one part alone.
        whole: whether this is all there is of it; never where rules of several kinds are touched alike, of
            which the region is told for the first.
        inexact: whether it holds too where a number is known within bounds only.
    """

    numbers: tuple[str, ...]
    always: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    whole: bool
    inexact: bool


def region_of(
    boxes: Iterable[Box], plans: Iterable[Plan], numbers: tuple[str, ...], whole: bool, inexact: bool
) -> Region:
    """Return in words the region that boxes cover; ``plans`` have the facts that they are about."""
    facts = {spec.name: spec for plan in plans for spec in plan.facts}
    parts = list(dict.fromkeys(box.said(facts) for box in boxes))
    first = parts[0] if parts else ()
    always = tuple(each for each in first if all(each in part for part in parts))
    one_of = tuple(tuple(each for each in part if each not in always) for part in parts)
    return Region(numbers, always, one_of if len(parts) > 1 else (), whole, inexact)


def box_around(search: Search, found: Found, formula: z3.BoolRef, telling: Iterable[str] = ()) -> Box | None:
    """Return a box around a found case in all of which ``formula`` holds, or None where none can be proven.

    Args:
        search: what found the case.
        found: the case, for which the formula holds.
        formula: what is to hold.
        telling: facts to be kept rather than others, where either would do.
    """
    values: dict[str, tuple[SymbolicValue, Value]] = {}
    for row, question in zip(search.rows, found.posed, strict=True):
        values.update({name: (row[name], question.row[name]) for name in row if name in question.row})
    kept = set(telling)

    def usual(each: Condition) -> bool:
        return each.side == "no" and _usual(search.among.facts[each.fact])

    conditions = [
        condition
        for name in sorted(values, key=lambda each: (each in kept, _part_rank(each), each))
        for condition in _conditions(name, *values[name])
    ]
    # What every record that says nothing comes to is left out last: it need not be told.
    conditions.sort(key=usual)
    asked = limited_solver((*search.among.constraints, negation(formula)))
    terms: dict[Condition, z3.BoolRef] = {}
    switches: dict[Condition, z3.BoolRef] = {}

    def holds(chosen: Iterable[Condition]) -> bool:
        """Whether the formula holds wherever some conditions do."""
        for each in chosen:
            if each not in switches:
                terms[each] = each.term(values[each.fact][0], search)
                switches[each] = z3.Bool(f"condition {len(switches)}")
                asked.add(z3.Implies(switches[each], terms[each]))
        return never(asked, *(switches[each] for each in chosen))

    if not holds(conditions):
        return None
    left = list(conditions)

    def without(block: list[Condition]) -> None:
        """Leave out as much of ``block`` as can be, what comes first rather than what comes later."""
        nonlocal left
        fewer = [each for each in left if each not in block]
        if holds(fewer):
            left = fewer
        elif len(block) > 1:
            without(block[: len(block) // 2])
            without(block[len(block) // 2 :])

    without([each for each in conditions if each.side != "exact"])
    bounded = {each.fact for each in left if each.side != "exact"}
    # A number within bounds is read as one number: that it is known exactly goes only where they go.
    without([each for each in left if each.side == "exact" and each.fact not in bounded])
    points = turning_points(search.plans)
    for place, each in enumerate(left):
        for wider in _wider(each, values[each.fact][0].kind, points.get(each.fact, ())):
            if holds([*left[:place], wider, *left[place + 1 :]]):
                left[place] = wider
                break
    return Box(tuple(left), all_of(terms[each] for each in left))


def _conditions(name: str, value: SymbolicValue, real: Value) -> Iterator[Condition]:
    if value.kind == "boolean":
        if real.low == real.high:
            yield Condition(name, "yes" if real.low else "no")
            return
        yield Condition(name, "open")
    elif value.kind == "choice":
        if real.text is not None:
            yield Condition(name, "word", word=real.text)
            return
        yield Condition(name, "open")
    else:
        if real.exact:
            yield Condition(name, "exact")
            yield Condition(name, "low>=", real.low)
            yield Condition(name, "high<=", real.high)
            return
        for side, number in (("low>=", real.low), ("high<=", real.high), ("low<=", real.low), ("high>=", real.high)):  # fmt: skip
            yield Condition(name, side, number)  # type: ignore[arg-type]
    yield Condition(name, "silent" if real.silent else "loud")


def _part_rank(name: str) -> int:
    """Return how readily a fact is let go of: parts of a sum before the sum."""
    return 2 if name in SUMS else 0 if name in TOTALS_OF else 1


def turning_points(plans: Iterable[Plan]) -> dict[str, list[int]]:
    """Return the numbers at which some comparison with one fact alone turns."""
    found: dict[str, set[int]] = {}
    for plan in plans:
        trees = [tree for each in plan.criteria for tree in (each.condition, each.require)]
        trees += [each.applies_when for each in plan.guidelines]
        for tree in trees:
            for leaf in leaves(tree):
                if isinstance(leaf, Compare) and len(leaf.form.terms) == 1:
                    ((name, factor),) = leaf.form.terms
                    turn = -leaf.form.constant // factor
                    found.setdefault(name, set()).update((turn - 1, turn, turn + 1))
        for table in plan.tables:
            for row in table.limit.rows:
                amounts = row.amounts[table.plural]
                for each in plan.criteria:
                    for leaf in leaves(each.require):
                        if isinstance(leaf, Compare) and table.name in dict(leaf.form.terms):
                            for name, _ in leaf.form.terms:
                                found.setdefault(name, set()).update(
                                    amounts[table.end] + step for step in (-1, 0, 1)
                                )
    return {name: sorted(numbers) for name, numbers in found.items()}


def _wider(condition: Condition, kind: str, points: Iterable[int]) -> list[Condition]:
    """Return conditions that ask less than one does, those that ask least first."""
    number = condition.number
    if condition.side in ("low>=", "high>="):
        return [condition._replace(number=each) for each in sorted(points) if each < number]
    if condition.side in ("high<=", "low<="):
        return [condition._replace(number=each) for each in sorted(points, reverse=True) if each > number]
    if kind != "boolean":
        return []
    less: dict[Side, tuple[Side, ...]] = {
        "yes": ("not no",), "no": ("not yes",), "open": ("not yes", "not no"), "silent": ("not yes", "not no", "open"),
    }  # fmt: skip
    return [condition._replace(side=each) for each in less.get(condition.side, ())]


# -- in words ------------------------------------------------------------------------------------------------


_STATEMENT = re.compile(r"\b(?:is|are|follows)\b")


def _telling(spec: FactSpec) -> tuple[int, str]:
    if spec.name in SUMS or spec.name in TOTALS_OF:
        return (0 if spec.name in SUMS else 1), spec.label
    return (2 if spec.type.kind in ("integer", "date") else 3), spec.label


def _usual(spec: FactSpec) -> bool:
    """Whether *no* is what a record that says nothing comes to."""
    return spec.silence == "absent" or spec.name in ("follows_principal", "surgery_done")


def _say(spec: FactSpec, conditions: list[Condition]) -> str:
    sides = {each.side: each for each in conditions}
    if spec.type.kind == "boolean":
        if "yes" in sides:
            return spec.label if _STATEMENT.search(spec.label) else f"{spec.label} documented"
        if "no" in sides:
            return f"no {spec.label}" if spec.silence == "absent" else f"{spec.label}: no"
        if "not yes" in sides:
            return f"{spec.label} not shown"
        if "not no" in sides:
            return f"{spec.label} not ruled out"
        return f"{spec.label} {'not documented' if 'silent' in sides else 'not known'}"
    if spec.type.kind == "choice":
        if "word" in sides:
            return f"{spec.label} {sides['word'].word.replace('_', ' ')}"
        return f"{spec.label} not known"
    least, most, floor, ceiling = (sides.get(side) for side in ("low>=", "high<=", "low<=", "high>="))
    said = []
    if floor is not None or ceiling is not None:
        bounds = (("lower bound", least, floor), ("upper bound", ceiling, most))
        known = [f"{word} {_range(spec, low, high)}" for word, low, high in bounds if low or high]
        said.append(f"{spec.label} not known exactly ({', '.join(known)})")
    elif least is not None or most is not None:
        said.append(f"{spec.label} {_range(spec, least, most)}")
    if "silent" in sides:
        said.append(f"{spec.label} not documented")
    return ", ".join(said) or f"{spec.label} documented"


def _number(spec: FactSpec, number: int) -> str:
    return str(date.fromordinal(number)) if spec.type.kind == "date" else str(number)


def _range(spec: FactSpec, low: Condition | None, high: Condition | None) -> str:
    on, by = ("from", "to") if spec.type.kind == "date" else ("at least", "at most")
    if low is None and high is not None:
        return str(high.number) if high.number <= spec.type.low else f"{by} {_number(spec, high.number)}"
    if high is None and low is not None:
        return f"{on} {_number(spec, low.number)}"
    assert low is not None and high is not None
    first, last = _number(spec, low.number), _number(spec, high.number)
    if low.number == high.number:
        return first
    if high.number == low.number + 1 and spec.type.kind != "date":
        return f"{first} or {last}"
    return f"{first} to {last}" if low.number < high.number else f"{first} or more, or {last} or less"
