"""``imr-rules new`` writes beginnings that lint finds nothing in, and changes nothing beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from imr_rules import Rulebook
from tests.cli.running import run
from tests.paths import ROOT

OREGON = Path("rulesets/oregon")
THERAPY = OREGON / "guidelines" / "physical-therapy.yaml"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def oregon() -> Path:
    """A project with a rulebook of its own, begun a moment ago."""
    assert run("new", "rulebook", OREGON).status == 0
    return OREGON


def clean() -> None:
    found = run("lint")
    assert found.out.startswith("nothing found in "), found.out


def test_a_rulebook_needs_nothing_of_the_shipped_one(oregon: Path) -> None:
    clean()
    rulebook = Rulebook.load("rulesets")
    assert (rulebook.name, list(rulebook.guidelines)) == ("oregon", ["oregon/physical-therapy"])
    assert run("new", "fixture", "fixtures/one.yaml").status == 0
    said = " ".join(run("screen", "fixtures/one.yaml").out.split())
    assert "Judged by the treatment schedule, as of the date of the request" in said
    assert "MTUS" not in said


def test_nothing_is_overwritten(oregon: Path) -> None:
    before = {path: path.read_bytes() for path in oregon.rglob("*.yaml")}
    for arguments in (("rulebook", oregon), ("layer", oregon)):
        found = run("new", *arguments)
        assert found.status == 2
        assert "nothing is overwritten" in found.err
    assert {path: path.read_bytes() for path in oregon.rglob("*.yaml")} == before


def test_a_layer_lies_over_the_rulebook_in_use(oregon: Path) -> None:
    assert run("new", "layer", "mine").status == 0
    assert yaml.safe_load(Path("mine/layer.yaml").read_text())["over"] == "oregon"
    assert run("lint", "mine").out == "nothing found in mine\n"
    made = run(
        "new", "guideline", "mine/2024/therapy", "--treatment", "physical_therapy", "--source", "mine-source",
        "--from", "2024-01-01", "--in", "mine",
    )  # fmt: skip
    assert made.out.startswith("wrote mine/2024/therapy.yaml\n"), made.err
    assert run("lint", "mine").out == "nothing found in mine\n"
    assert Rulebook.load("rulesets", "mine").guidelines["mine/2024/therapy"].layer == "mine"


def test_a_layer_over_the_shipped_rulebook_is_a_project() -> None:
    assert run("new", "layer", "mine", "--name", "licensed-2024").status == 0
    assert (
        run("new", "treatment", "shoulder_taping", "--within", "physical_medicine", "--in", "mine").status
        == 0
    )
    assert (
        run("new", "fact", "taping_taught", "--in", "mine")
        .out.splitlines()[-1]
        .startswith("next: let a criterion")
    )
    assert run(
        "new", "guideline", "mine/2024/taping", "--treatment", "shoulder_taping", "--source",
        "licensed-2024-source", "--in", "mine",
    ).status == 0  # fmt: skip
    found = run("lint", "mine")
    assert [line.split(": ")[1] for line in found.out.splitlines()[:-1]] == ["unused-fact"]


def test_nobody_writes_in_the_installed_rulebook() -> None:
    found = run("new", "treatment", "shoulder_taping")
    assert found.status == 2
    assert "the rulebook in use is the one shipped, which is not yours to write in" in found.err


@pytest.mark.parametrize(
    ("unit", "limit"), [("hour", "hours: 10"), ("tablet", "tablets: 10"), ("level", "levels: 10")]
)
def test_a_guideline_counts_what_its_treatment_is_counted_in(oregon: Path, unit: str, limit: str) -> None:
    assert run("new", "treatment", "other").status == 0
    words = oregon / "treatments.yaml"
    words.write_text(
        words.read_text().replace("unit: visit\n    words: [other]", f"unit: {unit}\n    words: [other]")
    )
    assert run(
        "new", "guideline", "oregon/2024/other", "--treatment", "other", "--source", "first-source"
    ).status == 0  # fmt: skip
    assert limit in (oregon / "2024" / "other.yaml").read_text()
    clean()


def test_an_edition_is_split_and_the_old_one_ends_the_day_before(oregon: Path) -> None:
    text = THERAPY.read_text().replace("{from: 2020-01-01}", "{from: 2020-01-01}   # as adopted")
    THERAPY.write_text(text)
    assert run("new", "edition", "oregon/physical-therapy", "--from", "2024-07-01").status == 0
    wanted = text.replace("{from: 2020-01-01}", "{from: 2020-01-01, to: 2024-06-30}")
    assert THERAPY.read_text().replace(" ", "") == wanted.replace(" ", ""), "a remark moves, and nothing else"
    guidelines = Rulebook.load("rulesets").guidelines
    old, new = guidelines["oregon/physical-therapy"], guidelines["oregon/physical-therapy-from-2024-07-01"]
    assert (str(old.requests.last), str(new.requests.first), new.requests.last) == (
        "2024-06-30",
        "2024-07-01",
        None,
    )
    assert [each.require_text for each in old.criteria] == [each.require_text for each in new.criteria]
    clean()


@pytest.mark.parametrize("day", ["2020-01-01", "2019-05-05"])
def test_no_edition_begins_before_the_one_it_follows(oregon: Path, day: str) -> None:
    before = THERAPY.read_bytes()
    found = run("new", "edition", "oregon/physical-therapy", "--from", day)
    assert found.status == 2
    assert "governs requests from 2020-01-01, so no other edition of it begins on" in found.err
    assert THERAPY.read_bytes() == before


def test_a_fact_is_asked_for_by_the_guideline_that_is_named(oregon: Path) -> None:
    before = THERAPY.read_text()
    assert run("new", "fact", "home_program", "--guideline", "oregon/physical-therapy").status == 0
    assert THERAPY.read_text().startswith(before)
    assert "home_program" in Rulebook.load("rulesets").vocabulary.facts
    clean()


def test_an_instrument_and_a_treatment_are_added_at_the_end(oregon: Path) -> None:
    scales, words = (oregon / "instruments.yaml").read_text(), (oregon / "treatments.yaml").read_text()
    assert run("new", "instrument", "shoulder_score").status == 0
    assert run("new", "treatment", "dry_needling").status == 0
    assert (oregon / "instruments.yaml").read_text().startswith(scales)
    now = (oregon / "treatments.yaml").read_text()
    assert [line for line in words.splitlines() if line not in now.splitlines()] == []
    clean()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("treatment", "Dry-Needling"), "write it like shoulder_taping"),
        (("treatment", "physical_therapy"), "there is a treatment `physical_therapy` already"),
        (("treatment", "x", "--within", "physical_therap"), "did you mean `physical_therapy`?"),
        (("fact", "x", "--guideline", "oregon/nothing"), "there is no guideline `oregon/nothing`"),
        (("edition", "oregon/physical-therapy", "--from", "2024-02-30"), "a date belongs here"),
        (
            ("guideline", "nothing", "--treatment", "x", "--source", "y"),
            "write it like mine/2024/acupuncture",
        ),
    ],
)
def test_what_cannot_begin_is_told(oregon: Path, arguments: tuple[str, ...], said: str) -> None:
    found = run("new", *arguments)
    assert (found.status, said in found.err) == (2, True), found.err


def test_a_fixture_names_its_rulebook_and_only_that_one_is_asked(oregon: Path) -> None:
    assert run("new", "fixture", "fixtures/one.yaml").status == 0
    assert yaml.safe_load(Path("fixtures/one.yaml").read_text())["expect"]["rulebook"] == "oregon"
    assert run("test").out == "1 fixture, 0 differ\n"
    assert run("new", "rulebook", "rulesets/nevada").status == 0
    assert run("test").out == "1 fixture, 0 differ\n", "its name tells which of two is meant"
    assert run("test", "--rulebook", "rulesets/nevada").out == (
        "0 fixtures, 0 differ\n1 not asked: they name another rulebook\n"
    )
    clean()


def test_a_fixture_of_the_shipped_rulebook_gets_the_answer_it_expects() -> None:
    for treatment in ("acupuncture", "tens"):
        assert run("new", "fixture", f"fixtures/{treatment}.yaml", "--treatment", treatment).status == 0
    assert run("test").out == "2 fixtures, 0 differ\n"


def test_the_example_of_a_licensed_layer_is_clean_and_gets_its_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT / "examples" / "licensed")
    assert run("lint", "layer").out == "nothing found in layer\n"
    assert run("test").out == "1 fixture, 0 differ\n"
