"""Answers as text for a terminal. Every mark has its word beside it, so nothing rests on color."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from imr_rules.expression.values import say_value
from imr_rules.screening import CriterionResult, ItemScreening, Screening
from imr_rules.screening.shown import Part
from imr_rules.writing.report import lists_of, matters, worth_showing
from imr_rules.writing.words import (
    MARKS,
    TITLES,
    TRUTH_MARKS,
    say_basis,
    say_citation,
    say_quantities,
    say_question,
    say_within_limits,
    standing,
)

if TYPE_CHECKING:
    from imr_rules.rulebook.dictionary import FactSpec
    from imr_rules.rulebook.overview import GuidelineShown
    from imr_rules.screening.result import ItemWhatIf, Way

__all__ = ["facts_text", "rules_text", "screening_text", "what_if_text"]

WIDTH = 100
_SHORT = {"uphold": "uphold", "overturn": "overturn", "needs_review": "needs review"}
_COLORS = {"unmet": "31", "undocumented": "33", "unknown": "33", "met": "32", "not_applicable": "2"}


def _wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent if hanging is None else hanging,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


def _color(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if _colorful() else text


def _colorful() -> bool:
    import os

    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def screening_text(screening: Screening, file: str, *, everything: bool = False) -> str:
    """Return a screening as text.

    Args:
        screening: the screening.
        file: what to call the case.
        everything: show every criterion with what each part of it came to, not only those that carry the
            suggestion, speak against it or block it.
    """
    lines = [file, ""]
    if len(screening.items) > 1:
        width = max(len(item.item) for item in screening.items)
        lines += [
            _wrap(
                f"{item.item:{width}}  {_SHORT[item.suggestion]:12}  {item.service}", "  ", " " * (width + 18)
            )
            for item in screening.items
        ]
        lines.append("")
    for item in screening.items:
        lines += _item(item, everything)
    lines += [
        "A suggestion, not a decision: a physician's review is required.",
        f"rulebook {screening.rulebook.version} {screening.rulebook.digest[:19]}  input {screening.input_digest[:19]}",
        f"engine   {screening.engine}",
    ]
    return "\n".join(lines)


def _item(item: ItemScreening, everything: bool) -> list[str]:
    lines = [
        _wrap(f"{item.item}: {item.service}"),
        _wrap(say_quantities(item), "  "),
        "",
        "  " + _color(TITLES[item.suggestion].upper(), "1"),
        *(_wrap(line, "  ") for line in (item.headline, say_basis(item), say_within_limits(item)) if line),
        "",
    ]
    for result in item.criteria:
        if everything or matters(result, item):
            lines += [*_criterion(result, item, everything), ""]
    for title, entries in lists_of(item):
        mark = "!" if title == "Warnings" else "·"
        if entries:
            lines += [f"  {title}:", *(_wrap(f"{mark} {entry}", "    ", "      ") for entry in entries), ""]
    return lines


def _criterion(result: CriterionResult, item: ItemScreening, everything: bool) -> list[str]:
    mark = f"{MARKS[result.status]} {standing(result, item)}:"
    reason = _wrap(f"{mark} {result.reason}", "  ", "    ")
    lines = [
        reason.replace(mark, _color(mark, _COLORS[result.status]), 1),
        _wrap(say_citation(result.citation), "      "),
        *(_wrap(f"· {fact}", "      ", "        ") for fact in worth_showing(result, everything=everything)),
    ]
    if everything:
        for title, part in zip(("governs when", "requires"), result.working.shown(), strict=True):
            if part.text != "true":
                lines += [f"      {title}", *_part(part, "        ")]
    return [*lines, f"      {_color(result.id, '2')}"]


def _part(part: Part, indent: str) -> list[str]:
    mark = f"{TRUTH_MARKS[part.truth]:9}"
    said = ", ".join(f"{name} {value}" for name, value in part.facts.items())
    text = f"{mark}  {part.text}" + (f"   ({said})" if said else "")
    lines = [_wrap(text, indent, indent + " " * 13)]
    for inner in part.parts:
        lines += _part(inner, indent + "  ")
    return lines


def what_if_text(items: Iterable[ItemWhatIf], file: str) -> str:
    """Return what would decide and what would flip each item, as text."""
    lines = [file, ""]
    for item in items:
        lines += [
            f"{item.item}",
            "  " + _color(TITLES[item.suggestion].upper(), "1"),
            _wrap(item.headline, "  "),
            "",
        ]
        for title, facts in (
            ("First to be found out", item.missing),
            ("Would settle it, whatever the answer", item.settles),
        ):
            if facts:
                lines += [
                    f"  {title}:",
                    *(_wrap(f"· {say_question(fact)}", "    ", "      ") for fact in facts),
                    "",
                ]
        for title, ways in (("Would decide it", item.decides), ("Would change it", item.flips)):
            if ways:
                said = (f"→ {_SHORT[way.suggestion]}, with {_changes(way)}" for way in ways)
                lines += [f"  {title}:", *(_wrap(each, "    ", "      ") for each in said), ""]
        if not (item.missing or item.settles or item.decides or item.flips):
            lines += ["  Nothing that the rules ask for would change this.", ""]
        if item.bounded:
            lines += ["  The search stopped at its bound; there may be more.", ""]
    return "\n".join(lines).rstrip()


def _changes(way: Way) -> str:
    return "; ".join(
        f"{each.label} {say_value(each.then.value, each.then.type)}"
        + (
            f" (now {say_value(each.now.value, each.now.type)})"
            if each.now.value.state in ("known", "bounded")
            else ""
        )
        for each in way.changes
    )


def facts_text(facts: Sequence[FactSpec]) -> str:
    """Return dictionary entries as text, by domain."""
    lines: list[str] = []
    silence = {
        "against_request": "silence counts against the request",
        "absent": "silence means absent",
        "unknown": "silence leaves it unknown",
    }
    for domain in dict.fromkeys(spec.domain for spec in facts):
        lines += [domain, ""]
        for spec in facts:
            if spec.domain == domain:
                lines += [
                    f"  {spec.name} ({_type_words(spec)}; {silence[spec.silence]})",
                    _wrap(spec.asks, "      "),
                    "",
                ]
    return "\n".join(lines).rstrip()


def _type_words(spec: FactSpec) -> str:
    kind = spec.type
    if kind.kind == "boolean":
        return "yes or no"
    if kind.kind == "date":
        return "date"
    if kind.kind == "choice":
        return (
            "one of " + ", ".join(sorted(kind.choices))
            if len(kind.choices) <= 8
            else f"one of {len(kind.choices)} words"
        )
    return f"{kind.unit or 'number'}, {kind.low} to {kind.high}"


def rules_text(guidelines: Sequence[GuidelineShown]) -> str:
    """Return guidelines as text."""
    lines: list[str] = []
    for each in guidelines:
        lines += [
            each.guideline,
            _wrap(each.title, "  "),
            f"  requests {each.requests}",
            _wrap(each.citation, "  ", "    "),
        ]
        if each.when:
            otherwise = ", elsewhere by analogy" if each.by_analogy else ""
            lines.append(_wrap(f"applies when {each.when}{otherwise}", "  ", "    "))
        lines += [_wrap(f"supersedes {other}", "  ", "    ") for other in each.supersedes]
        if not each.known:
            lines.append("  its criteria are not known to this rulebook: needs review")
        for limit in each.limits:
            lines.append(_wrap(f"limit {limit.name}: {limit.amounts} [{limit.status}]", "  ", "    "))
        for criterion in each.criteria:
            when = f" when {criterion.when}" if criterion.when else ""
            said = f"{criterion.id}{when}: {criterion.require} [{criterion.status}]"
            lines.append(_wrap(said, "  ", "    "))
        lines.append("")
    lines.append(f"{len(guidelines)} guideline{'' if len(guidelines) == 1 else 's'}")
    return "\n".join(lines)
