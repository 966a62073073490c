"""Coverage as one page over the guideline files: their source, with what fixtures saw beside each line."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from imr_rules.workbench.coverage.measure import Coverage, CriterionSeen, GuidelineCoverage

__all__ = ["page"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --faint: #66707c; --line: #dde2e8;
  --seen: #1b6e3c; --seen-back: #e0f2e6; --gap: #9c2f12; --gap-back: #fbe5de; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e7ec; --paper: #15191f; --faint: #98a2ae; --line: #2f3742;
  --seen: #8fd9a8; --seen-back: #17351f; --gap: #ffb39c; --gap-back: #46211a; } }
body { margin: 2rem auto; max-width: 84rem; padding: 0 1rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; }
h2 { margin-top: 2.5rem; font-size: 1.1rem; }
table { border-collapse: collapse; }
th, td { padding: .15rem .8rem .15rem 0; text-align: left; font-weight: normal; border-bottom: 1px solid var(--line); }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.source { overflow-x: auto; font: 13px/1.55 ui-monospace, monospace; border: 1px solid var(--line); }
.source > div { display: grid; grid-template-columns: 3.5rem minmax(28rem, 1fr) 26rem; }
.source > div > * { padding: 0 .5rem; }
.source code { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
.source .number { color: var(--faint); text-align: right; user-select: none; }
.seen, .gap { display: inline-block; padding: 0 .35rem; margin: 0 .2rem .1rem 0; border-radius: .2rem; }
.seen { color: var(--seen); background: var(--seen-back); }
.gap { color: var(--gap); background: var(--gap-back); }
a { color: inherit; }
"""

Mark = tuple[bool, str]


def page(coverage: Coverage) -> str:
    """Return the page: one HTML document that needs nothing else."""
    return "\n".join(_page(coverage)) + "\n"


def _page(coverage: Coverage) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8"><title>Coverage of the rulebook</title>'
    yield f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
    yield "<h1>What the fixtures see of the rulebook</h1>"
    yield (
        f"<p>{coverage.items} items were judged. A status counts where its criterion was heard; a limit, where the facts "
        "lay one below it, at it or one above; a change of editions, where a request was of the day before or of the "
        "day itself.</p>"
    )
    yield from _summary(coverage)
    for guideline in coverage.guidelines:
        yield from _guideline(guideline)
    yield "</body></html>"


def _summary(coverage: Coverage) -> Iterator[str]:
    yield "<table><thead><tr><th>Guideline</th><th>Statuses</th><th>Limits</th><th>Dates</th></tr></thead><tbody>"
    yield _row("all", coverage.counts())
    for each in coverage.guidelines:
        yield _row(f'<a href="#{escape(each.id)}">{escape(each.id)}</a>', each.counts())
    yield "</tbody></table>"


def _row(name: str, counts: dict[str, tuple[int, int]]) -> str:
    cells = "".join(f'<td class="number">{seen} of {total}</td>' for seen, total in counts.values())
    return f"<tr><td>{name}</td>{cells}</tr>"


def _guideline(guideline: GuidelineCoverage) -> Iterator[str]:
    lines = Path(guideline.place.file or "").read_text(encoding="utf-8").splitlines()
    marks = _marks(guideline, lines)
    yield f'<h2 id="{escape(guideline.id)}">{escape(guideline.id)}</h2><div class="source">'
    for number, line in enumerate(lines, start=1):
        said = "".join(
            f'<span class="{"seen" if seen else "gap"}">{escape(words)}</span>'
            for seen, words in marks.get(number, ())
        )
        yield (
            f'<div><span class="number">{number}</span><code>{escape(line)}</code>'
            f'<span class="marks">{said}</span></div>'
        )
    yield "</div>"


def _marks(guideline: GuidelineCoverage, lines: list[str]) -> dict[int, list[Mark]]:
    """Return line → what is said beside it: whether it was seen, and the words."""
    found: dict[int, list[Mark]] = {}
    for criterion in guideline.criteria:
        found.setdefault(criterion.place.line or 1, []).extend(_statuses(criterion))
    for limit in guideline.limits:
        name = f"{limit.row}: " if limit.row else ""
        number = f"{name}{limit.number} {limit.plural}"
        marks = [
            (bool(seen), f"{side} {number}" + ("" if seen else ": never"))
            for side in ("below", "at", "above")
            if (seen := limit.seen[side]) or side in limit.missing
        ]
        found.setdefault(limit.place.line or 1, []).extend(marks)
    dated = next((number for number, line in enumerate(lines, start=1) if line.startswith("requests:")), 1)
    for edge in guideline.dates:
        for day, seen in ((edge.before, edge.seen_before), (edge.of, edge.seen_of)):
            words = f"{day}" + ("" if seen else ": no request")
            found.setdefault(dated, []).append((bool(seen), words))
    return found


def _statuses(criterion: CriterionSeen) -> Iterator[Mark]:
    for status in criterion.possible:
        seen = criterion.seen[status]
        words = status.replace("_", " ")
        yield bool(seen), f"{words} {seen}" if seen else f"{words}: never"
