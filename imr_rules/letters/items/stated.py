"""Items written ``1. Decision for <title> is not medically necessary and appropriate.``."""

from __future__ import annotations

import re

from imr_rules.letters.items.labels import fill
from imr_rules.letters.items.raw import Outcome, RawItem
from imr_rules.letters.items.titles import after_preamble, bare_title, title_start
from imr_rules.letters.text import LetterText

__all__ = ["stated"]

_STATED = re.compile(
    r"(?:(?<=\n)|^)(?:(?P<number>\d{1,2})[.)]\s*)?(?:(?:The\s+)?(?:(?P<decision>Decision)"
    r"|Request)s?\s+for\s+)?(?P<title>[^\n][^:]{2,600}?)\s+(?:is"
    r"|are)\s*(?P<negative>not)?\s*medically\s+necessary(?:\s+and\s+appropriate)?\.?\s*(?=\n|$"
    r"|(?:The\s+)?Claims\s+Administrator)"
    r"(?=\s*(?:(?:The\s+)?Claims\s+Administrator\s+(?:guideline|based|did)|\Z))",
    re.S | re.I,
)


def stated(letter: LetterText, start: int, end: int) -> list[RawItem]:
    """Return each item that a sentence of its own decides, above its guidelines."""
    text = letter.text
    floor = after_preamble(text, start)
    matches = []
    at = floor
    while (match := _STATED.search(text, at, end)) is not None:
        # the nearest start: a match that begins in the prose of the item before is cut to its last line or
        # number
        inner = list(
            re.finditer(
                r"\n(?=\d{1,2}[.)]\s|(?:The )?(?:Decision|Request)s? for )",
                text[match.start() : match.end("title")],
            )
        )
        if inner:
            match = _STATED.match(text, match.start() + inner[-1].end(), end) or match
        at = match.end()
        # behind the last words of a letter stands no label: there a rationale may close with such a sentence
        if text[at:end].strip() or match["number"] or match["decision"]:
            matches.append(match)
    items = []
    for index, match in enumerate(matches):
        stop = matches[index + 1].start() if index + 1 < len(matches) else end
        begin = match.start("title")
        if match["number"] is None:
            begin = max(begin, title_start(text, floor, match.end("title"), first=index == 0))
        title = bare_title(
            re.sub(
                r"^(?:The )?(?:Decision|Request)s? for ",
                "",
                re.sub(r"\s+", " ", text[begin : match.end("title")]),
                flags=re.I,
            )
        )
        outcome: Outcome = "upheld" if match["negative"] else "overturned"
        item = RawItem(
            title,
            (begin, match.end("title")),
            outcome,
            match.span(),
            number=int(match["number"]) if match["number"] else None,
        )
        items.append(fill(letter, item, match.end(), stop))
        floor = match.end()
    return items
