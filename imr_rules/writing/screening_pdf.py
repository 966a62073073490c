"""A screening as PDF, set by Typst (the extra ``page``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from imr_rules.screening import CriterionResult, ItemScreening, Screening
from imr_rules.writing._typst import typeset
from imr_rules.writing.screening_report import (
    QUESTIONS,
    facts_shown,
    footing,
    lists_of,
    shown_criteria,
    title_of,
)
from imr_rules.writing.words import (
    say_basis,
    say_citation,
    say_open,
    say_quantity,
    say_within_limits,
    standing,
)

if TYPE_CHECKING:
    from imr_rules.writing.charts.pictures import Picture


def to_pdf(
    screening: Screening, pictures: Mapping[str, Sequence[Picture]] | None = None, *, everything: bool = False
) -> bytes:
    """Return a screening as PDF: US Letter, tagged; the same screening gives the same bytes.

    Args:
        screening: the screening.
        pictures: item id → its pictures.
        everything: every criterion, and not only those that carry the suggestion, speak against it or block it.

    Raises:
        InputError: Typst is not installed.
    """
    data = {
        "title": title_of(screening),
        "items": [_item(each, (pictures or {}).get(each.item, ()), everything) for each in screening.items],
        "footing": footing(screening),
    }
    return typeset("imr_rules.writing", "screening.typ", data)


def _item(item: ItemScreening, pictures: Sequence[Picture], everything: bool) -> dict[str, Any]:
    amounts = (("Asked", item.asked), ("Authorized", item.authorized), ("In dispute", item.in_dispute))
    lean = f"Lean: {item.lean.headline}" if item.lean else None
    return {
        "name": item.item,
        "service": item.service,
        "figures": [[label, say_quantity(amount)] for label, amount in amounts],
        "headline": item.headline,
        "basis": [line for line in (lean, say_basis(item), say_within_limits(item)) if line],
        "questions": {"title": QUESTIONS, "entries": [*map(say_open, item.questions)]},
        "criteria": [
            _criterion(each, item, everything) for each in shown_criteria(item, everything=everything)
        ],
        "lists": [{"title": title, "entries": entries} for title, entries in lists_of(item)],
        "pictures": [{"title": each.title, "alt": each.alt, "svg": each.svg} for each in pictures],
    }


def _criterion(result: CriterionResult, item: ItemScreening, everything: bool) -> dict[str, Any]:
    return {
        "status": result.status,
        "standing": standing(result, item),
        "reason": result.reason,
        "citation": say_citation(result.citation),
        "facts": facts_shown(result, everything=everything),
        "id": result.id,
    }
