"""What the account of a request asks for, where its title leaves it out."""

from __future__ import annotations

import re

from imr_rules.reading import Amount, BodyPart, TreatmentNames, overlap, read_service
from imr_rules.reading.letters.disciplines import DISCIPLINE, name_of

__all__ = ["find_requested"]


def find_requested(
    text: str, discipline: str, parts: tuple[BodyPart, ...], names: TreatmentNames | None
) -> tuple[Amount, int, int] | None:
    """Return the visits of one discipline that running words ask for, and where they stand.

    For titles that leave the count to the summary ("physical therapy 2 times a week for 4 weeks"). Words
    about another part of the body than ``parts`` are passed over.
    """
    mentions = list(re.finditer(DISCIPLINE, text, re.I))
    for index, match in enumerate(mentions):
        if name_of(match[0]) != discipline:
            continue
        stop = mentions[index + 1].start() if index + 1 < len(mentions) else len(text)
        words = re.split(r"[;.] ", text[match.start() : stop])[0]
        line = read_service(words, names)
        if line.quantity is None or line.quantity.unit != "visit":
            continue
        if parts and line.body_parts and not any(overlap(a, b) for a in parts for b in line.body_parts):
            continue
        return line.quantity, match.start(), match.start() + len(words)
    return None
