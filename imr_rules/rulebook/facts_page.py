"""``docs/facts.md``, made from the dictionary: ``python -m imr_rules.rulebook.facts_page > docs/facts.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from imr_rules._units import say_unit
from imr_rules.expression.values import FactType, Silence
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec, Instrument
from imr_rules.rulebook.table import table_row

__all__ = ["render"]

_INTRODUCTION = """\
# The facts

<!-- Made by `python -m imr_rules.rulebook.facts_page > docs/facts.md`; edit `rulesets/mtus/facts.yaml` instead. -->

Every fact that rules may ask for, by name. A case gives them under `findings`, for all its items or for one; the parts of a case (items, history, measurements, dates) give those that are *worked out*, which may be found outright all the same. [The case file](case.md) says how a fact is written.

What it means that a record was searched and says nothing:

- **against the request**: it had to be documented; its silence alone can be a ground, and the answer says so.
- **absent**: nobody charts it unless it is so; where the case does not mention it either, it is taken as absent and shown as "none recorded".
- **unknown**: nothing; the fact stays open, and what asks for it needs review.

A fact the case does not mention at all is unknown, but for those whose silence means absent. A date, a count or a score has bounds where documents disagree, and the answer flags the conflict.
"""

_SILENCE: dict[Silence, str] = {
    "against_request": "against the request",
    "absent": "absent",
    "unknown": "unknown",
}


def render(rulebook: Rulebook) -> str:
    """Return the page for a rulebook."""
    return "\n".join(_lines(rulebook)).rstrip() + "\n"


def _lines(rulebook: Rulebook) -> Iterator[str]:
    yield _INTRODUCTION
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
    for domain, specs in domains.items():
        yield f"## {domain.capitalize()}"
        yield ""
        yield "| Fact | Asks | Is | Silence means | |"
        yield "|---|---|---|---|---|"
        yield from (table_row(_cells(spec)) for spec in specs)
        yield ""
    yield from _instruments(vocabulary.instruments.values())


def _cells(spec: FactSpec) -> Iterator[str]:
    yield f"`{spec.name}`"
    yield f"{spec.asks}" + (f" ({spec.source})" if spec.source else "")
    yield _type(spec.type)
    yield _SILENCE[spec.silence]
    yield _origin(spec)


def _type(kind: FactType) -> str:
    if kind.kind == "boolean":
        return "yes or no"
    if kind.kind == "date":
        return "a date"
    if kind.kind == "choice":
        words = sorted(kind.choices)
        if not words:
            return "shown, never compared"
        return f"one of {len(words)} words" if len(words) > 8 else " / ".join(words)
    unit = f" ({say_unit(kind.unit)})" if kind.unit else ""
    return f"{kind.low:,} to {kind.high:,}{unit}"


def _origin(spec: FactSpec) -> str:
    if spec.rests_on:
        return "worked out; rests on " + ", ".join(f"`{name}`" for name in spec.rests_on)
    if spec.derived:
        return "worked out"
    return "read off the diagnoses too" if spec.words or spec.icd9 or spec.icd10 else ""


def _instruments(instruments: Iterable[Instrument]) -> Iterator[str]:
    yield "## Instruments"
    yield ""
    yield (
        "Each brings five facts, worked out from `measurements`: `<name>_baseline`, `<name>_latest`, `<name>_change` "
        "(points gained, so that more is better), `<name>_trend` (improved, unchanged or worse) and, where it has "
        "bands, `<name>_band`. One whose edition a record does not state is judged only where every published reading "
        "agrees."
    )
    yield ""
    yield "| Name | Instrument | Scores | Better | Measures | Bands | Important difference |"
    yield "|---|---|---|---|---|---|---|"
    for each in instruments:
        yield table_row(_instrument(each))


def _instrument(each: Instrument) -> Iterator[str]:
    yield f"`{each.name}`"
    yield each.label
    yield f"{each.low} to {each.high}"
    yield "lower" if each.lower_is_better else "higher"
    yield each.measures
    yield "; ".join(f"{name} {low} to {high}" for name, low, high in each.bands)
    changes = []
    for change in each.changes:
        parts = [f"{change.points} points"] if change.points is not None else []
        parts += [f"{change.permille / 10:g}% of the first score"] if change.permille is not None else []
        changes.append(" and ".join(parts) + f" ({change.cites}; {change.status})")
    yield "; ".join(changes)


if __name__ == "__main__":
    sys.stdout.write(render(Rulebook.load()))
