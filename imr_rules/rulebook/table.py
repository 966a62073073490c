"""The rulebook as one page that a clinician can check: every guideline, limit and criterion, with its status.

``python -m imr_rules.rulebook.table > docs/rulebook.md`` writes the page; a test fails where it is stale.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from imr_rules._dates import Period
from imr_rules._units import count_in_words
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.files import CitationStatus
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.rulebook.model import Citation, Criterion, Guideline, Limit, LimitRow, Source, Template
from imr_rules.rulebook.overview import say_amounts

__all__ = ["render", "rows_of", "table_row"]

_EVERY = "every treatment"
_STATUSES: tuple[CitationStatus, ...] = ("read", "secondary", "recalled", "practice")
_TIERS = {
    "statute": "statute",
    "mtus": "MTUS",
    "acoem_odg": "ACOEM or ODG outside the MTUS",
    "other_guideline": "other guideline",
    "study": "study",
    "practice": "practice",
}


def render(rulebook: Rulebook) -> str:
    """Return the page, in Markdown. The same rulebook always gives the same page."""
    return "\n".join(_page(rulebook)) + "\n"


def _page(rulebook: Rulebook) -> Iterator[str]:
    yield "# The rulebook"
    yield ""
    yield (
        "Every guideline this package knows, with its limits, criteria, dates and citations. The page is "
        "made from the files in `rulesets/mtus` by `python -m imr_rules.rulebook.table > docs/rulebook.md`; "
        "correct the files, not the page."
    )
    yield ""
    yield from _legend()
    yield from _summary(rulebook)
    classes = _by_class(rulebook)
    yield "## Classes"
    yield ""
    yield from (f"- [{name}](#{_anchor(name)}): {len(guidelines)}" for name, guidelines in classes.items())
    yield ""
    for name, guidelines in classes.items():
        yield f"## {_capital(name)}"
        yield ""
        for guideline in guidelines:
            yield from _guideline(guideline, rulebook)
    yield from _sources(rulebook)


def _legend() -> Iterator[str]:
    yield "| Status | How a number or rule is known |"
    yield "|---|---|"
    yield "| read | in the official text or the statute |"
    yield "| secondary | in another source that quotes it, which is named |"
    yield "| recalled | from memory of the guideline, still to be verified against the official text |"
    yield "| practice | the way named determinations reason; no guideline text says it |"
    yield ""


def _summary(rulebook: Rulebook) -> Iterator[str]:
    guidelines = rulebook.guidelines.values()
    limits = Counter(row.status for guideline in guidelines for _, row in rows_of(guideline))
    criteria = Counter(each.citation.status for guideline in guidelines for each in guideline.criteria)
    unknown = sum(not guideline.known for guideline in guidelines)
    yield (
        f"Version {rulebook.version}: {len(guidelines)} guidelines, {unknown} of them dated with contents "
        "that are not known."
    )
    yield ""
    yield "| | " + " | ".join(_STATUSES) + " | all |"
    yield "|---|" + "---|" * (len(_STATUSES) + 1)
    for label, found in (("limits", limits), ("criteria", criteria)):
        yield (
            f"| {label} | " + " | ".join(str(found[status]) for status in _STATUSES) + f" | {found.total()} |"
        )
    yield ""


def rows_of(guideline: Guideline) -> Iterator[tuple[str, LimitRow | Limit]]:
    """Yield every number of a guideline with its name: limits, and the rows of those that are tables."""
    for limit in guideline.limits.values():
        if not limit.rows:
            yield limit.name, limit
        for row in limit.every_row:
            yield f"{limit.name}, {row.label}", row


def _by_class(rulebook: Rulebook) -> dict[str, list[Guideline]]:
    """Return label of the broadest treatment → its guidelines, in order of name, then of date."""
    treatments = rulebook.vocabulary.treatments
    found: dict[str, list[Guideline]] = {}
    for guideline in rulebook.guidelines.values():
        roots = {
            _EVERY if name == ANY_TREATMENT else treatments[treatments[name].lineage[-1]].label
            for name in guideline.treatments
        }
        for root in roots:
            found.setdefault(root, []).append(guideline)
    ordered = sorted(found, key=lambda label: (label == _EVERY, label))
    return {
        label: sorted(found[label], key=lambda each: (each.treatments, each.requests.first, each.id))
        for label in ordered
    }


def _guideline(guideline: Guideline, rulebook: Rulebook) -> Iterator[str]:
    source = guideline.source
    yield f"### {guideline.title}"
    yield ""
    yield f"`{guideline.id}`"
    yield ""
    yield f"- Requests: {_days(guideline.requests)}"
    yield f"- Source: {_cell(_place(guideline.citation))} ({_TIERS[source.tier]})"
    treatments = (
        "every treatment" if ANY_TREATMENT in guideline.treatments else ", ".join(guideline.treatments)
    )
    yield f"- For: {treatments.replace('_', ' ')}" + _situation(guideline)
    yield from (f"- Replaces: `{each.guideline}` when {each.when_text}" for each in guideline.supersedes)
    if guideline.note:
        yield f"- Note: {' '.join(guideline.note.split())}"
    if not guideline.known:
        yield "- **Contents not known**: a request it governs needs review."
    yield ""
    limits = list(rows_of(guideline))
    if limits:
        yield "| Limit | Number | Status | Pages | Note |"
        yield "|---|---|---|---|---|"
        for name, row in limits:
            cells = (
                _words(name),
                say_amounts(row.amounts),
                row.status,
                _pages(row.pages or ()),
                row.note or "",
            )
            yield table_row(cells)
        yield ""
    if guideline.criteria:
        yield "| Criterion | In words, where it is not met | When | Requires | Status | Citation |"
        yield "|---|---|---|---|---|---|"
        yield from (table_row(_criterion(each, guideline, rulebook)) for each in guideline.criteria)
        yield ""


def _situation(guideline: Guideline) -> str:
    if guideline.applies_text is None:
        return ""
    return f", when {guideline.applies_text}" + ("; else by analogy" if guideline.by_analogy else "")


def _criterion(criterion: Criterion, guideline: Guideline, rulebook: Rulebook) -> Iterable[str]:
    name = _words(criterion.name) + (" (caution)" if criterion.kind == "caution" else "")
    require = f"`{criterion.require_text}`"
    when = f"`{criterion.when_text}`" if criterion.when_text else "always"
    if criterion.recommendation:
        no, _, yes = (criterion.when_text or "").partition(" / ")
        refused = "" if no == "false" else f"not recommended where `{no}`"
        require = "; ".join(filter(None, (refused, f"recommended where `{yes}`" if yes else "")))
        when = "always"
    citation = criterion.citation
    own = citation.source == guideline.source.id
    section = citation.section if citation.section not in (None, guideline.citation.section) else ""
    pages = _pages(citation.pages) if citation.pages != guideline.pages else ""
    return (
        name,
        _in_words(criterion, guideline, rulebook),
        when,
        require,
        citation.status,
        ", ".join(filter(None, (section, pages))) if own else _place(citation),
    )


def _in_words(criterion: Criterion, guideline: Guideline, rulebook: Rulebook) -> str:
    """Return what is said where the criterion is not met, with the names of facts for their values."""
    says = criterion.says
    template = next((says[each] for each in ("unmet", "undocumented", "met") if each in says), Template(()))
    words = []
    for piece in template.pieces:
        if isinstance(piece, str):
            words.append(piece)
        elif piece[0] == "fact":
            words.append(f"[{rulebook.vocabulary.facts[piece[1]].label}]")
        else:
            words.append(_limit_in_words(guideline.limits[piece[1]], piece[2], piece[3]))
    return "".join(words)


def _limit_in_words(limit: Limit, plural: str, end: str) -> str:
    if limit.rows:
        return f"[{_words(limit.name)}, by row]"
    low, high = limit.amounts[plural]
    return count_in_words(low, high) if not end else str(low if end == "min" else high)


def _sources(rulebook: Rulebook) -> Iterator[str]:
    yield "## Sources"
    yield ""
    yield "| Source | Document | Tier | In force | Guidelines |"
    yield "|---|---|---|---|---|"
    guidelines = Counter(guideline.source.id for guideline in rulebook.guidelines.values())
    for source in rulebook.sources.values():
        if source.tier != "practice" or guidelines[source.id]:
            yield table_row(_source(source, guidelines[source.id]))
    yield ""
    yield "Determinations cited as practice: " + ", ".join(
        f"`{name}`"
        for name, source in sorted(rulebook.sources.items())
        if source.tier == "practice" and not guidelines[name]
    ) + "."  # fmt: skip


def _source(source: Source, guidelines: int) -> Iterable[str]:
    document = source.document + (f", {source.regulation}" if source.regulation else "")
    note = f" {' '.join(source.note.split())}" if source.note else ""
    in_force = _days(source.in_force) if source.in_force else ""
    return f"`{source.id}`", f"{document}.{note}", _TIERS[source.tier], in_force, str(guidelines)


def _place(citation: Citation) -> str:
    parts = (citation.document, citation.regulation, citation.section, _pages(citation.pages, "page"))
    return ", ".join(filter(None, parts))


def _pages(pages: Iterable[int], word: str = "") -> str:
    """Return ``46, 47``, or ``pages 46, 47`` with the word before it."""
    listed = [str(page) for page in pages]
    before = f"{word}{'s' if len(listed) > 1 else ''} " if word else ""
    return before + ", ".join(listed) if listed else ""


def _days(period: Period) -> str:
    return f"{period.first} to {period.last}" if period.last else f"from {period.first}"


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _anchor(heading: str) -> str:
    kept = "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def table_row(cells: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(render(Rulebook.load(*map(Path, sys.argv[1:2]))))
