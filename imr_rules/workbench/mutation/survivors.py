"""What becomes of a mutant that no fixture notices: it is proven to change nothing, or a case shows what it changes."""

from __future__ import annotations

from typing import Literal, NamedTuple

from imr_rules.case import Case
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Guideline
from imr_rules.workbench.answers import judged, said_differences
from imr_rules.workbench.witness import tell_apart


class Examined(NamedTuple):
    """What is known of a mutant that no fixture notices.

    Attributes:
        outcome: ``equivalent``, proven to give every case the same answer; ``differs``, with the smallest
            case on which it shows; ``open``, neither.
        case: that case; its first item is the one that tells.
        shows: in words, how the answer to it changes.
    """

    outcome: Literal["equivalent", "differs", "open"]
    case: Case | None = None
    shows: tuple[str, ...] = ()


def examine(rulebook: Rulebook, mutant: Guideline) -> Examined:
    """Return whether a mutant changes anything, and a case that shows it. Needs Z3."""
    verdict = tell_apart(rulebook, rulebook.with_guideline(mutant), "recorded")
    if verdict.outcome == "differs" and verdict.found is not None and verdict.found.cases is not None:
        shows = said_differences(*map(judged, verdict.found.posed))
        return Examined("differs", verdict.found.cases[0], tuple(shows))
    return Examined("equivalent" if verdict.outcome == "same" else "open")
