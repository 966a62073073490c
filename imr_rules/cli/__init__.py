"""The command line: one command a task, one clear line for a mistake.

Exit status: 0 done, 1 a check found something, 2 bad input, 3 the engine broke a promise of its own and gave no answer,
4 nothing of a batch could be judged, 5 the output could not be written.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import Any

import typer

from imr_rules.cli import (
    agree,
    audit,
    batch,
    charts,
    coverage,
    determination,
    diff,
    facts,
    keys,
    letter,
    lint,
    mutate,
    new,
    open_case,
    read,
    rules,
    schema,
    screen,
    serve,
    stores,
    test,
    verify,
    watch,
    what_if,
)
from imr_rules.errors import EngineError, InputError

__all__ = ["app", "main"]

app = typer.Typer(
    name="imr-rules",
    help="Checks requested medical services against California's MTUS and suggests, with cited reasons, whether "
    "an Independent Medical Review would uphold or overturn the denial. It suggests; a physician decides.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("screen", short_help="Suggest uphold, overturn or review, with reasons")(screen.screen_command)
app.command("what-if", short_help="What would decide an item, or flip it")(what_if.what_if_command)
app.command("charts", short_help="Visits, scores and dates: numbers, and pictures")(charts.charts_command)
app.command("determination", short_help="Draft the determination of an item")(
    determination.determination_command
)
app.command("facts", short_help="The facts a case can give")(facts.facts_command)
app.command("rules", short_help="The guidelines, their limits and citations")(rules.rules_command)
app.command("agree", short_help="Agreement with recorded outcomes")(agree.agree_command)
app.command("batch", short_help="Screen many items: tables, lines, whole cases")(batch.batch_command)
app.command("read", short_help="A draft case from requests, decisions, applications, records")(
    read.read_command
)
app.add_typer(letter.letter, name="letter", short_help="Read published determination letters")
app.command("lint", short_help="What is wrong with guideline files")(lint.lint_command)
app.command("test", short_help="Do the fixtures get their answers?")(test.fixtures_command)
app.command("open", short_help="One case on the reviewer's page")(open_case.open_command)
app.command("serve", short_help="The intake service")(serve.serve_command)
app.add_typer(keys.keys, name="keys", short_help="Keys of the service")
app.add_typer(audit.audit, name="audit", short_help="The service's audit: verify, export")
app.add_typer(stores.store, name="store", short_help="The service's database")
app.command("coverage", short_help="What the fixtures see of the rulebook")(coverage.coverage_command)
app.command("mutate", short_help="Which slips in a guideline would no fixture notice?")(mutate.mutate_command)
app.command("diff", short_help="What an edit of a rulebook changes")(diff.diff_command)
app.command("verify", short_help="Settle numbers with the official text at hand")(verify.verify_command)
app.command("watch", short_help="Lint, test and receipt on every save")(watch.watch_command)
app.add_typer(new.new, name="new", short_help="Write a beginning: a rulebook, a layer, a guideline ...")
app.command("schema", short_help="JSON Schema of a case or guideline file")(schema.schema_command)


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


_UsageError: Any = typer.BadParameter.__base__
"""A command line that cannot be read: the parser's own error, wherever this Typer keeps it."""


def _usage(error: Any) -> int:
    """Say in one line what is wrong with a command line; return the exit status."""
    command = error.ctx.command_path if error.ctx else "imr-rules"
    said = error.format_message().removesuffix(".").replace("Value error, ", "")
    if "Usage:" in said:  # no command at all: the message is the help
        print(said, file=sys.stderr)
    else:
        said = " ".join(said.split())
        print(f"error: {said[0].lower()}{said[1:]}; see {command} --help", file=sys.stderr)
    return 2


def main() -> None:
    """Run the command line; the entry point of ``imr-rules``."""
    gc.freeze()  # what was imported stays until the end: looking through it for garbage finds none
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
        if isinstance(status, int) and status:
            sys.exit(status)
    except _UsageError as error:
        sys.exit(_usage(error))
    except InputError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        sys.exit(2)
    except EngineError as error:
        print(f"internal error: {error}", file=sys.stderr)
        sys.exit(3)
    except typer.Abort:  # interrupted at the keyboard
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output went away
        _forget_output()
        sys.exit(0)
    except OSError as error:
        if error.filename is not None or error.errno not in (
            errno.ENOSPC,
            errno.EIO,
            errno.EDQUOT,
            errno.EFBIG,
        ):
            raise
        _forget_output()
        print(f"error: standard output cannot be written: {error.strerror}", file=sys.stderr)
        sys.exit(5)


def _forget_output() -> None:
    """Let what is still to be written go nowhere, so that the end of the program does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
