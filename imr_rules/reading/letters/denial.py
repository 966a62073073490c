"""Why the request was denied, as a letter's clinical summary tells of the utilization review.

A summary says of an item that it was "non-certified due to ...". That clause is the administrator's reason, told at
second hand. No rule reads it; whoever judges the denial is shown it. What the letter's own reviewer reasons is another
part of the letter and never the administrator's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from imr_rules.reading.letters.item import Item
from imr_rules.reading.letters.layout import find_sections
from imr_rules.reading.letters.text import Span
from imr_rules.words.body_parts import find_body_parts, meet
from imr_rules.words.persons import without_names

if TYPE_CHECKING:
    from imr_rules.reading.letters.letter import Letter
    from imr_rules.rulebook.vocabulary import Vocabulary

_SENTENCE = re.compile(r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<=[a-z0-9)]\.) +(?=[A-Z])")
_REFUSED = (
    r"(?:denied|non-? ?certified|noncertified|not certified|modified|partially (?:approved|certified)|non-?certification (?:of|for)"
    r"|failed to approve|did not approve|denial of)"
)
_REVIEW = re.compile(
    rf"\b(?:utili[sz]ation review|UR|claims administrator|(?:prior|previous) (?:review|determination|decision)|previously (?:reviewed|{_REFUSED}))\b"
    rf"|\b[Rr]equests? for (?:the )?[^.;]{{1,160}}? (?:was|were) (?:also |previously |then )?{_REFUSED}"
    rf"|^[A-Z][\w /-]{{1,60}} (?:was|were) (?:also |previously )?{_REFUSED} (?:due|because|as|since|given)\b"
)
"""A sentence that tells what the utilization review decided."""
_WHY = re.compile(
    r"\b(?:due to|because|since|given (?:the|that|a|no)|for (?:a )?(?:lack|want) of|based (?:up)?on|stating|noting|citing|on the grounds?|as (?:there|the|no|it|this|they|he|she|guidelines?)\b)"
)
_NEXT_CLAUSE = re.compile(
    rf"(?:[;,](?: and)?| and) (?=(?:the )?[\w /-]{{1,60}} (?:was|were) (?:also )?{_REFUSED})|(?:[;,](?: and)?| and) (?=(?:non-?certification|modification) (?:of|for))"
)
_FEWEST_WORDS = 3
_LONGEST = 2000


def reasons_told(letter: Letter, vocabulary: Vocabulary) -> dict[int, tuple[str, Span]]:
    """Return, by the number of the item, the clause that tells why it was refused, and where it stands.

    An item that a clause may or may not be about has none.
    """
    found: dict[int, tuple[str, Span]] = {}
    for start, end in _clauses(letter):
        clause = letter.source.flat[start:end]
        refused = re.search(_REFUSED, clause)
        why = _WHY.search(clause, refused.end()) if refused is not None else None
        if why is None or len(clause[why.end() :].split()) < _FEWEST_WORDS:
            continue
        words = without_names(clause.strip(" ."))
        for item in _about(letter, clause[: why.start()], vocabulary):
            if len(words) <= _LONGEST:
                found.setdefault(item.number, (f"{words}.", letter.source.span(start, end)))
    return found


def _clauses(letter: Letter) -> Iterator[tuple[int, int]]:
    """Yield the clauses of the summary that tell what the utilization review decided."""
    flat = letter.source.flat
    for section in find_sections(letter.source).of("summary"):
        ends = [match.end() for match in _SENTENCE.finditer(flat, section.start, section.end)]
        for start, end in pairwise([section.start, *ends, section.end]):
            if _REVIEW.search(flat[start:end].strip()):
                for match in _NEXT_CLAUSE.finditer(flat, start, end):
                    # before a clause has its reason, "X, Y and Z were denied" is one list
                    if match.start() > start and _WHY.search(flat, start, match.start()):
                        yield start, match.start()
                        start = match.end()
                yield start, end


def _about(letter: Letter, words: str, vocabulary: Vocabulary) -> list[Item]:
    """Return the items that some words are about: by treatment, and by part of the body where several are of one kind."""
    pieces = [
        piece for piece in re.split(r",|;|\band\b|\bas well as\b|\brequests? for\b", words) if piece.strip()
    ]
    named = [
        (name, find_body_parts(piece))
        for piece in pieces
        if (name := vocabulary.recognize(piece)) is not None
    ]
    if not named:
        whole = re.search(r"\b(?:the|this) (?:requested )?(?:request|treatment|case)\b", words, re.I)
        return list(letter.items) if whole is not None and len(letter.items) == 1 else []
    found = []
    for name, parts in named:
        alike = [
            item
            for item in letter.items
            if item.treatment is not None
            and (item.treatment == name or name in vocabulary.treatments[item.treatment].lineage)
        ]
        if len(alike) > 1 and parts:
            alike = [item for item in alike if meet(item.body_parts, parts)]
        if len(alike) == 1:
            found += alike
    return found
