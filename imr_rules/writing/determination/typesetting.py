"""A determination as PDF, set by Typst (the extra ``page``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imr_rules.writing._typst import typeset
from imr_rules.writing.determination.draft import Determination, Section
from imr_rules.writing.determination.writing import TITLE, blanks, blocks

if TYPE_CHECKING:
    from imr_rules.writing.charts.pictures import Picture


def to_pdf(
    determination: Determination,
    *,
    pictures: Sequence[Picture] = (),
    working_sheet: bool = False,
    remark: str | None = None,
) -> bytes:
    """Return the letter as PDF: US Letter, tagged for screen readers (PDF/UA-1).

    The same determination gives the same bytes.

    Args:
        determination: the letter, with its blanks or without.
        pictures: what the working sheet shows.
        working_sheet: whether pages for the reviewer follow, which are not sent.
        remark: why it is a draft yet, beside its blanks; stands at the head of every page.

    Raises:
        InputError: Typst is not installed.
    """
    left = len(blanks(determination))
    remain = f"{left} blank{'' if left == 1 else 's'} left to fill in." if left else None
    letter = {
        "title": TITLE,
        "above": determination.above,
        "case": next((each.text for each in determination.heading if each.name == "case"), ""),
        "heading": [[each.label, each.text] for each in determination.heading],
        "sections": [*map(_section, determination.sections)],
        "items": [
            {
                "number": each.number,
                "service": each.service,
                "decision": each.decision,
                "sections": [*map(_section, each.sections)],
            }
            for each in determination.items
        ],
        "remark": " ".join(filter(None, (remain, remark))) or None,
        "sheet": {
            "sections": [*map(_section, determination.sheet)],
            "pictures": [{"title": each.title, "alt": each.alt, "svg": each.svg} for each in pictures],
        }
        if working_sheet
        else None,
    }
    return typeset("imr_rules.writing.determination", "letter.typ", letter)


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "blocks": [each._asdict() for each in blocks(section.text)]}
