"""Which courses count together, what silence about a count means, response to care, and timed codes."""

from typing import Any

import pytest

from imr_rules import Case, Rulebook
from imr_rules.expression.values import Value
from imr_rules.facts.derive import derive
from imr_rules.facts.record import Record

RULEBOOK = Rulebook.load()
VOCABULARY = RULEBOOK.vocabulary


def fact(
    name: str, treatment: str, item: str = "asked: 4", rest: str = "", request: str = "2016-12-01"
) -> Value:
    read = "record: {read: all}\ndocuments: [{kind: progress_report}]"
    case = Case.from_text(f"request: {{date: {request}}}\n{read}\n{rest}\nitems: [{{service: it, {item}}}]\n")
    assert case.request.date is not None
    record = Record(
        case, case.items[0], VOCABULARY.treatments[treatment], case.request.date.window, VOCABULARY
    )
    return derive(record, VOCABULARY.facts[name])


def history(*courses: Any) -> str:
    return f"history: [{', '.join(courses)}]"


@pytest.mark.parametrize(
    ("treatment", "course", "low", "high"),
    [
        ("physical_therapy", "{treatment: physical_therapy, attended: 6}", 6, 6),
        ("physical_therapy", "{treatment: aquatic_therapy, attended: 6}", 6, 6),
        ("physical_therapy", "{treatment: occupational_therapy, attended: 6}", 0, 0),
        ("physical_therapy", "{treatment: chiropractic, attended: 6}", 0, 0),
        ("physical_medicine", "{treatment: occupational_therapy, attended: 6}", 6, 6),
        ("physical_therapy", "{treatment: physical_medicine, attended: 6}", 0, 6),
    ],
)
def test_courses_count_by_discipline_and_a_broader_name_may_belong(
    treatment: str, course: str, low: int, high: int
) -> None:
    value = fact("prior_visits", treatment, rest=history(course))
    assert (value.low, value.high) == (low, high)


def test_a_request_for_two_disciplines_counts_the_courses_of_both() -> None:
    both = history(
        "{treatment: physical_therapy, attended: 5}", "{treatment: occupational_therapy, attended: 3}"
    )
    assert fact("prior_visits", "physical_medicine", rest=both).low == 8
    assert fact("prior_visits", "physical_therapy", rest=both).low == 5


@pytest.mark.parametrize(("course", "low", "high"), [("continuing", 1, 8), ("initial", 0, 8)])
def test_a_continuation_continues_some_visit_even_where_the_body_part_is_open(
    course: str, low: int, high: int
) -> None:
    item = f"asked: 6, body_part: {{region: neck}}, course: {course}"
    other = "{treatment: acupuncture, body_part: {region: low_back}, attended: 2}"
    courses = history("{treatment: physical_therapy, attended: 8}", other)
    value = fact("prior_visits", "physical_therapy", item, courses)
    assert (value.low, value.high, value.state) == (low, high, "bounded")


def test_a_searched_record_without_the_count_is_silent_about_the_total() -> None:
    searched = history("{treatment: physical_therapy, attended: {undocumented: [therapy notes]}}")
    value = fact("visits_if_granted", "physical_therapy", item="in_dispute: 4", rest=searched)
    assert (value.state, value.silent, value.low) == ("undocumented", True, 5)
    unseen = history("{treatment: physical_therapy, attended: {missing: page 3 is illegible}}")
    assert not fact("visits_if_granted", "physical_therapy", item="in_dispute: 4", rest=unseen).silent
    claim = fact("visits_if_granted_claim", "physical_therapy", item="in_dispute: 4", rest=searched)
    assert not claim.silent, "a statutory cap is not exceeded by silence"


@pytest.mark.parametrize(
    ("course", "surgeries", "low", "high"),
    [
        ("after_surgery: true", "", 0, 0),
        ("after_surgery: false", "", 20, 20),
        ("since: 2016-01-01", "", 20, 20),
        ("until: 2015-12-01", "surgeries: [{date: 2016-02-01}]", 20, 20),
        ("until: 2016-05-01", "surgeries: [{date: 2016-02-01}]", 0, 20),
        ("until: 2016-05-01", "surgeries: [{}]", 0, 20),
    ],
)
def test_courses_given_for_a_surgery_do_not_count_towards_the_cap(
    course: str, surgeries: str, low: int, high: int
) -> None:
    rest = history(f"{{treatment: physical_therapy, attended: 20, {course}}}") + "\n" + surgeries
    value = fact("prior_visits_claim", "physical_therapy", rest=rest)
    assert (value.low, value.high) == (low, high)


def test_no_visit_is_since_a_surgery_that_is_still_to_be_done() -> None:
    value = fact(
        "prior_visits_since_surgery",
        "physical_therapy",
        rest=history("{treatment: physical_therapy, attended: 12}"),
    )
    assert (value.low, value.high) == (0, 0)


def test_different_operations_of_one_day_leave_the_row_open() -> None:
    two = "surgeries: [{procedure: knee_acl, date: 2016-10-01}, {procedure: knee_meniscectomy, date: 2016-10-01}]"
    assert fact("postsurgical_procedure", "physical_therapy", rest=two).text is None
    later = two.replace("knee_meniscectomy, date: 2016-10-01", "knee_meniscectomy, date: 2016-11-01")
    assert fact("postsurgical_procedure", "physical_therapy", rest=later).text == "knee_meniscectomy"


@pytest.mark.parametrize("name", ["response", "objective_improvement", "functional_improvement"])
def test_nothing_responds_before_the_first_visit(name: str) -> None:
    value = fact(name, "physical_therapy")
    assert (value.state, value.low, value.high, value.note) == ("known", 0, 0, "no visit attended yet")
    gained = "findings: {restrictions_reduced: true}"
    assert not fact(name, "physical_therapy", rest=gained).exact, (
        "a gain without an earlier visit leaves it open"
    )
    initial = fact(name, "physical_therapy", item="asked: 4, course: initial", rest=gained)
    assert (initial.state, initial.high) == ("known", 0)
    prior = history("{treatment: physical_therapy, attended: 6}") + "\n" + gained
    assert fact(name, "physical_therapy", rest=prior).low == 1


def test_relief_of_pain_is_a_response_and_not_objective_improvement() -> None:
    prior = history("{treatment: physical_therapy, attended: 6}")
    pain = "measurements: [{instrument: NRS, score: 8}, {instrument: NRS, score: 3}]"
    assert fact("response", "physical_therapy", rest=f"{prior}\n{pain}").low == 1
    assert not fact("objective_improvement", "physical_therapy", rest=f"{prior}\n{pain}").exact
    function = pain.replace("NRS", "ODI").replace("8", "60")
    assert fact("objective_improvement", "physical_therapy", rest=f"{prior}\n{function}").low == 1


@pytest.mark.parametrize("codes", [["96152"] * 4, ["96158", "96159", "96159"], ["90837"]])
def test_an_hour_is_an_hour_in_old_codes_and_new(codes: Any) -> None:
    assert VOCABULARY.minutes(codes) == 60
    value = fact("in_dispute", "psychotherapy", item=f"codes: {codes}")
    assert (value.low, value.high, value.note) == (1, 1, "60 minutes by the codes")


def test_untimed_codes_say_nothing_about_time() -> None:
    assert VOCABULARY.minutes(["96152", "97110"]) is None
    assert VOCABULARY.minutes([]) is None
    assert (
        fact("in_dispute", "physical_therapy", item="codes: [97110, 97110]".replace("97110", '"97110"')).state
        == "missing"
    )


@pytest.mark.parametrize(("request_date", "count"), [("2019-12-31", 40), ("2020-01-01", 40)])
def test_quarter_hours_become_sessions_before_and_after_the_codes_changed(
    request_date: str, count: int
) -> None:
    value = fact(
        "in_dispute",
        "psychotherapy",
        item=f"in_dispute: {{value: {count}, unit: unit15}}",
        request=request_date,
    )
    assert (value.low, value.high) == (10, 10)
    used = VOCABULARY.conversion("unit15", "visit", ("psychological_care",), None)
    assert used is None, "a dated conversion needs the day of the request"


def test_quarter_hours_of_physical_therapy_are_not_visits() -> None:
    value = fact("in_dispute", "physical_therapy", item="in_dispute: {value: 4, unit: unit15}")
    assert value.state == "missing"


def test_sessions_are_visits_in_every_discipline_that_counts_so() -> None:
    for treatment in ("psychotherapy", "physical_therapy", "aquatic_therapy", "chiropractic", "acupuncture"):
        value = fact("in_dispute", treatment, item="in_dispute: {value: 6, unit: session}")
        assert (value.low, value.high) == (6, 6), treatment


@pytest.mark.parametrize(("first", "last", "response"), [(80, 50, 1), (8, 5, None), (80, 75, None)])
def test_a_vas_of_unstated_scale_counts_only_where_both_scales_agree(
    first: int, last: int, response: int | None
) -> None:
    prior = history("{treatment: physical_therapy, attended: 6}")
    scores = f"measurements: [{{instrument: VAS, score: {first}}}, {{instrument: VAS, score: {last}}}]"
    value = fact("measured_response", "physical_therapy", rest=f"{prior}\n{scores}")
    assert (value.low if value.exact else None) == response
    assert fact("vas_band", "physical_therapy", rest=scores).text is None


@pytest.mark.parametrize(
    ("instrument", "score", "band"),
    [
        ("BDI-II", 13, "minimal"), ("BDI-II", 14, "mild"), ("BDI-II", 28, "moderate"), ("BDI-II", 29, "severe"),
        ("BDI-I", 9, "minimal"), ("BDI-I", 10, "mild"), ("BDI-I", 29, "moderate"), ("BDI-I", 30, "severe"),
        ("BDI", 9, "minimal"), ("BDI", 13, None), ("BDI", 14, "mild"), ("BDI", 29, None), ("BDI", 30, "severe"),
        ("BAI-1993", 7, "minimal"), ("BAI-1993", 26, "severe"), ("BAI", 8, None), ("BAI", 30, "severe"),
        ("PHQ-9", 4, "none_or_minimal"), ("PHQ-9", 15, "moderately_severe"), ("PHQ-9", 20, "severe"),
        ("GAD-7", 9, "mild"), ("GAD-7", 15, "severe"), ("NRS", 3, "mild"), ("NRS", 7, "severe"),
        ("ODI", 20, "minimal"), ("ODI", 41, "severe"), ("ODI", 100, "bed_bound_or_exaggerating"),
    ],
)  # fmt: skip
def test_bands_begin_and_end_where_they_were_published(instrument: str, score: int, band: str | None) -> None:
    found = VOCABULARY.instrument(instrument)
    assert found is not None
    scores = f"measurements: [{{instrument: {instrument}, score: {score}}}]"
    assert fact(f"{found.name}_band", "psychotherapy", rest=scores).text == band


@pytest.mark.parametrize(
    ("instrument", "first", "last", "important"),
    [
        ("BDI-II", 40, 27, 1), ("BDI-II", 40, 30, None), ("BDI-II", 40, 34, 0), ("BDI", 22, 10, 1),
        ("PHQ-9", 20, 15, 1), ("PHQ-9", 10, 6, None), ("PHQ-9", 20, 17, 0),
        ("GAD-7", 14, 10, 1), ("GAD-7", 14, 11, 0), ("GAD-7", 10, 7, None),
        ("NRS", 6, 4, 1), ("NRS", 8, 6, None), ("NRS", 8, 7, 0),
        ("ODI", 40, 28, 1), ("ODI", 60, 50, None), ("ODI", 40, 35, 0),
        ("RMDQ", 15, 10, 1), ("RMDQ", 20, 15, None), ("QBPDS", 60, 40, 1), ("BAI", 40, 5, None),
    ],
)  # fmt: skip
def test_a_change_counts_where_every_published_figure_says_so(
    instrument: str, first: int, last: int, important: int | None
) -> None:
    prior = history("{treatment: psychotherapy, attended: 6}")
    scores = f"measurements: [{{instrument: {instrument}, score: {first}}}, {{instrument: {instrument}, score: {last}}}]"
    value = fact("measured_response", "psychotherapy", rest=f"{prior}\n{scores}")
    assert (value.low if value.exact else None) == important
