"""One disputed item as found, before its words are read."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from imr_rules.case import Outcome

__all__ = ["Doubt", "Outcome", "RawItem", "Stretch"]

Stretch = tuple[int, int]
"""Where something stands in the letter's text: two offsets, end excluded."""
Doubt = Literal["outcome-contradicted", "title-out-of-place"]
"""Why an outcome that the letter seems to state is withheld."""


class RawItem(Struct, frozen=True):
    """One item as found: stretches are pairs of offsets into the letter's text, ``None`` where absent."""

    title: str
    title_at: Stretch
    outcome: Outcome | None
    outcome_at: Stretch | None
    administrator: Stretch | None = None
    reviewer: Stretch | None = None
    rationale: Stretch | None = None
    number: int | None = None
    doubt: Doubt | None = None

    def withheld(self, doubt: Doubt) -> RawItem:
        """Return the item without its outcome: none is better than a wrong one."""
        return replace(self, outcome=None, outcome_at=None, doubt=doubt)
