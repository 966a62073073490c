"""Where and when a course was given."""

from __future__ import annotations

import re

from imr_rules.reading import BodyPart, find_body_parts
from imr_rules.reading.letters.dates import DATE, read_date
from imr_rules.reading.letters.disciplines import DISCIPLINE

__all__ = ["where_and_when"]


def where_and_when(text: str, end: int) -> tuple[tuple[BodyPart, ...], str | None]:
    """Return the parts of the body and the date right behind a course."""
    behind = re.match(
        rf"[^.;]{{0,70}}?(?=,? (?:and|with|which|who|but) |[.;]|, (?!(?:left|right|bilateral|and)\b)|$"
        rf"|{DISCIPLINE})",
        text[end:],
        re.I,
    )
    words = behind[0] if behind else ""
    parts: tuple[BodyPart, ...] = ()
    if re.match(r"\W*(?:\w+ )?(?:for|to|of|on|treating|directed)\b", words):
        parts = find_body_parts(words)
    day = re.search(DATE, text[end : end + 40])
    return parts, read_date(day[0]) if day else None
