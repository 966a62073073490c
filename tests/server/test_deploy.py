"""What is said of deploying is so: every setting is documented, and the files fit the program."""

from __future__ import annotations

import configparser
import re

import pytest

from imr_rules.errors import InputError
from imr_rules.server.settings import PREFIX, Settings
from tests.paths import ROOT

DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_with_what_it_is_unless_given() -> None:
    for name, field in Settings.model_fields.items():
        assert f"`{PREFIX}{name.upper()}`" in PAGE, name
        if isinstance(field.default, int):
            row = next(
                line
                for line in PAGE.splitlines()
                if f"`{PREFIX}{name.upper()}`" in line and line.startswith("|")
            )
            assert re.search(rf"\b{field.default}\b", row), name


def test_the_environment_file_is_taken_commented_lines_and_all() -> None:
    lines = (DEPLOY / "imr-rules.env").read_text().splitlines()
    for line in lines:
        found = re.fullmatch(r"#?(IMR_RULES_\w+)=(.*)", line)
        if found:
            Settings.from_environment({found[1]: found[2]})


def test_the_units_run_commands_that_there_are() -> None:
    import typer

    from imr_rules.cli import app

    for unit in DEPLOY.glob("*.service"):
        read = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
        read.optionxform = str  # type: ignore[assignment, method-assign]
        read.read_string(
            re.sub(r"^(ExecStart)=(.*store.*)$", r"\1Before=\2", unit.read_text(), flags=re.MULTILINE)
        )
        for name, command in read["Service"].items():
            if not name.startswith("ExecStart"):
                continue
            found = typer.main.get_command(app)
            for word in command.split()[1:]:
                found = found.commands[word]  # type: ignore[attr-defined]
        assert read["Service"]["EnvironmentFile"] == "/etc/imr-rules/imr-rules.env"


def test_the_containerfile_copies_lists_that_there_are() -> None:
    text = (ROOT / "Containerfile").read_text()
    lists = re.findall(r"requirements/\w+\.txt", text)
    assert lists
    assert all((ROOT / each).is_file() for each in lists)


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("IMR_RULES_PORT", "70000", "IMR_RULES_PORT: this number must be at most 65535"),
        ("IMR_RULES_RATE", "0", "IMR_RULES_RATE: this number must be at least 1"),
        ("IMR_RULES_DATABSE", "x", "did you mean `IMR_RULES_DATABASE`"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(variable: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Settings.from_environment({variable: text})


def test_what_is_given_comes_before_the_environment() -> None:
    found = Settings.from_environment(
        {"IMR_RULES_PORT": "9", "IMR_RULES_CACHE": "off", "HOME": "x"}, port=10, host=None
    )
    assert (found.port, found.host) == (10, "127.0.0.1")
