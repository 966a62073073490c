"""What is said of deploying is so: every setting is documented, and the files fit the program."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from imr_rules.errors import InputError
from imr_rules.server.settings import PREFIX, Settings
from tests.paths import ROOT

DEPLOY = ROOT / "deploy"
ENTERING = (ROOT / "imr_rules" / "server" / "pages" / "entering.py").read_text(encoding="utf-8")
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

    from imr_rules.cli.program import app

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


def hardening(unit: str) -> set[str]:
    text = (DEPLOY / unit).read_text().partition("nothing else.\n")[2] or (DEPLOY / unit).read_text()
    return {
        line
        for line in text.splitlines()
        if re.match(r"(No|Capab|Ambient|Device|Lock|Private|Proc|Prot|Restr|System)", line)
    }


def test_the_purge_is_hardened_as_the_service_is() -> None:
    assert hardening("imr-rules-purge.service") >= hardening("imr-rules.service") != set()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="SKIPPED LOUDLY: no systemd-analyze here")
def test_the_units_are_valid_and_hardened(tmp_path: Path) -> None:
    for unit in DEPLOY.glob("imr-rules*.[st][ei]*"):
        text = unit.read_text().replace("/srv/imr-rules/venv/bin/imr-rules", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    units = sorted(tmp_path.iterdir())
    assert len(units) == 3
    verified = subprocess.run(["systemd-analyze", "verify", *map(str, units)], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    for unit in tmp_path.glob("*.service"):
        command = ["systemd-analyze", "security", "--offline=true", str(unit)]
        said = subprocess.run(command, capture_output=True, text=True).stdout
        (exposure,) = re.findall(r"exposure level for \S+: ([\d.]+)", said)
        assert float(exposure) < 2.0, unit.name


def test_the_limits_of_the_proxy_are_not_below_the_service_s() -> None:
    from imr_rules.server.pages.entering import MOST_LETTER_BYTES

    text = (DEPLOY / "nginx.conf").read_text()
    assert [each for each in re.findall(r"location = (/new/\w+)", text) if f'"{each}"' in ENTERING] == [
        "/new/papers"
    ]
    general, letter, batch = (int(each) for each in re.findall(r"client_max_body_size (\d+)m?;", text))
    assert general * 1_048_576 >= Settings.model_fields["max_body_bytes"].default
    assert letter * 1_048_576 > MOST_LETTER_BYTES
    assert batch == 0
    (read,) = re.findall(r"proxy_read_timeout (\d+)s;", text)
    assert int(read) > Settings.model_fields["request_seconds"].default
    assert "X-Forwarded-Proto $scheme" in text
    assert re.search(r"error_log \S+ emerg;", text), "an error log below that holds whole addresses"


def test_an_image_is_built_from_what_is_needed_alone() -> None:
    lines = (ROOT / ".containerignore").read_text().splitlines()
    kept = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    wanted = {
        "imr_rules",
        "requirements",
        "rulesets",
        "pyproject.toml",
        "pytest_imr_rules.py",
        "README.md",
        "LICENSE",
    }
    assert kept == wanted
    assert "--format docker" in (ROOT / "Containerfile").read_text()
    assert "podman build --format docker" in PAGE


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
