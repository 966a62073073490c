"""A determination as PDF, set by Typst (the extra ``page``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import Protocol

from imr_rules.determination.draft import Determination
from imr_rules.determination.writing import TITLE, blanks, blocks
from imr_rules.errors import InputError, Place, Problem

__all__ = ["Picture", "to_pdf"]


class Picture(Protocol):
    """A picture for the working sheet, as :mod:`imr_rules.charts` draws it."""

    @property
    def title(self) -> str:
        """Return its heading."""

    @property
    def alt(self) -> str:
        """Return what it shows, in words."""

    @property
    def svg(self) -> str:
        """Return the picture."""


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
    try:
        import typst
    except ImportError:
        what = "writing PDF needs Typst, which is not installed"
        hint = "pip install 'imr-rules[page]', or ask for markdown"
        raise InputError(Problem("no-typst", what, Place(), hint)) from None

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
    template = resources.files("imr_rules.determination").joinpath("letter.typ").read_bytes()
    made: bytes = typst.compile(
        template,
        sys_inputs={"letter": json.dumps(letter, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    return made
