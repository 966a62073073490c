"""How published determinations come out, from less and from more of what was read of them.

    python -m benchmarks.fit_letters FOLDER > docs/fit-letters.md

FOLDER holds PDF letters. Each is screened three times: its items' own words with the dates of injury and denial
(``none``), what its clinical summary says as well (``part``), and what its reviewer found (``all``, with hindsight).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from imr_rules import Case, Rulebook
from imr_rules.agreement.figures import Figures, figures_of
from imr_rules.agreement.intervals import Share
from imr_rules.agreement.items import Decided, decided_items
from imr_rules.reading.letters import Letter, read_letters, to_case_text

FIXTURES = Path(__file__).parent.parent / "fixtures" / "determinations"
SAYS = {
    "none": "the request's words, and the dates of injury and denial",
    "part": "the clinical summary as well",
    "all": "what the reviewer found as well (hindsight)",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    letters = sorted(parser.parse_args().folder.glob("*.pdf"))
    rulebook = Rulebook.load()
    found = {read: list(screened(letters, read, rulebook)) for read in SAYS}
    print("\n".join(page(found, [letter.stem for letter in letters])))


def screened(letters: list[Path], read: str, rulebook: Rulebook) -> Iterator[Decided]:
    """Yield the items of letters, screened as if so much had been read."""
    vocabulary = rulebook.vocabulary
    for letter in read_letters(letters, vocabulary):
        if isinstance(letter, Letter):
            text = to_case_text(letter, vocabulary, with_rationale=read == "all")
            data = json.loads(json.dumps(yaml.safe_load(text), default=str))
            data = bare(data) if read == "none" else {**data, "record": {"read": read}}
            if read == "all":
                data.setdefault("documents", [{"kind": "other"}])
            yield from decided_items(Path(letter.file).stem, Case.from_data(data), rulebook)


def bare(data: dict[str, Any]) -> dict[str, Any]:
    """Return a case of nothing but its items' words and the dates of injury and denial."""
    items = []
    for item in data["items"]:
        kept = {key: item[key] for key in ("id", "service") if key in item}
        if when := item.get("utilization_review", {}).get("date"):
            kept["utilization_review"] = {"date": when}
        items.append(kept)
    found = {"items": items, "expect": data["expect"], "record": {"read": "none"}}
    if when := data.get("injury", {}).get("date"):
        found["injury"] = {"date": when}
    return found


def page(found: dict[str, list[Decided]], letters: list[str]) -> Iterator[str]:
    """Yield the lines of the page: counts and intervals, and nothing of any one letter."""
    known = {path.stem for path in FIXTURES.glob("*.yaml")}
    new = {name for name in letters if name.lower() not in known}
    yield "# Letters alone"
    yield ""
    yield "Made by `python -m benchmarks.fit_letters FOLDER` from published letters, which are not part of the project."
    yield f"{len(letters)} letters, decided from December 2016 to February 2017. Upholding is the rule: *always uphold* is"
    yield "what agreement would be if every item answered were answered so. Shares have exact 95% intervals."
    yield ""
    yield f"**This is fit, not validation.** {len(letters) - len(new)} of the letters are fixtures too, and the rules were written"
    yield "with those at hand; the second table leaves them out. The letters were read by machine and are unchecked."
    yield ""
    yield from table(found)
    yield ""
    yield f"The {len(new)} letters that are no fixtures:"
    yield ""
    yield from table({read: [each for each in items if each.case in new] for read, items in found.items()})
    yield ""
    yield "Nearly every answer from a summary is to uphold, as nearly every outcome is. What the software adds there is the"
    yield "reason and what to find out, not a better guess."
    yield ""
    waiting = [
        each for items in found.values() for each in items
        if each.suggestion == "needs_review" and each.treatment and not each.screened.questions
    ]  # fmt: skip
    yield f"Items of a recognized treatment under review without a question: {len(waiting)}."


def table(found: dict[str, list[Decided]]) -> Iterator[str]:
    """Yield the figures by how much was read: suggestions, leans beside reviews, and both together."""
    yield "| read | answers | items | answered | right | always uphold | false overturns | overturned found, of all |"
    yield "|---|---|---|---|---|---|---|---|"
    for read, items in found.items():
        suggested = figures_of(Counter((each.suggestion, each.outcome) for each in items))
        rest = [each for each in items if each.agrees is None]
        leaning = figures_of(Counter((each.leans, each.outcome) for each in rest))
        both = figures_of(
            Counter((each.leans if each.agrees is None else each.suggestion, each.outcome) for each in items)
        )
        yield row(f"`{read}`: {SAYS[read]}", "suggestions", suggested)
        yield row("", "leans, of the rest", leaning)
        yield row("", "both together", both)


def row(read: str, kind: str, each: Figures) -> str:
    answered = each.items - each.review.hits
    cells = (
        read, kind, str(each.items), str(answered), share(each.agree), share(each.always_uphold),
        str(each.false_overturns.hits), share(each.overturned_found),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def share(each: Share) -> str:
    if each.value is None or each.low is None or each.high is None:
        return "none"
    return f"{100 * each.value:.0f}% ({100 * each.low:.0f}–{100 * each.high:.0f}; {each.hits}/{each.total})"


if __name__ == "__main__":
    main()
