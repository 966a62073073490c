"""A case goes in, the suggestion comes back, and is there to be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from imr_rules import Case, Rulebook, Screening, screen
from imr_rules.server import audit
from imr_rules.server.api import examples
from tests.server.running import Running

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]


def test_a_posted_case_gets_what_screen_gives_and_is_stored(running: Running, rulebook: Rulebook) -> None:
    answer = running.client.post("/v1/screenings", json=THERAPY)
    assert answer.status_code == 201
    stored = answer.json()
    assert stored["screening"] == screen(Case.from_data(THERAPY), rulebook).to_dict()
    assert stored["decision_support_only"] is True
    assert stored["human_review"] == {"required": True, "status": "pending"}
    assert answer.headers["location"] == f"/v1/screenings/{stored['id']}"

    again = running.client.get(answer.headers["location"])
    assert again.json() == stored
    assert again.headers["etag"] == answer.headers["etag"] == '"1"'
    unchanged = running.client.get(answer.headers["location"], headers={"If-None-Match": '"1"'})
    assert unchanged.status_code == 304


@pytest.mark.parametrize("name", examples.CASES)
def test_the_examples_of_the_description_are_taken(local: Running, name: str) -> None:
    local.posted(examples.CASES[name])


def test_validation_stores_nothing(running: Running) -> None:
    answer = running.client.post("/v1/screenings:validate", json=THERAPY)
    assert answer.status_code == 200
    assert answer.json()["items"][0]["suggestion"] == "uphold"
    assert running.client.get("/v1/screenings").json() == {"screenings": [], "next": None}


def test_a_request_with_a_key_is_done_once(running: Running) -> None:
    first = running.client.post("/v1/screenings", json=THERAPY, headers={"Idempotency-Key": "a"})
    again = running.client.post("/v1/screenings", json=THERAPY, headers={"Idempotency-Key": "a"})
    assert (again.status_code, again.content, again.headers["location"]) == (
        201, first.content, first.headers["location"],
    )  # fmt: skip
    other = running.client.post("/v1/screenings", json=THERAPY, headers={"Idempotency-Key": "b"})
    assert other.json()["id"] != first.json()["id"]
    refused = running.client.post(
        "/v1/screenings", json={**THERAPY, "case": "another"}, headers={"Idempotency-Key": "a"}
    )
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:imr-rules:problem:key-reused")
    assert len(running.client.get("/v1/screenings").json()["screenings"]) == 2


def test_a_batch_answers_line_by_line(running: Running) -> None:
    lines = [json.dumps(THERAPY), "{", "", '{"items": []}', json.dumps(examples.CASES["only the request"])]
    answer = running.client.post(
        "/v1/screenings:batch", content="\n".join(lines), headers={"Content-Type": "application/x-ndjson"}
    )
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [(each.get("line"), each.get("status")) for each in found[:-1]] == [
        (1, 201), (2, 400), (4, 422), (5, 201),
    ]  # fmt: skip
    assert found[-1] == {"done": True, "stored": 2, "refused": 2}
    assert found[0]["items"] == [{"item": "item-1", "suggestion": "uphold"}]
    listed = running.client.get("/v1/screenings").json()["screenings"]
    assert [each["id"] for each in listed] == [found[3]["id"], found[0]["id"]]


@pytest.mark.long
def test_a_batch_sent_again_goes_on_where_it_broke_off(running: Running) -> None:
    lines = [json.dumps({**THERAPY, "case": f"case-{number}"}) + "\n" for number in range(150)]
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "monday"}
    part = running.client.post("/v1/screenings:batch", content="".join(lines[:70]), headers=headers)
    whole = running.client.post("/v1/screenings:batch", content="".join(lines), headers=headers)
    first, second = part.text.splitlines(), whole.text.splitlines()
    assert second[:70] == first[:70]
    assert json.loads(second[-1]) == {"done": True, "stored": 150, "refused": 0}
    with running.service.store.reading() as connection:
        assert audit.head(connection)[0] == 151  # and the rulebook


def test_a_fault_over_one_line_is_not_the_others(local: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_once(case: Case, rulebook: Rulebook) -> Screening:
        if case.case == "fault":
            raise ZeroDivisionError
        return screen(case, rulebook)

    monkeypatch.setattr("imr_rules.server.tasks.intake.screen", fails_once)
    lines = [json.dumps({**THERAPY, "case": name}) for name in ("a", "fault", "b")]
    answer = local.client.post(
        "/v1/screenings:batch", content="\n".join(lines), headers={"Content-Type": "application/x-ndjson"}
    )
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["status"] for each in found[:-1]] == [201, 500, 201]
    assert found[-1] == {"done": True, "stored": 2, "refused": 1}


def test_lists_go_page_by_page_and_by_filter(running: Running) -> None:
    ids = [running.posted({**THERAPY, "case": f"case-{number}"})["id"] for number in range(5)]
    ids.append(running.posted(examples.CASES["only the request"])["id"])
    seen: list[str] = []
    url: str | None = "/v1/screenings?limit=2"
    while url:
        answer = running.client.get(url)
        seen += [each["id"] for each in answer.json()["screenings"]]
        url = answer.links["next"]["url"] if "next" in answer.links else None
        assert (url is None) == (answer.json()["next"] is None)
    assert seen == ids[::-1]

    def of(**wanted: str) -> list[str]:
        found = running.client.get("/v1/screenings", params=wanted).json()["screenings"]
        return [each["id"] for each in found]

    assert of(case="case-3") == [ids[3]]
    assert of(treatment="physical_therapy") == [ids[5]]
    assert of(suggestion="overturn") == []
    assert of(signed="true") == []
    assert of(signed="false", limit="1") == [ids[5]]
    assert of(since="2999-01-01") == []
    assert of(until="2999-01-01") == ids[::-1]


def test_a_report_is_the_answer_alone(running: Running, rulebook: Rulebook) -> None:
    stored = running.posted(THERAPY)
    url = f"/v1/screenings/{stored['id']}/report"
    assert running.client.get(url).json() == stored["screening"]
    text = running.client.get(url, headers={"Accept": "text/markdown"})
    assert text.headers["content-type"].startswith("text/markdown")
    assert "Supports upholding the denial" in text.text
    assert len(running.client.get(url, params={"format": "markdown", "all": "true"}).text) > len(text.text)


def test_facts_come_in_the_order_a_form_should_ask(local: Running, rulebook: Rulebook) -> None:
    treatment = rulebook.vocabulary.treatments["psychotherapy"]
    answer = local.client.get("/v1/facts", params={"treatment": "psychotherapy"}).json()
    assert [each["name"] for each in answer["facts"]] == [each.name for each in rulebook.facts_for(treatment)]
    missing = local.client.get("/v1/facts", params={"treatment": "psychoterapy"})
    assert missing.status_code == 404
    assert "psychotherapy" in missing.json()["detail"]


def test_rulebooks_are_listed_and_shown(local: Running, rulebook: Rulebook) -> None:
    (only,) = local.client.get("/v1/rulebooks").json()["rulebooks"]
    assert (only["digest"], only["current"]) == (rulebook.digest, True)
    shown = local.client.get(f"/v1/rulebooks/{rulebook.digest}").json()
    assert {each["guideline"] for each in shown["guidelines"]} == set(rulebook.guidelines)
    assert local.client.get(f"/v1/rulebooks/sha256:{'0' * 64}").status_code == 404
