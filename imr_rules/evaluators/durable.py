"""One item, in durable-rules: the second implementation that every answer is held to.

durable-rules is a C Rete engine. Fed the wrong way it crashes, hangs or answers wrongly without a word, so
it is driven one way only: its extension module alone, one flat typed fact an item, a constant session,
shards of few rules with a sentinel that must fire, integers, truths and words as values, and a lock around
each evaluation. What this guards is the comparison of leaves and the structure of ``and``, ``or`` and
``not``; it does not guard derivation or selection, which happen before it in Python.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from imr_rules.errors import EngineError
from imr_rules.evaluators.normal_form import Conjunction, Rail, Test, statuses
from imr_rules.evaluators.reference import Judgeable, Status, bounds
from imr_rules.expression import Compare, Leaf, Linear, OneOf, Truth
from imr_rules.facts.values import Row, Value

try:
    import durable_rules_engine as _engine  # the extension module alone: no Host, no threads, no timers
except ImportError as _fault:  # not built, or a Python it cannot run on
    _engine = None
    _reason = "is not installed" if isinstance(_fault, ModuleNotFoundError) else "cannot be imported here"
else:
    _reason = ""

__all__ = [
    "MOST_NUMBER",
    "MOST_RULES",
    "DurableEvaluator",
    "available",
    "encode",
    "encode_fact",
    "refuse_collisions",
    "spread_of",
    "why_unavailable",
]

MOST_RULES = 59
"""Rules in a shard beside its sentinel; the engine's stack holds 64 pending matches."""
MOST_FIELDS = 200
MOST_NUMBER = 2**53
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_SENTINEL = "evaluated"

Literal_ = dict[str, Any]
"""One test in the engine's own words."""


def available() -> bool:
    """Whether durable-rules can be used on this machine."""
    return _engine is not None


def why_unavailable() -> str:
    """Return why durable-rules cannot be used, in a few words; empty where it can."""
    return _reason


Reading = Literal["plain", "some", "only"]
"""How silence that counts against the request is read: as the unknown it is; or turned towards what a rule
asks for wherever some fact of a leaf is silent; or only where nothing but silence keeps the leaf open."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A sum of facts in one reading, asserted as two fields: its least and greatest value, less its constant.

    A reading that turns silence towards what is asked exchanges the two: what a comparison asks of every
    possible value it then asks of some.
    """

    low: str
    high: str
    form: Linear
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Flag:
    """A truth asserted as one field, left out while it is unknown."""

    field: str
    leaf: Leaf


class _Fields:
    """Names the fields that the leaves of some rules need, and fills them in from a row."""

    def __init__(self) -> None:
        self.forms: dict[tuple[Linear, Reading], _Form] = {}
        self.flags: dict[Leaf, _Flag] = {}
        self.words: dict[str, str] = {}
        self.passes: dict[Test, str] = {}
        self.may_be_silent: set[str] = set()

    def copy(self) -> _Fields:
        found = _Fields()
        found.forms, found.flags = dict(self.forms), dict(self.flags)
        found.words, found.passes = dict(self.words), dict(self.passes)
        found.may_be_silent = set(self.may_be_silent)
        return found

    def form(self, node: Compare, reading: Reading) -> _Form:
        bare = Linear(node.form.terms)
        if reading != "plain":
            self.may_be_silent.update(name for name, _ in bare.terms)
        index = len(self.forms)
        return self.forms.setdefault((bare, reading), _Form(f"n{index}_low", f"n{index}_high", bare, reading))

    def flag(self, leaf: Leaf) -> _Flag:
        return self.flags.setdefault(leaf, _Flag(f"b{len(self.flags)}", leaf))

    def word(self, name: str) -> str:
        return self.words.setdefault(name, f"w{len(self.words)}")

    def passing(self, test: Test) -> str:
        """Return the field that is true where a yes-or-no leaf passes on a rail that reads silence."""
        assert isinstance(test.leaf, (Truth, OneOf))
        self.may_be_silent.add(test.leaf.name)
        return self.passes.setdefault(test, f"s{len(self.passes)}")

    def names(self) -> list[str]:
        found = [name for form in self.forms.values() for name in (form.low, form.high)]
        found += [flag.field for flag in self.flags.values()]
        return ["kind", "sid", "id", *found, *self.words.values(), *self.passes.values()]

    def fact(self, row: Row) -> dict[str, Any]:
        """Return the one flat fact of an item. Unknown truths and words are left out.

        Where nothing is silent, no criterion is undocumented, and what only those rules ask for is left out.
        """
        fact: dict[str, Any] = {"kind": "item", "sid": "0", "id": "1"}
        silent = any(row[name].silent for name in self.may_be_silent)
        for form in self.forms.values():
            if not silent and form.reading != "plain":
                continue
            low, high = bounds(form.form, row)
            if abs(low) > MOST_NUMBER or abs(high) > MOST_NUMBER:
                raise EngineError("a number is too large to be compared exactly")
            if _turned([row[name] for name, _ in form.form.terms], form.reading):
                low, high = high, low
            fact[form.low], fact[form.high] = low, high
        for flag in self.flags.values():
            found = _truth(flag.leaf, row)
            if found is not None:
                fact[flag.field] = found
        for name, field in self.words.items():
            text = row[name].text
            if text is not None:
                fact[field] = text
        if silent:
            for (leaf, rail), field in self.passes.items():
                assert isinstance(leaf, (Truth, OneOf))
                found = _truth(leaf, row)
                if _turned([row[leaf.name]], _reading(rail)) if found is None else found == _asks(rail):
                    fact[field] = True
        return fact


def _asks(rail: Rail) -> bool:
    return rail.startswith("true")


def _reading(rail: Rail) -> Reading:
    return "some" if rail.endswith("silent") else "only" if rail.endswith("shown") else "plain"


def _turned(values: Sequence[Value], reading: Reading) -> bool:
    """Whether ``reading`` turns what is open about some facts towards what is asked."""
    if reading == "plain" or not any(value.silent for value in values):
        return False
    return reading == "some" or all(value.silent or value.exact for value in values)


def _truth(leaf: Leaf, row: Row) -> bool | None:
    """Return a fact that is a truth, or whether a fact is one of several values."""
    if isinstance(leaf, Truth):
        value = row[leaf.name]
        return bool(value.low) if value.low == value.high else None
    assert isinstance(leaf, OneOf)
    value = row[leaf.name]
    if any(isinstance(each, str) for each in leaf.values):
        return None if value.text is None else value.text in leaf.values
    inside = sum(value.low <= each <= value.high for each in leaf.values if isinstance(each, int))
    if not inside:
        return False
    return True if inside == value.high - value.low + 1 else None


class DurableEvaluator:
    """Some criteria, compiled for durable-rules. Safe to share between threads.

    Raises:
        EngineError: from the constructor, where durable-rules is not available; from :meth:`judge`, where
            a run was void.
    """

    def __init__(self, criteria: Sequence[Judgeable]) -> None:
        if _engine is None:
            raise EngineError(f"durable-rules {_reason}")
        self.criteria = tuple(criteria)
        self._shards: list[_Shard] = []
        for index, criterion in enumerate(self.criteria):
            for status, conjunctions in statuses(criterion).items():
                for conjunction in conjunctions:
                    if not (self._shards and self._shards[-1].add(index, status, conjunction)):
                        self._shards.append(_Shard())
                        self._shards[-1].add(index, status, conjunction)
        if not self._shards:
            self._shards.append(_Shard())

    def judge(self, row: Row) -> list[Status]:
        """Return the status of each criterion over ``row``."""
        found: list[set[Status]] = [set() for _ in self.criteria]
        for shard in self._shards:
            for index, status in shard.fired(row):
                found[index].add(status)
        return [_single(each, criterion) for each, criterion in zip(found, self.criteria, strict=True)]


def _single(found: set[Status], criterion: Judgeable) -> Status:
    if len(found) > 1:
        raise EngineError(f"durable-rules gave `{criterion.id}` more than one status")
    return found.pop() if found else "unknown"


class _Shard:
    """At most :data:`MOST_RULES` rules in one ruleset of the engine, with a sentinel that always fires."""

    def __init__(self) -> None:
        self.fields = _Fields()
        self.meaning: dict[str, tuple[int, Status]] = {}
        self.rules: dict[str, Any] = {}
        self.lock = threading.Lock()
        self.handle: Any = None
        self.has_state = False

    def add(self, index: int, status: Status, conjunction: Conjunction) -> bool:
        """Take the rules of one alternative, or return False where there is no room for them."""
        fields = self.fields.copy()
        spread = _spread(conjunction, fields)
        if len(self.rules) + len(spread) > MOST_RULES or len(fields.names()) > MOST_FIELDS:
            if self.rules:
                return False
            raise EngineError("a criterion has more alternatives or facts than durable-rules can hold")
        self.fields = fields
        for tests in spread:
            name = f"r{len(self.rules)}"
            self.meaning[name] = (index, status)
            self.rules[name] = _rule(tests)
        return True

    def fired(self, row: Row) -> list[tuple[int, Status]]:
        """Return what fired over ``row``. Any fault discards the ruleset; the next call builds it again.

        Raises:
            EngineError: where the run was void.
        """
        fact = encode_fact(self.fields.fact(row))
        with self.lock:
            try:
                names = self._run(fact)
            except EngineError:
                self._discard()
                raise
            except Exception as fault:
                self._discard()
                raise EngineError("durable-rules failed; the run is void") from fault
            except BaseException:  # interrupted half-way: the engine still holds the fact
                self._discard()
                raise
        return [self.meaning[name] for name in names]

    def _run(self, fact: str) -> list[str]:
        if self.handle is None:
            refuse_collisions(self.fields.names())
            # The sentinel comes last: it always fires, which initialises the engine's state.
            self.handle = _engine.create_ruleset("imr", encode({**self.rules, _SENTINEL: _rule([])}))
        code, offset = _engine.assert_fact(self.handle, fact)
        if code != 0:
            raise EngineError(f"durable-rules refused the fact (code {code})")
        started = _engine.start_action_for_state(self.handle, offset)
        if started is None:
            raise EngineError("durable-rules started nothing; the run is void")
        names = []
        message = started[1]
        while message is not None:
            names.append(message[2 : message.index('"', 2)])  # {"r7":{"m":{...}}}
            if len(names) > len(self.rules) + 1:
                raise EngineError("durable-rules does not come to an end; the run is void")
            message = _engine.complete_and_start_action(self.handle, offset)
        if _SENTINEL not in names:
            raise EngineError("durable-rules did not finish; the run is void")
        self.has_state = True
        code, _ = _engine.retract_fact(self.handle, fact)
        if code != 0:
            raise EngineError(f"durable-rules kept the fact (code {code})")
        names.remove(_SENTINEL)
        return names

    def _discard(self) -> None:
        """Free the ruleset, and its state, which the engine crashes over where nothing ever fired."""
        handle, has_state = self.handle, self.has_state
        self.handle, self.has_state = None, False
        if handle is not None:
            if has_state:
                _engine.delete_state(handle, "0")
            _engine.delete_ruleset(handle)

    def __del__(self) -> None:
        if getattr(self, "handle", None) is not None and _engine is not None:
            self._discard()


def _rule(tests: Sequence[Literal_]) -> dict[str, Any]:
    kind: Literal_ = {"kind": "item"}
    return {"all": [{"m": {"$and": [kind, *tests]} if tests else kind}]}


def spread_of(conjunction: Conjunction) -> int:
    """Return how many of the engine's rules one alternative takes: a number that is to differ takes two."""
    return 1 << sum(
        isinstance(leaf, Compare) and (leaf.op, _asks(rail)) in (("!=", True), ("==", False))
        for leaf, rail in conjunction
    )


def _spread(conjunction: Conjunction, fields: _Fields) -> list[list[Literal_]]:
    """Return a conjunction as the engine's own: that a number differs is an *or* of two plain tests."""
    spread: list[list[Literal_]] = [[]]
    for test in sorted(conjunction, key=repr):
        choices = _plain(test, fields)
        spread = [[*each, *choice] for each in spread for choice in choices]
    return spread


def _plain(test: Test, fields: _Fields) -> list[list[Literal_]]:
    """Return one test as alternatives of the engine's plain tests."""
    leaf, rail = test
    if isinstance(leaf, Compare):
        return _compare(leaf, fields.form(leaf, _reading(rail)), _asks(rail))
    if _reading(rail) != "plain":
        return [[{fields.passing(test): True}]]
    if isinstance(leaf, OneOf) and len(leaf.values) == 1:
        word = next(iter(leaf.values))
        if isinstance(word, str):
            field = fields.word(leaf.name)
            return [[{field: word}]] if _asks(rail) else [[{"$neq": {field: word}}]]
    return [[{fields.flag(leaf).field: _asks(rail)}]]


def _compare(leaf: Compare, form: _Form, truth: bool) -> list[list[Literal_]]:
    limit = -leaf.form.constant
    low, high = form.low, form.high
    match (leaf.op, truth):
        case ("<=", True) | (">", False):
            return [[{"$lte": {high: limit}}]]
        case ("<=", False) | (">", True):
            return [[{"$gt": {low: limit}}]]
        case ("<", True) | (">=", False):
            return [[{"$lt": {high: limit}}]]
        case ("<", False) | (">=", True):
            return [[{"$gte": {low: limit}}]]
        case ("==", True) | ("!=", False):
            return [[{"$gte": {low: limit}}, {"$lte": {high: limit}}]]
        case _:
            return [[{"$gt": {low: limit}}], [{"$lt": {high: limit}}]]


def encode(content: dict[str, Any]) -> str:
    """Return content as the engine's JSON: the one door everything passes on its way to C.

    Raises:
        EngineError: for anything but bounded integers, truths and plain words.
    """
    _door(content)
    return json.dumps(content, ensure_ascii=True)


def encode_fact(fact: dict[str, bool | int | str]) -> str:
    """Return a flat fact as :func:`encode` does, in one go: there is one for every item that is judged.

    Raises:
        EngineError: as :func:`encode` does.
    """
    return "{" + ",".join([f'"{name}":{_written(value)}' for name, value in fact.items()]) + "}"


def _written(value: object) -> str:
    """Return a bounded integer, a truth or a plain word as JSON; anything else stops here."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        if abs(value) > MOST_NUMBER:
            raise EngineError("a number is too large to be compared exactly")
        return str(value)
    if isinstance(value, str) and (_FIELD.fullmatch(value) or value in ("0", "1")):
        return f'"{value}"'
    raise EngineError(f"a {type(value).__name__} cannot be given to durable-rules")


def _door(content: Any) -> None:
    if isinstance(content, (dict, list)):
        for inner in content.values() if isinstance(content, dict) else content:
            _door(inner)
    else:
        _written(content)


def refuse_collisions(fields: Iterable[str]) -> None:
    """Refuse field names that are not plain or that the engine's 32-bit FNV-1a hash cannot tell apart."""
    seen: dict[int, str] = {}
    for field in fields:
        if _FIELD.fullmatch(field) is None:
            raise EngineError(f"`{field}` is no name for a field")
        total = 2166136261
        for byte in field.encode():
            total = ((total ^ byte) * 16777619) & 0xFFFFFFFF
        if seen.setdefault(total, field) != field:
            raise EngineError(f"durable-rules cannot tell `{field}` from `{seen[total]}`")
