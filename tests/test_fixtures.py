"""Determinations that are fixtures say all they expect, and why where that is not what was decided.

That each fixture gets the answer it expects is a test of its own: pytest collects ``fixtures/`` itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from imr_rules import Case, Rulebook
from imr_rules.workbench.fixtures import differences
from tests.paths import DETERMINATIONS, SEED
from tests.published import published_letters

FIXTURES = sorted(DETERMINATIONS.glob("**/*.yaml"))
AGREES = {"uphold": "upheld", "overturn": "overturned"}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_says_all_it_expects(path: Path) -> None:
    """Every item has its suggestion, what that rests on, and the real outcome: no exception."""
    case = Case.from_file(path)
    assert case.expect is not None
    assert set(case.expect.items) == {name for name, _ in case.named_items}
    for name, expected in case.expect.items.items():
        assert expected.suggestion, f"{name}: no suggestion is expected"
        assert expected.outcome, f"{name}: the real outcome is not recorded"
        if expected.suggestion == "needs_review":
            assert expected.lean, f"{name}: which way it leans, or that it does not, is not expected"
            assert expected.review_reasons, f"{name}: why it needs review is not expected"
            assert expected.grounds is None
        else:
            assert expected.grounds, f"{name}: no ground is expected"


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_says_why_it_differs_from_its_outcome_and_only_then(path: Path) -> None:
    case = Case.from_file(path)
    assert case.expect is not None
    for name, expected in case.expect.items.items():
        answer = expected.lean if expected.suggestion == "needs_review" else expected.suggestion
        differs = AGREES.get(str(answer)) != expected.outcome
        if differs:
            assert expected.differs, f"{name} differs from the recorded outcome and does not say why"
            assert len(expected.differs.split()) >= 12, f"{name}: say what exactly differs, and in what"
        else:
            assert expected.differs is None, (
                f"{name} agrees with the recorded outcome and says why it differs"
            )


def test_a_sentence_on_a_difference_is_never_used_twice() -> None:
    said = [
        expected.differs
        for path in FIXTURES
        if (case := Case.from_file(path)).expect
        for expected in case.expect.items.values()
        if expected.differs
    ]
    assert len(set(said)) == len(said)


LETTERS = [path for path in FIXTURES if path.stem.startswith("cm")]


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_every_fact_of_a_determination_says_where_in_the_letter_it_stands(path: Path) -> None:
    case = Case.from_file(path)
    assert case.documents is not None
    (letter,) = case.documents
    stated = [each for found in case.findings.values() for each in found]
    stated += [each for _, item in case.named_items for found in item.findings.values() for each in found]
    parts = [*stated, *case.surgeries]
    for course in case.history:
        counts = [*(course.attended or ()), *(course.authorized_unused or ())]
        parts += counts if counts and not course.evidence else [course]
    part: Any
    for part in parts:
        assert part.evidence, f"no evidence is given for {part}"
        for each in part.evidence:
            assert each.document == letter.id
            assert each.page is not None
            assert each.page <= letter.pages
            assert each.place in ("clinical case summary", "rationale", "title")


@pytest.mark.long
@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_page_given_as_evidence_holds_that_part_of_the_letter(path: Path) -> None:
    """The summary and the rationales are found in the published letter; a page lies within one of them."""
    pdfium = pytest.importorskip("pypdfium2", reason="SKIPPED LOUDLY: no reader of PDF files is installed")
    letter = published_letters() / "pdf" / f"{path.stem.upper()}.pdf"
    if not letter.exists():
        pytest.skip(
            f"SKIPPED LOUDLY: {letter} is not here; the pages of {path.stem} were not held against it"
        )
    with pdfium.PdfDocument(letter) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    case = Case.from_file(path)
    assert case.documents is not None
    assert case.documents[0].pages == len(pages)
    whole = "\f".join(pages)

    def between(start: str, end: str) -> set[int]:
        first = whole.index(start)
        last = whole.index(end, first)
        return set(range(whole.count("\f", 0, first) + 1, whole.count("\f", 0, last) + 2))

    summary = between("CLINICAL CASE SUMMARY", "IMR ISSUES")
    reasons = set(range(min(between("IMR ISSUES", "guideline:")), len(pages) + 1))
    for each in evidence_in(case.model_dump(mode="json", exclude={"expect"})):
        assert each["page"] in (summary if each["place"] == "clinical case summary" else reasons), each


def evidence_in(part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        yield from (each for each in part.get("evidence") or () if each.get("page"))
        for name, inner in part.items():
            if name != "evidence":
                yield from evidence_in(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from evidence_in(inner)


def test_every_determination_read_by_eye_is_a_fixture() -> None:
    """Ninety disputed items of the published determinations were read; each is here with its outcome."""
    letters = yaml.safe_load((published_letters() / "decisions.yaml").read_text(encoding="utf-8"))
    by_case = {path.stem.upper(): Case.from_file(path) for path in FIXTURES}
    read = 0
    for letter in letters:
        items = [item for item in letter["items"] if item["reasoning_source"] == "read"]
        if not items:
            continue
        read += len(items)
        seed = letter["id"].startswith("seed-")
        case = by_case["SEED-CBT-RELAXATION" if seed else letter["id"]]
        assert case.expect is not None
        outcomes = Counter(expected.outcome for expected in case.expect.items.values())
        assert not Counter(item["outcome"] for item in items) - outcomes, letter["id"]
        if not seed:
            assert str(case.injury.date)[:7] == str(letter["injury_date"])[:7], letter["id"]
    assert read == 90


def test_a_wrong_expectation_is_seen(rulebook: Rulebook) -> None:
    """The comparison itself must be able to fail."""
    case = Case.from_file(SEED)
    data = case.model_dump(mode="json", exclude_defaults=True)
    expected = data["expect"]["items"]["item-1"]
    expected["suggestion"] = "overturn"
    expected["grounds"] = expected["grounds"][:2]
    expected["statuses"] = {"mtus/chronic-pain-2009/behavioral-interventions#within-total": "met"}
    found = differences(Case.from_data(data), rulebook)
    assert [each.what for each in found] == [
        "the suggestion",
        "the grounds",
        "mtus/chronic-pain-2009/behavioral-interventions#within-total",
    ]
