"""How one answer differs from another.

A suggestion, the lean beside a review, and the grounds of a suggestion are told apart, in this order and by these
words, wherever two answers are compared: by a fixture, by a receipt, over a corpus, on every save.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from imr_rules.case import Suggestion

LeanWord = Literal["uphold", "overturn", "none"]
"""Which way an item under review leans; ``none`` where it leans neither way, or is decided."""

ChangeOf = Literal["suggestion", "lean", "grounds"]
"""What of an answer changes: what is suggested; the lean (its way, its grounds, or what it rests on); or the grounds
of a suggestion that stays."""

CHANGES: tuple[ChangeOf, ...] = ("suggestion", "lean", "grounds")


class Turn(NamedTuple):
    """What changes from one answer to another, as far as the two are told apart.

    Attributes:
        change: what changes.
        old, new: the suggestions.
        old_lean, new_lean: the leans; ``none`` for both where it is no lean that changes.
    """

    change: ChangeOf
    old: Suggestion
    new: Suggestion
    old_lean: LeanWord = "none"
    new_lean: LeanWord = "none"

    def __str__(self) -> str:
        """Return it in words: ``uphold → overturn``, ``needs review: leans to uphold → no lean``."""
        if self.change == "suggestion":
            return f"{_SUGGESTED[self.old]} → {_SUGGESTED[self.new]}"
        if self.change == "grounds":
            return f"{_SUGGESTED[self.new]}, on other grounds"
        if self.old_lean == self.new_lean:
            return f"needs review: {_LEANS[self.new_lean]}, for another reason"
        return f"needs review: {_LEANS[self.old_lean]} → {_LEANS[self.new_lean]}"

    def to_dict(self) -> dict[str, object]:
        """Return it as plain data."""
        leans = {"lean": {"from": self.old_lean, "to": self.new_lean}} if self.change == "lean" else {}
        return {"change": self.change, "from": self.old, "to": self.new, **leans}


_SUGGESTED = {"uphold": "uphold", "overturn": "overturn", "needs_review": "needs review"}
_LEANS = {"uphold": "leans to uphold", "overturn": "leans to overturn", "none": "no lean"}
