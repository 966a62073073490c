"""Canary names and numbers, planted in every field of a case, turn up in no log, error, metric or trace."""

from __future__ import annotations

import io
import json
import logging
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from imr_rules import Case
from imr_rules.server import logs
from imr_rules.server.api import examples
from tests.server.running import Process, Running, started

CANARIES = ("Zebulon", "Quistgaard", "555-01-9876", "Ferndale", "19711203")
TEXT = "Zebulon Quistgaard, 555-01-9876, of Ferndale, born 19711203"
WORD = "Zebulon-Quistgaard.19711203"
NAME = "zebulon_quistgaard_19711203"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the process logs, as the service writes it."""
    root, ours = logging.getLogger(), logging.getLogger("imr_rules.server")
    before = root.handlers[:], root.level, ours.level
    written = io.StringIO()
    logs.configure(written)
    root.setLevel(logging.DEBUG)  # of other libraries too, whatever they have to say
    yield written
    logging.captureWarnings(False)
    root.handlers[:], root.level, ours.level = before


def planted() -> dict[str, Any]:
    """A case with a canary in every text, word and id it can hold, and in its numbers."""
    case = {**examples.CASES["continued therapy"], "case": WORD, "about": TEXT}
    evidence = {"document": WORD, "page": 97, "place": TEXT}
    (item,) = case["items"]
    case["items"] = [
        {
            **item, "id": WORD, "service": f"Cognitive behavioral therapy for {TEXT}", "evidence": evidence,
            "cited": {"administrator": [{"document": TEXT, "part": TEXT, "section": TEXT}]},
            "findings": {"rationale": {"missing": TEXT}},
        }
    ]  # fmt: skip
    case["documents"] = [{"id": WORD, "kind": "request", "author": TEXT}]
    case["diagnoses"] = [{"text": TEXT, "evidence": evidence}]
    case["surgeries"] = [{"text": TEXT, "evidence": evidence}]
    case["history"] = [
        {"treatment": "psychotherapy", "attended": {"value": 971, "unit": "session"}, "evidence": evidence}
    ]
    case["findings"] = {"ready_to_end": {"undocumented": [TEXT]}}
    case["measurements"] = [{"instrument": WORD, "score": 97, "evidence": evidence}]
    return case


def wrong() -> Iterator[Any]:
    """Bodies with canaries in values that are not valid, one place at a time."""
    case = planted()
    case["measurements"] = []
    for key in case.keys() - {"about"}:  # which may say anything
        yield {**case, key: TEXT}
        yield {**case, key: [TEXT]}
        yield {**case, key: {"value": TEXT}}
    for key in case["items"][0]:
        yield {**case, "items": [{**case["items"][0], key: {TEXT: TEXT}}]}
    yield {**case, "findings": {TEXT: True}}
    yield {**case, TEXT: TEXT}
    yield TEXT


def found_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary.lower() in text.lower()]


def test_no_canary_gets_out(embedded: str, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    with started(embedded) as running:
        client = running.client
        told: list[str] = []
        case = planted()
        assert client.post("/v1/screenings", json=case).status_code == 422  # the instrument
        case["measurements"] = []
        stored = running.posted(case, **{"Idempotency-Key": TEXT, "traceparent": TEXT, "X-Request-Id": TEXT})
        id = stored["id"]
        for body in wrong():
            for url in ("/v1/screenings", "/v1/screenings:validate", f"/v1/screenings/{id}/amendments"):
                answer = client.post(url, json=body)
                assert answer.status_code >= 400, answer.text
                told.append(answer.text)
        told.append(client.post("/v1/screenings", content=f'{{"{TEXT}": ').text)
        told.append(client.post("/v1/screenings", content=json.dumps(TEXT)[:-1]).text)
        signoff = {
            **examples.SIGNOFFS["overrides"],
            "item": WORD,
            "reason": TEXT,
            "reviewer": WORD,
            "specialty": NAME,
        }
        url = f"/v1/screenings/{id}/signoffs"
        told.append(client.post(url, json={**signoff, "position": TEXT}, headers={"If-Match": '"1"'}).text)
        client.post(url, json=signoff, headers={"If-Match": '"1"'})
        for query in (
            f"?case={WORD}",
            f"?case={TEXT}",
            f"?treatment={NAME}",
            f"?limit={TEXT}",
            f"?cursor={TEXT}",
        ):
            client.get("/v1/screenings" + query)
        told += [client.get("/v1/screenings" + f"?limit={TEXT}").text, client.get(f"/v1/{TEXT}").text]
        told.append(client.get(f"/v1/facts?treatment={NAME}").text)
        client.get("/v1/screenings", headers={"Authorization": f"Bearer {TEXT}"})
        client.request("ZEBULON", f"/v1/{TEXT}")
        for part in ("report?format=markdown", "fixture-candidate"):
            client.get(f"/v1/screenings/{id}/{part}")
        client.post(f"/v1/screenings/{id}/replay")

        # What nobody foresaw, with a canary in its words: in a task, and in the database.
        def fails(*_: object, **__: object) -> None:
            raise ValueError(TEXT) from KeyError(TEXT)

        with monkeypatch.context() as patch:
            patch.setattr("imr_rules.server.tasks.intake.screen", fails)
            told.append(client.post("/v1/screenings", json=case).text)
        with monkeypatch.context() as patch:
            patch.setattr("imr_rules.server.store.screenings.insert", fails)
            patch.setattr("imr_rules.server.store.screenings._RECORDS", "not SQL")
            told.append(client.post("/v1/screenings", json=case).text)
        logging.getLogger("uvicorn.error").error("about %s", TEXT)
        logging.getLogger("sqlalchemy").error(TEXT, exc_info=ValueError(TEXT))

        metrics = client.get("/metrics").text
        with running.service.store.reading() as connection:
            audit = str([list(row) for row in connection.exec_driver_sql("SELECT * FROM audit_events")])
    assert len(told) > 100
    assert [each for each in told if found_in(each.replace(NAME, ""))] == []
    assert found_in(metrics) == []
    assert found_in(audit) == []
    assert found_in(logged.getvalue()) == []
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert sum(line.get("event") == "request" for line in lines) > 100
    assert sum(line.get("event") == "fault" for line in lines) >= 2
    known = logs.FIELDS | {"at", "level", "logger", "event", "place"}
    assert {name for line in lines for name in line} <= known


def test_the_canaries_are_in_the_answer_itself(local: Running) -> None:
    case = planted()
    case["measurements"] = []
    assert "Zebulon" in json.dumps(local.posted(case))
    Case.from_data(case)


def test_a_field_that_is_not_on_the_list_is_left_out() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Formatter())
    logger = logging.getLogger("imr_rules.server")
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.INFO)
    try:
        logs.Log().say("request", status=200, patient=TEXT, body=TEXT)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    line = json.loads(written.getvalue())
    assert (line["event"], line["status"]) == ("request", 200)
    assert found_in(written.getvalue()) == []


def test_a_process_of_its_own_writes_no_canary_either(embedded: str, tmp_path: Path) -> None:
    import httpx

    case = planted()
    case["measurements"] = []
    with Process(embedded, log=tmp_path / "log") as service:
        with httpx.Client(base_url=service.url) as client:
            assert client.post("/v1/screenings", json=case).status_code == 201
            assert client.post("/v1/screenings", json={**case, "about": 7}).status_code == 422
            assert client.get(f"/v1/{TEXT}").status_code == 404
        assert service.stop() in (0, -signal.SIGTERM)
    text = (tmp_path / "log").read_text()
    assert text.count('"event": "request"') == 3
    assert found_in(text) == []
