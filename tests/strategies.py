"""Random, well-typed criteria, guidelines and rows of facts, for properties that hold of all of them.

Trees, guidelines and rows are built as objects, which is fast; :func:`written` writes a tree as an editor
would, for the smaller share of tests that goes through files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

from hypothesis import strategies as st

from imr_rules._dates import Period
from imr_rules.expression import AllOf, AnyOf, Compare, Constant, Linear, Node, Not, OneOf, Truth
from imr_rules.expression.values import FactType, Row, Value
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.model import Citation, Criterion, Guideline, Limit, LimitRow, Source, Superseding
from imr_rules.rulebook.plan import Plan, make_plan
from imr_rules.rulebook.vocabulary import Vocabulary

FIRST, LAST = date(2014, 1, 1).toordinal(), date(2014, 1, 31).toordinal()
VISITS = ("attended", "in_dispute", "if_granted")
TYPES: dict[str, FactType] = {
    "rationale": FactType.boolean(),
    "response": FactType.boolean(),
    "goals_met": FactType.boolean(),
    "flare_up": FactType.boolean(),
    "exceptional_factors": FactType.boolean(),
    "rebuttal_documented": FactType.boolean(),
    "attended": FactType.integer(0, 30, "visit"),
    "in_dispute": FactType.integer(0, 30, "visit"),
    "if_granted": FactType.integer(0, 60, "visit"),
    "weeks": FactType.integer(0, 20, "week"),
    "gain": FactType.integer(-4, 4, "point"),
    "level": FactType.integer(0, 3),
    "injured": FactType("date", None, FIRST, LAST),
    "requested": FactType("date", None, FIRST, LAST),
    "region": FactType.choice(frozenset({"neck", "low_back", "knee"})),
    "procedure": FactType.choice(frozenset({"repair", "fusion"})),
}
SILENCE = dict.fromkeys(("rationale", "response", "in_dispute"), "against_request") | dict.fromkeys(
    ("goals_met", "exceptional_factors", "rebuttal_documented"), "absent"
)
DERIVED = frozenset({"response", "if_granted", "level"})
"""Facts that an engine would work out from others."""
VOCABULARY = Vocabulary(
    {
        name: FactSpec(name, name, kind, "?", SILENCE.get(name, "unknown"), "test", name in DERIVED)  # type: ignore[arg-type]
        for name, kind in TYPES.items()
    },
    {},
    {},
    {},
    tiers=dict.fromkeys(("mtus", "acoem_odg", "practice"), "a tier"),
)
OPERATORS = ("<", "<=", ">", ">=", "==", "!=")


def of_kind(kind: str, types: dict[str, FactType]) -> list[str]:
    return [name for name, each in types.items() if each.kind == kind]


# -- trees ---------------------------------------------------------------------------------------------------


@st.composite
def linears(draw: st.DrawFn, names: Sequence[str], types: dict[str, FactType], *, plain: bool) -> Linear:
    """A sum of one to three facts of one unit, its constant near the turning point."""
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    factors = (-1, 1) if plain else (-2, -1, 1, 1, 3)
    terms = tuple(sorted((name, draw(st.sampled_from(factors))) for name in chosen))
    ends = [(types[name].low * factor, types[name].high * factor) for name, factor in terms]
    low, high = sum(map(min, ends)), sum(map(max, ends))
    return Linear(terms, -draw(st.integers(low - 1, high + 1)))


@st.composite
def comparisons(draw: st.DrawFn, names: Sequence[str], types: dict[str, FactType]) -> Compare:
    op = draw(st.sampled_from(OPERATORS))
    return Compare(op, draw(linears(names, types, plain=op in ("==", "!="))))  # type: ignore[arg-type]


def leaves_over(types: dict[str, FactType]) -> st.SearchStrategy[Node]:
    """Return leaves of every sort over the facts of ``types``."""
    found: list[st.SearchStrategy[Node]] = []
    if truths := of_kind("boolean", types):
        found += [st.sampled_from(truths).map(Truth)] * 2
    by_unit: dict[object, list[str]] = {}
    for name in of_kind("integer", types):
        by_unit.setdefault(types[name].unit, []).append(name)
    found += [comparisons(names, types) for names in by_unit.values()]
    for name in of_kind("integer", types):
        kind = types[name]
        values = st.frozensets(st.integers(kind.low, kind.high), min_size=1, max_size=4)
        found.append(values.map(partial(OneOf, name)))
    if dates := of_kind("date", types):
        found.append(comparisons(dates, types))
    for name in of_kind("choice", types):
        words = sorted(types[name].choices)
        some = st.frozensets(st.sampled_from(words), min_size=1, max_size=len(words) - 1)
        found.append(some.map(partial(OneOf, name)))
    return st.one_of(found)


def trees_over(types: dict[str, FactType], most_leaves: int = 6) -> st.SearchStrategy[Node]:
    """Return trees of ``and``, ``or`` and ``not`` over leaves of every sort."""

    def deeper(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(parts.map(AllOf), parts.map(AnyOf), inner.map(Not))

    return st.recursive(leaves_over(types), deeper, max_leaves=most_leaves)


@cache
def trees(most_leaves: int = 6) -> st.SearchStrategy[Node]:
    """Return trees over the facts of :data:`TYPES`; made once, which is what takes time."""
    return trees_over(TYPES, most_leaves)


@st.composite
def trees_without_repeats(draw: st.DrawFn, types: dict[str, FactType]) -> Node:
    """A tree in which no fact occurs twice, so that three values lose nothing."""
    names = draw(st.lists(st.sampled_from(sorted(types)), min_size=1, max_size=5, unique=True))
    parts: list[Node] = []
    while names:
        kinds = {name: types[name] for name in names[: draw(st.integers(1, 2))]}
        first, *rest = kinds.values()
        if rest and (
            first.kind not in ("integer", "date") or (rest[0].kind, rest[0].unit) != (first.kind, first.unit)
        ):
            del kinds[names[1]]
        names = names[len(kinds) :]
        if len(kinds) == 2:
            op = draw(st.sampled_from(OPERATORS))
            signs = [draw(st.sampled_from((-1, 1))) for _ in kinds]
            terms = tuple(sorted(zip(kinds, signs, strict=True)))
            middle = sum(types[name].low * sign for name, sign in terms)
            parts.append(Compare(op, Linear(terms, -middle - draw(st.integers(-6, 6)))))  # type: ignore[arg-type]
        else:
            parts.append(draw(leaves_over(kinds)))
    while len(parts) > 1:
        pair = tuple(parts[:2])
        joined: Node = AllOf(pair) if draw(st.booleans()) else AnyOf(pair)
        parts = [*parts[2:], Not(joined) if draw(st.booleans()) else joined]
    return parts[0]


# -- rows ----------------------------------------------------------------------------------------------------


def values(kind: FactType) -> st.SearchStrategy[Value]:
    """Return all that can be known of a fact: a value, bounds, silence of both sorts, nothing, a conflict."""
    if kind.kind == "choice":
        return st.one_of(
            st.sampled_from(sorted(kind.choices)).map(lambda word: Value("known", 0, 0, text=word)),
            st.sampled_from(
                (
                    Value("missing", 0, 1),
                    Value("undocumented", 0, 1),
                    Value("undocumented", 0, 1, silent=True),
                    Value("bounded", 0, 1, conflict=True),
                )
            ),
        )
    whole = (
        Value("missing", kind.low, kind.high),
        Value("undocumented", kind.low, kind.high),
        Value("undocumented", kind.low, kind.high, silent=True),
        Value("undocumented", kind.low, kind.high, silent=True),
    )
    known = st.tuples(st.integers(kind.low, kind.high), st.sampled_from((False, False, True))).map(
        lambda drawn: Value("known", drawn[0], drawn[0], assumed=drawn[1])
    )
    ends = st.tuples(st.integers(kind.low, kind.high), st.integers(kind.low, kind.high)).map(sorted)
    bounded = st.tuples(ends, st.sampled_from(((False, False), (True, False), (False, True)))).map(
        lambda drawn: within(kind, drawn[0][0], drawn[0][1], silent=drawn[1][0], conflict=drawn[1][1])
    )
    return st.one_of(known, known, bounded, st.sampled_from(whole))


def within(kind: FactType, low: int, high: int, *, silent: bool, conflict: bool) -> Value:
    """Return a fact within bounds; silence that leaves all of its type open is plain silence."""
    if low == high:
        return Value("known", low, high, conflict=conflict)
    whole = (low, high) == (kind.low, kind.high)
    return Value(
        "undocumented" if silent and whole else "bounded", low, high, silent=silent, conflict=conflict
    )


VALUES = {name: values(kind) for name, kind in TYPES.items()}


def rows(types: dict[str, FactType] = TYPES) -> st.SearchStrategy[Row]:
    """Return rows with a value for each fact."""
    return st.fixed_dictionaries({name: VALUES.get(name, values(kind)) for name, kind in types.items()})


# -- guidelines ----------------------------------------------------------------------------------------------


class Judged(NamedTuple):
    """A criterion by itself, as evaluators see it."""

    id: str
    condition: Node
    require: Node


CITATION = Citation("source", "document", None, None, (), "recalled")
ROW_TYPES = {name: TYPES[name] for name in ("region", "procedure", "flare_up", "level")}


_AMOUNTS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
    lambda ends: {"visits": (min(ends), max(ends))}
)
_FITTING = st.lists(leaves_over(ROW_TYPES), min_size=1, max_size=3)
_ALWAYS_OR = {most: st.one_of(st.just(Constant(True)), trees(most)) for most in (2, 3)}


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    """A limit with rows, some of which may fit together, with or without ``otherwise``."""
    found = tuple(
        LimitRow(f"row {number}", when, "", draw(_AMOUNTS), "recalled", None)
        for number, when in enumerate(draw(_FITTING))
    )
    otherwise = None
    if draw(st.booleans()):
        otherwise = LimitRow("otherwise", Constant(True), "true", draw(_AMOUNTS), "recalled", None)
    return Limit("total", {}, "recalled", None, None, found, otherwise)


@st.composite
def guidelines(draw: st.DrawFn, name: str, others: Sequence[str]) -> Guideline:
    """A guideline with a table of limits, criteria, perhaps *not recommended*, perhaps replacing others."""
    limit = draw(limits())
    table = f"{name}#limits.total.visits.max"
    criteria = []
    if draw(st.booleans()):
        no = draw(trees(2))
        criteria.append(_criterion(f"{name}#recommended", no, Not(no), kind="bar", recommendation=True))
    for number in range(draw(st.integers(1, 3))):
        when = draw(_ALWAYS_OR[3])
        if draw(st.booleans()):
            op = draw(st.sampled_from(OPERATORS))
            counts = draw(st.lists(st.sampled_from(VISITS), min_size=1, max_size=2, unique=True))
            within: Node = Compare(op, Linear(tuple(sorted([(table, -1), *((each, 1) for each in counts)]))))  # type: ignore[arg-type]
            rest = draw(trees(2))
            require = draw(st.sampled_from((within, AllOf((within, rest)), AnyOf((within, Not(rest))))))
            criteria.append(_criterion(f"{name}#c{number}", when, require, ("total",)))
        else:
            kind = draw(st.sampled_from(("limit", "indication", "bar", "documentation", "caution")))
            nothing = kind == "indication" and draw(st.sampled_from((False, False, False, True)))
            require = Constant(True) if nothing else draw(trees())
            strength = draw(st.sampled_from(("text", "text", "text", "practice", "adapted")))
            criteria.append(_criterion(f"{name}#c{number}", when, require, kind=kind, strength=strength))
    replaced = draw(st.lists(st.sampled_from(others), max_size=1)) if others else []
    tier: Any = draw(st.sampled_from(("statute", "mtus", "mtus", "acoem_odg", "practice")))
    known = draw(st.sampled_from((True, True, True, True, False)))
    return Guideline(
        id=name, title=name, source=Source(name, name, None, tier, None, None, None, (), (), None, False),
        section=None, pages=(), requests=Period(date(2009, 1, 1), None), treatments=("any",),
        applies_when=draw(_ALWAYS_OR[2]), applies_text=None,
        by_analogy=draw(st.booleans()), known=known, note=None, limits={"total": limit},
        criteria=tuple(criteria) if known else (),
        supersedes=tuple(Superseding(other, draw(trees(2)), "") for other in replaced),
    )  # fmt: skip


def _criterion(
    name: str, when: Node, require: Node, used: tuple[str, ...] = (), *, recommendation: bool = False,
    kind: str = "indication", strength: str = "text",
) -> Criterion:  # fmt: skip
    return Criterion(
        name, name.split("#")[1], when, "", require, "", {}, CITATION, kind, strength, used, recommendation  # type: ignore[arg-type]
    )  # fmt: skip


@st.composite
def plans(draw: st.DrawFn, *, most: int = 3) -> Plan:
    """All that can govern one treatment: some guidelines that may replace one another."""
    count = draw(st.integers(1, most))
    names = [f"g{number}" for number in range(count)]
    return make_plan([draw(guidelines(name, names[:place])) for place, name in enumerate(names)], VOCABULARY)


def rows_for(plan: Plan) -> st.SearchStrategy[Row]:
    """Return complete rows for a plan: every fact it asks for, and its tables of limits."""
    return rows({spec.name: spec.type for spec in plan.facts}).map(lambda row: plan.complete(dict(row)))


def random_known(kind: FactType, chance: random.Random) -> Value:
    """Return a value that is known."""
    if kind.kind == "choice":
        return Value("known", 0, 0, text=chance.choice(sorted(kind.choices)))
    number = chance.randint(kind.low, kind.high)
    return Value("known", number, number)


def random_value(kind: FactType, chance: random.Random) -> Value:
    """Return one of :func:`values`, many times faster; a failure found with it does not shrink."""
    if kind.kind == "choice":
        word = Value("known", 0, 0, text=chance.choice(sorted(kind.choices)))
        silent, conflict = Value("undocumented", 0, 1, silent=True), Value("bounded", 0, 1, conflict=True)
        return chance.choice((word, word, word, Value("missing", 0, 1), silent, conflict))
    low, high = kind.low, kind.high
    number = chance.randint(low, high)
    drawn = chance.random()
    if drawn < 0.45:
        return Value("known", number, number, assumed=drawn < 0.12)
    if drawn < 0.7:
        low, high = sorted((number, chance.randint(low, high)))
        return within(kind, low, high, silent=drawn < 0.52, conflict=drawn > 0.65)
    return chance.choice((Value("missing", low, high), Value("undocumented", low, high),
                          Value("undocumented", low, high, silent=True)))  # fmt: skip


def random_rows(plan: Plan, seed: int, count: int) -> Iterator[Row]:
    """Yield complete rows for a plan, fast."""
    chance = random.Random(seed)
    for _ in range(count):
        yield plan.complete({spec.name: random_value(spec.type, chance) for spec in plan.facts})


# -- text ----------------------------------------------------------------------------------------------------


def written(node: Node, types: dict[str, FactType]) -> str:
    """Write a tree in the criteria language."""
    if isinstance(node, Constant):
        return str(node.value).lower()
    if isinstance(node, Truth):
        return node.name
    if isinstance(node, Not):
        return f"not ({written(node.inner, types)})"
    if isinstance(node, (AllOf, AnyOf)):
        word = " and " if isinstance(node, AllOf) else " or "
        return word.join(f"({written(part, types)})" for part in node.parts)
    if isinstance(node, OneOf):
        return f"{node.name} in [{', '.join(map(str, sorted(node.values)))}]"
    terms, constant = list(node.form.terms), node.form.constant
    if types[terms[0][0]].kind == "date":
        raise NotImplementedError("dates are written by hand")
    left = " + ".join(
        f"{factor} * {name}" if factor > 0 else f"-{-factor} * {name}" for name, factor in terms
    )
    right = str(-constant) if constant <= 0 else f"-{constant}"
    return f"{left} {node.op} {right}"
