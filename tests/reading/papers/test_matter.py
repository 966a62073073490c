"""Papers of one case put together: which items are in dispute, which are settled, and what to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from imr_rules import Rulebook
from imr_rules.reading.papers import Draft, read_papers
from tests.reading.papers import composing as compose
from tests.reading.papers.composing import GUIDELINES, SERVICES, Item, Service, Truth, truth
from tests.reading.papers.drawing import Sheet

THERAPY = Item(SERVICES[0], "denied", 0, GUIDELINES[0])
NEEDLES = Item(SERVICES[1], "denied", 0, GUIDELINES[0])
APPROVED = Item(SERVICES[1], "approved", SERVICES[1].asked, GUIDELINES[0])
PUT_OFF = Item(SERVICES[1], "deferred", 0, GUIDELINES[0])
Read = Callable[..., Draft]


@pytest.fixture
def read(rulebook: Rulebook, tmp_path: Path) -> Read:
    def read(*pdfs: bytes) -> Draft:
        files = []
        for number, pdf in enumerate(pdfs):
            files.append(tmp_path / f"{number}.pdf")
            files[-1].write_bytes(pdf)
        return read_papers(files, rulebook.vocabulary)

    return read


def case(*items: Item) -> Truth:
    return replace(truth(1), items=list(items))


def request(*items: Item) -> bytes:
    return compose.request_2014(case(*items), Sheet())


def decision(*items: Item) -> bytes:
    return compose.decision_table(case(*items), Sheet(), 0)


def application(*items: Item) -> bytes:
    return compose.application_2014(case(*items), Sheet())


def treatments(draft: Draft) -> Sequence[str | None]:
    return [item.treatment for item in draft.case.items]


def says(draft: Draft, words: str) -> bool:
    return any(words in caution for caution in draft.cautions)


def test_what_the_application_leaves_out_is_not_in_dispute_and_that_is_said(read: Read) -> None:
    draft = read(decision(THERAPY, NEEDLES), application(THERAPY))
    assert treatments(draft) == ["physical_therapy"]
    assert says(draft, "refused, and not in the application")


def test_what_no_decision_mentions_is_said(read: Read) -> None:
    draft = read(request(THERAPY, NEEDLES), decision(THERAPY))
    assert treatments(draft) == ["physical_therapy"]
    assert says(draft, "no decision among these papers mentions it")


@pytest.mark.parametrize("settled", [APPROVED, PUT_OFF])
@pytest.mark.parametrize("applied", [True, False])
def test_what_was_approved_or_put_off_is_settled(read: Read, settled: Item, applied: bool) -> None:
    draft = read(decision(THERAPY, settled), *([application(THERAPY)] if applied else []))
    assert treatments(draft) == ["physical_therapy"]
    assert [kind for _, kind in draft.settled] == [settled.decision]
    assert not says(draft, "refused, and not in the application")


def test_what_is_disputed_though_approved_stays_in_dispute_and_that_is_said(read: Read) -> None:
    draft = read(decision(THERAPY, APPROVED), application(THERAPY, NEEDLES))
    assert treatments(draft) == ["physical_therapy", "acupuncture"]
    assert says(draft, "disputed in the application, and approved by the decision")


def test_an_application_without_its_decision_is_said(read: Read) -> None:
    draft = read(application(THERAPY))
    assert treatments(draft) == ["physical_therapy"]
    assert says(draft, "no decision is among these papers")


def test_one_line_of_a_request_may_be_parted_into_several_decisions(read: Read) -> None:
    part = "of the bilateral upper extremities"
    whole = Service(f"EMG and NCS {part}", "1", ("95886", "95911"), "emg_and_ncs", 1, "study", "{} study")
    parts = (
        Service(f"EMG {part}", "1", ("95886",), "electromyography", 1, "study", "{} study"),
        Service(f"NCS {part}", "1", ("95911",), "nerve_conduction_study", 1, "study", "{} study"),
    )
    draft = read(request(Item(whole)), decision(*(Item(each) for each in parts)))
    assert sorted(map(str, treatments(draft))) == ["electromyography", "nerve_conduction_study"]
    assert says(draft, "parted into several decisions")
