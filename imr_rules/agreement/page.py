"""The figures as a page of HTML that stands alone: tables, the confusion table's picture, every disagreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from imr_rules.agreement.figures import OUTCOMES, SUGGESTIONS, Agreement, Figures
from imr_rules.agreement.intervals import Estimate, Share
from imr_rules.agreement.items import Decided
from imr_rules.agreement.picture import draw_confusion

__all__ = ["html"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #59616d; --rule: #d5dae1; --paper: #fff; --tint: #f3f6f9; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --quiet: #a3acb8; --rule: #3a424d; --paper: #171a1f; --tint: #1e232a; }
}
body { margin: 2rem auto; padding: 0 1rem; max-width: 78rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
p, li { max-width: 46rem; } .quiet, small { color: var(--quiet); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
thead th { font-weight: 600; border-bottom: 2px solid var(--rule); } tbody th { font-weight: 400; min-width: 8rem; }
td small { display: block; white-space: nowrap; }
figure { margin: 1.5rem 0; max-width: 28rem; } svg { width: 100%; height: auto; } .dark { display: none; }
@media (prefers-color-scheme: dark) { .dark { display: block; } .light { display: none; } }
code { background: var(--tint); padding: .1em .3em; overflow-wrap: anywhere; } li { margin: .6rem 0; }
@media print { .dark { display: none; } .light { display: block; } }
"""

_COLUMNS = (
    "items", "to review", "agreement", "always uphold", "upheld recall", "overturned recall", "false overturns",
    "balanced accuracy", "kappa",
)  # fmt: skip

_READING = (
    "Shares are of the items decided, but for the share left to review; each stands with its exact 95 % interval and its n. "
    "The intervals of balanced accuracy and kappa cover at least as often. <em>Always uphold</em> is what agreement would be "
    "if every decided item were suggested upheld. Agreement with what reviewers decided is not correctness: published "
    "determinations are a biased sample, and letters contradict themselves."
)


def html(found: Agreement) -> str:
    """Return the page; it loads nothing from anywhere.

    Raises:
        InputError: Matplotlib is not installed.
    """
    overall = [
        ("all items", found.overall),
        ("decided inside the MTUS", found.inside_mtus),
        ("decided outside the MTUS", found.outside_mtus),
    ]
    classes = [(name.replace("_", " "), each) for name, each in found.by_group.items()]
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Agreement with real determinations</title><style>{_STYLE}</style></head><body><main>",
        "<h1>Agreement with real determinations</h1>",
        f"<p>{_READING}</p>",
        *_table("Overall", "", overall),
        *_confusion(found.overall),
        *_table("By class of treatment", "class", classes),
        *_items("Disagreements", found.disagreements),
        *_items("Left to review", found.left_to_review),
        '<p class="quiet">A suggestion, not a decision: a physician\'s review is required.</p>',
        "</main></body></html>",
    ]
    return "\n".join(parts)


def _table(title: str, first: str, rows: Iterable[tuple[str, Figures]]) -> Iterator[str]:
    yield f'<h2>{title}</h2><div class="wide"><table><thead><tr><th scope="col">{first}</th>'
    yield "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS) + "</tr></thead><tbody>"
    for name, each in rows:
        shares = (
            each.review, each.agree, each.always_uphold, each.upheld_recall, each.overturned_recall,
            each.false_overturns,
        )  # fmt: skip
        cells = [str(each.items), *map(_share, shares), *map(_estimate, (each.balanced, each.kappa))]
        yield f'<tr><th scope="row">{escape(name)}</th>' + "".join(f"<td>{cell}</td>" for cell in cells)
        yield "</tr>"
    yield "</tbody></table></div>"


def _share(each: Share) -> str:
    if each.value is None or each.low is None or each.high is None:
        return "none"
    return f"{each.value:.0%}<small>{each.hits} of {each.total}</small><small>{each.low:.0%}–{each.high:.0%}</small>"


def _estimate(each: Estimate) -> str:
    if each.value is None or each.low is None or each.high is None:
        return "–"
    return f"{each.value:.2f}<small>{each.low:.2f}–{each.high:.2f}</small>"


def _confusion(each: Figures) -> Iterator[str]:
    yield "<h2>Suggestions against outcomes</h2>"
    yield f'<figure><div class="light">{draw_confusion(each)}</div>'
    yield f'<div class="dark">{draw_confusion(each, "dark")}</div>'
    yield "<figcaption class=quiet>Items by suggestion and outcome; the share is of the outcome.</figcaption></figure>"
    heads = "".join(f'<th scope="col">was {outcome}</th>' for outcome in OUTCOMES)
    yield f'<table><thead><tr><th scope="col">suggested</th>{heads}</tr></thead><tbody>'
    for suggested in SUGGESTIONS:
        counts = "".join(f"<td>{each.confusion[suggested, outcome]}</td>" for outcome in OUTCOMES)
        yield f'<tr><th scope="row">{suggested.replace("_", " ")}</th>{counts}</tr>'
    yield "</tbody></table>"


def _items(title: str, decided: Iterable[Decided]) -> Iterator[str]:
    every = [_item(each) for each in decided]
    if every:
        yield f"<h2>{title}</h2><ul>"
        yield from every
        yield "</ul>"


def _item(each: Decided) -> str:
    item = each.item
    said = f"{item.suggestion.replace('_', ' ')}, was {each.outcome}"
    why = [f"<code>{escape(ground)}</code>" for ground in item.grounds]
    why += [escape(reason.replace("_", " ")) for reason in item.review_reasons]
    why += [escape(fact.asks) for fact in item.missing]
    differs = f"<br>{escape(each.differs)}" if each.differs else ""
    return (
        f"<li><strong>{escape(each.case)} {escape(item.item)}</strong> "
        f"({escape((item.treatment or 'not recognized').replace('_', ' '))}): {said}"
        f"<br>{'; '.join(why)}{differs}</li>"
    )
