"""Names of persons in running words: never kept, whatever they stand in."""

from __future__ import annotations

import re

from imr_rules.words.lexicon import lexicon, word_group
from imr_rules.words.tokens import words_of

HIDDEN = "[...]"
_NAME = r"[A-Z][\w'-]*\.?"
_ADDRESSED = re.compile(rf"\b(?:Dr|Mr|Mrs|Ms|Miss|Doctor)\.? (?P<name>{_NAME}(?: {_NAME}){{0,2}})")
_DEGREE = re.compile(
    rf"\b(?P<name>{_NAME}(?: {_NAME}){{0,3}})(?P<comma>,)? "
    r"(?:M\.?D|D\.?O|D\.?C|Ph\.?D|Psy\.?D|D\.?P\.?M|L\.?Ac|R\.?N|P\.?A|N\.?P|(?P<therapist>P\.?T))\b\.?"
)
_OF_CARE = frozenset(
    ("region", "side", "limb", "operation", "post_operative", "continuing", "requested", "earlier")
)
_TOLD = r"(?:told|asked|called|stated|reported|says|said|wrote|noted|explained|recommended|requested|confirmed|agreed)"
_BY_THEIR_PART = re.compile(
    r"\bDear (?P<dear>[^:,\n]{2,60})[:,]|(?P<desk>(?:[A-Z][\w'-]+ ){1,3}[A-Z][\w'-]+), (?:senior )?(?:claims|adjuster|examiner|nurse)"
    r"|\b(?:patient|employee|worker|claimant|applicant|physician|doctor|provider|adjuster|examiner|attorney|nurse"
    r"|(?:spoke|talked|call|discussion|conversation) with|signed by),? (?P<who>[A-Z][a-z'-]+ (?:[A-Z][\w.'-]* )?[A-Z][a-z'-]+)\b"
)
SPEAKS = re.compile(
    rf"\b(?:{_TOLD}|by|with|from|per|saw|met|to) (?P<to>[A-Z][a-z]{{2,}} (?:[A-Z]\.? )?[A-Z][a-z]{{2,}})\b(?! [A-Z])"
    rf"|\b(?P<by>[A-Z][a-z]{{2,}} (?:[A-Z]\.? )?[A-Z][a-z]{{2,}}) (?={_TOLD}\b)"
)
"""Two words with capitals that somebody speaks to or that speak: a person, unless they name a treatment or a part of the body."""


def addressed(text: str) -> list[str]:
    """Return the names of a text that stand behind a form of address."""
    return [match["name"] for match in _ADDRESSED.finditer(text)]


def named_by_part(text: str) -> list[str]:
    """Return the names of a letter that tell what a person does in it: who is addressed, who signs, who is "nurse"."""
    return [match[match.lastgroup or 0] for match in _BY_THEIR_PART.finditer(text)]


def without_names(text: str, *, degrees: bool = True) -> str:
    """Return words with the names behind "Dr.", "Mr." and the like, and those before a degree, taken out.

    A title writes every word with a capital: there ``degrees`` would take a kind of care for a name.

    >>> without_names("Follow up with Dr. Doe, Right Shoulder")
    'Follow up with [...], Right Shoulder'
    >>> without_names("Right Knee PT with Ann Doe, PT")
    'Right Knee PT with [...]'
    """
    text = _ADDRESSED.sub(lambda match: HIDDEN + _from_care_on(match["name"]), text)
    return _DEGREE.sub(lambda match: match[0] if _is_care(match) else HIDDEN, text) if degrees else text


def _from_care_on(words: str) -> str:
    """Return what of the words behind a form of address tells of care, and is no name: "Doe Right Shoulder"."""
    places = [match.start() for match in re.finditer(" ", words)]
    return next((words[place:] for place in places if _tells_of_care(words[place:].split()[0])), "")


def _is_care(match: re.Match[str]) -> bool:
    """Whether the words before "PT" make it physical therapy, and no therapist: "Right Knee PT"."""
    bare = match["therapist"] is not None and match["comma"] is None
    return bare and (" " not in match["name"] or _tells_of_care(match["name"]))


def _tells_of_care(text: str) -> bool:
    words = words_of(text)
    for at, word in enumerate(words):
        found = lexicon().phrases.longest(words, at)
        if word in word_group("of_care") or (found is not None and found[0].kind in _OF_CARE):
            return True
    return False
