"""A clinician who has read one guideline file can read the others: the same keys in the same order, plain sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.paths import ROOT

BOOK = ROOT / "rulesets" / "mtus"
FILES = sorted(BOOK.glob("*/*.yaml"))
KEYS = [
    "guideline", "title", "source", "section", "pages", "requests", "applies", "contents", "ask", "supersedes", "note",
    "recommended", "limits", "criteria",
]  # fmt: skip
CRITERION = ["id", "kind", "when", "require", "section", "pages", "status", "cites", "says"]
SAYS = ["met", "unmet", "undocumented", "unknown"]


def in_order(found: dict[str, Any], order: list[str]) -> bool:
    places = [order.index(each) for each in found]
    return places == sorted(places)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_guideline_file_is_laid_out_like_the_others(path: Any) -> None:
    guideline = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert guideline["guideline"] == f"mtus/{path.parent.name}/{path.stem}"
    assert in_order(guideline, KEYS)
    for criterion in guideline.get("criteria", ()):
        assert in_order(criterion, CRITERION), criterion["id"]
        assert in_order(criterion.get("says", {}), SAYS), criterion["id"]


def sentences(guideline: dict[str, Any]) -> Iterator[Any]:
    yield from filter(None, [guideline.get("note"), guideline.get("recommended", {}).get("says")])
    for criterion in guideline.get("criteria", ()):
        yield from criterion.get("says", {}).values()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_reasons_and_notes_are_whole_sentences_without_the_words_of_the_machine(path: Any) -> None:
    guideline = yaml.safe_load(path.read_text(encoding="utf-8"))
    for sentence in sentences(guideline):
        text = " ".join(sentence.split())
        assert re.match(r"[A-Z0-9{\"]", text), text
        assert text.endswith((".", ")", "?")), text
        assert "  " not in text
        assert not re.search(r"[a-z]_[a-z]", re.sub(r"\{[^}]*\}|\([a-z_]+: [a-z_]+\)", "", text)), text


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_guideline_of_unknown_contents_says_so_and_holds_no_rule(path: Any) -> None:
    guideline = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "contents" in guideline:
        assert guideline["contents"] == "not_known"
        assert guideline["note"]
        assert not {"limits", "criteria", "recommended"} & set(guideline)
