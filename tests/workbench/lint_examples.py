"""The rulebooks that lint's examples stand for: a few files laid over ``workbench/lint/base``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import yaml

from imr_rules._reading import MAX_BYTES
from tests.paths import ROOT

HERE = Path(__file__).resolve().parent / "lint"


def derived_facts() -> str:
    """The facts that the engine works out, as the shipped dictionary declares them: every rulebook needs them."""
    declared = yaml.safe_load((ROOT / "rulesets" / "mtus" / "facts.yaml").read_text(encoding="utf-8"))[
        "facts"
    ]
    return "".join(
        f"  {name}: {json.dumps(fact)}\n" for name, fact in declared.items() if fact.get("derived")
    )


def base(target: Path) -> Path:
    """Make the rulebook that all examples begin with; it is clean."""
    shutil.copytree(HERE / "base", target, dirs_exist_ok=True)
    return completed(target)


def laid_over_base(example: Path, target: Path) -> Path:
    """Make the rulebook that an example stands for."""
    shutil.copytree(HERE / "base", target, dirs_exist_ok=True)
    for path in sorted(each for each in example.rglob("*") if each.is_file()):
        name = path.relative_to(example)
        if name.name == "expected.txt":
            continue
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if name.suffix in (".append", ".pad"):
            place, added = place.with_suffix(""), path.read_bytes()
            times = 1 if name.suffix == ".append" else MAX_BYTES // len(added) + 1
            place.write_bytes(place.read_bytes() + added * times)
        elif path.stat().st_size == 0:
            place.unlink()
        else:
            shutil.copyfile(path, place)
    return completed(target)


def completed(book: Path) -> Path:
    """Add to a rulebook's dictionary, where it has one, the facts that every rulebook needs."""
    if (book / "facts.yaml").exists():
        with (book / "facts.yaml").open("a", encoding="utf-8") as facts:
            facts.write(derived_facts())
    return book
