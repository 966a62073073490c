"""The JSON Schema of a guideline file: every file fits it, what would not load is refused, every key is described."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from imr_rules import Rulebook
from imr_rules._reading import read_document
from imr_rules.errors import RulebookError
from imr_rules.schemas import case_schema, guideline_schema
from tests.paths import ROOT

FILES = sorted((ROOT / "rulesets").glob("*/*/**/*.yaml"))


@pytest.fixture(scope="module")
def schema(rulebook: Rulebook) -> Any:
    return guideline_schema(rulebook)


@pytest.fixture(scope="module")
def validator(schema: Any) -> Any:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults(validator: Draft202012Validator, data: object) -> list[str]:
    return [error.json_path for error in validator.iter_errors(data)]


def test_every_guideline_file_fits(validator: Any) -> None:
    assert len(FILES) > 100
    wrong = {
        path.name: found
        for path in FILES
        if (found := faults(validator, read_document(path, RulebookError).data))
    }
    assert wrong == {}


@pytest.fixture
def guideline() -> Any:
    path = ROOT / "rulesets" / "mtus" / "chronic-pain-2009" / "behavioral-interventions.yaml"
    return copy.deepcopy(read_document(path, RulebookError).data)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("page",), [23]),
        (("criteria", 0, "requires"), "response"),
        (("criteria", 0, "require"), "visit_if_granted <= limits.total.visits.max"),
        (("criteria", 0, "require"), "visits_if_granted <= limits.total.visit.max"),
        (("criteria", 0, "require"), "visits_if_granted =< 10"),
        (("criteria", 0, "require"), "visits_if_granted <= 10 && response"),
        (("criteria", 1, "when"), "chronic pain"),
        (("criteria", 0, "says", "unmet"), "over {limits.total.visit}"),
        (("criteria", 0, "says", "unmet"), "over {visits}"),
        (("criteria", 0, "says", "unsure"), "perhaps"),
        (("criteria", 0, "status"), "known"),
        (("applies", "treatments"), ["psychotherapies"]),
        (("applies", "when"), "chronic_pains"),
        (("source",), "mtus-chronic-pain-2010"),
        (("limits", "total", "visits"), "10"),
        (("requests", "from"), None),
    ],
)  # fmt: skip
def test_what_would_not_load_is_refused(
    validator: Any, guideline: Any, path: tuple[Any, ...], value: list[int] | list[str] | str | None
) -> None:
    assert faults(validator, guideline) == []
    holder = guideline
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert faults(validator, guideline), f"{path} = {value!r} was let through"


@pytest.mark.parametrize(
    "expression",
    [
        "injury_date >= 2004-01-01 and not cap_waived_in_writing",
        "2 * in_dispute + prior_visits <= 24",
        "not (body_region in [neck, low_back] or goals_met)",
        "true",
        True,
    ],
)
def test_the_language_is_let_through(validator: Any, guideline: Any, expression: bool | str) -> None:
    guideline["criteria"][0]["when"] = expression
    assert faults(validator, guideline) == []


def test_every_key_is_described(schema: Any) -> None:
    models = {"GuidelineFile": schema, **schema["$defs"]}
    bare = [
        f"{model}.{key}"
        for model, described in models.items()
        for key, each in described.get("properties", {}).items()
        if model != "CriterionFile" or key != "says"
        if "description" not in each
    ]
    assert bare == []


def test_every_fact_is_offered_with_its_question(schema: Any, rulebook: Rulebook) -> None:
    offered = {each["label"]: each for each in schema["$defs"]["Expression"]["defaultSnippets"]}
    for name, spec in rulebook.vocabulary.facts.items():
        assert spec.asks in offered[name]["description"]
    assert "limits" in offered


def test_the_editor_settings_name_files_that_are_there() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for schema_file, patterns in settings["yaml.schemas"].items():
        assert schema_file.startswith("./.vscode/")
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            assert sorted(ROOT.glob(pattern)), pattern
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert ".vscode/*.schema.json" in ignored, "what the rulebook's own words make is not kept"


def long_messages(node: Any) -> list[str]:
    """What an editor would have to recite in more than 200 letters: patterns, and lists of words."""
    if isinstance(node, list):
        return [each for inner in node for each in long_messages(inner)]
    if not isinstance(node, dict):
        return []
    found = [each for inner in node.values() for each in long_messages(inner)]
    pattern, words = node.get("pattern"), node.get("enum")
    if (
        isinstance(pattern, str)
        and len(pattern) > 150
        and len(node.get("patternErrorMessage", pattern)) > 200
    ):
        found.append(pattern)
    recited = ", ".join(map(str, words)) if isinstance(words, list) else ""
    if len(recited) > 150 and len(node.get("errorMessage", recited)) > 200:
        found.append(recited)
    return found


def test_an_editor_recites_no_pattern_and_no_list(schema: Any, rulebook: Rulebook) -> None:
    assert long_messages(schema) == []
    assert long_messages(case_schema(rulebook)) == []
    assert long_messages({"properties": {"a": {"pattern": "x" * 201}, "b": {"enum": ["y" * 201]}}}) != []
