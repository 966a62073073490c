"""The pinned lists are plain, whole, and within the ranges pyproject.toml gives."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.paths import ROOT

LISTS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r'[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*(; python_version < "\d\.\d+")?')

if not LISTS:
    pytest.skip("SKIPPED LOUDLY: not a checkout, there is no requirements directory", allow_module_level=True)


def pins(*names: str) -> dict[str, Requirement]:
    """The pins of some lists (all, where none is named) by normalized name of the package."""
    chosen = [path for path in LISTS if not names or path.stem in names]
    return {canonicalize_name(pin.name): pin for path in chosen for pin in map(Requirement, lines(path))}


def lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8").splitlines()
    return [line for line in text if line and not line.startswith("#")]


def version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    return specifier.version


def wanted() -> list[Requirement]:
    """What pyproject.toml asks for: to run, to cross-check, and to build."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [
        Requirement(text)
        for text in (
            *project["project"]["dependencies"],
            *project["project"]["optional-dependencies"]["durable"],
            *project["build-system"]["requires"],
        )
    ]


def missing_from(pinned: dict[str, Requirement], roots: Iterable[str]) -> set[str]:
    """What the packages named bring with them and is not pinned.  One not installed here brings nothing."""
    missing: set[str] = set()
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        if name not in pinned:
            missing.add(name)
            continue
        try:
            asked = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for requirement in map(Requirement, asked):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return missing


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_every_line_is_a_name_and_a_version(path: Path) -> None:
    assert lines(path), "an empty list"
    assert [line for line in lines(path) if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_no_line_names_a_host(path: Path) -> None:
    assert re.findall(r"^.*(?:://|\bwww\.|--|@).*$", path.read_text(encoding="utf-8"), re.MULTILINE) == []


def test_no_package_is_pinned_twice() -> None:
    names = [canonicalize_name(Requirement(line).name) for path in LISTS for line in lines(path)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("requirement", wanted(), ids=lambda requirement: requirement.name)
def test_a_pin_is_within_the_range_asked_for(requirement: Requirement) -> None:
    pin = pins()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version(pin)), f"{pin} is outside {requirement}"
    assert pin.marker == requirement.marker, "the pin and pyproject.toml apply to different Pythons"


def test_the_lists_are_whole() -> None:
    run = [requirement.name for requirement in wanted()]
    assert missing_from(pins("run", "durable", "build"), run) == set()
    assert missing_from(pins(), pins()) == set()


def test_what_runs_is_pinned_apart_from_what_builds() -> None:
    names = [canonicalize_name(requirement.name) for requirement in wanted()]
    project = [name for name in names if name not in pins("build")]
    assert missing_from(pins("run", "durable"), project) == set()


@pytest.mark.parametrize(
    "line",
    [
        "pydantic",
        "pydantic>=2",
        "pydantic==2.*",
        "pydantic==2.1 --hash=sha256:00",
        "-r run.txt",
        "a @ file:///a.whl",
    ],
)
def test_what_is_no_pin_is_seen(line: str) -> None:
    assert not PIN.fullmatch(line)
