"""Finds, runs and re-records the examples in README.md and docs/.

A fenced block is an example, and its language says what is done with it:

=============  ==================================================================================
``console``    each ``$ imr-rules ...`` line is run beside ``fixtures``, ``rulesets``, ``examples`` and ``docs``;
               what follows it is the output it must give.  A line ``...`` stands for any lines.  ``$ echo $?`` gives the
               exit status of the command before.
``python``     executed in the same place; the blocks of one page share their names.
``yaml``       parsed, as are ``json`` and ``toml``.
``text``       anything that is not an example.
=============  ==================================================================================

No other language will do, so that nothing goes untried by accident.  A block that cannot be run says
why on the line before it::

    <!-- not run: builds the virtual environment this test runs in -->

After a change of output that was meant, record the new output and read the difference::

    python -m tests.docs_examples --update
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from markdown_it import MarkdownIt

from tests.paths import ROOT

LANGUAGES = ("console", "python", "yaml", "json", "toml", "text")
_NOT_RUN = re.compile(r"\s*<!-- not run: (?P<reason>\S.*?) -->\s*")


@dataclass(frozen=True, slots=True)
class Example:
    """One fenced block: ``line`` is that of its first line of content, counted from 1."""

    page: Path
    line: int
    language: str
    text: str
    not_run: str | None

    @property
    def place(self) -> str:
        """Where the block stands, for people: ``docs/cli.md:12``."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


@dataclass(frozen=True, slots=True)
class Command:
    """One ``$`` line of a console block (with its continuation lines), and the output written under it."""

    prompt: str
    output: str

    @property
    def line(self) -> str:
        """What is typed at the prompt."""
        return self.prompt.removeprefix("$").replace("\\\n", " ").strip()


def pages() -> list[Path]:
    """README.md and every page under docs/, in order of path."""
    return [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if page.exists()]


def examples(page: Path) -> list[Example]:
    """Every fenced block of a page, in order.

    Raises ``ValueError`` where a block's language is none of ``LANGUAGES``.
    """
    text = page.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = []
    for token in MarkdownIt().parse(text):
        if token.type != "fence" or token.map is None:
            continue
        start = token.map[0]
        marked = _NOT_RUN.fullmatch(lines[start - 1]) if start else None
        example = Example(
            page=page,
            line=start + 2,
            language=token.info.strip(),
            text=token.content,
            not_run=marked["reason"] if marked else None,
        )
        if example.language not in LANGUAGES:
            language = example.language or "no language"
            raise ValueError(f"{example.place}: a block in {language}; write one of {', '.join(LANGUAGES)}")
        found.append(example)
    return found


def commands(text: str) -> list[Command]:
    """The commands of a console block, each with the output it must give."""
    found: list[Command] = []
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("$ "):
            while line.endswith("\\"):
                line += "\n" + next(lines)
            found.append(Command(line, ""))
        elif found:
            found[-1] = Command(found[-1].prompt, f"{found[-1].output}{line}\n")
        else:
            raise ValueError("a console block starts with a line that starts with '$ '")
    return found


def matches(expected: str, actual: str) -> bool:
    """Whether an output is the one expected, where a line ``...`` stands for any lines, none included."""
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line) + r"\n" for line in tidy(expected).splitlines()
    )
    return re.fullmatch(pattern, tidy(actual)) is not None


def tidy(output: str) -> str:
    """The output without spaces at the ends of lines and blank lines at its end."""
    text = "\n".join(line.rstrip() for line in output.splitlines()).rstrip("\n")
    return f"{text}\n" if text else ""


def difference(expected: str, actual: str) -> str:
    """A unified diff from the page to the machine."""
    lines = difflib.unified_diff(
        tidy(expected).splitlines(), tidy(actual).splitlines(), "in the page", "on this machine", lineterm=""
    )
    return "\n".join(lines)


@contextlib.contextmanager
def desk() -> Iterator[None]:
    """Work in a directory of its own that holds what the examples read; what they write goes with it."""
    with tempfile.TemporaryDirectory() as directory:
        for name in ("docs", "examples", "fixtures", "rulesets"):
            Path(directory, name).symlink_to(ROOT / name)
        with contextlib.chdir(directory):
            yield


class Shell:
    """As much of a shell as the examples need: ``imr-rules``, run in this process, and ``echo $?``."""

    def __init__(self) -> None:
        self.status = 0

    def run(self, line: str) -> str:
        """Run one command; what it wrote to either stream, in order.

        Raises ``ValueError`` for any other program, or for what only a real shell understands.
        """
        if line == "echo $?":
            return f"{self.status}\n"
        program, *arguments = shlex.split(line)
        if program != "imr-rules" or {"|", ">", "<", ";", "&&", "||"}.intersection(arguments):
            raise ValueError(
                f"{line!r} cannot be run here; write one imr-rules command a line, or mark the block not run"
            )
        from imr_rules.cli import main

        written = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        with (
            fixed_terminal(),
            # Processes for a few dozen items start longer than they work, and change no byte (tests/batch/test_files.py).
            mock.patch("imr_rules.cli.batch.cores", return_value=1),
            mock.patch.object(sys, "argv", [program, *arguments]),
            contextlib.redirect_stdout(written),
            contextlib.redirect_stderr(written),
        ):
            try:
                main()
                outcome: object = 0
            except SystemExit as stop:
                outcome = stop.code
        self.status = outcome if isinstance(outcome, int) else int(outcome is not None)
        written.seek(0)
        return written.read()


@contextlib.contextmanager
def fixed_terminal() -> Iterator[None]:
    """The same terminal everywhere: a hundred columns and no color, whatever this one is."""
    with mock.patch.dict(os.environ, {"NO_COLOR": "1", "COLUMNS": "100", "TERMINAL_WIDTH": "100"}):
        for variable in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"):
            os.environ.pop(variable, None)
        yield


def rerun(text: str) -> str:
    """A console block with the outputs its commands give now; outputs that still match stay as they are."""
    shell = Shell()
    recorded = []
    for command in commands(text):
        output = shell.run(command.line)
        kept = command.output if matches(command.output, output) else tidy(output)
        recorded.append(f"{command.prompt}\n{kept}")
    return "".join(recorded)


def update(page: Path) -> list[Example]:
    """Record anew the outputs in a page that have changed; the examples it rewrote, as they were."""
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = []
    # From the end, so that the line numbers of what comes before stay true.
    for example in reversed(examples(page)):
        if example.language != "console" or example.not_run:
            continue
        text = rerun(example.text)
        if text == example.text:
            continue
        first = example.line - 1
        fence = lines[first - 1]
        indent = fence[: len(fence) - len(fence.lstrip())]
        lines[first : first + len(example.text.splitlines())] = [
            indent + line if line.strip() else line for line in text.splitlines(keepends=True)
        ]
        changed.append(example)
    if changed:
        page.write_text("".join(lines), encoding="utf-8")
    return changed[::-1]


def main() -> None:
    """Re-record outputs, and say which changed."""
    parser = argparse.ArgumentParser(
        description="Record anew the outputs in README.md and docs/ that have changed."
    )
    parser.add_argument("--update", action="store_true", required=True, help="rewrite the pages")
    parser.parse_args()
    changed = []
    for page in pages():
        with desk():  # as the test does: what one page wrote is not there for the next
            changed += update(page)
    for example in changed:
        print(f"{example.place}: recorded anew; read the difference before committing it")
    print(f"{len(changed)} changed.")


if __name__ == "__main__":
    main()
