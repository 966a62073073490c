"""A screening as Markdown, for a file or a letter's draft."""

from __future__ import annotations

from imr_rules.screening import CriterionResult, ItemScreening, Screening
from imr_rules.words import MARKS, STATUS_WORDS, say_citation, say_evidence, say_fact, say_quantity

__all__ = ["to_markdown"]

_TITLES = {"uphold": "Supports upholding", "overturn": "Supports overturning", "needs_review": "Needs review"}


def to_markdown(screening: Screening, *, everything: bool = False) -> str:
    """Return a screening as Markdown.

    Args:
        screening: the screening.
        everything: show every criterion, not only those that carry the suggestion or block it.
    """
    lines = ["# Screening" + (f" of case {screening.case}" if screening.case else ""), ""]
    for item in screening.items:
        lines += _item(item, everything)
    lines += [
        "---",
        "",
        "A suggestion, not a decision: a physician's review is required.",
        f"Rulebook {screening.rulebook_version} ({screening.rulebook_digest}); input {screening.input_digest}; "
        f"{screening.engine}.",
        "",
    ]
    return "\n".join(lines)


def _item(item: ItemScreening, everything: bool) -> list[str]:
    lines = [
        f"## {item.item}: {item.service}",
        "",
        f"**{_TITLES[item.suggestion]}.** {item.headline}",
        "",
        f"Asked {say_quantity(item.asked)}; authorised {say_quantity(item.authorised)}; "
        f"in dispute {say_quantity(item.in_dispute)}.",
        "",
    ]
    shown = [result for result in item.criteria if everything or matters(result, item)]
    for result in shown:
        lines += _criterion(result, result.id in item.grounds)
    if item.quantity_within_limits is not None:
        lines += [
            f"Within the limits: {say_quantity(item.quantity_within_limits)} of what is in dispute.",
            "",
        ]
    for title, facts in (("Missing", item.missing), ("To be documented", item.ask_for)):
        if facts:
            lines += [f"{title}:", "", *(f"- {fact.label}: {fact.asks}" for fact in facts), ""]
    if item.superseded:
        lines += [
            "Superseded here:",
            "",
            *(f"- {each.guideline}, by {each.by}" for each in item.superseded),
            "",
        ]
    if item.warnings:
        lines += ["Warnings:", "", *(f"- {warning}" for warning in item.warnings), ""]
    return lines


def matters(result: CriterionResult, item: ItemScreening) -> bool:
    """Whether a criterion carries the suggestion, speaks against it, or blocks it."""
    return result.id in item.grounds or result.status in ("unmet", "undocumented", "unknown")


def _criterion(result: CriterionResult, ground: bool) -> list[str]:
    role = "ground" if ground else result.kind if result.kind == "caution" else ""
    head = f"- {MARKS[result.status]} {STATUS_WORDS[result.status]}" + (f" ({role})" if role else "")
    lines = [f"{head}: {result.reason}", f"  - {say_citation(result.citation)}"]
    for fact in result.facts:
        found = [say_evidence(each) for each in fact.value.evidence]
        lines.append(f"  - {say_fact(fact)}" + (f" — {'; '.join(filter(None, found))}" if any(found) else ""))
    return [*lines, ""]
