"""Each lint finds what its bad example holds, and nothing in its good one.

An example is a few changes of ``lint/base``: a file of its own stands beside those of the base or in the place of one;
``<name>.diff`` changes lines of the base's ``<name>``; ``<name>.append`` is added to its end, ``<name>.pad`` until no
more can be read; an empty file takes the base's away. Where an example is the base itself there is no directory.
After a change of what a lint says that was meant, record it anew and read the difference::

    python -m tests.workbench.test_lint --update
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from imr_rules.workbench.lint import LINTS, books_at, lint
from tests import docs_examples
from tests.paths import ROOT
from tests.workbench.lint_examples import HERE, laid_over_base

CODES = [each.code for each in LINTS]


def found_in(example: Path, target: Path) -> str:
    """What lint says of an example, with files named from its root; of its ``layer``, where it has one."""
    laid_over_base(example, target)
    looked_at = Path()
    if (target / "layer").is_dir():
        looked_at = Path("..", "layer")
        (target / "layer").rename(target / looked_at)
    with chdir(target):
        return "".join(f"{each}\n" for each in lint(looked_at, rulebook=Path()).findings)


@pytest.mark.parametrize("code", CODES)
def test_the_bad_example_is_found_and_told_as_recorded(code: Any, tmp_path: Path) -> None:
    said = found_in(HERE / code / "bad", tmp_path / "bad")
    assert f": {code}: " in said
    assert said == (HERE / code / "bad" / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_found_in_the_good_example(code: Any, tmp_path: Path) -> None:
    assert found_in(HERE / code / "good", tmp_path / "good") == ""


def test_nothing_is_found_in_the_base(tmp_path: Path) -> None:
    assert found_in(HERE / "nothing", tmp_path / "base") == ""


@pytest.mark.parametrize("code", ["contradiction", "gapped-editions", "two-in-force"])
@pytest.mark.parametrize("added", ["the one that lint names", "the other one"])
def test_what_two_guidelines_bring_about_is_found_where_a_layer_has_one_of_them(
    code: str, added: str, tmp_path: Path
) -> None:
    rulebook, layer = tmp_path / "rulebook", tmp_path / "layer"
    laid_over_base(HERE / code / "bad", rulebook)
    named = (HERE / code / "bad" / "expected.txt").read_text(encoding="utf-8").partition(":")[0]
    sources = rulebook / "sources.yaml"
    sources.write_text(f"rulebook: example\n{sources.read_text(encoding='utf-8')}", encoding="utf-8")
    (other,) = {path.name for path in (rulebook / "example").iterdir()} - {Path(named).name}
    moved = Path(named).name if added == "the one that lint names" else other
    (layer / "example").mkdir(parents=True)
    (rulebook / "example" / moved).rename(layer / "example" / moved)
    manifest = "layer: added\nover: example\nversion: '1'\ntitle: Added\n"
    (layer / "layer.yaml").write_text(manifest, encoding="utf-8")
    (found,) = (each for each in lint(layer, rulebook=rulebook).findings if each.code == code)
    assert Path(str(found.place.file)) == layer / "example" / moved


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_its_page(code: Any) -> None:
    page = (ROOT / "docs" / "lint" / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}\n")
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == ["Avoid", "Prefer", "Why"]


def test_there_is_nothing_beside_the_codes() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "lint").glob("*.md")} - {"README"}
    examples = {path.name for path in HERE.iterdir()} - {"base"}
    assert pages == examples == set(CODES)
    assert len(set(CODES)) == len(CODES)


def test_every_code_that_loading_gives_is_one_of_them() -> None:
    """By the source: whatever loading says must have a page."""
    package = ROOT / "imr_rules"
    reading = [package / "_reading.py", package / "_validation.py"]
    paths = [
        *reading,
        *package.glob("rulebook/**/*.py"),
        *package.glob("expression*"),
        *package.glob("expression/*.py"),
    ]
    given = set()
    for path in paths:
        if path.is_file():
            source = path.read_text(encoding="utf-8")
            given |= set(re.findall(r'(?:Problem|\badd|\brefuse)\(\s*"([a-z]+(?:-[a-z]+)*)"', source))
            given |= set(re.findall(r'\bcode(?:: str)? ?= ?"([a-z]+(?:-[a-z]+)*)"', source))
            given |= set(re.findall(r', "([a-z]+)"\)$', source, re.MULTILINE)) & {"type", "unit"}
            given |= set(re.findall(r'\bcode, what = "([a-z-]+)"', source))
            given |= set(re.findall(r'^    "[a-z_]+": \("([a-z-]+)",', source, re.MULTILINE))
    about_json = {"not-json", "not-a-number"}
    about_finding_it = {"no-rulebook", "which-rulebook", "no-layer", "not-toml"}
    assert given - about_json - set(CODES) - about_finding_it == set()
    assert {"type", "wrong-type", "overlapping-editions", "alias"} <= given, (
        "the pattern no longer fits the source"
    )


def test_that_the_shipped_rulebook_and_its_layer_are_clean_is_an_example_of_the_documentation() -> None:
    """The example is run by ``tests/test_docs.py``: to lint them takes seconds, and once is enough."""
    shipped = [each.directory.relative_to(ROOT).as_posix() for each in books_at(ROOT / "rulesets")]
    assert shipped == ["rulesets/mtus", "rulesets/adapted-ny-2021"]
    examples = [
        (command.line, command.output)
        for example in docs_examples.examples(ROOT / "docs" / "cli.md")
        if example.language == "console" and not example.not_run
        for command in docs_examples.commands(example.text)
    ]
    assert ("imr-rules lint rulesets", f"nothing found in {', '.join(shipped)}\n") in examples


def update() -> None:
    """Record what lint says of each bad example."""
    for code in CODES:
        example = HERE / code / "bad"
        if example.is_dir():
            with tempfile.TemporaryDirectory() as target:
                said = found_in(example, Path(target, "rulebook"))
            if not re.search(rf": {code}: ", said):
                print(f"{code}: NOT FOUND in its bad example\n{said}")
            (example / "expected.txt").write_text(said, encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("IMR_RULES_CACHE", "off")
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        print(__doc__)
