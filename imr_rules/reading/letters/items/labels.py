"""The labels inside an item: where each side's guidelines and the rationale stand."""

from __future__ import annotations

import re

from msgspec.structs import replace

from imr_rules.reading.letters.items.raw import RawItem, Stretch
from imr_rules.reading.letters.text import LetterText

__all__ = ["fill"]

_LABELS = re.compile(
    r"(?P<administrator>Claims\s+Administrator\s+guidelines?(?:\(s\))?\s*:"
    r"|(?:The\s+)?Claims\s+Administrator\s+(?:based\s+(?:its|their|his/her)\s+decision|did\s+not\s+cite))"
    r"|(?P<reviewer>(?:MAXIMUS|IMR|Reviewer)\s+guidelines?(?:\(s\))?\s*:|(?:The\s+)?(?:Expert|Physician"
    r"|Medical|Chiropractic|Psychologist)\s+Reviewer\s+(?:based\s+(?:its|their|his/her)\s+decision"
    r"|relied\s+(?:up)?on|found\s+the\s+guidelines|did\s+not\s+cite|stated\s+that\s+no))"
    r"|(?P<rationale>(?:The\s+(?:Expert|Physician|Medical)\s+Reviewer's\s+)?[Dd]ecision\s+rationale\s*:"
    r"|(?:The\s+)?(?:Expert|Physician)\s+Reviewer's\s+(?:decision\s+)?rationale\s*:"
    r"|Rationale\s+for\s+the\s+Decision\s*:)"
    r"|(?P<schedule>Section(?:\(s\)|s)?\s+of\s+the\s+Medical\s+Treatment\s+Utilization\s+Schedule\s+Relied"
    r"\s+Upon[^\n]*(?:\n[^\n]{0,60}Decision)?:?)"
)


def fill(letter: LetterText, item: RawItem, start: int, end: int) -> RawItem:
    """Find the guideline and rationale stretches of an item whose own text runs from ``start`` to ``end``."""
    found: dict[str, Stretch] = {}
    marks: list[tuple[str, int]] = []
    for match in _LABELS.finditer(letter.text, start, end):
        kind = match.lastgroup or ""
        if marks and marks[-1][0] == "rationale":
            break  # what follows is the reviewer's prose
        if kind in (name for name, _ in marks):
            continue  # "The Claims Administrator based ..." behind its own label
        # a sentence that is its own label is read with its words; a label proper is not
        labeled = match[0].rstrip().endswith(":")
        marks.append((kind, match.end() if labeled else match.start()))
    for index, (kind, at) in enumerate(marks):
        stop = marks[index + 1][1] if index + 1 < len(marks) else end
        if index + 1 < len(marks):
            label = _LABELS.search(letter.text, at, end)
            while label is not None and label.end() < stop and label.start() < stop:
                following = _LABELS.search(letter.text, label.end(), end)
                if following is None or following.start() >= stop:
                    break
                label = following
            if label is not None and at < label.start() < stop:
                stop = label.start()
        found[kind] = (at, stop)
    found.pop("schedule", None)
    rationale = found.get("rationale")
    return replace(
        item, administrator=found.get("administrator"), reviewer=found.get("reviewer"), rationale=rationale
    )
