"""JSON Schema of a case file, with the facts of the rulebook's dictionary in it."""

from __future__ import annotations

from typing import Any

from imr_rules.case import Case
from imr_rules.expression.values import FactType
from imr_rules.rulebook import Rulebook
from imr_rules.schemas.forms import DIALECT, brief, names, short_forms


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
    short_forms(schema)
    kinds = definitions["Document"]["properties"]["kind"]
    kinds["errorMessage"] = "There is no such kind of document; `other` fits any."
    definitions["BodyPart"]["properties"]["region"] |= names("region", rulebook.vocabulary.regions)
    definitions["Course"]["properties"]["treatment"] |= names("treatment", rulebook.vocabulary.treatments)
    brief(schema)
    return {"$schema": DIALECT, **schema, "title": "imr-rules case"}


def _statements(kind: FactType) -> dict[str, Any]:
    """Return the schema of what may be said of one fact: a bare value, one statement, or several."""
    recorded = {"$ref": "#/$defs/Recorded"}
    # A fact whose words are worked out from the rest of a case has none that may be written.
    worded = kind.kind != "choice" or kind.choices
    either = [_value(kind), recorded] if worded else [recorded]
    return {"anyOf": [*either, {"type": "array", "minItems": 1, "items": {"anyOf": either}}]}


def _value(kind: FactType) -> dict[str, Any]:
    if kind.kind == "boolean":
        return {"type": "boolean"}
    if kind.kind == "integer":
        return {"type": "integer", "minimum": kind.low, "maximum": kind.high}
    return {"type": "string", **(names("word", kind.choices) if kind.kind == "choice" else {})}
