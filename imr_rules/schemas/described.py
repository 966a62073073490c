"""What an editor says of a key: the words that stand under its field in :mod:`imr_rules.rulebook.files`."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from imr_rules._units import PLURALS


def describe(models: Mapping[str, dict[str, Any]], *modules: ModuleType) -> None:
    """Give each key of a schema the words that stand under its field in the modules that declare it."""
    written = dict(_field_docstrings(modules))
    inherits = {"RowFile": ("AmountsFile",), "LimitFile": ("AmountsFile",)}
    for model, schema in models.items():
        for key, described in schema.get("properties", {}).items():
            name = {"from": "from_", "else": "otherwise"}.get(key, key)
            for each in (model, *inherits.get(model, ())):
                if (each, name) in written:
                    described["description"] = written[each, name]
                    break
            else:
                if key in PLURALS:
                    unit = key.replace("_", " ")
                    described["description"] = f"A number of {unit}, or the least and the greatest: [6, 10]."


def _field_docstrings(modules: Iterable[ModuleType]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield (class, field) and the text under the field, for every model of some modules."""
    for module in modules:
        for model in ast.parse(inspect.getsource(module)).body:
            if isinstance(model, ast.ClassDef):
                yield from _in_class(model.name, model.body)


def _in_class(model: str, body: Iterable[ast.stmt]) -> Iterator[tuple[tuple[str, str], str]]:
    previous: ast.stmt | None = None
    for statement in body:
        if (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
            and isinstance(previous, ast.AnnAssign)
            and isinstance(previous.target, ast.Name)
        ):
            yield (model, previous.target.id), " ".join(statement.value.value.replace("``", "`").split())
        previous = statement
