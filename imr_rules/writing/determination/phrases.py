"""How a determination puts things: quotations, lists, blanks for the reviewer, places of the record, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from imr_rules._dates import PartialDate, days_in_words, spell_date
from imr_rules.case import Case, Document, Evidence
from imr_rules.rulebook.model import Citation
from imr_rules.writing.words import capital, say_document_kind, say_pages, say_place

BY_REVIEWER = "stated by the reviewer"
"""The place of a fact that a reviewer supplied; a letter of the reviewer's own has no need to say it."""


def ask(words: str) -> str:
    """Return a blank for the reviewer to fill in."""
    return f"[{words}]"


TO_CHECK = ask("check against the official text")
"""Stands behind a citation whose text was not read; the reviewer takes it away after looking."""


def plain(text: str) -> str:
    """Return text of a case on one line and without square brackets, which mark blanks."""
    return " ".join(text.split()).replace("[", "(").replace("]", ")")


def quote(text: str) -> str:
    """Return text of a case in quotation marks."""
    return f"“{plain(text)}”"


def sentence(text: str) -> str:
    """Return text with a capital at its beginning and a stop at its end."""
    text = text.strip()
    return capital(text) + ("" if text.endswith((".", "?", "!", "]")) else ".")


def listed(entries: Iterable[str]) -> str:
    """Return a list, one entry a line."""
    return "\n".join(f"- {entry}" for entry in entries)


def paragraphs(*parts: str | None) -> str:
    """Return paragraphs, those left out that say nothing."""
    return "\n\n".join(part for part in parts if part)


def cited(citation: Citation) -> str:
    """Return a citation as a letter gives it in full: document, regulation, section, page."""
    section = citation.section or ""
    regulation = (citation.regulation or "").partition(" (before")[0]
    document = "" if _is_code(citation) else _title(citation)
    places = say_place(regulation, section)
    return plain(", ".join(dict.fromkeys(filter(None, (document, *places, _pages(citation))))))


def where(citation: Citation) -> str:
    """Return a citation as a rationale gives it: the document and the place in it."""
    section = citation.section or ""
    if section.startswith("("):
        return plain(f"{citation.regulation or citation.document}{section}")
    if f" {section}" in f" {citation.regulation or ''}":
        section = ""
    title = _title(citation)
    named = title if title.partition(" ")[0] in ("A", "An", "The") else f"the {title}"
    document = "" if _is_code(citation) else named
    return plain(", ".join(filter(None, (document or citation.regulation, section, _pages(citation)))))


def _is_code(citation: Citation) -> bool:
    """Whether a document is the code that its regulation is a section of: then the section alone is cited."""
    code = (citation.regulation or "").rpartition(" ")[0]
    return bool(code) and citation.document.endswith(code)


_REMARK = re.compile(r"; .*$|, entries as recalled.*$|, superseded, .*$")


def _title(citation: Citation) -> str:
    """Return the title of a document without what a rulebook remarks on it, its dates as a letter writes them."""
    return days_in_words(_REMARK.sub("", citation.document))


def _pages(citation: Citation) -> str:
    return say_pages(citation.pages) if citation.pages else ""


def on_date(when: PartialDate) -> str:
    """Return a date with its preposition: ``on August 5, 2014``, ``in August 2014``."""
    return f"{'on' if when.day else 'in'} {spell_date(when)}"


class Places:
    """Names the places of a record in words: a document by what it is, never by the id it has in a file."""

    def __init__(self, case: Case) -> None:
        self._documents: Mapping[str, Document] = {each.id: each for each in case.documents or () if each.id}

    def say(self, evidence: Iterable[object]) -> str:
        """Return where statements stand, each place once: ``therapy notes of March 5, 2014, page 2``."""
        said = (self._one(each) for each in evidence if isinstance(each, Evidence))
        return "; ".join(dict.fromkeys(filter(None, said)))

    def _one(self, evidence: Evidence) -> str:
        document = self._documents.get(evidence.document or "")
        when = evidence.date or (document.date if document else None)
        kind = document.kind if document else ""
        named = "another document" if kind == "other" else say_document_kind(kind) if kind else ""
        place = plain(evidence.place) if evidence.place and evidence.place != BY_REVIEWER else ""
        if named:
            first = f"{_small(named)} of {spell_date(when)}" if when else _small(named)
        else:
            first = f"{place}, {spell_date(when)}" if place and when else spell_date(when) if when else ""
            place = "" if place and when else place
        page = f"page {evidence.page}" if evidence.page else ""
        return ", ".join(filter(None, (first, page, place)))


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
