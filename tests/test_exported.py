"""The public surface: where a module has ``__all__``, that names all it offers; every public name is documented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import imr_rules

CORE = ("case", "errors", "engines", "expression", "facts", "reading", "rulebook", "schemas", "screening")  # fmt: skip
EXTRAS = ("imr_rules.engines.symbolic", "imr_rules.engines.columnar")
"""They import what a plain installation does not have, and are tested where they are."""


def modules() -> list[str]:
    found = ["imr_rules"]
    for name in CORE:
        module = importlib.import_module(f"imr_rules.{name}")
        found.append(module.__name__)
        found += [
            each.name
            for each in pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}.")
            if not each.name.startswith(EXTRAS)
        ]
    return found


def own(module: ModuleType) -> set[str]:
    """Return the public functions and classes that a module defines."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == module.__name__
    }


@pytest.mark.parametrize("name", modules())
def test_all_names_what_there_is(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    exported = getattr(module, "__all__", [])
    assert len(set(exported)) == len(exported)
    assert [each for each in exported if not hasattr(module, each)] == []
    if exported:
        assert own(module) - set(exported) == set()


def test_the_package_itself_offers_the_few_names_it_documents() -> None:
    assert sorted(imr_rules.__all__) == [
        "Case", "Rulebook", "Screening", "__version__", "screen", "screen_many", "to_frame", "what_if",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [each for each in imr_rules.__all__ if each != "__version__"])
def test_every_public_method_is_documented(name: str) -> None:
    value = getattr(imr_rules, name)
    assert inspect.getdoc(value)
    for method, each in inspect.getmembers(value, inspect.isroutine) if inspect.isclass(value) else ():
        if not method.startswith("_") and (getattr(each, "__module__", None) or "").startswith("imr_rules"):
            assert inspect.getdoc(each), f"{name}.{method}"
