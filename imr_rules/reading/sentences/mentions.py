"""The treatments a sentence names, and the sentence with a sign of each in its place.

The rulebook says what treatments are called. Patterns of facts and counts ask only for *some* care, drug or study, so
they look at the sentence with every name replaced by a sign as long as it is: one letter per kind, repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from imr_rules.words.names import TreatmentNames
from imr_rules.words.tokens import tokens_of

THERAPY = "therapy"
"""The name of care that a sentence calls therapy and nothing else."""
MEDICATION = "medication"
"""The name of drugs that a sentence calls medication and nothing else."""
CARE, DRUG, STUDY = "τ+", "δ+", "σ+"
"""Patterns of a name: of care that is given, of a drug, of a study."""

_NO_COURSE = frozenset(
    [
        "surgery",
        "surgical_assistant",
        "preoperative_clearance",
        "office_visit",
        "consultation",
        "psychological_evaluation",
        "functional_capacity_evaluation",
        "transportation",
        "medical_supplies",
        "pillow",
        "ergonomic_equipment",
    ]
)
_PERSON = re.compile(r"(?:ist|tor)s?$")
_UNIT = re.compile(r" (?:visits?|sessions?|treatments?)$")
_MEDICATION = re.compile(r"\b(?:meds|(?:current|present|pain|drug|medication) regimen)\b", re.I)
_INJECTED = re.compile(
    r"\b(?:transforaminal|interlaminar)s?(?= (?:on|of|in|at|was|were|dated|gave|helped|provided|did)\b)", re.I
)
_WAS_INJECTED = re.compile(r"\b(?:was|were|been|got) injected\b", re.I)
_BLOCK = re.compile(r"\b(?:prior|previous|last|recent|first|second|diagnostic) blocks?\b(?! of)", re.I)
_THERAPY = re.compile(r"(?<!drug )(?<!opioid )(?<!heat )(?<!cold )(?<!ice )\btherap(?:y|ies)\b", re.I)


_ABLATED = re.compile(
    r"\b[CTL]\d|\b(?:lumbar|cervical|facet|branch|nerve|ablation|radiofrequency|left|right|bilateral|underwent|relief)\b",
    re.I,
)


class Mention(NamedTuple):
    """A treatment named in a sentence: where, which ("" for the care the text is about), and what kind of thing it is."""

    start: int
    end: int
    name: str
    sign: str


class Mentions:
    """Finds the treatments of one vocabulary in sentences."""

    def __init__(self, names: TreatmentNames) -> None:
        self._names = names
        self._signs = {name: _sign(each.lineage, each.unit) for name, each in names.treatments.items()}
        self._short = {short.upper(): name for name, each in names.treatments.items() for short in each.short}
        short = "|".join(map(re.escape, self._short))
        self._short_words = re.compile(rf"(?<![\w/])(?:{short})(?!\w|/\w)" if short else "(?!)")

    def __call__(self, text: str, *, people: bool = False) -> list[Mention]:
        """Return the treatments a text names, in order; with ``people``, also by whoever gives them."""
        return sorted(self._found(text, people=people))

    def _found(self, text: str, *, people: bool) -> Iterator[Mention]:
        taken: list[tuple[int, int]] = []
        tokens = tokens_of(text)
        for name, first, last in self._names.spoken_of(tokens):
            start, end = tokens[first].start, tokens[last - 1].end
            taken.append((start, end))
            words = text[start:end].lower()
            if words == "rfa" and not _ABLATED.search(text):
                continue  # a request for authorization
            if name == MEDICATION and not words.startswith(MEDICATION):
                continue  # a prescription may be of any care
            if self._signs[name] and (people or not _PERSON.search(words)):
                yield Mention(start, end - len(words) + len(_UNIT.sub("", words)), name, self._signs[name])
        named = [(match, self._short[match[0]]) for match in self._short_words.finditer(text)]
        named += [(match, THERAPY) for match in _THERAPY.finditer(text)]
        for name, pattern in (
            (MEDICATION, _MEDICATION), ("epidural_steroid_injection", _INJECTED), ("injection", _BLOCK), ("injection", _WAS_INJECTED),
        ):  # fmt: skip
            named += [(match, name) for match in pattern.finditer(text) if name in self._signs]
        for match, name in named:
            if not any(start < match.end() and match.start() < end for start, end in taken):
                yield Mention(match.start(), match.end(), name, "τ" if name == THERAPY else self._signs[name])


def _sign(lineage: tuple[str, ...], unit: str) -> str:
    if _NO_COURSE & set(lineage):
        return ""
    if unit == "tablet" or "medication" in lineage or "topical_analgesic" in lineage:
        return "δ"
    return "σ" if unit == "study" else "τ"


def signed(text: str, mentions: list[Mention]) -> str:
    """Return a text with a sign in the place of each treatment it names; the same length, so the same offsets."""
    for start, end, _, sign in mentions:
        text = text[:start] + sign * (end - start) + text[end:]
    return text


def nearest(mentions: list[Mention], text: str, start: int, end: int) -> Mention | None:
    """Return the care a count between two places is of: inside it, right before or behind it, else the last one before."""
    own = [mention for mention in mentions if mention.sign == "τ"]
    inside = [mention for mention in own if start <= mention.start < end]
    behind = [mention for mention in own if end <= mention.start <= end + 60]
    before = [mention for mention in own if start - 70 <= mention.end <= start]
    if inside:
        return inside[0]
    if before and re.fullmatch(r"(?: of [^,;()]{3,30})?[ ,:(x#-]*", text[before[-1].end : start]):
        return before[-1]
    if behind and (not before or behind[0].start - end < 25):
        return behind[0]
    return before[-1] if before else None
