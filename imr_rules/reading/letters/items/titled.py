"""Items written ``<title>: Upheld``: the letters from 2013 on."""

from __future__ import annotations

import re

from imr_rules.reading.letters.items.labels import fill
from imr_rules.reading.letters.items.raw import Outcome, RawItem
from imr_rules.reading.letters.items.titles import after_preamble, title_start, trim
from imr_rules.reading.letters.text import LetterText

__all__ = ["OUTCOME", "titled"]

OUTCOME = re.compile(
    r"(?:\bis|\bare)?[ \n]*:[ \n]*(?P<outcome>Upheld|Overturned|UPHELD|OVERTURNED)\b[. ]*(?=\n|$|(?:The"
    r" )?Claims[ \n]Administrator|MAXIMUS[ \n]guideline|Decision[ \n]rationale)"
)


def titled(letter: LetterText, start: int, end: int) -> list[RawItem]:
    """Return each title with the outcome that follows it."""
    text = letter.text
    outcomes = list(OUTCOME.finditer(text, start, end))
    items: list[RawItem] = []
    floor = after_preamble(text, start)
    for index, match in enumerate(outcomes):
        begin = title_start(text, floor, match.start(), first=index == 0)
        title, title_at = trim(text, begin, match.start())
        stop = outcomes[index + 1].start() if index + 1 < len(outcomes) else end
        if index + 1 < len(outcomes):
            stop = title_start(text, match.end(), stop, first=False)
        if title:
            word: Outcome = "upheld" if match["outcome"].lower() == "upheld" else "overturned"
            item = RawItem(title, title_at, word, (match.start("outcome"), match.end("outcome")))
            items.append(fill(letter, item, match.end(), stop))
        floor = match.end()
    return items
