"""A kind of finding: its code, and the check that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding


class Lint(NamedTuple):
    """A kind of finding.

    Attributes:
        code: its name; ``docs/lint/<code>.md`` explains it.
        summary: what it finds, in one line.
        check: finds it. Never a false positive: silent where it is not sure.
        level: an ``error`` keeps the rulebook from loading; a ``warning`` does not.
        reads_text: whether it needs nothing but the text of the files, so that a rulebook which does not
            load is checked all the same.
        requires: a module it cannot do without, beyond what the package itself needs.
    """

    code: str
    summary: str
    check: Callable[[Book], Iterable[Finding]]
    level: Literal["error", "warning"] = "warning"
    reads_text: bool = False
    requires: str | None = None

    @property
    def page(self) -> str:
        """The page that explains it, from the root of the project."""
        return f"docs/lint/{self.code}.md"
