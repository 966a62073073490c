"""What is wrong with a rulebook, gathered while the rest goes on being read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec import Struct, field

from imr_rules.errors import Place, Problem, RulebookError, nearest

_T = TypeVar("_T")
_HOMES = {
    "citation": "sources.yaml, under `citations`",
    "fact": "facts.yaml",
    "guideline": "a file of its own",
    "instrument": "instruments.yaml",
    "source": "sources.yaml",
    "tier": "sources.yaml, under `tiers`",
    "treatment": "treatments.yaml",
}
"""Where what a rulebook names is declared."""


class Problems(Struct):
    """The problems found so far."""

    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, what: str, place: Place, hint: str | None = None) -> None:
        """Note a problem, once."""
        problem = Problem(code, what, place, hint)
        if problem not in self.found:
            self.found.append(problem)

    def unknown(self, kind: str, name: str, known: Iterable[str], place: Place) -> None:
        """Note that a file names a treatment, source, citation ... that there is not."""
        hint = nearest(name, known) or f"declare it in {_HOMES[kind]}, or name one of the {kind}s there are"
        self.add(f"unknown-{kind}", f"there is no {kind} `{name}`", place, hint)

    def attempt(self, read: Callable[[], _T]) -> _T | None:
        """Return what ``read`` returns, or None where it finds problems, which are noted."""
        try:
            return read()
        except RulebookError as error:
            self.found.extend(error.problems)
            return None

    def settle(self) -> None:
        """Raise a RulebookError where anything was found."""
        if self.found:
            raise RulebookError(self.found)
