"""A screening as a document: what is suggested for each item, on which grounds, and what is still to be found out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from imr_rules.expression.reference import Status
from imr_rules.screening import CriterionResult, ItemScreening, Screening
from imr_rules.screening.shown import Part
from imr_rules.writing.document import (
    Block,
    Bullets,
    Entry,
    Figure,
    Heading,
    Line,
    Paragraph,
    Report,
    Span,
    Style,
    Table,
    code,
    quiet,
    strong,
)
from imr_rules.writing.words import (
    MARKS,
    SUGGESTION_WORDS,
    TITLES,
    capital,
    say_basis,
    say_citation,
    say_documented,
    say_fact,
    say_open,
    say_quantities,
    say_question,
    say_rulebook,
    say_within_limits,
    standing,
)

if TYPE_CHECKING:
    from imr_rules.writing.charts.pictures import Picture

QUESTIONS = "To find out first"
DISCLAIMER = "A suggestion, not a decision: a physician's review is required."

_STYLES: Mapping[str, Style | None] = {
    "met": "good",
    "unmet": "bad",
    "undocumented": "open",
    "unknown": "open",
    "not_applicable": "quiet",
}
_TRUTHS: Mapping[bool | None, Span] = {
    True: Span("✓ true", "good"),
    False: Span("✗ false", "bad"),
    None: Span("? unknown", "open"),
}


def title_of(screening: Screening) -> str:
    """Return what to call the document of a screening."""
    return f"Screening of case {screening.case}" if screening.case else "Screening"


def screening_report(
    screening: Screening,
    *,
    title: str | None = None,
    everything: bool = False,
    pictures: Mapping[str, Sequence[Picture]] | None = None,
) -> Report:
    """Return a screening as a document.

    Args:
        screening: the screening.
        title: what to call it; its case's id unless given.
        everything: show every criterion with what each part of it came to, not only those that carry the
            suggestion, speak against it or block it.
        pictures: item id → its pictures.
    """
    return Report(
        title or title_of(screening),
        (
            *_overview(screening),
            *(
                block
                for item in screening.items
                for block in _item(item, everything, (pictures or {}).get(item.item, ()))
            ),
            Heading("About this screening"),
            Paragraph(DISCLAIMER),
            Paragraph(quiet(footing(screening))),
        ),
    )


def footing(screening: Screening) -> str:
    """Return what made a screening: rulebook, input and engine."""
    return f"{say_rulebook(screening.rulebook)}; input {screening.input_digest}; {screening.engine}."


def _overview(screening: Screening) -> Iterator[Block]:
    if len(screening.items) > 1:
        rows = ((item.item, SUGGESTION_WORDS[item.suggestion], item.service) for item in screening.items)
        yield Table(("Item", "Suggestion", "Service"), tuple(rows))


def _item(item: ItemScreening, everything: bool, pictures: Sequence[Picture]) -> Iterator[Block]:
    yield Heading(f"{item.item}: {item.service}")
    yield Paragraph(f"{capital(say_quantities(item))}.")
    yield Paragraph(strong(f"{TITLES[item.suggestion]}."))
    yield Paragraph(" ".join(filter(None, (item.headline, say_basis(item), say_within_limits(item)))))
    if item.lean is not None:
        yield Paragraph((strong("Lean: "), item.lean.headline))
    if item.questions:
        yield Bullets.of(map(say_open, item.questions), QUESTIONS)
    criteria = shown_criteria(item, everything=everything)
    if criteria:
        yield Bullets(tuple(_criterion(result, item, everything) for result in criteria))
    for title, entries in lists_of(item):
        yield Bullets.of(entries, title)
    for picture in pictures:
        yield Figure(picture.title, picture.alt, picture.svg)


def lists_of(item: ItemScreening) -> list[tuple[str, list[str]]]:
    """Return the lists after an item's criteria that hold something: each a title and its entries."""
    superseded = [
        f"{each.guideline}, by {each.by} ({say_citation(each.citation)})" for each in item.superseded
    ]
    lists = [
        (
            "Documented against the presumption that the guideline is right",
            [*map(say_documented, item.rebuttals)],
        ),
        ("The request would have to document", [*map(say_question, item.ask_for)]),
        ("Superseded here", superseded),
        ("Warnings", list(item.warnings)),
    ]
    return [(title, entries) for title, entries in lists if entries]


def matters(result: CriterionResult, item: ItemScreening) -> bool:
    """Whether a criterion carries the suggestion, speaks against it, or blocks it; a caution never blocks."""
    speaks = result.id in item.grounds or result.status in ("unmet", "undocumented")
    return speaks or (result.status == "unknown" and result.kind != "caution")


def shown_criteria(item: ItemScreening, *, everything: bool = False) -> list[CriterionResult]:
    """Return the criteria of an item that a report shows, all or those that matter: grounds first, cautions last."""
    grounds = item.grounds or (item.lean.grounds if item.lean else ())
    shown = [each for each in item.criteria if everything or matters(each, item)]
    return sorted(shown, key=lambda each: (each.id not in grounds, each.kind == "caution"))


def facts_shown(result: CriterionResult, *, everything: bool) -> list[str]:
    """Return a criterion's facts in words: all, or those that can be looked up or are not plainly known."""
    return [
        say_fact(fact)
        for fact in result.facts
        if everything or fact.value.evidence or fact.value.note or not fact.value.exact
    ]


def reason_entry(result: CriterionResult, item: ItemScreening, inner: tuple[Block, ...] = ()) -> Entry:
    """Return a criterion as an entry of a list: how it stands, and why."""
    said: Line = (strong(standing(result, item)), f": {result.reason}")
    return Entry(said, inner, mark_of(result.status))


def mark_of(status: Status) -> Span:
    """Return the mark of a status, in its color."""
    return Span(MARKS[status], _STYLES[status])


def _criterion(result: CriterionResult, item: ItemScreening, everything: bool) -> Entry:
    below = [Entry(quiet(say_citation(result.citation)))]
    below += [Entry(fact) for fact in facts_shown(result, everything=everything)]
    if everything:
        for title, part in zip(("governs when", "requires"), result.working.shown(), strict=True):
            if part.text != "true":
                below.append(Entry(title, (Bullets((_part(part),)),)))
    below.append(Entry(code(result.id)))
    return reason_entry(result, item, (Bullets(tuple(below)),))


def _part(part: Part) -> Entry:
    said = ", ".join(f"{name} {value}" for name, value in part.facts.items())
    inner = (Bullets(tuple(map(_part, part.parts))),) if part.parts else ()
    return Entry((code(part.text), f" ({said})" if said else ""), inner, _TRUTHS[part.truth])
