"""The program's help: written without the parser, and the same as the parser writes."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from imr_rules.cli.help import program_help
from imr_rules.cli.program import app

GROUP: Any = typer.main.get_command(app)


@pytest.mark.parametrize("columns", [20, 52, 60, 79, 80, 81, 120])
@pytest.mark.parametrize("name", ["imr-rules", "python -m imr_rules"])
def test_it_is_what_the_parser_writes_of_all_commands(
    columns: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    with GROUP.make_context(name, ["--version"], resilient_parsing=True) as context:
        assert program_help(name) == TyperGroup.get_help(GROUP, context)
        assert context.get_help() == program_help(name)


@pytest.mark.parametrize("called", ["/somewhere/imr-rules", "imr-rules", "program"])
def test_the_parser_is_not_imported_to_write_it(called: str) -> None:
    code = (
        f"import sys; sys.argv = [{called!r}, '--help']\n"
        "from imr_rules.cli import main; main()\n"
        "print('typer' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0
    name = called.rpartition("/")[2]
    assert done.stdout == program_help(name) + "\n"
    if name == "imr-rules":
        assert done.stderr == "False\n"
