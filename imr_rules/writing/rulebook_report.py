"""Guidelines and facts as documents: what ``imr-rules rules`` and ``imr-rules facts`` list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imr_rules._units import say_unit
from imr_rules.expression.values import FactType
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.overview import GuidelineShown
from imr_rules.writing.document import Block, Bullets, Entry, Heading, Line, Paragraph, Report, code, quiet

_SILENCE = {
    "against_request": "silence counts against the request",
    "absent": "silence means absent",
    "unknown": "silence leaves it unknown",
}


def guidelines_report(guidelines: Sequence[GuidelineShown]) -> Report:
    """Return guidelines with their limits, criteria, dates and citations."""
    count = len(guidelines)
    title = f"{count} guideline{'s' * (count != 1)}"
    return Report(title, tuple(block for each in guidelines for block in _guideline(each)))


def _guideline(shown: GuidelineShown) -> Iterator[Block]:
    yield Heading(code(shown.guideline))
    yield Paragraph(f"{shown.title}. {shown.citation}. Requests {shown.requests}.")
    entries: list[Line] = []
    if shown.layer:
        entries.append(f"in the layer {shown.layer}" + (f": {shown.replaces}" if shown.replaces else ""))
    if shown.when:
        entries.append(f"applies when {shown.when}" + (", elsewhere by analogy" if shown.by_analogy else ""))
    entries += [f"supersedes {other}" for other in shown.supersedes]
    if not shown.known:
        entries.append("its criteria are not known to this rulebook: needs review")
    entries += [f"limit {each.name}: {each.amounts} [{each.status}]" for each in shown.limits]
    for each in shown.criteria:
        when = f" when {each.when}" if each.when else ""
        entries.append(f"{each.id}{when}: {each.require} [{each.status}]")
    yield Bullets.of(entries)


def facts_report(facts: Sequence[FactSpec]) -> Report:
    """Return facts of the dictionary by domain: the question, the type, and what silence means."""
    blocks: list[Block] = []
    for domain in dict.fromkeys(spec.domain for spec in facts):
        blocks.append(Heading(domain))
        blocks.append(Bullets(tuple(_fact(spec) for spec in facts if spec.domain == domain)))
    return Report("Facts", tuple(blocks))


def _fact(spec: FactSpec) -> Entry:
    about = quiet(f" ({say_type(spec.type)}; {_SILENCE[spec.silence]})")
    return Entry((code(spec.name), about), (Paragraph(spec.asks),))


def say_type(kind: FactType) -> str:
    """Return in words which values a fact may have."""
    if kind.kind == "boolean":
        return "yes or no"
    if kind.kind == "date":
        return "a date"
    if kind.kind == "choice":
        choices = sorted(kind.choices)
        if not choices:
            return "shown, never compared"
        return f"one of {', '.join(choices)}" if len(choices) <= 8 else f"one of {len(choices)} words"
    unit = f" ({say_unit(kind.unit)})" if kind.unit else ""
    return f"{kind.low:,} to {kind.high:,}{unit}"
