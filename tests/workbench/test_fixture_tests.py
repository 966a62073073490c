"""Fixtures as tests: what pytest collects, what a failure says, and what ``--update`` changes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.workbench.answers import answer_of
from imr_rules.workbench.fixtures import differences, fixtures_in, holds_an_expectation
from imr_rules.workbench.recording import recorded
from tests.cli.running import Ran
from tests.cli.running import run as command
from tests.paths import DETERMINATIONS, ROOT, SEED


def pytest_in(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    plugin = ("-p", "no:imr-rules", "-p", "pytest_imr_rules")  # by its module, however this was installed
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, *arguments],
        capture_output=True, text=True, cwd=directory, check=False, encoding="utf-8",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/nonexistent", "IMR_RULES_CACHE": "off"},
    )  # fmt: skip


OTHER_YAML = {
    "workflow.yaml": "on: push\njobs: {}\n",
    "case-without.yaml": SEED.read_text(encoding="utf-8").split("expect:")[0],
    "other-tool.yaml": "items: [1]\nexpect: {status: 200}\n",
    "no-service.yaml": "items:\n- name: a\nexpect:\n  items: [a]\n",
    "broken.yaml": "expect:\n\t- [",
}


def test_only_cases_that_expect_something_are_collected(tmp_path: Path) -> None:
    for name, text in OTHER_YAML.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "seed.yaml").write_bytes(SEED.read_bytes())
    (tmp_path / "seed.json").write_text("{}")
    done = pytest_in(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_where_there_is_no_fixture_the_package_is_not_even_imported(tmp_path: Path) -> None:
    for name, text in OTHER_YAML.items():
        if not text.startswith(("items", "expect")):
            (tmp_path / name).write_text(text)
    (tmp_path / "test_it.py").write_text(
        "import sys\ndef test_it():\n    assert 'pytest_imr_rules' in sys.modules and 'imr_rules' not in sys.modules\n"
    )
    done = pytest_in(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_failure_says_which_criteria_differ_and_why(tmp_path: Path) -> None:
    text = SEED.read_text(encoding="utf-8")
    assert "#within-total" in text
    (tmp_path / "seed.yaml").write_text(text.replace("#within-total", "#response-beyond-trial"))
    done = pytest_in(tmp_path, "--junitxml=report.xml")
    assert done.returncode == 1
    said = " ".join(done.stdout.split())
    assert "- mtus/chronic-pain-2009/behavioral-interventions#response-beyond-trial" in said
    assert "+ mtus/chronic-pain-2009/behavioral-interventions#within-total" in said
    assert "behavioral-interventions#response-beyond-trial is met: " in said, "why it is no ground"
    assert "behavioral-interventions#within-total is unmet: 12 attended" in said, "why it is one"
    assert "visits attended before: 12 [treatment received]" in said, "and the fact, with its place"
    assert "imr-rules test seed.yaml --update" in said
    assert "Traceback" not in done.stdout
    assert 'failures="1"' in (tmp_path / "report.xml").read_text(encoding="utf-8")


def test_a_fixture_that_cannot_be_read_fails_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(SEED.read_text(encoding="utf-8").replace("worker:", "wroker:"))
    done = pytest_in(tmp_path)
    assert done.returncode == 1
    assert "seed.yaml:5:1: `wroker` is not a key that belongs here" in done.stdout


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("items:\n- service: x\nexpect:\n  items:\n    item-1: {suggestion: uphold}\n", True),
        ("items:\n- service: x\nexpect: {items: {item-1: {suggestion: uphold}}}\n", True),
        ("items:\n- service: x\nexpect:  # soon\n\n  # so\n  items: {}\n", True),
        ("items:\n- service: x\nexpect:\n  status: 200\n", False),
        ("items:\n- name: x\nexpect:\n  items: {}\n", False),
        ("a:\n  items:\n  - service: x\n  expect:\n    items: {}\n", False),
    ],
)
def test_a_fixture_is_known_by_its_look(text: str, is_one: bool) -> None:
    assert holds_an_expectation(text) is is_one


# -- recording anew ------------------------------------------------------------------------------------------

HEAD = """\
# A remark at the top.
worker: {age: 47}   # years

request: {date: 2014-08-05}
history:
- {treatment: psychotherapy,   attended: 12}
items:
- service: Cognitive behavioral therapy, 4 sessions
  in_dispute: 4
findings: {chronic_pain: true, ready_to_end: true, rationale: {undocumented: [the request]}, response: true}
"""
G = "mtus/chronic-pain-2009/behavioral-interventions"
RIGHT = f"""\
expect:
  # The answer.
  items:
    item-1:
      suggestion: uphold   # because of
      grounds:
        - {G}#within-total   # the total
        # and
        - {G}#continued-need
        - {G}#reason-for-more
      statuses:
        {G}#within-total: unmet
        "{G}#response-beyond-trial": met
      outcome: upheld
"""


def narrow(text: str) -> str:
    """A text with remarks one space after what they remark on: a longer value moves them."""
    return re.sub(r" +#", " #", text)


def recorded_anew(block: str, head: str = HEAD, *, rulebook: Rulebook) -> str:
    text = head + block
    case = Case.from_text(text)
    answers = {item.item: answer_of(item) for item in screen(case, rulebook).items}
    found = recorded(text, case, answers)
    assert found.startswith(head), "something outside the expect block changed"
    assert differences(Case.from_text(found), rulebook) == []
    return found.removeprefix(head)


def test_what_is_right_stays_to_the_byte(rulebook: Rulebook) -> None:
    assert recorded_anew(RIGHT, rulebook=rulebook) == RIGHT


def test_only_what_is_wrong_changes(rulebook: Rulebook) -> None:
    wrong = (
        RIGHT.replace("suggestion: uphold ", "suggestion: overturn ")
        .replace(f"        - {G}#reason-for-more\n", f"        - {G}#something-else   # gone\n")
        .replace("#within-total: unmet", "#within-total: met")
    )
    assert narrow(recorded_anew(wrong, rulebook=rulebook)) == narrow(RIGHT)


def test_a_lean_is_recorded_too(rulebook: Rulebook) -> None:
    wrong = RIGHT.replace("suggestion: uphold   # because of", "lean: overturn   # leaning")
    found = recorded_anew(wrong, rulebook=rulebook)
    assert narrow(found) == narrow(wrong.replace("lean: overturn", "lean: none"))


def test_a_flow_stays_a_flow(rulebook: Rulebook) -> None:
    wrong = f"expect: {{items: {{item-1: {{suggestion: overturn, grounds: [{G}#within-total], statuses: {{{G}#gone: met}}, outcome: upheld}}}}}}\n"
    right = (
        f"expect: {{items: {{item-1: {{suggestion: uphold, grounds: [{G}#within-total, {G}#continued-need, {G}#reason-for-more], "
        "statuses: {}, outcome: upheld}}}\n"
    )
    assert recorded_anew(wrong, rulebook=rulebook) == right


def test_grounds_give_way_to_review_reasons_and_back(rulebook: Rulebook) -> None:
    head = HEAD.replace("ready_to_end: true", "exceptional_factors: true")
    review = "expect:\n  items:\n    item-1:\n      suggestion: needs_review\n      review_reasons: [exceptional_factors]\n"
    found = recorded_anew(RIGHT.split("      statuses")[0], head, rulebook=rulebook)
    assert narrow(found).replace(" # The answer.\n", "").replace(" # because of", "") == review.replace(
        " [exceptional_factors]", "\n        - exceptional_factors"
    ), "what a list no longer holds goes with the remarks on it"
    back = recorded_anew(review, rulebook=rulebook)
    assert back == review.replace("needs_review", "uphold").replace(
        "review_reasons: [exceptional_factors]",
        f"grounds: [{G}#within-total, {G}#continued-need, {G}#reason-for-more]",
    )


def test_carriage_returns_stay(rulebook: Rulebook) -> None:
    head, wrong = HEAD.replace("\n", "\r\n"), RIGHT.replace("#reason-for-more", "#gone").replace("\n", "\r\n")
    assert recorded_anew(wrong, head, rulebook=rulebook) == RIGHT.replace("\n", "\r\n")


# -- the command ---------------------------------------------------------------------------------------------


def run(*arguments: object, cwd: Path) -> Ran:
    return command("test", *arguments, cwd=cwd)


def test_the_command_fails_says_why_and_records(tmp_path: Path) -> None:
    fixtures = tmp_path / "fixtures"
    fixtures.mkdir()
    fixture = fixtures / "case.yaml"
    fixture.write_text(HEAD + RIGHT.replace("suggestion: uphold", "suggestion: overturn"), encoding="utf-8")
    (fixtures / "other.yaml").write_text("a: 1\n")
    failed = run(cwd=tmp_path)
    assert failed.status == 1
    assert "suggestion: expected overturn, got uphold" in failed.out
    assert failed.out.endswith("1 fixture, 1 differs\n")
    assert run("--update", cwd=tmp_path).status == 0
    assert fixture.read_text(encoding="utf-8").startswith(HEAD)
    assert narrow(fixture.read_text(encoding="utf-8")) == narrow(HEAD + RIGHT)
    assert run("--format", "json", cwd=tmp_path).status == 0


def test_nothing_to_test_is_bad_input(tmp_path: Path) -> None:
    assert run(cwd=tmp_path).status == 2
    (tmp_path / "fixtures").mkdir()
    done = run(cwd=tmp_path)
    assert (done.status, done.err) == (
        2,
        "error: fixtures: there is no fixture here; a fixture is a case with an `expect:` block\n",
    )


def test_the_fixtures_of_a_directory_are_all_found() -> None:
    assert len(fixtures_in(DETERMINATIONS)) == len(list(DETERMINATIONS.glob("*.yaml")))
