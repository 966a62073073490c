"""Every change that ``what_if`` shows is the engine's own word: derived again from the record, and judged again."""

from __future__ import annotations

from pathlib import Path

import pytest

from imr_rules import Case, Rulebook, screen, what_if
from imr_rules.facts.derive import derive
from imr_rules.screening import PreparedItem, prepare_item
from tests.paths import ROOT

DETERMINATIONS = sorted((ROOT / "fixtures" / "determinations").glob("*.yaml"))


@pytest.mark.parametrize("path", DETERMINATIONS[::8], ids=lambda path: path.stem)
def test_every_way_that_is_shown_comes_out_so_when_the_engine_is_asked(
    path: Path, rulebook: Rulebook
) -> None:
    case = Case.from_file(path)
    screened = {each.item: each.suggestion for each in screen(case, rulebook).items}
    items = dict(case.named_items)
    for found in what_if(case, rulebook):
        item = items[found.item]
        principal = screened[item.follows] if item.follows else None
        prepared = prepare_item(case, found.item, item, rulebook, principal)
        if not isinstance(prepared, PreparedItem):
            continue
        for way in (*found.flips, *found.decides):
            record = prepared.record.supposing({change.fact: change.then.value for change in way.changes})
            row = prepared.plan.complete({spec.name: derive(record, spec) for spec in prepared.plan.facts})
            assert prepared.suggest(row).suggestion == way.suggestion != found.suggestion
