"""The edit receipt: what changes, for whom, and what provably does not."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from imr_rules import Rulebook
from imr_rules.case import Case
from imr_rules.cli.program import app
from imr_rules.errors import RulebookError
from imr_rules.screening import screen
from imr_rules.screening.turns import Turn
from imr_rules.workbench.answers import answer_of, turn_between
from imr_rules.workbench.diff import Receipt, opened, receipt, receipt_report
from imr_rules.workbench.fixtures import fixtures_in
from imr_rules.writing.html import html
from imr_rules.writing.markdown import markdown
from imr_rules.writing.terminal import terminal
from tests.paths import FIXTURES, ROOT

MTUS = ROOT / "rulesets" / "mtus"
FILE = Path("chronic-pain-2009", "behavioral-interventions.yaml")
GUIDELINE = "mtus/chronic-pain-2009/behavioral-interventions"
FOUR = {"psychotherapy", "cognitive_behavioral_therapy", "relaxation_training", "group_psychotherapy"}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook without its layers: the copies that are edited have none."""
    return Rulebook.load(MTUS)


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of the shipped rulebook, to be edited."""
    return Path(shutil.copytree(MTUS, tmp_path / "edited"))


def edit(directory: Path, file: Path, old: str, new: str) -> None:
    content = (directory / file).read_text(encoding="utf-8")
    assert old in content
    (directory / file).write_text(content.replace(old, new), encoding="utf-8")


def compared(rulebook: Rulebook, directory: Path) -> Receipt:
    return receipt(rulebook, Rulebook.load(directory, cached=False))


def holds_up(found: Receipt) -> None:
    """Screen each witness again: it shows what its change says."""
    for change in found.changes:
        witness = change.witness
        before, after = (
            answer_of(next(each for each in screen(case, rulebook).items if each.item == "item-1"))
            for case, rulebook in ((witness.old_case, found.old), (Case.from_data(witness.data), found.new))
        )
        assert turn_between(before, after) == change.turn
        assert (before.suggestion, after.suggestion) == change.turn[1:3]


def test_a_limit_that_rises(rulebook: Rulebook, edited: Path) -> None:
    edit(edited, FILE, "total: {visits: [6, 10]", "total: {visits: [6, 12]")
    found = compared(rulebook, edited)
    assert [(each.criterion, each.kind, each.was, each.now) for each in found.edits] == [
        ("within-total", "meaning", "visits_if_granted <= 10", "visits_if_granted <= 12")
    ]
    holds_up(found)
    first = found.changes[0]
    assert (first.guideline, first.criterion, str(first.turn)) == (
        GUIDELINE, "within-total", "uphold → overturn",
    )  # fmt: skip
    inside = "visits attended, authorized and in dispute together 11 or 12"
    assert first.region.numbers == (inside,)
    assert inside in first.region.always
    named = [*first.region.always, *(each for part in first.region.one_of for each in part)]
    assert not [each for each in named if " more" in each or " or the like" in each], (
        "every condition is named"
    )
    assert first.requests == "from 2009-07-18 to 2016-07-28"
    assert {*first.treatments} == FOUR
    assert [str(each.turn) for each in found.changes] == [
        "uphold → overturn", "uphold → needs review", "needs review → overturn", "uphold, on other grounds",
    ], "nothing gets harder"  # fmt: skip
    unchanged = {name for each in found.proven_unchanged for name in each.treatments}
    assert unchanged == {*rulebook.vocabulary.treatments}
    (everywhere,) = [each for each in found.proven_unchanged if each.requests == "of any day"]
    assert {*everywhere.treatments} == rulebook.vocabulary.treatments.keys() - FOUR


def test_a_reformatted_file_is_no_edit(rulebook: Rulebook, edited: Path) -> None:
    path = edited / FILE
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(content, width=60), encoding="utf-8")
    found = compared(rulebook, edited)
    assert not (found.edits or found.changes or found.bounded)
    assert [each.requests for each in found.proven_unchanged] == ["of any day"]


def test_what_is_written_otherwise_with_the_same_meaning_is_proven_so(
    rulebook: Rulebook, edited: Path
) -> None:
    edit(edited, FILE, "require: visits_if_granted <= limits.total.visits.max", "require: not visits_if_granted > limits.total.visits.max")  # fmt: skip
    edit(edited, FILE, "not goals_met and not ready_to_end and not plateau", "not (goals_met or ready_to_end or plateau)")  # fmt: skip
    found = compared(rulebook, edited)
    assert [(each.criterion, each.kind) for each in found.edits] == [
        ("within-total", "rewritten"), ("continued-need", "rewritten"),
    ]  # fmt: skip
    assert not (found.changes or found.bounded)
    (proved,) = [each for each in found.proven_unchanged if each.because == "proved"]
    assert {*proved.treatments} == FOUR


@pytest.mark.long
def test_a_citation_changes_the_reason_and_no_suggestion(rulebook: Rulebook, edited: Path) -> None:
    edit(edited, FILE, "pages: [23]", "pages: [24]")
    found = compared(rulebook, edited)
    assert {each.kind for each in found.edits} == {"reason"}
    assert ("pages", "23", "24") in {(each.what, each.was, each.now) for each in found.edits}
    assert not (found.changes or found.bounded)


@pytest.mark.long
def test_an_edition_that_ends_a_day_early(rulebook: Rulebook, edited: Path) -> None:
    edit(edited, FILE, "to: 2016-07-28}", "to: 2016-07-27}")
    found = compared(rulebook, edited)
    assert [(each.criterion, each.what) for each in found.edits] == [(None, "requests")]
    assert found.changes
    holds_up(found)
    assert {each.requests for each in found.changes} == {"from 2016-07-28 to 2016-07-28"}
    assert any("boundary" in each.what for each in found.bounded)


@pytest.mark.long
def test_a_guideline_removed_and_one_added(rulebook: Rulebook, edited: Path) -> None:
    (edited / FILE).unlink()
    removed = Rulebook.load(edited, cached=False)
    for found, kind in ((receipt(rulebook, removed), "removed"), (receipt(removed, rulebook), "added")):
        assert [(each.guideline, each.kind) for each in found.edits] == [(GUIDELINE, kind)]
        assert found.changes
        holds_up(found)
        assert all({*each.treatments} <= FOUR for each in found.changes)


@pytest.mark.long
def test_what_silence_means_is_changed(rulebook: Rulebook, edited: Path) -> None:
    facts = (edited / "facts.yaml").read_text(encoding="utf-8")
    line = next(each for each in facts.splitlines() if "label: rationale for the request" in each)
    edit(edited, Path("facts.yaml"), line, line.replace("silence: against_request", "silence: unknown"))
    found = compared(rulebook, edited)
    holds_up(found)
    ways = {str(each.turn) for each in found.changes}
    assert ways == {
        "uphold → needs review",
        "needs review → overturn",
        "uphold, on other grounds",
        "needs review: leans to uphold → no lean",
        "needs review: leans to uphold, for another reason",
    }
    for each in found.changes:  # silent in a record that was read whole, whether or not that is said
        assert "undocumented" in str(each.witness.data.get("findings", {}).get("rationale", "undocumented"))


@pytest.mark.long
def test_a_tier_that_changes(rulebook: Rulebook, edited: Path) -> None:
    sources = yaml.safe_load((edited / "sources.yaml").read_text(encoding="utf-8"))
    sources["sources"]["mtus-chronic-pain-2009"]["tier"] = "study"
    (edited / "sources.yaml").write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")
    found = compared(rulebook, edited)
    assert ("tier", "mtus", "study") in {(each.what, each.was, each.now) for each in found.edits}
    holds_up(found)
    assert found.changes


def test_words_and_units_of_treatments_are_not_searched_and_said_so(rulebook: Rulebook, edited: Path) -> None:
    edit(edited, Path("treatments.yaml"), "words: [relaxation training, relaxation therapy,", "words: [relaxation training,")  # fmt: skip
    found = compared(rulebook, edited)
    assert [each.what for each in found.bounded] == ["which requests are recognized as `relaxation_training`"]


@pytest.mark.long
def test_fixtures_that_flip_are_named_with_agreement_before_and_after(
    rulebook: Rulebook, edited: Path
) -> None:
    edit(edited, FILE, "total: {visits: [6, 10]", "total: {visits: [6, 30]")
    edit(
        edited, FILE, "require: not goals_met and not ready_to_end and not plateau", "require: not goals_met"
    )
    edit(edited, FILE, "require: rationale", "require: rationale or prior_visits > 0")
    found = receipt(rulebook, Rulebook.load(edited, cached=False), fixtures_in(FIXTURES))
    assert "seed-cbt-relaxation" in {each.file for each in found.answers.flips}
    named = {fixture for change in found.changes for fixture in change.fixtures}
    assert named == {*found.answers.flips}
    assert found.answers.after.agree < found.answers.before.agree


@pytest.mark.long
def test_every_way_of_writing_it(rulebook: Rulebook, edited: Path) -> None:
    edit(edited, FILE, "visits_if_granted <= limits", "visits_if_granted < limits")
    found = compared(rulebook, edited)
    report = receipt_report(found, "old", "<new>")
    said = terminal(report, width=100), markdown(report), html(report)
    for each in said:
        assert "visits attended, authorized and in dispute together 10" in each
        assert "Before" in each or "before" in each
        assert "9 in dispute" in each
    assert "&lt;new&gt;" in said[2]
    data = found.to_dict()
    assert {"changes", "proven_unchanged", "bounded"} <= data.keys()
    for change in data["changes"]:
        assert {
            "guideline",
            "criterion",
            "change",
            "from",
            "to",
            "region",
            "witness",
            "fixtures",
        } <= change.keys()
    json.dumps(data)


def test_recorded_items_are_told_in_every_way_of_writing_it(rulebook: Rulebook) -> None:
    pytest.importorskip("pyarrow", reason="SKIPPED LOUDLY: the extra `batch` is not installed")
    from imr_rules.batch.replay import Flip, Replayed

    grounds = {f"mtus/guideline#{name}": 2_000 - number for number, name in enumerate("abcde")}
    flips = [
        Flip(
            "acupuncture",
            Turn("suggestion", "uphold", "overturn"),
            2_000,
            3_000,
            grounds,
            {"x#<y>": 1},
            ("a|b.parquet", 1_007),
        )
    ]
    lean = Turn("lean", "needs_review", "needs_review", "uphold", "none")
    flips += [Flip(None, lean, 1, 1, {}, {}, ("in.csv", 7))] * 41
    found = receipt(rulebook, rulebook, corpus=Replayed(9_000, 1, tuple(flips)))
    report, whole = (receipt_report(found, "old", "new", everything=each) for each in (False, True))
    for said in (terminal(report, width=100), markdown(report), html(whole)):
        assert (
            said.count("2,041 of 9,000 recorded items flip") == 2
        )  # in the first sentence, and where it is told
        words = " ".join(said.split())
        for each in ("flip; 1 could not be read.", "acupuncture", "uphold → overturn", "2,000 of 3,000", "1,007",
                     "mtus/guideline#d, 1,997", "1 more", "not recognized"):  # fmt: skip
            assert each in words
        assert "mtus/guideline#e" not in said
    lines = markdown(report).splitlines()
    row = next(line for line in lines if line.startswith("| acupuncture"))
    assert (row.replace("\\|", "").count("|"), "a\\|b.parquet, record 1,007" in row) == (7, True)
    assert "2 items flip in 2 more ways, which JSON and HTML name." in lines
    assert html(whole).count("in.csv, record 7") == 41
    assert html(whole).count("needs review: leans to uphold → no lean") == 41
    assert "x#&lt;y&gt;, 1" in html(whole)
    assert found.to_dict()["corpus"]["flips"][0]["grounds"]["before"] == grounds
    assert "corpus" not in receipt(rulebook, rulebook).to_dict()


# -- what is new, and limits that move ------------------------------------------------------------------------


LAYER = {
    "layer.yaml": "layer: mine\nover: mtus\nversion: '1'\ntitle: Mine\n",
    "sources.yaml": "sources:\n  mine-source: {document: My document, regulation: none, tier: acoem_odg, in_force: {from: 2024-01-01}}\n",
    "treatments.yaml": "treatments:\n  cupping: {label: cupping, unit: visit, words: [cupping]}\n",
    "mine/cupping.yaml": """guideline: mine/cupping
title: Cupping
source: mine-source
requests: {from: 2024-01-01}
applies: {treatments: [cupping]}
limits: {total: {visits: 10, status: recalled}}
criteria:
  - id: deficit
    kind: indication
    require: functional_deficit
    status: recalled
    says: {met: a deficit, unmet: no deficit, undocumented: no deficit documented}
  - id: within-total
    kind: limit
    require: visits_if_granted <= limits.total.visits
    says: {met: within, unmet: over}
""",
}


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """A layer with a treatment and a guideline of its own."""
    for name, text in LAYER.items():
        path = tmp_path / "layer" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "layer"


def test_what_a_new_treatment_and_its_guideline_answer(rulebook: Rulebook, layer: Path) -> None:
    found = receipt(Rulebook.load(MTUS), Rulebook.load(MTUS, layer, cached=False))
    assert not found.changes
    (new,) = found.additions
    assert (new.guidelines, new.treatments, new.new, new.requests, new.never) == (
        ("mine/cupping",), ("cupping",), ("cupping",), "from 2024-01-01", (),
    )  # fmt: skip
    assert {(each.criterion, each.way) for each in new.given} == {
        ("mine/cupping#deficit", "overturn"),
        ("mine/cupping#deficit", "uphold"),
        ("mine/cupping#within-total", "uphold"),
    }
    for each in new.given:
        answer = answer_of(next(item for item in screen(each.case, found.new).items if item.item == "item-1"))
        assert answer.suggestion == each.way
        assert each.criterion in answer.grounds
    (over,) = [each for each in new.given if each.criterion.endswith("within-total")]
    assert over.region.numbers == ("visits attended, authorized and in dispute together 11 and more",)
    report = receipt_report(found, "old", "new")
    for said in (terminal(report, width=100), markdown(report), html(report)):
        assert "New: what it answers" in said
        assert "Supports upholding, on mine/cupping#within-total" in said


def test_a_guideline_that_can_never_support_overturning_is_told_so(layer: Path) -> None:
    edit(layer, Path("mine/cupping.yaml"), "kind: indication", "kind: documentation")
    found = receipt(Rulebook.load(MTUS), Rulebook.load(MTUS, layer, cached=False))
    (new,) = found.additions
    assert new.never == ("overturn",)
    assert "Nothing here can support overturning" in terminal(receipt_report(found, "old", "new"), width=100)


def test_a_guideline_added_for_a_treatment_that_was_known(layer: Path) -> None:
    edit(layer, Path("mine/cupping.yaml"), "treatments: [cupping]", "treatments: [gym_membership]")
    found = receipt(Rulebook.load(MTUS), Rulebook.load(MTUS, layer, cached=False))
    mine, cupping = sorted(found.additions, key=lambda each: each.new)
    assert (mine.guidelines, mine.new) == (("mine/cupping",), ())
    assert "gym_membership" in mine.treatments
    assert (cupping.guidelines, cupping.treatments, cupping.given) == ((), ("cupping",), ())
    assert cupping.requests == "from 2007-06-15", "no guideline judges it, and statutes are not told apart"


@pytest.mark.long
@pytest.mark.parametrize(
    ("limit", "entering", "leaving"), [("12", (11, 12), ()), ("8", (), (9, 10)), ("11", (11,), ())]
)
def test_a_picture_of_a_limit_that_moved(
    layer: Path, limit: str, entering: tuple[int, ...], leaving: tuple[int, ...]
) -> None:
    old = Rulebook.load(MTUS, layer, cached=False)
    edit(layer, Path("mine/cupping.yaml"), "visits: 10", f"visits: {limit}")
    found = receipt(old, Rulebook.load(MTUS, layer, cached=False))
    pictured = [each.moved for each in found.changes if each.moved]
    assert pictured
    assert {(each.entering, each.leaving) for each in pictured} == {(entering, leaving)}
    said = "Newly " + ("within" if entering else "outside") + " the limit:"
    report = receipt_report(found, "old", "new")
    for written in (terminal(report, width=60), markdown(report), html(report)):
        assert said in written


# -- rulebooks as they are named ---------------------------------------------------------------------------


def git(directory: Path, *command: str) -> None:
    who = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *command], cwd=directory, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a rulebook, committed and then edited."""
    if shutil.which("git") is None:
        pytest.skip("SKIPPED LOUDLY: git is not installed")
    directory = tmp_path / "guidelines"
    shutil.copytree(MTUS, directory / "rulesets" / "mtus")
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message", "Before")
    edit(directory / "rulesets" / "mtus", FILE, "total: {visits: [6, 10]", "total: {visits: [6, 12]")
    monkeypatch.chdir(directory)
    return directory


@pytest.mark.long
def test_a_revision_is_compared_with_the_rulebook_here(repository: Path) -> None:
    done = CliRunner().invoke(app, ["diff", "HEAD", "--format", "json"])
    assert done.exit_code == 0
    data = json.loads(done.stdout)
    assert [each["criterion"] for each in data["edits"]] == ["within-total"]
    assert CliRunner().invoke(app, ["diff", "HEAD", "--exit-code"]).exit_code == 1
    git(repository, "commit", "--quiet", "--all", "--message", "After")
    assert CliRunner().invoke(app, ["diff", "HEAD", "--exit-code"]).exit_code == 0
    named = "HEAD~1:rulesets/mtus", "HEAD"
    assert "within-total" in CliRunner().invoke(app, ["diff", *named]).stdout


@pytest.mark.parametrize("name", ["no-such-revision", "HEAD:no/such/path", "--output=x", "-x", ":rulesets"])
def test_what_names_nothing_is_refused(repository: Path, name: str) -> None:
    with pytest.raises(RulebookError, match="neither a directory nor a file"), opened(name):
        pass
    assert not (repository / "x").exists()


DRAFTS = {
    "total-of-twelve": ("total: {visits: [6, 10]", "total: {visits: [6, 12]"),
    "careless": ("visits_if_granted <= limits.total", "visits_if_granted < limits.total"),
}
"""Edited files of the documentation: what each changes of the rulebook's own."""


@pytest.mark.parametrize("draft", DRAFTS)
def test_one_edited_file_is_laid_over_the_old_rulebook(rulebook: Rulebook, draft: str) -> None:
    path = ROOT / "docs" / "diff" / f"{draft}.yaml"
    meant = (MTUS / FILE).read_text(encoding="utf-8").replace(*DRAFTS[draft])
    if path.read_text(encoding="utf-8") != meant:
        path.write_text(meant, encoding="utf-8")
        pytest.fail(
            f"{path.name} is the rulebook's file with one line changed: it was brought up to date; commit it"
        )
    with opened(str(path), over=rulebook) as named:
        assert named.rulebook.guidelines.keys() == rulebook.guidelines.keys()
        assert named.rulebook.digest != rulebook.digest


def test_a_layer_is_compared_with_itself_in_a_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "imr-rules.toml").write_text('layers = ["mine"]\n')
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "before the layer")
    shutil.copytree(ROOT / "examples" / "licensed" / "layer", tmp_path / "mine")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "the layer")
    therapy = tmp_path / "mine" / "shoulder" / "therapy.yaml"
    therapy.write_text(therapy.read_text().replace("visits: 9,", "visits: 12,"))
    with opened(None) as now, opened("HEAD") as then, opened("HEAD~1") as before:
        limits = [
            each.rulebook.guidelines["example/shoulder/therapy"].limits["total"] for each in (then, now)
        ]
        assert [each.amounts["visits"] for each in limits] == [(9, 9), (12, 12)]
        assert [each.name for each in before.rulebook.layers] == ["adapted-ny-2021"]


def test_two_bases_are_compared_with_the_same_layer(tmp_path: Path) -> None:
    base, layer = ROOT / "rulesets" / "mtus", ROOT / "examples" / "licensed" / "layer"
    with opened(str(base), layers=[layer]) as old, opened(str(base), layers=[layer]) as new:
        assert old.rulebook.digest == new.rulebook.digest == Rulebook.load(base, layer).digest
