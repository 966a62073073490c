"""From text to a typed tree, or to what is wrong with the text and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NoReturn, TypeVar

from msgspec import Struct

from imr_rules.errors import nearest
from imr_rules.expression.tokens import ExpressionFault, Token, tokens
from imr_rules.expression.tree import AllOf, AnyOf, Compare, Constant, Linear, Node, Not, OneOf, Truth
from imr_rules.expression.values import FactType

MOST_CHARACTERS = 2000
MOST_DEPTH = 40

_T = TypeVar("_T")

Resolver = Callable[[str], "tuple[str, FactType] | tuple[int, FactType] | None"]
"""Looks a name up: a fact (its name in the row, and type), a constant limit (its value, and type), or None.

Raises ValueError, saying why, for a name that there is and that cannot be used so.
"""


def parse(text: str, resolve: Resolver, known: Iterable[str] = ()) -> Node:
    """Read ``text`` into a tree of type true-or-false.

    Args:
        text: the expression.
        resolve: looks names up.
        known: the names there are, for suggestions in messages.

    Raises:
        ExpressionFault: with the offset of the first thing that is wrong.
    """
    if len(text) > MOST_CHARACTERS:
        hint = "split it into several criteria"
        raise ExpressionFault(f"an expression has at most {MOST_CHARACTERS} characters", 0, hint)
    return _Parser(text, resolve, known).read()


class _Sum(Struct, frozen=True):
    """A number or date while it is being read: its sum, unit, and whether it is a date."""

    form: Linear
    unit: str | None
    is_date: bool
    bare: bool
    """A literal without a unit of its own: it takes the unit of what it meets."""


class _Parser:
    def __init__(self, text: str, resolve: Resolver, known: Iterable[str]) -> None:
        self.resolve = resolve
        self.known = known
        self.tokens = list(tokens(text))
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self, *kinds: str) -> Token | None:
        if self.next.kind in kinds:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def need(self, kind: str) -> Token:
        token = self.take(kind)
        return token if token else self.fail(f"`{kind}` is expected here")

    def fail(
        self, what: str, token: Token | None = None, hint: str | None = None, code: str = "expression"
    ) -> NoReturn:
        raise ExpressionFault(what, (token or self.next).offset, hint, code)

    def read(self) -> Node:
        node = self.either()
        if self.next.kind != "end":
            self.fail("the expression should end here", hint="join conditions with `and` or `or`")
        return node

    def either(self) -> Node:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def both(self) -> Node:
        parts = [self.negated()]
        while self.take("and"):
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def deeper(self, read: Callable[[], _T]) -> _T:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            self.fail("nested too deep", hint="make a part of it a criterion of its own")
        try:
            return read()
        finally:
            self.depth -= 1

    def negated(self) -> Node:
        return Not(self.deeper(self.negated)) if self.take("not") else self.comparison()

    def comparison(self) -> Node:
        start = self.next
        if token := self.take("true", "false"):
            return Constant(token.text == "true")
        if start.kind == "(" and self._holds_condition():
            self.take("(")
            node = self.deeper(self.either)
            self.need(")")
            return node
        if start.kind == "name":
            found = self.look_up(start)
            if not isinstance(found[0], int):
                name, fact = found
                if fact.kind == "boolean":
                    self.take("name")
                    if self.next.kind in ("==", "!=", "<", "<=", ">", ">=", "in"):
                        self.fail(
                            f"`{start.text}` is true or false and is not compared",
                            hint=f"write `{start.text}` or `not {start.text}`",
                        )
                    return Truth(str(name))
                if fact.kind == "choice":
                    self.take("name")
                    return self.choice(str(name), fact, start)
        left = self.sum()
        if self.take("in"):
            return self.membership(left, start)
        op = self.take("<", "<=", ">", ">=", "==", "!=")
        if op is None:
            self.fail("a comparison is expected here", hint="compare it with <, <=, >, >=, == or !=")
        right_start = self.next
        right = self.sum()
        if self.next.kind in ("<", "<=", ">", ">=", "==", "!="):
            self.fail("comparisons do not chain", hint="join two comparisons with `and`")
        self.agree(left, right, right_start)
        return self.compare(op, left.form.minus(right.form))

    def _holds_condition(self) -> bool:
        """Whether the bracket opening here holds a condition rather than a sum."""
        level = 0
        for index in range(self.at, len(self.tokens)):
            kind = self.tokens[index].kind
            level += (kind == "(") - (kind == ")")
            if level == 0:
                return self.tokens[index + 1].kind not in (
                    "<",
                    "<=",
                    ">",
                    ">=",
                    "==",
                    "!=",
                    "+",
                    "-",
                    "*",
                    "in",
                )
        return True

    def compare(self, op: Token, form: Linear) -> Node:
        if op.kind in ("==", "!=") and any(abs(factor) != 1 for _, factor in form.terms):
            self.fail("`==` and `!=` do not take multiples", op, "compare with <= and >=")
        if not form.terms:
            self.fail("this comparison has no fact in it", op, "write true or false")
        return Compare(op.kind, form)  # type: ignore[arg-type]  # the token kinds are the comparators

    def choice(self, name: str, fact: FactType, start: Token) -> Node:
        if op := self.take("==", "!="):
            word = self.word(fact, start)
            found: Node = OneOf(name, frozenset({word}))
            return found if op.kind == "==" else Not(found)
        if self.take("in"):
            self.need("[")
            words = [self.word(fact, start)]
            while self.take(","):
                words.append(self.word(fact, start))
            self.need("]")
            return OneOf(name, frozenset(words))
        self.fail(
            f"`{start.text}` is one of some words", hint="compare it with ==, != or in [...]", code="type"
        )

    def word(self, fact: FactType, start: Token) -> str:
        token = self.take("name")
        if token is None:
            self.fail(f"one of the words `{start.text}` may be is expected here", code="type")
        if token.text not in fact.choices:
            hint = nearest(token.text, fact.choices) or "its words are listed in facts.yaml"
            self.fail(f"`{start.text}` is never `{token.text}`", token, hint, "type")
        return token.text

    def membership(self, left: _Sum, start: Token) -> Node:
        if left.is_date or len(left.form.terms) != 1 or left.form.terms[0][1] != 1 or left.form.constant:
            self.fail("`in` takes one fact on its left", start)
        self.need("[")
        values = [int(self.need("number").text)]
        while self.take(","):
            values.append(int(self.need("number").text))
        self.need("]")
        return OneOf(left.form.terms[0][0], frozenset(values))

    def sum(self) -> _Sum:
        total = self.product()
        while op := self.take("+", "-"):
            at = self.next
            term = self.product()
            total = self.add(total, term, -1 if op.kind == "-" else 1, at)
        return total

    def add(self, left: _Sum, right: _Sum, sign: int, at: Token) -> _Sum:
        form = left.form.minus(right.form.times(-sign))
        if left.is_date and right.is_date:
            if sign > 0:
                self.fail("two dates cannot be added", at, code="type")
            return _Sum(form, "day", is_date=False, bare=False)
        if left.is_date or right.is_date:
            days = right if left.is_date else left
            if not days.bare and days.unit != "day":
                self.fail(
                    f"a date and {days.unit or 'a number'} cannot be added",
                    at,
                    "only days are added to dates",
                    "unit",
                )
            if right.is_date and sign < 0:
                self.fail("a date cannot be taken from days", at, code="type")
            return _Sum(form, None, is_date=True, bare=False)
        self.agree(left, right, at)
        return _Sum(form, left.unit if not left.bare else right.unit, False, left.bare and right.bare)

    def agree(self, left: _Sum, right: _Sum, at: Token) -> None:
        if left.is_date != right.is_date:
            self.fail("a date is compared or added with a number", at, code="type")
        if not left.is_date and not left.bare and not right.bare and left.unit != right.unit:
            units = f"{left.unit or 'no unit'} and {right.unit or 'no unit'}"
            self.fail(f"the units differ: {units}", at, "nothing converts by itself", "unit")

    def product(self) -> _Sum:
        start = self.next
        if self.take("-"):
            inner = self.deeper(self.product)
            if inner.is_date:
                self.fail("a date has no minus", start, code="type")
            return _Sum(inner.form.times(-1), inner.unit, False, inner.bare)
        left = self.atom()
        while self.take("*"):
            at = self.next
            right = self.atom()
            if left.form.terms and right.form.terms:
                self.fail("two facts cannot be multiplied", at, "one side of `*` must be a number")
            if left.is_date or right.is_date:
                self.fail("a date cannot be multiplied", at, code="type")
            number, other = (left, right) if not left.form.terms else (right, left)
            left = _Sum(
                other.form.times(number.form.constant),
                other.unit if not other.bare else number.unit,
                False,
                left.bare and right.bare,
            )
        return left

    def atom(self) -> _Sum:
        token = self.next
        if self.take("number"):
            if len(token.text) > 9:
                self.fail("this number is too large", token)
            return _Sum(Linear((), int(token.text)), None, False, True)
        if self.take("date"):
            try:
                return _Sum(Linear((), date.fromisoformat(token.text).toordinal()), None, True, False)
            except ValueError:
                self.fail("there is no such date", token)
        if self.take("("):
            inner = self.deeper(self.sum)
            self.need(")")
            return inner
        if token.kind != "name":
            self.fail("a fact, a limit or a number is expected here")
        found, fact = self.look_up(token)
        self.take("name")
        if fact.kind not in ("integer", "date"):
            self.fail(f"`{token.text}` is not a number", token, code="type")
        if isinstance(found, int):
            return _Sum(Linear((), found), fact.unit, fact.kind == "date", False)
        return _Sum(Linear(((found, 1),)), fact.unit, fact.kind == "date", False)

    def look_up(self, token: Token) -> tuple[str, FactType] | tuple[int, FactType]:
        try:
            found = self.resolve(token.text)
        except ValueError as reason:
            self.fail(str(reason), token, code="limit")
        if found is None:
            kind = "limit" if token.text.startswith("limits.") else "fact"
            hint = (
                nearest(token.text, self.known)
                or "facts are declared in facts.yaml, limits in the guideline itself"
            )
            self.fail(f"there is no {kind} `{token.text}`", token, hint, f"unknown-{kind}")
        return found
