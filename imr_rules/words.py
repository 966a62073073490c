"""How statuses and suggestions are shown: a mark and a word each, so that neither rests on colour."""

from __future__ import annotations

from imr_rules.explanation import ShownFact
from imr_rules.facts.values import say_value
from imr_rules.rulebook.model import Citation
from imr_rules.screening import Quantity

__all__ = [
    "CITATION_STATUS",
    "MARKS",
    "STATUS_WORDS",
    "say_citation",
    "say_evidence",
    "say_fact",
    "say_quantity",
]

MARKS = {"met": "✓", "unmet": "✗", "undocumented": "∅", "unknown": "?", "not_applicable": "–"}
STATUS_WORDS = {
    "met": "met",
    "unmet": "not met",
    "undocumented": "not documented",
    "unknown": "unknown",
    "not_applicable": "does not apply",
}
CITATION_STATUS = {
    "read": "read in the official text",
    "secondary": "from a secondary source",
    "recalled": "recalled, to be verified",
    "practice": "reviewers' practice",
}


def say_citation(citation: Citation) -> str:
    """Return a citation in one line: document, place, time in force, and how it is known."""
    parts = [citation.document]
    if citation.regulation:
        parts.append(
            citation.regulation + (citation.section or "" if (citation.section or "").startswith("(") else "")
        )
    if citation.section and not citation.section.startswith("("):
        parts.append(citation.section)
    if citation.pages:
        parts.append(
            ("page " if len(citation.pages) == 1 else "pages ") + ", ".join(map(str, citation.pages))
        )
    where = ", ".join(dict.fromkeys(parts))
    period = f"; requests {citation.in_force}" if citation.in_force else ""
    return f"{where}{period} [{CITATION_STATUS[citation.status]}]"


def say_fact(fact: ShownFact) -> str:
    """Return a fact with its value, and that it is assumed where nothing was said."""
    note = f" ({fact.value.note})" if fact.value.note else ""
    return f"{fact.label}: {say_value(fact.value, fact.type)}{note}"


def say_evidence(evidence: object) -> str:
    """Return a piece of evidence in a few words: document, date, page, place."""
    parts = [
        str(getattr(evidence, "document", None) or ""),
        str(getattr(evidence, "date", None) or ""),
        f"page {page}" if (page := getattr(evidence, "page", None)) else "",
        str(getattr(evidence, "place", None) or ""),
    ]
    return ", ".join(part for part in parts if part)


def say_quantity(quantity: Quantity | None) -> str:
    """Return a quantity with its unit."""
    if quantity is None or (quantity.low is None and quantity.high is None):
        return "not stated"
    low, high = quantity.low, quantity.high
    unit = quantity.unit.replace("_", " ")
    if low == high:
        return f"{low} {unit}" + ("" if low == 1 else "s")
    if high is None:
        return f"at least {low} {unit}s"
    return f"at most {high} {unit}s" if low is None else f"{low} to {high} {unit}s"
