"""What must hold however a case is changed: over every fixture, and over random rulebooks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_rules import Case, Rulebook, Screening, screen, what_if
from imr_rules._reading import read_document
from imr_rules.errors import CaseError
from imr_rules.expression import Compare, names
from imr_rules.expression.reference import judge
from imr_rules.expression.values import FactType, Row, Value
from imr_rules.rulebook.plan import ALWAYS, Plan
from imr_rules.screening import ItemScreening
from tests import strategies
from tests.paths import DETERMINATIONS, FIXTURES

EVERY_FIXTURE = sorted(FIXTURES.rglob("*.yaml"))
EVERY_DETERMINATION = sorted(DETERMINATIONS.glob("*.yaml"))
"""The fixtures that say all that a record says; what is tried fact by fact takes too long on the others' many items."""


@cache
def data_of(file: Path) -> Any:
    return read_document(file, CaseError).data


def written(screening: Screening) -> str:
    return json.dumps(screening.to_dict(), ensure_ascii=False)


def cases() -> Iterator[tuple[str, Any]]:
    """Yield every fixture as plain data of its own."""
    for file in EVERY_DETERMINATION:
        yield file.stem, deepcopy(data_of(file))


def findings_in(data: Any) -> Iterator[dict[str, Any]]:
    """Yield each map of findings in a case."""
    for holder in (data, *data["items"]):
        if holder.get("findings"):
            yield holder["findings"]


def against(item: ItemScreening) -> set[str]:
    return {each.id for each in item.criteria if each.status in ("unmet", "undocumented")}


# -- the same case, written otherwise ------------------------------------------------------------------------


@pytest.mark.parametrize("file", EVERY_FIXTURE, ids=lambda file: file.stem)
def test_yaml_and_json_give_the_same_case(file: Path, tmp_path: Path) -> None:
    expected = Case.from_file(file)
    as_json = tmp_path / "case.json"
    as_json.write_text(json.dumps(data_of(file)))
    as_yaml = tmp_path / "case.yaml"
    as_yaml.write_text(yaml.dump(data_of(file), Dumper=yaml.CSafeDumper, sort_keys=True))
    for written_otherwise in (Case.from_file(as_json), Case.from_file(as_yaml)):
        assert written_otherwise == expected
        assert written_otherwise.digest == expected.digest


def test_yaml_and_json_give_the_same_bytes(rulebook: Rulebook) -> None:
    for file in EVERY_DETERMINATION:
        as_json = Case.from_text(json.dumps(data_of(file)), is_json=True)
        assert written(screen(as_json, rulebook)) == written(screen(Case.from_file(file), rulebook))


def test_the_order_of_keys_does_not_matter(rulebook: Rulebook) -> None:
    chance = random.Random(1)

    def shuffled(part: Any) -> Any:
        if isinstance(part, dict):
            keys = list(part)
            chance.shuffle(keys)
            return {key: shuffled(part[key]) for key in keys}
        return [shuffled(each) for each in part] if isinstance(part, list) else part

    for name, data in cases():
        expected = written(screen(Case.from_data(data), rulebook))
        assert written(screen(Case.from_data(shuffled(data)), rulebook)) == expected, name


def test_what_a_fixture_expects_is_read_by_no_rule(rulebook: Rulebook) -> None:
    for name, data in cases():
        expected = written(screen(Case.from_data(data), rulebook))
        data.pop("expect", None)
        assert written(screen(Case.from_data(data), rulebook)) == expected, name


# -- more and less known -------------------------------------------------------------------------------------


def made_unknown(every: Iterable[tuple[str, Any]], rulebook: Rulebook) -> int:
    tried = 0
    for name, data in every:
        before = screen(Case.from_data(data), rulebook)
        for place, findings in enumerate(findings_in(data)):
            for fact in findings.keys() - set(ALWAYS):  # what may excuse a ground is no ground itself
                unknown = deepcopy(data)
                list(findings_in(unknown))[place][fact] = {"missing": "the page is illegible"}
                for old, new in zip(
                    before.items, screen(Case.from_data(unknown), rulebook).items, strict=True
                ):
                    assert against(new) <= against(old), (name, fact)
                    if new.suggestion != old.suggestion:
                        # But for a principal that is no longer decided, less is known of the item itself.
                        assert new.suggestion == "needs_review", (name, fact)
                tried += 1
    return tried


def test_making_a_finding_unknown_never_makes_a_ground(rulebook: Rulebook) -> None:
    assert made_unknown(cases(), rulebook) > 100


def test_taking_the_dates_away_decides_nothing(rulebook: Rulebook) -> None:
    for name, data in cases():
        before = screen(Case.from_data(data), rulebook)
        data.get("injury", {}).pop("date", None)
        for old, new in zip(before.items, screen(Case.from_data(data), rulebook).items, strict=True):
            assert against(new) <= against(old), name
            assert new.suggestion in (old.suggestion, "needs_review"), name


def therapy() -> Iterator[tuple[str, Any]]:
    """Yield made-up requests for therapy, most of them beyond some total."""
    for treatment in (
        "cognitive_behavioral_therapy",
        "physical_therapy",
        "acupuncture",
        "chiropractic",
    ):
        for date in ("2012-03-01", "2016-10-01", "2017-05-01"):
            for prior in (4, 12, 30):
                yield (
                    f"{treatment}, {date}, {prior}",
                    {
                        "request": {"date": date},
                        "injury": {"date": "2007-09-01"},
                        "diagnoses": [{"text": "chronic pain"}],
                        "items": [
                            {"service": treatment.replace("_", " "), "treatment": treatment, "in_dispute": 12}
                        ],
                        "history": [{"treatment": treatment, "attended": prior}],
                        "findings": {"objective_improvement": True, "response": True, "rationale": True},
                        "record": {"read": "all"},
                        "documents": [{"kind": "progress_report"}],
                    },
                )


def test_more_visits_never_turn_a_total_that_was_passed_into_support(rulebook: Rulebook) -> None:
    tried = 0
    for name, data in (*cases(), *therapy()):
        for place, old in enumerate(screen(Case.from_data(data), rulebook).items):
            over = {each.id for each in old.criteria if each.status == "unmet" and _is_total(each)}
            if not over:
                continue
            part = data["items"][place].get("body_part")
            for more in (1, 7, 200):
                attended = deepcopy(data)
                course = {"treatment": old.treatment, "attended": more} | (
                    {"body_part": part} if part else {}
                )
                attended.setdefault("history", []).append(course)
                new = screen(Case.from_data(attended), rulebook).items[place]
                assert over <= against(new), (name, more)
                assert new.suggestion != "overturn", (name, more)
                tried += 1
    assert tried > 40


def _is_total(result: Any) -> bool:
    tree = result.working.requirement
    return (
        isinstance(tree, Compare)
        and tree.op in ("<=", "<")
        and all(factor > 0 for name, factor in tree.form.terms if "visits" in name)
        and any(name.startswith("visits_if_granted") for name, _ in tree.form.terms)
        and {"first_course", "prior_visits"}.isdisjoint(names(result.working.condition))
    )


def test_silence_is_never_unmet_where_showing_the_fact_would_meet_it(rulebook: Rulebook) -> None:
    for name, data in cases():
        for item in screen(Case.from_data(data), rulebook).items:
            for result in item.criteria:
                open_and_silent = [fact for fact in result.facts if fact.value.silent]
                if result.status == "unmet" and open_and_silent:
                    # Then what is known is enough: it stays so, whatever is shown.
                    row = dict(result.working.row)
                    for fact in open_and_silent:
                        row[fact.name] = Value("known", 1, 1)
                    tree = strategies.Judged("x", result.working.condition, result.working.requirement)
                    assert judge(tree, row) == "unmet", (name, result.id)


# -- what_if -------------------------------------------------------------------------------------------------


def supplied(data: Any, place: int, changes: Any) -> Any:
    """Return a case with the facts of a way given as findings of one item."""
    found = deepcopy(data)
    findings = found["items"][place].setdefault("findings", {})
    for change in changes:
        value, kind = change.then.value, change.then.type
        findings[change.fact] = (
            value.text if value.text is not None
            else bool(value.low) if kind.kind == "boolean" else value.low
        )  # fmt: skip
    return found


def tried_ways(files: list[Path], rulebook: Rulebook) -> int:
    tried = 0
    for file in files:
        data = data_of(file)
        for place, found in enumerate(what_if(Case.from_data(data), rulebook)):
            for way in found.decides:
                if any(change.fact.startswith(("weeks_", "days_", "months_")) for change in way.changes):
                    continue  # given by dates, not by a finding
                decided = screen(Case.from_data(supplied(data, place, way.changes)), rulebook).items[place]
                told = [(change.fact, change.then.value.low) for change in way.changes]
                assert decided.suggestion == way.suggestion, (file.stem, found.item, told)
                tried += 1
    return tried


def undecided(rulebook: Rulebook) -> list[Path]:
    return [
        file
        for file in (*EVERY_DETERMINATION, *sorted((FIXTURES / "audit").glob("*.yaml")))
        if any(item.suggestion == "needs_review" for item in screen(Case.from_file(file), rulebook).items)
    ]


@pytest.mark.long
def test_giving_what_what_if_says_decides_does_decide(rulebook: Rulebook) -> None:
    assert tried_ways(undecided(rulebook), rulebook) > 15


# -- one rulebook, for ever ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "files",
    [EVERY_DETERMINATION, pytest.param(EVERY_FIXTURE, marks=pytest.mark.long)],
    ids=["determinations", "fixtures"],
)
def test_threads_share_a_rulebook_and_get_the_same_bytes(files: list[Path], rulebook: Rulebook) -> None:
    fresh = Rulebook.load()
    every = [Case.from_file(file) for file in files]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda case: written(screen(case, fresh)), every * 2))
    alone = [written(screen(case, rulebook)) for case in every]
    assert together == alone * 2


# -- random rulebooks ----------------------------------------------------------------------------------------


def settled(value: Value, kind: FactType, chance: random.Random) -> Value:
    """Return one value of those that are still possible."""
    if kind.kind == "choice":
        return value if value.text else Value("known", 0, 0, text=chance.choice(sorted(kind.choices)))
    number = chance.randint(value.low, value.high)
    return Value("known", number, number)


@given(st.data(), strategies.plans(), st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_what_is_decided_stays_so_whatever_turns_out(data: st.DataObject, plan: Plan, seed: int) -> None:
    row: Row = data.draw(strategies.rows_for(plan))
    chance = random.Random(seed)
    before = [judge(each, row) for each in plan.criteria]
    for _ in range(5):
        known = {
            spec.name: settled(row[spec.name], spec.type, chance) if chance.random() < 0.6 else row[spec.name]
            for spec in plan.facts
        }
        after = [judge(each, plan.complete(dict(known))) for each in plan.criteria]
        for old, new in zip(before, after, strict=True):
            assert new == old or old in ("unknown", "undocumented")
            assert old != "undocumented" or new != "not_applicable"
