"""JSON Schema of a guideline file: an editor that knows it refuses what would not load, and completes names.

The criteria language is no JSON, so the schema can only hold its words and signs against a pattern: a fact
that does not exist is refused, a comparison of two units is not. Loading and lint say the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from imr_rules._units import PLURALS
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.files import GuidelineFile, common, guideline
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.schemas.described import describe
from imr_rules.schemas.forms import DIALECT, brief, names, short_forms

_EXPRESSIONS = (
    ("AppliesFile", "when"),
    ("CriterionFile", "when"),
    ("CriterionFile", "require"),
    ("RecommendedFile", "no"),
    ("RecommendedFile", "unless"),
    ("RowFile", "when"),
    ("SupersedesFile", "when"),
)
_LIMIT = rf"limits\.[a-z][a-z0-9_]*\.(?:{'|'.join(PLURALS)})(?:\.(?:min|max))?"
_WORDS = ("and", "or", "not", "in", "true", "false")
_SIGNS = r"<=|>=|==|!=|[<>()\[\],+*-]"


def guideline_schema(rulebook: Rulebook) -> dict[str, Any]:
    """Return the JSON Schema of a guideline file, with the facts, treatments and sources there are."""
    schema = GuidelineFile.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    treatments = definitions["AppliesFile"]["properties"]["treatments"]
    treatments["items"] = names("treatment", rulebook.vocabulary.treatments, ANY_TREATMENT)
    for holder in (schema, definitions["CitationFile"]):
        holder["properties"]["source"] |= names("source", rulebook.sources)
    describe({"GuidelineFile": schema, **definitions}, common, guideline)
    short_forms(schema)
    definitions["Expression"] = _expression(rulebook.vocabulary.facts)
    definitions["Reason"] = _reason(rulebook.vocabulary.facts)
    for model, name in _EXPRESSIONS:
        _refer(definitions[model]["properties"], name, "Expression")
    _refer(definitions["RecommendedFile"]["properties"], "says", "Reason")
    says = definitions["CriterionFile"]["properties"]["says"]
    words = {status: {"$ref": "#/$defs/Reason"} for status in says.pop("propertyNames")["enum"]}
    says.pop("additionalProperties")
    says |= {"properties": words, "additionalProperties": False}
    brief(schema)
    return {"$schema": DIALECT, **schema, "title": "imr-rules guideline"}


def _refer(properties: dict[str, Any], name: str, definition: str) -> None:
    """Let a property be what a definition says, with the words that describe it."""
    described = {key: properties[name][key] for key in ("description", "title") if key in properties[name]}
    properties[name] = {"$ref": f"#/$defs/{definition}", **described}


def _expression(facts: Mapping[str, FactSpec]) -> dict[str, Any]:
    words = sorted({word for spec in facts.values() for word in spec.type.choices})
    known = "|".join(re.escape(word) for word in (*_WORDS, *facts, *words))
    token = rf"(?:(?:{_LIMIT}|{known}|\d{{4}}-\d{{2}}-\d{{2}}|\d+)(?![A-Za-z0-9_.])|{_SIGNS})"
    return {
        "description": "A condition in the criteria language: facts, limits.name.unit, comparisons, and, or, not, in [...].",
        "anyOf": [
            {
                "type": "string",
                "maxLength": 2000,
                "pattern": rf"^\s*(?:{token}\s*)+$",
                "patternErrorMessage": "This is no condition: a fact, a limit or a sign in it is not one that there is. "
                "imr-rules lint says which, and what is nearest.",
            },
            {"type": "boolean"},
        ],
        "defaultSnippets": [
            {
                "label": "limits",
                "description": "A limit of this guideline",
                "body": "limits.${1:total}.${2:visits}.max",
            },
            *(_snippet(spec) for spec in facts.values()),
        ],
        "examples": [
            "visits_if_granted <= limits.total.visits.max",
            "prior_visits > 0",
            "not goals_met and not ready_to_end",
            "body_region in [neck, low_back]",
        ],
    }


def _snippet(spec: FactSpec) -> dict[str, str]:
    """Return what an editor offers for a fact: its name, with a comparison to fill in where it needs one."""
    kind = spec.type
    if kind.kind == "choice":
        words = ",".join(sorted(kind.choices)[:40]) or "word"
        body = f"{spec.name} in [${{1|{words}|}}]"
    elif kind.kind == "boolean":
        body = spec.name
    else:
        body = f"{spec.name} ${{1|<=,<,>=,>,==|}} ${{2:{'2014-01-01' if kind.kind == 'date' else '10'}}}"
    return {"label": spec.name, "description": f"{spec.label}: {spec.asks}", "body": body}


def _reason(facts: Mapping[str, FactSpec]) -> dict[str, Any]:
    known = "|".join(map(re.escape, facts))
    return {
        "description": "The words of a reason; {fact} and {limits.name.unit} are filled in.",
        "type": "string",
        "minLength": 1,
        "maxLength": 1000,
        "pattern": rf"^(?:[^{{}}]|\{{(?:{_LIMIT}|{known})\}})+$",
        "patternErrorMessage": "What stands in curly brackets is no fact and no limit, or a bracket has no partner. "
        "imr-rules lint says which, and what is nearest.",
    }
