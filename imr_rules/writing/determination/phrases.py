"""How a determination puts things: quotations, lists, blanks for the reviewer, facts with their place."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence

from imr_rules._dates import PartialDate
from imr_rules.expression.values import say_value
from imr_rules.rulebook.model import Citation
from imr_rules.screening.shown import ShownFact
from imr_rules.writing.words import CITATION_STATUS, say_citation, say_date, say_evidence

__all__ = [
    "ask",
    "cited",
    "fact",
    "in_short",
    "join",
    "listed",
    "paragraphs",
    "plain",
    "quote",
    "sentence",
    "spell_date",
    "to_verify",
]


def ask(words: str) -> str:
    """Return a blank for the reviewer to fill in."""
    return f"[{words}]"


def plain(text: str) -> str:
    """Return text of a case on one line and without square brackets, which mark blanks."""
    return " ".join(text.split()).replace("[", "(").replace("]", ")")


def quote(text: str) -> str:
    """Return text of a case in quotation marks."""
    return f"“{plain(text)}”"


def sentence(text: str) -> str:
    """Return text with a capital at its beginning and a stop at its end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!", "]")) else ".")


def listed(entries: Iterable[str]) -> str:
    """Return a list, one entry a line."""
    return "\n".join(f"- {entry}" for entry in entries)


def paragraphs(*parts: str | None) -> str:
    """Return paragraphs, those left out that say nothing."""
    return "\n\n".join(part for part in parts if part)


def join(words: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def fact(shown: ShownFact) -> str:
    """Return a fact with its value and the place in the record where it stands."""
    said, note = say_value(shown.value, shown.type), shown.value.note
    if note and note == said:
        said = "not known"
    places = [plain(place) for place in dict.fromkeys(filter(None, map(say_evidence, shown.value.evidence)))]
    remarks = "; ".join([*([plain(note)] if note else []), *places])
    return f"{shown.label}: {plain(said)}" + (f" ({remarks})" if remarks else "")


def cited(citation: Citation) -> str:
    """Return a citation as a letter gives it: document, regulation, section, page."""
    return plain(say_citation(citation).rsplit(" [", 1)[0].split("; requests ", 1)[0])


def in_short(citation: Citation) -> str:
    """Return a citation as a reason gives it, after the guideline was named in full: section and page."""
    section = citation.section or ""
    words = f"{citation.regulation or citation.document}{section}" if section.startswith("(") else section
    pages = ", ".join(map(str, citation.pages))
    page = f"page{'s' if len(citation.pages) > 1 else ''} {pages}" if pages else ""
    return plain(", ".join(filter(None, (words or citation.regulation or citation.document, page))))


def to_verify(citation: Citation) -> str | None:
    """Return the blank that asks the reviewer to check a citation; None where it was read in the text."""
    if citation.status == "read":
        return None
    if citation.status == "practice":
        return ask("no guideline text says this, reviewers reason so: confirm that it applies here")
    return ask(f"check in the official text: {CITATION_STATUS[citation.status]}")


def spell_date(when: PartialDate) -> str:
    """Return a date as a letter writes it: ``5 August 2014``, ``August 2014``."""
    whole = when.whole
    return f"{whole.day} {calendar.month_name[whole.month]} {whole.year}" if whole else say_date(when)
