"""The expressions and reasons of one guideline file, with the names they may use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from imr_rules._reading import Document
from imr_rules._units import PLURALS, counted_as
from imr_rules.errors import close, nearest, printable_name
from imr_rules.expression import Constant, ExpressionFault, Node, parse
from imr_rules.expression.values import FactType
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import Limit, Template

UNREADABLE = Constant(True)
"""Stands, itself and no other constant, for an expression that is wrong; what is wrong was noted."""

Path = tuple[str | int, ...]
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_LIMIT_NAME = re.compile(r"limits[\w.]*")
_MOST = 1_000_000
"""A limit compares with any count there can be."""


class Expressions:
    """Reads the expressions and reasons of one file.

    Args:
        facts: the dictionary.
        document: the file.
        problems: where to note what is wrong.
        guideline: the guideline's id, by which its tables of limits are named; None within those tables.
        limits: the guideline's limits.
    """

    def __init__(
        self,
        facts: Mapping[str, FactSpec],
        document: Document,
        problems: Problems,
        guideline: str | None = None,
        limits: Mapping[str, Limit] | None = None,
    ) -> None:
        self._facts, self._document, self._problems = facts, document, problems
        self._guideline, self._limits = guideline, limits or {}

    def read(self, text: str | None, path: Path) -> Node:
        """Return the tree of the expression at ``path``: ``true`` for none, :data:`UNREADABLE` for a wrong one."""
        if text is None:
            return Constant(True)
        try:
            return parse(text, self._resolve, self._names())
        except ExpressionFault as fault:
            place = self._document.place_within(path, fault.offset)
            hint = fault.hint
            if fault.code == "unknown-limit" and (named := _LIMIT_NAME.match(text, fault.offset)):
                hint = self._limit_hint(named.group())
            self._problems.add(fault.code, fault.what, place, hint)
            return UNREADABLE

    def _names(self) -> list[str]:
        limits = [
            f"limits.{name}.{plural}{end}"
            for name, limit in self._limits.items()
            for plural, (low, high) in limit.extents.items()
            if all(plural in row.amounts for row in limit.every_row)
            for end in ((".max", ".min") if low != high or limit.rows else ("",))
        ]
        return [*self._facts, *limits]

    def _limit_hint(self, name: str) -> str:
        """Return what to write for a limit there is not. No hint leads from one limit to another by its unit alone."""
        _, wanted, *rest = [*name.split("."), "", ""]
        own = [each for each in self._names() if each.startswith(f"limits.{wanted}.")]
        if own:
            units = " and ".join(dict.fromkeys(each.split(".")[2] for each in own))
            written = " or ".join(f"`{each}`" for each in own[:2])
            return f"`{wanted}` is counted in {units}: write {written}, or give `{wanted}` the unit that is meant"
        alike = close(wanted, self._limits) if rest[0] else []
        meant = [each for each in self._names() if each.startswith("limits.") and each.split(".")[1] in alike]
        same = [each for each in meant if each.split(".")[2:3] == rest[:1]]
        ends = [each for each in same if each.split(".")[3:] == [end for end in rest[1:] if end]] or same
        if ends:
            return f"did you mean {' or '.join(f'`{each}`' for each in ends[:2])}?"
        if not self._limits:
            return "no limit can be named here; facts are declared in facts.yaml"
        listed = ", ".join(f"`{each}`" for each in self._limits)
        return f"a limit is written `limits.NAME.UNIT`; those of this guideline are called {listed}"

    def _resolve(self, name: str) -> tuple[str, FactType] | tuple[int, FactType] | None:
        """Return what a name stands for: a fact, the number of a limit, or a table of limits as a fact."""
        if not name.startswith("limits."):
            spec = self._facts.get(name)
            return None if spec is None else (name, spec.type)
        found = self._limit(name)
        if found is None:
            return None
        limit, plural, end = found
        low, high = limit.extents[plural]
        if limit.rows:
            if any(plural not in row.amounts for row in limit.every_row):
                raise ValueError(f"not every row of `limits.{limit.name}` has {plural}")
            table = f"{self._guideline}#limits.{limit.name}.{plural}.{end or 'max'}"
            return table, FactType.integer(low, high, counted_as(PLURALS[plural]))
        if not end and low != high:
            raise ValueError(f"`{name}` is a range, from {low} to {high}: add `.min` or `.max`")
        return (low if end == "min" else high), FactType.integer(0, _MOST, counted_as(PLURALS[plural]))

    def _limit(self, name: str) -> tuple[Limit, str, str] | None:
        """Take ``limits.total.visits.max`` apart; None where it names no limit of this guideline."""
        parts = name.split(".")
        if len(parts) not in (3, 4) or parts[0] != "limits" or parts[3:] not in ([], ["min"], ["max"]):
            return None
        limit = self._limits.get(parts[1])
        if limit is None or parts[2] not in limit.extents:
            return None
        return limit, parts[2], "".join(parts[3:])

    def templates(self, says: Mapping[Any, str], path: Path) -> dict[str, Template]:
        """Return the reasons a criterion gives, by status."""
        return {status: self._template(text, (*path, status)) for status, text in says.items()}

    def _template(self, text: str, path: Path) -> Template:
        pieces: list[str | tuple[str, ...]] = []
        position = 0
        for match in _PLACEHOLDER.finditer(text):
            pieces.append(text[position : match.start()])
            pieces.append(self._placeholder(match.group(1), path))
            position = match.end()
        pieces.append(text[position:])
        if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in pieces):
            self._problems.add("placeholder", "a curly bracket has no partner", self._document.place(path))
        return Template(tuple(piece for piece in pieces if piece))

    def _placeholder(self, name: str, path: Path) -> tuple[str, ...]:
        if name in self._facts:
            return ("fact", name)
        found = self._limit(name)
        if found is not None:
            limit, plural, end = found
            return ("limit", limit.name, plural, end)
        if name.startswith("limits."):
            hint = self._limit_hint(name)
        else:
            hint = nearest(name, self._facts) or "a placeholder names a fact or a limit of this guideline"
        what = f"there is no fact and no limit {printable_name(name) or 'of this name'} to fill in"
        self._problems.add("placeholder", what, self._document.place(path), hint)
        return ("fact", name)
