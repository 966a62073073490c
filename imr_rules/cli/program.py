"""The program: its commands, its options, and the exit status of what goes wrong."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from imr_rules.cli.help import ABOUT, COMMANDS, OPTIONS, program_help
from imr_rules.errors import EngineError, InputError


class _Commands(Mapping[str, Any]):
    """The commands by name, each imported when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        module, attribute, short_help = COMMANDS[name]
        found = getattr(import_module(f"imr_rules.cli.{module}"), attribute)
        command: Any
        if isinstance(found, typer.Typer):
            command = get_group(found)
        else:
            alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
            alone.command(name)(found)
            command = get_command(alone)
        command.name, command.short_help = name, short_help
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Group(TyperGroup):
    """The program: its help is written without importing any of its commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = _Commands()  # type: ignore[assignment]  # nothing adds a command later

    def get_help(self, ctx: Any) -> str:
        """Return the program's help."""
        return program_help(ctx.command_path)


app = typer.Typer(
    name="imr-rules",
    cls=_Group,
    help=ABOUT,
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
        False, "--version", callback=_version, is_eager=True, help=OPTIONS["--version"]
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
