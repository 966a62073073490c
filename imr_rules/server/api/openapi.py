"""The OpenAPI 3.1 description: what FastAPI finds out, and the schemas it cannot know of."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from imr_rules._results import adapter
from imr_rules._version import __version__
from imr_rules.rulebook import Rulebook
from imr_rules.schemas import case_schema
from imr_rules.schemas.forms import parts
from imr_rules.screening import Screening
from imr_rules.server.messages import (
    Amendment,
    BatchAnswer,
    FactList,
    Health,
    ProblemDetails,
    Readiness,
    Replay,
    RulebookList,
    RulebookShown,
    ScreeningDocument,
    ScreeningList,
    ScreeningReceipt,
    SignOff,
)

_ABOUT = (
    "Checks requested medical services against treatment guidelines and suggests, with cited reasons, whether an "
    "Independent Medical Review would uphold or overturn the denial. It suggests; a physician decides."
)
_REFERENCE = "#/components/schemas/"
_ANSWERS = (
    ScreeningDocument, ScreeningReceipt, ScreeningList, Screening, Replay, RulebookList, RulebookShown, FactList, Health, Readiness,
    ProblemDetails, *get_args(BatchAnswer),
)  # fmt: skip
"""What bodies of answers are; their parts come with them."""


def describe(app: FastAPI, rulebook: Rulebook) -> dict[str, Any]:
    """Return the description, with the names a case may use by this rulebook."""
    described = get_openapi(
        title="imr-rules", version=__version__, openapi_version="3.1.0", description=_ABOUT, routes=app.routes
    )
    schemas = described.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _, found = TypeAdapter.json_schemas(
        [(each, "serialization", adapter(each)) for each in _ANSWERS],
        ref_template=_REFERENCE + "{model}",
    )
    schemas.update(found["$defs"])
    schemas["BatchAnswer"] = {
        "anyOf": [{"$ref": _REFERENCE + each.__name__} for each in get_args(BatchAnswer)]
    }
    for name, schema in (
        ("Amendment", Amendment.model_json_schema()),
        ("SignOff", SignOff.model_json_schema()),
        ("Case", case_schema(rulebook)),
    ):
        schemas.update(_hoisted(name, schema))
    components = described["components"]
    components["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "A key made by imr-rules keys create. None is needed on this machine until there is one.",
        }
    }
    for path, operations in described["paths"].items():
        for operation in operations.values():
            if path not in ("/healthz", "/readyz"):
                operation["security"] = [{"key": []}]
            for parameter in operation.get("parameters", ()):
                if path.endswith("/signoffs") and parameter["name"] == "If-Match":
                    parameter |= {"required": True, "schema": {"type": "string", "maxLength": 255}}
    for node in parts(described):  # generators of clients take every constant for a text
        if isinstance(node.get("const"), (bool, int)):
            value = json.dumps(node.pop("const"))
            node["description"] = f"{node.get('description', '')} Always {value}.".strip()
    return described


def _hoisted(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema and its definitions as components, named after it so that they cannot meet others."""
    own = dict(schema)
    definitions = own.pop("$defs", {})
    own.pop("$schema", None)
    found = {name: own, **{f"{name}{each}": definition for each, definition in definitions.items()}}
    for node in parts(found):
        # A client is generated with a class for each title, and no two may be named alike.
        if isinstance(node.get("title"), str):
            del node["title"]
        if isinstance(node.get("$ref"), str):
            node["$ref"] = re.sub(r"^#/\$defs/", f"{_REFERENCE}{name}", node["$ref"])
    return found
