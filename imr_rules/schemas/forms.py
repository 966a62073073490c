"""What the schemas share: the dialect, and the short forms that files admit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def names(kind: str, known: Iterable[str], *others: str) -> dict[str, Any]:
    """Return the schema of a name that must be one of many, with words for an editor that would list them all.

    ``errorMessage`` is read by the language servers of YAML and JSON, and ignored by everything else.
    """
    said = f"The rulebook has no {kind} of this name; imr-rules lint says which one is nearest."
    return {"enum": [*others, *sorted(known)], "errorMessage": said}


_LISTED = 8
"""Words of an enumeration that an editor lists when none of them is written."""


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping of a schema, the inner ones first; each may be changed when it is given."""
    if isinstance(node, list):
        for inner in node:
            yield from parts(inner)
    elif isinstance(node, dict):
        for inner in list(node.values()):
            yield from parts(inner)
        yield node


def admit(node: dict[str, Any], listed: dict[str, Any], single: Any) -> None:
    """Have a part of a schema admit ``single`` beside what it is itself, ``listed``; its title stays above both."""
    shared: dict[str, Any] = {
        key: listed.pop(key) for key in ("title", "description", "default") if key in listed
    }
    node.clear()
    node.update({**shared, "anyOf": [listed, single]})


def brief(schema: Any) -> None:
    """Give every long enumeration words for an editor that would list it whole; and let no name be of another form."""
    for node in parts(schema):
        words = node.get("enum")
        if isinstance(words, list) and len(words) > _LISTED and "errorMessage" not in node:
            some = ", ".join(map(str, words[:_LISTED]))
            node["errorMessage"] = (
                f"One of {len(words)} words belongs here: {some}, ... Completion lists them all."
            )
        if "patternProperties" in node:
            node["additionalProperties"] = False


def short_forms(schema: Any) -> None:
    """Admit, wherever a list of statements, evidence, words or a range stands, its short form as well."""
    for node in parts(schema):
        if node.get("type") != "array":
            continue
        listed = dict(node)
        if "prefixItems" in node:
            single: Any = node["prefixItems"][0]
        else:
            single = node.get("items", {})
            reference = single.get("$ref", "") if isinstance(single, dict) else ""
            if reference.endswith("/Amount"):
                single = {"anyOf": [single, {"type": "integer", "minimum": 0}]}
            elif not reference.endswith(("/Evidence", "/Recorded")) and single.get("type") != "string":
                continue
            listed["items"] = single
        admit(node, listed, single)
