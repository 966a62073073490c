"""The recipe for a guideline repository's build: a workflow that parses, with commands that there are."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
import typer
import yaml

from imr_rules.cli.program import app
from tests.paths import ROOT

WORKFLOW = ROOT / "docs" / "ci" / "guidelines.yml"


@pytest.fixture(scope="module")
def workflow() -> Any:
    return yaml.load(WORKFLOW.read_text(encoding="utf-8"), yaml.BaseLoader)


def test_it_has_what_a_workflow_needs(workflow: Any) -> None:
    assert {"name", "on", "jobs"} <= workflow.keys()
    assert "pull_request" in workflow["on"]
    for job in workflow["jobs"].values():
        assert job["runs-on"]
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), step
            assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w/-]+@v\d+", step["uses"])


def commands(workflow: Any) -> list[list[str]]:
    found = []
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            for said in re.findall(r"imr-rules (?!\[)[a-z][^;|>\n]*", step.get("run", "")):
                words = [word for word in shlex.split(said) if not word.startswith("$") or word == "$BASE"]
                found.append(words[1:])
    return found


def test_each_command_and_option_exists(workflow: Any) -> None:
    root: Any = typer.main.get_command(app)
    said = commands(workflow)
    assert {words[0] for words in said} == {"lint", "mutate", "diff"}
    for words in said:
        command = root.commands[words[0]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, words


def test_every_step_of_the_page_is_in_the_workflow() -> None:
    page = (ROOT / "docs" / "ci-recipe.md").read_text(encoding="utf-8")
    text = WORKFLOW.read_text(encoding="utf-8")
    for command in re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE):
        words = re.sub(r"\b[A-Z]{4}\b", "", command).split()
        assert all(word in text for word in words), command
