"""JSON Schema of case and guideline files, with the rulebook's own names in it."""

from __future__ import annotations

from typing import Any

from imr_rules.case import Case
from imr_rules.facts.values import FactType
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.files import GuidelineFile
from imr_rules.rulebook.loaded import ANY_TREATMENT

__all__ = ["case_schema", "guideline_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def case_schema(rulebook: Rulebook) -> dict[str, Any]:
    """Return the JSON Schema of a case, with every fact of the dictionary under ``findings``."""
    schema = Case.model_json_schema(by_alias=True)
    findings = {
        "type": "object",
        "description": "Facts of the rulebook's dictionary, by name.",
        "additionalProperties": False,
        "properties": {
            name: {"description": f"{spec.asks} ({spec.label})", **_statements(spec.type)}
            for name, spec in rulebook.vocabulary.facts.items()
        },
    }
    definitions = schema["$defs"]
    definitions["Findings"] = findings
    for model in (schema, definitions["DisputedItem"]):
        model["properties"]["findings"] = {"$ref": "#/$defs/Findings"}
    _short_forms(schema)
    definitions["BodyPart"]["properties"]["region"]["enum"] = sorted(rulebook.vocabulary.regions)
    definitions["Course"]["properties"]["treatment"]["enum"] = sorted(rulebook.vocabulary.treatments)
    return {"$schema": _DIALECT, **schema, "title": "imr-rules case"}


def guideline_schema(rulebook: Rulebook) -> dict[str, Any]:
    """Return the JSON Schema of a guideline file, with the treatments and sources there are."""
    schema = GuidelineFile.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    treatments = definitions["AppliesFile"]["properties"]["treatments"]
    treatments["items"] = {"enum": [ANY_TREATMENT, *sorted(rulebook.vocabulary.treatments)]}
    schema["properties"]["source"]["enum"] = sorted(rulebook.sources)
    _short_forms(schema)
    return {"$schema": _DIALECT, **schema, "title": "imr-rules guideline"}


def _statements(kind: FactType) -> dict[str, Any]:
    """Return the schema of what may be said of one fact: a bare value, one statement, or several."""
    value = _value(kind)
    recorded = {"$ref": "#/$defs/Recorded"}
    either = [value, recorded]
    return {"anyOf": [*either, {"type": "array", "minItems": 1, "items": {"anyOf": either}}]}


def _value(kind: FactType) -> dict[str, Any]:
    if kind.kind == "boolean":
        return {"type": "boolean"}
    if kind.kind == "integer":
        return {"type": "integer", "minimum": kind.low, "maximum": kind.high}
    return {"type": "string", **({"enum": sorted(kind.choices)} if kind.kind == "choice" else {})}


def _short_forms(node: Any) -> None:
    """Admit, wherever a list of statements, evidence, words or a range stands, its short form as well."""
    if isinstance(node, list):
        for inner in node:
            _short_forms(inner)
        return
    if not isinstance(node, dict):
        return
    for inner in list(node.values()):
        _short_forms(inner)
    if node.get("type") != "array":
        return
    if "prefixItems" in node:
        single: Any = node["prefixItems"][0]
    else:
        single = node.get("items", {})
        reference = single.get("$ref", "") if isinstance(single, dict) else ""
        if reference.endswith("/Amount"):
            single = {"anyOf": [single, {"type": "integer", "minimum": 0}]}
        elif not reference.endswith(("/Evidence", "/Recorded")) and single.get("type") != "string":
            return
    listed = dict(node)
    if "prefixItems" not in node:
        listed["items"] = single
    shared = {key: listed.pop(key) for key in ("title", "description", "default") if key in listed}
    node.clear()
    node.update({**shared, "anyOf": [listed, single]})
