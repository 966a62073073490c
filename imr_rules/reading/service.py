"""One service as asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from imr_rules.reading import counts, pace
from imr_rules.reading.amounts import Amount, Rate
from imr_rules.reading.body_parts import BodyPart, find_body_parts
from imr_rules.reading.counts import UNITS
from imr_rules.reading.line import Line
from imr_rules.reading.numbers import FIGURES

__all__ = ["ServiceText", "read_service"]

_UNSPECIFIED = re.compile(
    r"\b(?:unknown|unspecified|undetermined)(?: (?:quantity|number|amount|duration)(?: of)?)?\b", re.I
)
_DATE = re.compile(r"\b\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})\b")
_STRENGTH = re.compile(
    r"(?<![\w.])\d[\d.,]*(?:[/-]\d[\d.]*)* ?(?:%|mcg|mg(?:/ml|/\d*ml)?|ml|gm|grams?|g|tesla|cm|mm|oz|iu"
    r"|units?/ml)(?![a-z])(?:[/-]\d[\d.]*%?)*",
    re.I,
)
_DOSING = re.compile(
    rf"\btake {FIGURES} (?:{UNITS['tablet']}|{UNITS['capsule']})\b|\b{FIGURES} hours? (?:before|after)\b"
    rf"|\b(?:1/2) hour\b|\b{FIGURES} (?:{UNITS['tablet']}|{UNITS['capsule']}) (?=(?:once|twice|daily"
    rf"|every|by mouth|orally|po|bid|tid|qid|qd|prn|as needed)\b)|\bevery \d{{1,2}}(?:-\d{{1,2}})? hours\b",
    re.I,
)
# Services whose requests are counted in visits even where the word is left out ("acupuncture times 12").
_BY_VISIT = re.compile(
    r"therap|\b(?:pt|ot|pt/ot|cbt|hep|emg biofeedback)\b|chiro|manipulat|acupunct|massage|stimulation"
    r"|ultrasound|traction|myofascial"
    r"|infrared|counsel|rehab|aquatic|physical exam|office visit|follow[- ]?up|visits?|sessions?"
    r"|treatments?|biofeedback|hypno",
    re.I,
)
_EQUIPMENT = re.compile(
    r"\b(?:unit|pump|device|system|brace|rental|purchase|machine|wrap|pad|cream|patch|study|mri|x-ray)\b",
    re.I,
)
_FLAGS = {
    "continuing": re.compile(
        r"\b(?:continu(?:e|ed|es|ing|ation)|additional|further|ongoing|extension|more)\b", re.I
    ),
    "initial": re.compile(r"\b(?:initial|trial)\b", re.I),
    "retrospective": re.compile(r"\bretro(?:spective)?(?:ly)?\b", re.I),
    "postoperative": re.compile(r"\bpost[- ]?(?:op(?:erative(?:ly)?)?|surg(?:ical|ery))\b", re.I),
    "evaluation": re.compile(r"\b(?:evaluat(?:ion|e)|eval|consult(?:ation)?|assessment)\b", re.I),
}
_ACQUISITION = re.compile(r"\b(rental|rent|purchase)\b", re.I)


@dataclass(frozen=True, slots=True)
class ServiceText:
    """One service as asked for.

    Attributes:
        text: the words that were read.
        service: what is left of them, numbers in figures, when all below is taken out: its name, for whoever knows
            names.
        quantity: how many; ``None`` where the words do not say, or say that it is unknown.
        quantity_unspecified: the words themselves say that the quantity is unknown or unspecified.
        frequency, hours_a_day, duration: as written; a range is a range.
        supply: days of supply of a medication. refills: further fills of it.
        body_parts: see :mod:`imr_rules.reading.body_parts`.
        continuing: more of a course already begun ("continue", "additional").
        initial, retrospective, postoperative, evaluation: the words say so.
        acquisition: of equipment, ``rental`` or ``purchase``.
        cautions: codes of what does not agree: ``quantity-differs-from-frequency-and-duration``,
            ``several-quantities``; ``partly-allowed`` (what remains in dispute is not stated).
        unrecognized: numbers that nothing above accounts for.
    """

    text: str
    service: str = ""
    quantity: Amount | None = None
    quantity_unspecified: bool = False
    frequency: Rate | None = None
    hours_a_day: Amount | None = None
    duration: Amount | None = None
    supply: Amount | None = None
    refills: Amount | None = None
    body_parts: tuple[BodyPart, ...] = ()
    continuing: bool = False
    initial: bool = False
    retrospective: bool = False
    postoperative: bool = False
    evaluation: bool = False
    acquisition: Literal["rental", "purchase"] | None = None
    cautions: tuple[str, ...] = ()
    unrecognized: tuple[str, ...] = ()


def read_service(text: str) -> ServiceText:
    """Read one line that asks for a service. Any text is accepted; nothing is raised."""
    text = re.sub(r"\s+", " ", text).strip(" .;:,")[:2000]
    line = Line(text)
    for pattern in (_DATE, _DOSING):
        for _ in line.all(pattern):
            pass
    flags = {name: bool(pattern.search(text)) for name, pattern in _FLAGS.items()}
    bought = _ACQUISITION.search(text)

    unspecified = line.first(_UNSPECIFIED)
    supply = pace.supply(line)
    refills = pace.refills(line)
    for _ in line.all(_STRENGTH):
        pass
    hours = pace.hours(line)
    frequency = pace.frequency(line)
    duration = pace.duration(line)
    by_visit = bool(_BY_VISIT.search(text)) and not _EQUIPMENT.search(text)
    shorthand = counts.shorthand(line, by_visit, text) if frequency is None and duration is None else None
    counted, several = counts.counted(line)
    if shorthand is not None:
        frequency, duration = shorthand.frequency, shorthand.duration
        counted = counted or shorthand.quantity
    elif counted is None:
        counted = counts.bare_count(line, text, by_visit, frequency, duration)

    derived = pace.derived(frequency, duration, hours, by_visit)
    cautions: list[str] = ["several-quantities"] if several else []
    quantity = counted
    if quantity is None and unspecified is None:
        quantity = derived
        if quantity is None and duration is not None and frequency is None:
            quantity = replace(duration, method="stated duration")
    elif (
        quantity is not None
        and derived is not None
        and quantity.unit in ("visit", None)
        and derived.unit == "visit"
        and quantity.at_least is not None
        and quantity.at_most is not None
        and derived.at_least is not None
        and derived.at_most is not None
        and not (derived.at_least <= quantity.at_most and quantity.at_least <= derived.at_most)
    ):
        cautions.append("quantity-differs-from-frequency-and-duration")

    return ServiceText(
        text=text,
        service=_service_name(line.left),
        quantity=quantity,
        quantity_unspecified=unspecified is not None and quantity is None,
        frequency=frequency,
        hours_a_day=hours,
        duration=duration,
        supply=supply,
        refills=refills,
        body_parts=find_body_parts(text),
        acquisition=None if bought is None else "purchase" if bought[1].lower() == "purchase" else "rental",
        cautions=tuple(cautions),
        unrecognized=tuple(re.findall(rf"(?<![\w-])#?{FIGURES}(?![\w-])", line.left)),
        **flags,
    )


def _service_name(left: str) -> str:
    """Return what remains: the words around the numbers, without the joints that tied them together."""
    text = re.sub(r"[\x00()#]+", " ", left)
    text = re.sub(r"\s+", " ", text)
    while True:
        shorter = re.sub(
            r"(?i)(?:^|[\s,;:-])(?:for|to|of|the|a|an|and|times|x|is|at|on|with|per|over)?[\s,;:-]*$",
            "",
            text,
        ).strip()
        shorter = re.sub(r"(?i)^(?:sessions?|visits?|of|for|to|the|a|an|and|,|;|:|-)\s+", "", shorter)
        if shorter == text:
            return text
        text = shorter
