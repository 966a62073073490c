"""Every command and example in the documentation works, and the command line is documented whole."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from markdown_it import MarkdownIt

from tests import docs_examples
from tests.docs_examples import Shell, commands, difference, matches, tidy
from tests.paths import ROOT

PAGES = docs_examples.pages()
PARSERS: dict[str, Callable[[str], object]] = {
    "yaml": lambda text: list(yaml.safe_load_all(text)) or None,
    "json": json.loads,
    "toml": tomllib.loads,
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_examples_of_a_page_work_one_after_another(page: Path) -> None:
    shell, names = Shell(), {"__name__": "__main__"}
    with docs_examples.desk():
        for example in docs_examples.examples(page):
            if example.not_run:
                continue
            if example.language == "console":
                for command in commands(example.text):
                    actual = shell.run(command.line)
                    assert matches(command.output, actual), (
                        f"{example.place}: $ {command.line}\n{difference(command.output, actual)}\n"
                        "If the new output is right: python -m tests.docs_examples --update"
                    )
            elif example.language == "python":
                # Blank lines in front make a traceback name the line in the page.
                padded = "\n" * (example.line - 1) + example.text
                exec(compile(padded, str(page), "exec"), names)
            elif example.language in PARSERS:
                assert PARSERS[example.language](example.text) is not None, f"{example.place} is empty"


# --- the command line is documented whole -----------------------------------------------------------


def sections(text: str) -> dict[str, str]:
    """Each heading of a page, and the text under it up to the next heading of its level or above."""
    lines = text.splitlines()
    tokens = MarkdownIt().parse(text)
    headings = [
        (token.map[0], int(token.tag[1]), content.content.replace("`", "").strip())
        for token, content in itertools.pairwise(tokens)
        if token.type == "heading_open" and token.map is not None
    ]
    found = {}
    for index, (start, level, title) in enumerate(headings):
        ends = (line for line, other, _ in headings[index + 1 :] if other <= level)
        found[title] = "\n".join(lines[start : next(ends, len(lines))])
    return found


def undocumented(command: Any, page: str, name: str) -> list[str]:
    """What a command line can do and its page does not say.

    Each command needs a heading that is its name (`imr-rules screen`), and in that section each of its
    arguments and the long form of each of its options.
    """
    section = sections(page).get(name)
    if section is None:
        missing = [f"{name}: no section"]
    else:
        missing = [
            f"{name}: {spelling}"
            for parameter in command.params
            if not getattr(parameter, "hidden", False) and "--help" not in parameter.opts
            for spelling in [spelled(parameter)]
            if not re.search(rf"(?<![\w-]){re.escape(spelling)}(?![\w-])", section)
        ]
    for word, child in getattr(command, "commands", {}).items():
        if not child.hidden:
            missing += undocumented(child, page, f"{name} {word}")
    return missing


def spelled(parameter: Any) -> str:
    """How a page writes a parameter: ``--format`` for an option, ``FILE`` for an argument."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name).upper().strip("[].")
    return str(max(parameter.opts, key=len))


def test_every_command_and_option_is_documented() -> None:
    from imr_rules.cli.program import app

    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert undocumented(typer.main.get_command(app), page, "imr-rules") == []


def test_what_is_not_documented_is_found() -> None:
    app = typer.Typer(add_completion=False)

    @app.callback()
    def root(version: bool = typer.Option(False, "--version")) -> None: ...

    @app.command()
    def screen(
        file: Path,
        all_: bool = typer.Option(False, "--all", "-a"),
        format_: str = typer.Option("", "--format"),
    ) -> None: ...

    @app.command(hidden=True)
    def secret() -> None: ...

    @app.command()
    def facts() -> None: ...

    page = """
# imr-rules
`--version`
## `imr-rules screen`
FILE `--format-all`
```console
# imr-rules facts
```
"""
    assert undocumented(typer.main.get_command(app), page, "imr-rules") == [
        "imr-rules screen: --all",
        "imr-rules screen: --format",
        "imr-rules facts: no section",
    ]


# --- the machinery itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("a\nb\n", "a  \nb\n\n"),
        ("a\n...\nd\n", "a\nb\nc\nd\n"),
        ("a\n...\nd\n", "a\nd\n"),
        ("...\n", "anything\nat all\n"),
        ("", ""),
    ],
)
def test_outputs_that_match(expected: str, actual: str) -> None:
    assert matches(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("a\n", "b\n"),
        ("a\n", "a\nb\n"),
        ("", "a\n"),
        ("a\n...\n", "b\n"),
        ("a ... b\n", "a x b\n"),
        (".\n", "a\n"),
    ],
)
def test_outputs_that_do_not_match(expected: str, actual: str) -> None:
    assert not matches(expected, actual)


def test_commands_with_continuation_lines_and_outputs() -> None:
    first, second = commands("$ imr-rules screen \\\n    a.yaml\nout\n\nmore\n$ echo $?\n0\n")
    assert (first.line.split(), first.output) == (["imr-rules", "screen", "a.yaml"], "out\n\nmore\n")
    assert (second.line, second.output) == ("echo $?", "0\n")


@pytest.mark.parametrize(
    "line", ["rm -r .", "imr-rules screen a.yaml | head", "imr-rules screen a.yaml > out"]
)
def test_the_shell_runs_nothing_else(line: str) -> None:
    with pytest.raises(ValueError, match="cannot be run here"):
        Shell().run(line)


def test_a_block_is_excused_only_with_a_reason_on_the_line_before(page: Path) -> None:
    page.write_text(
        "<!-- not run: takes a day -->\n```console\n$ a\n```\n"
        "<!-- not run: -->\n```console\n$ b\n```\n"
        "<!-- not run: too far away -->\n\n```console\n$ c\n```\n"
    )
    assert [example.not_run for example in docs_examples.examples(page)] == ["takes a day", None, None]


@pytest.mark.parametrize("language", ["", "sh", "bash", "pycon"])
def test_a_block_in_another_language_is_refused(language: str, page: Path) -> None:
    page.write_text(f"text\n\n```{language}\n$ imr-rules\n```\n")
    with pytest.raises(ValueError, match=r"page\.md:4: a block in"):
        docs_examples.examples(page)


def test_recording_anew_changes_what_differs_and_nothing_else(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shell, "run", lambda self, line: f"{line} gave  \nthis\n")
    page.write_text(
        "# Page\n```console\n$ one\nold\n$ two\n...\nthis\n```\n- item\n  ```console\n  $ three\n  ```\nend\n"
    )
    changed = docs_examples.update(page)
    assert [example.line for example in changed] == [3, 11]
    assert page.read_text() == (
        "# Page\n```console\n$ one\none gave\nthis\n$ two\n...\nthis\n```\n"
        "- item\n  ```console\n  $ three\n  three gave\n  this\n  ```\nend\n"
    )
    assert docs_examples.update(page) == []


def test_tidy_leaves_nothing_of_nothing() -> None:
    assert tidy(" \n\n") == ""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty page of a repository of its own."""
    monkeypatch.setattr(docs_examples, "ROOT", tmp_path)
    return tmp_path / "page.md"
