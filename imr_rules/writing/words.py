"""How statuses and suggestions are shown: a mark and a word each, so that neither rests on color."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from imr_rules._dates import days_in_words, say_date, say_days
from imr_rules._units import count_in_words, counted_as
from imr_rules.case import Amount, BodyPart, Evidence
from imr_rules.expression.values import NONE_SAID, say_value
from imr_rules.rulebook.model import Citation
from imr_rules.rulebook.questions import OpenQuestion
from imr_rules.screening import AskedFact, CriterionResult, ItemScreening, Quantity, RulebookName
from imr_rules.screening.result import Rebuttal
from imr_rules.screening.shown import ShownFact

TITLES = {
    "uphold": "Supports upholding the denial",
    "overturn": "Supports overturning the denial",
    "needs_review": "Needs review",
}

SUGGESTION_WORDS = {"uphold": "uphold", "overturn": "overturn", "needs_review": "needs review"}
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
    "recalled": "recalled from memory, to be verified",
    "practice": "reviewers' practice",
}


def capital(words: str) -> str:
    """Return words that begin with a capital letter."""
    return words[:1].upper() + words[1:]


def join(words: Sequence[str], word: str = "and") -> str:
    """Return ``a, b and c``; semicolons stand between parts that hold a list themselves."""
    if len(words) < 2:
        return "".join(words)
    nested = any(mark in each.partition("(")[0] for each in words for mark in (", ", " and ", " or "))
    between = "; " if nested else ", "
    return f"{between.join(words[:-1])}{';' if nested else ''} {word} {words[-1]}"


def standing(result: CriterionResult, item: ItemScreening) -> str:
    """Return how a criterion stands in a screening: ``Ground 1, not met``, ``Caution, unknown``, ``Met``."""
    status = STATUS_WORDS[result.status]
    if result.id in item.grounds:
        return f"Ground {item.grounds.index(result.id) + 1}, {status}"
    return f"Caution, {status}" if result.kind == "caution" else capital(status)


def say_basis(item: ItemScreening) -> str | None:
    """Return by what an item was judged, and how its edition was established; None where by nothing."""
    window, judged_by = item.edition.window, item.judged_by
    if window is None or judged_by is None:
        return None
    days = say_days(window.first, None if window.last == date.max else window.last)
    if item.edition.basis == "cited_edition":
        return f"Judged by {judged_by}, in the edition both sides cite: requests of {days}."
    step = "request" if item.edition.basis == "request_date" else "utilization-review decision"
    return f"Judged by {judged_by}, as of the date of the {step}: {days}."


def say_citation(citation: Citation) -> str:
    """Return a citation in one line: document, place, time in force, and how it is known."""
    parts = [days_in_words(citation.document), *say_place(citation.regulation or "", citation.section or "")]
    if citation.pages:
        parts.append(say_pages(citation.pages))
    where = ", ".join(dict.fromkeys(parts))
    period = f"; requests from {say_days(*citation.in_force)}" if citation.in_force else ""
    layer = f"; layer {citation.layer}" if citation.layer else ""
    return f"{where}{period} [{CITATION_STATUS[citation.status]}{layer}]"


def say_place(regulation: str, section: str) -> list[str]:
    """Return a regulation and a section of it, the number once: ``8 CCR 9792.24.3(c)(3)``, ``8 CCR 9792.24.2, Opioids``."""
    number = regulation.partition(" (")[0].rpartition(" ")[2]
    if section.startswith("("):
        return [regulation + section]
    if number and (section == number or section.startswith(f"{number}(")):
        return [regulation.replace(number, section, 1)]
    return [each for each in (regulation, section) if each]


def say_pages(pages: Sequence[int]) -> str:
    """Return pages as they are cited: ``page 23``, ``pages 76 and 77``, ``pages 30 to 33``."""
    if len(pages) > 2 and pages[-1] - pages[0] == len(pages) - 1:
        return f"pages {pages[0]} to {pages[-1]}"
    return f"page{'s' if len(pages) > 1 else ''} {join([*map(str, pages)])}"


def say_rulebook(rulebook: RulebookName) -> str:
    """Return which rulebook and which layers over it made an answer."""
    over = ", ".join(f"{each.layer} {each.version}" for each in rulebook.layers)
    return f"Rulebook {rulebook.version}{f' with {over} over it' if over else ''} ({rulebook.digest})"


def say_fact(fact: ShownFact) -> str:
    """Return a fact with its value, what is remarked on it, and where in the record it stands."""
    said, note = say_value(fact.value, fact.type), fact.value.note
    if note and note == said:
        said, note = ("not known", note) if fact.value.state == "missing" else (said, "")
    places = "; ".join(filter(None, map(say_evidence, fact.value.evidence)))
    return f"{fact.label}: {said}" + (f" ({note})" if note else "") + (f" [{places}]" if places else "")


def say_documented(fact: Rebuttal) -> str:
    """Return a fact that is documented, and where in the record."""
    places = "; ".join(map(say_evidence, fact.evidence))
    return f"{fact.label}: yes" + (f" [{places}]" if places else "")


def say_evidence(evidence: object) -> str:
    """Return a piece of evidence in a few words: document, date, page, place."""
    if not isinstance(evidence, Evidence):
        return ""
    parts = [
        evidence.document,
        say_date(evidence.date) if evidence.date else None,
        f"page {evidence.page}" if evidence.page else None,
        evidence.place,
    ]
    return ", ".join(part for part in parts if part)


def say_body_part(part: BodyPart) -> str:
    """Return a body part as it is read: ``left shoulder``, ``low back, L4-5``."""
    region = part.region.replace("_", " ")
    side = f"{part.side} " if part.side else ""
    return f"{side}{region}" + (f", {part.level}" if part.level else "")


_DOCUMENTS = {
    "request": "Request for authorization",
    "utilization_review": "Utilization-review decision",
    "imr_application": "Application for independent medical review",
    "first_report": "First report of injury",
    "medical_legal": "Medical-legal report",
    "permanent_stationary": "Permanent and stationary report",
    "other": "Other document",
}


def say_document_kind(kind: str) -> str:
    """Return the kind of a document as it is read."""
    return _DOCUMENTS.get(kind) or kind.replace("_", " ").capitalize()


def say_question(fact: AskedFact) -> str:
    """Return the question that supplies a fact, and the name to give it by."""
    return f"{fact.asks} ({fact.fact})"


def say_open(question: OpenQuestion) -> str:
    """Return a question whose answer helps to decide, with both sides where the record contradicts itself."""
    sides = []
    for side in question.conflict:
        places = "; ".join(filter(None, map(say_evidence, side.evidence)))
        sides.append(side.value + (f" [{places}]" if places else ""))
    found = f" The record says {' and '.join(sides)}." if sides else ""
    return f"{question.asks} ({question.fact}){found}"


def say_quantities(item: ItemScreening) -> str:
    """Return what was asked, what was authorized of it, and what remains in dispute."""
    parts = (("asked", item.asked), ("authorized", item.authorized), ("in dispute", item.in_dispute))
    if all(each.assumed or (each.low is None and each.high is None) for _, each in parts):
        return "no quantity stated"
    return "; ".join(f"{name} {say_quantity(each)}" for name, each in parts)


def say_within_limits(item: ItemScreening) -> str | None:
    """Return how much of what is in dispute the limits leave room for; None where that cannot be said."""
    within, disputed = item.quantity_within_limits, item.in_dispute
    if within is None:
        return None
    if within.high == 0:
        share = "none"
    elif (within.low, within.high) == (disputed.low, disputed.high) and counted_as(within.unit) == counted_as(
        disputed.unit
    ):
        share = "all"
    else:
        share = say_quantity(within)
    return f"Within the limits: {share} of what is in dispute."


def say_count(statements: Iterable[Amount] | None) -> str | None:
    """Return a count as the record has it: ``12``, ``4 to 6``, ``at least 4``; None where it gives no number."""
    found: dict[str, None] = {}
    for each in statements or ():
        low, high = (each.value, each.value) if each.value is not None else (each.at_least, each.at_most)
        if low is not None or high is not None:
            found[count_in_words(low, high)] = None
    return " or ".join(found) + (" (the documents disagree)" if len(found) > 1 else "") or None


def say_quantity(quantity: Quantity) -> str:
    """Return a quantity with its unit."""
    low, high = quantity.low, quantity.high
    if low is None and high is None:
        return "not stated"
    if quantity.assumed:
        return NONE_SAID
    return count_in_words(low, high, quantity.unit)
