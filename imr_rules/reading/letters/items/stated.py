"""Items written ``1. Decision for <title> is not medically necessary and appropriate.``."""

from __future__ import annotations

import re

from imr_rules.reading.letters.items.labels import fill
from imr_rules.reading.letters.items.raw import Outcome, RawItem
from imr_rules.reading.letters.items.titles import after_preamble, bare_title, title_start
from imr_rules.reading.letters.text import LetterText

__all__ = ["stated"]

_VERDICT = re.compile(
    r"\s+(?:is|are)\s*(?P<negative>not)?\s*medically\s+necessary(?:\s+and\s+appropriate)?\.?"
    r"(?=\s*(?:(?:The\s+)?Claims\s+Administrator\s+(?:guideline|based|did)|\Z))",
    re.I,
)
_LEAD = re.compile(
    r"(?:(?<=\n)|^)(?:(?P<number>\d{1,2})[.)]\s*(?:(?:The\s+)?(?:Decision|Request)s?\s+for\s+)?(?=\S)"
    r"|(?:The\s+)?(?P<word>Decision|Request)s?\s+for\s+)",
    re.I,
)


def stated(letter: LetterText, start: int, end: int) -> list[RawItem]:
    """Return each item that a sentence of its own decides, above its guidelines."""
    text = letter.text
    floor = after_preamble(text, start)
    found: list[RawItem] = []
    for verdict in _VERDICT.finditer(text, floor, end):
        lead = _lead(text, floor, verdict.start(), following=found[-1].number if found else 0)
        if not text[verdict.end() : end].strip() and (
            lead is None or not (lead["number"] or lead["word"].lower() == "decision")
        ):
            continue  # behind the last words of a letter stands no label: a rationale may close so
        number = int(lead["number"]) if lead is not None and lead["number"] else None
        begin = title_start(text, floor, verdict.start(), first=not found) if lead is None else lead.end()
        title = bare_title(text[begin : verdict.start()])
        if not title:
            continue
        if found:  # the item before ends where this one begins
            found[-1] = fill(letter, found[-1], floor, begin if lead is None else lead.start())
        outcome: Outcome = "upheld" if verdict["negative"] else "overturned"
        found.append(RawItem(title, (begin, verdict.start()), outcome, verdict.span(), number=number))
        floor = verdict.end()
    if found:
        found[-1] = fill(letter, found[-1], floor, end)
    return found


def _lead(text: str, start: int, end: int, *, following: int | None) -> re.Match[str] | None:
    """Return the words that open the item decided at ``end``: its number in sequence, or "Decision for".

    A list in the rationale before it has numbers too, and a rationale may begin a line with "Request for"; so
    the item's own number counts before all else, and then the nearest of the words.
    """
    leads = list(_LEAD.finditer(text, start, end))
    if following is not None:
        for lead in reversed(leads):
            if lead["number"] and int(lead["number"]) == following + 1:
                return lead
    worded = [lead for lead in leads if lead["word"] or re.search(r"\bfor\s+$", lead[0])]
    return worded[-1] if worded else None
