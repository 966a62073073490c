"""What columnar says of whole cases, and what ``screen()`` says of them, in the same form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from imr_rules import Case, Rulebook
from imr_rules.batch import flat_rows
from imr_rules.batch.flatten import as_batch
from imr_rules.engines.columnar import OUTPUT, ColumnarEvaluator
from imr_rules.screening import ItemScreening


def said(item: ItemScreening) -> dict[str, Any]:
    """Return what ``screen()`` says of an item, as a row of what columnar gives."""
    return {
        "item": item.item,
        "treatment": item.treatment,
        "suggestion": item.suggestion,
        "grounds": list(item.grounds),
        "review_reasons": list(item.review_reasons),
        "lean": item.lean.suggestion if item.lean else None,
        "lean_rests_on": list(item.lean.rests_on) if item.lean else [],
        "questions": _facts_asked(item),
        "tier": item.tier,
        "statuses": {each.id: each.status for each in item.criteria},
        "missing": [each.fact for each in item.missing],
        "ask_for": [each.fact for each in item.ask_for],
    }


def _facts_asked(item: ItemScreening) -> list[str]:
    """Return the facts asked for; none beside a contradiction, which flat facts do not tell and ``screen()`` asks about first."""
    return [] if "contradiction" in item.review_reasons else [each.fact for each in item.questions]


def judged(
    cases: Iterable[Case], rulebook: Rulebook, evaluate: ColumnarEvaluator | None = None
) -> list[dict[str, Any]]:
    """Return what columnar says of the items of some cases, in one batch."""
    rows = [
        row | {"case": f"c{number}"} for number, case in enumerate(cases) for row in flat_rows(case, rulebook)
    ]
    found = (evaluate or ColumnarEvaluator(rulebook, OUTPUT.names))(
        as_batch(rows, dict(rulebook.vocabulary.facts))
    )
    assert found.column("rejected").null_count == found.num_rows
    dropped = ("case", "rulebook_digest", "input_digest", "rejected")
    every = [
        {name: value for name, value in row.items() if name not in dropped}
        for row in found.to_pylist(maps_as_pydicts="strict")
    ]
    return [comparable(row) for row in every]


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the questions that are compared."""
    return row | {"questions": []} if "contradiction" in row["review_reasons"] else row
