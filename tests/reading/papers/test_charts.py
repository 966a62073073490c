"""Charts of 5 to 60 pages: what they state reaches the draft, and what was read too seldom rightly is not proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from imr_rules import Rulebook
from imr_rules.reading.papers import read_papers, records
from tests.reading.papers.charts import CHARTS, chart
from tests.reading.papers.records import LATER, RECORDS, Fact, draw, states

SHORT = [name for name, worker in CHARTS.items() if worker.pages < 10]
_OF_A_FORM = frozenset(("age", "sex", "injury", "diagnosis"))
_CALLED = {"attended": "course"}


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=() if each in SHORT else pytest.mark.long) for each in CHARTS]
)
def test_a_chart_gives_what_it_states_and_no_more(rulebook: Rulebook, tmp_path: Path, name: str) -> None:
    pdf, stated, pages = chart(CHARTS[name])
    assert pages == CHARTS[name].pages
    file = tmp_path / "chart.pdf"
    file.write_bytes(pdf)
    draft = read_papers([file], rulebook.vocabulary)
    assert states(draft) == stated
    assert draft.unread_pages == ()


def composed() -> Iterator[tuple[bytes, frozenset[Fact]]]:
    for record in (*RECORDS, *LATER):
        yield draw(record), record.states
    for worker in CHARTS.values():
        pdf, stated, _ = chart(worker)
        yield pdf, stated


@pytest.mark.long
def test_the_precision_of_each_fact_is_as_recorded(rulebook: Rulebook, tmp_path: Path) -> None:
    proposed: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for number, (pdf, stated) in enumerate(composed()):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(pdf)
        for fact in states(read_papers([file], rulebook.vocabulary)):
            name = str(fact[1] if fact[0] == "finding" else _CALLED.get(str(fact[0]), fact[0]))
            if name not in _OF_A_FORM:
                proposed[name] += 1
                right[name] += fact in stated
    recorded = yaml.safe_load(files("imr_rules.reading.papers").joinpath("precision.yaml").read_text("utf-8"))
    assert {name: {"proposed": proposed[name], "right": right[name]} for name in sorted(proposed)} == recorded


def test_a_fact_that_is_read_wrongly_too_often_is_not_proposed_and_that_is_said(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = records.proposable()
    assert {"course", "score", "functional_improvement"} <= allowed
    monkeypatch.setattr(records, "proposable", lambda: allowed - {"functional_improvement"})
    file = tmp_path / "record.pdf"
    file.write_bytes(draw(RECORDS[0]))
    draft = read_papers([file], rulebook.vocabulary)
    assert states(draft) == RECORDS[0].states - {("finding", "functional_improvement", False)}
    assert any("functional improvement is not proposed" in each for each in draft.cautions)
