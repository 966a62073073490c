"""``docs/facts.md``, made from the dictionary: ``python -m imr_rules.writing.facts_page > docs/facts.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from imr_rules.expression.values import Silence
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec, Instrument
from imr_rules.writing.document import (
    Block,
    Bullets,
    Heading,
    Line,
    Paragraph,
    Report,
    Span,
    Table,
    code,
    strong,
)
from imr_rules.writing.markdown import markdown
from imr_rules.writing.rulebook_report import say_type

_MADE = "Made by `python -m imr_rules.writing.facts_page > docs/facts.md`; edit `rulesets/mtus/facts.yaml` instead."
_SILENCE: dict[Silence, str] = {
    "against_request": "against the request",
    "absent": "absent",
    "unknown": "unknown",
}
_MEANS: dict[Silence, str] = {
    "against_request": ": the requester had to document it. Its silence alone can be a ground, and the answer says so.",
    "absent": ": charts mention it only where it is so. It is taken as absent, and shown as “none recorded”.",
    "unknown": ": nothing. The fact stays open, and a criterion that asks for it needs review.",
}


def facts_page(rulebook: Rulebook) -> Report:
    """Return the page for a rulebook."""
    vocabulary = rulebook.vocabulary
    of_instruments = {
        f"{name}_{part}"
        for name in vocabulary.instruments
        for part in ("baseline", "latest", "change", "band", "trend")
    }
    domains: dict[str, list[FactSpec]] = {}
    for spec in vocabulary.facts.values():
        if spec.name not in of_instruments:
            domains.setdefault(spec.domain, []).append(spec)
    return Report(
        "The facts",
        (
            *_introduction(),
            *(block for domain, specs in domains.items() for block in _domain(domain, specs)),
            *_instruments(tuple(vocabulary.instruments.values())),
        ),
        _MADE,
    )


def _introduction() -> Iterator[Block]:
    yield Paragraph(
        (
            "These are the facts that rules may ask for. A case gives them under ",
            code("findings"),
            ", for all its items or for one. The parts of a case (items, history, measurements, dates) give those that "
            "are “worked out”; a finding may state these outright too. ",
            Span("The case file", link="case.md"),
            " says how a fact is written.",
        )
    )
    yield Paragraph("What it means that the whole record was read, and it says nothing:")
    yield Bullets.of((strong(_SILENCE[each]), means) for each, means in _MEANS.items())
    yield Paragraph(
        "Where the whole record was not read, a fact that the case does not mention is unknown. A date, a count or a "
        "score has bounds where documents disagree, and the answer flags the conflict."
    )


def _domain(domain: str, specs: list[FactSpec]) -> Iterator[Block]:
    yield Heading(domain.capitalize())
    yield Table(("Fact", "Asks", "Is", "Silence means", ""), tuple(map(_fact, specs)))


def _fact(spec: FactSpec) -> tuple[Line, ...]:
    return (
        code(spec.name),
        spec.asks + (f" ({spec.source})" if spec.source else ""),
        say_type(spec.type),
        _SILENCE[spec.silence],
        _origin(spec),
    )


def _origin(spec: FactSpec) -> Line:
    if spec.rests_on:
        names: list[str | Span] = ["worked out; rests on "]
        for number, name in enumerate(spec.rests_on):
            names += [", ", code(name)] if number else [code(name)]
        for name in spec.refuted_by:
            names += ["; no where ", code(name), " is denied"]
        if spec.implied_by is not None:
            names += ["; yes where ", code(spec.implied_by), " is stated"]
        return tuple(names)
    if spec.derived:
        return "worked out"
    return "read from the diagnoses too" if spec.words or spec.icd9 or spec.icd10 else ""


def _instruments(instruments: tuple[Instrument, ...]) -> Iterator[Block]:
    yield Heading("Instruments")
    yield Paragraph(
        (
            "Each brings five facts, worked out from ",
            code("measurements"),
            ": ",
            code("<name>_baseline"),
            ", ",
            code("<name>_latest"),
            ", ",
            code("<name>_change"),
            " (points gained, so that more is better), ",
            code("<name>_trend"),
            " (improved, unchanged or worse) and, where it has bands, ",
            code("<name>_band"),
            ". Where a record does not state the edition of an instrument, it is judged only if every published reading "
            "agrees.",
        )
    )
    yield Table(
        ("Name", "Instrument", "Scores", "Better", "Measures", "Bands", "Important difference"),
        tuple(map(_instrument, instruments)),
    )


def _instrument(each: Instrument) -> tuple[Line, ...]:
    changes = []
    for change in each.changes:
        parts = [f"{change.points} points"] if change.points is not None else []
        parts += [f"{change.permille / 10:g}% of the first score"] if change.permille is not None else []
        changes.append(" and ".join(parts) + f" ({change.cites}; {change.status})")
    return (
        code(each.name),
        each.label,
        f"{each.low} to {each.high}",
        "lower" if each.lower_is_better else "higher",
        each.measures,
        "; ".join(f"{name} {low} to {high}" for name, low, high in each.bands),
        "; ".join(changes),
    )


if __name__ == "__main__":
    sys.stdout.write(markdown(facts_page(Rulebook.load())))
