"""A finding, and how to mend it where that is mechanical."""

from __future__ import annotations

from typing import NamedTuple

from imr_rules.errors import Place


class Edit(NamedTuple):
    """A change of one line: ``old``, which stands at ``place``, becomes ``new``. All else stays as it is."""

    place: Place
    old: str
    new: str


class Finding(NamedTuple):
    """One thing that is wrong: what, where, and what to do.

    Attributes:
        code: of its :class:`~imr_rules.workbench.lint.kind.Lint`; stable.
        edit: what mends it, where nobody has to think about it.
    """

    code: str
    what: str
    place: Place
    hint: str | None = None
    edit: Edit | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.code}: {self.what}" + (f"; {self.hint}" if self.hint else "")
