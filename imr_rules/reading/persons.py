"""Names of persons in running words: never kept, whatever they stand in."""

from __future__ import annotations

import re

HIDDEN = "[...]"
_CARE = (
    r"(?:Post\w*|Pre\w*|Operative|Op|Aqua\w*|Pool|Home|Outpatient|Additional|Continu\w+|More|Further|Formal|Supervised|Request\w*|Left|Right|Bilateral|R|L"
    r"|Prior|Recent|Physical|Occupational|Hand|Wrist|Elbow|Shoulder|Neck|Back|Low|Lower|Upper|Lumbar|Cervical|Thoracic|Spine|Hip|Knee|Ankle|Foot|Feet|Surgical)"
)
"""Words before "PT" that make it physical therapy, and no therapist: "Right Knee PT"."""
PERSON = (
    r"\b(?:Dr|Mr|Mrs|Ms|Miss|Doctor)\.? (?:[A-Z][\w'.-]*)(?: [A-Z][\w'.-]*){0,2}"
    r"|\b[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){0,3},? (?:M\.?D|D\.?O|D\.?C|Ph\.?D|Psy\.?D|D\.?P\.?M|L\.?Ac|R\.?N|P\.?A|N\.?P)\b\.?"
    r"|\b[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){0,3}, P\.?T\b\.?"
    rf"|\b(?!(?:[A-Z][\w'.-]* )*?{_CARE}\b)[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){{1,3}} P\.?T\b\.?"
)
"""A person by a form of address before the name, or by a degree behind it."""
ADDRESSED = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Doctor)\.? (?:[A-Z][\w'.-]*)(?: [A-Z][\w'-]*)?")
"""A form of address, with the name behind it."""


def without_names(text: str) -> str:
    """Return words with the names behind "Dr.", "Mr." and the like taken out.

    >>> without_names("Follow up with Dr. Doe, right shoulder")
    'Follow up with [...], right shoulder'
    """
    return ADDRESSED.sub(HIDDEN, text)
