"""The header of a letter: case number, dates, priority; and the reviewer's credentials.

Labels and values may stand side by side, on separate lines, or in two rows, all labels first. So labels and
values are read as one sequence: as many values as labels in a row belong to them in order; with fewer, only
the label right before a value gets it, and the others are missing rather than shifted.
"""

from __future__ import annotations

import re

from msgspec import Struct

from imr_rules.reading.letters.layout import Sections
from imr_rules.reading.letters.text import LetterText
from imr_rules.words.dates import DATE, read_date


class Header(Struct, frozen=True):
    """What the header says; ``None`` where it does not. Dates are ISO 8601 days."""

    case_number: str | None = None
    date_assigned: str | None = None
    date_of_injury: str | None = None
    decision_date: str | None = None
    ur_denial_date: str | None = None
    priority: str | None = None
    application_received: str | None = None


class Reviewer(Struct, frozen=True):
    """The expert reviewer's credentials, as printed: specialties and states of licensure."""

    specialty: str | None = None
    licensure: tuple[str, ...] = ()


_LABELS: list[tuple[str, str]] = [
    ("case_number", r"(?:MAXIMUS |IMR )?Case (?:Number|No\.?|#)"),
    ("date_assigned", r"Date (?:of )?Assign(?:ed|ment)"),
    ("date_of_injury", r"Date(?:\(s\)|s)? of Injury|Injury Date"),
    ("decision_date", r"(?:IMR )?(?:Decision|Determination) Date|Date of (?:Decision|Determination)|Dated"),
    (
        "ur_denial_date",
        r"(?:UR|Utilization Review) (?:Denial|Decision)(?:/Modification)? Date|Date of (?:UR|Utilization"
        r" Review) (?:Decision|Denial)",
    ),
    ("priority", r"Priority"),
    ("application_received", r"(?:IMR )?Application(?: \d{1,2}/\d{1,2}/\d{4})? Received(?: Date)?"),
    # labels whose values are never read, so that a value of theirs is not taken for another's
    ("", r"Employee(?: Name)?|Claim (?:Number|No\.?|#)|Claimant|Claims Administrator|Employer|Provider"),
]
_CASE_NUMBER = r"\b(?:CM|IMR)?\d{2}-\d{4,9}\b"
_TOKEN = re.compile(
    "|".join(rf"(?P<l{n}>(?:(?<=\s)|^)(?:{form}) ?:)" for n, (_, form) in enumerate(_LABELS))
    + rf"|(?P<date>{DATE})|(?P<case>{_CASE_NUMBER})|(?P<priority>\b(?:Standard|Expedited|Regular)\b)",
    re.M,
)
_TAKES = {"case_number": "case", "priority": "priority"}


def read_header(letter: LetterText, sections: Sections) -> Header:
    """Read the header table; and, in the 2013 notices, the paragraph that repeats its dates."""
    end = next(
        (
            s.heading
            for s in sections.sections
            if s.kind in ("reviewer", "summary", "issues") and s.heading > 0
        ),
        None,
    )
    flat = letter.flat[: min(end if end is not None else len(letter.flat), 4000)]
    found: dict[str, str] = {}
    labels: list[str] = []
    values: list[tuple[str, str]] = []

    def settle() -> None:
        pairs = list(zip(labels, values, strict=False)) if len(values) >= len(labels) else []
        fits = all(_TAKES.get(label, "date") == kind for label, (kind, _) in pairs)
        if not pairs or not fits:
            pairs = [(labels[-1], values[0])] if labels and values else []
        for label, (kind, value) in pairs:
            if label and _TAKES.get(label, "date") == kind:
                found.setdefault(label, value)
        labels.clear()
        values.clear()

    for token in _TOKEN.finditer(flat):
        kind = token.lastgroup or ""
        if kind.startswith("l"):
            if values:
                settle()
            inside = re.search(r"\d{1,2}/\d{1,2}/\d{4}", token[0])
            name = _LABELS[int(kind[1:])][0]
            labels.append(name)
            if inside:  # "Application 11/28/2016 Received:": a cell that wrapped around its value
                values.append(("date", inside[0]))
                settle()
        elif labels:
            values.append((kind, token[0]))
    settle()

    paragraph = letter.flat
    for label, form in (
        (
            "application_received",
            rf"application for Independent Medical Review was (?:filed|received) on (?P<date>{DATE})",
        ),
        (
            "ur_denial_date",
            rf"Utilization Review (?:Denial|Decision|Modification|Denial/Modification),? dated"
            rf" (?P<date>{DATE})",
        ),
        ("date_assigned", rf"Notice of Assignment.{{0,120}}? (?:parties )?on (?P<date>{DATE})"),
    ):
        if label not in found and (match := re.search(form, paragraph, re.I)):
            found[label] = match["date"]
    if "case_number" not in found and (
        match := re.search(rf"(?i:case (?:number|no\.?)):? ?(?P<n>{_CASE_NUMBER})", paragraph)
    ):
        found["case_number"] = match["n"]

    def day(name: str) -> str | None:
        iso = read_date(found[name]) if name in found else None
        return iso if iso is not None and len(iso) == len("2016-10-14") else None

    return Header(
        case_number=found.get("case_number"),
        date_assigned=day("date_assigned"),
        date_of_injury=day("date_of_injury"),
        decision_date=day("decision_date"),
        ur_denial_date=day("ur_denial_date"),
        priority=found.get("priority"),
        application_received=day("application_received"),
    )


_INLINE = re.compile(
    r"(?:expert|physician|medical|independent)(?: medical)? (?:reviewer|doctor)(?: who made the"
    r" decision)?[^.]*?\bis (?:a |an )?"
    r"(?:board[- ]certified in |licensed in |certified in |doctor of )?(?P<specialty>[^.]+?),? and is"
    r" (?:also )?licensed to practice(?: medicine)? in (?P<states>[^.]+)\.",
    re.I,
)


def read_reviewer(letter: LetterText) -> Reviewer:
    """Read the reviewer's specialty and licensure, from lines of their own or from the paragraph."""
    text = letter.text
    specialty: str | None = None
    states: str | None = None
    if match := re.search(
        r"State\(s\) of Licensure ?:\s*(?P<states>[^\n]+(?:\n(?!Certification|CLINICAL)[^\n:]+)?)", text
    ):
        states = match["states"]
    if match := re.search(
        r"Certification\(s\)/Specialty ?:\s*(?P<specialty>[^\n]+(?:\n(?!State\(s\)|CLINICAL|CASE"
        r" SUMMARY)[^\n:.]{1,80})*)",
        text,
    ):
        specialty = match["specialty"]
    if specialty is None and (match := _INLINE.search(letter.flat)):
        specialty = re.sub(r",? (?:and )?has a subspecialty in ", ", ", match["specialty"])
        specialty = re.sub(r",? and is (?:board[- ]certified|licensed) in ", ", ", specialty, flags=re.I)
        states = states or match["states"]
    listed = re.split(r"\s*(?:,|;|\band\b)\s*", states.replace("\n", " ")) if states else []
    return Reviewer(
        specialty=re.sub(r"\s+", " ", specialty).strip(" ,;") if specialty else None,
        licensure=tuple(state.strip() for state in listed if state.strip()),
    )
