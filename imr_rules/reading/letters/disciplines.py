"""Kinds of care that are received in visits, as letters name them.

This is only what is needed to tell whose visits a sentence counts. Which treatment an item asks for is
decided by whoever knows the treatment vocabulary.
"""

from __future__ import annotations

import re

__all__ = ["DISCIPLINE", "disciplines", "name_of", "same_discipline"]

# Tried in this order, so that "chiropractic physiotherapy" is chiropractic and "hand therapy" is not just
# therapy.
_NAMES: dict[str, str] = {
    "chiropractic": r"chiro(?:practic|practor|physio)?\b(?:[ /-]?(?:physiotherapy|physio))?(?: (?:care"
    r"|therapy|treatments?|manipulation|services))?|(?:spinal|joint) manipulation|manual"
    r" (?:therapy|manipulation)",
    "acupuncture": r"(?:electro[- ]?)?acupuncture",
    "aquatic_therapy": r"(?:aqua(?:tic)?|pool) (?:physical )?therapy",
    "hand_therapy": r"hand therapy",
    "occupational_therapy": r"occupational (?:hand )?therapy|(?-i:\bOT\b)",
    "physical_therapy": r"physical therap(?:y|ies)|physiotherapy|(?-i:\bPT\b)(?:/OT)?(?! ?/?PTT)",
    "psychotherapy": r"psychotherapy|psychological (?:treatment|counseling|therapy)|cognitive[-"
    r" ]behaviou?ral(?: psycho)?(?:therapy)?(?: therapy)?|(?-i:\bCBT\b)|(?:individual"
    r"|group) (?:psycho)?therapy|relaxation training|counseling",
    "biofeedback": r"biofeedback",
    "massage": r"massage(?: therapy)?|myofascial (?:release|therapy)",
    "home_health": r"home (?:health|care|aide|nursing)(?: care| aide| services?)*|(?-i:\bRN\b)|registered"
    r" nurse",
    "shockwave": r"(?:extracorporeal )?shock ?wave(?: therapy| treatments?)?",
    "electrical_stimulation": r"electrical stimulation",
    "traction": r"spinolator(?: therapy)?|traction",
    "infrared": r"infrared(?: heat)?",
    "ultrasound": r"therapeutic ultrasound",
    "work_conditioning": r"work (?:conditioning|hardening)",
    "functional_restoration": r"functional restoration(?: program)?",
    "therapy": r"(?<!drug )(?<!medication )(?<!medications )(?<!injection )(?<!opioid )(?<!heat )(?<!cold"
    r" )(?<!ice )therapy",
}
_PATTERNS = [(name, re.compile(rf"\b(?:{form})", re.I)) for name, form in _NAMES.items()]
#: A regular expression that matches any discipline.
DISCIPLINE = "|".join(rf"\b(?:{form})" for form in _NAMES.values())


def name_of(words: str) -> str:
    """Return the discipline that ``words`` (a match of :data:`DISCIPLINE`) name."""
    return next((name for name, pattern in _PATTERNS if pattern.match(words)), "therapy")


def disciplines(text: str) -> tuple[str, ...]:
    """Return the disciplines that a line names, in order, each once."""
    return tuple(dict.fromkeys(name_of(match[0]) for match in re.finditer(DISCIPLINE, text, re.I)))


_PHYSICAL = {"physical_therapy", "occupational_therapy", "hand_therapy"}


def same_discipline(one: str | None, other: str | None, *, of_this_item: bool = False) -> bool:
    """Return whether visits of one may count for the other.

    Plain "therapy" and "hand therapy" may be physical or occupational. Where the words stand in the reasons
    for this very item (``of_this_item``), reviewers write one for the other.
    """
    if one is None or other is None or one == other:
        return True
    pair = {one, other}
    if pair <= _PHYSICAL:
        return of_this_item or "hand_therapy" in pair
    return "therapy" in pair and bool(pair & _PHYSICAL)
