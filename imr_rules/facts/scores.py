"""Instruments: baseline, latest, change, band and trend, and whether a gain is important."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from imr_rules.case import Measurement
from imr_rules.expression.values import FactType, Value, say_value
from imr_rules.facts.merge import between, known, merge, missing
from imr_rules.facts.record import Record
from imr_rules.rulebook.dictionary import FactSpec, ImportantChange, Instrument


def _scores(record: Record, instrument: Instrument) -> list[tuple[Measurement, Value]]:
    """Return one instrument's scores in the order measured."""
    measured = record.measurements.get(instrument.name)
    if measured is None:
        return []
    kind = FactType.integer(instrument.low, instrument.high, "point")
    found = []
    for each in measured:
        score = merge(each.score, kind, "unknown")
        found.append((each, replace(score, evidence=score.evidence + each.evidence)))
    windows = [each.date.window if each.date else None for each, _ in found]
    if all(window is not None for window in windows):
        order = sorted(range(len(found)), key=lambda index: windows[index])  # type: ignore[arg-type,return-value]
        return [found[index] for index in order]
    return found


def _scores_in_words(record: Record, spec: FactSpec) -> Value:
    said: list[str] = []
    evidence: tuple[object, ...] = ()
    for instrument in record.vocabulary.instruments.values():
        scores = _scores(record, instrument)
        if scores:
            (first, baseline), (_, latest) = scores[0], scores[-1]
            kind = FactType.integer(instrument.low, instrument.high)
            label = first.instrument
            said.append(
                f"{label} {say_value(baseline, kind)}"
                + (f" to {say_value(latest, kind)}" if len(scores) > 1 else "")
            )
            evidence += baseline.evidence + (latest.evidence if len(scores) > 1 else ())
    if not said:
        return missing(spec.type, "none recorded")
    return Value("known", 0, 0, text=", ".join(said), evidence=evidence)


def of_instrument(record: Record, spec: FactSpec) -> Value:
    """Return a fact of one instrument: its baseline, latest, change, band or trend; or all scores in words."""
    if spec.name == "scores":
        return _scores_in_words(record, spec)
    name, _, part = spec.name.rpartition("_")
    instrument = record.vocabulary.instruments[name]
    scores = _scores(record, instrument)
    if not scores:
        return missing(spec.type)
    baseline, latest = scores[0][1], scores[-1][1]
    if part == "baseline":
        return baseline
    if part == "latest":
        return latest
    if part == "band":
        return _band(record, instrument, latest, spec.type)
    if len(scores) < 2:
        return missing(spec.type, "one score alone shows no change")
    change = _gain(instrument, baseline, latest, spec.type if part == "change" else _span(instrument))
    change = replace(change, evidence=baseline.evidence + latest.evidence)
    if part == "change":
        return change
    return _trend(change, spec.type)


def _band(record: Record, instrument: Instrument, score: Value, kind: FactType) -> Value:
    editions = [record.vocabulary.instruments[name] for name in instrument.editions] or [instrument]
    names = {
        band
        for edition in editions
        for band, low, high in edition.bands
        if low <= score.high and score.low <= high
    }
    if not all(edition.bands for edition in editions):
        return missing(kind, "not every reading has bands")
    if score.state in ("known", "bounded") and len(names) == 1:
        return Value("known", 0, 0, text=names.pop(), evidence=score.evidence)
    return missing(kind, "published readings differ" if instrument.editions else "")


def measured_response(record: Record, spec: FactSpec) -> Value:
    """Return whether some instrument gained its minimal important difference, and none got worse.

    An instrument whose edition is not stated counts only where every published reading agrees.
    """
    return _gained(record, record.vocabulary.instruments.values(), spec)


def measured_function(record: Record, spec: FactSpec) -> Value:
    """Return the same of the instruments that measure function alone."""
    return _gained(record, _that_measure("function", record), spec)


def measured_pain(record: Record, spec: FactSpec) -> Value:
    """Return the same of the instruments that measure pain alone."""
    return _gained(record, _that_measure("pain", record), spec)


def _that_measure(what: str, record: Record) -> Iterator[Instrument]:
    return (each for each in record.vocabulary.instruments.values() if each.measures == what)


def _gained(record: Record, instruments: Iterable[Instrument], spec: FactSpec) -> Value:
    verdicts: set[bool | None] = set()
    shown, worse = [], []
    evidence: tuple[object, ...] = ()
    for instrument in instruments:
        scores = _scores(record, instrument)
        if len(scores) < 2:
            continue
        baseline, latest = scores[0][1], scores[-1][1]
        gain = _gain(instrument, baseline, latest, _span(instrument))
        readings = [record.vocabulary.instruments[name] for name in instrument.editions] or [instrument]
        found = {_important(change, baseline, gain) for reading in readings for change in reading.changes}
        verdict = found.pop() if len(found) == 1 else None
        verdicts.add(verdict)
        if verdict:
            shown.append(instrument.label)
        elif gain.high < 0:
            worse.append(instrument.label)
        evidence += baseline.evidence + latest.evidence
    if not verdicts:
        return record.unmentioned(spec)
    if shown and worse:
        return Value("bounded", 0, 1, conflict=True, note="instruments differ", evidence=evidence)
    if shown:
        return known(1, note=", ".join(shown), evidence=evidence)
    if verdicts == {False}:
        return known(0, note="no important difference measured", evidence=evidence)
    return Value("bounded", 0, 1, note="published readings differ", evidence=evidence)


def _span(instrument: Instrument) -> FactType:
    width = instrument.high - instrument.low
    return FactType.integer(-width, width, "point")


def _gain(instrument: Instrument, baseline: Value, latest: Value, kind: FactType) -> Value:
    """Return points gained, counted so that more is better."""
    low, high = baseline.low - latest.high, baseline.high - latest.low
    return between(low, high, kind) if instrument.lower_is_better else between(-high, -low, kind)


def _trend(change: Value, kind: FactType) -> Value:
    words = {
        "improved" if change.low > 0 else "",
        "worse" if change.high < 0 else "",
        "unchanged" if change.low == change.high == 0 else "",
    }
    words.discard("")
    if len(words) == 1:
        return Value("known", 0, 0, text=words.pop(), evidence=change.evidence)
    return missing(kind)


def _important(change: ImportantChange, baseline: Value, gain: Value) -> bool | None:
    """Return whether a gain reaches a minimal important difference; None where bounds leave it open."""
    if "missing" in (gain.state, baseline.state):
        return None
    verdicts = {
        (change.points is None or points >= change.points)
        and (change.permille is None or points * 1000 >= change.permille * start)
        for start in (baseline.low, baseline.high)
        for points in (gain.low, gain.high)
    }
    return verdicts.pop() if len(verdicts) == 1 else None
