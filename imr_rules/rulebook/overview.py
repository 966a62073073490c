"""Guidelines and facts as plain data for people to read: limits, dates, citations, questions."""

from __future__ import annotations

from typing import Any

from imr_rules._units import PLURALS
from imr_rules.expression.values import FactType, say_range
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.model import Guideline, Limit

__all__ = ["fact_as_data", "guideline_as_data", "say_amounts"]


def guideline_as_data(guideline: Guideline, status: str | None = None) -> dict[str, Any]:
    """Return a guideline as plain data.

    Args:
        guideline: the guideline.
        status: keep only limits and criteria that are known this way.
    """
    source = guideline.source
    pages = ""
    if guideline.pages:
        pages = f", {'page' if len(guideline.pages) == 1 else 'pages'} {', '.join(map(str, guideline.pages))}"
    regulation = f", {source.regulation}" if source.regulation else ""
    return {
        "guideline": guideline.id,
        "title": guideline.title,
        "tier": source.tier,
        "treatments": list(guideline.treatments),
        "requests": {
            "from": str(guideline.requests.first),
            "to": str(guideline.requests.last) if guideline.requests.last else None,
        },
        "citation": f"{source.document}{regulation}, {guideline.section or guideline.title}{pages}",
        "when": guideline.applies_text,
        "by_analogy": guideline.by_analogy,
        "known": guideline.known,
        "note": guideline.note,
        "limits": [
            row
            for limit in guideline.limits.values()
            for row in _limit_rows(limit)
            if status in (None, row["status"])
        ],
        "criteria": [
            {
                "id": criterion.name,
                "require": criterion.require_text,
                "when": criterion.when_text,
                "kind": criterion.kind,
                "status": criterion.citation.status,
                "source": criterion.citation.source,
                "section": criterion.citation.section,
                "pages": list(criterion.citation.pages),
            }
            for criterion in guideline.criteria
            if status in (None, criterion.citation.status)
        ],
        "supersedes": [each.guideline for each in guideline.supersedes],
    }


def _limit_rows(limit: Limit) -> list[dict[str, Any]]:
    rows = [(limit.name, limit.amounts, limit.status, limit.pages, limit.note)] if not limit.rows else []
    rows += [
        (f"{limit.name} ({row.label})", row.amounts, row.status, row.pages, row.note)
        for row in limit.every_row
    ]
    return [
        {
            "name": name,
            "amounts": say_amounts(amounts),
            "status": status,
            "pages": list(pages or ()),
            "note": note,
        }
        for name, amounts, status, pages, note in rows
    ]


def say_amounts(amounts: dict[str, tuple[int, int]]) -> str:
    """Return the numbers of a limit in words: ``6 to 10 visits, 5 to 6 weeks``."""
    return ", ".join(
        f"{say_range(*extent)} {(PLURALS[plural] if extent == (1, 1) else plural).replace('_', ' ')}"
        for plural, extent in amounts.items()
    )


def fact_as_data(spec: FactSpec) -> dict[str, Any]:
    """Return a fact of the dictionary as plain data: its question, its type, what silence about it means."""
    return {
        "name": spec.name,
        "label": spec.label,
        "type": spec.type.kind,
        **_type_as_data(spec.type),
        "asks": spec.asks,
        "silence": spec.silence,
        "domain": spec.domain,
        "derived": spec.derived,
        "source": spec.source,
    }


def _type_as_data(kind: FactType) -> dict[str, Any]:
    if kind.kind == "integer":
        return {"unit": kind.unit, "between": [kind.low, kind.high]}
    return {"one_of": sorted(kind.choices)} if kind.kind == "choice" else {}
