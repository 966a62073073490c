"""Cases from data frames, and answers as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from imr_rules import Case, Rulebook, screen, screen_many, to_frame
from imr_rules.errors import CaseError
from tests.paths import SEED

numpy = pytest.importorskip("numpy")
pandas = pytest.importorskip("pandas")


def case_of(**more: object) -> Case:
    item = {"service": "Cognitive behavioral therapy", **more}
    return Case.from_data({"request": {"date": "2014-03-01"}, "items": [item]})


@pytest.mark.parametrize("kind", ["int8", "int64", "uint16"])
def test_whole_numbers_of_numpy_are_whole_numbers(kind: str) -> None:
    frame = pandas.DataFrame({"asked": numpy.array([4], kind), "denied": [True]})
    row = frame.iloc[0]
    assert type(row["asked"]) is not int or kind == "int64"
    found = case_of(asked=frame["asked"].iloc[0], findings={"chronic_pain": frame["denied"].iloc[0]})
    assert found.digest == case_of(asked=4, findings={"chronic_pain": True}).digest


@pytest.mark.parametrize("value", [numpy.float64(4), float("nan"), 4.0, pandas.NA])
def test_what_is_not_exact_is_refused_with_its_place(value: object) -> None:
    with pytest.raises(CaseError) as refused:
        case_of(asked=value)
    assert {str(each.place) for each in refused.value.problems} == {"#/items/0/asked"}


def test_text_of_numpy_is_text() -> None:
    assert case_of(body_part={"region": numpy.str_("neck")}).items[0].body_part is not None


def test_a_frame_has_a_row_for_each_item_as_they_are_screened(rulebook: Rulebook) -> None:
    cases = [Case.from_file(SEED, rulebook), case_of(asked=4)]
    frame = to_frame(screen_many(cases, rulebook))
    items = [item for case in cases for item in screen(case, rulebook).items]
    assert list(frame["suggestion"]) == [each.suggestion for each in items]
    assert list(frame["grounds"]) == [";".join(each.grounds) for each in items]
    assert list(frame["input_digest"]) == [each.digest for each in cases]
    assert to_frame([]).columns.tolist() == frame.columns.tolist()


def test_names_nobody_declared_are_found_with_their_line(rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        "items:\n  - service: TENS\n    findings: {neuropathic_pian: true}\nhistory:\n  - {treatment: tns}\n"
    )
    with pytest.raises(CaseError) as refused:
        Case.from_file(path, rulebook)
    said = [str(each) for each in refused.value.problems]
    assert [each.split(": ")[0].removeprefix(f"{path}:") for each in said] == ["3:16", "5:17"]
    assert "did you mean `neuropathic_pain`?" in said[0]
    assert Case.from_file(path).items
