"""Agreement with recorded outcomes, written down: tables, and what does not agree with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from imr_rules.agreement.figures import OUTCOMES, SUGGESTIONS, Agreement, Figures
from imr_rules.agreement.intervals import Estimate, Share
from imr_rules.agreement.items import Decided

if TYPE_CHECKING:
    from imr_rules.agreement.corpus import CorpusAgreement, Unlike

__all__ = ["corpus_text", "markdown", "text"]

_HEAD = (
    "| | items | to review | agreement | always uphold | upheld recall | overturned recall | false overturns "
    "| balanced accuracy | kappa |",
    "|---|---|---|---|---|---|---|---|---|---|",
)
_INTERVALS = (
    "Shares with exact 95 % intervals and n, of the decided but for the share left to review; balanced accuracy "
    "and kappa with intervals that cover at least as often."
)

_PAGE = """\
# Fit with real determinations

Made by `imr-rules agree fixtures --format markdown > docs/fit.md`; correct the fixtures or the rules, not the page.

**This is fit, not validation.** The rules were written with these determinations at hand, and the cases hold what the
reviewers found in the record, some of it told only in their rationale; a screening before the review has the record and
the request alone. The determinations are public letters, most of them of the winter of 2016 to 2017, chosen because they
were read by eye, and upholding is the rule among them: *always uphold* is what agreement would be if every decided item were
suggested so. How the suggestions do on determinations they were not written with, these figures do not say.
"""

_INSIDE = (
    "Decided inside the MTUS: the reviewer cites it and nothing else. Outside: another guideline beside or instead of it, "
    "or none."
)

_BEFORE = """\
The same cases without the statements whose only evidence is the reviewer's rationale: nearer to what a screening before the
review has, though the summary too was written by the reviewer. More is left to review; what is still decided shows how much
of the agreement above comes from knowing what the reviewer found."""


def text(found: Agreement) -> str:
    """Return the figures as tables, with the disagreements and what is left to review."""
    rows = [*_overall(found), *_classes(found)]
    confusion = ["", "All items, by suggestion and outcome:", "", *_confusion(found.overall)]
    confusion += [
        "",
        "Items left to review, by lean and outcome:",
        "",
        *_confusion(found.leans, "leans toward"),
    ]
    return "\n".join([*_table(rows), "", _INTERVALS, *confusion, "", *_items("", found)]).rstrip()


def corpus_text(found: CorpusAgreement) -> str:
    """Return the figures of many items as tables, with the first of those that do not agree."""
    confusion = found.overall.confusion
    review = sum(confusion["needs_review", outcome] for outcome in OUTCOMES)
    unlike = confusion["uphold", "overturned"] + confusion["overturn", "upheld"]
    rows = [("all items", found.overall), *_classes(found)]
    lines = [*_table(rows), "", _INTERVALS, "", "All items, by suggestion and outcome:", ""]
    lines += [*_confusion(found.overall), ""]
    lines += [f"{found.without_outcome:,} items without an outcome; {found.rejects:,} rejected", ""]
    for title, each, count in (
        ("Disagreements", found.disagreements, unlike),
        ("Left to review", found.left_to_review, review),
    ):
        lines += _unlike(title, each, count)
    return "\n".join(lines).rstrip()


def _unlike(title: str, listed: Sequence[Unlike], count: int) -> Iterator[str]:
    if not listed:
        return
    left = count - len(listed)
    yield from [f"{title}, {f'the first {len(listed)} of {count:,}' if left else 'all'}:", ""]
    for each in listed:
        who = " ".join(filter(None, (each.case, each.item)))
        where = f"{each.file}, record {each.row:,}" + (f", {who}" if who else "")
        yield _line(where, each, each.grounds, [*each.review_reasons, *each.missing])
    yield ""


def markdown(found: Agreement, before: Agreement) -> str:
    """Return a page: the figures overall and by class, and every item that does not agree.

    Args:
        found: over the cases as they are.
        before: over the same cases without what only a rationale tells.
    """
    lines = [_PAGE, *_table(_overall(found)), "", _INTERVALS, "", _INSIDE]
    lines += ["", *_confusion(found.overall)]
    lines += ["", *_confusion(found.leans, "left to review, leans toward")]
    lines += ["", "## Without what only the rationale tells", "", _BEFORE, "", *_table(_overall(before))]
    lines += ["", "## By class of treatment", "", *_table(_classes(found)), "", *_items("## ", found)]
    return "\n".join(lines).rstrip()


def _overall(found: Agreement) -> list[tuple[str, Figures]]:
    return [
        ("all items", found.overall),
        ("items left to review, by their lean", found.leans),
        ("decided inside the MTUS", found.inside_mtus),
        ("decided outside the MTUS", found.outside_mtus),
    ]


def _classes(found: Agreement | CorpusAgreement) -> list[tuple[str, Figures]]:
    return [(name.replace("_", " "), each) for name, each in found.by_group.items()]


def _table(rows: Iterable[tuple[str, Figures]]) -> list[str]:
    return [*_HEAD, *(_row(name, each) for name, each in rows)]


def _confusion(each: Figures, first: str = "suggested") -> list[str]:
    rows = [
        f"| {suggested.replace('_', ' ')} | "
        + " | ".join(str(each.confusion[suggested, o]) for o in OUTCOMES)
        + " |"
        for suggested in SUGGESTIONS
    ]
    return [f"| {first} | was upheld | was overturned |", "|---|---|---|", *rows]


def _items(heading: str, found: Agreement) -> Iterator[str]:
    for title, decided in (("Disagreements", found.disagreements), ("Left to review", found.left_to_review)):
        if decided:
            yield from [f"{heading}{title}" if heading else f"{title}:", "", *map(_said, decided), ""]


def _row(name: str, each: Figures) -> str:
    cells = [
        name, str(each.items), _share(each.review), _share(each.agree), _share(each.always_uphold),
        _share(each.upheld_recall), _share(each.overturned_recall), _share(each.false_overturns),
        _estimate(each.balanced), _estimate(each.kappa),
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _share(each: Share) -> str:
    if each.value is None or each.low is None or each.high is None:
        return "none"
    return f"{100 * each.value:.0f} % ({100 * each.low:.0f}–{100 * each.high:.0f}; {each.hits}/{each.total})"


def _estimate(each: Estimate) -> str:
    if each.value is None or each.low is None or each.high is None:
        return "–"
    return f"{each.value:.2f} ({each.low:.2f}–{each.high:.2f})"


def _said(each: Decided) -> str:
    reasons = [*each.item.review_reasons, *(fact.fact for fact in each.item.missing)]
    differs = f" — {each.differs}" if each.differs else ""
    return _line(f"{each.case} {each.item.item}", each, each.item.grounds, reasons) + differs


def _line(name: str, each: Decided | Unlike, grounds: Iterable[str], reasons: Iterable[str]) -> str:
    """Say of an item what was suggested, what came of it, and what the suggestion rests on."""
    item = each.item if isinstance(each, Decided) else each
    why = ", ".join(ground.split("/", 1)[-1] for ground in grounds) or ", ".join(reasons)
    treatment = item.treatment or "not recognized"
    lean = f", leans toward {each.leans}" if isinstance(each, Decided) and each.item.lean else ""
    return f"- {name} ({treatment}): {item.suggestion}{lean}, was {each.outcome}; {why}"
