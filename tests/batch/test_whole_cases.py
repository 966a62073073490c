"""A batch of whole cases says of every item what ``screen()`` says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_rules import Case, Rulebook, screen
from imr_rules.batch import batch, flat_rows
from imr_rules.batch.flatten import as_batch
from tests.engines.whole_cases import comparable, judged, said
from tests.paths import DETERMINATIONS, FIXTURES, SEED


@pytest.mark.parametrize("folder", [DETERMINATIONS, pytest.param(FIXTURES, marks=pytest.mark.long)])
def test_every_fixture_as_screen_has_it(shipped: Rulebook, tmp_path: Path, folder: Path) -> None:
    output = tmp_path / "out.parquet"
    total = batch([str(folder)], output, shipped, questions=True)
    rows = pq.read_table(output).to_pylist(maps_as_pydicts="strict")
    expected = []
    for path in sorted(folder.rglob("*.yaml")):
        screening = screen(Case.from_file(path), shipped)
        for item in screening.items:
            more = {"file": str(path), "row": 1, "case": screening.case}
            digests = {"rulebook_digest": screening.rulebook.digest, "input_digest": screening.input_digest}
            expected.append(said(item) | more | digests)
    assert [comparable(row) for row in rows] == [{name: each[name] for name in rows[0]} for each in expected]
    assert (total.rows, total.rejects) == (len(expected), 0)


def test_the_seed_has_its_three_grounds(shipped: Rulebook) -> None:
    (first,) = judged([Case.from_file(SEED)], shipped)
    assert first["suggestion"] == "uphold"
    assert [each.split("#")[1] for each in first["grounds"]] == [
        "within-total",
        "continued-need",
        "reason-for-more",
    ]


_FINDINGS = ("exceptional_factors", "goals_met", "ready_to_end", "response", "rationale", "chronic_pain", "surgery_done",
             "principal_supported", "follows_principal")  # fmt: skip
_STATEMENTS = st.sampled_from(
    (True, False, {"undocumented": ["notes"]}, {"missing": "illegible"}, [{"value": True}, {"value": False}])
)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Cases of several items that may follow one another, about which much or little is known."""
    items: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 4))):
        item: dict[str, Any] = {
            "id": f"i{number}",
            "service": draw(
                st.sampled_from(("physical therapy", "psychotherapy", "hot packs", "arthroscopy", "balm"))
            ),
        }
        if draw(st.booleans()):
            item["asked"] = draw(
                st.sampled_from((4, 12, {"at_least": 3, "at_most": 30}, {"undocumented": ["form"]}))
            )
        if number and draw(st.integers(0, 3)):
            item["follows"] = f"i{draw(st.integers(0, number - 1))}"
        if draw(st.booleans()):
            item["body_part"] = {"region": draw(st.sampled_from(("knee", "shoulder")))}
        item["findings"] = draw(st.dictionaries(st.sampled_from(_FINDINGS), _STATEMENTS, max_size=3))
        items.append(item)
    case: dict[str, Any] = {
        "items": draw(st.permutations(items)),
        "findings": draw(st.dictionaries(st.sampled_from(_FINDINGS), _STATEMENTS, max_size=4)),
        "history": [
            {"treatment": draw(st.sampled_from(("physical_therapy", "psychotherapy"))), "attended": attended}
            for attended in draw(
                st.lists(st.sampled_from((3, 14, {"at_least": 5}, {"undocumented": ["n"]})), max_size=2)
            )
        ],
    }
    if draw(st.booleans()):
        case["case"] = "c-1"
    if draw(st.integers(0, 5)):
        case["request"] = {"date": draw(st.sampled_from(("2014-08-05", "2016", "2016-09-01", "2019-01-01")))}
    if draw(st.booleans()):
        case["injury"] = {"date": draw(st.sampled_from(("2013-01", "2016-08-20")))}
    case["record"] = {"read": draw(st.sampled_from(("none", "part", "part", "all", "all")))}
    case["documents"] = [{"kind": "progress_report"}]
    if case["record"]["read"] != "all" and draw(st.booleans()):
        case["documents"] = [{"kind": "utilization_review"}] if draw(st.booleans()) else None
    return {name: part for name, part in case.items() if part is not None}


@pytest.mark.parametrize("examples", [120, pytest.param(1500, marks=pytest.mark.long)])
def test_random_cases_as_screen_has_them(shipped: Rulebook, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(cases())
    def agree(data: dict[str, Any]) -> None:
        case = Case.from_data(data)
        assert judged([case], shipped) == [said(item) for item in screen(case, shipped).items]

    agree()


def test_lines_of_cases_keep_their_numbers_and_names(shipped: Rulebook, tmp_path: Path) -> None:
    case = {"case": "a", "items": [{"service": "balm"}, {"service": "balm", "follows": "item-1"}]}
    lines = [
        json.dumps(case),
        "",
        "[]",
        json.dumps(case | {"findings": {"nonsense": True}}),
        json.dumps(case),
    ]
    (tmp_path / "in.ndjson").write_text("\n".join(lines) + "\n")
    total = batch([str(tmp_path / "in.ndjson")], tmp_path / "out.ndjson", shipped)
    rows = [json.loads(line) for line in (tmp_path / "out.ndjson").read_text().splitlines()]
    assert [(row["row"], row["case"], row["item"]) for row in rows] == [
        (1, "a", "item-1"), (1, "a", "item-2"), (5, "a", "item-1"), (5, "a", "item-2"),
    ]  # fmt: skip
    assert total.records == 4  # a blank line is none
    rejects = [json.loads(line) for line in (tmp_path / "out.ndjson.rejects.ndjson").read_text().splitlines()]
    assert [row["row"] for row in rejects] == [3, 4]
    assert "nonsense" in rejects[1]["reason"]
    assert isinstance(rows[0]["input_digest"], str)


def test_flat_rows_say_everything_again(shipped: Rulebook) -> None:
    facts = dict(shipped.vocabulary.facts)
    for path in sorted(FIXTURES.rglob("*.yaml"))[:10]:
        rows = flat_rows(Case.from_file(path), shipped)
        again = as_batch(rows, facts).to_pylist()
        assert [{name: cell for name, cell in row.items() if cell is not None} for row in again] == rows
        assert isinstance(as_batch(rows, facts), pa.RecordBatch)
