"""A determination as PDF, set by Typst (the extra ``page``)."""

from __future__ import annotations

from collections.abc import Sequence

from imr_rules.writing._typst import Picture, typeset
from imr_rules.writing.determination.draft import Determination
from imr_rules.writing.determination.writing import TITLE, blanks, blocks

__all__ = ["to_pdf"]


def to_pdf(
    determination: Determination, *, pictures: Sequence[Picture] = (), working_sheet: bool = True
) -> bytes:
    """Return the letter as PDF: US Letter, tagged for screen readers (PDF/UA-1).

    The same determination gives the same bytes.

    Args:
        determination: the letter, with its blanks or without.
        pictures: what the working sheet shows.
        working_sheet: whether a last page for the reviewer follows, which is not sent.

    Raises:
        InputError: Typst is not installed.
    """
    heading = dict(determination.heading)
    letter = {
        "title": TITLE,
        "case": heading.get("Case", ""),
        "heading": [list(each) for each in determination.heading],
        "sections": [
            {
                "name": section.name,
                "title": section.title,
                "blocks": [each._asdict() for each in blocks(section.text)],
            }
            for section in determination.sections
        ],
        "remain": len(blanks(determination)),
        "footing": determination.footing,
        "sheet": {
            "note": [each._asdict() for each in blocks(determination.note)],
            "pictures": [{"title": each.title, "alt": each.alt, "svg": each.svg} for each in pictures],
        }
        if working_sheet
        else None,
    }
    return typeset("imr_rules.writing.determination", "letter.typ", letter)
