"""Coverage as reports: a table with the gaps, and a page over the guideline files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from imr_rules.workbench.coverage.measure import Coverage, CriterionSeen, GuidelineCoverage
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
    lines,
    quiet,
    slug,
)

_KINDS = ("statuses", "leans", "limits", "dates")
_COUNTS = (
    "{items} items were judged. A status counts where its criterion was heard. A lean "
    "counts where a criterion of practice or adapted content was a ground of it. A limit counts where the facts lay one "
    "below it, at it or one above. A change of editions counts where a request was of the day before or of the day itself."
)


def coverage_report(coverage: Coverage, *, gaps: bool = False) -> Report:
    """Return how much of each guideline the fixtures saw; with ``gaps``, also everything that none of them saw."""
    return Report(
        "What the fixtures see of the rulebook",
        (
            _summary(coverage, {}),
            *(block for each in coverage.guidelines if gaps for block in _gaps(each)),
        ),
    )


def coverage_page(coverage: Coverage) -> Report:
    """Return the guideline files line by line, with what fixtures saw beside each line."""
    links = {each.id: f"#{slug(each.id)}" for each in coverage.guidelines}
    return Report(
        "What the fixtures see of the rulebook",
        (
            Paragraph(_COUNTS.format(items=coverage.items)),
            _summary(coverage, links),
            *(block for each in coverage.guidelines for block in _source(each)),
        ),
    )


def _summary(coverage: Coverage, links: Mapping[str, str]) -> Table:
    rows: list[tuple[Line, ...]] = [
        (Span(each.id, link=links.get(each.id)), *_cells(each.counts())) for each in coverage.guidelines
    ]
    rows.append((f"all, by {coverage.items} item{'s' * (coverage.items != 1)}", *_cells(coverage.counts())))
    return Table(("guideline", *_KINDS), tuple(rows), frozenset({1, 2, 3, 4}))


def _cells(counts: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    return (f"{seen} of {total}" if total else "–" for seen, total in counts.values())


def _gaps(guideline: GuidelineCoverage) -> Iterator[Block]:
    found = []
    for criterion in guideline.criteria:
        if criterion.missing:
            never = ", ".join(criterion.missing).replace("_", " ")
            found.append(f"{criterion.id.split('#')[1]}: never {never}")
        for way in criterion.missing_leans:
            found.append(f"{criterion.id.split('#')[1]}: never a ground of a lean to {way}")
    for limit in guideline.limits:
        if limit.missing:
            row = f" ({limit.row})" if limit.row else ""
            never = ", ".join(limit.missing)
            found.append(f"limits.{limit.limit}{row}, {limit.number} {limit.plural}: never {never}")
    for edge in guideline.dates:
        if edge.missing:
            found.append(f"requests.{edge.edge}: no request of {', '.join(edge.missing)}")
    if found:
        yield Heading(guideline.id)
        yield Bullets.of(found)


def _source(guideline: GuidelineCoverage) -> Iterator[Block]:
    source = Path(guideline.place.file or "").read_text(encoding="utf-8").splitlines()
    marks = _marks(guideline, source)
    yield Heading(guideline.id)
    yield Table(
        ("line", "source", "seen by fixtures"),
        tuple(
            (quiet(str(number)), code(text), lines(marks.get(number, ())))
            for number, text in enumerate(source, start=1)
        ),
        frozenset({0}),
    )


def _marks(guideline: GuidelineCoverage, source: list[str]) -> dict[int, list[Span]]:
    """Return line → what is said beside it, with how it looks: seen or a gap."""
    found: dict[int, list[Span]] = {}

    def mark(line: int, seen: object, words: str) -> None:
        found.setdefault(line, []).append(Span(words, "good" if seen else "bad"))

    for criterion in guideline.criteria:
        for seen, words in _statuses(criterion):
            mark(criterion.place.line or 1, seen, words)
    for limit in guideline.limits:
        name = f"{limit.row}: " if limit.row else ""
        for side in ("below", "at", "above"):
            seen = limit.seen[side]
            if seen or side in limit.missing:
                words = f"{side} {name}{limit.number} {limit.plural}" + ("" if seen else ": never")
                mark(limit.place.line or 1, seen, words)
    dated = next((number for number, line in enumerate(source, start=1) if line.startswith("requests:")), 1)
    for edge in guideline.dates:
        for day, seen in ((edge.before, edge.seen_before), (edge.of, edge.seen_of)):
            mark(dated, seen, f"{day}" + ("" if seen else ": no request"))
    return found


def _statuses(criterion: CriterionSeen) -> Iterator[tuple[int, str]]:
    for status in criterion.possible:
        seen = criterion.seen[status]
        words = status.replace("_", " ")
        yield seen, f"{words} {seen}" if seen else f"{words}: never"
    for way in criterion.may_lean:
        times = criterion.leans.get(way, 0)
        yield times, f"leans to {way} {times}" if times else f"leans to {way}: never"
