"""Items whose outcome stands with their title: three forms of letters.

"<title>: Upheld", from 2013 on; "1) MAXIMUS Federal Services, Inc. has determined the request for <title> is ..."; and
"1. Decision for <title> is not medically necessary and appropriate."
"""

from __future__ import annotations

import re

from imr_rules.case import Outcome
from imr_rules.reading.letters.items.raw import (
    RawItem,
    after_preamble,
    bare_title,
    fill,
    key,
    title_start,
    trim,
)
from imr_rules.reading.letters.text import LetterText

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


_DETERMINED = re.compile(
    r"(?:(?<=\n)|^)(?:(?P<number>\d{1,2})[.)]\s*)?MAXIMUS\s+Federal\s+Services,?\s+Inc\.?"
    r",?\s+has\s+determined\s+(?:that\s+)?(?:the\s+)?(?:requests?\s+for\s+)?(?P<title>.+?)\s+(?:is"
    r"|are)\s*(?P<negative>not)?\s*medically\s+necessary\s+and\s+appropriate",
    re.S | re.I,
)
_REGARDING = re.compile(
    r"(?:(?<=\n)|^)(?:(?P<number>\d{1,2})[.)]\s*)?Regarding\s+(?:the\s+)?requests?\s+for\s+(?P<title>[^:]{"
    r"2,600}?)\s*:",
    re.I,
)


def numbered(letter: LetterText, end: int) -> list[RawItem]:
    """Return the numbered items in the order of their numbers; one that is stated twice, differently, has no outcome."""
    text = letter.text
    items: dict[object, RawItem] = {}
    for match in _DETERMINED.finditer(text, 0, end):
        if len(match["title"]) > 600 or "has determined" in match["title"]:
            continue
        number = int(match["number"]) if match["number"] else None
        title = bare_title(match["title"])
        place: object = number if number is not None else key(title)
        outcome: Outcome = "upheld" if match["negative"] else "overturned"
        new = RawItem(title, match.span("title"), outcome, match.span(), number=number)
        old = items.get(place)
        if old is None:
            items[place] = new
        elif old.outcome != new.outcome or key(old.title) != key(title):
            items[place] = old.withheld("outcome-contradicted")
    bodies = list(_REGARDING.finditer(text, 0, end))
    for index, body in enumerate(bodies):
        stop = bodies[index + 1].start() if index + 1 < len(bodies) else end
        title = bare_title(body["title"])
        number = int(body["number"]) if body["number"] else None
        place = (
            number
            if number is not None and number in items
            else next(
                (name for name, item in items.items() if key(item.title) == key(title)),
                number if number is not None else key(title),
            )
        )
        item = items.get(place) or RawItem(title, body.span("title"), None, None, number=number)
        items[place] = fill(letter, item, body.end(), stop)
    # A page's end may hide the first place that an item stands in: its number says where it belongs.
    numbers = {item.number: item for item in items.values() if item.number is not None}
    return (
        [numbers[number] for number in sorted(numbers)] if len(numbers) == len(items) else [*items.values()]
    )


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
    for lead in reversed(leads):
        if lead["number"] and following is not None and int(lead["number"]) == following + 1:
            return lead
    worded = [lead for lead in leads if lead["word"] or re.search(r"\bfor\s+$", lead[0])]
    return worded[-1] if worded else None
