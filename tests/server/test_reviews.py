"""What is done about a stored screening: amended, signed item by item, replayed, exported."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.rulebook.in_use import shipped
from imr_rules.server import audit
from imr_rules.server.api import examples
from imr_rules.server.tasks.amending import merge_patch
from imr_rules.workbench.fixtures import differences
from tests.server.running import Running, started

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]
AGREES: dict[str, Any] = examples.SIGNOFFS["agrees"]
OVERRIDES: dict[str, Any] = examples.SIGNOFFS["overrides"]
AMENDMENT: dict[str, Any] = examples.AMENDMENTS["a fact supplied"]


def sign(running: Running, id: str, signoff: dict[str, Any], version: int, **headers: str) -> httpx.Response:
    given = {"If-Match": f'"{version}"', **headers}
    return running.client.post(f"/v1/screenings/{id}/signoffs", json=signoff, headers=given)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def kinds(running: Running) -> list[str]:
    with running.service.store.reading() as connection:
        return [event.entry.kind for event in audit.events(connection)]


def test_an_item_is_signed_by_who_has_seen_it(running: Running) -> None:
    id = running.posted(THERAPY)["id"]
    url = f"/v1/screenings/{id}/signoffs"
    assert code(running.client.post(url, json=AGREES)) == (428, "if-match-needed")
    assert code(running.client.post(url, json=AGREES, headers={"If-Match": "*"})) == (428, "if-match-needed")
    assert code(running.client.post(url, json=AGREES, headers={"If-Match": "1"})) == (428, "if-match-needed")
    assert code(sign(running, id, AGREES, 7)) == (412, "changed-meanwhile")
    signed = running.client.post(url, json=AGREES, headers={"If-Match": 'W/"1"'})  # as a proxy may make it
    assert (signed.status_code, signed.headers["etag"]) == (201, '"2"')
    assert signed.json()["human_review"] == {"required": True, "status": "signed"}
    (only,) = signed.json()["signoffs"]
    assert {name: only[name] for name in AGREES} == AGREES
    assert (only["suggestion"], only["signed_by"]) == ("uphold", "local")
    assert running.client.get(f"/v1/screenings/{id}").json() == signed.json()
    assert code(sign(running, id, AGREES, 1)) == (412, "changed-meanwhile")
    (line,) = running.client.get("/v1/screenings?signed=true").json()["screenings"]
    assert line["items"][0]["outcome"] == "uphold"
    assert kinds(running)[1:] == ["screened", "signed", "opened"]


def test_a_later_signoff_leaves_the_earlier_one_to_be_seen(local: Running) -> None:
    id = local.posted(THERAPY)["id"]
    sign(local, id, AGREES, 1)
    again = sign(local, id, OVERRIDES, 2)
    assert [each["outcome"] for each in again.json()["signoffs"]] == ["uphold", "overturn"]
    assert kinds(local)[-2:] == ["signed", "overridden"]


def test_a_signoff_with_a_key_is_done_once(local: Running) -> None:
    id = local.posted(THERAPY)["id"]
    first = sign(local, id, AGREES, 1, **{"Idempotency-Key": "s"})
    again = sign(local, id, AGREES, 1, **{"Idempotency-Key": "s"})
    assert (again.status_code, again.content) == (201, first.content)


@pytest.mark.parametrize(
    ("change", "pointer", "expected"),
    [
        ({"position": "agree", "outcome": "overturn"}, "/position", "position-does-not-fit"),
        ({"position": "no_suggestion"}, "/position", "position-does-not-fit"),
        ({"item": "item-2"}, "/item", "unknown-item"),
        ({"position": "override", "outcome": "overturn"}, "", "not-valid"),
        ({"reason_code": "other"}, "", "not-valid"),
        ({"specialty": None}, "/specialty", "wrong-type"),
        ({"items": ["item-1"]}, "/items", "unknown-key"),
    ],
)
def test_a_signoff_that_does_not_fit_is_refused(
    local: Running, change: dict[str, Any], pointer: str, expected: str
) -> None:
    id = local.posted(THERAPY)["id"]
    refused = sign(local, id, {**AGREES, **change}, 1)
    assert code(refused) == (422, expected)
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_nothing_signs_several_items_at_once(local: Running) -> None:
    paths = local.client.get("/openapi.json").json()["paths"]
    assert [path for path in paths if "signoff" in path] == ["/v1/screenings/{id}/signoffs"]
    id = local.posted(THERAPY)["id"]
    assert code(sign(local, id, [AGREES, AGREES], 1)) == (422, "wrong-type")  # type: ignore[arg-type]


def test_an_amendment_is_a_new_screening_and_the_old_one_stays(running: Running, rulebook: Rulebook) -> None:
    old = running.posted(THERAPY)
    url = f"/v1/screenings/{old['id']}/amendments"
    answer = running.client.post(url, json=AMENDMENT)
    assert answer.status_code == 201
    new = answer.json()
    changed = merge_patch(THERAPY, AMENDMENT["changes"])
    assert new["screening"] == screen(Case.from_data(changed), rulebook).to_dict()
    assert (new["amends"], new["amendment"]) == (old["id"], AMENDMENT)
    now = running.client.get(f"/v1/screenings/{old['id']}").json()
    assert (now["amended_by"], now["version"], now["screening"]) == (new["id"], 2, old["screening"])
    assert code(running.client.post(url, json=AMENDMENT)) == (409, "amended-already")
    assert code(sign(running, old["id"], AGREES, 2)) == (409, "amended-already")
    assert [
        each["id"] for each in running.client.get("/v1/screenings?amended=false").json()["screenings"]
    ] == [new["id"]]


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ({"changes": {"case": "b"}}, 422, "missing-key"),
        ({"reason": "x", "changes": {}}, 422, "empty"),
        ({"reason": "x", "changes": {"case": THERAPY["case"]}}, 422, "no-change"),
        ({"reason": "x", "changes": {"items": None}}, 422, "missing-key"),
        ({"reason": "x", "changes": {"findings": {"no_such_fact": True}}}, 422, "unknown-fact"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused(
    local: Running, body: dict[str, Any], status: int, expected: str
) -> None:
    id = local.posted(THERAPY)["id"]
    refused = local.client.post(f"/v1/screenings/{id}/amendments", json=body)
    assert code(refused) == (status, expected)
    assert local.client.get(f"/v1/screenings/{id}").json()["version"] == 1


def test_amendments_with_a_key_or_a_version(local: Running) -> None:
    id = local.posted(THERAPY)["id"]
    url = f"/v1/screenings/{id}/amendments"
    assert code(local.client.post(url, json=AMENDMENT, headers={"If-Match": '"9"'})) == (
        412,
        "changed-meanwhile",
    )
    headers = {"If-Match": '"1"', "Idempotency-Key": "k"}
    first = local.client.post(url, json=AMENDMENT, headers=headers)
    again = local.client.post(url, json=AMENDMENT, headers=headers)
    assert (first.status_code, again.content) == (201, first.content)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [  # from RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patches(target: Any, patch: Any, result: Any) -> None:
    assert merge_patch(target, patch) == result


def edited(directory: Path) -> Path:
    """A copy of the shipped rulebook in which the total of psychotherapy visits is 20."""
    copy = directory / "edited"
    shutil.copytree(shipped().base, copy)
    file = copy / "chronic-pain-2009" / "behavioral-interventions.yaml"
    text = file.read_text()
    assert "visits: [6, 10]" in text
    file.write_text(text.replace("visits: [6, 10]", "visits: [6, 20]"))
    return copy


def test_a_replay_shows_the_rulebook_of_then_beside_the_one_of_now(database: str, tmp_path: Path) -> None:
    with started(database) as running:
        stored = running.posted(THERAPY)
        same = running.client.post(f"/v1/screenings/{stored['id']}/replay").json()
        assert (same["same_rulebook"], same["then"]["reproduced"], same["changes"]) == (True, True, [])
    with started(database, rulebook=edited(tmp_path)) as running:
        found = running.client.post(f"/v1/screenings/{stored['id']}/replay").json()
        assert (found["same_rulebook"], found["then"]["reproduced"]) == (False, True)
        assert found["then"]["stored"] == stored["screening"]
        (change,) = found["changes"]
        gone = set(change["then"]["grounds"]) - set(change["now"]["grounds"])
        assert [name.rpartition("#")[2] for name in gone] == ["within-total"]
        listed = running.client.get("/v1/rulebooks").json()["rulebooks"]
        assert [each["current"] for each in listed] == [True, False]
        # The old screening is as it was, in every form.
        assert running.client.get(f"/v1/screenings/{stored['id']}").json() == stored
        report = running.client.get(f"/v1/screenings/{stored['id']}/report?format=markdown")
        assert "the guideline allows 6 to 10" in report.text
        assert kinds(running)[-3:] == ["replayed", "opened", "exported"]


def test_an_override_becomes_a_candidate_fixture(running: Running, rulebook: Rulebook) -> None:
    id = running.posted(THERAPY)["id"]
    url = f"/v1/screenings/{id}/fixture-candidate"
    assert code(running.client.get(url)) == (409, "no-override")
    sign(running, id, AGREES, 1)
    assert code(running.client.get(url)) == (409, "no-override")
    sign(running, id, OVERRIDES, 2)
    answer = running.client.get(url)
    assert answer.headers["content-type"].startswith("application/yaml")
    candidate = Case.from_text(answer.text)
    assert differences(candidate, rulebook) == []
    assert candidate.expect is not None
    item = candidate.expect.items["item-1"]
    assert (item.suggestion, item.outcome, item.differs) == (
        "uphold", "overturned", "overridden: exceptional_factors",
    )  # fmt: skip
    assert candidate.case is None
    assert OVERRIDES["reason"] not in answer.text
