"""A determination letter as data."""

from __future__ import annotations

import json

from msgspec import Struct

from imr_rules.reading.letters.header import Header, Reviewer
from imr_rules.reading.letters.item import Item
from imr_rules.reading.letters.layout import Layout
from imr_rules.reading.letters.text import LetterText, Span
from imr_rules.reading.sentences import Statement


class Letter(Struct, frozen=True):
    """A letter that has been read.

    Attributes:
        file: the name of the file it came from.
        layout, pages: which of the historical layouts; how many pages.
        header, reviewer: the header table, and the reviewer's credentials.
        items: the disputed items, in order.
        facts: what the clinical case summary says.
        cautions: codes of what does not agree or could not be read.
        source: the letter's text, which all places count; never part of :meth:`to_dict`.
    """

    file: str
    layout: Layout | None
    pages: int
    header: Header
    reviewer: Reviewer
    items: tuple[Item, ...]
    facts: tuple[Statement, ...]
    cautions: tuple[str, ...]
    source: LetterText

    @property
    def text(self) -> str:
        """All of its text."""
        return self.source.text

    def place(self, told: Statement) -> Span:
        """Return the page and the characters of the letter's text that a statement was read from."""
        return self.source.span(told.start, told.end)

    def sentence(self, told: Statement) -> str:
        """Return the sentence a statement was read from, for whoever confirms it; no case keeps it."""
        return self.source.flat[slice(*told.sentence)].strip()

    def to_dict(self) -> dict[str, object]:
        """Return the letter as plain data, without its text."""

        def plain(told: Statement) -> dict[str, object]:
            return told.to_dict() | {"span": self.place(told).to_dict()}

        header = self.header
        return {
            "file": self.file,
            "layout": self.layout,
            "pages": self.pages,
            "case_number": header.case_number,
            "date_assigned": header.date_assigned,
            "date_of_injury": header.date_of_injury,
            "decision_date": header.decision_date,
            "ur_denial_date": header.ur_denial_date,
            "priority": header.priority,
            "application_received": header.application_received,
            "reviewer": {"specialty": self.reviewer.specialty, "licensure": list(self.reviewer.licensure)},
            "items": [item.to_dict() | {"findings": [*map(plain, item.findings)]} for item in self.items],
            "facts": [*map(plain, self.facts)],
            "cautions": list(self.cautions),
        }

    def to_json(self) -> str:
        """Return the letter as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)
