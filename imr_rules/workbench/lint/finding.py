"""A kind of finding with the check that finds it, a finding, and how to mend it where that is mechanical."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from imr_rules.errors import Place, Problem

if TYPE_CHECKING:
    from imr_rules.workbench.lint.book import Book


class Edit(NamedTuple):
    """A change of one line: ``old``, which stands at ``place``, becomes ``new``. All else stays as it is."""

    place: Place
    old: str
    new: str


class Finding(Problem, frozen=True):
    """One thing that is wrong: what, where, and what to do; ``code`` is that of its :class:`Lint`.

    Attributes:
        edit: what mends it, where nobody has to think about it.
    """

    edit: Edit | None = None

    @property
    def message(self) -> str:
        """What is wrong, and what to do."""
        return self.what + (f"; {self.hint}" if self.hint else "")

    def __str__(self) -> str:
        return f"{self.place}: {self.code}: {self.message}"


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
