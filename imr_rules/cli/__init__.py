"""The command line: one command a task, one clear line for a mistake.

Exit status: 0 done, 2 bad input, 3 the engine broke a promise of its own and gave no answer.
"""

from __future__ import annotations

import gc
import sys

import typer

from imr_rules.cli import agree, facts, letter, rules, schema, screen, what_if
from imr_rules.errors import EngineError, InputError

__all__ = ["app", "main"]

app = typer.Typer(
    name="imr-rules",
    help="Checks requested medical services against California's MTUS and suggests, with cited reasons, whether "
    "an Independent Medical Review would uphold or overturn the denial. It suggests; a physician decides.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("screen")(screen.screen_command)
app.command("what-if")(what_if.what_if_command)
app.command("facts")(facts.facts_command)
app.command("rules")(rules.rules_command)
app.command("agree")(agree.agree_command)
app.add_typer(letter.letter, name="letter")
app.command("schema")(schema.schema_command)


def _version(asked: bool) -> None:
    if asked:
        from imr_rules.screening import engine_name

        print(engine_name())
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Say the version and engine."
    ),
) -> None:
    pass


def main() -> None:
    """Run the command line; the entry point of ``imr-rules``."""
    gc.freeze()  # what was imported stays until the end: looking through it for garbage finds none
    try:
        app()
    except InputError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        sys.exit(2)
    except EngineError as error:
        print(f"internal error: {error}", file=sys.stderr)
        sys.exit(3)
    except BrokenPipeError:  # the reader of our output went away
        sys.stderr.close()
        sys.exit(0)
