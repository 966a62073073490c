"""Names of persons in running words: never kept, whatever they stand in."""

from __future__ import annotations

import re

HIDDEN = "[...]"
PERSON = (
    r"\b(?:Dr|Mr|Mrs|Ms|Miss|Doctor)\.? (?:[A-Z][\w'.-]*)(?: [A-Z][\w'.-]*){0,2}"
    r"|\b[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){0,3},? (?:M\.?D|D\.?O|D\.?C|Ph\.?D|Psy\.?D|P\.?T|D\.?P\.?M|L\.?Ac|R\.?N|P\.?A|N\.?P)\b\.?"
)
"""A person by a form of address before the name, or by a degree behind it."""
_ADDRESSED = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Doctor)\.? (?:[A-Z][\w'.-]*)(?: [A-Z][\w'-]*)?")


def without_names(text: str) -> str:
    """Return words with the names behind "Dr.", "Mr." and the like taken out.

    >>> without_names("Follow up with Dr. Doe, right shoulder")
    'Follow up with [...], right shoulder'
    """
    return _ADDRESSED.sub(HIDDEN, text)
