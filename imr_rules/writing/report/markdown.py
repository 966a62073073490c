"""A screening as Markdown, for a file or a letter's draft."""

from __future__ import annotations

from imr_rules.screening import CriterionResult, ItemScreening, Screening
from imr_rules.screening.shown import Part
from imr_rules.writing.words import (
    MARKS,
    TITLES,
    TRUTH_MARKS,
    say_basis,
    say_citation,
    say_documented,
    say_fact,
    say_quantities,
    say_question,
    say_within_limits,
    standing,
)

__all__ = ["lists_of", "matters", "to_markdown", "worth_showing"]


def to_markdown(screening: Screening, *, everything: bool = False) -> str:
    """Return a screening as Markdown.

    Args:
        screening: the screening.
        everything: show every criterion with what each part of it came to, not only those that carry the
            suggestion, speak against it or block it.
    """
    lines = ["# Screening" + (f" of case {screening.case}" if screening.case else ""), ""]
    for item in screening.items:
        lines += _item(item, everything)
    lines += [
        "---",
        "",
        "A suggestion, not a decision: a physician's review is required.",
        f"Rulebook {screening.rulebook.version} ({screening.rulebook.digest}); input {screening.input_digest}; "
        f"{screening.engine}.",
        "",
    ]
    return "\n".join(lines)


def _item(item: ItemScreening, everything: bool) -> list[str]:
    quantities = say_quantities(item)
    lines = [
        f"## {item.item}: {_flat(item.service)}",
        "",
        f"**{TITLES[item.suggestion]}.** {item.headline}",
        "",
        f"{quantities[0].upper()}{quantities[1:]}.",
        "",
    ]
    for line in filter(None, (say_basis(item), say_within_limits(item))):
        lines += [line, ""]
    for result in item.criteria:
        if everything or matters(result, item):
            lines += _criterion(result, item, everything)
    for title, entries in lists_of(item):
        if entries:
            lines += [f"{title}:", "", *(f"- {_flat(entry)}" for entry in entries), ""]
    return lines


def lists_of(item: ItemScreening) -> list[tuple[str, list[str]]]:
    """Return what is listed after an item's criteria: a title, and its entries; empty ones too."""
    superseded = [
        f"{each.guideline}, by {each.by} ({say_citation(each.citation)})" for each in item.superseded
    ]
    return [
        (
            "Documented against the presumption that the guideline is right",
            [say_documented(each) for each in item.rebuttals],
        ),
        ("To be found out", [say_question(each) for each in item.missing]),
        ("The request would have to document", [say_question(each) for each in item.ask_for]),
        ("Superseded here", superseded),
        ("Warnings", list(item.warnings)),
    ]


def matters(result: CriterionResult, item: ItemScreening) -> bool:
    """Whether a criterion carries the suggestion, speaks against it, or blocks it."""
    return result.id in item.grounds or result.status in ("unmet", "undocumented", "unknown")


def worth_showing(result: CriterionResult, *, everything: bool) -> list[str]:
    """Return a criterion's facts in words: all, or those that can be looked up or are not plainly known."""
    return [
        say_fact(fact)
        for fact in result.facts
        if everything or fact.value.evidence or fact.value.note or not fact.value.exact
    ]


def _criterion(result: CriterionResult, item: ItemScreening, everything: bool) -> list[str]:
    lines = [
        f"- {MARKS[result.status]} **{standing(result, item)}**: {_flat(result.reason)}",
        f"  - {say_citation(result.citation)}",
        *(f"  - {_flat(fact)}" for fact in worth_showing(result, everything=everything)),
    ]
    if everything:
        for title, part in zip(("governs when", "requires"), result.working.shown(), strict=True):
            if part.text != "true":
                lines += [f"  - {title}", *_part(part, "    ")]
    return [*lines, f"  - `{result.id}`", ""]


def _part(part: Part, indent: str) -> list[str]:
    said = ", ".join(f"{name} {value}" for name, value in part.facts.items())
    lines = [f"{indent}- {TRUTH_MARKS[part.truth]}: `{part.text}`" + (f" ({said})" if said else "")]
    for inner in part.parts:
        lines += _part(inner, indent + "  ")
    return lines


def _flat(text: str) -> str:
    """Return text of a case on one line, so that it cannot begin a heading or a list."""
    return " ".join(text.split())
