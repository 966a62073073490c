"""JSON Schema of the other files of a rulebook: its words, its sources, and the manifest of a layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from imr_rules.rulebook import files
from imr_rules.rulebook.files import bibliography, common, layer, words
from imr_rules.schemas.described import describe
from imr_rules.schemas.forms import DIALECT, admit, brief, parts

FILES: Mapping[str, type[BaseModel]] = {
    "layer": files.LayerFile,
    "sources": files.SourcesFile,
    "facts": files.FactsFile,
    "treatments": files.TreatmentsFile,
    "instruments": files.InstrumentsFile,
    "codes": files.CodesFile,
}
"""Each file that is called after what it holds, ``KIND.yaml``."""


def file_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of ``KIND.yaml``. Names are not held against a rulebook: such a file declares them."""
    model = FILES[kind]
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    describe({model.__name__: schema, **definitions}, common, words, bibliography, layer)
    _lone_words(schema)
    if kind == "codes":
        codes = schema["properties"]["codes"]
        treatment = {"type": "string", "description": "The treatment it names."}
        codes["patternProperties"] = {
            pattern: {"anyOf": [treatment, either]} for pattern, either in codes["patternProperties"].items()
        }
    brief(schema)
    return {"$schema": DIALECT, **schema, "title": f"imr-rules {kind}.yaml"}


def _lone_words(schema: Any) -> None:
    """Admit, wherever a list of words stands, one of them alone."""
    for node in parts(schema):
        one = node.get("items")
        if (
            node.get("type") == "array"
            and isinstance(one, dict)
            and one.get("type") == "string"
            and "pattern" not in one
        ):
            admit(node, dict(node), one)
