"""The program: its commands, its options, and the exit status of what goes wrong."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from imr_rules.errors import EngineError, InputError

# Each command's module, the command in it, and what the help says of it. A module is imported when its command is
# asked for: whoever asks for the help, or for one command, does not wait for all of them.
_COMMANDS = {
    "screen": ("screen", "screen_command", "Suggest uphold, overturn or review, with reasons"),
    "what-if": ("what_if", "what_if_command", "What would decide an item, or flip it"),
    "charts": ("charts", "charts_command", "Visits, scores and dates: numbers, and pictures"),
    "determination": ("determination", "determination_command", "Draft the determination of an item"),
    "facts": ("facts", "facts_command", "The facts a case can give"),
    "rules": ("rules", "rules_command", "The guidelines, their limits and citations"),
    "agree": ("agree", "agree_command", "Agreement with recorded outcomes"),
    "batch": ("batch", "batch_command", "Screen many items: tables, lines, whole cases"),
    "read": ("read", "read_command", "A draft case from requests, decisions, applications, records"),
    "letter": ("letter", "letter", "Read published determination letters"),
    "lint": ("lint", "lint_command", "What is wrong with guideline files"),
    "test": ("test", "fixtures_command", "Do the fixtures get their answers?"),
    "open": ("open_case", "open_command", "One case on the reviewer's page"),
    "serve": ("serve", "serve_command", "The intake service"),
    "keys": ("keys", "keys", "Keys of the service"),
    "audit": ("audit", "audit", "The service's audit: verify, export"),
    "store": ("stores", "store", "The service's database"),
    "coverage": ("coverage", "coverage_command", "What the fixtures see of the rulebook"),
    "mutate": ("mutate", "mutate_command", "Which slips in a guideline would no fixture notice?"),
    "diff": ("diff", "diff_command", "What an edit of a rulebook changes"),
    "verify": ("verify", "verify_command", "Settle numbers with the official text at hand"),
    "formulary": ("formulary", "formulary", "The state's drug list: a form, and its import"),
    "watch": ("watch", "watch_command", "Lint, test and receipt on every save"),
    "new": ("new", "new", "Write a beginning: a rulebook, a layer, a guideline ..."),
    "schema": ("schema", "schema_command", "JSON Schema of case files and rulebook files"),
}


class _Commands(Mapping[str, Any]):
    """The commands by name, each imported when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        module, attribute, short_help = _COMMANDS[name]
        found = getattr(import_module(f"imr_rules.cli.{module}"), attribute)
        command: Any
        if isinstance(found, typer.Typer):
            command = get_group(found)
        else:
            alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
            alone.command(name, short_help=short_help)(found)
            command = get_command(alone)
        command.name = name
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)


class _Group(TyperGroup):
    """The program: its help is written from the table of commands, without importing any of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = _Commands()  # type: ignore[assignment]  # nothing adds a command later

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what each command does."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_help) for name, (_, _, short_help) in _COMMANDS.items()])


app = typer.Typer(
    name="imr-rules",
    cls=_Group,
    help="Checks requested medical services against treatment guidelines and suggests, with cited reasons, whether "
    "an Independent Medical Review would uphold or overturn the denial. It suggests; a physician decides.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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
    # The module of the command was imported. What there is now is looked through no more, and what follows is.
    gc.freeze()
    gc.enable()


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


def run() -> None:
    """Read the command line and do what it asks for; end the process where that fails."""
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
    except ModuleNotFoundError as error:
        from imr_rules._extras import extra_with, install_command

        extra = extra_with(error.name or "")
        if extra is None:
            raise
        what = f"{error.name} is not installed, which this command needs (the extra `{extra}`)"
        print(f"error: imr-rules: {what}; {install_command(extra)}", file=sys.stderr)
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
