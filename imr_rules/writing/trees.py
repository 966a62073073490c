"""What a criterion asks, in words: ``at most 10 visits …`` where the criteria language has ``visits_if_granted <= 10``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from imr_rules._dates import say_day
from imr_rules._units import count_in_words
from imr_rules.expression import AllOf, AnyOf, Compare, Constant, Node, Not, OneOf, Truth, names, write
from imr_rules.expression.reference import Traced, trace
from imr_rules.expression.values import FactType, Row, say_recorded
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.screening.shown import Working

_TO_READ = 12
"""A longer list is counted: nobody reads it to the end."""

_CLAUSE = re.compile(r" (is|are|was|were|have|has|would|leaves|needs) | failed $")
_ADJECTIVES = frozenset(
    [
        "close",
        "together",
        "homebound",
        "prescribed",
        "re-evaluated",
        "dispensed",
        "part",
        "needs",
        "would",
        "added",
        "diagnosed",
        "for",
    ]
)


class Part(NamedTuple):
    """One part of a criterion in words, and what it came to.

    Attributes:
        text: what it asks; ``all of these`` or ``any of these`` where it has parts.
        code: the same in the criteria language.
        truth: True, False, or None while it is unknown.
        known: what is known of the facts it compares, in words; empty where it has parts.
    """

    text: str
    code: str
    truth: bool | None
    known: str
    parts: tuple[Part, ...]


_NOUNS = (
    ("ready to ", "readiness to "),
    ("returned to ", "return to "),
    ("motivated to ", "motivation to "),
    ("for the time after an operation", "an operation"),
    ("function not improved", "lack of improvement in function"),
    ("symptoms have not improved", "lack of improvement in symptoms"),
    ("symptoms are older than the injury's date", "symptoms older than the injury"),
    ("red flag", "a red flag"),
    ("homebound", "confinement to the home"),
    ("an invasive procedure is planned", "a planned invasive procedure"),
    ("TENS was tried and failed", "a failed trial of TENS"),
    ("first-line drugs tried and failed", "a failed trial of first-line drugs"),
    ("non-opioid drugs tried and failed", "a failed trial of non-opioid drugs"),
    ("a home exercise program failed", "a failed home exercise program"),
    ("attempts to return to work failed", "failed attempts to return to work"),
    ("treatment of sleep failed", "failed treatment of sleep"),
    ("permanent implantation is asked for", "a request for permanent implantation"),
    ("purchase is asked for", "a request for purchase"),
    ("an NSAID is taken", "use of an NSAID"),
    ("the principal item is supported", "support for the principal item"),
    ("prescribed by a physician", "a physician's prescription"),
    ("dispensed by the physician", "dispensing by the physician"),
    ("re-evaluated within", "re-evaluation within"),
    ("added to other agents", "use beside other agents"),
    ("would otherwise need ", "an alternative need for "),
    ("needs three hours", "a need for three hours"),
    ("a home program would do", "sufficiency of a home program"),
    ("the request leaves out what is asked", "a request that leaves out what is asked"),
    ("together with active treatment", "active treatment together with it"),
    ("close to maximum", "closeness to maximum"),
)
"""How labels that are no nouns are told where something is shown or not: each by how it begins."""


def noun(label: str) -> str:
    """Return the label of a fact as something that can be shown: ``readiness to end treatment``."""
    for begins, instead in _NOUNS:
        if label.startswith(begins):
            return instead + label.removeprefix(begins)
    return label


def is_clause(label: str) -> bool:
    """Whether a label is a sentence of its own: ``purchase is asked for``."""
    return " that " not in label and bool(_CLAUSE.search(f" {label} "))


def denied(label: str) -> str:
    """Return the label of a yes-or-no fact as its opposite: ``no plateau``, ``no readiness to end treatment``."""
    label = noun(label)
    if is_clause(label):
        return f"not: {label}"
    first, _, rest = label.partition(" ")
    if first in ("a", "an", "the", "any"):
        return f"no {rest}"
    if first in ("no", "not"):
        return rest
    return f"not {label}" if first.lower() in _ADJECTIVES else f"no {label}"


def parts_of(node: Node, working: Working, facts: Mapping[str, FactSpec]) -> Part:
    """Return a criterion's tree in words, part by part."""
    return _part(trace(node, working.row), working, facts, wanted=True)


def _part(traced: Traced, working: Working, facts: Mapping[str, FactSpec], *, wanted: bool) -> Part:
    node, row, types = traced.node, working.row, working.types
    truth = traced.truth if wanted or traced.truth is None else not traced.truth
    code = re.sub(r"\S+#limits\.", "limits.", write(node, types))
    if isinstance(node, Not):
        inner = _part(traced.parts[0], working, facts, wanted=not wanted)
        return inner._replace(code=code)
    if isinstance(node, (AllOf, AnyOf)):
        every = isinstance(node, AllOf) is wanted
        parts = tuple(_part(each, working, facts, wanted=wanted) for each in traced.parts)
        return Part("all of these" if every else "any of these", code, truth, "", parts)
    return Part(
        say_node(node, row, types, facts, wanted=wanted), code, truth, _known(node, row, types, facts), ()
    )


def _known(node: Node, row: Row, types: Mapping[str, FactType], facts: Mapping[str, FactSpec]) -> str:
    compared = list(names(node))
    said = [
        (f"{facts[name].label}: " if len(compared) > 1 else "") + say_recorded(row[name], types[name])
        for name in compared
        if name in facts
    ]
    return "; ".join(said)


def say_node(
    node: Node, row: Row, types: Mapping[str, FactType], facts: Mapping[str, FactSpec], *, wanted: bool = True
) -> str:
    """Return what a tree asks, or with ``wanted`` false what would contradict it, on one line."""
    if isinstance(node, Constant):
        return "nothing further" if node.value is wanted else "what cannot be"
    if isinstance(node, Not):
        return say_node(node.inner, row, types, facts, wanted=not wanted)
    if isinstance(node, (AllOf, AnyOf)):
        every = isinstance(node, AllOf) is wanted
        said = [
            _within(part, row, types, facts, wanted) for part in node.parts if not isinstance(part, Constant)
        ]
        return _joined(list(dict.fromkeys(said)), "and" if every else "or")
    if isinstance(node, Truth):
        label = _label(node.name, facts)
        return label if wanted else denied(label)
    if isinstance(node, OneOf):
        if len(node.values) > _TO_READ:
            which = "one" if wanted else "none"
            return f"{_label(node.name, facts)}: {which} of the {len(node.values)} that the guideline lists"
        words = _joined([str(each).replace("_", " ") for each in sorted(node.values, key=str)], "or")
        return f"{_label(node.name, facts)}{'' if wanted else ' other than'} {words}"
    return _compared(node, row, types, facts, wanted=wanted)


def _within(
    part: Node, row: Row, types: Mapping[str, FactType], facts: Mapping[str, FactSpec], wanted: bool
) -> str:
    said = say_node(part, row, types, facts, wanted=wanted)
    while isinstance(part, Not):
        part = part.inner
    return f"({said})" if isinstance(part, (AllOf, AnyOf)) and len(part.parts) > 1 else said


def _label(name: str, facts: Mapping[str, FactSpec]) -> str:
    return noun(facts[name].label) if name in facts else name.rpartition(".")[2].replace("_", " ")


def _joined(words: list[str], word: str) -> str:
    """Return ``a, b or c``; where a part holds a comma itself, semicolons stand between them."""
    if len(words) < 2:
        return "".join(words)
    nested = any(", " in each and not each.startswith("(") for each in words)
    between = "; " if nested else ", "
    return f"{between.join(words[:-1])}{';' if nested else ''} {word} {words[-1]}"


_OPPOSITE = {"<=": ">", "<": ">=", ">=": "<", ">": "<=", "==": "!=", "!=": "=="}
_FLIPPED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "==", "!=": "!="}


def _compared(
    node: Compare, row: Row, types: Mapping[str, FactType], facts: Mapping[str, FactSpec], *, wanted: bool
) -> str:
    op: str = node.op if wanted else _OPPOSITE[node.op]
    named = [(name, factor) for name, factor in node.form.terms if name in facts]
    low = high = node.form.constant
    for name, factor in node.form.terms:
        if name not in facts:  # a limit: its number, as the row that governs gives it
            ends = sorted((row[name].low * factor, row[name].high * factor))
            low, high = low + ends[0], high + ends[1]
    if len(named) == 1 and abs(named[0][1]) == 1:
        ((name, factor),) = named
        if factor > 0:
            low, high = -high, -low
        else:
            op = _FLIPPED[op]
        return _against(_label(name, facts), op, low, high, types[name])
    dates = [(name, factor) for name, factor in named if types[name].kind == "date"]
    if len(named) == 2 and len(dates) == 2 and {factor for _, factor in named} == {1, -1}:
        later, earlier = (next(name for name, factor in named if factor == sign) for sign in (1, -1))
        # later - earlier + constant  op  0
        if op in (">=", ">"):
            later, earlier, low, op = earlier, later, -low, _FLIPPED[op]
        days = -low
        end = f"{days} days after" if days > 0 else f"{-days} days before" if days < 0 else ""
        word = "no later than" if op == "<=" else "before" if op == "<" else "on" if op == "==" else "not on"
        return f"{_label(later, facts)} {word} {end + ' ' if end else ''}the {_label(earlier, facts)}"
    plus = [_times(name, factor, facts) for name, factor in named if factor > 0]
    minus = [_times(name, -factor, facts) for name, factor in named if factor < 0]
    if not plus:
        plus, minus, op, low, high = minus, plus, _FLIPPED[op], -high, -low
    number = count_in_words(-high, -low)
    said = " plus ".join(plus)
    word = {
        "<=": "at most",
        "<": "less than",
        ">=": "at least",
        ">": "more than",
        "==": "exactly",
        "!=": "other than",
    }[op]
    if not minus:
        return f"{said}, {word} {number}"
    rest = " plus ".join(minus)
    return f"{said}, {word} {rest}" + (f" plus {number}" if (low, high) != (0, 0) else "")


def _times(name: str, factor: int, facts: Mapping[str, FactSpec]) -> str:
    return _label(name, facts) if factor == 1 else f"{factor} times {_label(name, facts)}"


def _against(label: str, op: str, low: int, high: int, kind: FactType) -> str:
    """Return ``10 or fewer visits attended``, ``age 65 or more``, ``date of injury on or after January 1, 2004``."""
    if kind.kind == "date":
        return _dated(label, op, low)
    if op in ("<", ">"):  # whole numbers
        step = -1 if op == "<" else 1
        low, high, op = low + step, high + step, op + "="
    number = count_in_words(low, high)
    counted = kind.unit is not None and label.split(" ")[0].rstrip("s") == kind.unit
    if op == "<=":
        return f"at most {number} {label}" if counted else f"{label} {number} or less"
    if op == ">=":
        return f"at least {number} {label}" if counted else f"{label} {number} or more"
    return f"{label} {'' if op == '==' else 'other than '}{number}"


def _dated(label: str, op: str, ordinal: int) -> str:
    day = say_day(date.fromordinal(max(1, ordinal)))
    if op == "<":
        return f"{label} before {day}"
    if op == ">":
        return f"{label} after {day}"
    return f"{label} " + {"<=": f"on or before {day}", ">=": f"on or after {day}"}.get(
        op, f"{'' if op == '==' else 'not '}on {day}"
    )


def deciding(node: Node, row: Row) -> tuple[str, ...]:
    """Return the facts of the parts that made a tree true, or false; each once, left to right."""
    return tuple(dict.fromkeys(_deciding(trace(node, row))))


def _deciding(traced: Traced) -> Iterator[str]:
    node = traced.node
    if traced.truth is None:
        return
    if isinstance(node, Compare):
        yield from (name for name, _ in node.form.terms)
    elif isinstance(node, (Truth, OneOf)):
        yield node.name
    else:
        for part in traced.parts:
            if isinstance(node, Not) or part.truth is traced.truth:
                yield from _deciding(part)
