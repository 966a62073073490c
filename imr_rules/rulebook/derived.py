"""The facts that the engine works out, as every rulebook has them: none of its files declares one.

What they come to is worked out in :mod:`imr_rules.facts`; a test holds the two to the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from imr_rules._units import UNITS
from imr_rules.expression.values import FactType, Silence
from imr_rules.rulebook.dictionary import FactSpec, Instrument, Law
from imr_rules.rulebook.sums import SUMS, Sum

SCORES = "scores"
"""A fact to be shown and not compared: every scale's first and latest score, in words."""

NOT_LISTED = "not_listed"
"""The operation that is in no row of the postsurgical table."""

_ANSWERED = FactType.boolean()
_DAY = FactType.date()


def derived_facts(
    regions: Iterable[str], procedures: Iterable[str], instruments: Mapping[str, Instrument], law: Law
) -> dict[str, FactSpec]:
    """Return every fact that is worked out, by name.

    Args:
        regions: the body regions of the vocabulary.
        procedures: the rows of the postsurgical table.
        instruments: the scales.
        law: the law of the rulebook, which may define some of them.
    """
    specs = (
        *_counts(),
        *_times(),
        *_situation(frozenset(regions), frozenset((*procedures, NOT_LISTED))),
        *_responses(law),
        *_scores(instruments),
    )
    return {spec.name: spec for spec in specs}


def _fact(
    name: str, label: str, kind: FactType, domain: str, asks: str, silence: Silence = "unknown", *,
    source: str | None = None, rests_on: tuple[str, ...] = (), refuted_by: tuple[str, ...] = (),
    implied_by: str | None = None,
) -> FactSpec:  # fmt: skip
    return FactSpec(
        name, label, kind, asks, silence, domain, derived=True, source=source, rests_on=rests_on,
        refuted_by=refuted_by, implied_by=implied_by,
    )  # fmt: skip


def _most(unit: str, times: int = 10) -> FactType:
    """Return a count of one unit: several courses together hold more than one statement may."""
    return FactType.integer(0, times * UNITS[unit].most, unit)


def _counts() -> Iterator[FactSpec]:
    """Yield how much is asked for, what came before, and what both come to."""
    yield _fact(
        "asked", "visits asked for", _most("visit"), "quantity",
        "How many visits were requested in the first place?", "against_request",
    )  # fmt: skip
    yield _fact(
        "authorized", "visits authorized and not yet used", _most("visit"), "quantity",
        "How many visits are authorized and not yet used?",
    )  # fmt: skip
    yield _fact(
        "visits_per_week", "visits a week", FactType.integer(0, 1_000, "visit"), "quantity",
        "How many visits a week are asked for?",
    )  # fmt: skip
    yield _fact(
        "days_requested", "days asked for", FactType.integer(0, UNITS["day"].most, "day"), "quantity",
        "For how many days does the request ask (days of supply, weeks of rental)?", "against_request",
    )  # fmt: skip
    yield _fact(
        "days_of_use", "days of use before", FactType.integer(0, UNITS["day"].most, "day"), "history",
        "For how many days has this drug or device been used?",
    )  # fmt: skip
    yield _fact(
        "first_course", "first course of this treatment", _ANSWERED, "history",
        "Is this the first course of this treatment?",
    )  # fmt: skip
    for total in SUMS.values():
        yield from _of_sum(total)


_WHERE = {
    "course": ("", "of this treatment were attended for this body region"),
    "claim": (
        " on the whole claim, courses after a surgery left out",
        "of this discipline were attended since the injury, for any body part",
    ),
    "operation": (
        " since surgery",
        "of physical medicine, in any discipline, were attended since the surgery",
    ),
}
"""Scope → what the label of a count of visits adds, and which visits a question asks for."""


def _of_sum(total: Sum) -> Iterator[FactSpec]:
    unit = UNITS[total.unit]
    silence: Silence = "against_request" if total.unit == "visit" and total.scope != "claim" else "unknown"
    units, (where, of_what) = unit.spoken[1], _WHERE[total.scope]
    if total.scope == "course":
        yield _fact(
            total.in_dispute, f"{units} in dispute", _most(total.unit), "quantity",
            f"How many {units} remain in dispute?", "against_request",
        )  # fmt: skip
    if total.unit == "visit":
        asked, so_far = (
            f"How many visits {of_what}",
            f"How many visits {of_what}".replace(" for this body region", ""),
        )
    else:
        so_far = (
            f"For how many {units} was this used"
            if unit.received == "used"
            else f"How many {units} were {unit.received}"
        )
        asked = f"{so_far} before"
    before = where if total.scope == "operation" else f" before{where}"
    label = f"{units} {unit.received}{before}"
    yield _fact(total.attended, label, _most(total.unit), "history", f"{asked}?", silence)
    if total.scope == "operation":
        label = f"{units} {unit.received}{where}, authorized and in dispute"
    elif total.scope == "claim":
        label = f"{units} {unit.received}, authorized and in dispute{where}"
    else:
        label = f"{units} {unit.received}, authorized and in dispute together"
    if total.scope == "course":
        so_far += ", and how many remain authorized"
    yield _fact(total.total, label, _most(total.unit, 30), "quantity", f"{so_far}?", silence)


def _times() -> Iterator[FactSpec]:
    injured = "When did the injury happen, and when was the request made?"
    operated = "When was the operation?"
    yield _fact("injury_date", "date of injury", _DAY, "time", "When did the injury happen?")
    yield _fact("request_date", "date of the request", _DAY, "time", "When was the treatment requested?")
    yield _fact("surgery_date", "date of surgery", _DAY, "time", operated)
    for name, label, unit, asks in (
        ("days_since_injury", "days since injury", "day", injured),
        ("weeks_since_injury", "weeks since injury", "week", injured),
        ("weeks_since_start", "weeks since this treatment began", "week", "How many weeks ago did the first course of this treatment begin?"),
        ("days_to_decision", "days from the request to the decision", "day", "How many days after the request was received was it decided?"),
        ("days_to_application", "days from the decision to the application", "day", "How many days after the decision did the application come?"),
        ("days_of_newest_report", "days from the newest report to the request", "day", "How many days before the request is the newest report from?"),
        ("days_since_surgery", "days since surgery", "day", operated),
        ("weeks_since_surgery", "weeks since surgery", "week", operated),
        ("months_since_surgery", "whole months since surgery", "month", operated),
    ):  # fmt: skip
        yield _fact(name, label, FactType.integer(0, UNITS[unit].most, unit), "time", asks)


def _situation(regions: frozenset[str], procedures: frozenset[str]) -> Iterator[FactSpec]:
    yield _fact(
        "age", "age", FactType.integer(0, UNITS["year"].most, "year"), "worker", "How old is the worker?"
    )
    yield _fact(
        "body_region",
        "body region",
        FactType.choice(regions),
        "request",
        "For which body region is it asked?",
    )
    yield _fact(
        "surgery_done", "surgery of this body region", _ANSWERED, "surgery",
        "Was this body region operated on?",
    )  # fmt: skip
    yield _fact(
        "after_planned_surgery", "for the time after an operation still to be done", _ANSWERED, "surgery",
        "Is it asked for after an operation that is still to be done?",
    )  # fmt: skip
    yield _fact(
        "postsurgical_procedure", "operation, by the rows of the postsurgical table",
        FactType.choice(procedures), "surgery", "Which operation was done, by the rows of the postsurgical table?",
    )  # fmt: skip
    yield _fact(
        "follows_principal", "follows another item", _ANSWERED, "request",
        "Does this item stand or fall with another?",
    )  # fmt: skip
    yield _fact(
        "principal_supported", "the principal item is supported", _ANSWERED, "request",
        "Is the item this one follows supported?",
    )  # fmt: skip


def _responses(law: Law) -> Iterator[FactSpec]:
    """Yield whether earlier care helped, the broadest first; each rests on facts of which one must hold.

    Functional improvement is objective, and objective improvement is a response to care.
    """
    yield _fact(
        "measured_function", "important change on a scale of function", _ANSWERED, "response",
        "Do scores on a scale of function, first and latest, show an important change?", "against_request",
    )  # fmt: skip
    yield _fact(
        "measured_response", "important change on a scale", _ANSWERED, "response",
        "Do scores on a validated scale, first and latest, show an important change?", "against_request",
    )  # fmt: skip
    yield _fact(
        "measured_pain", "important change on a scale of pain", _ANSWERED, "response",
        "Do scores on a scale of pain, first and latest, show an important change?", "against_request",
    )  # fmt: skip
    yield replace(
        _fact(
            "pain_relief", "pain relief with earlier care", _ANSWERED, "response",
            "Did earlier care relieve pain?", "against_request", rests_on=("response", "measured_pain"),
            source="Where a guideline asks for less pain and better function, function alone is not both",
        ),
        told_by="functional_improvement",
    )  # fmt: skip
    activities = ("activities_improved", "restrictions_reduced")
    # The second limb of functional improvement, 8 CCR 9792.20(e): an explicit no is a no; silence is not.
    second_limb = ("dependence_reduced",)
    yield _fact(
        "response", "response to earlier care", _ANSWERED, "response",
        "Did earlier care help: a scale, a measured gain, or a lifted restriction?", "against_request",
        rests_on=("measured_response", "measured_gain", *activities), implied_by="objective_improvement",
    )  # fmt: skip
    yield _fact(
        "objective_improvement", "objective functional improvement", _ANSWERED, "response",
        "Did function improve objectively with earlier care: range of motion, strength, a scale of function, "
        "daily activities or work restrictions?", "against_request",
        source="Guidelines ask for objective functional improvement; relief of pain alone is not it",
        rests_on=("measured_function", "measured_gain", *activities), refuted_by=second_limb,
        implied_by="functional_improvement",
    )  # fmt: skip
    yield _fact(
        "functional_improvement", "functional improvement (activities or work restrictions)", _ANSWERED,
        "response", "Did activities of daily living improve, or were work restrictions reduced?",
        "against_request", source=law.functional_improvement, rests_on=activities, refuted_by=second_limb,
    )  # fmt: skip


def _scores(instruments: Mapping[str, Instrument]) -> Iterator[FactSpec]:
    """Yield what instruments bring: baseline, latest, change, band and trend of each, and all in words."""
    yield _fact(
        SCORES, "scores", FactType.choice(frozenset()), "measurement",
        "What are the scores on any scale, with their dates?",
    )  # fmt: skip
    for name, each in instruments.items():
        bands = frozenset(
            band
            for edition in (name, *each.editions)
            if edition in instruments
            for band, _, _ in instruments[edition].bands
        )
        span = each.high - each.low
        score = FactType.integer(each.low, each.high, "point")
        shapes = {
            "baseline": (f"first {each.label} score", score),
            "latest": (f"latest {each.label} score", score),
            "change": (f"points gained on the {each.label}", FactType.integer(-span, span, "point")),
            "trend": (
                f"trend of the {each.label}",
                FactType.choice(frozenset({"improved", "unchanged", "worse"})),
            ),
        }
        if bands:
            shapes["band"] = (f"severity by the latest {each.label}", FactType.choice(bands))
        for part, (label, kind) in shapes.items():
            asks = f"What are the {each.label} scores, with their dates?"
            yield _fact(f"{name}_{part}", label, kind, "measurement", asks)
