"""The rulebooks that lint's examples stand for: a few changes of the base in ``workbench/lint/base``."""

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
    """Make the rulebook that an example stands for: the base, where there is no such example."""
    base(target)
    for path in sorted(each for each in example.rglob("*") if each.is_file()):
        if path.name == "expected.txt":
            continue
        place = target / path.relative_to(example)
        place.parent.mkdir(parents=True, exist_ok=True)
        added = path.read_bytes()
        match place.suffix:
            case ".diff":
                place = place.with_suffix("")
                place.write_bytes(changed(place.read_bytes(), added))
            case ".append":
                place = place.with_suffix("")
                place.write_bytes(place.read_bytes() + added)
            case ".pad":
                place = place.with_suffix("")
                place.write_bytes(place.read_bytes() + added * (MAX_BYTES // len(added) + 1))
            case _ if not added:
                place.unlink()
            case _:
                place.write_bytes(added)
    return target


def changed(text: bytes, diff: bytes) -> bytes:
    """Return a text with the changes of a diff: hunks parted by ``@@``, whose old lines stand in it once."""
    for hunk in diff.split(b"@@\n"):
        lines = hunk.splitlines(keepends=True)
        old = b"".join(line[1:] for line in lines if line[:1] in b"- ")
        new = b"".join(line[1:] for line in lines if line[:1] in b"+ ")
        assert (b"\n" + text).count(b"\n" + old) == 1, f"not once in the base: {old!r}"
        text = (b"\n" + text).replace(b"\n" + old, b"\n" + new)[1:]
    return text
