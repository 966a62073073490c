"""Agreement with recorded outcomes as a report: tables, and every item that does not agree with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from imr_rules.agreement.figures import OUTCOMES, SUGGESTIONS, Agreement, Figures
from imr_rules.agreement.intervals import Estimate, Share
from imr_rules.agreement.items import Decided
from imr_rules.writing.document import (
    BREAK,
    Block,
    Bullets,
    Figure,
    Heading,
    Line,
    Paragraph,
    Report,
    Span,
    Table,
    code,
    quiet,
    strong,
)
from imr_rules.writing.screening_report import DISCLAIMER
from imr_rules.writing.words import SUGGESTION_WORDS

if TYPE_CHECKING:
    from imr_rules.agreement.corpus import CorpusAgreement, Unlike

_COLUMNS: tuple[tuple[str, Callable[[Figures], Line]], ...] = (
    ("items", lambda each: f"{each.items:,}"),
    ("to review", lambda each: _share(each.review)),
    ("agreement", lambda each: _share(each.agree)),
    ("always uphold", lambda each: _share(each.always_uphold)),
    ("upheld recall", lambda each: _share(each.upheld_recall)),
    ("overturned recall", lambda each: _share(each.overturned_recall)),
    ("false overturns", lambda each: _share(each.false_overturns)),
    ("balanced accuracy", lambda each: _estimate(each.balanced)),
    ("kappa", lambda each: _estimate(each.kappa)),
)

_INTERVALS = (
    "Shares are of the decided items, except the share left to review. Each has its exact 95% interval and its n. "
    "The intervals of balanced accuracy and kappa cover at least as often."
)
_READING = (
    "“Always uphold” is what agreement would be if every decided item were suggested upheld. Agreement with what "
    "reviewers decided is not correctness: published determinations are a biased sample, and letters contradict "
    "themselves."
)
_FIT = (
    " The rules were written with these determinations at hand, and the cases hold what the reviewers found in the "
    "record. Some of that is told only in their rationale; a screening before the review has the record and the request "
    "alone. The determinations are public letters, most of them from the winter of 2016 to 2017, chosen because they "
    "were read by eye, and most of them uphold the denial. These figures do not say how the suggestions do on "
    "determinations they were not written with."
)
_INSIDE = (
    "Decided inside {0}: the reviewer cites it and nothing else. Outside: another guideline beside or instead of "
    "it, or none."
)
_BEFORE = (
    "The same cases without the statements whose only evidence is the reviewer's rationale. That is nearer to what a "
    "screening before the review has, though the reviewer wrote the summary too. More is left to review. What is still "
    "decided shows how much of the agreement above comes from knowing what the reviewer found."
)


def agreement_report(
    found: Agreement, schedule: str, *, before: Agreement | None = None, figures: Iterable[Figure] = ()
) -> Report:
    """Return agreement over cases.

    Args:
        found: over the cases as they are.
        schedule: what the first tier of the rulebook is called.
        before: over the same cases without what only a rationale tells; the report is then one on fit.
        figures: pictures of the table of suggestions and outcomes.
    """
    return Report(
        "Fit with real determinations" if before else "Agreement with real determinations",
        (
            *([Paragraph((strong("This is fit, not validation."), _FIT))] if before else ()),
            _table(_overall(found, schedule)),
            Paragraph(_INTERVALS),
            Paragraph(_READING),
            Paragraph(_INSIDE.format(schedule)),
            Heading("Suggestions against outcomes"),
            *figures,
            _confusion(found.overall, "suggested"),
            _confusion(found.leans, "left to review, leans toward"),
            *(_without_rationale(before, schedule) if before else ()),
            Heading("By class of treatment"),
            _table(_classes(found)),
            *_listed("Disagreements", map(_decided, found.disagreements)),
            *_listed("Left to review", map(_decided, found.left_to_review)),
            Paragraph(quiet(DISCLAIMER)),
        ),
        made="Made by `imr-rules agree fixtures --format markdown > docs/fit.md`. Correct the fixtures or the rules, "
        "not the page."
        if before
        else None,
    )


def _without_rationale(before: Agreement, schedule: str) -> Iterator[Block]:
    yield Heading("Without what only the rationale tells")
    yield Paragraph(_BEFORE)
    yield _table(_overall(before, schedule))


def corpus_report(found: CorpusAgreement) -> Report:
    """Return agreement over tables of many items, with the first of those that do not agree."""
    confusion = found.overall.confusion
    review = sum(confusion["needs_review", outcome] for outcome in OUTCOMES)
    unlike = confusion["uphold", "overturned"] + confusion["overturn", "upheld"]
    left_out = f"{found.without_outcome:,} items without an outcome; {found.rejects:,} rejected."
    return Report(
        "Agreement with recorded outcomes",
        (
            _table([("all items", found.overall), *_classes(found)]),
            Paragraph(_INTERVALS),
            _confusion(found.overall, "suggested"),
            Paragraph(left_out),
            *_listed(_first("Disagreements", found.disagreements, unlike), map(_unlike, found.disagreements)),
            *_listed(
                _first("Left to review", found.left_to_review, review), map(_unlike, found.left_to_review)
            ),
        ),
    )


def _first(title: str, listed: Sequence[Unlike], count: int) -> str:
    return f"{title}, the first {len(listed)} of {count:,}" if count > len(listed) else title


def _listed(title: str, entries: Iterable[Line]) -> Iterator[Block]:
    every = tuple(entries)
    if every:
        yield Heading(title)
        yield Bullets.of(every)


def _overall(found: Agreement, schedule: str) -> list[tuple[str, Figures]]:
    return [
        ("all items", found.overall),
        ("items left to review, by their lean", found.leans),
        (f"decided inside {schedule}", found.inside),
        (f"decided outside {schedule}", found.outside),
    ]


def _classes(found: Agreement | CorpusAgreement) -> list[tuple[str, Figures]]:
    return [(name.replace("_", " "), each) for name, each in found.by_group.items()]


def _table(rows: Iterable[tuple[str, Figures]]) -> Table:
    return Table(
        ("", *(head for head, _ in _COLUMNS)),
        tuple((name, *(cell(each) for _, cell in _COLUMNS)) for name, each in rows),
        frozenset({1}),
    )


def _share(each: Share) -> Line:
    if each.value is None or each.low is None or each.high is None:
        return "none"
    interval = f"{100 * each.low:.0f}–{100 * each.high:.0f}; {each.hits}/{each.total}"
    return (f"{100 * each.value:.0f}% ", quiet(f"({interval})"))


def _estimate(each: Estimate) -> Line:
    if each.value is None or each.low is None or each.high is None:
        return "–"
    return (f"{each.value:.2f} ", quiet(f"({each.low:.2f}–{each.high:.2f})"))


def _confusion(each: Figures, first: str) -> Table:
    rows = (
        (SUGGESTION_WORDS[suggested], *(f"{each.confusion[suggested, outcome]:,}" for outcome in OUTCOMES))
        for suggested in SUGGESTIONS
    )
    heads = (f"was {outcome}" for outcome in OUTCOMES)
    return Table((first, *heads), tuple(rows), frozenset({1, 2}))


def _decided(each: Decided) -> Line:
    lean = f", leans toward {each.leans}" if each.lean else ""
    differs: tuple[str | Span, ...] = (BREAK, each.differs) if each.differs else ()
    return (
        strong(f"{each.case} {each.item}"),
        _said(each.treatment, f"{SUGGESTION_WORDS[each.suggestion]}{lean}", each.outcome),
        *_why(each),
        *differs,
    )


def _unlike(each: Unlike) -> Line:
    who = " ".join(filter(None, (each.case, each.item)))
    where = f"{each.file}, record {each.row:,}" + (f", {who}" if who else "")
    return (
        strong(where),
        _said(each.treatment, SUGGESTION_WORDS[each.suggestion], each.outcome),
        *_why(each),
    )


def _said(treatment: str | None, suggested: str, outcome: str) -> str:
    return f" ({(treatment or 'not recognized').replace('_', ' ')}): {suggested}, was {outcome}; "


def _why(each: Decided | Unlike) -> Iterator[str | Span]:
    """Yield what a suggestion rests on: its grounds, or else the reasons for a review and the missing facts."""
    every: list[str | Span] = [code(ground.split("/", 1)[-1]) for ground in each.grounds]
    if not every:
        every = [reason.replace("_", " ") for reason in each.review_reasons]
        every += [code(fact) for fact in each.missing]
    for number, said in enumerate(every):
        yield from ((", ", said) if number else (said,))
