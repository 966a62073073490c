"""``imr-rules lint`` as its users meet it: what it writes, what it mends, how it exits."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from imr_rules.cli.program import app
from imr_rules.workbench.lint import LINTS
from tests.cli.running import Ran
from tests.cli.running import run as command
from tests.workbench.lint_examples import base

THERAPY = "example/therapy.yaml"


def run(*arguments: object, cwd: Path) -> Ran:
    return command("lint", *arguments, cwd=cwd)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A clean rulebook in a directory of rulebooks."""
    return base(tmp_path / "rulesets" / "mine")


def spoil(book: Path, old: str, new: str) -> None:
    path = book / THERAPY
    raw = path.read_bytes()
    assert old.encode() in raw
    path.write_bytes(raw.replace(old.encode(), new.encode(), 1))


def test_a_clean_rulebook_gives_0_and_the_directory_is_found(book: Any) -> None:
    done = run(cwd=book.parents[1])
    assert (done.status, done.out) == (0, "nothing found in rulesets/mine\n")


def test_a_finding_gives_1_and_its_place(book: Any) -> None:
    spoil(book, "pages:", "page:")
    done = run("rulesets/mine", cwd=book.parents[1])
    assert done.status == 1
    first, last = done.out.splitlines()
    assert first == (
        "rulesets/mine/example/therapy.yaml:4:1: unknown-key: `page` is not a key that belongs here; did you mean `pages`?"
    )
    assert last == "1 finding in rulesets/mine"


@pytest.mark.parametrize("arguments", [["nowhere"], ["empty"], ["--format", "xml"]])
def test_bad_input_gives_2_in_one_line(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run(*arguments, cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert len(done.err.splitlines()) == 1


def test_json(book: Any) -> None:
    spoil(book, "title: Therapy", "title: Ther\u200bapy")
    done = run(book, "--format", "json", cwd=book)
    assert done.status == 1
    (finding,) = json.loads(done.out)["findings"]
    assert finding == {
        "code": "hidden-character", "what": "a character that is not seen: U+200B, zero width space",
        "file": str(book / THERAPY), "line": 2, "column": 12, "hint": "remove it", "fixable": True,
        "page": "docs/lint/hidden-character.md",
    }  # fmt: skip


def test_github_marks_the_line(book: Any) -> None:
    spoil(book, "requests: {from: 2009-07-18", "requests: {from: 2009-07-17")
    done = run("rulesets", "--format", "github", cwd=book.parents[1])
    assert done.status == 1
    assert done.out.startswith(
        f"::warning file=rulesets/mine/{THERAPY},line=5,col=1,title=imr-rules stale-citation::`example-2009` is in"
    )


SARIF = {
    # The parts of the SARIF 2.1.0 schema that code-scanning services insist on.
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string", "format": "uri"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {
                                                "shortDescription": {"$ref": "#/$defs/message"},
                                                "help": {"$ref": "#/$defs/message"},
                                                "defaultConfiguration": {
                                                    "properties": {"level": {"$ref": "#/$defs/level"}}
                                                },
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                },
            },
        },
    },
    "$defs": {
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
        "result": {
            "type": "object",
            "required": ["message", "ruleId", "locations"],
            "properties": {
                "ruleIndex": {"type": "integer", "minimum": -1},
                "level": {"$ref": "#/$defs/level"},
                "message": {"$ref": "#/$defs/message"},
                "locations": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["physicalLocation"],
                        "properties": {
                            "physicalLocation": {
                                "type": "object",
                                "required": ["artifactLocation"],
                                "properties": {
                                    "artifactLocation": {
                                        "properties": {"uri": {"type": "string", "pattern": "^[^\\\\ ]+$"}}
                                    },
                                    "region": {
                                        "properties": {
                                            "startLine": {"type": "integer", "minimum": 1},
                                            "startColumn": {"type": "integer", "minimum": 1},
                                        },
                                        "additionalProperties": False,
                                    },
                                },
                            }
                        },
                    },
                },
            },
        },
    },
}


def test_sarif_has_what_its_schema_demands(book: Any) -> None:
    spoil(book, "pages:", "page:")
    done = run("rulesets", "--format", "sarif", cwd=book.parents[1])
    assert done.status == 1
    log = json.loads(done.out)
    assert [error.message for error in Draft202012Validator(SARIF).iter_errors(log)] == []
    (run_,) = log["runs"]
    (result,) = run_["results"]
    assert run_["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "unknown-key"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"rulesets/mine/{THERAPY}"
    assert place["region"] == {"startLine": 4, "startColumn": 1}


def test_a_clean_log_has_no_results(book: Any) -> None:
    done = run("rulesets", "--format", "sarif", cwd=book.parents[1])
    assert done.status == 0
    assert json.loads(done.out)["runs"][0]["results"] == []


def test_fix_mends_what_is_mechanical_and_nothing_else(book: Any) -> None:
    path = book / THERAPY
    plain = "# A remark, kept.\r\n" + path.read_text(encoding="utf-8").replace("\n", "\r\n")
    path.write_bytes(plain.encode())
    spoil(book, "title: Therapy", "title: Th\u0435\u200brap\u200by")
    spoil(book, "pages:", "page:")
    done = run("rulesets", "--fix", cwd=book.parents[1])
    assert done.status == 1, "what is not mechanical is left"
    assert "unknown-key" in done.out
    assert "hidden-character" not in done.out
    again = run("rulesets", "--fix", cwd=book.parents[1])
    assert "mixed-script" not in again.out
    assert path.read_bytes() == plain.replace("pages:", "page:", 1).encode()


def test_checks_that_need_the_solver_are_named_with_a_status_of_their_own(
    book: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is taken away for this process alone: finding a module is asked of the import system."""
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "z3" else find(name))
    done = CliRunner().invoke(app, ["lint", str(book)])
    assert (done.exit_code, done.stdout) == (3, f"nothing found in {book}\n")
    # What follows is a command, with the path of this Python in it.
    named = done.stderr.partition("not checked, for want of the solver: ")[2].partition(". To check them: ")[
        0
    ]
    assert named.split(", ") == [each.code for each in LINTS if each.requires == "z3"]
    spoil(book, "pages:", "page:")
    assert CliRunner().invoke(app, ["lint", str(book)]).exit_code == 1
