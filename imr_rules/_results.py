"""Results: frozen dataclasses whose fields are the keys of the JSON that is stored, sent and printed.

A result is declared once. Its JSON and its place in the OpenAPI description both come from that declaration,
so a new key is a new field and the place where it is worked out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pydantic import ConfigDict, Field, TypeAdapter


class Result:
    """A base for frozen dataclasses that are given out.

    A field whose name is a Python keyword has the key as its alias. A field that is for Python alone is annotated
    with ``Field(exclude=True)``.
    """

    __slots__ = ()
    __pydantic_config__ = ConfigDict(
        extra="forbid", json_schema_serialization_defaults_required=True, arbitrary_types_allowed=True
    )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data: lists, mappings, text, numbers and None."""
        found: dict[str, Any] = adapter(type(self)).dump_python(self, mode="json", by_alias=True)
        return found

    def to_json(self) -> bytes:
        """Return it as JSON, as it is stored and sent: UTF-8, no spaces."""
        return adapter(type(self)).dump_json(self, by_alias=True)


adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
"""What writes a kind of result and describes it. It is made when first needed, because making it takes time."""


def _nothing(value: object) -> bool:
    return value is None


ABSENT_IF_NONE = Field(exclude_if=_nothing)
"""Annotates a field that stands in the JSON only where there is something to say."""
