"""What `screen` takes and where its answers go: files, directories, standard input; a good file beside a bad one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import DETERMINATIONS, SEED

COMMAND = [sys.executable, "-c", "from imr_rules.cli import main; main()"]


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], input=stdin, capture_output=True, check=False)


@pytest.mark.parametrize("command", ["screen", "what-if"])
def test_good_files_are_answered_though_one_is_bad(command: str, tmp_path: Path) -> None:
    bad, other = tmp_path / "bad.yaml", tmp_path / "other.json"
    bad.write_text("items: [")
    other.write_text('{"items": [{"service": "massage"}]}')
    done = run(command, "--format", "json", str(other), str(bad), str(SEED))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["file"] for each in answers] == [str(other), str(SEED)]
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(f"error: {bad}:")


def test_a_directory_stands_for_its_cases(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/two.yml", "one.yaml", "three.JSON"):
        (tmp_path / name).write_text('{"items": [{"service": "massage"}]}')
    (tmp_path / "notes.txt").write_text("no case")
    done = run("screen", "--format", "json", str(tmp_path))
    names = [json.loads(line)["file"] for line in done.stdout.splitlines()]
    assert names == [str(tmp_path / each) for each in ("b/two.yml", "one.yaml", "three.JSON")]
    empty = run("screen", str(tmp_path / "b"), str(DETERMINATIONS.parent.parent / "scripts"))
    assert empty.returncode == 2
    assert b"there is no case file in this directory" in empty.stderr


@pytest.mark.parametrize("text", [SEED.read_bytes(), b'\xef\xbb\xbf{"items": [{"service": "massage"}]}'])
def test_standard_input_is_a_case(text: bytes) -> None:
    done = run("screen", "--format", "json", "-", stdin=text)
    assert (done.returncode, json.loads(done.stdout)["file"]) == (0, "-")


@pytest.mark.parametrize("text", [b"items: [", b"\xff\xfe", b""])
def test_standard_input_that_is_no_case_is_one_line(text: bytes) -> None:
    done = run("screen", "-", stdin=text)
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("error: -")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="SKIPPED LOUDLY: there is no /dev/full here")
def test_a_full_disk_is_one_line_and_a_status_of_its_own() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, "screen", str(SEED)], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 5
    (line,) = done.stderr.decode().splitlines()
    assert line == "error: standard output cannot be written: No space left on device"


def test_a_reader_that_goes_away_is_no_trouble() -> None:
    with subprocess.Popen([*COMMAND, "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
