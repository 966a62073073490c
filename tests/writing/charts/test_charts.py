"""What the pictures show: the numbers first, then that the drawing carries them and nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any, Literal

import pytest

from imr_rules import Rulebook
from imr_rules.case import Case
from imr_rules.case.due import apparent_due
from imr_rules.screening import screen
from imr_rules.writing.charts.canvas import boxes, drawing
from imr_rules.writing.charts.counts import counts
from imr_rules.writing.charts.drawing.bars import bars_figure
from imr_rules.writing.charts.drawing.series import series_figure
from imr_rules.writing.charts.drawing.timeline import events_figure
from imr_rules.writing.charts.events import events
from imr_rules.writing.charts.pictures import NARROW, WIDE, draw, numbers, pictures
from imr_rules.writing.charts.scores import scores
from tests.paths import DETERMINATIONS, SEED


def case_of(**more: Any) -> Case:
    return Case.from_data(
        {
            "injury": {"date": "2012-03-14"},
            "request": {"date": "2014-05-20"},
            "items": [
                {
                    "service": "Physical therapy, low back",
                    "treatment": "physical_therapy",
                    "body_part": {"region": "low_back"},
                    "asked": 12,
                    "authorized": 2,
                    "in_dispute": 10,
                    "utilization_review": {"decision": "modified", "date": "2014-06-03"},
                }
            ],
            **more,
        }
    )


def bars(case: Case, rulebook: Rulebook) -> Any:
    return counts(case, screen(case, rulebook), case.named_items[0][0], rulebook)


def test_the_seed_is_twelve_and_four_against_a_total_of_ten(rulebook: Rulebook) -> None:
    (bar,) = bars(Case.from_file(SEED), rulebook)
    assert [(each.name, each.low, each.high) for each in bar.parts] == [
        ("attended", 12, 12),
        ("authorized", 0, 0),
        ("in dispute", 4, 4),
    ]
    assert [(each.name, each.low, each.high) for each in bar.marks] == [("trial", 3, 4), ("total", 6, 10)]
    assert "16" in bar.total


def first_of(bars: Any) -> Any:
    return bars[0]


def test_two_documents_that_disagree_are_drawn_as_bounds(rulebook: Rulebook) -> None:
    history = [{"treatment": "physical_therapy", "attended": [4, 6], "body_part": {"region": "low_back"}}]
    bar = first_of(bars(case_of(history=history, findings={"surgery_done": False}), rulebook))
    assert (bar.parts[0].low, bar.parts[0].high) == (4, 6)
    assert bar.total == "16 to 18"


def test_a_course_without_its_count_is_not_known_and_never_none(rulebook: Rulebook) -> None:
    history = [{"treatment": "physical_therapy", "body_part": {"region": "low_back"}}]
    bar = first_of(bars(case_of(history=history, findings={"surgery_done": False}), rulebook))
    assert bar.parts[0].high is None
    assert bar.total.startswith("at least")


def test_only_the_care_a_scale_measures_stands_below_it(rulebook: Rulebook) -> None:
    case = case_of(
        measurements=[
            {"instrument": "PHQ-9", "date": "2014-01-10", "score": 15},
            {"instrument": "ODI", "date": "2014-01-10", "score": 40},
        ],
        history=[
            {"treatment": "physical_therapy", "attended": 6},
            {"treatment": "cognitive_behavioral_therapy", "attended": {"at_least": 4}},
        ],
    )
    mood, function = scores(case, rulebook)
    assert [str(each) for each in mood.courses] == ["cognitive behavioral therapy, at least 4 attended"]
    assert [str(each) for each in function.courses] == ["physical therapy, 6 attended"]


def test_bands_leave_no_score_out_and_name_both_where_editions_disagree(rulebook: Rulebook) -> None:
    (series,) = scores(Case.from_file(SEED), rulebook)
    assert {name: (low, high) for name, low, high in series.bands} == {
        "minimal": (0, 9),
        "mild or minimal": (10, 13),
        "mild": (14, 18),
        "moderate or mild": (19, 19),
        "moderate": (20, 28),
        "moderate or severe": (29, 29),
        "severe": (30, 63),
    }
    assert series.band(series.scores[0]) == "moderate"
    assert series.band(series.scores[1]) == "mild or minimal"
    assert series.important is not None
    assert series.important[0] == pytest.approx(22 - 22 * 0.175)
    assert series.important[1] == pytest.approx(22 - 22 * 0.32)


def test_the_dates_of_a_dispute_and_when_an_answer_is_due(rulebook: Rulebook) -> None:
    case = case_of(application={"received": "2014-07-02"}, surgeries=[{"text": "repair", "date": "2013-05"}])
    said = {each.name: each.said for each in events(case, "item-1", rulebook.vocabulary.law.due)}
    assert said == {
        "Injury": "March 14, 2012",
        "Repair": "May 2013",
        "Request": "May 20, 2014",
        "Denial": "June 3, 2014",
        "Application": "July 2, 2014",
        "Apparently due": "August 1, 2014",
    }


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ({"application": {"received": "2014-07-02"}, "priority": "expedited"}, "2014-07-05"),
        ({"application": {"date": "2014-07-02"}}, "2014-08-01"),
        ({"application": {"received": "2014-07"}}, None),
        ({}, None),
    ],
)
def test_a_due_day_needs_the_whole_day_of_the_application(
    more: dict[str, Any], day: str | None, rulebook: Rulebook
) -> None:
    assert apparent_due(case_of(**more), None) is None
    due = apparent_due(case_of(**more), rulebook.vocabulary.law.due)
    assert (str(due.day) if due else None) == day


def test_a_case_with_nothing_to_show_has_no_picture(rulebook: Rulebook) -> None:
    case = Case.from_data({"items": [{"service": "something unheard of"}]})
    assert numbers(case, screen(case, rulebook), "item-1", rulebook) == ()


class TestDrawn:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        pytest.importorskip("matplotlib", reason="SKIPPED LOUDLY: Matplotlib is not installed")

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_every_picture_is_well_formed_named_and_the_same_each_time(
        self, scheme: Literal["light", "dark"], width: Any, rulebook: Rulebook
    ) -> None:
        case = case_of(
            measurements=[
                {"instrument": "ODI", "date": "2013-02-01", "score": 54},
                {"instrument": "ODI", "date": "2014-05-12", "score": {"at_least": 40, "at_most": 44}},
                {"instrument": "PHQ-9", "score": 9},
            ],
            history=[{"treatment": "physical_therapy", "attended": 5}, {"treatment": "acupuncture"}],
        )
        screening = screen(case, rulebook)
        for name in ("counts", "scores", "events"):
            one, two = (
                draw(name, case, screening, "item-1", rulebook, scheme=scheme, width=width) for _ in range(2)
            )
            assert one is not None
            assert one == two
            root = ET.fromstring(one.svg)
            assert root.findtext("{http://www.w3.org/2000/svg}title") == one.alt
            assert not [each for each in root.iter() if each.tag.endswith(("script", "image", "metadata"))]
            assert "http" not in one.svg.replace("http://www.w3.org/", "")

    @pytest.mark.parametrize("width", [WIDE, NARROW])
    @pytest.mark.parametrize("which", range(6))
    def test_no_word_is_cut_or_stands_on_another(self, which: int, width: int, rulebook: Rulebook) -> None:
        therapy = {"treatment": "physical_therapy", "body_part": {"region": "low_back"}}
        long = "arthroscopic decompression of the subacromial space with distal clavicle resection and debridement"
        case = (
            Case.from_file(SEED),
            case_of(history=[{**therapy, "attended": 5}], findings={"surgery_done": False}),
            case_of(history=[therapy], findings={"surgery_done": False}),
            case_of(
                history=[{**therapy, "attended": {"at_least": 3, "at_most": 90}, "since": "2013-02", "until": "2013-04"}],
                surgeries=[{"text": long, "date": "2013-05-01"}, {"text": "W" * 120, "date": "2013-05-02"}],
                findings={"surgery_done": False},
            ),
            case_of(
                measurements=[
                    {"instrument": name, "date": f"2014-0{month}-1{month}", "score": 20 + month}
                    for name in ("ODI", "PHQ-9", "BDI")
                    for month in range(1, 5)
                ],
                history=[{**therapy, "attended": 12, "since": "2014-02-01", "until": "2014-03-01"}],
            ),
            case_of(
                application={"received": "2014-07-02"},
                measurements=[{"instrument": "ODI", "score": score} for score in (0, 1, 100, 99)],
                history=[{"treatment": "acupuncture", "since": "1999-01"}, {**therapy, "until": "2014-05-19"}],
            ),
        )[which]  # fmt: skip
        item = case.named_items[0][0]
        screening = screen(case, rulebook)
        bars_ = counts(case, screening, item, rulebook)
        dated = events(case, item, rulebook.vocabulary.law.due)
        with drawing():
            figures = [series_figure(scores(case, rulebook), "light", width)] if case.measurements else []
            if bars_:
                figures.append(bars_figure(bars_, "light", width))
            if sum(each.days is not None for each in dated) > 1:
                figures.append(events_figure(dated, "light", width))
            assert figures
            for figure in figures:
                found = boxes(figure)
                height = figure.get_figheight() * figure.dpi
                for box in found:
                    assert "…" not in box.words
                    assert box.left >= -1, box
                    assert box.right <= width + 1, box
                    assert box.top >= -1, box
                    assert box.bottom <= height + 1, box
                for number, one in enumerate(found):
                    for other in found[number + 1 :]:
                        assert not one.overlaps(other), (one, other)

    def test_what_nobody_knows_has_no_width(self, rulebook: Rulebook) -> None:
        case = case_of(
            history=[{"treatment": "physical_therapy", "body_part": {"region": "low_back"}}],
            findings={"surgery_done": False},
        )
        found = bars(case, rulebook)
        with drawing():
            (axes,) = bars_figure(found[:1], "light", WIDE).axes
            least = sum(each.low for each in found[0].parts)
            plain = [each for each in axes.patches if getattr(each, "get_height", lambda: 0)() > 20]
            ends = {mark.high for mark in found[0].marks}
            sure = max(each.get_x() + each.get_width() for each in plain)  # type: ignore[attr-defined]
        scale = (sure - 4.0) / least
        assert all(4.0 + end * scale > sure for end in ends if end > least)
        assert not any(each.get_hatch() for each in axes.patches)

    def test_text_of_a_case_is_never_read_as_markup(self, rulebook: Rulebook) -> None:
        hostile = r"<script>$\frac{1}{0}$&\1"
        case = case_of(surgeries=[{"text": hostile, "date": "2013-05-01"}])
        picture = draw("events", case, screen(case, rulebook), "item-1", rulebook)
        assert picture is not None
        title = ET.fromstring(picture.svg).findtext("{http://www.w3.org/2000/svg}title")
        assert title is not None
        assert r"<script>$\frac{1}{0}$&\1" in title

    @pytest.mark.parametrize("file", sorted(DETERMINATIONS.glob("*.yaml"))[::8], ids=lambda each: each.stem)
    def test_real_cases_can_be_drawn(self, file: Any, rulebook: Rulebook) -> None:
        case = Case.from_file(file)
        screening = screen(case, rulebook)
        for item in screening.items:
            for picture in pictures(case, screening, item.item, rulebook):
                ET.fromstring(picture.svg)
