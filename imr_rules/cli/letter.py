"""``imr-rules letter``: what published determination letters say, as data and as case files."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from imr_rules.cli.common import LayerOption, RulebookOption, load_rulebook, out, print_json
from imr_rules.errors import LetterError, Place, Problem

letter = typer.Typer(
    help="Read published determination letters.", no_args_is_help=True, rich_markup_mode=None
)


class LetterFormat(StrEnum):
    """How a letter is written out."""

    json = "json"
    yaml = "yaml"


@letter.command("read", short_help="What letters say, as data")
def read_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Letters, PDF or text.")],
    format: Annotated[LetterFormat, typer.Option("--format", help="How to write it.")] = LetterFormat.json,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Read the header, the facts and the disputed items of letters; one object a letter."""
    from imr_rules.reading.letters import read_letters

    problems: list[Problem] = []
    for found in read_letters(files, load_rulebook(rulebook, layer).vocabulary):
        if isinstance(found, LetterError):
            problems += found.problems
        elif format is LetterFormat.json:
            print_json(found.to_dict(), compact=len(files) > 1)
        else:
            import yaml

            out("---\n" + yaml.safe_dump(found.to_dict(), sort_keys=False, allow_unicode=True).rstrip())
    if problems:
        raise LetterError(problems)


@letter.command("to-case", short_help="Case files from letters")
def to_case_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Letters, PDF or text.")],
    with_rationale: Annotated[
        bool, typer.Option("--with-rationale", help="Take what the reviewer found as well: hindsight.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Write one file a letter here.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Write case files from letters: facts of the summary and titles, the outcome under ``expect``."""
    from imr_rules.reading.letters import read_letters, to_case_text

    vocabulary = load_rulebook(rulebook, layer).vocabulary
    problems: list[Problem] = []
    written: set[Path] = set()
    for found in read_letters(files, vocabulary):
        if isinstance(found, LetterError):
            problems += found.problems
            continue
        for caution in found.cautions:
            print(f"note: {found.file}: {caution}", file=sys.stderr)
        text = to_case_text(found, vocabulary, with_rationale=with_rationale)
        if output is None:
            out(("---\n" if len(files) > 1 else "") + text.rstrip("\n"))
            continue
        target = output / f"{Path(found.file).stem}.yaml"
        problem = _write(target, text, overwrite=force and target not in written)
        written.add(target)
        if problem is not None:
            problems.append(problem)
    if problems:
        raise LetterError(problems)


def _write(target: Path, text: str, *, overwrite: bool) -> Problem | None:
    """Write a case file, or say why not."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w" if overwrite else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        hint = "--force overwrites what was there before" if target.is_file() else "choose another directory"
        return Problem("file-exists", "the case file is there already", Place(file=str(target)), hint)
    except OSError as error:
        what = f"the case file cannot be written ({type(error).__name__})"
        return Problem("not-written", what, Place(file=str(target)))
    return None
