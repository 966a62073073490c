"""A layer adds to a rulebook, fills it, and replaces parts of it with a reason; citations and digests name it."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.errors import RulebookError
from tests.paths import ROOT

BASE = ROOT / "rulesets" / "mtus"
EXAMPLE = ROOT / "examples" / "licensed" / "layer"
UNKNOWN = "mtus/acoem-2017/elbow-from-2019-04-18"
KNOWN = "mtus/odg/gym-memberships"
FILLED = f"""\
guideline: {UNKNOWN}
title: Elbow (invented)
source: example
requests: {{from: 2019-04-18}}
applies: {{treatments: [physical_medicine], when: 'body_region in [elbow]'}}
criteria:
  - {{id: deficit, kind: indication, require: functional_deficit, status: read}}
"""


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """A layer with a source and no guideline."""
    path = tmp_path / "mine"
    (path / "guidelines").mkdir(parents=True)
    (path / "layer.yaml").write_text("{layer: mine, over: mtus, version: '1', title: Mine}")
    (path / "sources.yaml").write_text("sources: {example: {document: Invented, tier: mtus}}")
    return path


def written(layer: Path, text: str, name: str = "one") -> Path:
    (layer / "guidelines" / f"{name}.yaml").write_text(text)
    return layer


def refusals(*layers: Path, base: Path = BASE) -> str:
    with pytest.raises(RulebookError) as refused:
        Rulebook.load(base, *layers)
    return "\n".join(str(each) for each in refused.value.problems)


def test_the_shipped_rulebook_has_its_layer_of_adapted_content_and_can_be_had_without() -> None:
    whole, alone = Rulebook.load(), Rulebook.load("mtus")
    assert [each.name for each in whole.layers] == ["adapted-ny-2021"]
    assert alone.layers == ()
    assert alone.digest == Rulebook.load(BASE).digest != whole.digest
    added = whole.guidelines.keys() - alone.guidelines.keys()
    assert added == {name for name, each in whole.guidelines.items() if each.layer}
    assert all(
        each.strength == "adapted" and each.citation.layer == "adapted-ny-2021"
        for name in added
        for each in whole.guidelines[name].criteria
    )


def test_a_lean_that_rests_on_the_adapted_layer_says_so_and_is_gone_without_it() -> None:
    case = Case.from_data(
        {
            "request": {"date": "2020-03-02"},
            "items": [{"service": "Carisoprodol 350 mg #30", "body_part": {"region": "low_back"}}],
        }
    )
    (item,) = screen(case, Rulebook.load()).items
    assert item.lean is not None
    assert item.lean.rests_on == ("adapted",)
    grounds = [each for each in item.criteria if each.id in item.lean.grounds]
    assert {each.citation.layer for each in grounds} == {"adapted-ny-2021"}
    (without,) = screen(case, Rulebook.load(BASE)).items
    assert without.lean is None


def test_a_layer_adds_facts_treatments_sources_and_guidelines() -> None:
    rulebook = Rulebook.load(BASE, EXAMPLE)
    assert "taping_taught" in rulebook.vocabulary.facts
    assert rulebook.vocabulary.treatments["shoulder_taping"].lineage[-1] == "physical_medicine"
    assert rulebook.sources["example-shoulder"].tier == "mtus"
    fixture = Case.from_file(EXAMPLE.parent / "fixtures" / "shoulder-taping.yaml")
    screening = screen(fixture, rulebook)
    assert [each.suggestion for each in screening.items] == ["overturn", "uphold"]
    assert [each.layer for each in screening.rulebook.layers] == ["example-licensed"]
    layers = {each.id.partition("#")[0]: each.citation.layer for each in screening.items[0].criteria}
    assert layers["example/shoulder/therapy"] == "example-licensed"
    assert layers["mtus/labor-code/necessity"] is None


def test_a_layer_fills_what_is_not_known_without_a_reason(layer: Path) -> None:
    rulebook = Rulebook.load(BASE, written(layer, FILLED))
    filled = rulebook.guidelines[UNKNOWN]
    assert filled.known
    assert filled.layer == "mine"
    assert filled.place.file == str(layer / "guidelines" / "one.yaml")
    assert not Rulebook.load(BASE).guidelines[UNKNOWN].known


def test_a_layer_replaces_what_is_known_only_with_a_reason(layer: Path) -> None:
    text = FILLED.replace(UNKNOWN, KNOWN)
    said = refusals(written(layer, text))
    assert "one.yaml:1:12: `mtus/odg/gym-memberships` is also at" in said
    assert "say why this one takes its place, with `replaces:`" in said
    replaced = Rulebook.load(BASE, written(layer, text + "replaces: It was read anew.\n")).guidelines[KNOWN]
    assert (replaced.layer, replaced.replaces) == ("mine", "It was read anew.")


def test_a_reason_to_replace_what_is_not_there_is_refused_as_after_an_update(layer: Path) -> None:
    said = refusals(written(layer, FILLED.replace(UNKNOWN, "mine/new") + "replaces: It was read.\n"))
    assert "one.yaml:8:1: there is no guideline `mine/new` below this layer" in said


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("facts.yaml", "facts: {rationale: {label: r, type: yes_no, asks: R, domain: d}}"),
        ("facts.yaml", "facts: {prior_visits: {label: r, type: yes_no, asks: R, domain: d}}"),
        ("treatments.yaml", "treatments: {tens: {label: another}}"),
        ("treatments.yaml", "{treatments: {}, regions: {shoulder: {label: another}}}"),
        ("sources.yaml", "sources: {mtus-chronic-pain-2009: {document: Another, tier: mtus}}"),
        ("codes.yaml", "codes: {'97110': tens}"),
    ],
)
def test_a_layer_changes_no_entry_of_the_rulebook(layer: Path, file: str, text: str) -> None:
    (layer / file).write_text(text)
    said = refusals(layer)
    assert f"{layer / file}:1:" in said
    assert "is also at" in said or "is worked out by the engine" in said


def test_what_is_wrong_in_a_layer_is_told_in_its_own_file(layer: Path) -> None:
    (layer / "treatments.yaml").write_text(
        "treatments:\n  mine:\n    label: mine\n    within: physical_medicin\n"
    )
    assert f"{layer / 'treatments.yaml'}:4:13: there is no treatment `physical_medicin`" in refusals(layer)


def test_a_layer_lies_over_the_rulebook_it_names_and_once(layer: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(layer, other)
    assert "`mine` is also the layer at" in refusals(layer, other)
    (layer / "layer.yaml").write_text("{layer: mine, over: oregon, version: '1', title: Mine}")
    said = refusals(layer)
    assert "layer.yaml:1:21: the layer lies over `oregon`, and the rulebook here is `mtus`" in said
    (layer / "layer.yaml").write_text("{layer: mine, over: mtus, version: '1', title: Mine}")
    (layer / "sources.yaml").write_text("{version: '2', sources: {}}")
    assert (
        "sources.yaml:1:2: `version` belongs to a rulebook; a layer says its own in layer.yaml"
        in refusals(layer)
    )


def test_digests_depend_on_every_layer_and_on_their_order(layer: Path) -> None:
    one, other = Rulebook.load(BASE, layer, EXAMPLE), Rulebook.load(BASE, EXAMPLE, layer)
    assert len({one.digest, other.digest, Rulebook.load(BASE, layer).digest, Rulebook.load(BASE).digest}) == 4
    before = {each.name: each.digest for each in one.layers}
    written(layer, FILLED)
    after = {each.name: each.digest for each in Rulebook.load(BASE, layer, EXAMPLE).layers}
    assert before["example-licensed"] == after["example-licensed"]
    assert before["mine"] != after["mine"]


def test_a_rulebook_with_layers_travels_whole_and_is_cached_by_what_it_is(layer: Path) -> None:
    written(layer, FILLED)
    first, again = Rulebook.load(BASE, layer), Rulebook.load(BASE, layer)
    sent: Rulebook = pickle.loads(pickle.dumps(first))
    assert first.digest == again.digest == sent.digest
    assert sent.layers == first.layers == again.layers
    assert sent.guidelines[UNKNOWN].layer == "mine"
    assert not Rulebook.load(BASE).guidelines[UNKNOWN].known, "the cache keeps them apart"
