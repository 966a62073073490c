"""The determination of a case: one letter for all its disputed items, drafted from their screening.

A physician decides each item; the draft follows, and leaves a bracketed blank wherever the reviewer must speak.
Nothing here decides.
"""

from imr_rules.writing.determination.draft import (
    Determination,
    Heading,
    ItemDetermination,
    Reviewer,
    Section,
    digest_of,
    draft,
    thawed,
)
from imr_rules.writing.determination.writing import blanks, to_markdown, to_text

__all__ = [
    "Determination",
    "Heading",
    "ItemDetermination",
    "Reviewer",
    "Section",
    "blanks",
    "digest_of",
    "draft",
    "thawed",
    "to_markdown",
    "to_text",
]
