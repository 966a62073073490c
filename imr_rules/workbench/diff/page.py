"""The receipt as a page: each change with its two explanations side by side."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from imr_rules.screening import ItemScreening
from imr_rules.workbench.diff import replays
from imr_rules.workbench.diff.phrases import treatments_of, ways
from imr_rules.workbench.diff.receipts import Change, Receipt
from imr_rules.workbench.diff.writing import case_text, explained, summary
from imr_rules.writing.words import MARKS, TITLES, say_citation, standing

__all__ = ["html"]

_STYLE = """
:root { color-scheme: light dark; --line: #bbb; --quiet: #555; }
@media (prefers-color-scheme: dark) { :root { --line: #555; --quiet: #aaa; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; }
.sides { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); }
.side { border-top: 3px solid var(--line); }
.cite { color: var(--quiet); display: block; font-size: .875rem; }
pre { border-left: 3px solid var(--line); overflow-x: auto; padding-left: .75rem; }
table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
"""


def html(receipt: Receipt, old: str, new: str) -> str:
    """Return the receipt as one page that needs nothing beside itself."""
    return "\n".join(_page(receipt, old, new)) + "\n"


def _page(receipt: Receipt, old: str, new: str) -> Iterator[str]:
    said = summary(receipt)
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>What an edit changes</title><style>{_STYLE}</style></head><body><main>"
    yield f"<h1>What the edit from {escape(old)} to {escape(new)} changes</h1>"
    yield f"<p>{escape(said[0].upper() + said[1:])}.</p>"
    if receipt.edits:
        yield "<h2>Edited</h2><table><tr><th>guideline</th><th>part</th><th>kind</th><th>was</th><th>is</th></tr>"
        for edit in receipt.edits:
            part = f"{edit.criterion}: {edit.what}" if edit.criterion else edit.what
            cells = (edit.guideline, part, edit.kind, edit.was or "", edit.now or "")
            yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        yield "</table>"
    for number, change in enumerate(receipt.changes, 1):
        yield from _change(receipt, number, change)
    if receipt.proven_unchanged:
        yield "<h2>Proven unchanged</h2><ul>"
        for same in receipt.proven_unchanged:
            who = escape(treatments_of(receipt, same.treatments, most=200))
            how = "the same rules" if same.because == "same_rules" else "proved"
            yield f"<li>requests {same.requests} ({how}): {who}</li>"
        yield "</ul>"
    if receipt.bounded:
        yield "<h2>Not searched to the end</h2><ul>"
        yield from (f"<li>{escape(what)}: {escape(why)}</li>" for what, why in receipt.bounded)
        yield "</ul>"
    answers = receipt.answers
    yield "<h2>Fixtures</h2>"
    yield f"<p>{answers.files} fixtures, {len(answers.items)} items, {len(answers.flips)} flip. "
    yield f"Agreement with recorded outcomes, of the items decided: {answers.before} before, {answers.after} after.</p>"
    yield from replays.html(receipt)
    yield f'<p class="cite">Rulebooks {receipt.old.digest} and {receipt.new.digest}.</p>'
    yield "</main></body></html>"


def _change(receipt: Receipt, number: int, change: Change) -> Iterator[str]:
    by = f"{change.guideline}#{change.criterion}" if change.guideline else "no one criterion"
    yield f"<h2>{number}. {ways(change)}, by {escape(by)}</h2>"
    yield f"<p>{escape(treatments_of(receipt, change.treatments, most=200))}; requests {change.requests}; where</p><ul>"
    yield from (f"<li>{escape(part)}</li>" for part in change.region.split("; or "))
    yield "</ul><h3>Smallest case</h3>"
    yield f'<pre tabindex="0">{escape(case_text(change.witness.data))}</pre><div class="sides">'
    for when, item in (("Before", change.witness.before), ("After", change.witness.after)):
        yield f'<section class="side"><h3>{when}: {TITLES[item.suggestion]}</h3>'
        yield from _answer(item, change)
        yield "</section>"
    named = ", ".join(f"{each.file} {each.item}" for each in change.fixtures) or "none"
    yield f"</div><p>Fixtures that flip: {escape(named)}</p>"


def _answer(item: ItemScreening, change: Change) -> Iterator[str]:
    yield f"<p>{escape(item.headline)}</p><ul>"
    for result in explained(item, change.criteria):
        yield f"<li>{MARKS[result.status]} <strong>{escape(standing(result, item))}</strong>: {escape(result.reason)}"
        yield f'<span class="cite">{escape(say_citation(result.citation))}</span></li>'
    yield "</ul>"
