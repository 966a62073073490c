"""One rule for the rulebook in use, the same in every command: named, of the project, here, shipped."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from imr_rules import Rulebook
from tests.cli.running import run
from tests.paths import ROOT

BASE, LAYER = ROOT / "rulesets" / "mtus", ROOT / "rulesets" / "adapted-ny-2021"
EXAMPLE = ROOT / "examples" / "licensed" / "layer"
CASE = "request: {date: 2014-03-01}\nitems: [{service: TENS unit rental, id: a}]\n"
EXPECTS = "expect: {items: {a: {suggestion: needs_review}}}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of one's own with a case and a fixture, and no rulebook."""
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(CASE)
    Path("fixtures").mkdir()
    Path("fixtures/one.yaml").write_text(CASE + EXPECTS)
    return tmp_path


def copied(to: Path, version: str, *layers: Path) -> Path:
    base = to / "mtus"
    shutil.copytree(BASE, base)
    text = (base / "sources.yaml").read_text()
    (base / "sources.yaml").write_text(text.replace('version: "2026.11"', f'version: "{version}"'))
    for layer in layers:
        shutil.copytree(layer, to / layer.name)
    return base


SCREEN = ("screen", "case.yaml", "--format", "json")


def test_nothing_here_means_the_one_shipped_and_needs_no_word(project: Path) -> None:
    found = run(*SCREEN)
    assert (found.digest, found.err) == (Rulebook.load().digest, "")


def test_rulesets_here_comes_before_the_one_shipped_with_the_layers_beside_it(project: Path) -> None:
    copied(project / "rulesets", "ours", LAYER)
    found = run(*SCREEN)
    assert found.digest == Rulebook.load("rulesets").digest
    assert [each["layer"] for each in json.loads(found.out)["rulebook"]["layers"]] == ["adapted-ny-2021"]
    assert found.err == ("rulebook: rulesets/mtus, with the layers rulesets/adapted-ny-2021 (./rulesets)\n")
    alone = run(*SCREEN, "--rulebook", "rulesets/mtus")
    assert (alone.digest, alone.err) == (Rulebook.load("rulesets/mtus").digest, "")


def test_the_settings_of_the_project_come_before_rulesets_and_an_option_before_them(project: Path) -> None:
    copied(project / "rulesets", "here")
    copied(project / "other", "named")
    shutil.copytree(EXAMPLE, project / "licensed")
    Path("imr-rules.toml").write_text('rulebook = "other/mtus"\nlayers = ["licensed"]\n')
    found = run(*SCREEN)
    assert found.digest == Rulebook.load("other/mtus", "licensed").digest
    assert found.err == "rulebook: other/mtus, with the layers licensed (imr-rules.toml)\n"
    assert run(*SCREEN, "--rulebook", "rulesets").digest == Rulebook.load("rulesets").digest
    Path("imr-rules.toml").write_text('layers = ["licensed"]\n')
    assert run(*SCREEN).digest == Rulebook.load("rulesets/mtus", "licensed").digest


@pytest.mark.parametrize(
    "arguments",
    [
        ("screen", "case.yaml"),
        ("what-if", "case.yaml"),
        ("facts", "--treatment", "tens"),
        ("rules", "--treatment", "tens"),
        ("schema", "case"),
        ("test",),
        ("coverage",),
        ("charts", "case.yaml"),
        ("agree", "case.yaml"),
        ("batch", "case.yaml", "out.csv"),
        ("mutate", "--quick", "--only", "nothing.yaml"),
    ],
)
def test_every_command_goes_by_the_same_rule(project: Path, arguments: tuple[str, ...]) -> None:
    Path("imr-rules.toml").write_text('rulebook = "nowhere"\n')
    found = run(*arguments)
    assert found.status == 2
    assert "nowhere: there is no rulebook here; a rulebook is a directory with a sources.yaml" in found.err


def test_several_rulebooks_are_listed_with_both_ways_to_choose(project: Path) -> None:
    copied(project / "rulesets", "one")
    (project / "rulesets" / "mtus").rename(project / "rulesets" / "second")
    copied(project / "rulesets", "two")
    found = run(*SCREEN)
    assert found.status == 2
    assert "there are several rulebooks here: rulesets/mtus, rulesets/second" in found.err
    assert '--rulebook rulesets/mtus, or `rulebook = "rulesets/mtus"` in imr-rules.toml' in found.err
    Path("imr-rules.toml").write_text('rulebook = "rulesets/second"\n')
    assert run(*SCREEN).status == 0


def test_layers_alone_in_rulesets_lie_over_the_one_shipped(project: Path) -> None:
    shutil.copytree(EXAMPLE, project / "rulesets" / "licensed")
    found = run(*SCREEN)
    assert found.digest == Rulebook.load(None, "rulesets/licensed").digest
    assert found.err.endswith("(./rulesets)\n")


def test_settings_that_cannot_be_read_are_told_with_their_file(project: Path) -> None:
    for text, said in (
        ("rulebook = ", "imr-rules.toml: this is not TOML that can be read"),
        ("rulebok = 'x'", "imr-rules.toml"),
        ("layers = 'x'", "imr-rules.toml"),
    ):
        Path("imr-rules.toml").write_text(text)
        found = run(*SCREEN)
        assert found.status == 2
        assert said in found.err


def test_a_layer_is_linted_against_its_rulebook_alone(project: Path) -> None:
    shutil.copytree(EXAMPLE, project / "licensed")
    assert run("lint", "licensed").out == "nothing found in licensed\n"
    taping = project / "licensed" / "shoulder" / "taping.yaml"
    taping.write_text(taping.read_text().replace("require: taping_taught", "require: taping_tought"))
    found = run("lint", "licensed", "--rulebook", str(BASE))
    assert found.status == 1
    assert found.out.startswith("licensed/shoulder/taping.yaml:15:14: unknown-fact")


def test_a_layer_that_is_none_is_said(project: Path) -> None:
    found = run(*SCREEN, "--layer", "nowhere")
    assert (found.status, "nowhere: there is no layer here" in found.err) == (2, True)
    found = run(*SCREEN, "--rulebook", str(EXAMPLE))
    assert (found.status, "this is a layer, and needs a rulebook to lie over" in found.err) == (2, True)
