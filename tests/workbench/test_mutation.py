"""Mutation: which slips are made, what notices them, and what becomes of those that nothing notices."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules._reading import read_document
from imr_rules.errors import RulebookError
from imr_rules.rulebook.model import Guideline
from imr_rules.workbench.answers import answer_of
from imr_rules.workbench.fixtures import Fixture, differences, fixtures_in
from imr_rules.workbench.mutation import Mutant, mutants, mutate
from imr_rules.workbench.mutation.expressions import slips
from imr_rules.workbench.mutation.judging import Bench, Trial, posed_items
from imr_rules.workbench.mutation.report import mutation_report
from imr_rules.workbench.mutation.run import MutationResult, Survivor, Tally, examined
from imr_rules.writing.terminal import terminal
from tests.cli.running import Ran
from tests.cli.running import run as command
from tests.paths import DETERMINATIONS, ROOT, SEED

RULES = ROOT / "rulesets" / "mtus"
BEHAVIORAL = RULES / "chronic-pain-2009" / "behavioral-interventions.yaml"
G = "mtus/chronic-pain-2009/behavioral-interventions"


# -- slips of an expression ----------------------------------------------------------------------------------


def made(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for slip in slips(text):
        found.setdefault(slip.kind, []).append(slip.text)
    return found


@pytest.mark.parametrize(
    ("text", "operators"),
    [
        ("a < 3", ["a <= 3", "a >= 3"]),
        ("a <= 3", ["a < 3", "a > 3"]),
        ("a > 3", ["a >= 3", "a <= 3"]),
        ("a >= 3", ["a > 3", "a < 3"]),
        ("a == 3", ["a != 3"]),
        ("a != 3", ["a == 3"]),
    ],
)
def test_an_operator_becomes_its_neighbor_and_its_opposite(text: str, operators: list[str]) -> None:
    assert made(text)["operator"] == operators
    assert made(text)["number"] == [text.replace("3", "2"), text.replace("3", "4")]


def test_joins_nots_clauses_words_and_days() -> None:
    found = made("a and not (b or c in [x, y]) and d >= 2004-01-01")
    assert found["and-or"] == [
        "a or not (b or c in [x, y]) and d >= 2004-01-01",
        "a and not (b and c in [x, y]) and d >= 2004-01-01",
        "a and not (b or c in [x, y]) or d >= 2004-01-01",
    ]
    assert found["not-dropped"] == ["a and (b or c in [x, y]) and d >= 2004-01-01"]
    assert found["word-dropped"] == [
        "a and not (b or c in [y]) and d >= 2004-01-01",
        "a and not (b or c in [x]) and d >= 2004-01-01",
    ]
    assert found["clause-dropped"] == [
        "not (b or c in [x, y]) and d >= 2004-01-01",
        "a and d >= 2004-01-01",
        "a and not (b or c in [x, y])",
        "a and not (c in [x, y]) and d >= 2004-01-01",
        "a and not (b) and d >= 2004-01-01",
    ]
    assert found["date"] == [
        "a and not (b or c in [x, y]) and d >= 2003-12-31",
        "a and not (b or c in [x, y]) and d >= 2004-01-02",
    ]


def test_a_slip_says_where_it_is() -> None:
    (slip,) = [each for each in slips("a and  not  b") if each.kind == "not-dropped"]
    assert (slip.offset, slip.before, slip.text) == (7, "not", "a and  b")


# -- mutants of a guideline ----------------------------------------------------------------------------------


def of_file(path: Path, rulebook: Rulebook) -> Any:
    return list(mutants(read_document(path, RulebookError), rulebook))


def test_every_mutant_is_another_guideline_with_its_place(rulebook: Rulebook) -> None:
    found = of_file(BEHAVIORAL, rulebook)
    lines = BEHAVIORAL.read_text(encoding="utf-8").splitlines()
    for mutation, guideline in found:
        assert guideline.id == G
        place = mutation.place
        assert str(mutation.before).split(" ")[0] in lines[place.line - 1][place.column - 1 :] or mutation.kind in (
            "condition-dropped", "exception-dropped",
        )  # fmt: skip
    kinds = {mutation.kind for mutation, _ in found}
    assert kinds == {
        "edition-date", "limit", "operator", "number", "and-or", "not-dropped", "clause-dropped",
        "criterion-dropped", "condition-dropped",
    }  # fmt: skip


def test_weeks_that_nothing_judges_are_left_alone(rulebook: Rulebook) -> None:
    limits = [m for m, _ in of_file(BEHAVIORAL, rulebook) if m.kind == "limit"]
    assert sorted((m.part, m.before, m.after) for m in limits) == [
        ("limits.total.visits", "10", "11"),
        ("limits.total.visits", "10", "9"),
        ("limits.trial.visits", "4", "3"),
        ("limits.trial.visits", "4", "5"),
    ]


def test_rows_exceptions_and_replacements_are_left_out(rulebook: Rulebook) -> None:
    path = RULES / "postsurgical-2009" / "postsurgical-physical-medicine.yaml"
    found = of_file(path, rulebook)
    count = {kind: sum(m.kind == kind for m, _ in found) for kind in ("row-dropped", "exception-dropped")}
    guideline = rulebook.guidelines["mtus/postsurgical-2009/postsurgical-physical-medicine"]
    assert count["row-dropped"] == sum(len(limit.rows) for limit in guideline.limits.values())
    assert count["exception-dropped"] >= len(guideline.supersedes)


# -- judging -------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("name", ["seed-cbt-relaxation", "cm16-0238035", "cm16-0228949"])
def test_a_trial_judges_as_a_rulebook_with_the_mutant_in_it_would(rulebook: Rulebook, name: str) -> None:
    """The short way of the bench against screen() itself, for every mutant of what governs the case."""
    path = DETERMINATIONS / f"{name}.yaml"
    fixture = Fixture(path, Case.from_file(path))
    mutated: dict[str, Any] = {}

    def mutants_of(guideline: Guideline) -> Any:
        """Every ninth mutant, and what screen() answers of each item with it in the rulebook."""
        if guideline.id not in mutated:
            mutated[guideline.id] = [
                (mutation, mutant, {each.item: answer_of(each) for each in screen(fixture.case, whole).items})
                for mutation, mutant in of_file(Path(str(guideline.place.file)), rulebook)[::9]
                for whole in [rulebook.with_guideline(mutant)]
            ]
        return mutated[guideline.id]

    seen = 0
    for item in posed_items(fixture, rulebook):
        if item.question.item.follows:
            continue  # what a principal does to its followers is its own kill
        for guideline in item.question.plan.guidelines:
            for mutation, mutant, answers in mutants_of(guideline):
                short = Trial(rulebook, mutant).answer(item) or item.answer
                assert short == answers[item.question.name], mutation
                seen += 1
    assert seen >= 5


def test_the_seed_notices_the_total_going_from_10_to_16_and_not_from_10_to_11(rulebook: Rulebook) -> None:
    bench = Bench(rulebook, fixtures_in(SEED))
    noticed = {
        (mutation.part, mutation.after): bench.killer(mutant) is not None
        for mutation, mutant in of_file(BEHAVIORAL, rulebook)
    }
    assert noticed["limits.total.visits", "11"] is False
    assert noticed["within-total.require", ">"] is True
    assert noticed["requests.from", "2009-07-19"] is True, "the cited edition would not cover its own time"


# -- the whole, on one guideline -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Fixtures with the seed alone, mutated once with its survivors written."""
    pytest.importorskip("z3")
    fixtures = tmp_path_factory.mktemp("fixtures")
    shutil.copy(SEED, fixtures)
    result = mutate(
        Rulebook.load(RULES), fixtures_in(fixtures), only=[BEHAVIORAL], write_to=fixtures / "boundaries"
    )
    return fixtures, result


def test_survivors_become_cases_that_kill_them(written: Any, rulebook: Rulebook) -> None:
    fixtures, result = written
    assert result.survivors == ()
    path = fixtures / "boundaries" / "mtus" / "chronic-pain-2009" / "behavioral-interventions.yaml"
    case = Case.from_file(path)
    assert differences(case, rulebook) == [], "what is expected is what the rulebook gives"
    again = mutate(Rulebook.load(RULES), fixtures_in(fixtures), only=[BEHAVIORAL])
    assert (again.mutants, again.killed, again.score) == (result.mutants, result.mutants, 100)


def test_survivors_are_told_to_people(rulebook: Rulebook) -> None:
    """What was changed, how the answer changes, and the case as an editor would write it: no JSON on a line."""
    pytest.importorskip("z3")
    ((mutation, mutant),) = [
        (mutation, mutant)
        for mutation, mutant in of_file(BEHAVIORAL, rulebook)
        if (mutation.part, mutation.after) == ("limits.total.visits", "11")
    ]
    left = examined(rulebook, Mutant(mutation, mutant))
    assert isinstance(left, Survivor) and left.outcome == "differs"
    result = MutationResult((Tally(G, 1, 0, (), (left,)),), examined=True)
    said = terminal(mutation_report(result), width=100)
    assert "limits.total.visits: `10` → `11`" in " ".join(said.split())  # a long path breaks the line
    assert "It changes the answer to the case below" in said
    assert f"{G}#within-total: unmet → met" in said
    assert "    in_dispute: 11\n" in said
    assert "{" not in said, "no case on a line"


def test_what_was_written_is_read_back_and_written_alike(written: Any) -> None:
    fixtures, _ = written
    path = fixtures / "boundaries" / "mtus" / "chronic-pain-2009" / "behavioral-interventions.yaml"
    from imr_rules.workbench.mutation.boundaries import Boundaries

    text = path.read_text(encoding="utf-8")
    assert Boundaries.read(path, G).texts() == [text]
    assert "  # limits.total.visits: `10`, not `11`\n  - id: total-" in text


def test_a_second_run_changes_nothing(written: Any) -> None:
    fixtures, _ = written
    path = fixtures / "boundaries" / "mtus" / "chronic-pain-2009" / "behavioral-interventions.yaml"
    before = path.read_bytes()
    mutate(Rulebook.load(RULES), fixtures_in(fixtures), only=[BEHAVIORAL], write_to=fixtures / "boundaries")
    assert path.read_bytes() == before


@pytest.mark.long
def test_a_mutant_that_changes_nothing_is_proven_so(tmp_path: Path, rulebook: Rulebook) -> None:
    """`a and a` with one clause dropped: nobody can tell, and that is proven rather than assumed."""
    pytest.importorskip("z3")
    book = tmp_path / "mtus"
    shutil.copytree(RULES, book)
    path = book / "chronic-pain-2009" / "behavioral-interventions.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    require: response\n", "    require: response and response\n"))
    fixtures = fixtures_in(SEED)
    result = mutate(Rulebook.load(book), fixtures, only=[path])
    proven = {(each.part, each.kind, each.before) for each in result.equivalent}
    assert {
        ("response-beyond-trial.require", "clause-dropped", "response"),
        ("response-beyond-trial.require", "and-or", "and"),
    } <= proven
    assert all(survivor.outcome == "differs" and survivor.case for survivor in result.survivors)


# -- the command ---------------------------------------------------------------------------------------------


def run(*arguments: object, cwd: Path) -> Ran:
    return command("mutate", *arguments, cwd=cwd)


def test_the_json_has_the_keys_that_were_promised(tmp_path: Path) -> None:
    only = ("--only", BEHAVIORAL, "--quick")
    done = run(DETERMINATIONS, *only, "--format", "json", cwd=tmp_path)
    assert done.status == 1, "some survive"
    answer = json.loads(done.out)
    assert {"mutants", "killed", "equivalent", "survivors"} <= answer.keys()
    assert answer["mutants"] == answer["killed"] + answer["equivalent"] + len(answer["survivors"])
    lenient = run(DETERMINATIONS, *only, "--at-least", "1", cwd=tmp_path)
    assert lenient.status == 0
    assert lenient.out.splitlines()[-1].startswith(f"{answer['mutants']} mutants: {answer['killed']} killed")


@pytest.mark.parametrize("arguments", [["nowhere"], [".", "--write", "--quick"], ["case.yaml", "--write"]])
def test_bad_input_gives_2_in_one_line(arguments: list[str], tmp_path: Path) -> None:
    shutil.copy(SEED, tmp_path / "case.yaml")
    done = run(*arguments, cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
