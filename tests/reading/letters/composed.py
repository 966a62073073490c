"""Letters composed for the tests: any of the forms, any items, wrapped and broken into pages anywhere.

Everything in them is invented. What was put in is returned beside the pages, so that the reading can be compared.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from imr_rules.reading.letters.items import Outcome
from tests.reading.letters.written import method

LAYOUTS = ("lines", "inline", "decision_for", "notice", "professional")


@dataclass(frozen=True)
class Wanted:
    """One item as it is put into a letter: its title as printed, and its outcome."""

    title: str
    outcome: Outcome
    rationale: str = "The records were read. Nothing else was found in them. The request was considered."
    administrator: str = "MTUS Chronic Pain Medical Treatment 2016, Section(s): Physical medicine treatment"
    reviewer: str = "MTUS Chronic Pain Medical Treatment 2016, Section(s): Physical medicine treatment"


@dataclass(frozen=True)
class Head:
    """The header's fields, as printed and as they should be read."""

    case_number: str = "CM16-0900007"
    assigned: tuple[str, str] = ("12/05/2016", "2016-12-05")
    injury: tuple[str, str] = ("03/04/2009", "2009-03-04")
    decision: tuple[str, str] = ("12/30/2016", "2016-12-30")
    denial: tuple[str, str] = ("11/16/2016", "2016-11-16")
    received: tuple[str, str] = ("11/28/2016", "2016-11-28")
    priority: str = "Standard"


SUMMARY = "The injured worker is a 51 year old male who was hurt at work. He takes ibuprofen and rests."


@dataclass(frozen=True)
class Composed:
    """A letter: its pages, and what was put in."""

    layout: str
    pages: list[str]
    head: Head
    items: tuple[Wanted, ...] = field(default=())


def compose(
    layout: str, items: Sequence[Wanted], *, head: Head | None = None, summary: str = SUMMARY, width: int = 95,
    lines: int = 45, table: int = 0,
) -> Composed:  # fmt: skip
    """Write a letter.

    Args:
        layout: one of ``LAYOUTS``.
        items: what is disputed.
        head: the header.
        summary: the case summary.
        width: characters a line is wrapped at.
        lines: lines a page.
        table: which of the ways a header table's cells come out of a PDF.
    """
    head = head or Head()
    paragraphs = {
        "lines": _lines, "inline": _lines, "decision_for": _decision_for, "notice": _notice,
        "professional": _professional,
    }[layout](head, items, summary, layout, table)  # fmt: skip
    rows = [
        row
        for paragraph in paragraphs
        for row in (textwrap.wrap(paragraph, width, break_long_words=False, break_on_hyphens=False) or [""])
    ]
    pages = ["\n".join(rows[at : at + lines]) for at in range(0, len(rows), lines)]
    return Composed(layout, pages, head, tuple(items))


def _table(head: Head, table: int) -> list[str]:
    if table == 0:
        return [
            f"Case Number: {head.case_number} Date Assigned: {head.assigned[0]}",
            f"Date of Injury: {head.injury[0]} Decision Date: {head.decision[0]}",
            f"UR Denial Date: {head.denial[0]} Priority: {head.priority}",
            f"Application Received: {head.received[0]}",
        ]
    if table == 1:
        return [
            "Case Number:", head.case_number, "Date Assigned:", head.assigned[0], "Date of Injury:", head.injury[0],
            "Decision Date:", head.decision[0], "UR Denial Date:", head.denial[0], "Priority:", head.priority,
            "Application Received:", head.received[0],
        ]  # fmt: skip
    if table == 2:
        return [
            f"Case Number: {head.case_number}",
            f"Date Assigned: {head.assigned[0]} Date of Injury: {head.injury[0]}",
            f"Decision Date: {head.decision[0]} UR Denial Date: {head.denial[0]}",
            f"Priority: {head.priority} Application",
            "Received:",
            head.received[0],
        ]
    return [
        "Case Number: Date Assigned:",
        f"{head.case_number} {head.assigned[0]}",
        "Date of Injury: Decision Date: UR Denial Date:",
        f"{head.injury[0]} {head.decision[0]} {head.denial[0]}",
        "Priority: Application Received:",
        f"{head.priority} {head.received[0]}",
    ]


_OPENING = (
    "The expert reviewer developed the following clinical case summary based on a review of the case file, including "
    "all medical records:"
)
_PREAMBLE = "The Final Determination was based on decisions for the disputed items/services set forth below:"


def _lines(head: Head, items: Sequence[Wanted], summary: str, layout: str, table: int) -> list[str]:
    inline = (
        "The expert reviewer is Board Certified in Psychiatry and is licensed to practice in California. "
    )
    credentials = [
        "The Expert Reviewer has the following credentials:",
        "State(s) of Licensure: California",
        "Certification(s)/Specialty: Psychiatry",
    ]
    found = [
        *_table(head, table), "HOW THE IMR FINAL DETERMINATION WAS MADE",
        method("an expert reviewer", inline if layout == "inline" else "").replace("\n", " "),
        *(credentials if layout == "lines" else []), "CLINICAL CASE SUMMARY", _OPENING, summary,
        "IMR ISSUES, DECISIONS AND RATIONALES", _PREAMBLE,
    ]  # fmt: skip
    for item in items:
        found += [
            f"{item.title}: {item.outcome.capitalize()}",
            f"Claims Administrator guideline: Decision based on {item.administrator}.",
            f"MAXIMUS guideline: Decision based on {item.reviewer}.",
            f"Decision rationale: {item.rationale}",
        ]
    return found


def _decision_for(head: Head, items: Sequence[Wanted], summary: str, layout: str, table: int) -> list[str]:
    inline = (
        "The physician reviewer is Board Certified in Psychiatry and is licensed to practice in California. "
    )
    found = [
        *_table(head, table), "HOW THE IMR FINAL DETERMINATION WAS MADE",
        method("a physician reviewer", inline).replace("\n", " "), "CLINICAL CASE SUMMARY", _OPENING, summary,
        "IMR ISSUES, DECISIONS AND RATIONALES", _PREAMBLE,
    ]  # fmt: skip
    for number, item in enumerate(items, 1):
        negative = "not " if item.outcome == "upheld" else ""
        found += [
            f"{number}. Decision for {item.title} is {negative}medically necessary and appropriate.",
            f"The Claims Administrator based its decision on the {item.administrator}.",
            f"The Physician Reviewer based his/her decision on the {item.reviewer}.",
            "The Physician Reviewer's decision rationale:",
            item.rationale,
        ]
    return found


def _notice(head: Head, items: Sequence[Wanted], summary: str, layout: str, table: int) -> list[str]:
    stated = [
        f"{number}) MAXIMUS Federal Services, Inc. has determined the request for {item.title} is "
        f"{'not ' if item.outcome == 'upheld' else ''}medically necessary and appropriate."
        for number, item in enumerate(items, 1)
    ]
    found = [
        "MAXIMUS FEDERAL SERVICES, INC.", "Independent Medical Review",
        "Notice of Independent Medical Review Determination", f"Dated: {head.decision[0]}", "Employee:",
        "Claim Number:", f"Date of UR Decision: {head.denial[0]}", f"Date of Injury: {head.injury[0]}",
        f"IMR Application Received: {head.received[0]}", f"MAXIMUS Case Number: {head.case_number}", *stated,
        "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE",
        f"An application for Independent Medical Review was filed on {head.received[0]} disputing the Utilization "
        f"Review Denial dated {head.denial[0]}. A Notice of Assignment and Request for Information was provided to the "
        f"above parties on {head.assigned[0]}. A decision has been made for each of the treatment and/or services that "
        "were in dispute:", *stated, "Medical Qualifications of the Expert Reviewer:",
        "The independent Medical Doctor who made the decision has no affiliation with the employer, employee, providers "
        "or the claims administrator. The physician reviewer is Board Certified in Psychiatry, and is licensed to "
        "practice in California.", "Expert Reviewer Case Summary:",
        "Disclaimer: The following case summary was taken directly from the utilization review denial/modification dated "
        "August 30, 2013.", summary, "Documents Reviewed for Determination:",
        "The following relevant documents received from the interested parties were reviewed.",
        "- Application of Independent Medical Review", "- Utilization Review Determination",
    ]  # fmt: skip
    for number, item in enumerate(items, 1):
        found += [
            f"{number}) Regarding the request for {item.title}:",
            "Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer to Make His/Her "
            "Decision",
            f"The Claims Administrator based its decision on the {item.administrator}. The Expert Reviewer relied on the "
            f"{item.reviewer}.",
            "Rationale for the Decision:",
            item.rationale,
        ]
    return [
        *found, "Effect of the Decision:",
        "The determination of MAXIMUS Federal Services and its physician reviewer is deemed to be the Final "
        "Determination of the Administrative Director.", "Sincerely,",
    ]  # fmt: skip


def _professional(head: Head, items: Sequence[Wanted], summary: str, layout: str, table: int) -> list[str]:
    numbered = list(enumerate(items, 1))
    return [
        "MEDICAL PROFESSIONAL REVIEW", f"Case Number: {head.case_number}", f"Date of Injury: {head.injury[0]}",
        f"Date of Decision: {head.decision[0]}", "ISSUE AT DISPUTE",
        *(f"{n}. Whether the request for {item.title} is medically necessary" for n, item in numbered),
        "CASE SUMMARY", summary, "DOCUMENTS REVIEWED", "Progress reports.", "GUIDELINES",
        *(f"{item.reviewer}." for item in items[:1]), "DECISION",
        *(
            f"{n}. The request for {item.title} is {'not ' if item.outcome == 'upheld' else ''}medically necessary."
            for n, item in numbered
        ),
        "RATIONALE", *(f"{n}. {item.rationale}" for n, item in numbered),
    ]  # fmt: skip
