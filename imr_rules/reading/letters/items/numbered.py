"""Items written ``1) MAXIMUS Federal Services, Inc. has determined the request for <title> is ...``."""

from __future__ import annotations

import re

from imr_rules.reading.letters.items.labels import fill
from imr_rules.reading.letters.items.raw import Outcome, RawItem
from imr_rules.reading.letters.items.titles import bare_title, key
from imr_rules.reading.letters.text import LetterText

__all__ = ["numbered"]

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
