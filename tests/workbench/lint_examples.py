"""The rulebooks that lint's examples stand for: a few files laid over ``workbench/lint/base``."""

from __future__ import annotations

import shutil
from pathlib import Path

from imr_rules._reading import MAX_BYTES

HERE = Path(__file__).resolve().parent / "lint"


def base(target: Path) -> Path:
    """Make the rulebook that all examples begin with; it is clean."""
    shutil.copytree(HERE / "base", target, dirs_exist_ok=True)
    return target


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
    return target
