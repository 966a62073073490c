"""``imr-rules agree``: how far suggestions agree with recorded outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules.cli.common import DataFormat, RulebookOption, each_file, load_rulebook, out, print_json
from imr_rules.errors import CaseError, Place, Problem

if TYPE_CHECKING:
    from imr_rules.agreement import Agreement, Decided, Estimate, Figures, Share

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH", help="Case files, or directories of them.", show_default=False),
]


def agree_command(
    paths: Paths,
    format: Annotated[
        DataFormat, typer.Option("--format", help="How to write the answer: text or json.")
    ] = DataFormat.text,
    rulebook: RulebookOption = None,
) -> None:
    """Screen every case that records a real outcome, and report agreement beside always upholding."""
    from imr_rules.agreement import agreement, decided_items

    rules = load_rulebook(rulebook)
    files = [file for path in paths for file in _files(path)]
    per_file = each_file(files, lambda case: case)
    found = agreement(each for file, case in per_file for each in decided_items(file.stem, case, rules))
    if not found.overall.items:
        where = Place(str(paths[0]))
        raise CaseError(
            Problem(
                "no-outcome", "no case here records a real outcome", where, "give expect.items.<id>.outcome"
            )
        )
    if format is DataFormat.json:
        print_json(found.to_dict())
    else:
        out(_markdown(found))


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("**/*.yaml")) + sorted(path.glob("**/*.json")) if path.is_dir() else [path]


def _markdown(found: Agreement) -> str:
    rows = [("all items", found.overall), ("decided inside the MTUS", found.inside_mtus)]
    rows += [(name.replace("_", " "), each) for name, each in found.by_group.items()]
    lines = [
        "| | items | to review | agreement | always uphold | upheld recall | overturned recall | false overturns "
        "| balanced accuracy | kappa |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(_row(name, each) for name, each in rows),
        "",
        "Shares of the decided with exact 95 % intervals and n; balanced accuracy and kappa with approximate ones.",
        "",
    ]
    for title, decided in (("Disagreements", found.disagreements), ("Left to review", found.left_to_review)):
        if decided:
            lines += [f"{title}:", "", *(_said(each) for each in decided), ""]
    return "\n".join(lines).rstrip()


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
    why = ", ".join(name.split("/", 1)[-1] for name in each.item.grounds)
    why = why or ", ".join([*each.item.review_reasons, *(fact.fact for fact in each.item.missing)])
    differs = f" — {each.differs}" if each.differs else ""
    return f"- {each.case} {each.item.item} ({each.item.treatment or 'not recognised'}): {each.item.suggestion}, was {each.outcome}; {why}{differs}"
