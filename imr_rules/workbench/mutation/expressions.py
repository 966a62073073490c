"""Small mistakes in an expression: the ways in which one slip of the pen turns it into another expression."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from imr_rules.expression import ExpressionFault
from imr_rules.expression.tokens import Token, tokens

_OPERATORS = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
}
"""Each comparison, and what it is mistaken for: its neighbor at the limit itself, and its opposite."""
_JOINS = {"and": "or", "or": "and"}


class Slip(NamedTuple):
    """One slip: what kind, where in the text, what stood there and what stands there now, and the new text."""

    kind: str
    offset: int
    before: str
    after: str
    text: str


def slips(text: str) -> Iterator[Slip]:
    """Yield every slip of an expression, left to right. Some of them may not be expressions any more."""
    try:
        found = list(tokens(text))
    except ExpressionFault:  # nothing that loads
        return
    for token in found:
        for kind, after in _instead(token):
            yield _at(kind, text, token.offset, token.text, after)
        if token.kind == "not":
            end = token.offset + len("not")
            gap = len(text[end:]) - len(text[end:].lstrip())
            yield _at("not-dropped", text, token.offset, text[token.offset : end + gap], "")
    yield from _without_a_word(text, found)
    yield from _without_a_clause(text, found)


def _at(kind: str, text: str, offset: int, before: str, after: str) -> Slip:
    return Slip(
        kind, offset, before.strip(), after, f"{text[:offset]}{after}{text[offset + len(before) :]}".strip()
    )


def _instead(token: Token) -> Iterator[tuple[str, str]]:
    for after in _OPERATORS.get(token.kind, ()):
        yield "operator", after
    if token.kind in _JOINS:
        yield "and-or", _JOINS[token.kind]
    if token.kind == "number":
        for number in (int(token.text) - 1, int(token.text) + 1):
            if number >= 0:
                yield "number", str(number)
    if token.kind == "date":
        day = date.fromisoformat(token.text)
        yield "date", str(day - timedelta(days=1))
        yield "date", str(day + timedelta(days=1))


def _without_a_word(text: str, found: list[Token]) -> Iterator[Slip]:
    """Yield the lists ``in [...]`` with one of their words left out."""
    opened: int | None = None
    for place, token in enumerate(found):
        if token.kind == "[":
            opened = place
        elif token.kind == "]" and opened is not None:
            words = [each for each in found[opened + 1 : place] if each.kind != ","]
            for left_out in words if len(words) > 1 else ():
                kept = ", ".join(each.text for each in words if each is not left_out)
                start, end = found[opened].offset + 1, token.offset
                whole = f"{text[:start]}{kept}{text[end:]}"
                yield Slip("word-dropped", left_out.offset, left_out.text, "", whole)
            opened = None


def _without_a_clause(text: str, found: list[Token]) -> Iterator[Slip]:
    """Yield the expression with one clause of an ``and`` or an ``or`` left out."""
    for first, last in _groups(found):
        alternatives = _split(found, first, last, "or")
        yield from _each_dropped(text, found, alternatives, " or ")
        for start, end in alternatives:
            yield from _each_dropped(text, found, _split(found, start, end, "and"), " and ")


def _groups(found: list[Token]) -> Iterator[tuple[int, int]]:
    """Yield the whole and each pair of brackets, as places of the first token within and the first beyond."""
    yield 0, len(found) - 1
    opened: list[int] = []
    for place, token in enumerate(found):
        if token.kind == "(":
            opened.append(place)
        elif token.kind == ")" and opened:
            yield opened.pop() + 1, place


def _split(found: list[Token], first: int, last: int, join: str) -> list[tuple[int, int]]:
    """Return the clauses that ``join`` separates between two places, brackets left whole."""
    depth, cuts = 0, [first - 1]
    for place in range(first, last):
        kind = found[place].kind
        depth += (kind in "([") - (kind in ")]")
        if depth == 0 and kind == join:
            cuts.append(place)
    return [(one + 1, other) for one, other in pairwise([*cuts, last])]


def _each_dropped(text: str, found: list[Token], clauses: list[tuple[int, int]], join: str) -> Iterator[Slip]:
    if len(clauses) < 2:
        return
    said = [_words(text, found, *clause) for clause in clauses]
    start, end = found[clauses[0][0]].offset, _after(found, clauses[-1][1])
    for place, (first, _) in enumerate(clauses):
        kept = join.join(each for other, each in enumerate(said) if other != place)
        yield Slip(
            "clause-dropped", found[first].offset, said[place], "", f"{text[:start]}{kept}{text[end:]}"
        )


def _words(text: str, found: list[Token], first: int, beyond: int) -> str:
    return text[found[first].offset : _after(found, beyond)]


def _after(found: list[Token], beyond: int) -> int:
    last = found[beyond - 1]
    return last.offset + len(last.text)
